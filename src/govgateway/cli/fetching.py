"""How the command line asks authorities: over the gateway's own transport, within a total time for each question."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache

from govgateway.errors import Text
from govgateway.signing.asking import FetchFailed
from govgateway.transport.session import HttpRequest, Sent, Transport

_DEADLINE = timedelta(seconds=15)
# What authorities publish is signed and addressed by http (RFC 5280 §8): nobody on the way learns or alters anything.
_OPEN = Transport(connect_timeout=5, read_timeout=10, plain_http=True)
_FAILURES: Mapping[str, Text] = {
    "deadline": Text("trả lời quá chậm", "it answers too slowly"),
    "timeout": Text("không trả lời", "it does not answer"),
    "tls": Text("lỗi TLS", "TLS fails"),
    "too large": Text("trả lời quá lớn", "its answer is too large"),
    "address": Text("địa chỉ không hợp lệ", "the address is not valid"),
}


class Fetcher:
    """Brings what lies at an address (signing.asking.Fetch). A list is fetched once, however many certificates it is
    about; an answer to a question is always a new one."""

    def __init__(self) -> None:
        self._got = cache(lambda address: _OPEN.send(HttpRequest(address, {}, b"", "GET"), _DEADLINE))

    def __call__(self, address: str, body: bytes = b"", content_type: str = "") -> bytes:
        """The body of a successful answer. Raises FetchFailed."""
        if not body:
            return _body(address, self._got(address))
        return _body(address, _OPEN.send(HttpRequest(address, {"Content-Type": content_type}, body), _DEADLINE))


def _body(address: str, sent: Sent) -> bytes:
    answer = sent.answer
    if answer is not None and answer.status == 200:
        return answer.body
    why = _FAILURES.get(sent.failure, Text("không kết nối được", "there is no connection"))
    if answer is not None:
        why = Text(f"máy chủ trả lời HTTP {answer.status}", f"it answers HTTP {answer.status}")
    raise FetchFailed(Text(f"{address}: {why.vi}", f"{address}: {why.en}"))
