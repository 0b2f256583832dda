"""Settings of an installation: one TOML file, environment variables above it.

    environment = "simulator"                # where filings go unless a command says otherwise
    language = "vi"

    [filers.9900000016]
    name = "Sở Xây dựng tỉnh An Hoà"
    key = "9900000016.p12"                   # relative to this file

    [etax.simulator]
    address = "http://127.0.0.1:8701/ihtkk_van"
    username = "tvan"
    password = "…"
    trust = "trust.pem"

Every value may come from the environment instead: ``GOVGATEWAY_ENVIRONMENT``, ``GOVGATEWAY_ETAX_SIMULATOR_PASSWORD``.
All settings are described in SETTINGS, ENDPOINT_SETTINGS and FILER_SETTINGS; docs/configuration.md lists them. Only
``store`` writes the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from govgateway.configuration.endpoints import Endpoint
from govgateway.configuration.filers import FilerProfile
from govgateway.configuration.loading import Configuration, default_path, load
from govgateway.configuration.settings import (
    ENDPOINT_SETTINGS,
    FILER_SETTINGS,
    PARTICULARS,
    PREFIX,
    SETTINGS,
    Setting,
    looks_secret,
)
from govgateway.lazily import exporter

if TYPE_CHECKING:
    from govgateway.configuration.writing import store

__all__ = [
    "ENDPOINT_SETTINGS",
    "FILER_SETTINGS",
    "PARTICULARS",
    "PREFIX",
    "SETTINGS",
    "Configuration",
    "Endpoint",
    "FilerProfile",
    "Setting",
    "default_path",
    "load",
    "looks_secret",
    "store",
]

# Every command reads the settings, few write them.
__getattr__ = exporter(__name__, {"store": "govgateway.configuration.writing"})
