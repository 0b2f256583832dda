"""Differences between two documents of a form are told field by field, by label."""

from __future__ import annotations

from lxml import etree

from govgateway.documents.difference import differences
from samples import declaration, fee_form


def _told(*changes: tuple[str, str]) -> list[tuple[str, str, str | None, str | None]]:
    before, after = declaration().root[0], declaration(*changes).root[0]
    found = differences(before, after, fee_form().outline, leave_out=("ngayKy",))
    return [(each.path.rpartition("CTieuTKhaiChinh/")[2], each.label.vi, each.before, each.after) for each in found]


def test_the_same_document_differs_in_nothing() -> None:
    assert _told() == []


def test_a_changed_field_is_named_by_place_and_label() -> None:
    assert _told(("<tyLe>10<", "<tyLe>11<")) == [
        ("NoiDung01PH/ChiTietPhi[1]/tyLe", "Tỷ lệ trích để lại theo chế độ (%)", "10", "11")
    ]


def test_fields_that_only_one_of_them_has() -> None:
    text = declaration().data.decode()
    start, end = text.index("<NoiDung01PH_TT63>"), text.index("</NoiDung01PH_TT63>") + len("</NoiDung01PH_TT63>")
    gone = _told((text[start:end], ""))
    assert [(before, after) for *_, before, after in gone] == [("", None)] * 4
    added = _told(("<tyLe>10</tyLe>", "<tyLe>10</tyLe><moi>1</moi>"))
    assert added == [("NoiDung01PH/ChiTietPhi[1]/moi", "moi", None, "1")]


def test_what_does_not_count_is_left_out() -> None:
    assert _told(("<ngayKy>2026-11-16<", "<ngayKy>2026-11-17<")) == []


def test_without_an_outline_the_element_s_name_is_the_label() -> None:
    (one,) = differences(etree.fromstring("<a><b>1</b></a>"), etree.fromstring("<a><b>2</b></a>"), None)
    assert (one.path, one.label.vi, one.before, one.after) == ("a/b", "b", "1", "2")


def test_a_field_with_a_comment_inside_is_a_field_still() -> None:
    (one,) = differences(etree.fromstring("<a><b>1</b></a>"), etree.fromstring("<a><b>2<!-- x -->0</b></a>"), None)
    assert (one.before, one.after) == ("1", "20")
