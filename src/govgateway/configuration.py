"""Settings of an installation: one TOML file, environment variables above it.

    environment = "simulator"                # where filings go unless a command says otherwise
    language = "vi"

    [filers.9900000016]
    name = "Sở Xây dựng tỉnh An Hoà"
    key = "9900000016.p12"                   # relative to this file

    [etax.simulator]
    address = "http://127.0.0.1:8700/ihtkk_van"
    username = "tvan"
    password = "…"
    trust = "trust.pem"

Every value may come from the environment instead: ``GOVGATEWAY_ENVIRONMENT``, ``GOVGATEWAY_ETAX_SIMULATOR_PASSWORD``.
All settings are described in SETTINGS, ENDPOINT_SETTINGS and FILER_SETTINGS; docs/configuration.md lists them.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from govgateway.connector import Secret
from govgateway.errors import ConfigurationError, StorageError, Text
from govgateway.filing import Environment

PREFIX = "GOVGATEWAY_"


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of the file: what it is for, whether ``config show`` hides it."""

    name: str
    about: Text
    secret: bool = False


SETTINGS = (
    Setting("environment", Text("môi trường mặc định", "environment used unless a command names one")),
    Setting("language", Text("ngôn ngữ: vi hoặc en", "language of messages: vi or en")),
    Setting("ledger", Text("tệp sổ cái hoặc địa chỉ PostgreSQL", "ledger file, or address of a PostgreSQL database")),
)
ENDPOINT_SETTINGS = (
    Setting("address", Text("địa chỉ dịch vụ", "base address of the service")),
    Setting("username", Text("tài khoản kết nối", "user name for the service")),
    Setting("password", Text("mật khẩu kết nối", "password for the service"), secret=True),
    Setting("trust", Text("chứng thư gốc tin cậy (PEM)", "trusted root certificates of signatures (PEM)")),
    Setting("ca_file", Text("chứng thư gốc TLS (PEM)", "root certificates for TLS instead of the system's (PEM)")),
    Setting("settings", Text("thiết lập riêng của cơ quan (bảng)", "the connector's own settings (a table)")),
    Setting("plain_http", Text("cho phép http không mã hoá (true/false)", "allow http without TLS (true/false)")),
)
FILER_SETTINGS = (
    Setting("name", Text("tên đơn vị", "name of the organisation")),
    Setting("key", Text("tệp khoá ký (.p12, .pfx, .pem)", "file with the signing key (.p12, .pfx, .pem)")),
)


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
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FilerProfile:
    """An organisation that files. ``key`` is its key file, None when it is named at signing."""

    tax_code: str
    name: str
    key: Path | None = None


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings in force. ``path`` is the file they come from, which need not exist."""

    path: Path
    language: str
    environment: Environment
    ledger: str
    filers: Mapping[str, FilerProfile]
    endpoints: Mapping[tuple[str, Environment], Endpoint]
    values: Mapping[str, Any]

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
        return _beside(self.path, entry.get("trust"))

    def shown(self) -> dict[str, str]:
        """Every value in force by its dotted key, secrets hidden: what ``config show`` prints."""
        flat = dict(_flatten(self.values))
        return {key: str(Secret("")) if _is_secret(key) and value else str(value) for key, value in flat.items()}


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
    values = _with_environ(_read(path), os.environ if environ is None else environ)
    environment = _environment(values.setdefault("environment", Environment.SIMULATOR.value), "environment", path)
    language = values.setdefault("language", "vi")
    if language not in ("vi", "en"):
        raise _wrong(path, "language", Text("phải là vi hoặc en", "must be vi or en"))
    ledger = values.setdefault("ledger", str(_default_ledger(path)))
    return Configuration(
        path=path,
        language=language,
        environment=environment,
        ledger=ledger if "://" in ledger else str(path.parent / ledger),
        filers={code: _filer(code, table, path) for code, table in values.get("filers", {}).items()},
        endpoints=dict(_endpoints(values, path)),
        values=values,
    )


def store(path: Path, key: str, value: str | bool) -> None:
    """Set the dotted ``key`` in the file at ``path``, keeping its comments and order; the file is replaced whole.

    Raises ConfigurationError, and writes nothing, when the file would no longer be valid.
    """
    import tomlkit

    text = _text(path)
    document = tomlkit.parse(text)
    *tables, last = key.split(".")
    table: Any = document
    for name in tables:
        table = table.setdefault(name, tomlkit.table())
    table[last] = value
    _replace(path, tomlkit.dumps(document))


def _replace(path: Path, text: str) -> None:
    """Write ``text`` beside ``path``, prove that it can be loaded, then take its place; only the owner may read it."""
    beside = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.touch(mode=0o600)
        beside.write_text(text, encoding="utf-8")
        load(beside, {})
        beside.replace(path)
    except ConfigurationError as error:
        error.where = str(path)
        raise
    except OSError as error:
        raise StorageError(
            Text(f"Không ghi được tệp cấu hình {path}.", f"The configuration {path} cannot be written."),
            Text("Kiểm tra quyền ghi và dung lượng đĩa.", "Check your right to write there and the free space."),
            where=f"{path} ({type(error).__name__})",
        ) from None
    finally:
        beside.unlink(missing_ok=True)


def _default_ledger(path: Path) -> Path:
    if os.environ.get(f"{PREFIX}CONFIG"):
        return path.parent / "ledger.db"
    from platformdirs import user_data_path

    return user_data_path("govgateway", appauthor=False) / "ledger.db"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            Text(f"Không đọc được tệp cấu hình {path}.", f"The configuration {path} cannot be read."),
            Text("Tệp phải là văn bản UTF-8 và đọc được.", "It must be readable UTF-8 text."),
            where=f"{path} ({type(error).__name__})",
        ) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        place = str(error).partition("(at ")[2].rstrip(")")
        raise ConfigurationError(
            Text(f"Tệp cấu hình {path} sai cú pháp TOML.", f"The configuration {path} is no valid TOML."),
            Text("Sửa dòng được nêu.", "Correct the line named."),
            where=f"{path}, {place}",
        ) from None


def _with_environ(values: dict[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    """``values`` with what ``environ`` sets above them: GOVGATEWAY_<SETTING>, GOVGATEWAY_<AGENCY>_<ENV>_<SETTING>."""
    for setting in SETTINGS:
        name = PREFIX + setting.name.upper()
        if name in environ:
            values[setting.name] = environ[name]
    for name, value in environ.items():
        for environment in Environment:
            agency, between, last = name.removeprefix(PREFIX).lower().partition(f"_{environment}_")
            if name.startswith(PREFIX) and between and last in {each.name for each in ENDPOINT_SETTINGS}:
                values.setdefault(agency, {}).setdefault(environment.value, {})[last] = value
    return values


def _endpoints(values: dict[str, Any], path: Path) -> Iterable[tuple[tuple[str, Environment], Endpoint]]:
    plain = {setting.name for setting in SETTINGS} | {"filers"}
    for agency, table in values.items():
        if agency in plain:
            continue
        if not isinstance(table, dict):
            raise _unknown(path, agency, plain)
        for name, entry in table.items():
            environment = _environment(name, f"{agency}.{name}", path)
            _ensure_known(entry, ENDPOINT_SETTINGS, f"{agency}.{name}", path)
            if entry.get("address"):
                yield (agency, environment), _endpoint(agency, environment, entry, path)


def _endpoint(agency: str, environment: Environment, entry: dict[str, Any], path: Path) -> Endpoint:
    return Endpoint(
        agency=agency,
        environment=environment,
        address=str(entry["address"]).rstrip("/"),
        username=str(entry.get("username", "")),
        password=Secret(str(entry.get("password", ""))),
        trust=_beside(path, entry.get("trust")),
        ca_file=_beside(path, entry.get("ca_file")),
        plain_http=str(entry.get("plain_http", "false")).lower() == "true",
        settings={str(key): str(value) for key, value in entry.get("settings", {}).items()},
    )


def _filer(code: str, entry: Any, path: Path) -> FilerProfile:
    _ensure_known(entry, FILER_SETTINGS, f"filers.{code}", path)
    return FilerProfile(tax_code=code, name=str(entry.get("name", "")), key=_beside(path, entry.get("key")))


def _beside(path: Path, value: object) -> Path | None:
    return path.parent / str(value) if value else None


def _environment(value: object, key: str, path: Path) -> Environment:
    try:
        return Environment(str(value))
    except ValueError:
        names = ", ".join(Environment)
        raise _wrong(path, key, Text(f"môi trường phải là một trong {names}", f"must be one of {names}")) from None


def _ensure_known(entry: Any, settings: Iterable[Setting], key: str, path: Path) -> None:
    if not isinstance(entry, dict):
        raise _wrong(path, key, Text("phải là một bảng TOML", "must be a TOML table"))
    names = {setting.name for setting in settings}
    for name, value in entry.items():
        if name not in names:
            raise _unknown(path, f"{key}.{name}", names)
        if not isinstance(value, dict if name == "settings" else str | bool):
            raise _wrong(path, f"{key}.{name}", Text("phải là chuỗi trong ngoặc kép", "must be a quoted text"))


def _unknown(path: Path, key: str, known: Iterable[str]) -> ConfigurationError:
    near = get_close_matches(key.rpartition(".")[2], list(known), n=1)
    return ConfigurationError(
        Text(f"Không có khoá cấu hình '{key}'.", f"There is no setting '{key}'."),
        Text(f"Có phải là '{near[0]}'?", f"Did you mean '{near[0]}'?")
        if near
        else Text("Xem docs/configuration.md.", "See docs/configuration.md."),
        where=str(path),
    )


def _wrong(path: Path, key: str, why: Text) -> ConfigurationError:
    return ConfigurationError(
        Text(f"Giá trị của '{key}' không hợp lệ: {why.vi}.", f"The value of '{key}' is not allowed: {why.en}."),
        Text("Sửa tệp cấu hình hoặc biến môi trường.", "Correct the file or the environment variable."),
        where=str(path),
    )


def _flatten(values: Mapping[str, Any], above: str = "") -> Iterable[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def _is_secret(key: str) -> bool:
    return key.rpartition(".")[2] in {setting.name for setting in ENDPOINT_SETTINGS if setting.secret}
