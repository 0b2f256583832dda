"""How the simulated tax office judges a declaration: one check after another, each a small function.

FORMAT, RECEIPT and ACCEPTANCE say which check stands where; what of it is assumption, docs/agencies/etax.md says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime

from cryptography.x509.oid import NameOID

from govgateway_mocks import schema
from govgateway_mocks.case import NODE, ROOT, VIETNAM, Case, Reason, written
from govgateway_mocks.signatures import certified, signed

_DAYS = {"M": "%m/%Y", "Y": "%Y", "D": "%d/%m/%Y", "K": "%d/%m/%Y"}
_ARGUMENTS = {
    "tIN": "NNT/mst",
    "maTKhai": "TKhaiThue/maTKhai",
    "loaiTKhai": "TKhaiThue/loaiTKhai",
    "kyKKhai": "TKhaiThue/KyKKhaiThue/kyKKhai",
    "lanNop": "TKhaiThue/soLan",
}
"""Which field of the document an argument of the services speaks of."""


Check = Callable[[Case], Iterator[Reason]]


def recognised(case: Case) -> Iterator[Reason]:
    """The document is a declaration (the text was observed)."""
    if case.root.tag != ROOT or case.root.find(NODE) is None:
        path = "/HSoThueDTu/HSoKhaiThue"
        yield Reason("Định dạng", f"Không tìm thấy node qua PATH: {path}", "Xuất lại tệp từ phần mềm kê khai.", path)


def announced(case: Case) -> Iterator[Reason]:
    """What the sender says about the declaration is what stands in it (assumption)."""
    for name, value in case.arguments.items():
        path = _ARGUMENTS.get(name)
        if path is not None and value != case.text(path):
            said = f"Tham số {name} ({value}) không khớp với hồ sơ ({case.text(path)})"
            yield Reason("Giao dịch", said, "Gửi lại với thông tin của hồ sơ.", written(path))


def listed(case: Case) -> Iterator[Reason]:
    """Code, version and type stand in the catalogue (the text was observed)."""
    if case.form not in schema.catalogue():
        yield Reason(
            "Mã hồ sơ",
            f"Mã hồ sơ ({case.form[0]}) hoặc phiên bản hồ sơ ({case.form[1]}) không đúng",
            "Cập nhật phần mềm kê khai.",
            written("TKhaiThue/maTKhai"),
        )


def periodic(case: Case) -> Iterator[Reason]:
    """The kind of period is that of the catalogue, where D means any (the text is an assumption)."""
    kind, wanted = case.text("TKhaiThue/KyKKhaiThue/kieuKy"), schema.catalogue().get(case.form, "")
    if wanted and kind not in tuple("MQYDK" if wanted == "D" else wanted):
        path = written("TKhaiThue/KyKKhaiThue/kieuKy")
        yield Reason("Kỳ tính thuế", f"Kiểu kỳ kê khai ({kind}) không đúng", "Chọn lại kiểu kỳ kê khai.", path)


def structured(case: Case) -> Iterator[Reason]:
    """The document fits the form's schema."""
    path = schema.misfit(case.root, *case.form[:2])
    if path:
        said = f"Tờ khai không đúng định dạng với XSD: {path}"
        yield Reason("Định dạng", said, "Xuất lại tệp từ phần mềm kê khai.", path)


def calculated(case: Case) -> Iterator[Reason]:
    """The header and the figures agree with each other."""
    for text, path in schema.broken_rules(case.root, *case.form[:2]):
        yield Reason("Số liệu", text, "Sửa số liệu và gửi lại tờ khai.", path)


def owned(case: Case) -> Iterator[Reason]:
    """One signer is the taxpayer: UID=MST:<mst>."""
    wanted = f"MST:{case.text('NNT/mst')}"
    uids = {
        str(attribute.value)
        for certificate in case.certificates
        for attribute in certificate.subject.get_attributes_for_oid(NameOID.USER_ID)
    }
    if wanted not in uids:
        yield Reason(
            "Chữ ký điện tử",
            "Chứng thư số không phải của người nộp thuế trên hồ sơ",
            "Ký bằng chứng thư số của người nộp thuế.",
            written("NNT/mst"),
        )


def registered(case: Case) -> Iterator[Reason]:
    """The taxpayer is registered for electronic filing."""
    if case.text("NNT/mst") not in case.taxpayers:
        yield Reason(
            "Đăng ký",
            "Người nộp thuế chưa đăng ký nộp hồ sơ thuế điện tử",
            "Đăng ký giao dịch điện tử với cơ quan thuế.",
            written("NNT/mst"),
        )


def unique(case: Case) -> Iterator[Reason]:
    """The office has not accepted the same obligation before."""
    if case.key in case.accepted:
        yield Reason(
            "Trùng hồ sơ",
            "Người nộp thuế đã nộp tờ khai chính thức của kỳ tính thuế này",
            "Nộp tờ khai bổ sung nếu cần điều chỉnh.",
            written("TKhaiThue/KyKKhaiThue/kyKKhai"),
        )


def begun(case: Case) -> Iterator[Reason]:
    """The tax period is not in the future."""
    first = _first_day(case)
    if first is not None and first > case.now.astimezone(VIETNAM).date():
        yield Reason(
            "Kỳ tính thuế",
            "Kỳ tính thuế chưa bắt đầu",
            "Kiểm tra lại kỳ tính thuế.",
            written("TKhaiThue/KyKKhaiThue/kyKKhai"),
        )


def _first_day(case: Case) -> date | None:
    """The day on which the tax period begins; None when it cannot be read."""
    kind = case.text("TKhaiThue/KyKKhaiThue/kieuKy")
    period = case.text(f"TKhaiThue/KyKKhaiThue/{'kyKKhaiTuNgay' if kind == 'K' else 'kyKKhai'}")
    try:
        if kind == "Q":
            quarter, _, year = period.partition("/")
            return date(int(year), 3 * int(quarter) - 2, 1)
        return datetime.strptime(period, _DAYS[kind]).replace(tzinfo=VIETNAM).date()
    except (KeyError, ValueError, OverflowError):
        return None


FORMAT: tuple[Check, ...] = (recognised, announced, listed, periodic, structured)
"""Answered with notice 213: the office cannot read the declaration."""

RECEIPT: tuple[Check, ...] = (signed, certified, owned, registered)
"""Answered with a notice 843 that refuses receipt."""

ACCEPTANCE: tuple[Check, ...] = (calculated, unique, begun)
"""Answered with a notice 844 that refuses acceptance, after a notice 843 of receipt."""


def first_reasons(checks: tuple[Check, ...], case: Case) -> tuple[Reason, ...]:
    """What the first check that has anything to say says: later ones presume it."""
    for check in checks:
        reasons = tuple(check(case))
        if reasons:
            return reasons
    return ()
