"""The demonstration PKI: two trust domains, the simulated agencies' keys, those of invented taxpayers, CRLs, OCSP and
time stamps.

It is made in a folder that the caller names and kept there: ``trust.pem`` (the public domain's root and issuing
authority), one ``<tax code>.p12`` for each taxpayer (password "demo"). Every issuer's organisation says DEMONSTRATION,
by which the gateway refuses such keys outside simulators. A folder that was damaged, or of which an authority is
missing, is an error: keys of two authorities side by side would be refused later, for a reason nobody could see.
"""

from govgateway_mocks.pki.demonstration import REVOCATION_ADDRESS, DemonstrationPki, TlsServer, now
from govgateway_mocks.pki.domain import TrustDomain
from govgateway_mocks.pki.files import PASSWORD
from govgateway_mocks.pki.holder import Authority, Holder
from govgateway_mocks.pki.subjects import ORGANISATION, Subject, Validity, organisation

__all__ = [
    "ORGANISATION",
    "PASSWORD",
    "REVOCATION_ADDRESS",
    "Authority",
    "DemonstrationPki",
    "Holder",
    "Subject",
    "TlsServer",
    "TrustDomain",
    "Validity",
    "now",
    "organisation",
]
