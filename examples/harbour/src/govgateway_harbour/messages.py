"""What the harbour office signed: whom to believe, and what it says."""

from __future__ import annotations

from datetime import datetime

from govgateway import AnswerRefused
from govgateway.connector import (
    Receipt,
    SignatureProfile,
    Status,
    Subject,
    Text,
    TrustStore,
    XmlDocument,
    read_xml,
    verify,
)

NAMESPACE = "{urn:example:harbour}"
OFFICE = "MST:9900000104"
_LEADS_TO = {"received": Status.RECEIVED, "accepted": Status.ACCEPTED, "refused": Status.REJECTED}
_TITLES = {
    "received": Text("Đã nhận tờ khai", "Received"),
    "accepted": Text("Chấp nhận tờ khai", "Accepted"),
    "refused": Text("Không chấp nhận tờ khai", "Refused"),
}


def opened(data: bytes, profile: SignatureProfile, trust: TrustStore, at: datetime) -> tuple[XmlDocument, str]:
    """What the office signed in ``data``, read anew, and the name of the signer.

    Raises AnswerRefused unless the office's own signature is intact, well placed and trusted ``at`` that moment;
    UnreadableDocument when it is no XML.
    """
    document = read_xml(data)
    if not profile.fits(document):
        raise refused("không phải trả lời của cảng vụ", "it is no answer of the harbour office")
    verification = verify(document, profile, trust, at)
    signed = [each for each in verification.signatures if each.trusted and OFFICE in each.identifiers]
    broken = [each for each in verification.signatures if not (each.intact and each.well_placed)]
    if broken or not signed or verification.content is None:
        raise refused("không do cảng vụ ký", "it is not signed by the harbour office")
    return read_xml(verification.content), signed[0].signer


def read_decision(said: XmlDocument, signer: str) -> Receipt:
    """The receipt in ``said``, signed by ``signer``. Raises AnswerRefused when it is none."""
    result, number = text(said, "Result"), text(said, "Number")
    if result not in _LEADS_TO or not number:
        raise refused("không có kết quả", "it tells no result")
    return Receipt(
        code=result,
        title=_TITLES[result],
        leads_to=_LEADS_TO[result],
        references=(number,),
        number=number,
        arrived_at=_moment(text(said, "Received")),
        issued_at=_moment(text(said, "At")),
        signer=signer,
        filer=text(said, "Agent"),
        subjects=(Subject(text(said, "Form"), text(said, "Month"), text(said, "Kind"), text(said, "Sequence")),),
    )


def text(document: XmlDocument, name: str) -> str:
    """The text of the one element ``name``, wherever it stands; empty when there is none."""
    return (document.root.findtext(f".//{NAMESPACE}{name}") or "").strip()


def refused(vi: str, en: str) -> AnswerRefused:
    """The error for an answer that is not believed."""
    return AnswerRefused(
        Text(f"Không chấp nhận trả lời: {vi}.", f"The answer is refused: {en}."),
        Text("Liên hệ cảng vụ.", "Ask the harbour office."),
    )


def _moment(written: str) -> datetime:
    """A moment with its zone, as the office writes it. Raises AnswerRefused."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise refused(f'không đọc được "{written[:40]}"', f'"{written[:40]}" cannot be read') from None
    if moment.tzinfo is None:
        raise refused("thời điểm không có múi giờ", "a moment has no time zone")
    return moment
