"""The state of the simulated tax office in a file: it survives a restart and a kill, byte for byte."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from govgateway.errors import ConfigurationError
from govgateway_mocks.agency import Decision, State
from govgateway_mocks.etax.journal import Journal
from govgateway_mocks.etax.office import TaxOffice
from govgateway_mocks.etax.simulator import serve
from samples import ROOT
from simulated import RECEIPT_DELAY, VERDICT_DELAY, Clock, fields, filed, pki

OTHER = filed(("<nguoiKy>Trần Thị Mẫu<", "<nguoiKy>Lê Văn Khác<"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "etax.jsonl"


def _started(clock: Clock, state: Path) -> TaxOffice:
    return TaxOffice(pki(), clock, RECEIPT_DELAY, VERDICT_DELAY, state=state)


def test_a_started_simulator_answers_the_same_notices_and_refuses_the_duplicate(clock: Clock, state: Path) -> None:
    first = _started(clock, state)
    code = first.take(filed(), {"tIN": "9900000016"})
    first.take(b"no xml")
    clock.advance(2 * VERDICT_DELAY)
    first.copy_notices()
    second = _started(clock, state)
    assert second.notices() == first.notices()
    assert [each.data for each in second.notices()] == [each.data for each in first.notices()]
    assert second.submissions() == first.submissions()
    assert second.arrivals == first.arrivals
    assert second.first_notice(code) == first.first_notice(code)
    again = second.take(OTHER)
    clock.advance(2 * VERDICT_DELAY)
    assert second.submissions()[-1].state is State.REFUSED
    assert again not in {each.code for each in first.transactions}
    assert len({each.identifier for each in second.notices()}) == len(second.notices()) == 8


def test_what_was_under_way_goes_on_at_its_time(clock: Clock, state: Path) -> None:
    _started(clock, state).take(filed())
    clock.advance(RECEIPT_DELAY)
    second = _started(clock, state)
    assert [each.code for each in second.notices()] == ["843"]
    third = _started(clock, state)
    assert third.notices() == second.notices()
    clock.advance(VERDICT_DELAY)
    assert [each.code for each in third.notices()] == ["843", "844"]


def test_a_decision_and_the_wait_for_one_survive(clock: Clock, state: Path) -> None:
    first = _started(clock, state)
    refused, waiting = first.take(filed()), first.take(OTHER)
    first.decide(refused, Decision.REFUSE, "Sai mẫu")
    first.decide(waiting, Decision.WAIT)
    clock.advance(timedelta(days=30))
    second = _started(clock, state)
    assert [(each.state, each.reasons) for each in second.submissions()] == [
        (State.REFUSED, ("Sai mẫu",)),
        (State.RECEIVED, ()),
    ]
    second.decide(waiting, Decision.ACCEPT)
    assert _started(clock, state).submissions()[1].state is State.ACCEPTED


def test_a_notice_that_nobody_had_read_is_the_same_after_a_restart_and_after_the_clock_went_on(
    clock: Clock, state: Path
) -> None:
    first = _started(clock, state)
    first.take(filed())
    clock.advance(2 * VERDICT_DELAY)
    first.notices()
    second = _started(clock, state)
    clock.advance(timedelta(days=1))
    assert [each.data for each in second.notices()] == [each.data for each in first.notices()]


def test_what_its_sender_said_is_judged_after_a_restart_too(clock: Clock, state: Path) -> None:
    _started(clock, state).take(filed(), {"kyKKhai": "11/2026"})
    second = _started(clock, state)
    clock.advance(RECEIPT_DELAY)
    assert fields(second.notices()[0].data)["mtaLoiGDich"].startswith("Tham số kyKKhai (11/2026)")


def test_reset_empties_the_file(clock: Clock, state: Path) -> None:
    first = _started(clock, state)
    first.take(filed())
    first.reset()
    assert _started(clock, state).submissions() == []
    assert len(state.read_bytes().splitlines()) == 1


@pytest.mark.parametrize("kept", [0, 1, 10, -1])
def test_an_unfinished_record_is_ignored_and_the_file_goes_on(clock: Clock, state: Path, kept: int) -> None:
    first = _started(clock, state)
    first.take(filed())
    whole = state.read_bytes()
    first.take(OTHER)
    last = state.read_bytes()[len(whole) :]
    state.write_bytes(whole + last[:kept])
    second = _started(clock, state)
    assert len(second.submissions()) == 1
    second.take(OTHER)
    assert len(_started(clock, state).submissions()) == 2


def test_a_file_that_was_cut_within_its_head_is_begun_anew(clock: Clock, state: Path) -> None:
    _started(clock, state)
    head = state.read_bytes()
    state.write_bytes(head[:7])
    _started(clock, state)
    assert state.read_bytes() == head


def _second_line(state: Path, line: bytes) -> None:
    lines = state.read_bytes().splitlines(keepends=True)
    state.write_bytes(b"".join([lines[0], line, *lines[2:]]))


@pytest.mark.parametrize(
    "line",
    [
        b"no json\n",
        b"[]\n",
        b"\n",
        b"\xff\n",
        b'{"record": {"kind": "hold", "transaction": "x"}}\n',
        b'{"record": {"kind": "hold", "transaction": "x"}, "sha256": "00"}\n',
    ],
)
def test_a_damaged_line_is_an_error_that_names_it(clock: Clock, state: Path, line: bytes) -> None:
    _started(clock, state).take(filed())
    _second_line(state, line)
    damaged = state.read_bytes()
    with pytest.raises(ConfigurationError) as refused:
        _started(clock, state)
    assert refused.value.message.vi == "Không dùng được tệp trạng thái của bộ mô phỏng: dòng 2 bị hỏng."
    assert refused.value.message.en == "The state file of the simulator cannot be used: line 2 is damaged."
    assert refused.value.where == str(state)
    assert state.read_bytes() == damaged


@pytest.mark.parametrize(
    ("kind", "fields"),
    [("khac", {}), ("hold", {"transaction": "khac"}), ("arrival", {"code": "1"}), ("notice", {"reasons": 1})],
)
def test_a_record_that_means_nothing_is_damage(clock: Clock, state: Path, kind: str, fields: dict[str, Any]) -> None:
    _started(clock, state)
    Journal(state).write(kind, **fields)
    with pytest.raises(ConfigurationError):
        _started(clock, state)


def test_a_document_that_was_changed_in_the_file_is_damage(clock: Clock, state: Path) -> None:
    _started(clock, state).take(filed())
    line = state.read_bytes().splitlines(keepends=True)[1]
    start = line.index(b'"document": "') + 13
    _second_line(state, line[:start] + line[start + 4 :])
    with pytest.raises(ConfigurationError):
        _started(clock, state)


@pytest.mark.parametrize("content", [b"ledger", b"ledger\n", b"SQLite format 3\0", b"{}\n"])
def test_a_file_of_something_else_is_left_alone(clock: Clock, state: Path, content: bytes) -> None:
    state.write_bytes(content)
    with pytest.raises(ConfigurationError) as refused:
        _started(clock, state)
    assert "không phải tệp trạng thái" in refused.value.message.vi
    assert state.read_bytes() == content


def test_a_file_that_cannot_be_written_is_an_error_at_the_start(clock: Clock, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "khac" / "etax.jsonl"):
        with pytest.raises(ConfigurationError) as refused:
            _started(clock, path)
        assert "không đọc hoặc ghi được" in refused.value.message.vi
        assert refused.value.where.startswith(str(path))


def test_a_simulator_is_served_with_its_state(clock: Clock, state: Path, tmp_path: Path) -> None:
    with serve(pki().folder, clock=clock, state=state, password="khac") as running:
        code = running.agency.take(filed())
        assert running.agency.settings(running.address)["password"] == "khac"
    with serve(pki().folder, clock=clock, state=state) as running:
        assert [each.code for each in running.agency.transactions] == [code]


PROGRAM = """
import sys
from pathlib import Path
from datetime import timedelta
from govgateway_mocks.etax.office import TaxOffice
from govgateway_mocks.pki import DemonstrationPki, now
taxes = TaxOffice(DemonstrationPki(Path(sys.argv[1])), now, timedelta(0), timedelta(0), state=Path(sys.argv[2]))
document = Path(sys.argv[3]).read_bytes()
while True:
    code = taxes.take(document)
    print(code, len(taxes.notices()), flush=True)
"""


def test_what_was_told_before_a_kill_is_there_after_it(state: Path, tmp_path: Path) -> None:
    document = tmp_path / "signed.xml"
    document.write_bytes(filed())
    paths = os.pathsep.join(str(ROOT / each) for each in ("src", "mocks", "schemas"))
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(pki().folder), str(state), str(document)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert process.stdout is not None
    with process.stdout:
        told = [process.stdout.readline().split() for _ in range(5)]
        process.kill()
        process.wait()
    taxes = TaxOffice(pki(), lambda: Clock()() + timedelta(days=365), timedelta(0), timedelta(0), state=state)
    transactions = taxes.transactions
    assert [each.code for each in transactions][:5] == [code.decode() for code, _ in told]
    assert len(taxes.notices()) >= int(told[-1][1])
    assert sum(taxes.arrivals.values()) == len(transactions)
