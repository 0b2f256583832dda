"""Which shape a return is filed in: the law goes by the tax period, the portal by days of its own, form by form.

    due("01/PH", period, date(2026, 11, 24)).package     # 879 2.7.5: what the portal still takes for 10/2026

The dated table is data, shapes.toml; each row names its source. Nothing here guesses a code or a version.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from govgateway import Text, UsageError
from govgateway.connector import VIETNAM, FormLibrary, FormVersion
from govgateway_etax.catalogue import FOLDER
from govgateway_etax.declaration import Header
from govgateway_etax.declared_period import declared_period
from govgateway_etax.periods import KINDS, Period

_NOTHING = Text("", "")
_Texts = Mapping[str, Mapping[str, str]]


class Confirmed(StrEnum):
    """What of a shape's code and version was seen at the tax office."""

    BOTH = "both"
    CODE = "code"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Shape:
    """One row of the table: ``form`` as prescribed by ``law`` for periods that end between ``since`` and ``until`` and
    are of one of ``kinds``; offered by the portal from ``offered_from`` to ``offered_until``, as far as is known.

    ``code`` and ``version`` are those of the XML; ``confirmed`` says which of them was seen at the tax office.
    ``instead`` is what to file for periods after ``until``; the form's own rule ``refused_by`` refuses those.
    """

    form: str
    law: Text
    since: date
    until: date
    kinds: tuple[str, ...]
    code: str
    version: str
    library: str
    offered_from: date
    offered_until: date
    confirmed: Confirmed
    source: Text
    instead: Text
    refused_by: str

    @property
    def package(self) -> FormVersion | None:
        """The form package of this shape."""
        return library(self.library).find(self.code, self.version)

    def prescribed_for(self, period: Period) -> bool:
        """Whether the law has this shape for what ends when ``period`` ends, whatever kind of period it is."""
        return self.since <= period.last <= self.until

    def known_on(self, day: date) -> bool:
        """Whether the portal is known to take this shape on ``day`` for the periods that the law has it for."""
        return self.confirmed is not Confirmed.NO and self.offered_from <= day

    def offered_on(self, day: date) -> bool:
        """Whether the portal is known to offer this shape on ``day``, as it does beyond those periods."""
        return self.known_on(day) and day <= self.offered_until


@cache
def library(name: str) -> FormLibrary:
    """The form packages in the folder ``name`` of the tax office's data; its own when the name is empty."""
    return FormLibrary(FOLDER / name)


@cache
def shapes() -> tuple[Shape, ...]:
    """The whole table, in its order."""
    table = tomllib.loads((FOLDER / "shapes.toml").read_text(encoding="utf-8"))
    return tuple(_shape(row, table["laws"], table["sources"]) for row in table["shape"])


def _shape(row: Mapping[str, Any], laws: _Texts, sources: _Texts) -> Shape:
    return Shape(
        form=row["form"],
        law=Text(**laws[row["law"]]),
        since=row.get("from", date.min),
        until=row.get("until", date.max),
        kinds=tuple(row["kinds"]),
        code=row["code"],
        version=row["version"],
        library=row.get("library", ""),
        offered_from=row.get("offered_from", date.min),
        offered_until=row.get("offered_until", date.max),
        confirmed=Confirmed(row["confirmed"]),
        source=Text(**sources[row["source"]]),
        instead=Text(**row["instead"]) if "instead" in row else _NOTHING,
        refused_by=row.get("refused_by", ""),
    )


def prescribed(form: str, period: Period) -> Shape | None:
    """The shape that the law has for ``form`` and ``period``; None when it has none any more, or not yet."""
    return next((each for each in shapes() if each.form == form and each.prescribed_for(period)), None)


def due(form: str, period: Period, day: date, *, allow_unconfirmed: bool = False) -> Shape:
    """The shape in which ``form`` is filed for ``period`` when it is made on ``day``.

    That is what the law prescribes, once the portal takes it; until then the shape before, while the portal takes that
    one. A shape for periods gone by stays due for them. Raises UsageError when the form is not filed for such a
    period, or when nothing that is due is confirmed; ``allow_unconfirmed`` asks for the law's shape all the same.
    """
    lawful = prescribed(form, period)
    if lawful is None or period.kind not in lawful.kinds:
        raise _not_filed(form, period, lawful)
    if allow_unconfirmed or lawful.known_on(day):
        return lawful
    before = (each for each in shapes() if each.form == form and period.kind in each.kinds and each.offered_on(day))
    standing_in = next(before, None)
    if standing_in is None:
        raise _unconfirmed(lawful, period)
    return standing_in


def package_of(header: Header) -> FormVersion | None:
    """The form package by which a declaration with ``header`` is checked; None when none is carried."""
    period, pair = declared_period(header), (header.maTKhai, header.pbanTKhaiXML)
    named = (each for each in shapes() if period and (each.code, each.version) == pair and each.prescribed_for(period))
    shape = next(named, None)
    return shape.package if shape else library("").find(*pair)


def superseded(code: str, period: Period) -> Shape | None:
    """The last shape under ``code`` where the law has none under it for ``period`` any more; None where it has one."""
    used = [each for each in shapes() if each.code == code]
    return None if not used or any(each.prescribed_for(period) for each in used) else used[-1]


def today() -> date:
    """The present day in Viet Nam, by which the tax office counts."""
    return datetime.now(VIETNAM).date()


def _not_filed(form: str, period: Period, lawful: Shape | None) -> UsageError:
    last = next((each for each in reversed(shapes()) if each.form == form), None)
    known = ", ".join(dict.fromkeys(each.form for each in shapes()))
    remedy = Text(f"Các mẫu có trong bảng: {known}.", f"The table has: {known}.")
    if lawful is not None:
        kinds = [KINDS[kind] for kind in lawful.kinds]
        vi, en = ", ".join(each.vi for each in kinds), ", ".join(each.en for each in kinds)
        remedy = Text(f"Kiểu kỳ của mẫu này: {vi}.", f"Its kinds of period are: {en}.")
    elif last is not None and last.instead != _NOTHING:
        remedy = last.instead if last.refused_by else _instead_or_former(last)
    words = period.words
    return UsageError(
        Text(f"Không khai mẫu {form} cho {words.vi}.", f"There is no {form} for the period {words.en}."), remedy
    )


def _instead_or_former(last: Shape) -> Text:
    return Text(
        f"{last.instead.vi} Muốn lập theo mẫu cũ mà cổng còn nhận thì thêm --version {last.version}.",
        f"{last.instead.en} To make the former form, which the portal still takes, add --version {last.version}.",
    )


def _unconfirmed(shape: Shape, period: Period) -> UsageError:
    words, number = period.words, f"{shape.library}/{shape.version}"
    return UsageError(
        Text(
            f"Kỳ tính thuế {words.vi} phải khai theo mẫu {shape.form} của {shape.law.vi}, nhưng mã và phiên bản XML "
            f"của mẫu này chưa được xác nhận ({shape.source.vi}).",
            f"The tax period {words.en} is declared by {shape.form} of {shape.law.en}, but the code and version of "
            f"its XML are not confirmed ({shape.source.en}).",
        ),
        Text(
            "Khai trực tiếp trên cổng, hoặc cập nhật govgateway khi cơ quan thuế công bố; muốn lập thử mẫu chưa xác "
            f"nhận thì thêm --version {number} (không nộp được).",
            "Declare it in the portal itself, or update govgateway once the tax office has announced it; to try the "
            f"unconfirmed form, add --version {number} (it cannot be filed).",
        ),
    )
