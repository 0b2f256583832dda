"""What the simulated tax office has against a declaration for what it accepted before."""

from __future__ import annotations

import pytest

from govgateway_mocks.agency import Decision
from govgateway_mocks.etax import history
from govgateway_mocks.etax.office import TaxOffice
from simulated import VERDICT_DELAY, Clock, fields, filed, office, period

TAKEN = "Người nộp thuế đã nộp tờ khai {} của kỳ tính thuế này"
NOTHING_TO_SUPPLEMENT = "Chưa có tờ khai chính thức được chấp nhận của kỳ tính thuế này"
MONTH = ("M", "10/2026", "01/10/2026", "31/10/2026")
SAME_DAYS = ("K", "10/2026", "01/10/2026", "31/10/2026")
QUARTER, ITS_DAYS = ("Q", "3/2026", "01/07/2026", "30/09/2026"), ("K", "", "01/07/2026", "30/09/2026")
YEAR, ITS_FIRST_HALF = ("Y", "2026", "", ""), ("K", "", "01/01/2026", "30/06/2026")
DAY, ITS_DAY = ("D", "16/11/2026", "", ""), ("K", "", "16/11/2026", "16/11/2026")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def taxes(clock: Clock) -> TaxOffice:
    return office(clock)


def _supplement(number: int, days: tuple[str, str, str, str] = MONTH) -> bytes:
    return filed(period(*days), ("<loaiTKhai>C<", "<loaiTKhai>B<"), ("<soLan>0<", f"<soLan>{number}<"))


def _verdicts(taxes: TaxOffice, clock: Clock, *documents: bytes) -> list[str]:
    """ "Y", or why it was refused, of each of ``documents``, filed one after another."""
    for each in documents:
        taxes.take(each)
        clock.advance(2 * VERDICT_DELAY)
    told = [fields(each.data) for each in taxes.notices() if each.second]
    return [each["trangThai"] if each["trangThai"] == "Y" else each["tenLoi"] for each in told]


def test_the_same_obligation_is_accepted_once(taxes: TaxOffice, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    again = filed(("<nguoiKy>Trần Thị Mẫu<", "<nguoiKy>Lê Văn Khác<"), ("<soLan>0<", "<soLan>00<"))
    assert _verdicts(taxes, clock, filed(), again) == ["Y", TAKEN.format("chính thức")]
    monkeypatch.setattr(history, "HISTORY", (history.supplementing,))
    assert _verdicts(taxes, clock, again)[2:] == ["Y"]


@pytest.mark.parametrize(("first", "second"), [(MONTH, SAME_DAYS), (SAME_DAYS, MONTH), (QUARTER, ITS_DAYS)])
def test_a_period_is_the_same_by_its_days(
    first: tuple[str, str, str, str], second: tuple[str, str, str, str], taxes: TaxOffice, clock: Clock
) -> None:
    documents = filed(period(*first)), filed(period(*second))
    assert _verdicts(taxes, clock, *documents) == ["Y", TAKEN.format("chính thức")]


@pytest.mark.parametrize(("first", "second"), [(YEAR, ITS_FIRST_HALF), (MONTH, QUARTER), (DAY, ITS_DAY)])
def test_periods_with_other_days_and_an_occurrence_are_others(
    first: tuple[str, str, str, str], second: tuple[str, str, str, str], taxes: TaxOffice, clock: Clock
) -> None:
    assert _verdicts(taxes, clock, filed(period(*first)), filed(period(*second))) == ["Y", "Y"]


def test_a_supplement_needs_a_declaration_that_was_accepted(
    taxes: TaxOffice, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = filed(("<tongCong>122043050<", "<tongCong>122043051<"))
    assert _verdicts(taxes, clock, wrong, _supplement(1))[1:] == [NOTHING_TO_SUPPLEMENT]
    assert _verdicts(taxes, clock, filed(), _supplement(1), _supplement(2))[2:] == ["Y", "Y", "Y"]
    taxes.reset()
    monkeypatch.setattr(history, "HISTORY", (history.unique,))
    assert _verdicts(taxes, clock, _supplement(1)) == ["Y"]


def test_a_supplement_is_of_the_same_period_however_that_is_written(taxes: TaxOffice, clock: Clock) -> None:
    assert _verdicts(taxes, clock, filed(), _supplement(1, SAME_DAYS)) == ["Y", "Y"]
    assert _verdicts(taxes, clock, _supplement(1, QUARTER))[2:] == [NOTHING_TO_SUPPLEMENT]


def test_the_same_supplement_is_accepted_once(taxes: TaxOffice, clock: Clock) -> None:
    verdicts = _verdicts(taxes, clock, filed(), _supplement(1), _supplement(1))
    assert verdicts == ["Y", "Y", TAKEN.format("bổ sung lần 1")]


def test_without_the_duplicate_check_a_supplement_still_needs_its_declaration(taxes: TaxOffice, clock: Clock) -> None:
    taxes.check_duplicates = False
    assert _verdicts(taxes, clock, _supplement(1), filed(), filed(), _supplement(1)) == [
        NOTHING_TO_SUPPLEMENT, "Y", "Y", "Y",
    ]  # fmt: skip


def test_what_was_accepted_by_hand_can_be_supplemented(taxes: TaxOffice, clock: Clock) -> None:
    taxes.decide(taxes.take(filed()), Decision.ACCEPT)
    assert _verdicts(taxes, clock, _supplement(1)) == ["Y", "Y"]


def test_what_was_accepted_while_another_waited_for_its_verdict_counts(taxes: TaxOffice, clock: Clock) -> None:
    taxes.take(filed())
    taxes.take(filed(period(*SAME_DAYS)))
    assert _verdicts(taxes, clock, _supplement(1)) == ["Y", TAKEN.format("chính thức"), "Y"]
