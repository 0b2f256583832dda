"""What is wrong with an answer of the connector, told to its author beside the truth; empty when nothing is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from govgateway.connector import AgencyMessage, FindResult, Found, Outcome, PollResult, SubmitResult
from govgateway.testing.contract.cases import Case, Effect
from govgateway.testing.contract.desk import Observation
from govgateway.testing.contract.sweeps import Polls, messages_of

UNBELIEVABLE = frozenset({"wrong-key", "altered", "expired-certificate"})
"""What kinds of an agency's faults are called that make its signature one that nobody may believe."""

RETRY_AFTER = timedelta(seconds=2680)
"""What a 429 of the simulators asks for."""

_SHOWN = 12
_ANSWERED = {Effect.NONE, Effect.WHOLE}
_NOT_ANSWERED = {Effect.NOT_CONNECTED, Effect.NO_ANSWER, Effect.TOO_MANY, Effect.REFUSED}


def expect_nothing_wrong(wrong: Iterable[str], promise: str) -> None:
    """Fail, with what is ``wrong`` and the ``promise`` that it breaks, unless there is nothing."""
    told = list(dict.fromkeys(filter(None, wrong)))
    if told:
        more = f"\n… and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
        pytest.fail(f"{promise}\n" + "\n".join(f"- {each}" for each in told[:_SHOWN]) + more, pytrace=False)


def of_send(seen: Observation[SubmitResult]) -> str:
    """What is wrong with how a send was told."""
    if seen.result is None:
        return ""
    judge = {Outcome.NOT_SENT: _of_not_sent, Outcome.ACKNOWLEDGED: _of_acknowledged, Outcome.UNKNOWN: _of_unknown}
    why = judge[seen.result.outcome](seen, seen.result)
    return f"{seen.case}: said {seen.result.outcome}, but {why}. Truth: {seen.truth}." if why else ""


def _of_not_sent(seen: Observation[SubmitResult], _: SubmitResult) -> str:
    if seen.truth.arrived:
        return "the agency has the document: it would be sent again, and arrive twice"
    if seen.case.effect in {Effect.NOT_CONNECTED, Effect.TOO_MANY}:
        return ""
    answered = bool(seen.sends) and seen.sends[-1].sent.answer is not None
    if seen.case.effect in {Effect.REFUSED, Effect.AGENCY} and answered:
        return ""
    if any(each.sent.started for each in seen.sends):
        return "bytes of the request had left on an open connection; only Sent.started False proves that none did"
    return ""


def _of_acknowledged(seen: Observation[SubmitResult], result: SubmitResult) -> str:
    if not result.reference:
        return "without a reference"
    if seen.case.effect in _NOT_ANSWERED:
        return f"no answer of the agency came back ({seen.case.effect.value})"
    if seen.case.effect is Effect.AGENCY:
        answer = seen.sends[-1].sent.answer if seen.sends else None
        told = answer is not None and result.reference.encode() in answer.body
        return "" if told else f"the agency's answer does not name the reference {result.reference}"
    return "" if result.reference in seen.truth.references else f"the reference {result.reference} is not the agency's"


def _of_unknown(seen: Observation[SubmitResult], _: SubmitResult) -> str:
    if seen.case.effect in _ANSWERED | {Effect.NOT_CONNECTED, Effect.TOO_MANY}:
        return f"it could have known: {seen.case.effect.value}"
    return ""


def of_wish(case: Case, wanted: datetime | None, now: datetime) -> str:
    """What is wrong with when to come back after a 429, in an answer that was given ``now``."""
    if case.effect is not Effect.TOO_MANY:
        return ""
    # A time without a zone is another promise's matter.
    told = wanted.replace(tzinfo=now.tzinfo) if wanted and wanted.tzinfo is None else wanted
    expected = now + RETRY_AFTER
    return "" if told == expected else f"{case}: Retry-After asks for {expected}, retry_at says {wanted}"


def of_lookup(seen: Observation[FindResult], *, signed: bool) -> str:
    """What is wrong with a look-up for a document that the agency has. ``signed``: its answers bear a signature."""
    if seen.result is None:
        return ""
    why = _of_lookup(seen, seen.result, signed)
    return (
        f"{seen.case}: said {seen.result.found} ({seen.result.detail}), but {why}. Truth: {seen.truth}." if why else ""
    )


def _of_lookup(seen: Observation[FindResult], result: FindResult, signed: bool) -> str:
    if result.found is Found.ABSENT:
        return "the agency has it: after the quiet period it would be sent again, and arrive twice"
    if result.found is Found.CANNOT_TELL:
        return f"it could have told: {seen.case.effect.value}" if seen.case.effect in _ANSWERED else ""
    if result.reference not in seen.truth.references:
        return f"the reference {result.reference!r} is not the agency's"
    if seen.case.effect in _NOT_ANSWERED:
        return f"no answer of the agency came back ({seen.case.effect.value})"
    if signed and seen.case.kind in UNBELIEVABLE:
        return "the signature of the agency's answer is not to be believed"
    return ""


def of_poll(seen: Observation[PollResult], polls: Polls) -> Iterator[str]:
    """What is wrong with the messages of a poll under a fault of the wire."""
    for each in messages_of(seen):
        true = polls.messages.get(each.identifier)
        if true is None:
            yield f"{seen.case}: a message {each.identifier!r} that the agency never gave"
        elif true.data != each.data:
            yield f"{seen.case}: the message {each.identifier!r} is not what the agency gave, byte for byte"


def of_next_poll(before: Observation[PollResult], after: Observation[PollResult], polls: Polls) -> Iterator[str]:
    """What is wrong with a poll that follows a disturbed one and is told what that one got."""
    if before.error or after.error:
        return
    got, then = _identifiers(messages_of(before)), _identifiers(messages_of(after))
    if lost := set(polls.messages) - set(got) - set(then):
        yield f"{before.case}: never given, neither then nor by the next poll: {', '.join(sorted(lost))}"
    if repeated := set(got) & set(then):
        yield f"{before.case}: fetched again although they were in ``seen``: {', '.join(sorted(repeated))}"


def _identifiers(messages: Iterable[AgencyMessage]) -> list[str]:
    return [each.identifier for each in messages]


def naive_times(value: Any, where: str) -> Iterator[str]:
    """Every datetime in ``value``, whatever it holds, that has no time zone."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            yield f"{where} = {value} has no time zone"
    elif isinstance(value, tuple | list):
        for number, each in enumerate(value):
            yield from naive_times(each, f"{where}[{number}]")
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from naive_times(getattr(value, name), f"{where}.{name}")
