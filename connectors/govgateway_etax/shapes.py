"""Which shape a return is filed in: the law goes by the tax period, the portal by days of its own, form by form.

    due("01/PH", period, date(2026, 11, 24)).package     # 879 2.7.5: what the portal still takes for 10/2026

The dated table is data, shapes.toml; each row names its source. Nothing here guesses a code or a version.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from functools import cache
from typing import Any

from govgateway import ConfigurationError, Text
from govgateway.connector import Finding, FormLibrary, FormVersion
from govgateway_etax import rules
from govgateway_etax.catalogue import FOLDER
from govgateway_etax.declaration import Header
from govgateway_etax.declared_period import declared_period, period_words
from govgateway_etax.periods import Period

_VIETNAM = timezone(timedelta(hours=7))
_NOTHING = Text("", "")
_Texts = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Shape:
    """One row of the table: ``form`` as prescribed by ``law`` for periods that end between ``since`` and ``until`` and
    are of one of ``kinds``; offered by the portal from ``offered_from`` to ``offered_until``, as far as is known.

    ``code`` and ``version`` are those of the XML; unless ``confirmed`` they were not seen at the tax office.
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
    confirmed: bool
    source: Text
    instead: Text

    @property
    def package(self) -> FormVersion | None:
        """The form package of this shape."""
        return library(self.library).find(self.code, self.version)

    def prescribed_for(self, period: Period) -> bool:
        """Whether the law has this shape for what ends when ``period`` ends, whatever kind of period it is."""
        return self.since <= period.last <= self.until

    def known_on(self, day: date) -> bool:
        """Whether the portal is known to take this shape on ``day`` for the periods that the law has it for."""
        return self.confirmed and self.offered_from <= day

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
        confirmed=row["confirmed"],
        source=Text(**sources[row["source"]]),
        instead=Text(**row["instead"]) if "instead" in row else _NOTHING,
    )


def prescribed(form: str, period: Period) -> Shape | None:
    """The shape that the law has for ``form`` and ``period``; None when it has none any more, or not yet."""
    return next((each for each in shapes() if each.form == form and each.prescribed_for(period)), None)


def due(form: str, period: Period, day: date, *, allow_unconfirmed: bool = False) -> Shape:
    """The shape in which ``form`` is filed for ``period`` when it is made on ``day``.

    That is what the law prescribes, once the portal takes it; until then the shape before, while the portal takes that
    one. A shape for periods gone by stays due for them. Raises ConfigurationError when the form is not filed for such a
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


def shape_findings(header: Header, day: date) -> tuple[Finding, ...]:
    """What the table has against filing a declaration with ``header`` on ``day``: its shape is not that of its period.

    A shape that the portal goes on taking beyond the law's periods, as no other is known to be offered, is let pass.
    """
    period = declared_period(header)
    pair = (header.maTKhai, header.pbanTKhaiXML)
    used = [each for each in shapes() if (each.code, each.version) == pair] or [
        each for each in shapes() if each.code == header.maTKhai
    ][:1]
    if period is None or not used or any(each.prescribed_for(period) for each in used):
        return ()
    last, lawful = used[-1], prescribed(used[-1].form, period)
    if lawful is None:
        finding = rules.FORM_ENDED.finding(last.form, f"{last.until:%d/%m/%Y}")
        return (replace(finding, remedy=last.instead),)
    return (rules.OTHER_SHAPE.finding(last.form, lawful.code, lawful.version),) if lawful.known_on(day) else ()


def today() -> date:
    """The present day in Viet Nam, by which the tax office counts."""
    return datetime.now(_VIETNAM).date()


def _not_filed(form: str, period: Period, lawful: Shape | None) -> ConfigurationError:
    last = next((each for each in reversed(shapes()) if each.form == form), None)
    known = ", ".join(dict.fromkeys(each.form for each in shapes()))
    remedy = Text(f"Các mẫu có trong bảng: {known}.", f"The table has: {known}.")
    if lawful is not None:
        kinds = ", ".join(lawful.kinds)
        remedy = Text(f"Kiểu kỳ của mẫu này: {kinds}.", f"Its kinds of period are: {kinds}.")
    elif last is not None and last.instead != _NOTHING:
        remedy = last.instead
    written = f"{period.kind} {period_words(period)}"
    return ConfigurationError(
        Text(f"Không khai mẫu {form} cho kỳ {written}.", f"There is no {form} for the period {written}."), remedy
    )


def _unconfirmed(shape: Shape, period: Period) -> ConfigurationError:
    written = period_words(period)
    return ConfigurationError(
        Text(
            f"Kỳ {written} phải khai theo mẫu {shape.form} của {shape.law.vi}, nhưng mã và phiên bản XML của mẫu này "
            f"chưa được xác nhận ({shape.source.vi}).",
            f"The period {written} is declared by {shape.form} of {shape.law.en}, but the code and version of its XML "
            f"are not confirmed ({shape.source.en}).",
        ),
        Text(
            "Khai trực tiếp trên cổng, hoặc cập nhật govgateway khi cơ quan thuế công bố; muốn lập thử thì yêu cầu rõ "
            "mẫu chưa xác nhận (không nộp được).",
            "Declare it in the portal itself, or update govgateway once the tax office has announced it; to try it, "
            "ask for the unconfirmed form explicitly (it cannot be filed).",
        ),
    )
