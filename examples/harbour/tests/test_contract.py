"""The proof: the connector passes govgateway's contract at the simulated office."""

from __future__ import annotations

import govgateway_harbour

from govgateway.testing.contract import ConnectorContract, Samples

DECLARATION = """<PortDues xmlns="urn:example:harbour"><Content Id="content"><Agent>9900000016</Agent>\
<AgentName>Sở Xây dựng tỉnh An Hoà</AgentName><Form>PD1</Form><Month>10/2026</Month><Kind>C</Kind>\
<Sequence>0</Sequence><Ship>Hải Âu 07</Ship><Tonnes>1200</Tonnes></Content><Signatures/></PortDues>"""


def declaration(old: str = "", new: str = "") -> bytes:
    """The declaration with ``old`` replaced, not signed."""
    assert old in DECLARATION
    return DECLARATION.replace(old, new).encode()


class TestHarbour(ConnectorContract):
    connector = govgateway_harbour.connector

    @classmethod
    def samples(cls) -> Samples:
        return Samples(
            declaration(),
            others={
                "period": declaration("10/2026", "09/2026"),
                "filer": declaration("9900000016", "9900000023"),
                "form": declaration("PD1", "PD2"),
                "kind": declaration("<Kind>C", "<Kind>B"),
                "sequence": declaration("<Sequence>0", "<Sequence>1"),
            },
        )
