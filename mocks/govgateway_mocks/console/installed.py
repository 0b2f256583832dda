"""The simulators that are installed, ours and third parties': entry-point group ``govgateway.simulators``."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from govgateway.errors import ConfigurationError, Text, UsageError

if TYPE_CHECKING:
    from govgateway_mocks.server import Simulator


def installed(only: Collection[str] = ()) -> dict[str, Simulator]:
    """Every simulator by its name, ours first; with ``only``, those.

    Raises UsageError for a name that nobody has, ConfigurationError for a simulator that lacks a package.
    """
    entries = {each.name: each for each in sorted(entry_points(group="govgateway.simulators"), key=_order)}
    unknown = [name for name in only if name not in entries]
    if unknown:
        raise UsageError(
            Text(f"Không có bộ mô phỏng '{unknown[0]}'.", f"There is no simulator '{unknown[0]}'."),
            Text(f"Có: {', '.join(entries)}", f"There are: {', '.join(entries)}"),
        )
    return {name: _load(entry) for name, entry in entries.items() if not only or name in only}


def _order(entry: EntryPoint) -> tuple[bool, str]:
    return _package(entry) != "govgateway", entry.name


def _package(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else entry.module.partition(".")[0]


def _load(entry: EntryPoint) -> Simulator:
    try:
        simulator: Simulator = entry.load()
    except ModuleNotFoundError as error:
        raise missing(error, entry) from None
    return simulator


def missing(error: ModuleNotFoundError, entry: EntryPoint | None = None) -> ConfigurationError:
    """What to tell where a package is not installed that the simulators (or the one of ``entry``) need."""
    lacking = (error.name or "").partition(".")[0]
    package = _package(entry) if entry else "govgateway"
    target = "govgateway[simulators]" if package == "govgateway" else package
    return ConfigurationError(
        Text(f"Chưa cài đặt bộ mô phỏng (thiếu {lacking}).", f"The simulators lack the package {lacking}."),
        Text(f"Cài đặt: pip install '{target}'", f"Install it: pip install '{target}'"),
        where=entry.value if entry else "",
    )


@contextmanager
def needing_the_extra() -> Iterator[None]:
    """Raise ConfigurationError where a package is not installed that the simulators need."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise missing(error) from None
