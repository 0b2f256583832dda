"""Exchanges without credentials, and without persons and organisations where that is wanted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, quote, unquote, urlencode

from govgateway_mocks.capture import bodies, nets
from govgateway_mocks.capture.invented import Invented, Kind
from govgateway_mocks.capture.names import names_of
from govgateway_mocks.capture.recording import REMOVED, Answer, Headers, Recorded, Recording, Request, header
from govgateway_mocks.capture.scrubbing import Scrubbing
from govgateway_mocks.capture.traces import has_trace
from govgateway_mocks.capture.values import Values

_KEPT_HEADERS = frozenset(
    {
        "accept", "accept-encoding", "allow", "cache-control", "connection", "content-type", "date", "retry-after",
        "soapaction",
    }
)  # fmt: skip
"""Their values tell of nobody; of all other headers only the names are kept."""

_NOT_KEPT_HEADERS = frozenset({"content-encoding", "content-length", "transfer-encoding"})
"""They speak of the body as it was sent."""

_CREDENTIALS = re.compile(r"authori[sz]ation|cookie|token|secret|key|session|password|username|auth")


class Scrubber:
    """Scrubs the exchanges of one capture of ``agency``; ``persons`` false: cuts nothing but credentials.

    ``invented`` remembers what stands for what, and counts.
    """

    def __init__(self, agency: str, *, persons: bool) -> None:
        names = names_of(agency)
        self.invented = Invented(names.registered)
        self._values = Values(names, self.invented, persons=persons)
        self._scrubbing = Scrubbing(self._values)

    def scrub(self, exchange: Recorded) -> Recorded:
        """``exchange`` as it may be written down."""
        request, answer = self._request(exchange.request), exchange.answer and self._answer(exchange.answer)
        return replace(exchange, request=request, answer=answer)

    def scrub_all(self, exchanges: Sequence[Recorded]) -> tuple[Recorded, ...]:
        """All of them. What is known by a later one is found in an earlier one, too: the first time only teaches."""
        for each in exchanges:
            self.scrub(each)
        self.invented.counts.clear()
        return tuple(self.scrub(each) for each in exchanges)

    def _request(self, request: Request) -> Request:
        headers, body = self._message(request.headers, request.body)
        return replace(request, target=self._target(request.target), headers=headers, body=body)

    def _answer(self, answer: Answer) -> Answer:
        headers, body = self._message(answer.headers, answer.body)
        return replace(answer, headers=headers, body=body)

    def _message(self, headers: Headers, body: bytes) -> tuple[Headers, bytes]:
        content_type, body = self._body(headers, body)
        kept = ((name, self._header(name, value)) for name, value in headers if name not in _NOT_KEPT_HEADERS)
        return tuple((name, content_type if name == "content-type" else value) for name, value in kept), body

    def _body(self, headers: Headers, body: bytes) -> tuple[str, bytes]:
        """Content type and body. What is only known at its end is found at its beginning by the second time; what has
        a trace of anything even then is not kept."""
        content_type = header(headers, "content-type")
        try:
            body = bodies.unpacked(header(headers, "content-encoding"), body)
        except ValueError:
            return content_type, self._values.unreadable()
        for _ in range(2):
            content_type, body = bodies.rewritten(content_type, body, self._scrubbing)
            if not has_trace(body, (*self.invented.originals, *self.invented.secrets)):
                return content_type, body
        return content_type, self._values.unreadable()

    def _header(self, name: str, value: str) -> str:
        if _CREDENTIALS.search(name):
            scheme, space, credentials = value.partition(" ")
            cut = self._values.cut(Kind.CREDENTIAL, credentials or scheme)
            return f"{scheme} {cut}" if space else cut
        if name in _KEPT_HEADERS or not self._values.persons:
            return nets.credentials(value, self.invented)
        return REMOVED

    def _target(self, target: str) -> str:
        path, mark, query = target.partition("?")
        if not self._values.persons:
            segments = path
        else:
            segments = "/".join(quote(self._segment(unquote(each))) for each in path.split("/"))
        fields = parse_qsl(query, keep_blank_values=True)
        return segments + mark + urlencode([(name, self._scrubbing.field(name, value)) for name, value in fields])

    def _segment(self, segment: str) -> str:
        return self._values.harmless(segment)


def scrubbed(recording: Recording) -> tuple[Recording, Invented]:
    """``recording`` without persons and organisations, and what was replaced in it."""
    scrubber = Scrubber(recording.heading.agency, persons=True)
    exchanges = scrubber.scrub_all(recording.exchanges)
    return Recording(replace(recording.heading, scrubbed=True), exchanges), scrubber.invented
