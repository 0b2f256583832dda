"""The harbour office's service: three calls, and what their answers prove."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from govgateway.connector import (
    AgencyMessage,
    Exchange,
    HttpAnswer,
    HttpRequest,
    Outcome,
    PollResult,
    Route,
    Sent,
    SubmitResult,
    Text,
)

DEADLINE = timedelta(seconds=60)
CREATED, UNAUTHORISED, TOO_MANY_REQUESTS = 201, 401, 429
_OK = 200
_NO_ACCOUNT = Text("Cảng vụ không chấp nhận tài khoản kết nối.", "The harbour office refused the account.")


def submit(document: bytes, route: Route) -> SubmitResult:
    """Send ``document`` once. Acknowledged is what the office has by its digest, under a number."""
    sent = _send(route, "declarations", "application/xml", document)
    exchange = _kept("declarations", document, sent)
    if sent.answer is None:
        outcome = Outcome.UNKNOWN if sent.started else Outcome.NOT_SENT
        return SubmitResult(outcome, sent.failure, exchange=exchange)
    status = sent.answer.status
    if status == TOO_MANY_REQUESTS:
        retry_at = _retry_at(sent.answer, route.clock())
        return SubmitResult(Outcome.NOT_SENT, "HTTP 429", retry_at=retry_at, exchange=exchange)
    if status == UNAUTHORISED:
        return SubmitResult(Outcome.NOT_SENT, "HTTP 401", refusal=_NO_ACCOUNT, exchange=exchange)
    told = _json(sent.answer, CREATED)
    number = told.get("number")
    if told.get("sha256") != digest(document) or not is_number(number):
        return SubmitResult(Outcome.UNKNOWN, f"HTTP {status}: no number for this document", exchange=exchange)
    return SubmitResult(Outcome.ACKNOWLEDGED, "", reference=str(number), exchange=exchange)


def search(document: bytes, route: Route) -> bytes | None:
    """The office's signed register of what it has with the digest of ``document``; None when it gave no answer."""
    wanted = json.dumps({"sha256": digest(document)}).encode()
    answer = _send(route, "search", "application/json", wanted).answer
    return answer.body if answer is not None and answer.status == _OK else None


def messages(reference: str, seen: Collection[str], route: Route) -> PollResult:
    """The messages about ``reference`` that are not in ``seen``."""
    sent = _send(route, "messages", "application/json", json.dumps({"number": reference}).encode())
    if sent.answer is None:
        return PollResult((), sent.failure)
    if sent.answer.status == TOO_MANY_REQUESTS:
        return PollResult((), "HTTP 429", _retry_at(sent.answer, route.clock()))
    listed = _json(sent.answer, _OK).get("messages")
    if not isinstance(listed, list):
        return PollResult((), f"HTTP {sent.answer.status}: no list of messages")
    return PollResult(tuple(each for each in _messages(listed, reference) if each.identifier not in seen))


def digest(document: bytes) -> str:
    """By which the office knows a document."""
    return sha256(document).hexdigest()


def is_number(number: object) -> bool:
    """Whether ``number`` can be what the office calls a declaration."""
    return isinstance(number, str) and number.startswith("HB-") and number[3:].isdigit() and len(number) == 9


def _send(route: Route, call: str, content_type: str, body: bytes) -> Sent:
    account = b64encode(f"{route.username}:{route.password.value}".encode()).decode()
    headers = {"Content-Type": content_type, "Authorization": f"Basic {account}"}
    return route.transport.send(HttpRequest(f"{route.address}/{call}", headers, body), DEADLINE)


def _kept(call: str, body: bytes, sent: Sent) -> Exchange:
    """The exchange as evidence: the account stands in a header, which is not kept."""
    answer = sent.answer
    return Exchange(call, body, answer.body if answer else b"", answer.status if answer else None)


def _json(answer: HttpAnswer, status: int) -> dict[str, Any]:
    """The object in an answer with ``status``; empty for any other answer. What is cut off is no JSON."""
    if answer.status != status:
        return {}
    try:
        told = json.loads(answer.body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _messages(listed: list[Any], reference: str) -> Iterator[AgencyMessage]:
    for each in listed:
        try:
            identifier, data = str(each["id"]), b64decode(each["data"], validate=True)
        except (KeyError, TypeError, ValueError):
            continue
        yield AgencyMessage(identifier, data, about=reference)


def _retry_at(answer: HttpAnswer, now: datetime) -> datetime | None:
    """Retry-After in seconds from ``now``."""
    value = answer.headers.get("retry-after", "")
    return now + timedelta(seconds=int(value)) if value.isascii() and value.isdigit() and len(value) < 9 else None
