"""A page as one HTML file that needs nothing else: no script, no network; it prints on A4. All text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from html import escape
from itertools import groupby
from textwrap import wrap

from govgateway.documents.view.model import Block, Cell, Heading, Line, Page, Row, RowKind, Stamp, Table
from govgateway.documents.view.values import printable, shown
from govgateway.documents.view.words import EMPTY, SIGNATURES, SIMULATION, UNSIGNED

_WIDE = 10
"""A table with as many columns needs the long side of the paper."""

_LONGEST_WORD = 16
_NOTHING_ELSE = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
@page { size: A4 %(side)s; margin: 15mm 12mm 15mm 15mm; }
* { box-sizing: border-box; }
body { font: 10.5pt/1.4 "Times New Roman", "Liberation Serif", "Noto Serif", "DejaVu Serif", serif; color: #000;
  max-width: %(width)s; margin: 8mm auto; padding: 0 4mm; overflow-wrap: break-word; }
@media print { body { max-width: none; margin: 0; padding: 0; } }
header { text-align: center; margin: 4mm 0 5mm; }
header p { margin: 0; }
header .state { font-weight: bold; }
header .state + .state { text-decoration: underline; text-underline-offset: 3px; }
header .form { text-align: right; margin-top: 2mm; font-size: 9.5pt; }
header .basis { text-align: right; font-size: 9pt; font-style: italic; }
h1 { font-size: 14pt; margin: 5mm 0 1mm; text-transform: uppercase; }
h2, h3, h4, h5 { font-size: 10.5pt; margin: 4mm 0 1.5mm; break-after: avoid; }
h2 { font-size: 11.5pt; }
p { margin: 1.5mm 0; }
dl { margin: 1.5mm 0; }
dl div { margin: 0.8mm 0; }
dt, dd { display: inline; margin: 0; }
dd { font-weight: bold; margin-left: 1mm; }
table { border-collapse: collapse; width: 100%%; margin: 2mm 0 3mm; font-size: %(size)s; }
thead { display: table-header-group; }
th, td { border: 0.3mm solid #000; padding: 0.8mm 1.2mm; vertical-align: top; text-align: left; }
tr.heading { break-after: avoid; }
th { text-align: center; vertical-align: middle; font-weight: bold; }
th.number { font-weight: normal; font-style: italic; }
tr { break-inside: avoid; }
tr.heading td, tr.total td { font-weight: bold; }
td.figure { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.centred { text-align: center; white-space: nowrap; width: 1%%; }
.simulated { border: 0.6mm solid; color: #b00000; font: bold 11pt sans-serif; text-align: center; padding: 1.5mm; }
.warning { border-left: 1.2mm solid #b00000; padding: 1mm 2mm; }
.signatures { margin-top: 6mm; border-top: 0.3mm solid #000; break-inside: avoid; }
.stamp { border: 0.4mm solid #1a6b2c; padding: 1.5mm 2.5mm; margin: 2mm 0; }
.stamp.broken { border-color: #b00000; color: #b00000; }
"""


def html_page(page: Page) -> str:
    """``page`` as a whole HTML document, UTF-8."""
    layout, language = page.layout, page.language
    title = _text(layout.title)
    return "\n".join(
        (
            f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{_NOTHING_ELSE}">',
            f"<title>{title}</title>\n<style>{_style(page)}</style>\n</head>\n<body>",
            *_top(page, title),
            *_blocks(layout.head, language),
            *(_paragraphs((EMPTY.in_language(language),)) if layout.parts and not page.items else ()),
            *_blocks(page.items, language),
            *_blocks(layout.foot, language),
            *_signatures(page.stamps, language),
            "</body>\n</html>\n",
        )
    )


def _style(page: Page) -> str:
    tables = [each for each in (*page.layout.head, *page.items) if isinstance(each, Table)]
    wide = any(len(each.columns) >= _WIDE for each in tables)
    side, width, size = ("landscape", "277mm", "9pt") if wide else ("portrait", "190mm", "9.5pt")
    return _STYLE % {"side": side, "width": width, "size": size}


def _top(page: Page, title: str) -> Iterator[str]:
    if page.simulated:
        yield f'<p class="simulated">{_text(SIMULATION.in_language(page.language))}</p>'
    yield from _paragraphs(page.warnings, "warning")
    yield "<header>"
    yield from _paragraphs(page.layout.state, "state")
    yield from _paragraphs(filter(None, (page.layout.form,)), "form")
    yield from _paragraphs(filter(None, (page.layout.basis,)), "basis")
    yield f"<h1>{title}</h1>\n</header>"


def _paragraphs(texts: Iterable[str], kind: str = "") -> Iterator[str]:
    named = f' class="{kind}"' if kind else ""
    yield from (f"<p{named}>{_text(each)}</p>" for each in texts)


def _blocks(blocks: Iterable[Block], language: str) -> Iterator[str]:
    for kind, group in groupby(blocks, key=type):
        if kind is Line:
            lines = "\n".join(_line(each, language) for each in group if isinstance(each, Line))
            yield f"<dl>\n{lines}\n</dl>"
        else:
            yield from (_block(each, language) for each in group)


def _line(line: Line, language: str) -> str:
    label = f"{line.item} {line.label}".strip()
    return f"<div><dt>{_text(label)}:</dt><dd>{_text(shown(line.value, language))}</dd></div>"


def _block(block: Block, language: str) -> str:
    if isinstance(block, Heading):
        level = min(block.level + 1, 5)
        return f"<h{level}>{_text(block.text)}</h{level}>"
    return _table(block, language) if isinstance(block, Table) else f"<p>{_text(getattr(block, 'text', ''))}</p>"


def _table(table: Table, language: str) -> str:
    head = "\n".join(f"<tr>{each}</tr>" for each in _head(table))
    rows = "\n".join(_row(each, language) for each in table.rows)
    return f"<table>\n<thead>\n{head}\n</thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def _head(table: Table) -> Iterator[str]:
    """The rows above the columns: where some are grouped, the labels of the others reach over all of them."""
    lone = iter(each for each in table.columns if not each.group)
    over = ' rowspan="2"' if table.has_labels_below else ""
    if table.groups:
        yield "".join(
            f'<th colspan="{span}">{_text(name)}</th>' if name else f"<th{over}>{_text(next(lone).label)}</th>"
            for name, span in table.groups
        )
    if table.has_labels_below or not table.groups:
        yield "".join(f"<th>{_text(each.label)}</th>" for each in table.columns if each.group or not table.groups)
    if any(each.number for each in table.columns):
        yield "".join(f'<th class="number">{_text(each.number)}</th>' for each in table.columns)


def _row(row: Row, language: str) -> str:
    kind = "" if row.kind is RowKind.PLAIN else f' class="{row.kind}"'
    return f"<tr{kind}>{''.join(_cell(each, language) for each in row.cells)}</tr>"


def _cell(cell: Cell, language: str) -> str:
    span = f' colspan="{cell.span}"' if cell.span > 1 else ""
    kind = "centred" if cell.centred else "figure" if isinstance(cell.value, Decimal) else ""
    named = f' class="{kind}"' if kind else ""
    written = shown(cell.value, language)
    return f"<td{span}{named}>{_text(written) if kind else _breakable(written)}</td>"


def _signatures(stamps: tuple[Stamp, ...], language: str) -> Iterator[str]:
    yield f'<section class="signatures">\n<h2>{_text(SIGNATURES.in_language(language))}</h2>'
    if not stamps:
        yield from _paragraphs((UNSIGNED.in_language(language),))
    for stamp in stamps:
        yield f'<div class="stamp{"" if stamp.sound else " broken"}">'
        yield from _paragraphs((stamp.headline, *stamp.remarks))
        yield "</div>"
    yield "</section>"


def _breakable(text: str) -> str:
    """``text`` with places to break in what is longer than any word, so that no cell is wider than the paper."""
    words = (wrap(word, _LONGEST_WORD, break_on_hyphens=False) for word in printable(text).split(" "))
    return " ".join("<wbr>".join(map(escape, pieces)) for pieces in words)


def _text(text: str) -> str:
    return escape(printable(text))
