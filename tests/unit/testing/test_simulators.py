"""Simulators are found by their entry point, started quickly, and stopped whole."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from govgateway import ConfigurationError
from govgateway.testing import (
    MovingClock,
    start,
)


def test_a_simulator_is_ready_at_once_after_the_first_and_leaves_no_thread(
    demonstration_keys: Path, gateway_clock: MovingClock
) -> None:
    before, took = threading.active_count(), []
    for _ in range(5):
        began = time.perf_counter()
        running = start("etax", demonstration_keys, clock=gateway_clock)
        took.append(time.perf_counter() - began)
        running.stop()
    assert min(took) < 0.05
    assert threading.active_count() == before


def test_a_simulator_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as missing:
        start("customs", tmp_path, clock=MovingClock())
    assert "customs" in missing.value.message.vi
    assert "etax" in missing.value.remedy.en
