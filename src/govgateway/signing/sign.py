"""Signing: only the Signature, and an id where one is missing, is put into the caller's bytes."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from govgateway.documents.xml import XmlDocument
from govgateway.errors import DocumentRefused, Text
from govgateway.signing.certificates import display_name
from govgateway.signing.making import SignatureMaker
from govgateway.signing.placement import ensure_utf8, with_attribute, with_content
from govgateway.signing.profile import SignatureProfile
from govgateway.signing.references import DS, SIGNATURE, elements_by_id, ensure_plain, part_of, signed_node_of
from govgateway.signing.signer import Signer


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
    instructions in the signed node, an id that is missing or occurs twice, no place for the signature, a second
    signature by the same certificate, one that would break another.
    """
    ensure_utf8(document)
    if profile.verify_only:
        raise _refused(f"mẫu chữ ký {profile.title.vi} chỉ để kiểm tra", f"{profile.title.en} is for verifying only")
    node, place = signed_node_of(document, profile), part_of(document, profile.places[0])
    if node is None or place is None:
        missing = etree.QName((document.root.tag, *(profile.signed_node if node is None else profile.places[0]))[-1])
        raise _refused(f"thiếu phần tử <{missing.localname}>", f"the element <{missing.localname}> is missing")
    ensure_plain(node)
    _ensure_first_by(signer, place)
    _ensure_breaks_none(document)
    with _identified(document, node, profile) as data:
        signature = SignatureMaker(node, place, profile, signer, at, random_id).signature()
    return with_content(replace(document, data=data), place, signature)


@contextmanager
def _identified(document: XmlDocument, node: etree._Element, profile: SignatureProfile) -> Iterator[bytes]:
    """The bytes of ``document`` with an id on its signed node that no other element has; the tree has it, too, for the
    time of the block.

    An unsigned export may have none, or one that its rows have too (HTKK writes ID_1 on both): the profile's own is
    written then. Of a document that is signed already nothing is changed. Raises DocumentRefused for an id that occurs
    twice.
    """
    name, present = profile.id_attribute, node.get(profile.id_attribute) if profile.id_attribute else None
    if not name or (present and _is_unique(present, node, document)):
        yield document.data
        return
    if document.root.find(f".//{SIGNATURE}") is not None or _is_taken(profile.default_id, document):
        raise _refused("thuộc tính id của phần được ký bị trùng", "the id of the signed part occurs more than once")
    if not profile.default_id:
        raise _without_id(node, name, present)
    data = with_attribute(document, node, name, profile.default_id)
    node.set(name, profile.default_id)
    try:
        yield data
    finally:
        if present is None:
            del node.attrib[name]
        else:
            node.set(name, present)


# To read every id of a large document takes long: where the bytes leave no doubt they are not read.


def _is_unique(identifier: str, node: etree._Element, document: XmlDocument) -> bool:
    """Whether no element but ``node`` has ``identifier``."""
    times = _times_written(identifier, document)
    if b"&#" not in document.data and (times == 1 or _times_written(f"id={identifier}", document) > 1):
        return times == 1
    return elements_by_id(document.root).get(identifier) == [node]


def _is_taken(identifier: str, document: XmlDocument) -> bool:
    """Whether an element has ``identifier``."""
    in_doubt = b"&#" in document.data or _times_written(identifier, document)
    return bool(in_doubt and elements_by_id(document.root).get(identifier))


def _times_written(text: str, document: XmlDocument) -> int:
    """How often ``text`` stands in quotes, what is before its "=" in front of them."""
    name, equals, value = text.rpartition("=")
    return sum(document.data.count(f"{name}{equals}{quote}{value}{quote}".encode()) for quote in "\"'")


def _ensure_first_by(signer: Signer, place: etree._Element) -> None:
    own = base64.b64encode(signer.certificate.public_bytes(Encoding.DER)).decode()
    for written in place.iter(f"{{{DS}}}X509Certificate"):
        if "".join((written.text or "").split()) == own:
            who = display_name(signer.certificate)
            raise _refused(f"{who} đã ký tài liệu này", f"{who} has signed it already")


def _ensure_breaks_none(document: XmlDocument) -> None:
    """A signature of the whole document takes only itself out of what it covers: nothing may be added to it."""
    if any(each.get("URI") == "" for each in document.root.iter(f"{{{DS}}}Reference")):
        raise _refused("thêm chữ ký sẽ làm hỏng chữ ký đã có", "a further signature would break the one that is there")


def _without_id(node: etree._Element, name: str, present: str | None) -> DocumentRefused:
    tag = f"<{etree.QName(node).localname}>"
    if present:
        return _refused(f"giá trị {name} của {tag} bị trùng", f"the {name} of {tag} occurs more than once")
    return _refused(f"phần tử {tag} thiếu thuộc tính {name}", f"the element {tag} lacks the attribute {name}")


def _refused(vi: str, en: str) -> DocumentRefused:
    return DocumentRefused(
        Text(f"Không ký được tài liệu: {vi}.", f"The document cannot be signed: {en}."),
        Text("Xuất lại tệp từ phần mềm kê khai rồi ký.", "Export the file again from the software that made it."),
        (),
    )
