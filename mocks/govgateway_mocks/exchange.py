"""What went over the wire: a request, its answer, and the fault that struck."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

MOST = 1000
MOST_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Exchange:
    """The bytes of one request as far as they were read, those of its answer as they were written, from line to body.

    ``number`` counts from 1; ``at`` is when the request began to come; ``call`` is the operation or path, empty when
    nothing is known of it; ``fault`` is what the wire or the gateway in front of the agency played.
    """

    number: int
    at: datetime
    call: str
    request: bytes = field(repr=False)
    answer: bytes = field(repr=False)
    fault: str | None = None


class Record:
    """The last exchanges, at most MOST of them and MOST_BYTES in all. Safe for any thread."""

    def __init__(self) -> None:
        self._exchanges: deque[Exchange] = deque()
        self._bytes = 0
        self._number = 0
        self._lock = threading.Lock()

    def add(self, at: datetime, call: str, request: bytes, answer: bytes, fault: str | None) -> None:
        """Keep an exchange, and forget the oldest where there are too many."""
        with self._lock:
            self._number += 1
            self._exchanges.append(Exchange(self._number, at, call, request, answer, fault))
            self._bytes += len(request) + len(answer)
            while len(self._exchanges) > MOST or (self._bytes > MOST_BYTES and len(self._exchanges) > 1):
                oldest = self._exchanges.popleft()
                self._bytes -= len(oldest.request) + len(oldest.answer)

    def kept(self) -> list[Exchange]:
        """The oldest first."""
        with self._lock:
            return list(self._exchanges)

    def clear(self) -> None:
        """Forget all, and count from 1 again."""
        with self._lock:
            self._exchanges.clear()
            self._bytes = self._number = 0
