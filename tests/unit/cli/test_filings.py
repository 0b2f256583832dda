"""Filing by command: submitted once, followed, refused, corrected, by hand; exit codes that a batch job can go by."""

from __future__ import annotations

import re
import signal
import threading
from dataclasses import replace
from pathlib import Path

import pytest

import simulated
from govgateway.cli.filings import exit_code
from govgateway.cli.session import settings
from govgateway.filing import Status
from govgateway.pipeline.gateway import Gateway
from govgateway_mocks.etax.simulator import SimulatedTaxOffice
from unit.cli.command_line import CommandLine, key_file

OTHER_CONTENT = (
    ("<soTienPHThuDuoc>128450000<", "<soTienPHThuDuoc>128450001<"),
    ("<soTienPHPhaiNop>115605000<", "<soTienPHPhaiNop>115605001<"),
    ("<tongCong>122043050<", "<tongCong>122043051<"),
)


def _only_filing(govgateway: CommandLine) -> str:
    (filing,) = govgateway("status", "--json").json["filings"]
    return str(filing["id"])


def test_a_declaration_is_followed_to_the_verdict(
    govgateway: CommandLine, office: SimulatedTaxOffice, key: Path
) -> None:
    ended = govgateway("submit", govgateway.declaration(), "--key", key, "--wait")
    assert ended.code == 0, ended
    assert "[MÔ PHỎNG]" in ended.out
    assert "ACCEPTED (được chấp nhận)" in ended.out
    assert "850,10 USD" in ended.out
    assert "122.043.050 VND" in ended.out
    english = govgateway("status", _only_filing(govgateway), "--lang", "en")
    assert "850.10 USD" in english.out
    assert "đã hỏi kết quả" not in ended.out  # the verdict is there: that it was asked for says nothing more
    assert "ACCEPTED (accepted)" in english.out


def test_submitted_again_it_is_the_same_filing(govgateway: CommandLine, office: SimulatedTaxOffice, key: Path) -> None:
    path = govgateway.declaration()
    first = govgateway("submit", path, "--key", key, "--json")
    second = govgateway("submit", path, "--key", key, "--json")
    assert first.json["filing"]["id"] == second.json["filing"]["id"]
    assert second.code == 0


def test_other_content_for_the_same_period_is_refused(
    govgateway: CommandLine, office: SimulatedTaxOffice, key: Path
) -> None:
    govgateway("submit", govgateway.declaration(), "--key", key)
    ended = govgateway("submit", govgateway.declaration("other.xml", *OTHER_CONTENT), "--key", key, "--json")
    assert ended.code == 1
    assert ended.json["error"]["code"] == "GG-400"
    assert "128450001" in ended.json["error"]["message"]


def test_a_refused_declaration_is_corrected(govgateway: CommandLine, office: SimulatedTaxOffice, key: Path) -> None:
    elsewhere = govgateway.folder / "elsewhere.toml"
    elsewhere.write_text(f"ledger = 'other.db'\n{govgateway.settings.read_text(encoding='utf-8')}", encoding="utf-8")
    path = govgateway.declaration()
    with pytest.MonkeyPatch.context() as another_machine:
        another_machine.setenv("GOVGATEWAY_CONFIG", str(elsewhere))
        assert govgateway("submit", path, "--key", key, "--wait").code == 0
    refused = govgateway("submit", path, "--key", key, "--wait")
    assert refused.code == 1
    assert "REJECTED (bị từ chối)" in refused.out
    filing = _only_filing(govgateway)
    assert f"govgateway correct {filing}" in refused.out
    corrected = govgateway("correct", filing)
    assert corrected.code == 0
    assert (govgateway.folder / f"{filing}-draft.xml").exists()
    assert "  - " in corrected.out


def test_a_tax_office_that_is_down_leaves_the_filing_to_be_sent_later(
    govgateway: CommandLine, office: SimulatedTaxOffice, key: Path
) -> None:
    office.stop()
    ended = govgateway("submit", govgateway.declaration(), "--key", key)
    assert ended.code == 4
    assert "READY (đã ký, chờ gửi)" in ended.out
    assert "chưa gửi được, sẽ gửi lại" in ended.out
    assert re.search(r"⇒ Bước tiếp từ .*: govgateway status \S+ --wait", ended.out)


def test_the_worker_carries_on_what_is_due(govgateway: CommandLine, office: SimulatedTaxOffice, key: Path) -> None:
    govgateway("submit", govgateway.declaration(), "--key", key)
    govgateway.clock.move(minutes=1)
    ended = govgateway("worker", "--until-idle")
    assert ended.code == 0
    assert "ACCEPTED (được chấp nhận)" in ended.out


def test_ctrl_c_stops_the_worker(
    govgateway: CommandLine, office: SimulatedTaxOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = signal.getsignal(signal.SIGINT)

    def work(gateway: Gateway, *, stop: threading.Event, **rest: object) -> None:
        signal.raise_signal(signal.SIGINT)
        assert stop.is_set()

    monkeypatch.setattr(Gateway, "work", work)
    ended = govgateway("worker")
    assert ended.code == 0
    assert "Đã dừng." in ended.out
    assert signal.getsignal(signal.SIGINT) is handler


def test_a_second_ctrl_c_interrupts_the_step(
    govgateway: CommandLine, office: SimulatedTaxOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(gateway: Gateway, **rest: object) -> None:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Gateway, "work", work)
    assert govgateway("worker").code == 130


def test_by_hand_from_the_export_to_the_verdict(govgateway: CommandLine, office: SimulatedTaxOffice, key: Path) -> None:
    held = govgateway("submit", govgateway.declaration(), "--key", key, "--hold")
    assert held.code == 0
    assert "Đang giữ, chưa gửi" in held.out
    filing = _only_filing(govgateway)
    exported = govgateway("export", filing, "--to", "upload", "--json")
    assert exported.code == 0
    path = Path(exported.json["file"])
    office.agency.take(path.read_bytes())
    govgateway.clock.move(minutes=1)
    codes = []
    for notice in office.agency.notices():
        answer = govgateway.folder / f"{notice.identifier}.xml"
        answer.write_bytes(notice.data)
        codes.append(govgateway("import-answer", answer, "--json").code)
    assert codes
    assert set(codes) == {0}
    assert govgateway("status", filing, "--json").json["filing"]["status"] == "ACCEPTED"
    again = govgateway("import-answer", answer)
    assert again.code == 1
    assert "Lỗi GG-301" in again.err


def test_a_declaration_is_no_answer(govgateway: CommandLine, office: SimulatedTaxOffice) -> None:
    ended = govgateway("import-answer", govgateway.declaration())
    assert (ended.code, "Lỗi GG-301" in ended.err) == (1, True)


def test_what_was_exported_is_cancelled_on_a_persons_word_only(
    govgateway: CommandLine, office: SimulatedTaxOffice, key: Path
) -> None:
    govgateway("submit", govgateway.declaration(), "--key", key, "--hold")
    filing = _only_filing(govgateway)
    govgateway("export", filing)
    assert govgateway("cancel", filing, "--reason", "sai kỳ").code == 1
    ended = govgateway("cancel", filing, "--reason", "sai kỳ", "--never-uploaded")
    assert ended.code == 0
    assert "[MÔ PHỎNG]  CANCELLED (đã huỷ)" in ended.out
    assert "huỷ · sai kỳ" in govgateway("status", filing).out


def test_what_the_agency_has_judged_is_not_cancelled_and_nothing_is_waited_for(
    govgateway: CommandLine, office: SimulatedTaxOffice, key: Path
) -> None:
    govgateway("submit", govgateway.declaration(), "--key", key, "--wait")
    ended = govgateway("cancel", _only_filing(govgateway), "--reason", "sai kỳ")
    assert ended.code == 1
    assert "đã có kết quả của cơ quan" in ended.err
    assert "nộp hồ sơ bổ sung" in ended.err
    assert "Chờ" not in ended.err


def test_receipts_are_written_and_their_absence_is_said(
    govgateway: CommandLine, office: SimulatedTaxOffice, key: Path
) -> None:
    govgateway("submit", govgateway.declaration(), "--key", key)
    filing = _only_filing(govgateway)
    assert "Chưa có thông báo nào." in govgateway("receipts", filing).out
    govgateway("status", filing, "--wait")
    files = govgateway("receipts", filing, "--to", "receipts", "--json").json["files"]
    assert [Path(each).exists() for each in files] == [True, True]


@pytest.mark.parametrize(
    "command", [("status",), ("export",), ("correct",), ("receipts",), ("cancel", "--reason", "x")]
)
def test_an_unknown_filing(govgateway: CommandLine, command: tuple[str, ...]) -> None:
    govgateway.settings.touch()
    ended = govgateway(*command, "261116-NOSUCH")
    assert ended.code == 2
    assert "Lỗi GG-401: Không có hồ sơ 261116-NOSUCH." in ended.err


@pytest.mark.parametrize("command", [("status",), ("worker", "--until-idle"), ("submit", "01PH.xml")])
def test_settings_that_were_named_and_are_not_there_open_no_new_ledger(
    govgateway: CommandLine, command: tuple[str, ...]
) -> None:
    govgateway.declaration()
    ended = govgateway(*command)
    assert ended.code == 5
    assert ended.err.startswith("Lỗi GG-002: ")
    assert "govgateway config set language" in ended.err
    assert [each.name for each in govgateway.folder.iterdir()] == ["01PH.xml"]


def test_no_filing_yet(govgateway: CommandLine) -> None:
    govgateway.settings.touch()
    assert govgateway("status").out == "Chưa có hồ sơ nào.\n"
    assert govgateway("status", "--lang", "en").out == "There is no filing yet.\n"


def test_ids_in_the_list_are_whole_however_narrow_the_terminal(
    govgateway: CommandLine, office: SimulatedTaxOffice, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    govgateway("submit", govgateway.declaration(), "--key", key, "--hold")
    listed = govgateway("status").out
    assert _only_filing(govgateway) in listed
    assert "READY (đã ký, chờ gửi)" in listed


def test_a_demonstration_key_never_signs_in_earnest(
    govgateway: CommandLine, office: SimulatedTaxOffice, key: Path
) -> None:
    with govgateway.settings.open("a", encoding="utf-8") as file:
        file.write("[etax.production]\naddress = 'https://agency.example'\n")
    ended = govgateway("submit", govgateway.declaration(), "--key", key, "--env", "production")
    assert (ended.code, "Lỗi GG-200" in ended.err) == (1, True)


def test_an_environment_without_an_address(govgateway: CommandLine, office: SimulatedTaxOffice, key: Path) -> None:
    ended = govgateway("submit", govgateway.declaration(), "--key", key, "--env", "sandbox")
    assert ended.code == 5
    assert "govgateway config set etax.sandbox.address" in ended.err


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (Status.ACCEPTED, 0),
        (Status.SUBMITTED, 0),
        (Status.REJECTED, 1),
        (Status.NEEDS_ATTENTION, 1),
        (Status.IN_DOUBT, 4),
        (Status.SUBMITTING, 4),
    ],
)
def test_exit_codes_by_status(
    govgateway: CommandLine, office: SimulatedTaxOffice, key: Path, status: Status, code: int
) -> None:
    govgateway("submit", govgateway.declaration(), "--key", key, "--hold")
    with Gateway.open(settings(None)) as gateway:
        history = gateway.history(_only_filing(govgateway))
    assert exit_code(replace(history, filing=replace(history.filing, status=status))) == code


def test_another_taxpayers_key(govgateway: CommandLine, office: SimulatedTaxOffice, key: Path) -> None:
    ended = govgateway("submit", govgateway.declaration(), "--key", key_file(simulated.OTHER))
    assert (ended.code, "Lỗi GG-201" in ended.err) == (1, True)
    assert govgateway("status", "--json").json == {"filings": []}
