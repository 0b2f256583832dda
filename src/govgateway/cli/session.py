"""One run of the command line: its correlation id, its language, its settings."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

from govgateway.configuration import Configuration, load
from govgateway.errors import GovGatewayError, Text, UsageError

_correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")


def begin() -> None:
    """Give the run that begins a correlation id of its own."""
    _correlation_id.set(os.urandom(6).hex())


def correlation_id() -> str:
    """What stands in every error and log line of this run."""
    return _correlation_id.get()


def now() -> datetime:
    """The present moment, aware."""
    return datetime.now(UTC)


def settings(language: str | None) -> Configuration:
    """The configuration in force, with ``language`` where the command line names one. Raises UsageError for others."""
    configuration = load()
    return configuration if language is None else replace(configuration, language=known_language(language))


def known_language(language: str) -> str:
    """``language``. Raises UsageError for one that is not spoken here."""
    if language not in {"vi", "en"}:
        raise UsageError(
            Text(f"Không có ngôn ngữ '{language}'.", f"There is no language '{language}'."),
            Text("Dùng --lang vi hoặc --lang en.", "Use --lang vi or --lang en."),
        )
    return language


def language_of(arguments: Sequence[str]) -> str:
    """The language of an error: what the command line asks for, else the settings, else Vietnamese."""
    named = [after for before, after in pairwise(arguments) if before == "--lang"]
    named += [each.removeprefix("--lang=") for each in arguments if each.startswith("--lang=")]
    if named:
        return named[-1]
    try:
        return load().language
    except GovGatewayError:
        return os.environ.get("GOVGATEWAY_LANGUAGE", "vi")
