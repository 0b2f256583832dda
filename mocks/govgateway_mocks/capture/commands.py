"""``govgateway mocks record|scrub|replay|compare``: recorded traffic."""

from __future__ import annotations

import json as jsonlib
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from govgateway_mocks.console.installed import installed, needing_the_extra

LAST_PORT = 65535

Capture = Annotated[Path, typer.Argument(metavar="FILE", help="Bản ghi · The capture")]
Port = Annotated[
    int, typer.Option("--port", help="Cổng trên máy này; 0: cổng trống · Port on this machine", min=0, max=LAST_PORT)
]


def register(app: typer.Typer) -> None:
    """Add the commands to ``app``."""
    for command in (record, scrub, replay, compare):
        app.command()(command)


def record(
    file: Capture,
    upstream: Annotated[str, typer.Option("--upstream", help="Địa chỉ dịch vụ thật · Address of the real service")],
    port: Port = 8790,
    agency: Annotated[str, typer.Option("--agency", help="Cơ quan · Agency")] = "etax",
    ca_file: Annotated[Path | None, typer.Option("--ca-file", help="Chứng thư gốc · Roots to trust (PEM)")] = None,
) -> None:
    """Ghi lại dịch vụ thật, đã xoá thông tin cá nhân · Record a real service, scrubbed."""
    installed([agency])
    with needing_the_extra():
        from govgateway_mocks.capture import telling
        from govgateway_mocks.capture.proxy import RecordingProxy
        from govgateway_mocks.capture.questions import question
        from govgateway_mocks.pki import now
    proxy = RecordingProxy(
        upstream,
        file,
        agency,
        now,
        port=port,
        trust=ca_file,
        tell=lambda each: print(telling.recorded(each, question(each.request).operation), flush=True),
    )
    with proxy:
        print(
            f"Trỏ cổng giao dịch tới · Point the gateway to: {proxy.address}\nCtrl-C để dừng · Ctrl-C stops", flush=True
        )
        _until_stopped()
    print("\n".join(telling.replaced(proxy.invented)))


def scrub(
    file: Capture,
    output: Annotated[Path | None, typer.Option("--output", help="Tệp mới · The new file")] = None,
) -> None:
    """Xoá thông tin cá nhân, tổ chức khỏi bản ghi · Take persons and organisations out of a capture."""
    with needing_the_extra():
        from govgateway_mocks.capture import reading, recording, telling
        from govgateway_mocks.capture.scrubber import scrubbed
    clean, invented = scrubbed(reading.read(file))
    written_to = output or file.with_stem(f"{file.stem}-scrubbed")
    recording.write(written_to, clean)
    print("\n".join([str(written_to), *telling.replaced(invented)]))


def replay(file: Capture, port: Port = 8790) -> None:
    """Trả lời từ bản ghi · Answer from a capture."""
    with needing_the_extra():
        from govgateway_mocks.capture import reading, replaying, telling
    recorded = reading.read(file)
    played = replaying.Replay(recorded, lambda asked, found: print(telling.replayed(asked, found), flush=True))
    with replaying.replayed(played, port) as server:
        print(f"{server.address}{recorded.heading.service_path}\nCtrl-C để dừng · Ctrl-C stops", flush=True)
        _until_stopped()


def compare(
    file: Capture,
    json: Annotated[bool, typer.Option("--json", help="Xuất JSON · Output as JSON")] = False,
) -> None:
    """So bản ghi với bộ mô phỏng · Compare a capture with the simulator."""
    with needing_the_extra():
        from govgateway_mocks.capture import comparing, reading, telling
    recorded = reading.read(file)
    (simulator,) = installed([recorded.heading.agency]).values()
    with TemporaryDirectory(prefix="govgateway-compare-") as keys:
        compared = comparing.compare(recorded, simulator, Path(keys))
    told = telling.as_data(compared)
    print(jsonlib.dumps(told, ensure_ascii=False, indent=2) if json else "\n".join(telling.as_lines(compared)))
    if not told["equal"]:
        raise typer.Exit(1)


def _until_stopped() -> None:
    try:
        while True:
            time.sleep(3600)  # Windows lets Ctrl-C end a sleep, but not a wait for an event
    except KeyboardInterrupt:
        print("Đã dừng · Stopped")
