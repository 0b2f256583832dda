"""What the simulated tax office validates with: the services' own schemas, each form's schema and rules."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
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
def catalogue() -> Mapping[tuple[str, str, str], str]:
    """Every (maTKhai, pbanTKhaiXML, loaiTKhai) that the tax office takes, with the kind of its period: M, Q, Y, or D
    for any; empty for registrations, which have no period."""
    with (FOLDER / "catalogue.csv").open(encoding="utf-8", newline="") as rows:
        return {
            (row["maTKhai"], row["pbanTKhaiXML"], row["loaiTKhai"]): row["kieuKyKKhai"] for row in csv.DictReader(rows)
        }


@cache
def form_schema(code: str, version: str) -> etree.XMLSchema | None:
    """The schema of a form; None when the simulator has none for it."""
    path = FOLDER / code / version / "form.xsd"
    return etree.XMLSchema(etree.parse(path)) if code.isalnum() and path.is_file() else None


def misfit(root: etree._Element, code: str, version: str) -> str:
    """The path of the first element that does not fit the form's schema; empty when all do or there is no schema."""
    found = form_schema(code, version)
    if found is None or found.validate(root):
        return ""
    first = next(iter(cast(Iterable[etree._LogEntry], found.error_log)))
    return path_of(_element_at(root, first.path))


def _element_at(root: etree._Element, path: str) -> etree._Element:
    """The element at ``path``, in which libxml2 writes the document's own prefixes; the root when it is not found."""
    prefixes = {prefix: uri for each in root.iter("*") for prefix, uri in each.nsmap.items() if prefix}
    found = cast(list[etree._Element], root.xpath(path, namespaces=prefixes))
    return found[0] if found else root


@cache
def _rules(path: Path) -> Any:
    return Schematron(etree.parse(path), store_report=True)


def broken_rules(root: etree._Element, code: str, version: str) -> Iterator[tuple[str, str]]:
    """(Vietnamese text, path) of every rule of the header and of the form that ``root`` breaks, where the form has
    rules; warnings are none of the office's."""
    for path in (FOLDER / "_common" / "header.sch", FOLDER / code / version / "rules.sch"):
        if not path.is_file() or (rules := _rules(path)).validate(root):
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
