"""The package as somebody has it who installed the built wheel, not as this checkout has it."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

from samples import ROOT


def built(folder: Path) -> Path:
    """The wheel, built into ``folder``."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = folder.glob("*.whl")
    return wheel


class Installed:
    """An empty virtual environment in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        venv.create(folder, with_pip=True)
        self.scripts = folder / ("Scripts" if os.name == "nt" else "bin")

    def python(self, *arguments: str, cwd: Path | None = None) -> str:
        """What its Python prints, run in ``cwd``; with what it printed as an error when it fails."""
        command = [str(self.scripts / "python"), *arguments]
        done = subprocess.run(command, cwd=cwd, check=False, capture_output=True, text=True, encoding="utf-8")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def govgateway(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the installed script far from the source, with settings of its own."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GOVGATEWAY_")}
        settings = {"GOVGATEWAY_CONFIG": str(self.folder / "govgateway.toml")}
        command = [str(self.scripts / "govgateway"), *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=kept | settings, check=False, capture_output=True, text=True, encoding="utf-8"
        )
