"""docs/cli.md and the command tree say the same: commands, arguments, options, exit codes, examples."""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from govgateway import errors
from govgateway.cli.app import app
from govgateway.cli.exits import EXIT_CODES
from unit.docs.pages import Page, all_pages, commands, rows, spans_of

CLI = Page("docs/cli.md")


@cache
def tree() -> dict[str, Any]:
    """Every command that does something, by its words after ``govgateway``."""
    found: dict[str, Any] = {}

    def walk(command: Any, words: tuple[str, ...]) -> None:
        if not hasattr(command, "list_commands"):
            found[" ".join(words)] = command
            return
        for name in command.list_commands(None):
            walk(command.get_command(None, name), (*words, name))

    walk(get_command(app), ())
    return found


def _sections() -> dict[str, str]:
    headings = [each for each in CLI.headings() if each.startswith("`govgateway ")]
    return {heading.strip("`").removeprefix("govgateway "): heading for heading in headings}


def _usage(name: str) -> str:
    """A command with its arguments, as its heading has it."""
    arguments = [each for each in tree()[name].params if each.param_type_name == "argument"]
    return " ".join([name, *(each.metavar for each in arguments)])


def test_every_command_has_its_heading_with_its_arguments() -> None:
    assert set(_sections()) == {_usage(name) for name in tree()}


def test_every_option_is_described_where_its_command_is() -> None:
    for name, command in tree().items():
        options = {opt for each in command.params if each.param_type_name == "option" for opt in each.opts}
        section = CLI.section(_sections()[_usage(name)])
        assert {each for each in spans_of(section) if each.startswith("-")} == options, name


def test_every_default_is_told() -> None:
    for name, command in tree().items():
        section = CLI.section(_sections()[_usage(name)])
        defaults = [each.default for each in command.params if each.default not in (None, False, "", Path())]
        assert all(str(each) in section for each in defaults), (name, defaults)


def test_the_options_of_the_root_are_described() -> None:
    options = {opt for each in get_command(app).params for opt in each.opts}
    intro = CLI.section("Command line")
    assert options <= {word for each in spans_of(intro) for word in each.split()}


def test_shared_options_mean_the_same_everywhere() -> None:
    shared = {row[0].strip("`") for row in rows(CLI.section("Options that many commands share"))}
    used = [opt for command in tree().values() for each in command.params for opt in each.opts]
    assert all(used.count(option) > 1 for option in shared)


def test_every_exit_code_is_described_and_no_other() -> None:
    used = {each.exit_code for each in vars(errors).values() if isinstance(each, type) and hasattr(each, "exit_code")}
    assert used <= set(EXIT_CODES)
    assert [int(row[0]) for row in rows(CLI.section("Exit codes"))] == list(EXIT_CODES)


@pytest.mark.parametrize(("page", "line"), list(commands()))
def test_every_example_is_a_command_that_can_be_understood(page: str, line: str) -> None:
    name, arguments = _split(shlex.split(line)[1:])
    assert tree()[name].make_context(name, arguments).command is tree()[name]


def _split(words: list[str]) -> tuple[str, list[str]]:
    for length in (2, 1):
        if " ".join(words[:length]) in tree():
            return " ".join(words[:length]), words[length:]
    raise AssertionError(f"no such command: {words}")


def test_every_command_that_a_text_names_is_there() -> None:
    known = set(tree()) | {name.split()[0] for name in tree()} | {"--help", "--version"}
    for page in all_pages():
        for span in page.spans():
            words = re.match(r"govgateway ((?:--)?[a-z][a-z-]*)", span)
            assert words is None or words[1] in known, (page.name, span)
