"""Supplements: what 01/KHBS and 01-1/KHBS say of two returns, and ``govgateway supplement`` on the ledger."""

from __future__ import annotations

import os
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

import desks
import simulated
from clocks import Clock
from formsamples import MONTH, QUARTER, YEAR, Period
from formsamples import declaration as made_by
from formsamples import form as packaged
from govgateway import DocumentRefused, Filing, Gateway, Severity, Status, TransitionRefused, UsageError, read_xml
from govgateway.cli.run import run
from govgateway.connector import XmlDocument
from govgateway_etax import connector, shapes, supplement_command
from govgateway_etax.changes import EFFECTS, changes, obligations_by_form, totals
from govgateway_etax.deadlines import Deadlines
from govgateway_etax.late_payment import LatePayment, late_payment
from govgateway_etax.supplement import Supplement, supplement
from govgateway_mocks.etax.office import TaxOffice
from samples import declaration, fee_form
from unit.forms import test_842, test_878, test_893, test_920, test_c89

TODAY = date(2026, 11, 24)
_NAMESPACE = "{http://kekhaithue.gdt.gov.vn/TKhaiThue}"

MORE = (
    ("<soTienPHThuDuoc>128450000<", "<soTienPHThuDuoc>129450000<"),
    ("<soTienPHTrichTheoCheDo>12845000<", "<soTienPHTrichTheoCheDo>12945000<"),
    ("<soTienPHPhaiNop>115605000<", "<soTienPHPhaiNop>116505000<"),
    ("<tongCong>122043050<", "<tongCong>122943050<"),
)
"""A million more collected of the first fee, in đồng; a tenth of it is retained."""
LESS = (
    ("<soTienPHThuDuoc>4250.50<", "<soTienPHThuDuoc>4240.50<"),
    ("<soTienPHTrichTheoCheDo>3400.40<", "<soTienPHTrichTheoCheDo>3392.40<"),
    ("<soTienPHPhaiNop>850.10<", "<soTienPHPhaiNop>848.10<"),
    ("<tongCong>850.10<", "<tongCong>848.10<"),
)
"""Ten dollars less collected of the third fee; four fifths of it are retained."""


def corrected(*altered: tuple[str, str]) -> Supplement:
    """The supplement to the example declaration that ``altered`` corrects."""
    return supplement(declaration().data, declaration(*altered).data, day=TODAY, reason="Kê thiếu")


def rows(document: bytes, path: str) -> list[dict[str, str]]:
    """The rows at ``path`` below PLuc, each as its values by name."""
    appendices = read_xml(document).root.find(f"{_NAMESPACE}HSoKhaiThue/{_NAMESPACE}PLuc")
    assert appendices is not None
    found = appendices.iterfind("/".join(_NAMESPACE + step for step in path.split("/")))
    return [{etree.QName(each).localname: each.text or "" for each in row} for row in found]


RETURN = "PL01_KHBS/Muc_A/Muc_I/Muc_1"
EXPLANATION = "PL01_1_KHBS/Muc_A/DSachHSo"


def test_differences_are_shown_by_sub_item_and_currency_with_their_totals() -> None:
    made = corrected(*MORE, *LESS)
    assert rows(made.document, f"{RETURN}/ChiTiet") == [
        {"ct2_ma": "2301", "ct3": "900000", "ma_DonViTien": "VND"},
        {"ct2_ma": "2716", "ct3": "-2.00", "ma_DonViTien": "USD"},
    ]
    assert rows(made.document, f"{RETURN}/TongCong10") == [
        {"ct10": "900000", "ma_DonViTien": "VND"},
        {"ct10": "-2.00", "ma_DonViTien": "USD"},
    ]
    assert rows(made.document, f"{EXPLANATION}/TongCong/TongCong_7") == [
        {"ct7": "900000", "ma_DonViTien": "VND"},
        {"ct7": "-2.00", "ma_DonViTien": "USD"},
    ]
    assert made.totals("payable") == {"VND": Decimal(900000), "USD": Decimal("-2.00")}


LATE = "PL01_KHBS/Muc_A/Muc_I/Muc_3"
DUE = date(2026, 11, 20)
"""The last day for declaring and paying the fees of October 2026."""
MORE_DOLLARS = tuple((new, old) for old, new in LESS)


def late_on(day: date, before: XmlDocument, *altered: tuple[str, str]) -> Supplement:
    """The supplement that is made on ``day``."""
    return supplement(before.data, _changed(before.data, *altered), day=day)


def test_interest_is_counted_to_the_day_of_making_from_the_day_after_the_term() -> None:
    """21, 22 and 23 November: the day on which the money arrives is not counted."""
    made = late_on(TODAY, declaration(), *MORE)
    assert made.late == LatePayment(TODAY, 3, {"VND": Decimal(810)})
    (late,) = rows(made.document, LATE)
    assert (late["ct3a_1"], late["ct3a_2"]) == ("2026-11-24", "3")
    assert rows(made.document, f"{LATE}/ChiTietSoTienChamNop") == [{"ma_DonViTien": "VND", "ct3b": "810"}]
    assert fee_form().check(read_xml(made.document)) == ()


def test_interest_is_told_in_each_currency_and_only_on_what_came_to_it() -> None:
    """2 dollars × 0.0003 × 402 days = 0.2412; the đồng went down."""
    before, day = declaration(*LESS, *MORE), date(2027, 12, 28)
    less_dong = tuple((new, old) for old, new in MORE)
    made = late_on(day, before, *MORE_DOLLARS, *less_dong)
    assert made.totals("payable") == {"VND": Decimal(-900000), "USD": Decimal("2.00")}
    assert made.late == LatePayment(day, 402, {"USD": Decimal("0.24")})
    assert rows(made.document, f"{LATE}/ChiTietSoTienChamNop") == [{"ma_DonViTien": "USD", "ct3b": "0.24"}]
    assert fee_form().check(read_xml(made.document)) == ()


@pytest.mark.parametrize(
    ("day", "altered"), [(DUE, MORE), (date(2026, 11, 21), MORE), (TODAY, LESS)], ids=["in time", "a day late", "less"]
)
def test_where_no_interest_is_owed_none_is_told(day: date, altered: tuple[tuple[str, str], ...]) -> None:
    made = late_on(day, declaration(), *altered)
    assert made.late is None
    assert rows(made.document, LATE) == []


def test_the_interest_of_a_form_in_dong_has_no_currency() -> None:
    """The fee of October 2025 was due on 20 November 2025: 30,000 × 0.0003 × 368 days = 3,312."""
    form = packaged("878", "2.5.1")
    before = made_by(form, MONTH, test_878.BODY)
    fee = (("<soLuong>10<", "<soLuong>20<"), ("<soPhiPhaiNopTrongKy>30000<", "<soPhiPhaiNopTrongKy>60000<"))
    made = late_on(TODAY, before, *fee, ("<tongPhiPNop>13281763<", "<tongPhiPNop>13311763<"))
    assert made.late == LatePayment(TODAY, 368, {"": Decimal(3312)})
    (late,) = rows(made.document, LATE)
    assert late == {"ct3a_1": "2026-11-24", "ct3a_2": "368", "ct3b": "3312"}
    assert [each.rule for each in form.check(read_xml(made.document))] == ["ETAX-KHBS-R18"]


def test_what_moves_between_sub_items_costs_no_interest() -> None:
    other = changes(declaration(), declaration(("<tieuMuc>2301<", "<tieuMuc>2302<")), fee_form())
    assert totals(other, "payable") == {"VND": Decimal(0)}
    assert late_payment(totals(other, "payable"), DUE, TODAY, Deadlines()) is None


def test_every_figure_that_differs_is_explained() -> None:
    name, currency = "Phí sử dụng tạm thời lòng đường, hè phố", {"ma_DonViTien": "VND", "ct8": "Kê thiếu"}
    assert rows(corrected(*MORE).document, f"{EXPLANATION}/BKeHSo/CTietHSo/ChiTiet") == [
        {"ct2_ten": name, "ct3_ma": "(4)", "ct3_ten": "Số tiền phí thu được", "ct04": "128450000"}
        | {"ct05": "129450000", "ct06": "1000000", "ct7": "", **currency},
        {"ct2_ten": name, "ct3_ma": "(6)", "ct3_ten": "Số tiền phí trích để lại theo chế độ", "ct04": "12845000"}
        | {"ct05": "12945000", "ct06": "100000", "ct7": "", **currency},
        {"ct2_ten": name, "ct3_ma": "(7)", "ct3_ten": "Số tiền phí phải nộp NSNN", "ct04": "115605000"}
        | {"ct05": "116505000", "ct06": "900000", "ct7": "900000", **currency},
    ]


def test_the_result_is_a_supplementary_declaration_that_checks() -> None:
    document = read_xml(corrected(*MORE).document)
    assert fee_form().check(document) == ()
    recognised = connector.recognise(document)
    assert recognised is not None
    assert (recognised.kind, recognised.sequence, recognised.period) == ("B", 1, "M 10/2026")
    assert recognised.findings == ()


def test_the_return_itself_stays_as_it_was_made() -> None:
    """12,845,000.5 may be rounded either way: what the person chose is kept."""
    odd = (
        ("<soTienPHThuDuoc>128450000<", "<soTienPHThuDuoc>128450005<"),
        ("<soTienPHPhaiNop>115605000<", "<soTienPHPhaiNop>115605005<"),
        ("<tongCong>122043050<", "<tongCong>122043055<"),
    )
    made = read_xml(corrected(*odd).document).root[0]
    given = declaration(*odd).root[0]
    assert etree.tostring(made[1], method="c14n") == etree.tostring(given[1], method="c14n")


def test_the_next_supplement_is_numbered_and_compared_with_the_one_before() -> None:
    first = corrected(*MORE)
    second = supplement(first.document, declaration(*MORE, *LESS).data, day=TODAY)
    assert second.sequence == 2
    assert second.totals("payable") == {"USD": Decimal("-2.00")}
    assert len(rows(second.document, "PL01_KHBS")) == 1, "the appendices of the supplement before are not kept"


def test_signatures_of_the_accepted_return_are_not_carried_over() -> None:
    signed = simulated.filed(*MORE)
    assert b"Signature" not in supplement(simulated.filed(), signed, day=TODAY).document


def test_lines_are_compared_by_what_they_are_called() -> None:
    text = declaration().data.decode("utf-8")
    start, end = text.index('<ChiTietPhi id="ID_1">'), text.index('<ChiTietPhi id="ID_2">')
    line = text[start:end]
    moved = declaration((line, ""), ("</NoiDung01PH>", f"{line}</NoiDung01PH>"), *MORE)
    made = supplement(declaration().data, moved.data, day=TODAY)
    assert made.totals("payable") == {"VND": Decimal(900000)}
    assert len(made.changes) == 3


def test_a_line_that_is_new_or_gone_is_compared_with_nothing() -> None:
    other = declaration(("<tieuMuc>2301<", "<tieuMuc>2302<"))
    found = changes(declaration(), other, fee_form())
    payable = [(each.sub_item, each.before, each.after) for each in found if each.effect]
    assert payable == [("2302", 0, 115605000), ("2301", 115605000, 0)]


def test_the_same_fee_twice_is_paired_in_order() -> None:
    name = ("Phí thẩm định dự án đầu tư xây dựng", "Phí sử dụng tạm thời lòng đường, hè phố")
    twice = (name, ("<tieuMuc>2715<", "<tieuMuc>2301<"))
    found = changes(declaration(*twice), declaration(*twice, *MORE), fee_form())
    assert [each.difference for each in found] == [1000000, 100000, 900000]


def test_what_moves_between_lines_of_one_sub_item_changes_nothing_to_pay() -> None:
    """It is explained all the same."""
    one = (("<tieuMuc>2715<", "<tieuMuc>2301<"), ("<tyLe>90<", "<tyLe>10<"))
    lines = (("57942450", "6438050"), ("<soTienPHPhaiNop>6438050<", "<soTienPHPhaiNop>57942450<"))
    total = ("<tongCong>122043050<", "<tongCong>173547450<")
    before = declaration(*one, *lines, total)
    moved = (
        ("128450000", "128450010"),
        ("12845000<", "12845001<"),
        ("115605000", "115605009"),
        ("64380500", "64380490"),
        ("6438050<", "6438049<"),
        ("57942450", "57942441"),
    )
    made = supplement(before.data, _changed(before.data, *moved), day=TODAY)
    assert rows(made.document, f"{RETURN}/ChiTiet") == []
    assert len(rows(made.document, f"{EXPLANATION}/BKeHSo/CTietHSo/ChiTiet")) == 6
    assert fee_form().check(read_xml(made.document)) == ()


def test_five_thousand_lines_are_compared() -> None:
    text = declaration().data.decode("utf-8")
    start, end = text.index('<ChiTietPhi id="ID_2">'), text.index('<ChiTietPhi id="ID_3">')
    line = text[start:end]
    many = "".join(line.replace("Phí thẩm định", f"Phí {number} thẩm định") for number in range(5000))
    before, after = declaration((line, line + many)), declaration((line, many + line), *MORE)
    assert [each.difference for each in changes(before, after, fee_form())] == [1000000, 100000, 900000]


def test_a_form_in_dong_has_one_total() -> None:
    """878: the sub-item is not printed on the form, and is left to be filled in."""
    form = packaged("878", "2.5.1")
    fee = (("13240763", "13240762"), ("<tongPhiPNop>13281763<", "<tongPhiPNop>13281762<"))
    before = made_by(form, MONTH, test_878.BODY)
    made = supplement(before.data, _changed(before.data, *fee), day=TODAY)
    assert rows(made.document, f"{RETURN}/ChiTiet") == [{"ct2_ma": "", "ct3": "-1"}]
    assert rows(made.document, RETURN)[0]["tongCong_ct10"] == "-1"
    assert rows(made.document, f"{EXPLANATION}/TongCong") == [{"tongCong_7": "-1"}]
    assert [each.rule for each in form.check(read_xml(made.document))] == ["ETAX-KHBS-R18"]


def test_value_added_tax_shows_what_is_deducted_and_refunded() -> None:
    form = packaged("842", "2.8.3")
    before = made_by(form, QUARTER, test_842.BODY)
    carried = _changed(before.data, *test_842.CARRY_FORWARD)
    made = supplement(before.data, carried, day=TODAY)
    assert rows(made.document, f"{RETURN}/ChiTiet") == [{"ct2_ma": "1701", "ct3": "-2500"}]
    assert rows(made.document, "PL01_KHBS/Muc_A/Muc_II")[0]["tongCong_ct12"] == "4000"
    assert rows(made.document, "PL01_KHBS/Muc_A/Muc_III")[0]["tongCong_ct13"] == "900"
    assert rows(made.document, f"{EXPLANATION}/TongCong") == [
        {"tongCong_7": "-2500", "tongCong_8": "4000", "tongCong_9": "900"}
    ]
    assert form.check(read_xml(made.document)) == ()


@pytest.mark.parametrize(
    ("number", "period", "body", "change"),
    [
        ("920", YEAR, test_920.BODY, ("<soTienPHKKTrongKy>850.30<", "<soTienPHKKTrongKy>850.20<")),
        ("893", YEAR, test_893.BODY, ("<soPhiKKTrongNam>12000<", "<soPhiKKTrongNam>11000<")),
    ],
)
def test_a_finalisation_is_supplemented_in_its_difference(
    number: str, period: Period, body: str, change: tuple[str, str]
) -> None:
    form = packaged(number, {"920": "2.7.5", "893": "2.6.9"}[number])
    before = made_by(form, period, body)
    after = form.compute(_changed(before.data, change))
    made = supplement(before.data, after, day=TODAY)
    assert list(made.totals("payable").values()) == [{"920": Decimal("0.10"), "893": Decimal(1000)}[number]]
    assert [each.rule for each in form.check(read_xml(made.document))] == ["ETAX-KHBS-R18"]


def test_circular_89_names_the_transaction_of_the_first_return() -> None:
    sample = test_c89.FEES
    before = sample.declaration()
    after = sample.form.compute(_changed(before.data, ("<soTienPHThuDuoc>1000<", "<soTienPHThuDuoc>2000<")))
    made = supplement(before.data, after, day=TODAY, transaction="10820260019081192")
    (header,) = rows(made.document, "PL01_1_KHBS/Header")
    assert header == {"ct01": "01/PH", "ct02": "10820260019081192", "ct03": "07/2026", "ct04": "1"}
    findings = sample.form.check(read_xml(made.document))
    assert [(each.rule, each.severity) for each in findings] == [("ETAX-KHBS-R18", Severity.WARNING)]
    with pytest.raises(DocumentRefused) as refused:
        supplement(before.data, after, day=TODAY)
    assert [each.rule for each in refused.value.findings if each.severity is Severity.ERROR] == [  # type: ignore[attr-defined]
        "ETAX-C89KHBS-R01",
        "ETAX-C89KHBS-R01",
    ]


@pytest.mark.parametrize("sample", test_c89.SAMPLES.values(), ids=test_c89.SAMPLES)
def test_what_the_obligation_is_stands_in_every_form_of_circular_89(sample: test_c89.Sample) -> None:
    named = _effects(sample.form.folder.parent.relative_to(shapes.FOLDER).as_posix())
    assert {(*_ITEMS, *path.split("/")) for path in named} <= set(sample.form.outline.fields)


def test_what_the_obligation_is_stands_in_every_form_that_takes_supplements() -> None:
    for version in shapes.library("").all():
        named = _effects(version.code)
        assert named, version.code
        assert {(*_ITEMS, *path.split("/")) for path in named} <= set(version.outline.fields)


def test_nothing_corrected_is_refused() -> None:
    with pytest.raises(UsageError):
        corrected(("<ngayKy>2026-11-16<", "<ngayKy>2026-11-17<"))


@pytest.mark.parametrize(
    "other",
    [
        ("<mst>9900000016<", "<mst>9900000023<"),
        ("<maTKhai>879<", "<maTKhai>880<"),
        simulated.period("M", "09/2026", "01/09/2026", "30/09/2026"),
    ],
)
def test_another_taxpayer_form_or_period_is_refused(other: tuple[str, str]) -> None:
    with pytest.raises(UsageError):
        corrected(*MORE, other)


def test_what_differs_is_told_in_the_words_of_the_form() -> None:
    with pytest.raises(UsageError) as refused:
        corrected(*MORE, simulated.period("M", "09/2026", "01/09/2026", "30/09/2026"))
    assert refused.value.message.vi == "Tờ khai đã sửa không cùng kỳ tính thuế: tháng 10/2026; tháng 09/2026."
    assert refused.value.message.en == "The two differ in the tax period: month 10/2026; month 09/2026."


def test_another_document_is_refused() -> None:
    with pytest.raises(UsageError):
        supplement(declaration().data, b"<a/>", day=TODAY)


def test_a_form_that_cannot_be_supplemented_here_is_refused() -> None:
    other = (("<maTKhai>879<", "<maTKhai>859<"), ("2.7.5", "2.8.3"))
    with pytest.raises(UsageError):
        supplement(declaration(*other).data, declaration(*other, *MORE).data, day=TODAY)


def test_a_corrected_return_with_errors_is_refused_with_them() -> None:
    with pytest.raises(DocumentRefused) as refused:
        corrected(MORE[0])
    assert sorted(each.rule for each in refused.value.findings) == ["ETAX-879-R01", "ETAX-879-R02"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("period", "last"),
    [
        (simulated.period("M", "10/2026", "01/10/2026", "31/10/2026"), date(2031, 11, 20)),
        (simulated.period("M", "05/2026", "01/05/2026", "31/05/2026"), date(2036, 6, 22)),
        (simulated.period("Q", "3/2026", "01/07/2026", "30/09/2026"), date(2031, 11, 2)),
        (simulated.period("K", "", "01/10/2026", "31/10/2026"), date(2031, 11, 20)),
    ],
)
def test_supplements_end_five_years_after_the_deadline_and_ten_under_the_law_before(
    period: tuple[str, str], last: date
) -> None:
    before, after = declaration(period), declaration(period, *MORE)
    assert supplement(before.data, after.data, day=last).sequence == 1
    with pytest.raises(TransitionRefused) as refused:
        supplement(before.data, after.data, day=date(last.year, last.month, last.day + 1))
    assert f"{last:%d/%m/%Y}" in refused.value.message.vi
    assert re.match(r"Tờ khai (tháng|quý|từ) ", refused.value.message.vi)
    assert "01/VBGT" in refused.value.remedy.vi


_ITEMS = ("HSoThueDTu", "HSoKhaiThue", "CTieuTKhaiChinh")


def _effects(folder: str) -> list[str]:
    entry = obligations_by_form()[folder]
    return [path for effect in EFFECTS for path in entry.get(effect, ())]


def _changed(data: bytes, *altered: tuple[str, str]) -> bytes:
    text = data.decode("utf-8")
    for old, new in altered:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text.encode("utf-8")


# The command


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A department that files by hand with the simulated tax office."""
    for name in [each for each in os.environ if each.startswith("GOVGATEWAY_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GOVGATEWAY_CONFIG", str(tmp_path / "govgateway.toml"))
    monkeypatch.setenv("GOVGATEWAY_LEDGER", str(tmp_path / "ledger.db"))
    monkeypatch.setattr(supplement_command, "today", lambda: TODAY)
    (tmp_path / "corrected.xml").write_bytes(declaration(*MORE).data)
    return tmp_path


def accepted(desk: Gateway, office: TaxOffice, clock: Clock, folder: Path, document: bytes) -> Filing:
    """``document`` filed by hand and accepted."""
    filing = desk.submit(read_xml(document), desks.key(), hold=True)
    answers = desks.notices(office, clock, desk.export(filing.id, folder / filing.id).read_bytes())
    desk.import_answer(read_xml(answers["844"]))
    assert desk.filing(filing.id).status is Status.ACCEPTED
    return filing


def test_the_command_makes_a_supplement_that_can_be_filed_and_supplemented_again(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = Clock()
    office = simulated.office(clock)
    with desks.gateway(home, clock) as desk:
        first = accepted(desk, office, clock, home, declaration().data)
        assert (
            run(["supplement", first.id, str(home / "corrected.xml"), "-o", str(home / "b1.xml"), "--lang", "en"]) == 0
        )
        printed = capsys.readouterr().out
        assert "Supplement 1, 3 figures differ" in printed
        assert "Payable: +900,000 VND" in printed
        second = accepted(desk, office, clock, home, (home / "b1.xml").read_bytes())
        assert (second.key.kind, second.key.sequence, second.key.period) == ("B", 1, first.key.period)
        (home / "again.xml").write_bytes(declaration(*MORE, *LESS).data)
        assert run(["supplement", first.id, str(home / "again.xml"), "-o", str(home / "b2.xml"), "--lang", "vi"]) == 0
        printed = capsys.readouterr().out
        assert "Khai bổ sung lần 2, 3 số liệu thay đổi" in printed
        assert "Số phải nộp: −2,00 USD" in printed
        assert "VND" not in printed, "what supplement 1 told is not told again"


def test_a_filing_under_way_or_not_accepted_cannot_be_supplemented(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = Clock()
    with desks.gateway(home, clock) as desk:
        waiting = desk.submit(declaration(), desks.key(), hold=True)
        words = ["supplement", waiting.id, str(home / "corrected.xml"), "-o", str(home / "b.xml")]
        assert run(words) == 1
        assert "READY" in capsys.readouterr().err
        desk.cancel(waiting.id, "thử")
        assert run(words) == 1
        assert "chưa được chấp nhận" in capsys.readouterr().err
    assert not (home / "b.xml").exists()


def test_a_file_that_exists_is_not_written_over(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    office = simulated.office(clock)
    with desks.gateway(home, clock) as desk:
        first = accepted(desk, office, clock, home, declaration().data)
    corrected_file = home / "corrected.xml"
    before = corrected_file.read_bytes()
    assert run(["supplement", first.id, str(corrected_file), "-o", str(corrected_file)]) == 2
    assert "--output" in capsys.readouterr().err
    assert corrected_file.read_bytes() == before


def test_its_elements_stand_on_lines_of_their_own_as_those_of_a_return_do() -> None:
    """So that it is the same document after a round through a spreadsheet, which writes its elements so."""
    made = corrected(*MORE)
    root = read_xml(made.document).root
    etree.indent(root)
    assert etree.tostring(root, xml_declaration=True, encoding="UTF-8") == made.document
    assert b"<PLuc>\n      <PL01_KHBS>\n" in made.document
