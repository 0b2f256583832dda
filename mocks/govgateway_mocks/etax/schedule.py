"""When the simulated tax office does what with a declaration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from govgateway_mocks.etax.journal import Record


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the office does what with a declaration that came at ``arrived``.

    ``taken`` it shows it; ``received`` it answers with the first notice, ``decided`` with the second (the other way
    round when ``reordered``). Every time that it writes is off by ``skew``.
    """

    arrived: datetime
    taken: datetime
    received: datetime
    decided: datetime
    skew: timedelta = timedelta(0)
    reordered: bool = False

    def record(self) -> dict[str, Any]:
        """What the journal keeps of it."""
        times = {name: getattr(self, name).isoformat() for name in ("arrived", "taken", "received", "decided")}
        return {**times, "skew": self.skew.total_seconds(), "reordered": self.reordered}

    @classmethod
    def from_record(cls, record: Record) -> Schedule:
        """The schedule of ``record``. Raises as ``Notice.from_record``."""
        times = {name: datetime.fromisoformat(record[name]) for name in ("arrived", "taken", "received", "decided")}
        return cls(**times, skew=timedelta(seconds=record["skew"]), reordered=record["reordered"])
