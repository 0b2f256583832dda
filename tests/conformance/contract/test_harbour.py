"""The example's package, installed beside the built wheel in an empty environment, proves itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from installed import Installed, built
from samples import ROOT


@pytest.mark.slow
def test_the_connector_of_a_third_party_passes_in_an_environment_of_its_own(tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__")
    package = Path(shutil.copytree(ROOT / "examples" / "harbour", tmp_path / "harbour", ignore=ignored))
    installed = Installed(tmp_path / "venv")
    installed.python("-m", "pip", "install", "--quiet", f"{built(tmp_path / 'wheel')}[testing]", "hatchling")
    installed.python("-m", "pip", "install", "--quiet", "--no-build-isolation", str(package))
    said = installed.python("-m", "pytest", "-q", "-W", "error", cwd=package)
    assert " failed" not in said
    assert "connector contract of harbour" in said
    assert "proven      not sent and acknowledged and unknown are told apart (" in said
    assert "BROKEN" not in said
