"""The console's pages as somebody reads and uses them in a browser without scripts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import html

from govgateway.errors import Text
from govgateway_mocks.agency import State
from unit.mocks.console.caller import Caller

HOSTILE = b"<ship><script>alert(1)</script> \xe2\x80\xae\"'><img src=x onerror=alert(1)></ship>"


def fields_of(page: str, action: str) -> list[dict[str, str]]:
    """What the forms with this action send when nothing is changed, as a browser does it."""
    forms = [each for each in html.fromstring(page).forms if str(each.action).endswith(action)]
    return [{name: value or "" for name, value in form.form_values()} for form in forms]


def text_of(page: str, path: str = "//body") -> str:
    """The words of a part of the page, as they follow each other."""
    (part,) = html.fromstring(page).xpath(path)
    return " ".join(" ".join(part.itertext()).split())


def test_the_first_page_leads_to_every_agency(console: Caller) -> None:
    console.file()
    page = console.call("GET", "/").text
    assert "MÔ PHỎNG · SIMULATION" in page
    assert "Cảng vụ mô phỏng Simulated harbour office" in text_of(page)
    links = html.fromstring(page).xpath("//a/@href")
    assert {"/agencies/harbour", "/api/openapi.json", f"{console.harbour.direct_address}/"} <= set(links)
    assert f"{console.harbour.address}/harbour" in page


@pytest.mark.parametrize("path", ["/", "/agencies/harbour", "/agencies/harbour?reload", "/agencies/none"])
def test_every_page_says_that_it_is_a_simulation_and_needs_no_script_and_no_network(path: str, console: Caller) -> None:
    page = console.call("GET", path).text
    assert "nothing here reaches an agency" in page
    tree = html.fromstring(page)
    assert tree.xpath("//script | //img | //link | //iframe | //@onclick | //*[@style]") == []
    assert "url(" not in page
    assert tree.xpath("string(/html/@lang)") == "vi"
    assert tree.xpath("//meta[@name='viewport']")


def test_every_link_and_every_form_of_a_page_leads_somewhere(console: Caller) -> None:
    reference = console.file().text
    console.press("/faults", do="fog")
    console.press(f"/submissions/{reference}/decision", decision="accept")
    console.file()
    for path in ("/", "/agencies/harbour", "/agencies/harbour/submissions/H-1", "/agencies/harbour/submissions/H-2"):
        tree = html.fromstring(console.call("GET", path).text)
        for link in tree.xpath("//a/@href"):
            if str(link).startswith("/"):
                assert console.call("GET", str(link)).status_code == 200, link
        for action in tree.xpath("//form/@action"):
            assert console.call("GET", str(action)).status_code == 405, action


def test_every_field_has_a_label(console: Caller) -> None:
    reference = console.file().text
    for page in (console.page(), console.page(f"/submissions/{reference}")):
        fields = html.fromstring(page).xpath("//input[@type!='hidden' or not(@type)] | //select")
        assert fields
        assert all(each.xpath("ancestor::label") for each in fields)


def test_nothing_has_arrived_yet_is_said(console: Caller) -> None:
    assert "Chưa có gì tới." in console.page()


def test_what_came_in_is_listed_with_what_was_answered(console: Caller) -> None:
    first, second = console.file().text, console.file().text
    console.press(f"/submissions/{first}/decision", decision="refuse", reason="thiếu giấy tờ")
    page = console.page()
    newest, oldest = (text_of(page, f"//table[1]//tr[{number}]") for number in (2, 3))
    assert newest.endswith(f"{second} 9900000016 Tàu vào cảng Sao Mai đã nhận received –")
    assert oldest.endswith(f"{first} 9900000016 Tàu vào cảng Sao Mai từ chối refused thiếu giấy tờ Thông báo")


def test_times_are_those_of_vietnam(console: Caller) -> None:
    console.harbour.agency.clock.now = datetime(2026, 11, 15, 17, 30, 5, tzinfo=UTC)
    console.file()
    assert text_of(console.page(), "//table[1]//tr[2]").startswith("16/11/2026 00:30:05 H-1")


def test_a_document_is_readable(console: Caller) -> None:
    page = console.page(f"/submissions/{console.file().text}")
    assert html.fromstring(page).xpath("string(//pre)") == (
        "<call>\n  <ship>Sao Mai</ship>\n  <cargo>\n    <item>tôm</item>\n    <item>cá</item>\n  </cargo>\n</call>"
    )
    assert html.fromstring(page).xpath("string(//tr[td/code = 'ship']/td[2])") == "Sao Mai"


def test_an_answer_is_readable(console: Caller) -> None:
    reference = console.file().text
    console.press(f"/submissions/{reference}/decision", decision="accept")
    page = console.page("/answers/A1")
    assert html.fromstring(page).xpath("string(//pre)") == "<notice>accept</notice>"
    assert console.call("GET", "/agencies/harbour/answers/A1/document").content == b"<notice>accept</notice>"


def test_a_call_is_readable_as_it_went_over_the_wire(console: Caller) -> None:
    console.file()
    request, answer = html.fromstring(console.page("/exchanges/1")).xpath("//pre/text()")
    assert request.startswith("POST /harbour/ships HTTP/1.1\n")
    assert "<ship>Sao Mai</ship>" in request
    assert answer.startswith("HTTP/1.1 200")
    assert console.call("GET", "/agencies/harbour/exchanges/9").status_code == 404


def test_hostile_content_stays_text(console: Caller) -> None:
    reference = console.file(HOSTILE).text
    for path in ("", f"/submissions/{reference}", "/exchanges/1"):
        page = console.page(path)
        assert html.fromstring(page).xpath("//script | //img") == []
        assert "\u202e" not in page
    assert "⟨U+202E⟩" in page


@pytest.mark.parametrize("field", ["reference", "key", "title", "filer", "reasons"])
def test_hostile_names_stay_text(field: str, console: Caller) -> None:
    console.file()
    agency = console.harbour.agency
    said = "</td><script>alert(1)</script>\u202e"
    agency._submissions[0] = replace(agency._submissions[0], **{field: (said,) if field == "reasons" else said})
    page = console.page()
    assert html.fromstring(page).xpath("//script") == []
    assert "&lt;script&gt;alert(1)" in page
    assert "⟨U+202E⟩" in page


def test_a_filing_is_accepted_by_a_button(console: Caller) -> None:
    reference = console.file().text
    path = f"/submissions/{reference}"
    done = console.press(f"{path}/decision", decision="accept")
    assert (done.status_code, done.headers["Location"]) == (303, f"/agencies/harbour{path}")
    assert "chấp nhận accepted" in text_of(console.page(path))


def test_the_form_of_a_refusal_asks_for_its_reason(console: Caller) -> None:
    page = html.fromstring(console.page(f"/submissions/{console.file().text}"))
    forms = {form.xpath("string(.//button/@value)"): form for form in page.forms}
    assert set(forms) == {"accept", "wait", "refuse"}
    assert forms["refuse"].xpath(".//input[@name='reason' and @required]")
    assert forms["accept"].xpath(".//input") == forms["wait"].xpath(".//input") == []


@pytest.mark.parametrize(("decision", "forms"), [("accept", 0), ("refuse", 0), ("wait", 3)])
def test_what_is_decided_offers_no_decision(decision: str, forms: int, console: Caller) -> None:
    reference = console.file().text
    console.press(f"/submissions/{reference}/decision", decision=decision, reason="x")
    assert len(html.fromstring(console.page(f"/submissions/{reference}")).forms) == forms


def test_a_decision_that_comes_too_late_is_told(console: Caller) -> None:
    reference = console.file().text
    console.press(f"/submissions/{reference}/decision", decision="accept")
    late = console.press(f"/submissions/{reference}/decision", decision="refuse", reason="x")
    assert late.status_code == 400
    assert "Đã có kết quả. It is decided." in text_of(late.text)
    assert console.harbour.agency.submissions()[0].state == State.ACCEPTED


def test_every_fault_can_be_armed_by_its_form_as_it_stands(console: Caller) -> None:
    forms = fields_of(console.page(), "/faults")
    assert {each["do"] for each in forms} == set(console.harbour.script.kinds)
    for form in forms:
        done = console.press("/faults", **form)
        if form["do"] == "tls-drop":  # this simulator speaks no TLS
            assert "tls-drop" in done.text
        else:
            assert done.status_code == 303, text_of(done.text)
    armed = [each.told() for each in console.harbour.script.armed().values()]
    assert armed == [{"do": each["do"]} for each in forms if each["do"] != "tls-drop"]


def test_a_fault_is_filled_in_armed_shown_and_disarmed(console: Caller) -> None:
    (form,) = (each for each in fields_of(console.page(), "/faults") if each["do"] == "fog")
    console.press("/faults", **(form | {"on": "/harbour/*", "when.nth": "1, 3", "with.metres": "7"}))
    page = console.page()
    assert text_of(page, "//table[.//button]//tr[2]") == "1 fog /harbour/* nth = [1, 3] metres = 7 Gỡ Disarm"
    (action,) = (str(each.action) for each in html.fromstring(page).forms if str(each.action).endswith("/disarm"))
    assert console.call("POST", action).status_code == 303
    assert not console.harbour.script.armed()


def test_parameters_tell_their_default_and_what_is_possible(console: Caller) -> None:
    page = html.fromstring(console.page())
    assert page.xpath("string(//form[input/@value='fog']//input[@name='with.metres']/@placeholder)") == "50"
    options = page.xpath("//form[input/@value='reset']//select[@name='with.at']/option/text()")
    assert options == ["answer (mặc định · default)", "accept", "request", "answer"]


def test_a_mistake_in_a_form_is_told_with_its_field(console: Caller) -> None:
    done = console.press("/faults", do="fog", **{"with.metres": "far"})
    assert done.status_code == 400
    assert "with.metres" in done.text
    assert "những gì đã điền vẫn còn" in done.text
    assert not console.harbour.script.armed()


def test_a_scenario_is_begun_shown_and_ended(console: Caller) -> None:
    names = {each["name"] for each in fields_of(console.page(), "/scenario")}
    assert {"month-end", "outage-2h"} <= names
    console.press("/scenario", name="outage-2h")
    assert {} in fields_of(console.page(), "/scenario")
    assert "(outage-2h)" in console.call("GET", "/").text
    console.press("/scenario")
    assert not console.harbour.script.armed()


def test_everything_is_forgotten_by_a_button(console: Caller) -> None:
    console.file()
    assert console.press("/reset").status_code == 303
    assert "Chưa có gì tới." in console.page()


def test_a_page_loads_itself_again_only_when_asked_to(console: Caller) -> None:
    assert 'http-equiv="refresh"' not in console.page()
    assert 'http-equiv="refresh" content="5"' in console.page("?reload")


@pytest.mark.parametrize(
    "path", ["/agencies/none", "/agencies/harbour/submissions/none", "/agencies/harbour/answers/none"]
)
def test_what_is_not_there_is_a_page_in_both_languages(path: str, console: Caller) -> None:
    answer = console.call("GET", path)
    assert answer.status_code == 404
    assert re.search(r"Không có .* There is no ", text_of(answer.text))


def test_a_title_of_the_agency_is_escaped(console: Caller) -> None:
    console.harbour.agency.title = Text("<b>Cảng</b>", "<b>Harbour</b>")
    assert html.fromstring(console.page()).xpath("//b") == []


def test_a_fault_that_strikes_before_there_is_a_request_is_offered_no_call_to_strike(console: Caller) -> None:
    forms = [each for each in html.fromstring(console.page()).forms if str(each.action).endswith("/faults")]
    offered = {each.fields["do"]: set(each.fields) for each in forms}
    assert {"on", "when.key", "when.nth"} <= offered["reset"]
    assert offered["refused"] == {"do", "when.after", "when.until"}
    assert not {"on", "when.key"} & offered["half-open"]
    assert {"when.nth", "when.until"} <= offered["half-open"]


def test_a_page_that_there_is_none_of_says_so_in_both_languages(console: Caller) -> None:
    answer = console.call("GET", "/nowhere")
    assert answer.status_code == 404
    assert "Không có GET /nowhere." in answer.text
    assert "There is no GET /nowhere." in answer.text
