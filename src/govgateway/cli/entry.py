"""Where the command ``govgateway`` starts: the version at once, everything else through ``run``."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line with the arguments of the process and leave with its exit code (docs/cli.md)."""
    if sys.argv[1:] in (["--version"], ["-V"]) and _told_version():
        return
    gc.set_threshold(50_000)  # what a start loads is no garbage: looking through it again and again takes longer
    from govgateway.cli.run import run

    code = run(sys.argv[1:])
    gc.freeze()  # the process ends and all memory with it: a last search for garbage costs a tenth of a check
    sys.exit(code)


def _told_version() -> bool:
    """Print the version; False when it cannot be written, which ``run`` tells as of any command."""
    from govgateway import __version__

    try:
        print(f"govgateway {__version__}", flush=True)
    except OSError:
        return False
    return True
