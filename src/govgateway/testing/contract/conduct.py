"""Promises about what a connector does beside answering, judged by everything that was seen of it."""

from __future__ import annotations

import traceback
from base64 import b64encode
from collections.abc import Collection, Iterator
from typing import Any

from govgateway.connector import SubmitResult
from govgateway.testing.contract.bench import Bench
from govgateway.testing.contract.desk import CANARY, Desk, Observation
from govgateway.testing.contract.sweeps import Sends
from govgateway.testing.contract.verdicts import expect_nothing_wrong, naive_times

Seen = Collection[Observation[Any]]


class Conduct(Bench):
    """It does one thing once, by the route alone, and leaves nothing behind."""

    def test_nothing_is_raised_for_what_the_wire_or_the_agency_does(self, observed: Seen) -> None:
        wrong = (f"{each.case}: {each.error!r} was raised" for each in observed if each.error)
        expect_nothing_wrong(wrong, "submit, find and poll answer; what goes wrong is part of the answer.")

    def test_one_submit_is_one_request(self, sends: Sends) -> None:
        wrong = (
            f"{each.case}: sent {len(each.sends)} times. Truth: {each.truth}."
            for each in (sends.faultless, *sends.seen)
            if len(each.sends) > 1 or each.truth.arrived > 1
        )
        expect_nothing_wrong(
            wrong, "A connector never tries again: the pipeline decides, when it knows what became of it."
        )

    def test_no_redirect_is_followed(self, sends: Sends) -> None:
        addresses = {send.request.url for send in sends.faultless.sends}
        redirected = [each for each in sends.seen if each.case.kind == "redirect"]
        wrong = []
        for each in redirected:
            wrong += [f"{each.case}: {send.request.url}" for send in each.sends if send.request.url not in addresses]
        expect_nothing_wrong(wrong, "A redirect would carry document and password to wherever it says.")

    def test_the_document_arrives_as_it_is(self, sends: Sends) -> None:
        wrong = (
            f"{each.case}: {each.truth.strangers} documents of other bytes arrived"
            for each in (sends.faultless, *sends.seen)
            if each.truth.strangers
        )
        expect_nothing_wrong(wrong, "The bytes that a connector gets are the bytes that it sends: they are signed.")

    def test_it_never_sleeps(self, observed: Seen) -> None:
        wrong = (f"{each.case}: slept {sum(each.conduct.slept)} s" for each in observed if each.conduct.slept)
        expect_nothing_wrong(wrong, "A connector never waits: it answers, and the pipeline comes back.")

    def test_it_touches_nothing_but_the_route(self, observed: Seen) -> None:
        wrong = (f"{each.case}: {what}" for each in observed for what in each.conduct.touched)
        expect_nothing_wrong(
            wrong, "No ledger, no database, no file written, no process, no socket but by the route's transport."
        )

    def test_it_leaves_no_thread_behind(self, observed: Seen) -> None:
        wrong = (f"{each.case}: {', '.join(each.conduct.threads)}" for each in observed if each.conduct.threads)
        expect_nothing_wrong(wrong, "When a call has returned nothing of it runs on.")

    def test_a_send_keeps_within_its_deadline(self, sends: Sends) -> None:
        promised = self.connector.capabilities.send_deadline
        wrong = (
            f"{each.case}: sent with a deadline of {send.deadline}, promised are {promised}"
            for each in sends.seen
            for send in each.sends
            if send.deadline > promised
        )
        expect_nothing_wrong(wrong, "capabilities.send_deadline is how long a filing may be held by one send.")

    def test_the_password_is_shown_nowhere(self, desk: Desk, observed: Seen) -> None:
        assert desk.password() == CANARY, "the simulator was not started with the ``password`` that ``start`` is given"
        places = {(str(each.case), place) for each in observed for place in _showing(each)}
        wrong = (f"{case}: in {place}" for case, place in sorted(places))
        expect_nothing_wrong(wrong, "A password is a Secret; the request that is kept has it cut out.")

    def test_every_time_has_a_zone(self, observed: Seen) -> None:
        wrong = (f"{each.case}: {told}" for each in observed for told in naive_times(each.result, "result"))
        expect_nothing_wrong(wrong, "Times are aware: agencies speak GMT+7, and machines stand anywhere.")


def _showing(seen: Observation[Any]) -> Iterator[str]:
    """The places in which the password stands, plain or as Basic authentication writes it."""
    places = {"logs or output": seen.conduct.said, "the answer's repr": repr(seen.result)}
    if seen.error is not None:
        places["the error"] = "".join(traceback.format_exception(seen.error)) + repr(vars(seen.error))
    if isinstance(seen.result, SubmitResult) and seen.result.exchange is not None:
        kept = seen.result.exchange
        places["the request kept as evidence"] = kept.request.decode("latin-1")
        places["the answer kept as evidence"] = kept.answer.decode("latin-1")
    yield from (place for place, text in places.items() if any(each in text for each in _WRITTEN))


def _base64(shift: int) -> str:
    """What of the password's base64 is the same, ``shift`` bytes after a multiple of three, whatever stands around."""
    whole = b64encode(b"\0" * shift + CANARY.encode()).decode()
    return whole[4:-4]


_WRITTEN = (CANARY, *(_base64(shift) for shift in range(3)))
