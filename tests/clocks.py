"""A clock that tests move by hand: no test waits."""

from __future__ import annotations

from datetime import datetime, timedelta

import keys


class Clock:
    """Stands still until it is moved; ``sleep`` moves it, so whoever sleeps by it waits for nothing."""

    def __init__(self, start: datetime = keys.NOW) -> None:
        self.now = start

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)

    def sleep(self, seconds: float) -> None:
        self.move(seconds=seconds)
