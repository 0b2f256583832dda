"""What a tax declaration says of itself: the header of HSoThueDTu."""

from __future__ import annotations

import re
from dataclasses import dataclass

from govgateway.connector import XmlDocument

NAMESPACE = "http://kekhaithue.gdt.gov.vn/TKhaiThue"
ROOT = f"{{{NAMESPACE}}}HSoThueDTu"
HEADER = "HSoKhaiThue/TTinChung/TTinTKhaiThue"


@dataclass(frozen=True, slots=True)
class Header:
    """The header's fields by the tax office's names, verbatim; empty where the document has none.

    Registration forms have a ``flat`` header without loaiTKhai, soLan and KyKKhaiThue.
    """

    maTKhai: str
    tenTKhai: str
    pbanTKhaiXML: str
    loaiTKhai: str
    soLan: str
    kieuKy: str
    kyKKhai: str
    kyKKhaiTuNgay: str
    kyKKhaiDenNgay: str
    mst: str
    tenNNT: str
    flat: bool

    @property
    def catalogue_key(self) -> tuple[str, str, str]:
        """What the catalogue is searched by; it lists registration forms, which name no type, as C."""
        return (self.maTKhai, self.pbanTKhaiXML, "C" if self.flat else self.loaiTKhai)

    @property
    def period(self) -> str:
        """The tax period with its kind, "M 10/2026"; a period from day to day has both days."""
        days = f"{self.kyKKhaiTuNgay}-{self.kyKKhaiDenNgay}" if self.kieuKy == "K" else self.kyKKhai
        return f"{self.kieuKy} {days}".strip()

    @property
    def sequence(self) -> int:
        """soLan as a number; 0 where it is none."""
        return int(self.soLan) if re.fullmatch("[0-9]{1,3}", self.soLan) else 0


def read_header(document: XmlDocument) -> Header | None:
    """The header of ``document``; None when it is no declaration of the tax office."""
    if document.root.tag != ROOT:
        return None
    paths = {
        name: f"{HEADER}/TKhaiThue/{name}" for name in ("maTKhai", "tenTKhai", "pbanTKhaiXML", "loaiTKhai", "soLan")
    }
    paths |= {
        name: f"{HEADER}/TKhaiThue/KyKKhaiThue/{name}"
        for name in ("kieuKy", "kyKKhai", "kyKKhaiTuNgay", "kyKKhaiDenNgay")
    }
    paths |= {name: f"{HEADER}/NNT/{name}" for name in ("mst", "tenNNT")}
    found = {name: _text(document, path) for name, path in paths.items()}
    flat = not found["maTKhai"] and bool(_text(document, f"{HEADER}/maTKhai"))
    if flat:
        names = ("maTKhai", "tenTKhai", "pbanTKhaiXML", "mst", "tenNNT")
        found |= {name: _text(document, f"{HEADER}/{name}") for name in names}
    return Header(**found, flat=flat)


def _text(document: XmlDocument, path: str) -> str:
    qualified = "/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/"))
    return (document.root.findtext(qualified) or "").strip()
