"""What the simulated tax office validates with: the services' own schemas, each form's schema and rules."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

from lxml import etree
from lxml.isoschematron import Schematron

import govgateway_schemas

FOLDER = Path(govgateway_schemas.__file__).parent / "etax"
_XSD = "{http://www.w3.org/2001/XMLSchema}"
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"


@cache
def wsdl_schema(wsdl: Path) -> etree.XMLSchema:
    """The schema of the messages in ``wsdl``."""
    found = etree.parse(wsdl).find(f".//{_XSD}schema")
    if found is None:
        raise ValueError(f"{wsdl} has no schema")
    return etree.XMLSchema(etree.ElementTree(etree.fromstring(etree.tostring(found), base_url=str(wsdl))))


@cache
def catalogue() -> frozenset[tuple[str, str, str]]:
    """Every (maTKhai, pbanTKhaiXML, loaiTKhai) that the tax office takes."""
    with (FOLDER / "catalogue.csv").open(encoding="utf-8", newline="") as rows:
        return frozenset((row["maTKhai"], row["pbanTKhaiXML"], row["loaiTKhai"]) for row in csv.DictReader(rows))


@cache
def form_schema(code: str, version: str) -> etree.XMLSchema | None:
    """The schema of a form; None when the simulator has none for it."""
    path = FOLDER / code / version / "form.xsd"
    return etree.XMLSchema(etree.parse(path)) if code.isalnum() and path.is_file() else None


@cache
def _rules(path: Path) -> Any:
    return Schematron(etree.parse(path), store_report=True)


def broken_rules(root: etree._Element, code: str, version: str) -> Iterator[tuple[str, str]]:
    """(Vietnamese text, path) of every rule of the form that ``root`` breaks; warnings are none of the office's."""
    for path in (FOLDER / "_common" / "header.sch", FOLDER / code / version / "rules.sch"):
        rules = _rules(path)
        if rules.validate(root):
            continue
        for failed in rules.validation_report.iter(f"{_SVRL}failed-assert"):
            if failed.get("role") == "warning":
                continue
            rule = failed.get("id")
            texts = {each.get("diagnostic"): each for each in failed.iter(f"{_SVRL}diagnostic-reference")}
            text = " ".join("".join(texts[f"{rule}.vi"].itertext()).split())
            element = cast(list[etree._Element], root.xpath(failed.get("location")))[0]
            yield text, path_of(element)


def path_of(element: etree._Element) -> str:
    """``/HSoThueDTu/HSoKhaiThue/…`` by local names."""
    above = [*reversed(list(element.iterancestors())), element]
    return "".join(f"/{etree.QName(each).localname}" for each in above)
