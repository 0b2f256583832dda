"""A clock that a test moves by hand. Who waits by it waits for nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 16, 3, 0, tzinfo=UTC)
"""When tests begin unless they say otherwise: 10:00 in Viet Nam, in the month after the period of the samples."""


class MovingClock:
    """Stands still at ``now`` (aware) until it is moved. Any thread may read it; the test is to move it.

    Each of ``watchers`` is called after every move.
    """

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self.watchers: list[Callable[[], object]] = []

    def __call__(self) -> datetime:
        """The present moment."""
        return self._now

    @property
    def now(self) -> datetime:
        """The present moment; to set it moves the clock."""
        return self._now

    @now.setter
    def now(self, moment: datetime) -> None:
        self._now = moment
        for each in self.watchers:
            each()

    def advance(self, **by: float) -> datetime:
        """Let time pass: ``advance(hours=2)`` takes what ``timedelta`` takes. The moment that it is now."""
        self.now += timedelta(**by)
        return self.now

    def sleep(self, seconds: float) -> None:
        """What a gateway waits by: time passes, and nobody waits."""
        self.advance(seconds=seconds)
