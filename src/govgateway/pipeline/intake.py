"""What happens to a document before the ledger knows it: recognised, checked, signed, its signatures verified.

Nothing here is remembered and nothing is sent, so ``govgateway check`` needs no database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from govgateway.connector import Connector, Recognition
from govgateway.documents.findings import Finding, has_errors
from govgateway.documents.xml import XmlDocument, read_xml
from govgateway.errors import DocumentRefused, KeyUnusable, SignatureBroken, Text, UnknownForm, UsageError
from govgateway.filing import Environment

if TYPE_CHECKING:
    from cryptography import x509

    from govgateway.signing.profile import SignaturePlan, SignatureProfile, SignatureSlot
    from govgateway.signing.signer import Signer
    from govgateway.signing.trust import TrustStore
    from govgateway.signing.verify import Verification


@dataclass(frozen=True, slots=True)
class Examined:
    """A document with what it is and everything that was found about it."""

    document: XmlDocument
    connector: Connector
    recognition: Recognition
    findings: tuple[Finding, ...]


def examine(document: XmlDocument, connectors: Iterable[Connector]) -> Examined:
    """Recognise ``document`` and check it by its form. Raises UnknownForm when no connector knows it."""
    for connector in connectors:
        recognition = connector.recognise(document)
        if recognition is not None:
            wrong = recognition.findings
            if recognition.package is not None and not has_errors(wrong):
                wrong += recognition.package.check(document)
            return Examined(document, connector, recognition, wrong)
    raise unknown_form(document)


def unknown_form(document: XmlDocument) -> UnknownForm:
    """The error for a document whose root no connector knows."""
    name = str(document.root.tag)
    return UnknownForm(
        Text(
            f"Không nhận ra loại tài liệu có phần tử gốc <{name}>.", f"Nothing knows a document with the root <{name}>."
        ),
        Text(
            "Chọn tệp XML tờ khai do phần mềm kê khai (HTKK, iTaxViewer…) xuất ra.",
            "Choose the XML declaration that the tax software (HTKK…) exported.",
        ),
    )


def ensure_sound(examined: Examined) -> None:
    """Raise DocumentRefused when a finding stops the filing."""
    if has_errors(examined.findings):
        raise DocumentRefused(
            Text("Tài liệu có lỗi, chưa thể nộp.", "The document has errors and cannot be filed yet."),
            Text("Sửa các lỗi được nêu rồi nộp lại.", "Correct the errors named, then file it again."),
            examined.findings,
        )


def sign_for(
    slot: SignatureSlot, document: XmlDocument, signer: Signer, *, environment: Environment | None, at: datetime
) -> XmlDocument:
    """Sign ``document`` for ``slot``; ``at`` is the time of signing.

    A key of the demonstration PKI signs for the simulator only (``environment`` None: not bound to any yet). Raises
    CertificateUnfit when the certificate does not name the owner, is expired or is a demonstration key for earnest.
    """
    import secrets

    from govgateway.signing.certificates import ensure_fit
    from govgateway.signing.sign import sign

    ensure_fit(signer.certificate, slot.owner, at)
    if environment not in {None, Environment.SIMULATOR}:
        ensure_real(signer.certificate)
    signed = sign(document, slot.profile, signer, at=at, random_id=lambda: secrets.token_hex(16))
    return read_xml(signed)


def ensure_certificates_fit(verification: Verification, environment: Environment, at: datetime) -> None:
    """Raise CertificateUnfit when a signer's certificate is not valid ``at`` the moment of filing (the time of signing
    is only the signer's word), KeyUnusable when a demonstration key would leave for anything but a simulator."""
    from govgateway.signing.certificates import ensure_fit

    for each in verification.signatures:
        if each.certificate is not None:
            ensure_fit(each.certificate, "", at)
            if environment is not Environment.SIMULATOR:
                ensure_real(each.certificate)


def ensure_real(certificate: x509.Certificate) -> None:
    """Raise KeyUnusable for a certificate of the demonstration PKI."""
    from govgateway.signing.certificates import is_demonstration

    if is_demonstration(certificate):
        raise KeyUnusable(
            Text(
                "Đây là khoá mô phỏng, chỉ dùng với bộ mô phỏng.", "This is a demonstration key, for simulators only."
            ),
            Text("Ký bằng chứng thư số thật của đơn vị.", "Sign with the organisation's real certificate."),
        )


def missing_signatures(plan: SignaturePlan, verification: Verification) -> tuple[SignatureSlot, ...]:
    """The required slots of ``plan`` that no signature fills yet.

    Raises SignatureBroken when a signature that is there is broken or misplaced: nothing is ever built on such.
    """
    from govgateway.signing.certificates import names_owner

    for each in verification.signatures:
        if not (each.intact and each.well_placed):
            raise SignatureBroken(
                Text(
                    f"Chữ ký trên tài liệu không hợp lệ: {each.reason.vi}.",
                    f"A signature is not valid: {each.reason.en}.",
                ),
                Text("Xuất lại tệp chưa ký rồi ký lại.", "Export the unsigned file again and sign it anew."),
            )
    signed_by = [each.certificate for each in verification.signatures if each.certificate is not None]
    return tuple(
        slot
        for slot in plan.slots
        if slot.required and not any(not slot.owner or names_owner(each, slot.owner) for each in signed_by)
    )


def verify_document(
    document: XmlDocument,
    connectors: Iterable[Connector],
    trust: Mapping[str, TrustStore],
    at: datetime,
    profiles: Iterable[SignatureProfile] = (),
) -> Verification:
    """Verify every signature of ``document``, a filing, an agency's message or any other document.

    It is judged by its connector's own profile and then by those of ``profiles`` that fit it: by the first under which
    every signature holds, else by the first of all; those for any document count only where no connector knows it.
    ``trust`` is by agency, "" for a document of none. A document that nobody signed of those who have to is not
    trusted, whoever else signed it. Raises UnknownForm when nothing says how such a document is signed.
    """
    for connector in connectors:
        own = connector.profile_of(document)
        if own is not None:
            others = (each for each in profiles if each.fits(document) and not each.is_general)
            store = trust.get(connector.agency)
            return _by_whom_it_must_be(
                _by_the_first(document, (own, *others), store, at), connector.signers_of(document)
            )
    fitting = tuple(each for each in profiles if each.fits(document))
    if not fitting:
        raise unknown_form(document)
    return _by_the_first(document, fitting, trust.get(""), at)


def _by_the_first(
    document: XmlDocument, profiles: tuple[SignatureProfile, ...], store: TrustStore | None, at: datetime
) -> Verification:
    """The verification by the first of ``profiles`` under which every signature holds, else by the first of all."""
    from govgateway.signing.trust import TrustStore
    from govgateway.signing.verify import verify

    found = [verify(document, profiles[0], store or TrustStore.empty(), at)]
    for profile in profiles[1:]:
        if all(each.intact and each.well_placed for each in found[-1].signatures):
            return found[-1]
        found.append(verify(document, profile, store or TrustStore.empty(), at))
    return found[-1] if all(each.intact and each.well_placed for each in found[-1].signatures) else found[0]


def _by_whom_it_must_be(verification: Verification, owners: tuple[str, ...]) -> Verification:
    from govgateway.signing.certificates import names_owner

    sound = [each for each in verification.signatures if each.intact and each.well_placed]
    # Beside a signature that is trusted, one that is not proves nothing of its owner: anybody can make a certificate.
    signers = [each.certificate for each in sound if each.trusted] or [each.certificate for each in sound]
    if not owners or any(names_owner(each, owner) for each in signers if each for owner in owners):
        return verification
    wanted = ", ".join(owners)
    why = Text(f"không có chữ ký của {wanted}", f"the signature of {wanted} is missing")
    strangers = tuple(replace(each, trusted=False, trust_reason=why) for each in verification.signatures)
    return replace(verification, signatures=strangers)


def slot_for(plan: SignaturePlan, role: str) -> SignatureSlot:
    """The slot of ``role``. Raises UsageError naming the roles there are."""
    for slot in plan.slots:
        if slot.role == role:
            return slot
    roles = ", ".join(slot.role for slot in plan.slots)
    raise UsageError(
        Text(f"Mẫu này không có vai trò ký '{role}'.", f"The form has no signatory '{role}'."),
        Text(f"Chọn một trong: {roles}.", f"Choose one of: {roles}."),
    )
