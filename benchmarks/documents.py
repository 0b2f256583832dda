"""Checking in bulk, all rules on, against parsing the same bytes; signing and verifying against their floors."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

from benchmarks.cold_start import EXAMPLE
from benchmarks.measure import Measurement, side_by_side
from govgateway.connector import connectors
from govgateway.documents.xml import read_xml
from govgateway.pipeline.intake import examine
from govgateway.signing.profile import SignatureProfile
from govgateway.signing.sign import sign
from govgateway.signing.signer import FileSigner
from govgateway.signing.trust import TrustStore
from govgateway.signing.verify import verify
from govgateway_mocks.pki import PASSWORD, DemonstrationPki

_LARGE = 1_000_000


def measure() -> Iterator[Measurement]:
    """Everything that happens to a document between its file and the wire."""
    small, large = EXAMPLE.read_bytes(), _large(EXAMPLE.read_bytes())
    yield from _checking(small, large)
    with tempfile.TemporaryDirectory() as folder:
        signer = FileSigner.read(DemonstrationPki(Path(folder)).taxpayer("9900000016", "Sở Xây dựng"), PASSWORD)
        yield from _signing(small, large, signer)


def _checking(small: bytes, large: bytes) -> Iterator[Measurement]:
    installed = list(connectors())
    for name, data, rounds in (("5 KB", small, 300), ("1 MB", large, 10)):
        yield side_by_side(
            f"check in bulk ({name})",
            lambda data=data: examine(read_xml(data), installed),
            "lxml parse",
            lambda data=data: etree.fromstring(data),
            target=12,
            rounds=rounds,
        )


def _signing(small: bytes, large: bytes, signer: FileSigner) -> Iterator[Measurement]:
    bare = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    yield side_by_side(
        "sign (5 KB)",
        lambda: _signed(small, signer),
        "bare RSA-2048 signature",
        lambda: bare.sign(small, padding.PKCS1v15(), hashes.SHA256()),
        target=None,
        rounds=300,
    )
    yield side_by_side(
        "sign (1 MB)",
        lambda: _signed(large, signer),
        "parse, C14N, SHA-256",
        lambda: _floor(large),
        target=None,
        rounds=15,
    )
    signed = _signed(large, signer)
    yield side_by_side(
        "verify (1 MB)",
        lambda: verify(read_xml(signed), _profile(), TrustStore.empty(), datetime.now(UTC)),
        "parse, C14N, SHA-256",
        lambda: _floor(signed),
        target=None,
        rounds=15,
    )


def _signed(data: bytes, signer: FileSigner) -> bytes:
    return sign(read_xml(data), _profile(), signer, at=datetime.now(UTC), random_id=lambda: secrets.token_hex(16))


@cache
def _profile() -> SignatureProfile:
    (connector,) = (each for each in connectors() if each.agency == "etax")
    profile = connector.profile_of(read_xml(EXAMPLE.read_bytes()))
    assert profile is not None
    return profile


def _floor(data: bytes) -> str:
    return sha256(etree.tostring(etree.fromstring(data), method="c14n")).hexdigest()


def _large(data: bytes) -> bytes:
    """The example with its first line of fees repeated, and the total with it, to about a megabyte."""
    root = etree.fromstring(data)
    (line,) = root.iterfind(".//{*}ChiTietPhi[@id='ID_1']")
    count = _LARGE // len(etree.tostring(line, encoding="UTF-8"))
    amount = int(line.findtext("{*}soTienPHPhaiNop") or "0")
    for _ in range(count):
        line.addnext(etree.fromstring(etree.tostring(line)))
    (total, *_others) = root.iterfind(".//{*}tongCong")
    total.text = str(int(total.text or "0") + count * amount)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)
