"""What the tax office has to say: the first notice of a transaction, and every notice of the account."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from govgateway.connector import AgencyMessage, PollResult
from govgateway_etax.notices import is_reference
from govgateway_etax.service import FILING, RESULTS, NoAnswer, Port, TaxOffice

MOST_NOTICES = 50
"""How many notices of the account one poll fetches; of an account that holds more, several polls read all."""


def poll(office: TaxOffice, reference: str, seen: Collection[str]) -> PollResult:
    """The first notice of the transaction ``reference`` and the account's notices that are not in ``seen``, in the tax
    office's order."""
    messages: list[AgencyMessage] = []
    troubles: list[str] = []
    retry_at: datetime | None = None
    try:
        for question in _questions(office, reference, seen):
            messages += _notices(office, question, troubles)
    except NoAnswer as silent:
        # What was fetched counts; the rest is asked for again.
        troubles.append(silent.detail)
        retry_at = silent.retry_at
    return PollResult(tuple(messages), "; ".join(troubles), retry_at)


@dataclass(frozen=True, slots=True)
class _Question:
    """A question for one notice: what the notice is called, and of which transaction it was asked."""

    port: Port
    operation: str
    arguments: Mapping[str, str]
    identifier: str
    about: str = ""


def _questions(office: TaxOffice, reference: str, seen: Collection[str]) -> Iterator[_Question]:
    if reference and reference not in seen:
        yield _Question(RESULTS, "traKQuaGDich", {"maGDich": reference}, reference, about=reference)
    listed = office.ask(FILING, "getDsachTbao", {}).text or ""
    identifiers = dict.fromkeys(each.strip() for each in listed.split(";"))
    unseen = [each for each in identifiers if is_reference(each) and each not in seen]
    # The newest ones: an account may hold those of years, and what is waited for is not among them.
    for identifier in unseen[-MOST_NOTICES:]:
        yield _Question(FILING, "getTbao", {"idTbao": identifier}, identifier)


def _notices(office: TaxOffice, question: _Question, troubles: list[str]) -> Iterator[AgencyMessage]:
    """The notice asked for, if there is one. One that is refused does not keep the others back."""
    try:
        data = office.ask(question.port, question.operation, question.arguments).attachment
    except NoAnswer as silent:
        if not silent.spoke:
            raise
        troubles.append(silent.detail)
    else:
        if data is not None:
            yield AgencyMessage(question.identifier, data, question.about)
