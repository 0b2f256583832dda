"""HTTP/1.1 messages: a request as far as it was read, an answer whole."""

from __future__ import annotations

from dataclasses import dataclass, field

import h11

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass
class HttpRequest:
    """A request as far as it was read: ``raw`` its bytes; ``head`` and ``body`` what they say, ``whole`` all of it."""

    raw: bytearray
    head: h11.Request | None = None
    body: bytearray = field(default_factory=bytearray)
    whole: bool = False

    @property
    def method(self) -> str:
        """The method, once the head is there."""
        return self.head.method.decode("ascii") if self.head else ""

    @property
    def path(self) -> str:
        """The path asked for, without the query."""
        return self.head.target.partition(b"?")[0].decode("latin-1") if self.head else ""

    def end(self, following: int) -> None:
        """It is whole; the last ``following`` bytes that were read belong to the next one."""
        self.whole = True
        del self.raw[len(self.raw) - following :]


@dataclass(frozen=True)
class HttpAnswer:
    """An answer; ``headers`` without those that frame the body."""

    status: int
    reason: str
    headers: Headers
    body: bytes

    def events(self) -> tuple[h11.Response, h11.Data, h11.EndOfMessage]:
        """What h11 sends, the length written out."""
        headers = [*self.headers, (b"Content-Length", b"%d" % len(self.body))]
        response = h11.Response(status_code=self.status, headers=headers, reason=self.reason.encode("latin-1"))
        return response, h11.Data(data=self.body), h11.EndOfMessage()
