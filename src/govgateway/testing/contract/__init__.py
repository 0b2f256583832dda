"""The contract that a connector proves itself with: docs/connector.md says how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govgateway.lazily import exporter

if TYPE_CHECKING:
    from govgateway.testing.contract.samples import Samples
    from govgateway.testing.contract.suite import ConnectorContract

__all__ = ["ConnectorContract", "Samples"]
__getattr__ = exporter(
    __name__,
    {"ConnectorContract": f"{__name__}.suite", "Samples": f"{__name__}.samples"},
)
