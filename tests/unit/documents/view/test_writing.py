"""Pages on the terminal and as HTML: nothing that a document says is obeyed, and figures are never cut."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal

import pytest
from lxml import etree
from rich.console import Console

from govgateway.documents.view.html import html_page
from govgateway.documents.view.model import (
    Cell,
    Column,
    Heading,
    Line,
    Page,
    PageLayout,
    Paragraph,
    Row,
    RowKind,
    Stamp,
    Table,
)
from govgateway.documents.view.terminal import print_page

HOSTILE = '<script>alert(1)</script>" onload="x" & \x1b[2J\x9b31m\u202e[bold]đỏ[/bold] :smile: ' + "x" * 300
SAFE = '<script>alert(1)</script>" onload="x" & \ufffd[2J\ufffd31m\ufffd[bold]đỏ[/bold] :smile:'
_COLUMNS = (Column("STT", "(1)"), Column("Loại phí", "(2)"), Column("Số tiền", "(3)"))
_ROWS = (
    Row((Cell("I. Phần một", 3),), RowKind.HEADING),
    Row((Cell(Decimal(1), centred=True), Cell("Phí"), Cell(Decimal("-1234567890.5")))),
    Row((Cell("Tổng cộng", 2), Cell(Decimal("-1234567890.5"))), RowKind.TOTAL),
)
PLAIN = Page(
    layout=PageLayout(
        title="Tờ khai", state=("Cộng hoà",), form="01", basis="(luật)", head=(Line("Kỳ", "10", "[01]"),)
    ),
    items=(Heading("Nội dung"), Table(_COLUMNS, _ROWS), Paragraph("Hết")),
    stamps=(Stamp("Sở · còn nguyên vẹn", ("ký lúc 10:00",), sound=True),),
    warnings=("Có lỗi.",),
    simulated=False,
    language="vi",
)


def _hostile() -> Page:
    """A page with the same text wherever a text can stand."""
    cells = Row((Cell(HOSTILE), Cell(HOSTILE, centred=True)))
    return Page(
        layout=PageLayout(HOSTILE, (HOSTILE,), HOSTILE, HOSTILE, (Line(HOSTILE, HOSTILE, HOSTILE),)),
        items=(
            Heading(HOSTILE),
            Paragraph(HOSTILE),
            Table((Column(HOSTILE, HOSTILE, HOSTILE), Column(HOSTILE, HOSTILE)), (cells,)),
        ),
        stamps=(Stamp(HOSTILE, (HOSTILE,), sound=False),),
        warnings=(HOSTILE,),
        simulated=True,
        language="vi",
    )


def _printed(page: Page, width: int = 100, **options: bool) -> str:
    written = io.StringIO()
    print_page(page, Console(file=written, width=width, **options))  # type: ignore[arg-type]
    return written.getvalue()


def test_html_escapes_every_text() -> None:
    root = etree.fromstring(html_page(_hostile()).replace("<wbr>", ""), etree.HTMLParser())
    said = ["".join(map(str, each.itertext())) for each in root.iter("title", "h1", "h2", "p", "dt", "dd", "td", "th")]
    assert len([each for each in said if SAFE in each]) == len(said) - 2  # but for the words of every page
    assert not root.findall(".//script")
    assert {name for each in root.iter(etree.Element) for name in each.attrib} <= {
        "lang", "charset", "name", "content", "http-equiv", "class", "colspan", "rowspan",
    }  # fmt: skip


def test_a_terminal_gets_no_character_that_it_would_obey() -> None:
    written = _printed(_hostile())
    assert not set(written) & {"\x1b", "\x9b", "\u202e", "\x07"}
    assert "[bold]đỏ[/bold]" in written
    assert ":smile:" in written


def test_what_is_longer_than_a_line_is_broken_not_cut() -> None:
    assert _printed(_hostile()).count("x" * 10) >= 10 * 30


def test_nothing_from_elsewhere_may_be_loaded() -> None:
    assert "default-src 'none'" in html_page(PLAIN)


@pytest.mark.parametrize("width", [20, 60, 200])
def test_figures_are_never_broken_however_narrow_the_terminal(width: int) -> None:
    assert _printed(PLAIN, width).count("(1.234.567.890,5)") == 2


def test_a_table_is_as_wide_as_the_terminal_lets_it() -> None:
    long = replace(PLAIN, items=(Table(_COLUMNS, (Row((Cell("1"), Cell("chữ " * 60), Cell(Decimal(5)))),)),))
    lines = [line for line in _printed(long, 90).splitlines() if "│" in line]
    assert {len(line) for line in lines} <= set(range(85, 91))


def test_cells_over_several_columns_fill_the_row() -> None:
    lines = [line for line in _printed(PLAIN).splitlines() if line.startswith(("│", "├", "┌", "└"))]
    assert len({len(line) for line in lines}) == 1
    assert '<tr class="heading"><td colspan="3">I. Phần một</td></tr>' in html_page(PLAIN)
    assert '<tr class="total"><td colspan="2">Tổng cộng</td><td class="figure">' in html_page(PLAIN)


def test_a_broken_signature_and_a_simulation_are_loud() -> None:
    loud = replace(PLAIN, simulated=True, stamps=(replace(PLAIN.stamps[0], sound=False),))
    assert "MÔ PHỎNG" in _printed(loud)
    assert "MÔ PHỎNG" not in _printed(PLAIN)
    assert 'class="stamp broken"' in html_page(loud)
    assert 'class="stamp broken"' not in html_page(PLAIN)
    assert "\x1b[1;7m" in _printed(loud, force_terminal=True, legacy_windows=False)


def test_without_a_signature_that_is_said() -> None:
    unsigned = replace(PLAIN, stamps=())
    assert "Chưa có chữ ký" in _printed(unsigned)
    assert "Chưa có chữ ký" in html_page(unsigned)


def test_a_form_without_figures_says_so() -> None:
    empty = replace(PLAIN, items=(), layout=replace(PLAIN.layout, parts=("Body",)))
    assert "Không có số liệu" in _printed(empty)
    assert "Không có số liệu" in html_page(empty)


def test_a_wide_table_turns_the_paper() -> None:
    wide = Table(tuple(Column(str(each)) for each in range(11)), (Row(tuple(Cell(str(each)) for each in range(11))),))
    assert "A4 landscape" in html_page(replace(PLAIN, items=(wide,)))
    assert "A4 portrait" in html_page(PLAIN)
