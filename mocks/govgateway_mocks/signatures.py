"""How the simulated tax office judges signatures: with xmlsec, which shares no code with the gateway.

xmlsec forgives moved nodes and repeated ids, so place and uniqueness are checked here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import xmlsec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from govgateway_mocks.case import DS, NODE, Case, Reason, certificate_of

_IDS = "//*[@Id=$value or @ID=$value or @id=$value or @xml:id=$value]"
_CANONICAL = (
    xmlsec.constants.TransformInclC14N,
    xmlsec.constants.TransformInclC14NWithComments,
    xmlsec.constants.TransformExclC14N,
    xmlsec.constants.TransformExclC14NWithComments,
)
_DIGESTS = (xmlsec.constants.TransformSha256, xmlsec.constants.TransformSha384, xmlsec.constants.TransformSha512)
_SIGNATURES = (
    xmlsec.constants.TransformRsaSha256,
    xmlsec.constants.TransformRsaSha384,
    xmlsec.constants.TransformRsaSha512,
)


def signed(case: Case) -> Iterator[Reason]:
    """There is a signature, at its place, and every one is valid over the declaration."""
    everywhere = list(case.root.iter(f"{DS}Signature"))
    if not everywhere or len(everywhere) != len(case.signatures):
        yield _bad_signature("Hồ sơ chưa được ký điện tử hoặc chữ ký không đúng vị trí")
        return
    for signature in case.signatures:
        if not (_covers_declaration(signature, case.root) and _valid(signature, case.root)):
            yield _bad_signature("Hồ sơ đã bị sửa sau khi ký điện tử hoặc chữ ký điện tử trên hồ sơ không hợp lệ")


def _bad_signature(text: str) -> Reason:
    return Reason("Chữ ký điện tử", text, "Ký lại hồ sơ và gửi lại.", "/HSoThueDTu/CKyDTu")


def _covers_declaration(signature: etree._Element, root: etree._Element) -> bool:
    """Whether the signature refers to the one declaration at its place, and that hides nothing."""
    nodes = root.findall(NODE)
    covered = False
    for reference in signature.iterfind(f"{DS}SignedInfo/{DS}Reference"):
        identifier = reference.get("URI", "")
        found = cast(list[etree._Element], root.xpath(_IDS, value=identifier[1:])) if identifier.startswith("#") else []
        if len(found) != 1:
            return False
        covered |= found == nodes
    hidden = nodes and cast(bool, nodes[0].xpath("boolean(.//comment() | .//processing-instruction())"))
    return covered and not hidden


def _valid(signature: etree._Element, root: etree._Element) -> bool:
    """Whether xmlsec takes the signature. SHA-1 is not taken (assumption: files of 2025 and 2026 have SHA-256)."""
    try:
        certificate = certificate_of(signature)
        xmlsec.tree.add_ids(root, ["id", "Id", "ID"])
        context = xmlsec.SignatureContext()
        # Once one algorithm is enabled, xmlsec refuses all others: a transform could hide what was changed.
        for algorithm in (*_CANONICAL, *_SIGNATURES):
            context.enable_signature_transform(algorithm)
        for algorithm in (*_CANONICAL, *_DIGESTS, xmlsec.constants.TransformEnveloped):
            context.enable_reference_transform(algorithm)
        context.key = xmlsec.Key.from_memory(
            certificate.public_bytes(Encoding.PEM), xmlsec.constants.KeyDataFormatCertPem
        )
        context.verify(signature)
    except (xmlsec.Error, ValueError):
        return False
    return True


def certified(case: Case) -> Iterator[Reason]:
    """Every signer's certificate comes from an authority that the office knows, and is valid now."""
    for certificate in case.certificates:
        if not any(_issued(certificate, issuer) for issuer in case.issuers):
            text, remedy = (
                "Không tìm thấy chứng thư số của nhà cung cấp",
                "Dùng chứng thư số của nhà cung cấp được cấp phép.",
            )
            yield Reason("Chứng thư số", text, remedy)
        elif case.now > certificate.not_valid_after_utc:
            yield Reason("Chứng thư số", "Chứng thư số đã hết hiệu lực", "Gia hạn chứng thư số rồi ký lại.")
        elif case.now < certificate.not_valid_before_utc:
            yield Reason("Chứng thư số", "Chứng thư số chưa có hiệu lực", "Kiểm tra chứng thư số rồi ký lại.")


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True
