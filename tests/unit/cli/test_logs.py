"""What is logged goes to stderr, bears the run's id and the filing's, and holds no secret."""

from __future__ import annotations

import subprocess
import sys

import pytest
import structlog

from govgateway.cli import session
from govgateway.cli.logs import configure_logging
from govgateway.pipeline.gateway import Gateway
from unit.cli.command_line import CommandLine


def test_a_line_bears_run_filing_and_correlation_and_hides_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    session.begin()
    configure_logging()
    structlog.get_logger("govgateway").warning(
        "step failed", filing="261116-ABCDEF", correlation="0123", detail="GG-300", password="hunter2", api_token="x9"
    )
    written = capsys.readouterr()
    assert written.out == ""
    for part in ('event="step failed"', f"run={session.correlation_id()}", "filing=261116-ABCDEF", "correlation=0123"):
        assert part in written.err
    assert "hunter2" not in written.err
    assert "x9" not in written.err


def test_log_lines_and_the_error_of_a_run_bear_the_same_id(
    govgateway: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(gateway: Gateway, **rest: object) -> None:
        structlog.get_logger("govgateway").warning("step failed", filing="261116-ABCDEF")
        gateway.filing("261116-ABCDEF")

    monkeypatch.setattr(Gateway, "work", work)
    govgateway.settings.touch()
    ended = govgateway("worker")
    assert ended.code == 2
    line, _, error = ended.err.partition("\n")
    reference = error.partition("Mã tra cứu: ")[2].strip()
    assert f"run={reference}" in line


def test_importing_configures_nothing() -> None:
    code = "import sys, govgateway.cli.app, govgateway.cli.filings, structlog; sys.exit(structlog.is_configured())"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
