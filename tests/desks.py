"""A gateway of an invented department, its clock moved by the test, and what it files."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import simulated
from clocks import Clock
from govgateway import Configuration, FileSigner, Gateway
from govgateway.configuration import load
from govgateway.documents.xml import XmlDocument
from govgateway_mocks.etax.office import TaxOffice
from govgateway_mocks.etax.registry import PASSWORD, USERNAME
from samples import declaration

NOWHERE = "http://127.0.0.1:1/ihtkk_van"


def configuration(folder: Path, address: str = NOWHERE, **more: str) -> Configuration:
    """The settings of a department that files with the simulated tax office at ``address``; ``more`` of them."""
    values = {
        "address": address,
        "username": USERNAME,
        "password": PASSWORD,
        "trust": str(simulated.pki().trust),
    }
    environ = {f"GOVGATEWAY_ETAX_SIMULATOR_{name.upper()}": value for name, value in (values | more).items() if value}
    return load(folder / "govgateway.toml", {**environ, "GOVGATEWAY_LEDGER": str(folder / "ledger.db")})


def gateway(folder: Path, clock: Clock, address: str = NOWHERE, **more: str) -> Gateway:
    """A gateway on those settings; it sleeps by moving ``clock``."""
    return Gateway(configuration(folder, address, **more), clock=clock, sleep=clock.sleep)


def key(tax_code: str = simulated.DEPARTMENT) -> FileSigner:
    """The key of a registered taxpayer."""
    return simulated.holder(tax_code).signer


def of_month(month: int, *changes: tuple[str, str], year: int = 2026) -> XmlDocument:
    """The example declaration for another month."""
    written = f"{month:02}/{year}"
    return declaration(simulated.period("M", written, f"01/{written}", f"28/{written}"), *changes)


def notices(office: TaxOffice, clock: Clock, document: bytes) -> dict[str, bytes]:
    """What ``office`` answers to ``document``, a hand-carried one, by the code of the notice."""
    code = office.take(document)
    clock.now += simulated.RECEIPT_DELAY + simulated.VERDICT_DELAY + timedelta(seconds=1)
    return {each.code: each.data for each in office.notices() if each.transaction == code}
