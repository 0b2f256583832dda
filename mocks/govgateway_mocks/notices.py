"""The notices of the simulated tax office, with the fields and the order that real ones have, signed by xmlsec."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

import xmlsec
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from govgateway_mocks.judge import VIETNAM, Case, Reason, T
from govgateway_mocks.pki import Holder
from govgateway_mocks.registry import OFFICE_CODE, OFFICE_NAME

N = "http://kekhaithue.gdt.gov.vn/TBaoThue"
_DS = "http://www.w3.org/2000/09/xmldsig#"
_TITLES = {
    "211": ("2.0.9", "Thông báo kết quả giao dịch (07-GD/T-VAN)"),
    "213": ("2.0.9", "Giao dịch không hợp lệ"),
    "843": ("2.4.9", "Thông báo về việc tiếp nhận/không tiếp nhận hồ sơ khai thuế điện tử"),
    "844": ("2.4.9", "Thông báo về việc chấp nhận/không chấp nhận hồ sơ khai thuế điện tử"),
}
_KINDS = {"C": "Chính thức", "B": "Bổ sung"}

Fields = Iterable[tuple[str, "str | Fields"]]


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom a notice goes."""

    tax_code: str
    name: str
    address: str = ""


def moment(at: datetime) -> str:
    """``2026-04-20T08:58:40.983+07:00``, as the tax office writes moments."""
    return at.astimezone(VIETNAM).isoformat(timespec="milliseconds")


def receipt(case: Case, at: datetime, code: str, reasons: tuple[Reason, ...]) -> Fields:
    """NDungTBao of a notice 843; ``code`` is maGiaoDichDTu."""
    return (
        ("trangThai", "N" if reasons else "Y"),
        ("ngayHoSo", moment(at)),
        ("HoSoThue", (_filing(case),)),
        ("maGiaoDichDTu", "" if reasons else code),
        ("LyDo", _reasons(reasons)),
        ("duongDan", "https://thuedientu.example"),
        ("hotline", ""),
    )


def acceptance(case: Case, received: datetime, at: datetime, code: str, reasons: tuple[Reason, ...]) -> Fields:
    """NDungTBao of a notice 844; an acceptance carries one payable for each currency of the totals."""
    verdict: list[tuple[str, str | Fields]] = [
        ("trangThai", "N" if reasons else "Y"),
        ("ngayNopThucTe", moment(received)),
        ("HoSoThue", (_filing(case),)),
        ("maGiaoDichDTu", code),
        ("ngayChapNhan", "" if reasons else moment(received)),
        ("ngayHoanThanh", "" if reasons else moment(at)),
        ("LyDo", _reasons(reasons)),
        ("duongDan", "https://thuedientu.example"),
        ("hotline", ""),
    ]
    if not reasons:
        verdict.append(("IDKhoanNop", tuple(_payables(case, code))))
    return verdict


def invalid(at: datetime, transaction: str, text: str) -> Fields:
    """NDungTBao of a notice 213, in the order of a real one."""
    fields = {
        "mauLoaiThongBao": "",
        "tenLoaiThongBao": _TITLES["213"][1],
        "ngayGDich": at.astimezone(VIETNAM).strftime("%d/%m/%Y"),
        "maGDich": transaction,
        "maLoaiGDich": "####",
        "ndungGDich": "",
        "maKQuaGDich": "03",
        "kquaGDich": "Không chấp nhận",
        "maLoiGDich": "IHTKK-9999",
        "mtaLoiGDich": text,
    }
    return (("GDich", tuple(fields.items())),)


def day_result(at: datetime, rows: Iterable[Mapping[str, str]]) -> Fields:
    """NDungTBao of a notice 211: every transaction of a day."""
    head = (("tenLoaiThongBao", _TITLES["211"][1]), ("ngayGDich", at.astimezone(VIETNAM).strftime("%d/%m/%Y")))
    return (("GDich", head), *(("CTietGDich", tuple(row.items())) for row in rows))


def _filing(case: Case) -> tuple[str, Fields]:
    kind, period = case.text("TKhaiThue/KyKKhaiThue/kieuKy"), case.text("TKhaiThue/KyKKhaiThue/kyKKhai")
    return (
        "CTietHoSoThue",
        (
            ("tokhai-phuluc", case.text("TKhaiThue/tenTKhai")),
            ("loaiToKhai", _KINDS.get(case.text("TKhaiThue/loaiTKhai"), "")),
            ("kyTinhThue", f"Q{period}" if kind == "Q" else period),
            ("lanNop", case.text("TKhaiThue/soLan")),
        ),
    )


def _reasons(reasons: tuple[Reason, ...]) -> Fields:
    return tuple(("CTietLyDo", tuple(asdict(reason).items())) for reason in reasons)


def _payables(case: Case, code: str) -> Iterable[tuple[str, Fields]]:
    totals = case.root.iter(f"{T}ChiTietTongCongTheoLoaiTien")
    for number, total in enumerate(totals, start=1):
        yield (
            "CTietIDKhoanNop",
            (
                ("maDinhDanh", f"{code}{number:03d}"),
                ("soTienPNop", total.findtext(f"{T}tongCong") or "0"),
                ("tenLoaiTien", total.findtext(f"{T}ma_DonViTien") or ""),
            ),
        )


def build(code: str, number: str, at: datetime, to: Addressee, content: Fields, office: Holder) -> bytes:
    """The signed TBaoThueDTu of kind ``code`` (maTBao) with ``number`` (soTBao)."""
    version, title = _TITLES[code]
    root = etree.Element(f"{{{N}}}TBaoThueDTu", nsmap={None: N})  # type: ignore[dict-item]
    notice = etree.SubElement(root, f"{{{N}}}TBaoThue", id="NODETOSIGN")
    software = (("maDVu", "MOPHONG"), ("tenDVu", "Bộ mô phỏng"), ("pbanDVu", "1.0.0"))
    common: Fields = (
        ("CQT", (("maCQT", OFFICE_CODE), ("tenCQT", OFFICE_NAME), ("DVu", software))),
        ("NNhanTBaoThue", (("maNNhan", to.tax_code), ("tenNNhan", to.name), ("diaChiNNhan", to.address))),
        (
            "TTinTBaoThue",
            (
                ("maTBao", code),
                ("tenTBao", title),
                ("pbanTBao", version),
                ("soTBao", number),
                ("ngayTBao", at.astimezone(VIETNAM).date().isoformat()),
            ),
        ),
    )
    _fill(notice, (("TTinChung", common), ("NDungTBao", content)))
    place = etree.SubElement(root, f"{{{N}}}CKyDTu")
    _sign(root, place, office, at)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _fill(parent: etree._Element, fields: Fields) -> None:
    for name, value in fields:
        element = etree.SubElement(parent, f"{{{N}}}{name}")
        if isinstance(value, str):
            element.text = value
        else:
            _fill(element, value)


def _sign(root: etree._Element, place: etree._Element, office: Holder, at: datetime) -> None:
    """The portal's shape of 2026: two references without transforms, subject name and certificate, signing time."""
    identifier = f"SigningTime-{secrets.token_hex(16)}"
    written = base64.b64encode(office.certificate.public_bytes(Encoding.DER)).decode()
    subject = office.certificate.subject.rfc4514_string()
    template = f"""<Signature xmlns="{_DS}" Id="NBan-{secrets.token_hex(16)}"><SignedInfo>\
<CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>\
<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>\
{"".join(_reference(each) for each in ("NODETOSIGN", identifier))}</SignedInfo><SignatureValue/><KeyInfo><X509Data>\
<X509SubjectName>{subject}</X509SubjectName><X509Certificate>{written}</X509Certificate></X509Data></KeyInfo>\
<Object Id="{identifier}"><SignatureProperties><SignatureProperty Target="signatureProperties">\
<SigningTime>{at.astimezone(VIETNAM):%Y-%m-%dT%H:%M:%S}</SigningTime></SignatureProperty></SignatureProperties></Object>\
</Signature>"""
    signature = etree.fromstring(template)
    place.append(signature)
    xmlsec.tree.add_ids(root, ["id", "Id"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(office.key_pem, xmlsec.constants.KeyDataFormatPem)
    context.sign(signature)


def _reference(identifier: str) -> str:
    return (
        f'<Reference URI="#{identifier}"><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
        "<DigestValue/></Reference>"
    )
