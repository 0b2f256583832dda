"""For tests of what files with agencies: simulators as pytest fixtures, faults on demand, assertions worth reading.

    def test_an_answer_that_is_lost_is_not_filed_twice(etax_gateway, etax_simulator, demonstration_signer, sample):
        with etax_simulator.fault("reset", on="nhanHSoXML", at="answer"):
            filing = etax_gateway.advance(etax_gateway.submit(sample("879"), demonstration_signer).id)
        filing = etax_gateway.wait(filing.id)
        assert_arrived_once(filing, etax_simulator)

The fixtures come with the plugin, by themselves: ``pip install 'govgateway[testing]'``. docs/testing.md describes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from govgateway.lazily import exporter

if TYPE_CHECKING:
    from govgateway.testing.assertions import (
        assert_accepted,
        assert_arrived_once,
        assert_evidence_complete,
        assert_never_arrived,
    )
    from govgateway.testing.clocks import START, MovingClock
    from govgateway.testing.contract import ConnectorContract, Samples
    from govgateway.testing.exchanges import transcript
    from govgateway.testing.gateways import PATIENCE, open_gateway
    from govgateway.testing.keys import DEPARTMENT, PASSWORD, make_keys
    from govgateway.testing.simulators import (
        Exchange,
        RunningSimulator,
        SimulatedAgency,
        Simulator,
        StartedSimulator,
        Submission,
        start,
    )

_HOMES = {
    "assertions": ("assert_accepted", "assert_arrived_once", "assert_evidence_complete", "assert_never_arrived"),
    "clocks": ("START", "MovingClock"),
    "contract": ("ConnectorContract", "Samples"),
    "gateways": ("PATIENCE", "open_gateway"),
    "keys": ("DEPARTMENT", "PASSWORD", "make_keys"),
    "simulators": (
        "Exchange",
        "RunningSimulator",
        "SimulatedAgency",
        "Simulator",
        "StartedSimulator",
        "Submission",
        "start",
    ),
    "exchanges": ("transcript",),
}

__all__ = [
    "DEPARTMENT",
    "PASSWORD",
    "PATIENCE",
    "START",
    "ConnectorContract",
    "Exchange",
    "MovingClock",
    "RunningSimulator",
    "Samples",
    "SimulatedAgency",
    "Simulator",
    "StartedSimulator",
    "Submission",
    "assert_accepted",
    "assert_arrived_once",
    "assert_evidence_complete",
    "assert_never_arrived",
    "make_keys",
    "open_gateway",
    "start",
    "transcript",
]
__getattr__ = exporter(__name__, {name: f"{__name__}.{module}" for module, names in _HOMES.items() for name in names})
