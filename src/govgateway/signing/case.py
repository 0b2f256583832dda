"""A document under examination: what its signatures may point at, and the canonical forms made so far."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from cryptography import x509
from lxml import etree

from govgateway.documents.xml import XmlDocument
from govgateway.signing import xades
from govgateway.signing.canonical import C14N, canonical, without
from govgateway.signing.parts import Broken
from govgateway.signing.profile import SignatureProfile
from govgateway.signing.references import (
    DS,
    SIGNATURE,
    elements_by_id,
    hides_something,
    ids_of,
    places_of,
    signed_node_of,
)

_PLAIN_ID = re.compile(r"[\w.:-]+", re.ASCII)
_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml\s)?")
# A hostile document has each of its signatures canonicalise it in its own way; an honest one is read once or twice.
_MOST_READINGS = 4
_A_READING_AT_LEAST = 256 * 1024


class Case:
    """A document under examination: its node, its places, its signatures."""

    def __init__(self, document: XmlDocument, profile: SignatureProfile) -> None:
        self.root = document.root
        self.profile = profile
        self.node = signed_node_of(document, profile)
        self.places = places_of(document, profile)
        self.signatures = list(self.root.iter(SIGNATURE))
        self._forms: dict[tuple[str, tuple[str, ...]], bytes] = {}
        self._read = 0
        self._met: set[tuple[x509.Certificate, bytes]] = set()
        # Where the bytes hold no mark of one there is none, and nothing is looked for: UTF-16 has its marks apart.
        data, declaration = document.data, _DECLARATION.match(document.data)
        after = declaration.end() if declaration else 0
        self._may_hide = b"\0" in data or b"<!--" in data or data.find(b"<?", after) >= 0

    @cached_property
    def _ids(self) -> Mapping[str, list[etree._Element]]:
        return elements_by_id(self.root)

    @cached_property
    def whole(self) -> bytes:
        """The canonical form of the document element."""
        return canonical(self.root, C14N)

    def hides(self, element: etree._Element) -> bool:
        """Whether a comment or instruction stands in ``element``, or an instruction beside the document element."""
        return self._may_hide and hides_something(element)

    def named(self, identifier: str, signature: etree._Element) -> list[etree._Element]:
        """The elements that ``identifier`` names. To read every id of a large document takes longer than all else, so
        where it is written once, only the places where ``signature`` may point are looked at."""
        written = f'="{identifier}"'.encode()
        once = _PLAIN_ID.fullmatch(identifier) and self.whole.count(written) == 1
        if once:
            usual = (self.node, *signature.findall(f"{{{DS}}}Object"), xades.signed_properties(signature))
            for each in usual:
                if each is not None and identifier in ids_of(each):
                    return [each]
        return self._ids.get(identifier, [])

    def node_of(self, signature: etree._Element) -> etree._Element | None:
        """The node that ``signature`` has to cover, by the place where it stands."""
        parent = signature.getparent()
        return self.node if parent is None else self.places.get(parent, self.node)

    def number_of(self, signature: etree._Element | None) -> int:
        """The number of ``signature`` in document order, from 1; 0 for None."""
        return 0 if signature is None else self.signatures.index(signature) + 1

    def meet(self, certificate: x509.Certificate, signed_info: bytes) -> None:
        """Note that ``certificate`` has signed ``signed_info``. Raises Broken when it is met again: a copy of a
        signature is no second one."""
        if (certificate, signed_info) in self._met:
            raise Broken("chữ ký bị lặp lại", "it repeats another signature")
        self._met.add((certificate, signed_info))

    def canonical(
        self,
        element: etree._Element,
        way: str,
        prefixes: tuple[str, ...],
        taken_out: etree._Element | None = None,
    ) -> bytes:
        """The canonical form of ``element`` without ``taken_out``, a signature inside it; that of the node is computed
        once however many signatures cover it. Raises Broken when the signatures together ask for too much."""
        form = self._forms.get((way, prefixes)) if element is self.node else None
        if form is None:
            form = self._counted(canonical(element, way, prefixes, whole=self.whole))
        if element is self.node:
            self._forms[way, prefixes] = form
        return form if taken_out is None else self._counted(without(form, element, [taken_out]))

    def _counted(self, form: bytes) -> bytes:
        self._read += len(form)
        if self._read > _MOST_READINGS * max(len(self.whole), _A_READING_AT_LEAST):
            raise Broken("các chữ ký bắt đọc lại tài liệu quá nhiều lần", "the signatures have it read too many times")
        return form
