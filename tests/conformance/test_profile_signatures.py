"""What each profile signs is good for xmlsec1, python-xmlsec and the JDK; what they sign so is good for us."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import xmlsec
from lxml import etree
from signxml.algorithms import SignatureMethod
from signxml.exceptions import InvalidDigest
from signxml.xades import XAdESSignatureConfiguration, XAdESVerifier

import keys
from govgateway.documents.xml import read_xml
from govgateway.signing.algorithms import SIGNATURES
from govgateway.signing.verify import VerifiedSignature, verify
from jdk import sign_by_jdk, verified_by_jdk
from profiled import (
    PROFILES,
    SIGNING,
    CurveHolder,
    curve_holder,
    example,
    expect_python_xmlsec_accepts,
    pem,
    signed_by_xmlsec,
)
from programs import require_program
from signed import signed_by

INSTALL_XMLSEC1 = "apt-get install xmlsec1"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
PSS = "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"
CURVES = [("xades", curve_holder("P-256")), ("xades", curve_holder("P-384"))]
CASES: list[tuple[str, keys.Holder | CurveHolder]] = [*((name, keys.leaf()) for name in SIGNING), *CURVES]
NAMES = [f"{name} {holder.certificate.public_key().key_size}" for name, holder in CASES]  # type: ignore[union-attr]


def _signed(name: str, holder: keys.Holder | CurveHolder) -> bytes:
    return signed_by(example(name), holder, profile=PROFILES[name])


def _verdict(name: str, data: bytes) -> VerifiedSignature:
    (signature,) = verify(read_xml(data), PROFILES[name], keys.trust(), keys.NOW).signatures
    return signature


def _expect_good(name: str, data: bytes) -> None:
    signature = _verdict(name, data)
    assert signature.intact, signature.reason.en
    assert signature.well_placed
    assert signature.trusted


def _xmlsec1(command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = require_program("xmlsec1", INSTALL_XMLSEC1)
    ids = [("id", "HSoKhaiThue"), *(("Id", each) for each in ("Object", "SignedProperties", "TT_HOSO", "DLHDon"))]
    listed = [word for attribute, element in ids for word in (f"--id-attr:{attribute}", element)]
    return subprocess.run([program, command, *listed, *arguments], capture_output=True, text=True, check=False)


# Ours for theirs


@pytest.mark.parametrize(("name", "holder"), CASES, ids=NAMES)
def test_python_xmlsec_takes_what_we_sign(name: str, holder: keys.Holder | CurveHolder) -> None:
    data = _signed(name, holder)
    expect_python_xmlsec_accepts(data)
    with pytest.raises(xmlsec.Error):
        expect_python_xmlsec_accepts(_changed(data))


@pytest.mark.parametrize("name", SIGNING)
def test_what_a_signature_inherits_is_signed_as_others_see_it(name: str) -> None:
    """Attributes of xml: and prefixes above what is signed, which stock signxml leaves out."""
    start = f"<{etree.QName(example(name).root).localname}"
    document = example(name, (start, f'{start} xml:space="preserve" xmlns:zz="urn:zz" zz:a="1"'))
    data = signed_by(document, keys.leaf(), profile=PROFILES[name])
    expect_python_xmlsec_accepts(data)
    _expect_good(name, data)


# xmlsec1 1.2 does not know RSA-PSS; python-xmlsec, which brings 1.3, and the JDK do.
@pytest.mark.parametrize(("name", "holder"), [each for each in CASES if each != ("xades", keys.leaf())])
def test_xmlsec1_takes_what_we_sign(name: str, holder: keys.Holder | CurveHolder, tmp_path: Path) -> None:
    good, bad, key = tmp_path / "good.xml", tmp_path / "bad.xml", tmp_path / "key.pem"
    good.write_bytes(_signed(name, holder))
    bad.write_bytes(_changed(good.read_bytes()))
    key.write_bytes(pem(holder.key))
    done = _xmlsec1("--verify", "--privkey-pem", str(key), str(good))
    assert done.returncode == 0, done.stderr
    assert _xmlsec1("--verify", "--privkey-pem", str(key), str(bad)).returncode != 0


def test_the_jdk_takes_what_we_sign(tmp_path: Path) -> None:
    expected = {}
    for number, (name, holder) in enumerate(CASES):
        good, bad = tmp_path / f"{number}-good.xml", tmp_path / f"{number}-bad.xml"
        good.write_bytes(_signed(name, holder))
        bad.write_bytes(_changed(good.read_bytes()))
        expected |= {good: [True], bad: [False]}
    verdicts = verified_by_jdk(*expected)
    assert {path: [verdict for verdict, _ in verdicts[path]] for path in expected} == expected


@pytest.mark.parametrize("holder", [keys.leaf(), *(holder for _, holder in CURVES)])
def test_signxml_takes_our_xades_by_the_schema_of_the_standard(holder: keys.Holder | CurveHolder) -> None:
    methods = {SignatureMethod(each) for each in PROFILES["xades"].signature_algorithms}
    expected = XAdESSignatureConfiguration(expect_references=2, signature_methods=frozenset(methods))
    data = _signed("xades", holder)
    verified = XAdESVerifier().verify(data, x509_cert=holder.certificate, expect_config=expected)
    assert "{urn:example:letter}letter" in {each.signed_xml.tag for each in verified if each.signed_xml is not None}
    with pytest.raises(InvalidDigest):
        XAdESVerifier().verify(_changed(data), x509_cert=holder.certificate, expect_config=expected)


def _changed(data: bytes) -> bytes:
    word = next(each.encode() for each in ("20261116", "thẩm định", "Mẫu") if each.encode() in data)
    return data.replace(word, b"changed", 1)


# Theirs for us


@pytest.mark.parametrize("prefix", ["", "ds:"])
@pytest.mark.parametrize("name", SIGNING)
def test_we_take_what_python_xmlsec_signs(name: str, prefix: str) -> None:
    data = signed_by_xmlsec(name, prefix=prefix)
    _expect_good(name, data)
    assert not _verdict(name, _changed(data)).intact


@pytest.mark.parametrize("algorithm", [each for each, kind in SIGNATURES.items() if not kind.legacy])
def test_we_take_every_algorithm_of_python_xmlsec(algorithm: str) -> None:
    holder = curve_holder("P-384") if "ecdsa" in algorithm else keys.leaf()
    data = signed_by_xmlsec("xades", holder, method=algorithm)
    _expect_good("xades", data)
    assert _verdict("xades", data).algorithms[0] == SIGNATURES[algorithm].name


@pytest.mark.parametrize("name", SIGNING)
def test_we_take_what_xmlsec1_signs(name: str, tmp_path: Path) -> None:
    """xmlsec1 fills in the template anew: it computes digests and value from scratch."""
    method = f"{MORE}rsa-sha256"
    template, output, key = tmp_path / "template.xml", tmp_path / "out.xml", tmp_path / "key.pem"
    emptied = etree.fromstring(signed_by_xmlsec(name, method=method))
    for each in emptied.iter("{*}DigestValue", "{*}SignatureValue"):
        each.text = None
    template.write_bytes(etree.tostring(emptied, encoding="UTF-8"))
    key.write_bytes(pem(keys.leaf().key))
    done = _xmlsec1("--sign", "--privkey-pem", str(key), "--output", str(output), str(template))
    assert done.returncode == 0, done.stderr
    _expect_good(name, output.read_bytes())


def test_we_take_what_the_jdk_signs(tmp_path: Path) -> None:
    rsa = [(name, method) for name in SIGNING for method in (f"{MORE}rsa-sha256", PSS)]
    ecdsa = [("xades", f"{MORE}ecdsa-sha256"), ("xades", f"{MORE}ecdsa-sha384")]
    for folder, holder, cases in (("rsa", keys.leaf(), rsa), ("ecdsa", curve_holder("P-384"), ecdsa)):
        home = tmp_path / folder
        home.mkdir()
        sign_by_jdk(holder.pkcs12("password"), "password", [_job(home, *each) for each in cases], home)
        for name, method in cases:
            data = _output(home, name, method).read_bytes()
            _expect_good(name, data)
            assert _verdict(name, data).algorithms[0] == SIGNATURES[method].name
            assert not _verdict(name, _changed(data)).intact


def _job(home: Path, name: str, method: str) -> tuple[str, ...]:
    profile, document = PROFILES[name], example(name)
    source = home / f"{name}.xml"
    source.write_bytes(document.data)
    node = document.root.find("/".join(profile.signed_node)) if profile.signed_node else document.root
    assert node is not None
    uri = f"#{node.get(profile.id_attribute)}" if profile.id_attribute else ""
    if name == "etax-2026":
        # HTKK writes an id on the node that is on a row, too: whoever signs gives it one of its own.
        source.write_bytes(document.data.replace(b'<HSoKhaiThue id="ID_1">', b'<HSoKhaiThue id="NODETOSIGN">'))
        uri = "#NODETOSIGN"
    place = "/".join(etree.QName(each).localname for each in profile.places[0])
    time = "2026-11-16T10:00:00" if profile.signing_time == "object" else ""
    return (
        str(source), str(_output(home, name, method)), place, uri, profile.canonicalisation, method,
        profile.digest_algorithm, " ".join(profile.transforms), time,
    )  # fmt: skip


def _output(home: Path, name: str, method: str) -> Path:
    return home / f"{name}-{method.rpartition('#')[2]}.xml"
