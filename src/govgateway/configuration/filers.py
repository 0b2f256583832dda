"""The organisations that file, as the settings describe them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from govgateway.configuration.settings import PARTICULARS, beside


@dataclass(frozen=True, slots=True)
class FilerProfile:
    """An organisation that files. ``key`` is its key file, None when it is named at signing.

    ``obligations`` are what it has to declare, by the names that its agencies' connectors give them; it files with
    govgateway ``since`` that day, None when it is not told. ``particulars`` are what documents say of it besides, by
    the names of PARTICULARS; those that are not told are not there.
    """

    tax_code: str
    name: str
    key: Path | None = None
    obligations: tuple[str, ...] = ()
    since: date | None = None
    particulars: Mapping[str, str] = field(default_factory=dict)

    @property
    def about(self) -> Mapping[str, str]:
        """What it tells for the header of a document (FormComposer)."""
        particulars = {f"filer_{name}": text for name, text in self.particulars.items()}
        return {"filer": self.tax_code, "filer_name": self.name, **particulars}


def filer_of(code: str, entry: Mapping[str, Any], path: Path) -> FilerProfile:
    """The profile of the filer with the tax code ``code`` in the settings at ``path``."""
    return FilerProfile(
        tax_code=code,
        name=str(entry.get("name", "")),
        key=beside(path, entry.get("key")),
        obligations=tuple(entry.get("obligations", ())),
        since=date.fromisoformat(str(entry["since"])) if "since" in entry else None,
        particulars={each.name: str(entry[each.name]) for each in PARTICULARS if entry.get(each.name)},
    )
