"""What a return makes payable, as the simulated tax office reckons it.

Which figures are the obligation of a form is data, supplements.toml; that a notice 844 prints only what is to be paid
is inferred."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from lxml import etree

from govgateway_mocks.etax.case import NODE, T
from govgateway_mocks.etax.schema import FOLDER

_DONG = "VND"
_ITEMS = "CTieuTKhaiChinh"
_ADDED = (
    "Muc_1/TongCong10/ct10",
    "Muc_1/tongCong_ct10",
    "Muc_2/DSachPLuc/tongCong_ct11",
)
"""[10] by currency, [10] in đồng and [11] of 01/KHBS, below its A.I."""


def payables(root: etree._Element, code: str, kind: str) -> Mapping[str, Decimal]:
    """What is to be paid by the return below ``root``, of the form ``code``, by currency in the order of the document.

    Of a supplement (``kind`` B) it is what 01/KHBS adds, of any other return the obligation of its form. There is none
    in a currency in which nothing, or less, is to be paid.
    """
    if kind == "B":
        figures = _figures(root, "PLuc/PL01_KHBS/Muc_A/Muc_I", _ADDED)
    else:
        figures = _figures(root, _ITEMS, _obligation(code))
    sums: dict[str, Decimal] = {}
    for currency, amount in figures:
        sums[currency] = sums.get(currency, Decimal(0)) + amount
    return {currency: amount for currency, amount in sums.items() if amount > 0}


def _figures(root: etree._Element, part: str, paths: Iterable[str]) -> Iterator[tuple[str, Decimal]]:
    """The figures at ``paths`` below ``part`` of the signed node, each with the currency that stands beside it."""
    node = root.find(NODE)
    for path in paths:
        for figure in node.iterfind(_qualified(f"{part}/{path}")) if node is not None else ():
            beside = figure.getparent()
            currency = beside.findtext(f"{T}ma_DonViTien") if beside is not None else None
            yield currency or _DONG, Decimal((figure.text or "").strip() or 0)


def _qualified(path: str) -> str:
    return "/".join(f"{T}{step}" for step in path.split("/"))


def _obligation(code: str) -> list[str]:
    """Where the obligation stands in the form ``code``; in that of Circular 89/2026 which the catalogue has, too."""
    return list(_obligations().get(code, {}).get("payable", ()))


@cache
def _obligations() -> Mapping[str, Any]:
    return tomllib.loads((FOLDER / "supplements.toml").read_text(encoding="utf-8"))
