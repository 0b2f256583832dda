"""The promise about look-ups: found, absent and cannot tell are told apart, for a wrong ABSENT files twice."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from govgateway.connector import FindResult, Found
from govgateway.testing.clocks import START
from govgateway.testing.contract.bench import Against, Bench
from govgateway.testing.contract.cases import Case
from govgateway.testing.contract.desk import SOON, Desk, Observation
from govgateway.testing.contract.sweeps import LOST, STOPPED, Lookups, Sends, filed
from govgateway.testing.contract.verdicts import expect_nothing_wrong, of_lookup

VIETNAM = timezone(timedelta(hours=7))
BEFORE_MIDNIGHT = datetime(2026, 11, 16, 23, 59, 50, tzinfo=VIETNAM)

_TURNS = {
    "lost": (LOST, timedelta(0), Found.FOUND),
    "lost on the next day": (LOST, timedelta(seconds=20), Found.FOUND),
    "never": (STOPPED, timedelta(0), Found.ABSENT),
}
"""What becomes of a send, how long it was on its way, and what a look-up after midnight finds."""


class Finding(Bench):
    """After a lost answer the connector asks the agency, and says what it was told."""

    @pytest.fixture
    def finder(self, desk: Desk) -> Desk:
        """The desk, for a connector that says that it can look up."""
        if not self.connector.capabilities.can_find:
            pytest.skip("capabilities.can_find is False")
        return desk

    def test_who_cannot_look_up_says_so(self, desk: Desk) -> None:
        if self.connector.capabilities.can_find:
            pytest.skip("capabilities.can_find is True")
        desk.begin()
        filed(desk, desk.samples.document)
        self._expect(desk, START, Found.CANNOT_TELL)

    def test_what_arrived_is_found_although_its_answer_was_lost(self, finder: Desk, sends: Sends) -> None:
        self._lose(finder, sends, LOST, START)
        finder.clock.now += SOON
        self._expect(finder, START, Found.FOUND)

    def test_what_never_arrived_is_absent(self, finder: Desk, sends: Sends) -> None:
        self._lose(finder, sends, STOPPED, START)
        finder.clock.now += self.connector.capabilities.quiet_period + SOON
        self._expect(finder, START, Found.ABSENT)

    def test_a_look_up_that_fails_cannot_tell(self, finder: Desk, lookups: Lookups, against: Against) -> None:
        against(lookups.seen)
        expect_nothing_wrong(
            (of_lookup(each, signed=self.lookups_are_signed) for each in lookups.seen),
            "ABSENT and FOUND are what the agency said, whole and believable; everything else is CANNOT_TELL.",
        )

    def test_of_two_that_fit_it_cannot_be_told_which(self, finder: Desk) -> None:
        finder.begin()
        finder.simulator.agency.check_duplicates = False
        one = filed(finder, finder.samples.document)
        finder.clock.now += SOON
        two = filed(finder, finder.samples.document)
        if one == two:
            pytest.skip("the agency gives the same document the same reference")
        self._expect(finder, START, Found.CANNOT_TELL)
        seen = finder.find(finder.samples.document, START, known=[one])
        told = (seen.result.found, seen.result.reference) if seen.result else seen.error
        assert told == (Found.FOUND, two), f"{one} belongs to another filing, so it is {two}; find said {told}"

    @pytest.mark.parametrize("how", _TURNS)
    def test_the_day_may_turn_meanwhile(self, finder: Desk, sends: Sends, how: str) -> None:
        case, on_its_way, expected = _TURNS[how]
        self._lose(finder, sends, case, BEFORE_MIDNIGHT + on_its_way)
        finder.clock.now += timedelta(seconds=20)
        self._expect(finder, BEFORE_MIDNIGHT, expected)

    def _lose(self, desk: Desk, sends: Sends, case: Case, at: datetime) -> None:
        desk.begin(at)
        desk.submit(desk.samples.document, case, case.on(sends.recorded.call))

    def _expect(self, desk: Desk, first_sent: datetime, expected: Found) -> None:
        seen = desk.find(desk.samples.document, first_sent)
        assert getattr(seen.result, "found", None) is expected, _told(seen, expected)
        if expected is Found.FOUND:
            expect_nothing_wrong([of_lookup(seen, signed=False)], "What the agency took is FOUND, by its reference.")


def _told(seen: Observation[FindResult], expected: Found) -> str:
    return f"find must say {expected}; it said {seen.result or seen.error!r}. Truth: {seen.truth}."
