"""A document as a printed page, whatever it is written to.

What stands in a page is meant, not written: amounts are Decimals, days dates, marks bools. How they read is settled by
whoever writes the page (govgateway.documents.view.values).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from govgateway.documents.kinds import Value


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; 1 is the highest ``level``."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A value with its label; ``item`` is the number that the form prints before it, such as "[01]"."""

    label: str
    value: Value
    item: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: what is printed above it, and its printed number, such as "(7)=(4)-(6)". Neighbours of one
    ``group`` have that printed above them together."""

    label: str
    number: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, over ``span`` columns. ``centred`` is for numbers of lines and items, which are no amounts."""

    value: Value
    span: int = 1
    centred: bool = False


class RowKind(StrEnum):
    """What a row is for."""

    PLAIN = "plain"
    HEADING = "heading"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; the spans of its cells add up to the number of columns."""

    cells: tuple[Cell, ...]
    kind: RowKind = RowKind.PLAIN


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the form prints it."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def groups(self) -> tuple[tuple[str, int], ...]:
        """What is printed above the labels, each with its number of columns: empty texts over columns of no group.
        Nothing where no column has one."""
        if not any(each.group for each in self.columns):
            return ()
        runs = [(name, len(list(run))) for name, run in groupby(self.columns, key=lambda each: each.group)]
        return tuple(each for name, length in runs for each in ([(name, length)] if name else [("", 1)] * length))

    @property
    def has_labels_below(self) -> bool:
        """Whether columns of a group have labels of their own."""
        return any(each.label for each in self.columns if each.group)


Block = Heading | Paragraph | Line | Table


@dataclass(frozen=True, slots=True)
class PageLayout:
    """How an agency prints a document, as far as the document's form does not say it.

    ``state`` and ``form`` stand at the top (the nation's motto or an office; the number of the printed form), ``basis``
    is its legal basis. ``head`` comes before the items and ``foot`` after them. ``parts`` are the names of the children
    of the signed node that hold the items: their content is printed by the outline of the form.
    """

    title: str
    state: tuple[str, ...] = ()
    form: str = ""
    basis: str = ""
    head: tuple[Block, ...] = ()
    parts: tuple[str, ...] = ()
    foot: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Stamp:
    """A signature as it is shown: whose it is and whether it holds, then what else there is to know."""

    headline: str
    remarks: tuple[str, ...]
    sound: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A whole page in one ``language``. ``warnings`` are printed before everything; ``simulated`` says that the
    document is not in earnest."""

    layout: PageLayout
    items: tuple[Block, ...]
    stamps: tuple[Stamp, ...]
    warnings: tuple[str, ...]
    simulated: bool
    language: str
