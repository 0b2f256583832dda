"""The built wheel, not the editable install: everything is in it, and it works where nothing else is."""

from __future__ import annotations

import sysconfig
import zipfile
from pathlib import Path

import pytest

from installed import Installed, built
from samples import ROOT

PACKAGES = {
    "govgateway": ROOT / "src",
    "govgateway_etax": ROOT / "connectors",
    "govgateway_mocks": ROOT / "mocks",
    "govgateway_schemas": ROOT / "schemas",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_every_file_of_every_package(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for package, home in PACKAGES.items():
        for path in (home / package).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                assert path.relative_to(home).as_posix() in names


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    roots = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {each for each in roots if not each.endswith(".dist-info")} == set(PACKAGES)


def test_the_installed_wheel_checks_with_its_own_schemas(wheel: Path, tmp_path: Path) -> None:
    installed = Installed(tmp_path / "venv")
    installed.python("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel))
    # The libraries are those of this environment; its editable install is not, for .pth files are read one level deep.
    library = Path(installed.python("-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    (library / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    where = installed.python("-c", "import govgateway, govgateway_schemas as s; print(govgateway.__file__, s.__file__)")
    assert str(ROOT) not in where
    _expect_working(installed)


@pytest.mark.slow
def test_the_wheel_works_with_its_base_dependencies_alone(wheel: Path, tmp_path: Path) -> None:
    installed = Installed(tmp_path / "venv")
    installed.python("-m", "pip", "install", "--quiet", str(wheel))
    _expect_working(installed)
    listed = installed.govgateway("--help")
    assert listed.returncode == 0
    assert "mocks" in listed.stdout
    refused = installed.govgateway("mocks", "serve")
    assert refused.returncode == 5
    assert "pip install 'govgateway[simulators]'" in refused.stderr


def _expect_working(installed: Installed) -> None:
    assert installed.govgateway("--version").stdout.startswith("govgateway ")
    good = installed.govgateway("check", str(ROOT / "examples/01PH-2026-10.xml"))
    assert (good.returncode, good.stderr) == (0, "")
    assert "không có lỗi" in good.stdout
    wrong = installed.govgateway("check", str(ROOT / "examples/01PH-2026-10-wrong.xml"), "--lang", "en")
    assert wrong.returncode == 1
    assert "ETAX-879-R06" in wrong.stdout
    assert installed.govgateway("config", "set", "language", "vi").returncode == 0
    listed = installed.govgateway("status", "--json")
    assert (listed.returncode, listed.stdout.strip()) == (0, '{\n  "filings": []\n}')
