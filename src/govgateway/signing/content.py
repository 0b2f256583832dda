"""The content of a document without its signatures: the same declaration signed twice is the same content."""

from __future__ import annotations

import hashlib

from lxml import etree

from govgateway.documents.xml import XmlDocument
from govgateway.signing.canonical import C14N, canonical
from govgateway.signing.placement import find_tags
from govgateway.signing.profile import SignatureProfile
from govgateway.signing.references import child_of_root


def content_digest(document: XmlDocument, profile: SignatureProfile) -> str:
    """SHA-256, in hexadecimal, of the signed node's canonical form without its id attribute.

    It covers every field and all white space of the node; not signatures, byte order mark, line ends of the prolog, or
    the id that signing may write. A document without such a node is taken whole, by its bytes.
    """
    node = child_of_root(document, profile.signed_node)
    if node is None:
        return hashlib.sha256(document.data).hexdigest()
    alone = etree.fromstring(canonical(node, C14N))
    if profile.id_attribute in alone.attrib:
        del alone.attrib[profile.id_attribute]
    return hashlib.sha256(etree.tostring(alone, method="c14n")).hexdigest()


def remove_signatures(document: XmlDocument, profile: SignatureProfile) -> bytes:
    """The bytes of ``document`` with an empty place for signatures; everything else as it is."""
    place = child_of_root(document, profile.place)
    if place is None:
        return document.data
    tags = find_tags(document, place)
    return document.data[: tags.content] + document.data[tags.end :]
