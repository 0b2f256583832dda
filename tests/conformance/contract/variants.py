"""Broken variants of the example's connector, one for each promise of the contract, and which promise each breaks."""

from __future__ import annotations

import logging
import re
import socket
import sqlite3
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Collection
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from govgateway.connector import (
    AgencyMessage,
    BusinessKey,
    Environment,
    FindResult,
    Found,
    HttpRequest,
    Outcome,
    PollResult,
    Receipt,
    Recognition,
    Route,
    Sent,
    SignaturePlan,
    SubmitResult,
    Transport,
    TrustStore,
    XmlDocument,
    read_xml,
)
from govgateway.testing.contract import ConnectorContract
from samples import ROOT

sys.path.insert(0, str(ROOT / "examples" / "harbour" / "src"))
sys.path.insert(0, str(ROOT / "examples" / "harbour" / "tests"))

from govgateway_harbour import messages, simulator
from govgateway_harbour.connector import Harbour
from test_contract import TestHarbour as HarbourContract


def breaks(*promises: str) -> Any:
    """Says which tests of the contract a variant must fail: these, and no other."""

    def marked(variant: type[Harbour]) -> type[Harbour]:
        variant.breaks = frozenset(f"test_{each}" for each in promises)  # type: ignore[attr-defined]
        return variant

    return marked


TOLD_APART = "not_sent_and_acknowledged_and_unknown_are_told_apart"
ONCE = "one_submit_is_one_request"


@breaks()
class Right(Harbour):
    """Nothing is wrong with it."""


@breaks(TOLD_APART)
class TreatsAResetAsNotSent(Harbour):
    def submit(self, document: bytes, route: Route) -> SubmitResult:
        result = super().submit(document, route)
        lost = result.exchange is not None and result.exchange.status is None
        return replace(result, outcome=Outcome.NOT_SENT) if lost else result


@breaks(TOLD_APART)
class BelievesHalfAnAnswer(Harbour):
    def submit(self, document: bytes, route: Route) -> SubmitResult:
        result = super().submit(document, route)
        found = re.search(rb"HB-[0-9]{1,6}", result.exchange.answer if result.exchange else b"")
        if result.outcome is Outcome.UNKNOWN and found:
            return replace(result, outcome=Outcome.ACKNOWLEDGED, reference=found[0].decode())
        return result


@breaks(TOLD_APART)
class TakesFiveHundredForARefusal(Harbour):
    def submit(self, document: bytes, route: Route) -> SubmitResult:
        result = super().submit(document, route)
        failed = result.exchange is not None and (result.exchange.status or 0) >= 500
        return replace(result, outcome=Outcome.NOT_SENT, refusal=self.title) if failed else result


@breaks(TOLD_APART)
class NeverKnows(Harbour):
    def submit(self, document: bytes, route: Route) -> SubmitResult:
        result = super().submit(document, route)
        return replace(result, outcome=Outcome.UNKNOWN) if result.outcome is Outcome.NOT_SENT else result


@breaks("too_many_requests_says_when_to_come_back")
class ForgetsWhenToComeBack(Harbour):
    def submit(self, document: bytes, route: Route) -> SubmitResult:
        return replace(super().submit(document, route), retry_at=None)


# What arrived twice cannot be found again, either.
@breaks(ONCE, "what_arrived_is_found_although_its_answer_was_lost", "the_day_may_turn_meanwhile")
class TriesAgain(Harbour):
    def submit(self, document: bytes, route: Route) -> SubmitResult:
        result = super().submit(document, route)
        return super().submit(document, route) if result.outcome is Outcome.UNKNOWN else result


@dataclass(frozen=True)
class Follows(Transport):
    """A transport that goes where it is sent."""

    inner: Transport = field(default_factory=Transport)

    def send(self, request: HttpRequest, deadline: timedelta) -> Sent:
        sent = self.inner.send(request, deadline)
        if sent.answer is None or sent.answer.status not in range(300, 400):
            return sent
        return self.inner.send(replace(request, url=sent.answer.headers["location"]), deadline)


@breaks("no_redirect_is_followed", ONCE, TOLD_APART)
class FollowsRedirects(Harbour):
    def submit(self, document: bytes, route: Route) -> SubmitResult:
        return super().submit(document, replace(route, transport=Follows(inner=route.transport)))


@breaks("it_never_sleeps")
class Sleeps(Harbour):
    def find(self, document: bytes, first_sent: datetime, known: Collection[str], route: Route) -> FindResult:
        time.sleep(30)
        return super().find(document, first_sent, known, route)


@breaks("nothing_is_raised_for_what_the_wire_or_the_agency_does")
class Raises(Harbour):
    def submit(self, document: bytes, route: Route) -> SubmitResult:
        result = super().submit(document, route)
        if result.exchange is not None and result.exchange.status == 502:
            raise ConnectionError("HTTP 502")
        return result


@breaks("the_password_is_shown_nowhere")
class LogsThePassword(Harbour):
    def poll(self, reference: str, seen: Collection[str], route: Route) -> PollResult:
        logging.getLogger("harbour").debug("account %s:%s", route.username, route.password.value)
        return super().poll(reference, seen, route)


@breaks("the_password_is_shown_nowhere")
class KeepsTheAccountAsEvidence(Harbour):
    def submit(self, document: bytes, route: Route) -> SubmitResult:
        result = super().submit(document, route)
        assert result.exchange is not None
        account = b64encode(f"{route.username}:{route.password.value}".encode())
        return replace(result, exchange=replace(result.exchange, request=b"Authorization: Basic " + account))


@breaks("every_time_has_a_zone")
class WishesWithoutAZone(Harbour):
    def submit(self, document: bytes, route: Route) -> SubmitResult:
        result = super().submit(document, route)
        return replace(result, retry_at=result.retry_at.replace(tzinfo=None)) if result.retry_at else result


@breaks("what_is_read_has_a_zone")
class ReadsWithoutAZone(Harbour):
    def read_message(self, data: bytes, trust: TrustStore, at: datetime) -> Receipt:
        receipt = super().read_message(data, trust, at)
        assert receipt.arrived_at is not None
        return replace(receipt, arrived_at=receipt.arrived_at.replace(tzinfo=None))


@breaks("the_machines_time_zone_changes_nothing")
class ReadsInTheMachinesZone(Harbour):
    def read_message(self, data: bytes, trust: TrustStore, at: datetime) -> Receipt:
        receipt = super().read_message(data, trust, at)
        assert receipt.arrived_at is not None
        return replace(receipt, arrived_at=receipt.arrived_at.replace(tzinfo=None).astimezone())


@breaks("a_look_up_that_fails_cannot_tell")
class TakesSilenceForAbsence(Harbour):
    def find(self, document: bytes, first_sent: datetime, known: Collection[str], route: Route) -> FindResult:
        result = super().find(document, first_sent, known, route)
        return replace(result, found=Found.ABSENT) if result.detail == "no answer" else result


@breaks("a_look_up_that_fails_cannot_tell")
class BelievesAnUnsignedRegister(Harbour):
    def find(self, document: bytes, first_sent: datetime, known: Collection[str], route: Route) -> FindResult:
        result = super().find(document, first_sent, known, route)
        told = re.search(rb"<Number>(HB-[0-9]{6})</Number></Said>", b"".join(result.answers))
        if told and "signed by the harbour office" in result.detail:
            return replace(result, found=Found.FOUND, reference=told[1].decode())
        return result


@breaks("of_two_that_fit_it_cannot_be_told_which")
class TakesTheFirstOfTwo(Harbour):
    def find(self, document: bytes, first_sent: datetime, known: Collection[str], route: Route) -> FindResult:
        result = super().find(document, first_sent, known, route)
        if result.detail != "2 of that digest":
            return result
        first = read_xml(result.answers[0]).root.findtext(".//{*}Number")
        return replace(result, found=Found.FOUND, reference=first or "")


@breaks("what_never_arrived_is_absent", "the_day_may_turn_meanwhile")
class NeverTellsAbsence(Harbour):
    def find(self, document: bytes, first_sent: datetime, known: Collection[str], route: Route) -> FindResult:
        result = super().find(document, first_sent, known, route)
        return replace(result, found=Found.CANNOT_TELL) if result.found is Found.ABSENT else result


@breaks(
    "what_was_altered_is_not_believed",
    "of_whom_nobody_vouches_is_not_believed",
    "what_is_wrongly_signed_is_not_believed",
)
class BelievesAnUnsignedNotice(Harbour):
    def read_message(self, data: bytes, trust: TrustStore, at: datetime) -> Receipt:
        return messages.read_decision(read_xml(data), "")


@breaks("a_message_is_not_taken_for_another_obligations")
class BelievesByTheReferenceAlone(Harbour):
    def matches(self, receipt: Receipt, document: bytes, references: Collection[str]) -> bool:
        return bool(set(references) & set(receipt.references))


@breaks("a_message_speaks_of_its_own_filing_alone", "a_message_is_not_taken_for_another_obligations")
class BelievesAnothersVerdict(Harbour):
    def matches(self, receipt: Receipt, document: bytes, references: Collection[str]) -> bool:
        return receipt.filer == messages.text(read_xml(document), "Agent")


@breaks("what_was_seen_is_not_fetched_again", "a_disturbed_poll_gives_whole_messages_and_the_next_one_the_rest")
class FetchesAgain(Harbour):
    def poll(self, reference: str, seen: Collection[str], route: Route) -> PollResult:
        return super().poll(reference, (), route)


@breaks("asking_twice_gives_the_same", "a_disturbed_poll_gives_whole_messages_and_the_next_one_the_rest")
class NamesMessagesAnew(Harbour):
    count = 0

    def poll(self, reference: str, seen: Collection[str], route: Route) -> PollResult:
        type(self).count += 1
        result = super().poll(reference, seen, route)
        return replace(result, messages=tuple(self._named(each) for each in result.messages))

    def _named(self, message: AgencyMessage) -> AgencyMessage:
        return replace(message, identifier=f"{message.identifier}-{self.count}")


@breaks("another_obligation_has_another_business_key")
class ForgetsTheSequence(Harbour):
    def business_key(self, recognition: Recognition, environment: Environment) -> BusinessKey:
        return replace(super().business_key(recognition, environment), sequence=0)


@breaks("another_environment_has_another_business_key")
class ForgetsTheEnvironment(Harbour):
    def business_key(self, recognition: Recognition, environment: Environment) -> BusinessKey:
        return super().business_key(recognition, Environment.SIMULATOR)


@breaks("the_same_is_said_of_the_same_document")
class PlansByChance(Harbour):
    def plan(self, recognition: Recognition) -> SignaturePlan:
        (slot,) = super().plan(recognition).slots
        return SignaturePlan((replace(slot, role=f"agent {time.perf_counter_ns()}"),))


@breaks("an_exported_file_has_a_name_that_every_system_takes")
class NamesFilesByTheMonth(Harbour):
    def export_name(self, recognition: Recognition, at: datetime) -> str:
        return f"PD1-{recognition.period}.xml"


@breaks("recognising_never_raises_and_is_quick")
class TrustsTheSequence(Harbour):
    def recognise(self, document: XmlDocument) -> Recognition | None:
        found = super().recognise(document)
        return replace(found, sequence=int(messages.text(document, "Sequence"))) if found else None


@breaks("nothing_else_is_recognised")
class ClaimsEveryNamespace(Harbour):
    def recognise(self, document: XmlDocument) -> Recognition | None:
        if not document.root.tag.endswith("}PortDues"):
            return None
        return super().recognise(read_xml(document.data.replace(b"urn:example:another", b"urn:example:harbour")))


@breaks("the_plan_and_the_profile_say_how_a_filing_is_signed")
class AsksForTheWrongSigner(Harbour):
    def signers_of(self, document: XmlDocument) -> tuple[str, ...]:
        return (messages.OFFICE,)


@breaks("it_leaves_no_thread_behind")
class LeavesAThread(Harbour):
    def find(self, document: bytes, first_sent: datetime, known: Collection[str], route: Route) -> FindResult:
        threading.Thread(target=threading.Event().wait, args=(30,), name="watches the harbour", daemon=True).start()
        return super().find(document, first_sent, known, route)


@breaks("it_touches_nothing_but_the_route")
class RemembersInADatabase(Harbour):
    def submit(self, document: bytes, route: Route) -> SubmitResult:
        sqlite3.connect(":memory:").close()
        return super().submit(document, route)


@breaks("it_touches_nothing_but_the_route")
class ConnectsByItself(Harbour):
    def find(self, document: bytes, first_sent: datetime, known: Collection[str], route: Route) -> FindResult:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.connect(("127.0.0.1", urlsplit(route.address).port or 0))
        return super().find(document, first_sent, known, route)


@breaks("what_went_over_the_wire_is_handed_back_as_evidence")
class KeepsNoEvidence(Harbour):
    def submit(self, document: bytes, route: Route) -> SubmitResult:
        return replace(super().submit(document, route), exchange=None)


@breaks("a_send_keeps_within_its_deadline")
class TakesItsTime(Harbour):
    capabilities = replace(Harbour.capabilities, send_deadline=timedelta(seconds=1))


# What arrived under another digest cannot be found again, either.
@breaks(
    "the_document_arrives_as_it_is",
    "what_arrives_is_acknowledged_under_the_agencys_reference",
    TOLD_APART,
    "what_arrived_is_found_although_its_answer_was_lost",
    "a_look_up_that_fails_cannot_tell",
    "of_two_that_fit_it_cannot_be_told_which",
    "the_day_may_turn_meanwhile",
)
class TidiesTheDocument(Harbour):
    def submit(self, document: bytes, route: Route) -> SubmitResult:
        return super().submit(document + b"\n", route)


VARIANTS: dict[str, type[Harbour]] = {each.__name__: each for each in Harbour.__subclasses__()}


class Deaf:
    """A simulator that plays none of the faults that it is asked for."""

    def __init__(self, running: Any) -> None:
        self._running = running

    def __getattr__(self, name: str) -> Any:
        return getattr(self._running, name)

    def fault(self, *_: object, **__: object) -> AbstractContextManager[None]:
        return nullcontext()


def contract(name: str, *, deaf: bool = False) -> type[ConnectorContract]:
    """The contract for the variant of that name, at the example's simulator."""

    def start(cls: type[ConnectorContract], keys: Any, clock: Any, **options: Any) -> Any:
        running = simulator.serve(keys, clock=clock, **options)
        return Deaf(running) if deaf else running

    members = {"connector": VARIANTS[name](), "start": classmethod(start), "__doc__": None}
    return type(f"Test{name}", (HarbourContract,), members)
