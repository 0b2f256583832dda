"""The columns of a table as a form prints them: labels, numbers, common headings."""

from __future__ import annotations

from collections.abc import Sequence

from govgateway.documents.view.branches import Branch
from govgateway.documents.view.model import Column
from govgateway.errors import Text

LINE_NUMBER = Text("STT", "No.")
"""What stands above the numbers of lines."""
_FIRST = "(1)"


def columns_of(row: Branch, language: str) -> tuple[Column, ...]:
    """The columns of ``row`` behind the one of its number, which is (1) where columns are numbered."""
    heads = [next((each for each in leaves if each.field.setting.head), leaves[0]).field for leaves in row.columns]
    columns = _grouped([Column(each.label.in_language(language), each.column) for each in heads])
    numbered = any(each.number for each in columns) and all(column_key(each.number) != _FIRST for each in columns)
    return (Column(LINE_NUMBER.in_language(language), _FIRST if numbered else ""), *columns)


def column_key(number: str) -> str:
    """What a column number begins with: "(7)" of "(7)=(4)-(6)"."""
    inner, closed, _ = number.partition(")")
    return f"({inner.strip('( ')})" if closed else number


def _grouped(columns: Sequence[Column]) -> list[Column]:
    """Neighbours whose labels begin alike, up to a colon, become a group: «Số lượng quặng: Đơn vị tính»."""
    heads = ["", *(each.label.partition(": ")[0] if ": " in each.label else "" for each in columns), ""]
    grouped = []
    for before, head, after, column in zip(heads, heads[1:], heads[2:], columns, strict=False):
        shared = bool(head) and head in {before, after}
        label = column.label.partition(": ")[2] if shared else column.label
        grouped.append(Column(label, column.number, head if shared else ""))
    return grouped
