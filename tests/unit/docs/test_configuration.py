"""docs/configuration.md lists every setting and every environment variable, and no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from govgateway.configuration import ENDPOINT_SETTINGS, FILER_SETTINGS, PREFIX, SETTINGS, Setting, load
from samples import ROOT
from unit.docs.pages import Page, all_pages, rows

PAGE = Page("docs/configuration.md")
_VARIABLE = re.compile(rf"{PREFIX}[A-Z_]+[A-Z]|{PREFIX}<[A-Z_<>]+>")


@pytest.mark.parametrize(
    ("heading", "settings"),
    [
        ("General settings", SETTINGS),
        ("`[<agency>.<environment>]`: how an agency is reached", ENDPOINT_SETTINGS),
        ("`[filers.<tax code>]`: who files", FILER_SETTINGS),
    ],
)
def test_every_setting_is_described(heading: str, settings: tuple[Setting, ...]) -> None:
    described = [row[0].strip("`") for row in rows(PAGE.section(heading))]
    own = {"operation", "outages"}  # the tax office's connector's, in a table of its own
    assert [each for each in described if each not in own] == [setting.name for setting in settings]


def _read_by_the_code() -> Iterator[str]:
    for tree in ("src", "connectors", "mocks", "benchmarks"):
        for path in (ROOT / tree).rglob("*.py"):
            text = path.read_text(encoding="utf-8").replace("{PREFIX}", PREFIX)
            yield from _VARIABLE.findall(text)
    yield from _VARIABLE.findall((ROOT / "tests" / "programs.py").read_text(encoding="utf-8"))
    yield from (PREFIX + setting.name.upper() for setting in SETTINGS)


def test_every_environment_variable_is_described() -> None:
    written = {each for page in all_pages() for each in _VARIABLE.findall(page.text)}
    patterns = {each for each in _read_by_the_code() if "_ETAX_" not in each and "<" not in each}
    assert patterns <= written


def test_no_environment_variable_is_described_that_does_nothing() -> None:
    known = set(_read_by_the_code()) | {f"{PREFIX}<AGENCY>_<ENVIRONMENT>_<SETTING>"}
    endpoints = {f"{PREFIX}ETAX_PRODUCTION_{setting.name.upper()}" for setting in ENDPOINT_SETTINGS}
    for page in all_pages():
        assert set(_VARIABLE.findall(page.text)) <= known | endpoints, page.name


def test_the_example_is_a_configuration(tmp_path: Path) -> None:
    (block,) = PAGE.blocks("toml")
    path = tmp_path / "govgateway.toml"
    path.write_text(block, encoding="utf-8")
    configuration = load(path, {})
    assert configuration.filers["9900000016"].key == tmp_path / "9900000016.p12"
    assert [agency for agency, _ in configuration.endpoints] == ["etax"]
