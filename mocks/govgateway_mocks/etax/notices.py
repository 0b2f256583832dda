"""The notices of the simulated tax office, with the fields and the order that real ones have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from lxml import etree

from govgateway.errors import Text
from govgateway_mocks.etax import seal
from govgateway_mocks.etax.case import VIETNAM, Case, Reason
from govgateway_mocks.etax.payables import payables
from govgateway_mocks.etax.registry import OFFICE_CODE, OFFICE_NAME
from govgateway_mocks.pki import Holder

N = "http://kekhaithue.gdt.gov.vn/TBaoThue"
KINDS = {"C": "Chính thức", "B": "Bổ sung"}
"""How notices call a declaration's type (loaiTKhai)."""

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_VERSIONS = {"211": "2.0.9", "213": "2.0.9", "843": "2.4.9", "844": "2.4.9"}
TITLES = {
    "211": Text("Thông báo kết quả giao dịch (07-GD/T-VAN)", "Result of transactions (07-GD/T-VAN)"),
    "213": Text("Giao dịch không hợp lệ", "Invalid transaction"),
    "843": Text(
        "Thông báo về việc tiếp nhận/không tiếp nhận hồ sơ khai thuế điện tử",
        "Notice of receipt or non-receipt of a tax declaration",
    ),
    "844": Text(
        "Thông báo về việc chấp nhận/không chấp nhận hồ sơ khai thuế điện tử",
        "Notice of acceptance or refusal of a tax declaration",
    ),
}
"""What the kinds of notice are called; the Vietnamese stands in the notice."""

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
    """NDungTBao of a notice 844; an acceptance carries a payable for each currency in which something is to be paid."""
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
            tenLoaiThongBao=TITLES["213"].vi,
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
        _transaction(tenLoaiThongBao=TITLES["211"].vi, ngayGDich=day),
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
    form, _, kind = case.form
    for number, (currency, amount) in enumerate(payables(case.root, form, kind).items(), start=1):
        yield _element(
            "CTietIDKhoanNop",
            _element("maDinhDanh", f"{code}{number:03d}"),
            _element("soTienPNop", f"{amount:f}"),
            _element("tenLoaiTien", currency),
        )


def build(code: str, number: str, at: datetime, to: Addressee, content: etree._Element, office: Holder) -> bytes:
    """The signed TBaoThueDTu of kind ``code`` (maTBao) with ``number`` (soTBao) and its ``content`` (NDungTBao)."""
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
            _element("tenTBao", TITLES[code].vi),
            _element("pbanTBao", _VERSIONS[code]),
            _element("soTBao", number),
            _element("ngayTBao", at.astimezone(VIETNAM).date().isoformat()),
        ),
    )
    root = _element("TBaoThueDTu", _element("TBaoThue", common, content, id="NODETOSIGN"), _element("CKyDTu"))
    seal.sign(root, office, at)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)
