"""What the author of a connector provides, and the fixtures that all promises share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest

from govgateway.connector import Connector
from govgateway.testing import simulators
from govgateway.testing.clocks import MovingClock
from govgateway.testing.contract import sheet
from govgateway.testing.contract.desk import CANARY, Desk, Observation
from govgateway.testing.contract.samples import Samples
from govgateway.testing.contract.sweeps import Lookups, Polls, Sends, looking, polling, sending
from govgateway.testing.simulators import StartedSimulator

Against = Callable[[Collection[Observation[Any]]], None]


class Bench:
    """See ConnectorContract."""

    connector: ClassVar[Connector]
    settled_after: ClassVar[timedelta] = timedelta(hours=1)
    lookups_are_signed: ClassVar[bool] = True
    every_byte: ClassVar[bool] = False

    @classmethod
    def samples(cls) -> Samples:
        """Documents of the connector's agency, not signed."""
        raise NotImplementedError

    @classmethod
    def start(cls, keys: Path, clock: MovingClock, **options: Any) -> StartedSimulator:
        """A new simulator of the agency, empty, with ``options`` (``password``, ``tls``) as ``serve`` takes them."""
        return simulators.start(cls.connector.agency, keys, clock=clock, **options)

    @pytest.fixture(scope="class")
    @classmethod
    def desk(cls, demonstration_keys: Path) -> Iterator[Desk]:
        """The connector at its simulator."""
        clock = MovingClock()
        with ExitStack() as stack:
            plain = cls.start(demonstration_keys, clock, password=CANARY, tls=False)
            stack.callback(plain.stop)
            secure = cls.start(demonstration_keys, clock, password=CANARY, tls=True)
            stack.callback(secure.stop)
            samples = cls.samples().signed(cls.connector, demonstration_keys)
            yield Desk(cls.connector, plain, secure, clock, samples, cls.settled_after, cls.every_byte)

    @pytest.fixture(scope="class")
    @classmethod
    def sends(cls, desk: Desk) -> Sends:
        """What was seen of sending under every case."""
        return sending(desk)

    @pytest.fixture(scope="class")
    @classmethod
    def lookups(cls, desk: Desk) -> Lookups:
        """What was seen of looking up under every case."""
        return looking(desk)

    @pytest.fixture(scope="class")
    @classmethod
    def polls(cls, desk: Desk) -> Polls:
        """What was seen of polling under every case."""
        return polling(desk)

    @pytest.fixture(scope="class")
    @classmethod
    def observed(cls, sends: Sends, lookups: Lookups, polls: Polls) -> Collection[Observation[Any]]:
        """Everything that was seen."""
        faultless: tuple[Observation[Any], ...] = (sends.faultless, lookups.faultless, polls.faultless)
        return (*faultless, *sends.seen, *lookups.seen, *polls.seen, *polls.again)

    @pytest.fixture(autouse=True)
    def _on_the_sheet(self, request: pytest.FixtureRequest) -> None:
        claimed = self.connector.capabilities
        look_up = f"look-up, quiet period {claimed.quiet_period}" if claimed.can_find else "no look-up"
        told = f"{'payments' if claimed.payment else 'no payments'}; {look_up}; send deadline {claimed.send_deadline}"
        sheet.claims(request.node, self.connector.agency, told)
        sheet.promise(request.node, request.node.name.removeprefix("test_").replace("_", " "))

    @pytest.fixture
    def against(self, request: pytest.FixtureRequest) -> Against:
        """Notes on the sheet what the promise was proven against."""
        return lambda seen: sheet.against(request.node, [each.case.kind for each in seen], len(seen))
