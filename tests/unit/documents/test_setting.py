"""How a form's marks say that an element is printed."""

from __future__ import annotations

from lxml import etree

from govgateway.documents.setting import Sentence, Setting, ValueColumn
from govgateway.errors import Text


def _setting(marks: str) -> Setting:
    return Setting.of(etree.fromstring(f"<xs xmlns:f='urn:govgateway:form'>{marks}</xs>"))


def test_an_element_without_such_marks_is_printed_as_ever() -> None:
    assert _setting("<f:item>[21]</f:item>") == Setting()


def test_every_mark_is_read() -> None:
    assert _setting("<f:head/><f:unit vi='Người' en='persons'/><f:under>tax</f:under>") == Setting(
        head=True, unit=Text("Người", "persons"), under="tax"
    )
    columns = _setting("<f:values name='value' vi='Giá trị' en='Value'/><f:values name='tax' vi='Thuế' en='Tax'/>")
    assert columns.values == (
        ValueColumn("value", Text("Giá trị", "Value")),
        ValueColumn("tax", Text("Thuế", "Tax")),
    )


def test_a_sentence_names_the_elements_that_have_a_place_in_it() -> None:
    (sentence,) = _setting("<f:sentence vi='Số {so} ngày {ngay}' en='Number {so} of {ngay}'/>").sentences
    assert sentence == Sentence(Text("Số {so} ngày {ngay}", "Number {so} of {ngay}"))
    assert sentence.names == ("so", "ngay")
