"""The settings in force: what the file says, environment variables above it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from govgateway.configuration.checking import ensure_valid
from govgateway.configuration.endpoints import Endpoint, endpoints_of
from govgateway.configuration.file import read
from govgateway.configuration.filers import FilerProfile, filer_of
from govgateway.configuration.settings import PREFIX, SETTINGS, beside
from govgateway.configuration.showing import shown
from govgateway.configuration.trust import TrustFolder
from govgateway.errors import ConfigurationError, Text
from govgateway.filing import Environment

_ENDPOINT_VARIABLE = rf"{PREFIX}(\w+)_({'|'.join(Environment).upper()})_(\w+)"


_DEFAULTS = {"environment": Environment.SIMULATOR.value, "language": "vi", "revocation": "offline"}


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings in force. ``path`` is the file they come from, which need not exist.

    ``ledger_place`` is the ledger's file or address, None when it would lie beside a file that was named and is not
    there.
    """

    path: Path
    language: str
    environment: Environment
    ledger_place: str | None = field(repr=False)
    filers: Mapping[str, FilerProfile]
    endpoints: Mapping[tuple[str, Environment], Endpoint]
    values: Mapping[str, Any] = field(repr=False)

    @property
    def ledger(self) -> str:
        """The ledger's file or address.

        Raises ConfigurationError when GOVGATEWAY_CONFIG names a file that does not exist: a new ledger beside it would
        know of no filing, and the same return could be filed twice.
        """
        if self.ledger_place is None:
            raise ConfigurationError(
                Text(
                    f"Không có tệp cấu hình {self.path} mà {PREFIX}CONFIG nêu.",
                    f"The settings file {self.path}, which {PREFIX}CONFIG names, does not exist.",
                ),
                Text(
                    "Kiểm tra đường dẫn. Muốn bắt đầu mới với sổ cái trống: govgateway config set language vi",
                    "Check its path. To begin anew with an empty ledger: govgateway config set language en",
                ),
                where=str(self.path),
            )
        return self.ledger_place

    def endpoint(self, agency: str, environment: Environment) -> Endpoint:
        """How ``agency`` is reached in ``environment``. Raises ConfigurationError when no address is set."""
        found = self.endpoints.get((agency, environment))
        if found is None:
            raise ConfigurationError(
                Text(
                    f"Chưa cấu hình địa chỉ của {agency} cho môi trường {environment}.",
                    f"No address of {agency} is configured for the environment {environment}.",
                ),
                Text(
                    f"Đặt địa chỉ: govgateway config set {agency}.{environment}.address ĐỊA_CHỈ",
                    f"Set it: govgateway config set {agency}.{environment}.address ADDRESS",
                ),
                where=str(self.path),
            )
        return found

    def trust(self, agency: str, environment: Environment) -> Path | None:
        """The file of trusted roots for ``agency`` in ``environment``, set with or without an address."""
        entry = self.values.get(agency, {}).get(environment.value, {})
        return beside(self.path, entry.get("trust"))

    @property
    def trust_folder(self) -> TrustFolder:
        """The trusted authorities that ``govgateway trust`` keeps: in a folder beside the settings file."""
        return TrustFolder(self.path.parent / "trust")

    @property
    def asks_authorities(self) -> bool:
        """Whether authorities are asked for revocations without being told to each time."""
        return bool(self.values["revocation"] == "online")

    def shown(self) -> dict[str, str]:
        """Every value in force by its dotted key, secrets hidden: what ``config show`` prints."""
        return shown(self.values)


def default_path() -> Path:
    """Where the configuration lies: ``GOVGATEWAY_CONFIG``, else the user's configuration folder."""
    named = os.environ.get(f"{PREFIX}CONFIG")
    if named:
        return Path(named)
    from platformdirs import user_config_path

    return user_config_path("govgateway", appauthor=False) / "govgateway.toml"


def load(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Configuration:
    """Read the settings from ``path`` and ``environ`` (the process's own unless given).

    Raises ConfigurationError naming the key, for a file that is no TOML, an unknown key, a value of the wrong kind.
    """
    path = path or default_path()
    values = _with_environ(read(path), os.environ if environ is None else environ)
    lost = "ledger" not in values and os.environ.get(f"{PREFIX}CONFIG") and not path.exists()
    values = _DEFAULTS | {"ledger": _default_ledger(path)} | values
    ensure_valid(values, path)
    ledger = values["ledger"]
    return Configuration(
        path=path,
        language=values["language"],
        environment=Environment(values["environment"]),
        ledger_place=None if lost else ledger if "://" in ledger else str(path.parent / ledger),
        filers={code: filer_of(code, table, path) for code, table in values.get("filers", {}).items()},
        endpoints=dict(endpoints_of(values, path)),
        values=values,
    )


def _default_ledger(path: Path) -> str:
    if os.environ.get(f"{PREFIX}CONFIG"):
        return str(path.absolute().parent / "ledger.db")
    from platformdirs import user_data_path

    return str(user_data_path("govgateway", appauthor=False) / "ledger.db")


def _with_environ(values: dict[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    """``values`` with what ``environ`` sets above them: GOVGATEWAY_<SETTING>, GOVGATEWAY_<AGENCY>_<ENV>_<SETTING>."""
    for setting in SETTINGS:
        name = PREFIX + setting.name.upper()
        if name in environ:
            values[setting.name] = environ[name]
    for name, value in environ.items():
        named = re.fullmatch(_ENDPOINT_VARIABLE, name) if name.startswith(PREFIX) else None
        if named:
            agency, environment, setting_name = (part.lower() for part in named.groups())
            table = values.setdefault(agency, {})
            if isinstance(table, dict) and isinstance(table.setdefault(environment, {}), dict):
                table[environment][setting_name] = value
    return values
