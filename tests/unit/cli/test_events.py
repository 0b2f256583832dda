"""Every kind of entry that the ledger can hold has words; repetitions are one line."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import keys
from govgateway.cli.events import EVENT_TEXTS, STATUS_TEXTS, Entry, event_text, folded
from govgateway.filing import Event, Status
from samples import ROOT


def _event(kind: str, status: Status = Status.SUBMITTED, sequence: int = 1, **facts: str) -> Event:
    return Event(sequence, keys.NOW, kind, status, facts)


def _calls(path: Path) -> Iterator[ast.Call]:
    return (each for each in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(each, ast.Call))


def _texts(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may give; of one with a code in it, what stands before the code."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        yield from (text.strip() for text in _texts(node.values[0]))


def _kinds_of(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "id", "")
    if name in {"Change", "told"}:
        named = [each.value for each in call.keywords if each.arg == "kind"]
        yield from (kind for node in [*call.args[:1], *named] for kind in _texts(node))
    elif name == "_log" and len(call.args) > 3:
        yield from _texts(call.args[3])


def _written() -> set[str]:
    files = [path for room in ("pipeline", "ledger") for path in (ROOT / "src/govgateway" / room).glob("*.py")]
    return {kind for path in files for call in _calls(path) for kind in _kinds_of(call)}


def test_every_kind_that_is_written_has_words_in_both_languages() -> None:
    written = _written()
    assert {"registered", "moved", "sending", "asked", "found", "notice", "cancelled"} <= written
    assert written - {"moved"} <= EVENT_TEXTS.keys()


def test_no_words_for_a_kind_that_nobody_writes() -> None:
    assert EVENT_TEXTS.keys() <= _written()


def test_every_status_has_words() -> None:
    assert STATUS_TEXTS.keys() == set(Status)


@pytest.mark.parametrize("texts", [EVENT_TEXTS, STATUS_TEXTS])
def test_the_two_languages_differ(texts: dict[str, object]) -> None:
    assert all(text.vi and text.en and text.vi != text.en for text in texts.values())  # type: ignore[attr-defined]


def test_repetitions_are_folded_into_the_last_of_them() -> None:
    asked = [_event("asked", sequence=number) for number in (2, 3, 4)]
    entries = folded([_event("acknowledged"), *asked, _event("notice 843", Status.RECEIVED), _event("asked")])
    assert [(each.event.kind, each.count) for each in entries] == [
        ("acknowledged", 1), ("asked", 3), ("notice 843", 1), ("asked", 1)
    ]  # fmt: skip
    assert entries[1].event.sequence == 4
    assert event_text(entries[1], "vi") == "hỏi kết quả, chưa có gì mới ×3"


def test_the_same_kind_in_another_status_is_another_line() -> None:
    assert len(folded([_event("asked"), _event("asked", Status.RECEIVED)])) == 2


def test_a_notice_bears_its_code_and_title() -> None:
    entry = Entry(_event("notice 844", detail="Thông báo 5/2026"), 1)
    assert event_text(entry, "vi") == "nhận thông báo 844 · Thông báo 5/2026"
    assert event_text(Entry(_event("later notice 211"), 1), "en") == "later notice 211"


def test_a_move_is_told_by_the_status_it_led_to() -> None:
    assert event_text(Entry(_event("moved", Status.VALIDATED), 1), "vi") == "đã kiểm tra"


def test_technical_words_are_marked_as_such() -> None:
    assert event_text(Entry(_event("in doubt", detail="HTTP 502"), 1), "vi").endswith("· kỹ thuật: HTTP 502")


def test_an_unknown_kind_is_shown_as_it_is() -> None:
    assert event_text(Entry(_event("teleported home"), 1), "vi") == "teleported home"
