"""The header of a new declaration: what follows from the form, the taxpayer, the period and the kind.

Which elements a header has, and what software writes into them, is observed in real files (docs/agencies/etax.md): all
are there, empty where there is nothing to say, but for the extension, which the portal leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import govgateway
from govgateway import Text, UsageError
from govgateway.connector import FormVersion
from govgateway_etax.catalogue import catalogue
from govgateway_etax.declaration import HEADER
from govgateway_etax.periods import Period, occurrence, periods

_ROOT = "HSoThueDTu"
_SIGNED = f"{_ROOT}/HSoKhaiThue"
_SOFTWARE = f"{_SIGNED}/TTinChung/TTinDVu"
_FORM, _TAXPAYER = f"{_ROOT}/{HEADER}/TKhaiThue", f"{_ROOT}/{HEADER}/NNT"
_PERIOD = f"{_FORM}/KyKKhaiThue"
_SIGNED_ID = "NODETOSIGN"
"""What the portal of 2026 writes."""
_LEFT_OUT = frozenset({"GiaHan", "giaHan", "maXaNNT", "tenXaNNT"})
_FIRST_NUMBERS = {"C": "0", "B": "1"}
OF_SUPPLEMENTS = ("PL01_KHBS", "PL01_1_KHBS")
"""The appendices that the tax office's catalogue lists for kind B only."""
_FROM_PROFILE = {
    f"{_TAXPAYER}/mst": "filer",
    f"{_TAXPAYER}/tenNNT": "filer_name",
    f"{_TAXPAYER}/dchiNNT": "filer_address",
    f"{_TAXPAYER}/phuongXa": "filer_ward",
    f"{_TAXPAYER}/tenTinhNNT": "filer_province",
    f"{_TAXPAYER}/dthoaiNNT": "filer_phone",
    f"{_TAXPAYER}/faxNNT": "filer_fax",
    f"{_TAXPAYER}/emailNNT": "filer_email",
    f"{_FORM}/maCQTNoiNop": "filer_tax_office",
    f"{_FORM}/tenCQTNoiNop": "filer_tax_office_name",
    f"{_FORM}/nguoiKy": "filer_signatory",
}
"""What the filer's profile tells, by the element that it is written into."""
_SERIAL_ZERO = date(1899, 12, 30)
"""From which spreadsheets count days."""
_DAY = r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})"


def header_values(
    package: FormVersion, given: Mapping[str, str], *, about: Mapping[str, str], day: date | None
) -> Mapping[str, str | None]:
    """The header of a declaration by ``package``, by path: see ``FormComposer`` (govgateway.connector)."""
    kind = _kind(package, about.get("kind", "")) or given.get(f"{_FORM}/loaiTKhai", "") or package.kinds[0]
    forced: dict[str, str | None] = {
        f"{_FORM}/maTKhai": package.code,
        f"{_FORM}/pbanTKhaiXML": package.number,
        f"{_FORM}/loaiTKhai": kind,
    }
    forced |= {f"{_PERIOD}/kyKKhai": text for text in _as_typed(given)}
    forced |= {f"{_PERIOD}/{name}": text for name, text in _period(about.get("period", ""))}
    if given.get(f"{_PERIOD}/kyKKhai") not in {None, "", forced.get(f"{_PERIOD}/kyKKhai", "")} and about.get("period"):
        forced |= {f"{_FORM}/{name}": text for name, text in _made(day)}  # another period: another declaration
    usual = {f"{_FORM}/{name}": text for name, text in _about_form(package, kind, day)}
    usual |= dict(_profile(about, given.get(f"{_TAXPAYER}/mst", "")))
    usual |= {f"{_SOFTWARE}/{name}": text for name, text in _software()}
    usual |= {f"{_SIGNED}/@id": _SIGNED_ID, f"{_ROOT}/CKyDTu": ""}
    if kind == "C":
        forced |= {f"{_SIGNED}/PLuc/{name}": None for name in _appendices(package)}
    left_empty = dict.fromkeys(_optional(package), "")
    return {path: text for path, text in (left_empty | usual).items() if path not in given} | forced


def _as_typed(given: Mapping[str, str]) -> Iterator[str]:
    """The month or quarter that was typed as 10/2026 or 3/2026 and that a spreadsheet made the first day of a month."""
    kind, written = given.get(f"{_PERIOD}/kieuKy", ""), given.get(f"{_PERIOD}/kyKKhai", "")
    if re.fullmatch(r"\d{5}", written):
        written = f"{_SERIAL_ZERO + timedelta(int(written)):%d/%m/%Y}"
    month = re.fullmatch(r"01/(\d{2}/\d{4})", written)
    quarter = re.fullmatch(r"01/0([1-4]/\d{4})", written)
    if month and kind == "M":
        yield month[1]
    if quarter and kind == "Q":
        yield quarter[1]


def _profile(about: Mapping[str, str], given: str) -> Iterator[tuple[str, str]]:
    """What the profile tells, unless the declaration is of the taxpayer ``given`` and the profile of another."""
    if given in {"", about.get("filer", "")}:
        yield from ((path, about[name]) for path, name in _FROM_PROFILE.items() if about.get(name))


def _appendices(package: FormVersion) -> Iterator[str]:
    """The appendices of supplements that a form has."""
    above = (*_SIGNED.split("/"), "PLuc")
    return (name for name in OF_SUPPLEMENTS if (*above, name) in package.outline.fields)


def _kind(package: FormVersion, kind: str) -> str:
    """``kind``, which was asked for, empty for none. Raises UsageError for one that the form does not have."""
    if kind and kind not in package.kinds:
        kinds = ", ".join(package.kinds)
        raise UsageError(
            Text(
                f"Mẫu {package.name} không có loại tờ khai {kind}.",
                f"{package.name} has no kind of declaration {kind}.",
            ),
            Text(f"Các loại: {kinds} (C chính thức, B bổ sung).", f"Kinds: {kinds} (C official, B supplementary)."),
        )
    return kind


def _about_form(package: FormVersion, kind: str, day: date | None) -> Iterator[tuple[str, str]]:
    yield "tenTKhai", f"{package.title.vi} ({package.name})"
    yield "moTaBMau", f"({_legal_basis(package, kind)})"
    yield "soLan", _FIRST_NUMBERS.get(kind, "0")
    yield from _made(day)


def _legal_basis(package: FormVersion, kind: str) -> str:
    """In the catalogue's words where they are about the same law: a code keeps its row when its law changes."""
    entry = catalogue().get((package.code, package.number, kind))
    law = re.search(r"[0-9]+/[0-9]{4}", package.legal_basis)
    return entry.legal_basis if entry and law and law[0] in entry.legal_basis else package.legal_basis


def _made(day: date | None) -> Iterator[tuple[str, str]]:
    if day is not None:
        yield "ngayLapTKhai", f"{day:%d/%m/%Y}"
        yield "ngayKy", day.isoformat()


def _software() -> Iterator[tuple[str, str]]:
    """Any value is taken (observed: HTKK, IHTKK, TTGQ TTHC, ICANHAN)."""
    yield from (("maDVu", "govgateway"), ("tenDVu", "govgateway"))
    yield from (("pbanDVu", govgateway.__version__), ("ttinNhaCCapDVu", ""))


def _optional(package: FormVersion) -> Iterator[str]:
    """The paths of what the header may lack, which real files have all the same."""
    for names, field in package.outline.fields.items():
        path = "/".join(names)
        missing = field.type and not field.required and _LEFT_OUT.isdisjoint(names)
        if missing and path.startswith((f"{_FORM}/", f"{_TAXPAYER}/")):
            yield path


def _period(text: str) -> Iterator[tuple[str, str]]:
    """KyKKhaiThue for the period ``text``. The months of a quarter were observed, those of no other kind."""
    if not text:
        return
    period = period_named(text)
    yield "kieuKy", period.kind
    yield "kyKKhai", period.written if period.kind != "K" else ""
    days = period.kind != "D"
    yield "kyKKhaiTuNgay", f"{period.first:%d/%m/%Y}" if days else ""
    yield "kyKKhaiDenNgay", f"{period.last:%d/%m/%Y}" if days else ""
    months = period.kind == "Q"
    yield "kyKKhaiTuThang", f"{period.first:%m/%Y}" if months else ""
    yield "kyKKhaiDenThang", f"{period.last:%m/%Y}" if months else ""


def period_named(text: str) -> Period:
    """The tax period that a person writes as 10/2026, Q3/2026, 2026, 05/10/2026 or 01/10/2026-15/10/2026.

    Raises UsageError for what is no period, and for 3/2026, which may be a month or a quarter.
    """
    try:
        found = _read(text.strip().upper())
    except ValueError:  # a day or a month that is not in the calendar
        found = None
    if found is None:
        raise UsageError(
            Text(f"Không hiểu kỳ tính thuế “{text}”.", f"The tax period “{text}” is not understood."),
            Text(
                "Ghi tháng 03/2026, quý Q3/2026, năm 2026, ngày 05/10/2026 hoặc 01/10/2026-15/10/2026.",
                "Write a month 03/2026, a quarter Q3/2026, a year 2026, a day 05/10/2026 or 01/10/2026-15/10/2026.",
            ),
        )
    return found


def _read(text: str) -> Period | None:
    if quarter := re.fullmatch(r"Q\s*([1-4])[/.-](\d{4})", text):
        return next(periods("Q", date(int(quarter[2]), 3 * int(quarter[1]) - 2, 1)))
    if month := re.fullmatch(r"(\d{2}|[5-9])[/.-](\d{4})", text):
        return next(periods("M", date(int(month[2]), int(month[1]), 1)))
    if re.fullmatch(r"\d{4}", text):
        return next(periods("Y", date(int(text), 1, 1)))
    if day := re.fullmatch(_DAY, text):
        return occurrence(_day(*day.groups()))
    if days := re.fullmatch(rf"{_DAY}\s*[-–]\s*{_DAY}", text):
        numbers = days.groups()
        return Period("K", _day(*numbers[:3]), _day(*numbers[3:]))
    return None


def _day(day: str, month: str, year: str) -> date:
    return date(int(year), int(month), int(day))
