"""The simulated tax office: takes declarations, answers when the time comes or when somebody decides.

Every complete declaration that arrives is counted before any check of it, by obligation and digest: that count is what
"never twice" is measured with.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from govgateway.errors import Text
from govgateway_mocks.agency import Clock, Decision, Submission
from govgateway_mocks.etax import addressing, decisions, notices, samples, settings
from govgateway_mocks.etax.archive import Archive
from govgateway_mocks.etax.clerk import Clerk
from govgateway_mocks.etax.faults import CALLS, FAULTS, seconds
from govgateway_mocks.etax.journal import Journal
from govgateway_mocks.etax.registry import OFFICE_NAME, PASSWORD, TAXPAYERS, UNREGISTERED, USERNAME
from govgateway_mocks.etax.schedule import Schedule
from govgateway_mocks.etax.transactions import Notice, Transaction, transaction_code
from govgateway_mocks.faults import Fault
from govgateway_mocks.pki import DemonstrationPki
from govgateway_mocks.script import Script

if TYPE_CHECKING:
    from starlette.routing import BaseRoute


class TaxOffice:
    """The office's state and behaviour; as a simulated agency of the kit it fulfils ``SimulatedAgency``.

    ``receipt_delay`` and ``verdict_delay`` are how long its answers take, ``password`` that of its services' account.
    ``state``: the file that keeps what happened. Raises ConfigurationError when that is damaged.
    """

    name = "etax"
    title = Text("Cơ quan thuế (eTax, T-VAN)", "Tax office (eTax, T-VAN)")
    service_path = addressing.SERVICES
    faults = FAULTS

    def __init__(
        self,
        pki: DemonstrationPki,
        clock: Clock,
        receipt_delay: timedelta,
        verdict_delay: timedelta,
        *,
        check_duplicates: bool = True,
        password: str = PASSWORD,
        state: Path | None = None,
    ) -> None:
        self.pki, self.clock, self.password = pki, clock, password
        self.receipt_delay, self.verdict_delay, self.clock_skew = receipt_delay, verdict_delay, timedelta(0)
        self.check_duplicates = check_duplicates
        self._started = settings.of(self)
        for taxpayer in (*TAXPAYERS.values(), UNREGISTERED):
            pki.taxpayer(taxpayer.tax_code, taxpayer.name)
        self.script = Script(FAULTS, clock, CALLS)
        self._lock = threading.RLock()
        self._archive = Archive(Journal(state))
        self._clerk = Clerk(pki, self._archive)
        self.arrivals = self._archive.arrivals
        self._archive.restore(self._clerk.enter_again, self._clerk.writer)

    def routes(self) -> Sequence[BaseRoute]:
        """Its services and its portal."""
        from govgateway_mocks.etax.simulator import routes

        return routes(self)

    def call_of(self, method: str, path: str, body: bytes) -> str | None:
        """The operation that a SOAP request asks for, else the path; None while the operation cannot be told."""
        return addressing.call_of(method, path, body, self.service_path)

    def key_of(self, document: bytes) -> str:
        """The obligation of a declaration, or of a request that carries one; empty when there is none."""
        return addressing.key_of(document, self._clerk.key)

    def struck(self, call: str, key: Callable[[], str]) -> Fault | None:
        """The fault of the office itself that strikes ``call``, if any; ``key`` tells what the call is about."""
        return self.script.strike("agency", call, key() if self.script.asks_for_key("agency") else "")

    def take(self, data: bytes, arguments: Mapping[str, str] | None = None, fault: Fault | None = None) -> str:
        """Take a declaration; the transaction code (maGDich). Its notices become visible when their time comes.

        ``arguments`` are what the service that brought it was told about it; ``fault`` is one that strikes it.
        """
        with self._lock:
            self._catch_up()
            schedule, number = self._schedule(fault), len(self._archive.transactions) + 1
            code = transaction_code(schedule.arrived + schedule.skew, number)
            transaction = self._clerk.enter(data, arguments or {}, schedule, code, number)
            self._archive.admit(transaction)
            self._clerk.judge(transaction)
            return code

    @property
    def transactions(self) -> list[Transaction]:
        """Every declaration that arrived, the oldest first."""
        with self._lock:
            self._catch_up()
            return list(self._archive.transactions.values())

    def notices(self) -> list[Notice]:
        """Every notice that is visible now, oldest first."""
        with self._lock:
            return self._archive.visible(self._catch_up())

    def notice(self, identifier: str) -> Notice | None:
        """The visible notice ``identifier``."""
        return next((each for each in self.notices() if each.identifier == identifier), None)

    def first_notice(self, transaction: str) -> Notice | None:
        """The first notice of a transaction, once it is visible."""
        return next((each for each in self.notices() if each.transaction == transaction), None)

    def copy_notices(self) -> None:
        """From now on every notice that is visible stands in the lists twice, under different identifiers."""
        with self._lock:
            self._archive.copy_notices(self._catch_up())

    def day_result(self, day: str, fault: Fault | None = None) -> bytes:
        """The notice 211 with every transaction of ``day`` (dd/MM/yyyy), as far as its notices are out."""
        with self._lock:
            now = self._catch_up()
            content = notices.day_result(day, self._archive.rows(day, now))
            to, written = notices.Addressee("", OFFICE_NAME), now + self._skew(fault)
            return notices.build("211", f"KQ-{day}", written, to, content, self._clerk.signer)

    def submissions(self) -> list[Submission]:
        """Everything that arrived, the oldest first, with all that was answered, what is not visible yet too."""
        with self._lock:
            self._catch_up()
            dossiers = self._archive.dossiers()
        # Outside the lock: notices that nobody has read are written now, and nobody else has to wait for that.
        return [each.submission(tuple(notice.answer for notice in issued)) for each, issued in dossiers]

    def decide(self, reference: str, decision: Decision, reason: str = "") -> None:
        """Accept or refuse a declaration now, or keep it without verdict until somebody decides.

        Accepting overrides the office's own judgement; refusing before the notice of receipt refuses receipt. Raises
        UsageError for an unknown reference, for one whose verdict is out, for a reason that no notice can carry, and
        when what is no declaration is accepted.
        """
        with self._lock:
            decisions.decide(self._archive, self._clerk, self._catch_up(), reference, decision, reason)

    def sample(self, form: str) -> bytes:
        """A declaration of ``form`` (``879`` for its newest version, or ``879/2.7.5``) that the office would accept,
        unsigned. Raises UsageError for a form without one."""
        return samples.sample(form)

    def forms(self) -> Collection[str]:
        """The forms that ``sample`` knows, each as ``879/2.7.5``."""
        return samples.forms()

    def configure(self, changes: Mapping[str, object]) -> Mapping[str, object]:
        """Change ``receipt_delay``, ``verdict_delay``, ``clock_skew`` (seconds), ``check_duplicates`` (true or false),
        all or, with a UsageError, none; what they were before. Times hold for what arrives from now on."""
        with self._lock:
            return settings.change(self, changes)

    def reset(self) -> None:
        """Forget everything that arrived, disarm every fault, and be set up as it was started."""
        with self._lock:
            self._archive.clear()
            self.script.clear()
            settings.change(self, self._started)

    def settings(self, address: str) -> Mapping[str, str]:
        """What ``govgateway config set etax.simulator.…`` needs; ``address`` is where its simulator listens."""
        return {
            "address": address.rstrip("/") + self.service_path,
            "username": USERNAME,
            "password": self.password,
            "trust": str(self.pki.trust.resolve()),
        }

    def _catch_up(self) -> datetime:
        """Do what is due by now, in the order of time; the present moment."""
        now = self.clock()
        while due := self._archive.next_due(now):
            self._clerk.proceed(*due, check_duplicates=self.check_duplicates)
        return now

    def _schedule(self, fault: Fault | None) -> Schedule:
        """When a declaration that arrives now is taken up and answered."""
        now = self.clock()
        taken = now + timedelta(seconds=seconds(fault, "late-acceptance"))
        received = taken + self.receipt_delay + timedelta(seconds=seconds(fault, "late"))
        reordered = fault is not None and fault.do == "reordered"
        return Schedule(now, taken, received, received + self.verdict_delay, self._skew(fault), reordered)

    def _skew(self, fault: Fault | None) -> timedelta:
        return self.clock_skew + timedelta(seconds=seconds(fault, "clock-skew"))
