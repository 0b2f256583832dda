"""The agency and the script of a simulator elsewhere, by the names that they have in this process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from govgateway.errors import Text
from govgateway_mocks.agency import Answer, State, Submission
from govgateway_mocks.console.channel import Channel
from govgateway_mocks.faults import Fault


class RemoteScript:
    """What is armed at a simulator."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def arm(self, fault: Fault) -> str:
        """Arm ``fault``; the id by which it is disarmed."""
        return str(self._channel.tell(fault.told())["id"])

    def disarm(self, identifier: str) -> None:
        """Disarm it."""
        self._channel.below(identifier).remove()

    def clear(self) -> None:
        """Disarm all."""
        self._channel.remove()

    def armed(self) -> dict[str, Fault]:
        """What is armed, by id, the oldest first."""
        return {each["id"]: Fault.of(each["fault"]) for each in self._channel.ask()["armed"]}

    def struck(self) -> list[tuple[str, str]]:
        """(fault id, call) of every fault that was played, the oldest first."""
        return [(each["id"], each["call"]) for each in self._channel.ask()["struck"]]


class RemoteAgency:
    """What arrived at an agency, what it answered, and how it behaves."""

    def __init__(self, channel: Channel, told: Mapping[str, Any]) -> None:
        self._channel = channel
        self.name: str = told["name"]
        self.title = Text(**told["title"])

    @property
    def arrivals(self) -> Counter[tuple[str, str]]:
        """How often each complete document arrived, counted before any check, by business key and digest."""
        told = self._channel.below("arrivals").ask()["arrivals"]
        return Counter({(each["key"], each["digest"]): each["count"] for each in told})

    @property
    def check_duplicates(self) -> bool:
        """Whether it refuses what it has accepted before."""
        return bool(self._channel.ask()["check_duplicates"])

    @check_duplicates.setter
    def check_duplicates(self, value: bool) -> None:
        self.configure({"check_duplicates": value})

    def submissions(self) -> list[Submission]:
        """Everything that arrived, the oldest first, with documents and answers."""
        return [self._submission(each) for each in self._channel.below("submissions").ask()["submissions"]]

    def decide(self, reference: str, decision: str, reason: str = "") -> None:
        """Accept or refuse a filing now, or keep it waiting: "accept", "refuse", "wait"."""
        self._channel.below("submissions", reference, "decision").tell({"decision": decision, "reason": reason})

    def key_of(self, document: bytes) -> str:
        """The business key of a document; empty when it has none."""
        return str(self._channel.below("key").send(document)["key"])

    def forms(self) -> list[str]:
        """The forms that ``sample`` knows."""
        return list(self._channel.below("forms").ask()["forms"])

    def sample(self, form: str) -> bytes:
        """A document of ``form`` that the agency would accept, unsigned."""
        return self._channel.below("forms", form, "sample").fetch()

    def settings(self, address: str) -> dict[str, str]:
        """What a gateway needs to reach it, where its simulator listens at ``address``."""
        return dict(self._channel.below("settings").ask(address=address)["settings"])

    def configure(self, settings: Mapping[str, Any]) -> None:
        """Change how it behaves, until the next reset."""
        self._channel.below("settings").tell(dict(settings), "PATCH")

    def reset(self) -> None:
        """Forget everything that arrived, and disarm every fault."""
        self._channel.below("reset").tell({})

    def _submission(self, told: Mapping[str, Any]) -> Submission:
        read = {
            "at": datetime.fromisoformat(told["at"]),
            "state": State(told["state"]),
            "reasons": tuple(told["reasons"]),
            "answers": tuple(self._answer(each) for each in told["answers"]),
            "document": self._channel.below("submissions", told["reference"], "document").fetch(),
        }
        return Submission(**{**told, **read})

    def _answer(self, told: Mapping[str, Any]) -> Answer:
        data = self._channel.below("answers", told["identifier"]).fetch()
        return Answer(told["identifier"], Text(**told["title"]), datetime.fromisoformat(told["at"]), data)
