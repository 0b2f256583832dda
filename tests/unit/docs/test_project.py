"""What the pages say of the project itself: the life of a filing, targets, extras, entry points."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

import govgateway
from govgateway.filing import FINAL, TRANSITIONS, Status
from samples import ROOT
from unit.docs.pages import Page, all_pages, rows, spans_of

README = Page("README.md")
ARCHITECTURE = Page("docs/architecture.md")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_table_of_statuses_is_the_table_of_transitions() -> None:
    described = {
        spans_of(status)[0]: set(spans_of(onward)) for status, _, onward in rows(ARCHITECTURE.section("Statuses"))
    }
    assert described == {str(status): set(map(str, onward)) for status, onward in TRANSITIONS.items()}


def test_the_picture_shows_every_status_and_only_allowed_transitions() -> None:
    (picture,) = README.blocks("mermaid")
    arrows = re.findall(r"^ *(\S+) --> ([A-Z_]+|\[\*\])", picture, re.M)
    inner = [(Status(one), Status(two)) for one, two in arrows if "[*]" not in (one, two)]
    assert all(two in TRANSITIONS[one] for one, two in inner)
    assert {each for arrow in inner for each in arrow} == set(Status)
    assert {one for one, two in arrows if two == "[*]"} == set(map(str, FINAL))


def test_every_target_is_described_and_no_other() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.search(r"^\.PHONY: (.*)$", makefile, re.M)[1].split())  # type: ignore[index]
    table = rows(Page("CONTRIBUTING.md").section("Set-up"))
    assert {spans_of(row[0])[0].removeprefix("make ") for row in table} == targets
    for page in all_pages():
        lines = [*page.spans(), *"".join(page.blocks("", "sh")).splitlines()]
        named = {each.split()[1] for each in lines if re.match(r"make [a-z]", each)}
        assert named <= targets, page.name


def test_every_extra_is_described_and_no_other(project: dict[str, Any]) -> None:
    described = {spans_of(row[0])[0] for row in rows(README.section("Install"))}
    assert described == {f"govgateway[{extra}]" for extra in project["optional-dependencies"]}


def test_every_entry_point_is_described_and_no_other(project: dict[str, Any]) -> None:
    described = {
        spans_of(row[0])[0]: set(spans_of(row[2]))
        for row in rows(ARCHITECTURE.section("The house"))
        if len(row) == 3 and spans_of(row[0])
    }
    assert described == {group: set(entries) for group, entries in project["entry-points"].items()}


def test_the_versions_agree(project: dict[str, Any]) -> None:
    assert project["version"] == govgateway.__version__
    assert f"becomes {govgateway.__version__}" in Page("CHANGELOG.md").text


def test_the_oldest_python_is_the_one_that_is_named(project: dict[str, Any]) -> None:
    oldest = project["requires-python"].removeprefix(">=")
    for name in ("README.md", "CONTRIBUTING.md", "docs/first-filing.md"):
        assert oldest in Page(name).prose
