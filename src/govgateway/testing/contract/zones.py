"""The promise about time zones: agencies speak GMT+7, wherever the machine stands."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

import pytest

from govgateway.connector import Environment, Receipt
from govgateway.testing.contract.bench import Bench
from govgateway.testing.contract.desk import SOON, Desk
from govgateway.testing.contract.sweeps import filed, messages_of
from govgateway.testing.contract.verdicts import expect_nothing_wrong, naive_times

ZONES = ("UTC", "Asia/Ho_Chi_Minh", "America/Los_Angeles")

_VIETNAM = timezone(timedelta(hours=7))
_MOMENTS = (datetime(2026, 11, 16, 23, 59, 55, tzinfo=_VIETNAM), datetime(2026, 11, 17, 0, 0, 5, tzinfo=_VIETNAM))


class Zones(Bench):
    """The same is said under every zone of the machine, also when the day turns in Viet Nam."""

    @pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system has no time.tzset")
    @pytest.mark.parametrize("begin", _MOMENTS, ids=["before midnight", "after midnight"])
    def test_the_machines_time_zone_changes_nothing(self, desk: Desk, begin: datetime) -> None:
        told = {}
        for zone in ZONES:
            with _zone(zone):
                told[zone] = list(self._life(desk, begin))
        wrong = [
            f"{zone}: {here!r}, under {ZONES[0]} {there!r}"
            for zone in ZONES[1:]
            for here, there in zip(told[zone], told[ZONES[0]], strict=True)
            if here != there
        ]
        expect_nothing_wrong(wrong, "What a connector says does not depend on TZ.")

    def test_what_is_read_has_a_zone(self, desk: Desk) -> None:
        wrong = [each for part in self._life(desk, _MOMENTS[0]) for each in naive_times(part, type(part).__name__)]
        expect_nothing_wrong(wrong, "Times in a receipt are aware.")

    def _life(self, desk: Desk, begin: datetime) -> Iterator[object]:
        """A filing, looked up and followed to its verdict; references and names aside."""
        desk.begin(begin)
        document = desk.samples.document
        found = desk.recognition(document)
        yield self.connector.business_key(found, Environment.SIMULATOR)
        yield self.connector.export_name(found, begin)
        reference = filed(desk, document)
        desk.clock.now += SOON
        yield getattr(desk.find(document, begin).result, "found", None)
        desk.settle()
        for message in messages_of(desk.poll(reference)):
            yield _timely(self.connector.read_message(message.data, desk.trust(), desk.clock()))


def _timely(receipt: Receipt) -> tuple[object, ...]:
    """What of a receipt may depend on time zones."""
    dated = (receipt.issued_at, receipt.legal_filing_date, receipt.arrived_at)
    return (receipt.code, receipt.leads_to, *dated, receipt.subjects)


@contextmanager
def _zone(name: str) -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = name
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()
