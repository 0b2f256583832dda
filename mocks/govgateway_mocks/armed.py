"""One armed fault: which calls it watches, how it counts them, and when it is due."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from random import Random

from govgateway_mocks.faults import CONDITIONS, Counted, Fault, FaultKind, When
from govgateway_mocks.reading import unfit

CONNECTION = "connection"
"""The layer of what strikes before there is a request."""

POSSIBLE: Mapping[Counted, tuple[str, ...]] = {
    Counted.REQUEST: CONDITIONS,
    Counted.CONNECTION: tuple(name for name in CONDITIONS if name != "key"),
    Counted.NOTHING: ("after", "until"),
}
"""The conditions that can be counted, by what is counted."""


class Armed:
    """``fault`` as it was armed at ``since``; ``played`` is the same with every parameter of its kind, ``calls``
    are those that it struck.

    With a key among its conditions it counts for each key on its own. Raises UsageError for conditions that cannot be
    counted, and for calls at which the kind is never played. Not safe for threads by itself.
    """

    def __init__(self, fault: Fault, kind: FaultKind, since: datetime) -> None:
        self.fault = fault
        self.played = fault.played_as(kind)
        self.calls: list[str] = []
        counted = _counted(self.played, kind)
        _refuse_what_cannot_be_counted(fault, counted)
        if not any(meet(fault.on, each) for each in kind.means):
            raise unfit("on", ", ".join(kind.means))
        self.layer = {Counted.REQUEST: kind.layer, Counted.CONNECTION: CONNECTION, Counted.NOTHING: ""}[counted]
        self._means = kind.means
        self._since = since
        self._seen: Counter[str] = Counter()
        self._struck: Counter[str] = Counter()
        self._rate = _Rate(self.played) if "calls" in kind.parameters else None
        self._random = Random(fault.when.seed)  # noqa: S311  # no secret comes of it

    def due(self, call: str, key: str, now: datetime) -> bool:
        """Count the call if the fault watches it; whether it is to strike."""
        when = self.fault.when
        watched = matches(self.fault.on, call) and any(matches(each, call) for each in self._means)
        if not (watched and _keyed(when, key) and self.lasts(now)):
            return False
        counter = _counter(when, key)
        self._seen[counter] += 1
        lucky = self._random.random() < when.probability
        chosen = lucky and _chosen(when, self._seen[counter], self._struck[counter])
        return chosen and (self._rate is None or self._rate.exceeded(now))

    def strike(self, call: str, key: str) -> None:
        """Count that it struck."""
        self.calls.append(call)
        self._struck[_counter(self.fault.when, key)] += 1

    def lasts(self, now: datetime) -> bool:
        """Whether ``now`` lies between ``after`` and ``until``."""
        when, passed = self.fault.when, (now - self._since).total_seconds()
        return when.after <= passed and not (when.until and passed >= when.until)


class _Rate:
    """So many ``calls`` are let pass in so many ``minutes``; those that are struck do not count."""

    def __init__(self, fault: Fault) -> None:
        self._calls = int(fault.parameters["calls"])
        self._span = timedelta(minutes=float(fault.parameters["minutes"]))
        self._passed: deque[datetime] = deque()

    def exceeded(self, now: datetime) -> bool:
        """Whether a call at ``now`` is one too many; else it has passed."""
        while self._passed and self._passed[0] <= now - self._span:
            self._passed.popleft()
        if len(self._passed) >= self._calls:
            return True
        self._passed.append(now)
        return False


def matches(pattern: str, text: str) -> bool:
    """Whether ``text`` is what ``pattern`` names; * and ? stand for anything, and nothing else does."""
    return _compiled(pattern).fullmatch(text) is not None


def meet(one: str, other: str) -> bool:
    """Whether some text is named by both patterns."""
    # met[n]: some text is named by what was read of one, and by the first n signs of other
    met = [not other[:n].strip("*") for n in range(len(other) + 1)]
    for sign in one:
        before, met = met, [sign == "*" and met[0]]
        for n, there in enumerate(other, start=1):
            alike = before[n - 1] and (sign == there or "?" in (sign, there))
            met.append(alike or ("*" in (sign, there) and (before[n] or met[n - 1])))
    return met[-1]


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


def _keyed(when: When, key: str) -> bool:
    return not when.key or (bool(key) and matches(when.key, key))


def _counter(when: When, key: str) -> str:
    return key if when.key else ""


def _chosen(when: When, number: int, struck: int) -> bool:
    """Whether the call with this number is to be struck, ``struck`` of those before having been."""
    if when.nth and number not in when.nth:
        return False
    if when.every and number % when.every:
        return False
    return not when.times or struck < when.times


def _counted(played: Fault, kind: FaultKind) -> Counted:
    """What strikes at accept has no request yet."""
    return Counted.CONNECTION if played.parameters.get("at") == "accept" else kind.counted


def _refuse_what_cannot_be_counted(fault: Fault, by: Counted) -> None:
    """Before there is a request nothing is known of it; a state is counted by nothing but time."""
    if by is Counted.REQUEST:
        return
    if fault.on != "*":
        raise unfit("on", "*")
    for name in fault.told().get("when", {}):
        if name not in POSSIBLE[by]:
            raise unfit(f"when.{name}", ", ".join(sorted(POSSIBLE[by])))
