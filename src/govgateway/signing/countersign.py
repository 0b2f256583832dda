"""Countersignatures: somebody signs another's signature, and confirms it.

A countersignature stands in the unsigned properties of the signature that it confirms and covers its value
(EN 319 132-1, 5.2.7.3), so that it changes nothing that anybody has signed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from lxml import etree

from govgateway.documents.xml import XmlDocument, read_xml
from govgateway.errors import SignatureBroken, Text, UsageError
from govgateway.signing import xades
from govgateway.signing.making import SignatureMaker
from govgateway.signing.placement import ensure_utf8, with_attribute, with_content
from govgateway.signing.profile import SignatureProfile
from govgateway.signing.references import DS, SIGNATURE
from govgateway.signing.signer import Signer
from govgateway.signing.trust import TrustStore
from govgateway.signing.verify import verify


def countersign(
    document: XmlDocument,
    profile: SignatureProfile,
    number: int,
    signer: Signer,
    *,
    at: datetime,
    random_id: Callable[[], str],
) -> bytes:
    """The bytes of ``document`` with a Signature by ``signer`` that confirms signature ``number`` (document order, from
    1), made with the algorithms of ``profile``; all other bytes are the caller's, but for an Id on its SignatureValue.

    Raises UsageError when there is no such signature, SignatureBroken when it does not hold: nobody confirms such.
    """
    ensure_utf8(document)
    _ensure_good(document, profile, number, at)
    value = _signature(document, number).find(f"{{{DS}}}SignatureValue")
    if value is not None and value.get("Id") is None:
        document = read_xml(with_attribute(document, value, "Id", f"SignatureValue-{random_id()}"))
    around, written = xades.room_for_countersignature(_signature(document, number))
    document = read_xml(with_content(document, around, written))
    signature = _signature(document, number)
    (value,) = signature.findall(f"{{{DS}}}SignatureValue")
    place = signature.findall(xades.COUNTERSIGNATURES)[-1]
    own = replace(profile, id_attribute="Id", transforms=())
    made = SignatureMaker(value, place, own, signer, at, random_id, kind=xades.COUNTERSIGNED).signature()
    return with_content(document, place, made)


def _ensure_good(document: XmlDocument, profile: SignatureProfile, number: int, at: datetime) -> None:
    signatures = verify(document, profile, TrustStore.empty(), at).signatures
    if not 1 <= number <= len(signatures):
        raise UsageError(
            Text(f"Tài liệu không có chữ ký số {number}.", f"The document has no signature number {number}."),
            Text(
                f"Tài liệu có {len(signatures)} chữ ký; xem bằng govgateway verify.",
                f"It has {len(signatures)}; see them with govgateway verify.",
            ),
        )
    confirmed = signatures[number - 1]
    if not (confirmed.intact and confirmed.well_placed):
        raise SignatureBroken(
            Text(
                f"Chữ ký số {number} không hợp lệ: {confirmed.reason.vi}.",
                f"Signature number {number} is not valid: {confirmed.reason.en}.",
            ),
            Text("Lấy lại tài liệu đã ký từ người ký.", "Get the signed document again from its signer."),
        )


def _signature(document: XmlDocument, number: int) -> etree._Element:
    return list(document.root.iter(SIGNATURE))[number - 1]
