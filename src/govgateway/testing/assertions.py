"""Assertions about filings whose failures say what happened: what arrived, what went over the wire, what was kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from govgateway.errors import AnswerRefused, UnknownFiling, UnreadableDocument
from govgateway.filing import Event, Filing, Status
from govgateway.ledger.ledger import Ledger
from govgateway.ledger.records import StoredMessage
from govgateway.pipeline.gateway import Gateway, now
from govgateway.signing.trust import TrustStore
from govgateway.testing.exchanges import in_vietnam, transcript
from govgateway.testing.simulators import RunningSimulator, Submission

_VERDICTS = frozenset({Status.ACCEPTED, Status.REJECTED})


def assert_accepted(filing: Filing, simulator: RunningSimulator) -> None:
    """The agency has accepted ``filing``, as it was given: ``wait`` gives one that has gone as far as it goes."""
    __tracebackhide__ = True
    if filing.status is not Status.ACCEPTED:
        said = [f"{_named(filing)} is {filing.status}, not {Status.ACCEPTED}: {filing.attention.en}".rstrip(": ")]
        own = [each for each in simulator.agency.submissions() if each.digest == filing.document_sha256]
        said += [f"{simulator.agency.name} has it as {_judged(each)}" for each in own]
        raise AssertionError(_with_wire(said, filing, simulator))


def assert_arrived_once(filing: Filing, simulator: RunningSimulator) -> None:
    """The exact document of ``filing`` arrived at ``simulator`` once, and its obligation in no other document.

    Another document of the obligation is right only where the earlier one was refused: the later takes its place.
    """
    __tracebackhide__ = True
    times = _arrivals(filing, simulator)
    others = list(_beside(filing, simulator.agency.submissions()))
    if times == 1 and not others:
        return
    said = [] if times == 1 else [_how_often(filing, times, simulator)]
    said += [f"its obligation {each.key} arrived in another document, too: {_brief(each)}" for each in others]
    raise AssertionError(_with_wire(said, filing, simulator))


def assert_never_arrived(filing: Filing, simulator: RunningSimulator) -> None:
    """No complete document of ``filing`` arrived at ``simulator``."""
    __tracebackhide__ = True
    times = _arrivals(filing, simulator)
    if times:
        raise AssertionError(_with_wire([_how_often(filing, times, simulator)], filing, simulator))


def _arrivals(filing: Filing, simulator: RunningSimulator) -> int:
    counts = simulator.agency.arrivals.items()
    return sum(count for (_, digest), count in counts if digest == filing.document_sha256)


def _beside(filing: Filing, submissions: Iterable[Submission]) -> Iterator[Submission]:
    """The other documents of the obligation of ``filing`` that are there beside it, not in its place."""
    arrived = list(submissions)
    own = next((each for each in arrived if each.digest == filing.document_sha256), None)
    if own is None or not own.key:
        return
    for each in arrived:
        if each.key == own.key and each.digest != own.digest:
            earlier = min(own, each, key=arrived.index)
            if earlier.state != "refused":
                yield each


def _how_often(filing: Filing, times: int, simulator: RunningSimulator) -> str:
    count = {0: "never arrived", 1: "arrived"}.get(times, f"arrived {times} times")
    return f"the document of {_named(filing)} {count} at {simulator.agency.name}"


def _named(filing: Filing) -> str:
    return f"filing {filing.id} ({filing.key.form} {filing.key.period}, {filing.document_sha256[:12]}…)"


def _brief(submission: Submission) -> str:
    return f"{submission.digest[:12]}… as {submission.reference or '–'} ({submission.state})"


def _judged(submission: Submission) -> str:
    return "; ".join([f"{submission.reference or '–'} ({submission.state})", *submission.reasons])


def _with_wire(said: Iterable[str], filing: Filing, simulator: RunningSimulator) -> str:
    return "\n".join([*said, "", "what went over the wire:", transcript(simulator, filing)])


def assert_evidence_complete(filing: Filing, gateway: Gateway) -> None:
    """``gateway`` has everything that proves ``filing``, as it is by now, and all of it still says the same.

    That is: the document, every attempt with what was sent and answered, an unbroken log, and the agency's verdict,
    whose signatures are verified anew.
    """
    __tracebackhide__ = True
    with Ledger(gateway.configuration.ledger, now) as ledger:
        present = ledger.filing(filing.id)
        missing = [*_missing_of_document(present, ledger), *_missing_of_verdict(present, ledger, gateway)]
        if missing:
            said = [f"the evidence of filing {present.id} ({present.status}) is not complete:"]
            log = map(_logged, ledger.events(present.id))
            raise AssertionError("\n".join([*said, *(f"  - {each}" for each in missing), "", "its log:", *log]))


def _missing_of_document(filing: Filing, ledger: Ledger) -> Iterator[str]:
    """What is wrong with the document, the log and the attempts."""
    if not ledger.chain_holds(filing.id):
        yield "the log is broken: an entry was changed, added or taken out"
    for digest, what in _kept(filing, ledger).items():
        yield from _unlike(digest, what, ledger)
    for each in ledger.attempts(filing.id):
        if each.outcome is None:
            yield f"attempt {each.number} has no outcome: it is not known what became of it"
        if each.document_sha256 != filing.document_sha256:
            yield f"attempt {each.number} sent another document: {each.document_sha256[:12]}…"


def _kept(filing: Filing, ledger: Ledger) -> Mapping[str, str]:
    """Everything that has to be kept, by digest: the document, and what the log and the messages name."""
    named = {filing.document_sha256: "the document"}
    for event in ledger.events(filing.id):
        number = event.facts.get("attempt", "")
        for what in ("request", "answer"):
            named[str(event.facts.get(what, ""))] = f"the {what} of attempt {number}"
        evidence = event.facts.get("evidence", ())
        named |= {str(each): f"the answer to the look-up in entry {event.sequence}" for each in _listed(evidence)}
    named |= {each.sha256: f"the agency's message {each.identifier}" for each in ledger.messages(filing.id)}
    named.pop("", None)
    return named


def _listed(value: object) -> Iterable[object]:
    return value if isinstance(value, list | tuple) else ()


def _unlike(digest: str, what: str, ledger: Ledger) -> Iterator[str]:
    try:
        data = ledger.blob(digest)
    except UnknownFiling:
        yield f"{what} is not kept ({digest[:12]}…)"
        return
    if hashlib.sha256(data).hexdigest() != digest:
        yield f"{what} is not what it was: its digest was {digest[:12]}…"


def _missing_of_verdict(filing: Filing, ledger: Ledger, gateway: Gateway) -> Iterator[str]:
    """What is wrong with the agency's messages, each read and verified anew."""
    if filing.status not in _VERDICTS:
        yield f"the agency has given no verdict yet: the filing is {filing.status}"
        return
    messages = ledger.messages(filing.id)
    if not any(each.receipt and each.receipt.leads_to is filing.status for each in messages):
        yield f"no message of the agency says {filing.status}"
    for each in messages:
        yield from _doubts(each, filing, ledger, gateway)


def _doubts(message: StoredMessage, filing: Filing, ledger: Ledger, gateway: Gateway) -> Iterator[str]:
    agency = filing.key.agency
    path = gateway.configuration.trust(agency, filing.key.environment)
    trust = TrustStore.from_pem(path.read_bytes()) if path else TrustStore.empty()
    try:
        gateway.connector(agency).read_message(ledger.blob(message.sha256), trust, message.received_at)
    except (AnswerRefused, UnreadableDocument) as error:
        yield f"the agency's message {message.identifier} is not to be believed: {error.message.en}"
    except UnknownFiling:
        return  # that it is not kept was said already


def _logged(event: Event) -> str:
    detail = event.facts.get("detail", "")
    outcome = event.facts.get("outcome", "")
    return (
        f"  {event.sequence:>3}  {in_vietnam(event.at)}  {event.status:<15}  {event.kind}  {outcome} {detail}".rstrip()
    )
