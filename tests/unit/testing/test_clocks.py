from __future__ import annotations

from datetime import timedelta

from govgateway.testing import START, MovingClock


def test_the_clock_stands_still_until_it_is_moved() -> None:
    clock = MovingClock()
    assert clock() == clock() == clock.now == START
    assert clock.advance(hours=2, minutes=1) == clock() == START + timedelta(hours=2, minutes=1)


def test_who_sleeps_by_the_clock_moves_it() -> None:
    clock = MovingClock(START - timedelta(days=1))
    clock.sleep(86400)
    assert clock() == START


def test_tests_begin_at_a_moment_with_a_time_zone() -> None:
    assert START.utcoffset() == timedelta(0)
