"""A fault as it is filled in on the page."""

from __future__ import annotations

import pytest

from govgateway.errors import UsageError
from govgateway_mocks.console.fault_form import CONDITIONS, read
from govgateway_mocks.faults import CONDITIONS as ALL
from govgateway_mocks.faults import Fault
from govgateway_mocks.kinds import KINDS


def test_an_empty_form_is_a_fault_as_by_default() -> None:
    empty = {f"when.{name}": " " for name in ALL} | {"with.at": "", "on": ""}
    assert read({"do": "reset", **empty}, KINDS) == {"do": "reset", "on": "*", "when": {}, "with": {}}


def test_every_field_is_read_as_what_it_is() -> None:
    fields = {
        "do": "status", "on": " nhanHSoXML ", "with.code": "503", "with.processed": "true", "with.retry_after": "30",
        "when.nth": "1, 3", "when.every": "2", "when.probability": "0.5", "when.seed": "7", "when.key": "9900000016/*",
        "when.times": "4", "when.after": "1.5", "when.until": "60",
    }  # fmt: skip
    told = read(fields, KINDS)
    assert told["with"] == {"code": 503, "processed": True, "retry_after": 30}
    assert told["when"] == {
        "nth": [1, 3], "every": 2, "probability": 0.5, "seed": 7, "key": "9900000016/*", "times": 4, "after": 1.5,
        "until": 60.0,
    }  # fmt: skip
    assert Fault.of(told).told() == told | {"on": "nhanHSoXML"}


@pytest.mark.parametrize(
    ("name", "written"),
    [("when.nth", "1, x"), ("when.every", "1.5"), ("with.code", "a"), ("when.after", "soon"), ("when.until", "1_0 s")],
)
def test_what_is_no_number_is_told_with_the_field(name: str, written: str) -> None:
    with pytest.raises(UsageError) as refused:
        read({"do": "status", name: written}, KINDS)
    assert refused.value.where == name


def test_the_page_asks_for_every_condition() -> None:
    assert tuple(CONDITIONS) == ALL
