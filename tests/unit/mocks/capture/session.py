"""What a gateway does at the tax office, recorded: it files, asks too early, follows the filing to its verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import requests
from lxml import etree

from govgateway_mocks.capture.observing import observed
from govgateway_mocks.capture.reading import read
from govgateway_mocks.capture.recording import Answer, Recorded, Recording
from govgateway_mocks.etax.simulator import serve
from simulated import Clock, filed, office, pki
from unit.mocks.etax.caller import FILING, RELATED, RESULTS, TEXT_XML, envelope, filing

DAY = "16/11/2026"


@dataclass(frozen=True)
class Client:
    """Speaks SOAP to the services at ``address``; what it sends is written here, not by the gateway."""

    address: str

    def file(self, document: bytes) -> str:
        """File ``document``; the transaction code."""
        return _returned(self._post(FILING, filing(document), RELATED))

    def told(self, operation: str, port: str = FILING, **arguments: str) -> str:
        """The text that is the answer; an answer with an attachment refers to it."""
        return _returned(self._post(port, envelope(operation, arguments), TEXT_XML))

    def ask(self, operation: str, port: str = FILING, **arguments: str) -> bytes:
        return self._post(port, envelope(operation, arguments), TEXT_XML).content

    def _post(self, port: str, body: bytes, content_type: str) -> requests.Response:
        headers = {"Content-Type": content_type, "SOAPAction": '""'}
        return requests.post(f"{self.address}/{port}", data=body, headers=headers, timeout=5)


def _returned(answer: requests.Response) -> str:
    if not answer.headers["Content-Type"].startswith("text/xml"):
        return ""
    return etree.fromstring(answer.content).findtext("{*}Body/*/{*}return") or ""


def follow(client: Client, clock: Clock, *documents: bytes) -> None:
    """File each document, ask too early, and then for everything that the office has to say."""
    codes = [client.file(each) for each in documents]
    client.told("getDsachTbao")
    client.told("traKQuaGDich", RESULTS, maGDich=codes[0])
    for _ in range(2):
        clock.advance(timedelta(minutes=1))
        for identifier in client.told("getDsachTbao").split(";"):
            client.ask("getTbao", idTbao=identifier)
    for code in codes:
        client.ask("traKQuaGDich", RESULTS, maGDich=code)
    client.ask("traKQuaPhienGDich", RESULTS, ngayGDich=DAY)
    client.ask("traTTinMaSoThue", RESULTS, maSoThue="9900000016")
    client.ask("traTTinMaSoThue", RESULTS, maSoThue="9900000030")
    client.ask("traKQuaPhienGDich", RESULTS, ngayGDich="không có")


def recorded(act: Callable[[Client, Clock], None]) -> Recording:
    """What a simulated tax office saw while ``act`` spoke to it."""
    clock = Clock()
    office(clock)  # every key is made at that time
    delays = {"receipt_delay": timedelta(seconds=50), "verdict_delay": timedelta(seconds=50)}
    with TemporaryDirectory() as folder, serve(pki().folder, clock=clock, **delays) as running:
        with observed({"etax": running}, Path(folder) / "seen.jsonl"):
            act(Client(running.service_address), clock)
        return read(Path(folder) / "seen-etax.jsonl")


@cache
def followed() -> Recording:
    """The session with a good declaration and one that is refused."""
    wrong = filed(("<mst>9900000016</mst>", "<mst>9900000030</mst>"))
    return recorded(lambda client, clock: follow(client, clock, filed(), wrong))


def altered(recording: Recording, number: int, change: Callable[[Answer], Answer]) -> Recording:
    """``recording`` with the answer of exchange ``number`` changed."""

    def made(each: Recorded) -> Recorded:
        assert each.answer is not None
        return replace(each, answer=change(each.answer)) if each.number == number else each

    return replace(recording, exchanges=tuple(made(each) for each in recording.exchanges))


def in_body(old: bytes, new: bytes) -> Callable[[Answer], Answer]:
    """Puts ``new`` in the place of ``old`` in an answer, which has it."""

    def change(answer: Answer) -> Answer:
        assert old in answer.body
        return replace(answer, body=answer.body.replace(old, new))

    return change
