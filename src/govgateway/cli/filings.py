"""Commands about filings: submit, follow, correct, and what the agency said."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from govgateway.cli.exits import FINDINGS, IN_DOUBT
from govgateway.cli.logs import configure_logging
from govgateway.cli.options import (
    AsJson,
    Document,
    FilingId,
    Folder,
    KeyFile,
    Language,
    PasswordFromStdin,
    Where,
)
from govgateway.cli.output import print_json
from govgateway.cli.passwords import signer_of
from govgateway.cli.session import settings
from govgateway.cli.timeline import filing_line, print_filing, print_filings, progress_of
from govgateway.documents.xml import read_xml_file
from govgateway.errors import Text
from govgateway.filing import Filing, Status
from govgateway.pipeline.gateway import Correction, Gateway, History

app = typer.Typer()

Wait = Annotated[bool, typer.Option("--wait", help="Chờ tới kết quả của cơ quan · Follow to the agency's verdict")]
Timeout = Annotated[int, typer.Option("--timeout", min=0, help="Chờ tối đa (giây) · Seconds to wait at most")]


def exit_code(history: History) -> int:
    """What a batch job needs to know: 1 refused or waiting for a person, 4 not sent yet or nobody knows, else 0."""
    status = history.filing.status
    if status in {Status.REJECTED, Status.NEEDS_ATTENTION, Status.CANCELLED}:
        return FINDINGS
    not_sent = status is Status.READY and history.attempts
    return IN_DOUBT if not_sent or status in {Status.IN_DOUBT, Status.SUBMITTING} else 0


def show(gateway: Gateway, filing_id: str, language: str, json: bool) -> int:
    """Print a filing with its history; its exit code."""
    history = gateway.history(filing_id)
    if json:
        print_json(history, language)
    else:
        print_filing(history, language)
    return exit_code(history)


@app.command()
def submit(
    file: Document,
    key: KeyFile = None,
    env: Where = None,
    wait: Wait = False,
    timeout: Timeout = 600,
    hold: Annotated[
        bool, typer.Option("--hold", help="Chỉ kiểm tra và ký, chưa gửi · Check and sign only, do not send")
    ] = False,
    password_stdin: PasswordFromStdin = False,
    lang: Language = None,
    json: AsJson = False,
) -> int:
    """Kiểm tra, ký và nộp một tài liệu đúng một lần · Check, sign and file a document exactly once.

    Mã thoát · Exit code: 0 đã nộp hoặc được chấp nhận · filed or accepted; 1 có lỗi hoặc bị từ chối ·
    errors or refused; 4 chưa gửi được, hoặc chưa rõ cơ quan đã nhận hay chưa · not sent yet, or in doubt.
    """
    configuration = settings(lang)
    document = read_xml_file(file)
    with Gateway.open(configuration) as gateway:
        filing = gateway.submit(
            document,
            lambda slot: signer_of(configuration, key, slot.owner.removeprefix("MST:"), password_stdin),
            environment=env,
            file_name=file.name,
            hold=hold,
        )
        if not hold:
            filing = gateway.advance(filing.id)
        if wait and not hold:
            _follow(gateway, filing, timeout, configuration.language, quiet=json)
        return show(gateway, filing.id, configuration.language, json)


def _follow(gateway: Gateway, filing: Filing, timeout: int, language: str, *, quiet: bool) -> None:
    with progress_of(filing, language, quiet=quiet) as changed:
        gateway.wait(filing.id, timeout=timedelta(seconds=timeout), on_change=changed)


@app.command()
def status(
    filing_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="Mã hồ sơ · Filing id")] = None,
    env: Where = None,
    wait: Wait = False,
    timeout: Timeout = 600,
    lang: Language = None,
    json: AsJson = False,
) -> int:
    """Xem các hồ sơ, hoặc diễn biến một hồ sơ · List the filings, or show one with its history."""
    configuration = settings(lang)
    with Gateway.open(configuration) as gateway:
        if filing_id is not None:
            if wait:
                _follow(gateway, gateway.filing(filing_id), timeout, configuration.language, quiet=json)
            return show(gateway, filing_id, configuration.language, json)
        filings = gateway.filings(environment=env)
        if json:
            print_json({"filings": filings}, configuration.language)
        else:
            print_filings(filings, configuration.language)
        return 0


@app.command()
def worker(
    until_idle: Annotated[
        bool, typer.Option("--until-idle", help="Dừng khi không còn việc tới hạn · Stop when nothing is due")
    ] = False,
    lang: Language = None,
) -> int:
    """Chạy nền: nộp và theo dõi mọi hồ sơ tới hạn, Ctrl-C để dừng · Drive every filing that is due; Ctrl-C stops."""
    configuration = settings(lang)
    language = configuration.language
    configure_logging()  # other commands log nothing
    with Gateway.open(configuration) as gateway, _stopped_by_ctrl_c() as stop:
        print(Text("Đang chạy, Ctrl-C để dừng.", "Running, Ctrl-C stops.").in_language(language), flush=True)
        gateway.work(
            until_idle=until_idle,
            stop=stop,
            on_change=lambda filing: print(filing_line(filing, language), flush=True),
        )
        print(Text("Đã dừng.", "Stopped.").in_language(language), flush=True)
    return 0


@contextmanager
def _stopped_by_ctrl_c() -> Iterator[Event]:
    """An event that Ctrl-C sets, so that the step under way is finished first; a second Ctrl-C interrupts it."""
    stop = Event()

    def ask(number: int, frame: object) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


@app.command()
def correct(filing_id: FilingId, to: Folder = Path(), lang: Language = None, json: AsJson = False) -> int:
    """Lập bản nháp mới từ hồ sơ bị từ chối, kèm lý do tại từng chỉ tiêu · Make a new draft of a refused filing."""
    configuration = settings(lang)
    with Gateway.open(configuration) as gateway:
        correction = gateway.correct(filing_id, to)
    if json:
        print_json(correction, configuration.language)
    else:
        _print_correction(correction, configuration.language)
    return 0


def _print_correction(correction: Correction, language: str) -> None:
    path = correction.path
    print(Text(f"Bản nháp mới: {path}", f"New draft: {path}").in_language(language))
    for reason in correction.reasons:
        place = " · ".join(each for each in (reason.label.in_language(language), reason.path) if each)
        print(f"  - {reason.message}" + (f"  [{place}]" if place else ""))
        if reason.remedy:
            print(f"      → {reason.remedy}")
    say = Text(f'Sửa rồi nộp lại: govgateway submit "{path}"', f'Correct it, then: govgateway submit "{path}"')
    print(say.in_language(language))


@app.command()
def cancel(
    filing_id: FilingId,
    reason: Annotated[str, typer.Option("--reason", help="Lý do · Reason")],
    never_uploaded: Annotated[
        bool,
        typer.Option(
            "--never-uploaded",
            help="Xác nhận cơ quan không có hồ sơ này · The agency surely does not have it",
        ),
    ] = False,
    lang: Language = None,
) -> int:
    """Huỷ một hồ sơ chưa gửi đi · Cancel a filing that was not sent."""
    configuration = settings(lang)
    with Gateway.open(configuration) as gateway:
        filing = gateway.cancel(filing_id, reason, never_uploaded=never_uploaded)
    print(filing_line(filing, configuration.language))
    return 0


@app.command()
def receipts(filing_id: FilingId, to: Folder = Path(), lang: Language = None, json: AsJson = False) -> int:
    """Lưu mọi thông báo của cơ quan về một hồ sơ · Write every message of the agency about a filing to files."""
    configuration = settings(lang)
    with Gateway.open(configuration) as gateway:
        paths = gateway.save_receipts(filing_id, to)
    if json:
        print_json({"files": paths}, configuration.language)
        return 0
    for path in paths:
        print(path)
    if not paths:
        print(Text("Chưa có thông báo nào.", "There is no notice yet.").in_language(configuration.language))
    return 0
