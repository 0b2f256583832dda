"""The printed text of a notice. The words are data (schemas/etax/notices/<maTBao>.toml, docs/view.md): parts, each with
the condition under which it is printed, and in their texts what to take from the notice, both as XPath.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from lxml import etree

from govgateway.connector import (
    VIETNAM,
    Block,
    Cell,
    Column,
    Line,
    PageLayout,
    Paragraph,
    Row,
    Table,
    Text,
    Value,
    read_day,
)
from govgateway_etax.catalogue import FOLDER
from govgateway_etax.notices import NAMESPACE, notice_kinds

_PLACE = re.compile(r"\{([^{}|]+)(?:\|([a-z_]+))?\}")
_AMOUNT = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,6})?")
_MOMENT = Text("{0:%H} giờ {0:%M} phút ngày {0:%d} tháng {0:%m} năm {0:%Y}", "{0:%H:%M} on {0:%d/%m/%Y}")
_LONG_DAY = Text("ngày {0:%d} tháng {0:%m} năm {0:%Y}", "{0:%d/%m/%Y}")


def notice_layout(node: etree._Element, state: tuple[str, ...], language: str) -> PageLayout:
    """How the notice ``node`` (TBaoThue) is printed: as it stands where the words of its kind are not carried."""
    notice = _without_namespace(node)
    code, title = (_text(notice, f"TTinChung/TTinTBaoThue/{name}") for name in ("maTBao", "tenTBao"))
    kind, words = notice_kinds().get(code), _words(code)
    blocks = (
        each for part in (*(_words("head") or ()), *(words or ())) for each in _Part(part, language).blocks(notice)
    )
    return PageLayout(
        title=kind.title.in_language(language) if kind else title,
        state=state,
        head=tuple(blocks),
        parts=() if words else ("NDungTBao",),
    )


@cache
def _words(code: str) -> Sequence[Mapping[str, Any]] | None:
    """The parts of a notice of the kind ``code``; None when its words are not carried."""
    path = FOLDER / "notices" / f"{code}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))["part"] if code.isalnum() and path.is_file() else None


def _without_namespace(node: etree._Element) -> etree._Element:
    """A copy whose elements of the notice's namespace have bare names, so that the XPath of the data reads easily."""
    copied = deepcopy(node)
    for each in copied.iter(f"{{{NAMESPACE}}}*"):
        each.tag = etree.QName(each).localname
    return copied


class _Part:
    """One part of a notice's text: a paragraph, lines with labels, or a table; the latter two for each of some rows."""

    def __init__(self, data: Mapping[str, Any], language: str) -> None:
        self._data = data
        self._language = language

    def blocks(self, notice: etree._Element) -> Iterator[Block]:
        """What is printed of ``notice``."""
        if not _holds(self._data, notice):
            return
        rows = _found(notice, self._data["each"]) if "each" in self._data else [notice]
        if "columns" in self._data:
            if rows:
                yield Table(tuple(map(self._column, self._data["columns"])), tuple(map(self._row, rows)))
            return
        for row in rows:
            if "texts" in self._data:
                yield Paragraph(str(self._value(self._data, row)))
            yield from self._lines(row)

    def _lines(self, row: etree._Element) -> Iterator[Line]:
        for line in self._data.get("lines", ()):
            value = self._value(line, row)
            if value != "":
                yield Line(self._label(line), value)

    def _column(self, data: Mapping[str, Any]) -> Column:
        return Column(self._label(data), data.get("number", ""))

    def _row(self, row: etree._Element) -> Row:
        return Row(tuple(Cell(self._value(each, row)) for each in self._data["columns"]))

    def _label(self, data: Mapping[str, Any]) -> str:
        return Text(**data["label"]).in_language(self._language)

    def _value(self, data: Mapping[str, Any], row: etree._Element) -> Value:
        """The text of ``data``, filled from ``row``: ``text`` in both languages, or those of ``texts`` that hold."""
        if "text" in data:
            return self._filled(data["text"], row)
        said = [each for each in data["texts"] if _holds(each, row)]
        filled = (str(self._filled(Text(each["vi"], each["en"]).in_language(self._language), row)) for each in said)
        return " ".join(each for each in filled if each)

    def _filled(self, text: str, row: etree._Element) -> Value:
        """A value as it is meant where ``text`` is nothing but one, else running text."""
        alone = _PLACE.fullmatch(text)
        if alone:
            return self._place(alone, row)
        return _PLACE.sub(lambda place: str(self._place(place, row)), text).strip()

    def _place(self, place: re.Match[str], row: etree._Element) -> Value:
        return _FORMATS[place[2] or "text"](_text(row, place[1]), self._language)


def _holds(data: Mapping[str, Any], row: etree._Element) -> bool:
    return "when" not in data or bool(_compiled(f"boolean({data['when']})")(row))


def _found(node: etree._Element, path: str) -> list[etree._Element]:
    found: Any = _compiled(path)(node)
    return list(found)


def _text(node: etree._Element, path: str) -> str:
    return str(_compiled(f"string({path})")(node)).strip()


@cache
def _compiled(expression: str) -> etree.XPath:
    return etree.XPath(expression)


def _amount(text: str, language: str) -> Value:
    return Decimal(text) if _AMOUNT.fullmatch(text) else text


def _in_words(words: Text) -> Callable[[str, str], Value]:
    """Writes a day or moment of the tax office in ``words``; as it stands where it is none."""

    def write(text: str, language: str) -> Value:
        try:
            moment = datetime.fromisoformat(text)
            moment = moment.astimezone(VIETNAM) if moment.tzinfo else moment
        except (ValueError, OverflowError):
            return text
        return words.in_language(language).format(moment)

    return write


_FORMATS: Mapping[str, Callable[[str, str], Value]] = {
    "text": lambda text, language: text,
    "amount": _amount,
    "day": lambda text, language: read_day(text),
    "long_day": _in_words(_LONG_DAY),
    "moment": _in_words(_MOMENT),
}
