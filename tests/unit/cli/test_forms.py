"""``govgateway forms``: what is carried, what is in it, what a version changes, whom it would meet."""

from __future__ import annotations

from pathlib import Path

import pytest

import simulated
from unit.cli.command_line import CommandLine


def test_every_form_is_listed_with_its_versions_and_periods(govgateway: CommandLine) -> None:
    ended = govgateway("forms", "list")
    assert ended.code == 0
    lines = ended.out.splitlines()
    assert lines[0].split() == ["Mẫu", "Mã", "Phiên", "bản", "Loại", "Kỳ", "tính", "thuế", "theo", "luật", "Tên"]
    (line,) = [each for each in lines if each.startswith("01/PH ") and " 2.7.5 " in each]
    assert line.split()[:3] == ["01/PH", "879", "2.7.5"]
    assert "tới 30/06/2026" in line
    assert "Tờ khai phí (Thông tư 80/2021/TT-BTC)" in line
    (unconfirmed,) = [each for each in lines if each.startswith("01/PH ") and " c89/0.0.0 " in each]
    assert "từ 01/07/2026 (mã và phiên bản chưa xác nhận)" in unconfirmed


def test_the_list_for_programs(govgateway: CommandLine) -> None:
    listed = govgateway("forms", "list", "--json", "--lang", "en").json["forms"]
    (one,) = [each for each in listed if (each["code"], each["version"]) == ("893", "2.6.9")]
    assert one == {
        "form": "02/PBVMT", "code": "893", "version": "2.6.9", "types": ["C", "B"], "periods": "until 30/06/2026",
        "title": one["title"], "legal_basis": "Thông tư 80/2021/TT-BTC",
    }  # fmt: skip


@pytest.mark.parametrize("form", ["878", "01/PBVMT"])
def test_a_form_is_shown_by_code_or_name(govgateway: CommandLine, form: str) -> None:
    shown = govgateway("forms", "show", form).out
    assert "Loại khoáng sản · (2) · <tenKhoangSan>" in shown
    assert "Số phí phải nộp trong kỳ · (9) = [(3)x(4)x(8)] + [(6)x(7)x(8)]" in shown
    assert "tính ra" in shown
    assert "  ETAX-878-R02 (cảnh báo): " in shown


def test_a_form_is_shown_to_programs_with_fields_and_rules(govgateway: CommandLine) -> None:
    told = govgateway("forms", "show", "878", "2.5.1", "--json").json
    fields = {each["path"].rpartition("/")[2]: each["field"] for each in told["fields"]}
    assert fields["tenKhoangSan"]["column"] == "(2)"
    assert {"id", "severity", "message", "test"} == set(told["rules"][0])


def test_a_difference_names_fields_and_rules(govgateway: CommandLine) -> None:
    ended = govgateway("forms", "diff", "05/KK-TNCN", "2.8.3", "2.9.3")
    assert ended.code == 0
    assert ended.out.splitlines() == [
        "Chỉ tiêu",
        "  + 4.1. Thu nhập miễn thuế, thu nhập cá nhân theo nghị quyết · Chỉ tiêu tờ khai",
        "Quy tắc",
        "  không khác",
    ]


def test_a_difference_for_programs(govgateway: CommandLine) -> None:
    told = govgateway("forms", "diff", "864", "2.9.3", "2.8.3", "--json").json
    assert [(each["step"], each["path"].rpartition("/")[2]) for each in told["fields"]] == [("removed", "ct25_1")]
    assert told["rules"] == []


@pytest.mark.parametrize(
    ("words", "named"),
    [(("show", "999"), "879"), (("diff", "879", "2.7.5", "9.9.9"), "2.7.5"), (("impact", "879", "9.9.9"), "2.7.5")],
    ids=["form", "version", "version of impact"],
)
def test_what_is_not_carried_is_an_error_that_names_what_is(
    govgateway: CommandLine, words: tuple[str, ...], named: str
) -> None:
    ended = govgateway("forms", *words)
    assert ended.code == 2
    assert ended.err.startswith("Lỗi GG-001: ")
    assert named in ended.err or "01/PH" in ended.err


def test_the_last_filings_are_checked_by_another_version_and_stay_as_they_are(
    govgateway: CommandLine, key: Path
) -> None:
    govgateway("filer", "add", simulated.DEPARTMENT, "--key", key)
    for month in ("09", "10"):
        day = {"09": "30", "10": "31"}[month]
        path = govgateway.declaration(
            f"{month}.xml",
            ("<kyKKhai>10/2026", f"<kyKKhai>{month}/2026"),
            ("<kyKKhaiTuNgay>01/10/2026", f"<kyKKhaiTuNgay>01/{month}/2026"),
            ("<kyKKhaiDenNgay>31/10/2026", f"<kyKKhaiDenNgay>{day}/{month}/2026"),
        )
        assert govgateway("submit", path, "--hold", "--env", "simulator").code == 0
        govgateway.clock.move(minutes=1)
    before = govgateway("status", "--json").out
    assert govgateway("forms", "impact", "879", "2.7.5").code == 0
    ended = govgateway("forms", "impact", "01/PH", "c89/0.0.0", "--json")
    assert ended.code == 1
    told = ended.json["filings"]
    assert [each["period"] for each in told] == ["M 10/2026", "M 09/2026"]
    assert all(each["findings"] for each in told)
    only = govgateway("forms", "impact", "879", "c89/0.0.0", "--last", "1")
    assert [line.split()[3].rstrip(":") for line in only.out.splitlines() if "  M " in line] == ["10/2026"]
    assert govgateway("status", "--json").out == before


def test_a_form_without_filings_meets_nobody(govgateway: CommandLine) -> None:
    govgateway.settings.touch()
    ended = govgateway("forms", "impact", "878", "2.5.1")
    assert (ended.code, ended.out) == (0, "Chưa có hồ sơ nào của mẫu này.\n")
