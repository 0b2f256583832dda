"""``govgateway due``: which returns are listed, what is said of each, and by which filings it is told."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import desks
import keys
import simulated
from clocks import Clock
from govgateway import Environment, Filing, Payable, Receipt, Status, Text, read_xml
from govgateway.cli.run import run
from govgateway.connector import BusinessKey
from govgateway_etax import due_command
from govgateway_etax.deadlines import Deadlines
from govgateway_etax.due import Desk, Due, State
from govgateway_etax.due_listing import Filed, Listing
from govgateway_etax.obligations import returns_of
from ledgers import new_filing, obligation

FILER = "9900000016"
TODAY = date(2026, 11, 25)
OCTOBER = date(2026, 10, 1)


def filing(status: Status, period: str = "M 10/2026", **key: Any) -> Filing:
    """A filing of the department."""
    given: dict[str, Any] = {"agency": "etax", "environment": Environment.SIMULATOR, "filer": FILER, "form": "879"}
    given |= {"period": period, "kind": "C", "sequence": 0}
    return Filing(
        id=f"261116-{status}",
        key=BusinessKey(**(given | key)),
        status=status,
        title="Tờ khai phí",
        file_name="",
        document_sha256="",
        content_sha256="",
        reference="",
        due_at=None,
        created_at=keys.NOW,
        updated_at=keys.NOW,
        correlation_id="c0ffee",
    )


def notice(leads_to: Status, filed_on: date | None, *payables: Payable) -> Receipt:
    return Receipt("844", Text("Thông báo", "Notice"), leads_to, (), legal_filing_date=filed_on, payables=payables)


def october(*filings: Filing, receipts: Sequence[Receipt] = (), today: date = TODAY) -> Due:
    """What is said of the declaration of fees for October 2026, due on the 20th of November."""
    desk = Desk(Deadlines(), filings, lambda filing_id: receipts, today)
    (found,) = desk.dues(FILER, returns_of(["01/PH monthly"], ""), OCTOBER, date(2026, 11, 20))
    return found


def listed(*names: str, since: date = OCTOBER, until: date = date(2027, 3, 31)) -> list[tuple[str, str, date]]:
    desk = Desk(Deadlines(), (), lambda filing_id: (), TODAY)
    dues = desk.dues(FILER, returns_of(names, ""), since, until)
    return [(each.owed.form, each.period.written, each.deadline.day) for each in dues]


# What is listed


def test_returns_are_listed_by_deadline_until_the_day_asked_for() -> None:
    assert listed("01/PH monthly", "05/KK-TNCN quarterly", since=date(2026, 12, 1)) == [
        ("01/PH", "12/2026", date(2027, 1, 20)),
        ("05/KK-TNCN", "4/2026", date(2027, 2, 1)),
        ("01/PH", "01/2027", date(2027, 2, 22)),
        ("01/PH", "02/2027", date(2027, 3, 22)),
        ("01/PH", "2026", date(2027, 3, 31)),
    ]


def test_what_is_due_later_is_not_listed() -> None:
    assert listed("01/LP monthly", until=date(2026, 12, 20)) == [("01/LP", "10/2026", date(2026, 11, 20))]
    assert len(listed("01/LP monthly", until=date(2026, 12, 21))) == 2


# What is said of one


def test_what_nobody_filed_is_late_by_the_days_since_its_deadline() -> None:
    found = october()
    assert (found.state, found.late_days, found.overdue, found.filed_on) == (State.TO_FILE, 5, True, None)
    assert not october(today=date(2026, 11, 20)).overdue
    assert october(today=date(2026, 11, 21)).late_days == 1


def test_what_was_accepted_in_time_is_not_late_however_long_ago() -> None:
    found = october(filing(Status.ACCEPTED), receipts=[notice(Status.ACCEPTED, date(2026, 11, 20))])
    assert (found.state, found.filed_on) == (State.ACCEPTED, date(2026, 11, 20))
    assert (found.late_days, found.overdue, found.interest) == (0, False, None)


def test_what_was_filed_late_is_late_by_its_legal_day_and_costs_interest() -> None:
    dong, dollars = Payable("1", Decimal(100_000_000), "VND"), Payable("2", Decimal("850.10"), "USD")
    receipts = [notice(Status.RECEIVED, date(2026, 11, 22)), notice(Status.ACCEPTED, date(2026, 11, 22), dong, dollars)]
    found = october(filing(Status.ACCEPTED), receipts=receipts)
    assert (found.late_days, found.overdue) == (2, False)
    assert found.interest == Decimal(120_000)  # four days, 21 to 24 November
    assert found.uncounted == ("USD",)


def test_interest_is_not_told_when_no_sum_in_dong_is_known() -> None:
    dollars = Payable("2", Decimal("850.10"), "USD")
    late = date(2026, 11, 23)
    found = october(filing(Status.ACCEPTED), receipts=[notice(Status.ACCEPTED, late, dollars)])
    assert (found.late_days, found.interest, found.uncounted) == (3, None, ("USD",))


def test_no_currency_is_uncounted_where_there_is_no_interest_to_count() -> None:
    receipts = [notice(Status.ACCEPTED, date(2026, 11, 20), Payable("2", Decimal("850.10"), "USD"))]
    assert october(filing(Status.ACCEPTED), receipts=receipts).uncounted == ()


def test_an_acceptance_without_a_day_is_not_called_late() -> None:
    found = october(filing(Status.ACCEPTED), receipts=[notice(Status.ACCEPTED, None)])
    assert (found.state, found.filed_on, found.late_days) == (State.ACCEPTED, None, 0)


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.IN_DOUBT, Status.HANDED_OVER, Status.NEEDS_ATTENTION])
def test_what_is_under_way_without_proof_is_overdue_once_its_deadline_has_passed(status: Status) -> None:
    found = october(filing(status))
    assert (found.state, found.late_days, found.overdue) == (State.UNDER_WAY, 5, True)


def test_a_notice_of_receipt_proves_the_day_of_filing() -> None:
    found = october(filing(Status.RECEIVED), receipts=[notice(Status.RECEIVED, date(2026, 11, 20))])
    assert (found.state, found.filed_on) == (State.UNDER_WAY, date(2026, 11, 20))
    assert (found.late_days, found.overdue) == (0, False)


@pytest.mark.parametrize("status", [Status.DRAFT, Status.READY, Status.REJECTED, Status.CANCELLED])
def test_what_was_not_sent_or_was_refused_is_still_to_be_filed(status: Status) -> None:
    found = october(filing(status), receipts=[notice(Status.RECEIVED, date(2026, 11, 20))])
    assert (found.state, found.filed_on, found.overdue) == (State.TO_FILE, None, True)


def test_the_filing_that_got_furthest_is_told_of() -> None:
    refused, accepted = filing(Status.REJECTED), filing(Status.ACCEPTED)
    assert october(refused, accepted).filing is accepted
    assert october(filing(Status.RECEIVED), refused).state is State.UNDER_WAY


def test_a_supplement_shows_that_there_was_a_first_return_but_not_when() -> None:
    supplement = filing(Status.ACCEPTED, kind="B", sequence=1)
    found = october(supplement, receipts=[notice(Status.ACCEPTED, date(2026, 12, 24))])
    assert (found.state, found.filed_on, found.late_days) == (State.ACCEPTED, None, 0)
    first = filing(Status.ACCEPTED)
    assert october(supplement, first).filing is first


@pytest.mark.parametrize(
    "other", [{"filer": "9900000023"}, {"form": "880"}, {"period": "M 09/2026"}, {"period": "Q 4/2026"}]
)
def test_another_filers_form_or_period_tells_nothing(other: dict[str, str]) -> None:
    assert october(filing(Status.ACCEPTED, **other)).filing is None


def test_the_same_days_declared_from_day_to_day_are_the_same_period() -> None:
    assert october(filing(Status.ACCEPTED, "K 01/10/2026-31/10/2026")).state is State.ACCEPTED


# A former form


def finalised(form: str, obligation: str, year: int) -> Due:
    """What is said of a finalisation that was accepted under the code ``form``."""
    filings = [filing(Status.ACCEPTED, f"Y {year}", form=form)]
    desk = Desk(Deadlines(), filings, lambda filing_id: [notice(Status.ACCEPTED, date(year + 1, 3, 1))], TODAY)
    until = date(year + 1, 3, 31)
    return next(
        each
        for each in desk.dues(FILER, returns_of([obligation], ""), date(year, 1, 1), until)
        if each.owed.period == "Y"
    )


@pytest.mark.parametrize(
    ("form", "obligation", "year", "former"),
    [
        ("920", "01/PH monthly", 2026, "02/PH"),
        ("893", "01/PBVMT monthly", 2026, "02/PBVMT"),
        ("879", "01/PH monthly", 2026, ""),
        ("920", "01/PH monthly", 2025, ""),
    ],
)
def test_a_finalisation_by_a_form_that_the_law_no_longer_has_is_told_of(
    form: str, obligation: str, year: int, former: str
) -> None:
    found = finalised(form, obligation, year)
    assert found.state is State.ACCEPTED
    assert (found.former.form if found.former else "") == former


def test_what_was_not_filed_is_not_said_to_be_filed_by_a_former_form() -> None:
    refused = filing(Status.REJECTED, "Y 2026", form="920")
    desk = Desk(Deadlines(), [refused], lambda filing_id: (), TODAY)
    (*_, found) = desk.dues(FILER, returns_of(["01/PH monthly"], ""), date(2026, 12, 1), date(2027, 3, 31))
    assert (found.period.kind, found.filing, found.former) == ("Y", refused, None)


@pytest.mark.parametrize(
    ("language", "standing", "remark"),
    [
        ("vi", "được chấp nhận, nộp 01/03/2027, theo mẫu cũ 02/PH", "phần II của mẫu 01/PH"),
        ("en", "accepted, filed 01/03/2027, by the former form 02/PH", "part II of 01/PH"),
    ],
)
def test_the_row_of_a_former_form_says_so_with_the_reason(language: str, standing: str, remark: str) -> None:
    listing = Listing(
        Environment.SIMULATOR, TODAY, TODAY, [Filed(FILER, "Sở", [finalised("920", "01/PH monthly", 2026)])]
    )
    _, _, row, *notes = listing.as_text(language).splitlines()
    assert standing in row
    assert [remark in note and "30/06/2026" in note for note in notes].count(True) == 1
    (told,) = json.loads(listing.as_json(language))["filers"][0]["due"]
    assert told["remark"] in notes


def test_a_row_of_the_form_that_the_law_has_bears_no_remark() -> None:
    listing = Listing(Environment.SIMULATOR, TODAY, TODAY, [Filed(FILER, "Sở", [october(filing(Status.ACCEPTED))])])
    (told,) = json.loads(listing.as_json("vi"))["filers"][0]["due"]
    assert told["remark"] is None
    assert "mẫu cũ" not in listing.as_text("vi")


# The command


@dataclass(frozen=True)
class Ended:
    """How ``govgateway due`` ended."""

    code: int
    out: str
    err: str

    @property
    def due(self) -> list[Mapping[str, Any]]:
        (filer,) = json.loads(self.out)["filers"]
        return list(filer["due"])


Typed = Callable[..., Ended]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A department's settings: it files fees since September."""
    for name in [each for each in os.environ if each.startswith("GOVGATEWAY_")]:
        monkeypatch.delenv(name)
    path = tmp_path / "govgateway.toml"
    path.write_text(
        f"[filers.{FILER}]\nname = 'Sở Xây dựng tỉnh An Hoà'\nobligations = ['01/PH monthly']\nsince = 2026-09-01\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("GOVGATEWAY_CONFIG", str(path))
    monkeypatch.setattr(due_command, "today", lambda: TODAY)
    return path


@pytest.fixture
def due(settings: Path, capsys: pytest.CaptureFixture[str]) -> Typed:
    def typed(*words: str) -> Ended:
        code = run(["due", *words])
        written = capsys.readouterr()
        return Ended(code, written.out, written.err)

    return typed


@pytest.fixture
def accepted(settings: Path) -> None:
    """September was filed on the 16th of November, four weeks late, October in time; both were accepted."""
    clock = Clock()
    office = simulated.office(clock)
    with desks.gateway(settings.parent, clock) as desk:
        for month in (9, 10):
            registered = desk.submit(desks.of_month(month), desks.key(), hold=True)
            exported = desk.export(registered.id, settings.parent)
            answers = desks.notices(office, clock, exported.read_bytes())
            desk.import_answer(read_xml(answers["844"]))


def test_settings_that_were_named_and_are_not_there_are_no_reason_to_say_that_nothing_was_filed(
    settings: Path, due: Typed
) -> None:
    settings.unlink()
    ended = due()
    assert (ended.code, ended.out) == (5, "")
    assert not (settings.parent / "ledger.db").exists()


def test_what_was_accepted_and_what_comes_next(accepted: None, due: Typed) -> None:
    ended = due()
    head, _, september, october, november, *notes = ended.out.splitlines()
    assert head == "9900000016 Sở Xây dựng tỉnh An Hoà [MÔ PHỎNG]"
    assert "tháng 09/2026  20/10/2026" in september
    assert "được chấp nhận, nộp 16/11/2026, muộn 27 ngày" in september
    assert "1.281.452 VND" in september  # 122 043 050 × 0.0003 × 35 days, 21/10 to 24/11
    assert "được chấp nhận, nộp 16/11/2026  " in october
    assert "tháng 11/2026  21/12/2026 (← 20/12/2026)  chưa nộp, còn 26 ngày" in november
    assert "  Nghị định 252/2026/NĐ-CP, điều 10.2" in notes
    assert ended.code == 0


def test_an_overdue_return_is_told_by_the_exit_code(due: Typed) -> None:
    ended = due()
    assert "chưa nộp, quá hạn 5 ngày" in ended.out
    assert ended.code == 1


def test_in_english(accepted: None, due: Typed) -> None:
    out = due("--lang", "en", "--until", "20/01/2027").out
    assert "[SIMULATION]" in out
    assert "accepted, filed 16/11/2026, 27 days late" in out
    assert "1,281,452 VND (sums in USD not counted)" in out
    assert "month 11/2026  21/12/2026 (← 20/12/2026)  to be filed, 26 days left" in out
    assert "month 12/2026  20/01/2027 *" in out
    assert "* The official days off of 2027 are not confirmed: this day may change." in out
    assert "Decree 252/2026, article 10.2" in out


def test_as_json(accepted: None, due: Typed) -> None:
    ended = due("--json", "--until", "2027-03-31")
    first, *_, last = ended.due
    assert first["filed_on"] == "2026-11-16"
    assert (first["state"], first["late_days"], first["interest"]) == ("ACCEPTED", 27, "1281452")
    assert first["interest_not_counted_in"] == ["USD"]
    assert (last["period"], last["finalisation"], last["deadline"]) == ("Y 2026", True, "2027-03-31")
    assert "2027" in last["warning"]
    assert json.loads(ended.out)["environment"] == "simulator"


def test_what_was_accepted_in_play_is_still_to_be_filed_in_earnest(accepted: None, due: Typed) -> None:
    ended = due("--env", "production", "--json")
    assert [each["state"] for each in ended.due] == ["TO_FILE"] * 3
    assert ended.code == 1
    assert "[production]" in due("--env", "production").out


def test_a_filing_with_another_agency_tells_nothing(settings: Path, due: Typed) -> None:
    with desks.gateway(settings.parent, Clock()) as desk:
        desk._ledger.register(new_filing(obligation("M 10/2026", form="879")), b"<phieu/>")
    assert [each["filing"] for each in due("--json").due] == [None, None, None]


def test_an_announced_outage_extends_the_term(settings: Path, due: Typed) -> None:
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f"{text}[etax.simulator.settings]\noutages = '2026-11-20/2026-11-21'\n", encoding="utf-8")
    (_, october, _) = due("--json").due
    assert (october["deadline"], october["nominal_deadline"], october["outage"]) == ("2026-11-23", "2026-11-20", True)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("obligations = ['01/PH montly']\nsince = '2026-09-01'", "obligations"),
        ("obligations = ['01/PH monthly']", "since"),
    ],
)
def test_a_profile_that_does_not_say_enough_is_refused(settings: Path, due: Typed, line: str, key: str) -> None:
    settings.write_text(f"[filers.{FILER}]\n{line}\n", encoding="utf-8")
    ended = due()
    assert ended.code == 5
    assert f"filers.{FILER}.{key}" in ended.err


def test_without_obligations_it_says_how_to_begin(settings: Path, due: Typed) -> None:
    settings.write_text(f"[filers.{FILER}]\nname = 'Sở Xây dựng'\n", encoding="utf-8")
    ended = due()
    assert ended.code == 0
    assert 'govgateway filer add MST --obligation "01/PH monthly"' in ended.out
    assert "  01/LP monthly        Lệ phí, khai theo tháng\n" in ended.out
    assert due("--filer", FILER).out == ended.out


def test_one_filer_of_several(settings: Path, due: Typed) -> None:
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f"{text}[filers.9900000023]\nobligations = ['01/LP monthly']\nsince = '2026-11-01'\n", "utf-8")
    assert due("--filer", "9900000023").out.startswith("9900000023 [MÔ PHỎNG]\n")
    assert FILER not in due("--filer", "9900000023").out
    assert FILER in due().out
    assert "Không có tờ khai nào tới hạn 30/11/2026." in due("--filer", "9900000023", "--until", "30/11/2026").out
    assert due("--filer", "9900000030").code == 2


def test_a_day_that_is_none_is_refused(due: Typed) -> None:
    ended = due("--until", "31/11/2026")
    assert ended.code == 2
    assert "--until" in ended.err


def test_a_day_too_far_ahead_is_refused(due: Typed) -> None:
    assert due("--until", "25/11/2036").code == 1
    ended = due("--until", "31/12/9999")
    assert ended.code == 2
    assert "31/12/9999" in ended.err
