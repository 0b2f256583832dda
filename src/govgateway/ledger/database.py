"""Opening the database: SQLite on one machine, PostgreSQL beyond; its schema brought up to date first."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError

from govgateway.errors import StorageError, Text

HEAD = "0001"
"""The migration that this version of the software works with."""

_BUSY_SECONDS = 30


def open_engine(location: str) -> Engine:
    """An engine on the ledger at ``location``, a file path or a database URL, its schema at HEAD.

    Raises StorageError when it cannot be opened, is no ledger, or was made by a newer version.
    """
    with storage_errors(location):
        engine = _engine(location)
        present = _version(engine)
        if present == HEAD:
            return engine
        if present is not None and present > HEAD:
            engine.dispose()
            raise _newer(location)
        _migrate(engine, location, present)
        return engine


@contextmanager
def storage_errors(location: str) -> Iterator[None]:
    """Turn the database's errors into StorageError; the database's own words stay in ``where``."""
    try:
        yield
    except (DBAPIError, OSError) as error:
        original = getattr(error, "orig", error)
        raise StorageError(
            Text("Không đọc hoặc ghi được sổ cái.", "The ledger cannot be read or written."),
            Text(
                "Kiểm tra dung lượng đĩa, quyền ghi và tệp sổ cái. Chưa có gì bị mất.",
                "Check the free space, your rights and the ledger file. Nothing is lost.",
            ),
            where=f"{location} ({original})",
        ) from None


def _engine(location: str) -> Engine:
    if "://" in location:
        return create_engine(location)
    path = Path(location)
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": _BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


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


def _migrate(engine: Engine, location: str, present: str | None) -> None:
    """Bring the schema to HEAD, keeping a copy of an older SQLite file beside it first."""
    if present is not None and "://" not in location:
        shutil.copy2(location, f"{location}.before-{HEAD}")
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
        where=location,
    )
