"""The tax office's notices (TBaoThueDTu), read into receipts: docs/agencies/etax.md shows each field.

Only the signed bytes are read: the canonical form of the signed node, parsed anew. What a notice is called and what it
proves is data (schemas/etax/notices.toml).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from functools import cache

from lxml import etree

from govgateway import AnswerRefused
from govgateway.connector import (
    Payable,
    Reason,
    Receipt,
    SignatureProfile,
    Status,
    Subject,
    Text,
    TrustStore,
    read_xml,
    verify,
)
from govgateway_etax.catalogue import FOLDER

NAMESPACE = "http://kekhaithue.gdt.gov.vn/TBaoThue"
ROOT = f"{{{NAMESPACE}}}TBaoThueDTu"
VIETNAM = timezone(timedelta(hours=7))


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """One kind of notice: its title, where its answer stands, what each answer proves."""

    title: Text
    answer_element: str
    answers: Mapping[str, Status]


@cache
def notice_kinds() -> Mapping[str, NoticeKind]:
    """The kinds of notice that are known, by maTBao."""
    tables = tomllib.loads((FOLDER / "notices.toml").read_text(encoding="utf-8"))
    return {
        code: NoticeKind(
            title=Text(**table["title"]),
            answer_element=table["answer_element"],
            answers={value: Status(status) for value, status in table["answers"].items()},
        )
        for code, table in tables.items()
    }


def is_office(identifiers: Iterable[str]) -> bool:
    """Whether a certificate that names ``identifiers`` is the tax office's, real or simulated (offices.toml)."""
    offices = tomllib.loads((FOLDER / "offices.toml").read_text(encoding="utf-8"))
    return not set(offices["notice_signers"]).isdisjoint(identifiers)


def opened(data: bytes, profile: SignatureProfile, trust: TrustStore, at: datetime) -> tuple[bytes, str]:
    """What the tax office signed in the notice ``data`` (canonical bytes), and the name of the signer.

    Raises AnswerRefused unless every signature is intact and well placed and one is the tax office's own, trusted.
    """
    document = read_xml(data)
    if document.root.tag != ROOT:
        raise refused("không phải thông báo của cơ quan thuế", "it is no notice of the tax office")
    verification = verify(document, profile, trust, at)
    for each in verification.signatures:
        if not (each.intact and each.well_placed):
            raise refused(f"chữ ký không hợp lệ ({each.reason.vi})", f"a signature is broken ({each.reason.en})")
    signed = [each for each in verification.signatures if each.trusted and is_office(each.identifiers)]
    if not signed or verification.content is None:
        why = verification.signatures[0].trust_reason if verification.signatures else Text("chưa ký", "not signed")
        raise refused(f"không do cơ quan thuế ký ({why.vi})", f"it is not signed by the tax office ({why.en})")
    return verification.content, signed[0].signer


def refused(vi: str, en: str) -> AnswerRefused:
    """The error for a notice that is not believed."""
    return AnswerRefused(
        Text(f"Không chấp nhận tệp trả lời: {vi}.", f"The answer is refused: {en}."),
        Text(
            "Tải lại thông báo từ cổng thuế; nếu vẫn vậy, liên hệ cơ quan thuế.",
            "Download the notice from the portal again; if it stays so, ask the tax office.",
        ),
    )


def read_notice(content: bytes, signer: str) -> Receipt:
    """The receipt in ``content``, the canonical bytes of a verified TBaoThue, signed by ``signer``.

    A notice of an unknown kind is kept and proves nothing. Raises AnswerRefused when it names no kind.
    """
    node = read_xml(content).root
    code, body = _text(node, "TTinChung/TTinTBaoThue/maTBao"), _find(node, "NDungTBao")
    if not code or body is None:
        raise refused("thông báo không có mã hoặc nội dung", "the notice has no code or no content")
    title = _text(node, "TTinChung/TTinTBaoThue/tenTBao")
    kind = notice_kinds().get(code, NoticeKind(Text(title, title), "trangThai", {}))
    return Receipt(
        code=code,
        title=kind.title,
        leads_to=kind.answers.get(_text(body, kind.answer_element)),
        references=tuple(_references(body)),
        number=_text(node, "TTinChung/TTinTBaoThue/soTBao"),
        issued_at=_moment(_text(node, "TTinChung/TTinTBaoThue/ngayTBao")),
        legal_filing_date=_day(_text(body, "ngayChapNhan")),
        signer=signer,
        filer=_text(node, "TTinChung/NNhanTBaoThue/maNNhan"),
        subjects=(
            *map(_subject, _all(body, "HoSoThue/CTietHoSoThue")),
            *map(_transaction_subject, _all(body, "CTietGDich")),
        ),
        reasons=tuple(_reasons(body)),
        payables=tuple(map(_payable, _all(body, "IDKhoanNop/CTietIDKhoanNop"))),
    )


def _references(body: etree._Element) -> Iterable[str]:
    paths = ("maGiaoDichDTu", "GDich/maGDich")
    found = [*(_text(body, path) for path in paths), *(_text(row, "maGDC") for row in _all(body, "CTietGDich"))]
    return dict.fromkeys(each for each in found if each)


def _subject(row: etree._Element) -> Subject:
    return Subject(
        form=_text(row, "tokhai-phuluc"),
        period=_text(row, "kyTinhThue"),
        kind=_text(row, "loaiToKhai"),
        sequence=_text(row, "lanNop"),
    )


def _transaction_subject(row: etree._Element) -> Subject:
    return Subject(
        form=_text(row, "maHSo"),
        period=_text(row, "kyKKhaiHThi"),
        kind=_text(row, "maLoaiHSo"),
        sequence=_text(row, "lanNop"),
    )


def _reasons(body: etree._Element) -> Iterable[Reason]:
    for row in _all(body, "LyDo/CTietLyDo"):
        note = _text(row, "ghiChu")
        yield Reason(
            message=_text(row, "tenLoi"),
            group=_text(row, "tenNhomLoi"),
            remedy=_text(row, "huongDanXuLy"),
            note=note,
            path=_path_in(note),
        )
    for suffix in ("GDich", "CTietGDich"):
        for row in _all(body, suffix):
            message = _text(row, f"mtaLoi{suffix}")
            if message:
                yield Reason(message=message, group=_text(row, f"maLoi{suffix}"), path=_path_in(message))


def _path_in(text: str) -> str:
    """The path of a field where ``text`` names one, without the leading slash: the tax office writes «… qua PATH:
    /HSoThueDTu/HSoKhaiThue» (observed)."""
    start = text.find("HSoThueDTu/")
    return text[start:].split()[0].rstrip(".,;»") if start >= 0 else ""


def _payable(row: etree._Element) -> Payable:
    try:
        amount = Decimal(_text(row, "soTienPNop") or "0")
    except InvalidOperation:
        raise _unreadable("soTienPNop") from None
    return Payable(
        identifier=_text(row, "maDinhDanh"),
        amount=amount,
        currency=_text(row, "tenLoaiTien"),
        note=_text(row, "ghiChu"),
    )


def _moment(text: str) -> datetime | None:
    """A day or moment as the tax office writes them; GMT+7 where no zone is written."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _unreadable(text) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


def _day(text: str) -> date | None:
    moment = _moment(text)
    return moment.astimezone(VIETNAM).date() if moment else None


def _unreadable(what: str) -> AnswerRefused:
    return refused(f'không đọc được giá trị "{what}"', f'the value "{what}" cannot be read')


def _qualified(path: str) -> str:
    return "/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/"))


def _find(node: etree._Element, path: str) -> etree._Element | None:
    return node.find(_qualified(path))


def _all(node: etree._Element, path: str) -> list[etree._Element]:
    return node.findall(_qualified(path))


def _text(node: etree._Element, path: str) -> str:
    return (node.findtext(_qualified(path)) or "").strip()
