"""How the simulated tax office judges a declaration: one check after another, each a small function, in CHECKS.

Signatures are judged by xmlsec. It forgives moved nodes and repeated ids, so place and uniqueness are checked here.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import cast

import xmlsec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from lxml import etree

from govgateway_mocks import schema
from govgateway_mocks.registry import Taxpayer

T = "{http://kekhaithue.gdt.gov.vn/TKhaiThue}"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
VIETNAM = timezone(timedelta(hours=7))
_HEADER = f"{T}HSoKhaiThue/{T}TTinChung/{T}TTinTKhaiThue"
_IDS = "//*[@Id=$value or @ID=$value or @id=$value or @xml:id=$value]"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a declaration is refused, by the notice's own element names."""

    tenNhomLoi: str  # noqa: N815
    tenLoi: str  # noqa: N815
    huongDanXuLy: str  # noqa: N815
    ghiChu: str = ""  # noqa: N815


@dataclass(frozen=True, slots=True)
class Case:
    """A declaration before the office: the parsed document, and what the office knows when it looks."""

    root: etree._Element
    now: datetime
    taxpayers: Mapping[str, Taxpayer]
    issuers: tuple[x509.Certificate, ...]
    accepted: frozenset[tuple[str, ...]]

    def text(self, path: str) -> str:
        """The text of a header field, such as ``TKhaiThue/maTKhai``."""
        return (self.root.findtext("/".join([_HEADER, *(f"{T}{step}" for step in path.split("/"))])) or "").strip()

    @property
    def key(self) -> tuple[str, ...]:
        """What the office takes once: taxpayer, form, period, type, number."""
        fields = ("maTKhai", "KyKKhaiThue/kieuKy", "KyKKhaiThue/kyKKhai", "loaiTKhai", "soLan")
        return (self.text("NNT/mst"), *(self.text(f"TKhaiThue/{field}") for field in fields))

    @property
    def signatures(self) -> list[etree._Element]:
        """The signatures at their place."""
        return self.root.findall(f"{T}CKyDTu/{DS}Signature")

    @property
    def certificates(self) -> list[x509.Certificate]:
        """The signers' certificates."""
        found = [each.findtext(f".//{DS}X509Certificate") or "" for each in self.signatures]
        return [x509.load_der_x509_certificate(base64.b64decode(each)) for each in found]


Check = Callable[[Case], Iterator[Reason]]


def listed(case: Case) -> Iterator[Reason]:
    """Code, version and type stand in the catalogue."""
    code, version, kind = (case.text(f"TKhaiThue/{name}") for name in ("maTKhai", "pbanTKhaiXML", "loaiTKhai"))
    if (code, version, kind) not in schema.catalogue():
        yield Reason(
            "Mã hồ sơ",
            f"Mã hồ sơ ({code}) hoặc phiên bản hồ sơ ({version}) không đúng",
            "Cập nhật phần mềm kê khai.",
            "/HSoThueDTu/HSoKhaiThue/TTinChung/TTinTKhaiThue/TKhaiThue/maTKhai",
        )


def structured(case: Case) -> Iterator[Reason]:
    """The document fits the form's schema."""
    found = schema.form_schema(case.text("TKhaiThue/maTKhai"), case.text("TKhaiThue/pbanTKhaiXML"))
    if found is not None and not found.validate(case.root):
        entries = cast(list[etree._LogEntry], list(cast(object, found.error_log)))  # type: ignore[call-overload]
        path = schema.path_of(cast(list[etree._Element], case.root.xpath(entries[0].path))[0])
        said = f"Tờ khai không đúng định dạng với XSD: {path}"
        yield Reason("Định dạng", said, "Xuất lại tệp từ phần mềm kê khai.", path)


def calculated(case: Case) -> Iterator[Reason]:
    """The figures agree with each other."""
    code, version = case.text("TKhaiThue/maTKhai"), case.text("TKhaiThue/pbanTKhaiXML")
    if schema.form_schema(code, version) is None:
        return
    for text, path in schema.broken_rules(case.root, code, version):
        yield Reason("Số liệu", text, "Sửa số liệu và gửi lại tờ khai.", path)


def signed(case: Case) -> Iterator[Reason]:
    """There is a signature, at its place, and every one is valid over the declaration."""
    everywhere = list(case.root.iter(f"{DS}Signature"))
    if not everywhere or len(everywhere) != len(case.signatures):
        yield _bad_signature("Hồ sơ chưa được ký điện tử hoặc chữ ký không đúng vị trí")
        return
    for signature in case.signatures:
        if not (_covers_declaration(signature, case.root) and _valid(signature, case.root)):
            yield _bad_signature("Hồ sơ đã bị sửa sau khi ký điện tử hoặc chữ ký điện tử trên hồ sơ không hợp lệ")


def _bad_signature(text: str) -> Reason:
    return Reason("Chữ ký điện tử", text, "Ký lại hồ sơ và gửi lại.", "/HSoThueDTu/CKyDTu")


def _covers_declaration(signature: etree._Element, root: etree._Element) -> bool:
    """Whether the signature refers to the one declaration at its place, and that hides nothing."""
    nodes = root.findall(f"{T}HSoKhaiThue")
    covered = False
    for reference in signature.iterfind(f"{DS}SignedInfo/{DS}Reference"):
        identifier = reference.get("URI", "")
        found = cast(list[etree._Element], root.xpath(_IDS, value=identifier[1:])) if identifier.startswith("#") else []
        if len(found) != 1:
            return False
        covered |= found == nodes
    hidden = nodes and cast(bool, nodes[0].xpath("boolean(.//comment() | .//processing-instruction())"))
    return covered and not hidden


def _valid(signature: etree._Element, root: etree._Element) -> bool:
    written = signature.findtext(f".//{DS}X509Certificate") or ""
    try:
        certificate = x509.load_der_x509_certificate(base64.b64decode(written))
        xmlsec.tree.add_ids(root, ["id", "Id", "ID"])
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_memory(
            certificate.public_bytes(Encoding.PEM), xmlsec.constants.KeyDataFormatCertPem
        )
        context.verify(signature)
    except (xmlsec.Error, ValueError):
        return False
    return True


def certified(case: Case) -> Iterator[Reason]:
    """Every signer's certificate comes from an authority that the office knows, and is valid now."""
    for certificate in case.certificates:
        if not any(_issued(certificate, issuer) for issuer in case.issuers):
            text, remedy = (
                "Không tìm thấy chứng thư số của nhà cung cấp",
                "Dùng chứng thư số của nhà cung cấp được cấp phép.",
            )
            yield Reason("Chứng thư số", text, remedy)
        elif case.now > certificate.not_valid_after_utc:
            yield Reason("Chứng thư số", "Chứng thư số đã hết hiệu lực", "Gia hạn chứng thư số rồi ký lại.")
        elif case.now < certificate.not_valid_before_utc:
            yield Reason("Chứng thư số", "Chứng thư số chưa có hiệu lực", "Kiểm tra chứng thư số rồi ký lại.")


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    key = issuer.public_key()
    if certificate.issuer != issuer.subject or not isinstance(key, rsa.RSAPublicKey):
        return False
    try:
        algorithm = cast(HashAlgorithm, certificate.signature_hash_algorithm)
        key.verify(certificate.signature, certificate.tbs_certificate_bytes, padding.PKCS1v15(), algorithm)
    except InvalidSignature:
        return False
    return True


def owned(case: Case) -> Iterator[Reason]:
    """One signer is the taxpayer: UID=MST:<mst>."""
    wanted = f"MST:{case.text('NNT/mst')}"
    uids = {
        str(attribute.value)
        for certificate in case.certificates
        for attribute in certificate.subject.get_attributes_for_oid(NameOID.USER_ID)
    }
    if wanted not in uids:
        yield Reason(
            "Chữ ký điện tử",
            "Chứng thư số không phải của người nộp thuế trên hồ sơ",
            "Ký bằng chứng thư số của người nộp thuế.",
            "/HSoThueDTu/HSoKhaiThue/TTinChung/TTinTKhaiThue/NNT/mst",
        )


def registered(case: Case) -> Iterator[Reason]:
    """The taxpayer is registered for electronic filing."""
    if case.text("NNT/mst") not in case.taxpayers:
        yield Reason(
            "Đăng ký",
            "Người nộp thuế chưa đăng ký nộp hồ sơ thuế điện tử",
            "Đăng ký giao dịch điện tử với cơ quan thuế.",
            "/HSoThueDTu/HSoKhaiThue/TTinChung/TTinTKhaiThue/NNT/mst",
        )


def unique(case: Case) -> Iterator[Reason]:
    """The office has not accepted the same obligation before."""
    if case.key in case.accepted:
        yield Reason(
            "Trùng hồ sơ",
            "Người nộp thuế đã nộp tờ khai chính thức của kỳ tính thuế này",
            "Nộp tờ khai bổ sung nếu cần điều chỉnh.",
            "/HSoThueDTu/HSoKhaiThue/TTinChung/TTinTKhaiThue/TKhaiThue/KyKKhaiThue/kyKKhai",
        )


def begun(case: Case) -> Iterator[Reason]:
    """The tax period is not in the future."""
    first = _first_day(case.text("TKhaiThue/KyKKhaiThue/kieuKy"), case.text("TKhaiThue/KyKKhaiThue/kyKKhai"))
    if first is not None and first > case.now.astimezone(VIETNAM).date():
        yield Reason(
            "Kỳ tính thuế",
            "Kỳ tính thuế chưa bắt đầu",
            "Kiểm tra lại kỳ tính thuế.",
            "/HSoThueDTu/HSoKhaiThue/TTinChung/TTinTKhaiThue/TKhaiThue/KyKKhaiThue/kyKKhai",
        )


def _first_day(kind: str, period: str) -> date | None:
    numbers = [int(each) for each in period.split("/") if each.isdecimal()]
    try:
        if kind == "M":
            return date(numbers[1], numbers[0], 1)
        if kind == "Q":
            return date(numbers[1], 3 * numbers[0] - 2, 1)
        if kind == "D":
            return date(numbers[2], numbers[1], numbers[0])
        return date(numbers[0], 1, 1) if kind == "Y" else None
    except (IndexError, ValueError):
        return None


FORMAT: tuple[Check, ...] = (listed, structured)
"""Answered with notice 213: the office cannot read the declaration."""

RECEIPT: tuple[Check, ...] = (signed, certified, owned, registered)
"""Answered with a notice 843 that refuses receipt."""

ACCEPTANCE: tuple[Check, ...] = (calculated, unique, begun)
"""Answered with a notice 844 that refuses acceptance, after a notice 843 of receipt."""


def first_reasons(checks: tuple[Check, ...], case: Case) -> tuple[Reason, ...]:
    """What the first check that has anything to say says: later ones presume it."""
    for check in checks:
        reasons = tuple(check(case))
        if reasons:
            return reasons
    return ()
