"""The parts of the contract: where faults strike, what is watched, what is told at the end."""

from __future__ import annotations

import logging
import os
import socket
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from inspect import get_annotations
from pathlib import Path
from types import SimpleNamespace

import pytest

from govgateway.testing.contract import sheet
from govgateway.testing.contract.bench import Bench
from govgateway.testing.contract.positions import answer_places, body_places, request_places
from govgateway.testing.contract.verdicts import expect_nothing_wrong, naive_times
from govgateway.testing.contract.watch import watched
from unit.docs.pages import Page, rows, spans_of

DOCUMENT = b"<document>1200</document>"
REQUEST = b"POST /in HTTP/1.1\r\nContent-Length: 33\r\n\r\n--b\n" + DOCUMENT + b"\n--b--"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n<number>"


def test_the_places_of_a_request_are_around_and_within_its_document() -> None:
    places = request_places(REQUEST, DOCUMENT)
    assert REQUEST[: places["between head and body"]].endswith(b"\r\n\r\n")
    assert REQUEST[places["at the first byte of the document"] :].startswith(DOCUMENT)
    assert REQUEST[: places["after the document"]].endswith(DOCUMENT)
    assert places["before the last byte"] == len(REQUEST) - 1
    assert list(places.values()) == sorted(set(places.values()))


def test_a_document_that_is_encoded_on_its_way_has_places_all_the_same() -> None:
    places = request_places(REQUEST.replace(DOCUMENT, b"PGRvY3VtZW50PjEyMDA8L2RvY3VtZW50Pg=="), DOCUMENT)
    assert places["between head and body"] < places["within the document"] < places["before the last byte"]


def test_the_places_of_an_answer_count_from_its_first_byte_those_of_its_body_from_there() -> None:
    places, body = answer_places(ANSWER), body_places(ANSWER)
    assert places["nothing of it"] == 0
    assert ANSWER[: places["after the status line"]] == b"HTTP/1.1 200 OK\r\n"
    assert ANSWER[places["between head and body"] :] == b"<number>"
    assert (body["between head and body"], body["half of the body"], body["before the last byte"]) == (0, 4, 7)


def test_every_byte_is_a_place_when_that_is_asked_for() -> None:
    assert list(answer_places(ANSWER, every=True).values()) == list(range(len(ANSWER)))
    assert list(request_places(REQUEST, DOCUMENT, every=True).values()) == list(range(len(REQUEST)))


def _database(folder: Path) -> None:
    sqlite3.connect(folder / "ledger.db").close()


def _socket(folder: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.connect(("127.0.0.1", 9))


@pytest.mark.parametrize(
    "touching",
    [
        _database,
        _socket,
        lambda folder: (folder / "note").write_text("x"),
        lambda folder: os.close(os.open(folder / "note", os.O_CREAT)),
        lambda folder: (folder / "more").mkdir(),
    ],
    ids=["database", "socket", "file", "descriptor", "folder"],
)
def test_what_is_touched_is_seen(touching: Callable[[Path], object], tmp_path: Path) -> None:
    with watched("nobody") as conduct:
        touching(tmp_path)
    assert conduct.touched


def test_reading_a_file_is_no_touching() -> None:
    with watched("nobody") as conduct:
        Path(__file__).read_text(encoding="utf-8")
    assert conduct.touched == []


def test_nothing_is_seen_of_other_threads_and_of_what_comes_afterwards(tmp_path: Path) -> None:
    with watched("nobody") as conduct:
        other = threading.Thread(target=(tmp_path / "note").write_text, args=("x",))
        other.start()
        other.join()
    (tmp_path / "note").write_text("x")
    assert conduct.touched == []


def test_sleeping_is_seen_and_takes_no_time() -> None:
    begun = time.monotonic()
    with watched("nobody") as conduct:
        time.sleep(30)
    assert conduct.slept == [30]
    assert time.monotonic() - begun < 10


def test_a_name_for_sleep_in_the_package_is_found() -> None:
    with watched(__name__.split(".")[0]) as conduct:
        nap(30)
    assert conduct.slept == [30]


nap = time.sleep


def test_threads_that_run_on_are_named_and_those_that_end_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("govgateway.testing.contract.watch._THREADS_END_WITHIN", 0.05)
    done = threading.Event()
    with watched("nobody") as conduct:
        threading.Thread(target=done.wait, name="runs on", daemon=True).start()
        threading.Thread(target=int, name="ends").start()
    done.set()
    assert conduct.threads == ["runs on"]


def test_what_is_printed_and_logged_is_kept() -> None:
    with watched("nobody") as conduct:
        print("printed")
        logging.getLogger("anybody").debug("logged")
    assert conduct.said.split() == ["printed", "logged"]


@dataclass
class Held:
    at: datetime
    more: tuple[datetime, ...] = field(default=())


def test_times_without_a_zone_are_found_wherever_they_are() -> None:
    zoned, naive = datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 16)  # noqa: DTZ001
    assert list(naive_times((Held(zoned, (zoned,)), "2026-11-16", None), "it")) == []
    (told,) = naive_times([Held(zoned, (zoned, naive))], "it")
    assert told.startswith("it[0].more[1] = 2026-11-16")


def test_what_is_wrong_is_told_once_with_the_promise_and_not_without_end() -> None:
    expect_nothing_wrong(["", ""], "It never sleeps.")
    with pytest.raises(pytest.fail.Exception) as failure:
        expect_nothing_wrong(["slept", "slept", *map(str, range(20))], "It never sleeps.")
    lines = str(failure.value).splitlines()
    assert lines[:3] == ["It never sleeps.", "- slept", "- 0"]
    assert lines[-1] == "… and 9 more"


def test_the_sheet_tells_what_was_claimed_proven_broken_and_not_offered() -> None:
    item = SimpleNamespace(user_properties=[])
    sheet.claims(item, "harbour", "no payments")  # type: ignore[arg-type]
    sheet.promise(item, "it never sleeps")  # type: ignore[arg-type]
    sheet.against(item, ["reset", "reset", "close"], 3)  # type: ignore[arg-type]
    other = SimpleNamespace(nodeid="test_it.py::test_other", user_properties=[])
    reports = [
        (outcome, SimpleNamespace(nodeid=f"test_it.py::TestIt::test_{outcome}", user_properties=item.user_properties))
        for outcome in ("passed", "failed", "skipped")
    ]
    assert list(sheet.lines([*reports, ("passed", other)])) == [
        "connector contract of harbour (test_it.py::TestIt)",
        "  claims: no payments",
        "  proven      it never sleeps (2 kinds of faults in 3 cases)",
        "  BROKEN      it never sleeps (2 kinds of faults in 3 cases)",
        "  not offered it never sleeps (2 kinds of faults in 3 cases)",
    ]


def test_the_page_says_everything_that_an_author_gives_and_no_more() -> None:
    table = rows(Page("docs/connector.md").section("Prove it: the contract"))
    named = {spans_of(row[0])[0].partition("(")[0] for row in table if spans_of(row[0])}
    assert named == {*get_annotations(Bench), "samples", "start"}
