"""A table in text: columns as wide as they need to be, cells over several columns, figures never broken."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from decimal import Decimal

from rich.cells import cell_len

from govgateway.documents.kinds import Value
from govgateway.documents.view.model import Cell, Row, RowKind, Table
from govgateway.documents.view.values import shown

_BETWEEN = " │ "
_LONGEST_WORD = 12
_HEAD_LINES = 3
"""Over how many lines what stands above a column may run."""


def grid_lines(table: Table, width: int, language: str) -> Iterator[tuple[str, RowKind]]:
    """The lines of ``table``, each with the kind of its row; wider than ``width`` only where its figures are."""
    widths = _widths(table, width, language)
    yield _rule("┌┬┐", widths), RowKind.PLAIN
    for row in _head(table):
        yield from _row_lines(row, widths, language)
    yield _rule("├┼┤", widths), RowKind.PLAIN
    for number, row in enumerate(table.rows):
        if number and RowKind.PLAIN is not row.kind is not table.rows[number - 1].kind:
            yield _rule("├┼┤", widths), RowKind.PLAIN
        yield from _row_lines(row, widths, language)
    yield _rule("└┴┘", widths), RowKind.PLAIN


def _head(table: Table) -> Iterator[Row]:
    """What stands above the columns: groups of them, their labels, their numbers."""
    if table.groups and not table.has_labels_below:
        lone = iter(each.label for each in table.columns if not each.group)
        yield Row(tuple(Cell(name or next(lone), span, centred=True) for name, span in table.groups), RowKind.HEADING)
    else:
        if table.groups:
            yield Row(tuple(Cell(name, span, centred=True) for name, span in table.groups), RowKind.HEADING)
        yield Row(tuple(Cell(each.label, centred=True) for each in table.columns), RowKind.HEADING)
    if any(each.number for each in table.columns):
        yield Row(tuple(Cell(each.number, centred=True) for each in table.columns), RowKind.HEADING)


def _widths(table: Table, width: int, language: str) -> list[int]:
    """The width of each column: what its figures and words need, and its share of what is left for longer texts."""
    needed, wished = [], []
    for column, values in zip(table.columns, _values(table), strict=True):
        texts = [shown(each, language) for each in values]
        head = (column.label, column.number)
        needed.append(max(*map(_longest_word, (*head, *texts)), *(_unbroken(each, language) for each in values), 1))
        wished.append(max(*map(cell_len, texts), *(cell_len(each) // _HEAD_LINES for each in head), 0))
    spare = width - sum(needed) - len(_BETWEEN) * (len(needed) - 1) - 4
    more = [max(wish - need, 0) for wish, need in zip(wished, needed, strict=True)]
    share = min(1.0, max(spare, 0) / (sum(more) or 1))
    return [need + int(each * share) for need, each in zip(needed, more, strict=True)]


def _values(table: Table) -> list[list[Value]]:
    """The values of each column, of cells that stand in it alone."""
    values: list[list[Value]] = [[] for _ in table.columns]
    for row in table.rows:
        place = 0
        for cell in row.cells:
            if cell.span == 1:
                values[place].append(cell.value)
            place += cell.span
    return values


def _longest_word(text: str) -> int:
    return min(max(map(cell_len, text.split()), default=0), _LONGEST_WORD)


def _unbroken(value: Value, language: str) -> int:
    return cell_len(shown(value, language)) if isinstance(value, Decimal) else 0


def _rule(corners: str, widths: Sequence[int]) -> str:
    return f"{corners[0]}─{f'─{corners[1]}─'.join('─' * each for each in widths)}─{corners[2]}"


def _row_lines(row: Row, widths: Sequence[int], language: str) -> Iterator[tuple[str, RowKind]]:
    columns, taken = [], 0
    for cell in row.cells:
        width = sum(widths[taken : taken + cell.span]) + len(_BETWEEN) * (cell.span - 1)
        columns.append([_aligned(line, cell, width) for line in _wrapped(shown(cell.value, language), width)])
        taken += cell.span
    for number in range(max(map(len, columns))):
        parts = (lines[number] if number < len(lines) else " " * cell_len(lines[0]) for lines in columns)
        yield f"│ {_BETWEEN.join(parts)} │", row.kind


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(width, 1), break_on_hyphens=False) or [""]


def _aligned(text: str, cell: Cell, width: int) -> str:
    space = " " * max(width - cell_len(text), 0)
    if cell.centred:
        half = len(space) // 2
        return space[:half] + text + space[half:]
    return space + text if isinstance(cell.value, Decimal) else text + space
