"""Every attack on a signed document that is known: each is refused, for the right reason, and none makes us wait."""

from __future__ import annotations

import base64
import faulthandler
import hmac
import re
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import product

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lxml import etree

import keys
from forging import (
    HIDING_PLACES,
    D,
    altered,
    certificate_text,
    certified_in_a_circle,
    part,
    self_made,
    signature_in,
    signed_anew,
    wrapped,
)
from govgateway.documents.xml import Limits, read_xml
from govgateway.errors import UnreadableDocument
from govgateway.signing.canonical import C14N, EXCLUSIVE, canonical
from govgateway.signing.references import DS
from govgateway.signing.sign import sign
from govgateway.signing.verify import Verification, verify
from profiled import PROFILES, SIGNING, example
from signed import signed_by, signed_declaration, verified

MORE = "http://www.w3.org/2001/04/xmldsig-more#"
SIGNED = signed_declaration()
TEXT = SIGNED.decode("utf-8-sig")
HIDDEN = TEXT.replace("<tyLe>10<", "<tyLe>1<!-- -->0<")
MALLORY = self_made()
IDS = ("Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id")
NOT_ONE = "không xác định được đúng một phần tử"
ELSEWHERE = "phần tử không đúng chỗ"
CHANGED = "đã bị sửa sau khi ký"
MISPLACED = "không ký phần nội dung"
ALGORITHM = "thuật toán không được chấp nhận"
STRUCTURE = "cấu trúc chữ ký"
WRONG_VALUE = "giá trị chữ ký không đúng"
TOO_MANY = "quá nhiều phần"


@pytest.fixture(autouse=True)
def _in_time() -> Iterator[None]:
    """A hang ends the test run with the place where it hangs; what takes long fails."""
    faulthandler.dump_traceback_later(120, exit=True)
    begun = time.process_time()
    yield
    spent = time.process_time() - begun
    faulthandler.cancel_dump_traceback_later()
    assert spent < 10


def _refused(verification: Verification, reason: str) -> None:
    assert verification.content is None
    assert not any(each.intact and each.well_placed for each in verification.signatures)
    assert reason in verification.signatures[0].reason.vi


def _expected(name: str, where: str, *, same_id: bool) -> str:
    if where == "inside the signature":
        return STRUCTURE
    if not PROFILES[name].id_attribute:
        return CHANGED
    if same_id:
        return NOT_ONE
    if where not in {"inside Object", "inside KeyInfo"}:
        return ELSEWHERE
    # In the Signature an element of no namespace is another one; that of the tax office is the same and signs nothing.
    return MISPLACED if name == "etax-2026" else CHANGED


@pytest.mark.parametrize(
    ("name", "where", "same_id"),
    [each for each in product(SIGNING, HIDING_PLACES, [True, False]) if each[2] or PROFILES[each[0]].id_attribute],
)
def test_a_forged_node_where_the_signed_one_stood_is_refused(name: str, where: str, same_id: bool) -> None:
    profile = PROFILES[name]
    data = wrapped(signed_by(example(name), keys.leaf(), profile=profile), profile, where, same_id=same_id)
    assert "giả" in data.decode()
    _refused(verified(data, profile), _expected(name, where, same_id=same_id))


@pytest.mark.parametrize("name", [name for name in SIGNING if not PROFILES[name].id_attribute])
def test_a_signed_document_within_a_forged_one_is_refused(name: str) -> None:
    profile = PROFILES[name]
    root = etree.fromstring(signed_by(example(name), keys.leaf(), profile=profile))
    outer = etree.Element(root.tag)
    outer.text = "giả"
    outer.append(root)
    _refused(verified(etree.tostring(outer), profile), CHANGED)


def _with_ids(mine: str, other: str) -> tuple[bytes, bytes]:
    """(signed with the node's id in the attribute ``mine``, the same with its value in ``other`` of a row, too)"""
    root = etree.fromstring(SIGNED)
    node = root[0]
    del node.attrib["id"]
    node.set(mine, "NODETOSIGN")
    good = signed_anew(root)
    row = next(each for each in root.iter(etree.Element) if each.get("id") == "ID_2")
    row.attrib.pop("id")
    row.set(other, "NODETOSIGN")
    return good, signed_anew(root)


@pytest.mark.parametrize(("mine", "other"), [each for each in product(IDS, IDS) if each != (IDS[3], IDS[3])])
def test_one_id_on_two_nodes_is_refused_in_whichever_attributes(mine: str, other: str) -> None:
    good, doubled = _with_ids(mine, other)
    assert verified(good).content is not None
    _refused(verified(doubled), NOT_ONE)


def test_one_xml_id_on_two_nodes_is_refused_by_the_reader() -> None:
    with pytest.raises(UnreadableDocument):
        verified(_with_ids(IDS[3], IDS[3])[1])


@pytest.mark.parametrize("attribute", IDS)
def test_an_id_of_the_node_on_a_part_of_the_signature_is_refused(attribute: str) -> None:
    _refused(
        verified(etree.tostring(altered(SIGNED, lambda root: part(root, "KeyInfo").set(attribute, "NODETOSIGN")))),
        NOT_ONE,
    )


def _only_reference(uri: str, *, on: str = "") -> Callable[[etree._Element], object]:
    """Has the signature refer to ``uri`` alone; the part ``on`` of it gets that id."""

    def change(root: etree._Element) -> None:
        first, *others = signature_in(root)[0].findall(f"{D}Reference")
        first.set("URI", uri)
        for each in others:
            signature_in(root)[0].remove(each)
        if on:
            part(root, on).set("Id", uri[1:])

    return change


def _no_reference(root: etree._Element) -> None:
    for each in signature_in(root)[0].findall(f"{D}Reference"):
        signature_in(root)[0].remove(each)


def _references(number: int) -> Callable[[etree._Element], object]:
    def change(root: etree._Element) -> None:
        first = part(root, "Reference")
        for _ in range(number - 2):
            first.addnext(deepcopy(first))

    return change


def _transformed(*algorithms: str, inside: str = "") -> Callable[[etree._Element], object]:
    def change(root: etree._Element) -> None:
        transforms = etree.Element(f"{D}Transforms")
        for each in algorithms:
            transform = etree.SubElement(transforms, f"{D}Transform", Algorithm=each)
            if inside:
                transform.append(etree.fromstring(inside))
        part(root, "Reference").insert(0, transforms)

    return change


XSLT = "http://www.w3.org/TR/1999/REC-xslt-19991116"
STYLE = '<s:stylesheet xmlns:s="http://www.w3.org/1999/XSL/Transform" version="1.0"/>'
OTHER_TRANSFORM = f'<Transforms xmlns="{DS}"><x:Transform xmlns:x="urn:x" Algorithm="{C14N}"/></Transforms>'
SIGNED_BY_THE_ATTACKER: dict[str, tuple[Callable[[etree._Element], object], str]] = {
    "no reference": (_no_reference, "không tham chiếu"),
    "KeyInfo only": (_only_reference("#k", on="KeyInfo"), MISPLACED),
    "its own SignedInfo": (_only_reference("#s", on="SignedInfo"), CHANGED),
    "another node": (_only_reference("#ID_3"), ELSEWHERE),
    "a node that is not there": (_only_reference("#nowhere"), NOT_ONE),
    "the whole document": (_only_reference(""), ELSEWHERE),
    "a file": (_only_reference("file:///etc/passwd"), NOT_ONE),
    "an address": (_only_reference("http://127.0.0.1:9/"), NOT_ONE),
    "an XPointer": (_only_reference("#xpointer(/)", on="KeyInfo"), NOT_ONE),
    "the node twice": (_references(3), "cùng một phần tử"),
    "10,000 references": (_references(10_000), TOO_MANY),
    "10,000 transforms": (_transformed(*[C14N] * 10_000), TOO_MANY),
    "many lists of transforms": (lambda root: [_transformed(C14N)(root) for _ in range(5)], TOO_MANY),
    "10,000 Objects": (
        lambda root: signature_in(root).extend(etree.Element(f"{D}Object") for _ in range(10_000)), TOO_MANY,
    ),
    "two canonicalisations": (_transformed(C14N, C14N), STRUCTURE),
    "an XSLT transform": (_transformed(XSLT, inside=STYLE), ALGORITHM),
    "an XPath transform": (_transformed("http://www.w3.org/TR/1999/REC-xpath-19991116"), ALGORITHM),
    "an XPath filter": (_transformed("http://www.w3.org/2002/06/xmldsig-filter2"), ALGORITHM),
    "a base64 transform": (_transformed(f"{DS}base64"), ALGORITHM),
    "a decryption transform": (_transformed("http://www.w3.org/2002/07/decrypt#XML"), ALGORITHM),
    "an XSLT inside C14N": (_transformed(C14N, inside=STYLE), "tham số"),
    "an XSLT inside the enveloped transform": (_transformed(f"{DS}enveloped-signature", inside=STYLE), "tham số"),
    "a transform of another namespace": (
lambda root: part(root, "Reference").insert(0, etree.fromstring(OTHER_TRANSFORM)), STRUCTURE,
    ),
    "parameters of a digest": (lambda root: part(root, "DigestMethod").append(etree.fromstring("<x/>")), ALGORITHM),
    "MD5": (lambda root: part(root, "DigestMethod").set("Algorithm", f"{MORE}md5"), ALGORITHM),
    "SHA-1": (lambda root: part(root, "DigestMethod").set("Algorithm", f"{DS}sha1"), "SHA-1"),
    "a signature by MD5": (lambda root: part(root, "SignatureMethod").set("Algorithm", f"{MORE}rsa-md5"), ALGORITHM),
    "a signature by SHA-1": (lambda root: part(root, "SignatureMethod").set("Algorithm", f"{DS}rsa-sha1"), "SHA-1"),
    "a signature by DSA": (lambda root: part(root, "SignatureMethod").set("Algorithm", f"{DS}dsa-sha1"), ALGORITHM),
    "a curve for an RSA key": (
        lambda root: part(root, "SignatureMethod").set("Algorithm", f"{MORE}ecdsa-sha256"), "loại khoá",
    ),
    "another hash": (lambda root: part(root, "SignatureMethod").set("Algorithm", f"{MORE}rsa-sha512"), WRONG_VALUE),
    "another padding": (
        lambda root: part(root, "SignatureMethod").set("Algorithm", "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"),
        WRONG_VALUE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("attack", SIGNED_BY_THE_ATTACKER)
def test_what_an_attacker_signs_is_refused_although_its_value_is_right(attack: str) -> None:
    change, reason = SIGNED_BY_THE_ATTACKER[attack]
    _refused(verified(signed_anew(altered(SIGNED, change), MALLORY)), reason)


@pytest.mark.parametrize("form", [PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1])
@pytest.mark.parametrize("encoding", [Encoding.DER, Encoding.PEM])
@pytest.mark.parametrize("method", [f"{DS}hmac-sha1", f"{MORE}hmac-sha256"])
def test_hmac_with_the_public_key_as_its_secret_is_refused(method: str, encoding: Encoding, form: PublicFormat) -> None:
    root = altered(SIGNED, lambda root: part(root, "SignatureMethod").set("Algorithm", method))
    root[0][0].text = "giả"
    signed_anew(root)
    secret = keys.leaf().certificate.public_key().public_bytes(encoding, form)
    value = hmac.new(
        secret, canonical(signature_in(root)[0], C14N), method[-6:].replace("c-sha1", "sha1").removeprefix("c-")
    )
    part(root, "SignatureValue").text = base64.b64encode(value.digest()).decode()
    _refused(verified(etree.tostring(root)), ALGORITHM)


@pytest.mark.parametrize("first", [True, False])
def test_a_key_beside_the_certificate_that_is_not_its_own_is_refused(first: bool) -> None:
    root = etree.fromstring(SIGNED)
    numbers = MALLORY.key.public_key().public_numbers()
    modulus = base64.b64encode(numbers.n.to_bytes(256)).decode()
    parts = f"<RSAKeyValue><Modulus>{modulus}</Modulus><Exponent>AQAB</Exponent></RSAKeyValue>"
    key = f'<KeyValue xmlns="{DS}">{parts}</KeyValue>'
    part(root, "KeyInfo").insert(0 if first else 1, etree.fromstring(key))
    signed_anew(root, MALLORY)
    part(root, "X509Certificate").text = certificate_text(keys.leaf())
    _refused(verified(etree.tostring(root)), "khoá kèm theo không phải của chứng thư")


def test_another_s_certificate_before_one_s_own_is_refused() -> None:
    root = etree.fromstring(signed_anew(etree.fromstring(SIGNED), MALLORY))
    own = part(root, "X509Certificate")
    etree.SubElement(own.getparent(), own.tag).text = own.text
    own.text = certificate_text(keys.leaf())
    _refused(verified(etree.tostring(root)), WRONG_VALUE)


def test_a_self_made_certificate_with_the_right_tax_code_is_not_believed() -> None:
    (signature,) = verified(signed_anew(etree.fromstring(SIGNED), MALLORY)).signatures
    assert signature.intact
    assert signature.identifiers == (keys.DEPARTMENT,)
    assert signature.signer == "Sở Xây dựng tỉnh An Hoà"
    assert not signature.trusted
    assert signature.trust_reason.vi


@pytest.mark.parametrize(("number", "reason"), [(4, ""), (5, "quá nhiều chứng thư")])
def test_authorities_that_certify_each_other_in_a_circle_end_nowhere_soon(number: int, reason: str) -> None:
    holder, authorities = certified_in_a_circle(number)
    root = etree.fromstring(signed_anew(etree.fromstring(SIGNED), holder))
    own = part(root, "X509Certificate")
    for each in authorities:
        etree.SubElement(own.getparent(), own.tag).text = certificate_text(each)
    (signature,) = verified(etree.tostring(root)).signatures
    assert not signature.trusted
    assert reason in signature.reason.vi
    assert signature.intact == (not reason)


def test_a_copy_of_a_signature_is_no_second_one() -> None:
    root = altered(SIGNED, _only_reference("#NODETOSIGN"))
    root = etree.fromstring(signed_anew(root))
    signature_in(root).addnext(deepcopy(signature_in(root)))
    first, second = verified(etree.tostring(root)).signatures
    assert first.intact
    assert not second.intact
    assert "lặp lại" in second.reason.vi
    assert verified(etree.tostring(root)).content is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<tyLe>", '<tyLe xmlns="">'),
        ("<NNT>", '<NNT xmlns="">'),
        ("<HSoThueDTu ", '<HSoThueDTu xml:lang="vi" '),
        ("<HSoKhaiThue ", '<HSoKhaiThue xml:lang="vi" '),
        ("<HSoThueDTu ", '<HSoThueDTu xml:space="preserve" '),
    ],
)
def test_what_only_canonicalisation_sees_is_a_change(old: str, new: str) -> None:
    changed = TEXT.replace(old, new, 1)
    assert changed != TEXT
    _refused(verified(changed.encode()), CHANGED if "HSoThueDTu" not in new else WRONG_VALUE)


@pytest.mark.parametrize("hidden", ["<!-- -->", "<?x y?>", "<?xml-stylesheet href='x'?>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_what_hides_a_part_of_a_figure_is_refused_in_every_encoding(hidden: str, encoding: str) -> None:
    declaration = '<?xml version="1.0" encoding="UTF-16"?>' if encoding == "utf-16-le" else ""
    data = (declaration + re.sub(r"<\?xml.*?\?>", "", TEXT)).replace("<tyLe>10<", f"<tyLe>1{hidden}0<").encode(encoding)
    _refused(verified(data), "chú thích" if hidden == "<!-- -->" else "chú thích hoặc lệnh")


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("UTF-32", "utf-32"), ("UTF-8", "utf-32-le"), ("UTF-16", "utf-32-be"), ("UCS-4", "utf-32-be"), ("UTF-7", "ascii"),
     ("JAVA", "ascii"), ("C99", "ascii"), ("HZ", "ascii"), ("ISO-2022-JP", "ascii"), ("EBCDIC-CP-US", "cp037")],
)  # fmt: skip
def test_an_encoding_in_which_bytes_do_not_show_a_comment_is_not_read(declared: str, encoding: str) -> None:
    text = re.sub(r'encoding=".*?"', f'encoding="{declared}"', HIDDEN)
    plain = "".join(each if each < "\x80" else f"&#{ord(each)};" for each in text)
    for data in (plain.encode(encoding), plain.replace("<!--", "\\u003c!--").encode(encoding)):
        with pytest.raises(UnreadableDocument, match="encoding"):
            read_xml(data)


def test_an_instruction_before_a_document_that_is_signed_whole_is_refused() -> None:
    profile = PROFILES["social-insurance-form"]
    data = signed_by(example("social-insurance-form"), keys.leaf(), profile=profile)
    bare = re.sub(rb"<\?xml.*?\?>\s*", b"", data)
    assert verified(bare, profile).content is not None
    _refused(verified(b'<?xml-stylesheet href="x"?>' + bare, profile), "lệnh xử lý")


DOUBLING = b"".join(b'<!ENTITY b%d "&b%d;&b%d;">' % (number + 1, number, number) for number in range(99))
EXHAUSTING: dict[str, tuple[bytes, str]] = {
    "100,000 attributes": (b"<a" + b"".join(b' a%d=""' % each for each in range(100_000)) + b"/>", "attributes"),
    "100,000 attributes whose values look like tags": (
        ("<a" + "".join(f' a{each}="\u3c3c"' for each in range(100_000)) + "/>").encode("utf-16"),
        "attributes",
    ),
    "a depth of 100,000": (b"<a>" * 100_000 + b"</a>" * 100_000, "nested too deep"),
    "entities that double": (b"<!DOCTYPE a [" + DOUBLING + b"]><a>&b99;</a>", "DTD"),
    "an endless entity": (b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///dev/zero'>]><a>&b;</a>", "DTD"),
}


@pytest.mark.parametrize("attack", EXHAUSTING)
def test_what_is_made_to_exhaust_a_reader_is_refused(attack: str) -> None:
    data, reason = EXHAUSTING[attack]
    for limits in (Limits(), Limits(size=64 * 1024 * 1024, text=64 * 1024 * 1024)):
        with pytest.raises(UnreadableDocument, match=reason):
            read_xml(data, limits=limits)


@pytest.mark.parametrize("where", ["a text", "an attribute"])
def test_larger_limits_lift_no_other(where: str) -> None:
    wide = Limits(size=64 * 1024 * 1024, text=12_000_000)
    long, longer = "x" * 11_000_000, "x" * 12_000_001
    shape = "<a>{}</a>" if where == "a text" else "<a b='{}'/>"
    assert len(etree.tostring(read_xml(shape.format(long).encode(), limits=wide).root)) > len(long)
    for data, limits in ((long, Limits()), (longer, wide)):
        with pytest.raises(UnreadableDocument, match="too long"):
            read_xml(shape.format(data).encode(), limits=limits)
    with pytest.raises(UnreadableDocument, match="nested too deep"):
        read_xml(b"<a>" * 257 + long.encode() + b"</a>" * 257, limits=wide)


def test_entities_do_not_grow_under_larger_limits() -> None:
    wide = Limits(size=64 * 1024 * 1024, text=64 * 1024 * 1024)
    entities = "".join(f'<!ENTITY b{n + 1} "&b{n};&b{n};&b{n};&b{n};">' for n in range(20))
    bomb = f'<!--\u2d2d>--><!DOCTYPE a [<!ENTITY b0 "{"x" * 99}">{entities}]><a b="&b20;">{"x" * 10_000_001}</a>'
    with pytest.raises(UnreadableDocument):
        read_xml(bomb.encode("utf-16"), limits=wide)


def test_signatures_that_have_the_document_read_again_and_again_are_refused() -> None:
    """Each with a PrefixList of its own, so that no canonical form serves twice."""
    root = altered(signed_declaration(), _only_reference("#NODETOSIGN"))
    etree.SubElement(root[0], "Khac").text = "x" * 400_000
    template, place = signature_in(root), signature_in(root).getparent()
    place.remove(template)
    made = []
    for number in range(32):
        signature = deepcopy(template)
        place.append(signature)
        prefixes = f'<i:InclusiveNamespaces xmlns:i="{EXCLUSIVE}" PrefixList="#default p{number}"/>'
        _transformed(EXCLUSIVE, inside=prefixes)(root)
        signed_anew(root)
        made.append(signature)
        place.remove(signature)
    place.extend(made)
    verification = verified(etree.tostring(root))
    assert verification.content is None
    assert "quá nhiều lần" in verification.signatures[-1].reason.vi


def test_of_many_signing_times_the_first_counts_whatever_it_says() -> None:
    root = etree.fromstring(SIGNED)
    time_of_signing = part(root, "SigningTime")
    for _ in range(10_000):
        time_of_signing.addprevious(etree.Element(f"{D}SigningTime"))
    (signature,) = verified(signed_anew(root)).signatures
    assert signature.intact
    assert signature.signing_time is None


def test_what_nobody_signed_is_named_a_hundred_times_at_most() -> None:
    root = altered(SIGNED, lambda root: root.extend(etree.Element("Khac") for _ in range(10_000)))
    (signature,) = verified(etree.tostring(root)).signatures
    assert signature.intact
    assert len(signature.not_covered) == 101
    assert signature.not_covered[-1] == "…"


def test_a_long_text_is_parsed_anew_where_canonicalisation_needs_it() -> None:
    limits = Limits(size=64 * 1024 * 1024, text=64 * 1024 * 1024)
    root = altered(SIGNED, _only_reference("#NODETOSIGN"))
    etree.SubElement(root[0], "Khac").text = "x" * 10_000_001
    prefixes = f'<i:InclusiveNamespaces xmlns:i="{EXCLUSIVE}" PrefixList="#default"/>'
    _transformed(EXCLUSIVE, inside=prefixes)(root)
    document = read_xml(signed_anew(root), limits=limits)
    (signature,) = verify(document, PROFILES["etax-2026"], keys.trust(), keys.NOW).signatures
    assert CHANGED in signature.reason.vi  # it was signed by another canonicalisation


@pytest.mark.slow
def test_fifty_megabytes_of_base64_are_read_and_verified_where_the_limits_allow_it() -> None:
    content = base64.b64encode(bytes(range(256)) * 146_500).decode()
    assert len(content) > 50_000_000
    name, limits = "social-insurance-envelope", Limits(size=64 * 1024 * 1024, text=64 * 1024 * 1024)
    data = example(name).data
    first = re.search(rb"<([A-Za-z]+)>[^<]+</", data)
    assert first
    data = data.replace(first[0], b"<%s>%s</" % (first[1], content.encode()), 1)
    with pytest.raises(UnreadableDocument, match="more than the 32 MB"):
        read_xml(data)
    document, signer = read_xml(data, limits=limits), keys.leaf().signer
    signed = sign(document, PROFILES[name], signer, at=keys.NOW, random_id=lambda: "0123")
    verification = verify(read_xml(signed, limits=limits), PROFILES[name], keys.trust(), keys.NOW)
    assert verification.content is not None
    assert len(verification.content) > 50_000_000
