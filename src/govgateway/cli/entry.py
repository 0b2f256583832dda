"""Where the command ``govgateway`` starts: the version at once, everything else through the command tree."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line with the arguments of the process and leave with its exit code (docs/cli.md)."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from govgateway import __version__

        print(f"govgateway {__version__}")
        return
    from govgateway.cli.run import run

    sys.exit(run(sys.argv[1:]))
