"""What ``govgateway verify`` says of a signature: by whose word, by which evidence, and how it ends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

import keys
from authorities import DAY, Authorities, authorities
from govgateway.cli import verdict
from govgateway.cli.fetching import Fetcher
from govgateway.cli.verification import exit_code, keep_evidence, trust_store
from govgateway.configuration import load
from govgateway.documents.xml import read_xml
from govgateway.errors import Text, UsageError
from govgateway.signing import profiles
from govgateway.signing.asking import FetchFailed
from govgateway.signing.revocation import RevocationStatus
from govgateway.signing.sign import sign
from govgateway.signing.stamping import TIME_STAMP_QUERY, add_time_stamp
from govgateway.signing.trust import TrustStore
from govgateway.signing.verify import Verification, VerifiedSignature, verify
from samples import declaration
from signed import PROFILE, signed_by
from unit.cli.command_line import CommandLine
from unit.docs.pages import Page, rows

NOW = keys.NOW
PAGE = Page("docs/verification.md")


@pytest.fixture
def ca() -> Authorities:
    return authorities()


@pytest.fixture
def signed(govgateway: CommandLine, ca: Authorities) -> Path:
    """A declaration signed by its department; the public domain is trusted."""
    path = govgateway.folder / "01PH-signed.xml"
    path.write_bytes(signed_by(declaration(), ca.holder("9900000016")))
    assert govgateway("trust", "add", ca.pki.trust, "--domain", "public").code == 0
    return path


@pytest.fixture
def online(govgateway: CommandLine, signed: Path) -> Path:
    """The same where authorities are asked."""
    assert govgateway("config", "set", "revocation", "online").code == 0
    return signed


def _said(out: str, label: str) -> str:
    """What stands after ``label`` in the verdict."""
    found = [line.partition(": ")[2] for line in out.splitlines() if line.strip().startswith(f"{label}: ")]
    assert len(found) == 1, (label, out)
    return found[0]


def _told(govgateway: CommandLine, path: Path) -> dict[str, Any]:
    (told,) = govgateway("verify", path, "--json").json["signatures"]
    assert isinstance(told, dict)
    return told


def test_the_page_shows_what_the_program_says(govgateway: CommandLine, online: Path) -> None:
    ended = govgateway("verify", online)
    assert ended.code == 0
    (example,) = PAGE.blocks("text")
    assert ended.out == example


def test_the_page_explains_every_line() -> None:
    labels = [*verdict._LABELS.values(), *verdict._IDENTITIES.values()]
    explained = rows(PAGE.section("Line by line"))
    assert {(row[0], row[1]) for row in explained} == {(each.vi, each.en) for each in labels}


def test_a_revocation_that_nobody_looked_for_is_a_warning(govgateway: CommandLine, signed: Path) -> None:
    ended = govgateway("verify", signed)
    assert ended.code == 0
    assert _said(ended.out, "Thu hồi") == "CẢNH BÁO: chưa rõ – không có CRL hay trả lời OCSP nào"
    revocation = _told(govgateway, signed)["revocation"]
    assert (revocation["status"], revocation["as_of"], revocation["evidence"]) == ("unknown", None, [])


def test_whose_signature_it_is_is_told_in_full(govgateway: CommandLine, online: Path) -> None:
    told = _told(govgateway, online)
    assert (told["domain"], told["time_source"], told["algorithms"]) == ("public", "claimed", ["RSA-SHA256", "SHA256"])
    certificate = told["certificate"]
    assert certificate["identities"] == [{"kind": "tax_code", "number": "9900000016"}]
    assert certificate["issuer"] == "CN=DEMONSTRATION Public CA,O=govgateway DEMONSTRATION,C=VN"
    assert certificate["managing_unit"] == "Sở Xây dựng tỉnh An Hoà"
    assert certificate["key_usage"] == ["digital_signature", "content_commitment"]
    assert (told["revocation"]["status"], told["revocation"]["as_of"]) == ("good", "2026-11-16T10:00:00+07:00")
    assert len(told["revocation"]["evidence"]) == 2


def test_a_revoked_certificate_is_told_with_time_and_reason(govgateway: CommandLine, ca: Authorities) -> None:
    holder = ca.holder("9900000048")
    ca.pki.revoke(holder.certificate, NOW - DAY / 4, x509.ReasonFlags.key_compromise)
    path = govgateway.folder / "revoked.xml"
    path.write_bytes(signed_by(declaration(), holder))
    govgateway("trust", "add", ca.pki.trust, "--domain", "public")
    govgateway("config", "set", "revocation", "online")
    ended = govgateway("verify", path)
    assert ended.code == 3
    assert _said(ended.out, "Thu hồi") == "ĐÃ BỊ THU HỒI lúc 16/11/2026 04:00:00 – lộ khoá bí mật"


def test_the_view_of_a_document_goes_by_the_same_trust(govgateway: CommandLine, signed: Path) -> None:
    assert "tin cậy" in govgateway("view", signed).out
    assert "CHƯA XÁC LẬP TIN CẬY" not in govgateway("view", signed).out


def test_the_setting_is_offline_or_online(govgateway: CommandLine) -> None:
    ended = govgateway("config", "set", "revocation", "sometimes")
    assert ended.code == 5
    assert "offline" in ended.err


@pytest.fixture
def verification(ca: Authorities) -> Verification:
    data = signed_by(declaration(), ca.holder("9900000016"))
    return verify(read_xml(data), PROFILE, ca.trust(ca.lists(NOW)), NOW)


def test_evidence_is_kept_and_gives_the_same_verdict_offline(
    govgateway: CommandLine, ca: Authorities, verification: Verification
) -> None:
    kept = keep_evidence(verification, govgateway.folder / "evidence")
    assert [each.suffix for each in kept] == [".crl", ".crl"]
    Path("roots.pem").write_bytes(ca.pki.trust.read_bytes())
    store = trust_store(load(), "etax", [Path("roots.pem")], kept)
    again = verify(read_xml(signed_by(declaration(), ca.holder("9900000016"))), PROFILE, store, NOW + 900 * DAY)
    assert again.signatures[0].revocation == verification.signatures[0].revocation
    assert keep_evidence(again, govgateway.folder / "evidence") == kept, "written again it is the same"


@pytest.mark.parametrize("data", [None, b"nonsense"])
def test_a_file_that_is_no_evidence_is_refused(govgateway: CommandLine, data: bytes | None) -> None:
    path = govgateway.folder / "list.crl"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(UsageError) as refused:
        trust_store(load(), "etax", [], [path])
    assert refused.value.where == str(path)


def test_where_status_was_to_be_checked_not_to_know_it_is_not_enough(ca: Authorities) -> None:
    def ended(store: TrustStore, *, asked: bool) -> int:
        data = signed_by(declaration(), ca.holder("9900000016"))
        return exit_code(verify(read_xml(data), PROFILE, store, NOW), asked=asked)

    good, unknown = ca.trust(ca.lists(NOW)), ca.trust()
    assert [ended(good, asked=True), ended(unknown, asked=False), ended(unknown, asked=True)] == [0, 0, 3]


def test_a_time_stamp_is_told(ca: Authorities) -> None:
    ca.pki.time_stamp_authority()
    profile = profiles.installed()["xades"]
    report = read_xml(b"<report/>")
    data = sign(report, profile, ca.holder("9900000016").signer, at=NOW, random_id=lambda: "x")
    fetch = Fetcher()
    stamped = add_time_stamp(read_xml(data), 1, lambda body: fetch(f"{ca.address}/tsa", body, TIME_STAMP_QUERY))
    (signature,) = verify(read_xml(stamped), profile, ca.trust(), NOW).signatures
    said = {label.vi: text.vi for label, text in verdict.lines(signature)}
    assert said["Thời điểm ký"] == "16/11/2026 10:00:00 (theo dấu thời gian)"
    assert said["Dấu thời gian"].startswith("16/11/2026 10:00:00 do DEMONSTRATION TSA, tin cậy – chưa kiểm tra")
    assert said["Mức chữ ký"] == "XAdES B-T"


@pytest.fixture
def signature(verification: Verification) -> VerifiedSignature:
    return verification.signatures[0]


def test_what_is_outdated_or_not_signed_is_said(signature: VerifiedSignature) -> None:
    odd = replace(signature, legacy=True, not_covered=("/a/@b", "/a/c"), countersigns=2)
    said = [f"{label.vi}: {text.vi}" for label, text in verdict.lines(odd)]
    for each in ("Thuật toán: CẢNH BÁO: đã lỗi thời", "KHÔNG ĐƯỢC KÝ: /a/@b", "KHÔNG ĐƯỢC KÝ: /a/c"):
        assert each in said
    assert "Xác nhận chữ ký: 2" in said


def test_a_broken_signature_says_nothing_of_its_validity(signature: VerifiedSignature) -> None:
    broken = replace(
        signature, intact=False, reason=Text("nội dung đã bị sửa", "changed"), trusted=False, revocation=None,
        signing_time=None, time_source=None, domain=None, signed_path="",
    )  # fmt: skip
    said = {label.vi: text.vi for label, text in verdict.lines(broken)}
    assert said["Tính toàn vẹn"] == "nội dung đã bị sửa"
    assert not {"Hiệu lực khi ký", "Thu hồi", "Thời điểm ký", "Miền tin cậy"} & said.keys()
    assert "KHÔNG HỢP LỆ" in verdict.headline(broken, "vi")


def test_an_expired_certificate_is_said_to_have_been(ca: Authorities, signature: VerifiedSignature) -> None:
    later = verify(
        read_xml(signed_by(declaration(), keys.leaf(days=(-30, -10)))), PROFILE, keys.trust(), NOW
    ).signatures[0]
    said = {label.vi: text.vi for label, text in verdict.lines(later)}
    assert said["Hiệu lực khi ký"] == "KHÔNG: chứng thư đã hết hạn tại thời điểm đó"
    assert later.revocation is not None
    assert later.revocation.status is RevocationStatus.UNKNOWN


@pytest.fixture
def fetcher() -> Fetcher:
    return Fetcher()


def test_a_list_is_fetched_once(fetcher: Fetcher, ca: Authorities, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"{ca.address}/crl/public-ca.crl"
    first = fetcher(address)
    assert x509.load_der_x509_crl(first).issuer == ca.pki.issuing.certificate.subject
    ca.now = NOW + DAY
    try:
        assert fetcher(address) == first
        assert Fetcher()(address) != first
    finally:
        ca.now = NOW


@pytest.mark.parametrize(
    ("path", "reason"), [("/crl/nobody.crl", "máy chủ trả lời HTTP 404"), ("/ocsp", "máy chủ trả lời HTTP 405")]
)
def test_what_is_not_there_is_told(fetcher: Fetcher, ca: Authorities, path: str, reason: str) -> None:
    with pytest.raises(FetchFailed) as failed:
        fetcher(ca.address + path)
    assert failed.value.reason.vi == f"{ca.address}{path}: {reason}"


def test_a_server_that_is_down_is_told(fetcher: Fetcher) -> None:
    for body in (b"", b"question"):
        with pytest.raises(FetchFailed) as failed:
            fetcher("http://127.0.0.1:1/ocsp", body)
        assert failed.value.reason.vi == "http://127.0.0.1:1/ocsp: không kết nối được"
