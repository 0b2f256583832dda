"""Gets time stamps (RFC 3161) for XAdES signatures and adds them: level B-T of EN 319 132-1.

A stamp goes into the unsigned properties, so that it is added later without touching what is signed.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING

from lxml import etree

from govgateway.documents.xml import XmlDocument
from govgateway.errors import AnswerRefused, SignatureBroken, Text
from govgateway.signing.canonical import C14N
from govgateway.signing.placement import with_content
from govgateway.signing.references import DS, SIGNATURE
from govgateway.signing.timestamps import UNSIGNED, StampRefused, ensure_stamps, stamped_value
from govgateway.signing.xades import XADES, signed_properties

if TYPE_CHECKING:
    from rfc3161_client import TimeStampRequest

TIME_STAMP_QUERY = "application/timestamp-query"
"""The media type of a request."""
Authority = Callable[[bytes], bytes]
"""A time-stamp authority: gives the answer (DER) to a request (DER)."""


def add_time_stamp(document: XmlDocument, number: int, authority: Authority) -> bytes:
    """``document`` with a time stamp on its signature ``number`` (in document order, from 1): nothing else changes.

    The signature has to be a XAdES one. Raises SignatureBroken when there is no such signature, AnswerRefused when the
    authority refuses or stamps something else; whatever ``authority`` raises.
    """
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    signature = _numbered(document, number)
    stamped = stamped_value(signature)
    request = TimestampRequestBuilder(stamped, HashAlgorithm.SHA256).build()
    token = _token(authority(request.as_bytes()), request, stamped)
    place, opening, closing = _place(signature)
    written = (
        f'{opening}<SignatureTimeStamp xmlns="{XADES}"><CanonicalizationMethod xmlns="{DS}" Algorithm="{C14N}"/>'
        f"<EncapsulatedTimeStamp>{base64.b64encode(token).decode()}</EncapsulatedTimeStamp></SignatureTimeStamp>{closing}"
    )
    return with_content(document, place, written.encode())


def _numbered(document: XmlDocument, number: int) -> etree._Element:
    signatures = list(document.root.iter(SIGNATURE))
    if 1 <= number <= len(signatures) and signed_properties(signatures[number - 1]) is not None:
        return signatures[number - 1]
    raise SignatureBroken(
        Text(f"Không có chữ ký XAdES số {number}.", f"There is no XAdES signature number {number}."),
        Text("Ký theo một hồ sơ ký XAdES trước.", "Sign by a XAdES profile first."),
    )


def _place(signature: etree._Element) -> tuple[etree._Element, str, str]:
    """(the element at whose end a stamp is written, the tags around it that are not there yet)."""
    properties = signature.find(UNSIGNED)
    if properties is not None:
        return properties, "", ""
    own = signed_properties(signature)
    qualifying = None if own is None else own.getparent()
    assert qualifying is not None  # noqa: S101  # of a XAdES signature
    around = ("UnsignedProperties", "UnsignedSignatureProperties")
    opening = f'<{around[0]} xmlns="{XADES}"><{around[1]}>'
    return qualifying, opening, f"</{around[1]}></{around[0]}>"


def _token(answer: bytes, request: TimeStampRequest, stamped: bytes) -> bytes:
    """The stamp in an authority's ``answer``. Raises AnswerRefused unless it is of ``stamped`` and of this request."""
    try:
        return _checked_token(answer, request, stamped)
    except (StampRefused, ValueError) as wrong:
        unreadable = Text("câu trả lời không đọc được", "the answer cannot be read")
        why = wrong.reason if isinstance(wrong, StampRefused) else unreadable
        raise AnswerRefused(
            Text(f"Không lấy được dấu thời gian: {why.vi}.", f"There is no time stamp to be had: {why.en}."),
            Text("Thử lại, hoặc chọn máy chủ dấu thời gian khác.", "Try again, or choose another authority."),
        ) from None


def _checked_token(answer: bytes, request: TimeStampRequest, stamped: bytes) -> bytes:
    from rfc3161_client import PKIStatus, decode_timestamp_response

    response = decode_timestamp_response(answer)
    if response.status not in (PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS):
        raise StampRefused("máy chủ dấu thời gian từ chối", "the authority refuses")
    if response.tst_info.nonce != request.nonce:
        raise StampRefused("câu trả lời cho yêu cầu khác (nonce)", "it answers another request (nonce)")
    ensure_stamps(stamped, response)
    return bytes(response.time_stamp_token())
