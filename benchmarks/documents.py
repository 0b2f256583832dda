"""Checking in bulk, all rules on, against parsing the same bytes."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from benchmarks.cold_start import EXAMPLE
from benchmarks.measure import Measurement, side_by_side
from govgateway.connector import connectors
from govgateway.documents.xml import read_xml
from govgateway.pipeline.intake import examine


def measure() -> Iterator[Measurement]:
    """What checking costs."""
    installed = list(connectors())
    for name, data, rounds in (("5 KB", EXAMPLE.read_bytes(), 300), ("1 MB", of_size(1_000_000), 10)):
        yield side_by_side(
            f"check in bulk ({name})",
            lambda data=data: examine(read_xml(data), installed),
            "lxml parse",
            lambda data=data: etree.fromstring(data),
            target=12,
            rounds=rounds,
        )


def of_size(size: int) -> bytes:
    """The example with its first line of fees repeated, and the total with it, to about ``size`` bytes."""
    root = etree.fromstring(EXAMPLE.read_bytes())
    (line,) = root.iterfind(".//{*}ChiTietPhi[@id='ID_1']")
    count = size // len(etree.tostring(line, encoding="UTF-8"))
    amount = int(line.findtext("{*}soTienPHPhaiNop") or "0")
    for _ in range(count):
        line.addnext(etree.fromstring(etree.tostring(line)))
    (total, *_others) = root.iterfind(".//{*}tongCong")
    total.text = str(int(total.text or "0") + count * amount)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)
