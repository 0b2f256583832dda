"""What a receiver wants of a signature, as data: read from a TOML file of the form packages, one table per profile."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from govgateway.documents.xml import XmlDocument
from govgateway.errors import Text

Path = tuple[str, ...]
"""Element names (Clark notation) from below the document element downwards; empty: the document element itself."""


@dataclass(frozen=True, slots=True)
class SignatureProfile:
    """How one kind of document is signed.

    ``roots`` are the names that its document element may have ("*": any). ``signed_node`` is the path of the node that
    is signed, ``places`` are those of the elements that hold Signatures of it; new ones go into the first.
    ``other_nodes`` are further places, each with the node that Signatures there cover instead. ``id_attribute`` is by
    what the node is referred to; empty: the whole document without the signature (URI="", enveloped). ``default_id``
    is written where a node has no id of its own; empty: the document has to bring one.
    ``canonicalisation``, ``signature_algorithms`` (the first that the signer's key is made for), ``digest_algorithm``
    and ``transforms`` are algorithm URIs (no transforms: no Transforms element at all). ``key_info`` names the children
    of X509Data in order; ``signing_time`` is "object" (a ds Object with a SigningTime, referenced), "xades" (that of
    XAdES) or "" (none).

    ``verify_only``: it is met, but nothing is signed so. ``legacy``: SHA-1 and comments in the canonical form are
    accepted and flagged.
    """

    name: str
    title: Text
    roots: tuple[str, ...]
    signed_node: Path
    places: tuple[Path, ...]
    id_attribute: str
    default_id: str
    signature_id_prefix: str
    canonicalisation: str
    signature_algorithms: tuple[str, ...]
    digest_algorithm: str
    transforms: tuple[str, ...]
    key_info: tuple[str, ...]
    signing_time: str
    other_nodes: Mapping[Path, Path] = field(default_factory=dict)
    verify_only: bool = False
    legacy: bool = False

    def fits(self, document: XmlDocument) -> bool:
        """Whether ``document`` is of the kind that is signed so."""
        return self.is_general or document.root.tag in self.roots

    @property
    def is_general(self) -> bool:
        """Whether any document may be signed so, whatever its document element."""
        return "*" in self.roots


@dataclass(frozen=True, slots=True)
class SignatureSlot:
    """One signature that a form needs or allows: who signs (``role``), how, and what the certificate must name.

    ``owner`` is a subject identifier such as ``MST:9900000016`` (UID of the certificate), empty when anybody may.
    """

    role: str
    title: Text
    profile: SignatureProfile
    required: bool
    owner: str


@dataclass(frozen=True, slots=True)
class SignaturePlan:
    """The slots of a form, in signing order."""

    slots: tuple[SignatureSlot, ...]


def read_profiles(toml: str) -> Mapping[str, SignatureProfile]:
    """The profiles in ``toml``, by name. Raises KeyError or TypeError for a table that misses a key or has one more."""
    return {name: _profile(name, table) for name, table in tomllib.loads(toml).items()}


_LISTS = ("roots", "signed_node", "signature_algorithms", "transforms", "key_info")


def _profile(name: str, table: dict[str, Any]) -> SignatureProfile:
    values = dict(table)
    title = Text(**values.pop("title"))
    lists: dict[str, Any] = {key: tuple(values.pop(key)) for key in _LISTS}
    places = tuple(tuple(each) for each in values.pop("places"))
    others = {tuple(each["place"]): tuple(each["node"]) for each in values.pop("other_nodes", ())}
    return SignatureProfile(name=name, title=title, places=places, other_nodes=others, **lists, **values)
