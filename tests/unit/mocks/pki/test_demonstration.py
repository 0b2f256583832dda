"""The demonstration PKI: what its certificates say, and that a folder of it is kept whole or refused."""

from __future__ import annotations

import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509.oid import NameOID

import keys
from govgateway.errors import ConfigurationError
from govgateway.signing.certificates import identifiers, is_demonstration
from govgateway.signing.signer import FileSigner
from govgateway.signing.trust import TrustStore
from govgateway_mocks.etax.registry import OFFICE_TAX_CODE, SIGNER_NAME, TAXPAYERS, UNREGISTERED
from govgateway_mocks.pki import (
    ORGANISATION,
    PASSWORD,
    DemonstrationPki,
    Holder,
    Subject,
    Validity,
    organisation,
)
from govgateway_mocks.pki.subjects import PUBLIC_ROLES
from programs import require_program
from simulated import pki, strange_pki

TAX_CODE = "9900000016"
NAME = TAXPAYERS[TAX_CODE].name
AGENCY = organisation("Cơ quan mô phỏng", "MNS:9900055")


def _opened(folder: Path) -> DemonstrationPki:
    """The PKI in ``folder`` as a simulator opens it."""
    opened = DemonstrationPki(folder, lambda: keys.NOW)
    opened.office(SIGNER_NAME, OFFICE_TAX_CODE)
    opened.taxpayer(TAX_CODE, NAME)
    return opened


def _copy(whole: DemonstrationPki, folder: Path) -> Path:
    """A folder like that of ``whole``, to be damaged."""
    _opened(whole.folder)
    return Path(shutil.copytree(whole.folder, folder))


def _office() -> Holder:
    return pki().office(SIGNER_NAME, OFFICE_TAX_CODE)


def _taxpayer(*, expired: bool = False) -> x509.Certificate:
    return _certificate(pki().taxpayer(TAX_CODE, NAME, expired=expired))


def _certificate(path: Path) -> x509.Certificate:
    return FileSigner.read(path, PASSWORD).certificate


def _addresses(certificate: x509.Certificate) -> list[str]:
    """Where the certificate says that its CRL, the OCSP responder and its issuer's certificate are."""
    points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    return [points[0].full_name[0].value, *(each.access_location.value for each in access)]


def _values(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> list[str]:
    return [str(each.value) for each in certificate.subject.get_attributes_for_oid(oid)]


def _bytes(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir() if each.is_file()}


def test_a_taxpayer_is_named_by_uid() -> None:
    certificate = _taxpayer()
    assert _values(certificate, NameOID.USER_ID) == [f"MST:{TAX_CODE}"]
    assert _values(certificate, NameOID.COMMON_NAME) == [NAME]


def test_the_tax_office_is_named_by_organisation_as_the_real_one_is() -> None:
    certificate = _office().certificate
    assert _values(certificate, NameOID.ORGANIZATION_NAME) == [f"MST:{OFFICE_TAX_CODE}"]
    assert _values(certificate, NameOID.USER_ID) == []


def test_everything_issued_says_that_it_is_a_demonstration() -> None:
    for certificate in (pki().root.certificate, pki().issuing.certificate, _office().certificate, _taxpayer()):
        assert is_demonstration(certificate)
    assert "DEMONSTRATION" in ORGANISATION


def test_certificates_are_valid_for_ten_years() -> None:
    certificate = _taxpayer()
    assert certificate.not_valid_before_utc == keys.NOW - timedelta(days=1)
    assert certificate.not_valid_after_utc == keys.NOW + timedelta(days=3650)


def test_an_expired_certificate_expired_yesterday() -> None:
    assert _taxpayer(expired=True).not_valid_after_utc == keys.NOW - timedelta(days=1)


def test_no_certificate_outlives_its_authority(tmp_path: Path) -> None:
    opened = DemonstrationPki(_copy(pki(), tmp_path / "keys"), lambda: keys.NOW + timedelta(days=5000))
    late = opened.public.agency("late", AGENCY).certificate
    assert late.not_valid_before_utc == keys.NOW + timedelta(days=4999)
    assert late.not_valid_after_utc == opened.issuing.certificate.not_valid_after_utc


def test_a_certificate_may_not_be_valid_yet() -> None:
    path = pki().public.signatory(organisation(NAME, f"MST:{TAX_CODE}"), Validity.NOT_YET_VALID)
    assert path.name == f"{TAX_CODE}-not-yet-valid.p12"
    assert _certificate(path).not_valid_before_utc == keys.NOW + timedelta(days=30)


@pytest.mark.parametrize(
    ("uids", "file"),
    [
        (("MST:9900000016-998",), "9900000016-998.p12"),
        (("CCCD:999000000016",), "cccd-999000000016.p12"),
        (("MNS:9900016",), "mns-9900016.p12"),
        (("MST:9900000016", "CCCD:999000000023"), "9900000016-cccd-999000000023.p12"),
    ],
)
def test_a_subject_holds_every_identifier_that_it_has(uids: tuple[str, ...], file: str) -> None:
    path = pki().government.signatory(Subject("Lê Thị Thí Dụ", uids))
    assert path == pki().folder / "government" / file
    assert identifiers(_certificate(path)) == uids


def test_the_two_trust_domains_are_kept_apart() -> None:
    public, government = _taxpayer(), pki().government.agency("treasury", AGENCY).certificate
    trusts = [TrustStore.from_pem(each.trust.read_bytes()) for each in (pki().public, pki().government)]
    believed = [[trust.judge(each, (), keys.NOW).trusted for each in (public, government)] for trust in trusts]
    assert believed == [[True, False], [False, True]]
    assert is_demonstration(government)


def test_every_agency_has_a_key_of_its_own(tmp_path: Path) -> None:
    one, other = (pki().government.agency(name, AGENCY) for name in ("one", "other"))
    assert one.certificate != other.certificate
    assert one == pki().government.agency("one", AGENCY)


def test_certificates_say_where_revocations_are_told(tmp_path: Path) -> None:
    shutil.copy(pki().folder / "root.pem", tmp_path)
    opened = DemonstrationPki(tmp_path, lambda: keys.NOW, "http://127.0.0.1:9999")
    assert _addresses(opened.public.agency("one", AGENCY).certificate) == [
        "http://127.0.0.1:9999/crl/public-ca.crl",
        "http://127.0.0.1:9999/ocsp",
        "http://127.0.0.1:9999/ca/public-ca.cer",
    ]
    assert _addresses(_taxpayer())[0] == "http://127.0.0.1:8700/crl/public-ca.crl"


def test_the_list_of_the_root_is_text_as_the_national_ones_is() -> None:
    assert _addresses(pki().issuing.certificate)[0] == "http://127.0.0.1:8700/crl/public-root.pem"


def test_what_a_simulator_registers_bears_the_same_names_everywhere() -> None:
    names = {role.subject.uids: role.subject.name for role in PUBLIC_ROLES}
    for each in (*TAXPAYERS.values(), UNREGISTERED):
        assert names[(f"MST:{each.tax_code}",)] == each.name


def test_the_key_files_open_with_the_password_that_everybody_knows() -> None:
    data = pki().taxpayer(TAX_CODE, NAME).read_bytes()
    key, certificate, others = pkcs12.load_key_and_certificates(data, b"demo")
    assert key is not None
    assert certificate is not None
    assert others == [pki().issuing.certificate, pki().root.certificate]


def test_the_chain_ends_in_the_root_for_a_strict_validator() -> None:
    trust = TrustStore.from_pem(pki().trust.read_bytes())
    for certificate in (_taxpayer(), _office().certificate):
        assert trust.judge(certificate, (), keys.NOW).trusted
    assert not trust.judge(_taxpayer(expired=True), (), keys.NOW).trusted


def test_key_identifiers_link_the_chain() -> None:
    chain = [_taxpayer(), pki().issuing.certificate, pki().root.certificate]
    for certificate, issuer in zip(chain, [*chain[1:], chain[-1]], strict=True):
        authority = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
        subject = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        assert authority.key_identifier == subject.digest


def test_openssl_verifies_the_chain_strictly(tmp_path: Path) -> None:
    program = require_program("openssl", "apt-get install openssl")
    files = {"root": pki().root.certificate, "issuing": pki().issuing.certificate, "leaf": _taxpayer()}
    for name, certificate in files.items():
        (tmp_path / f"{name}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    arguments = ["-CAfile", "root.pem", "-untrusted", "issuing.pem", "leaf.pem"]
    strict = ["-x509_strict", "-attime", str(int(keys.NOW.timestamp()))]
    done = subprocess.run([program, "verify", *strict, *arguments], cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, b"leaf.pem: OK"), done.stderr


def test_files_are_made_once_and_kept(tmp_path: Path) -> None:
    _opened(tmp_path)
    before = _bytes(tmp_path)
    _opened(tmp_path)
    assert _bytes(tmp_path) == before
    made = {"root.pem", "issuing.pem", "office.pem", "trust.pem", f"{TAX_CODE}.p12", "register.json"}
    assert set(before) == made, "keys that nobody asked for"


@pytest.mark.skipif(os.name != "posix", reason="rights of files are of another kind elsewhere")
def test_private_keys_are_for_their_owner_alone() -> None:
    pki().server()
    for path in pki().folder.rglob("*.p*"):
        assert path.name.endswith("trust.pem") or path.stat().st_mode & 0o077 == 0, path.name


def test_a_folder_whose_making_was_interrupted_is_completed(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    folder.mkdir()
    shutil.copy(pki().folder / "root.pem", folder)
    opened = _opened(folder)
    assert opened.root.certificate == pki().root.certificate
    opened.issuing.certificate.verify_directly_issued_by(opened.root.certificate)
    assert opened.trust.read_bytes() == opened.root.certificate_pem + opened.issuing.certificate_pem


@pytest.mark.parametrize("name", ["office.pem", f"{TAX_CODE}.p12", "trust.pem"])
def test_what_others_do_not_depend_on_is_made_again(name: str, tmp_path: Path) -> None:
    folder = _copy(pki(), tmp_path / "keys")
    (folder / name).unlink()
    _opened(folder)
    assert (folder / name).exists()


@pytest.mark.parametrize("name", ["root.pem", "issuing.pem"])
def test_an_authority_is_not_made_anew_under_what_it_issued(name: str, tmp_path: Path) -> None:
    folder = _copy(pki(), tmp_path / "keys")
    (folder / name).unlink()
    before = _bytes(folder)
    with pytest.raises(ConfigurationError) as refused:
        _opened(folder)
    assert refused.value.where == str(folder / name)
    assert "thiếu tệp" in refused.value.message.vi
    assert str(folder) in refused.value.remedy.vi
    assert _bytes(folder) == before


@pytest.mark.parametrize("name", ["root.pem", "issuing.pem", "office.pem", f"{TAX_CODE}.p12", "register.json"])
@pytest.mark.parametrize("kept", [0.0, 0.5, 0.9])
def test_a_damaged_file_is_refused_by_name(name: str, kept: float, tmp_path: Path) -> None:
    folder = _copy(pki(), tmp_path / "keys")
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[: int(kept * len(data))])
    with pytest.raises(ConfigurationError) as refused:
        _opened(folder)
    assert refused.value.where == str(folder / name)
    assert "tệp bị hỏng" in refused.value.message.vi


@pytest.mark.parametrize("name", ["issuing.pem", "office.pem", f"{TAX_CODE}.p12"])
def test_a_file_of_another_pki_is_refused(name: str, tmp_path: Path) -> None:
    folder, strange = _copy(pki(), tmp_path / "keys"), _copy(strange_pki(), tmp_path / "strange")
    shutil.copy(strange / name, folder)
    with pytest.raises(ConfigurationError) as refused:
        _opened(folder)
    assert refused.value.where == str(folder / name)
    assert "do đơn vị khác cấp" in refused.value.message.vi


def test_a_key_beside_the_certificate_of_another_is_refused(tmp_path: Path) -> None:
    folder = _copy(pki(), tmp_path / "keys")
    (folder / "office.pem").write_bytes(pki().root.key_pem + _office().certificate_pem)
    with pytest.raises(ConfigurationError) as refused:
        _opened(folder)
    assert "không khớp" in refused.value.message.vi


def test_a_folder_from_before_there_was_a_register_works(tmp_path: Path) -> None:
    folder = _copy(pki(), tmp_path / "keys")
    (folder / "register.json").unlink()
    before = _bytes(folder)
    opened = _opened(folder)
    assert before.items() <= _bytes(folder).items()
    issued = opened.register.issued("public-ca")
    assert issued == {each.serial_number: None for each in (_office().certificate, _taxpayer())}


def test_a_register_of_another_shape_is_refused_by_name(tmp_path: Path) -> None:
    folder = _copy(pki(), tmp_path / "keys")
    (folder / "register.json").write_text('{"public-ca": {"1f": {"revoked": "yesterday"}}}')
    with pytest.raises(ConfigurationError) as refused:
        DemonstrationPki(folder).register.issued("public-ca")
    assert refused.value.where == str(folder / "register.json")


def test_threads_that_ask_at_once_get_the_same_key(tmp_path: Path) -> None:
    for name in ("root.pem", "issuing.pem"):
        shutil.copy(pki().folder / name, tmp_path)
    folders = [DemonstrationPki(tmp_path, lambda: keys.NOW) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda each: each.tls.root.certificate, folders))
    assert set(made) == {folders[0].tls.root.certificate}
