"""The contract that every connector must pass, as a class that pytest runs."""

from __future__ import annotations

from govgateway.testing.contract.believing import Believing
from govgateway.testing.contract.conduct import Conduct
from govgateway.testing.contract.finding import Finding
from govgateway.testing.contract.polling import Polling
from govgateway.testing.contract.recognising import Recognising
from govgateway.testing.contract.submitting import Submitting
from govgateway.testing.contract.zones import Zones


class ConnectorContract(Recognising, Submitting, Finding, Polling, Believing, Conduct, Zones):
    """Subclass it for a connector and its simulator; every inherited test proves a promise::

        class TestStones(ConnectorContract):
            connector = stones.connector

            @classmethod
            def samples(cls) -> Samples:
                return Samples(report("10/2026"), others={"period": report("09/2026")})

    ``connector``
        the object, as its entry point names it.
    ``samples()``
        documents that are not signed yet: the contract signs them as ``plan`` says, with the demonstration keys. At
        least two that the simulator accepts, of two periods; see Samples.
    ``start(keys, clock, **options)``
        starts the simulator, with ``password`` and ``tls``. Left alone, it starts the one that the entry-point group
        ``govgateway.simulators`` names for the agency.
    ``settled_after``
        by when the simulator has come to its verdict; an hour of its clock unless it is set.
    ``lookups_are_signed``
        False where the agency's answer to a look-up bears no signature of its own.
    ``every_byte``
        True strikes a submission and its answer at every byte instead of those that matter most: minutes, not seconds.

    The simulator is driven by its own faults (``fault``), and the truth is what it counted (``arrivals``,
    ``submissions``). Kinds of faults that the contract knows the meaning of: those of the wire and of HTTP, and of the
    agency's own wrong-key, altered, expired-certificate, duplicated, reordered and late. Under any other the connector
    must not raise, say that a document was not sent that arrived, or invent a reference.

    A connector without a machine interface has nothing to prove here.
    """
