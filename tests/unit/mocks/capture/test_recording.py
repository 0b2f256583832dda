"""The capture file: what was written is read, and everything else is refused with the line that is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from govgateway.errors import UsageError
from govgateway_mocks.capture.reading import read
from govgateway_mocks.capture.recording import Answer, Heading, Recorded, Recording, Request, Writer, write
from keys import NOW

HEADING = Heading("etax", "/ihtkk_van", NOW, scrubbed=True)
REQUEST = Request("POST", "/ihtkk_van/port?a=1", (("content-type", "text/xml"),), b"\xff<a/>")
EXCHANGES = (
    Recorded(1, NOW, REQUEST, Answer(200, (("date", "today"),), "đã nhận".encode())),
    Recorded(2, NOW, REQUEST, None),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "capture.jsonl"
    write(path, Recording(HEADING, EXCHANGES))
    return path


def test_what_was_written_is_read(path: Path) -> None:
    assert read(path) == Recording(HEADING, EXCHANGES)


def test_each_line_is_json_with_the_documented_fields(path: Path) -> None:
    first, *others = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    assert list(first) == ["format", "version", "agency", "service_path", "at", "by", "scrubbed"]
    assert [list(each) for each in others] == [
        ["number", "at", "method", "path", "request_headers", "request_body", "status", "answer_headers", "answer_body"]
    ] * 2
    assert others[1]["status"] is None


def test_an_exchange_is_on_disk_as_soon_as_it_is_added(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "new.jsonl", HEADING)
    writer.add(EXCHANGES[0])
    assert read(tmp_path / "new.jsonl").exchanges == EXCHANGES[:1]
    writer.close()


def test_a_capture_is_never_written_over(path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        Writer(path, HEADING)
    assert refused.value.where == str(path)
    assert read(path).exchanges == EXCHANGES


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be made"):
        Writer(tmp_path / "none" / "new.jsonl", HEADING)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read(tmp_path / "none.jsonl")


@pytest.mark.parametrize("foreign", [b"", b"\n", b"%PDF-1.7\n", b"[]\n", b'{"format": "har"}\n', b"\x00\xff\n"])
def test_another_file_is_no_capture(foreign: bytes, path: Path) -> None:
    path.write_bytes(foreign)
    with pytest.raises(UsageError, match="is no capture"):
        read(path)


def test_a_line_that_was_cut_is_told_by_its_number(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(UsageError, match="damaged in line 3: the line is cut") as refused:
        read(path)
    assert refused.value.where == f"{path}:3"


def _change(path: Path, line: int, change: Callable[[dict[str, Any]], object]) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    data = json.loads(lines[line - 1])
    change(data)
    lines[line - 1] = json.dumps(data)
    path.write_text("".join(f"{each}\n" for each in lines), encoding="utf-8")


def test_a_capture_of_another_version_is_told(path: Path) -> None:
    _change(path, 1, lambda data: data.update(version=2))
    with pytest.raises(UsageError, match="of another version"):
        read(path)


@pytest.mark.parametrize(
    ("line", "changes"),
    [
        (1, {"agency": 5}),
        (1, {"at": "2026-11-16T10:00:00"}),
        (2, {"at": "yesterday"}),
        (2, {"at": None}),
        (2, {"status": "200"}),
        (2, {"status": True}),
        (2, {"request_body": "no base64!"}),
        (2, {"answer_headers": [["one"]]}),
        (2, {"answer_headers": None}),
        (3, {"number": 7}),
    ],
)
def test_a_wrong_field_is_told_by_its_line(line: int, changes: dict[str, Any], path: Path) -> None:
    _change(path, line, lambda data: data.update(changes))
    with pytest.raises(UsageError, match=f"damaged in line {line}"):
        read(path)


@pytest.mark.parametrize("field", ["number", "at", "method", "path", "request_headers", "request_body", "status"])
def test_a_missing_field_is_told_by_its_line(field: str, path: Path) -> None:
    _change(path, 3, lambda data: data.pop(field))
    with pytest.raises(UsageError, match="damaged in line 3"):
        read(path)


def test_a_missing_exchange_is_told(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[2])
    with pytest.raises(UsageError, match="exchange 1 is missing"):
        read(path)


def test_a_line_of_something_else_is_told(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"end\n")
    with pytest.raises(UsageError, match="damaged in line 4: it is no JSON"):
        read(path)
