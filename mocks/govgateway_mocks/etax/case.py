"""A declaration before the simulated tax office, and why it may be refused."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from cryptography import x509
from lxml import etree

from govgateway_mocks.etax.registry import Taxpayer
from govgateway_mocks.pki import DemonstrationPki

T = "{http://kekhaithue.gdt.gov.vn/TKhaiThue}"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
ROOT = f"{T}HSoThueDTu"
NODE = f"{T}HSoKhaiThue"
VIETNAM = timezone(timedelta(hours=7))
_HEADER = f"{T}HSoKhaiThue/{T}TTinChung/{T}TTinTKhaiThue"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a declaration is refused, by the notice's own element names."""

    tenNhomLoi: str  # noqa: N815
    tenLoi: str  # noqa: N815
    huongDanXuLy: str  # noqa: N815
    ghiChu: str = ""  # noqa: N815


Reasons = tuple[Reason, ...]


def first_reasons(checks: Iterable[Iterator[Reason]]) -> Reasons:
    """What the first check that has anything to say says: later ones presume it, and are not asked."""
    return next(filter(None, map(tuple, checks)), ())


@dataclass(frozen=True, slots=True)
class Case:
    """A declaration before the office: the parsed document, and what the office knows of the world when it looks.

    ``arguments`` are those of the service that brought it; an upload has none.
    """

    root: etree._Element
    now: datetime
    taxpayers: Mapping[str, Taxpayer]
    pki: DemonstrationPki
    arguments: Mapping[str, str] = field(default_factory=dict)
    encoding: str = "UTF-8"

    def text(self, path: str) -> str:
        """The text of a header field, such as ``TKhaiThue/maTKhai``."""
        return (self.root.findtext("/".join([_HEADER, *(f"{T}{step}" for step in path.split("/"))])) or "").strip()

    @property
    def form(self) -> tuple[str, str, str]:
        """What the catalogue knows a form by: code, version, type."""
        return (
            self.text("TKhaiThue/maTKhai"),
            self.text("TKhaiThue/pbanTKhaiXML"),
            self.text("TKhaiThue/loaiTKhai"),
        )

    @property
    def period(self) -> str:
        """Kind and name of the tax period, such as ``M 10/2026``; of one from day to day both days."""
        kind = self.text("TKhaiThue/KyKKhaiThue/kieuKy")
        days = ("kyKKhaiTuNgay", "kyKKhaiDenNgay") if kind == "K" else ("kyKKhai",)
        return f"{kind} {'-'.join(self.text(f'TKhaiThue/KyKKhaiThue/{each}') for each in days)}"

    @property
    def number(self) -> str:
        """soLan without leading zeros."""
        return self.text("TKhaiThue/soLan").lstrip("0") or "0"

    @property
    def key(self) -> str:
        """What arrivals are counted by: taxpayer/form/period/type/number; empty for what is no declaration."""
        filer, form = self.text("NNT/mst"), self.text("TKhaiThue/maTKhai")
        if not (filer and form):
            return ""
        return "/".join((filer, form, self.period, self.text("TKhaiThue/loaiTKhai"), self.number))

    @property
    def signatures(self) -> list[etree._Element]:
        """The signatures at their place."""
        return self.root.findall(f"{T}CKyDTu/{DS}Signature")

    @property
    def certificates(self) -> list[x509.Certificate]:
        """The signers' certificates. Raises ValueError where one cannot be read."""
        return [certificate_of(each) for each in self.signatures]


def certificate_of(signature: etree._Element) -> x509.Certificate:
    """The certificate that a signature carries. Raises ValueError when there is none."""
    carried = signature.findtext(f"{DS}KeyInfo/{DS}X509Data/{DS}X509Certificate") or ""
    return x509.load_der_x509_certificate(base64.b64decode(carried))


def written(path: str) -> str:
    """The path of a header field as the tax office writes paths."""
    return f"/HSoThueDTu/HSoKhaiThue/TTinChung/TTinTKhaiThue/{path}"
