"""The content of a document without its signatures: the same declaration signed twice is the same content."""

from __future__ import annotations

import hashlib

from lxml import etree

from govgateway.documents.xml import XmlDocument
from govgateway.signing.canonical import C14N, canonical, without
from govgateway.signing.placement import without_elements
from govgateway.signing.profile import SignatureProfile
from govgateway.signing.references import SIGNATURE, places_of, signed_node_of

# What was read has been within the limits: its canonical form is read again, however long a text in it may be.
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


def content_digest(document: XmlDocument, profile: SignatureProfile) -> str:
    """SHA-256, in hexadecimal, of the signed node's canonical form without its id attribute and signatures inside it.

    It covers every field and all white space of the node; not signatures, byte order mark, line ends of the prolog, or
    the id that signing may write. A document without such a node is taken whole, by its bytes.
    """
    node = signed_node_of(document, profile)
    if node is None:
        return hashlib.sha256(document.data).hexdigest()
    alone = etree.fromstring(without(canonical(node, C14N), node, list(node.iter(SIGNATURE))), _PARSER)
    if profile.id_attribute and profile.id_attribute in alone.attrib:
        del alone.attrib[profile.id_attribute]
    return hashlib.sha256(etree.tostring(alone, method="c14n")).hexdigest()


def remove_signatures(document: XmlDocument, profile: SignatureProfile) -> bytes:
    """The bytes of ``document`` without the signatures in their places; everything else as it is."""
    places = places_of(document, profile)
    return without_elements(document, [each for place in places for each in place.findall(SIGNATURE)])
