"""docs/simulators.md and the control interface say the same, and its examples work."""

from __future__ import annotations

import json
import re
import shlex
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from govgateway_mocks.console import api, instructions
from govgateway_mocks.console.client import RemoteSimulator
from govgateway_mocks.console.remote import RemoteAgency, RemoteScript
from govgateway_mocks.console.running import started
from govgateway_mocks.etax.simulator import simulator
from simulated import filed, office, pki
from unit.docs.pages import Page, rows

PAGE = Page("docs/simulators.md")
_PRINTED = "http://127.0.0.1:8700"
_METHODS = {"get", "post", "delete", "patch"}


@pytest.fixture
def console() -> Iterator[str]:
    """The address of a console of the tax office, which has one declaration."""
    office()  # its keys are made at the time of the tests, not at the real one
    with started({"etax": simulator}, pki().folder) as running:
        running.simulators["etax"].agency.take(filed())
        yield running.address


def _described() -> list[str]:
    paths = json.loads(api.description())["paths"]
    return [f"{method.upper()} {path}" for path, item in paths.items() for method in item if method in _METHODS]


def test_every_call_is_listed_and_no_other() -> None:
    assert sorted(row[0].strip("`") for row in rows(PAGE.section("Control interface"))) == sorted(_described())


def _examples() -> list[list[str]]:
    lines = [line for block in PAGE.blocks("sh") for line in block.splitlines() if line.startswith("curl ")]
    return [shlex.split(line)[1:] for line in lines]


def _request(words: list[str], folder: Path) -> requests.Request:
    """What curl would send."""
    curl = ArgumentParser()
    for option in ("-X", "-o", "--json", "--data-binary"):
        curl.add_argument(option, default="")
    curl.add_argument("address")
    given = curl.parse_args(words)
    file = given.data_binary.removeprefix("@")
    data = (folder / file).read_bytes() if file else given.json.encode()
    return requests.Request(given.X or ("POST" if data else "GET"), given.address, data=data)


def test_every_example_works_and_every_call_has_one(console: str, tmp_path: Path) -> None:
    told = _submission(console)
    (tmp_path / "sample.xml").write_bytes(filed())
    called = set()
    for words in _examples():
        request = _request(words, tmp_path)
        shown = str(request.url).removeprefix(_PRINTED)
        if "IDENTIFIER" in shown:  # by now there is an answer
            told = _submission(console)
        identifier = told["answers"][0]["identifier"] if told["answers"] else ""
        request.url = console + shown.replace("REFERENCE", told["reference"]).replace("IDENTIFIER", identifier)
        with requests.Session() as session:
            answer = session.send(session.prepare_request(request), timeout=5)
        assert answer.ok, (words, answer.text)
        called.add((request.method, _template(shown)))
    assert called == {tuple(each.split()) for each in _described()}


def _submission(console: str) -> dict[str, Any]:
    """The only one that arrived."""
    (told,) = requests.get(f"{console}/api/agencies/etax/submissions", timeout=5).json()["submissions"]
    return dict(told)


def _template(path: str) -> str:
    """The path with names in the places of what stands there in an example."""
    for found, name in (
        ("/agencies/etax", "/agencies/{agency}"),
        ("REFERENCE", "{reference}"),
        ("IDENTIFIER", "{identifier}"),
        ("/forms/879", "/forms/{form}"),
    ):
        path = path.replace(found, name)
    return re.sub(r"/faults/\d+$", "/faults/{identifier}", path)


def test_the_python_example_works(console: str) -> None:
    (block,) = PAGE.blocks("python")
    assert block.count(_PRINTED) == 1
    exec(compile(block.replace(_PRINTED, console), "simulators.md", "exec"), {})
    told = requests.get(f"{console}/api/agencies/etax/submissions", timeout=5).json()
    assert told == {"submissions": []}


def test_every_name_of_the_client_is_described() -> None:
    section = PAGE.section("From Python")
    names = {name for kind in (RemoteSimulator, RemoteAgency, RemoteScript) for name in vars(kind) if name[0] != "_"}
    assert not [name for name in sorted(names) if f"`{name}" not in section]


def test_the_walk_through_is_what_is_printed() -> None:
    with started({"etax": simulator}, pki().folder) as running:
        printed = {_command(line) for line in instructions.lines(running)}
    walked = next(each for each in PAGE.blocks("") if "to-khai.xml" in each).splitlines()
    assert {_command(line) for line in walked} <= printed


def _command(line: str) -> str:
    """A command without what differs from machine to machine, or is a matter of taste: ports, folders, the form."""
    varying = r'"[^"]*/(?=[\w.]+")|127\.0\.0\.1:\d+|(?<=/forms/).*(?=/sample)'
    return re.sub(varying, "*", line.strip())
