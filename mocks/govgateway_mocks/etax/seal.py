"""How the simulated tax office signs its notices: with xmlsec, which shares no code with the gateway.

What a notice looks like that was sealed wrongly on purpose is here too.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from html import escape

import xmlsec
from lxml import etree

from govgateway_mocks.etax.case import VIETNAM
from govgateway_mocks.pki import Holder

_DS = "http://www.w3.org/2000/09/xmldsig#"
_FIRST_DIGIT = re.compile(rb"(<NDungTBao[ >].*?>[^<0-9]*)([0-9])", re.DOTALL)


def sign(root: etree._Element, office: Holder, at: datetime) -> None:
    """The portal's shape of 2026: two references without transforms, subject name and certificate, signing time.

    Its ids follow from what is signed, so that the same notice signed again is the same, byte for byte.
    """
    mark = hashlib.sha256(etree.tostring(root)).hexdigest()[:32]
    identifier = f"SigningTime-{mark}"
    written = base64.b64encode(office.certificate_der).decode()
    subject = escape(office.certificate.subject.rfc4514_string())
    template = f"""<Signature xmlns="{_DS}" Id="NBan-{mark}"><SignedInfo>\
<CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>\
<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>\
{"".join(_reference(each) for each in ("NODETOSIGN", identifier))}</SignedInfo><SignatureValue/><KeyInfo><X509Data>\
<X509SubjectName>{subject}</X509SubjectName><X509Certificate>{written}</X509Certificate></X509Data></KeyInfo>\
<Object Id="{identifier}"><SignatureProperties><SignatureProperty Target="signatureProperties">\
<SigningTime>{at.astimezone(VIETNAM):%Y-%m-%dT%H:%M:%S}</SigningTime></SignatureProperty></SignatureProperties></Object>\
</Signature>"""
    signature = etree.fromstring(template)
    root[-1].append(signature)
    xmlsec.tree.add_ids(root, ["id", "Id"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(office.key_pem, xmlsec.constants.KeyDataFormatPem)
    context.sign(signature)


def _reference(identifier: str) -> str:
    return (
        f'<Reference URI="#{identifier}"><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
        "<DigestValue/></Reference>"
    )


def resealed(notice: bytes, holder: Holder, at: datetime, changes: Mapping[str, str] | None = None) -> bytes:
    """``notice`` with the text of every element named in ``changes`` replaced, signed anew by ``holder``."""
    root = etree.fromstring(notice)
    root[-1].clear()
    for name, text in (changes or {}).items():
        for each in root.iter(f"{{*}}{name}"):
            each.text = text
    sign(root, holder, at)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def altered(notice: bytes) -> bytes:
    """``notice`` with the first figure of its content changed, its signature left as it was."""
    return _FIRST_DIGIT.sub(lambda found: found[1] + str((int(found[2]) + 1) % 10).encode(), notice, count=1)
