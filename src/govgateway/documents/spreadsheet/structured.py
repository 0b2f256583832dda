"""Reads the values of a form from JSON.

    {"form": "01/PH", "version": "2.7.5",
     "values": {"CTieuTKhaiChinh/NoiDung01PH/ChiTietPhi": [{"ten_LoaiPhi": "…", "tyLe": 10}]}}

Names are those of the elements below the one that holds all values; "/" goes several steps down. A text is taken as it
stands, a number in plain digits.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from govgateway.documents.entries import Entry
from govgateway.documents.findings import Finding
from govgateway.documents.layout import Layout, Names, is_value
from govgateway.documents.package import FormVersion
from govgateway.documents.spreadsheet import rules
from govgateway.documents.spreadsheet.cells import Cell, read_cell
from govgateway.documents.spreadsheet.content import Content
from govgateway.documents.spreadsheet.numbers import tidy
from govgateway.errors import Text, UnreadableDocument


class Structured:
    """The values in ``data``, the JSON file ``name``. ``form`` and ``version`` are empty where it does not say.

    Raises UnreadableDocument for what is no such JSON.
    """

    def __init__(self, data: bytes, name: str) -> None:
        try:
            said = json.loads(data.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_number)
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict) or not isinstance(said.get("values"), dict):
            raise _refused(name)
        self._values: Mapping[str, Any] = said["values"]
        self.form, self.version = str(said.get("form", "")), str(said.get("version", ""))

    def content(self, package: FormVersion) -> Content:
        """The values as the content of a document of the form ``package``."""
        base = Layout.of(package.outline).base
        reader = _Reader(package)
        root = Entry()
        reader.read(self._values, base, root.at(base[1:]), "")
        return Content(root, tuple(reader.findings))


@dataclass
class _Reader:
    package: FormVersion
    findings: list[Finding] = field(default_factory=list)

    def read(self, value: Any, names: Names, entry: Entry, place: str) -> None:
        """Put ``value``, which stands at ``place`` of the file, into ``entry``, the element at ``names``."""
        entry.cell = place
        outlined = self.package.outline.fields[names]
        if is_value(outlined):
            self._read_value(value, names, entry, place)
        elif isinstance(value, dict):
            for key, below in value.items():
                self._read_part(below, names, entry, tuple(key.split("/")), f"{place}/{key}".lstrip("/"))
        elif value is not None:
            self._unknown(value, names, place)

    def _read_part(self, value: Any, names: Names, entry: Entry, steps: Names, place: str) -> None:
        below = names + steps
        rows = [each for each in range(len(names) + 1, len(below)) if self._repeated(below[:each])]
        if below not in self.package.outline.fields or rows:
            self._unknown(steps[-1], names, place)
            return
        home = entry.at(steps[:-1])
        if not self._repeated(below):
            self.read(value, below, home.at(steps[-1:]), place)
            return
        for number, each in enumerate(value if isinstance(value, list) else [value], start=1):
            row = Entry()
            home.parts.setdefault(steps[-1], []).append(row)
            self.read(each, below, row, f"{place}[{number}]")

    def _repeated(self, names: Names) -> bool:
        outlined = self.package.outline.fields.get(names)
        return outlined is not None and outlined.repeated

    def _read_value(self, value: Any, names: Names, entry: Entry, place: str) -> None:
        if isinstance(value, dict | list):
            self._unknown(names[-1], names[:-1], place)
        elif isinstance(value, str):
            entry.text, entry.written = tidy(value), True
        elif value is not None:
            entry.text, said = read_cell(Cell(value, place), self.package.outline.fields[names], self.package.values)
            self.findings += said

    def _unknown(self, name: object, names: Names, place: str) -> None:
        there_are = Layout.of(self.package.outline).children.get(names, ())
        self.findings.append(rules.UNKNOWN.finding(place, name, ", ".join(there_are)))


def _no_number(constant: str) -> None:
    raise ValueError(constant)


def _refused(name: str) -> UnreadableDocument:
    return UnreadableDocument(
        Text("Tệp không phải JSON có các giá trị của một mẫu.", "The file is no JSON with the values of a form."),
        Text('Cần dạng {"form": "01/PH", "values": {…}}.', 'It reads {"form": "01/PH", "values": {…}}.'),
        where=name,
    )
