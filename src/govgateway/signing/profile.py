"""What a receiver wants of a signature, as data: read from a TOML file of the form packages, one table per profile."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from govgateway.errors import Text


@dataclass(frozen=True, slots=True)
class SignatureProfile:
    """How one kind of document is signed.

    ``root``, ``signed_node`` and ``place`` are element names in Clark notation: the node that is signed and the element
    that holds every Signature, both children of the root. ``canonicalisation``, ``signature_algorithm``,
    ``digest_algorithm`` and ``transforms`` are algorithm URIs (no transforms: no Transforms element at all).
    ``key_info`` names the children of X509Data in order; ``signing_time`` is "object" (a ds Object with a
    SigningTime, referenced) or "" (none).
    """

    name: str
    title: Text
    root: str
    signed_node: str
    place: str
    id_attribute: str
    default_id: str
    signature_id_prefix: str
    canonicalisation: str
    signature_algorithm: str
    digest_algorithm: str
    transforms: tuple[str, ...]
    key_info: tuple[str, ...]
    signing_time: str


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


def _profile(name: str, table: dict[str, Any]) -> SignatureProfile:
    values = dict(table)
    title = Text(**values.pop("title"))
    transforms, key_info = tuple(values.pop("transforms")), tuple(values.pop("key_info"))
    return SignatureProfile(name=name, title=title, transforms=transforms, key_info=key_info, **values)
