"""One running simulator as the console works on it: it keeps the scenario that was begun, so that it can be ended."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from govgateway.errors import Text, UsageError
from govgateway_mocks.scenarios import scenario

if TYPE_CHECKING:
    from starlette.requests import Request

    from govgateway_mocks.agency import Answer, SimulatedAgency, Submission
    from govgateway_mocks.exchange import Exchange
    from govgateway_mocks.faults import Fault, FaultKind
    from govgateway_mocks.script import Script
    from govgateway_mocks.server import RunningSimulator


class Station:
    """A running simulator. Whatever is not there raises UsageError."""

    def __init__(self, running: RunningSimulator[Any]) -> None:
        self.running = running
        self.agency: SimulatedAgency = running.agency
        self.script: Script = running.script
        self.scenario: str | None = None
        self._begun = ExitStack()

    @property
    def kinds(self) -> Mapping[str, FaultKind]:
        """Every fault that it can play, by name."""
        return self.script.kinds

    def begin(self, name: str) -> None:
        """Begin the scenario ``name``; the one before it ends, unless there is none of that name (UsageError)."""
        scenario(name)
        self.end()
        self._begun.enter_context(self.running.scenario(name))
        self.scenario = name

    def end(self) -> None:
        """End the scenario that was begun, if any."""
        self.scenario = None
        self._begun.close()

    def reset(self) -> None:
        """Forget everything that arrived, and disarm every fault."""
        self.end()
        self.running.reset()

    def arm(self, fault: Fault) -> str:
        """Arm ``fault``; its id. From when this comes back it is played."""
        identifier = self.script.arm(fault)
        self.running.settle()
        return identifier

    def disarm(self, identifier: str) -> None:
        """Disarm the fault with that id."""
        if identifier not in self.script.armed():
            raise _unknown(f"Không có lỗi số {identifier} đang gài.", f"No fault {identifier} is armed.")
        self.script.disarm(identifier)
        self.running.settle()

    def clear(self) -> None:
        """Disarm every fault."""
        self.script.clear()
        self.running.settle()

    def submission(self, reference: str) -> Submission:
        """The submission with that reference."""
        for each in self.agency.submissions():
            if each.reference == reference:
                return each
        raise _unknown(f"Không có hồ sơ {reference}.", f"There is no submission {reference}.")

    def answer(self, identifier: str) -> Answer:
        """The answer with that identifier."""
        for arrived in self.agency.submissions():
            for each in arrived.answers:
                if each.identifier == identifier:
                    return each
        raise _unknown(f"Không có thông báo {identifier}.", f"There is no answer {identifier}.")

    def sample(self, form: str) -> bytes:
        """The sample of that form."""
        try:
            return self.agency.sample(form)
        except UsageError as unknown:
            raise NotThere(unknown.message, unknown.remedy, where=unknown.where) from None

    def exchange(self, number: int) -> Exchange:
        """The exchange with that number."""
        for each in self.running.exchanges:
            if each.number == number:
                return each
        raise _unknown(f"Không có lần gọi số {number}.", f"There is no exchange number {number}.")


class Stations:
    """Every running simulator, by the name of its agency, in the order in which they were started."""

    def __init__(self, running: Mapping[str, RunningSimulator[Any]]) -> None:
        self.by_name = {name: Station(each) for name, each in running.items()}

    def __getitem__(self, name: str) -> Station:
        """The station of the agency ``name``. Raises UsageError when there is none."""
        if name in self.by_name:
            return self.by_name[name]
        raise _unknown(f"Không có cơ quan mô phỏng '{name}'.", f"There is no simulated agency '{name}'.")

    def begin(self, scenario: str) -> None:
        """Begin the scenario everywhere."""
        for each in self.by_name.values():
            each.begin(scenario)

    def end(self) -> None:
        """End every scenario."""
        for each in self.by_name.values():
            each.end()


class Handlers:
    """What answers requests about ``stations``, each about the one that its path names."""

    def __init__(self, stations: Stations) -> None:
        self._stations = stations

    def _at(self, request: Request) -> Station:
        return self._stations[request.path_params["agency"]]


class NotThere(UsageError):
    """What was asked for is not there."""


def _unknown(vi: str, en: str) -> NotThere:
    return NotThere(Text(vi, en), Text("Xem danh sách rồi thử lại.", "Look at the list and try again."))
