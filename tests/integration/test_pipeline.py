"""From a declaration to the verdict, over the wire, with the simulated tax office: its clock is the gateway's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import simulated
from clocks import Clock
from desks import gateway, key, of_month
from govgateway import DuplicateFiling, Filing, Gateway, Outcome, Status, TransitionRefused, read_xml
from govgateway_etax.connector import ETax
from govgateway_mocks.etax.simulator import SimulatedTaxOffice
from govgateway_mocks.server import RunningSimulator
from samples import declaration
from wires import LossyWire


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def simulator(clock: Clock) -> Iterator[SimulatedTaxOffice]:
    with RunningSimulator(simulated.office(clock), "127.0.0.1", 0) as running:  # type: ignore[arg-type]
        yield running


@pytest.fixture
def desk(tmp_path: Path, clock: Clock, simulator: SimulatedTaxOffice) -> Iterator[Gateway]:
    with gateway(tmp_path, clock, simulator.service_address) as opened:
        yield opened


def statuses(desk: Gateway, filing: Filing) -> list[Status]:
    """The statuses that ``filing`` has passed, each once."""
    return list(dict.fromkeys(each.status for each in desk.history(filing.id).events))


def arrivals(simulator: SimulatedTaxOffice) -> list[int]:
    """How often each declaration arrived, by obligation and bytes."""
    return sorted(simulator.agency.arrivals.values())


def step(desk: Gateway, clock: Clock, filing: Filing) -> Filing:
    """``filing`` after its next step, the clock moved to when that is due."""
    clock.now = max(clock.now, desk.filing(filing.id).due_at or clock.now)
    return desk.advance(filing.id)


def test_a_declaration_is_accepted_and_every_notice_is_kept(desk: Gateway, simulator: SimulatedTaxOffice) -> None:
    filing = desk.wait(desk.submit(declaration(), key()).id)
    assert (filing.status, filing.attention.vi, filing.due_at) == (Status.ACCEPTED, "", None)
    assert statuses(desk, filing)[2:] == ["READY", "SUBMITTING", "SUBMITTED", "RECEIVED", "ACCEPTED"]
    history = desk.history(filing.id)
    assert {each.code for each in history.receipts} == {"843", "844"}
    assert history.attempts[0].reference == filing.reference == simulator.agency.transactions[0].code
    verdict = next(each for each in history.receipts if each.code == "844")
    assert verdict.payables
    assert verdict.legal_filing_date is not None
    assert arrivals(simulator) == [1]
    assert desk._ledger.chain_holds(filing.id)


def test_what_arrives_is_exactly_what_was_signed(desk: Gateway, simulator: SimulatedTaxOffice) -> None:
    signed = simulated.filed()
    filing = desk.wait(desk.submit(read_xml(signed)).id)
    assert filing.status is Status.ACCEPTED
    assert [digest for _, digest in simulator.agency.arrivals] == [filing.document_sha256]
    assert desk._ledger.blob(filing.document_sha256) == signed


def test_a_filer_that_is_not_registered_is_refused_at_receipt(desk: Gateway) -> None:
    document = declaration(("9900000016", simulated.UNREGISTERED))
    filing = desk.wait(desk.submit(document, key(simulated.UNREGISTERED)).id)
    assert statuses(desk, filing)[-2:] == ["SUBMITTED", "REJECTED"]
    (receipt,) = desk.history(filing.id).receipts
    assert receipt.code == "843"
    assert receipt.reasons[0].message


def test_a_declaration_refused_at_acceptance_is_corrected_and_accepted(
    desk: Gateway, simulator: SimulatedTaxOffice, clock: Clock, tmp_path: Path
) -> None:
    filing = desk.wait(desk.submit(of_month(12), key()).id)
    assert statuses(desk, filing)[-2:] == ["RECEIVED", "REJECTED"]
    correction = desk.correct(filing.id, tmp_path)
    assert correction.reasons[0].label.vi == "Kỳ tính thuế"
    clock.move(days=20)  # the period has begun by now
    text = correction.path.read_bytes().replace("Trần Thị Mẫu".encode(), "Lê Văn Mẫu".encode(), 1)
    corrected = desk.submit(read_xml(text), key())
    assert corrected.id == correction.filing.id
    assert desk.wait(corrected.id).status is Status.ACCEPTED
    assert desk.filing(filing.id).status is Status.REJECTED
    assert arrivals(simulator) == [1, 1]


def test_what_the_office_cannot_read_is_refused_with_notice_213(desk: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("govgateway_mocks.etax.schema.misfit", lambda *_: "/HSoThueDTu/HSoKhaiThue")
    filing = desk.wait(desk.submit(declaration(), key()).id)
    assert filing.status is Status.REJECTED
    (receipt,) = desk.history(filing.id).receipts
    assert receipt.code == "213"
    assert "XSD" in receipt.reasons[0].message


def test_the_same_again_is_the_same_filing_and_other_content_never_leaves(
    desk: Gateway, simulator: SimulatedTaxOffice
) -> None:
    filing = desk.wait(desk.submit(declaration(), key()).id)
    assert desk.submit(declaration(), key()) == filing
    with pytest.raises(DuplicateFiling):
        desk.submit(declaration(("Trần Thị Mẫu", "Lê Văn Mẫu")), key())
    desk.work(until_idle=True)
    assert arrivals(simulator) == [1]


def test_an_obligation_that_was_fulfilled_another_way_is_refused_as_a_duplicate(
    desk: Gateway, simulator: SimulatedTaxOffice
) -> None:
    simulator.agency.take(simulated.filed())
    filing = desk.wait(desk.submit(declaration(), key()).id)
    assert filing.status is Status.REJECTED
    assert desk.history(filing.id).receipts[-1].reasons


def test_an_office_that_is_down_gets_it_once_it_is_up(tmp_path: Path, clock: Clock) -> None:
    down = RunningSimulator(simulated.office(clock), "127.0.0.1", 0)  # type: ignore[arg-type]
    down.stop()
    with gateway(tmp_path, clock, down.service_address) as desk:
        filing = desk.submit(declaration(), key())
        for _ in range(3):
            filing = step(desk, clock, filing)
        assert filing.status is Status.READY
        assert [each.outcome for each in desk.history(filing.id).attempts] == [Outcome.NOT_SENT] * 3
        port = int(down.address.rpartition(":")[2])
        with RunningSimulator(simulated.office(clock), "127.0.0.1", port) as up:  # type: ignore[arg-type]
            assert desk.wait(filing.id).status is Status.ACCEPTED
            assert arrivals(up) == [1]


def test_a_lost_answer_is_looked_up_and_found(tmp_path: Path, clock: Clock, simulator: SimulatedTaxOffice) -> None:
    with (
        LossyWire(simulator.service_address) as wire,
        gateway(tmp_path, clock, wire.address) as desk,
    ):
        wire.losing = True
        filing = desk.advance(desk.submit(declaration(), key()).id)
        assert (filing.status, filing.reference) == (Status.IN_DOUBT, "")
        assert (wire.lost, arrivals(simulator)) == (1, [1])
        clock.move(minutes=1)
        assert desk.advance(filing.id).status is Status.IN_DOUBT, "the look-up's answer is lost, too"
        wire.losing = False
        filing = desk.wait(filing.id)
        assert filing.status is Status.ACCEPTED
        assert filing.reference == simulator.agency.transactions[0].code
        assert statuses(desk, filing)[3:] == ["SUBMITTING", "IN_DOUBT", "SUBMITTED", "RECEIVED", "ACCEPTED"]
        assert [each.outcome for each in desk.history(filing.id).attempts] == [Outcome.UNKNOWN]
    assert arrivals(simulator) == [1]


def test_what_never_arrived_is_sent_again_after_the_quiet_period(
    tmp_path: Path, clock: Clock, simulator: SimulatedTaxOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = clock()
    with LossyWire(simulator.service_address) as wire, gateway(tmp_path, clock, wire.address) as desk:
        wire.losing = True
        with monkeypatch.context() as deaf:
            deaf.setattr(type(simulator.agency), "take", lambda *_: "")
            filing = desk.advance(desk.submit(declaration(), key()).id)
        wire.losing = False
        assert (filing.status, arrivals(simulator)) == (Status.IN_DOUBT, [])
        while filing.due_at is not None:
            filing = step(desk, clock, filing)
    assert filing.status is Status.ACCEPTED
    assert [each.outcome for each in desk.history(filing.id).attempts] == [Outcome.UNKNOWN, Outcome.ACKNOWLEDGED]
    assert clock() - began > ETax.capabilities.quiet_period
    assert arrivals(simulator) == [1]


def test_a_declaration_that_was_taken_later_than_the_quiet_period_is_not_taken_for_refused(
    tmp_path: Path, clock: Clock, simulator: SimulatedTaxOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first send is taken in so late that it was sent again: the office refuses the second as a duplicate."""
    late: list[bytes] = []
    take = type(simulator.agency).take
    with LossyWire(simulator.service_address) as wire, gateway(tmp_path, clock, wire.address) as desk:
        wire.losing = True
        with monkeypatch.context() as slow:
            slow.setattr(type(simulator.agency), "take", lambda office, data, *_: late.append(data) or "")
            filing = desk.advance(desk.submit(declaration(), key()).id)
        wire.losing = False
        while filing.status is Status.IN_DOUBT:
            filing = step(desk, clock, filing)
        assert filing.status is Status.READY
        take(simulator.agency, late[0])
        filing = desk.wait(filing.id)
        assert (filing.status, filing.due_at) == (Status.NEEDS_ATTENTION, None)
        assert "hai lần" in filing.attention.vi
        with pytest.raises(TransitionRefused):
            desk.cancel(filing.id, "đổi ý", never_uploaded=True)
        assert arrivals(simulator) == [2]
        first = simulator.agency.transactions[0].code
        notices = {each.code: each.data for each in simulator.agency.notices() if each.transaction == first}
        filing = desk.import_answer(read_xml(notices["844"]))
        assert filing.status is Status.ACCEPTED


def test_many_filings_of_one_account_are_carried_to_their_verdicts_by_one_worker(
    desk: Gateway, clock: Clock, simulator: SimulatedTaxOffice
) -> None:
    filings = [desk.submit(of_month(month), key()) for month in (8, 9, 10, 12)]
    for _ in range(200):
        desk.work(until_idle=True)
        due_at = desk._ledger.due()
        if due_at is None:
            break
        clock.now = max(clock.now, due_at)
    assert [desk.filing(each.id).status for each in filings] == ["ACCEPTED", "ACCEPTED", "ACCEPTED", "REJECTED"]
    assert arrivals(simulator) == [1, 1, 1, 1]
