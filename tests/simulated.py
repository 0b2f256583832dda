"""A simulated tax office for tests: its demonstration PKI, made once per process, and declarations signed for it."""

from __future__ import annotations

import atexit
import base64
import secrets
import shutil
import tempfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import xmlsec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from lxml import etree

import keys
import signed
from govgateway.documents.xml import XmlDocument
from govgateway_mocks.etax.office import TaxOffice
from govgateway_mocks.etax.registry import TAXPAYERS
from govgateway_mocks.etax.registry import UNREGISTERED as UNKNOWN
from govgateway_mocks.pki import PASSWORD, DemonstrationPki
from samples import declaration

RECEIPT_DELAY = timedelta(seconds=5)
VERDICT_DELAY = timedelta(seconds=30)
DEPARTMENT, OTHER, UNREGISTERED = "9900000016", "9900000023", "9900000030"

MONTH = (
    "<kieuKy>M</kieuKy>\r\n            <kyKKhai>10/2026</kyKKhai>\r\n            "
    "<kyKKhaiTuNgay>01/10/2026</kyKKhaiTuNgay>\r\n            <kyKKhaiDenNgay>31/10/2026</kyKKhaiDenNgay>"
)
"""The tax period of the example declaration, as it is written there."""

SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"


class Clock:
    """A clock that a test turns."""

    def __init__(self, now: datetime = keys.NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by


@cache
def pki(days: int = 0) -> DemonstrationPki:
    """The demonstration PKI; with ``days``, the same authorities issuing at another time."""
    folder = Path(tempfile.mkdtemp(prefix="govgateway-pki-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if days:
        for name in ("root.pem", "issuing.pem"):
            shutil.copy(pki().folder / name, folder)
    return DemonstrationPki(folder, lambda: keys.NOW + timedelta(days=days))


@cache
def strange_pki() -> DemonstrationPki:
    """Authorities of the same names, with other keys."""
    folder = Path(tempfile.mkdtemp(prefix="govgateway-pki-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return DemonstrationPki(folder, lambda: keys.NOW)


def office(clock: Clock | None = None) -> TaxOffice:
    """A tax office that nothing has arrived at."""
    return TaxOffice(pki(), clock or Clock(), RECEIPT_DELAY, VERDICT_DELAY)


@cache
def holder(tax_code: str = DEPARTMENT, *, of: DemonstrationPki | None = None, expired: bool = False) -> keys.Holder:
    """A taxpayer's key, as the demonstration PKI keeps it."""
    name = TAXPAYERS.get(tax_code, UNKNOWN).name
    path = (of or pki()).taxpayer(tax_code, name, expired=expired)
    key, certificate, _ = pkcs12.load_key_and_certificates(path.read_bytes(), PASSWORD.encode())
    assert certificate is not None
    return keys.Holder(key, certificate)  # type: ignore[arg-type]


def filed(*changes: tuple[str, str], by: keys.Holder | None = None) -> bytes:
    """The example declaration with ``changes``, signed by the gateway for its department."""
    return signed.signed_by(declaration(*changes), by or holder())


def period(kind: str, written: str, first: str, last: str) -> tuple[str, str]:
    """The change that gives the example declaration another tax period."""
    return (
        MONTH,
        f"<kieuKy>{kind}</kieuKy><kyKKhai>{written}</kyKKhai><kyKKhaiTuNgay>{first}</kyKKhaiTuNgay>"
        f"<kyKKhaiDenNgay>{last}</kyKKhaiDenNgay>",
    )


def signed_by_xmlsec(
    document: XmlDocument,
    references: Iterable[str],
    by: keys.Holder | None = None,
    *,
    method: str = RSA_SHA256,
    digest: str = SHA256,
    transforms: str = "",
) -> bytes:
    """``document`` signed by xmlsec, which signs what the gateway refuses to: ``references`` are ids."""
    by = by or holder()
    certificate = base64.b64encode(by.certificate.public_bytes(Encoding.DER)).decode()
    pointers = "".join(
        f'<Reference URI="#{each}">{transforms}<DigestMethod Algorithm="{digest}"/><DigestValue/></Reference>'
        for each in references
    )
    signature = etree.fromstring(
        f'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#" Id="NBan-{secrets.token_hex(8)}"><SignedInfo>'
        f'<CanonicalizationMethod Algorithm="{C14N}"/><SignatureMethod Algorithm="{method}"/>{pointers}</SignedInfo>'
        f"<SignatureValue/><KeyInfo><X509Data><X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo>"
        "</Signature>"
    )
    document.root[-1].append(signature)
    xmlsec.tree.add_ids(document.root, ["id", "Id"])
    context = xmlsec.SignatureContext()
    pem = by.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    context.key = xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatPem)
    context.sign(signature)
    return etree.tostring(document.root, encoding="UTF-8", xml_declaration=True)


def fields(notice: bytes) -> dict[str, str]:
    """Every field of a notice by its name; of repeated ones the last."""
    root = etree.fromstring(notice)
    return {etree.QName(each).localname: (each.text or "").strip() for each in root.iter("*")}
