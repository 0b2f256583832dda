"""Every form package of the tax office, with the periods for which the law has it (shapes.toml)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from govgateway.connector import CarriedForm, FormVersion, Text
from govgateway_etax.catalogue import FOLDER
from govgateway_etax.shapes import Confirmed, Shape, library, shapes

_SEEN = {
    Confirmed.BOTH: Text("", ""),
    Confirmed.CODE: Text(" (mã đã xác nhận, phiên bản suy ra)", " (code confirmed, version inferred)"),
    Confirmed.NO: Text(" (mã và phiên bản chưa xác nhận)", " (code and version not confirmed)"),
}


def carried_forms() -> Iterator[CarriedForm]:
    """Those that can be filed, then those in the folders of laws whose XML is not announced, numbered ``c89/0.0.0``."""
    folders = sorted({each.parent.parent.name for each in FOLDER.glob("*/*/form.toml")})
    for name in ("", *folders):
        for version in library(name).all():
            number = f"{name}/{version.number}" if name else version.number
            shape = _shape(name, version)
            periods = _in_words(shape) if shape else Text("", "")
            yield CarriedForm(version, number, periods, filed=not shape or shape.confirmed is not Confirmed.NO)


def _shape(library_name: str, version: FormVersion) -> Shape | None:
    key = (library_name, version.code, version.number)
    return next((each for each in shapes() if (each.library, each.code, each.version) == key), None)


def _in_words(shape: Shape) -> Text:
    since, until = f"{shape.since:%d/%m/%Y}", f"{shape.until:%d/%m/%Y}"
    from_day = Text(f"từ {since}", f"from {since}") if shape.since > date.min else Text("", "")
    to_day = Text(f"tới {until}", f"until {until}") if shape.until < date.max else Text("", "")
    said, seen = (
        Text(f"{from_day.vi} {to_day.vi}".strip(), f"{from_day.en} {to_day.en}".strip()),
        _SEEN[shape.confirmed],
    )
    return Text(said.vi + seen.vi, said.en + seen.en)
