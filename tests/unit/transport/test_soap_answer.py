"""The strict reader: the whole result of the operation asked, a real fault, or an answer that proves nothing."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import govgateway_schemas
from govgateway.transport.session import HttpAnswer
from govgateway.transport.soap_answer import SoapAnswer, SoapFault, UnreadableAnswer, read_answer

WSDLS = Path(govgateway_schemas.__file__).parent / "etax" / "wsdl"
FILING, RESULTS = WSDLS / "NhanHSoThueService.wsdl", WSDLS / "KQuaGDichService.wsdl"
CODE = "00010-0002-12032019172312277-42528"
NOTICE = "\ufeff<TBaoThueDTu>chấp nhận</TBaoThueDTu>\r\n\n".encode()
XML = "text/xml; charset=utf-8"
RELATED = 'multipart/related; boundary="b"; type="text/xml"; start="<root@x>"'


def _envelope(body: str) -> bytes:
    return (
        "<?xml version='1.0' encoding='UTF-8'?>"
        f'<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>{body}</S:Body></S:Envelope>'
    ).encode()


def _filed(returned: str = f"<n:return>{CODE}</n:return>", operation: str = "nhanHSoXML") -> bytes:
    name = f"n:{operation}Response"
    return _envelope(f'<{name} xmlns:n="http://nhanhsothue.van.gdt.gov.vn/">{returned}</{name}>')


def _result(reference: str = "cid:notice@x") -> bytes:
    return _envelope(
        '<traKQuaGDichResponse xmlns="http://kquagdich.van.gdt.gov.vn/">'
        f"<return>{reference}</return></traKQuaGDichResponse>"
    )


def _fault(text: str = 'There\'s no attachment for the content ID "cid:tkhai.xml"') -> bytes:
    return _envelope(
        '<S:Fault><faultcode xmlns:ns0="http://schemas.xmlsoap.org/soap/envelope/">ns0:Server</faultcode>'
        f"<faultstring>{text}</faultstring></S:Fault>"
    )


def _part(identifier: str, data: bytes, *more: str) -> bytes:
    return "\r\n".join([f"Content-ID: {identifier}", *more, "", ""]).encode() + data


def _multipart(*parts: bytes, boundary: str = "b") -> bytes:
    opened = b"".join(b"--" + boundary.encode() + b"\r\n" + part + b"\r\n" for part in parts)
    return opened + b"--" + boundary.encode() + b"--\r\n"


ROOT = _part("<root@x>", _result(), "Content-Type: text/xml")
ATTACHED = _part("<notice@x>", NOTICE, "Content-Type: application/octet-stream", "Content-Transfer-Encoding: binary")


def _read(
    body: bytes,
    content_type: str = XML,
    status: int = 200,
    *,
    operation: str = "nhanHSoXML",
    wsdl: Path = FILING,
) -> SoapAnswer:
    return read_answer(HttpAnswer(status, {"content-type": content_type}, body), wsdl, operation)


def _notice(body: bytes, content_type: str = RELATED) -> bytes | None:
    return _read(body, content_type, operation="traKQuaGDich", wsdl=RESULTS).attachment


@pytest.mark.parametrize(
    "returned",
    [
        f"<n:return>{CODE}</n:return>",
        f"\r\n  <!-- {CODE[::-1]} --><n:return>\r\n{CODE}\r\n</n:return>\r\n",
        f"<n:return>{CODE[:9]}<!-- comment -->{CODE[9:]}</n:return>",
        f"<n:return><![CDATA[{CODE}]]></n:return>",
        f'<return xmlns="http://nhanhsothue.van.gdt.gov.vn/">{CODE}</return>',
    ],
)
def test_the_result_of_the_operation_is_read(returned: str) -> None:
    answer = _read(_filed(returned))
    assert answer.text == CODE
    assert answer.attachment is None


@pytest.mark.parametrize("content_type", ["", "text/xml", "TEXT/XML; charset=UTF-16", "application/xml"])
def test_the_xml_declaration_rules_whatever_the_head_says(content_type: str) -> None:
    assert _read(_filed(), content_type).text == CODE


def test_a_structured_result_is_given_as_its_element() -> None:
    fields = (
        "fullName", "tin", "payTaxOfficeId", "payTaxOfficeName", "payTaxOfficeAbbreviation", "depaId", "email",
        "tel", "fax", "prov", "dist", "addr", "certSerialNumber", "finaStartDate",
    )  # fmt: skip
    inner = "".join(f"<{name}>{name} của NNT</{name}>" for name in fields)
    body = _envelope(
        f'<traTTinMaSoThueResponse xmlns="http://kquagdich.van.gdt.gov.vn/"><return>{inner}</return>'
        "</traTTinMaSoThueResponse>"
    )
    element = _read(body, operation="traTTinMaSoThue", wsdl=RESULTS).element
    assert element is not None
    assert element.findtext("{*}fullName") == "fullName của NNT"


@pytest.mark.parametrize("nil", ["true", "1", " true "])
def test_nil_is_told_apart_from_an_empty_return(nil: str) -> None:
    returned = f'<n:return xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="{nil}"/>'
    assert _read(_filed(returned)) == SoapAnswer(None, None, None)
    assert _read(_filed("<n:return/>")).text == ""


def test_nil_instead_of_an_attachment_is_no_attachment_yet() -> None:
    body = _result().replace(
        b"<return>cid:notice@x</return>",
        b'<return xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>',
    )
    assert _notice(body, XML) is None


@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.parametrize("content_type", [XML, RELATED])
def test_a_soap_fault_is_the_agency_speaking(status: int, content_type: str) -> None:
    body = _fault() if content_type == XML else _multipart(_part("<root@x>", _fault()))
    with pytest.raises(SoapFault) as caught:
        _read(body, content_type, status)
    assert caught.value.code == "Server"
    assert "no attachment for the content ID" in caught.value.text


def test_a_fault_may_keep_its_reason_to_itself() -> None:
    with pytest.raises(SoapFault) as caught:
        _read(_envelope("<S:Fault><faultcode>Client</faultcode></S:Fault>"), status=500)
    assert (caught.value.code, caught.value.text) == ("Client", "")


SOAP_12_FAULT = (
    b'<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><e:Fault><e:Code>'
    b"<e:Value>e:Sender</e:Value></e:Code></e:Fault></e:Body></e:Envelope>"
)
XHTML = b'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>B\xe1\xba\xa3o tr\xc3\xac</p></body></html>'
HTML = b"<!doctype html><html><body>B\xe1\xba\xa3o tr\xc3\xac<br></body></html>"
DOCTYPE = b'<!DOCTYPE S:Envelope [<!ENTITY code "1">]>'

UNREADABLE: dict[str, tuple[bytes, int]] = {
    "result with 500": (_filed(), 500),
    "result with 503": (_filed(), 503),
    "fault with 503": (_fault(), 503),
    "SOAP 1.2 fault": (SOAP_12_FAULT, 500),
    "SOAP 1.2 fault with 200": (SOAP_12_FAULT, 200),
    "fault without a code": (_envelope("<S:Fault><faultcode> </faultcode><faultstring>x</faultstring></S:Fault>"), 500),
    "fault of no namespace": (_envelope("<Fault><faultcode>Server</faultcode></Fault>"), 500),
    "fault beside a result": (_fault().replace(b"<S:Body>", b"<S:Body><a/>"), 200),
    "HTML with 200": (HTML, 200),
    "HTML with 503": (HTML, 503),
    "XHTML with 200": (XHTML, 200),
    "XHTML with 503": (XHTML, 503),
    "another root": (b"<a/>", 200),
    "no envelope around the body": (_filed().replace(b"S:Envelope", b"S:Letter"), 200),
    "empty 200": (b"", 200),
    "empty 202": (b"", 202),
    "empty 302": (b"", 302),
    "empty 500": (b"", 500),
    "answer of another operation": (_filed(operation="nhanToKhaiThue"), 200),
    "the request itself": (_filed().replace(b"Response", b""), 200),
    "answer of another service": (_filed().replace(b"nhanhsothue.van", b"kquagdich.van"), 200),
    "return missing": (_filed(""), 200),
    "return twice": (_filed(f"<n:return>{CODE}</n:return>" * 2), 200),
    "return in no namespace": (_filed(f"<return>{CODE}</return>"), 200),
    "unknown element": (_filed(f"<n:return>{CODE}</n:return><n:other/>"), 200),
    "unknown element within": (_filed(f"<n:return>{CODE}<n:other/></n:return>"), 200),
    "text beside the return": (_filed(f"text<n:return>{CODE}</n:return>"), 200),
    "two children of the body": (_filed().replace(b"<S:Body>", b"<S:Body><a/>"), 200),
    "empty body": (_envelope(""), 200),
    "no body": (_envelope("").replace(b"S:Body", b"S:Header"), 200),
    "two bodies": (_filed().replace(b"<S:Body>", b"<S:Body/><S:Body>"), 200),
    "DOCTYPE": (_filed().replace(b"<S:Envelope", DOCTYPE + b"<S:Envelope"), 200),
    "wrong encoding": (_filed().replace(b"UTF-8", b"UTF-16"), 200),
    "something after the end": (_filed() + b"<a/>", 200),
    "multipart sent as text/xml": (_multipart(_part("<root@x>", _filed())), 200),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_not_wholly_a_result_proves_nothing(name: str) -> None:
    body, status = UNREADABLE[name]
    content_type = "text/html" if b"html" in body else XML
    with pytest.raises(UnreadableAnswer):
        _read(body, content_type, status)


def test_an_attachment_comes_byte_for_byte() -> None:
    assert _notice(_multipart(ROOT, ATTACHED)) == NOTICE


def _encoded(encoding: str, data: bytes) -> bytes:
    return _part("<notice@x>", data, f"Content-Transfer-Encoding: {encoding}")


B64 = base64.encodebytes(NOTICE).replace(b"\n", b"\r\n")
QP = b"=\r\n".join(b"=%02x" % byte if byte < 32 or byte > 126 else bytes([byte]) for byte in NOTICE)

ACCEPTED: dict[str, tuple[bytes, str]] = {
    "root part not first": (_multipart(ATTACHED, ROOT), RELATED),
    "no start: the first part is the root": (_multipart(ROOT, ATTACHED), "multipart/related; boundary=b"),
    "start without brackets": (_multipart(ATTACHED, ROOT), "multipart/related; boundary=b; start=root@x"),
    "identifier without brackets": (_multipart(ROOT, ATTACHED.replace(b"<notice@x>", b"notice@x")), RELATED),
    "header names in capitals": (_multipart(ROOT, ATTACHED.replace(b"Content-ID", b"CONTENT-ID")), RELATED),
    "folded header": (_multipart(ROOT, ATTACHED.replace(b"Content-ID: ", b"Content-ID:\r\n\t")), RELATED),
    "identifier written as a URL": (
        _multipart(_part("<root@x>", _result("cid:http%3A%2F%2Fx%2F1")), _part("<http://x/1>", NOTICE)),
        RELATED,
    ),
    "base64": (_multipart(ROOT, _encoded("base64", B64)), RELATED),
    "BASE64": (_multipart(ROOT, _encoded("BASE64", B64)), RELATED),
    "quoted-printable": (_multipart(ROOT, _encoded("quoted-printable", QP)), RELATED),
    "8bit": (_multipart(ROOT, _encoded("8bit", NOTICE)), RELATED),
    "quoted boundary": (
        _multipart(ROOT, ATTACHED, boundary="a;b=c d"),
        'multipart/related; boundary="a;b=c d"; start="<root@x>"',
    ),
    "unknown charset": (_multipart(ROOT, ATTACHED), RELATED + "; charset=klingon"),
    "charset utf-16": (_multipart(ROOT, ATTACHED), RELATED + "; charset=utf-16"),
    "preamble and epilogue": (b"see below\r\n" + _multipart(ROOT, ATTACHED) + b"the end", RELATED),
    "blanks after the boundary": (_multipart(ROOT, ATTACHED).replace(b"--b\r\n", b"--b \t\r\n"), RELATED),
    "no newline at the end": (_multipart(ROOT, ATTACHED).removesuffix(b"\r\n"), RELATED),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_every_lawful_form_of_a_multipart_gives_the_same_attachment(name: str) -> None:
    assert _notice(*ACCEPTED[name]) == NOTICE


@pytest.mark.parametrize("inside", [b"\r\n--bb\r\n", b"\n--b--\n", b"x--b--", b"\r\n--b-\r\n", b"\r\n\r\n", b""])
def test_what_only_looks_like_the_boundary_stays_in_the_attachment(inside: bytes) -> None:
    assert _notice(_multipart(ROOT, _part("<notice@x>", inside))) == inside


CUT = _multipart(ROOT, ATTACHED)
UNREADABLE_MULTIPART: dict[str, tuple[bytes, str]] = {
    "attachment missing": (_multipart(ROOT), RELATED),
    "attachment missing, text/xml": (_result(), XML),
    "cid matches no part": (_multipart(ROOT, ATTACHED.replace(b"notice@x", b"other@x")), RELATED),
    "return is no cid": (_multipart(_part("<root@x>", _result("notice@x")), ATTACHED), RELATED),
    "return is another scheme": (_multipart(_part("<root@x>", _result("mid:notice@x")), ATTACHED), RELATED),
    "empty return": (_multipart(_part("<root@x>", _result("")), _part("", NOTICE)), RELATED),
    "two parts of one identifier": (_multipart(ROOT, ATTACHED, ATTACHED), RELATED),
    "start names no part": (_multipart(ROOT, ATTACHED), RELATED.replace("root@x", "other@x")),
    "no boundary": (CUT, "multipart/related; start=root@x"),
    "empty boundary": (CUT, 'multipart/related; boundary=""'),
    "another boundary": (CUT, "multipart/related; boundary=c"),
    "LF only": (CUT.replace(b"\r\n", b"\n"), RELATED),
    "no closing delimiter": (CUT.removesuffix(b"--b--\r\n"), RELATED),
    "closing delimiter alone": (b"--b--\r\n", "multipart/related; boundary=b"),
    "closing delimiter ends in LF": (CUT.removesuffix(b"\r\n") + b"\n", RELATED),
    "delimiter after the closing one": (CUT + b"\r\n\r\n--b\r\n" + ATTACHED + b"\r\n--b", RELATED),
    "closed twice": (CUT + b"\r\n\r\n--b--\r\n", RELATED),
    "part without headers' end": (_multipart(ROOT, b"Content-ID: <notice@x>"), RELATED),
    "broken base64": (_multipart(ROOT, _encoded("base64", b"YW*Jj")), RELATED),
    "cut base64": (_multipart(ROOT, _encoded("base64", b"YWJ")), RELATED),
    "unknown transfer encoding": (_multipart(ROOT, _encoded("x-uuencode", NOTICE)), RELATED),
    "root cut in a whole multipart": (_multipart(_part("<root@x>", _result()[:-5]), ATTACHED), RELATED),
    "empty": (b"", RELATED),
}


@pytest.mark.parametrize("name", UNREADABLE_MULTIPART)
def test_a_multipart_that_is_not_whole_proves_nothing(name: str) -> None:
    with pytest.raises(UnreadableAnswer):
        _notice(*UNREADABLE_MULTIPART[name])


@pytest.mark.parametrize(
    ("body", "content_type"), [(_filed(), XML), (_multipart(_part("<root@x>", _filed())), RELATED)]
)
def test_an_answer_cut_at_any_byte_proves_nothing(body: bytes, content_type: str) -> None:
    """Without a length a cut body looks whole to HTTP: the reader is what tells."""
    end = len(body.removesuffix(b"\r\n"))
    assert _read(body[:end], content_type).text == CODE
    for size in range(end):
        with pytest.raises(UnreadableAnswer):
            _read(body[:size], content_type)


def test_an_attachment_cut_at_any_byte_proves_nothing() -> None:
    for size in range(len(CUT.removesuffix(b"\r\n"))):
        with pytest.raises(UnreadableAnswer):
            _notice(CUT[:size])


def test_answers_read_at_once_do_not_mix() -> None:
    def read(number: int) -> str | None:
        if number % 2:
            with pytest.raises(UnreadableAnswer):
                _read(_filed("<n:other/>"))
            return None
        return _read(_filed(f"<n:return>{number}</n:return>")).text

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(read, range(200))) == [None if each % 2 else str(each) for each in range(200)]
