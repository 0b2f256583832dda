"""The control interface as a program uses it."""

from __future__ import annotations

import hashlib
from base64 import b64decode

import pytest

from unit.mocks.console.caller import SHIP, Caller

FOG = {"do": "fog", "on": "/harbour/ships", "when": {"nth": [1]}, "with": {"metres": 5}}


def test_the_agencies_are_listed_with_their_addresses(console: Caller) -> None:
    (told,) = console.call("GET", "/api/agencies").json()["agencies"]
    assert told == {
        "name": "harbour",
        "title": {"vi": "Cảng vụ mô phỏng", "en": "Simulated harbour office"},
        "address": console.harbour.address,
        "service_address": f"{console.harbour.address}/harbour",
        "direct_address": console.harbour.direct_address,
        "trust_roots": None,
        "check_duplicates": True,
    }


def test_one_agency_tells_what_it_can_be_made_to_do(console: Caller) -> None:
    told = console.api("GET").json()
    kinds = {each["name"]: each for each in told["faults"]}
    assert kinds["fog"]["parameters"] == {"metres": 50}
    assert kinds["fog"]["meaning"] == {"vi": "Không thấy tàu nào.", "en": "No ship is seen."}
    assert {"reset", "status"} < set(kinds)
    assert "outage-2h" in {each["name"] for each in told["scenarios"]}
    assert told["scenario"] is None


def test_what_arrived_is_told_with_its_document_byte_for_byte(console: Caller) -> None:
    reference = console.file().text
    (told,) = console.api("GET", "/submissions").json()["submissions"]
    digest = hashlib.sha256(SHIP).hexdigest()
    at = console.harbour.agency.clock().isoformat()
    assert told == {
        "reference": reference, "at": at, "key": "Sao Mai", "digest": digest, "title": "Tàu vào cảng",
        "filer": "9900000016", "state": "received", "reasons": [], "answers": [],
    }  # fmt: skip
    assert console.api("GET", f"/submissions/{reference}").json() == told
    assert console.api("GET", f"/submissions/{reference}/document").content == SHIP


def test_arrivals_count_the_same_document_twice(console: Caller) -> None:
    for _ in range(2):
        console.file()
    digest = hashlib.sha256(SHIP).hexdigest()
    assert console.api("GET", "/arrivals").json() == {"arrivals": [{"key": "Sao Mai", "digest": digest, "count": 2}]}


@pytest.mark.parametrize(
    ("decision", "state", "answers"), [("accept", "accepted", 1), ("refuse", "refused", 1), ("wait", "received", 0)]
)
def test_a_filing_is_decided(decision: str, state: str, answers: int, console: Caller) -> None:
    reference = console.file().text
    said = {"decision": decision, "reason": "thiếu giấy tờ" if decision == "refuse" else ""}
    told = console.api("POST", f"/submissions/{reference}/decision", json=said).json()
    assert (told["state"], len(told["answers"])) == (state, answers)
    assert told["reasons"] == (["thiếu giấy tờ"] if decision == "refuse" else [])
    for each in told["answers"]:
        assert console.api("GET", f"/answers/{each['identifier']}").content == f"<notice>{decision}</notice>".encode()


def test_a_reason_is_one_line(console: Caller) -> None:
    path = f"/submissions/{console.file().text}/decision"
    told = console.api("POST", path, json={"decision": "refuse", "reason": " thiếu\n giấy\u00a0tờ\t"}).json()
    assert told["reasons"] == ["thiếu giấy tờ"]


def test_what_is_decided_stays_so(console: Caller) -> None:
    reference = console.file().text
    path = f"/submissions/{reference}/decision"
    assert console.api("POST", path, json={"decision": "accept"}).status_code == 200
    refused = console.api("POST", path, json={"decision": "refuse", "reason": "x"})
    assert refused.status_code == 400
    assert refused.json()["error"]["message"] == {"vi": "Đã có kết quả.", "en": "It is decided."}
    assert console.api("GET", f"/submissions/{reference}").json()["state"] == "accepted"


def test_a_fault_is_armed_played_told_and_disarmed(console: Caller) -> None:
    armed = console.api("POST", "/faults", json=FOG)
    assert armed.status_code == 201
    identifier = armed.json()["id"]
    assert [console.file().status_code for _ in range(2)] == [503, 200]
    told = console.api("GET", "/faults").json()
    assert told == {
        "armed": [{"id": identifier, "fault": FOG}],
        "struck": [{"id": identifier, "call": "/harbour/ships"}],
    }
    assert console.api("DELETE", f"/faults/{identifier}").status_code == 204
    assert console.api("GET", "/faults").json()["armed"] == []


def test_all_faults_are_disarmed_at_once(console: Caller) -> None:
    for _ in range(2):
        console.api("POST", "/faults", json={"do": "fog"})
    assert console.api("DELETE", "/faults").status_code == 204
    assert console.api("GET", "/faults").json()["armed"] == []


def test_a_fault_of_the_wire_strikes_clients_and_never_the_console(console: Caller) -> None:
    console.api("POST", "/faults", json={"do": "status", "with": {"code": 503}})
    assert console.file().status_code == 503
    assert console.harbour.agency.submissions() == []
    assert console.api("GET", "/exchanges").json()["exchanges"][0]["fault"] == "status"


def test_a_scenario_begins_and_ends(console: Caller) -> None:
    assert console.api("POST", "/scenario", json={"name": "outage-2h"}).status_code == 204
    assert console.api("GET").json()["scenario"] == "outage-2h"
    assert [each["fault"]["do"] for each in console.api("GET", "/faults").json()["armed"]] == ["refused"]
    assert console.api("DELETE", "/scenario").status_code == 204
    assert console.api("GET").json()["scenario"] is None
    assert console.api("GET", "/faults").json()["armed"] == []


def test_a_new_scenario_ends_the_one_before(console: Caller) -> None:
    for name in ("outage-2h", "maintenance-html"):
        console.api("POST", "/scenario", json={"name": name})
    assert {each["fault"]["do"] for each in console.api("GET", "/faults").json()["armed"]} == {"maintenance"}


def test_an_unknown_scenario_is_refused_and_the_one_before_stays(console: Caller) -> None:
    console.api("POST", "/scenario", json={"name": "outage-2h"})
    assert console.api("POST", "/scenario", json={"name": "none"}).status_code == 400
    assert console.api("GET").json()["scenario"] == "outage-2h"


def test_a_reset_forgets_everything(console: Caller) -> None:
    console.file()
    console.api("POST", "/faults", json=FOG)
    console.api("POST", "/scenario", json={"name": "maintenance-html"})
    assert console.api("POST", "/reset").status_code == 204
    told = {part: console.api("GET", f"/{part}").json()[part] for part in ("submissions", "arrivals", "exchanges")}
    assert told == {"submissions": [], "arrivals": [], "exchanges": []}
    assert console.api("GET", "/faults").json() == {"armed": [], "struck": []}
    assert console.api("GET").json()["scenario"] is None


def test_what_went_over_the_wire_is_told_byte_for_byte(console: Caller) -> None:
    console.file()
    (told,) = console.api("GET", "/exchanges").json()["exchanges"]
    assert (told["number"], told["call"], told["fault"]) == (1, "/harbour/ships", None)
    assert b64decode(told["request"]).endswith(SHIP)
    assert b64decode(told["answer"]).startswith(b"HTTP/1.1 200")


def test_settings_are_told_and_changed(console: Caller) -> None:
    told = console.api("GET", "/settings").json()["settings"]
    assert told == {"address": f"{console.harbour.address}/harbour", "password": "demo"}
    asked = console.api("GET", "/settings", params={"address": "http://127.0.0.1:1"}).json()["settings"]
    assert asked["address"] == "http://127.0.0.1:1/harbour"
    assert console.api("PATCH", "/settings", json={"check_duplicates": False}).status_code == 204
    assert console.api("GET").json()["check_duplicates"] is False
    refused = console.api("PATCH", "/settings", json={"colour": "red"})
    assert (refused.status_code, refused.json()["error"]["where"]) == (400, "colour")


def test_a_sample_and_the_key_of_a_document_are_given(console: Caller) -> None:
    assert console.api("GET", "/forms").json() == {"forms": ["arrival"]}
    sample = console.api("GET", "/forms/arrival/sample").content
    assert console.api("POST", "/key", data=sample).json() == {"key": "Sao Mai"}
    assert console.api("GET", "/forms/none/sample").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/submissions/none"),
        ("GET", "/submissions/none/document"),
        ("POST", "/submissions/none/decision"),
        ("GET", "/answers/none"),
        ("DELETE", "/faults/99"),
    ],
)
def test_what_is_not_there_is_told_in_both_languages(method: str, path: str, console: Caller) -> None:
    answer = console.api(method, path)
    assert answer.status_code == 404
    said = answer.json()["error"]
    assert said["code"] == "GG-001"
    assert said["message"]["vi"].startswith("Không có ")
    assert said["message"]["en"].startswith(("There is no ", "No fault "))


def test_an_unknown_agency_is_told(console: Caller) -> None:
    answer = console.call("GET", "/api/agencies/none/submissions")
    assert (answer.status_code, answer.json()["error"]["message"]["en"]) == (
        404,
        "There is no simulated agency 'none'.",
    )


@pytest.mark.parametrize(
    ("path", "body", "where"),
    [
        ("/faults", b"", "body"),
        ("/faults", b"[]", "body"),
        ("/faults", b"[" * 100_000, "body"),
        ("/faults", b"\xff", "body"),
        ("/faults", b'{"\\ud800": 1}', "body"),
        ("/faults", b'{"do": "none"}', "do"),
        ("/faults", b'{"do": "fog", "colour": 1}', "colour"),
        ("/faults", b'{"do": "fog", "with": {"colour": 1}}', "colour"),
        ("/scenario", b'{"name": 1}', "name"),
        ("/scenario", b"{}", "name"),
        ("/submissions/H-1/decision", b'{"decision": "burn"}', "decision"),
        ("/submissions/H-1/decision", b'{"decision": "accept", "reason": 1}', "reason"),
        ("/submissions/H-1/decision", b'{"decision": "accept", "why": ""}', "why"),
        ("/submissions/H-1/decision", b'{"decision": "refuse", "reason": "a\\u0000"}', "reason"),
        ("/submissions/H-1/decision", b'{"decision": "refuse", "reason": "\\ufffe"}', "reason"),
    ],
)
def test_what_cannot_be_understood_is_told_with_its_place(path: str, body: bytes, where: str, console: Caller) -> None:
    console.file()
    answer = console.api("POST", path, data=body)
    assert (answer.status_code, answer.json()["error"]["where"]) == (400, where)
    assert console.harbour.agency.submissions()[0].state == "received"
    assert not console.harbour.script.armed()


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("PUT", "/faults", 405)])
def test_an_address_that_there_is_none_of_is_told_with_a_code(
    method: str, path: str, status: int, console: Caller
) -> None:
    answer = console.api(method, path)
    assert answer.status_code == status
    told = answer.json()["error"]
    assert told["code"]
    assert f"{method} /api/agencies/harbour{path}" in told["message"]["vi"]
    assert told["message"]["vi"] != told["message"]["en"]


@pytest.mark.parametrize(
    ("sent", "possible"),
    [
        ({"do": "fog", "when": []}, "{ … }"),
        ({"do": "fog", "when": {"until": -1}}, "≥ 0"),
        ({"do": "status", "with": {"code": 5}}, "200 … 599"),
    ],
)
def test_what_is_possible_is_told_as_any_data_is_written(sent: object, possible: str, console: Caller) -> None:
    told = console.api("POST", "/faults", json=sent).json()["error"]
    assert told["remedy"]["en"] == f"Possible: {possible}."
