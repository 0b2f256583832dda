"""docs/agencies/etax.md names every fault, every setting and what is asked of the past at the simulated tax office."""

from __future__ import annotations

from govgateway_mocks.etax import history, settings
from govgateway_mocks.etax.faults import FAULTS, UPLOAD
from samples import ROOT

PAGE = (ROOT / "docs" / "agencies" / "etax.md").read_text(encoding="utf-8")
SECTION = PAGE.split("\n## The simulator\n")[1].split("\n## ")[0]


def test_every_fault_and_every_setting_is_described() -> None:
    assert [each for each in (*FAULTS, *settings.NAMES, UPLOAD) if f"`{each}`" not in SECTION] == []


def test_what_is_asked_of_the_past_is_described_in_its_order() -> None:
    items = SECTION.split("it asks what it accepted before")[1].split("\n\n")[1]
    described = [line.split("`")[1] for line in items.splitlines() if line.startswith("- ")]
    assert described == [check.__name__ for check in history.HISTORY]
