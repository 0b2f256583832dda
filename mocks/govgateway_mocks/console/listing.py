"""What the simulators can be made to do, as lines for people and as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from govgateway_mocks.console import told
from govgateway_mocks.faults import CONDITIONS, FaultKind
from govgateway_mocks.kinds import KINDS
from govgateway_mocks.scenarios import Scenario

if TYPE_CHECKING:
    from govgateway_mocks.server import Simulator


def kinds_of(simulators: Mapping[str, Simulator]) -> dict[str, Mapping[str, FaultKind]]:
    """The faults that each agency can play itself, by its name; each is started for a moment to be asked."""
    found = {}
    for name, simulator in simulators.items():
        with TemporaryDirectory(prefix="govgateway-") as folder, simulator.serve(Path(folder)) as running:
            found[name] = running.agency.faults
    return found


def faults_as_data(agencies: Mapping[str, Mapping[str, FaultKind]]) -> dict[str, Any]:
    """Every kind of fault, ``agency`` naming the only one that plays it, and the names of the conditions."""
    common: list[dict[str, Any]] = [told.kind(each) | {"agency": None} for each in KINDS.values()]
    own = [told.kind(kind) | {"agency": name} for name, kinds in agencies.items() for kind in kinds.values()]
    return {"faults": common + own, "conditions": list(CONDITIONS)}


def fault_lines(agencies: Mapping[str, Mapping[str, FaultKind]]) -> Iterator[str]:
    """The same to read."""
    yield "Mọi cơ quan · Every agency"
    for kind in KINDS.values():
        yield from _kind_lines(kind)
    for name, kinds in agencies.items():
        yield f"\n{name}"
        for kind in kinds.values():
            yield from _kind_lines(kind)
    yield f"\nĐiều kiện · Conditions: {', '.join(CONDITIONS)}"


def scenario_lines(scenarios: Mapping[str, Scenario]) -> Iterator[str]:
    """Every scenario with its story, to read."""
    for each in scenarios.values():
        yield f"{each.name}: {each.title.vi} · {each.title.en}"
        yield f"    {each.story.vi}"
        yield f"    {each.story.en}"


def _kind_lines(kind: FaultKind) -> Iterator[str]:
    parameters = " ".join(f"{name}={_possible(kind, name)}" for name in kind.parameters)
    yield f"  {kind.name} ({kind.layer}) {parameters}".rstrip()
    yield f"      {kind.meaning.vi}"
    yield f"      {kind.meaning.en}"


def _possible(kind: FaultKind, name: str) -> str:
    """What a parameter is by default, as TOML and JSON write it, and what else it may be where that is a choice."""
    default = kind.parameters[name]
    if isinstance(default, bool):
        return str(default).lower()
    others = [each for each in kind.choices.get(name, ()) if each != default]
    return "|".join([str(default), *others])
