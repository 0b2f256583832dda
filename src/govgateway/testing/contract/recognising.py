"""Promises about documents: what is recognised, and what is said of it."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from govgateway.connector import Environment, connectors, read_xml, verify
from govgateway.errors import GovGatewayError
from govgateway.testing.clocks import START
from govgateway.testing.contract.bench import Bench
from govgateway.testing.contract.desk import Desk
from govgateway.testing.contract.sweeps import Polls
from govgateway.testing.contract.verdicts import expect_nothing_wrong

QUICK = 1.0
"""Seconds that recognising one document may take, on a machine that has much else to do."""

_HUGE = "9" * 100_000
_MOST_CHANGES = 300
_FILE_NAME = re.compile(r"[\w .()\-]{1,200}")


class Recognising(Bench):
    """It knows its own documents and no others, and says the same of the same document."""

    def test_its_own_documents_are_recognised(self, desk: Desk) -> None:
        for document in (desk.samples.document, *desk.samples.others.values()):
            found = desk.recognition(document)
            assert found.agency == self.connector.agency, f"a sample is recognised as one of {found.agency}"
            assert found.filer, "recognise names no filer"
            assert found.title.vi, "recognise gives no title in Vietnamese"
            assert found.title.en, "recognise gives no title in English"

    def test_nothing_else_is_recognised(self, desk: Desk, polls: Polls) -> None:
        strangers = dict(_strangers(desk.samples.document))
        strangers |= {f"the agency's message {name}": each.data for name, each in polls.messages.items()}
        wrong = [
            f"{name} was taken for a document to be filed"
            for name, data in strangers.items()
            if self.connector.recognise(read_xml(data)) is not None
        ]
        expect_nothing_wrong(wrong, "recognise must give None for what is not its agency's to receive.")

    def test_no_other_connector_claims_its_documents(self, desk: Desk) -> None:
        document = read_xml(desk.samples.document)
        claiming = [
            each.agency
            for each in connectors()
            if each.agency != self.connector.agency and each.recognise(document) is not None
        ]
        assert not claiming, f"claimed by {', '.join(claiming)}, too: a document must be one agency's"

    def test_recognising_never_raises_and_is_quick(self, desk: Desk) -> None:
        wrong = []
        for name, data in _damaged(desk.samples.document):
            document, begun = read_xml(data), time.perf_counter()
            try:
                self.connector.recognise(document)
            except Exception as error:
                wrong.append(f"{name}: {error!r} was raised")
            if time.perf_counter() - begun > QUICK:
                wrong.append(f"{name}: it took longer than {QUICK} s")
        expect_nothing_wrong(wrong, "recognise is asked about every document: it never raises and is quick.")

    def test_the_same_is_said_of_the_same_document(self, desk: Desk) -> None:
        one, two = (self._told(desk.samples.document) for _ in range(2))
        differ = [name for name in one if one[name] != two[name]]
        assert not differ, f"not the same when asked twice: {', '.join(differ)}"

    def _told(self, data: bytes) -> dict[str, object]:
        document = read_xml(data)
        found = self.connector.recognise(document)
        assert found is not None
        return {
            "recognise": replace(found, package=None),
            "plan": self.connector.plan(found),
            "business_key": self.connector.business_key(found, Environment.SIMULATOR),
            "export_name": self.connector.export_name(found, START),
            "the form's checks": list(found.package.check(document)) if found.package else [],
        }

    def test_another_obligation_has_another_business_key(self, desk: Desk) -> None:
        sample = self.connector.business_key(desk.recognition(desk.samples.document), Environment.SIMULATOR)
        wrong = []
        for part, document in desk.samples.others.items():
            key = self.connector.business_key(desk.recognition(document), Environment.SIMULATOR)
            if key == sample:
                wrong.append(f"another {part}, and the same key {key}")
        expect_nothing_wrong(wrong, "Documents with one business key are one filing: the second would be refused.")

    def test_another_environment_has_another_business_key(self, desk: Desk) -> None:
        found = desk.recognition(desk.samples.document)
        keys = {self.connector.business_key(found, environment) for environment in Environment}
        assert len(keys) == len(Environment), f"a simulated filing would hold the key of a real one: {keys}"

    def test_a_key_names_its_agency(self, desk: Desk) -> None:
        key = self.connector.business_key(desk.recognition(desk.samples.document), Environment.SIMULATOR)
        assert key.agency == self.connector.agency, f"the business key is one of {key.agency}"

    def test_an_exported_file_has_a_name_that_every_system_takes(self, desk: Desk) -> None:
        name = self.connector.export_name(desk.recognition(desk.samples.document), START)
        assert _FILE_NAME.fullmatch(name), f"not a plain file name: {name!r}"

    def test_the_plan_and_the_profile_say_how_a_filing_is_signed(self, desk: Desk) -> None:
        document = read_xml(desk.samples.document)
        plan, profile = self.connector.plan(desk.recognition(document.data)), self.connector.profile_of(document)
        assert any(slot.required for slot in plan.slots), "the plan has no slot that must be signed"
        assert profile is not None, "profile_of does not know a sample"
        verification = verify(document, profile, desk.trust(), START)
        signed = [each for each in verification.signatures if each.intact and each.trusted]
        assert signed, (
            f"the sample is not signed by that profile: {[each.reason.en for each in verification.signatures]}"
        )
        wanted = set(self.connector.signers_of(document))
        named = {identifier for each in signed for identifier in each.identifiers}
        assert not wanted or wanted & named, (
            f"signers_of wants {sorted(wanted)}, the sample is signed by {sorted(named)}"
        )


def _strangers(sample: bytes) -> Iterator[tuple[str, bytes]]:
    """Documents of nobody, and some that look like the sample."""
    yield "an empty element", b"<a/>"
    yield (
        "a web page",
        b'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>B\xe1\xba\xa3o tr\xc3\xac</p></body></html>',
    )
    yield "a drawing", b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'
    yield "an envelope", b'<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body/></S:Envelope>'
    root = read_xml(sample).root
    for name, namespace in (("without its namespace", ""), ("in another namespace", "urn:example:another")):
        yield f"a sample {name}", etree.tostring(_moved(root, namespace))
    yield "a sample within another document", b"<outer>" + etree.tostring(root) + b"</outer>"
    for seed in range(20):
        yield f"random document {seed}", etree.tostring(_random(random.Random(seed)))  # noqa: S311  # no secret


def _moved(node: etree._Element, namespace: str) -> etree._Element:
    """A copy of ``node`` with every element in ``namespace``."""
    copy = etree.Element(
        etree.QName(namespace or None, etree.QName(node).localname),
        {str(name): str(value) for name, value in node.attrib.items()},
    )
    copy.text = node.text
    copy.extend(_moved(each, namespace) for each in node.iterchildren(etree.Element))
    return copy


def _random(chance: random.Random, depth: int = 0) -> etree._Element:
    node = etree.Element(chance.choice(("a", "Report", "{urn:example:b}c", "{urn:example:b}Content")))
    node.text = "".join(chance.choices("0123456789 /-ằß", k=chance.randint(0, 9)))
    if depth < 4:
        node.extend(_random(chance, depth + 1) for _ in range(chance.randint(0, 3)))
    return node


def _damaged(sample: bytes) -> Iterator[tuple[str, bytes]]:
    """The sample with one element emptied, made huge or taken away, element by element."""
    count = len(list(read_xml(sample).root.iter(etree.Element)))
    for number in range(min(count, _MOST_CHANGES)):
        for name, text in (("empty", ""), ("huge", _HUGE), ("strange", "\u0301 ²٣ -1 31/02/0000")):
            root = read_xml(sample).root
            element = list(root.iter(etree.Element))[number]
            element.text = text
            yield f"{etree.QName(element).localname} {name}", _written(root)
        root = read_xml(sample).root
        element = list(root.iter(etree.Element))[number]
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
            yield f"without {etree.QName(element).localname}", _written(root)


def _written(root: etree._Element) -> bytes:
    data = etree.tostring(root)
    try:
        read_xml(data)
    except GovGatewayError:  # what cannot be read is never shown to a connector
        return b"<a/>"
    return data
