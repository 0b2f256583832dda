"""Who is registered with the simulated tax office. All names and codes are invented; codes begin with 99."""

from __future__ import annotations

from dataclasses import dataclass

OFFICE_TAX_CODE = "9900000055"
OFFICE_CODE = "99901"
OFFICE_NAME = "Thuế tỉnh An Hoà (MÔ PHỎNG)"
SIGNER_NAME = "CƠ QUAN THUẾ MÔ PHỎNG"

USERNAME = "tvan"
PASSWORD = "demo"  # noqa: S105  # known to everybody, on purpose


@dataclass(frozen=True, slots=True)
class Taxpayer:
    """A registered taxpayer."""

    tax_code: str
    name: str
    address: str = "Số 1 đường Thí Dụ, phường Minh Hoạ, tỉnh An Hoà"


TAXPAYERS = {
    each.tax_code: each
    for each in (
        Taxpayer("9900000016", "Sở Xây dựng tỉnh An Hoà"),
        Taxpayer("9900000023", "Sở Nông nghiệp và Môi trường tỉnh An Hoà"),
    )
}
UNREGISTERED = Taxpayer("9900000030", "Sở Chưa Đăng Ký")
"""Has a key, but the tax office does not know it."""
