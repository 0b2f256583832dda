"""Signed declarations for tests."""

from __future__ import annotations

import secrets

import keys
from govgateway.documents.xml import XmlDocument, read_xml
from govgateway.signing.profile import SignatureProfile, read_profiles
from govgateway.signing.sign import sign
from govgateway.signing.verify import Verification, verify
from samples import ROOT, declaration

PROFILES = read_profiles((ROOT / "schemas/govgateway_schemas/etax/signatures.toml").read_text(encoding="utf-8"))
PROFILE: SignatureProfile = PROFILES["etax-2026"]


def signed_by(document: XmlDocument, *holders: keys.Holder, profile: SignatureProfile = PROFILE) -> bytes:
    """``document`` signed by each of ``holders`` in turn."""
    for holder in holders:
        data = sign(document, profile, holder.signer, at=keys.NOW, random_id=lambda: secrets.token_hex(16))
        document = read_xml(data)
    return document.data


def signed_declaration() -> bytes:
    """The example declaration, signed by its department."""
    return signed_by(declaration(), keys.leaf())


def verified(data: bytes, profile: SignatureProfile = PROFILE) -> Verification:
    return verify(read_xml(data), profile, keys.trust(), keys.NOW)
