"""Opening a ledger: made from nothing, refused when it is no ledger, and told in our words when the disk will not."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from clocks import Clock
from govgateway import StorageError
from govgateway.ledger import tables
from govgateway.ledger.database import HEAD, open_engine, storage_errors
from govgateway.ledger.ledger import Ledger
from ledgers import new_filing, obligation
from samples import ROOT

PASSWORD = "s3cr3t-mật-khẩu"


def test_a_new_ledger_is_made_with_its_folders(tmp_path: Path) -> None:
    place = tmp_path / "sổ cái 100%?" / "năm #1" / "ledger.db"
    with Ledger(str(place), Clock()) as ledger:
        ledger.register(new_filing(), b"phieu")
    assert place.exists()
    with Ledger(str(place), Clock()) as ledger:
        assert len(ledger.filings()) == 1


def test_the_migrations_make_exactly_the_tables_of_the_code(tmp_path: Path) -> None:
    engine = open_engine(str(tmp_path / "ledger.db"))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, tables.metadata) == []
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD
    engine.dispose()


@pytest.mark.parametrize("form", ["{}", "sqlite:///{}"])
def test_every_write_is_on_the_disk_before_it_counts(tmp_path: Path, form: str) -> None:
    engine = open_engine(form.format(tmp_path / "ledger.db"))
    with engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30000}


def test_a_ledger_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    place = str(tmp_path / "ledger.db")
    open_engine(place).dispose()
    with closing(sqlite3.connect(place)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '0099'")
        raw.commit()
    before = Path(place).read_bytes()
    with pytest.raises(StorageError) as refused:
        open_engine(place)
    assert "phiên bản mới hơn" in refused.value.message.vi
    assert refused.value.where == place
    assert Path(place).read_bytes() == before


@pytest.mark.parametrize("content", [b"This is no database, but long enough to have a header. " * 40, b"\x00" * 5000])
def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "ledger.db"
    place.write_bytes(content)
    with pytest.raises(StorageError) as refused:
        open_engine(str(place))
    assert refused.value.where == str(place)
    assert "tệp không phải là sổ cái" in refused.value.message.vi
    assert place.read_bytes() == content


def test_a_folder_or_a_place_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path, tmp_path / "file" / "ledger.db"):
        with pytest.raises(StorageError) as refused:
            open_engine(str(place))
        assert str(place) in refused.value.where


@pytest.mark.parametrize(
    ("location", "cause"),
    [
        ("folder", "hoặc đó là một thư mục"),
        ("file/ledger.db", "đường dẫn đi qua một tệp"),
        ("postgresql+psycopg://127.0.0.1:1/ledger", "không kết nối được máy chủ"),
    ],
)
def test_a_cause_is_told_in_our_words_and_the_librarys_go_to_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, location: str, cause: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("file").touch()
    with caplog.at_level("INFO"), pytest.raises(StorageError) as refused:
        open_engine(location)
    assert cause in refused.value.message.vi
    assert refused.value.where == location
    assert any(each.levelname == "INFO" and location in each.getMessage() for each in caplog.records)


class _DatabaseError(Exception):
    def __init__(self, **codes: object) -> None:
        super().__init__("a library's own words")
        vars(self).update(codes)


@pytest.mark.parametrize(
    ("codes", "cause"),
    [
        ({"sqlite_errorcode": sqlite3.SQLITE_IOERR | 3 << 8}, "thiết bị lưu trữ báo lỗi"),
        ({"sqlite_errorcode": sqlite3.SQLITE_FULL}, "hết dung lượng đĩa"),
        ({"sqlite_errorcode": sqlite3.SQLITE_MISUSE}, "SQLite báo lỗi số 21"),
        ({"sqlstate": "53100"}, "hết dung lượng đĩa"),
        ({"sqlstate": "57P01"}, "máy chủ đang dừng"),
        ({"sqlstate": "22P02"}, "cơ sở dữ liệu báo lỗi 22P02"),
        ({"sqlstate": None}, "không kết nối được máy chủ"),
    ],
)
def test_what_a_database_reports_while_it_works(codes: dict[str, object], cause: str) -> None:
    with pytest.raises(StorageError) as refused, storage_errors("ledger.db"):
        raise OperationalError("SELECT 1", {}, _DatabaseError(**codes))
    assert cause in refused.value.message.vi
    assert "library" not in refused.value.message.vi + refused.value.message.en + refused.value.where


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way")
@pytest.mark.parametrize("form", ["{}", "sqlite:///{}"])
def test_only_the_owner_may_read_a_new_ledger(tmp_path: Path, form: str) -> None:
    place = tmp_path / "ledger.db"
    with Ledger(form.format(place), Clock()) as ledger:
        ledger.register(new_filing(), b"phieu")
        rights = {each.name: stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()}
    assert rights == dict.fromkeys(("ledger.db", "ledger.db-wal", "ledger.db-shm"), 0o600)


_READ_ONLY = """
import os, sys
from clocks import Clock
from govgateway import StorageError
from govgateway.ledger.ledger import Ledger
from ledgers import new_filing
Ledger(sys.argv[1], Clock()).close()  # so that everything is imported
if os.geteuid() == 0:
    os.seteuid(65534)
try:
    Ledger(sys.argv[2], Clock()).register(new_filing(), b"phieu")
except StorageError as error:
    print(error.code, error.message.en, error.where)
"""


def _run(program: str, *arguments: str) -> str:
    paths = os.pathsep.join(str(ROOT / each) for each in ("tests", "src"))
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(os.name != "posix", reason="rights are set otherwise there")
def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "read-only"
    folder.mkdir()
    folder.chmod(0o555)
    for each in (tmp_path, *tmp_path.parents[:2]):
        each.chmod(0o755)
    said = _run(_READ_ONLY, str(tmp_path / "first.db"), str(folder / "ledger.db"))
    assert said.startswith("GG-003 The ledger cannot be read or written: you have no permission.")
    assert str(folder) in said
    assert list(folder.iterdir()) == []


_DISK_FULL = """
import resource, sys
from clocks import Clock
from govgateway import StorageError
from govgateway.ledger.ledger import Ledger
from ledgers import new_filing, obligation
with Ledger(sys.argv[1], Clock()) as ledger:
    ledger.register(new_filing(obligation("1")), b"small")
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
    try:
        ledger.register(new_filing(obligation("2")), b"x" * 4_000_000)
    except StorageError as error:
        print(error.code, error.retryable)
    print(len(ledger.filings()))
    ledger.register(new_filing(obligation("3")), b"small again")
    print(len(ledger.filings()))
"""


@pytest.mark.skipif(os.name != "posix", reason="no limit on a file's size there")
def test_on_a_full_disk_nothing_is_lost_and_it_goes_on_afterwards(tmp_path: Path) -> None:
    place = str(tmp_path / "ledger.db")
    assert _run(_DISK_FULL, place).split() == ["GG-003", "True", "1", "2"]
    with Ledger(place, Clock()) as ledger:
        assert {each.key.period for each in ledger.filings()} == {"1", "3"}
        assert all(ledger.chain_holds(each.id) for each in ledger.filings())
        assert ledger.register(new_filing(obligation("2")), b"x" * 4_000_000).created


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql+psycopg://user:{PASSWORD}@127.0.0.1:1/ledger",
        f"postgresql+psycopg://user:{PASSWORD}@no.such.host.invalid/ledger",
        f"nonsense://user:{PASSWORD}@host/ledger",
        f"postgresql+nonsense://user:{PASSWORD}@host/ledger",
        f"://user:{PASSWORD}@host/ledger",
        f"postgresql://user:{PASSWORD}@host:port/ledger",
        f"postgresql+psycopg://user:{PASSWORD}@s3cr3t@127.0.0.1:1/ledger",
        f"postgresql+psycopg://127.0.0.1:1/ledger?user=user&password={PASSWORD}",
    ],
)
def test_the_password_of_a_database_is_in_no_error(address: str) -> None:
    with pytest.raises(StorageError) as refused:
        open_engine(address)
    error = refused.value
    for said in (str(error), repr(error), error.where, error.message.vi, error.remedy.en):
        assert "s3cr3t" not in said
        assert PASSWORD not in said


def test_an_address_that_leads_to_no_ledger_says_what_one_looks_like() -> None:
    for address in ("nonsense://host/ledger", "oracle://host/ledger", "mysql+pymysql://host/ledger"):
        with pytest.raises(StorageError) as refused:
            open_engine(address)
        assert "postgresql+psycopg://" in refused.value.remedy.vi
        assert refused.value.where == address


def test_the_database_does_not_hang_on_to_a_file_that_was_refused(tmp_path: Path) -> None:
    place = tmp_path / "ledger.db"
    place.write_bytes(b"no database" * 500)
    with pytest.raises(StorageError):
        open_engine(str(place))
    place.unlink()
    open_engine(str(place)).dispose()
