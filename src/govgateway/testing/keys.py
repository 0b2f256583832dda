"""The demonstration keys, made once for all the processes of a test run."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import mkdtemp

from govgateway.testing.clocks import MovingClock
from govgateway.testing.simulators import installed, start

DEPARTMENT = "9900000016"
"""The tax code of the invented department that files; every simulator knows it, and there is a key for it."""

PASSWORD = "demo"  # noqa: S105  # of every demonstration key; known to everybody, on purpose


def make_keys(folder: Path) -> Path:
    """``folder`` with the keys of every simulator that is installed: ``trust.pem``, ``<tax code>.p12`` and more.

    They are made beside it and put in its place whole: of several processes that need them at once the first one's are
    used by all.
    """
    if not folder.exists():
        unfinished = Path(mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))
        for each in installed():
            start(each.name, unfinished, clock=MovingClock()).stop()
        try:
            unfinished.rename(folder)
        except OSError:
            if not folder.exists():
                raise
            shutil.rmtree(unfinished)
    return folder


def key_of(tax_code: str, keys: Path) -> Path:
    """The file with the key of a demonstration taxpayer."""
    return keys / f"{tax_code}.p12"
