"""Commands about filings: submit, follow, correct, and what the agency said."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from govgateway.cli.documents import Document, signer_of
from govgateway.cli.options import AsJson, KeyFile, Language, PasswordFromStdin, Where, settings
from govgateway.cli.output import print_json
from govgateway.cli.timeline import print_filing, print_filings, progress_of
from govgateway.documents.xml import read_xml_file
from govgateway.errors import Text
from govgateway.filing import Filing, Status
from govgateway.pipeline.gateway import Gateway

app = typer.Typer()

Id = Annotated[str, typer.Argument(metavar="ID", help="Mã hồ sơ · Filing id")]
Folder = Annotated[Path, typer.Option("--to", help="Thư mục đích · Target folder")]
Wait = Annotated[bool, typer.Option("--wait", help="Chờ tới kết quả của cơ quan · Follow to the agency's verdict")]
Timeout = Annotated[int, typer.Option("--timeout", help="Chờ tối đa (giây) · Seconds to wait at most")]

REFUSED = 1
IN_DOUBT = 4


def exit_code(filing: Filing) -> int:
    """What a batch job needs to know: 1 refused or waiting for a person, 4 in doubt, 0 for everything else."""
    if filing.status in {Status.REJECTED, Status.NEEDS_ATTENTION, Status.CANCELLED}:
        return REFUSED
    return IN_DOUBT if filing.status is Status.IN_DOUBT else 0


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
    errors or refused; 4 chưa rõ cơ quan đã nhận hay chưa · in doubt.
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
            filing = _follow(gateway, filing, timeout, configuration.language, quiet=json)
        _show(gateway, filing, configuration.language, json)
        return exit_code(filing)


def _follow(gateway: Gateway, filing: Filing, timeout: int, language: str, *, quiet: bool) -> Filing:
    with progress_of(filing, language, quiet=quiet) as changed:
        return gateway.wait(filing.id, timeout=timedelta(seconds=timeout), on_change=changed)


def _show(gateway: Gateway, filing: Filing, language: str, json: bool) -> None:
    history = gateway.history(filing.id)
    if json:
        print_json(history, language)
    else:
        print_filing(history, language)


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
        if filing_id is None:
            filings = gateway.filings(environment=env)
            if json:
                print_json({"filings": filings}, configuration.language)
            else:
                print_filings(filings, configuration.language)
            return 0
        filing = gateway.filing(filing_id)
        if wait:
            filing = _follow(gateway, filing, timeout, configuration.language, quiet=json)
        _show(gateway, filing, configuration.language, json)
        return exit_code(filing)


@app.command()
def worker(
    until_idle: Annotated[
        bool, typer.Option("--until-idle", help="Dừng khi không còn việc tới hạn · Stop when nothing is due")
    ] = False,
    lang: Language = None,
) -> int:
    """Chạy nền: nộp và theo dõi mọi hồ sơ tới hạn, Ctrl-C để dừng · Drive every filing that is due; Ctrl-C stops."""
    configuration = settings(lang)
    say = Text("Đang chạy, Ctrl-C để dừng.", "Running, Ctrl-C stops.")
    with Gateway.open(configuration) as gateway:
        print(say.in_language(configuration.language), flush=True)
        gateway.work(
            until_idle=until_idle,
            on_change=lambda filing: print(f"{filing.id}  {filing.key.environment}  {filing.status}", flush=True),
        )
    return 0


@app.command()
def correct(filing_id: Id, to: Folder = Path(), lang: Language = None, json: AsJson = False) -> int:
    """Lập bản nháp mới từ hồ sơ bị từ chối, kèm lý do tại từng chỉ tiêu · Make a new draft of a refused filing."""
    configuration = settings(lang)
    with Gateway.open(configuration) as gateway:
        correction = gateway.correct(filing_id, to)
    if json:
        print_json(correction, configuration.language)
        return 0
    language = configuration.language
    print(Text(f"Bản nháp mới: {correction.path}", f"New draft: {correction.path}").in_language(language))
    for reason in correction.reasons:
        place = " · ".join(each for each in (reason.label, reason.path) if each)
        print(f"  - {reason.message}" + (f"  [{place}]" if place else ""))
        if reason.remedy:
            print(f"      → {reason.remedy}")
    say = Text("Sửa rồi nộp lại: govgateway submit", "Correct it, then: govgateway submit").in_language(language)
    print(f"{say} {correction.path}")
    return 0


@app.command()
def cancel(
    filing_id: Id,
    reason: Annotated[str, typer.Option("--reason", help="Lý do · Reason")],
    lang: Language = None,
) -> int:
    """Huỷ một hồ sơ chưa gửi đi · Cancel a filing that was not sent."""
    configuration = settings(lang)
    with Gateway.open(configuration) as gateway:
        filing = gateway.cancel(filing_id, reason)
    print(f"{filing.id}  {filing.status}")
    return 0


@app.command()
def receipts(filing_id: Id, to: Folder = Path(), lang: Language = None, json: AsJson = False) -> int:
    """Lưu mọi thông báo của cơ quan về một hồ sơ · Write every message of the agency about a filing to files."""
    configuration = settings(lang)
    with Gateway.open(configuration) as gateway:
        paths = gateway.save_receipts(filing_id, to)
    if json:
        print_json({"files": [str(path) for path in paths]}, configuration.language)
    for path in () if json else paths:
        print(path)
    return 0
