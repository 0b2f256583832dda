"""``govgateway mocks``: the simulators, started by hand."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govgateway.errors import ConfigurationError, Text
from govgateway_mocks import registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from govgateway_mocks.server import RunningSimulator

app = typer.Typer(
    help="Bộ mô phỏng cơ quan nhà nước · Simulators of the agencies", no_args_is_help=True, add_completion=False
)

Directory = Annotated[
    Path, typer.Option("--directory", help="Thư mục khoá mô phỏng · Folder of the demonstration keys")
]


@app.command()
def serve(
    port: Annotated[int, typer.Option("--port", help="Cổng · Port", min=0, max=65535)] = 8700,
    directory: Directory = Path("demonstration-keys"),
    receipt_delay: Annotated[
        float, typer.Option("--receipt-delay", help="Giây tới 01-1 · Seconds to notice 01-1", min=0)
    ] = 2,
    verdict_delay: Annotated[
        float, typer.Option("--verdict-delay", help="Giây tới 01-2 · Seconds to notice 01-2", min=0)
    ] = 5,
) -> None:
    """Chạy cơ quan thuế mô phỏng; Ctrl-C để dừng · Run the simulated tax office; Ctrl-C stops."""
    receipt, verdict = timedelta(seconds=receipt_delay), timedelta(seconds=verdict_delay)
    with _simulator()(directory, port, receipt_delay=receipt, verdict_delay=verdict) as running:
        try:
            print("\n".join(_instructions(running)), flush=True)
            while True:
                time.sleep(3600)  # Windows lets Ctrl-C end a sleep, but not a wait for an event
        except KeyboardInterrupt:
            print("Đã dừng · Stopped")


@app.command()
def pki(directory: Annotated[Path, typer.Argument(metavar="DIR", help="Thư mục · Folder")]) -> None:
    """Tạo bộ khoá mô phỏng · Make the demonstration keys."""
    from govgateway_mocks.pki import DemonstrationPki

    made = DemonstrationPki(directory)
    for taxpayer in registry.TAXPAYERS.values():
        print(made.taxpayer(taxpayer.tax_code, taxpayer.name))
    print(made.trust)


def _simulator() -> Callable[..., RunningSimulator]:
    """What starts the simulator. Raises ConfigurationError where the extra that it needs is not installed."""
    try:
        from govgateway_mocks.server import serve as start
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        raise ConfigurationError(
            Text(f"Chưa cài đặt bộ mô phỏng (thiếu {package}).", f"The simulators lack the package {package}."),
            Text(
                "Cài đặt: pip install 'govgateway[simulators]'",
                "Install them: pip install 'govgateway[simulators]'",
            ),
        ) from None
    return start


def _instructions(running: RunningSimulator) -> list[str]:
    """What somebody who has just started the simulator needs to file with it."""
    from govgateway_mocks.pki import PASSWORD

    folder, trust = running.pki.folder.resolve(), running.pki.trust.resolve()
    settings = {
        "address": running.service_address,
        "username": registry.USERNAME,
        "password": registry.PASSWORD,
        "trust": trust,
    }
    filers = [
        f'  govgateway filer add {each.tax_code} --name "{each.name}" --key "{folder / each.tax_code}.p12"'
        for each in registry.TAXPAYERS.values()
    ]
    return [
        "MÔ PHỎNG · SIMULATOR",
        f"  trang web · pages      {running.address}/",
        f"  dịch vụ · services     {running.service_address}",
        f"  tài khoản · account    {registry.USERNAME} / {registry.PASSWORD}",
        f"  chứng thư gốc · trust  {trust}",
        f"  mật khẩu khoá · keys   {PASSWORD}",
        "Cấu hình · Configure:",
        *(f'  govgateway config set etax.simulator.{name} "{value}"' for name, value in settings.items()),
        *filers,
        "Nộp thử · File something:",
        "  govgateway submit FILE --env simulator --wait",
        "Ctrl-C để dừng · Ctrl-C stops",
    ]
