"""The process itself: it starts at once, loads what the command needs and no more, and writes UTF-8 everywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from samples import EXAMPLE, WRONG

_SHOW_LOADED = (
    "import sys; from govgateway.cli.entry import main\n"
    "try: main()\n"
    "except SystemExit as ended: print(ended.code, file=sys.stderr)\n"
    "print(*sys.modules, file=sys.stderr)"
)


def _started(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GOVGATEWAY_")}
    settings = {"GOVGATEWAY_CONFIG": str(folder / "govgateway.toml")}
    return subprocess.run(words, env=kept | settings | environment, cwd=folder, capture_output=True, check=False)


def _loaded(folder: Path, *words: str) -> set[str]:
    done = _started(folder, sys.executable, "-c", _SHOW_LOADED, *words)
    assert done.returncode == 0, done.stderr.decode()
    return {name.partition(".")[0] for name in done.stderr.decode().split()}


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_version_loads_nothing(tmp_path: Path, option: str) -> None:
    assert not _loaded(tmp_path, option) & {"typer", "lxml", "rich", "pathlib", "dataclasses"}


def test_a_check_loads_neither_the_command_tree_nor_a_network_nor_a_ledger(tmp_path: Path) -> None:
    heavy = {"typer", "pydantic", "rich", "requests", "zeep", "sqlalchemy", "structlog", "signxml", "difflib"}
    assert not _loaded(tmp_path, "check", str(EXAMPLE)) & heavy


def test_vietnamese_comes_out_as_utf_8_on_a_console_with_another_code_page(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "govgateway", "check", str(WRONG), "none.xml"]
    done = _started(tmp_path, *command, PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
    assert done.returncode == 2
    assert "LỖI ETAX-879-R01" in done.stdout.decode("utf-8")
    assert "Lỗi GG-001: Không đọc được tệp none.xml: không tìm thấy." in done.stderr.decode("utf-8")


@pytest.mark.skipif(os.name == "nt", reason="Windows tells of a closed pipe in another way")
@pytest.mark.parametrize("words", [("--version",), ("check", WRONG, EXAMPLE), ("--help",), ("check", WRONG, "--json")])
def test_a_pipe_that_nobody_reads_any_more_ends_quietly(tmp_path: Path, words: tuple[str | Path, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        command = [sys.executable, "-m", "govgateway", *map(str, words)]
        done = subprocess.run(command, cwd=tmp_path, stdout=writing, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("words", [("--version",), ("check", EXAMPLE), ("check", EXAMPLE, "--json")])
def test_output_that_cannot_be_written_is_told_once(tmp_path: Path, words: tuple[str | Path, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "govgateway", *map(str, words)]
        done = subprocess.run(command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False)
    said = done.stderr.decode()
    assert done.returncode == 6
    assert said.startswith("Lỗi GG-003: ")
    assert said.count("hết dung lượng đĩa") == 1
    assert "Traceback" not in said
    assert "Exception" not in said


def test_json_stands_alone_on_stdout(tmp_path: Path) -> None:
    done = _started(tmp_path, sys.executable, "-m", "govgateway", "check", str(WRONG), "--json")
    assert done.stdout.startswith(b"{")
    assert done.stderr == b""
