"""``govgateway filer`` and ``govgateway config``: what they keep, what they refuse, what they never show."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from govgateway.cli.settings import ensure_tax_code
from govgateway.configuration import writing
from govgateway.errors import UsageError
from unit.cli.command_line import CommandLine


@pytest.mark.parametrize(
    "code", ["9900000016", "9900000023", "9900000030", "9900000055", "9900000016-001", "099123456789"]
)
def test_good_tax_codes(code: str) -> None:
    assert ensure_tax_code(code) is None  # raises for a wrong one


@pytest.mark.parametrize(
    "code",
    [
        "",
        "9900000017",
        "990000001",
        "99000000166",
        "9900000016-",
        "9900000016-01",
        "9900000016-0001",
        "990000001６",
        "x",
    ],
)
def test_wrong_tax_codes(code: str) -> None:
    with pytest.raises(UsageError):
        ensure_tax_code(code)


def test_nine_digits_whose_check_digit_would_be_ten_have_no_code() -> None:
    for last in range(10):  # 990000007: the weighted sum is a multiple of 11
        with pytest.raises(UsageError):
            ensure_tax_code(f"990000007{last}")


def test_a_filer_is_kept_listed_and_shown(govgateway: CommandLine, key: Path) -> None:
    words = ("--name", "Sở Xây dựng", "--key", key, "--obligation", "01/PH monthly", "--obligation", "01/LP monthly")
    assert govgateway("filer", "add", "9900000016", *words, "--since", "01/07/2026").code == 0
    assert govgateway("filer", "list").out == "9900000016  Sở Xây dựng\n"
    shown = govgateway("filer", "show", "9900000016")
    assert shown.out == (
        f"Mã số thuế: 9900000016\nTên: Sở Xây dựng\nKhoá ký: {key}\n"
        "Nghĩa vụ kê khai: 01/PH monthly; 01/LP monthly\nKê khai từ ngày: 2026-07-01\n"
    )
    fields = {"tax_code": "9900000016", "name": "Sở Xây dựng", "key": str(key)}
    fields |= {"obligations": ["01/PH monthly", "01/LP monthly"], "since": "2026-07-01"}
    assert govgateway("filer", "show", "9900000016", "--json").json == fields
    assert govgateway("filer", "list", "--json").json == {"filers": [fields]}


def test_adding_again_changes_only_what_is_named(govgateway: CommandLine, key: Path) -> None:
    govgateway("filer", "add", "9900000016", "--name", "Sở Xây dựng")
    govgateway("filer", "add", "9900000016", "--key", key)
    govgateway("filer", "add", "9900000016", "--obligation", "01/PH monthly", "--since", "2026-07-01")
    govgateway("filer", "add", "9900000016", "--obligation", "01/LP monthly")
    shown = govgateway("filer", "show", "9900000016", "--json").json
    assert shown == {
        "tax_code": "9900000016",
        "name": "Sở Xây dựng",
        "key": str(key),
        "obligations": ["01/LP monthly"],
        "since": "2026-07-01",
    }


def test_a_day_that_is_none_is_not_kept(govgateway: CommandLine) -> None:
    ended = govgateway("filer", "add", "9900000016", "--since", "31/02/2026")
    assert ended.code == 2
    assert "--since" in ended.err
    assert not govgateway.settings.exists()


def test_an_obligation_that_nobody_knows_is_not_kept(govgateway: CommandLine) -> None:
    words = ("--name", "Sở Xây dựng", "--obligation", "01/PH monthly", "--obligation", "nonsense")
    ended = govgateway("filer", "add", "9900000016", *words)
    assert ended.code == 2
    assert "'nonsense'" in ended.err
    assert "01/PH monthly, " in ended.err
    assert not govgateway.settings.exists()


def test_a_filer_is_written_at_once(govgateway: CommandLine, key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr(writing, "_replace", lambda path, text: written.append(text))
    govgateway("filer", "add", "9900000016", "--name", "Sở", "--key", key, "--since", "01/07/2026")
    (text,) = written
    assert all(each in text for each in ('name = "Sở"', "key = ", 'since = "2026-07-01"'))


def test_no_filer_yet(govgateway: CommandLine) -> None:
    assert govgateway("filer", "list").out.startswith("Chưa có hồ sơ nào.")
    assert govgateway("filer", "show", "9900000016").code == 2


def test_a_wrong_code_or_a_missing_key_is_not_kept(govgateway: CommandLine) -> None:
    assert govgateway("filer", "add", "9900000017").code == 2
    assert govgateway("filer", "add", "9900000016", "--key", "none.p12").code == 2
    assert not govgateway.settings.exists()


def test_a_value_is_set_and_comments_stay(govgateway: CommandLine) -> None:
    govgateway.settings.write_text("# của phòng kế toán\nlanguage = 'vi'  # tiếng Việt\n", encoding="utf-8")
    assert govgateway("config", "set", "etax.simulator.username", "tvan").code == 0
    text = govgateway.settings.read_text(encoding="utf-8")
    assert text.startswith("# của phòng kế toán\nlanguage = 'vi'  # tiếng Việt\n")
    assert "[etax.simulator]" in text
    assert "etax.simulator.username = tvan\n" in govgateway("config", "show").out


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("language", "fr"),
        ("environment", "moon"),
        ("ledger", ""),
        ("languag", "vi"),
        ("language.name", "x"),
        ("etax", "x"),
        ("etax.simulator", "x"),
        ("etax.moon.address", "https://agency.example"),
        ("etax.simulator.adress", "https://agency.example"),
        ("etax.simulator.address", "agency.example"),
        ("etax.simulator.plain_http", "maybe"),
        ("filers", "x"),
        ("filers.9900000016.nam", "x"),
        ("filers.9900000016.obligations", "01/PH monthly"),
        ("filers.9900000016.since", "tháng 7"),
        ("", "x"),
    ],
)
def test_what_would_make_the_file_invalid_is_refused(govgateway: CommandLine, key: str, value: str) -> None:
    before = "# mine\nlanguage = 'vi'\n"
    govgateway.settings.write_text(before, encoding="utf-8")
    ended = govgateway("config", "set", key, value)
    assert ended.code == 5
    assert ended.err.startswith("Lỗi GG-002: ")
    assert str(govgateway.settings) in ended.err
    assert govgateway.settings.read_text(encoding="utf-8") == before
    assert [each.name for each in govgateway.folder.iterdir()] == ["govgateway.toml"]


def test_a_wrong_value_can_be_put_right(govgateway: CommandLine) -> None:
    govgateway.settings.write_text("language = 'fr'\n", encoding="utf-8")
    assert govgateway("status").code == 5
    assert govgateway("config", "set", "language", "en").out.startswith("Written to ")


def test_a_file_that_is_no_toml_is_left_alone(govgateway: CommandLine) -> None:
    govgateway.settings.write_text("language =\n", encoding="utf-8")
    ended = govgateway("config", "set", "language", "en")
    assert ended.code == 5
    assert "dòng 1, cột 11" in ended.err
    assert govgateway.settings.read_text(encoding="utf-8") == "language =\n"


def test_a_password_is_read_from_stdin_and_never_shown(
    govgateway: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"hunter2\n")))
    ended = govgateway("config", "set", "etax.simulator.password")
    assert ended.code == 0
    assert 'password = "hunter2"' in govgateway.settings.read_text(encoding="utf-8")
    for shown in (govgateway("config", "show"), govgateway("config", "show", "--json")):
        assert "hunter2" not in shown.out
        assert "•••" in shown.out


def test_passwords_of_the_environment_are_never_shown(govgateway: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVGATEWAY_ETAX_PRODUCTION_PASSWORD", "hunter2")
    monkeypatch.setenv("GOVGATEWAY_LEDGER", "postgresql://me:hunter2@db.example/ledger")
    monkeypatch.setenv("GOVGATEWAY_KEY_PASSWORD", "hunter2")
    ended = govgateway("config", "show")
    assert ended.code == 0
    assert "hunter2" not in ended.out
    assert "ledger = postgresql://me:•••@db.example/ledger\n" in ended.out


def test_a_folder_that_cannot_be_written(govgateway: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    (govgateway.folder / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("GOVGATEWAY_CONFIG", str(govgateway.folder / "file" / "govgateway.toml"))
    ended = govgateway("config", "set", "language", "en")
    assert ended.code == 6
    assert ended.err.startswith("Lỗi GG-003: ")


PARTICULARS = {
    "tax_office": "99901",
    "tax_office_name": "Thuế tỉnh An Hoà",
    "address": "1 Trần Phú",
    "ward": "Phường 1",
    "province": "Tỉnh An Hoà",
    "phone": "0999000001",
    "fax": "0999000002",
    "email": "so@anhoa.example",
    "signatory": "Trần Thị Mẫu",
}


def test_office_address_contacts_and_signatory_are_kept_and_shown(govgateway: CommandLine) -> None:
    words = [word for name, text in PARTICULARS.items() for word in (f"--{name.replace('_', '-')}", text)]
    assert govgateway("filer", "add", "9900000016", "--name", "Sở Xây dựng", *words).code == 0
    assert govgateway("filer", "add", "9900000016", "--phone", "0999000009").code == 0
    shown = govgateway("filer", "show", "9900000016", "--json").json
    assert {name: shown[name] for name in PARTICULARS} == PARTICULARS | {"phone": "0999000009"}
    assert "Mã cơ quan thuế nơi nộp: 99901\n" in govgateway("filer", "show", "9900000016").out


@pytest.mark.parametrize("code", ["9990", "999011", "9990a", "９９９０１"])
def test_a_wrong_code_of_a_tax_office_is_not_kept(govgateway: CommandLine, code: str) -> None:
    ended = govgateway("filer", "add", "9900000016", "--tax-office", code, "--lang", "en")
    assert ended.code == 2
    assert "five digits" in ended.err
    assert not govgateway.settings.exists()
