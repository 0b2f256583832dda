"""Waiting until a fault is disarmed."""

from __future__ import annotations

import asyncio

from govgateway_mocks.faults import Fault
from govgateway_mocks.script import Script


class Release:
    """Tells those who hang by a fault of ``script`` that they may go. Everything is done in one loop."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._change = asyncio.Event()

    def look(self) -> None:
        """Something may have been disarmed."""
        self._change.set()
        self._change = asyncio.Event()

    async def of(self, fault: Fault) -> None:
        """Come back when ``fault``, which struck, is not armed any more."""
        while self._script.holds(fault):
            await self._change.wait()
