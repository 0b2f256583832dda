"""One Signature by a receiver's profile: signxml bent to it, made where it is to stand.

Proven against xmlsec1, the JDK and the tax office's own viewer. signxml by itself cannot make these signatures: it
always writes Transforms, has no X509SubjectName and canonicalises SignedInfo before it stands in its document.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime
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

from govgateway.calendar import VIETNAM
from govgateway.errors import CertificateUnfit, Text
from govgateway.signing import algorithms, xades
from govgateway.signing.algorithms import PublicKey
from govgateway.signing.canonical import ALGORITHMS, C14N, canonical
from govgateway.signing.certificates import subject_text
from govgateway.signing.profile import SignatureProfile
from govgateway.signing.references import DS
from govgateway.signing.signer import Signer


class SignatureMaker(XMLSigner):
    """One signing of ``node`` in ``place``, elements of one document: signxml does the order of work, these overrides
    the profile. ``kind`` is the Type of the reference to the node, empty for none."""

    def __init__(
        self,
        node: etree._Element,
        place: etree._Element,
        profile: SignatureProfile,
        signer: Signer,
        at: datetime,
        random_id: Callable[[], str],
        kind: str = "",
    ) -> None:
        super().__init__(
            method=SignatureConstructionMethod.detached,
            signature_algorithm=SignatureMethod(_algorithm(profile, signer)),
            digest_algorithm=DigestAlgorithm(profile.digest_algorithm),
            c14n_algorithm=CanonicalizationMethod(profile.canonicalisation),
        )
        self.namespaces = {None: DS}  # type: ignore[dict-item]  # lxml takes None for the default namespace
        self.signature_annotators = [self._annotate]
        self._node, self._place, self._profile, self._kind = node, place, profile, kind
        self._signer, self._at, self._random_id = signer, at, random_id

    def signature(self) -> bytes:
        """The Signature element as it is to stand in the document."""
        before = len(self._place)
        try:
            element: etree._Element = self.sign(self._place, key=cast(Any, _KeyOf(self._signer, self.sign_alg.value)))
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
        transforms = self._profile.transforms
        digest = self._digest(self._node, next((each for each in transforms if each in ALGORITHMS), C14N))
        self._place.append(sig_root)
        signed_info = etree.SubElement(sig_root, self._ds_tag("SignedInfo"))
        etree.SubElement(signed_info, self._ds_tag("CanonicalizationMethod"), Algorithm=self.c14n_alg.value)
        etree.SubElement(signed_info, self._ds_tag("SignatureMethod"), Algorithm=self.sign_alg.value)
        self._refer(signed_info, self._reference_to_node(), digest, kind=self._kind, transforms=transforms)
        return signed_info, etree.SubElement(sig_root, self._ds_tag("SignatureValue"))

    def _reference_to_node(self) -> str:
        name = self._profile.id_attribute
        return f"#{self._node.get(name, '')}" if name else ""

    def _digest(self, target: etree._Element, algorithm: str = C14N) -> str:
        """The digest of ``target``: where its reference names no canonicalisation, the standard's is C14N 1.0."""
        return base64.b64encode(self._get_digest(canonical(target, algorithm), self.digest_alg)).decode()

    def _refer(
        self, signed_info: etree._Element, uri: str, digest: str, *, kind: str = "", transforms: tuple[str, ...] = ()
    ) -> None:
        reference = etree.SubElement(signed_info, self._ds_tag("Reference"), {"Type": kind} if kind else {}, URI=uri)
        if transforms:
            listed = etree.SubElement(reference, self._ds_tag("Transforms"))
            for algorithm in transforms:
                etree.SubElement(listed, self._ds_tag("Transform"), Algorithm=algorithm)
        etree.SubElement(reference, self._ds_tag("DigestMethod"), Algorithm=self.digest_alg.value)
        etree.SubElement(reference, self._ds_tag("DigestValue")).text = digest

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
        if self._profile.signing_time == "object":
            self._add_signing_time(sig_root)
        elif self._profile.signing_time == "xades":
            self._add_signed_properties(sig_root)

    def _add_signing_time(self, sig_root: etree._Element) -> None:
        identifier = f"SigningTime-{self._random_id()}"
        holder = etree.SubElement(sig_root, self._ds_tag("Object"), Id=identifier)
        properties = etree.SubElement(holder, self._ds_tag("SignatureProperties"))
        one = etree.SubElement(properties, self._ds_tag("SignatureProperty"), Target="signatureProperties")
        moment = self._at.astimezone(VIETNAM).strftime("%Y-%m-%dT%H:%M:%S")
        etree.SubElement(one, self._ds_tag("SigningTime")).text = moment
        self._refer(sig_root[0], f"#{identifier}", self._digest(holder))

    def _add_signed_properties(self, sig_root: etree._Element) -> None:
        properties = xades.add_signed_properties(
            sig_root, f"SignedProperties-{self._random_id()}", self._signer.certificate, self._at, sig_root[0][-1]
        )
        uri, way = f"#{properties.get('Id')}", self._profile.canonicalisation
        digest = self._digest(properties, way)
        self._refer(sig_root[0], uri, digest, kind=xades.SIGNED_PROPERTIES, transforms=(way,))


class _KeyOf:
    """A signer where signxml expects a private key."""

    def __init__(self, signer: Signer, algorithm: str) -> None:
        self._signer, self._algorithm = signer, algorithm
        self.key_size = cast(PublicKey, signer.certificate.public_key()).key_size

    def sign(self, data: bytes, **how: object) -> bytes:
        return self._signer.complete(self._signer.prepare(data, self._algorithm))


def _algorithm(profile: SignatureProfile, signer: Signer) -> str:
    """The first of the profile's signature algorithms that is made for the signer's key; for one on a curve, the first
    with a hash as strong as the curve, where there is one."""
    key = signer.certificate.public_key()
    fitting = [each for each in profile.signature_algorithms if algorithms.fits(key, algorithms.SIGNATURES[each])]
    matching = [each for each in fitting if algorithms.matches(key, algorithms.SIGNATURES[each])]
    if fitting:
        return (matching or fitting)[0]
    names = ", ".join(algorithms.SIGNATURES[each].name for each in profile.signature_algorithms)
    raise CertificateUnfit(
        Text(
            f"Loại khoá của chứng thư số không dùng được ở đây (cần {names}).",
            f"The kind of the certificate's key cannot be used here ({names} is needed).",
        ),
        Text("Dùng chứng thư số có loại khoá mà nơi nhận chấp nhận.", "Use a certificate with a key that is accepted."),
    )
