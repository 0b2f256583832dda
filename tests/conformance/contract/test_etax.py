"""The tax office's connector passes the contract."""

from __future__ import annotations

import pytest

import samples
import simulated
from govgateway.testing.contract import ConnectorContract, Samples
from govgateway_etax import connector

NINE = simulated.period("M", "09/2026", "01/09/2026", "30/09/2026")
SUPPLEMENT = ("<loaiTKhai>C</loaiTKhai>", "<loaiTKhai>B</loaiTKhai>")


class TestETax(ConnectorContract):
    connector = connector

    @classmethod
    def samples(cls) -> Samples:
        changes = {
            "period": NINE,
            "filer": ("<mst>9900000016</mst>", "<mst>9900000023</mst>"),
            "form": ("<maTKhai>879</maTKhai>", "<maTKhai>842</maTKhai>"),
            "kind": SUPPLEMENT,
            "sequence": ("<soLan>0</soLan>", "<soLan>1</soLan>"),
        }
        others = {name: samples.declaration(change).data for name, change in changes.items()}
        return Samples(samples.declaration().data, others=others)


@pytest.mark.thorough
class TestETaxAtEveryByte(TestETax):
    every_byte = True
