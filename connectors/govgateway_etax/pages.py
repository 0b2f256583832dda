"""How the tax office prints its documents: what stands above and below the items of a declaration, the period in words.

Which fields of the header are printed is data (schemas/etax/header.toml); the text of a notice is read in notice_pages.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from lxml import etree

from govgateway.connector import Block, FormVersion, Line, PageLayout, Text, Value, read_day
from govgateway_etax.catalogue import FOLDER, catalogue
from govgateway_etax.declaration import HEADER, NAMESPACE
from govgateway_etax.notice_pages import notice_layout
from govgateway_etax.notices import NAMESPACE as NOTICE

STATE = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
_PERIOD, _TYPE = Text("Kỳ tính thuế", "Tax period"), Text("Loại tờ khai", "Type of declaration")
_FIRST, _SUPPLEMENT = Text("Lần đầu", "First"), Text("Bổ sung lần thứ", "Supplement number")
_FORM = Text("Mẫu số", "Form")
_WORDS = {
    "M": (r"([0-9]{2})/([0-9]{4})", Text("Tháng {0} năm {1}", "Month {0} of {1}")),
    "Q": (r"([1-4])/([0-9]{4})", Text("Quý {0} năm {1}", "Quarter {0} of {1}")),
    "Y": (r"([0-9]{4})", Text("Năm {0}", "Year {0}")),
    "D": (r"([0-9]{2}/[0-9]{2}/[0-9]{4})", Text("Lần phát sinh ngày {0}", "Occurrence of {0}")),
}


def layout_of(node: etree._Element, package: FormVersion | None, language: str) -> PageLayout | None:
    """How ``node``, the signed node of a declaration or a notice, is printed; None when it is neither."""
    if node.tag == f"{{{NOTICE}}}TBaoThue":
        return notice_layout(node, STATE, language)
    return _Declaration(node, package, language).layout() if node.tag == f"{{{NAMESPACE}}}HSoKhaiThue" else None


class _Declaration:
    def __init__(self, node: etree._Element, package: FormVersion | None, language: str) -> None:
        self._node = node
        self._header = node.find(_qualified(HEADER.partition("/")[2]))
        self._package = package
        self._language = language

    def layout(self) -> PageLayout:
        code, version = self._said("TKhaiThue/maTKhai", "maTKhai"), self._said("TKhaiThue/pbanTKhaiXML", "pbanTKhaiXML")
        package, entry = self._package, catalogue().get((code, version, self._said("TKhaiThue/loaiTKhai") or "C"))
        form = package.name if package else entry.form if entry else ""
        basis = package.legal_basis if package else entry.legal_basis if entry else ""
        named = (f"{_FORM.in_language(self._language)} {form}" if form else "", f"{code} · {version}")
        title = package.title.in_language(self._language) if package else self._said("TKhaiThue/tenTKhai", "tenTKhai")
        return PageLayout(
            title=title or code,
            state=STATE,
            form=" · ".join(filter(None, named)),
            basis=self._said("TKhaiThue/moTaBMau", "moTaBMau") or basis,
            head=(*self._period(), *self._lines(_lines()["head"])),
            parts=tuple(dict.fromkeys(each for each in map(_name, self._node) if each != "TTinChung")),
            foot=tuple(self._lines(_lines()["foot"])),
        )

    def _period(self) -> Iterator[Block]:
        """[01] to [03]: the period in words, whether it is the first declaration, or which supplement."""
        said = {name: self._said(f"TKhaiThue/{name}") for name in ("loaiTKhai", "soLan")}
        words = period_in_words(self._values("TKhaiThue/KyKKhaiThue"), self._language)
        if words:
            yield Line(_PERIOD.in_language(self._language), words, "[01]")
        if said["loaiTKhai"] in {"C", "B"}:
            yield Line(_FIRST.in_language(self._language), said["loaiTKhai"] == "C", "[02]")
            yield Line(
                _SUPPLEMENT.in_language(self._language), said["soLan"] if said["loaiTKhai"] == "B" else "", "[03]"
            )
        elif said["loaiTKhai"]:
            yield Line(_TYPE.in_language(self._language), said["loaiTKhai"])

    def _lines(self, lines: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
        for line in lines:
            values = [each for each in (self._said(path) for path in line["paths"]) if each]
            value: Value = read_day(values[0]) if len(values) == 1 else ", ".join(values)
            if line.get("mark"):
                value = value in {"true", "1"}
            if value:
                yield Line(Text(**line["label"]).in_language(self._language), value)

    def _values(self, path: str) -> Mapping[str, str]:
        found = self._header.find(_qualified(path)) if self._header is not None else None
        return {} if found is None else {_name(each): (each.text or "").strip() for each in found}

    def _said(self, *paths: str) -> str:
        """What stands at the first of ``paths`` below TTinTKhaiThue that has something; empty for nothing."""
        header = self._header
        found = (header.findtext(_qualified(path)) or "" for path in paths) if header is not None else ()
        return next((each.strip() for each in found if each.strip()), "")


def period_in_words(period: Mapping[str, str], language: str) -> str:
    """The tax period as the forms print it: «Tháng 10 năm 2026»; as it stands where it is none. ``period`` are the
    fields of KyKKhaiThue."""
    kind, written = period.get("kieuKy", ""), period.get("kyKKhai", "")
    days = (period.get("kyKKhaiTuNgay", ""), period.get("kyKKhaiDenNgay", ""))
    if kind == "K" and all(days):
        return Text("Từ ngày {0} đến ngày {1}", "From {0} to {1}").in_language(language).format(*days)
    shape, words = _WORDS.get(kind, ("(?!)", Text("", "")))
    found = re.fullmatch(shape, written)
    return words.in_language(language).format(*found.groups()) if found else written


@cache
def _lines() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    return tomllib.loads((FOLDER / "header.toml").read_text(encoding="utf-8"))


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _qualified(path: str) -> str:
    return "/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/"))
