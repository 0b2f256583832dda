"""The promise about messages: what the agency did not sign as it stands is never believed."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

import pytest
from lxml import etree

from govgateway.connector import Receipt, TrustStore, read_xml
from govgateway.errors import AnswerRefused, UnreadableDocument
from govgateway.testing.contract.bench import Bench
from govgateway.testing.contract.desk import Desk
from govgateway.testing.contract.sweeps import Polls, filed, messages_of
from govgateway.testing.contract.verdicts import UNBELIEVABLE, expect_nothing_wrong

_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
_NO_MESSAGES = {"nothing": b"", "text": b"ACCEPTED", "an empty element": b"<a/>", "a page": b"<html><body/></html>"}


class Believing(Bench):
    """A verdict is believed by its signature alone."""

    def test_what_the_agency_signed_is_believed(self, desk: Desk, polls: Polls) -> None:
        refused = {name: self._refused(desk, each.data) for name, each in polls.messages.items()}
        assert not any(refused.values()), f"refused although the agency signed it: {refused}"

    def test_what_was_altered_is_not_believed(self, desk: Desk, polls: Polls) -> None:
        wrong = []
        for name, message in polls.messages.items():
            true = self._read(desk, message.data)
            for change, data in _altered(message.data):
                if not self._harmless(desk, data, true):
                    wrong.append(f"{name}: {change}, and it was believed")
        expect_nothing_wrong(wrong, "read_message raises AnswerRefused, or reads what was signed and nothing else.")

    def test_of_whom_nobody_vouches_is_not_believed(self, desk: Desk, polls: Polls) -> None:
        nobody = TrustStore.empty()
        believed = [name for name, each in polls.messages.items() if self._refused(desk, each.data, nobody) is None]
        assert not believed, f"believed although the route trusts nobody: {', '.join(believed)}"

    @pytest.mark.parametrize("kind", sorted(UNBELIEVABLE))
    def test_what_is_wrongly_signed_is_not_believed(self, desk: Desk, kind: str) -> None:
        if kind not in {each.name for each in desk.kinds()}:
            pytest.skip(f"the simulator plays no {kind!r}")
        desk.begin()
        reference = filed(desk, desk.samples.document)
        desk.settle()
        true = {each.data for each in messages_of(desk.poll(reference))}
        with desk.simulator.fault(kind):
            given = messages_of(desk.poll(reference))
        touched = [each for each in given if each.data not in true]
        believed = [each.identifier for each in touched if self._refused(desk, each.data) is None]
        assert touched, f"{kind}: poll gave no such message; it hands on what came, and read_message judges it"
        assert not believed, f"{kind}: believed all the same: {', '.join(believed)}"

    def test_what_is_no_message_is_not_believed(self, desk: Desk) -> None:
        strangers = _NO_MESSAGES | {"the filing itself": desk.samples.document}
        wrong = [f"{name} was believed" for name, data in strangers.items() if self._refused(desk, data) is None]
        expect_nothing_wrong(wrong, "read_message raises AnswerRefused for what is no message of the agency.")

    def test_a_message_speaks_of_its_own_filing_alone(self, desk: Desk) -> None:
        desk.begin()
        mine, others = desk.samples.document, desk.samples.others["period"]
        reference, other = filed(desk, mine), filed(desk, others)
        desk.settle()
        wrong = []
        for asked, document in ((reference, mine), (other, others)):
            for message in messages_of(desk.poll(asked)):
                receipt = self._read(desk, message.data)
                both = [self.connector.matches(receipt, mine, [reference])]
                both.append(self.connector.matches(receipt, others, [other]))
                if all(both):
                    wrong.append(f"{message.identifier} was taken for both filings, {reference} and {other}")
                if message.about == asked and not self.connector.matches(receipt, document, [asked]):
                    wrong.append(f"{message.identifier} was given for {asked} and does not match it")
        expect_nothing_wrong(wrong, "matches is True for the filing that a receipt speaks of, and for no other.")

    def test_a_message_is_not_taken_for_another_obligations(self, desk: Desk) -> None:
        desk.begin()
        reference = filed(desk, desk.samples.document)
        desk.settle()
        receipts = [self._read(desk, each.data) for each in messages_of(desk.poll(reference))]
        others = desk.samples.others
        tried: list[tuple[str, bytes, tuple[str, ...]]]
        tried = [(part, others[part], ()) for part in ("filer", "period") if part in others]
        tried += [(part, document, (reference,)) for part, document, _ in tried if part == "filer"]
        wrong = [
            f"{receipt.code} {receipt.number} was taken for that of another {part}, known by {known or 'no reference'}"
            for receipt in receipts
            for part, document, known in tried
            if self.connector.matches(receipt, document, known)
        ]
        expect_nothing_wrong(wrong, "What a message prints goes before a reference: another filer's is never ours.")

    def _read(self, desk: Desk, data: bytes) -> Receipt:
        return self.connector.read_message(data, desk.trust(), desk.clock())

    def _harmless(self, desk: Desk, data: bytes, true: Receipt) -> bool:
        """Whether an altered message is refused, or read as what the agency signed."""
        try:
            return self._read(desk, data) == true
        except (AnswerRefused, UnreadableDocument):
            return True

    def _refused(self, desk: Desk, data: bytes, trust: TrustStore | None = None) -> Exception | None:
        """The error by which a message is refused; None when it is believed."""
        try:
            self.connector.read_message(data, trust or desk.trust(), desk.clock())
        except (AnswerRefused, UnreadableDocument) as refused:
            return refused
        return None


def _altered(message: bytes) -> Iterator[tuple[str, bytes]]:
    """The message without its signatures, and with each of its texts changed, one by one, beside them."""
    root = read_xml(message).root
    for signature in list(root.iter(_SIGNATURE)):
        _remove(signature)
    yield "its signatures were taken away", etree.tostring(root)
    for number, name in enumerate(_texts(read_xml(message).root)):
        changed = read_xml(message).root
        element = list(_signed_texts(changed))[number]
        element.text = _changed(element.text or "")
        yield f"{name} was changed to {element.text[:40]!r}", etree.tostring(changed)
    for number in range(len(read_xml(message).root)):
        doubled = read_xml(message).root
        copy = deepcopy(doubled[number])
        for element in _signed_texts(copy):
            element.text = _changed(element.text or "")
        doubled.insert(number, copy)
        yield f"a changed copy stands before {etree.QName(copy).localname}", etree.tostring(doubled)


def _texts(root: etree._Element) -> list[str]:
    return [etree.QName(each).localname for each in _signed_texts(root)]


def _signed_texts(root: etree._Element) -> Iterator[etree._Element]:
    """Every element with a text, outside of signatures."""
    for each in root.iter(etree.Element):
        inside = any(True for _ in each.iterancestors(_SIGNATURE)) or each.tag == _SIGNATURE
        if not inside and (each.text or "").strip():
            yield each


def _changed(text: str) -> str:
    """Another text of the same look: the last figure one more, else a letter more."""
    for place in range(len(text) - 1, -1, -1):
        if text[place].isascii() and text[place].isdigit():
            return f"{text[:place]}{(int(text[place]) + 1) % 10}{text[place + 1 :]}"
    return f"{text}x"


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
