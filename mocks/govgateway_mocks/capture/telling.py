"""What the commands say about captures: lines for people, in both languages, and data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from govgateway_mocks.capture.aspects import TITLES, Difference
from govgateway_mocks.capture.comparing import Compared
from govgateway_mocks.capture.invented import TITLES as KINDS
from govgateway_mocks.capture.invented import Invented
from govgateway_mocks.capture.questions import Question
from govgateway_mocks.capture.recording import Recorded


def replaced(invented: Invented) -> Iterator[str]:
    """What was replaced, counted by kind."""
    yield "Đã thay thế · Replaced"
    for kind, title in KINDS.items():
        if invented.counts[kind]:
            yield f"  {invented.counts[kind]:>6}  {title.vi} · {title.en}"
    if not invented.counts:
        yield "       0"


def recorded(exchange: Recorded, operation: str) -> str:
    """One exchange as it is recorded."""
    status = exchange.answer.status if exchange.answer else "không có trả lời · no answer"
    return f"{exchange.number}  {operation}  {status}"


def replayed(asked: Question, answered: bool) -> str:
    """One question as it is played back."""
    return asked.operation if answered else f"{asked.operation}: không có trả lời trong bản ghi · no answer recorded"


def as_data(compared: Sequence[Compared]) -> dict[str, Any]:
    """The comparison as data."""
    return {
        "equal": is_equal(compared),
        "exchanges": [
            {
                "number": each.number,
                "operation": each.operation,
                "early": each.early,
                "unsigned": each.unsigned,
                "skipped": each.skipped,
                "differences": [_difference(one) for one in each.differences],
            }
            for each in compared
        ],
    }


def as_lines(compared: Sequence[Compared]) -> Iterator[str]:
    """The comparison to read."""
    for each in compared:
        notes = [
            text for said, text in ((each.early, _EARLY), (each.unsigned, _UNSIGNED), (each.skipped, _SKIPPED)) if said
        ]
        if each.differences or each.unsigned or each.skipped:
            yield " · ".join([f"{each.number}  {each.operation}", *notes])
        for one in each.differences:
            title = TITLES[one.aspect]
            yield f"     {title.vi} · {title.en}: {one.path}".rstrip(": ")
            yield f"         ghi · recorded: {one.recorded or '–'}; mô phỏng · simulated: {one.simulated or '–'}"
    number, skipped = sum(len(each.differences) for each in compared), sum(each.skipped for each in compared)
    yield f"{len(compared)} lần gọi, {skipped} không so sánh, {number} chỗ khác"
    yield f"{len(compared)} exchanges, {skipped} not compared, {number} differences"


_EARLY = "hỏi sớm · asked early"
_UNSIGNED = "không ký lại được · could not be signed anew"
_SKIPPED = "không so sánh: yêu cầu không được giữ · not compared: the request was not kept"


def is_equal(compared: Sequence[Compared]) -> bool:
    """Whether nothing differs."""
    return not any(each.differences for each in compared)


def _difference(difference: Difference) -> dict[str, str]:
    return {
        "aspect": difference.aspect.value,
        "path": difference.path,
        "recorded": difference.recorded,
        "simulated": difference.simulated,
    }
