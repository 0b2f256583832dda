"""SOAP 1.1 requests as the simulated tax office's services read them: what they refuse at the door."""

from __future__ import annotations

import codecs
from typing import cast

from lxml import etree

from govgateway.documents.xml import XmlDocument, read_xml
from govgateway.errors import UnreadableDocument
from govgateway_mocks.etax.mime import header, read_parts
from govgateway_mocks.etax.soap import SOAP, WSSE, Fault

_PASSWORD_TEXT = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText"  # noqa: S105  # a type, no password


def media_type(content_type: str) -> str:
    """``text/xml`` for a SOAP 1.1 request, with attachments or without."""
    found = header(content_type)
    if found.get_content_type() == "multipart/related":
        return str(found.get_param("type") or "")
    return found.get_content_type()


def ensure_action(action: str | None) -> None:
    """SOAPAction must be there and be ``""``, as the descriptions say. Raises Fault."""
    if action != '""':
        raise Fault("SOAP-ENV:Client", f"The given SOAPAction {action} does not match an operation.")


def read_request(content_type: str, body: bytes) -> tuple[etree._Element, etree._Element, dict[str, bytes]]:
    """Envelope, its one content, and the parts by Content-ID. Raises Fault when it is no whole SOAP 1.1 request."""
    found, root, kind = header(content_type), body, content_type
    attachments: dict[str, bytes] = {}
    if found.get_content_maintype() == "multipart":
        parts = read_parts(content_type, body)
        start = str(found.get_param("start") or next(iter(parts))).strip("<>")
        if start not in parts:
            raise Fault("SOAP-ENV:Client", f"the multipart body has no part {start}")
        root, kind = parts[start].data, parts[start].content_type
        attachments = {name: each.data for name, each in parts.items()}
    try:
        document = read_xml(root)
    except UnreadableDocument as error:
        raise Fault("SOAP-ENV:Client", f"unreadable envelope: {error.message.en}") from None
    _ensure_encoding(document, kind)
    return document.root, _content(document.root), attachments


def authenticate(envelope: etree._Element, username: str, password: str) -> None:
    """There is one UsernameToken, in clear (PasswordText), and it is that of the account. Raises Fault."""
    tokens = envelope.findall(f"{{{SOAP}}}Header/{{{WSSE}}}Security/{{{WSSE}}}UsernameToken")
    names, passwords = ([each for token in tokens for each in token.iterfind(f"{{{WSSE}}}{name}")] for name in _TOKEN)
    given = [each.text for each in (*names, *passwords)]
    if given != [username, password] or passwords[0].get("Type", _PASSWORD_TEXT) != _PASSWORD_TEXT:
        raise Fault("wsse:FailedAuthentication", "the security token could not be authenticated")


_TOKEN = ("Username", "Password")


def _content(envelope: etree._Element) -> etree._Element:
    """The one content of the envelope's body. Raises Fault when it is no SOAP 1.1 envelope that can be understood."""
    contents = envelope.findall(f"{{{SOAP}}}Body/*")
    if envelope.tag != f"{{{SOAP}}}Envelope" or len(contents) != 1:
        raise Fault("SOAP-ENV:Client", "no SOAP 1.1 envelope with one content")
    if cast(bool, envelope.xpath("boolean(//processing-instruction())")):
        raise Fault("SOAP-ENV:Client", "an envelope has no processing instructions")
    for each in envelope.iterfind(f"{{{SOAP}}}Header/*"):
        if each.get(f"{{{SOAP}}}mustUnderstand") == "1" and each.tag != f"{{{WSSE}}}Security":
            raise Fault("SOAP-ENV:MustUnderstand", f"header {each.tag} is not understood")
    return contents[0]


def _ensure_encoding(document: XmlDocument, content_type: str) -> None:
    """The part is text/xml, in the encoding that its header says. Raises Fault."""
    found = header(content_type)
    charset = str(found.get_param("charset") or document.encoding)
    try:
        same = codecs.lookup(charset) == codecs.lookup(document.encoding)
    except LookupError:
        same = False
    if found.get_content_type() != "text/xml" or not same:
        raise Fault("SOAP-ENV:Client", f"the envelope is not what its header says: {content_type}")
