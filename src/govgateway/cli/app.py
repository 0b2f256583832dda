"""The command tree. Commands of connectors and simulators join it by the entry-point group ``govgateway.commands``."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

_OWN = {
    "check": "govgateway.cli.documents",
    "sign": "govgateway.cli.documents",
    "verify": "govgateway.cli.documents",
    "submit": "govgateway.cli.filings",
    "status": "govgateway.cli.filings",
    "worker": "govgateway.cli.filings",
    "correct": "govgateway.cli.filings",
    "cancel": "govgateway.cli.filings",
    "receipts": "govgateway.cli.filings",
    "export": "govgateway.cli.handcarried",
    "import-answer": "govgateway.cli.handcarried",
    "filer": "govgateway.cli.settings",
    "config": "govgateway.cli.settings",
}
"""Which module defines a command: only the one that is asked for is loaded."""


class Commands(TyperGroup):
    """Loads a command when it is asked for, our own by the table above, others by their entry point."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Our own commands in the order of work, then those of the packages installed."""
        return [*_OWN, *sorted(entry.name for entry in _entry_points())]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command ``cmd_name``; None when there is none."""
        if cmd_name in _OWN:
            own = get_group(import_module(_OWN[cmd_name]).app)
            return own.get_command(ctx, cmd_name)
        for entry in _entry_points():
            if entry.name == cmd_name:
                return get_command(entry.load())
        return None


def _entry_points() -> Any:
    from importlib.metadata import entry_points

    return entry_points(group="govgateway.commands")


app = typer.Typer(
    cls=Commands,
    name="govgateway",
    help=(
        "Nộp hồ sơ điện tử tới cơ quan nhà nước: kiểm tra, ký, nộp đúng một lần, theo dõi tới kết quả.\n\n"
        "Files documents with e-government services: checked, signed, sent exactly once, followed to the verdict."
    ),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def _root(
    version: bool = typer.Option(False, "--version", "-V", help="Phiên bản · Version", is_eager=True),
) -> None:
    if version:
        from govgateway import __version__

        print(f"govgateway {__version__}")
        raise typer.Exit
