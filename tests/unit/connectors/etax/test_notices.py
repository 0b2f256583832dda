"""Whose a notice is: only what the tax office signed is read."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

import keys
from govgateway.errors import AnswerRefused, UnreadableDocument
from govgateway.filing import Status
from govgateway.signing.trust import TrustStore
from govgateway_etax.notices import is_office, is_reference, notice_kinds, opened, read_kinds
from signed import PROFILES, signed_declaration
from taxoffice import PROFILE, notice, office, unsigned

ACCEPTED = "<trangThai>Y</trangThai><maGiaoDichDTu>10820260000000001</maGiaoDichDTu>"
SIGNED = notice("844", ACCEPTED)
TAXPAYER = keys.leaf()


def refusal(data: bytes, trust: TrustStore | None = None) -> AnswerRefused:
    with pytest.raises(AnswerRefused) as refused:
        opened(data, PROFILE, trust or keys.trust(), keys.NOW)
    return refused.value


def test_the_offices_notice_is_opened() -> None:
    content, signer = opened(SIGNED, PROFILE, keys.trust(), keys.NOW)
    assert signer == "CƠ QUAN THUẾ MÔ PHỎNG"
    assert content.startswith(b"<TBaoThue xmlns=")
    assert b"<trangThai>Y</trangThai>" in content


def _both(first: keys.Holder, second: keys.Holder) -> bytes:
    """One notice with a signature by each."""
    signature = re.search(rb"<Signature .*</Signature>", notice("844", ACCEPTED, by=second), re.DOTALL)
    assert signature
    return notice("844", ACCEPTED, by=first).replace(b"</CKyDTu>", signature[0] + b"</CKyDTu>")


def test_the_office_need_not_be_the_only_one_to_sign() -> None:
    """A T-VAN or an officer may sign too; the office's own signature is what counts."""
    for data in (_both(TAXPAYER, office()), _both(office(), TAXPAYER)):
        _, signer = opened(data, PROFILE, keys.trust(), keys.NOW)
        assert signer == "CƠ QUAN THUẾ MÔ PHỎNG"


def test_an_unsigned_notice_is_refused() -> None:
    refused = refusal(unsigned("844", ACCEPTED))
    assert "(chưa ký)" in refused.message.vi
    assert "(not signed)" in refused.message.en


@pytest.mark.parametrize(
    "altered",
    [
        lambda: SIGNED.replace(b"<trangThai>Y<", b"<trangThai>N<"),
        lambda: SIGNED.replace(b"10820260000000001", b"10820260000000002"),
        lambda: SIGNED.replace(b"<maNNhan>9900000016<", b"<maNNhan>9900000023<"),
        lambda: SIGNED.replace(b"<NDungTBao>", b"<NDungTBao>\n"),
        lambda: SIGNED.replace(b"<trangThai>Y<", b"<trangThai>Y<!-- N --><"),
        lambda: re.sub(rb"<SignatureValue>.", b"<SignatureValue>A", SIGNED),
        lambda: SIGNED.replace(b"<CKyDTu>", b"<Khac>").replace(b"</CKyDTu>", b"</Khac>"),
        lambda: _both(office(), TAXPAYER).replace(b"<DigestValue>", b"<DigestValue>AAAA", 1),
    ],
)
def test_an_altered_notice_is_refused(altered: Callable[[], bytes]) -> None:
    assert altered() != SIGNED
    refused = refusal(altered())
    assert "chữ ký không hợp lệ" in refused.message.vi
    assert refused.remedy.vi


def test_a_strangers_notice_is_refused_though_it_bears_the_offices_name() -> None:
    forged = keys.leaf("MST:9900000055", common="CƠ QUAN THUẾ MÔ PHỎNG", organisation="Người lạ")
    refused = refusal(notice("844", ACCEPTED, by=forged))
    assert "không rõ đơn vị cấp chứng thư" in refused.message.vi
    assert "chưa cấu hình" in refusal(SIGNED, TrustStore.empty()).message.vi


def test_a_notice_by_somebody_trusted_who_is_not_the_office_is_refused_by_name() -> None:
    refused = refusal(notice("844", ACCEPTED, by=TAXPAYER))
    assert "(người ký: Sở Xây dựng tỉnh An Hoà)" in refused.message.vi
    assert "(signed by Sở Xây dựng tỉnh An Hoà)" in refused.message.en


def test_a_forged_office_beside_a_trusted_taxpayer_is_refused() -> None:
    """Trust and name must meet in one certificate."""
    forged = keys.leaf("MST:9900000055", common="CƠ QUAN THUẾ MÔ PHỎNG", organisation="Người lạ")
    for data in (_both(TAXPAYER, forged), _both(forged, TAXPAYER)):
        assert "không do cơ quan thuế ký" in refusal(data).message.vi


def test_another_root_is_no_notice() -> None:
    assert "không phải thông báo" in refusal(signed_declaration()).message.vi
    assert "không phải thông báo" in refusal(b"<TBaoThueDTu/>").message.vi


@pytest.mark.parametrize("data", [b"", b"cid:x", b"%PDF-1.7", SIGNED[:-10]])
def test_what_is_no_xml_is_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableDocument):
        opened(data, PROFILE, keys.trust(), keys.NOW)


def test_what_stands_outside_the_signed_node_is_not_in_the_content() -> None:
    other = b"<NDungTBao><trangThai>N</trangThai></NDungTBao>"
    for beside in (
        SIGNED.replace(b"<TBaoThue ", other + b"<TBaoThue ", 1),
        SIGNED.replace(b"</TBaoThueDTu>", other + b"</TBaoThueDTu>"),
    ):
        content, _ = opened(beside, PROFILE, keys.trust(), keys.NOW)
        assert content == opened(SIGNED, PROFILE, keys.trust(), keys.NOW)[0]
        assert b">N<" not in content


def test_a_declarations_profile_opens_no_notice() -> None:
    with pytest.raises(AnswerRefused):
        opened(SIGNED, PROFILES["etax-2026"], keys.trust(), keys.NOW)


@pytest.mark.parametrize(
    ("identifiers", "office"),
    [
        (("MST:0100231226",), True),
        (("CCCD:1", "MST:9900000055"), True),
        (("MST:0100231226-001",), False),
        (("0100231226",), False),
        ((), False),
    ],
)
def test_the_office_is_known_by_its_identifier(identifiers: tuple[str, ...], office: bool) -> None:
    assert is_office(identifiers) is office


def test_the_kinds_of_notice_and_what_they_prove() -> None:
    proves = {code: dict(kind.answers) for code, kind in notice_kinds().items()}
    assert proves["843"] == {"Y": Status.RECEIVED, "0": Status.RECEIVED, "N": Status.REJECTED}
    assert proves["844"] == {"Y": Status.ACCEPTED, "N": Status.REJECTED}
    assert proves["211"] == proves["213"] == {"03": Status.REJECTED}


def test_a_kind_that_proves_no_status_is_a_mistake_in_the_data() -> None:
    table = '["1"]\ntitle = { vi = "a", en = "b" }\nanswer_element = "x"\nanswers = { Y = "%s" }\n'
    assert read_kinds(table % "ACCEPTED")["1"].answers == {"Y": Status.ACCEPTED}
    with pytest.raises(ValueError, match="PERHAPS"):
        read_kinds(table % "PERHAPS")


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("00010-0002-12032019172312277-42528", True),
        ("7/2026/TB-TĐT", True),
        ("1" * 255, True),
        ("1" * 256, False),
        ("", False),
        ("a\nb", False),
        ("a\tb", False),
        ("a\x85b", False),
        ("a\u200bb", False),
    ],
)
def test_what_can_be_a_reference(text: str, good: bool) -> None:
    assert is_reference(text) is good
