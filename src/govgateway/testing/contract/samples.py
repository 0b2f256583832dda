"""Documents by which a connector is tried, and how they are signed: as its own plan says."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from govgateway.connector import Connector, read_xml
from govgateway.signing.sign import sign
from govgateway.signing.signer import FileSigner
from govgateway.testing.clocks import START
from govgateway.testing.keys import PASSWORD, key_of


@dataclass(frozen=True)
class Samples:
    """``document`` is one that the simulator accepts once it is signed. ``others`` are the same but for what their name
    says: ``period`` (that one the simulator accepts, too), and of ``filer``, ``form``, ``kind`` and ``sequence`` those
    that the agency has. Whoever the connector's plan names as owner of a signature has a demonstration key."""

    document: bytes
    others: Mapping[str, bytes] = field(default_factory=dict)

    def signed(self, connector: Connector, keys: Path) -> Samples:
        """The same, signed with the keys in the folder ``keys``."""
        others = {name: _signed(document, connector, keys) for name, document in self.others.items()}
        return Samples(_signed(self.document, connector, keys), others)


def _signed(data: bytes, connector: Connector, keys: Path) -> bytes:
    """``data`` with every signature that the plan requires."""
    document = read_xml(data)
    recognition = connector.recognise(document)
    assert recognition is not None, f"recognise does not know a sample: {data[:200]!r}"
    for slot in connector.plan(recognition).slots:
        if slot.required:
            signer = _signer(key_of(slot.owner.rpartition(":")[2], keys))
            data = sign(document, slot.profile, signer, at=START, random_id=lambda: secrets.token_hex(16))
            document = read_xml(data)
    return data


@cache
def _signer(path: Path) -> FileSigner:
    """The key in ``path``, opened once: that takes long, on purpose."""
    return FileSigner.read(path, PASSWORD)
