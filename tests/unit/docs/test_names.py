"""docs/python.md and docs/connector.md list every public name, and no other."""

from __future__ import annotations

import inspect

import govgateway
import govgateway.connector
from govgateway import Gateway, Outcome
from govgateway.connector import Connector, Found
from unit.docs.pages import Page, rows, spans_of

PYTHON = Page("docs/python.md")
CONNECTOR = Page("docs/connector.md")


def _first_cells(text: str) -> list[str]:
    return [name for row in rows(text) for name in spans_of(row[0])]


def _members(kind: type) -> set[str]:
    annotated = set(inspect.get_annotations(kind))
    return {name for name in annotated | set(vars(kind)) if not name.startswith("_")}


def test_every_name_of_the_package_is_described_once() -> None:
    assert sorted(_first_cells(PYTHON.section("From Python"))) == sorted(govgateway.__all__)


def test_every_name_of_the_package_can_be_had() -> None:
    assert all(getattr(govgateway, name) is not None for name in govgateway.__all__)
    assert all(getattr(govgateway.connector, name) is not None for name in govgateway.connector.__all__)


def test_every_method_of_the_gateway_is_described() -> None:
    assert set(_first_cells(PYTHON.section("The methods of Gateway"))) == _members(Gateway)


def test_every_name_for_connectors_is_described_once() -> None:
    described = _first_cells(CONNECTOR.section("Everything that a connector may use"))
    assert sorted(described) == sorted(govgateway.connector.__all__)


def test_every_member_of_the_contract_is_described() -> None:
    assert set(_first_cells(CONNECTOR.section("The contract"))) == _members(Connector)


def test_every_outcome_and_answer_is_described() -> None:
    assert _first_cells(CONNECTOR.section("How a send ends")) == [*Outcome]
    assert _first_cells(CONNECTOR.section("What a look-up says")) == [*Found]
