"""Settings as they may be seen: by dotted key, without secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from govgateway.configuration.settings import ENDPOINT_SETTINGS, looks_secret
from govgateway.connector import Secret

_PASSWORDS_IN_ADDRESS = (r"(://[^:/@]*:).+(?=@)", r"(?i)([?&]\w*(?:password|secret|token|key)\w*=)[^&]+")


def shown(values: Mapping[str, Any]) -> dict[str, str]:
    """``values``, tables in tables, by their dotted keys; secrets are blotted out."""
    return {key: _shown(key, str(value)) for key, value in _flatten(values)}


def _flatten(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def _shown(key: str, value: str) -> str:
    """``value`` as it may be seen: a secret is blotted out, and so is the password within an address."""
    table, _, name = key.rpartition(".")
    own = table.endswith(".settings") and looks_secret(name)
    if value and (own or name in {setting.name for setting in ENDPOINT_SETTINGS if setting.secret}):
        return str(Secret(""))
    for pattern in _PASSWORDS_IN_ADDRESS:
        value = re.sub(pattern, lambda found: f"{found[1]}{Secret('')}", value)
    return value
