"""Signatures as others make them, signed by xmlsec: which shapes the strict core takes, and which it refuses although
some tool forgives them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pytest
import xmlsec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree

import keys
from govgateway.signing.certificates import subject_text
from govgateway.signing.verify import VerifiedSignature
from samples import declaration
from signed import verified

C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
C14N11 = "http://www.w3.org/2006/12/xml-c14n11"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
DS = "{http://www.w3.org/2000/09/xmldsig#}"


def _certificate(holder: keys.Holder) -> str:
    body = "".join(holder.certificate.public_bytes(Encoding.PEM).decode().splitlines()[1:-1])
    return f"<X509Certificate>{body}</X509Certificate>"


SUBJECT = f"<X509SubjectName>{subject_text(keys.leaf().certificate)}</X509SubjectName>"
OWN = _certificate(keys.leaf())
TIME = (
    '<Object Id="{0}"><SignatureProperties><SignatureProperty Target="signatureProperties"><SigningTime>'
    "{1}</SigningTime></SignatureProperty></SignatureProperties></Object>"
)


def _reference(uri: str, transforms: Sequence[str] | None = None, digest: str = SHA256) -> str:
    listed = "".join(f'<Transform Algorithm="{each}"/>' for each in transforms or ())
    inside = "" if transforms is None else f"<Transforms>{listed}</Transforms>"
    return f'<Reference URI="{uri}">{inside}<DigestMethod Algorithm="{digest}"/><DigestValue/></Reference>'


def _signature(
    references: str = _reference("#NODETOSIGN") + _reference("#SigningTime-1"),
    *,
    canonical: str = C14N,
    method: str = f"{MORE}rsa-sha256",
    key_info: str = f"<X509Data>{SUBJECT}{OWN}</X509Data>",
    objects: str = TIME.format("SigningTime-1", "2026-11-16T10:00:00"),
) -> str:
    return (
        f'<Signature xmlns="{DS[1:-1]}"><SignedInfo><CanonicalizationMethod Algorithm="{canonical}"/>'
        f'<SignatureMethod Algorithm="{method}"/>{references}</SignedInfo><SignatureValue/>'
        f"<KeyInfo>{key_info}</KeyInfo>{objects}</Signature>"
    )


def _signed(*signatures: str, node_id: str = "NODETOSIGN") -> bytes:
    """The example with ``signatures`` in its place, each computed by xmlsec with the department's key."""
    root = etree.fromstring(
        declaration(
            ('<HSoKhaiThue id="ID_1">', f'<HSoKhaiThue id="{node_id}">'),
            ("<CKyDTu></CKyDTu>", f"<CKyDTu>{''.join(signatures)}</CKyDTu>"),
        ).data
    )
    pem = keys.leaf().key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for signature in root.iter(f"{DS}Signature"):
        xmlsec.tree.add_ids(root, ["id", "Id"])
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatPem)
        context.sign(signature)
    return etree.tostring(root, encoding="UTF-8")


def _good(*signatures: VerifiedSignature) -> list[bool]:
    return [each.intact and each.well_placed and each.trusted for each in signatures]


AT_TEN = {keys.NOW}
PREFIXES = f'<x:InclusiveNamespaces xmlns:x="{EXCLUSIVE}" PrefixList="#default xsi"/>'
TAKEN: dict[str, tuple[str, set[datetime | None]]] = {
    "the portal's own": (_signature(), AT_TEN),
    "no signing time": (_signature(_reference("#NODETOSIGN"), objects=""), {None}),
    "a signing time that is not covered": (_signature(_reference("#NODETOSIGN")), {None}),
    "enveloped": (_signature(_reference("#NODETOSIGN", [ENVELOPED])), {None}),
    "enveloped and C14N": (_signature(_reference("#NODETOSIGN", [ENVELOPED, C14N])), {None}),
    "C14N": (_signature(_reference("#NODETOSIGN", [C14N])), {None}),
    "exclusive": (_signature(_reference("#NODETOSIGN", [EXCLUSIVE])), {None}),
    "exclusive everywhere": (_signature(_reference("#NODETOSIGN", [EXCLUSIVE]), canonical=EXCLUSIVE), {None}),
    "SignedInfo with comments": (_signature(canonical=f"{C14N}#WithComments"), AT_TEN),
    "SignedInfo exclusive with comments": (_signature(canonical=f"{EXCLUSIVE}WithComments"), AT_TEN),
    "C14N 1.1": (_signature(canonical=C14N11), AT_TEN),
    "SHA-512": (
        _signature(
            _reference("#NODETOSIGN", digest="http://www.w3.org/2001/04/xmlenc#sha512"), method=f"{MORE}rsa-sha512"
        ),
        {None},
    ),
    "only the certificate": (_signature(key_info=f"<X509Data>{OWN}</X509Data>"), AT_TEN),
    "another subject": (_signature(key_info=f"<X509Data><X509SubjectName>-</X509SubjectName>{OWN}</X509Data>"), AT_TEN),
    "the chain with it": (
        _signature(key_info=f"<X509Data>{OWN}{_certificate(keys.issuing())}{_certificate(keys.root())}</X509Data>"),
        AT_TEN,
    ),
    "RSA-PSS": (_signature(method="http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"), AT_TEN),
    "a list of prefixes": (
        _signature(_reference("#NODETOSIGN", [EXCLUSIVE]).replace('"/></T', f'">{PREFIXES}</Transform></T')),
        {None},
    ),
    "XAdES": (
        _signature(
            _reference("#NODETOSIGN") + _reference("#SP"),
            objects=f'<Object><q:QualifyingProperties xmlns:q="{XADES}"><q:SignedProperties Id="SP">'
            "<q:SigningTime>2026-11-16T10:00:00+07:00</q:SigningTime></q:SignedProperties></q:QualifyingProperties>"
            "</Object>",
        ),
        AT_TEN,
    ),
}


@pytest.mark.parametrize("variant", TAKEN)
def test_what_is_taken(variant: str) -> None:
    template, times = TAKEN[variant]
    verification = verified(_signed(template))
    assert _good(*verification.signatures) == [True], verification.signatures[0].reason.en
    assert {each.signing_time for each in verification.signatures} == times
    assert verification.content is not None


@pytest.mark.parametrize("identifier", ["_NODE_TO_SIGN", "ID1"])
def test_any_id_will_do(identifier: str) -> None:
    data = _signed(_signature(_reference(f"#{identifier}"), objects=""), node_id=identifier)
    assert _good(*verified(data).signatures) == [True]


REFUSED: dict[str, tuple[str, str]] = {
    "empty Transforms": (_signature(_reference("#NODETOSIGN", [])), "cấu trúc"),
    "whole document": (_signature(_reference("", [ENVELOPED])), "không đúng chỗ"),
    "RSA-SHA1": (_signature(method="http://www.w3.org/2000/09/xmldsig#rsa-sha1"), "SHA-1"),
    "SHA-1 digest": (_signature(_reference("#NODETOSIGN", digest="http://www.w3.org/2000/09/xmldsig#sha1")), "SHA-1"),
    "an authority's certificate first": (
        _signature(key_info=f"<X509Data>{_certificate(keys.issuing())}{OWN}</X509Data>"),
        "giá trị chữ ký",
    ),
    "a key without a certificate": (_signature(key_info="<KeyName>sở</KeyName>"), "không kèm chứng thư"),
    "a certificate that is none": (
        _signature(key_info="<X509Data><X509Certificate>MAA=</X509Certificate></X509Data>"),
        "chứng thư trong chữ ký không đọc được",
    ),
    "nine certificates": (_signature(key_info=f"<X509Data>{OWN * 9}</X509Data>"), "quá nhiều chứng thư"),
    "nine references": (_signature(_reference("#NODETOSIGN") * 9), "quá nhiều phần"),
    "only the signing time is covered": (_signature(_reference("#SigningTime-1")), "không ký phần nội dung"),
    "a part of the declaration": (_signature(_reference("#ID_3") + _reference("#NODETOSIGN")), "không đúng chỗ"),
    "an XPath transform": (
        _signature(
            _reference("#NODETOSIGN").replace(
                "<DigestMethod",
                '<Transforms><Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116">'
                "<XPath>not(ancestor-or-self::*[local-name()='tyLe'])</XPath></Transform></Transforms><DigestMethod",
            )
        ),
        "thuật toán",
    ),
    "a list of prefixes for what knows none": (
        _signature(_reference("#NODETOSIGN", [C14N]).replace('"/></T', f'">{PREFIXES}</Transform></T')),
        "tham số",
    ),
    "a comment in the signing time": (
        _signature(objects=TIME.format("SigningTime-1", "2026-11-16<!-- -->T10:00:00")),
        "chú thích",
    ),
}


@pytest.mark.parametrize("variant", REFUSED)
def test_what_is_refused(variant: str) -> None:
    template, word = REFUSED[variant]
    verification = verified(_signed(template))
    assert _good(*verification.signatures) == [False]
    assert verification.content is None
    assert word in verification.signatures[0].reason.vi


def test_the_node_s_id_on_a_row_too_is_refused() -> None:
    data = _signed(_signature(_reference("#NODETOSIGN"), objects=""))
    repeated = data.replace(b'<ChiTietPhi id="ID_2">', b'<ChiTietPhi ID="NODETOSIGN">')
    assert _good(*verified(repeated).signatures) == [False]


def test_the_parts_of_a_signature_have_an_order() -> None:
    data = _signed(_signature())
    value = data[data.index(b"<SignatureValue>") : data.index(b"</SignatureValue>") + len(b"</SignatureValue>")]
    (signature,) = verified(data.replace(value, b"").replace(b"</KeyInfo>", b"</KeyInfo>" + value)).signatures
    assert not signature.intact
    assert "cấu trúc" in signature.reason.vi


def test_two_signatures_with_one_id_are_both_refused() -> None:
    verification = verified(_signed(_signature(), _signature(_reference("#NODETOSIGN"))))
    assert _good(*verification.signatures) == [False, True]
    assert verification.content is None


def test_a_second_signature_over_the_whole_document_leaves_the_first_good() -> None:
    whole = _signature(_reference("", [ENVELOPED]), objects="")
    verification = verified(_signed(_signature(), whole))
    assert _good(*verification.signatures) == [True, False]


def test_three_signatures_are_three() -> None:
    others = [
        _signature(_reference("#NODETOSIGN") + _reference(f"#T-{number}"), objects=TIME.format(f"T-{number}", moment))
        for number, moment in enumerate(["16/11/2026 10:00:00", "16112026100000"])
    ]
    signatures = verified(_signed(_signature(), *others)).signatures
    assert _good(*signatures) == [True] * 3
    assert {each.signing_time for each in signatures} == {keys.NOW}


def test_more_signatures_than_anybody_makes_are_all_refused() -> None:
    each = [
        _signature(_reference("#NODETOSIGN") + _reference(f"#T-{number}"), objects=TIME.format(f"T-{number}", ""))
        for number in range(33)
    ]
    verification = verified(_signed(*each[:32]))
    assert all(_good(*verification.signatures))
    assert verification.content is not None
    crowded = verified(_signed(*each))
    assert not any(_good(*crowded.signatures))
    assert crowded.content is None


@pytest.mark.parametrize(
    "moment", ["", "hôm qua", "2026-13-45T10:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
)
def test_a_signing_time_of_another_age_breaks_nothing(moment: str) -> None:
    (signature,) = verified(_signed(_signature(objects=TIME.format("SigningTime-1", moment)))).signatures
    assert signature.intact
    assert signature.trusted == (signature.signing_time is None)
    assert signature.signing_time is None or isinstance(signature.signing_time, datetime)


def test_a_relative_namespace_has_no_canonical_form() -> None:
    data = _signed(_signature()).replace(b"<HSoThueDTu ", b'<HSoThueDTu xmlns:q="relative" ')
    (signature,) = verified(data).signatures
    assert not signature.intact
    assert "chuẩn hoá" in signature.reason.vi


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"<?xml version='1.0' encoding='UTF-8'?>", b"\xef\xbb\xbf"),
        lambda data: etree.tostring(etree.fromstring(data)),
        lambda data: data.replace(b"\n", b"\r\n"),
    ],
)
def test_written_anew_it_is_the_same(change: object) -> None:
    assert callable(change)
    assert _good(*verified(change(_signed(_signature()))).signatures) == [True]


def test_indented_anew_it_is_another() -> None:
    root = etree.fromstring(_signed(_signature()))
    etree.indent(root, space="   ")
    assert _good(*verified(etree.tostring(root)).signatures) == [False]
