"""Every form package of the tax office, with the periods for which the law has it (shapes.toml)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from govgateway.connector import CarriedForm, FormVersion, Text
from govgateway_etax.catalogue import FOLDER
from govgateway_etax.shapes import Shape, library, shapes

_UNCONFIRMED = Text(" (mã và phiên bản chưa xác nhận)", " (code and version not confirmed)")


def carried_forms() -> Iterator[CarriedForm]:
    """Those that can be filed, then those in the folders of laws whose XML is not announced, numbered ``c89/0.0.0``."""
    folders = sorted({each.parent.parent.name for each in FOLDER.glob("*/*/form.toml")})
    for name in ("", *folders):
        for version in library(name).all():
            number = f"{name}/{version.number}" if name else version.number
            yield CarriedForm(version, number, _periods(name, version))


def _periods(library_name: str, version: FormVersion) -> Text:
    of_it = (each for each in shapes() if (each.library, each.code, each.version) == _key(library_name, version))
    shape = next(of_it, None)
    return _in_words(shape) if shape else Text("", "")


def _key(library_name: str, version: FormVersion) -> tuple[str, str, str]:
    return library_name, version.code, version.number


def _in_words(shape: Shape) -> Text:
    since, until = f"{shape.since:%d/%m/%Y}", f"{shape.until:%d/%m/%Y}"
    from_day = Text(f"từ {since}", f"from {since}") if shape.since > date.min else Text("", "")
    to_day = Text(f"tới {until}", f"until {until}") if shape.until < date.max else Text("", "")
    said = Text(f"{from_day.vi} {to_day.vi}".strip(), f"{from_day.en} {to_day.en}".strip())
    return said if shape.confirmed else Text(said.vi + _UNCONFIRMED.vi, said.en + _UNCONFIRMED.en)
