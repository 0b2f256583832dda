"""The tax office's two services: which operations they have, and what each does with a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from html import escape
from pathlib import Path

from lxml import etree

from govgateway_mocks.etax import playing, schema
from govgateway_mocks.etax.case import VIETNAM
from govgateway_mocks.etax.envelope import authenticate, ensure_action, media_type, read_request
from govgateway_mocks.etax.office import TaxOffice
from govgateway_mocks.etax.registry import OFFICE_CODE, OFFICE_NAME, TAXPAYERS, USERNAME
from govgateway_mocks.etax.soap import Call, Fault, Nil, Reply, Value, faulted, replied
from govgateway_mocks.etax.transactions import Notice, printed_day

WSDL_FOLDER = schema.FOLDER / "wsdl"
_WRITTEN_ADDRESS = b"http://localhost/ihtkk_van"

Operation = Callable[[TaxOffice, Call], Value]


def _receive(office: TaxOffice, call: Call) -> Value:
    code = office.take(call.attachment("dlieuHSo"), call.arguments, call.fault)
    return playing.code_told(office, call.fault, code)


def _list(office: TaxOffice, call: Call) -> Value:
    return ";".join(each.identifier for each in _listed(office, call))


def _list_second(office: TaxOffice, call: Call) -> Value:
    return ";".join(each.identifier for each in _listed(office, call) if each.second)


def _listed(office: TaxOffice, call: Call) -> list[Notice]:
    if call.fault is not None and call.fault.do == "duplicated":
        office.copy_notices()
    return office.notices()


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
        asked = datetime.strptime(day, "%d/%m/%Y").replace(tzinfo=VIETNAM)
    except ValueError:
        # An empty result for a day that is none would say that nothing arrived.
        raise Fault("ns0:Server", f"ngayGDich is no day dd/MM/yyyy: {day}") from None
    return office.day_result(printed_day(playing.day_asked(call.fault, asked)), call.fault)


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


def answer(office: TaxOffice, port: str, headers: Mapping[str, str], body: bytes) -> Reply:
    """What the service at ``port`` answers to a POST with ``headers`` (names in lower case)."""
    wsdl, operations = SERVICES[port]
    content_type = headers.get("content-type", "")
    if media_type(content_type) != "text/xml":
        return Reply(415, "text/plain", b"Unsupported Content-Type. Supported ones are: [text/xml]")
    try:
        ensure_action(headers.get("soapaction"))
        envelope, content, parts = read_request(content_type, body)
        authenticate(envelope, USERNAME, office.password)
        name = etree.QName(content).localname
        if name not in operations:
            raise Fault("SOAP-ENV:Client", f"Cannot find dispatch method for {content.tag}")
        if not schema.wsdl_schema(wsdl).validate(content):
            raise Fault("SOAP-ENV:Client", "cvc: the request does not fit the schema of the service")
        arguments = {etree.QName(each).localname: (each.text or "").strip() for each in content.iterfind("*")}
        call = Call(arguments, parts)
        struck = replace(call, fault=office.struck(name, lambda: _key(office, call)))
        value = playing.answered(office, struck.fault, lambda: operations[name](office, struck))
        return replied(str(etree.QName(content).namespace), name, value)
    except Fault as fault:
        return faulted(fault)


def _key(office: TaxOffice, call: Call) -> str:
    """The obligation that a call is about: the declaration's that it brings, or the transaction's that it asks for."""
    if call.parts and "dlieuHSo" in call.arguments:
        return office.key_of(call.attachment("dlieuHSo"))
    notice = office.notice(call.arguments.get("idTbao") or call.arguments.get("maTbao") or "")
    code = notice.transaction if notice else call.arguments.get("maGDich", "")
    return next((each.key for each in office.transactions if each.code == code), "")


def description(port: str, address: str) -> bytes:
    """The WSDL of the service at ``port``, with the ``address`` at which it is reached."""
    return SERVICES[port][0].read_bytes().replace(_WRITTEN_ADDRESS, escape(address).encode())
