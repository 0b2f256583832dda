"""The demonstration keys written out: every file is there, is what the README says, and goes into a token."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from govgateway.signing.certificates import identifiers, is_demonstration, names_owner
from govgateway.signing.signer import FileSigner
from govgateway_mocks.etax.registry import OFFICE_TAX_CODE, SIGNER_NAME
from govgateway_mocks.pki import PASSWORD, DemonstrationPki
from govgateway_mocks.pki.export import Written, write_out
from programs import require_program

FOLDERS = {"certificates", "crl", "softhsm", "time-stamps", "tls"}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[DemonstrationPki, list[Written]]:
    pki = DemonstrationPki(tmp_path_factory.mktemp("written out"))
    pki.office(SIGNER_NAME, OFFICE_TAX_CODE)
    return pki, write_out(pki)


@pytest.fixture(scope="module")
def folder(written: tuple[DemonstrationPki, list[Written]]) -> Path:
    return written[0].folder


@pytest.fixture(scope="module")
def certificates(folder: Path) -> Mapping[str, x509.Certificate]:
    """The certificate of every key file, as the gateway opens it."""
    return {
        path.relative_to(folder).as_posix(): FileSigner.read(path, PASSWORD).certificate
        for path in folder.rglob("*.p12")
    }


def test_the_readme_lists_what_there_is(folder: Path) -> None:
    listed = set(re.findall(r"^\| `([^`]+)` \|", (folder / "README.md").read_text("utf-8"), re.MULTILINE))
    files = {each.relative_to(folder) for each in folder.rglob("*") if each.is_file()} - {Path("README.md")}
    there = {f"{each.parts[0]}/" if each.parts[0] in FOLDERS else each.as_posix() for each in files}
    assert listed == there


def test_the_readme_says_in_both_languages_that_nothing_is_real(folder: Path) -> None:
    text = (folder / "README.md").read_text("utf-8")
    assert "Chỉ dùng với các bộ mô phỏng" in text
    assert "For the simulators of govgateway only." in text
    assert "http://127.0.0.1:8700" in text


def test_every_entry_has_a_meaning_in_both_languages(written: tuple[DemonstrationPki, list[Written]]) -> None:
    for each in written[1]:
        assert each.path.exists()
        assert each.meaning.vi.endswith(".")
        assert each.meaning.en.endswith(".")


def test_every_key_says_that_it_is_a_demonstration(certificates: Mapping[str, x509.Certificate]) -> None:
    assert len(certificates) == 13
    assert all(is_demonstration(each) for each in certificates.values())


def test_every_form_of_identifier_is_among_the_keys(certificates: Mapping[str, x509.Certificate]) -> None:
    kinds = {tuple(uid.partition(":")[0] for uid in identifiers(each)) for each in certificates.values()}
    assert kinds == {("MST",), ("CCCD",), ("MNS",), ("MST", "CCCD"), ("MST", "MNS")}


def test_every_code_is_invented(certificates: Mapping[str, x509.Certificate]) -> None:
    for certificate in certificates.values():
        assert all(re.fullmatch(r"[A-Z]+:99[0-9]+(-[0-9]{3})?", each) for each in identifiers(certificate))


def test_the_wrong_owners_certificate_is_another_codes(certificates: Mapping[str, x509.Certificate]) -> None:
    wrong = certificates["9900000048.p12"]
    assert names_owner(wrong, "MST:9900000048")
    assert not names_owner(wrong, "MST:9900000016")


def test_an_agencys_key_is_told_of(written: tuple[DemonstrationPki, list[Written]]) -> None:
    assert written[0].folder / "office.pem" in {each.path for each in written[1]}


def test_the_lists_have_the_revoked_certificate_alone(
    folder: Path, certificates: Mapping[str, x509.Certificate]
) -> None:
    revoked = certificates["9900000016-revoked.p12"]
    crl = x509.load_der_x509_crl((folder / "crl" / "public-ca.crl").read_bytes())
    assert [each.serial_number for each in crl] == [revoked.serial_number]
    assert x509.load_pem_x509_crl((folder / "crl" / "public-ca.pem").read_bytes()) == crl
    assert len(list((folder / "crl").iterdir())) == 10


def test_certificates_are_there_as_text(folder: Path, certificates: Mapping[str, x509.Certificate]) -> None:
    for name, certificate in certificates.items():
        path = folder / "certificates" / Path(name).with_suffix(".pem").name
        assert x509.load_pem_x509_certificate(path.read_bytes()) == certificate


def test_writing_out_again_keeps_the_keys(written: tuple[DemonstrationPki, list[Written]], folder: Path) -> None:
    before = {path: path.read_bytes() for path in [*folder.rglob("*.p12"), folder / "register.json"]}
    assert [each.path for each in write_out(DemonstrationPki(folder))] == [each.path for each in written[1]]
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.skipif(os.name != "posix", reason="rights of files are of another kind elsewhere")
def test_private_keys_are_for_their_owner_alone(folder: Path) -> None:
    private = [*folder.rglob("*.p12"), *folder.rglob("*.key.pem"), *folder.rglob("root.pem")]
    assert len(private) == 13 + 13 + 4
    assert all(each.stat().st_mode & 0o077 == 0 for each in private)


class _Token:
    """A SoftHSM token of the test's own, into which the written script imported the keys."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.util = require_program("softhsm2-util", "apt-get install softhsm2 opensc")
        self.tool = require_program("pkcs11-tool", "apt-get install softhsm2 opensc")
        (home / "tokens").mkdir()
        (home / "softhsm2.conf").write_text(f"directories.tokendir = {home / 'tokens'}\nobjectstore.backend = file\n")
        self._environment = {**os.environ, "SOFTHSM2_CONF": str(home / "softhsm2.conf")}
        self.script = str(folder / "import-softhsm.sh")
        self.imported = self.run("sh", self.script)
        self._module = self.imported.stdout.rpartition("PKCS#11: ")[2].strip()

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False)

    def pkcs11(self, *arguments: str) -> str:
        options = ("--module", self._module, "--token-label", "govgateway-demo", "--login", "--pin", "1234")
        done = self.run(self.tool, *options, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout


def test_the_script_imports_every_key_into_a_token(folder: Path, tmp_path: Path) -> None:
    token = _Token(folder, tmp_path)
    assert token.imported.returncode == 0, token.imported.stderr
    objects = [line.split() for line in (folder / "softhsm" / "objects.txt").read_text().splitlines()]
    assert len(objects) == len({name for _, name in objects}) == 13
    for kind in ("cert", "privkey"):
        listed = token.pkcs11("--list-objects", "--type", kind)
        assert sorted(re.findall(r"label: +(\S+)", listed)) == sorted(name for _, name in objects)
    (tmp_path / "data").write_bytes(b"to be signed")
    identifier, name = objects[-1]
    files = ("--input-file", str(tmp_path / "data"), "--output-file", str(tmp_path / "signature"))
    token.pkcs11("--sign", "--mechanism", "SHA256-RSA-PKCS", "--id", identifier, *files)
    certificate = x509.load_der_x509_certificate((folder / "softhsm" / f"{name}.cer").read_bytes())
    key = certificate.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify((tmp_path / "signature").read_bytes(), b"to be signed", padding.PKCS1v15(), hashes.SHA256())


def test_the_script_leaves_a_token_that_is_there_alone(folder: Path, tmp_path: Path) -> None:
    token = _Token(folder, tmp_path)
    again = token.run("sh", token.script)
    assert again.returncode == 1
    assert "Đã có token govgateway-demo" in again.stderr
