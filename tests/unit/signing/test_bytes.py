"""Every byte of a small signed document changed: nothing holds but what says the same or is said not to be signed."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable

import pytest
from lxml import etree

import keys
from forging import signature_in
from govgateway.documents.xml import read_xml
from govgateway.errors import UnreadableDocument
from profiled import PROFILES
from signed import signed_by, verified

PROFILE = PROFILES["einvoice"]
SMALL = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<HDon>\n<DLHDon Id="data"><Ten>Sở &amp; Co</Ten><So>10</So></DLHDon>'
    '<MCCQT Id="code"/>\n<DSCKS><NBan/></DSCKS></HDon>\n'
)
SIGNED = signed_by(read_xml(SMALL.encode()), keys.leaf(), profile=PROFILE)
GOOD = verified(SIGNED, PROFILE)
NOT_COVERED = GOOD.signatures[0].not_covered
CERTIFICATE = range(SIGNED.index(b"<X509Certificate>") + 17, SIGNED.index(b"</X509Certificate>"))
# All that may differ in a document whose signature holds; none of it is ever read as signed.
WRITING = "the same document written in another way: white space in tags, quotes, CDATA, a declaration, base64 in lines"
SPACE = "white space between the elements beside the signed parts"
LABEL = "the Id of the signature, which is a label"
NAMED = "what the report names as not covered"
DISTRUSTED = "another certificate of the same key, which is not trusted"


def _why_it_holds(data: bytes) -> str:
    """Which of these it is that differs in ``data``; empty where it is refused, with a reason, or not read at all."""
    try:
        verification = verified(data, PROFILE)
    except UnreadableDocument:
        return ""
    if verification.content is None:
        assert all(each.reason.vi or each.well_placed for each in verification.signatures)
        return ""
    assert verification.content == GOOD.content
    (signature,) = verification.signatures
    if not signature.trusted:
        return DISTRUSTED
    return NAMED if signature.not_covered != NOT_COVERED else _what_differs(data)


def _what_differs(data: bytes) -> str:
    """Which it is in a document whose report is that of the original."""
    now, before = etree.fromstring(data), etree.fromstring(SIGNED)
    for why, without in ((WRITING, _base64_in_lines), (LABEL, _label), (NAMED, _not_covered), (SPACE, _space)):
        without(now)
        without(before)
        if _form(now) == _form(before):
            return why
    raise AssertionError("something differs that nobody says")


def _form(root: etree._Element) -> bytes:
    return etree.tostring(root, method="c14n", with_comments=False)


def _base64_in_lines(root: etree._Element) -> None:
    for each in signature_in(root).iter("{*}SignatureValue", "{*}X509Certificate"):
        each.text = re.sub(r"[ \t\r\n]", "", each.text or "")


def _label(root: etree._Element) -> None:
    signature_in(root).attrib.pop("Id", None)


def _not_covered(root: etree._Element) -> None:
    for each in root.iterchildren("MCCQT"):
        each.attrib.clear()


def _space(root: etree._Element) -> None:
    node = root.find("DLHDon")
    for each in root.iter(etree.Element):
        if each.tail and not (each is not node and node in each.iterancestors()):
            each.tail = each.tail.strip(" \t\r\n")
        if len(each) and each.text and node not in (each, *each.iterancestors()):
            each.text = each.text.strip(" \t\r\n")


def _reasons(changes: Iterable[tuple[int, int]]) -> set[str]:
    """Why the document holds with one byte (its place, its new value) changed, for each of ``changes``."""
    found = set()
    for at, byte in changes:
        if SIGNED[at] != byte:
            found.add(_why_it_holds(SIGNED[:at] + bytes([byte]) + SIGNED[at + 1 :]))
    return found


def test_the_document_itself_holds() -> None:
    assert _why_it_holds(SIGNED) == WRITING
    assert NOT_COVERED == ("/HDon/MCCQT",)


def test_one_bit_of_any_byte_is_noticed() -> None:
    """In the certificate every eighth: a change in it that leaves its key takes long to distrust."""
    places = [at for at in range(len(SIGNED)) if at not in CERTIFICATE or at % 8 == 0]
    assert _reasons((at, SIGNED[at] ^ 1) for at in places) == {"", NAMED, LABEL, DISTRUSTED}


def test_any_value_of_a_byte_is_noticed() -> None:
    sample = random.Random(6).sample([at for at in range(len(SIGNED)) if at not in CERTIFICATE], 12)
    quotes = (SIGNED.index(b"><X509Data"), SIGNED.index(b"\n<DLHDon"), SIGNED.index(b' Id="data"'))
    assert _reasons((at, byte) for at in (*sample, *quotes) for byte in range(256)) >= {"", SPACE, WRITING}


@pytest.mark.filterwarnings("ignore")  # the library warns of what a damaged certificate says
@pytest.mark.slow
def test_any_value_of_every_third_byte_is_noticed() -> None:
    changes = ((at, byte) for at in range(0, len(SIGNED), 3) for byte in range(256))
    assert _reasons(changes) <= {"", WRITING, SPACE, LABEL, NAMED, DISTRUSTED}


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b'Id="data"', b"Id = 'data' ", WRITING),
        (b"<So>10</So>", b"<So\n>&#49;0</So >", WRITING),
        (b"<So>10</So>", b"<So><![CDATA[10]]></So>", WRITING),
        (b'<?xml version="1.0" encoding="UTF-8"?>', b"", WRITING),
        (b'<MCCQT Id="code"/>', b'<MCCQT Id="code"></MCCQT>', WRITING),
        (b"<SignatureValue>", b"<SignatureValue>\r\n", WRITING),
        (b"<HDon>", b"<HDon><!-- beside what is signed -->", WRITING),
        (b"<SignatureValue>", "<SignatureValue>\u00a0".encode(), ""),
        (b"<DigestValue>", b"<DigestValue> ", ""),
        (b"<HDon>", b"<HDon a='b'>", NAMED),
        (b"<HDon>", b"<HDon>a", NAMED),
        (b"<HDon>", b"<HDon><?xml-stylesheet href='x'?>", NAMED),
        (b"<HDon>", b"<?xml-stylesheet href='x'?><HDon>", NAMED),
        (b"</Signature>", b"<Object>x</Object></Signature>", NAMED),
        (b"<KeyInfo>", b"<KeyInfo><KeyName>x</KeyName>", NAMED),
        (b"<KeyInfo>", b"<KeyInfo a='b'>", NAMED),
        (b"<X509SubjectName>UID=MST:9900000016", b"<X509SubjectName>UID=MST:9900000023", NAMED),
        (b"<X509Certificate>", b"<X509Certificate a='b'>", NAMED),
        (b"<X509SubjectName>", b"<X509SubjectName><!-- -->", NAMED),
        (b"</X509SubjectName>", b"<!-- -->,CN=khac</X509SubjectName>", NAMED),
    ],
)
def test_what_may_differ_and_how_the_report_says_it(old: bytes, new: bytes, why: str) -> None:
    assert old in SIGNED
    assert _why_it_holds(SIGNED.replace(old, new, 1)) == why


def test_a_subject_may_be_written_as_others_write_it() -> None:
    """.NET: from the country on, a space behind each comma, the OID where it knows no name."""
    found = re.search(rb"<X509SubjectName>(.*?)</", SIGNED)
    assert found
    parts = found[1].decode().replace("UID=", "OID.0.9.2342.19200300.100.1.1=").split(",")
    other = SIGNED.replace(found[1], ", ".join(reversed(parts)).encode())
    assert other != SIGNED
    assert verified(other, PROFILE).signatures[0].not_covered == NOT_COVERED


def test_a_subject_that_is_put_together_in_another_way_is_not_that_of_the_certificate() -> None:
    assert b",O=" in SIGNED
    assert _why_it_holds(SIGNED.replace(b",O=", b"+O=", 1)) == NAMED
