"""Which shape is due: the law by tax period, the portal by its own days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

import formsamples
from govgateway.connector import Severity
from govgateway.errors import UsageError
from govgateway_etax import ETax, shapes
from govgateway_etax.carried import carried_forms
from govgateway_etax.catalogue import FOLDER, catalogue
from govgateway_etax.declaration import Header
from govgateway_etax.declared_period import declared_period
from govgateway_etax.periods import Period, periods
from govgateway_etax.shape_findings import period_findings, shape_findings
from samples import declaration
from unit.forms import test_824

TODAY = date(2026, 11, 24)


def month(number: int, year: int) -> Period:
    return next(periods("M", date(year, number, 1)))


def quarter(number: int, year: int) -> Period:
    return next(periods("Q", date(year, 3 * number - 2, 1)))


def whole(year: int) -> Period:
    return next(periods("Y", date(year, 1, 1)))


def header(code: str, version: str, kind: str, written: str, days: tuple[str, str] = ("", "")) -> Header:
    first, last = days
    return Header(code, "", version, "C", "0", kind, written, first, last, "9900000016", "", flat=False)


def found(code: str, version: str, kind: str, written: str, days: tuple[str, str] = ("", "")) -> list[str]:
    return [each.rule for each in shape_findings(header(code, version, kind, written, days), TODAY)]


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> date:
    """The table as it will be once the tax office has announced 01/PH of Circular 89/2026 for a day to come."""
    switch = date(2027, 1, 10)
    table = list(shapes.shapes())
    old, new = [number for number, each in enumerate(table) if each.form == "01/PH"]
    table[old] = replace(table[old], offered_until=date(2027, 1, 9))
    table[new] = replace(table[new], version="9.9.9", confirmed=shapes.Confirmed.BOTH, offered_from=switch)
    monkeypatch.setattr(shapes, "shapes", lambda: tuple(table))
    return switch


@pytest.mark.parametrize(
    ("form", "period", "pair"),
    [
        ("01/PH", month(6, 2026), ("879", "2.7.5")),
        ("01/PH", month(7, 2026), ("879", "2.7.5")),
        ("01/PH", quarter(3, 2026), ("879", "2.7.5")),
        ("02/PH", whole(2025), ("920", "2.7.5")),
        ("01/LP", month(6, 2026), ("880", "2.7.5")),
        ("01/LP", month(10, 2026), ("880", "2.7.5")),
        ("01/LPMB", whole(2025), ("824", "2.8.3")),
        ("01/PBVMT", month(10, 2026), ("878", "2.5.1")),
        ("02/PBVMT", whole(2025), ("893", "2.6.9")),
        ("01/GTGT", quarter(3, 2026), ("842", "2.8.3")),
        ("05/KK-TNCN", month(6, 2026), ("864", "2.9.3")),
        ("05/KK-TNCN", quarter(3, 2026), ("864", "2.9.3")),
    ],
)
def test_what_the_portal_takes_is_due(form: str, period: Period, pair: tuple[str, str]) -> None:
    shape = shapes.due(form, period, TODAY)
    assert (shape.code, shape.version) == pair
    assert shape.known_on(TODAY)


def test_charges_are_declared_by_the_form_that_the_portal_has_relabelled() -> None:
    assert shapes.due("01/LP", month(10, 2026), TODAY).library == "c89"
    assert shapes.due("01/LP", month(10, 2026), date(2026, 9, 24)).library == ""
    assert shapes.due("01/LP", month(6, 2026), TODAY).library == ""


@pytest.mark.parametrize(("form", "period"), [("01/PH", whole(2026)), ("01/PBVMT", whole(2026))])
def test_what_no_confirmed_shape_serves_is_refused_unless_asked_for(form: str, period: Period) -> None:
    """The finalisation of 2026 is part II of a form whose XML nobody has seen."""
    with pytest.raises(UsageError) as refused:
        shapes.due(form, period, TODAY)
    assert "Thông tư 89/2026" in refused.value.message.vi
    assert "not confirmed" in refused.value.message.en
    assert refused.value.remedy.vi != refused.value.remedy.en
    shape = shapes.due(form, period, TODAY, allow_unconfirmed=True)
    assert (shape.library, shape.version, shape.confirmed) == ("c89", "0.0.0", shapes.Confirmed.NO)


def test_the_refusal_of_an_unconfirmed_shape_names_the_period_in_words_and_the_way_to_ask_for_it() -> None:
    with pytest.raises(UsageError) as refused:
        shapes.due("01/PH", whole(2026), TODAY)
    assert refused.value.message.vi.startswith("Kỳ tính thuế năm 2026 phải khai theo mẫu 01/PH")
    assert "The tax period year 2026" in refused.value.message.en
    assert "--version c89/0.0.0" in refused.value.remedy.vi
    assert "--version c89/0.0.0" in refused.value.remedy.en


@pytest.mark.parametrize("form", ["01/PH", "01/GTGT", "05/KK-TNCN"])
def test_the_law_s_shape_can_be_asked_for_while_another_stands_in(form: str) -> None:
    assert shapes.due(form, quarter(3, 2026), TODAY).library == ""
    assert shapes.due(form, quarter(3, 2026), TODAY, allow_unconfirmed=True).library == "c89"


@pytest.mark.parametrize(
    ("form", "period", "remedy"),
    [
        ("02/PH", whole(2026), "phần II của mẫu 01/PH"),
        ("02/PBVMT", whole(2026), "phần II của mẫu 01/PBVMT"),
        ("01/LPMB", whole(2026), "không còn thu từ năm 2026"),
        ("05/KK-TNCN", month(7, 2026), "Kiểu kỳ của mẫu này: quý."),
        ("01/LP", quarter(3, 2026), "Kiểu kỳ của mẫu này: tháng."),
        ("09/XX", month(7, 2026), "01/PH, 02/PH"),
    ],
)
def test_a_form_that_is_not_filed_for_a_period_is_refused_with_what_to_do(
    form: str, period: Period, remedy: str
) -> None:
    for asked in (False, True):
        with pytest.raises(UsageError) as refused:
            shapes.due(form, period, TODAY, allow_unconfirmed=asked)
        assert remedy in refused.value.remedy.vi
        assert refused.value.remedy.vi != refused.value.remedy.en
        assert refused.value.message.vi == f"Không khai mẫu {form} cho {period.words.vi}."


@pytest.mark.parametrize(("form", "number"), [("02/PH", "2.7.5"), ("02/PBVMT", "2.6.9"), ("01/LPMB", "")])
def test_a_former_form_that_the_portal_still_takes_can_be_asked_for(form: str, number: str) -> None:
    """The licence fee has ended: there is nothing to ask for."""
    with pytest.raises(UsageError) as refused:
        shapes.due(form, whole(2026), TODAY)
    assert (f"--version {number}" in refused.value.remedy.vi) == bool(number)


def test_an_announced_shape_is_due_from_its_day_on(announced: date) -> None:
    assert shapes.due("01/PH", month(12, 2026), date(2027, 1, 9)).version == "2.7.5"
    assert shapes.due("01/PH", month(12, 2026), announced).version == "9.9.9"
    assert shapes.due("01/PH", whole(2026), announced).version == "9.9.9"
    assert shapes.due("01/PH", month(6, 2026), announced).version == "2.7.5"


@pytest.mark.parametrize(
    ("code", "version", "kind", "written"),
    [
        ("879", "2.7.5", "M", "06/2026"),
        ("879", "2.7.5", "M", "07/2026"),
        ("879", "2.5.1", "Q", "3/2026"),
        ("880", "2.7.5", "M", "06/2026"),
        ("920", "2.7.5", "Y", "2025"),
        ("824", "2.8.3", "Y", "2025"),
        ("864", "2.9.3", "Q", "3/2026"),
        ("859", "2.8.3", "M", "10/2026"),
        ("879", "2.7.5", "M", "tháng mười"),
        ("879", "2.7.5", "M", "13/2026"),
    ],
)
def test_a_shape_that_is_taken_is_let_pass(code: str, version: str, kind: str, written: str) -> None:
    assert found(code, version, kind, written) == []


@pytest.mark.parametrize(
    ("code", "kind", "written", "days", "rule"),
    [
        ("920", "Y", "2026", ("", ""), "ETAX-C09"),
        ("920", "K", "", ("01/07/2025", "30/06/2026"), ""),
        ("920", "K", "", ("01/10/2025", "30/09/2026"), "ETAX-C09"),
        ("893", "Y", "2026", ("", ""), "ETAX-C09"),
        ("824", "Y", "2026", ("", ""), ""),
        ("864", "M", "07/2026", ("", ""), ""),
    ],
)
def test_a_shape_of_another_period_is_warned_of(
    code: str, kind: str, written: str, days: tuple[str, str], rule: str
) -> None:
    assert found(code, "2.7.5", kind, written, days) == [rule] * bool(rule)


def test_a_period_that_a_rule_of_the_form_refuses_is_told_of_once() -> None:
    licence = formsamples.declaration(
        test_824.FORM, formsamples.Period("Y", "2026", "01/01/2026", "31/12/2026"), test_824.BODY
    )
    recognised = ETax(lambda: date(2027, 1, 4)).recognise(licence)
    assert recognised is not None
    assert [each.rule for each in (*recognised.findings, *test_824.FORM.check(licence))] == ["ETAX-824-R05"]


def test_an_inferred_version_is_warned_of_with_the_reason() -> None:
    (finding,) = shape_findings(header("880", "2.7.5", "M", "10/2026"), TODAY)
    assert (finding.rule, finding.severity) == ("ETAX-C12", Severity.WARNING)
    assert "mã 880 đã được xác nhận, phiên bản 2.7.5 chưa" in finding.message.vi
    assert "the newest one in the catalogue" in finding.message.en
    assert finding.path.endswith("pbanTKhaiXML")


@pytest.mark.parametrize(
    ("kind", "written", "days", "day", "told"),
    [
        ("Y", "2026", ("", ""), date(2026, 11, 24), "năm 2026 chưa kết thúc: kỳ này hết ngày 31/12/2026"),
        ("Y", "2026", ("", ""), date(2026, 12, 31), "năm 2026"),
        ("Y", "2026", ("", ""), date(2027, 1, 1), ""),
        ("M", "11/2026", ("", ""), date(2026, 11, 24), "tháng 11/2026"),
        ("M", "10/2026", ("", ""), date(2026, 11, 24), ""),
        ("Q", "4/2026", ("", ""), date(2026, 11, 24), "quý 4/2026"),
        ("K", "", ("01/11/2026", "30/11/2026"), date(2026, 11, 24), "từ 01/11/2026 đến 30/11/2026"),
        ("D", "24/11/2026", ("", ""), date(2026, 11, 24), ""),
        ("D", "25/11/2026", ("", ""), date(2026, 11, 24), "ngày 25/11/2026"),
        ("M", "13/2026", ("", ""), date(2026, 11, 24), ""),
    ],
)
def test_a_period_that_has_not_ended_is_warned_of(
    kind: str, written: str, days: tuple[str, str], day: date, told: str
) -> None:
    findings = period_findings(header("879", "2.7.5", kind, written, days), day)
    assert [(each.rule, each.severity) for each in findings] == [("ETAX-C11", Severity.WARNING)] * bool(told)
    assert all(told in each.message.vi for each in findings)


def test_a_shape_is_warned_of_once_the_portal_has_switched(announced: date) -> None:
    old = header("879", "2.7.5", "M", "12/2026")
    assert shape_findings(old, date(2027, 1, 9)) == ()
    (finding,) = shape_findings(old, announced)
    assert (finding.rule, finding.severity) == ("ETAX-C10", Severity.WARNING)
    assert "Kỳ tính thuế tháng 12/2026 khai theo mẫu 01/PH có mã 879, phiên bản 9.9.9" in finding.message.vi
    assert shape_findings(header("879", "2.7.5", "M", "06/2026"), announced) == ()
    (finding,) = shape_findings(header("879", "9.9.9", "M", "06/2026"), announced)
    assert "phiên bản 2.7.5" in finding.message.vi


def test_the_warning_says_what_to_file_instead() -> None:
    (finding,) = shape_findings(header("920", "2.7.5", "Y", "2026"), TODAY)
    assert "đến ngày 30/06/2026; tờ khai này khai cho năm 2026." in finding.message.vi
    assert "until 30/06/2026; this declaration is for year 2026." in finding.message.en
    assert "phần II của mẫu 01/PH" in finding.remedy.vi
    assert "part II of 01/PH" in finding.remedy.en
    assert finding.path.endswith("KyKKhaiThue/kyKKhai")


def test_a_declaration_is_recognised_by_the_shape_of_its_period() -> None:
    other = (("<maTKhai>879<", "<maTKhai>880<"),)
    after = ETax(lambda: TODAY).recognise(declaration(*other))
    before = ETax(lambda: TODAY).recognise(
        declaration(*other, ("<kyKKhai>10/2026<", "<kyKKhai>06/2026<"), ("01/10/2026", "01/06/2026"))
    )
    assert after is not None
    assert before is not None
    assert after.package is not None
    assert before.package is not None
    assert (after.package.legal_basis, before.package.legal_basis) == (
        "Thông tư 89/2026/TT-BTC",
        "Thông tư 80/2021/TT-BTC",
    )
    assert [[each.rule for each in seen.findings] for seen in (after, before)] == [["ETAX-C12"], []]


def test_recognition_tells_it() -> None:
    changes = (
        ("<maTKhai>879<", "<maTKhai>920<"),
        ("<kieuKy>M<", "<kieuKy>Y<"),
        ("<kyKKhai>10/2026<", "<kyKKhai>2026<"),
    )
    recognised = ETax(lambda: TODAY).recognise(declaration(*changes))
    assert recognised is not None
    assert [each.rule for each in recognised.findings] == ["ETAX-C09", "ETAX-C11"]
    assert {each.severity for each in recognised.findings} == {Severity.WARNING}
    later = ETax(lambda: date(2027, 1, 4)).recognise(declaration(*changes))
    assert later is not None
    assert [each.rule for each in later.findings] == ["ETAX-C09"]


def test_an_unconfirmed_shape_is_checked_but_can_not_be_filed() -> None:
    built = ETax(lambda: TODAY).recognise(declaration(("2.7.5", "0.0.0")))
    assert built is not None
    assert built.package is not None
    assert built.package.legal_basis == "Thông tư 89/2026/TT-BTC"
    assert [(each.rule, each.severity) for each in built.findings] == [("ETAX-C02", Severity.ERROR)]


def test_the_list_of_forms_says_how_much_of_a_shape_is_confirmed() -> None:
    told = {(each.version.code, each.number): each.periods.vi for each in carried_forms()}
    assert told["880", "c89/2.7.5"] == "từ 01/07/2026 (mã đã xác nhận, phiên bản suy ra)"
    assert told["879", "c89/0.0.0"] == "từ 01/07/2026 (mã và phiên bản chưa xác nhận)"
    assert told["880", "2.7.5"] == "tới 30/06/2026"


def test_every_row_has_its_package_and_only_what_is_confirmed_is_in_the_catalogue() -> None:
    for shape in shapes.shapes():
        package = shape.package
        assert package is not None, shape
        assert (package.name, package.legal_basis) == (shape.form, shape.law.vi)
        assert package.folder.parent.parent == FOLDER / shape.library
        listed = shape.confirmed is not shapes.Confirmed.NO
        assert all(((shape.code, shape.version, kind) in catalogue()) == listed for kind in package.kinds)


def test_the_rows_of_a_form_follow_one_another_without_a_gap_or_an_overlap() -> None:
    by_form: dict[str, list[shapes.Shape]] = {}
    for shape in shapes.shapes():
        by_form.setdefault(shape.form, []).append(shape)
    for rows in by_form.values():
        assert all((later.since - earlier.until).days == 1 for earlier, later in pairwise(rows))
        assert rows[-1].until == date.max or rows[-1].instead.vi


@pytest.mark.parametrize(
    ("kind", "written", "days", "first", "last"),
    [
        ("M", "02/2028", ("", ""), date(2028, 2, 1), date(2028, 2, 29)),
        ("Q", "4/2026", ("", ""), date(2026, 10, 1), date(2026, 12, 31)),
        ("Y", "2026", ("", ""), date(2026, 1, 1), date(2026, 12, 31)),
        ("D", "05/10/2026", ("", ""), date(2026, 10, 5), date(2026, 10, 5)),
        ("K", "", ("01/04/2026", "31/03/2027"), date(2026, 4, 1), date(2027, 3, 31)),
    ],
)
def test_a_period_is_read_as_days(kind: str, written: str, days: tuple[str, str], first: date, last: date) -> None:
    assert declared_period(header("879", "2.7.5", kind, written, days)) == Period(kind, first, last)


@pytest.mark.parametrize(
    ("kind", "written"), [("M", ""), ("M", "13/2026"), ("Q", "5/2026"), ("D", "31/02/2026"), ("K", ""), ("Z", "2026")]
)
def test_what_is_no_period_is_none(kind: str, written: str) -> None:
    assert declared_period(header("879", "2.7.5", kind, written)) is None
