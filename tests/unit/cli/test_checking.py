"""``govgateway check``: what it says of good and bad files, to a person and to a program."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from govgateway.cli import checking
from govgateway.cli.app import execute
from govgateway.cli.checking import plain_request
from samples import EXAMPLE, WRONG
from unit.cli.command_line import CommandLine


def test_a_good_file(govgateway: CommandLine) -> None:
    ended = govgateway("check", EXAMPLE)
    assert ended.code == 0
    assert "01PH-2026-10.xml: 01/PH Tờ khai phí · 9900000016 · Sở Xây dựng tỉnh An Hoà" in ended.out
    assert ended.out.endswith("⇒ không có lỗi\n")
    assert not ended.err


def test_a_wrong_file_is_told_field_by_field(govgateway: CommandLine) -> None:
    ended = govgateway("check", WRONG)
    assert ended.code == 1
    assert "LỖI ETAX-879-R01 · dòng 62 · mục 1 · Số tiền phí phải nộp NSNN\n" in ended.out
    assert "HSoThueDTu" not in ended.out, "names of elements are for programs"
    assert ended.out.endswith("⇒ 2 lỗi, 1 cảnh báo\n")
    assert govgateway("check", WRONG, "--lang", "en").out.endswith("⇒ 2 errors, 1 warning\n")


def test_as_json(govgateway: CommandLine) -> None:
    ended = govgateway("check", EXAMPLE, WRONG, "--json")
    assert ended.code == 1
    good, wrong = ended.json["files"]
    assert (good["ok"], good["form"], good["version"], good["filer"]) == (True, "879", "2.7.5", "9900000016")
    assert wrong["ok"] is False
    assert {each["severity"] for each in wrong["findings"]} == {"error", "warning"}
    assert {"rule", "message", "remedy", "path", "label", "line"} <= wrong["findings"][0].keys()


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"hello", "GG-100", "không phải XML"),
        (b"", "GG-100", "tệp rỗng"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "GG-100", "DTD"),
        (b"<a><b></a>", "GG-100", "dòng 1, cột"),
        (b"<invoice/>", "GG-101", "<invoice>"),
    ],
)
def test_a_file_that_cannot_be_read(govgateway: CommandLine, content: bytes, code: str, said: str) -> None:
    (govgateway.folder / "bad.xml").write_bytes(content)
    ended = govgateway("check", "bad.xml")
    assert ended.code == 1
    assert ended.err.startswith(f"Lỗi {code}: ")
    assert said in ended.err
    assert "Ở: bad.xml\n" in ended.err
    assert len(ended.err.partition("Mã tra cứu: ")[2].strip()) == 12
    (told,) = govgateway("check", "bad.xml", "--json").json["files"]
    assert told["error"]["code"] == code
    assert {"message", "where", "remedy", "correlation_id"} <= told["error"].keys()


def test_one_bad_file_stops_no_other_and_the_gravest_code_counts(govgateway: CommandLine) -> None:
    ended = govgateway("check", WRONG, "none.xml", EXAMPLE)
    assert ended.code == 2
    assert "GG-001" in ended.err
    assert "01PH-2026-10.xml: " in ended.out


def test_patterns_are_spelled_out_where_the_shell_does_not(govgateway: CommandLine) -> None:
    govgateway.declaration("a.xml")
    govgateway.declaration("b.xml")
    ended = govgateway("check", "*.xml", "--json")
    assert [each["file"] for each in ended.json["files"]] == ["a.xml", "b.xml"]
    assert govgateway("check", "*.csv").code == 2


@pytest.mark.parametrize("words", [["a.xml"], ["--json", "a.xml"], ["a.xml", "b.xml", "--lang", "en"]])
def test_the_quick_way_reads_the_line_as_the_command_tree_does(
    words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from govgateway.cli import documents

    asked: list[object] = []
    monkeypatch.setattr(documents, "check_files", lambda *request: asked.append(request) or 0)
    execute(["check", *words])
    assert [plain_request(["check", *words])] == asked


@pytest.mark.parametrize(
    "words",
    [
        ["check"],
        ["check", "--help"],
        ["check", "a.xml", "--nope"],
        ["check", "a.xml", "--lang", "fr"],
        ["sign", "a.xml"],
    ],
)
def test_what_the_quick_way_leaves_to_the_command_tree(words: list[str]) -> None:
    assert plain_request(words) is None


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_many_files_are_counted_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    files = [Path(f"{number}.xml") for number in range(30)]
    assert list(checking._counted(files)) == files
    assert "30/30" in terminal.getvalue()


def test_few_files_or_no_terminal_show_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = io.StringIO()
    monkeypatch.setattr(sys, "stderr", elsewhere)
    assert len(list(checking._counted([Path("a.xml")] * 30))) == 30
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert len(list(checking._counted([Path("a.xml")] * 3))) == 3
    assert (elsewhere.getvalue(), terminal.getvalue()) == ("", "")
