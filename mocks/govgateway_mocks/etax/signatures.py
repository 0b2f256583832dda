"""How the simulated tax office judges signatures: with xmlsec, which shares no code with the gateway.

xmlsec forgives moved nodes and repeated ids, so place and uniqueness are checked here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import cast

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from govgateway_mocks.etax.case import DS, NODE, VIETNAM, Case, Reason, certificate_of
from govgateway_mocks.pki import Authority
from govgateway_mocks.pki.files import issued_by

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
        ambiguous = [name for name, found in _referred(signature, case.root) if len(found) > 1]
        if ambiguous:
            text = f"Mã {ambiguous[0]} mà chữ ký điện tử tham chiếu đến có ở nhiều nơi trong hồ sơ"
            yield _bad_signature(text, "Đặt mã không trùng cho phần được ký rồi ký lại.")
        elif not (_covers_declaration(signature, case.root) and _valid(signature, case.root)):
            yield _bad_signature("Hồ sơ đã bị sửa sau khi ký điện tử hoặc chữ ký điện tử trên hồ sơ không hợp lệ")


def _bad_signature(text: str, remedy: str = "Ký lại hồ sơ và gửi lại.") -> Reason:
    return Reason("Chữ ký điện tử", text, remedy, "/HSoThueDTu/CKyDTu")


def _referred(signature: etree._Element, root: etree._Element) -> Iterator[tuple[str, list[etree._Element]]]:
    """Each id that the signature refers to, with every element that bears it; an empty id for a reference to none."""
    for reference in signature.iterfind(f"{DS}SignedInfo/{DS}Reference"):
        mark, _, name = reference.get("URI", "").partition("#")
        found = cast(list[etree._Element], root.xpath(_IDS, value=name)) if name and not mark else []
        yield name, found


def _covers_declaration(signature: etree._Element, root: etree._Element) -> bool:
    """Whether the signature refers to the one declaration at its place, and that hides nothing."""
    nodes = root.findall(NODE)
    referred = [found for _, found in _referred(signature, root)]
    covered = nodes in referred and all(len(found) == 1 for found in referred)
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
    """Every signer's certificate is by an authority that the office knows, is there for signing, and was valid both
    when the declaration arrived and at the time of signing that the signature gives."""
    for signature, certificate in zip(case.signatures, case.certificates, strict=True):
        authority = next((each for each in _authorities(case) if issued_by(certificate, each.certificate)), None)
        times = [case.now, *_signing_times(signature)]
        if authority is None:
            yield _bad_certificate(
                "Không tìm thấy chứng thư số của nhà cung cấp", "Dùng chứng thư số của nhà cung cấp được cấp phép."
            )
        elif not _for_signing(certificate):
            yield _bad_certificate("Chứng thư số không hợp pháp (không dùng để ký)", "Ký bằng chứng thư số khác.")
        elif max(times) > certificate.not_valid_after_utc:
            yield _bad_certificate("Chứng thư số đã hết hiệu lực", "Gia hạn chứng thư số rồi ký lại.")
        elif min(times) < certificate.not_valid_before_utc:
            yield _bad_certificate("Chứng thư số chưa có hiệu lực", "Kiểm tra chứng thư số rồi ký lại.")
        elif _revoked(case, authority, certificate):
            yield _bad_certificate("Chứng thư số đã bị thu hồi", "Ký bằng chứng thư số khác.")


def _bad_certificate(text: str, remedy: str) -> Reason:
    return Reason("Chứng thư số", text, remedy)


def _authorities(case: Case) -> Iterator[Authority]:
    """The public ones, and those of the state, whose certificates the office's own viewer knows too (observed)."""
    for domain in (case.pki.public, case.pki.government):
        if domain.exists:
            yield from domain.authorities


def _for_signing(certificate: x509.Certificate) -> bool:
    """Whether it is a holder's, for digital signatures or for what cannot be repudiated."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return (usage.digital_signature or usage.content_commitment) and not usage.key_cert_sign


def _revoked(case: Case, authority: Authority, certificate: x509.Certificate) -> bool:
    revocation = case.pki.register.issued(authority.identifier).get(certificate.serial_number)
    return revocation is not None and revocation.at <= case.now


def _signing_times(signature: etree._Element) -> Iterator[datetime]:
    """The times of signing that a signature gives, where they can be read."""
    for each in signature.iterfind(f"{DS}Object//{DS}SigningTime"):
        try:
            yield datetime.strptime((each.text or "").strip(), "%Y-%m-%dT%H:%M:%S").replace(tzinfo=VIETNAM)
        except ValueError:
            continue
