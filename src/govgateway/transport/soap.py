"""SOAP 1.1, document/literal, with attachments by reference (SwA, swaRef): requests.

zeep writes the envelope, which it does exactly; the multipart body is ours. Answers are read in soap_answer, strictly.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from govgateway.transport.session import HttpRequest

WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
CUT_OUT = "[mật khẩu đã được cắt bỏ · password cut out]"
_ROOT_PART = "rootpart@govgateway"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part beside the envelope: its Content-ID without brackets, its exact bytes."""

    content_id: str
    data: bytes
    content_type: str = "text/xml"


@dataclass(frozen=True, slots=True)
class SoapRequest:
    """A request ready to be sent, and the same with the password cut out, to be kept as evidence."""

    operation: str
    http: HttpRequest = field(repr=False)
    redacted: bytes = field(repr=False)


@dataclass(frozen=True)
class SoapService:
    """One service: its WSDL file, the name of its port's address below ``address``.

    The WSDL is read once per process, from disk; nothing is ever fetched.
    """

    wsdl: Path
    address: str

    def request(
        self,
        operation: str,
        arguments: Mapping[str, str | None],
        *,
        username: str,
        password: str,
        attachment: Attachment | None = None,
    ) -> SoapRequest:
        """The request for ``operation`` with WS-Security UsernameToken (PasswordText). An argument that is None becomes
        xsi:nil. With an attachment the body is multipart/related, part 2 under the attachment's Content-ID."""
        client = _client(self.wsdl, username, password)
        envelope: etree._Element = client.create_message(client.service, operation, **arguments)
        redacted = etree.fromstring(etree.tostring(envelope))
        for secret in redacted.iter(f"{{{WSSE}}}Password"):
            secret.text = CUT_OUT
        content_type, body = _body(envelope, attachment)
        headers = {"Content-Type": content_type, "SOAPAction": '""'}
        return SoapRequest(operation, HttpRequest(self.address, headers, body), _body(redacted, attachment)[1])


def _body(envelope: etree._Element, attachment: Attachment | None) -> tuple[str, bytes]:
    root = etree.tostring(envelope, encoding="UTF-8", xml_declaration=True)
    if attachment is None:
        return "text/xml; charset=utf-8", root
    # No document holds its own digest. Nor does the password go into it: the kept copy differs by the password alone.
    boundary = f"part-{hashlib.sha256(attachment.data).hexdigest()}"
    head = f"--{boundary}\r\nContent-Type: text/xml; charset=utf-8\r\nContent-ID: <{_ROOT_PART}>\r\n\r\n"
    between = (
        f"\r\n--{boundary}\r\nContent-Type: {attachment.content_type}\r\nContent-Transfer-Encoding: binary\r\n"
        f"Content-ID: <{attachment.content_id}>\r\n\r\n"
    )
    body = head.encode() + root + between.encode() + attachment.data + f"\r\n--{boundary}--\r\n".encode()
    return f'Multipart/Related; boundary="{boundary}"; type="text/xml"; start="<{_ROOT_PART}>"', body


def _client(wsdl: Path, username: str, password: str) -> Any:
    import zeep
    from zeep.wsse import username as tokens

    document = _document(wsdl)
    return zeep.Client(document, tokens.UsernameToken(username, password), document.transport)  # type: ignore[no-untyped-call]


@cache
def _document(wsdl: Path) -> Any:
    """zeep's view of the WSDL; its transport serves local files only."""
    import zeep
    from zeep.transports import Transport
    from zeep.wsdl import Document

    class LocalFiles(Transport):
        def load(self, url: str) -> bytes:
            return Path(url).read_bytes()

    transport: Any = LocalFiles()  # type: ignore[no-untyped-call]
    return Document(str(wsdl), transport, settings=zeep.Settings())
