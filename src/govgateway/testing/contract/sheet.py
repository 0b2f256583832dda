"""The capability sheet: at the end of a run, what each connector claims and which promises were proven.

What tests have to say travels with their reports, so it arrives from the processes of pytest-xdist, too. This module is
a pytest plugin of its own and imports nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

_CLAIMS, _PROMISE, _AGAINST = "govgateway.contract.claims", "govgateway.contract.promise", "govgateway.contract.against"
_OUTCOMES = {"passed": "proven", "failed": "BROKEN", "error": "BROKEN", "skipped": "not offered"}


def claims(item: pytest.Item, connector: str, told: str) -> None:
    """Note on the report of ``item`` which ``connector`` it is about, and what that claims."""
    item.user_properties.append((_CLAIMS, (connector, told)))


def promise(item: pytest.Item, told: str) -> None:
    """Note which promise ``item`` proves."""
    item.user_properties.append((_PROMISE, told))


def against(item: pytest.Item, kinds: Iterable[str], cases: int) -> None:
    """Note how many kinds of faults, in how many cases, ``item`` proves it against."""
    item.user_properties.append((_AGAINST, f"{len(set(kinds))} kinds of faults in {cases} cases"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print a sheet for every class of the contract that ran."""
    reports = [(name, each) for name in _OUTCOMES for each in terminalreporter.stats.get(name, ())]
    for line in lines(reports):
        terminalreporter.write_line(line)


def lines(reports: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """The sheets for ``reports``, each with its outcome as pytest calls it: one for every class that ran."""
    sheets: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for outcome, report in reports:
        told = dict(getattr(report, "user_properties", ()))
        if _CLAIMS in told:
            where = report.nodeid.rpartition("::")[0]
            sheets.setdefault(where, []).append((_OUTCOMES[outcome], told))
    for where, entries in sheets.items():
        yield from _sheet(where, entries)


def _sheet(where: str, entries: list[tuple[str, dict[str, Any]]]) -> Iterator[str]:
    connector, claimed = entries[0][1][_CLAIMS]
    yield f"connector contract of {connector} ({where})"
    yield f"  claims: {claimed}"
    for outcome, told in entries:
        detail = f" ({told[_AGAINST]})" if _AGAINST in told else ""
        yield f"  {outcome:<11} {told[_PROMISE]}{detail}"
