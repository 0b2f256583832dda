"""What we sign is good for tools that nobody here wrote; what they sign in the portal's shape is good for us."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import xmlsec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree

import keys
from govgateway.documents.xml import read_xml
from govgateway.signing.certificates import subject_text
from jdk import verified_by_jdk
from programs import require_program
from samples import declaration
from signed import signed_by, signed_declaration, verified

INSTALL_XMLSEC1 = "apt-get install xmlsec1"

TEMPLATE = """<Signature xmlns="http://www.w3.org/2000/09/xmldsig#" Id="NBan-1"><SignedInfo>\
<CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>\
<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>\
<Reference URI="#NODETOSIGN"><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/></Reference>\
<Reference URI="#SigningTime-1"><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/></Reference>\
</SignedInfo><SignatureValue/><KeyInfo><X509Data><X509SubjectName>{subject}</X509SubjectName>\
<X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo><Object Id="SigningTime-1"><SignatureProperties>\
<SignatureProperty Target="signatureProperties"><SigningTime>2026-11-16T10:00:00</SigningTime></SignatureProperty>\
</SignatureProperties></Object></Signature>"""


def _two_signatures() -> bytes:
    return signed_by(read_xml(signed_declaration()), keys.leaf("MST:9900000023", common="Đại lý thuế Mẫu"))


def _template() -> bytes:
    """The example declaration with an empty signature in the portal's shape."""
    certificate = keys.leaf().certificate
    body = "".join(certificate.public_bytes(Encoding.PEM).decode().splitlines()[1:-1])
    signature = TEMPLATE.format(subject=subject_text(certificate), certificate=body)
    return declaration(
        ('<HSoKhaiThue id="ID_1">', '<HSoKhaiThue id="NODETOSIGN">'),
        ("<CKyDTu></CKyDTu>", f"<CKyDTu>{signature}</CKyDTu>"),
    ).data


def _xmlsec1(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    ids = ("--id-attr:id", "HSoKhaiThue", "--id-attr:Id", "Object")
    return subprocess.run([program, *arguments[:1], *ids, *arguments[1:]], capture_output=True, text=True, check=False)


def _certificates(folder: Path) -> tuple[str, ...]:
    trusted, others = folder / "root.pem", folder / "issuing.pem"
    trusted.write_bytes(keys.root().certificate.public_bytes(Encoding.PEM))
    others.write_bytes(keys.issuing().certificate.public_bytes(Encoding.PEM))
    return ("--trusted-pem", str(trusted), "--untrusted-pem", str(others), "--verification-time", "2026-11-16 03:00:00")


def test_xmlsec1_takes_both_signatures(tmp_path: Path) -> None:
    program = require_program("xmlsec1", INSTALL_XMLSEC1)
    path = tmp_path / "signed.xml"
    path.write_bytes(_two_signatures())
    for number in (1, 2):
        which = ("--node-xpath", f"(//*[local-name()='Signature'])[{number}]")
        done = _xmlsec1(program, "--verify", *which, *_certificates(tmp_path), str(path))
        assert done.returncode == 0, done.stderr


def test_xmlsec1_refuses_a_changed_figure(tmp_path: Path) -> None:
    program = require_program("xmlsec1", INSTALL_XMLSEC1)
    path = tmp_path / "signed.xml"
    path.write_bytes(signed_declaration().replace(b"<tyLe>10<", b"<tyLe>11<"))
    assert _xmlsec1(program, "--verify", *_certificates(tmp_path), str(path)).returncode != 0


def test_the_jdk_takes_both_signatures(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.xml", tmp_path / "bad.xml"
    good.write_bytes(_two_signatures())
    bad.write_bytes(_two_signatures().replace(b"<tyLe>10<", b"<tyLe>11<"))
    verdicts = verified_by_jdk(good, bad)
    assert [[verdict for verdict, _ in verdicts[path]] for path in (good, bad)] == [[True, True], [False, False]]
    assert all(uris[0] == "#NODETOSIGN" for path in verdicts for _, uris in verdicts[path])
    assert all(re.fullmatch("#SigningTime-[0-9a-f]+", uris[1]) for path in verdicts for _, uris in verdicts[path])


def test_python_xmlsec_takes_what_we_sign() -> None:
    root = etree.fromstring(_two_signatures())
    xmlsec.tree.add_ids(root, ["id", "Id"])
    for signature in root.iter("{http://www.w3.org/2000/09/xmldsig#}Signature"):
        written = signature.findtext(".//{http://www.w3.org/2000/09/xmldsig#}X509Certificate")
        context = xmlsec.SignatureContext()
        pem = f"-----BEGIN CERTIFICATE-----\n{written}\n-----END CERTIFICATE-----\n"
        context.key = xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatCertPem)
        context.verify(signature)


def test_we_take_what_xmlsec1_signs(tmp_path: Path) -> None:
    program = require_program("xmlsec1", INSTALL_XMLSEC1)
    key, template, output = tmp_path / "key.pem", tmp_path / "template.xml", tmp_path / "out.xml"
    key.write_bytes(keys.leaf().key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    template.write_bytes(_template())
    done = _xmlsec1(program, "--sign", "--privkey-pem", str(key), "--output", str(output), str(template))
    assert done.returncode == 0, done.stderr
    _expect_good(output.read_bytes())


def test_we_take_what_python_xmlsec_signs() -> None:
    root = etree.fromstring(_template())
    xmlsec.tree.add_ids(root, ["id", "Id"])
    context = xmlsec.SignatureContext()
    key = keys.leaf().key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    context.key = xmlsec.Key.from_memory(key, xmlsec.constants.KeyDataFormatPem)
    context.sign(root.find(".//{http://www.w3.org/2000/09/xmldsig#}Signature"))
    _expect_good(etree.tostring(root, encoding="UTF-8"))


def _expect_good(data: bytes) -> None:
    (signature,) = verified(data).signatures
    assert signature.intact, signature.reason
    assert signature.well_placed
    assert signature.trusted
    assert signature.signing_time == keys.NOW


@pytest.mark.parametrize("prefix", ["ds:", "dsig:"])
def test_a_prefixed_signature_of_another_signer_is_good_too(prefix: str) -> None:
    name = prefix.rstrip(":")
    root = etree.fromstring(
        re.sub(rb"<(/?)(?=Sig|Can|Ref|Dig|Key|X509|Obj)", rb"<\1" + prefix.encode(), _template()).replace(
            b'xmlns="http://www.w3.org/2000', f'xmlns:{name}="http://www.w3.org/2000'.encode()
        )
    )
    xmlsec.tree.add_ids(root, ["id", "Id"])
    context = xmlsec.SignatureContext()
    key = keys.leaf().key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    context.key = xmlsec.Key.from_memory(key, xmlsec.constants.KeyDataFormatPem)
    context.sign(root.find(".//{http://www.w3.org/2000/09/xmldsig#}Signature"))
    _expect_good(etree.tostring(root, encoding="UTF-8"))
