"""``govgateway mocks``: the simulators, started by hand."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from datetime import timedelta
from json import dumps
from pathlib import Path
from typing import Annotated, Any

import typer

from govgateway_mocks.capture.commands import register
from govgateway_mocks.console.installed import installed, needing_the_extra

app = typer.Typer(
    help="Bộ mô phỏng cơ quan nhà nước · Simulators of the agencies", no_args_is_help=True, add_completion=False
)

LAST_BASE = 65000
"""The last base port: above it there is room for the agencies."""

AsJson = Annotated[bool, typer.Option("--json", help="Xuất JSON · Output as JSON")]


@app.command()
def serve(
    port: Annotated[
        int,
        typer.Option(
            "--port", help="Cổng của bảng điều khiển; các cơ quan ở cổng kế tiếp · Console's port", min=0, max=LAST_BASE
        ),
    ] = 8700,
    directory: Annotated[
        Path, typer.Option("--directory", help="Thư mục khoá mô phỏng · Folder of the demonstration keys")
    ] = Path("demonstration-keys"),
    state: Annotated[
        Path | None, typer.Option("--state", help="Giữ trạng thái trong tệp · Keep the state in this file")
    ] = None,
    only: Annotated[
        str, typer.Option("--only", help="Chỉ các cơ quan này, cách nhau dấu phẩy · Only these agencies: etax,…")
    ] = "",
    tls: Annotated[bool, typer.Option("--tls", help="Dịch vụ qua TLS · Services over TLS")] = False,
    scenario: Annotated[str, typer.Option("--scenario", help="Bắt đầu bằng kịch bản · Begin with this scenario")] = "",
    receipt_delay: Annotated[
        float, typer.Option("--receipt-delay", help="Giây tới 01-1 · Seconds to notice 01-1", min=0)
    ] = 2,
    verdict_delay: Annotated[
        float, typer.Option("--verdict-delay", help="Giây tới 01-2 · Seconds to notice 01-2", min=0)
    ] = 5,
    record: Annotated[
        Path | None, typer.Option("--record", help="Ghi lại các lần gọi vào tệp · Record what passes in this file")
    ] = None,
) -> None:
    """Chạy các cơ quan mô phỏng; Ctrl-C để dừng · Run the simulated agencies; Ctrl-C stops."""
    simulators = installed([name.strip() for name in only.split(",") if name.strip()])
    with needing_the_extra():
        from govgateway_mocks.capture.observing import observed
        from govgateway_mocks.console import instructions
        from govgateway_mocks.console.running import started
    with ExitStack() as stack:
        begun = started(
            simulators,
            directory,
            port,
            state=state,
            tls=tls,
            scenario=scenario,
            receipt_delay=timedelta(seconds=receipt_delay),
            verdict_delay=timedelta(seconds=verdict_delay),
        )
        running = stack.enter_context(begun)
        if record:
            stack.enter_context(observed(running.simulators, record))
        try:
            print("\n".join(instructions.lines(running)), flush=True)
            while True:
                time.sleep(3600)  # Windows lets Ctrl-C end a sleep, but not a wait for an event
        except KeyboardInterrupt:
            print("Đã dừng · Stopped")


@app.command()
def pki(directory: Annotated[Path, typer.Argument(metavar="DIR", help="Thư mục · Folder")]) -> None:
    """Tạo bộ khoá mô phỏng · Make the demonstration keys."""
    with needing_the_extra():
        from govgateway_mocks.pki import DemonstrationPki
        from govgateway_mocks.pki.export import write_out
    from govgateway_mocks.etax import registry

    made = DemonstrationPki(directory)
    made.office(registry.SIGNER_NAME, registry.OFFICE_TAX_CODE)
    for written in write_out(made):
        print(written.path)
        print(f"    {written.meaning.vi}\n    {written.meaning.en}")


@app.command()
def faults(json: AsJson = False) -> None:
    """Liệt kê các lỗi gài được · List the faults that can be armed."""
    simulators = installed()
    with needing_the_extra():
        from govgateway_mocks.console import listing
    kinds = listing.kinds_of(simulators)
    _tell(listing.faults_as_data(kinds) if json else listing.fault_lines(kinds))


@app.command()
def scenarios(json: AsJson = False) -> None:
    """Liệt kê các kịch bản · List the scenarios."""
    from govgateway_mocks import scenarios as known
    from govgateway_mocks.console import listing, told

    found = known.scenarios()
    _tell({"scenarios": [told.scenario(each) for each in found.values()]} if json else listing.scenario_lines(found))


def _tell(found: Mapping[str, Any] | Iterable[str]) -> None:
    """Print data as JSON, lines as they are."""
    print(dumps(found, ensure_ascii=False, indent=2) if isinstance(found, Mapping) else "\n".join(found))


register(app)
