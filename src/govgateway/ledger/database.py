"""Opening the database: SQLite on one machine, PostgreSQL beyond; its schema brought up to date first."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError

from govgateway.causes import BUSY, DEVICE_FAILED, DISK_FULL, NO_PERMISSION, cause_of
from govgateway.errors import StorageError, Text

HEAD = "0001"
"""The migration that this version of the software works with."""

_DATABASES = {"sqlite", "postgresql"}
_SQLITE = {
    sqlite3.SQLITE_PERM: NO_PERMISSION,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_READONLY: NO_PERMISSION,
    sqlite3.SQLITE_IOERR: DEVICE_FAILED,
    sqlite3.SQLITE_CORRUPT: Text("tệp bị hỏng", "the file is damaged"),
    sqlite3.SQLITE_FULL: DISK_FULL,
    sqlite3.SQLITE_CANTOPEN: Text(
        "không mở được tệp: không có quyền, hoặc đó là một thư mục",
        "the file cannot be opened: you have no permission, or it is a folder",
    ),
    sqlite3.SQLITE_NOTADB: Text("tệp không phải là sổ cái", "the file is no ledger"),
}
_POSTGRESQL = {
    "08": Text(
        "không kết nối được máy chủ, hoặc máy chủ không nhận tài khoản",
        "the server cannot be reached, or does not take the account",
    ),
    "28": Text("máy chủ không nhận tài khoản", "the server does not take the account"),
    "3D000": Text("máy chủ không có cơ sở dữ liệu này", "the server has no such database"),
    "42501": NO_PERMISSION,
    "53100": DISK_FULL,
    "53300": Text("máy chủ có quá nhiều kết nối", "the server has too many connections"),
    "57": Text("máy chủ đang dừng", "the server is shutting down"),
}
"""By SQLSTATE, or the class that it begins with."""
_PRAGMAS = ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")


def open_engine(location: str) -> Engine:
    """An engine on the ledger at ``location``, a file path or a database URL, its schema at HEAD.

    Raises StorageError when it cannot be opened, is no ledger, or was made by a newer version.
    """
    engine = _engine(location)
    try:
        with storage_errors(location):
            present = _version(engine)
            if present is None:
                _migrate(engine)
        if present not in {None, HEAD}:
            raise _newer(location)
    except StorageError:
        engine.dispose()
        raise
    return engine


@contextmanager
def storage_errors(location: str) -> Iterator[None]:
    """Turn the database's errors into StorageError, but for a broken unique rule; its own words go to the log only."""
    try:
        yield
    except IntegrityError:
        raise
    except (DBAPIError, OSError) as error:
        original = error.orig if isinstance(error, DBAPIError) else error
        logging.getLogger(__name__).info("%s: %s", without_password(location), original)
        cause = cause_of(original) if isinstance(original, OSError) else _database_cause(original)
        raise StorageError(
            Text(f"Không đọc hoặc ghi được sổ cái: {cause.vi}.", f"The ledger cannot be read or written: {cause.en}."),
            Text(
                "Kiểm tra dung lượng đĩa, quyền ghi và tệp sổ cái. Chưa có gì bị mất.",
                "Check the free space, your rights and the ledger file. Nothing is lost.",
            ),
            where=without_password(location),
        ) from None


def _database_cause(error: BaseException | None) -> Text:
    """What a database's own error means: SQLite tells by its primary result code, PostgreSQL by SQLSTATE."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        return _SQLITE.get(code & 0xFF, Text(f"SQLite báo lỗi số {code}", f"SQLite reports error {code}"))
    state = getattr(error, "sqlstate", None)
    if state is None:  # it did not come as far as a server's answer
        return _POSTGRESQL["08"]
    other = Text(f"cơ sở dữ liệu báo lỗi {state}", f"the database reports error {state}")
    return _POSTGRESQL.get(state, _POSTGRESQL.get(state[:2], other))


def without_password(location: str) -> str:
    """``location`` as it may be shown: of a database URL neither user, password nor options."""
    scheme, separator, rest = location.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}" if separator else location


def _engine(location: str) -> Engine:
    if "://" in location:
        engine = _by_url(location)
    else:
        with storage_errors(location):
            Path(location).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(URL.create("sqlite", database=location))
    if engine.dialect.name == "sqlite":
        with storage_errors(location):
            _make_private(engine.url.database)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_private(database: str | None) -> None:
    """Make the file of a new ledger so that only its owner may read it; SQLite gives its companions the same rights."""
    if database and database != ":memory:":
        with suppress(FileExistsError):
            Path(database).touch(mode=0o600, exist_ok=False)


def _by_url(location: str) -> Engine:
    try:
        # With a second @ a part of the password would be taken for the host, and shown.
        engine = create_engine(location) if location.count("@") <= 1 else None
    except (ArgumentError, ImportError, ValueError):
        engine = None
    if engine is None or engine.dialect.name not in _DATABASES:
        raise StorageError(
            Text("Địa chỉ sổ cái không dùng được.", "The address of the ledger cannot be used."),
            Text(
                "Ví dụ: postgresql+psycopg://người_dùng:mật_khẩu@máy/cơ_sở_dữ_liệu (@ trong mật khẩu viết là %40), "
                "sau khi cài govgateway[postgres].",
                "Such as: postgresql+psycopg://user:password@host/database (an @ in the password is written %40), "
                "once govgateway[postgres] is installed.",
            ),
            where=without_password(location),
        )
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that begins reading and then wants to write fails at once when another one writes, busy time-out or
    # not: those that write say so from the start.
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _version(engine: Engine) -> str | None:
    if not inspect(engine).has_table("alembic_version"):
        return None
    with engine.connect() as connection:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(engine: Engine) -> None:
    """Bring the schema to HEAD in one transaction; whoever comes second waits, and finds nothing left to do."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, HEAD)


def _newer(location: str) -> StorageError:
    return StorageError(
        Text("Sổ cái do phiên bản mới hơn tạo ra.", "The ledger was made by a newer version."),
        Text("Cập nhật govgateway rồi mở lại.", "Update govgateway, then open it again."),
        where=without_password(location),
    )
