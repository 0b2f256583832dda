"""Countersignatures: over the value of another's signature, inside it, and nothing else is changed."""

from __future__ import annotations

import re
import secrets

import pytest

import keys
from govgateway.documents.xml import XmlDocument, read_xml
from govgateway.errors import SignatureBroken, UsageError
from govgateway.signing.countersign import countersign
from govgateway.signing.verify import Verification, verify
from profiled import PROFILES, CurveHolder, curve_holder, example, expect_python_xmlsec_accepts
from signed import signed_by

CHIEF = keys.leaf("MST:9900000023", common="Kế toán trưởng")
XADES = PROFILES["xades"]


def _signed(name: str = "xades") -> XmlDocument:
    return read_xml(signed_by(example(name), keys.leaf(), profile=PROFILES[name]))


def _confirmed(
    document: XmlDocument, number: int = 1, holder: keys.Holder | CurveHolder = CHIEF, name: str = "xades"
) -> XmlDocument:
    data = countersign(
        document, PROFILES[name], number, holder.signer, at=keys.NOW, random_id=lambda: secrets.token_hex(16)
    )
    return read_xml(data)


def _verified(document: XmlDocument, name: str = "xades") -> Verification:
    return verify(document, PROFILES[name], keys.trust(), keys.NOW)


def _good(document: XmlDocument, name: str = "xades") -> list[tuple[bool, int]]:
    return [
        (each.intact and each.well_placed and each.trusted, each.countersigns)
        for each in _verified(document, name).signatures
    ]


@pytest.mark.parametrize("name", ["xades", "etax-2026", "social-insurance-envelope", "einvoice"])
def test_a_signature_is_confirmed_and_both_hold(name: str) -> None:
    document = _confirmed(_signed(name), name=name)
    assert _good(document, name) == [(True, 0), (True, 1)]
    second = _verified(document, name).signatures[1]
    assert (second.signer, second.signed_path, second.level) == ("Kế toán trưởng", "", "B-B" if name == "xades" else "")
    expect_python_xmlsec_accepts(document.data)


def test_it_says_nothing_of_the_content() -> None:
    assert _verified(_confirmed(_signed())).content == _verified(_signed()).content
    assert b"CounterSignature" not in (_verified(_confirmed(_signed())).content or b"")


def test_several_confirm_one_and_one_confirms_a_confirmation() -> None:
    twice = _confirmed(_confirmed(_signed()), 1, curve_holder())
    assert _good(twice) == [(True, 0), (True, 1), (True, 1)]
    assert twice.data.count(b"UnsignedSignatureProperties>") == 2
    assert _good(_confirmed(twice, 2, curve_holder("P-384"))) == [(True, 0), (True, 1), (True, 2), (True, 1)]


def test_only_the_id_of_the_value_and_the_countersignature_are_new() -> None:
    before = _signed().data
    after = _confirmed(read_xml(before)).data
    removed = re.sub(rb"<xades:UnsignedProperties.*</xades:UnsignedProperties>", b"", after, flags=re.DOTALL)
    assert re.sub(rb'<SignatureValue Id="SignatureValue-[0-9a-f]{32}">', b"<SignatureValue>", removed) == before


def test_an_object_of_the_signing_time_is_left_alone() -> None:
    after = _confirmed(_signed("etax-2026"), name="etax-2026").data
    assert re.search(rb'<Object Id="SigningTime-\w+"><SignatureProperties>.*?</SignatureProperties></Object>', after)
    assert after.count(b"QualifyingProperties ") == 1


def test_a_value_that_was_changed_is_no_longer_confirmed() -> None:
    document = _confirmed(_signed())
    value = re.search(rb'<SignatureValue Id="SignatureValue-\w+">(.)', document.data)
    assert value
    other = value[0][:-1] + (b"B" if value[1] == b"A" else b"A")
    assert [good for good, _ in _good(read_xml(document.data.replace(value[0], other)))] == [False, False]


@pytest.mark.parametrize("number", [0, 2, -1])
def test_a_signature_that_is_not_there(number: int) -> None:
    with pytest.raises(UsageError) as caught:
        _confirmed(_signed(), number)
    assert "có 1 chữ ký" in caught.value.remedy.vi


def test_nobody_confirms_a_broken_signature() -> None:
    broken = read_xml(_signed().data.replace("Kính gửi".encode(), "Gửi".encode()))
    with pytest.raises(SignatureBroken) as caught:
        _confirmed(broken)
    assert "nội dung đã bị sửa" in caught.value.message.vi


def test_a_countersignature_elsewhere_confirms_nothing() -> None:
    data = _confirmed(_signed()).data
    inner = re.search(rb"<xades:CounterSignature>(.*)</xades:CounterSignature>", data, re.DOTALL)
    assert inner
    moved = data.replace(inner[1], b"").replace(b"</letter>", inner[1] + b"</letter>")
    assert [good for good, _ in _good(read_xml(moved))] == [False, False]
