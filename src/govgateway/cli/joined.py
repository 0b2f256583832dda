"""Commands that other packages bring (entry-point group ``govgateway.commands``). A package that cannot be loaded
spoils its own command only, and that one says what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import typer
from typer.main import get_command

from govgateway.errors import ConfigurationError, Text

_ANYTHING = {"ignore_unknown_options": True, "allow_extra_args": True}
_EXTRA = re.compile(r"""^([\w.-]+).*extra\s*==\s*["']([\w.-]+)["']""")


def names() -> set[str]:
    """The commands that the installed packages bring."""
    return {entry.name for entry in _entries()}


def command(name: str) -> Any:
    """The command ``name``; None when no package brings it. One that cannot be loaded says so when it is run."""
    for entry in _entries():
        if entry.name == name:
            try:
                return get_command(entry.load())
            except Exception as error:  # whatever a stranger's module raises while it is loaded
                return _unavailable(entry, error)
    return None


def _entries() -> Iterable[EntryPoint]:
    return entry_points(group="govgateway.commands")


def _unavailable(entry: EntryPoint, error: Exception) -> Any:
    stub = typer.Typer(add_completion=False)

    @stub.command(entry.name, help="(chưa dùng được · not available)", context_settings=_ANYTHING)
    def tell() -> None:
        raise _missing(entry, error)

    return get_command(stub)


def _missing(entry: EntryPoint, error: Exception) -> ConfigurationError:
    missing = getattr(error, "name", None) or ""
    target = _distribution_for(entry, missing.partition(".")[0])
    why = (
        (f"thiếu '{missing}'", f"'{missing}' is missing")
        if missing
        else ("gói không nạp được", "its package does not load")
    )
    return ConfigurationError(
        Text(f"Lệnh '{entry.name}' chưa dùng được: {why[0]}.", f"The command '{entry.name}' cannot be used: {why[1]}."),
        Text(f'Cài đặt: pip install "{target}"', f'Install it: pip install "{target}"'),
        where=entry.value,
    )


def _distribution_for(entry: EntryPoint, module: str) -> str:
    """What to install: the entry's distribution, with the extra that brings ``module`` where one does."""
    if entry.dist is None:
        return module or entry.module
    for requirement in entry.dist.requires or ():
        named = _EXTRA.match(requirement)
        if named and named[1].replace("-", "_").lower() == module.lower():
            return f"{entry.dist.name}[{named[2]}]"
    return entry.dist.name
