"""Documents that no connector knows: signed by a profile that is named, verified by the one that fits."""

from __future__ import annotations

from pathlib import Path

import pytest

import simulated
from profiled import example
from unit.cli.command_line import CommandLine


@pytest.fixture
def form(govgateway: CommandLine) -> Path:
    path = govgateway.folder / "TK1-TS.xml"
    path.write_bytes(example("social-insurance-form").data)
    return path


@pytest.fixture
def signed(govgateway: CommandLine, form: Path, key: Path) -> Path:
    assert govgateway("sign", form, "--profile", "social-insurance-form", "--key", key).code == 0
    return govgateway.folder / "TK1-TS-signed.xml"


def test_verify_finds_the_profile_and_names_it(govgateway: CommandLine, signed: Path) -> None:
    ended = govgateway("verify", signed, "--trust", simulated.pki().trust, "--json")
    assert (ended.code, ended.json["profile"]) == (0, "social-insurance-form")
    assert [each["signed_path"] for each in ended.json["signatures"]] == ["/TK1-TS"]
    assert "TK1-TS-signed.xml · Tờ khai bảo hiểm xã hội" in govgateway("verify", signed).out


def test_verify_goes_by_the_profile_that_is_named(govgateway: CommandLine, signed: Path) -> None:
    named = govgateway("verify", signed, "--profile", "xades", "--json")
    assert (named.code, named.json["profile"]) == (1, "xades")
    assert [each["well_placed"] for each in named.json["signatures"]] == [False]


def test_a_declaration_names_its_connector_s_profile(govgateway: CommandLine, key: Path) -> None:
    assert govgateway("sign", govgateway.declaration(), "--key", key).code == 0
    ended = govgateway("verify", govgateway.folder / "01PH-signed.xml", "--json")
    assert ended.json["profile"] == "etax-2026"


def test_a_form_that_a_connector_knows_is_not_signed_by_another_profile(govgateway: CommandLine, key: Path) -> None:
    ended = govgateway("sign", govgateway.declaration(), "--profile", "xades", "--key", key)
    assert ended.code == 2
    assert "Ký không có --profile" in ended.err
    assert not (govgateway.folder / "01PH-signed.xml").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--profile", "khác"), "Không có mẫu chữ ký 'khác'"),
        (("--profile", "einvoice"), "không dùng cho <TK1-TS>"),
        (("--countersign", "1"), "--countersign cần --profile"),
    ],
)
def test_what_does_not_go_together_is_told(
    govgateway: CommandLine, form: Path, key: Path, words: tuple[str, str], said: str
) -> None:
    ended = govgateway("sign", form, "--key", key, *words)
    assert ended.code == 2
    assert said in ended.err


def test_a_profile_needs_the_key_named(govgateway: CommandLine, form: Path) -> None:
    ended = govgateway("sign", form, "--profile", "social-insurance-form", "--lang", "en")
    assert ended.code == 2
    assert "--profile needs --key" in ended.err
    assert "Add --key FILE" in ended.err


def test_a_signature_is_confirmed_by_command(govgateway: CommandLine, signed: Path, key: Path) -> None:
    words = ("--profile", "social-insurance-form", "--key", key, "--countersign")
    assert govgateway("sign", signed, *words, "1", "-o", "both.xml").code == 0
    ended = govgateway("verify", "both.xml", "--json")
    assert [(each["intact"], each["countersigns"]) for each in ended.json["signatures"]] == [(True, 0), (True, 1)]
    missing = govgateway("sign", signed, *words, "2", "-o", "none.xml")
    assert missing.code == 2
    assert "không có chữ ký số 2" in missing.err
