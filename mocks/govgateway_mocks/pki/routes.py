"""Where the demonstration PKI is asked over HTTP: CRLs, OCSP, time stamps, the authorities' certificates."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from cryptography.hazmat.primitives.serialization import Encoding
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from govgateway_mocks.pki import ocsp
from govgateway_mocks.pki.demonstration import DemonstrationPki
from govgateway_mocks.pki.holder import Authority
from govgateway_mocks.server import body_of


def pki_routes(pki: DemonstrationPki) -> Sequence[BaseRoute]:
    """``/crl/<authority>.crl`` (DER) and ``.pem``, ``/ca/<authority>.cer``, ``/ocsp``, ``/tsa``.

    They answer as of the PKI's clock. An authority is named as in its certificates' addresses: ``public-ca``,
    ``public-root``, ``government-ca``, ``government-root``, ``tsa-root``; one that nobody has asked for is not there.
    """
    handlers = _Handlers(pki)
    return (
        Route("/crl/{authority}.crl", handlers.crl),
        Route("/crl/{authority}.pem", handlers.crl_as_text),
        Route("/ca/{authority}.cer", handlers.certificate),
        Route("/ocsp", handlers.ocsp, methods=["POST"]),
        Route("/ocsp/{request:path}", handlers.ocsp_by_address),
        Route("/tsa", handlers.time_stamp, methods=["POST"]),
    )


class _Handlers:
    """The HTTP side of one PKI."""

    def __init__(self, pki: DemonstrationPki) -> None:
        self._pki = pki

    async def crl(self, request: Request) -> Response:
        """A revocation list."""
        crl = self._pki.crl(self._authority(request))
        return Response(crl.public_bytes(Encoding.DER), media_type="application/pkix-crl")

    async def crl_as_text(self, request: Request) -> Response:
        """The same as PEM, under the type that the real ones have."""
        crl = self._pki.crl(self._authority(request))
        return Response(crl.public_bytes(Encoding.PEM), media_type="application/pkix-crl")

    async def certificate(self, request: Request) -> Response:
        """An authority's own certificate."""
        return Response(self._authority(request).certificate_der, media_type="application/pkix-cert")

    async def ocsp(self, request: Request) -> Response:
        """An OCSP request by POST."""
        return self._ocsp(await body_of(request))

    async def ocsp_by_address(self, request: Request) -> Response:
        """An OCSP request by GET: base64 in the address (RFC 6960 A.1)."""
        try:
            return self._ocsp(base64.b64decode(request.path_params["request"], validate=True))
        except ValueError:
            return self._ocsp(b"")

    async def time_stamp(self, request: Request) -> Response:
        """A time-stamp request."""
        from govgateway_mocks.pki import timestamps  # asn1crypto takes longer to load than a simulator to start

        answer = timestamps.answer(await body_of(request), self._pki.time_stamp_authority(), self._pki.clock())
        return Response(answer, media_type="application/timestamp-reply")

    def _ocsp(self, data: bytes) -> Response:
        answer = ocsp.answer(data, self._pki.domains, self._pki.register, self._pki.clock())
        return Response(answer, media_type="application/ocsp-response")

    def _authority(self, request: Request) -> Authority:
        for domain in self._pki.domains:
            for authority in domain.authorities:
                if authority.identifier == request.path_params["authority"]:
                    return authority
        raise HTTPException(404)
