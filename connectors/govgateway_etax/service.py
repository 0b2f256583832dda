"""The tax office's two SOAP services, as one route reaches them. What is fact and what assumption: docs/agencies/etax.md."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from govgateway.connector import (
    AgencyMessage,
    Attachment,
    Exchange,
    Outcome,
    PollResult,
    Route,
    SoapAnswer,
    SoapFault,
    SoapRequest,
    SoapService,
    SubmitResult,
    Text,
    UnreadableAnswer,
    read_answer,
)
from govgateway_etax.catalogue import FOLDER
from govgateway_etax.declaration import Header


@dataclass(frozen=True, slots=True)
class Port:
    """One service: the name of its port below the route's address, and its description."""

    name: str
    wsdl: Path


FILING = Port("NhanHSoThueServicePort", FOLDER / "wsdl" / "NhanHSoThueService.wsdl")
RESULTS = Port("KQuaGDichServicePort", FOLDER / "wsdl" / "KQuaGDichService.wsdl")

SEND_DEADLINE = timedelta(seconds=120)
ASK_DEADLINE = timedelta(seconds=60)
_TOO_MANY_REQUESTS = 429
_CONTENT_ID = "tkhai.xml"

# Faults that say the declaration was not taken: no attachment found (observed), credentials refused, a body that the
# service's own schema refuses (both assumed). Of any other fault nobody knows at which point it was raised.
_NOT_TAKEN = {
    "FailedAuthentication": Text(
        "Cơ quan thuế không chấp nhận tài khoản kết nối.", "The tax office refused the account of the connection."
    ),
    "Client": Text("Cơ quan thuế không chấp nhận yêu cầu gửi.", "The tax office refused the request."),
}
_NO_ATTACHMENT = "no attachment for the content ID"


class NoAnswer(Exception):
    """A question got no believable answer. ``args[0]`` says why, for the log."""

    def __init__(self, detail: str, retry_at: datetime | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_at = retry_at


class TaxOffice:
    """The services over one route. No method raises for what the wire or the tax office does, except NoAnswer."""

    def __init__(self, route: Route) -> None:
        self._route = route

    def submit(self, document: bytes, header: Header) -> SubmitResult:
        """Send ``document`` once; ACKNOWLEDGED carries the transaction code (maGDich)."""
        operation, arguments = self._submission(header)
        request = self._request(FILING, operation, arguments, Attachment(_CONTENT_ID, document))
        sent = self._route.transport.send(request.http, SEND_DEADLINE)
        exchange = Exchange(
            operation,
            request.redacted,
            sent.answer.body if sent.answer else b"",
            sent.answer.status if sent.answer else None,
        )
        if sent.answer is None:
            outcome = Outcome.UNKNOWN if sent.started else Outcome.NOT_SENT
            return SubmitResult(outcome, sent.failure, exchange=exchange)
        if sent.answer.status == _TOO_MANY_REQUESTS:
            retry_at = self._retry_at(sent.answer.headers)
            return SubmitResult(Outcome.NOT_SENT, "HTTP 429", retry_at=retry_at, exchange=exchange)
        try:
            answer = read_answer(sent.answer, FILING.wsdl, operation)
        except SoapFault as fault:
            return _faulted(fault, exchange)
        except UnreadableAnswer as unreadable:
            return SubmitResult(Outcome.UNKNOWN, str(unreadable), exchange=exchange)
        if not answer.text:
            return SubmitResult(Outcome.UNKNOWN, "no transaction code", exchange=exchange)
        return SubmitResult(Outcome.ACKNOWLEDGED, "", reference=answer.text, exchange=exchange)

    def _submission(self, header: Header) -> tuple[str, Mapping[str, str]]:
        attachment = f"cid:{_CONTENT_ID}"
        if self._route.settings.get("operation") == "nhanToKhaiThue":
            return "nhanToKhaiThue", {"lanNop": header.soLan, "dlieuHSo": attachment}
        return "nhanHSoXML", {
            "tIN": header.mst,
            "maTKhai": header.maTKhai,
            "loaiTKhai": header.loaiTKhai,
            "kyKKhai": header.kyKKhai,
            "dlieuHSo": attachment,
        }

    def poll(self, reference: str, seen: Collection[str]) -> PollResult:
        """The first notice of the transaction and every notice of the account that is not in ``seen``."""
        messages: list[AgencyMessage] = []
        try:
            if reference and reference not in seen:
                notice = self.ask(RESULTS, "traKQuaGDich", {"maGDich": reference}).attachment
                messages += [AgencyMessage(reference, notice, about=reference)] if notice is not None else []
            listed = self.ask(FILING, "getDsachTbao", {}).text or ""
            for identifier in (each.strip() for each in listed.split(";")):
                if identifier and identifier not in seen:
                    notice = self.ask(FILING, "getTbao", {"idTbao": identifier}).attachment
                    messages += [AgencyMessage(identifier, notice)] if notice is not None else []
        except NoAnswer as silent:
            # What was fetched counts; the rest is asked for again.
            return PollResult(tuple(messages), silent.detail, silent.retry_at)
        return PollResult(tuple(messages))

    def day_results(self, days: Iterable[str]) -> Iterable[bytes]:
        """The signed result (a notice 211) of each of ``days`` (dd/MM/yyyy). Raises NoAnswer."""
        for day in days:
            result = self.ask(RESULTS, "traKQuaPhienGDich", {"ngayGDich": day}).attachment
            if result is not None:
                yield result

    def ask(self, port: Port, operation: str, arguments: Mapping[str, str]) -> SoapAnswer:
        """Ask a question that changes nothing at the tax office. Raises NoAnswer."""
        sent = self._route.transport.send(self._request(port, operation, arguments, None).http, ASK_DEADLINE)
        if sent.answer is None:
            raise NoAnswer(f"{operation}: {sent.failure}")
        if sent.answer.status == _TOO_MANY_REQUESTS:
            raise NoAnswer(f"{operation}: HTTP 429", self._retry_at(sent.answer.headers))
        try:
            return read_answer(sent.answer, port.wsdl, operation)
        except (SoapFault, UnreadableAnswer) as refused:
            raise NoAnswer(f"{operation}: {refused}") from None

    def _request(
        self, port: Port, operation: str, arguments: Mapping[str, str], attachment: Attachment | None
    ) -> SoapRequest:
        return SoapService(port.wsdl, f"{self._route.address}/{port.name}").request(
            operation,
            arguments,
            username=self._route.username,
            password=self._route.password.value,
            attachment=attachment,
        )

    def _retry_at(self, headers: Mapping[str, str]) -> datetime | None:
        """When the tax office wants to be asked again: Retry-After in seconds or as a date."""
        value = headers.get("retry-after", "")
        if value.isdecimal():
            return self._route.clock() + timedelta(seconds=int(value))
        try:
            return parsedate_to_datetime(value)
        except ValueError:
            return None


def _faulted(fault: SoapFault, exchange: Exchange) -> SubmitResult:
    refusal = _NOT_TAKEN.get(fault.code)
    if _NO_ATTACHMENT in fault.text:
        refusal = Text("Cơ quan thuế không nhận được tệp đính kèm.", "The tax office did not get the attachment.")
    outcome = Outcome.UNKNOWN if refusal is None else Outcome.NOT_SENT
    return SubmitResult(outcome, f"fault {fault.code}: {fault.text}", refusal=refusal, exchange=exchange)
