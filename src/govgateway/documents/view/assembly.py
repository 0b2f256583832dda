"""Puts the blocks of a page together: what has the same columns is one table, and a heading waits until something
follows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from govgateway.documents.kinds import Value
from govgateway.documents.view.columns import column_key
from govgateway.documents.view.model import Block, Cell, Column, Heading, Line, Paragraph, Row, RowKind, Table
from govgateway.documents.view.values import shown


@dataclass
class _Totals:
    """A row of totals under construction: its label and its figures by the number of their column."""

    label: str
    figures: dict[int, Value]


@dataclass(frozen=True)
class _Waiting:
    block: Heading | Paragraph
    in_table: bool


@dataclass
class Assembly:
    """Blocks under construction, in one ``language``."""

    language: str
    _blocks: list[Block] = field(default_factory=list)
    _columns: tuple[Column, ...] = ()
    _rows: list[Row | _Totals] = field(default_factory=list)
    _waiting: list[_Waiting] = field(default_factory=list)

    def heading(self, text: str, level: int, *, in_table: bool) -> None:
        """A heading for what follows; dropped by ``forget`` when nothing does. ``in_table``: as a row of the table."""
        self._waiting.append(_Waiting(Heading(text, level), in_table))

    def remark(self, text: str) -> None:
        """Running text below a heading, which waits as that does."""
        self._waiting.append(_Waiting(Paragraph(text), in_table=False))

    @property
    def depth(self) -> int:
        """How many headings and remarks wait."""
        return len(self._waiting)

    def forget(self, depth: int) -> None:
        """Drop what waits beyond the first ``depth``: nothing came under them."""
        del self._waiting[depth:]

    def paragraph(self, text: str) -> None:
        """Running text."""
        self._begin(())
        self._blocks.append(Paragraph(text))

    def line(self, label: str, number: str, value: Value) -> None:
        """A single field outside of tables."""
        self._begin(())
        self._blocks.append(Line(label, value, number))

    def rows(self, columns: tuple[Column, ...], rows: Iterable[Row]) -> None:
        """Rows of a table with ``columns``."""
        self._begin(columns)
        self._rows += rows

    @property
    def takes_totals(self) -> bool:
        """Whether a table of rows is open, with no new heading, that totals may be added to."""
        return bool(self._rows) and not self._waiting

    def total(self, label: str, figures: Mapping[str, Value]) -> None:
        """A total of the open table, its ``figures`` by the number of their column, such as "(7)"; where no column has
        that number they stand behind the label. Totals of one label in different columns are one row."""
        numbers = [column_key(each.number) for each in self._columns]
        placed = {numbers.index(key): value for key, value in figures.items() if key in numbers[1:]}
        others = [shown(value, self.language) for key, value in figures.items() if key not in numbers[1:]]
        label = f"{label}: {' '.join(others)}" if others else label
        last = self._rows[-1]
        if isinstance(last, _Totals) and last.label == label and placed and not placed.keys() & last.figures.keys():
            last.figures |= placed
        else:
            self._rows.append(_Totals(label, placed))

    def finished(self) -> tuple[Block, ...]:
        """All blocks."""
        self._close()
        return tuple(self._blocks)

    def _begin(self, columns: tuple[Column, ...]) -> None:
        """Open the table with ``columns`` unless it is open, below what waits."""
        inside = [each for each in self._waiting if each.in_table and columns]
        outside = [each for each in self._waiting if each not in inside]
        self._waiting.clear()
        if outside or columns != self._columns:
            self._close()
        self._blocks += [each.block for each in outside]
        self._columns = columns
        self._rows += [Row((Cell(each.block.text, len(columns)),), RowKind.HEADING) for each in inside]

    def _close(self) -> None:
        if self._rows:
            rows = (each if isinstance(each, Row) else self._total_row(each) for each in self._rows)
            self._blocks.append(Table(self._columns, tuple(rows)))
        self._rows, self._columns = [], ()

    def _total_row(self, totals: _Totals) -> Row:
        width = len(self._columns)
        first = min(totals.figures, default=width)
        figures = tuple(Cell(totals.figures.get(number, "")) for number in range(first, width))
        return Row((Cell(totals.label, first), *figures), RowKind.TOTAL)
