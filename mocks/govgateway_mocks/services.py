"""The tax office's two services: which operations they have, and what each does with a request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from html import escape
from pathlib import Path

from lxml import etree

from govgateway_mocks import schema
from govgateway_mocks.case import VIETNAM
from govgateway_mocks.office import TaxOffice
from govgateway_mocks.registry import OFFICE_CODE, OFFICE_NAME, PASSWORD, TAXPAYERS, USERNAME
from govgateway_mocks.soap import SOAP, WSSE, Call, Fault, Nil, Reply, Value, faulted, media_type, read_request, replied

WSDL_FOLDER = schema.FOLDER / "wsdl"
_WRITTEN_ADDRESS = b"http://localhost/ihtkk_van"

Operation = Callable[[TaxOffice, Call], Value]


def _receive(office: TaxOffice, call: Call) -> Value:
    return office.take(call.attachment("dlieuHSo"), call.arguments)


def _list(office: TaxOffice, call: Call) -> Value:
    return ";".join(each.identifier for each in office.notices())


def _list_second(office: TaxOffice, call: Call) -> Value:
    return ";".join(each.identifier for each in office.notices() if each.second)


def _fetch(name: str) -> Operation:
    def fetch(office: TaxOffice, call: Call) -> Value:
        notice = office.notice(call.arguments.get(name, ""))
        return notice.data if notice else Nil()

    return fetch


def _first(office: TaxOffice, call: Call) -> Value:
    notice = office.first_notice(call.arguments.get("maGDich", ""))
    return notice.data if notice else Nil()


def _day(office: TaxOffice, call: Call) -> Value:
    day = call.arguments.get("ngayGDich", "")
    try:
        datetime.strptime(day, "%d/%m/%Y").replace(tzinfo=VIETNAM)
    except ValueError:
        # An empty result for a day that is none would say that nothing arrived.
        raise Fault("ns0:Server", f"ngayGDich is no day dd/MM/yyyy: {day}") from None
    return office.day_result(day)


def _taxpayer(office: TaxOffice, call: Call) -> Value:
    found = TAXPAYERS.get(call.arguments.get("maSoThue", ""))
    if found is None:
        return Nil()
    known = {"fullName": found.name, "tin": found.tax_code, "addr": found.address}
    return {**known, "payTaxOfficeId": OFFICE_CODE, "payTaxOfficeName": OFFICE_NAME}


def _taxpayer_status(office: TaxOffice, call: Call) -> Value:
    return "00" if call.arguments.get("maSoThue", "") in TAXPAYERS else Nil()


SERVICES: dict[str, tuple[Path, dict[str, Operation]]] = {
    "NhanHSoThueServicePort": (
        WSDL_FOLDER / "NhanHSoThueService.wsdl",
        {
            **dict.fromkeys(("nhanHSoThue", "nhanToKhaiThue", "nhanHSoXML", "nhanHSoXMLCoId"), _receive),
            "getDsachTbao": _list,
            "getTbao": _fetch("idTbao"),
            "getTBaoLan2": _list_second,
            "getxmlTBaoLan2": _fetch("maTbao"),
        },
    ),
    "KQuaGDichServicePort": (
        WSDL_FOLDER / "KQuaGDichService.wsdl",
        {
            "traKQuaGDich": _first,
            "traKQuaPhienGDich": _day,
            "traTTinMaSoThue": _taxpayer,
            "traTThaiMaSoThue": _taxpayer_status,
        },
    ),
}


def answer(office: TaxOffice, port: str, content_type: str, body: bytes) -> Reply:
    """What the service at ``port`` answers to a POST."""
    wsdl, operations = SERVICES[port]
    if media_type(content_type) != "text/xml":
        return Reply(415, "text/plain", b"Unsupported Content-Type. Supported ones are: [text/xml]")
    try:
        envelope, content, parts = read_request(content_type, body)
        _authenticate(envelope)
        name = etree.QName(content).localname
        if name not in operations:
            raise Fault("SOAP-ENV:Client", f"Cannot find dispatch method for {content.tag}")
        if not schema.wsdl_schema(wsdl).validate(content):
            raise Fault("SOAP-ENV:Client", "cvc: the request does not fit the schema of the service")
        arguments = {etree.QName(each).localname: (each.text or "").strip() for each in content.iterfind("*")}
        value = operations[name](office, Call(arguments, parts))
        return replied(str(etree.QName(content).namespace), name, value)
    except Fault as fault:
        return faulted(fault)


def description(port: str, address: str) -> bytes:
    """The WSDL of the service at ``port``, with the ``address`` at which it is reached."""
    return SERVICES[port][0].read_bytes().replace(_WRITTEN_ADDRESS, escape(address).encode())


def _authenticate(envelope: etree._Element) -> None:
    token = f"{{{SOAP}}}Header/{{{WSSE}}}Security/{{{WSSE}}}UsernameToken"
    given = tuple(envelope.findtext(f"{token}/{{{WSSE}}}{name}") for name in ("Username", "Password"))
    if given != (USERNAME, PASSWORD):
        raise Fault("wsse:FailedAuthentication", "the security token could not be authenticated")
