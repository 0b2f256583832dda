"""How agencies are reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from govgateway.configuration.settings import beside
from govgateway.connector import Secret
from govgateway.filing import Environment


@dataclass(frozen=True, slots=True)
class Endpoint:
    """How one agency is reached in one environment. ``trust`` and ``ca_file`` are PEM files or None."""

    agency: str
    environment: Environment
    address: str
    username: str = ""
    password: Secret = field(default=Secret(""))
    trust: Path | None = None
    ca_file: Path | None = None
    plain_http: bool = False
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)


def endpoints_of(values: Mapping[str, Any], path: Path) -> Iterator[tuple[tuple[str, Environment], Endpoint]]:
    """Every endpoint with an address in the settings at ``path``."""
    for agency, table in values.items():
        if isinstance(table, dict) and agency != "filers":
            for name, entry in table.items():
                if entry.get("address"):
                    yield (agency, Environment(name)), _endpoint(agency, Environment(name), entry, path)


def _endpoint(agency: str, environment: Environment, entry: dict[str, Any], path: Path) -> Endpoint:
    return Endpoint(
        agency=agency,
        environment=environment,
        address=str(entry["address"]).rstrip("/"),
        username=str(entry.get("username", "")),
        password=Secret(str(entry.get("password", ""))),
        trust=beside(path, entry.get("trust")),
        ca_file=beside(path, entry.get("ca_file")),
        plain_http=str(entry.get("plain_http", "false")).lower() == "true",
        settings={str(key): str(value) for key, value in entry.get("settings", {}).items()},
    )
