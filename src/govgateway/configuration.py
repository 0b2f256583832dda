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
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from govgateway.causes import cause_of
from govgateway.connector import Secret
from govgateway.errors import ConfigurationError, StorageError, Text
from govgateway.filing import Environment

PREFIX = "GOVGATEWAY_"
_ENDPOINT_VARIABLE = rf"{PREFIX}(\w+)_({'|'.join(Environment).upper()})_(\w+)"
_PASSWORDS_IN_ADDRESS = (r"(://[^:/@]*:).+(?=@)", r"(?i)([?&]\w*(?:password|secret|token|key)\w*=)[^&]+")


class Setting(NamedTuple):
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
    Setting("obligations", Text("nghĩa vụ kê khai (danh sách)", "what it has to declare (a list)")),
    Setting("since", Text("kê khai qua govgateway từ ngày", "first day from which it files with govgateway")),
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
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class FilerProfile:
    """An organisation that files. ``key`` is its key file, None when it is named at signing.

    ``obligations`` are what it has to declare, by the names that its agencies' connectors give them; it files with
    govgateway ``since`` that day, None when it is not told.
    """

    tax_code: str
    name: str
    key: Path | None = None
    obligations: tuple[str, ...] = ()
    since: date | None = None


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
        return _beside(self.path, entry.get("trust"))

    def shown(self) -> dict[str, str]:
        """Every value in force by its dotted key, secrets hidden: what ``config show`` prints."""
        return {key: _shown(key, str(value)) for key, value in _flatten(self.values)}


def looks_secret(name: str) -> bool:
    """Whether ``name`` is one that people give to a secret."""
    return any(word in name.lower() for word in ("password", "secret", "token", "key"))


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
    lost = "ledger" not in values and os.environ.get(f"{PREFIX}CONFIG") and not path.exists()
    values = {"environment": Environment.SIMULATOR.value, "language": "vi", "ledger": _default_ledger(path)} | values
    _ensure_valid(values, path)
    ledger = values["ledger"]
    return Configuration(
        path=path,
        language=values["language"],
        environment=Environment(values["environment"]),
        ledger_place=None if lost else ledger if "://" in ledger else str(path.parent / ledger),
        filers={code: _filer(code, table, path) for code, table in values.get("filers", {}).items()},
        endpoints=dict(_endpoints(values, path)),
        values=values,
    )


def store(path: Path, values: Mapping[str, str | list[str]]) -> None:
    """Set ``values`` by dotted key in the file at ``path``, keeping its comments and order; it is replaced once, whole.

    Raises ConfigurationError, and writes nothing, when the file is or would be no valid one.
    """
    import tomlkit

    _read(path)
    document = tomlkit.parse(_text(path))
    for key, value in values.items():
        *tables, last = key.split(".")
        table: Any = document
        for name in tables:
            table = table.setdefault(name, tomlkit.table(is_super_table=name != tables[-1]))
            if not isinstance(table, dict):
                raise _unknown(path, key, (setting.name for setting in SETTINGS))
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
        cause = cause_of(error)
        raise StorageError(
            Text(
                f"Không ghi được tệp cấu hình {path}: {cause.vi}.",
                f"The configuration {path} cannot be written: {cause.en}.",
            ),
            Text("Kiểm tra quyền ghi và dung lượng đĩa.", "Check your right to write there and the free space."),
            where=str(path),
        ) from None
    finally:
        beside.unlink(missing_ok=True)


def _default_ledger(path: Path) -> str:
    if os.environ.get(f"{PREFIX}CONFIG"):
        return str(path.absolute().parent / "ledger.db")
    from platformdirs import user_data_path

    return str(user_data_path("govgateway", appauthor=False) / "ledger.db")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        cause = cause_of(error) if isinstance(error, OSError) else Text("không phải UTF-8", "it is not UTF-8")
        raise ConfigurationError(
            Text(
                f"Không đọc được tệp cấu hình {path}: {cause.vi}.",
                f"The configuration {path} cannot be read: {cause.en}.",
            ),
            Text("Tệp phải là văn bản UTF-8 và đọc được.", "It must be readable UTF-8 text."),
            where=str(path),
        ) from None


def _read(path: Path) -> dict[str, Any]:
    text = _text(path)
    if not text:
        return {}
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _place(str(error))
        raise ConfigurationError(
            Text(
                f"Tệp cấu hình {path} sai cú pháp TOML: {place.vi}.",
                f"The configuration {path} is no TOML: {place.en}.",
            ),
            Text("Sửa chỗ được nêu.", "Correct the place named."),
            where=str(path),
        ) from None


def _place(said: str) -> Text:
    """Where the TOML reader stopped, from what it ``said`` in English."""
    found = re.search(r"line (\d+), column (\d+)", said)
    if found is None:
        return Text("ở cuối tệp", "at its end")
    return Text(f"dòng {found[1]}, cột {found[2]}", f"line {found[1]}, column {found[2]}")


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


def _ensure_valid(values: Mapping[str, Any], path: Path) -> None:
    """Raise ConfigurationError naming the first key that there is none of, or whose value is of the wrong kind."""
    plain = {setting.name for setting in SETTINGS}
    for name, value in values.items():
        if name in plain:
            _ensure_text(value, name, path)
        elif not isinstance(value, dict) and name != "filers":
            raise _unknown(path, name, plain)
        else:
            _ensure_tables(name, value, path)
    _ensure_environment(values["environment"], "environment", path)
    if values["language"] not in ("vi", "en"):
        raise _wrong(path, "language", Text("phải là vi hoặc en", "must be vi or en"))
    if not values["ledger"]:
        raise _wrong(path, "ledger", Text("không được để trống", "must not be empty"))


def _ensure_tables(name: str, value: Any, path: Path) -> None:
    """The tables below ``filers`` are those of filers, below an agency those of its environments."""
    if not isinstance(value, dict):
        raise _wrong(path, name, Text("phải là một bảng TOML", "must be a TOML table"))
    for below, entry in value.items():
        if name != "filers":
            _ensure_environment(below, f"{name}.{below}", path)
        _ensure_known(entry, FILER_SETTINGS if name == "filers" else ENDPOINT_SETTINGS, f"{name}.{below}", path)


def _endpoints(values: dict[str, Any], path: Path) -> Iterable[tuple[tuple[str, Environment], Endpoint]]:
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
        trust=_beside(path, entry.get("trust")),
        ca_file=_beside(path, entry.get("ca_file")),
        plain_http=str(entry.get("plain_http", "false")).lower() == "true",
        settings={str(key): str(value) for key, value in entry.get("settings", {}).items()},
    )


def _filer(code: str, entry: dict[str, Any], path: Path) -> FilerProfile:
    return FilerProfile(
        tax_code=code,
        name=str(entry.get("name", "")),
        key=_beside(path, entry.get("key")),
        obligations=tuple(entry.get("obligations", ())),
        since=date.fromisoformat(str(entry["since"])) if "since" in entry else None,
    )


def _beside(path: Path, value: object) -> Path | None:
    return path.parent / str(value) if value else None


def _ensure_environment(value: object, key: str, path: Path) -> None:
    names = ", ".join(Environment)
    if value not in list(Environment):
        raise _wrong(path, key, Text(f"môi trường phải là một trong {names}", f"must be one of {names}"))


def _ensure_known(entry: Any, settings: Iterable[Setting], key: str, path: Path) -> None:
    if not isinstance(entry, dict):
        raise _wrong(path, key, Text("phải là một bảng TOML", "must be a TOML table"))
    names = {setting.name for setting in settings}
    for name, value in entry.items():
        if name not in names:
            raise _unknown(path, f"{key}.{name}", names)
        _KINDS.get(name, _ensure_text)(value, f"{key}.{name}", path)


def _ensure_text(value: object, key: str, path: Path) -> None:
    if not isinstance(value, str):
        raise _wrong(path, key, Text("phải là chuỗi trong ngoặc kép", "must be a quoted text"))


def _ensure_texts(value: object, key: str, path: Path) -> None:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _wrong(path, key, Text('phải là danh sách chuỗi: ["…", "…"]', 'must be a list of texts: ["…", "…"]'))


def _ensure_day(value: object, key: str, path: Path) -> None:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        raise _wrong(path, key, Text("phải là ngày dạng 2026-07-01", "must be a day such as 2026-07-01")) from None


def _ensure_scalars(value: object, key: str, path: Path) -> None:
    if not isinstance(value, dict) or any(isinstance(each, dict | list) for each in value.values()):
        raise _wrong(path, key, Text("phải là một bảng gồm các giá trị đơn", "must be a table of single values"))


def _ensure_truth(value: object, key: str, path: Path) -> None:
    if str(value).lower() not in {"true", "false"}:
        raise _wrong(path, key, Text("phải là true hoặc false", "must be true or false"))


def _ensure_address(value: object, key: str, path: Path) -> None:
    if not isinstance(value, str) or not re.fullmatch(r"(https?://[^\s/]+\S*)?", value):
        raise _wrong(path, key, Text("phải là địa chỉ http:// hoặc https://", "must be an http:// or https:// address"))


_KINDS: Mapping[str, Callable[[object, str, Path], None]] = {
    "address": _ensure_address,
    "obligations": _ensure_texts,
    "plain_http": _ensure_truth,
    "settings": _ensure_scalars,
    "since": _ensure_day,
}
"""Settings that are more than a text."""


def _unknown(path: Path, key: str, known: Iterable[str]) -> ConfigurationError:
    from difflib import get_close_matches

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


def _shown(key: str, value: str) -> str:
    """``value`` as it may be seen: a secret is blotted out, and so is the password within an address."""
    table, _, name = key.rpartition(".")
    own = table.endswith(".settings") and looks_secret(name)
    if value and (own or name in {setting.name for setting in ENDPOINT_SETTINGS if setting.secret}):
        return str(Secret(""))
    for pattern in _PASSWORDS_IN_ADDRESS:
        value = re.sub(pattern, lambda found: f"{found[1]}{Secret('')}", value)
    return value
