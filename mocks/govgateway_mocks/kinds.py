"""The faults that every simulator plays: on the wire, and by a gateway (HTTP) in front of the agency."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from govgateway.errors import Text
from govgateway_mocks.faults import Counted, FaultKind, Parameter

RETRY_AFTER = 2680
"""Seconds that a 429 asks for, as observed."""

_OF = ("answer", "head", "body")


def _wire(name: str, vi: str, en: str, **parameters: Parameter) -> FaultKind:
    """A kind that ends a request or an answer somewhere within it."""
    choices = {"at": ("accept", "request", "answer"), "of": _OF, "length": ("kept", "dropped")}
    return FaultKind(name, "wire", Text(vi, en), MappingProxyType(parameters), choices, {"bytes": (-1, None)})


def _http(name: str, vi: str, en: str, codes: tuple[int, int] = (200, 599), **parameters: Parameter) -> FaultKind:
    limits = {"code": codes, "bytes": (0, None), "retry_after": (-1, None)}
    return FaultKind(name, "http", Text(vi, en), MappingProxyType(parameters), MappingProxyType({}), limits)


_AT: Mapping[str, Parameter] = {"at": "answer", "bytes": 0, "of": "answer"}

KINDS: Mapping[str, FaultKind] = {
    each.name: each
    for each in (
        FaultKind(
            "refused",
            "wire",
            Text(
                "Cổng không mở: kết nối bị từ chối suốt thời gian gài lỗi.",
                "Nobody listens: connections are refused for as long as it is armed.",
            ),
            counted=Counted.NOTHING,
        ),
        _wire(
            "reset",
            "Kết nối bị ngắt (RST): ngay khi kết nối, hoặc sau bytes byte của yêu cầu hay câu trả lời (-1: hết).",
            "The connection is reset (RST): at accept, or after so many bytes of the request or the answer (-1: all).",
            **_AT,
        ),
        _wire(
            "close",
            "Kết nối bị đóng (FIN) ở đúng các chỗ như reset; length: có giữ Content-Length trong phần đã gửi không.",
            "The connection is closed (FIN), where reset resets it; length: whether the Content-Length is kept.",
            **_AT,
            length="kept",
        ),
        _wire(
            "hang",
            "Kết nối vẫn mở nhưng im lặng, từ đúng các chỗ như reset.",
            "Silence on an open connection, from where reset resets it.",
            **_AT,
        ),
        FaultKind(
            "half-open",
            "wire",
            Text(
                "Nhận kết nối rồi không đọc gì và không đóng.",
                "The connection is accepted; nothing is read from it, and it is never closed.",
            ),
            counted=Counted.CONNECTION,
        ),
        FaultKind(
            "trickle",
            "wire",
            Text(
                "Câu trả lời (of: tất cả, phần đầu hoặc phần thân) đến từng ít byte, cách nhau pause giây.",
                "The answer (of: all of it, its head or its body) comes so many bytes at a time, pause seconds apart.",
            ),
            MappingProxyType({"bytes": 1, "pause": 1.0, "of": "answer"}),
            {"of": _OF},
            {"bytes": (1, None), "pause": (0, None)},
        ),
        FaultKind(
            "tls-drop",
            "wire",
            Text(
                "Ngắt khi bắt tay TLS, sau calls kết nối trong minutes phút (0: mọi kết nối).",
                "Dropped in the TLS handshake, after so many calls in so many minutes (0: every connection).",
            ),
            MappingProxyType({"calls": 0, "minutes": 1.0, "how": "close"}),
            {"how": ("close", "reset", "hang")},
            {"calls": (0, None), "minutes": (0, None)},
            Counted.CONNECTION,
            tls=True,
        ),
        _http(
            "status",
            "Trả lời bằng mã HTTP code; retry_after giây (-1: 2680 với mã 429, nếu không thì không có).",
            "Answered by the HTTP status code; retry_after seconds (-1: 2,680 with a 429, else none).",
            code=429,
            retry_after=-1,
            processed=False,
        ),
        _http(
            "maintenance",
            "Trang HTML báo bảo trì, với mã 200.",
            "A page (HTML) that tells of maintenance, with status 200.",
            processed=False,
        ),
        _http(
            "redirect",
            "Chuyển hướng tới địa chỉ to.",
            "Redirected to the address to.",
            codes=(300, 399),
            code=307,
            to="/moved",
            processed=False,
        ),
        _http(
            "truncated",
            "Thân câu trả lời bị cắt, chỉ còn bytes byte; Content-Length đúng với phần còn lại.",
            "The answer's body is cut to so many bytes; Content-Length is right for what is left.",
            bytes=100,
        ),
        _http("malformed", "Câu trả lời là XML hỏng.", "The answer is XML that is none."),
    )
}
