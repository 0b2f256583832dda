"""How long a command takes from nothing, against a bare interpreter."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.measure import Measurement, side_by_side

EXAMPLE = Path(__file__).parent.parent / "examples" / "01PH-2026-10.xml"
_SCRIPT = str(Path(sysconfig.get_path("scripts")) / "govgateway")


def measure() -> Iterator[Measurement]:
    """``--version`` against an empty program; ``check`` of a 5 KB file against importing the XML library."""
    with tempfile.TemporaryDirectory() as folder:
        run = _runner(Path(folder))
        yield side_by_side(
            "govgateway --version",
            lambda: run(_SCRIPT, "--version"),
            "python -c pass",
            lambda: run(sys.executable, "-c", "pass"),
            target=3,
            rounds=25,
        )
        yield side_by_side(
            f"govgateway check ({len(EXAMPLE.read_bytes()) / 1000:.1f} KB)",
            lambda: run(_SCRIPT, "check", str(EXAMPLE)),
            'python -c "import lxml.etree"',
            lambda: run(sys.executable, "-c", "import lxml.etree"),
            target=4,
            rounds=25,
        )


def _runner(folder: Path) -> Callable[..., None]:
    settings = {**os.environ, "GOVGATEWAY_CONFIG": str(folder / "govgateway.toml")}

    def run(*command: str) -> None:
        subprocess.run(command, check=True, env=settings, stdout=subprocess.DEVNULL)

    return run
