"""The simulated harbour office: takes declarations, judges them, answers, remembers everything, in memory."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from govgateway.errors import Text, UsageError
from govgateway_harbour.case import AGENTS, FORMS, KEY, SAMPLE, Case, fields_of, judged, key_text
from govgateway_harbour.sealing import answer
from govgateway_mocks.agency import Answer, Clock, Decision, State, Submission
from govgateway_mocks.faults import FaultKind
from govgateway_mocks.pki import DemonstrationPki
from govgateway_mocks.script import Script

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

SERVICE = "/harbour"
OFFICE_TAX_CODE, OFFICE_NAME = "9900000104", "CẢNG VỤ MÔ PHỎNG"
USERNAME, PASSWORD = "agent", "demo"
VIETNAM = timezone(timedelta(hours=7))

_SIGNED, _MESSAGES = ("search", "messages"), ("messages",)
FAULTS: Mapping[str, FaultKind] = {
    name: FaultKind(name, "agency", Text(vi, en), means=calls)
    for name, calls, vi, en in (
        ("wrong-key", _SIGNED, "Ký bằng khoá của người khác.", "Signed by somebody else's key."),
        ("expired-certificate", _SIGNED, "Ký bằng chứng thư đã hết hạn.", "Signed with an expired certificate."),
        ("altered", _SIGNED, "Bị sửa sau khi ký.", "Altered after signing."),
        ("duplicated", _MESSAGES, "Mỗi thông báo đến hai lần.", "Every message comes twice, under two names."),
        ("reordered", _MESSAGES, "Thông báo đến ngược thứ tự.", "Messages come in the wrong order."),
    )
}


class HarbourOffice:
    """The office; see SimulatedAgency for what each member is. ``verdict_delay`` is how long it thinks."""

    name = "harbour"
    title = Text("Cảng vụ (thí dụ)", "Harbour office (example)")
    service_path = SERVICE
    faults: Mapping[str, FaultKind] = FAULTS

    def __init__(self, pki: DemonstrationPki, clock: Clock, verdict_delay: timedelta, password: str) -> None:
        self.pki, self.clock, self.password = pki, clock, password
        self.script = Script(FAULTS, clock)
        self.arrivals: Counter[tuple[str, str]] = Counter()
        self.check_duplicates, self.verdict_delay = True, verdict_delay
        self._started = (True, verdict_delay)
        self._cases: list[Case] = []
        self._messages: dict[tuple[str, str, str], bytes] = {}
        self._lock = threading.RLock()
        self._keys = {
            "": pki.taxpayer(OFFICE_TAX_CODE, OFFICE_NAME),
            "wrong-key": pki.taxpayer("9900000023", AGENTS["9900000023"]),
            "expired-certificate": pki.taxpayer(OFFICE_TAX_CODE, OFFICE_NAME, expired=True),
        }
        for code, agent in AGENTS.items():
            pki.taxpayer(code, agent)

    def routes(self) -> Sequence[BaseRoute]:
        """Its service."""
        from govgateway_harbour.simulator import routes

        return routes(self)

    def call_of(self, method: str, path: str, body: bytes) -> str | None:
        """The last part of the path."""
        return path.rpartition("/")[2] or path

    def key_of(self, document: bytes) -> str:
        """The business key of a declaration."""
        return key_text(fields_of(document))

    def submissions(self) -> list[Submission]:
        """Everything that arrived, the oldest first."""
        with self._lock:
            return [self._submission(each) for each in self._cases]

    def decide(self, reference: str, decision: Decision, reason: str = "") -> None:
        """Accept, refuse or keep waiting, instead of what the office would say by itself."""
        with self._lock:
            case, now = self._case(reference), self.clock()
            if case is None or (case.decided_at is not None and case.decided_at <= now):
                raise UsageError(
                    Text(f"Không quyết định được {reference}.", f"{reference} cannot be decided."),
                    Text("Chọn một tờ khai còn chờ.", "Choose a declaration that still waits."),
                )
            reasons = (reason or "refused by hand",) if decision is Decision.REFUSE else ()
            at = None if decision is Decision.WAIT else now
            self._cases[self._cases.index(case)] = replace(case, reasons=reasons, decided_at=at)

    def sample(self, form: str) -> bytes:
        """A declaration of ``form``, unsigned."""
        if form not in FORMS:
            raise UsageError(
                Text(f"Không có mẫu {form}.", f"There is no form {form}."),
                Text(f"Có: {', '.join(FORMS)}.", f"There are: {', '.join(FORMS)}."),
            )
        return SAMPLE.format(form=form).encode()

    def forms(self) -> Collection[str]:
        """The forms that it takes."""
        return tuple(FORMS)

    def configure(self, changes: Mapping[str, object]) -> Mapping[str, object]:
        """``verdict_delay`` in seconds, ``check_duplicates``."""
        before: dict[str, object] = {
            "verdict_delay": self.verdict_delay.total_seconds(),
            "check_duplicates": self.check_duplicates,
        }
        delay, check = changes.get("verdict_delay", 0.0), changes.get("check_duplicates", True)
        if not set(changes) <= set(before) or not isinstance(delay, int | float) or not isinstance(check, bool):
            raise UsageError(
                Text("Thiết lập không có hoặc không hợp lệ.", "No such setting, or not such a value."),
                Text(f"Có: {', '.join(before)}.", f"There are: {', '.join(before)}."),
            )
        if "verdict_delay" in changes:
            self.verdict_delay = timedelta(seconds=delay)
        if "check_duplicates" in changes:
            self.check_duplicates = check
        return {name: before[name] for name in changes}

    def reset(self) -> None:
        """Forget everything."""
        with self._lock:
            self._cases.clear()
            self._messages.clear()
            self.arrivals.clear()
            self.script.clear()
            self.check_duplicates, self.verdict_delay = self._started

    def settings(self, address: str) -> Mapping[str, str]:
        """How it is reached."""
        account = {"username": USERNAME, "password": self.password}
        return {"address": f"{address}{SERVICE}", **account, "trust": str(self.pki.trust)}

    # What its service asks

    def take(self, document: bytes) -> Case:
        """Count it, judge it, give it a number."""
        with self._lock:
            now, digest, fields = self.clock(), hashlib.sha256(document).hexdigest(), fields_of(document)
            self.arrivals[(key_text(fields), digest)] += 1
            number = f"HB-{len(self._cases) + 1:06d}"
            held = {each.key for each in self._cases if not each.reasons} if self.check_duplicates else set()
            reasons = judged(document, self.pki.issuing.certificate, held)
            case = Case(number, now, document, digest, fields, reasons, now + self.verdict_delay)
            self._cases.append(case)
            return case

    def register(self, digest: str) -> bytes:
        """The signed register of everything with ``digest``."""
        with self._lock:
            numbers = [("Number", each.number) for each in self._cases if each.digest == digest]
            asked = [("Asked", digest), ("At", _written(self.clock()))]
            return self._signed([*asked, *numbers], self._struck("search", ""))

    def messages(self, number: str) -> list[tuple[str, bytes]]:
        """The messages about a declaration that are out, by name."""
        with self._lock:
            case = self._case(number)
            kind = self._struck("messages", case.key if case else "")
            return [] if case is None else _untidy(self._answers(case, kind), kind)

    def _case(self, number: str) -> Case | None:
        return next((each for each in self._cases if each.number == number), None)

    def _struck(self, call: str, key: str) -> str:
        """The kind of fault that is played on this call; empty when there is none."""
        fault = self.script.strike("agency", call, key)
        return fault.do if fault else ""

    def _answers(self, case: Case, kind: str = "") -> list[tuple[str, bytes]]:
        """The receipt, and the verdict when its time has come."""
        results = [("received", case.at)]
        if case.decided_at is not None and case.decided_at <= self.clock():
            results.append(("refused" if case.reasons else "accepted", case.decided_at))
        told = [("Number", case.number), *((name, case.fields[name]) for name in KEY), ("Received", _written(case.at))]
        return [
            (f"{case.number}-{result}", self._kept(case, [*told, ("At", _written(at)), ("Result", result)], kind))
            for result, at in results
        ]

    def _kept(self, case: Case, fields: list[tuple[str, str]], kind: str) -> bytes:
        """A message is signed once, when it is first asked for: what the office said stays as it is."""
        name = (case.number, fields[-1][1], kind)
        if name not in self._messages:
            self._messages[name] = self._signed(fields, kind)
        return self._messages[name]

    def _signed(self, fields: list[tuple[str, str]], kind: str) -> bytes:
        data = answer(fields, self._keys.get(kind, self._keys[""]))
        return data.replace(b"</Said>", b"<Number>HB-000009</Number></Said>") if kind == "altered" else data

    def _submission(self, case: Case) -> Submission:
        decided = case.decided_at is not None and case.decided_at <= self.clock()
        state = (State.REFUSED if case.reasons else State.ACCEPTED) if decided else State.RECEIVED
        title = Text("Trả lời", "Answer")
        answers = tuple(Answer(name, title, case.at, data) for name, data in self._answers(case))
        form = case.fields["Form"]
        return Submission(
            case.number, case.at, case.key, case.digest, FORMS.get(form, form), case.fields["Agent"], state,
            case.reasons if decided else (), answers, case.document,
        )  # fmt: skip


def _untidy(messages: list[tuple[str, bytes]], kind: str) -> list[tuple[str, bytes]]:
    if kind == "duplicated":
        return [(name + again, data) for name, data in messages for again in ("", "-again")]
    return messages[::-1] if kind == "reordered" else messages


def _written(at: datetime) -> str:
    return at.astimezone(VIETNAM).isoformat(timespec="seconds")
