"""The month end: what the books declare goes to the tax office, and the accountant reads what became of it.

with Gateway.open() as gateway:
    for line in MonthEnd(gateway, FileSigner.read(path, password)).close(documents):
        print(line.title, line.filed, *line.said)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from govgateway import FileSigner, Filing, Gateway, GovGatewayError, Status, XmlDocument


@dataclass(frozen=True)
class Line:
    """What the accountant reads about one declaration: its title, the filing once there is one, what was said."""

    title: str
    filing: Filing | None
    said: tuple[str, ...] = ()

    @property
    def filed(self) -> bool:
        """Whether the tax office has accepted it."""
        return self.filing is not None and self.filing.status is Status.ACCEPTED


class MonthEnd:
    """Files declarations with the key of one department.

    It waits so long for each verdict as it has ``patience``; what is open then goes on when it is closed again.
    """

    def __init__(self, gateway: Gateway, signer: FileSigner, patience: timedelta = timedelta(days=1)) -> None:
        self._gateway = gateway
        self._signer = signer
        self._patience = patience

    def close(self, documents: Iterable[XmlDocument]) -> list[Line]:
        """File ``documents`` and wait for their verdicts. Closed again, what was filed is not filed twice."""
        lines = [self._handed_in(each) for each in documents]
        self._gateway.work(until_idle=True)  # all are sent before one is waited for
        return [self._followed(each) for each in lines]

    def _handed_in(self, document: XmlDocument) -> Line:
        try:
            filing = self._gateway.submit(document, self._signer)
        except GovGatewayError as error:
            return Line(self._title(document), None, (error.message.vi, error.remedy.vi))
        return Line(filing.title.vi, filing)

    def _followed(self, line: Line) -> Line:
        if line.filing is None:
            return line
        filing = self._gateway.wait(line.filing.id, timeout=self._patience)
        return Line(line.title, filing, tuple(self._said(filing)))

    def _said(self, filing: Filing) -> Iterable[str]:
        """Why it was refused, or what keeps it."""
        if filing.attention.vi:
            yield filing.attention.vi
        if filing.status is Status.REJECTED:
            for receipt in self._gateway.history(filing.id).receipts:
                yield from (f"{reason.message} {reason.remedy}".strip() for reason in receipt.reasons)

    def _title(self, document: XmlDocument) -> str:
        return self._gateway.examine(document).recognition.title.vi
