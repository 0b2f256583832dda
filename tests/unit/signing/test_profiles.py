"""Every profile: its worked example signed and verified, what it refuses, which profile a document finds by itself."""

from __future__ import annotations

import base64
import re
import secrets
from dataclasses import replace

import pytest
from lxml import etree

import keys
from govgateway.documents.xml import XmlDocument, read_xml
from govgateway.errors import DocumentRefused, UnknownForm, UsageError
from govgateway.pipeline.intake import verify_document
from govgateway.signing import profiles
from govgateway.signing.content import content_digest, remove_signatures
from govgateway.signing.profile import SignatureProfile
from govgateway.signing.references import DS
from govgateway.signing.sign import sign
from govgateway.signing.verify import Verification, VerifiedSignature, verify
from govgateway_etax.connector import ETax
from profiled import PROFILES, SIGNING, curve_holder, example, expect_python_xmlsec_accepts, signed_by_xmlsec
from signed import signed_by, signed_declaration

AGENT = keys.leaf("MST:9900000023", common="Đại lý thuế Mẫu")
ENVELOPED = f"{DS}enveloped-signature"
FORMS = ("TK1-TS", "D02-TS", "D03-TS", "D05-TS", "D01-TS", "TK3-TS", "M01B-HSB", "M05A-HSB")
WHOLE = [name for name in SIGNING if not PROFILES[name].id_attribute]


def _signed(name: str, document: XmlDocument | None = None) -> bytes:
    return signed_by(document or example(name), keys.leaf(), profile=PROFILES[name])


def _verified(name: str, data: bytes) -> Verification:
    return verify(read_xml(data), PROFILES[name], keys.trust(), keys.NOW)


def _good(verification: Verification) -> list[bool]:
    return [each.intact and each.well_placed and each.trusted for each in verification.signatures]


def _found(data: bytes) -> Verification:
    """As ``govgateway verify`` does, which looks for the profile itself."""
    document = read_xml(data)
    trust = {"etax": keys.trust(), "": keys.trust()}
    return verify_document(document, [ETax()], trust, keys.NOW, profiles.fitting(document))


def _only(verification: Verification) -> VerifiedSignature:
    (signature,) = verification.signatures
    return signature


@pytest.mark.parametrize("name", SIGNING)
def test_the_worked_example_is_signed_and_holds(name: str) -> None:
    before, data = example(name), _signed(name)
    verification = _verified(name, data)
    assert _good(verification) == [True], _only(verification).reason.en
    assert _only(verification).not_covered == _NOT_COVERED.get(name, ())
    assert verification.content is not None
    assert content_digest(before, PROFILES[name]) == content_digest(read_xml(data), PROFILES[name])


_NOT_COVERED = {"einvoice": ("/HDon/MCCQT",)}


@pytest.mark.parametrize("name", SIGNING)
def test_its_signature_finds_its_profile_by_itself(name: str) -> None:
    verification = _found(_signed(name))
    assert verification.profile.name == name
    assert _good(verification) == [True]


@pytest.mark.parametrize("name", SIGNING)
def test_only_the_signature_is_new_and_can_be_taken_out(name: str) -> None:
    plain = re.sub(rb"<(CKyDTu|Cky|CKy_Dvi|CHUKYDONVI)/>", rb"<\1></\1>", example(name).data)
    removed = remove_signatures(read_xml(_signed(name)), PROFILES[name])
    assert removed.replace(b"NODETOSIGN", b"ID_1") == plain


@pytest.mark.parametrize("name", SIGNING)
def test_a_changed_word_is_noticed(name: str) -> None:
    data = _signed(name)
    word = next(word for word in ("Mẫu", "20261116", "thẩm định") if word in data.decode())
    signature = _only(_verified(name, data.replace(word.encode(), "Khác".encode(), 1)))
    assert signature.reason.en == "the content was changed after signing"


@pytest.mark.parametrize("name", sorted(set(PROFILES) - set(SIGNING)))
def test_what_is_for_verifying_only_does_not_sign(name: str) -> None:
    with pytest.raises(DocumentRefused) as caught:
        _signed(name)
    assert "chỉ để kiểm tra" in caught.value.message.vi


@pytest.mark.parametrize("name", WHOLE)
def test_a_second_signature_that_would_break_the_first_is_not_made(name: str) -> None:
    with pytest.raises(DocumentRefused) as caught:
        signed_by(read_xml(_signed(name)), AGENT, profile=PROFILES[name])
    assert "sẽ làm hỏng" in caught.value.message.vi


@pytest.mark.parametrize("name", [name for name in SIGNING if name not in WHOLE])
def test_several_people_sign_one_node(name: str) -> None:
    data = signed_by(read_xml(_signed(name)), AGENT, curve_holder(), profile=_any_key(name))
    assert _good(_verified(name, data)) == [True] * 3


def _any_key(name: str) -> SignatureProfile:
    ecdsa = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
    profile = PROFILES[name]
    return replace(profile, signature_algorithms=(*profile.signature_algorithms, ecdsa))


# e-Tax as it was

LEGACY = ["etax-legacy", "etax-notice-legacy", "etax-registration-legacy"]


@pytest.mark.parametrize("prefix", ["", "ds:"])
@pytest.mark.parametrize("name", LEGACY)
def test_what_the_tax_office_s_world_signed_with_sha_1_is_intact_and_said_to_be_outdated(
    name: str, prefix: str
) -> None:
    data = signed_by_xmlsec(name, keys.leaf(), AGENT, prefix=prefix)
    verification = _found(data)
    assert verification.profile.name == name
    assert [(each.intact, each.well_placed, each.legacy) for each in verification.signatures] == [(True,) * 3] * 2
    assert verification.signatures[0].algorithms == ("RSA-SHA1", "SHA1")
    broken = _found(data.replace("tỉnh An Hoà".encode(), "tỉnh Khác".encode()))
    assert not any(each.intact for each in broken.signatures)
    assert broken.signatures[0].reason.vi


def test_nothing_outdated_counts_by_the_tax_office_s_own_profile() -> None:
    data = signed_by_xmlsec("etax-legacy")
    own = verify_document(read_xml(data), [ETax()], {}, keys.NOW)
    assert own.profile.name == "etax-2026"
    assert "SHA-1" in _only(own).reason.vi


def test_a_declaration_of_today_is_judged_by_today_s_profile_though_it_is_broken() -> None:
    verification = _found(signed_declaration().replace(b"<tyLe>10<", b"<tyLe>11<"))
    assert verification.profile.name == "etax-2026"
    assert not _only(verification).intact


def test_a_profile_for_any_document_does_not_stand_in_for_a_connector_s() -> None:
    whole = replace(PROFILES["xades"], roots=PROFILES["etax-2026"].roots)
    verification = _found(signed_by(read_xml(example("etax-2026").data), keys.leaf(), profile=whole))
    assert verification.profile.name == "etax-2026"
    assert not _only(verification).well_placed


# Social insurance: two levels


@pytest.mark.parametrize("code", FORMS)
def test_every_form_of_social_insurance_is_signed_in_its_own_place(code: str) -> None:
    document = example("social-insurance-form", ("TK1-TS", code))
    verification = _found(_signed("social-insurance-form", document))
    assert (verification.profile.name, _good(verification)) == ("social-insurance-form", [True])
    assert _only(verification).signed_path == f"/{code}"
    assert _only(verification).signing_time == keys.NOW


def test_a_signed_form_goes_into_a_signed_envelope_and_both_hold() -> None:
    form = _signed("social-insurance-form")
    text = base64.b64encode(form).decode()
    changes = ("<NoiDungFile>", f"<NoiDungFile>{text}"), ("<DoDaiFile>0", f"<DoDaiFile>{len(text)}")
    dossier = _signed("social-insurance-envelope", example("social-insurance-envelope", *changes))
    outer = _found(dossier)
    assert (outer.profile.name, _good(outer)) == ("social-insurance-envelope", [True])
    assert outer.content is not None
    held = etree.fromstring(outer.content).findtext(".//NoiDungFile") or ""
    inner = _found(base64.b64decode(held))
    assert (inner.profile.name, _good(inner)) == ("social-insurance-form", [True])
    forged = base64.b64encode(form.replace("Mẫu".encode(), "Giả".encode())).decode()
    assert _only(_found(dossier.replace(text.encode(), forged.encode()))).reason.en == (
        "the content was changed after signing"
    )


def test_their_signatures_have_the_signing_time_and_take_themselves_out() -> None:
    signature = read_xml(_signed("social-insurance-envelope")).root.find(f"CKy_Dvi/{{{DS}}}Signature")
    assert signature is not None
    references = signature.findall(f"{{{DS}}}SignedInfo/{{{DS}}}Reference")
    assert [each.get("URI", "").partition("-")[0] for each in references] == ["", "#SigningTime"]
    assert [[t.get("Algorithm") for t in each.iter(f"{{{DS}}}Transform")] for each in references] == [[ENVELOPED], []]


# Health insurance


@pytest.mark.parametrize(
    "change",
    [("<CHUKYDONVI/>", ""), ("<CHUKYDONVI/>", "<CHUKYDONVI/><CHUKYDONVI/>")],
)
def test_a_dossier_without_one_place_for_the_signature_is_refused(change: tuple[str, str]) -> None:
    with pytest.raises(DocumentRefused) as caught:
        _signed("health-insurance", example("health-insurance", change))
    assert "<CHUKYDONVI>" in caught.value.message.vi


def test_older_dossiers_have_the_signature_elsewhere() -> None:
    document = example("health-insurance", ("<CHUKYDONVI/>", ""), ("</THONGTINDONVI>", "<CHUKYDONVI/></THONGTINDONVI>"))
    older = replace(PROFILES["health-insurance"], places=PROFILES["health-insurance"].places[1:])
    assert _good(_found(signed_by(document, keys.leaf(), profile=older))) == [True]


def test_an_adjustment_without_its_id_is_refused_before_the_gateway_does() -> None:
    with pytest.raises(DocumentRefused) as caught:
        _signed("health-insurance-adjustment", example("health-insurance-adjustment", (' Id="HS-001"', "")))
    assert "<TT_HOSO> thiếu thuộc tính Id" in caught.value.message.vi
    assert "<TT_HOSO> lacks the attribute Id" in caught.value.message.en


def test_an_adjustment_whose_id_is_another_s_too_is_refused() -> None:
    repeated = ("<TT_MAU>", '<TT_MAU ID="HS-001">')
    with pytest.raises(DocumentRefused) as caught:
        _signed("health-insurance-adjustment", example("health-insurance-adjustment", repeated))
    assert "bị trùng" in caught.value.message.vi


# Electronic invoices


def _code_signed(data: bytes) -> bytes:
    """The invoice with the tax office's signature over its code."""
    office = replace(PROFILES["einvoice"], signed_node=("MCCQT",), places=(("DSCKS", "CQT"),))
    return sign(read_xml(data), office, AGENT.signer, at=keys.NOW, random_id=lambda: secrets.token_hex(16))


def test_the_seller_signs_the_invoice_and_the_tax_office_its_code() -> None:
    verification = _found(_code_signed(_signed("einvoice")))
    assert (verification.profile.name, _good(verification)) == ("einvoice", [True, True])
    assert [each.signed_path for each in verification.signatures] == ["/HDon/DLHDon", "/HDon/MCCQT"]
    assert verification.content is not None
    assert verification.content.startswith(b'<DLHDon Id="data">')


def test_a_code_that_is_signed_makes_no_signed_invoice() -> None:
    verification = _found(_code_signed(example("einvoice").data))
    assert _good(verification) == [True]
    assert verification.content is None
    assert "/HDon/DLHDon" in _only(verification).not_covered


@pytest.mark.parametrize(("place", "other"), [("CQT", "NBan"), ("NBan", "CQT")])
def test_each_signs_in_the_place_of_what_is_signed(place: str, other: str) -> None:
    data = _signed("einvoice") if place == "NBan" else _code_signed(example("einvoice").data)
    signature = re.search(rb"<Signature .*</Signature>", data, re.DOTALL)
    assert signature
    moved = data.replace(signature[0], b"")
    for empty in (f"<{other}/>", f"<{other}></{other}>"):
        moved = moved.replace(empty.encode(), f"<{other}>".encode() + signature[0] + f"</{other}>".encode())
    assert signature[0] in moved
    verdict = _only(_found(moved))
    assert not (verdict.intact and verdict.well_placed)


def test_a_transform_that_takes_nothing_out_of_the_object_is_what_dot_net_writes() -> None:
    """The tools differ: xmlsec takes the whole signature out of the Object inside it, so that nothing is left."""
    data = _with_transforms(_signed("einvoice"))
    assert data.count(ENVELOPED.encode()) == 2
    assert _good(_found(data)) == [True]
    assert _only(_found(data)).signing_time == keys.NOW
    assert not _only(_found(data.replace(b"T10:00:00", b"T11:00:00"))).intact


def _with_transforms(data: bytes) -> bytes:
    """The signed invoice with an enveloped transform on both references, its value computed anew."""
    listed = f'<Transforms><Transform Algorithm="{ENVELOPED}"/></Transforms><DigestMethod'
    data = data.replace(b"<DigestMethod", listed.encode())
    information = etree.fromstring(data).find(f".//{{{DS}}}SignedInfo")
    form = etree.tostring(etree.fromstring(etree.tostring(information)), method="c14n")  # type: ignore[arg-type]
    signer = keys.leaf().signer
    value = signer.complete(signer.prepare(form, PROFILES["einvoice"].signature_algorithms[0]))
    written = b"<SignatureValue>" + base64.b64encode(value) + b"</SignatureValue>"
    return re.sub(rb"<SignatureValue>[^<]*</SignatureValue>", written, data)


def test_an_invoice_of_2023_is_intact_and_said_to_be_outdated() -> None:
    verification = _found(signed_by_xmlsec("einvoice-legacy"))
    assert verification.profile.name == "einvoice-legacy"
    assert (_only(verification).intact, _only(verification).legacy) == (True, True)
    assert _only(verification).signing_time == keys.NOW


def test_what_is_signed_here_has_no_transform() -> None:
    assert b"Transform" not in _signed("einvoice")


# XAdES


@pytest.mark.parametrize(
    ("holder", "algorithm"),
    [
        (keys.leaf(), "RSA-PSS-SHA256"),
        (curve_holder("P-256"), "ECDSA-SHA256"),
        (curve_holder("P-384"), "ECDSA-SHA384"),
    ],
)
def test_xades_signs_with_what_the_circular_asks_for(holder: keys.Holder, algorithm: str) -> None:
    verification = _found(signed_by(example("xades"), holder, profile=PROFILES["xades"]))
    assert _good(verification) == [True]
    signature = _only(verification)
    assert (signature.algorithms[0], signature.level, signature.legacy) == (algorithm, "B-B", False)
    assert (signature.signed_path, signature.signing_time) == ("/letter", keys.NOW)


def test_a_small_document_element_can_be_signed_as_a_whole() -> None:
    data = signed_by(read_xml(b"<a/>"), keys.leaf(), profile=PROFILES["xades"])
    assert data.startswith(b"<a><Signature ")
    assert _good(_found(data)) == [True]
    assert _found(data).content == b"<a></a>"


def test_a_document_whose_element_holds_others_of_its_name_is_signed_at_its_end() -> None:
    data = signed_by(read_xml(b"<a><a>1</a><ab/><a/></a>\n"), keys.leaf(), profile=PROFILES["xades"])
    assert data.startswith(b"<a><a>1</a><ab/><a/><Signature ")
    assert _good(_found(data)) == [True]


@pytest.mark.parametrize("name", WHOLE)
def test_comments_beside_the_document_element_are_nobody_s(name: str) -> None:
    """A reference to the whole document leaves comments out; instructions it covers, and no reader looks there."""
    written = example(name).data.partition(b"?>")[2].strip()
    data = signed_by(read_xml(b"<!-- 1 -->" + written + b"<!-- 2 -->"), keys.leaf(), profile=PROFILES[name])
    expect_python_xmlsec_accepts(data)
    assert _good(_found(data)) == [True]
    for instructed in (b"<?p 1?>" + written, written + b"<?p 2?>"):
        with pytest.raises(DocumentRefused) as caught:
            signed_by(read_xml(instructed), keys.leaf(), profile=PROFILES[name])
        assert "lệnh xử lý" in caught.value.message.vi


# Which are there


def test_a_profile_has_a_name_and_documents() -> None:
    with pytest.raises(UsageError) as unknown:
        profiles.named("khác", example("xades"))
    assert "social-insurance-envelope" in unknown.value.remedy.vi
    with pytest.raises(UsageError) as other:
        profiles.named("social-insurance-form", example("xades"))
    assert "<TK1-TS>" in other.value.remedy.vi
    assert profiles.named("xades", example("xades")) is PROFILES["xades"]


def test_what_is_for_any_document_is_tried_last() -> None:
    names = [each.name for each in profiles.fitting(example("einvoice"))]
    assert names == ["einvoice", "einvoice-legacy", "xades"]


def test_without_a_profile_for_it_a_document_is_not_known() -> None:
    with pytest.raises(UnknownForm):
        verify_document(example("xades"), [ETax()], {}, keys.NOW)


@pytest.mark.parametrize("name", PROFILES)
def test_only_what_verifies_may_be_outdated(name: str) -> None:
    profile = PROFILES[name]
    assert profile.verify_only or not profile.legacy
    assert profile.legacy or not any(
        "sha1" in each for each in (*profile.signature_algorithms, profile.digest_algorithm)
    )
    assert profile.title.vi != profile.title.en
