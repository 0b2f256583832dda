"""``govgateway mocks``: the simulators, started by hand."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from govgateway_mocks import registry
from govgateway_mocks.pki import PASSWORD, DemonstrationPki
from govgateway_mocks.server import serve as start

app = typer.Typer(help="Bộ mô phỏng cơ quan nhà nước · Simulators of the agencies", no_args_is_help=True)

Directory = Annotated[
    Path, typer.Option("--directory", help="Thư mục khoá mô phỏng · Folder of the demonstration keys")
]


@app.command()
def serve(
    port: Annotated[int, typer.Option("--port", help="Cổng · Port")] = 8700,
    directory: Directory = Path("demonstration-keys"),
    receipt_delay: Annotated[float, typer.Option("--receipt-delay", help="Giây tới 01-1 · Seconds to notice 01-1")] = 2,
    verdict_delay: Annotated[float, typer.Option("--verdict-delay", help="Giây tới 01-2 · Seconds to notice 01-2")] = 5,
) -> None:
    """Chạy cơ quan thuế mô phỏng; Ctrl-C để dừng · Run the simulated tax office; Ctrl-C stops."""
    receipt, verdict = timedelta(seconds=receipt_delay), timedelta(seconds=verdict_delay)
    with start(directory, port, receipt_delay=receipt, verdict_delay=verdict) as running:
        print("MÔ PHỎNG · SIMULATOR")
        print(f"  trang web · pages      {running.address}/")
        print(f"  dịch vụ · services     {running.service_address}")
        print(f"  tài khoản · account    {registry.USERNAME} / {registry.PASSWORD}")
        print(f"  chứng thư gốc · trust  {running.pki.trust.resolve()}")
        for taxpayer in registry.TAXPAYERS.values():
            key = (directory / f"{taxpayer.tax_code}.p12").resolve()
            print(f"  khoá · key ({PASSWORD})     {key}  {taxpayer.name}")
        print("Cấu hình · Configure:", flush=True)
        for name, value in (
            ("address", running.service_address),
            ("username", registry.USERNAME),
            ("password", registry.PASSWORD),
            ("trust", running.pki.trust.resolve()),
        ):
            print(f"  govgateway config set etax.simulator.{name} {value}", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print()


@app.command()
def pki(directory: Annotated[Path, typer.Argument(metavar="DIR", help="Thư mục · Folder")]) -> None:
    """Tạo bộ khoá mô phỏng · Make the demonstration keys."""
    made = DemonstrationPki(directory)
    for taxpayer in registry.TAXPAYERS.values():
        print(made.taxpayer(taxpayer.tax_code, taxpayer.name))
    print(made.trust)
