"""A declaration at the simulated office: what stands in it, and what the office has against it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from govgateway.documents.xml import read_xml
from govgateway.errors import UnreadableDocument
from govgateway_harbour.sealing import H, is_signed_by

AGENTS = {"9900000016": "Sở Xây dựng tỉnh An Hoà", "9900000023": "Sở Nông nghiệp và Môi trường tỉnh An Hoà"}
KEY = ("Agent", "Form", "Month", "Kind", "Sequence")
_FIELDS = dict.fromkeys((*KEY, "Ship", "Tonnes"), "")
SAMPLE = """<PortDues xmlns="urn:example:harbour"><Content Id="content"><Agent>9900000016</Agent>\
<AgentName>Sở Xây dựng tỉnh An Hoà</AgentName><Form>{form}</Form><Month>10/2026</Month><Kind>C</Kind>\
<Sequence>0</Sequence><Ship>Hải Âu 07</Ship><Tonnes>1200</Tonnes></Content><Signatures/></PortDues>"""
FORMS = {"PD1": "Phí cảng (port dues)", "PD2": "Phí hoa tiêu (pilotage)"}


@dataclass(frozen=True, slots=True)
class Case:
    """A declaration that arrived: what is told of it now is worked out when somebody asks."""

    number: str
    at: datetime
    document: bytes
    digest: str
    fields: Mapping[str, str]
    reasons: tuple[str, ...]
    decided_at: datetime | None

    @property
    def key(self) -> str:
        """Agent, form, month, kind and number as one text."""
        return key_text(self.fields)


def fields_of(document: bytes) -> Mapping[str, str]:
    """What stands in a declaration; every field empty when it cannot be read."""
    try:
        root = read_xml(document).root
    except UnreadableDocument:
        return _FIELDS
    return {name: (root.findtext(f"{H}Content/{H}{name}") or "").strip() for name in _FIELDS}


def key_text(fields: Mapping[str, str]) -> str:
    """Agent, form, month, kind and number as one text; empty when nothing could be read."""
    return "/".join(fields[name] for name in KEY) if fields["Agent"] else ""


def judged(document: bytes, issuer: x509.Certificate, held: Collection[str]) -> tuple[str, ...]:
    """Why the office refuses ``document``; empty: it does not. ``held`` are the keys that were declared already."""
    fields = fields_of(document)
    if fields["Agent"] not in AGENTS or fields["Form"] not in FORMS or not fields["Tonnes"].isdigit():
        return ("the agent, the form or the tonnage is none",)
    if not is_signed_by(read_xml(document).root, fields["Agent"], issuer):
        return ("it is not signed by the agent",)
    return ("it was declared already",) if key_text(fields) in held else ()
