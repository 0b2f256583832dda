"""Logging of a run: lines of key=value on stderr, so that stdout stays what was asked for."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

from govgateway.cli.session import correlation_id
from govgateway.configuration import looks_secret
from govgateway.connector import Secret

_ORDER = ("timestamp", "level", "event", "run", "filing", "correlation")


def configure_logging() -> None:
    """Send what the gateway logs to stderr. Every line bears the run's correlation id; secrets are blotted out."""
    import structlog

    structlog.configure(
        processors=[
            _with_run,
            _without_secrets,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=_ORDER, drop_missing=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _with_run(logger: Any, method: str, values: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {**values, "run": correlation_id()}


def _without_secrets(logger: Any, method: str, values: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {name: str(Secret("")) if looks_secret(name) else value for name, value in values.items()}
