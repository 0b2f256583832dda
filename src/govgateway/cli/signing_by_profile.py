"""Signing a document that no connector knows: by a signature profile that the command line names."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from govgateway.connector import connectors
from govgateway.errors import Text, UsageError

if TYPE_CHECKING:
    from govgateway.documents.xml import XmlDocument
    from govgateway.signing.profile import SignatureProfile, SignatureSlot
    from govgateway.signing.signer import Signer


def slot_by_profile(document: XmlDocument, name: str | None, key: Path | None) -> SignatureSlot:
    """Who signs ``document`` how by the profile ``name``: anybody, with the key named.

    Raises UsageError without profile or key, and for a form that a connector knows: that is checked and signed as what
    it is, never by another profile.
    """
    from govgateway.signing.profile import SignatureSlot
    from govgateway.signing.profiles import named

    if name is None:
        raise _missing("--countersign", "--profile", Text("MẪU", "NAME"))
    if key is None:
        raise _missing("--profile", "--key", Text("TỆP", "FILE"))
    for connector in connectors():
        if connector.recognise(document) is not None:
            raise UsageError(
                Text(
                    f"Tài liệu này là biểu mẫu của {connector.title.vi}, ký theo biểu mẫu.",
                    f"This document is a form of {connector.title.en} and is signed as such.",
                ),
                Text("Ký không có --profile.", "Sign it without --profile."),
            )
    profile = named(name, document)
    return SignatureSlot("signatory", profile.title, profile, required=True, owner="")


def countersigned(document: XmlDocument, profile: SignatureProfile, number: int, signer: Signer, at: datetime) -> bytes:
    """``document`` with a countersignature of signature ``number``. Raises CertificateUnfit for a certificate that is
    not valid ``at`` that moment, and what ``countersign`` raises."""
    import secrets

    from govgateway.signing.certificates import ensure_fit
    from govgateway.signing.countersign import countersign

    ensure_fit(signer.certificate, "", at)
    return countersign(document, profile, number, signer, at=at, random_id=lambda: secrets.token_hex(16))


def _missing(given: str, wanted: str, value: Text) -> UsageError:
    return UsageError(
        Text(f"{given} cần {wanted}.", f"{given} needs {wanted}."),
        Text(f"Thêm {wanted} {value.vi}.", f"Add {wanted} {value.en}."),
    )
