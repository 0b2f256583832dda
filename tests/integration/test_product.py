"""The test suite of an outside product passes: with this checkout, and with the built wheel in an empty environment."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from installed import Installed, built
from samples import ROOT

PYTEST = ("-m", "pytest", "-q", "-W", "error")


@pytest.fixture
def product(tmp_path: Path) -> Path:
    """A copy of the product far from this checkout."""
    ignored = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(ROOT / "examples" / "product", tmp_path / "product", ignore=ignored))


def passed(said: str, product: Path) -> bool:
    """Whether every test of ``product`` passed, by the last line of pytest."""
    tests = len(re.findall(r"^def test_", (product / "tests" / "test_month_end.py").read_text(encoding="utf-8"), re.M))
    return tests > 5 and said.strip().splitlines()[-1].startswith(f"{tests} passed in ")


def test_the_suite_of_an_outside_product_passes(product: Path) -> None:
    done = subprocess.run([sys.executable, *PYTEST], cwd=product, capture_output=True, text=True, check=False)
    assert passed(done.stdout, product), done.stdout + done.stderr


def test_a_product_that_forgets_a_filing_fails_its_suite(product: Path) -> None:
    """It sends, and does not look at what became of it."""
    module = product / "src" / "brightbooks" / "month_end.py"
    text = module.read_text(encoding="utf-8")
    forgetful = text.replace("self._gateway.wait(line.filing.id, timeout=self._patience)", "line.filing")
    assert forgetful != text
    module.write_text(forgetful, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, *PYTEST, "-k", "outage"], cwd=product, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip().splitlines()[-1].startswith("1 failed, "), done.stdout + done.stderr


@pytest.mark.slow
def test_the_suite_of_an_outside_product_passes_with_the_wheel_in_an_empty_environment(
    product: Path, tmp_path: Path
) -> None:
    installed = Installed(tmp_path / "venv")
    installed.python("-m", "pip", "install", "--quiet", f"{built(tmp_path / 'wheel')}[testing]")
    where = installed.python("-c", "import govgateway.testing as it; print(it.__file__)", cwd=product)
    assert Path(where.strip()).is_relative_to(installed.folder)
    assert passed(installed.python(*PYTEST, cwd=product), product)
