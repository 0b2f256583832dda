"""Schema validation, told by labels in both languages.

libxml2 speaks English and of ``/*/*[1]``. Of its words only the error's kind, the place and the names of elements are
taken; every text is ours.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable
from typing import cast

from lxml import etree

from govgateway.documents.findings import Finding, Severity
from govgateway.documents.outline import Outline
from govgateway.documents.places import Places, line_of, names_of
from govgateway.documents.xml import XmlDocument
from govgateway.errors import Text

_NAME = re.compile(r"\{[^}]*\}([\w.-]+)")
_SHOWN = 60

_Explain = Callable[[etree._Element, str, Outline], tuple[str, Text, Text]]


_SCHEMA_IN_USE = threading.Lock()
"""A schema keeps one error log, whoever validates with it."""


def structure_findings(document: XmlDocument, schema: etree.XMLSchema, outline: Outline) -> tuple[Finding, ...]:
    """What ``schema`` refuses in ``document``, and what hides figures in it; one finding per place, in its order."""
    with _SCHEMA_IN_USE:
        entries = [] if schema.validate(document.root) else list(cast(Iterable[etree._LogEntry], schema.error_log))
    hiding = _hiding(document.root)
    if not entries and not hiding:
        return ()
    places = Places(document.root)
    findings: dict[str, Finding] = {}
    for entry in entries:
        element = places.element(entry.path or "")
        explain = _KINDS.get(entry.type_name, _other)
        _add(findings, element, explain(element, entry.message, outline), places, outline)
    for element in hiding:
        _add(findings, element, _hidden(element), places, outline)
    return tuple(sorted(findings.values(), key=lambda finding: finding.line))


def _add(
    findings: dict[str, Finding],
    element: etree._Element,
    told: tuple[str, Text, Text],
    places: Places,
    outline: Outline,
) -> None:
    """Add what was ``told`` of ``element``, unless its place has a finding."""
    path = places.path(element)
    label = outline.label(names_of(element))
    findings.setdefault(path, Finding(told[0], Severity.ERROR, told[1], told[2], path, label, line_of(element)))


def _hiding(root: etree._Element) -> list[etree._Element]:
    """The elements below the root that hold a comment or an instruction: a reader of ``7<!-- -->5`` may see 7."""
    inside = root.iter(etree.Comment, etree.ProcessingInstruction)
    parents = (each.getparent() for each in inside)
    return [each for each in dict.fromkeys(parents) if each is not None and each is not root]


def _hidden(element: etree._Element) -> tuple[str, Text, Text]:
    name = etree.QName(element).localname
    return (
        "SCHEMA-HIDDEN",
        Text(
            f"Trong <{name}> có chú thích hoặc lệnh xử lý XML, có thể che giấu số liệu.",
            f"A comment or processing instruction stands in <{name}>: it can hide figures.",
        ),
        Text("Bỏ chú thích và lệnh xử lý XML.", "Remove comments and processing instructions."),
    )


def _content(element: etree._Element, message: str, outline: Outline) -> tuple[str, Text, Text]:
    expected = _NAME.findall(message.partition("Expected is")[2])
    if "Missing child element" in message:
        return _missing(element, expected, outline)
    parent = names_of(element)[:-1]
    name = etree.QName(element).localname
    if not expected:
        return (
            "SCHEMA-UNEXPECTED",
            Text(f"Không được có phần tử <{name}> ở đây.", f"The element <{name}> does not belong here."),
            Text("Bỏ phần tử này.", "Remove it."),
        )
    labels = [outline.label((*parent, each)) for each in expected]
    wanted = " | ".join(f"<{each}>" for each in expected)
    return (
        "SCHEMA-UNEXPECTED",
        Text(
            f"Gặp phần tử <{name}>, trong khi ở vị trí này phải là {wanted} ({_either(labels, 'vi')}).",
            f"The element <{name}> stands where {wanted} ({_either(labels, 'en')}) belongs.",
        ),
        Text("Thêm phần tử còn thiếu hoặc sửa lại thứ tự.", "Add what is missing, or put the elements in order."),
    )


def _missing(element: etree._Element, expected: list[str], outline: Outline) -> tuple[str, Text, Text]:
    here = names_of(element)
    labels = [outline.label((*here, each)) for each in expected]
    wanted = " | ".join(f"<{each}>" for each in expected)
    return (
        "SCHEMA-MISSING",
        Text(f"Thiếu {wanted} ({_either(labels, 'vi')}).", f"{wanted} ({_either(labels, 'en')}) is missing."),
        Text("Bổ sung chỉ tiêu này.", "Add it."),
    )


def _either(labels: list[Text], language: str) -> str:
    between = " or " if language == "en" else " hoặc "
    return between.join(dict.fromkeys(label.in_language(language) for label in labels))


def _value(element: etree._Element, message: str, outline: Outline) -> tuple[str, Text, Text]:
    names = names_of(element)
    label, expected = outline.label(names), outline.expected(names)
    text = cast(str, element.xpath("string()")).strip()
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    said = Text(f'giá trị "{shown}" không hợp lệ', f'the value "{shown}" is not allowed')
    if not text:
        said = Text("chưa có giá trị", "there is no value")
    return (
        "SCHEMA-VALUE",
        Text(f"{label.vi}: {said.vi}.", f"{label.en}: {said.en}."),
        Text(f"Cần: {expected.vi}.", f"Expected: {expected.en}."),
    )


def _attribute(element: etree._Element, message: str, outline: Outline) -> tuple[str, Text, Text]:
    name = etree.QName(element).localname
    return (
        "SCHEMA-ATTRIBUTE",
        Text(
            f"Thuộc tính của phần tử <{name}> thừa, thiếu hoặc sai.",
            f"An attribute of <{name}> is surplus, missing or wrong.",
        ),
        Text("Xuất lại tệp từ phần mềm kê khai.", "Export the file again from the software that made it."),
    )


def _stray_text(element: etree._Element, message: str, outline: Outline) -> tuple[str, Text, Text]:
    name = etree.QName(element).localname
    return (
        "SCHEMA-TEXT",
        Text(
            f"Phần tử <{name}> chỉ chứa các chỉ tiêu, nhưng có chữ xen giữa.",
            f"The element <{name}> holds fields only, but has text between them.",
        ),
        Text("Bỏ phần chữ thừa.", "Remove the text."),
    )


def _nested(element: etree._Element, message: str, outline: Outline) -> tuple[str, Text, Text]:
    label = outline.label(names_of(element))
    return (
        "SCHEMA-NESTED",
        Text(
            f"{label.vi}: phải là một giá trị, không phải các phần tử con.",
            f"{label.en}: a value belongs here, no elements.",
        ),
        Text("Thay các phần tử con bằng giá trị.", "Put the value in their place."),
    )


def _nil(element: etree._Element, message: str, outline: Outline) -> tuple[str, Text, Text]:
    label = outline.label(names_of(element))
    return (
        "SCHEMA-NIL",
        Text(f"{label.vi}: không được khai là xsi:nil ở đây.", f"{label.en}: xsi:nil is not allowed here."),
        Text("Ghi giá trị và bỏ thuộc tính xsi:nil.", "Write the value and remove xsi:nil."),
    )


def _root(element: etree._Element, message: str, outline: Outline) -> tuple[str, Text, Text]:
    name = etree.QName(element).localname
    return (
        "SCHEMA-ROOT",
        Text(f"Phần tử gốc <{name}> không thuộc mẫu này.", f"The root <{name}> is not that of this form."),
        Text("Chọn đúng tệp.", "Choose the right file."),
    )


def _other(element: etree._Element, message: str, outline: Outline) -> tuple[str, Text, Text]:
    name = etree.QName(element).localname
    return (
        "SCHEMA-OTHER",
        Text(f"Phần tử <{name}> không đúng cấu trúc của mẫu.", f"The element <{name}> does not fit the form."),
        Text("Xuất lại tệp từ phần mềm kê khai.", "Export the file again from the software that made it."),
    )


_KINDS: dict[str, _Explain] = {
    "SCHEMAV_ELEMENT_CONTENT": _content,
    "SCHEMAV_CVC_PATTERN_VALID": _value,
    "SCHEMAV_CVC_ENUMERATION_VALID": _value,
    "SCHEMAV_CVC_MINLENGTH_VALID": _value,
    "SCHEMAV_CVC_MAXLENGTH_VALID": _value,
    "SCHEMAV_CVC_LENGTH_VALID": _value,
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_1": _value,
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_3": _value,
    "SCHEMAV_CVC_TYPE_3_1_1": _attribute,
    "SCHEMAV_CVC_TYPE_3_1_2": _nested,
    "SCHEMAV_CVC_COMPLEX_TYPE_2_1": _nested,
    "SCHEMAV_CVC_COMPLEX_TYPE_2_2": _nested,
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": _stray_text,
    "SCHEMAV_CVC_COMPLEX_TYPE_3_1": _attribute,
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": _attribute,
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2": _attribute,
    "SCHEMAV_CVC_COMPLEX_TYPE_4": _attribute,
    "SCHEMAV_CVC_ELT_1": _root,
    "SCHEMAV_CVC_ELT_3_1": _nil,
    "SCHEMAV_CVC_ELT_3_2_1": _nil,
    "SCHEMAV_CVC_ELT_3_2_2": _nil,
    "SCHEMAV_CVC_ELT_4_1": _attribute,
    "SCHEMAV_CVC_ELT_4_2": _attribute,
    "SCHEMAV_CVC_ELT_4_3": _attribute,
}
