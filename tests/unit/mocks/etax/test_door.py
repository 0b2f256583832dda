"""What the simulated tax office's services refuse at the door, before they look at a declaration."""

from __future__ import annotations

import base64
import hashlib
import quopri
from collections.abc import Callable

import pytest

from simulated import filed, office
from unit.mocks.etax.caller import (
    ARGUMENTS,
    FILING,
    RELATED,
    SOAP,
    TEXT_XML,
    TOKEN,
    Caller,
    envelope,
    fault,
    filing,
    related,
    returned,
)

TYPE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#Password"
SENT = {**ARGUMENTS, "dlieuHSo": "cid:tkhai.xml"}
UNKNOWN_HEADER = '<k:Khac xmlns:k="urn:khac" xmlns:S="{}"{}/>'


@pytest.fixture
def caller() -> Caller:
    return Caller(office())


@pytest.mark.parametrize("action", [None, "", '"nhanHSoXML"', "nhanHSoXML"])
def test_a_soap_action_that_the_description_does_not_have_is_refused(caller: Caller, action: str | None) -> None:
    code, text = fault(caller.post(FILING, filing(filed()), RELATED, action))
    assert (code, "SOAPAction" in text) == ("SOAP-ENV:Client", True)
    assert not caller.office.arrivals


@pytest.mark.parametrize(
    "token",
    [
        "",
        "<w:Username>tvan</w:Username>",
        "<w:Password>demo</w:Password>",
        TOKEN.replace("tvan", "TVAN"),
        TOKEN.replace("demo", "demo "),
        TOKEN + TOKEN,
        TOKEN + "<w:Password>demo</w:Password>",
        TOKEN.replace("<w:Password>", f'<w:Password Type="{TYPE}Digest">'),
        "<w:Username>demo</w:Username><w:Password>tvan</w:Password>",
    ],
)
def test_a_token_that_is_not_the_accounts_is_refused(caller: Caller, token: str) -> None:
    body = related(envelope("nhanHSoXML", SENT, token), filed())
    assert fault(caller.post(FILING, body, RELATED))[0] == "wsse:FailedAuthentication"
    assert not caller.office.arrivals


def test_the_type_of_the_password_may_be_written(caller: Caller) -> None:
    written = envelope("getDsachTbao", {}, TOKEN.replace("<w:Password>", f'<w:Password Type="{TYPE}Text">'))
    assert returned(caller.post(FILING, written)) == ""


def test_a_header_that_must_be_understood_and_is_not_is_refused(caller: Caller) -> None:
    must = UNKNOWN_HEADER.format(SOAP, ' S:mustUnderstand="1"')
    assert fault(caller.post(FILING, envelope("getDsachTbao", {}, header=must)))[0] == "SOAP-ENV:MustUnderstand"
    may = UNKNOWN_HEADER.format(SOAP, "")
    assert returned(caller.post(FILING, envelope("getDsachTbao", {}, header=may))) == ""


BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (letter + 1, b"&%c;" % letter * 10) for letter in range(ord("a"), ord("j")))
    + b"]><x>&j;</x>"
)


@pytest.mark.parametrize(
    "root",
    [
        BOMB,
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
        b'<?xml version="1.1"?>' + envelope("getDsachTbao", {}),
        envelope("getDsachTbao", {}).replace(b"<S:Header>", b"<S:Header><?x y?>"),
        envelope("getDsachTbao", {}) + b"<!-- end --><x/>",
        b"<x>" * 400 + b"</x>" * 400,
        b"<x " + b" ".join(b'a%d="1"' % number for number in range(100)) + b"/>",
    ],
    ids=["bomb", "external", "xml 1.1", "instruction", "two roots", "deep", "attributes"],
)
def test_xml_that_no_service_reads_is_refused(caller: Caller, root: bytes) -> None:
    assert fault(caller.post(FILING, root))[0] == "SOAP-ENV:Client"
    assert fault(caller.post(FILING, related(root, filed()), RELATED))[0] == "SOAP-ENV:Client"


def test_a_bomb_for_a_declaration_arrives_and_is_invalid(caller: Caller) -> None:
    caller.file(BOMB)
    caller.office.configure({"receipt_delay": 0})
    caller.file(BOMB)
    assert [each.code for each in caller.office.notices()] == ["213"]
    assert list(caller.office.arrivals.values()) == [2]


@pytest.mark.parametrize(
    ("kind", "taken"),
    [
        (TEXT_XML, True),
        ("text/xml", True),
        ('text/xml; charset="UTF8"', True),
        ("text/xml; charset=utf-16", False),
        ("text/xml; charset=khac", False),
        ("application/xml; charset=utf-8", False),
        ("application/xop+xml", False),
    ],
)
def test_the_root_part_is_what_its_header_says(caller: Caller, kind: str, taken: bool) -> None:
    reply = caller.post(FILING, related(envelope("nhanHSoXML", SENT), filed(), kind=kind), RELATED)
    assert (reply.status == 200, bool(caller.office.arrivals)) == (taken, taken)


def test_an_envelope_in_utf_16_is_read_when_the_header_says_so(caller: Caller) -> None:
    written = '<?xml version="1.0" encoding="UTF-16"?>' + envelope("getDsachTbao", {}).decode()
    assert returned(caller.post(FILING, written.encode("utf-16"), "text/xml; charset=UTF-16")) == ""
    assert fault(caller.post(FILING, written.encode("utf-16")))[0] == "SOAP-ENV:Client"


@pytest.mark.parametrize(
    ("encoding", "write"),
    [
        ("base64", base64.b64encode),
        ("BASE64", base64.encodebytes),
        ("quoted-printable", quopri.encodestring),
        ("8bit", bytes),
        ("binary", bytes),
    ],
)
def test_the_attachments_transfer_encoding_is_undone(
    caller: Caller, encoding: str, write: Callable[[bytes], bytes]
) -> None:
    document = filed()
    assert caller.post(FILING, filing(write(document), encoding=encoding), RELATED).status == 200
    assert [digest for _, digest in caller.office.arrivals] == [hashlib.sha256(document).hexdigest()]


def _bounded(boundary: str) -> tuple[bytes, str]:
    """A body and its Content-Type with another boundary."""
    return filing(filed()).replace(b"--b1", b"--" + boundary.encode()), RELATED.replace('"b1"', f'"{boundary}"')


def _replaced(old: bytes, new: bytes) -> bytes:
    body = filing(filed())
    assert old in body
    return body.replace(old, new)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (filing(b"!!!", encoding="base64"), RELATED),
        (filing(filed(), encoding="x-khac"), RELATED),
        (filing(filed()), RELATED.replace('"b1"', '""')),
        _bounded("b 1 "),
        _bounded("b" * 71),
        _bounded("b@1"),
        (_replaced(b"\r\n--b1--\r\n", b"\r\n--b1\r\nContent-ID: <tkhai.xml>\r\n\r\nx\r\n--b1--\r\n"), RELATED),
        (filing(filed()), RELATED.replace('"b1"', '"b"')),
        (filing(filed()), RELATED.replace('boundary="b1"; ', "")),
        (_replaced(b"\r\n", b"\n"), RELATED),
        (_replaced(b"Content-ID: <tkhai.xml>\r\n\r\n", b"Content-ID: <tkhai.xml>\r\n"), RELATED),
        (_replaced(b"\r\n--b1--\r\n", b"\r\n--b1-\r\n"), RELATED),
        (filing(filed())[:-6], RELATED),
        (b"\r\n--b1--\r\n" + filing(filed()), RELATED),
    ],
    ids=[
        "no base64", "unknown encoding", "empty boundary", "boundary ends in a space", "long boundary",
        "boundary of other characters", "two parts of one name", "prefix of it", "no boundary", "line feeds alone",
        "part without content", "not closed", "cut", "closed before it began",
    ],
)  # fmt: skip
def test_a_multipart_body_that_is_broken_is_refused(caller: Caller, body: bytes, content_type: str) -> None:
    assert fault(caller.post(FILING, body, content_type))[0] == "SOAP-ENV:Client"
    assert not caller.office.arrivals


def test_a_boundary_may_have_seventy_characters(caller: Caller) -> None:
    body, content_type = _bounded("b" * 70)
    assert caller.post(FILING, body, content_type).status == 200


def test_what_follows_the_end_of_a_multipart_body_is_no_part_of_it(caller: Caller) -> None:
    document = filed()
    body = filing(document) + b"\r\n--b1\r\nContent-ID: <tkhai.xml>\r\n\r\nx\r\n--b1--\r\n"
    assert caller.post(FILING, body, RELATED).status == 200
    assert [digest for _, digest in caller.office.arrivals] == [hashlib.sha256(document).hexdigest()]
