"""A request on its way in, and the faults that are to strike it."""

from __future__ import annotations

from govgateway_mocks.agency import SimulatedAgency
from govgateway_mocks.faults import Fault
from govgateway_mocks.wire.messages import HttpRequest

_TELLING = 64 * 1024
"""Within so many bytes of its body it is known what is called, or only by all of it."""


class Call:
    """``request`` as far as it was read, ``name`` of what is called when that is known, and the ``fault`` of the wire.

    ``at`` is when its first bytes came. ``begun`` are bytes that were read together with the request before.
    """

    def __init__(self, agency: SimulatedAgency, begun: bytes = b"") -> None:
        self.request = HttpRequest(bytearray(begun))
        self.at = agency.clock()
        self.name = ""
        self.fault: Fault | None = None
        self._agency = agency
        self._script = agency.script
        self._gateway: Fault | None = None

    def came(self, data: bytes) -> None:
        """Take in what was read."""
        if not self.request.raw:
            self.at = self._agency.clock()
        self.request.raw += data

    def struck_within(self) -> Fault | None:
        """The fault that strikes here, with the request read as far as it is, if one does."""
        if not self.name and self.request.head is not None:
            self._look()
        if self.fault is None or self.fault.parameters.get("at") != "request":
            return None
        after = int(self.fault.parameters["bytes"])
        return self.fault if self.request.whole or 0 <= after <= len(self.request.raw) else None

    def _look(self) -> None:
        """Learn what is called, and let the faults of the wire count it, once: as soon as the operation can be told or,
        where a fault asks for the business key, when the request is whole."""
        request = self.request
        if not request.whole and self._script.asks_for_key("wire"):
            return
        told = bytes(request.body if request.whole else request.body[:_TELLING])
        name = self._agency.call_of(request.method, request.path, told)
        if name is None and not request.whole:
            return
        self.name = name or request.path
        self.fault = self._script.strike("wire", self.name, self._key("wire"))

    def strike_gateway(self) -> Fault | None:
        """Let the faults of the gateway in front of the agency count the call."""
        self._gateway = self._script.strike("http", self.name, self._key("http"))
        return self._gateway

    @property
    def played(self) -> str | None:
        """The names of the faults that struck."""
        return " + ".join(each.do for each in (self._gateway, self.fault) if each) or None

    def _key(self, layer: str) -> str:
        """The business key, where a fault of ``layer`` asks for it."""
        asked = self._script.asks_for_key(layer)
        return self._agency.key_of(bytes(self.request.body)) if asked else ""
