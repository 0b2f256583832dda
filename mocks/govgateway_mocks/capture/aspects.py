"""In what respects two answers can differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from govgateway.errors import Text


class Aspect(StrEnum):
    """In what respect two answers differ."""

    ANSWER = "answer"
    STATUS = "status"
    CONTENT_TYPE = "content-type"
    PARTS = "parts"
    READABLE = "readable"
    MISSING = "missing"
    EXTRA = "extra"
    ORDER = "order"
    ATTRIBUTE = "attribute"
    NIL = "nil"
    NAMESPACE = "namespace"
    VALUE = "value"


TITLES = {
    Aspect.ANSWER: Text("có trả lời hay không", "answered or not"),
    Aspect.STATUS: Text("mã trạng thái HTTP", "HTTP status"),
    Aspect.CONTENT_TYPE: Text("kiểu nội dung", "content type"),
    Aspect.PARTS: Text("số phần", "number of parts"),
    Aspect.READABLE: Text("có đọc được hay không", "readable or not"),
    Aspect.MISSING: Text("bộ mô phỏng thiếu phần tử", "the simulator lacks the element"),
    Aspect.EXTRA: Text("bộ mô phỏng thừa phần tử", "the simulator has an element more"),
    Aspect.ORDER: Text("thứ tự phần tử", "order of the elements"),
    Aspect.ATTRIBUTE: Text("thuộc tính", "attribute"),
    Aspect.NIL: Text("nil", "nil"),
    Aspect.NAMESPACE: Text("không gian tên", "namespace"),
    Aspect.VALUE: Text("dạng giá trị", "shape of the value"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """``recorded`` and ``simulated`` say what is there, at ``path`` of element names; empty where nothing is."""

    aspect: Aspect
    path: str
    recorded: str
    simulated: str


Found = Iterator[Difference]


def differ(aspect: Aspect, path: str, recorded: str, simulated: str) -> Found:
    """The difference between the two, if there is one."""
    if recorded != simulated:
        yield Difference(aspect, path, recorded, simulated)
