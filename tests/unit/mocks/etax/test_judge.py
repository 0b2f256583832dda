"""Every check of the simulated tax office, with a declaration that has only that defect."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

import keys
from govgateway.documents.xml import read_xml
from govgateway.signing.sign import sign
from govgateway_mocks.etax import judge
from govgateway_mocks.etax.judge import Check
from govgateway_mocks.pki import organisation
from govgateway_mocks.pki.files import read_holder
from samples import declaration
from signed import PROFILE, signed_by
from simulated import (
    OTHER,
    RECEIPT_DELAY,
    UNREGISTERED,
    VERDICT_DELAY,
    Clock,
    fields,
    filed,
    holder,
    office,
    period,
    pki,
    signed_by_xmlsec,
    strange_pki,
)

CHECKS = {check.__name__: check for check in (*judge.FORMAT, *judge.RECEIPT, *judge.ACCEPTANCE)}
NO_SCHEMA = (("<maTKhai>879<", "<maTKhai>859<"), ("<pbanTKhaiXML>2.7.5<", "<pbanTKhaiXML>2.8.3<"))
"""Makes the declaration one of a form that the simulator has no schema for."""
NODE_TO_SIGN = ('<HSoKhaiThue id="ID_1">', '<HSoKhaiThue id="NODETOSIGN">')
HEADER = "/HSoThueDTu/HSoKhaiThue/TTinChung/TTinTKhaiThue"

SCHEMA = "Tờ khai không đúng định dạng với XSD: "
CATALOGUE = "Mã hồ sơ ({}) hoặc phiên bản hồ sơ ({}) không đúng"
UNSIGNED = "Hồ sơ chưa được ký điện tử hoặc chữ ký không đúng vị trí"
BROKEN = "Hồ sơ đã bị sửa sau khi ký điện tử hoặc chữ ký điện tử trên hồ sơ không hợp lệ"
NO_ISSUER = "Không tìm thấy chứng thư số của nhà cung cấp"
AMBIGUOUS = "Mã {} mà chữ ký điện tử tham chiếu đến có ở nhiều nơi trong hồ sơ"
FUTURE = "Kỳ tính thuế chưa bắt đầu"


@dataclass(frozen=True)
class Defect:
    """A declaration that only ``check`` has anything against; ``answer`` is the notice and its trangThai."""

    check: str
    document: Callable[[], bytes]
    answer: str
    reason: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    alone: bool = True


def _swapped(data: bytes, old: bytes, new: bytes) -> bytes:
    assert data.count(old) >= 1, old
    return data.replace(old, new, 1)


def _whole_signature(data: bytes) -> bytes:
    found = re.search(rb"<Signature .*</Signature>", data, re.DOTALL)
    assert found is not None
    return found[0]


def _wrapped_signature() -> bytes:
    data = filed()
    whole = _whole_signature(data)
    return data.replace(whole, b'<Object xmlns="http://www.w3.org/2000/09/xmldsig#">' + whole + b"</Object>")


def _second_signature_elsewhere() -> bytes:
    data = filed()
    second = b"<Object>" + _whole_signature(filed(by=holder(OTHER))) + b"</Object></Signature></CKyDTu>"
    return _swapped(data, b"</Signature></CKyDTu>", second)


def _invalid_second_signature() -> bytes:
    data = filed()
    changed = re.sub(rb"<SignatureValue>.", b"<SignatureValue>#", _whole_signature(filed(by=holder(OTHER))))
    return _swapped(data, b"</CKyDTu>", changed + b"</CKyDTu>")


def _second_signing_time() -> bytes:
    data = filed()
    holder_of_time = re.search(rb'<Object Id="[^"]+">', data)
    assert holder_of_time is not None
    return _swapped(data, b"</Signature></CKyDTu>", holder_of_time[0] + b"</Object></Signature></CKyDTu>")


def _xmlsec(*references: str, changes: tuple[tuple[str, str], ...] = (), **algorithms: str) -> bytes:
    return signed_by_xmlsec(declaration(NODE_TO_SIGN, *changes), references or ("NODETOSIGN",), **algorithms)


def _hidden_by_a_transform() -> bytes:
    """A figure outside what an XPath transform lets through, changed after signing."""
    transforms = (
        '<Transforms><Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><XPath>'
        "not(ancestor-or-self::*[local-name() = 'nguoiKy'])</XPath></Transform></Transforms>"
    )
    return _swapped(_xmlsec(transforms=transforms), "Trần Thị Mẫu".encode(), "Lê Văn Khác".encode())


def _utf16() -> bytes:
    """Signed by xmlsec, then written in another encoding: the signature is not about the encoding."""
    text = _xmlsec().decode().replace("encoding='UTF-8'", "encoding='UTF-16'")
    assert "UTF-16" in text
    return text.encode("utf-16")


def _signed_at(at: datetime) -> bytes:
    """Signed with a time of signing that is long ago or to come."""
    return sign(declaration(), PROFILE, holder().signer, at=at, random_id=lambda: secrets.token_hex(16))


@cache
def _issued(**changes: bool) -> keys.Holder:
    """The department's key with a certificate whose usages are ``changes``."""
    usual = dict.fromkeys(
        ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False
    )  # fmt: skip
    known, issuing = holder().certificate, pki().issuing
    builder = (
        x509.CertificateBuilder()
        .subject_name(known.subject)
        .issuer_name(issuing.certificate.subject)
        .public_key(known.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(known.not_valid_before_utc)
        .not_valid_after(known.not_valid_after_utc)
    )
    if changes:
        builder = builder.add_extension(x509.KeyUsage(**{**usual, **changes}), critical=True)
    return keys.Holder(holder().key, builder.sign(issuing.key, hashes.SHA256()))


@cache
def _revoked() -> keys.Holder:
    """The department's key with a certificate that is revoked since yesterday."""
    found = _issued(digital_signature=True, content_commitment=True)
    pki().revoke(found.certificate, keys.NOW - timedelta(days=1))
    return found


SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1"
RSA_SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
ROW = ('<ChiTietPhi id="ID_1">', '<ChiTietPhi id="ROW">')

DEFECTS: dict[str, Defect] = {
    "another root": Defect(
        "recognised",
        lambda: filed(*NO_SCHEMA).replace(b"HSoThueDTu", b"HSoKhac"),
        "213",
        "Không tìm thấy node qua PATH: /HSoThueDTu/HSoKhaiThue",
    ),
    "no declaration in it": Defect(
        "recognised",
        lambda: b'<HSoThueDTu xmlns="http://kekhaithue.gdt.gov.vn/TKhaiThue"/>',
        "213",
        "Không tìm thấy node qua PATH: /HSoThueDTu/HSoKhaiThue",
        alone=False,
    ),
    "UTF-16": Defect("encoded", lambda: _utf16(), "213", f"{SCHEMA}bảng mã UTF-16, không phải UTF-8"),
    **{
        f"argument {name}={value}": Defect(
            "announced",
            filed,
            "213",
            f"Tham số {name} ({value}) không khớp với hồ sơ ({real})",
            arguments={name: value},
        )
        for name, value, real in (
            ("tIN", "9900000023", "9900000016"),
            ("maTKhai", "880", "879"),
            ("loaiTKhai", "B", "C"),
            ("kyKKhai", "11/2026", "10/2026"),
            ("kyKKhai", "", "10/2026"),
            ("lanNop", "1", "0"),
        )
    },
    "unknown code": Defect(
        "listed", lambda: filed(("<maTKhai>879<", "<maTKhai>9999<")), "213", CATALOGUE.format("9999", "2.7.5")
    ),
    "unknown version": Defect(
        "listed", lambda: filed(("<pbanTKhaiXML>2.7.5<", "<pbanTKhaiXML>2.7.4<")), "213", CATALOGUE.format(879, "2.7.4")
    ),
    "unknown type": Defect(
        "listed", lambda: filed(("<loaiTKhai>C<", "<loaiTKhai>T<")), "213", CATALOGUE.format(879, "2.7.5")
    ),
    "kind of period that the form has not": Defect(
        "periodic",
        lambda: filed(("<maTKhai>879<", "<maTKhai>892<"), ("<pbanTKhaiXML>2.7.5<", "<pbanTKhaiXML>2.9.4<")),
        "213",
        "Kiểu kỳ kê khai (M) không đúng",
    ),
    "no kind of period": Defect(
        "periodic",
        lambda: filed(*NO_SCHEMA, ("<kieuKy>M<", "<kieuKy><")),
        "213",
        "Kiểu kỳ kê khai () không đúng",
    ),
    "surplus attribute": Defect(
        "structured",
        lambda: filed(("<NNT>", '<NNT khac="1">')),
        "213",
        f"{SCHEMA}{HEADER}/NNT",
    ),
    "surplus element of another namespace": Defect(
        "structured",
        lambda: filed(("<emailNNT>", '<k:khac xmlns:k="urn:khac">1</k:khac><emailNNT>')),
        "213",
        f"{SCHEMA}{HEADER}/NNT/khac",
    ),
    "elements in another order": Defect(
        "structured",
        lambda: filed(
            ("<faxNNT></faxNNT>", ""), ("<dthoaiNNT></dthoaiNNT>", "<faxNNT></faxNNT><dthoaiNNT></dthoaiNNT>")
        ),
        "213",
        f"{SCHEMA}{HEADER}/NNT/dthoaiNNT",
    ),
    "unsigned": Defect("signed", lambda: declaration().data, "843 N", UNSIGNED, alone=False),
    "signature misplaced": Defect("signed", _wrapped_signature, "843 N", UNSIGNED, alone=False),
    "second signature elsewhere": Defect("signed", _second_signature_elsewhere, "843 N", UNSIGNED),
    "second signature invalid": Defect("signed", _invalid_second_signature, "843 N", BROKEN),
    "signature value changed": Defect(
        "signed", lambda: re.sub(rb"<SignatureValue>.", b"<SignatureValue>#", filed()), "843 N", BROKEN
    ),
    "content changed after signing": Defect(
        "signed", lambda: _swapped(filed(), "Trần Thị Mẫu".encode(), "Lê Văn Khác".encode()), "843 N", BROKEN
    ),
    "signing time changed": Defect(
        "signed", lambda: _swapped(filed(), b"T10:00:00</SigningTime>", b"T09:00:00</SigningTime>"), "843 N", BROKEN
    ),
    "comment inside an amount": Defect(
        "signed", lambda: _swapped(filed(), b"<tyLe>10<", b"<tyLe>1<!-- x -->0<"), "843 N", BROKEN
    ),
    "processing instruction in the signed node": Defect(
        "signed", lambda: _xmlsec(changes=(("<tyLe>10<", "<tyLe>1<?x?>0<"),)), "843 N", BROKEN
    ),
    "id that occurs twice": Defect(
        "signed",
        lambda: _swapped(filed(), b"</Signature></CKyDTu>", b'<Object Id="NODETOSIGN"/></Signature></CKyDTu>'),
        "843 N",
        AMBIGUOUS.format("NODETOSIGN"),
    ),
    "id that rows of the declaration have too": Defect(
        "signed", lambda: signed_by_xmlsec(declaration(), ("ID_1",)), "843 N", AMBIGUOUS.format("ID_1")
    ),
    "id of the signing time that occurs twice": Defect(
        "signed", _second_signing_time, "843 N", AMBIGUOUS.partition("{}")[2]
    ),
    "reference to a row only": Defect("signed", lambda: _xmlsec("ROW", changes=(ROW,)), "843 N", BROKEN),
    "reference to the whole document": Defect(
        "signed", lambda: _xmlsec("ROW", changes=(ROW,)).replace(b'URI="#ROW"', b'URI=""'), "843 N", BROKEN
    ),
    "certificate that is none": Defect(
        "signed",
        lambda: re.sub(rb"<X509Certificate>[^<]*", b"<X509Certificate>MAA=", filed()),
        "843 N",
        BROKEN,
        alone=False,
    ),
    "transform that hides a change": Defect("signed", _hidden_by_a_transform, "843 N", BROKEN),
    "SHA-1 signature": Defect("signed", lambda: _xmlsec(method=RSA_SHA1), "843 N", BROKEN),
    "SHA-1 digest": Defect("signed", lambda: _xmlsec(digest=SHA1), "843 N", BROKEN),
    "unknown issuer": Defect("certified", lambda: filed(by=keys.leaf()), "843 N", NO_ISSUER),
    "issuer of the same name with another key": Defect(
        "certified", lambda: filed(by=holder(of=strange_pki())), "843 N", NO_ISSUER
    ),
    "expired": Defect("certified", lambda: filed(by=holder(expired=True)), "843 N", "Chứng thư số đã hết hiệu lực"),
    "not yet valid": Defect(
        "certified", lambda: filed(by=holder(of=pki(days=9))), "843 N", "Chứng thư số chưa có hiệu lực"
    ),
    "expired at the time of signing": Defect(
        "certified",
        lambda: _signed_at(keys.NOW + timedelta(days=3660)),
        "843 N",
        "Chứng thư số đã hết hiệu lực",
    ),
    "not yet valid at the time of signing": Defect(
        "certified",
        lambda: _signed_at(keys.NOW - timedelta(days=3)),
        "843 N",
        "Chứng thư số chưa có hiệu lực",
    ),
    "revoked": Defect("certified", lambda: filed(by=_revoked()), "843 N", "Chứng thư số đã bị thu hồi"),
    **{
        f"certificate for {name}": Defect(
            "certified",
            lambda usages=usages: filed(by=_issued(**usages)),
            "843 N",
            "Chứng thư số không hợp pháp (không dùng để ký)",
        )
        for name, usages in {
            "an authority": {"key_cert_sign": True, "digital_signature": True},
            "encryption": {"key_encipherment": True},
            "nothing in particular": {},
        }.items()
    },
    "certificate of another taxpayer": Defect(
        "owned",
        lambda: filed(by=holder(OTHER)),
        "843 N",
        "Chứng thư số không phải của người nộp thuế trên hồ sơ",
    ),
    "unregistered": Defect(
        "registered",
        lambda: filed(("<mst>9900000016<", f"<mst>{UNREGISTERED}<"), by=holder(UNREGISTERED)),
        "843 N",
        "Người nộp thuế chưa đăng ký nộp hồ sơ thuế điện tử",
    ),
    **{
        f"future period {kind}": Defect(
            "begun", lambda kind=kind, days=days: filed(period(kind, *days)), "844 N", FUTURE
        )
        for kind, days in {
            "M": ("12/2026", "01/12/2026", "31/12/2026"),
            "Q": ("1/2027", "01/01/2027", "31/03/2027"),
            "Y": ("2027", "01/01/2027", "31/12/2027"),
            "D": ("17/11/2026", "17/11/2026", "17/11/2026"),
            "K": ("11/2026", "17/11/2026", "30/11/2026"),
        }.items()
    },
    **{
        f"days outside the period {kind} {first}-{last}": Defect(
            "within",
            lambda days=(kind, name, first, last): filed(period(*days)),
            "844 N",
            f"Ngày {outside} không thuộc",
        )
        for kind, name, first, last, outside in (
            ("M", "10/2026", "01/09/2026", "31/10/2026", "01/09/2026"),
            ("M", "10/2026", "01/10/2026", "01/11/2026", "01/11/2026"),
            ("Q", "3/2026", "30/06/2026", "30/09/2026", "30/06/2026"),
            ("Q", "3/2026", "01/07/2026", "01/10/2026", "01/10/2026"),
        )
    },
}

RULES: dict[str, tuple[tuple[tuple[str, str], ...], str]] = {
    "(7) is not (4) - (6)": (
        (
            ("<soTienPHPhaiNop>850.10<", "<soTienPHPhaiNop>850.11<"),
            ("<tongCong>850.10<", "<tongCong>850.11<"),
        ),
        "số phí phải nộp (7) là 850,11, nhưng (4) − (6) = 850,1",
    ),
    "(6) is not (4) x (5)": ((("<tyLe>80<", "<tyLe>81<"),), "nhưng (4) × (5) % = 3.442,9"),
    "no total of a currency": (
        (
            (
                "<ma_DonViTien>USD</ma_DonViTien>\r\n          <tongCong>850.10<",
                "<ma_DonViTien>EUR</ma_DonViTien><tongCong>0<",
            ),
        ),
        "Thiếu dòng tổng cộng cho loại tiền USD",
    ),
    "wrong total": ((("<tongCong>122043050<", "<tongCong>122043051<"),), "Tổng cộng VND ghi 122.043.051"),
    "two totals of a currency": (
        (
            (
                '<ChiTietTongCongTheoLoaiTien id="ID_2">',
                '<ChiTietTongCongTheoLoaiTien id="ID_3"><ma_DonViTien>VND</ma_DonViTien><tongCong>122043050</tongCong>'
                '</ChiTietTongCongTheoLoaiTien><ChiTietTongCongTheoLoaiTien id="ID_2">',
            ),
        ),
        "Loại tiền VND có hơn một dòng tổng cộng",
    ),
    "decimals of a đồng": (
        (
            ("<ma_DonViTien_TT63></ma_DonViTien_TT63>", "<ma_DonViTien_TT63>VND</ma_DonViTien_TT63>"),
            ("<soTienPHThuDuoc_TT63></", "<soTienPHThuDuoc_TT63>128450000.50</"),
        ),
        "Số tiền 128.450.000,5 đồng có phần lẻ",
    ),
    "no such month": ((period("M", "13/2026", "", ""),), "Kỳ tính thuế theo tháng phải có dạng mm/yyyy"),
    "no such day": (
        (period("D", "31/09/2026", "", ""),),
        "Kỳ tính thuế theo từng lần phát sinh phải là một ngày",
    ),
    "official with a number": ((("<soLan>0<", "<soLan>1<"),), "Tờ khai chính thức (C) phải có số lần là 0"),
    "header of a form without rules of its own": (
        (*NO_SCHEMA, ("<soLan>0<", "<soLan>1<")),
        "Tờ khai chính thức (C) phải có số lần là 0",
    ),
}
DEFECTS |= {
    name: Defect("calculated", lambda changes=changes: filed(*changes), "844 N", reason)
    for name, (changes, reason) in RULES.items()
}


@cache
def _document(name: str) -> bytes:
    return DEFECTS[name].document()


def _answered(document: bytes, arguments: Mapping[str, str] | None = None) -> tuple[str, list[str]]:
    """The last notice about ``document`` ("844 Y") and the texts of its reasons."""
    clock = Clock()
    taxes = office(clock)
    taxes.take(document, arguments)
    clock.advance(2 * VERDICT_DELAY)
    notice = taxes.notices()[-1]
    told = fields(notice.data)
    if notice.code == "213":
        return "213", [told["mtaLoiGDich"]]
    reasons = [each.text or "" for each in read_xml(notice.data).root.iter("{*}tenLoi")]
    return f"{notice.code} {told['trangThai']}", reasons


def _without(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for group in ("FORMAT", "RECEIPT", "ACCEPTANCE"):
        checks: tuple[Check, ...] = getattr(judge, group)
        monkeypatch.setattr(judge, group, tuple(each for each in checks if each.__name__ != name))


def test_every_check_has_a_defect_of_its_own() -> None:
    assert {defect.check for defect in DEFECTS.values() if defect.alone} == set(CHECKS)


@pytest.mark.parametrize("arguments", [{}, {"tIN": "9900000016", "maTKhai": "879", "loaiTKhai": "C"}, {"lanNop": "0"}])
def test_a_right_declaration_is_accepted(arguments: Mapping[str, str]) -> None:
    assert _answered(filed(), arguments) == ("844 Y", [])


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_refused_with_its_reason(name: str) -> None:
    defect = DEFECTS[name]
    answer, reasons = _answered(_document(name), defect.arguments)
    assert answer == defect.answer
    assert len(reasons) == 1
    assert defect.reason in reasons[0]


@pytest.mark.parametrize("name", [name for name, defect in DEFECTS.items() if defect.alone])
def test_without_its_check_the_same_declaration_is_accepted(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    defect = DEFECTS[name]
    _without(monkeypatch, defect.check)
    assert _answered(_document(name), defect.arguments) == ("844 Y", [])


def test_a_certificate_by_the_states_authority_is_known() -> None:
    name = "Sở Xây dựng tỉnh An Hoà"
    path = pki().government.signatory(organisation(name, "MST:9900000016", "MNS:9900016"))
    found = read_holder(path, pki().government.issuing)
    assert _answered(filed(by=keys.Holder(found.key, found.certificate))) == ("844 Y", [])  # type: ignore[arg-type]


def test_what_was_revoked_later_was_good_when_it_arrived() -> None:
    found = _issued(content_commitment=True)
    pki().revoke(found.certificate, keys.NOW + timedelta(days=1))
    assert _answered(filed(by=found)) == ("844 Y", [])


@pytest.mark.parametrize("days", [("", ""), ("01/10/2026", "30/10/2026"), ("20/10/2026", "31/10/2026")])
def test_a_part_of_the_month_and_days_that_are_not_written_are_accepted(days: tuple[str, str]) -> None:
    assert _answered(filed(period("M", "10/2026", *days))) == ("844 Y", [])


def test_several_mistakes_in_figures_are_told_at_once() -> None:
    answer, reasons = _answered(filed(("<tongCong>122043050<", "<tongCong>1<"), ("<tongCong>850.10<", "<tongCong>2<")))
    assert (answer, len(reasons)) == ("844 N", 2)


def test_a_reason_names_the_field() -> None:
    clock = Clock()
    taxes = office(clock)
    taxes.take(filed(("<tongCong>122043050<", "<tongCong>122043051<")))
    clock.advance(2 * VERDICT_DELAY)
    path = "/HSoThueDTu/HSoKhaiThue/CTieuTKhaiChinh/TongCong01PH/ChiTietTongCongTheoLoaiTien/tongCong"
    told = fields(taxes.notices()[-1].data)
    assert (told["tenNhomLoi"], told["ghiChu"]) == ("Số liệu", path)
    assert told["huongDanXuLy"]


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        ("M", ("11/2026", "01/11/2026", "30/11/2026")),
        ("Q", ("4/2026", "01/10/2026", "31/12/2026")),
        ("Y", ("2026", "01/01/2026", "31/12/2026")),
        ("D", ("16/11/2026", "16/11/2026", "16/11/2026")),
        ("K", ("11/2026", "16/11/2026", "30/11/2026")),
    ],
)
def test_a_period_that_has_begun_is_accepted(kind: str, days: tuple[str, str, str]) -> None:
    assert _answered(filed(period(kind, *days))) == ("844 Y", [])


def test_an_ambiguous_id_is_named_with_what_to_do() -> None:
    clock = Clock()
    taxes = office(clock)
    taxes.take(signed_by_xmlsec(declaration(), ("ID_1",)))
    clock.advance(RECEIPT_DELAY)
    told = fields(taxes.notices()[0].data)
    assert (told["tenLoi"], told["ghiChu"]) == (AMBIGUOUS.format("ID_1"), "/HSoThueDTu/CKyDTu")
    assert told["huongDanXuLy"] == "Đặt mã không trùng cho phần được ký rồi ký lại."


def test_a_taxpayer_may_be_one_of_two_signers() -> None:
    both = signed_by(declaration(), holder(OTHER), holder())
    assert _answered(both) == ("844 Y", [])


def test_a_signature_by_xmlsec_in_another_allowed_shape_is_accepted() -> None:
    transforms = (
        '<Transforms><Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>'
        '<Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></Transforms>'
    )
    assert _answered(_xmlsec(transforms=transforms)) == ("844 Y", [])


def test_a_declaration_with_a_prefix_is_refused_by_its_own_names() -> None:
    text = declaration(("<tyLe>10<", "<tyLe>x<")).data.decode("utf-8-sig")
    prefixed = re.sub(r"<(/?)(?=[A-Za-z])", r"<\1t:", text.replace("xmlns=", "xmlns:t=")).replace("<?t:", "<?")
    answer, reasons = _answered(prefixed.encode())
    assert (answer, reasons[0].rpartition("/")[2]) == ("213", "tyLe")
