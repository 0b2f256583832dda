"""The tax office (e-Tax through T-VAN) as the core's contract wants it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from govgateway.connector import (
    BusinessKey,
    Capabilities,
    Environment,
    FindResult,
    FormLibrary,
    PollResult,
    Receipt,
    Recognition,
    Route,
    Severity,
    SignaturePlan,
    SignatureProfile,
    SignatureSlot,
    SubmitResult,
    Text,
    XmlDocument,
    read_profiles,
    read_xml,
)
from govgateway_etax import catalogue, declaration, rules, shapes
from govgateway_etax.declaration import Header
from govgateway_etax.declared_period import declared_period
from govgateway_etax.shape_findings import period_findings, shape_findings

if TYPE_CHECKING:
    from lxml import etree

    from govgateway.connector import CarriedForm, FormVersion, PageLayout, TrustStore


class ETax:
    """The connector of the tax office. It keeps no state but the compiled forms; ``today`` gives the present day there.

    What checking a declaration does not need (certificates, SOAP) is imported where it is used.
    """

    agency = "etax"
    title = Text("Cơ quan thuế (e-Tax)", "Tax office (e-Tax)")
    capabilities = Capabilities(
        payment=False,
        can_find=True,
        # The tax office answers a transaction code at once; that it shows a taken one within an hour is an assumption.
        quiet_period=timedelta(hours=1),
        polling=(
            timedelta(seconds=2),
            timedelta(seconds=10),
            timedelta(seconds=30),
            timedelta(minutes=2),
            timedelta(minutes=10),
            timedelta(minutes=30),
        ),
        send_deadline=timedelta(seconds=120),
    )

    def __init__(self, today: Callable[[], date] = shapes.today) -> None:
        self._today = today

    @cached_property
    def forms(self) -> FormLibrary:
        """The form packages of the tax office that can be filed."""
        return shapes.library("")

    @cached_property
    def _profiles(self) -> Mapping[str, SignatureProfile]:
        return read_profiles((catalogue.FOLDER / "signatures.toml").read_text(encoding="utf-8"))

    def recognise(self, document: XmlDocument) -> Recognition | None:
        """Read the header; findings say what the catalogue has against it."""
        header = declaration.read_header(document)
        if header is None:
            return None
        findings = list(catalogue.catalogue_findings(header))
        if document.encoding not in {"UTF-8", "US-ASCII", "ASCII"}:
            findings.append(rules.NOT_UTF8.finding(document.encoding))
        package = shapes.package_of(header)
        if package is not None and header.loaiTKhai not in package.kinds:
            package = None
        if package is None and not any(each.severity is Severity.ERROR for each in findings):
            findings += [*catalogue.key_findings(header), rules.BODY_NOT_CHECKED.finding(*header.catalogue_key)]
        day, period = self._today(), declared_period(header)
        findings += [*shape_findings(header, day), *period_findings(header, day)]
        return Recognition(
            agency=self.agency,
            form=header.maTKhai,
            version=header.pbanTKhaiXML,
            kind=header.loaiTKhai,
            sequence=header.sequence,
            title=_title(header, package),
            filer=header.mst,
            filer_name=header.tenNNT,
            period=header.period,
            package=package,
            findings=tuple(findings),
            period_words=period.words if period else Text("", ""),
        )

    def profile_of(self, document: XmlDocument) -> SignatureProfile | None:
        """The profile whose root is that of ``document``."""
        return next((each for each in self._profiles.values() if each.fits(document)), None)

    def signers_of(self, document: XmlDocument) -> tuple[str, ...]:
        """The taxpayer of a declaration, the tax office of a notice."""
        header = declaration.read_header(document)
        if header is not None:
            return (f"MST:{header.mst}",)
        from govgateway_etax import notices

        return notices.offices()

    def plan(self, recognition: Recognition) -> SignaturePlan:
        """The form's own signatures; a form without a package is signed by the taxpayer."""
        needs = recognition.package.signatures if recognition.package else ()
        slots = tuple(
            SignatureSlot(
                role=need.role,
                title=need.title,
                profile=self._profiles[need.profile],
                required=need.required,
                owner=need.owner.format(filer=recognition.filer),
            )
            for need in needs
        )
        return SignaturePlan(slots or (self._taxpayer(recognition.filer),))

    def _taxpayer(self, filer: str) -> SignatureSlot:
        title = Text("Người nộp thuế", "Taxpayer")
        return SignatureSlot("taxpayer", title, self._profiles["etax-2026"], required=True, owner=f"MST:{filer}")

    def layout_of(self, node: etree._Element, package: FormVersion | None, language: str) -> PageLayout | None:
        """How a declaration or a notice is printed; None for anything else."""
        from govgateway_etax.pages import layout_of

        return layout_of(node, package, language)

    def carried_forms(self) -> Iterator[CarriedForm]:
        """Every form package, those that cannot be filed yet too."""
        from govgateway_etax.carried import carried_forms

        return carried_forms()

    def obligations(self) -> Mapping[str, Text]:
        """What a filer may have to declare to the tax office."""
        from govgateway_etax.obligations import obligations

        return {name: each.title for name, each in obligations().items()}

    def due_form(self, form: str, period: str, day: date) -> FormVersion | None:
        """The version of ``form`` that is filed for ``period`` on ``day``, by the dated table of shapes."""
        from govgateway_etax.heading import period_named

        return shapes.due(form, period_named(period), day).package

    def header_values(
        self, package: FormVersion, given: Mapping[str, str], *, about: Mapping[str, str], day: date | None
    ) -> Mapping[str, str | None]:
        """The header of a new declaration by ``package``."""
        from govgateway_etax.heading import header_values

        return header_values(package, given, about=about, day=day)

    def business_key(self, recognition: Recognition, environment: Environment) -> BusinessKey:
        """Taxpayer, form, period, type and number: what the tax office takes once."""
        return BusinessKey(
            agency=self.agency,
            environment=environment,
            filer=recognition.filer,
            form=recognition.form,
            period=recognition.period,
            kind=recognition.kind,
            sequence=recognition.sequence,
        )

    def export_name(self, recognition: Recognition, at: datetime) -> str:
        """The name under which HTKK writes such a file, which the portal takes."""
        kind, _, period = recognition.period.partition(" ")
        return catalogue.export_name(
            recognition.filer,
            # A registration form names no type; the catalogue lists it as C.
            (recognition.form, recognition.version, recognition.kind or "C"),
            kind + re.sub(r"[^0-9]", "", period),
            recognition.sequence,
        )

    def submit(self, document: bytes, route: Route) -> SubmitResult:
        """Send the declaration by nhanHSoXML; the answer is the transaction code maGDich."""
        from govgateway_etax.service import TaxOffice

        return TaxOffice(route).submit(document, _header_of(document), self.capabilities.send_deadline)

    def find(self, document: bytes, first_sent: datetime, known: Collection[str], route: Route) -> FindResult:
        """Look for the declaration among the transactions of the day it was sent and since, but for the ``known``."""
        from govgateway_etax.lookup import find

        return find(_header_of(document), first_sent, known, route, self._notice_profile)

    def poll(self, reference: str, seen: Collection[str], route: Route) -> PollResult:
        """The first notice of the transaction ``reference``, and the notices of the account not yet seen."""
        from govgateway_etax.polling import poll
        from govgateway_etax.service import TaxOffice

        return poll(TaxOffice(route), reference, seen)

    def read_message(self, data: bytes, trust: TrustStore, at: datetime) -> Receipt:
        """Verify the notice's signatures and signer, then read what they cover."""
        from govgateway_etax import notices, receipts

        content, signer = notices.opened(data, self._notice_profile, trust, at)
        return receipts.read_notice(content, signer, notices.notice_kinds())

    @property
    def _notice_profile(self) -> SignatureProfile:
        return self._profiles["etax-notice-2026"]

    def matches(self, receipt: Receipt, document: bytes, references: Collection[str]) -> bool:
        """By a reference that both know; else by taxpayer, form, period, type and number."""
        from govgateway_etax.matching import same_filing

        header = _header_of(document)
        if receipt.filer and receipt.filer != header.mst:
            return False
        if set(references) & set(receipt.references):
            return True
        return any(same_filing(subject, header) for subject in receipt.subjects)


def _header_of(document: bytes) -> Header:
    header = declaration.read_header(read_xml(document))
    if header is None:
        from govgateway_etax import notices

        raise notices.refused("không phải tờ khai thuế", "it is no tax declaration")
    return header


def _title(header: Header, package: FormVersion | None) -> Text:
    printed = package.title if package else Text(header.tenTKhai, header.tenTKhai)
    entry = catalogue.catalogue().get(header.catalogue_key)
    named = entry.form if entry else package.name if package else ""
    form = f"{named} " if named else ""
    return Text(f"{form}{printed.vi}", f"{form}{printed.en}")
