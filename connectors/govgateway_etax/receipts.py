"""What a verified notice says, read into a receipt: docs/agencies/etax.md shows each field.

Only the signed bytes are read: the canonical form of the signed node, parsed anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from lxml import etree

from govgateway import AnswerRefused
from govgateway.connector import VIETNAM, Payable, Reason, Receipt, Status, Subject, Text, read_xml
from govgateway_etax.notices import NAMESPACE, NoticeKind, is_reference, refused

_AMOUNT = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,6})?")


def read_notice(content: bytes, signer: str, kinds: Mapping[str, NoticeKind]) -> Receipt:
    """The receipt in ``content``, the canonical bytes of a verified TBaoThue, signed by ``signer``.

    A notice that ``kinds`` does not name is kept and proves nothing. Raises AnswerRefused when it has no code or
    content, or a value cannot be read.
    """
    node = read_xml(content).root
    code, body = _text(node, "TTinChung/TTinTBaoThue/maTBao"), _find(node, "NDungTBao")
    if not code or body is None:
        raise refused("thông báo không có mã hoặc nội dung", "the notice has no code or no content")
    title = _text(node, "TTinChung/TTinTBaoThue/tenTBao")
    kind = kinds.get(code, NoticeKind(Text(title, title), "trangThai", {}))
    row = _only_row(body)
    leads_to = _leads_to(body, kind)
    return Receipt(
        code=code,
        title=kind.title,
        leads_to=leads_to,
        references=tuple(filter(is_reference, _references(body, row))),
        number=_text(node, "TTinChung/TTinTBaoThue/soTBao"),
        issued_at=_moment(_text(node, "TTinChung/TTinTBaoThue/ngayTBao")),
        legal_filing_date=None if leads_to is Status.REJECTED else _day(_text(body, "ngayChapNhan")),
        arrived_at=_moment(_text(body, "ngayNopThucTe") or _text(body, "ngayHoSo")),
        signer=signer,
        # A row of a result says whose it is; the notice itself goes to whoever sent it, perhaps a T-VAN.
        filer=_text(row, "tinCTietGDich") or _text(node, "TTinChung/NNhanTBaoThue/maNNhan"),
        subjects=(*map(_subject, _all(body, "HoSoThue/CTietHoSoThue")), *_transaction_subjects(row)),
        reasons=tuple(_reasons(body, row)),
        payables=tuple(map(_payable, _filled(body, "IDKhoanNop/CTietIDKhoanNop"))),
    )


def _only_row(body: etree._Element) -> etree._Element | None:
    """The one transaction that a notice is about. One with several, such as a day's result, lists filings of anybody:
    what it says is nobody's verdict."""
    rows = _all(body, "CTietGDich")
    return rows[0] if len(rows) == 1 else None


def _leads_to(body: etree._Element, kind: NoticeKind) -> Status | None:
    answers = _all(body, kind.answer_element)
    return kind.answers.get((answers[0].text or "").strip()) if len(answers) == 1 else None


def _references(body: etree._Element, row: etree._Element | None) -> Iterable[str]:
    return dict.fromkeys((_text(body, "maGiaoDichDTu"), _text(body, "GDich/maGDich"), _text(row, "maGDC")))


def _subject(row: etree._Element) -> Subject:
    return Subject(
        form=_text(row, "tokhai-phuluc"),
        period=_text(row, "kyTinhThue"),
        kind=_text(row, "loaiToKhai"),
        sequence=_text(row, "lanNop"),
    )


def _transaction_subjects(row: etree._Element | None) -> Iterable[Subject]:
    if row is not None:
        yield Subject(
            form=_text(row, "maHSo"),
            period=_text(row, "kyKKhaiHThi"),
            kind=_text(row, "maLoaiHSo"),
            sequence=_text(row, "lanNop"),
        )


def _reasons(body: etree._Element, row: etree._Element | None) -> Iterable[Reason]:
    for each in _filled(body, "LyDo/CTietLyDo"):
        group, message, note = _text(each, "tenNhomLoi"), _text(each, "tenLoi"), _text(each, "ghiChu")
        remedy = _text(each, "huongDanXuLy")
        yield Reason(
            message=message or group or note or remedy,
            group=group,
            remedy=remedy,
            note=note,
            path=_path_in(note) or _path_in(message),
        )
    for part, suffix in ((_find(body, "GDich"), "GDich"), (row, "CTietGDich")):
        error, message = _text(part, f"maLoi{suffix}"), _text(part, f"mtaLoi{suffix}")
        if error or message:
            yield Reason(message=message or error, group=error, path=_path_in(message))


def _path_in(text: str) -> str:
    """The path of a field where ``text`` names one, without the leading slash: the tax office writes «… qua PATH:
    /HSoThueDTu/HSoKhaiThue» (observed)."""
    start = text.find("HSoThueDTu/")
    return text[start:].split()[0].rstrip(".,;»") if start >= 0 else ""


def _payable(row: etree._Element) -> Payable:
    amount = _text(row, "soTienPNop")
    if not _AMOUNT.fullmatch(amount):
        raise _unreadable(f"soTienPNop: {amount}")
    return Payable(
        identifier=_text(row, "maDinhDanh"),
        amount=Decimal(amount),
        currency=_text(row, "tenLoaiTien"),
        note=_text(row, "ghiChu"),
    )


def _moment(text: str) -> datetime | None:
    """A day or moment as the tax office writes them, in GMT+7, which is meant where no zone is written."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(VIETNAM) if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
    except (ValueError, OverflowError):
        raise _unreadable(text) from None


def _day(text: str) -> date | None:
    moment = _moment(text)
    return moment.date() if moment else None


def _unreadable(what: str) -> AnswerRefused:
    return refused(f'không đọc được giá trị "{what[:80]}"', f'the value "{what[:80]}" cannot be read')


def _qualified(path: str) -> str:
    return "/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/"))


def _find(node: etree._Element, path: str) -> etree._Element | None:
    return node.find(_qualified(path))


def _all(node: etree._Element, path: str) -> list[etree._Element]:
    return node.findall(_qualified(path))


def _filled(node: etree._Element, path: str) -> list[etree._Element]:
    """The rows that say anything: the tax office's files have empty rows where there is none."""
    return [each for each in _all(node, path) if "".join(map(str, each.itertext())).strip()]


def _text(node: etree._Element | None, path: str) -> str:
    return ((node.findtext(_qualified(path)) or "") if node is not None else "").strip()
