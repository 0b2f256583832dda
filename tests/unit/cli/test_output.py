"""Values as people and programs read them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from govgateway.cli.output import finding_lines, findings_lines, plain
from govgateway.configuration import Endpoint
from govgateway.connector import Secret
from govgateway.documents.findings import Finding, Severity
from govgateway.errors import Text
from govgateway.filing import Environment


def test_a_program_gets_amounts_as_decimal_texts_and_no_secret() -> None:
    endpoint = Endpoint("etax", Environment.SANDBOX, "https://agency.example", password=Secret("hunter2"))
    told = plain(
        {"endpoint": endpoint, "amount": Decimal("850.10"), "path": Path("a"), "said": Text("vâng", "yes")}, "en"
    )
    assert told["endpoint"]["password"] == "•••"
    assert "hunter2" not in str(told)
    assert (told["amount"], told["path"], told["said"]) == ("850.10", "a", "yes")


def test_a_person_reads_where_and_what_but_no_name_of_an_element() -> None:
    said, label = Text("Sai.", "Wrong."), Text("Tỷ lệ", "Share")
    path = "HSoThueDTu/HSoKhaiThue/CTieuTKhaiChinh/NoiDung01PH/ChiTietPhi[2]/tyLe"
    finding = Finding("ETAX-1", Severity.ERROR, said, said, path, label, line=7)
    assert finding_lines(finding, "vi") == ["  LỖI ETAX-1 · dòng 7 · mục 2 · Tỷ lệ", "      Sai.", "      → Sai."]
    assert plain(finding, "vi")["path"] == path


def test_of_what_is_wrong_in_every_row_the_first_ones_are_told_and_how_many_more_there_are() -> None:
    said = Text("Sai.", "Wrong.")
    many = [Finding("ETAX-1", Severity.WARNING, said, said, cell=f"Phí!B{row}") for row in range(20_000)]
    lines = list(findings_lines([*many, Finding("ETAX-2", Severity.ERROR, said, said)], "vi"))
    assert lines[-4] == "  LỖI ETAX-2", "what is said once is never left out"
    assert lines[-1] == "  … ETAX-1: còn 19.980 lần nữa; xem hết bằng --json"
    assert len(lines) == 20 * 3 + 3 + 1


def test_a_cell_says_more_than_the_number_of_a_row() -> None:
    said = Text("Sai.", "Wrong.")
    finding = Finding("ETAX-1", Severity.WARNING, said, said, "a/b[2]", said, cell="Phí!B7")
    assert finding_lines(finding, "en")[0] == "  WARNING ETAX-1 · Phí!B7 · Wrong."
