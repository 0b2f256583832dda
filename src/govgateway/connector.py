"""The contract between the core and the code that knows one agency, and everything that such code may use.

A connector is one object under the entry-point group ``govgateway.connectors``. It gets a Route (where, with which
credentials, over which transport, by which clock); it never sleeps, retries, logs a secret or touches the ledger.
It imports from here and from ``govgateway`` only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from govgateway.errors import Text
from govgateway.filing import BusinessKey, Environment, Outcome, Payable, Reason, Receipt, Status, Subject
from govgateway.lazily import exporter

if TYPE_CHECKING:
    from lxml import etree

    from govgateway.calendar import VIETNAM, LastDay, WorkingDays, read_working_days
    from govgateway.documents.difference import Difference, differences
    from govgateway.documents.figures import written_figure
    from govgateway.documents.findings import Finding, Severity
    from govgateway.documents.kinds import Value, read_day
    from govgateway.documents.package import FormLibrary, FormVersion
    from govgateway.documents.view.model import Block, Cell, Column, Line, PageLayout, Paragraph, Row, Table
    from govgateway.documents.xml import XmlDocument, read_xml
    from govgateway.signing.profile import SignaturePlan, SignatureProfile, SignatureSlot, read_profiles
    from govgateway.signing.trust import TrustStore
    from govgateway.signing.verify import verify
    from govgateway.transport.session import HttpAnswer, HttpRequest, Sent, Transport
    from govgateway.transport.soap import Attachment, SoapRequest, SoapService
    from govgateway.transport.soap_answer import SoapAnswer, SoapFault, UnreadableAnswer, read_answer

__all__ = [
    "VIETNAM",
    "AgencyMessage",
    "Attachment",
    "Block",
    "BusinessKey",
    "Capabilities",
    "CarriedForm",
    "Cell",
    "Clock",
    "Column",
    "Connector",
    "Difference",
    "Environment",
    "Exchange",
    "FindResult",
    "Finding",
    "FormCarrier",
    "FormComposer",
    "FormLibrary",
    "FormVersion",
    "Found",
    "HttpAnswer",
    "HttpRequest",
    "LastDay",
    "Line",
    "ObligationLister",
    "Outcome",
    "PageLayout",
    "PagePrinter",
    "Paragraph",
    "Payable",
    "PollResult",
    "Reason",
    "Receipt",
    "Recognition",
    "Route",
    "Row",
    "Secret",
    "Sent",
    "Severity",
    "SignaturePlan",
    "SignatureProfile",
    "SignatureSlot",
    "SoapAnswer",
    "SoapFault",
    "SoapRequest",
    "SoapService",
    "Status",
    "Subject",
    "SubmitResult",
    "Table",
    "Text",
    "Transport",
    "TrustStore",
    "UnreadableAnswer",
    "Value",
    "WorkingDays",
    "XmlDocument",
    "connectors",
    "differences",
    "read_answer",
    "read_day",
    "read_profiles",
    "read_working_days",
    "read_xml",
    "verify",
    "written_figure",
]

_DOCUMENTS, _SIGNING, _TRANSPORT = "govgateway.documents", "govgateway.signing", "govgateway.transport"
__getattr__ = exporter(
    __name__,
    {
        **dict.fromkeys(("VIETNAM", "LastDay", "WorkingDays", "read_working_days"), "govgateway.calendar"),
        **dict.fromkeys(("Difference", "differences"), f"{_DOCUMENTS}.difference"),
        "written_figure": f"{_DOCUMENTS}.figures",
        **dict.fromkeys(("Finding", "Severity"), f"{_DOCUMENTS}.findings"),
        **dict.fromkeys(("FormLibrary", "FormVersion"), f"{_DOCUMENTS}.package"),
        **dict.fromkeys(("Value", "read_day"), f"{_DOCUMENTS}.kinds"),
        **dict.fromkeys(
            ("Block", "Cell", "Column", "Line", "PageLayout", "Paragraph", "Row", "Table"), f"{_DOCUMENTS}.view.model"
        ),
        **dict.fromkeys(("XmlDocument", "read_xml"), f"{_DOCUMENTS}.xml"),
        **dict.fromkeys(("SignaturePlan", "SignatureProfile", "SignatureSlot", "read_profiles"), f"{_SIGNING}.profile"),
        "TrustStore": f"{_SIGNING}.trust",
        "verify": f"{_SIGNING}.verify",
        **dict.fromkeys(("HttpAnswer", "HttpRequest", "Sent", "Transport"), f"{_TRANSPORT}.session"),
        **dict.fromkeys(("Attachment", "SoapRequest", "SoapService"), f"{_TRANSPORT}.soap"),
        **dict.fromkeys(("SoapAnswer", "SoapFault", "UnreadableAnswer", "read_answer"), f"{_TRANSPORT}.soap_answer"),
    },
)

Clock = Callable[[], datetime]
"""Gives the present moment, aware."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A text that never shows itself: not in repr, not in a log, not in an error."""

    value: str = field(repr=False)

    def __str__(self) -> str:
        return "•••"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an agency's interface can do, as far as the pipeline must know.

    ``quiet_period`` is the time after which a filing that the agency took would be visible to ``find``;
    ``polling`` the waits between polls, the last one repeated; ``send_deadline`` the total seconds one send may take.
    """

    payment: bool
    can_find: bool
    quiet_period: timedelta
    polling: tuple[timedelta, ...]
    send_deadline: timedelta


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a document is.

    ``period`` is the printed tax period, in ``period_words`` as a person says it; ``version`` is the form's,
    ``package`` the rules it is checked by (None when the form is known but no package is carried). ``findings`` are
    what recognition itself has to say.
    """

    agency: str
    form: str
    version: str
    kind: str
    sequence: int
    title: Text
    filer: str
    filer_name: str
    period: str
    package: FormVersion | None
    findings: tuple[Finding, ...] = ()
    period_words: Text = Text("", "")


@dataclass(frozen=True, slots=True)
class Route:
    """One way to an agency in one environment: address, credentials, trust, transport and clock."""

    environment: Environment
    address: str
    username: str
    password: Secret
    trust: TrustStore
    transport: Transport
    clock: Clock
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer as kept for evidence: credentials cut out of the request, and the cut noted in it."""

    operation: str
    request: bytes
    answer: bytes
    status: int | None = None


@dataclass(frozen=True, slots=True)
class SubmitResult:
    """How a send ended. ``retry_at`` is the agency's own wish (429); ``refusal`` is set when it spoke and did not take
    the document for a reason that another try will not cure: a person has to act."""

    outcome: Outcome
    detail: str
    reference: str = ""
    retry_at: datetime | None = None
    refusal: Text | None = None
    exchange: Exchange | None = None


class Found(StrEnum):
    """What a look-up after a lost answer says."""

    FOUND = "FOUND"
    ABSENT = "ABSENT"
    CANNOT_TELL = "CANNOT_TELL"


@dataclass(frozen=True, slots=True)
class FindResult:
    """``reference`` is set when found; ``detail`` says why it cannot be told. ``answers`` are the agency's messages by
    which it was told, kept as evidence."""

    found: Found
    detail: str
    reference: str = ""
    answers: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class AgencyMessage:
    """A message as it came: ``identifier`` is the agency's own for it, stable over repeated polls; ``about`` is the
    reference that it was given in answer to, empty when it was not asked for by one."""

    identifier: str
    data: bytes
    about: str = ""


@dataclass(frozen=True, slots=True)
class PollResult:
    """Messages that the agency holds, also about other filings of the same account; the pipeline distributes them."""

    messages: tuple[AgencyMessage, ...]
    detail: str = ""
    retry_at: datetime | None = None


class Connector(Protocol):
    """What the core asks of the code that knows an agency."""

    agency: str
    title: Text
    capabilities: Capabilities

    def recognise(self, document: XmlDocument) -> Recognition | None:
        """What ``document`` is, or None when it is not this agency's."""

    def profile_of(self, document: XmlDocument) -> SignatureProfile | None:
        """How the signatures of ``document``, a filing's or an agency's, are verified; None when it is not known."""

    def signers_of(self, document: XmlDocument) -> tuple[str, ...]:
        """Identifiers, such as ``MST:9900000016``, of which a certificate on ``document`` must name one; empty: any."""

    def plan(self, recognition: Recognition) -> SignaturePlan:
        """The signatures that the form needs, in order."""

    def business_key(self, recognition: Recognition, environment: Environment) -> BusinessKey:
        """The obligation that the document fulfils."""

    def export_name(self, recognition: Recognition, at: datetime) -> str:
        """The file name that the agency's portal wants for the hand-carried route."""

    def submit(self, document: bytes, route: Route) -> SubmitResult:
        """Send the exact ``document`` once. Never raises for what the wire or the agency does."""

    def find(self, document: bytes, first_sent: datetime, known: Collection[str], route: Route) -> FindResult:
        """Whether the agency took ``document``, first sent at ``first_sent``. ``known`` are references that belong to
        other filings of the same filer. Never raises for what the wire does."""

    def poll(self, reference: str, seen: Collection[str], route: Route) -> PollResult:
        """Messages about ``reference`` and others; ``seen`` are identifiers that need not be fetched again."""

    def read_message(self, data: bytes, trust: TrustStore, at: datetime) -> Receipt:
        """Verify and read an agency's message. Raises AnswerRefused when it is not to be believed."""

    def matches(self, receipt: Receipt, document: bytes, references: Collection[str]) -> bool:
        """True when ``receipt`` speaks of the filing of ``document``, known to the agency by ``references``."""


@runtime_checkable
class PagePrinter(Protocol):
    """What a connector may do besides: say how its agency prints documents. One that does not is not asked."""

    def layout_of(self, node: etree._Element, package: FormVersion | None, language: str) -> PageLayout | None:
        """How the document whose signed node is ``node`` is printed in ``language``; None when it is not known.
        ``package`` is that of its form, where it has one."""


@dataclass(frozen=True, slots=True)
class CarriedForm:
    """A version of a form that a connector carries. ``number`` is what it is asked for by, ``periods`` says for which
    periods the law has it, empty where that is not settled. One that is not ``filed`` is made for a trial: the agency
    takes no such document."""

    version: FormVersion
    number: str
    periods: Text
    filed: bool = True


@runtime_checkable
class FormCarrier(Protocol):
    """What a connector may do besides: list the forms that it carries."""

    def carried_forms(self) -> Iterator[CarriedForm]:
        """Every version of every form, by code, the newest first."""


@runtime_checkable
class ObligationLister(Protocol):
    """What a connector may do besides: name what a filer may have to declare to its agency."""

    def obligations(self) -> Mapping[str, Text]:
        """The title of every obligation, by the name that a filer's profile calls it."""


@runtime_checkable
class FormComposer(Connector, FormCarrier, Protocol):
    """What a connector may do besides: make new documents of the forms that it carries."""

    def due_form(self, form: str, period: str, day: date) -> FormVersion | None:
        """The version in which the ``form`` of that name is filed for ``period``, as a person writes one, when it is
        made on ``day``; None when it is not carried. Raises GovGatewayError when the form is not filed so."""

    def header_values(
        self, package: FormVersion, given: Mapping[str, str], *, about: Mapping[str, str], day: date | None
    ) -> Mapping[str, str | None]:
        """What belongs into the header of a document by ``package``, by path of element names, an attribute as the last
        step with ``@``; None for what such a document does not have, unless something was given for it.

        ``given`` is what stands in the document already, by path, empty for what is to stay empty: it is left alone
        unless ``about`` says otherwise. ``about`` has, as far as they were told, ``filer``, ``filer_name`` and the
        settings of its profile such as ``filer_address`` (docs/configuration.md), ``period`` as a person writes one,
        ``kind`` by the agency's letter. ``day`` is the day of making, None for later. Raises UsageError for what
        cannot be.
        """


def connectors() -> Iterator[Connector]:
    """Every connector that is installed (entry-point group ``govgateway.connectors``), our own ones first.

    Reading the entry points of one distribution is quick, of all installed ones is not: whoever stops at the first
    connector that recognises a document need not wait for the others.
    """
    from importlib.metadata import distribution, entry_points

    group = "govgateway.connectors"
    own = distribution("govgateway").entry_points.select(group=group)
    yield from (entry.load() for entry in own)
    yield from (entry.load() for entry in entry_points(group=group) if entry not in own)
