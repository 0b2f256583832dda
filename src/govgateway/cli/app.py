"""The command tree. Commands of connectors and simulators join it by the entry-point group ``govgateway.commands``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import Abort, TyperException
from typer.main import get_command, get_group

from govgateway.cli import joined
from govgateway.cli.exits import EXIT_CODES, INTERRUPTED, USAGE
from govgateway.cli.reading import in_both_languages
from govgateway.cli.usage import is_help, usage_error

_OWN = {
    "template": "govgateway.cli.spreadsheets",
    "build": "govgateway.cli.spreadsheets",
    "check": "govgateway.cli.documents",
    "sign": "govgateway.cli.documents",
    "verify": "govgateway.cli.documents",
    "view": "govgateway.cli.viewing",
    "submit": "govgateway.cli.filings",
    "status": "govgateway.cli.filings",
    "worker": "govgateway.cli.filings",
    "correct": "govgateway.cli.filings",
    "cancel": "govgateway.cli.filings",
    "receipts": "govgateway.cli.filings",
    "export": "govgateway.cli.handcarried",
    "import-answer": "govgateway.cli.handcarried",
    "forms": "govgateway.cli.forms",
    "filer": "govgateway.cli.settings",
    "config": "govgateway.cli.settings",
    "trust": "govgateway.cli.trust",
}
"""Which module defines a command: only the one that is asked for is loaded."""


class Commands(TyperGroup):
    """Loads a command when it is asked for, our own by the table above, others by their entry point."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Our own commands in the order of work, then those of the packages installed."""
        return [*_OWN, *sorted(joined.names() - _OWN.keys())]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command ``cmd_name``; None when there is none."""
        if cmd_name in _OWN:
            own = get_group(import_module(_OWN[cmd_name]).app)
            return in_both_languages(own.get_command(ctx, cmd_name))
        command = joined.command(cmd_name)
        return in_both_languages(command) if command is not None else None


app = typer.Typer(
    cls=Commands,
    name="govgateway",
    help=(
        "Nộp hồ sơ điện tử tới cơ quan nhà nước: kiểm tra, ký, nộp đúng một lần, theo dõi tới kết quả.\n\n"
        "Files documents with e-government services: checked, signed, sent exactly once, followed to the verdict."
    ),
    epilog="\b\nMã thoát · Exit codes:\n"
    + "\n".join(f"  {code:<4} {said.vi} · {said.en}" for code, said in EXIT_CODES.items()),
    context_settings={"max_content_width": 120, "help_option_names": ["--help", "-h"]},
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


def execute(arguments: Sequence[str]) -> int:
    """Run the command that ``arguments`` name; its exit code. Raises UsageError for a line that it cannot read."""
    tree = in_both_languages(get_command(app))
    try:
        result = tree.main(args=list(arguments), prog_name="govgateway", standalone_mode=False)
    except Abort:
        return INTERRUPTED
    except TyperException as error:
        if not is_help(error):
            raise usage_error(error) from None
        print(error.format_message(), file=sys.stderr)
        return USAGE
    return result if isinstance(result, int) else 0
