"""05/KK-TNCN: personal income tax withheld on wages."""

from __future__ import annotations

import pytest

from formsamples import (
    QUARTER,
    SUPPLEMENT,
    Period,
    assert_only,
    changed,
    computed,
    declaration,
    form,
    found,
    rule_ids,
    same,
    with_computed,
)
from govgateway.documents.findings import Severity
from govgateway.documents.xml import XmlDocument

FORM = form("864", "2.9.3")

EXEMPT = "<ct25_1>3000</ct25_1>"
BODY = f"""<ct16>120</ct16><ct17>100</ct17><ct18>30</ct18><ct19>25</ct19><ct20>5</ct20>
<ct21>900000</ct21><ct22>800000</ct22><ct23>100000</ct23><ct24>1000</ct24><ct25>2000</ct25>{EXEMPT}
<ct26>600000</ct26><ct27>550000</ct27><ct28>50000</ct28><ct29>50000</ct29><ct30>45000</ct30><ct31>5000</ct31><ct32>100</ct32>"""
ALLOCATION = "<PLuc_05_1_PBT_KK_TNCN><PhanBoTuTienLuong><ct18>1</ct18></PhanBoTuTienLuong></PLuc_05_1_PBT_KK_TNCN>"
BROKEN: dict[str, tuple[tuple[str, str], ...]] = {
    "ETAX-864-R01": (("<ct17>100<", "<ct17>121<"),),
    "ETAX-864-R02": (("<ct18>30<", "<ct18>31<"),),
    "ETAX-864-R03": (("<ct21>900000<", "<ct21>900001<"),),
    "ETAX-864-R04": (("<ct24>1000<", "<ct24>900001<"),),
    "ETAX-864-R05": (("<ct25>2000<", "<ct25>900001<"),),
    "ETAX-864-R06": (("<ct25_1>3000<", "<ct25_1>900001<"),),
    "ETAX-864-R07": (("<ct26>600000<", "<ct26>600001<"),),
    "ETAX-864-R08": (("<ct29>50000<", "<ct29>50001<"),),
    "ETAX-864-R09": (("<ct32>100<", "<ct32>50001<"),),
    "ETAX-864-R10": (("<kieuKy>Q</kieuKy><kyKKhai>4/2025<", "<kieuKy>Y</kieuKy><kyKKhai>2025<"),),
    "ETAX-864-R11": (
        ("<kieuKy>Q</kieuKy><kyKKhai>4/2025<", "<kieuKy>M</kieuKy><kyKKhai>07/2026<"),
        ("01/10/2025", "01/07/2026"),
        ("31/12/2025", "31/07/2026"),
    ),
    "ETAX-864-R12": (("</CTieuTKhaiChinh>", f"</CTieuTKhaiChinh><PLuc>{ALLOCATION}</PLuc>"),),
}
WARNINGS = {f"ETAX-864-R{number}" for number in ("06", "10", "12")}


def _declaration(number: str, appendices: str = "") -> XmlDocument:
    body = BODY if number == "2.9.3" else BODY.replace(EXEMPT, "")
    return declaration(form("864", number), QUARTER, body, appendices=appendices)


@pytest.mark.parametrize("appendices", ["", SUPPLEMENT])
@pytest.mark.parametrize("number", ["2.9.3", "2.8.3", "2.5.1"])
def test_a_right_declaration_has_no_findings(number: str, appendices: str) -> None:
    assert found(form("864", number), _declaration(number, appendices)) == []


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_alone_is_found(rule: str) -> None:
    severity = Severity.WARNING if rule in WARNINGS else Severity.ERROR
    assert_only(FORM, changed(_declaration("2.9.3"), *BROKEN[rule]), rule, severity)


def test_every_rule_is_broken_by_a_test() -> None:
    assert sorted(rule_ids(FORM)) == sorted(BROKEN)


@pytest.mark.parametrize("value", ["", "7"])
@pytest.mark.parametrize("number", ["2.9.3", "2.8.3", "2.5.1"])
def test_what_follows_is_computed_whatever_stood_there(number: str, value: str) -> None:
    right = _declaration(number, SUPPLEMENT)
    assert same(computed(form("864", number), with_computed(form("864", number), right, value)), right)


def test_by_month_is_right_until_june_2026() -> None:
    monthly = declaration(FORM, Period("M", "06/2026", "01/06/2026", "30/06/2026"), BODY)
    assert found(FORM, monthly) == []


def test_what_other_software_writes_besides_is_taken() -> None:
    written = changed(_declaration("2.9.3"), ("<ct16>", "<mst_cu>9900000016</mst_cu><ct15>0</ct15><ct16>"))
    assert found(FORM, written) == []


def test_the_allocation_appendix_is_left_as_it_stands() -> None:
    allocated = declaration(FORM, QUARTER, BODY, appendices=ALLOCATION)
    assert same(computed(FORM, allocated), allocated)
