"""A page on a terminal. What a document says is never taken for markup or obeyed by the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text as Styled

from govgateway.documents.view.grid import grid_lines
from govgateway.documents.view.model import Block, Heading, Line, Page, Paragraph, RowKind, Stamp, Table
from govgateway.documents.view.values import printable, shown
from govgateway.documents.view.words import EMPTY, SIGNATURES, SIMULATION, UNSIGNED

_STYLES = {RowKind.HEADING: "bold", RowKind.TOTAL: "bold", RowKind.PLAIN: ""}
_LOUD = "bold reverse"


def print_page(page: Page, console: Console) -> None:
    """Write ``page`` to ``console``, as wide as it is."""
    for line in _lines(page, console.width):
        console.print(line, soft_wrap=True, highlight=False, markup=False, emoji=False)


def _lines(page: Page, width: int) -> Iterator[Styled]:
    layout, language = page.layout, page.language
    if page.simulated:
        yield Styled(f" {SIMULATION.in_language(language)} ".center(width), _LOUD)
    yield from (_plain(f"! {each}", width, "bold") for each in page.warnings)
    yield from (Styled(printable(each).center(width).rstrip()) for each in layout.state)
    yield Styled()
    yield Styled(printable(layout.title).upper().center(width).rstrip(), "bold")
    yield from (Styled(printable(each).center(width).rstrip()) for each in (layout.form, layout.basis) if each)
    yield Styled()
    yield from _blocks(layout.head, width, language)
    if layout.parts and not page.items:
        yield _plain(EMPTY.in_language(language), width)
    yield from _blocks(page.items, width, language)
    yield from _blocks(layout.foot, width, language)
    yield Styled()
    yield Styled(SIGNATURES.in_language(language), "bold")
    yield from _stamps(page.stamps, width, language)


def _blocks(blocks: Iterable[Block], width: int, language: str) -> Iterator[Styled]:
    for block in blocks:
        if isinstance(block, Heading):
            yield Styled()
            yield _plain(block.text, width, "bold")
        elif isinstance(block, Paragraph):
            yield _plain(block.text, width)
        elif isinstance(block, Line):
            said = f"{block.item} {block.label}: {shown(block.value, language)}".strip()
            yield _plain(said, width)
        else:
            yield from _table(block, width, language)


def _table(table: Table, width: int, language: str) -> Iterator[Styled]:
    for text, kind in grid_lines(table, width, language):
        yield Styled(text, _STYLES[kind])


def _stamps(stamps: tuple[Stamp, ...], width: int, language: str) -> Iterator[Styled]:
    if not stamps:
        yield _plain(f"  {UNSIGNED.in_language(language)}", width)
    for number, stamp in enumerate(stamps, start=1):
        yield _plain(f"  {number}. {stamp.headline}", width, "" if stamp.sound else _LOUD)
        yield from (_plain(f"     {each}", width) for each in stamp.remarks)


def _plain(text: str, width: int, style: str = "") -> Styled:
    """``text`` in lines of ``width``, the later ones as far from the edge as the first."""
    indent = " " * (len(text) - len(text.lstrip()))
    return Styled(
        "\n".join(textwrap.wrap(printable(text), width, initial_indent=indent, subsequent_indent=indent)), style
    )
