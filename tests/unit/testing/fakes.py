"""A simulator that only tells what a test says that it got."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from govgateway.connector import BusinessKey, Environment, Status, Text
from govgateway.filing import Filing
from govgateway.testing import START

KEY = "9900000016/879/M 10/2026/C/0"
PASSWORD = "mat-khau-tvan"


@dataclass(frozen=True)
class Sent:
    """An exchange."""

    number: int
    call: str
    request: bytes
    answer: bytes = b""
    fault: str | None = None
    at: Any = START


@dataclass(frozen=True)
class Arrived:
    """A submission."""

    digest: str
    state: str = "accepted"
    key: str = KEY
    reference: str = "00010-1"
    reasons: tuple[str, ...] = ()


@dataclass
class Agency:
    arrived: list[Arrived]
    name: str = "etax"

    @property
    def arrivals(self) -> Counter[tuple[str, str]]:
        return Counter((each.key, each.digest) for each in self.arrived)

    def submissions(self) -> list[Arrived]:
        return self.arrived

    def key_of(self, document: bytes) -> str:
        return next((each.key for each in self.arrived if each.key.encode() in document), "")

    def settings(self, address: str) -> Mapping[str, str]:
        return {"address": address, "username": "tvan", "password": PASSWORD}


@dataclass
class Simulator:
    agency: Agency
    exchanges: list[Sent] = field(default_factory=list)
    address: str = "http://127.0.0.1:1"


def simulator(*arrived: Arrived, exchanges: tuple[Sent, ...] = ()) -> Any:
    return Simulator(Agency(list(arrived)), list(exchanges))


def filing(digest: str) -> Filing:
    """A filing of the example's obligation whose document has that digest."""
    return Filing(
        id="261116-ABCDEF",
        key=BusinessKey("etax", Environment.SIMULATOR, "9900000016", "879", "M 10/2026", "C", 0),
        status=Status.SUBMITTED,
        title=Text("Tờ khai phí", "Fee declaration"),
        file_name="",
        document_sha256=digest,
        content_sha256="c" * 64,
        reference="",
        due_at=None,
        created_at=START,
        updated_at=START,
        correlation_id="",
    )
