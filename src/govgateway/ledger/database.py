"""Opening the database: SQLite on one machine, PostgreSQL beyond; its schema brought up to date first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError

from govgateway.errors import StorageError, Text

HEAD = "0001"
"""The migration that this version of the software works with."""

_DATABASES = {"sqlite", "postgresql"}
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
    """Turn the database's errors into StorageError, but for a broken unique rule; its own words stay in ``where``."""
    try:
        yield
    except IntegrityError:
        raise
    except (DBAPIError, OSError) as error:
        original = getattr(error, "orig", error)
        raise StorageError(
            Text("Không đọc hoặc ghi được sổ cái.", "The ledger cannot be read or written."),
            Text(
                "Kiểm tra dung lượng đĩa, quyền ghi và tệp sổ cái. Chưa có gì bị mất.",
                "Check the free space, your rights and the ledger file. Nothing is lost.",
            ),
            where=f"{without_password(location)} ({original})",
        ) from None


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
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


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
