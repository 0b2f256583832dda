"""Whom the demonstration certificates name. All people, organisations and codes are invented."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cryptography import x509
from cryptography.x509.oid import NameOID

from govgateway.errors import Text
from govgateway_mocks.pki.issuing import Days

ORGANISATION = "govgateway DEMONSTRATION"
"""Of every authority: the gateway refuses what such an organisation issued outside simulators."""


class Validity(StrEnum):
    """What is the matter with a certificate when it is made."""

    GOOD = "good"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    REVOKED = "revoked"

    @property
    def days(self) -> Days | None:
        """From and to when it is valid; None is as its profile says."""
        return {Validity.EXPIRED: (-400, -1), Validity.NOT_YET_VALID: (30, 3650)}.get(self)

    @property
    def suffix(self) -> str:
        """What its file has after the holder's name."""
        return "" if self is Validity.GOOD else f"-{self}"


@dataclass(frozen=True, slots=True)
class Subject:
    """A holder's name, the UIDs that identify it (``MST:9900000016``, ``CCCD:…``, ``MNS:…``), its organisation."""

    name: str
    uids: tuple[str, ...] = ()
    organisation: str = ""

    @property
    def x509(self) -> x509.Name:
        """As a certificate has it."""
        return x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
                *(x509.NameAttribute(NameOID.ORGANIZATION_NAME, each) for each in (self.organisation,) if each),
                x509.NameAttribute(NameOID.COMMON_NAME, self.name),
                *(x509.NameAttribute(NameOID.USER_ID, each) for each in self.uids),
            ]
        )

    @property
    def stem(self) -> str:
        """What its files are called: a tax code alone, any other code after its kind."""
        return "-".join(each.removeprefix("MST:").replace(":", "-").lower() for each in self.uids)


def organisation(name: str, *uids: str) -> Subject:
    """An organisation, which is its own certificate's holder."""
    return Subject(name, uids, name)


@dataclass(frozen=True, slots=True)
class Role:
    """A subject in the set that is written out, and what its certificate is there for."""

    subject: Subject
    meaning: Text
    validity: Validity = Validity.GOOD


_CONSTRUCTION = "Sở Xây dựng tỉnh An Hoà"
_DEPARTMENT = organisation(_CONSTRUCTION, "MST:9900000016")
_GOOD = Text("Tổ chức có mã số thuế, chứng thư còn hạn.", "An organisation with a tax code; the certificate is good.")

PUBLIC_ROLES = (
    Role(_DEPARTMENT, _GOOD),
    Role(organisation("Sở Nông nghiệp và Môi trường tỉnh An Hoà", "MST:9900000023"), _GOOD),
    Role(
        organisation("Sở Chưa Đăng Ký", "MST:9900000030"),
        Text("Tổ chức chưa đăng ký với cơ quan nào.", "An organisation that is registered with no agency."),
    ),
    Role(
        organisation("Công ty TNHH Thí Dụ", "MST:9900000048"),
        Text("Sai chủ: chứng thư tốt, nhưng của mã số thuế khác.", "Wrong owner: good, but that of another tax code."),
    ),
    Role(
        organisation(f"Chi nhánh {_CONSTRUCTION}", "MST:9900000016-998"),
        Text("Đơn vị trực thuộc của 9900000016.", "A branch of 9900000016."),
    ),
    Role(
        _DEPARTMENT,
        Text("Đã hết hạn từ hôm trước ngày tạo.", "Expired on the day before it was made."),
        Validity.EXPIRED,
    ),
    Role(
        _DEPARTMENT,
        Text("Đã bị thu hồi (lộ khoá).", "Revoked (key compromise)."),
        Validity.REVOKED,
    ),
    Role(
        _DEPARTMENT,
        Text("Chưa có hiệu lực cho đến 30 ngày sau ngày tạo.", "Not valid until 30 days after it was made."),
        Validity.NOT_YET_VALID,
    ),
    Role(
        Subject("Nguyễn Thị Minh Hoạ", ("CCCD:999000000016",)),
        Text("Cá nhân.", "A person."),
    ),
    Role(
        Subject("Trần Văn Thí Dụ", ("MST:9900000016", "CCCD:999000000023"), _CONSTRUCTION),
        Text("Cá nhân ký cho tổ chức: hai mã trong một chứng thư.", "A person of an organisation: two codes in one."),
    ),
)
GOVERNMENT_ROLES = (
    Role(
        organisation(_CONSTRUCTION, "MST:9900000016", "MNS:9900016"),
        Text("Cơ quan nhà nước: mã số thuế và mã ngân sách.", "A state body: tax code and budget code."),
    ),
    Role(
        organisation("Ban Quản lý dự án tỉnh An Hoà", "MNS:9900023"),
        Text("Đơn vị sử dụng ngân sách, chỉ có mã ngân sách.", "A budget unit, by its budget code alone."),
    ),
    Role(
        Subject("Lê Thị Công Vụ", ("CCCD:999000000030",), _CONSTRUCTION),
        Text("Cán bộ, công chức.", "An official."),
    ),
)
