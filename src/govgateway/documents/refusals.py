"""What is said of an element that a form's schema refuses, by libxml2's kinds of error, in both languages.

A person reads what the form calls the element; its bare name is shown only where the form does not have it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import cast

from lxml import etree

from govgateway.documents.figures import written_figure
from govgateway.documents.outline import Outline
from govgateway.documents.places import names_of
from govgateway.errors import Text

UNKNOWN = "SCHEMA-UNKNOWN"
"""The one rule about structure that only warns."""

_NAME = re.compile(r"\{[^}]*\}([\w.-]+)")
_LENGTH = re.compile(r"'(\d+)'")
_SHOWN = 60

_Names = tuple[str, ...]
Told = tuple[str, Text, Text]
"""A rule's id, its message, and what to do."""


def explained(element: etree._Element, kind: str, message: str, outline: Outline) -> Told:
    """What is said of ``element``; ``kind`` and ``message`` are libxml2's, of which only names are taken."""
    return _KINDS.get(kind, _other)(element, message, outline)


def _called(names: _Names, outline: Outline) -> Text:
    """What the form calls the element at ``names``; its bare name where the form has none."""
    if names not in outline.fields:
        return Text(f"<{names[-1]}>", f"<{names[-1]}>")
    label = outline.label(names)
    return Text(f'"{label.vi}"', f'"{label.en}"')


def _any_of(names: Iterable[_Names], outline: Outline) -> Text:
    called = dict.fromkeys(_called(each, outline) for each in names)
    return Text(" hoặc ".join(each.vi for each in called), " or ".join(each.en for each in called))


def hiding(element: etree._Element, outline: Outline) -> Told:
    """What is said of an element in which a comment or an instruction stands."""
    called = _called(names_of(element), outline)
    return (
        "SCHEMA-HIDDEN",
        Text(
            f"Trong {called.vi} có chú thích hoặc lệnh xử lý XML, có thể che giấu số liệu.",
            f"A comment or processing instruction stands in {called.en}: it can hide figures.",
        ),
        Text("Bỏ chú thích và lệnh xử lý XML.", "Remove comments and processing instructions."),
    )


def never_seen(element: etree._Element) -> Told:
    """What is said of an element that the form does not have, where nobody knows all that it has."""
    name = etree.QName(element).localname
    return (
        UNKNOWN,
        Text(
            f"Chưa từng thấy phần tử <{name}> trong mẫu này: nội dung của phần tử chưa được kiểm tra.",
            f"The element <{name}> was never seen in this form: its content was not checked.",
        ),
        Text(
            "Nếu phần mềm kê khai tự ghi phần tử này thì bỏ qua cảnh báo; nếu không thì bỏ phần tử.",
            "If your software writes it by itself, ignore this warning; otherwise remove the element.",
        ),
    )


def _content(element: etree._Element, message: str, outline: Outline) -> Told:
    names, expected = names_of(element), _NAME.findall(message.partition("Expected is")[2])
    if "Missing child element" in message:
        return _missing(names, expected, outline)
    called = _called(names, outline)
    if not expected:
        return (
            "SCHEMA-UNEXPECTED",
            Text(f"Không được có {called.vi} ở đây.", f"{called.en} does not belong here."),
            Text("Bỏ phần này.", "Remove it."),
        )
    wanted = _any_of([(*names[:-1], each) for each in expected], outline)
    return (
        "SCHEMA-UNEXPECTED",
        Text(
            f"Gặp {called.vi}, trong khi ở vị trí này phải là {wanted.vi}.",
            f"{called.en} stands where {wanted.en} belongs.",
        ),
        Text("Thêm phần còn thiếu hoặc sửa lại thứ tự.", "Add what is missing, or put what there is in order."),
    )


def _missing(here: _Names, expected: list[str], outline: Outline) -> Told:
    wanted = _any_of([(*here, each) for each in expected], outline)
    return (
        "SCHEMA-MISSING",
        Text(f"Thiếu {wanted.vi}.", f"{wanted.en} is missing."),
        Text("Bổ sung chỉ tiêu này.", "Add it."),
    )


def _value(element: etree._Element, message: str, outline: Outline) -> Told:
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


def _too_long(element: etree._Element, message: str, outline: Outline) -> Told:
    label = outline.label(names_of(element))
    length, most = (int(each) for each in _LENGTH.findall(message)[-2:])
    vi, en = written_figure(most, "vi"), written_figure(most, "en")
    return (
        "SCHEMA-VALUE",
        Text(
            f"{label.vi}: dài {written_figure(length, 'vi')} ký tự, tối đa {vi}.",
            f"{label.en}: it has {written_figure(length, 'en')} characters, at most {en} are allowed.",
        ),
        Text(f"Rút gọn còn tối đa {vi} ký tự.", f"Shorten it to at most {en} characters."),
    )


def _attribute(element: etree._Element, message: str, outline: Outline) -> Told:
    called = _called(names_of(element), outline)
    return (
        "SCHEMA-ATTRIBUTE",
        Text(
            f"Thuộc tính XML của {called.vi} thừa, thiếu hoặc sai.",
            f"An XML attribute of {called.en} is surplus, missing or wrong.",
        ),
        Text("Xuất lại tệp từ phần mềm kê khai.", "Export the file again from the software that made it."),
    )


def _stray_text(element: etree._Element, message: str, outline: Outline) -> Told:
    called = _called(names_of(element), outline)
    return (
        "SCHEMA-TEXT",
        Text(
            f"{called.vi} chỉ chứa các chỉ tiêu, nhưng có chữ xen giữa.",
            f"{called.en} holds fields only, but has text between them.",
        ),
        Text("Bỏ phần chữ thừa.", "Remove the text."),
    )


def _nested(element: etree._Element, message: str, outline: Outline) -> Told:
    label = outline.label(names_of(element))
    return (
        "SCHEMA-NESTED",
        Text(
            f"{label.vi}: phải là một giá trị, không phải các phần tử con.",
            f"{label.en}: a value belongs here, no elements.",
        ),
        Text("Thay các phần tử con bằng giá trị.", "Put the value in their place."),
    )


def _nil(element: etree._Element, message: str, outline: Outline) -> Told:
    label = outline.label(names_of(element))
    return (
        "SCHEMA-NIL",
        Text(f"{label.vi}: không được khai là xsi:nil ở đây.", f"{label.en}: xsi:nil is not allowed here."),
        Text("Ghi giá trị và bỏ thuộc tính xsi:nil.", "Write the value and remove xsi:nil."),
    )


def _root(element: etree._Element, message: str, outline: Outline) -> Told:
    name = etree.QName(element).localname
    return (
        "SCHEMA-ROOT",
        Text(f"Phần tử gốc <{name}> không thuộc mẫu này.", f"The root <{name}> is not that of this form."),
        Text("Chọn đúng tệp.", "Choose the right file."),
    )


def _other(element: etree._Element, message: str, outline: Outline) -> Told:
    called = _called(names_of(element), outline)
    return (
        "SCHEMA-OTHER",
        Text(f"{called.vi} không đúng cấu trúc của mẫu.", f"{called.en} does not fit the form."),
        Text("Xuất lại tệp từ phần mềm kê khai.", "Export the file again from the software that made it."),
    )


_KINDS: dict[str, Callable[[etree._Element, str, Outline], Told]] = {
    "SCHEMAV_ELEMENT_CONTENT": _content,
    "SCHEMAV_CVC_PATTERN_VALID": _value,
    "SCHEMAV_CVC_ENUMERATION_VALID": _value,
    "SCHEMAV_CVC_MINLENGTH_VALID": _value,
    "SCHEMAV_CVC_MAXLENGTH_VALID": _too_long,
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
