"""What the control interface tells, as data: the shapes of openapi.json."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from govgateway.errors import GovGatewayError, Text

if TYPE_CHECKING:
    from collections import Counter

    from govgateway_mocks.agency import Submission
    from govgateway_mocks.exchange import Exchange
    from govgateway_mocks.faults import FaultKind
    from govgateway_mocks.scenarios import Scenario


def text(said: Text) -> dict[str, str]:
    """A text in both languages."""
    return {"vi": said.vi, "en": said.en}


def error(refused: GovGatewayError) -> dict[str, Any]:
    """Why a request was refused, and what to do."""
    said = {"code": refused.code, "message": text(refused.message), "remedy": text(refused.remedy)}
    return {"error": said | {"where": refused.where}}


def kind(fault: FaultKind) -> dict[str, Any]:
    """A kind of fault, with its parameters as they are by default, and what those may be that are chosen."""
    choices = {name: list(each) for name, each in fault.choices.items() if name in fault.parameters}
    said = {"name": fault.name, "layer": fault.layer, "meaning": text(fault.meaning)}
    return said | {"parameters": dict(fault.parameters), "choices": choices}


def scenario(named: Scenario) -> dict[str, Any]:
    """A scenario in short."""
    return {"name": named.name, "title": text(named.title), "story": text(named.story)}


def submission(arrived: Submission) -> dict[str, Any]:
    """A submission without the bytes of its document and its answers, which have addresses of their own."""
    return {
        "reference": arrived.reference,
        "at": arrived.at.isoformat(),
        "key": arrived.key,
        "digest": arrived.digest,
        "title": arrived.title,
        "filer": arrived.filer,
        "state": arrived.state.value,
        "reasons": list(arrived.reasons),
        "answers": [
            {"identifier": each.identifier, "title": text(each.title), "at": each.at.isoformat()}
            for each in arrived.answers
        ],
    }


def arrivals(counted: Counter[tuple[str, str]]) -> list[dict[str, Any]]:
    """How often each document arrived."""
    return [{"key": key, "digest": digest, "count": count} for (key, digest), count in counted.items()]


def exchange(passed: Exchange) -> dict[str, Any]:
    """A request and its answer, byte for byte in base64."""
    return {
        "number": passed.number,
        "at": passed.at.isoformat(),
        "call": passed.call,
        "request": b64encode(passed.request).decode(),
        "answer": b64encode(passed.answer).decode(),
        "fault": passed.fault,
    }
