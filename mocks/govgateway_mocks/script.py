"""The faults that are armed at one simulator, and which of them strikes a call."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from govgateway.errors import Text, UsageError
from govgateway_mocks.agency import Clock
from govgateway_mocks.armed import Armed, meet
from govgateway_mocks.faults import Fault, FaultKind
from govgateway_mocks.kinds import KINDS
from govgateway_mocks.reading import unfit

REMEMBERED = 1000


class Script:
    """Armed faults, each with its own count of the calls that it watches. Safe for any thread.

    ``kinds`` are the agency's own faults by name; to them come those that every simulator plays (kinds.py). ``calls``
    are its operations and paths, with * and ? for what varies in them: a fault on anything else is refused. ``tls``
    says whether those of TLS can be played. Each of ``watchers`` is called after something was armed or disarmed, in
    the thread that did it, and must not wait for anything.
    """

    def __init__(self, kinds: Mapping[str, FaultKind], clock: Clock, calls: Collection[str] = ("*",)) -> None:
        self._calls = calls
        self.kinds: Mapping[str, FaultKind] = {**KINDS, **kinds}
        self.tls = True
        self.watchers: list[Callable[[], object]] = []
        self._clock = clock
        self._armed: dict[str, Armed] = {}
        self._struck: deque[tuple[str, str]] = deque(maxlen=REMEMBERED)
        self._numbers = 0
        self._lock = threading.Lock()

    def arm(self, fault: Fault) -> str:
        """Arm ``fault``; a short id by which it is disarmed. Raises UsageError for a fault that cannot be played."""
        return self._arm(fault)[0]

    def _arm(self, fault: Fault) -> tuple[str, Armed]:
        armed = Armed(fault, self._kind(fault), self._clock())
        if not any(meet(fault.on, each) for each in self._calls):
            raise unfit("on", ", ".join(self._calls))
        with self._lock:
            self._numbers += 1
            identifier = str(self._numbers)
            self._armed[identifier] = armed
        self._tell()
        return identifier, armed

    def disarm(self, identifier: str) -> None:
        """Disarm it. Raises UsageError for an unknown id."""
        if not self._release(identifier):
            known = ", ".join(self.armed()) or "–"
            raise UsageError(
                Text(f"Không có lỗi số {identifier} đang gài.", f"No fault {identifier} is armed."),
                Text(f"Đang gài: {known}.", f"Armed: {known}."),
                where=identifier,
            )

    def clear(self) -> None:
        """Disarm all, and forget what was played."""
        with self._lock:
            self._armed.clear()
            self._struck.clear()
        self._tell()

    def armed(self) -> Mapping[str, Fault]:
        """What is armed, by id, the oldest first."""
        with self._lock:
            return {identifier: each.fault for identifier, each in self._armed.items()}

    def struck(self) -> list[tuple[str, str]]:
        """(fault id, call) of every fault that was played, the oldest first; no more than the last 1,000."""
        with self._lock:
            return list(self._struck)

    def strike(self, layer: str, call: str, key: str = "") -> Fault | None:
        """Count ``call`` for every armed fault of ``layer`` that watches it; the first one that is due, if any.

        It comes with every parameter of its kind.
        """
        with self._lock:
            now = self._clock()
            watching = [(identifier, each) for identifier, each in self._armed.items() if each.layer == layer]
            due = [(identifier, each) for identifier, each in watching if each.due(call, key, now)]
            for identifier, each in due[:1]:
                each.strike(call, key)
                self._struck.append((identifier, call))
                return each.played
        return None

    def lasting(self, do: str) -> bool:
        """Whether a fault ``do`` that is a state, not an event, is on now."""
        with self._lock:
            now = self._clock()
            return any(each.fault.do == do and each.lasts(now) for each in self._armed.values())

    def holds(self, fault: Fault) -> bool:
        """Whether a fault that ``strike`` gave is still armed."""
        with self._lock:
            return any(each.played is fault for each in self._armed.values())

    def asks_for_key(self, layer: str) -> bool:
        """Whether an armed fault of ``layer`` must be told the business key of a call."""
        with self._lock:
            return any(each.layer == layer and each.fault.when.key for each in self._armed.values())

    @contextmanager
    def playing(self, *faults: Fault) -> Iterator[list[Sequence[str]]]:
        """Arm ``faults`` for the time of a with block; for each the calls that it strikes, as they come."""
        with ExitStack() as stack:
            played: list[Sequence[str]] = []
            for each in faults:
                identifier, armed = self._arm(each)
                stack.callback(self._release, identifier)
                played.append(armed.calls)
            yield played

    def _release(self, identifier: str) -> bool:
        """Disarm it, unless that was done already."""
        with self._lock:
            released = self._armed.pop(identifier, None) is not None
        self._tell()
        return released

    def _kind(self, fault: Fault) -> FaultKind:
        if fault.do not in self.kinds:
            raise unfit("do", ", ".join(sorted(self.kinds)))
        kind = self.kinds[fault.do]
        if kind.tls and not self.tls:
            raise UsageError(
                Text(f"Lỗi {fault.do} chỉ có khi dùng TLS.", f"The fault {fault.do} exists only over TLS."),
                Text("Khởi động bộ mô phỏng với TLS (--tls).", "Start the simulator with TLS (--tls)."),
                where="do",
            )
        return kind

    def _tell(self) -> None:
        for each in list(self.watchers):
            each()
