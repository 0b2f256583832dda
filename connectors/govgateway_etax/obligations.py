"""What a filer has to declare: the returns that the law makes of each obligation, from obligations.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from itertools import takewhile
from typing import Any

from govgateway import ConfigurationError, Text
from govgateway_etax.catalogue import FOLDER
from govgateway_etax.periods import Period, periods


@dataclass(frozen=True, slots=True)
class Return:
    """A return that is filed for period after period, for those that end between ``since`` and ``until``.

    ``codes`` are those (maTKhai) under which it may be filed, ``period`` is M, Q or Y, ``deadline`` the heading of its
    deadline.
    """

    form: str
    codes: frozenset[str]
    period: str
    deadline: str
    since: date
    until: date

    def periods(self, since: date) -> Iterator[Period]:
        """The periods to be declared, the first being the one that ``since`` lies in."""
        coming = periods(self.period, max(since, self.since))
        return takewhile(lambda period: period.last <= self.until, coming)

    def words(self, period: Period) -> Text:
        """``period`` as a person says it of this return."""
        if self.deadline != "finalisation":
            return period.words
        return Text(f"quyết toán {period.words.vi}", f"finalisation {period.words.en}")


@dataclass(frozen=True, slots=True)
class Obligation:
    """What a filer's profile calls by ``name``."""

    name: str
    title: Text
    returns: tuple[Return, ...]


@cache
def obligations() -> Mapping[str, Obligation]:
    """Every obligation that is known, by its name."""
    tables = tomllib.loads((FOLDER / "obligations.toml").read_text(encoding="utf-8"))
    return {
        name: Obligation(name, Text(**table["title"]), tuple(map(_return, table["returns"])))
        for name, table in tables.items()
    }


def _return(entry: Mapping[str, Any]) -> Return:
    return Return(
        form=entry["form"],
        codes=frozenset(entry["codes"]),
        period=entry["period"],
        deadline=entry["deadline"],
        since=entry.get("from", date.min),
        until=entry.get("until", date.max),
    )


def returns_of(names: Iterable[str], where: str) -> tuple[Return, ...]:
    """The returns of the obligations ``names``. Raises ConfigurationError for one that is not known."""
    known = obligations()
    chosen = dict.fromkeys(names)
    for name in chosen:
        if name not in known:
            offered = ", ".join(get_close_matches(name, list(known), n=1) or known)
            raise ConfigurationError(
                Text(f"Không có nghĩa vụ '{name}'.", f"There is no obligation '{name}'."),
                Text(f"Có phải là: {offered}?", f"Did you mean: {offered}?"),
                where=where,
            )
    return tuple(each for name in chosen for each in known[name].returns)
