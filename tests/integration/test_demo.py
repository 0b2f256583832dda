"""``govgateway demo``, run as a person runs it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

import govgateway_etax.commands as demo


def _start(folder: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "govgateway", "demo", "--folder", str(folder), *options]
    new_group = {} if os.name == "nt" else {"start_new_session": True}
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", **new_group
    )


def _ledger(run: Path) -> dict[str, str]:
    """The status of each filing by its id, as the command line tells it."""
    settings = {**os.environ, "GOVGATEWAY_CONFIG": str(run / "govgateway.toml")}
    command = [sys.executable, "-m", "govgateway", "status", "--json"]
    told = subprocess.run(command, env=settings, check=True, capture_output=True)
    return {each["id"]: each["status"] for each in json.loads(told.stdout)["filings"]}


def test_the_demonstration_ends_with_what_was_accepted(tmp_path: Path) -> None:
    process = _start(tmp_path)
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0, output
    last = output.rstrip().splitlines()[-1]
    assert "ACCEPTED · ĐƯỢC CHẤP NHẬN (MÔ PHỎNG)" in last
    (run,) = (each for each in tmp_path.iterdir() if each.name != "keys")
    accepted = re.findall(r"\d{6}-\w{6}", last)
    assert len(accepted) == 2
    assert _ledger(run) == dict.fromkeys(accepted, "ACCEPTED")
    assert {each.name.rpartition("-")[2] for each in (run / "receipts").iterdir()} == {"843.xml", "844.xml"}
    assert [line[0] for line in output.splitlines() if re.match(r"\d\. ", line)] == list("1234567")
    for shown in ("ETAX-879-R06", "còn nguyên vẹn", "Khoản phải nộp", "9900000016-01_PH_TT80-M092026-L00.xml"):
        assert shown in output


@pytest.mark.skipif(os.name == "nt", reason="sends Ctrl-C to a process group")
def test_interrupting_it_leaves_nothing_running(tmp_path: Path) -> None:
    process = _start(tmp_path, "--lang", "en")
    assert process.stdout is not None
    portal = ""
    for line in process.stdout:
        found = re.search(r"(http://127\.0\.0\.1:\d+)/", line)
        portal = found[1] if found else portal
        if line.startswith("$ govgateway submit"):
            break
    time.sleep(0.3)
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in output
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(portal, timeout=5)


def test_two_runs_of_one_moment_have_folders_of_their_own(tmp_path: Path) -> None:
    folders = {demo._own_folder(tmp_path / "demo") for _ in range(3)}
    assert len(folders) == 3
    assert all(each.is_dir() for each in folders)


def test_a_step_that_fails_stops_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = demo.Stage(tmp_path, "vi", "http://127.0.0.1:9")
    with pytest.raises(demo.GovGatewayError, match=r"stopped at: check missing\.xml"):
        stage.types("check", "missing.xml")
