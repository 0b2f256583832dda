"""openapi.json describes the control interface: every route and no other, and what each answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from starlette.routing import Route

from govgateway_mocks.console import api
from govgateway_mocks.console.station import Stations
from unit.mocks.console.caller import Caller

DOCUMENT: dict[str, Any] = json.loads(api.description())
TYPES = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "object": dict, "array": list}


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """``schema``, or what it refers to."""
    found: Any = DOCUMENT
    if "$ref" not in schema:
        return schema
    for step in schema["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)


def problems(value: Any, schema: dict[str, Any], at: str = "$") -> Iterator[str]:
    """Where ``value`` is not what ``schema`` says: the part of JSON Schema that the document uses."""
    schema = resolved(schema)
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is none of {schema['enum']}"
    if "type" in schema and not _is_of(value, schema["type"]):
        yield f"{at}: {value!r} is no {schema['type']}"
    if schema.get("format") == "date-time" and datetime.fromisoformat(value).tzinfo is None:
        yield f"{at}: {value} has no time zone"
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from problems(each, schema["items"], f"{at}[{number}]")
    if isinstance(value, dict):
        yield from _problems_of_object(value, schema, at)


def _is_of(value: Any, types: str | list[str]) -> bool:
    names = [types] if isinstance(types, str) else types
    if value is None or isinstance(value, bool):
        return ("null" if value is None else "boolean") in names
    return any(isinstance(value, TYPES[name]) for name in names if name in TYPES)


def _problems_of_object(value: dict[str, Any], schema: dict[str, Any], at: str) -> Iterator[str]:
    known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    yield from (f"{at}: {name} is missing" for name in schema.get("required", ()) if name not in value)
    for name, each in value.items():
        if name in known:
            yield from problems(each, known[name], f"{at}.{name}")
        elif others is False:
            yield f"{at}: {name} is not described"
        elif isinstance(others, dict):
            yield from problems(each, others, f"{at}.{name}")


def operations() -> dict[tuple[str, str], dict[str, Any]]:
    """Every operation of the document, by path and method."""
    found = {}
    for path, item in DOCUMENT["paths"].items():
        found.update({(path, method): each for method, each in item.items() if method != "parameters"})
    return found


def test_the_document_and_the_routes_are_the_same() -> None:
    served = {
        (route.path.replace(":path", ""), method.lower())
        for route in api.routes(Stations({}))
        if isinstance(route, Route)
        for method in route.methods or ()
        if method != "HEAD"
    }
    assert set(operations()) == served


def test_it_is_openapi_3_1_and_every_reference_leads_somewhere() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    for reference in re.findall(r'"\$ref": "([^"]+)"', api.description().decode()):
        assert resolved({"$ref": reference})


def test_every_operation_has_a_name_of_its_own_and_declares_what_its_path_holds() -> None:
    names = [each["operationId"] for each in operations().values()]
    assert len(names) == len(set(names))
    for path, item in DOCUMENT["paths"].items():
        declared = {resolved(each)["name"] for each in item.get("parameters", ())}
        assert declared == set(re.findall(r"{(\w+)}", path)), path


FAULT = {"do": "fog", "when": {"nth": [2]}, "with": {"metres": 5}}
AGENCY = "/api/agencies/{agency}"
ONE = f"{AGENCY}/submissions/{{reference}}"
CALLS: list[tuple[str, str, int, dict[str, Any]]] = [
    ("get", "/api/openapi.json", 200, {}),
    ("get", "/api/agencies", 200, {}),
    ("get", AGENCY, 200, {}),
    ("get", f"{AGENCY}/submissions", 200, {}),
    ("get", ONE, 200, {}),
    ("get", f"{ONE}/document", 200, {}),
    ("get", f"{AGENCY}/answers/{{identifier}}", 200, {}),
    ("post", f"{ONE}/decision", 200, {"json": {"decision": "refuse", "reason": "x"}}),
    ("post", f"{ONE}/decision", 400, {"json": {"decision": "burn"}}),
    ("get", f"{AGENCY}/faults", 200, {}),
    ("post", f"{AGENCY}/faults", 201, {"json": FAULT}),
    ("post", f"{AGENCY}/faults", 400, {"json": {"do": "none"}}),
    ("delete", f"{AGENCY}/faults/{{id}}", 204, {}),
    ("delete", f"{AGENCY}/faults", 204, {}),
    ("post", f"{AGENCY}/scenario", 204, {"json": {"name": "outage-2h"}}),
    ("post", f"{AGENCY}/scenario", 400, {"json": {"name": "none"}}),
    ("delete", f"{AGENCY}/scenario", 204, {}),
    ("get", f"{AGENCY}/arrivals", 200, {}),
    ("get", f"{AGENCY}/exchanges", 200, {}),
    ("get", f"{AGENCY}/settings", 200, {}),
    ("patch", f"{AGENCY}/settings", 204, {"json": {"check_duplicates": False}}),
    ("patch", f"{AGENCY}/settings", 400, {"json": {"colour": "red"}}),
    ("get", f"{AGENCY}/forms", 200, {}),
    ("get", f"{AGENCY}/forms/{{form}}/sample", 200, {}),
    ("get", f"{AGENCY}/forms/{{form}}/sample", 404, {"form": "none"}),
    ("post", f"{AGENCY}/key", 200, {"data": b"<ship>Sao Mai</ship>"}),
    ("post", f"{AGENCY}/reset", 204, {}),
    ("get", AGENCY, 404, {"agency": "none"}),
    ("get", ONE, 404, {"reference": "none"}),
]


def test_every_operation_is_called_here() -> None:
    described = {path.replace("{identifier}", "{id}") if "/faults/" in path else path for path, _ in operations()}
    assert {path for _, path, _, _ in CALLS} == described


@pytest.mark.parametrize(("method", "path", "status", "sent"), CALLS, ids=lambda each: str(each)[:50])
def test_what_is_answered_is_what_is_described(
    method: str, path: str, status: int, sent: dict[str, Any], console: Caller
) -> None:
    names = {"agency": "harbour", "form": "arrival", "identifier": "A1", "reference": console.file().text}
    names["id"] = console.api("POST", "/faults", json=FAULT).json()["id"]
    if "/answers/" in path or path.endswith("/submissions"):
        console.api("POST", f"/submissions/{names['reference']}/decision", json={"decision": "accept"})
    names |= {name: sent[name] for name in names if name in sent}
    body = {name: sent[name] for name in ("json", "data") if name in sent}
    answer = console.call(method, path.format(**names), **body)
    assert answer.status_code == status
    described = operations()[path.replace("{id}", "{identifier}"), method]
    if status < 400 and "json" in body:
        assert list(problems(body["json"], described["requestBody"]["content"]["application/json"]["schema"])) == []
    content = resolved(described["responses"][str(status)]).get("content", {})
    assert list(content) == ([answer.headers["Content-Type"]] if status != 204 else [])
    if "application/json" in content:
        assert list(problems(answer.json(), content["application/json"]["schema"])) == []


@pytest.mark.parametrize(
    "change", [{"state": "burnt"}, {"at": "2026-11-16T09:00:00"}, {"key": 1}, {"colour": "red"}, {"answers": [{}]}]
)
def test_the_check_of_these_tests_can_fail(change: dict[str, Any], console: Caller) -> None:
    told = console.api("GET", f"/submissions/{console.file().text}").json()
    schema = {"$ref": "#/components/schemas/Submission"}
    assert list(problems(told, schema)) == []
    assert list(problems(told | change, schema)) != []


def test_what_every_call_may_be_refused_with_is_described(console: Caller) -> None:
    for (path, method), described in operations().items():
        answer = console.call(method, path, headers={"Host": "evil.example"})
        assert list(resolved(described["responses"][str(answer.status_code)])["content"]) == ["text/plain"]
        assert answer.headers["Content-Type"].startswith("text/plain")
        assert ("413" in described["responses"]) == ("requestBody" in described)
