"""``govgateway mocks``: what a new user is told, and that mistakes end without a traceback."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import requests

from govgateway.cli.run import run
from govgateway.configuration import load
from govgateway.filing import Environment
from govgateway.signing.signer import FileSigner
from govgateway_mocks.console import instructions
from govgateway_mocks.console.running import started
from govgateway_mocks.etax.simulator import simulator
from govgateway_mocks.kinds import KINDS
from govgateway_mocks.scenarios import scenarios
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
        if threading.current_thread() is threading.main_thread():
            raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", interrupt)
    return run(["mocks", "serve", "--directory", str(folder), "--port", "0", *options])


def _commands(told: str) -> list[list[str]]:
    """The commands that were told, as a shell would read them, without their ``govgateway``."""
    return [shlex.split(line)[1:] for line in told.splitlines() if line.startswith("  govgateway ")]


def test_a_new_user_is_told_everything_that_filing_needs(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _serve(folder, monkeypatch) == 0
    told, wrong = capsys.readouterr()
    assert wrong == ""
    assert "MÔ PHỎNG · SIMULATION" in told
    for command in _commands(told):
        assert command[0] == "submit" or run(command) == 0
    configuration = load()
    endpoint = configuration.endpoint("etax", Environment.SIMULATOR)
    assert f"{endpoint.address}\n" in told
    assert endpoint.address.endswith("/ihtkk_van")
    assert (endpoint.username, endpoint.password.value) == ("tvan", "demo")
    assert endpoint.trust == folder / "trust.pem"
    key = configuration.filers[DEPARTMENT].key
    assert key is not None
    assert "mật khẩu khoá · keys       demo\n" in told
    assert FileSigner.read(key, "demo").certificate is not None


def test_a_new_user_is_told_where_a_document_to_file_comes_from(folder: Path, tmp_path: Path) -> None:
    with started({"etax": simulator}, folder) as running:
        told = instructions.lines(running)
        (curl,) = [shlex.split(each) for each in told if each.startswith("  curl ")]
        (submit,) = [each for each in _commands("\n".join(told)) if each[0] == "submit"]
        document = tmp_path / curl[2]
        document.write_bytes(requests.get(curl[3], timeout=5).content)
    assert submit[1] == document.name
    assert run(["check", str(document)]) == 0


def test_over_tls_the_roots_to_trust_are_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _serve(folder, monkeypatch, "--tls") == 0
    settings = {command[2]: command[3] for command in _commands(capsys.readouterr().out) if command[0] == "config"}
    assert settings["etax.simulator.address"].startswith("https://127.0.0.1:")
    assert Path(settings["etax.simulator.ca_file"]).read_bytes().startswith(b"-----BEGIN CERTIFICATE-----")


def test_nothing_is_left_running(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = threading.enumerate()
    assert _serve(folder, monkeypatch, "--scenario", "month-end") == 0
    assert threading.enumerate() == before


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGINT for a child elsewhere")
def test_ctrl_c_stops_it_cleanly(folder: Path) -> None:
    command = [sys.executable, "-m", "govgateway", "mocks", "serve", "--port", "0", "--directory", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = []
        while not lines or "Ctrl-C" not in lines[-1]:
            lines.append(process.stdout.readline())
            assert lines[-1], lines
        for name in ("console", "pages"):
            address = next(line.split()[-1] for line in lines if name in line)
            assert requests.get(address, timeout=5).status_code == 200
        process.send_signal(signal.SIGINT)
        told, wrong = process.communicate(timeout=10)
    assert (process.returncode, told, wrong) == (0, "Đã dừng · Stopped\n", "")


@pytest.mark.parametrize("number", [0, 1], ids=["the console's", "an agency's"])
def test_a_port_that_is_taken_is_told_by_its_number_in_both_languages(
    number: int, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = threading.enumerate()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        base = str(port - number)
        assert _serve(folder, monkeypatch, "--port", base) == 2
        assert f"Lỗi GG-001: Không dùng được cổng {port}." in capsys.readouterr().err
        monkeypatch.setenv("GOVGATEWAY_LANGUAGE", "en")
        assert _serve(folder, monkeypatch, "--port", base) == 2
        assert f"Error GG-001: The port {port} cannot be used." in capsys.readouterr().err
    assert threading.enumerate() == before


def test_only_what_is_asked_for_is_started(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _serve(folder, monkeypatch, "--only", " etax, ") == 0
    assert capsys.readouterr().out.count("services") == 1
    assert _serve(folder, monkeypatch, "--only", "etax,none") == 2
    assert "Không có bộ mô phỏng 'none'." in capsys.readouterr().err


def test_an_unknown_scenario_is_told_with_those_that_are_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _serve(folder, monkeypatch, "--scenario", "none") == 2
    assert "month-end" in capsys.readouterr().err


def test_a_damaged_key_is_told_by_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "office.pem").write_bytes(b"damaged")
    assert _serve(folder, monkeypatch) == 5
    wrong = capsys.readouterr().err
    assert "Bộ khoá mô phỏng không dùng được: tệp bị hỏng." in wrong
    assert str(folder / "office.pem") in wrong


@pytest.mark.parametrize("option", [("--port", "-1"), ("--port", "70000"), ("--receipt-delay", "-1")])
def test_an_impossible_option_is_a_wrong_command(
    option: tuple[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _serve(folder, monkeypatch, *option) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_keys_are_written_out_without_a_server(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mocks", "pki", str(folder)]) == 0
    told = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("    ")]
    assert {str(folder / name) for name in ("9900000016.p12", "trust.pem", "README.md")} <= set(told)
    assert all(Path(each).exists() for each in told)


def test_every_fault_is_listed_with_its_parameters(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mocks", "faults"]) == 0
    told = capsys.readouterr().out
    assert "  reset (wire) at=answer|accept|request bytes=0 of=answer|head|body\n" in told
    assert "  late-acceptance (agency) seconds=7200\n" in told
    assert all(f"      {kind.meaning.vi}\n      {kind.meaning.en}\n" in told for kind in KINDS.values())


def test_faults_are_listed_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mocks", "faults", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    found = {each["name"]: each for each in told["faults"]}
    assert {name for name, each in found.items() if each["agency"] is None} == set(KINDS)
    assert (found["late"]["agency"], found["late"]["parameters"]) == ("etax", {"seconds": 86400})
    assert told["conditions"][0] == "nth"


def test_every_scenario_is_listed_with_its_story(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mocks", "scenarios"]) == 0
    told = capsys.readouterr().out
    assert run(["mocks", "scenarios", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["scenarios"]
    assert [each["name"] for each in listed] == list(scenarios())
    assert all(each["story"][language] in told for each in listed for language in ("vi", "en"))


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


def test_scenarios_need_no_server(folder: Path) -> None:
    assert _without("uvicorn", "mocks", "scenarios").returncode == 0


def test_loading_the_commands_loads_nothing_heavy() -> None:
    heavy = {"starlette", "uvicorn", "xmlsec", "jinja2", "lxml", "cryptography", "asyncio"}
    code = f"import sys, govgateway_mocks.commands; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
