"""The examples of the pages run as they stand: first filing, Python, form package, connector."""

from __future__ import annotations

import importlib.util
import inspect
import re
import runpy
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.serialization import Encoding

import keys
from govgateway import AnswerRefused, Configuration, Gateway, Outcome, Status, read_xml
from govgateway.cli.run import run
from govgateway.configuration import load
from govgateway.connector import Connector, FormLibrary
from govgateway.pipeline import gateway as gateway_module
from govgateway.signing.profile import read_profiles
from govgateway.signing.sign import sign
from govgateway_etax.connector import ETax
from govgateway_mocks.etax.simulator import SimulatedTaxOffice, serve
from samples import ROOT
from unit.docs.pages import Page

FIRST_FILING = Page("docs/first-filing.md")
_PRINTED = "http://127.0.0.1:8701"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with the examples, as the present one, and a tax office that is asked without long waits."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    quick = replace(ETax.capabilities, polling=(timedelta(seconds=0.05),))
    monkeypatch.setattr(ETax, "capabilities", quick)
    return tmp_path


@pytest.fixture
def simulator(folder: Path) -> Iterator[SimulatedTaxOffice]:
    with serve(folder / "thu-nghiem", receipt_delay=timedelta(0), verdict_delay=timedelta(0)) as running:
        yield running


class Reader:
    """Somebody who types what the page says. The simulator runs already, on a port of its own."""

    def __init__(
        self, folder: Path, simulator: SimulatedTaxOffice, monkeypatch: pytest.MonkeyPatch, capsys: Any
    ) -> None:
        self.folder, self.simulator, self.monkeypatch, self.capsys = folder, simulator, monkeypatch, capsys
        self.filing = "ID"
        self.said = ""

    def types(self, line: str) -> int:
        """Do one line of a block; its exit code. What it printed is in ``said``."""
        line = line.replace(_PRINTED, self.simulator.address).replace("$PWD", str(self.folder))
        words = [re.sub(r"\bID\b", self.filing, word) for word in shlex.split(line)]
        code = getattr(self, f"_{words[0]}")(words[1:])
        self.said = self.capsys.readouterr().out
        if words[1] == "submit":
            self.filing = self.said.split()[0]
        return int(code)

    def _export(self, words: list[str]) -> int:
        name, _, value = words[0].partition("=")
        self.monkeypatch.setenv(name, value)
        return 0

    def _govgateway(self, words: list[str]) -> int:
        return 0 if words[:2] == ["mocks", "serve"] else run(words)

    def _curl(self, words: list[str]) -> int:
        target, url = words[words.index("-o") + 1], words[-1]
        if "-F" in words:
            name, _, path = words[words.index("-F") + 1].partition("=@")
            form = {name: Path(path).read_bytes()}
            answer = requests.post(url, files=form, allow_redirects="-L" in words, timeout=10)
        else:
            answer = requests.get(url, timeout=10)
        Path(target).write_bytes(answer.content)
        return 0 if answer.ok and answer.content else 22


def test_the_first_filing_goes_as_the_page_says(
    folder: Path,
    simulator: SimulatedTaxOffice,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    reader = Reader(folder, simulator, monkeypatch, capsys)
    said: list[tuple[str, str]] = []
    for line in "".join(FIRST_FILING.blocks("sh")).splitlines():
        code = reader.types(line)
        assert code == (1 if "wrong" in line else 0), (line, reader.said)
        said.append((line, reader.said))
    told = dict(said)
    assert "ETAX-879-R01" in told["govgateway check examples/01PH-2026-10-wrong.xml"]
    assert "ACCEPTED" in told["govgateway submit examples/01PH-2026-10.xml --wait"]
    assert "ACCEPTED" in told["govgateway submit thu-nghiem/01PH-2026-08.xml --wait"]
    assert "HANDED_OVER" not in told["govgateway import-answer thu-nghiem/844.xml"].splitlines()[1]
    assert "ACCEPTED" in told["govgateway status ID"].splitlines()[1]
    assert sum(simulator.agency.arrivals.values()) == 3


def test_the_example_for_python_runs(
    folder: Path,
    simulator: SimulatedTaxOffice,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = folder / "thu-nghiem" / "govgateway.toml"
    settings.touch()
    monkeypatch.setenv("GOVGATEWAY_CONFIG", str(settings))
    for name, value in (("address", simulator.service_address), ("username", "tvan"), ("password", "demo")):
        monkeypatch.setenv(f"GOVGATEWAY_ETAX_SIMULATOR_{name.upper()}", value)
    monkeypatch.setenv("GOVGATEWAY_ETAX_SIMULATOR_TRUST", "trust.pem")
    (example,) = Page("README.md").blocks("python")
    assert len(example.splitlines()) <= 10
    path = folder / "example.py"
    path.write_text(example, encoding="utf-8")
    runpy.run_path(str(path))
    assert capsys.readouterr().out.split()[-1] == "ACCEPTED"


# The form package and the connector of the invented stone office


@pytest.fixture
def stones(tmp_path: Path) -> Path:
    """The files of both pages in one folder."""
    for page in (Page("docs/form-package.md"), Page("docs/connector.md")):
        for name, text in page.files().items():
            path = tmp_path / "stones" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return tmp_path / "stones"


@pytest.fixture
def connector(stones: Path) -> Any:
    spec = importlib.util.spec_from_file_location("stones_connector", stones / "stones_connector.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.connector


def test_the_form_package_checks_documents(stones: Path) -> None:
    form = FormLibrary(stones).find("S1", "1.0")
    assert form is not None
    report = (stones / "report.xml").read_bytes()
    assert form.check(read_xml(report)) == ()
    (wrong,) = form.check(read_xml(report.replace(b"875000", b"875001")))
    assert (wrong.rule, wrong.severity, wrong.label.vi) == ("STONES-S1-R01", "error", "Nội dung")
    assert "875001" in wrong.message.vi
    (odd,) = form.check(read_xml(report.replace(b"12.5", b"0").replace(b"875000", b"0")))
    assert (odd.rule, odd.severity) == ("STONES-S1-R02", "warning")
    (unfit,) = form.check(read_xml(report.replace(b"10/2026", b"October")))
    assert "mm/yyyy" in unfit.remedy.en


def test_the_connector_has_the_methods_of_the_contract(connector: Any) -> None:
    for name, method in vars(Connector).items():
        if not name.startswith("_") and inspect.isfunction(method):
            assert inspect.signature(getattr(type(connector), name)) == inspect.signature(method), name
    for name in inspect.get_annotations(Connector):
        assert hasattr(connector, name), name


ANSWER = """<Answer xmlns="urn:example:stones"><Decision><Filer>9900000016</Filer><Month>10/2026</Month>\
<Received>2099-01-01T08:00:00+07:00</Received><Number>7</Number><Result>yes</Result></Decision><Signatures/></Answer>"""


@pytest.fixture
def at_the_stone_office(stones: Path, connector: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    monkeypatch.setattr(gateway_module, "connectors", lambda: iter([connector]))
    roots = [each.certificate.public_bytes(Encoding.PEM) for each in (keys.root(), keys.issuing())]
    (stones / "trust.pem").write_bytes(b"".join(roots))
    settings = stones / "govgateway.toml"
    settings.write_text('[stones.simulator]\naddress = "http://127.0.0.1:1"\ntrust = "trust.pem"\n', encoding="utf-8")
    configuration: Configuration = replace(load(settings, {}), ledger_place=str(stones / "ledger.db"))
    with Gateway(configuration, clock=lambda: keys.NOW) as gateway:
        yield gateway


def test_the_connector_carries_a_filing_by_hand(at_the_stone_office: Gateway, stones: Path) -> None:
    gateway = at_the_stone_office
    filing = gateway.submit(read_xml((stones / "report.xml").read_bytes()), keys.leaf().signer, hold=True)
    path = gateway.export(filing.id, stones / "out")
    assert path.name == "S1-9900000016-102026.xml"
    assert gateway.filing(filing.id).status is Status.HANDED_OVER
    profile = read_profiles((stones / "signatures.toml").read_text(encoding="utf-8"))["answer"]
    unsigned = read_xml(ANSWER.encode())
    with pytest.raises(AnswerRefused):
        gateway.import_answer(unsigned)
    office = keys.leaf("MST:9900000055", common="Cơ quan đá").signer
    signed = sign(unsigned, profile, office, at=datetime(2026, 11, 16, tzinfo=UTC), random_id=lambda: "0" * 32)
    assert gateway.import_answer(read_xml(signed)).status is Status.ACCEPTED
    assert gateway.history(filing.id).receipts[0].references == ("7",)


def test_the_connector_leaves_sending_to_a_person(at_the_stone_office: Gateway, stones: Path) -> None:
    gateway = at_the_stone_office
    filing = gateway.submit(read_xml((stones / "report.xml").read_bytes()), keys.leaf().signer)
    filing = gateway.advance(filing.id)
    assert filing.status is Status.NEEDS_ATTENTION
    assert "through its portal" in filing.attention.en
    assert gateway.history(filing.id).attempts[0].outcome is Outcome.NOT_SENT
