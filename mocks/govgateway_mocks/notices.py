"""The notices of the simulated tax office, with the fields and the order that real ones have, signed by xmlsec."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from html import escape

import xmlsec
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from govgateway_mocks.case import VIETNAM, Case, Reason, T
from govgateway_mocks.pki import Holder
from govgateway_mocks.registry import OFFICE_CODE, OFFICE_NAME

N = "http://kekhaithue.gdt.gov.vn/TBaoThue"
KINDS = {"C": "Chính thức", "B": "Bổ sung"}
"""How notices call a declaration's type (loaiTKhai)."""

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_DS = "http://www.w3.org/2000/09/xmldsig#"
_TITLES = {
    "211": ("2.0.9", "Thông báo kết quả giao dịch (07-GD/T-VAN)"),
    "213": ("2.0.9", "Giao dịch không hợp lệ"),
    "843": ("2.4.9", "Thông báo về việc tiếp nhận/không tiếp nhận hồ sơ khai thuế điện tử"),
    "844": ("2.4.9", "Thông báo về việc chấp nhận/không chấp nhận hồ sơ khai thuế điện tử"),
}
_TRANSACTION = (
    "mauLoaiThongBao", "tenLoaiThongBao", "ngayGDich", "maGDich", "maLoaiGDich", "ndungGDich", "maKQuaGDich",
    "kquaGDich", "maLoiGDich", "mtaLoiGDich",
)  # fmt: skip
"""The fields of GDich in the order of a real notice; those that do not apply are empty."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom a notice goes."""

    tax_code: str
    name: str
    address: str = ""


def _element(name: str, *content: str | etree._Element, **attributes: str) -> etree._Element:
    """The element ``name`` of a notice, holding a text or elements."""
    element = etree.Element(f"{{{N}}}{name}", attributes, nsmap={None: N, "xsi": _XSI})  # type: ignore[dict-item]
    for each in content:
        if isinstance(each, str):
            element.text = each
        else:
            element.append(each)
    return element


def moment(at: datetime) -> str:
    """``2026-04-20T08:58:40.983+07:00``, as the tax office writes moments."""
    return at.astimezone(VIETNAM).isoformat(timespec="milliseconds")


def receipt(case: Case, at: datetime, code: str, reasons: tuple[Reason, ...]) -> etree._Element:
    """NDungTBao of a notice 843; ``code`` is maGiaoDichDTu, which only a receipt carries."""
    return _element(
        "NDungTBao",
        _element("trangThai", "N" if reasons else "Y"),
        _element("ngayHoSo", moment(at)),
        _filing(case),
        _element("maGiaoDichDTu", "" if reasons else code),
        *([_reasons(reasons)] if reasons else []),
        *_contact(),
    )


def acceptance(case: Case, received: datetime, at: datetime, code: str, reasons: tuple[Reason, ...]) -> etree._Element:
    """NDungTBao of a notice 844; an acceptance carries one payable for each currency of the totals."""
    return _element(
        "NDungTBao",
        _element("trangThai", "N" if reasons else "Y"),
        _element("ngayNopThucTe", moment(received)),
        _filing(case),
        _element("maGiaoDichDTu", code),
        _element("ngayChapNhan", "" if reasons else moment(received)),
        _element("ngayHoanThanh", **{f"{{{_XSI}}}nil": "true"}) if reasons else _element("ngayHoanThanh", moment(at)),
        _reasons(reasons),
        *_contact(),
        *([] if reasons else [_element("IDKhoanNop", *_payables(case, code))]),
    )


def invalid(at: datetime, transaction: str, text: str) -> etree._Element:
    """NDungTBao of a notice 213: ``text`` is why the transaction is invalid."""
    return _element(
        "NDungTBao",
        _transaction(
            tenLoaiThongBao=_TITLES["213"][1],
            ngayGDich=at.astimezone(VIETNAM).strftime("%d/%m/%Y"),
            maGDich=transaction,
            maLoaiGDich="####",
            maKQuaGDich="03",
            kquaGDich="Không chấp nhận",
            maLoiGDich="IHTKK-9999",
            mtaLoiGDich=text,
        ),
    )


def day_result(day: str, rows: Iterable[Mapping[str, str]]) -> etree._Element:
    """NDungTBao of a notice 211: every transaction of ``day`` (dd/MM/yyyy)."""
    return _element(
        "NDungTBao",
        _transaction(tenLoaiThongBao=_TITLES["211"][1], ngayGDich=day),
        *(_element("CTietGDich", *(_element(name, value) for name, value in row.items())) for row in rows),
    )


def _transaction(**fields: str) -> etree._Element:
    return _element("GDich", *(_element(name, fields.get(name, "")) for name in _TRANSACTION))


def _filing(case: Case) -> etree._Element:
    kind, period = case.text("TKhaiThue/KyKKhaiThue/kieuKy"), case.text("TKhaiThue/KyKKhaiThue/kyKKhai")
    return _element(
        "HoSoThue",
        _element(
            "CTietHoSoThue",
            _element("tokhai-phuluc", case.text("TKhaiThue/tenTKhai")),
            _element("loaiToKhai", KINDS.get(case.text("TKhaiThue/loaiTKhai"), "")),
            _element("kyTinhThue", f"Q{period}" if kind == "Q" else period),
            _element("lanNop", case.text("TKhaiThue/soLan")),
            id="ID_1",
        ),
    )


def _reasons(reasons: tuple[Reason, ...]) -> etree._Element:
    return _element(
        "LyDo",
        *(_element("CTietLyDo", *(_element(name, value) for name, value in asdict(each).items())) for each in reasons),
    )


def _contact() -> tuple[etree._Element, etree._Element]:
    return _element("duongDan", "https://thuedientu.example"), _element("hotline", "")


def _payables(case: Case, code: str) -> Iterator[etree._Element]:
    for number, total in enumerate(case.root.iter(f"{T}ChiTietTongCongTheoLoaiTien"), start=1):
        yield _element(
            "CTietIDKhoanNop",
            _element("maDinhDanh", f"{code}{number:03d}"),
            _element("soTienPNop", total.findtext(f"{T}tongCong") or "0"),
            _element("tenLoaiTien", total.findtext(f"{T}ma_DonViTien") or ""),
        )


def build(code: str, number: str, at: datetime, to: Addressee, content: etree._Element, office: Holder) -> bytes:
    """The signed TBaoThueDTu of kind ``code`` (maTBao) with ``number`` (soTBao) and its ``content`` (NDungTBao)."""
    version, title = _TITLES[code]
    common = _element(
        "TTinChung",
        _element(
            "CQT",
            _element("maCQT", OFFICE_CODE),
            _element("tenCQT", OFFICE_NAME),
            _element(
                "DVu", _element("maDVu", "MOPHONG"), _element("tenDVu", "Bộ mô phỏng"), _element("pbanDVu", "1.0.0")
            ),
        ),
        _element(
            "NNhanTBaoThue",
            _element("maNNhan", to.tax_code),
            _element("tenNNhan", to.name),
            _element("diaChiNNhan", to.address),
        ),
        _element(
            "TTinTBaoThue",
            _element("maTBao", code),
            _element("tenTBao", title),
            _element("pbanTBao", version),
            _element("soTBao", number),
            _element("ngayTBao", at.astimezone(VIETNAM).date().isoformat()),
        ),
    )
    root = _element("TBaoThueDTu", _element("TBaoThue", common, content, id="NODETOSIGN"), _element("CKyDTu"))
    _sign(root, office, at)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _sign(root: etree._Element, office: Holder, at: datetime) -> None:
    """The portal's shape of 2026: two references without transforms, subject name and certificate, signing time."""
    identifier = f"SigningTime-{secrets.token_hex(16)}"
    written = base64.b64encode(office.certificate.public_bytes(Encoding.DER)).decode()
    subject = escape(office.certificate.subject.rfc4514_string())
    template = f"""<Signature xmlns="{_DS}" Id="NBan-{secrets.token_hex(16)}"><SignedInfo>\
<CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>\
<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>\
{"".join(_reference(each) for each in ("NODETOSIGN", identifier))}</SignedInfo><SignatureValue/><KeyInfo><X509Data>\
<X509SubjectName>{subject}</X509SubjectName><X509Certificate>{written}</X509Certificate></X509Data></KeyInfo>\
<Object Id="{identifier}"><SignatureProperties><SignatureProperty Target="signatureProperties">\
<SigningTime>{at.astimezone(VIETNAM):%Y-%m-%dT%H:%M:%S}</SigningTime></SignatureProperty></SignatureProperties></Object>\
</Signature>"""
    signature = etree.fromstring(template)
    root[-1].append(signature)
    xmlsec.tree.add_ids(root, ["id", "Id"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(office.key_pem, xmlsec.constants.KeyDataFormatPem)
    context.sign(signature)


def _reference(identifier: str) -> str:
    return (
        f'<Reference URI="#{identifier}"><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
        "<DigestValue/></Reference>"
    )
