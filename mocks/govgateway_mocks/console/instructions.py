"""What somebody who has just started the simulators needs to file with them, as lines to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from govgateway_mocks.etax.registry import TAXPAYERS
from govgateway_mocks.pki import PASSWORD

if TYPE_CHECKING:
    from govgateway_mocks.console.running import Running
    from govgateway_mocks.server import RunningSimulator


def lines(running: Running) -> list[str]:
    """Addresses, settings, demonstration filers, in Vietnamese and English."""
    simulators = running.simulators.values()
    return [
        "MÔ PHỎNG · SIMULATION",
        f"  bảng điều khiển · console  {running.address}/",
        *(line for each in simulators for line in _addresses(each)),
        f"  mật khẩu khoá · keys       {PASSWORD}",
        "Cấu hình · Configure:",
        *(line for each in simulators for line in _settings(each)),
        *_filers(next(iter(simulators))),
        "Nộp thử · File something:",
        *_filing(next(iter(simulators)), running.address),
        "Ctrl-C để dừng · Ctrl-C stops",
    ]


def _addresses(running: RunningSimulator[Any]) -> list[str]:
    title = running.agency.title
    pages = running.direct_address if running.trust_roots else running.address  # no browser trusts our roots
    return [
        f"{title.vi} · {title.en} ({running.agency.name})",
        f"  trang web · pages          {pages}/",
        f"  dịch vụ · services         {running.service_address}",
    ]


def _settings(running: RunningSimulator[Any]) -> list[str]:
    settings = dict(running.agency.settings(running.address))
    if running.trust_roots:
        settings["ca_file"] = str(running.trust_roots)
    key = f"{running.agency.name}.simulator"
    return [f'  govgateway config set {key}.{name} "{value}"' for name, value in settings.items()]


def _filing(running: RunningSimulator[Any], console: str) -> list[str]:
    """How to get a document that the agency accepts, and file it."""
    agency = running.agency
    *_, form = agency.forms()  # the newest version of a form stands behind the others
    return [
        f"  curl -o to-khai.xml {console}/api/agencies/{agency.name}/forms/{quote(form)}/sample",
        "  govgateway submit to-khai.xml --env simulator --wait",
    ]


def _filers(running: RunningSimulator[Any]) -> list[str]:
    """The demonstration filers; every agency has the same keys."""
    keys = {each: running.pki.taxpayer(each.tax_code, each.name).resolve() for each in TAXPAYERS.values()}
    return [f'  govgateway filer add {each.tax_code} --name "{each.name}" --key "{key}"' for each, key in keys.items()]
