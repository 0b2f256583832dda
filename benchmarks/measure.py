"""Measuring two things side by side: interleaved, so that whatever else the machine does falls on both."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

Work = Callable[[], object]


@dataclass(frozen=True)
class Measurement:
    """A thing measured against its floor, both as medians in seconds. ``target`` is the largest ratio allowed,
    None where none is set."""

    name: str
    floor_name: str
    measured: float
    floor: float
    target: float | None

    @property
    def ratio(self) -> float:
        return self.measured / self.floor

    @property
    def met(self) -> bool:
        return self.target is None or self.ratio <= self.target

    def __str__(self) -> str:
        verdict = "    " if self.target is None else "ok  " if self.met else "MISS"
        limit = "" if self.target is None else f" (at most {self.target:g})"
        figures = f"{1000 * self.measured:9.2f} ms / {1000 * self.floor:8.2f} ms = {self.ratio:5.2f}"
        return f"{verdict} {self.name:<30} {figures}{limit}  floor: {self.floor_name}"


def side_by_side(
    name: str, work: Work, floor_name: str, floor: Work, *, target: float | None, rounds: int, floor_repeats: int = 1
) -> Measurement:
    """``work`` and ``floor`` in turn, ``rounds`` times after one that does not count.

    ``floor_repeats``: how often a quick floor is done for one timing, its time divided by that.
    """
    medians = interleaved({name: (work, 1), floor_name: (floor, floor_repeats)}, rounds)
    return Measurement(name, floor_name, medians[name], medians[floor_name], target)


def interleaved(works: Mapping[str, tuple[Work, int]], rounds: int) -> Mapping[str, float]:
    """The median seconds of each work by name, all done in turn ``rounds`` times after one that does not count. Beside
    each stands how often it is done for one timing."""
    for work, _ in works.values():
        work()
    times: Mapping[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, (work, repeats) in works.items():
            times[name].append(_seconds(work, repeats))
    return {name: median(each) for name, each in times.items()}


def _seconds(work: Work, repeats: int) -> float:
    start = time.perf_counter()
    for _ in range(repeats):
        work()
    return (time.perf_counter() - start) / repeats
