"""The promise about sending: not sent, acknowledged and unknown are told apart, whatever happens."""

from __future__ import annotations

from govgateway.testing.clocks import START
from govgateway.testing.contract.bench import Against, Bench
from govgateway.testing.contract.cases import Effect, can_strike
from govgateway.testing.contract.desk import Desk
from govgateway.testing.contract.sweeps import Sends
from govgateway.testing.contract.verdicts import expect_nothing_wrong, of_send, of_wish

_NOT_PLAYED = {Effect.NOT_CONNECTED}


class Submitting(Bench):
    """A send ends in one of three ways, and the connector says which."""

    def test_what_arrives_is_acknowledged_under_the_agencys_reference(self, sends: Sends) -> None:
        seen = sends.faultless
        assert seen.truth.arrived == 1, f"the sample arrived {seen.truth.arrived} times, {seen.truth.strangers} others"
        expect_nothing_wrong([of_send(seen)], "Without a fault a filing is acknowledged.")
        assert seen.error is None, f"submit raised {seen.error!r}"

    def test_not_sent_and_acknowledged_and_unknown_are_told_apart(self, sends: Sends, against: Against) -> None:
        against(sends.seen)
        expect_nothing_wrong(
            map(of_send, sends.seen),
            "NOT_SENT is proven (Sent.started is False, 429, or the agency refused); ACKNOWLEDGED has the agency's "
            "reference; everything else is UNKNOWN.",
        )

    def test_every_fault_of_the_simulator_was_tried(self, desk: Desk, sends: Sends) -> None:
        """A sweep that misses a kind would prove less than it says."""
        tried = {each.case.kind for each in sends.seen}
        missing = {each.name for each in desk.kinds() if can_strike(each, sends.recorded.call)} - tried
        assert not missing, f"the simulator plays faults that were not tried: {', '.join(sorted(missing))}"
        # A closed door is a state, which strikes nothing.
        never = [each.case for each in sends.seen if not each.played and each.case.effect not in _NOT_PLAYED]
        assert not never, f"armed and never played: {', '.join(map(str, never))}"

    def test_too_many_requests_says_when_to_come_back(self, sends: Sends) -> None:
        cases = [each for each in sends.seen if each.case.effect is Effect.TOO_MANY and each.result is not None]
        assert cases, "the simulator does not answer 429"
        wishes = [of_wish(each.case, each.result.retry_at, START) for each in cases if each.result is not None]
        expect_nothing_wrong(wishes, "429 means not taken: the agency says when to come back, in seconds from now.")

    def test_what_went_over_the_wire_is_handed_back_as_evidence(self, sends: Sends) -> None:
        wrong = []
        for each in sends.seen:
            if each.result is not None:
                kept, answer = each.result.exchange, each.sends[-1].sent.answer if each.sends else None
                if kept is None:
                    wrong.append(f"{each.case}: no exchange is handed back")
                elif answer is not None and (kept.answer, kept.status) != (answer.body, answer.status):
                    wrong.append(f"{each.case}: the exchange holds another answer than the one that came")
        expect_nothing_wrong(wrong, "SubmitResult.exchange is what can be shown to the agency later.")
