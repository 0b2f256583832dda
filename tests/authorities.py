"""The demonstration authorities, served over HTTP: CRLs, OCSP, time stamps. A test turns their clock."""

from __future__ import annotations

import atexit
import shutil
import socket
import tempfile
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509 import ocsp
from starlette.applications import Starlette
from uvicorn import Config, Server

import keys
from govgateway.errors import Text
from govgateway.signing.asking import FetchFailed
from govgateway.signing.evidence import NO_EVIDENCE, Evidence
from govgateway.signing.trust import Domain, TrustStore
from govgateway_mocks.pki import PASSWORD, DemonstrationPki, organisation
from govgateway_mocks.pki.ocsp import answer
from govgateway_mocks.pki.routes import pki_routes

DAY = timedelta(days=1)
NAME = "Sở Xây dựng tỉnh An Hoà"


@dataclass
class Authorities:
    """The authorities as of ``now``, at ``address``."""

    folder: Path
    address: str
    now: datetime = keys.NOW

    def __post_init__(self) -> None:
        self.pki = DemonstrationPki(self.folder, lambda: self.now, self.address)

    def holder(self, tax_code: str) -> keys.Holder:
        """Who has ``tax_code``: one for each story, since what is revoked stays so."""
        path = self.pki.public.signatory(organisation(NAME, f"MST:{tax_code}"))
        key, certificate, _ = pkcs12.load_key_and_certificates(path.read_bytes(), PASSWORD.encode())
        assert certificate is not None
        return keys.Holder(key, certificate)  # type: ignore[arg-type]

    def lists(self, at: datetime) -> Evidence:
        """The CRLs of the public domain as of ``at``, and nothing of what the clock was turned for."""
        self.now = at
        crls = [self.pki.crl(each) for each in self.pki.public.authorities]
        self.now = keys.NOW
        return Evidence(crls=tuple(each.public_bytes(Encoding.DER) for each in crls))

    def answers(self, certificate: x509.Certificate, at: datetime) -> Evidence:
        """The OCSP answers about ``certificate`` and its issuer as of ``at``."""
        root, issuing = self.pki.root.certificate, self.pki.issuing.certificate
        return Evidence.joined(self.answer(*each, at) for each in ((certificate, issuing), (issuing, root)))

    def answer(self, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> Evidence:
        """The OCSP answer about one certificate as of ``at``."""
        builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1())
        data = builder.build().public_bytes(Encoding.DER)
        return Evidence(ocsps=(answer(data, self.pki.domains, self.pki.register, at),))

    def trust(self, evidence: Evidence = NO_EVIDENCE, *, online: bool = False) -> TrustStore:
        """A store that trusts the authorities, each domain as such."""
        domains = {
            Domain.PUBLIC: self.pki.public,
            Domain.GOVERNMENT: self.pki.government,
            Domain.TIME_STAMPS: self.pki.time_stamps,
        }
        stores = [
            TrustStore.of([each.certificate for each in domain.authorities], name) for name, domain in domains.items()
        ]
        stores.append(TrustStore((), (), evidence=evidence, fetch=fetch if online else None))
        return TrustStore.joined(stores)


def fetch(address: str, body: bytes = b"", content_type: str = "") -> bytes:
    """What lies at an address, as Fetch has it."""
    try:
        if body:
            answer = requests.post(address, body, headers={"Content-Type": content_type}, timeout=10)
        else:
            answer = requests.get(address, timeout=10)
    except requests.ConnectionError:
        raise FetchFailed(Text(f"{address}: không kết nối được", f"{address}: there is no connection")) from None
    return answer.content


@cache
def authorities() -> Authorities:
    """The authorities, made and served once per process."""
    folder = Path(tempfile.mkdtemp(prefix="govgateway-pki-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    listener = socket.create_server(("127.0.0.1", 0))
    made = Authorities(folder, f"http://127.0.0.1:{listener.getsockname()[1]}")
    config = Config(Starlette(routes=pki_routes(made.pki)), log_config=None, lifespan="off", ws="none")
    server = Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()

    def stop() -> None:
        server.should_exit = True
        thread.join()
        listener.close()

    atexit.register(stop)
    return made
