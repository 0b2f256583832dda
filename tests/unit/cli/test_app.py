"""The command tree: every command is there, and a package that cannot be loaded spoils its own command only."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.metadata import EntryPoint

import pytest

from govgateway.cli import joined
from govgateway.cli.app import _OWN
from unit.cli.command_line import CommandLine


class _Distribution:
    name = "stranger"
    requires = ("requests>=2.32", 'python-weather>=1; extra == "forecast"')


def _entry(name: str, value: str) -> EntryPoint:
    entry = EntryPoint(name, value, "govgateway.commands")
    vars(entry).update(dist=_Distribution())
    return entry


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def install(*entries: EntryPoint) -> None:
        monkeypatch.setattr(joined, "entry_points", lambda group: entries)

    return install


def test_help_lists_every_command_in_both_languages(govgateway: CommandLine) -> None:
    ended = govgateway("--help")
    assert ended.code == 0
    assert all(f"\n  {name} " in ended.out for name in [*_OWN, "mocks", "demo"])
    assert "Cách dùng · Usage: govgateway" in ended.out
    assert "Lệnh · Commands:" in ended.out
    assert "130  bị ngắt" in ended.out


@pytest.mark.parametrize("command", ["submit", "filer add", "mocks serve", "config set"])
def test_help_of_a_command_has_no_heading_of_the_library_alone(govgateway: CommandLine, command: str) -> None:
    ended = govgateway(*command.split(), "--help")
    assert ended.code == 0
    assert "Show this message and exit." not in ended.out
    assert not [line for line in ended.out.splitlines() if line in {"Options:", "Arguments:", "Commands:"}]


def test_without_a_command_the_help_is_shown_and_it_is_a_wrong_use(govgateway: CommandLine) -> None:
    for words in ((), ("filer",), ("config",)):
        ended = govgateway(*words)
        assert ended.code == 2
        assert "Cách dùng · Usage:" in ended.err
        assert not ended.out


def test_a_package_that_cannot_be_loaded_does_not_break_the_others(
    govgateway: CommandLine, installed: Callable[..., None]
) -> None:
    installed(_entry("weather", "no_such_module_at_all:app"), _entry("oracle", "govgateway.errors:no_such_name"))
    listed = govgateway("--help")
    assert listed.code == 0
    assert re.search(r"\n  weather +\(chưa dùng được · not available\)\n", listed.out)
    assert govgateway("config", "path").code == 0


def test_its_own_command_names_what_is_missing(govgateway: CommandLine, installed: Callable[..., None]) -> None:
    installed(_entry("weather", "no_such_module_at_all:app"))
    ended = govgateway("weather", "today", "--warm")
    assert ended.code == 5
    assert "Lệnh 'weather' chưa dùng được: thiếu 'no_such_module_at_all'." in ended.err
    assert 'pip install "stranger"' in ended.err
    english = govgateway("weather", "--lang", "en")
    assert "The command 'weather' cannot be used: 'no_such_module_at_all' is missing." in english.err


def test_the_extra_that_brings_the_missing_module_is_named(
    govgateway: CommandLine, installed: Callable[..., None]
) -> None:
    installed(_entry("weather", "python_weather.commands:app"))
    assert 'pip install "stranger[forecast]"' in govgateway("weather").err


def test_an_own_command_is_never_replaced_by_a_package(govgateway: CommandLine, installed: Callable[..., None]) -> None:
    installed(_entry("config", "no_such_module_at_all:app"))
    assert govgateway("config", "path").out == f"{govgateway.settings}\n"
    assert govgateway("--help").out.count("\n  config ") == 1
