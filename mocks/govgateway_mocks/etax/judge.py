"""How the simulated tax office judges a declaration by itself: one check after another, each a small function.

FORMAT, RECEIPT and ACCEPTANCE say which check stands where; what of it is assumption, docs/agencies/etax.md says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cryptography.x509.oid import NameOID

from govgateway_mocks.etax import schema
from govgateway_mocks.etax.case import NODE, ROOT, VIETNAM, Case, Reason, Reasons, first_reasons, written
from govgateway_mocks.etax.periods import days_of, written_days
from govgateway_mocks.etax.signatures import certified, signed

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


def encoded(case: Case) -> Iterator[Reason]:
    """The document is in UTF-8, as every file that was observed (that others are refused is an assumption)."""
    if case.encoding not in {"UTF-8", "UTF8", "US-ASCII", "ASCII"}:
        said = f"Tờ khai không đúng định dạng với XSD: bảng mã {case.encoding}, không phải UTF-8"
        yield Reason("Định dạng", said, "Xuất lại tệp từ phần mềm kê khai.")


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


def begun(case: Case) -> Iterator[Reason]:
    """The tax period is not in the future."""
    days = days_of(case)
    if days is not None and days[0] > case.now.astimezone(VIETNAM).date():
        yield _wrong_period("Kỳ tính thuế chưa bắt đầu", "kyKKhai")


def within(case: Case) -> Iterator[Reason]:
    """The days that are written lie in the month or quarter that is named (that others are refused is an assumption).
    Part of it will do: who begins or ends in it declares fewer days."""
    named, stated = days_of(case), written_days(case)
    if case.text("TKhaiThue/KyKKhaiThue/kieuKy") not in {"M", "Q"} or named is None or stated is None:
        return
    for name, day in zip(("kyKKhaiTuNgay", "kyKKhaiDenNgay"), stated, strict=True):
        if not named[0] <= day <= named[1]:
            period = case.text("TKhaiThue/KyKKhaiThue/kyKKhai")
            yield _wrong_period(f"Ngày {day:%d/%m/%Y} không thuộc kỳ tính thuế {period}", name)


def _wrong_period(text: str, field: str) -> Reason:
    return Reason("Kỳ tính thuế", text, "Kiểm tra lại kỳ tính thuế.", written(f"TKhaiThue/KyKKhaiThue/{field}"))


FORMAT: tuple[Check, ...] = (encoded, recognised, announced, listed, periodic, structured)
"""Answered with notice 213: the office cannot read the declaration."""

RECEIPT: tuple[Check, ...] = (signed, certified, owned, registered)
"""Answered with a notice 843 that refuses receipt."""

ACCEPTANCE: tuple[Check, ...] = (calculated, begun, within)
"""Answered with a notice 844 that refuses acceptance, after a notice 843 of receipt."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Why a declaration is refused, by the notice that says so (213, 843, 844); nothing where it is not."""

    unfit: Reasons = ()
    receipt: Reasons = ()
    acceptance: Reasons = ()


def judged(case: Case) -> Judgement:
    """What the office thinks of ``case`` by itself. What is refused already is not looked at any further."""
    unfit = first_reasons(check(case) for check in FORMAT)
    receipt = () if unfit else first_reasons(check(case) for check in RECEIPT)
    acceptance = () if unfit or receipt else first_reasons(check(case) for check in ACCEPTANCE)
    return Judgement(unfit, receipt, acceptance)
