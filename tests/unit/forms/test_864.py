"""05/KK-TNCN: personal income tax withheld on wages."""

from __future__ import annotations

from formsamples import QUARTER, Changes, Period, Sample, changed, computed, declaration, found, same

EXEMPT = "<ct25_1>3000</ct25_1>"
BODY = f"""<ct16>120</ct16><ct17>100</ct17><ct18>30</ct18><ct19>25</ct19><ct20>5</ct20>
<ct21>900000</ct21><ct22>800000</ct22><ct23>100000</ct23><ct24>1000</ct24><ct25>2000</ct25>{EXEMPT}
<ct26>600000</ct26><ct27>550000</ct27><ct28>50000</ct28><ct29>50000</ct29><ct30>45000</ct30><ct31>5000</ct31><ct32>100</ct32>"""
ALLOCATION = "<PLuc_05_1_PBT_KK_TNCN><PhanBoTuTienLuong><ct18>1</ct18></PhanBoTuTienLuong></PLuc_05_1_PBT_KK_TNCN>"
BROKEN: dict[str, Changes] = {
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


SAMPLE = Sample(
    "864",
    QUARTER,
    {number: BODY if number == "2.9.3" else BODY.replace(EXEMPT, "") for number in ("2.9.3", "2.8.3", "2.5.1")},
    BROKEN,
    ("06", "10", "12"),
)
FORM = SAMPLE.form


def test_by_month_is_right_until_june_2026() -> None:
    monthly = declaration(FORM, Period("M", "06/2026", "01/06/2026", "30/06/2026"), BODY)
    assert found(FORM, monthly) == []


def test_what_other_software_writes_besides_is_taken() -> None:
    written = changed(SAMPLE.declaration(), ("<ct16>", "<mst_cu>9900000016</mst_cu><ct15>0</ct15><ct16>"))
    assert found(FORM, written) == []


def test_the_allocation_appendix_is_left_as_it_stands() -> None:
    allocated = declaration(FORM, QUARTER, BODY, appendices=ALLOCATION)
    assert same(computed(FORM, allocated), allocated)
