"""The tax office's own catalogue of forms: a declaration that it does not list is refused by its viewer."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import govgateway_schemas
from govgateway.connector import Finding, Text
from govgateway_etax import rules
from govgateway_etax.declaration import Header
from govgateway_etax.periods import KINDS

FOLDER = Path(govgateway_schemas.__file__).parent / "etax"
"""Where the data of the tax office lies."""

_UNANNOUNCED = "0.0.0"
"""Stands for a version that the tax office has not announced yet (shapes.toml)."""
_TAX_CODE = re.compile("[0-9]{10}(-[0-9]{3})?|[0-9]{12}")
# One way to write a period, so that one obligation has one key (as observed in the tax office's files).
_MONTH, _DAY = "(0[1-9]|1[0-2])/[0-9]{4}", "(0[1-9]|[12][0-9]|3[01])/(0[1-9]|1[0-2])/[0-9]{4}"
_PERIODS = {"M": _MONTH, "Q": "[1-4]/[0-9]{4}", "Y": "[0-9]{4}", "D": _DAY, "K": _DAY}


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One row of the tax office's own catalogue. ``period_kind`` M, Q, Y, or D for any."""

    form: str
    title: str
    legal_basis: str
    period_kind: str


@cache
def catalogue() -> Mapping[tuple[str, str, str], CatalogueEntry]:
    """Every (maTKhai, pbanTKhaiXML, loaiTKhai) that the tax office knows.

    Rows without a code or a version are left out: the viewer demands both. Of two with one key, the last counts.
    """
    with (FOLDER / "catalogue.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["maTKhai"], row["pbanTKhaiXML"], row["loaiTKhai"]): CatalogueEntry(
                form=row["form"], title=row["title"], legal_basis=row["legal_basis"], period_kind=row["kieuKyKKhai"]
            )
            for row in csv.DictReader(file)
            if row["maTKhai"] and row["pbanTKhaiXML"]
        }


@cache
def codes() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Every maTKhai that the tax office knows: its versions, and the types of each, in order."""
    found: dict[str, dict[str, list[str]]] = {}
    for code, version, kind in sorted(catalogue()):
        found.setdefault(code, {}).setdefault(version, []).append(kind)
    return found


def catalogue_findings(header: Header) -> tuple[Finding, ...]:
    """What is wrong with code, version, type and period kind: the viewer refuses a declaration that is not listed."""
    versions = codes().get(header.maTKhai)
    if versions is None:
        return (rules.UNKNOWN_CODE.finding(header.maTKhai),)
    kinds = versions.get(header.pbanTKhaiXML)
    if kinds is None:
        rule = rules.UNANNOUNCED_VERSION if header.pbanTKhaiXML == _UNANNOUNCED else rules.UNKNOWN_VERSION
        return (rule.finding(header.pbanTKhaiXML, header.maTKhai, ", ".join(versions), _as_asked_for(header)),)
    entry = catalogue().get(header.catalogue_key)
    # Only registration forms, all of them listed with the one type C, may leave it out.
    if entry is None or (header.flat and list(kinds) != ["C"]):
        return (rules.UNKNOWN_TYPE.finding(header.loaiTKhai, header.maTKhai, ", ".join(kinds)),)
    return () if header.flat else _period_kind_findings(header, entry.period_kind)


def _as_asked_for(header: Header) -> str:
    """The form and the period of ``header`` as ``govgateway template`` is told them."""
    form = next((each.form for (code, *_), each in catalogue().items() if code == header.maTKhai and each.form), "")
    period = f"Q{header.kyKKhai}" if header.kieuKy == "Q" else header.period.partition(" ")[2]
    return f"{form or header.maTKhai} --period {period}" if period else form or header.maTKhai


def _period_kind_findings(header: Header, listed: str) -> tuple[Finding, ...]:
    """The viewer demands a kind of period. That it is the listed one is inferred, and not always so: 42 05/KK-TNCN, a
    monthly or quarterly declaration, is listed as yearly."""
    if not header.kieuKy:
        return (rules.NO_PERIOD.finding(),)
    if header.kieuKy not in KINDS:
        return (rules.UNKNOWN_PERIOD_KIND.finding(header.kieuKy),)
    if listed in {"M", "Q", "Y"} and header.kieuKy != listed:
        return (rules.UNLISTED_PERIOD_KIND.finding(KINDS[header.kieuKy], header.maTKhai, KINDS[listed]),)
    return ()


def key_findings(header: Header) -> tuple[Finding, ...]:
    """What the header of a form without rules of its own lacks for telling whose it is and for which period."""
    days = (header.kyKKhaiTuNgay, header.kyKKhaiDenNgay) if header.kieuKy == "K" else (header.kyKKhai,)
    sound = {
        Text("Tên tờ khai", "Name of the form"): bool(header.tenTKhai),
        Text("Mã số thuế", "Tax code"): bool(_TAX_CODE.fullmatch(header.mst)),
        Text("Kỳ tính thuế", "Tax period"): header.flat
        or all(re.fullmatch(_PERIODS.get(header.kieuKy, ""), day) for day in days),
        Text("Số lần", "Number of the supplement"): header.flat or bool(re.fullmatch("[0-9]{1,3}", header.soLan)),
    }
    wrong = [label for label, good in sound.items() if not good]
    told = Text(", ".join(each.vi for each in wrong), ", ".join(each.en for each in wrong))
    return (rules.BROKEN_KEY.finding(told),) if wrong else ()


def export_name(filer: str, key: tuple[str, str, str], period: str, sequence: int) -> str:
    """The file name as HTKK writes it: ``<mst>-01_GTGT_TT80-Q42025-L00.xml`` (observed for a quarter; that a month
    reads M102026 is an assumption). ``key`` is (maTKhai, pbanTKhaiXML, loaiTKhai)."""
    entry = catalogue().get(key)
    form = _plain(entry.form if entry and entry.form else key[0])
    circular = re.search(r"Thông tư (?:số )?(\d+)/", entry.legal_basis) if entry else None
    law = f"_TT{circular[1]}" if circular else ""
    parts = (re.sub("[^0-9-]", "_", filer), form + law, period, f"L{sequence:02d}")
    return "-".join(part for part in parts if part) + ".xml"


def _plain(text: str) -> str:
    """``text`` in letters that every file system takes: 01/TTĐB becomes 01_TTDB."""
    letters = unicodedata.normalize("NFD", text.replace("Đ", "D"))
    return re.sub(r"[^0-9A-Za-z]+", "_", "".join(each for each in letters if not unicodedata.combining(each))).strip(
        "_"
    )
