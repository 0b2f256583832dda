"""Signing and verifying by command: exit codes, the JSON that programs read, keys that cannot be used."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

import keys
import simulated
from govgateway_mocks.pki import PASSWORD
from unit.cli.command_line import CommandLine, key_file

SHAPE = {
    "intact", "well_placed", "reason", "signed_path", "signer", "identifiers", "signing_time", "trusted",
    "trust_reason", "not_covered", "demonstration", "time_source", "domain", "algorithms", "legacy", "level",
    "countersigns", "certificate", "time_stamp", "revocation",
}  # fmt: skip


@pytest.fixture
def signed(govgateway: CommandLine, key: Path) -> Path:
    assert govgateway("sign", govgateway.declaration(), "--key", key).code == 0
    return govgateway.folder / "01PH-signed.xml"


@pytest.fixture
def trust() -> Path:
    return simulated.pki().trust


def test_signing_leaves_the_file_and_writes_a_copy(govgateway: CommandLine, key: Path) -> None:
    path = govgateway.declaration()
    before = path.read_bytes()
    ended = govgateway("sign", path, "--key", key, "-o", "signed/copy.xml")
    assert (ended.code, ended.out) == (0, f"Đã ký: {Path('signed/copy.xml')}\n")
    assert path.read_bytes() == before
    assert b"<Signature" in Path("signed/copy.xml").read_bytes()


def test_trusted_signatures_end_with_0(govgateway: CommandLine, signed: Path, trust: Path) -> None:
    ended = govgateway("verify", signed, "--trust", trust, "--json")
    assert ended.code == 0
    (told,) = ended.json["signatures"]
    assert told.keys() == SHAPE
    assert (told["intact"], told["well_placed"], told["trusted"], told["demonstration"]) == (True, True, True, True)
    assert told["reason"] == ""
    assert told["signed_path"] == "/HSoThueDTu/HSoKhaiThue"
    assert told["identifiers"] == ["MST:9900000016"]
    assert told["signing_time"] == "2026-11-16T10:00:00+07:00"


def test_intact_signatures_without_trust_end_with_3(govgateway: CommandLine, signed: Path) -> None:
    ended = govgateway("verify", signed, "--json")
    assert ended.code == 3
    assert [(each["intact"], each["trusted"]) for each in ended.json["signatures"]] == [(True, False)]
    assert "còn nguyên vẹn · CHƯA XÁC LẬP TIN CẬY" in govgateway("verify", signed).out


def test_altered_after_signing_ends_with_1(govgateway: CommandLine, signed: Path, trust: Path) -> None:
    altered = govgateway.folder / "altered.xml"
    altered.write_bytes(signed.read_bytes().replace(b">115605000<", b">115605001<"))
    ended = govgateway("verify", altered, "--trust", trust, "--json")
    assert ended.code == 1
    (told,) = ended.json["signatures"]
    assert told["intact"] is False
    assert told["reason"]
    assert "KHÔNG HỢP LỆ" in govgateway("verify", altered).out


def test_no_signature_at_all_ends_with_1(govgateway: CommandLine) -> None:
    path = govgateway.declaration()
    ended = govgateway("verify", path, "--json")
    assert (ended.code, ended.json["signatures"]) == (1, [])
    assert "Không có chữ ký nào." in govgateway("verify", path).out


def test_the_signer_the_time_and_that_it_is_play_are_told(govgateway: CommandLine, signed: Path, trust: Path) -> None:
    said = govgateway("verify", signed, "--trust", trust).out
    assert "1. Sở Xây dựng tỉnh An Hoà · MST:9900000016 · còn nguyên vẹn · tin cậy · MÔ PHỎNG" in said
    assert "Thời điểm ký: 16/11/2026 10:00:00 (theo máy người ký)" in said


def test_roots_of_the_settings_are_trusted_without_an_address(
    govgateway: CommandLine, signed: Path, trust: Path
) -> None:
    govgateway.settings.write_text(f"[etax.simulator]\ntrust = '{trust}'\n", encoding="utf-8")
    assert govgateway("verify", signed).code == 0


def test_roots_that_cannot_be_read(govgateway: CommandLine, signed: Path) -> None:
    assert govgateway("verify", signed, "--trust", "none.pem").code == 2
    assert govgateway("verify", signed, "--trust", signed).code == 2
    govgateway.settings.write_text("[etax.simulator]\ntrust = 'none.pem'\n", encoding="utf-8")
    assert govgateway("verify", signed).code == 5


def test_nothing_is_overwritten_and_no_password_asked_for_it(govgateway: CommandLine, signed: Path, key: Path) -> None:
    before = signed.read_bytes()
    ended = govgateway("sign", govgateway.folder / "01PH.xml", "--key", key)
    assert ended.code == 2
    assert "đã có" in ended.err
    assert signed.read_bytes() == before


def test_a_folder_that_cannot_be_made(govgateway: CommandLine, key: Path) -> None:
    ended = govgateway("sign", govgateway.declaration(), "--key", key, "-o", "01PH.xml/signed.xml")
    assert ended.code == 6
    assert ended.err.startswith("Lỗi GG-003: ")


def test_a_document_with_errors_is_not_signed(govgateway: CommandLine, key: Path) -> None:
    path = govgateway.declaration("wrong.xml", ("<soTienPHPhaiNop>115605000<", "<soTienPHPhaiNop>1<"))
    ended = govgateway("sign", path, "--key", key, "--lang", "en")
    assert ended.code == 1
    assert ended.err.startswith("Error GG-102: ")
    assert "ETAX-879-R01" in ended.err
    assert not Path("wrong-signed.xml").exists()


def test_an_unknown_signatory(govgateway: CommandLine, key: Path) -> None:
    ended = govgateway("sign", govgateway.declaration(), "--key", key, "--role", "boss")
    assert ended.code == 2
    assert "taxpayer, tax-agent" in ended.err


def test_without_a_key_the_way_to_one_is_told(govgateway: CommandLine) -> None:
    ended = govgateway("sign", govgateway.declaration())
    assert ended.code == 2
    assert "govgateway filer add 9900000016 --key" in ended.err


def test_the_key_of_the_profile_is_used(govgateway: CommandLine, key: Path) -> None:
    govgateway("filer", "add", simulated.DEPARTMENT, "--key", key)
    assert govgateway("sign", govgateway.declaration()).code == 0


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"no key at all", "GG-200"),
        (keys.leaf().pkcs12()[:900], "GG-200"),
        (keys.leaf().pkcs12(), "GG-200"),
        (keys.leaf(days=(-365, -1)).pkcs12(PASSWORD), "GG-201"),
        (keys.leaf("MST:9900000023").pkcs12(PASSWORD), "GG-201"),
    ],
    ids=["no key", "truncated", "wrong password", "expired", "another taxpayer"],
)
def test_a_key_that_cannot_be_used(govgateway: CommandLine, key: Path, data: bytes, code: str) -> None:
    Path("bad.p12").write_bytes(data)
    ended = govgateway("sign", govgateway.declaration(), "--key", "bad.p12")
    assert ended.code == 1
    assert ended.err.startswith(f"Lỗi {code}: ")
    assert PASSWORD not in ended.err.replace("bad.p12", "")
    assert not Path("01PH-signed.xml").exists()


def test_a_key_that_is_not_there(govgateway: CommandLine, key: Path) -> None:
    assert govgateway("sign", govgateway.declaration(), "--key", "none.p12").code == 2


def test_a_password_on_stdin(govgateway: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"demo\r\nmore")))
    assert govgateway("sign", govgateway.declaration(), "--key", key_file(), "--password-stdin").code == 0


def test_a_password_that_nobody_gave_is_asked_for_by_the_error(
    govgateway: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
    ended = govgateway("sign", govgateway.declaration(), "--key", key_file())
    assert ended.code == 1
    assert "--password-stdin" in ended.err
