"""docs/agencies/etax.md tells the dated table of shapes as it is."""

from __future__ import annotations

from datetime import date

from govgateway_etax.shapes import Confirmed, Shape, shapes
from unit.docs.pages import Page, rows

TABLE = rows(Page("docs/agencies/etax.md").section("The law of 2026"))

_CONFIRMED = {Confirmed.BOTH: "yes", Confirmed.CODE: "code only", Confirmed.NO: "no"}


def _days(since: date, until: date) -> str:
    told = [f"from {since:%d/%m/%Y}"] * (since > date.min) + [f"until {until:%d/%m/%Y}"] * (until < date.max)
    return " ".join(told)


def _row(shape: Shape) -> list[str]:
    offered = _days(shape.offered_from, shape.offered_until) or (
        "not seen" if shape.confirmed is Confirmed.NO else "yes"
    )
    periods, confirmed = _days(shape.since, shape.until), _CONFIRMED[shape.confirmed]
    pair = f"`{shape.code}` `{shape.version}`"
    return [shape.form, shape.law.en, periods, ", ".join(shape.kinds), pair, offered, confirmed]


def test_every_shape_is_described_and_no_other() -> None:
    assert list(map(_row, shapes())) == TABLE
