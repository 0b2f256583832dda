"""Documents of a capture, signed anew with a demonstration key: what was signed changed, what signed was removed."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import xmlsec
from lxml import etree

from govgateway_mocks.pki import DemonstrationPki, Holder
from govgateway_mocks.pki.files import read_holder

_DS = "{http://www.w3.org/2000/09/xmldsig#}"
_VIETNAM = timezone(timedelta(hours=7))
_TAX_CODE = re.compile(r"\d{10}(?:-\d{3})?")


class Unsigned(Exception):
    """A document could not be signed as it was."""


def sign_again(root: etree._Element, pki: DemonstrationPki, at: datetime) -> None:
    """Sign ``root`` as it was signed, where it was signed, at the moment ``at``, by whose tax code it has first.

    Raises Unsigned when xmlsec cannot, or no demonstration key is of a tax code in the document.
    """
    signatures = list(root.iter(f"{_DS}Signature"))
    if not signatures:
        return
    holder = _holder(root, pki)
    xmlsec.tree.add_ids(root, ["id", "Id", "ID"])
    for each in signatures:
        _prepare(each, holder, at)
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_memory(holder.key_pem, xmlsec.constants.KeyDataFormatPem)
        try:
            context.sign(each)
        except xmlsec.Error:
            raise Unsigned from None


def _holder(root: etree._Element, pki: DemonstrationPki) -> Holder:
    for code in _tax_codes(root):
        path: Path = pki.folder / f"{code}.p12"
        if path.is_file():
            return read_holder(path, pki.issuing)
    raise Unsigned


def _tax_codes(root: etree._Element) -> Iterator[str]:
    for each in root.iter("*"):
        text = (each.text or "").strip()
        if _TAX_CODE.fullmatch(text):
            yield text


def _prepare(signature: etree._Element, holder: Holder, at: datetime) -> None:
    """Make a template of ``signature``: empty values, the holder's certificate, the time."""
    for name in ("DigestValue", "SignatureValue"):
        for each in signature.iter(f"{_DS}{name}"):
            each.text = None
    for data in signature.iterfind(f"{_DS}KeyInfo/{_DS}X509Data"):
        _certify(data, holder)
    for value in signature.iterfind(f"{_DS}KeyInfo/{_DS}KeyValue"):
        value.clear()
    for each in signature.iter("{*}SigningTime"):
        each.text = f"{at.astimezone(_VIETNAM):%Y-%m-%dT%H:%M:%S}"


def _certify(data: etree._Element, holder: Holder) -> None:
    written = {
        f"{_DS}X509SubjectName": holder.certificate.subject.rfc4514_string(),
        f"{_DS}X509Certificate": base64.b64encode(holder.certificate_der).decode(),
    }
    for each in list(data):
        if each.tag in written:
            each.text = written.pop(each.tag)
        else:
            data.remove(each)
