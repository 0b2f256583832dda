"""The tax office as tests play it: a transport with canned answers, and notices signed with its key."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from html import escape

from lxml import etree

import keys
from govgateway.connector import Environment, Receipt, Route, Secret
from govgateway.documents.xml import read_xml
from govgateway.signing.sign import sign
from govgateway.signing.trust import TrustStore
from govgateway.transport.session import HttpAnswer, HttpRequest, Sent, Transport
from govgateway_etax.notices import NoticeKind, notice_kinds, opened
from govgateway_etax.receipts import read_notice
from signed import PROFILES

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
FILING = "http://nhanhsothue.van.gdt.gov.vn/"
RESULTS = "http://kquagdich.van.gdt.gov.vn/"
PASSWORD = "mat-khau-tvan"
PROFILE = PROFILES["etax-notice-2026"]

REGISTRATION = (
    '<HSoThueDTu xmlns="http://kekhaithue.gdt.gov.vn/TKhaiThue"><HSoKhaiThue id="ID1"><TTinChung><TTinTKhaiThue>'
    "<maTKhai>905</maTKhai><tenTKhai>Tờ khai đăng ký thuế</tenTKhai><pbanTKhaiXML>1.0.1</pbanTKhaiXML>"
    "<mst>9900000016</mst><tenNNT>Sở Xây dựng tỉnh An Hoà</tenNNT></TTinTKhaiThue></TTinChung></HSoKhaiThue>"
    "<CKyDTu/></HSoThueDTu>"
)
"""A registration form: its header is flat."""

Answer = Sent | Callable[[Mapping[str, str]], Sent]


@dataclass(frozen=True)
class Wire(Transport):
    """A transport that answers by operation, the same every time, and remembers what it was asked."""

    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[HttpRequest] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    deadlines: list[timedelta] = field(default_factory=list)

    def send(self, request: HttpRequest, deadline: timedelta) -> Sent:
        envelope = re.search(rb"<[^<>]*Envelope.*Envelope>", request.body, re.DOTALL)
        assert envelope
        content = etree.fromstring(envelope[0]).findall(f"{{{SOAP}}}Body/*")[0]
        operation = etree.QName(content).localname
        arguments = {etree.QName(each).localname: each.text or "" for each in content}
        self.requests.append(request)
        self.asked.append((operation, arguments))
        self.deadlines.append(deadline)
        answer = self.answers[operation]
        return answer if isinstance(answer, Sent) else answer(arguments)


def route(wire: Wire, *, trust: TrustStore | None = None, settings: Mapping[str, str] | None = None) -> Route:
    """A route to the tax office over ``wire``; its clock stands at keys.NOW."""
    return Route(
        environment=Environment.SIMULATOR,
        address="http://127.0.0.1:1/ihtkk_van",
        username="tvan",
        password=Secret(PASSWORD),
        trust=trust or keys.trust(),
        transport=wire,
        clock=lambda: keys.NOW,
        settings=settings or {},
    )


def http(status: int, body: bytes, content_type: str = "text/xml", **headers: str) -> Sent:
    named = {"content-type": content_type, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Sent(True, HttpAnswer(status, named, body))


def returned(operation: str, inner: str, *, attributes: str = "") -> Sent:
    """The answer of ``operation`` with ``inner`` as its return."""
    namespace = RESULTS if operation.startswith("tra") else FILING
    body = (
        f'<S:Envelope xmlns:S="{SOAP}"><S:Body><n:{operation}Response xmlns:n="{namespace}" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><n:return{attributes}>{inner}</n:return>'
        f"</n:{operation}Response></S:Body></S:Envelope>"
    )
    return http(200, body.encode())


def nil(operation: str) -> Sent:
    return returned(operation, "", attributes=' xsi:nil="true"')


def attached(operation: str, data: bytes) -> Sent:
    """The answer of ``operation`` with ``data`` as its attachment."""
    answer = returned(operation, "cid:a@example").answer
    assert answer
    body = b"--b\r\nContent-ID: <root>\r\n\r\n" + answer.body
    body += b"\r\n--b\r\nContent-ID: <a@example>\r\nContent-Transfer-Encoding: binary\r\n\r\n" + data + b"\r\n--b--\r\n"
    return http(200, body, 'multipart/related; boundary="b"; start="<root>"; type="text/xml"')


def fault(code: str, text: str) -> Sent:
    body = (
        f'<S:Envelope xmlns:S="{SOAP}"><S:Body><S:Fault><faultcode>{code}</faultcode>'
        f"<faultstring>{escape(text)}</faultstring></S:Fault></S:Body></S:Envelope>"
    )
    return http(500, body.encode())


@cache
def office() -> keys.Holder:
    """The simulated tax office's key."""
    return keys.leaf("MST:9900000055", common="CƠ QUAN THUẾ MÔ PHỎNG")


def unsigned(code: str, content: str, *, to: str = "9900000016", day: str = "2026-11-16") -> bytes:
    """A notice of kind ``code`` with ``content`` as its NDungTBao, not signed."""
    return (
        '<TBaoThueDTu xmlns="http://kekhaithue.gdt.gov.vn/TBaoThue"><TBaoThue id="NODETOSIGN"><TTinChung>'
        "<CQT><maCQT>99901</maCQT><tenCQT>Thuế tỉnh An Hoà</tenCQT></CQT>"
        f"<NNhanTBaoThue><maNNhan>{to}</maNNhan></NNhanTBaoThue>"
        f"<TTinTBaoThue><maTBao>{code}</maTBao><tenTBao>Thông báo thử</tenTBao><pbanTBao>2.4.9</pbanTBao>"
        f"<soTBao>7/2026/TB-TĐT</soTBao><ngayTBao>{day}</ngayTBao></TTinTBaoThue></TTinChung>"
        f"<NDungTBao>{content}</NDungTBao></TBaoThue><CKyDTu></CKyDTu></TBaoThueDTu>"
    ).encode()


def notice(code: str, content: str, *, by: keys.Holder | None = None, to: str = "9900000016") -> bytes:
    """The same, signed by the tax office, or ``by`` somebody else."""
    document = read_xml(unsigned(code, content, to=to))
    signer = (by or office()).signer
    return sign(document, PROFILE, signer, at=keys.NOW, random_id=lambda: secrets.token_hex(16))


def receipt(
    code: str, content: str, *, to: str = "9900000016", kinds: Mapping[str, NoticeKind] | None = None
) -> Receipt:
    """What is read from such a notice."""
    body, signer = opened(notice(code, content, to=to), PROFILE, keys.trust(), keys.NOW)
    return read_notice(body, signer, kinds or notice_kinds())


def row(code: str = "00010-0002-16112026100000123-42001", **changes: str) -> dict[str, str]:
    """One transaction of a day's result: the example declaration, taken at 10:00:00 on 16 November 2026."""
    return {
        "tinCTietGDich": "9900000016",
        "maHSo": "879",
        "tenHSo": "Tờ khai phí (01/PH)",
        "maLoaiHSo": "C",
        "tenLoaiHSo": "Chính thức",
        "kyKKhaiHThi": "10/2026",
        "lanNop": "0",
        "makquaCTietGDich": "01",
        "maGDC": code,
    } | changes


def rows_content(*rows: Mapping[str, str], day: str = "16/11/2026") -> str:
    """NDungTBao of a notice 211 with ``rows``."""
    head = f"<GDich><ngayGDich>{day}</ngayGDich></GDich>"
    return head + "".join(
        "<CTietGDich>" + "".join(f"<{name}>{escape(value)}</{name}>" for name, value in each.items()) + "</CTietGDich>"
        for each in rows
    )
