"""Authorities are asked by OCSP, else for their CRL; an answer to another question is none."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

import keys
from authorities import Authorities, authorities, fetch
from govgateway.errors import Text
from govgateway.signing.asking import Asked, FetchFailed, ask
from govgateway.signing.evidence import load_answer, load_crl
from govgateway_mocks.pki.ocsp import answer

Responder = Callable[[bytes], bytes]


def _chain(ca: Authorities) -> tuple[x509.Certificate, ...]:
    return ca.holder("9900000016").certificate, ca.pki.issuing.certificate, ca.pki.root.certificate


def _asked(responder: Responder | None = None, *, lists: bool = False) -> Asked:
    """What is brought when OCSP is answered by ``responder`` (None: it is down), and lists are there or not."""

    def brought(address: str, body: bytes = b"", content_type: str = "") -> bytes:
        if body and responder is not None:
            return responder(body)
        if not body and lists:
            return fetch(address)
        raise FetchFailed(Text(f"{address}: không trả lời", f"{address}: it does not answer"))

    return ask(_chain(authorities()), brought)


def test_every_certificate_but_the_root_is_asked_about() -> None:
    asked = ask(_chain(authorities()), fetch)
    assert asked.failures == ()
    answers = [load_answer(each) for each in asked.evidence.ocsps]
    assert [each.serial_number for each in answers] == [each.serial_number for each in _chain(authorities())[:2]]
    assert asked.evidence.crls == ()


def test_a_question_has_a_nonce_and_so_has_its_answer() -> None:
    (first, _), (second, _) = (ask(_chain(authorities()), fetch).evidence.ocsps for _ in range(2))
    nonces = [load_answer(each).extensions.get_extension_for_class(x509.OCSPNonce).value for each in (first, second)]
    assert [len(each.nonce) for each in nonces] == [16, 16]
    assert nonces[0] != nonces[1]


def test_where_the_responder_is_down_the_list_is_fetched() -> None:
    asked = _asked(lists=True)
    issuers = [load_crl(each).issuer for each in asked.evidence.crls]
    assert issuers == [each.subject for each in _chain(authorities())[1:]], "the root's is PEM, and read"
    assert [each.vi for each in asked.failures] == [f"{authorities().address}/ocsp: không trả lời"] * 2


def test_where_nothing_can_be_reached_every_address_is_told() -> None:
    asked = _asked()
    assert not asked.evidence
    assert [each.vi.rpartition("/")[2] for each in asked.failures] == [
        "ocsp: không trả lời",
        "public-ca.crl: không trả lời",
        "ocsp: không trả lời",
        "public-root.pem: không trả lời",
    ]


def _answered(request: bytes) -> bytes:
    pki = authorities().pki
    return answer(request, pki.domains, pki.register, keys.NOW)


def _kept(request: bytes) -> bytes:
    """The answer to the same question, asked before."""
    asked = ocsp.load_der_ocsp_request(request)
    nonce = asked.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    return _answered(request.replace(nonce, bytes(16)))


def _of_another(request: bytes) -> bytes:
    number = ocsp.load_der_ocsp_request(request).serial_number
    serial = number.to_bytes(number.bit_length() // 8 + 1)  # as DER has it
    assert request.count(serial) == 1
    return _answered(request.replace(serial, serial[:-1] + bytes([serial[-1] ^ 1])))


def _refusing(request: bytes) -> bytes:
    refusal = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER)
    return refusal.public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    ("responder", "reason"),
    [
        (_kept, "trả lời OCSP cho câu hỏi khác (nonce)"),
        (_of_another, "trả lời OCSP về chứng thư khác"),
        (_refusing, "máy chủ OCSP không cho biết"),
        (lambda request: b"<html>", "máy chủ OCSP không cho biết"),
    ],
)
def test_an_answer_to_another_question_is_none(responder: Responder, reason: str) -> None:
    asked = _asked(responder)
    assert asked.evidence.ocsps == ()
    assert asked.failures[0].vi == f"{authorities().address}/ocsp: {reason}"


def test_a_responder_with_prepared_answers_leaves_the_nonce_out() -> None:
    def prepared(request: bytes) -> bytes:
        asked = ocsp.load_der_ocsp_request(request)
        chain = _chain(authorities())
        about = next(pair for pair in pairwise(chain) if pair[0].serial_number == asked.serial_number)
        return authorities().answer(*about, keys.NOW).ocsps[0]

    assert len(_asked(prepared).evidence.ocsps) == 2


def test_what_lies_at_a_lists_address_has_to_be_one() -> None:
    def nonsense(address: str, body: bytes = b"", content_type: str = "") -> bytes:
        return b"<html>"

    failures = ask(_chain(authorities())[1:], nonsense).failures
    assert failures[-1].vi == f"{authorities().address}/crl/public-root.pem: không phải CRL"


def test_a_certificate_that_names_no_address_is_told() -> None:
    asked = ask((keys.leaf().certificate, keys.issuing().certificate), fetch)
    assert asked == Asked(asked.evidence, (Text("chứng thư không nêu nơi hỏi", "a certificate names no place to ask"),))
    assert not asked.evidence
