"""The promise about polls: asking changes nothing, and every message comes through, in whatever order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest

from govgateway.connector import Status
from govgateway.errors import GovGatewayError
from govgateway.testing.clocks import START
from govgateway.testing.contract.bench import Against, Bench
from govgateway.testing.contract.desk import Desk
from govgateway.testing.contract.sweeps import Polls, filed, messages_of
from govgateway.testing.contract.verdicts import expect_nothing_wrong, of_next_poll, of_poll, of_wish

UNTIDY = ("duplicated", "reordered", "late")
"""What kinds of an agency's faults are called by which the right messages come in the wrong way."""

_LATE = timedelta(days=2)


class Polling(Bench):
    """What the agency has to say is fetched, all of it, as often as one asks."""

    def test_the_verdict_comes_by_polling(self, desk: Desk, polls: Polls) -> None:
        desk.begin()
        assert polls.faultless.error is None, f"poll raised {polls.faultless.error!r}"
        assert Status.ACCEPTED in self._verdicts(desk), "no message says that the sample was accepted"

    def test_asking_twice_gives_the_same(self, desk: Desk) -> None:
        desk.begin()
        reference = filed(desk, desk.samples.document)
        desk.settle()
        one, two = ({each.identifier: each for each in messages_of(desk.poll(reference))} for _ in range(2))
        assert one, "there are no messages"
        differ = [name for name in {**one, **two} if one.get(name) != two.get(name)]
        assert not differ, f"not the same when asked twice: {', '.join(differ)}"

    def test_every_message_has_a_name_of_its_own(self, polls: Polls) -> None:
        given = messages_of(polls.faultless)
        assert len(polls.messages) == len(given), f"two of one name: {[each.identifier for each in given]}"

    def test_what_was_seen_is_not_fetched_again(self, desk: Desk) -> None:
        desk.begin()
        reference = filed(desk, desk.samples.document)
        desk.settle()
        seen = {each.identifier for each in messages_of(desk.poll(reference))}
        again = [each.identifier for each in messages_of(desk.poll(reference, seen)) if each.identifier in seen]
        assert not again, f"in ``seen`` and fetched again: {', '.join(again)}"

    def test_a_disturbed_poll_gives_whole_messages_and_the_next_one_the_rest(
        self, polls: Polls, against: Against
    ) -> None:
        against(polls.seen)
        wrong = [each for seen in polls.seen for each in of_poll(seen, polls)]
        for before, after in zip(polls.seen, polls.again, strict=True):
            wrong += of_next_poll(before, after, polls)
        expect_nothing_wrong(wrong, "A message is handed on as the agency gave it, byte for byte, or not at all.")

    def test_too_many_polls_say_when_to_come_back(self, desk: Desk, polls: Polls) -> None:
        now = START + self.settled_after
        results = [(each.case, each.result) for each in polls.seen if each.result is not None]
        wishes = [of_wish(case, result.retry_at, now) for case, result in results]
        expect_nothing_wrong(wishes, "429 means later: the agency says when to ask again, in seconds from now.")

    @pytest.mark.parametrize("kind", UNTIDY)
    def test_messages_come_through_in_whatever_way(self, desk: Desk, kind: str) -> None:
        if kind not in {each.name for each in desk.kinds()}:
            pytest.skip(f"the simulator plays no {kind!r}")
        desk.begin()
        tidy = set(self._verdicts(desk))
        desk.begin()
        untidy = set(self._verdicts(desk, kind))
        assert untidy == tidy, f"{kind}: the messages lead to {sorted(untidy)}, without the fault to {sorted(tidy)}"

    def _verdicts(self, desk: Desk, kind: str = "") -> Iterator[Status]:
        """Where the messages about the sample lead, read as they come while time goes on."""
        with ExitStack() as stack:
            if kind:
                stack.enter_context(desk.simulator.fault(kind))
            document = desk.samples.document
            reference, seen = filed(desk, document), set[str]()
            for wait in (self.settled_after, _LATE):
                desk.clock.now += wait
                for message in messages_of(desk.poll(reference, seen)):
                    seen.add(message.identifier)
                    receipt = self._receipt(desk, message.data)
                    if receipt.leads_to and self.connector.matches(receipt, document, [reference]):
                        yield receipt.leads_to

    def _receipt(self, desk: Desk, data: bytes):  # type: ignore[no-untyped-def]
        try:
            return self.connector.read_message(data, desk.trust(), desk.clock())
        except GovGatewayError as error:
            pytest.fail(f"a message of the agency was refused: {error}", pytrace=False)
