"""``govgateway trust``: whom an installation believes, by domain."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

import keys
import simulated
from govgateway.signing.certificates import fingerprint
from govgateway.signing.trust import Domain
from unit.cli.command_line import CommandLine

ROOT = fingerprint(keys.root().certificate)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    path = tmp_path / "root.crt"
    path.write_bytes(keys.root().certificate.public_bytes(Encoding.DER))
    return path


def test_nobody_is_trusted_at_first(govgateway: CommandLine) -> None:
    ended = govgateway("trust", "list")
    assert (ended.code, ended.out) == (
        0,
        "Chưa tin cậy đơn vị nào. Thêm: govgateway trust add TỆP --domain public\n",
    )
    assert govgateway("trust", "list", "--json").json == {"authorities": []}


def test_an_authority_is_added_with_its_fingerprint_to_be_compared(govgateway: CommandLine, root: Path) -> None:
    ended = govgateway("trust", "add", root, "--domain", "government")
    assert ended.code == 0
    assert ended.out == (
        "Đã tin cậy, miền chuyên dùng Chính phủ\n"
        f"  Root Thử nghiệm\n    SHA-256 {ROOT}\n"
        "    có hiệu lực từ 18/11/2016 10:00:00 đến 13/11/2036 10:00:00\n"
        "Hãy so vân tay với bản do đơn vị cấp công bố.\n"
    )
    listed = govgateway("trust", "list")
    assert listed.out.splitlines()[:3] == [
        "chuyên dùng Chính phủ (government)",
        "  Root Thử nghiệm",
        f"    SHA-256 {ROOT}",
    ]


def test_the_list_for_a_program_says_all(govgateway: CommandLine, root: Path) -> None:
    govgateway("trust", "add", root, "--domain", "public")
    (told,) = govgateway("trust", "list", "--json").json["authorities"]
    name = ROOT.replace(":", "").lower()
    assert told == {
        "domain": "public",
        "subject": "CN=Root Thử nghiệm,O=Thử nghiệm,C=VN",
        "fingerprint": ROOT,
        "valid_from": "2016-11-18T03:00:00+00:00",
        "valid_to": "2036-11-13T03:00:00+00:00",
        "root": True,
        "demonstration": False,
        "file": str(govgateway.folder / "trust" / "public" / f"{name}.pem"),
    }


def test_several_come_in_one_file(govgateway: CommandLine) -> None:
    both = [keys.root().certificate, keys.issuing().certificate]
    Path("both.p7b").write_bytes(pkcs7.serialize_certificates(both, Encoding.DER))
    assert govgateway("trust", "add", "both.p7b", "--domain", "public").code == 0
    told = govgateway("trust", "list", "--json").json["authorities"]
    assert sorted(each["root"] for each in told) == [False, True]
    assert govgateway("trust", "add", "both.p7b", "--domain", "public").code == 0, "twice is once"
    assert len(govgateway("trust", "list", "--json").json["authorities"]) == 2


def test_demonstration_authorities_are_marked(govgateway: CommandLine) -> None:
    ended = govgateway("trust", "add", simulated.pki().trust, "--domain", "public", "--lang", "en")
    assert "  DEMONSTRATION National Root CA · SIMULATION\n" in ended.out


def test_the_domains_are_kept_apart(govgateway: CommandLine, root: Path) -> None:
    govgateway("trust", "add", root, "--domain", "public")
    ended = govgateway("trust", "add", root, "--domain", "government")
    assert ended.code == 2
    assert "đã được tin cậy ở miền khác: chữ ký số công cộng" in ended.err
    assert f"govgateway trust remove {ROOT[:23]}" in ended.err


@pytest.mark.parametrize(
    "written", [ROOT, ROOT.replace(":", "").lower(), ROOT[:23]], ids=["as shown", "bare", "its beginning"]
)
def test_an_authority_is_removed_by_its_fingerprint(govgateway: CommandLine, root: Path, written: str) -> None:
    govgateway("trust", "add", root, "--domain", "public")
    ended = govgateway("trust", "remove", written)
    assert (ended.code, ended.out) == (0, "Thôi tin cậy: Root Thử nghiệm\n")
    assert govgateway("trust", "list", "--json").json == {"authorities": []}


@pytest.mark.parametrize("written", ["", ROOT[:5], "00:00:00:00:00:00"], ids=["nothing", "too short", "of nobody"])
def test_nobody_is_removed_by_a_guess(govgateway: CommandLine, root: Path, written: str) -> None:
    govgateway("trust", "add", root, "--domain", "public")
    ended = govgateway("trust", "remove", written)
    assert ended.code == 2
    assert "govgateway trust list" in ended.err
    assert len(govgateway("trust", "list", "--json").json["authorities"]) == 1


def test_only_authorities_are_trusted(govgateway: CommandLine) -> None:
    Path("leaf.pem").write_bytes(keys.leaf().certificate.public_bytes(Encoding.PEM))
    ended = govgateway("trust", "add", "leaf.pem", "--domain", "public")
    assert ended.code == 2
    assert "không phải là đơn vị cấp" in ended.err


@pytest.mark.parametrize("data", [None, b"nonsense"])
def test_a_file_that_holds_none(govgateway: CommandLine, data: bytes | None) -> None:
    if data is not None:
        Path("none.pem").write_bytes(data)
    ended = govgateway("trust", "add", "none.pem", "--domain", "public")
    assert ended.code == 2
    assert "none.pem" in ended.err


def test_a_domain_has_to_be_named_and_known(govgateway: CommandLine, root: Path) -> None:
    assert govgateway("trust", "add", root).code == 2
    assert govgateway("trust", "add", root, "--domain", "web").code == 2


def test_a_file_that_was_damaged_is_told(govgateway: CommandLine, root: Path) -> None:
    govgateway("trust", "add", root, "--domain", "public")
    (kept,) = (govgateway.folder / "trust" / Domain.PUBLIC).iterdir()
    kept.write_bytes(b"")
    ended = govgateway("trust", "list")
    assert ended.code == 5
    assert str(kept) in ended.err


def test_a_folder_that_cannot_be_made(govgateway: CommandLine, root: Path) -> None:
    (govgateway.folder / "trust").write_bytes(b"")
    ended = govgateway("trust", "add", root, "--domain", "public")
    assert ended.code == 6
    assert ended.err.startswith("Lỗi GG-003: ")
