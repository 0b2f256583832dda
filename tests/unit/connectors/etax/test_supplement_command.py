"""``govgateway supplement`` takes the corrected return in every way that ``govgateway build`` takes figures."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import desks
import simulated
from clocks import Clock
from govgateway import Status, read_xml
from govgateway.cli.run import run
from govgateway.pipeline.forms import choose_form, make_template
from govgateway_etax import connector, supplement_command
from govgateway_etax.changes import Change
from govgateway_etax.supplement import Supplement
from samples import declaration
from workbooks import LINES, edited, lines

TODAY = date(2026, 11, 24)
FEES = (
    "Loại phí;Tiểu mục;Đơn vị tiền;Số tiền phí thu được;tyLe\n"
    "Phí sử dụng tạm thời lòng đường, hè phố;2301;VND;129.450.000;10\n"
)


@pytest.fixture
def accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of the example declaration, filed by hand and accepted; its department's profile knows the tax office."""
    for name in [each for each in os.environ if each.startswith("GOVGATEWAY_")]:
        monkeypatch.delenv(name)
    settings = tmp_path / "govgateway.toml"
    settings.write_text("[filers.9900000016]\nname = 'Sở'\ntax_office = '99901'\n", encoding="utf-8")
    monkeypatch.setenv("GOVGATEWAY_CONFIG", str(settings))
    monkeypatch.setattr(supplement_command, "today", lambda: TODAY)
    monkeypatch.chdir(tmp_path)
    clock = Clock()
    with desks.gateway(tmp_path, clock) as desk:
        filing = desk.submit(declaration(), desks.key(), hold=True)
        sent = desk.export(filing.id, tmp_path / "out").read_bytes()
        desk.import_answer(read_xml(desks.notices(simulated.office(clock), clock, sent)["844"]))
        assert desk.filing(filing.id).status is Status.ACCEPTED
    return filing.id


def corrected_workbook(**values: object) -> bytes:
    """The accepted return as a template in which somebody typed over the first fee."""
    form = choose_form([connector], "01/PH", "2.7.5", day=TODAY)
    return edited(make_template(form, {}, day=None, filled=declaration()), lines(values))


def test_a_corrected_workbook_is_enough(accepted: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "f.xlsx").write_bytes(corrected_workbook(soTienPHThuDuoc=129_450_000))
    assert run(["supplement", accepted, "f.xlsx", "-o", "b.xml", "--lang", "en"]) == 0
    printed = capsys.readouterr()
    assert "Payable: +900,000 VND" in printed.out
    assert "WARNING SHEET-COMPUTED" in printed.err
    made = read_xml((tmp_path / "b.xml").read_bytes())
    assert made.root.findtext(".//{*}loaiTKhai") == "B"


def test_what_is_wrong_in_it_is_told_by_cell_and_nothing_is_written(
    accepted: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "f.xlsx").write_bytes(corrected_workbook(soTienPHThuDuoc="nhiều"))
    assert run(["supplement", accepted, "f.xlsx", "-o", "b.xml"]) == 1
    assert f"LỖI SCHEMA-VALUE · {LINES}!" in capsys.readouterr().err
    assert not (tmp_path / "b.xml").exists()


def test_a_csv_file_is_of_the_form_and_period_of_the_accepted_return(
    accepted: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "phi.csv").write_text(FEES, encoding="utf-8")
    assert run(["supplement", accepted, "phi.csv", "-o", "b.xml"]) == 0, capsys.readouterr()
    assert "+900.000 VND" not in capsys.readouterr().out, "the other fees of the accepted return are gone too"
    made = read_xml((tmp_path / "b.xml").read_bytes())
    assert (made.root.findtext(".//{*}maTKhai"), made.root.findtext(".//{*}kyKKhai")) == ("879", "10/2026")


def test_a_full_disk_leaves_no_stump(
    accepted: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    (tmp_path / "f.xlsx").write_bytes(corrected_workbook(soTienPHThuDuoc=129_450_000))
    monkeypatch.setattr(Path, "write_bytes", full)
    assert run(["supplement", accepted, "f.xlsx", "-o", "b.xml"]) == 6
    assert "hết dung lượng đĩa" in capsys.readouterr().err
    assert not (tmp_path / "b.xml").exists()


def test_sums_of_a_form_that_names_no_currency_are_told_in_dong(capsys: pytest.CaptureFixture[str]) -> None:
    change = Change("Tổng cộng", "[30]", "", "", "", Decimal(1), Decimal(1_000_001), "payable")
    supplement_command._tell(Supplement(b"", 1, (change,), None), Path("b.xml"), "vi")
    assert "  Số phải nộp: +1.000.000 VND\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("period", "written"),
    [("M 10/2026", "10/2026"), ("Q 3/2026", "Q3/2026"), ("Y 2026", "2026"), ("D 05/10/2026", "05/10/2026")],
)
def test_periods_are_asked_for_as_a_person_writes_them(period: str, written: str) -> None:
    assert supplement_command._written(period) == written
