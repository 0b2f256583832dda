"""Signing: signxml bent to a receiver's profile; only the Signature is serialised and put into the caller's bytes.

Proven against xmlsec1, the JDK and the tax office's own viewer. signxml by itself cannot make these signatures: it
always writes Transforms, has no X509SubjectName and canonicalises SignedInfo before it stands in its document.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any, cast

from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml.algorithms import (
    CanonicalizationMethod,
    DigestAlgorithm,
    SignatureConstructionMethod,
    SignatureMethod,
)
from signxml.signer import XMLSigner

from govgateway.documents.xml import XmlDocument, read_xml
from govgateway.errors import DocumentRefused, Text
from govgateway.signing.canonical import canonical
from govgateway.signing.certificates import display_name, subject_text
from govgateway.signing.placement import ensure_utf8, find_tags
from govgateway.signing.profile import SignatureProfile
from govgateway.signing.references import DS, child_of_root, elements_by_id, ensure_plain
from govgateway.signing.signer import Signer

_VIETNAM = timezone(timedelta(hours=7))
_VALUE = rb"\s*=\s*(?:\"[^\"]*\"|'[^']*')"


def sign(
    document: XmlDocument,
    profile: SignatureProfile,
    signer: Signer,
    *,
    at: datetime,
    random_id: Callable[[], str],
) -> bytes:
    """The bytes of ``document`` with one more Signature by ``signer`` at its place; all other bytes are the caller's.

    ``at`` is written as SigningTime, in Vietnam's time; ``random_id`` gives hexadecimal text for the ids. Raises
    DocumentRefused for a document that cannot be signed safely: another encoding than UTF-8, comments or processing
    instructions in the signed node, an id that occurs twice, no place for the signature, a second signature by the
    same certificate.
    """
    ensure_utf8(document)
    document = _with_id(document, profile)
    node = child_of_root(document, profile.signed_node)
    place = child_of_root(document, profile.place)
    if node is None or place is None:
        missing = etree.QName(profile.signed_node if node is None else profile.place).localname
        raise _refused(f"thiếu phần tử <{missing}>", f"the element <{missing}> is missing")
    ensure_plain(node)
    if elements_by_id(document.root).get(node.get(profile.id_attribute, "")) != [node]:
        raise _refused("thuộc tính id của phần được ký bị trùng", "the id of the signed part occurs more than once")
    _ensure_first_by(signer, place)
    signature = _Signing(document, node, place, profile, signer, at, random_id).signature()
    return _spliced(document, place, signature)


class _Signing(XMLSigner):
    """One signing: signxml does the order of work, these overrides the profile."""

    def __init__(
        self,
        document: XmlDocument,
        node: etree._Element,
        place: etree._Element,
        profile: SignatureProfile,
        signer: Signer,
        at: datetime,
        random_id: Callable[[], str],
    ) -> None:
        super().__init__(
            method=SignatureConstructionMethod.detached,
            signature_algorithm=SignatureMethod(profile.signature_algorithm),
            digest_algorithm=DigestAlgorithm(profile.digest_algorithm),
            c14n_algorithm=CanonicalizationMethod(profile.canonicalisation),
        )
        self.namespaces = {None: DS}  # type: ignore[dict-item]  # lxml takes None for the default namespace
        self.signature_annotators = [self._annotate]
        self._document, self._node, self._place, self._profile = document, node, place, profile
        self._signer, self._at, self._random_id = signer, at, random_id

    def signature(self) -> bytes:
        """The Signature element as it is to stand in the document."""
        before = len(self._place)
        try:
            element: etree._Element = self.sign(self._document.root, key=cast(Any, _KeyOf(self._signer)))
        finally:
            for added in list(self._place)[before:]:
                self._place.remove(added)
        return etree.tostring(element, encoding="UTF-8", with_tail=False)

    def _ds_tag(self, tag: str) -> str:
        return f"{{{DS}}}{tag}"

    def _c14n(self, nodes: Any, algorithm: Any, inclusive_ns_prefixes: Any = None) -> bytes:
        return canonical(nodes, algorithm.value)

    def _unpack(self, data: Any, references: Any) -> Any:
        """signxml copies the document here, twice; nothing is copied instead."""
        return etree.Element(self._ds_tag("Signature"), nsmap=self.namespaces), data, [], []

    def _build_sig(self, sig_root: Any, *_: Any, **__: Any) -> tuple[etree._Element, etree._Element]:
        """SignedInfo with the reference to the node; the Signature stands in its document from here on, so that
        what is canonicalised later sees the namespaces it will have."""
        sig_root.set("Id", f"{self._profile.signature_id_prefix}{self._random_id()}")
        self._place.append(sig_root)
        signed_info = etree.SubElement(sig_root, self._ds_tag("SignedInfo"))
        etree.SubElement(signed_info, self._ds_tag("CanonicalizationMethod"), Algorithm=self.c14n_alg.value)
        etree.SubElement(signed_info, self._ds_tag("SignatureMethod"), Algorithm=self.sign_alg.value)
        self._refer(signed_info, self._node, self._node.get(self._profile.id_attribute, ""))
        return signed_info, etree.SubElement(sig_root, self._ds_tag("SignatureValue"))

    def _refer(self, signed_info: etree._Element, target: etree._Element, identifier: str) -> None:
        reference = etree.SubElement(signed_info, self._ds_tag("Reference"), URI=f"#{identifier}")
        if self._profile.transforms:
            transforms = etree.SubElement(reference, self._ds_tag("Transforms"))
            for algorithm in self._profile.transforms:
                etree.SubElement(transforms, self._ds_tag("Transform"), Algorithm=algorithm)
        etree.SubElement(reference, self._ds_tag("DigestMethod"), Algorithm=self.digest_alg.value)
        digest = self._get_digest(canonical(target, self._profile.canonicalisation), self.digest_alg)
        etree.SubElement(reference, self._ds_tag("DigestValue")).text = base64.b64encode(digest).decode()

    def _annotate(self, sig_root: etree._Element, signing_settings: Any) -> None:
        """KeyInfo and the signing time, between the digest of the node and the signing of SignedInfo."""
        certificate = self._signer.certificate
        data = etree.SubElement(etree.SubElement(sig_root, self._ds_tag("KeyInfo")), self._ds_tag("X509Data"))
        texts = {
            "X509SubjectName": subject_text(certificate),
            "X509Certificate": base64.b64encode(certificate.public_bytes(Encoding.DER)).decode(),
        }
        for name in self._profile.key_info:
            etree.SubElement(data, self._ds_tag(name)).text = texts[name]
        if self._profile.signing_time:
            self._add_signing_time(sig_root)

    def _add_signing_time(self, sig_root: etree._Element) -> None:
        identifier = f"SigningTime-{self._random_id()}"
        holder = etree.SubElement(sig_root, self._ds_tag("Object"), Id=identifier)
        properties = etree.SubElement(holder, self._ds_tag("SignatureProperties"))
        one = etree.SubElement(properties, self._ds_tag("SignatureProperty"), Target="signatureProperties")
        moment = self._at.astimezone(_VIETNAM).strftime("%Y-%m-%dT%H:%M:%S")
        etree.SubElement(one, self._ds_tag("SigningTime")).text = moment
        self._refer(sig_root[0], holder, identifier)


class _KeyOf:
    """A signer where signxml expects a private key."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    def sign(self, data: bytes, padding: object = None, algorithm: object = None) -> bytes:
        return self._signer.complete(self._signer.prepare(data))


def _with_id(document: XmlDocument, profile: SignatureProfile) -> XmlDocument:
    """``document`` with an id on its signed node that no other element has.

    An unsigned export may have none, or one that its rows have too (HTKK writes ID_1 on both): the profile's own is
    written then. Of a document that is signed already nothing is changed.
    """
    node = child_of_root(document, profile.signed_node)
    if node is None or document.root.find(f".//{{{DS}}}Signature") is not None:
        return document
    present = node.get(profile.id_attribute)
    if present and elements_by_id(document.root)[present] == [node]:
        return document
    tags = find_tags(document, node)
    opening = document.data[tags.start : tags.content]
    name = re.escape(profile.id_attribute).encode()
    written = f'{profile.id_attribute}="{profile.default_id}"'.encode()
    if present is None:
        end = len(opening) - (2 if tags.empty else 1)
        opening = opening[:end] + b" " + written + opening[end:]
    else:
        before = rb"(<[^\s>]+(?:\s+[^\s=]+" + _VALUE + rb")*?\s+)"
        opening = re.sub(before + name + _VALUE, rb"\g<1>" + written, opening, count=1)
    return read_xml(document.data[: tags.start] + opening + document.data[tags.content :])


def _ensure_first_by(signer: Signer, place: etree._Element) -> None:
    own = base64.b64encode(signer.certificate.public_bytes(Encoding.DER)).decode()
    for written in place.iter(f"{{{DS}}}X509Certificate"):
        if "".join((written.text or "").split()) == own:
            who = display_name(signer.certificate)
            raise _refused(f"{who} đã ký tài liệu này", f"{who} has signed it already")


def _spliced(document: XmlDocument, place: etree._Element, signature: bytes) -> bytes:
    tags = find_tags(document, place)
    data = document.data
    if not tags.empty:
        return data[: tags.end] + signature + data[tags.end :]
    opening = data[tags.start : tags.content].removesuffix(b"/>").rstrip()
    name = opening.split()[0].removeprefix(b"<")
    return data[: tags.start] + opening + b">" + signature + b"</" + name + b">" + data[tags.after :]


def _refused(vi: str, en: str) -> DocumentRefused:
    return DocumentRefused(
        Text(f"Không ký được tài liệu: {vi}.", f"The document cannot be signed: {en}."),
        Text("Xuất lại tệp từ phần mềm kê khai rồi ký.", "Export the file again from the software that made it."),
        (),
    )
