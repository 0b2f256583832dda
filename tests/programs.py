"""System programs that some tests cross-check with: skipped where missing, a failure where they must be there."""

from __future__ import annotations

import os
import shutil

import pytest


def require_program(name: str, install: str) -> str:
    """The path of the program ``name``; skips the test with the line that installs it, fails in CI."""
    path = shutil.which(name)
    if path is None:
        message = f"{name} is not installed: {install}"
        if os.environ.get("GOVGATEWAY_NO_SKIPS") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return path
