"""Every page, file and heading that the documentation points at is there."""

from __future__ import annotations

import re

import pytest

from samples import ROOT
from unit.docs.pages import Page, all_pages

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_TREES = ("src/", "connectors/", "mocks/", "schemas/", "tests/", "docs/", "examples/", "requirements/", "benchmarks/")
_MACHINES = re.compile(r"(?<![\w.])/(?:home|root|tmp|work|Users|opt|var)/|[A-Z]:\\")


@pytest.mark.parametrize("page", all_pages(), ids=lambda page: page.name)
def test_every_relative_link_leads_somewhere(page: Page) -> None:
    for target in _LINK.findall(page.prose):
        if target.startswith(("http://", "https://")):
            continue
        path, _, anchor = target.partition("#")
        found = (ROOT / page.name).parent / path if path else ROOT / page.name
        assert found.exists(), target
        if anchor:
            assert anchor in _anchors(Page(found.resolve().relative_to(ROOT).as_posix())), target


def _anchors(page: Page) -> set[str]:
    """Headings as the forge makes anchors of them."""
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in page.headings())
    return set(plain)


@pytest.mark.parametrize("page", all_pages(), ids=lambda page: page.name)
def test_every_file_that_is_named_is_there(page: Page) -> None:
    named = [each for each in page.spans() if each.startswith(_TREES) and "<" not in each]
    missing = [each for each in named if not (ROOT / each.partition(" ")[0]).exists()]
    assert not missing


@pytest.mark.parametrize("page", all_pages(), ids=lambda page: page.name)
def test_no_page_names_a_path_of_somebodys_machine(page: Page) -> None:
    assert not _MACHINES.search(page.text)


def test_the_index_lists_every_page() -> None:
    index = set(_LINK.findall(Page("docs/README.md").text))
    pages = {page.name.removeprefix("docs/") for page in all_pages() if page.name.startswith("docs/")}
    assert index == pages - {"README.md"}
