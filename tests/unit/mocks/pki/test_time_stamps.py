"""The time stamps of the demonstration PKI, made for openssl and verified by it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from asn1crypto import core, tsp
from cryptography import x509

from govgateway_mocks.pki import DemonstrationPki
from govgateway_mocks.pki.timestamps import POLICY

Fetch = Callable[..., bytes]
OpenSsl = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def stamp(served: DemonstrationPki, fetch: Fetch, openssl: OpenSsl, tmp_path: Path) -> Callable[..., bytes]:
    """The answer to a request for ``signed``, in the test's folder; arguments are those of ``openssl ts -query``."""
    (tmp_path / "signed").write_bytes(b"SignatureValue")

    def asked(*arguments: str) -> bytes:
        made = openssl("ts", "-query", "-data", "signed", "-out", "request", *arguments)
        assert made.returncode == 0, made.stderr
        answer = fetch(f"{served.revocation_address}/tsa", (tmp_path / "request").read_bytes())
        (tmp_path / "answer").write_bytes(answer)
        return answer

    return asked


def _status(answer: bytes) -> str:
    """What openssl cannot say of an answer without a token: its first field."""
    read = tsp.PKIStatusInfo.load(core.Sequence.load(answer)[0].dump()).native
    return f"{read['status']}: {', '.join(read['fail_info'] or ())}"


@pytest.mark.parametrize("digest", ["-sha256", "-sha384", "-sha512"])
def test_openssl_verifies_a_stamp(
    digest: str, served: DemonstrationPki, stamp: Callable[..., bytes], openssl: OpenSsl, tmp_path: Path
) -> None:
    stamp(digest, "-cert")
    verify = ("ts", "-verify", "-in", "answer", "-CAfile", served.time_stamps.trust)
    assert openssl(*verify, "-data", "signed").stdout == "Verification: OK\n"
    assert openssl(*verify, "-queryfile", "request").stdout == "Verification: OK\n", "nonce and policy, too"
    (tmp_path / "signed").write_bytes(b"signatureValue")
    assert "message imprint mismatch" in openssl(*verify, "-data", "signed").stderr


def test_a_stamp_for_another_question_is_not_taken(
    served: DemonstrationPki, stamp: Callable[..., bytes], openssl: OpenSsl, tmp_path: Path
) -> None:
    stamp("-sha256", "-cert")
    (tmp_path / "first").write_bytes((tmp_path / "answer").read_bytes())
    stamp("-sha256", "-cert")
    verify = ("ts", "-verify", "-queryfile", "request", "-CAfile", served.time_stamps.trust)
    assert "nonce mismatch" in openssl(*verify, "-in", "first").stderr


def test_a_stamp_chains_to_no_other_domain(
    served: DemonstrationPki, stamp: Callable[..., bytes], openssl: OpenSsl
) -> None:
    stamp("-sha256", "-cert")
    refused = openssl("ts", "-verify", "-in", "answer", "-data", "signed", "-CAfile", served.trust)
    assert "certificate verify error" in refused.stderr


def test_a_stamp_says_what_the_authority_promises(stamp: Callable[..., bytes], openssl: OpenSsl) -> None:
    stamp("-sha256", "-cert")
    text = openssl("ts", "-reply", "-in", "answer", "-text").stdout
    for said in ("Status: Granted.", f"Policy OID: {POLICY}", "Hash Algorithm: sha256", "Accuracy: 0x01 seconds"):
        assert said in text
    serials = {_content(stamp("-sha256"))["serial_number"].native for _ in range(3)}
    assert len(serials) == 3


def _content(answer: bytes) -> tsp.TSTInfo:
    signed = tsp.TimeStampResp.load(answer)["time_stamp_token"]["content"]
    return signed["encap_content_info"]["content"].parsed


def test_the_certificate_comes_when_it_is_asked_for(
    served: DemonstrationPki, stamp: Callable[..., bytes], openssl: OpenSsl, tmp_path: Path
) -> None:
    stamp("-sha256")
    verify = ("ts", "-verify", "-in", "answer", "-data", "signed", "-CAfile", served.time_stamps.trust)
    assert "certificate not found" in openssl(*verify).stderr
    (tmp_path / "tsa.pem").write_bytes(served.time_stamp_authority().certificate_pem)
    assert openssl(*verify, "-untrusted", "tsa.pem").stdout == "Verification: OK\n"


def test_the_authority_may_do_nothing_else(served: DemonstrationPki) -> None:
    certificate = served.time_stamp_authority().certificate
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert (list(usage.value), usage.critical) == ([x509.oid.ExtendedKeyUsageOID.TIME_STAMPING], True)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("-sha1",), "rejection: bad_alg"),
        (("-md5",), "rejection: bad_alg"),
        (("-sha256", "-tspolicy", "1.2.3.4"), "rejection: unaccepted_policy"),
    ],
)
def test_what_the_authority_does_not_do_it_refuses(
    arguments: tuple[str, ...], status: str, stamp: Callable[..., bytes], openssl: OpenSsl
) -> None:
    assert _status(stamp(*arguments)) == status
    assert "Status: Rejected." in openssl("ts", "-reply", "-in", "answer", "-text").stdout


def test_its_own_policy_may_be_asked_for(stamp: Callable[..., bytes]) -> None:
    assert _status(stamp("-sha256", "-tspolicy", POLICY)) == "granted: "


def _request(**changes: object) -> bytes:
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": bytes(32)}
    return bytes(tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, **changes}).dump())


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (_request(), "granted: "),
        (b"", "rejection: bad_data_format"),
        (b"no request", "rejection: bad_data_format"),
        (_request() + b"\x00", "rejection: bad_data_format"),
        (_request()[:-3], "rejection: bad_data_format"),
        (_request().replace(b"\x04\x20" + bytes(32), b"\x05\x00"), "rejection: bad_data_format"),
        (_request().replace(b"\x04\x20" + bytes(32), b"\x09\x20" + bytes(32)), "rejection: bad_data_format"),
        (_request(version=2), "rejection: bad_request"),
        (
            _request(message_imprint={"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"short"}),
            "rejection: bad_data_format",
        ),
        (
            _request(extensions=[{"extn_id": "1.2.3.4", "critical": False, "extn_value": b"\x05\x00"}]),
            "rejection: unaccepted_extensions",
        ),
    ],
    ids=lambda each: "" if isinstance(each, bytes) else each,
)
def test_a_request_is_read_strictly(data: bytes, status: str, served: DemonstrationPki, fetch: Fetch) -> None:
    assert _status(fetch(f"{served.revocation_address}/tsa", data)) == status
