"""What an attacker does to a signed document: signs anything with a key of his own, hides and moves its parts."""

from __future__ import annotations

import base64
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from lxml import etree

import keys
from govgateway.signing.canonical import C14N, canonical
from govgateway.signing.profile import SignatureProfile
from govgateway.signing.references import DS, SIGNATURE, elements_by_id

D = f"{{{DS}}}"
HIDING_PLACES = ("before", "after", "beside the signature", "inside Object", "inside KeyInfo", "inside the signature")


def self_made() -> keys.Holder:
    """A key with a certificate in the department's name, tax code and all, that nobody but its holder issued."""
    key, name = rsa.generate_private_key(public_exponent=65537, key_size=2048), keys.leaf().certificate.subject
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    valid = builder.not_valid_before(keys.NOW - timedelta(days=9)).not_valid_after(keys.NOW + timedelta(days=9))
    return keys.Holder(key, valid.serial_number(x509.random_serial_number()).sign(key, hashes.SHA256()))


def certified_in_a_circle(number: int) -> tuple[keys.Holder, list[keys.Holder]]:
    """A key certified by the first of ``number`` authorities of one name, each of which the next has certified."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Vòng tròn")])
    own = [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(number + 1)]
    subjects = [keys.leaf().certificate.subject, *[name] * number]
    made = []
    for at, (key, subject) in enumerate(zip(own, subjects, strict=True)):
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(name).public_key(key.public_key())
        builder = builder.not_valid_before(keys.NOW - timedelta(days=9)).not_valid_after(keys.NOW + timedelta(days=9))
        builder = builder.add_extension(x509.BasicConstraints(ca=at > 0, path_length=None), critical=True)
        issuer = own[at + 1 if at < number else 1]
        made.append(builder.serial_number(x509.random_serial_number()).sign(issuer, hashes.SHA256()))
    holders = [keys.Holder(key, certificate) for key, certificate in zip(own, made, strict=True)]
    return holders[0], holders[1:]


def certificate_text(holder: keys.Holder) -> str:
    """The certificate as X509Certificate holds it."""
    return base64.b64encode(holder.certificate.public_bytes(Encoding.DER)).decode()


def signature_in(root: etree._Element) -> etree._Element:
    """The first Signature below ``root``."""
    return next(root.iter(SIGNATURE))


def part(root: etree._Element, name: str) -> etree._Element:
    """The first element ``name`` (of XML signatures) in the first Signature below ``root``."""
    return next(signature_in(root).iter(f"{D}{name}"))


def signed_anew(root: etree._Element, holder: keys.Holder | None = None) -> bytes:
    """The document ``root`` with the digests of its references by id and the value of its first Signature computed
    anew, by the key of ``holder`` (the department's when None) and under its certificate."""
    holder, signature = holder or keys.leaf(), signature_in(root)
    part(root, "X509Certificate").text = certificate_text(holder)
    references = signature[0].findall(f"{D}Reference")
    uris = {each.get("URI", "")[1:] for each in references}
    digests = {uri: _digest(found[0]) for uri, found in elements_by_id(root).items() if uri in uris}
    for reference in references:
        digest = digests.get(reference.get("URI", "")[1:])
        if digest:
            reference[-1].text = digest
    value = holder.key.sign(canonical(signature[0], C14N), padding.PKCS1v15(), hashes.SHA256())
    signature[1].text = base64.b64encode(value).decode()
    return etree.tostring(root, encoding="UTF-8")


def _digest(target: etree._Element) -> str:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(canonical(target, C14N))
    return base64.b64encode(digest.finalize()).decode()


def altered(data: bytes, change: Callable[[etree._Element], object]) -> etree._Element:
    """The document element of ``data`` after ``change``."""
    root = etree.fromstring(data)
    change(root)
    return root


def wrapped(data: bytes, profile: SignatureProfile, where: str, *, same_id: bool) -> bytes:
    """``data``, signed by ``profile``, with another figure in the signed node and the node that was signed hidden at
    ``where``, one of HIDING_PLACES; the forged node has the ``same_id`` or none."""
    root = etree.fromstring(data)
    node = cast(etree._Element, root.find("/".join(profile.signed_node)) if profile.signed_node else root)
    true = deepcopy(node)
    true.tail = None
    for signature in [] if profile.signed_node else list(true.iter(SIGNATURE)):
        signature.getparent().remove(signature)
    next(each for each in node.iter(etree.Element) if not len(each)).text = "giả"
    if not same_id:
        del node.attrib[profile.id_attribute]
    _hide(true, root, where)
    return etree.tostring(root, encoding="UTF-8")


def _hide(true: etree._Element, root: etree._Element, where: str) -> None:
    signature = signature_in(root)
    if where in {"before", "after"}:
        holder = etree.Element("Khac")
        holder.append(true)
        root.insert(0 if where == "before" else len(root), holder)
    elif where == "beside the signature":
        signature.addprevious(true)
    elif where == "inside Object":
        etree.SubElement(signature, f"{D}Object").append(true)
    else:
        (part(root, "KeyInfo") if where == "inside KeyInfo" else signature).append(true)


def rearranged(root: etree._Element, choose: Callable[[int], int]) -> etree._Element:
    """The document element after one change of structure, drawn by ``choose`` (a number below the one it is given):
    a node moved, copied, wrapped, renamed or left out, attributes or texts of two nodes exchanged."""
    nodes = list(root.iter(etree.Element))
    one, other = nodes[choose(len(nodes))], nodes[choose(len(nodes))]
    kind, at = choose(7), choose(len(other) + 1)
    if kind == 0:
        other.insert(at, deepcopy(one))
    elif kind == 1 and one not in (other, *other.iterancestors()):
        other.insert(at, one)
    elif kind == 2:
        wrapper, parent = etree.Element(other.tag), one.getparent()
        if parent is not None:
            parent.replace(one, wrapper)
        wrapper.append(one)
    elif kind == 3:
        one.tag = other.tag
    elif kind == 4 and one is not root:
        one.getparent().remove(one)
    elif kind == 5:
        mine, others = dict(one.attrib), dict(other.attrib)
        for each, values in ((one, others), (other, mine)):
            each.attrib.clear()
            each.attrib.update(values)
    elif kind == 6:
        one.text, other.text = other.text, one.text
    return root.getroottree().getroot()
