"""Named scenarios: what an agency goes through, as data (scenarios/*.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from govgateway.errors import Text
from govgateway_mocks.faults import Fault
from govgateway_mocks.reading import mapping, only, several, text, unfit


@dataclass(frozen=True, slots=True)
class Scenario:
    """``faults`` are armed together; ``settings`` are what the agency is configured with meanwhile (configure)."""

    name: str
    title: Text
    story: Text
    faults: tuple[Fault, ...]
    settings: Mapping[str, object]

    @classmethod
    def of(cls, name: str, data: Mapping[str, Any]) -> Scenario:
        """The scenario written in ``data``: title and story (vi, en), settings, fault. Raises UsageError for none."""
        only(data, ("title", "story", "settings", "fault"))
        return cls(
            name,
            _both("title", data.get("title")),
            _both("story", data.get("story")),
            tuple(Fault.of(each) for each in several("fault", data.get("fault", []))),
            MappingProxyType({**mapping("settings", data.get("settings", {}))}),
        )


@cache
def scenarios() -> Mapping[str, Scenario]:
    """Every scenario that ships, by name."""
    found = sorted(files("govgateway_mocks").joinpath("scenarios").iterdir(), key=lambda each: each.name)
    read = {each.name.removesuffix(".toml"): tomllib.loads(each.read_text("utf-8")) for each in found}
    return {name: Scenario.of(name, data) for name, data in read.items()}


def scenario(name: str) -> Scenario:
    """The scenario ``name``. Raises UsageError for an unknown one."""
    if name not in scenarios():
        raise unfit("scenario", ", ".join(scenarios()))
    return scenarios()[name]


def _both(where: str, value: object) -> Text:
    said = mapping(where, value)
    only(said, ("vi", "en"))
    return Text(*(text(f"{where}.{language}", said.get(language)) for language in ("vi", "en")))
