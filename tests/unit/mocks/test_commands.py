"""``govgateway mocks``: what a new user is told, and that mistakes end without a traceback."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from govgateway.cli.run import run
from govgateway.configuration import load
from govgateway.filing import Environment
from govgateway.signing.signer import FileSigner
from simulated import DEPARTMENT, office, pki


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of demonstration keys, and a configuration of its own."""
    monkeypatch.setenv("GOVGATEWAY_CONFIG", str(tmp_path / "govgateway.toml"))
    office()  # every key is made
    return Path(shutil.copytree(pki().folder, tmp_path / "demonstration keys"))


def _serve(folder: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> int:
    """Start ``mocks serve`` and press Ctrl-C once it waits."""

    def interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", interrupt)
    return run(["mocks", "serve", "--directory", str(folder), *options])


def test_a_new_user_is_told_everything_that_filing_needs(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _serve(folder, monkeypatch, "--port", "0") == 0
    told, wrong = capsys.readouterr()
    assert wrong == ""
    assert "MÔ PHỎNG · SIMULATOR" in told
    commands = [shlex.split(line)[1:] for line in told.splitlines() if line.startswith("  govgateway ")]
    for command in commands:
        assert command[0] == "submit" or run(command) == 0
    configuration = load()
    endpoint = configuration.endpoint("etax", Environment.SIMULATOR)
    assert f"{endpoint.address}\n" in told
    assert endpoint.address.endswith("/ihtkk_van")
    assert (endpoint.username, endpoint.password.value) == ("tvan", "demo")
    assert endpoint.trust == folder / "trust.pem"
    key = configuration.filers[DEPARTMENT].key
    assert key is not None
    assert "mật khẩu khoá · keys   demo\n" in told
    assert FileSigner.read(key, "demo").certificate is not None


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGINT for a child elsewhere")
def test_ctrl_c_stops_it_cleanly(folder: Path) -> None:
    command = [sys.executable, "-m", "govgateway", "mocks", "serve", "--port", "0", "--directory", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = []
        while not lines or "Ctrl-C" not in lines[-1]:
            lines.append(process.stdout.readline())
            assert lines[-1], lines
        page = next(line.split()[-1] for line in lines if "pages" in line)
        assert requests.get(page, timeout=5).status_code == 200
        process.send_signal(signal.SIGINT)
        told, wrong = process.communicate(timeout=10)
    assert (process.returncode, told, wrong) == (0, "Đã dừng · Stopped\n", "")


def test_a_port_that_is_taken_is_told_in_both_languages(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert _serve(folder, monkeypatch, "--port", port) == 2
        assert f"Lỗi GG-001: Không dùng được cổng {port}." in capsys.readouterr().err
        monkeypatch.setenv("GOVGATEWAY_LANGUAGE", "en")
        assert _serve(folder, monkeypatch, "--port", port) == 2
        assert f"Error GG-001: The port {port} cannot be used." in capsys.readouterr().err


def test_a_damaged_key_is_told_by_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "office.pem").write_bytes(b"damaged")
    assert _serve(folder, monkeypatch, "--port", "0") == 5
    wrong = capsys.readouterr().err
    assert "Bộ khoá mô phỏng không dùng được: tệp bị hỏng." in wrong
    assert str(folder / "office.pem") in wrong


@pytest.mark.parametrize("option", [("--port", "-1"), ("--port", "70000"), ("--receipt-delay", "-1")])
def test_an_impossible_option_is_a_wrong_command(
    option: tuple[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _serve(folder, monkeypatch, *option) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_keys_are_made_without_a_server(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mocks", "pki", str(folder)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told == [str(folder / name) for name in ("9900000016.p12", "9900000023.p12", "trust.pem")]


def _without(package: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line where ``package`` is not installed."""
    hide = f"import sys; sys.modules[{package!r}] = None; from govgateway.cli.run import run; "
    command = [sys.executable, "-c", hide + f"sys.exit(run({list(arguments)!r}))"]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def test_the_help_needs_no_extra(folder: Path) -> None:
    done = _without("xmlsec", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "mocks" in done.stdout


@pytest.mark.parametrize("package", ["starlette", "uvicorn", "xmlsec", "jinja2"])
def test_a_missing_extra_is_told_with_the_line_that_installs_it(package: str, folder: Path) -> None:
    done = _without(package, "mocks", "serve", "--port", "0", "--directory", str(folder))
    assert done.returncode == 5
    assert f"Chưa cài đặt bộ mô phỏng (thiếu {package})." in done.stderr
    assert "pip install 'govgateway[simulators]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_loading_the_commands_loads_nothing_heavy() -> None:
    heavy = {"starlette", "uvicorn", "xmlsec", "jinja2", "lxml", "cryptography", "asyncio"}
    code = f"import sys, govgateway_mocks.commands; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
