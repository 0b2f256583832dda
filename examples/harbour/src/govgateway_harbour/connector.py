"""The harbour office as govgateway's contract wants it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from govgateway import AnswerRefused, UnreadableDocument
from govgateway.connector import (
    BusinessKey,
    Capabilities,
    Environment,
    FindResult,
    Found,
    PollResult,
    Receipt,
    Recognition,
    Route,
    SignaturePlan,
    SignatureProfile,
    SignatureSlot,
    Subject,
    SubmitResult,
    Text,
    TrustStore,
    XmlDocument,
    read_profiles,
    read_xml,
)
from govgateway_harbour import messages, service
from govgateway_harbour.messages import NAMESPACE, OFFICE, text


class Harbour:
    """The connector. It keeps no state."""

    agency = "harbour"
    title = Text("Cảng vụ (thí dụ)", "Harbour office (example)")
    capabilities = Capabilities(
        payment=False,
        can_find=True,
        quiet_period=timedelta(minutes=10),
        polling=(timedelta(seconds=5), timedelta(minutes=5)),
        send_deadline=service.DEADLINE,
    )

    def __init__(self) -> None:
        written = (Path(__file__).parent / "signatures.toml").read_text(encoding="utf-8")
        self._profiles = read_profiles(written)

    def recognise(self, document: XmlDocument) -> Recognition | None:
        """A declaration of port dues."""
        if document.root.tag != f"{NAMESPACE}PortDues":
            return None
        sequence = text(document, "Sequence")
        return Recognition(
            agency=self.agency,
            form=text(document, "Form"),
            version="1",
            kind=text(document, "Kind"),
            sequence=int(sequence) if sequence.isascii() and sequence.isdigit() and len(sequence) < 4 else 0,
            title=Text("Tờ khai phí cảng", "Declaration of port dues"),
            filer=text(document, "Agent"),
            filer_name=text(document, "AgentName"),
            period=text(document, "Month"),
            package=None,
        )

    def profile_of(self, document: XmlDocument) -> SignatureProfile | None:
        """By the document element."""
        return next((each for each in self._profiles.values() if each.fits(document)), None)

    def signers_of(self, document: XmlDocument) -> tuple[str, ...]:
        """The agent of a declaration, the office of anything else."""
        return (f"MST:{text(document, 'Agent')}",) if self.recognise(document) else (OFFICE,)

    def plan(self, recognition: Recognition) -> SignaturePlan:
        """The agent signs."""
        title, owner = Text("Đại lý", "Agent"), f"MST:{recognition.filer}"
        return SignaturePlan((SignatureSlot("agent", title, self._profiles["declaration"], True, owner),))

    def business_key(self, recognition: Recognition, environment: Environment) -> BusinessKey:
        """Agent, form, month, kind and number."""
        return BusinessKey(
            self.agency,
            environment,
            recognition.filer,
            recognition.form,
            recognition.period,
            recognition.kind,
            recognition.sequence,
        )

    def export_name(self, recognition: Recognition, at: datetime) -> str:
        """PD1-9900000016-102026-C0.xml"""
        month = recognition.period.replace("/", "")
        return f"{recognition.form}-{recognition.filer}-{month}-{recognition.kind}{recognition.sequence}.xml"

    def submit(self, document: bytes, route: Route) -> SubmitResult:
        """Send it once."""
        return service.submit(document, route)

    def find(self, document: bytes, first_sent: datetime, known: Collection[str], route: Route) -> FindResult:
        """Ask the register for the digest of ``document``."""
        data = service.search(document, route)
        if data is None:
            return FindResult(Found.CANNOT_TELL, "no answer")
        try:
            said, _ = messages.opened(data, self._profiles["answer"], route.trust, route.clock())
        except (AnswerRefused, UnreadableDocument) as refused:
            return FindResult(Found.CANNOT_TELL, refused.message.en, answers=(data,))
        if text(said, "Asked") != service.digest(document):
            return FindResult(Found.CANNOT_TELL, "the answer to another question", answers=(data,))
        numbers = [each.text or "" for each in said.root.iterfind(f"{NAMESPACE}Number")]
        left = [each for each in numbers if each not in known]
        if len(left) > 1:
            return FindResult(Found.CANNOT_TELL, f"{len(left)} of that digest", answers=(data,))
        if not left:
            return FindResult(Found.ABSENT, "none of that digest", answers=(data,))
        return FindResult(Found.FOUND, "one of that digest", left[0], (data,))

    def poll(self, reference: str, seen: Collection[str], route: Route) -> PollResult:
        """The messages about ``reference``."""
        return service.messages(reference, seen, route)

    def read_message(self, data: bytes, trust: TrustStore, at: datetime) -> Receipt:
        """Believe what the office signed, and read that alone."""
        said, signer = messages.opened(data, self._profiles["answer"], trust, at)
        return messages.read_decision(said, signer)

    def matches(self, receipt: Receipt, document: bytes, references: Collection[str]) -> bool:
        """By number; without one, by agent, form, month, kind and number of the supplement."""
        declaration = read_xml(document)
        if receipt.filer != text(declaration, "Agent"):
            return False
        if references:
            return bool(set(references) & set(receipt.references))
        names = ("Form", "Month", "Kind", "Sequence")
        return receipt.subjects == (Subject(*(text(declaration, name) for name in names)),)
