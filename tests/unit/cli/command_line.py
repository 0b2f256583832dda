"""A command line for tests: types a command and gives back how it ended."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import samples
import simulated
from clocks import Clock
from govgateway.cli.run import run
from govgateway_mocks.etax.registry import TAXPAYERS


def key_file(tax_code: str = simulated.DEPARTMENT) -> Path:
    """The demonstration key of a taxpayer."""
    return simulated.pki().taxpayer(tax_code, TAXPAYERS[tax_code].name)


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class CommandLine:
    """Types a command. ``folder`` is where it is typed, ``clock`` what the gateway takes for the time."""

    folder: Path
    clock: Clock
    capture: pytest.CaptureFixture[str]

    def __call__(self, *words: str | Path) -> Ended:
        code = run([str(each) for each in words])
        written = self.capture.readouterr()
        return Ended(code, written.out, written.err)

    def declaration(self, name: str = "01PH.xml", *changes: tuple[str, str]) -> Path:
        """A file with the example declaration and ``changes`` in it."""
        path = self.folder / name
        path.write_bytes(samples.declaration(*changes).data)
        return path

    @property
    def settings(self) -> Path:
        return self.folder / "govgateway.toml"
