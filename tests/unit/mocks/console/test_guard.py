"""Who may use the console: this machine, and no page of another site that its browser shows."""

from __future__ import annotations

import pytest

from unit.mocks.console.caller import SHIP, Caller

RESET = "/agencies/harbour/reset"
API_RESET = "/api/agencies/harbour/reset"


@pytest.mark.parametrize("path", [RESET, API_RESET])
@pytest.mark.parametrize("origin", ["http://elsewhere.example", "null", "http://127.0.0.1:1", ""])
def test_what_another_site_sends_is_refused_and_does_nothing(origin: str, path: str, console: Caller) -> None:
    console.file()
    answer = console.call("POST", path, headers={"Origin": origin})
    assert answer.status_code == 403
    assert console.harbour.agency.submissions()


@pytest.mark.parametrize("method", ["PATCH", "DELETE", "PUT"])
def test_every_method_that_changes_something_is_guarded(method: str, console: Caller) -> None:
    headers = {"Origin": "http://elsewhere.example"}
    assert console.api(method, "/faults", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "host", ["elsewhere.example", "elsewhere.example:8700", "127.0.0.1.elsewhere.example:8700", ""]
)
@pytest.mark.parametrize("path", ["/", "/api/agencies"])
def test_another_name_for_this_machine_is_refused(path: str, host: str, console: Caller) -> None:
    assert console.call("GET", path, headers={"Host": host}).status_code == 403


def test_this_machine_is_known_by_its_own_names(console: Caller) -> None:
    port = console.address.rpartition(":")[2]
    for host in (f"127.0.0.1:{port}", f"localhost:{port}"):
        headers = {"Host": host, "Origin": f"http://{host}"}
        assert console.call("POST", API_RESET, headers=headers).status_code == 204


def test_a_program_sends_no_origin(console: Caller) -> None:
    assert console.call("POST", API_RESET).status_code == 204


@pytest.mark.parametrize("path", ["/", "/agencies/harbour", "/agencies/none", "/none", "/api/agencies"])
def test_every_answer_tells_a_browser_to_load_and_run_nothing(path: str, console: Caller) -> None:
    headers = console.call("GET", path).headers
    policy = headers["Content-Security-Policy"].split("; ")
    assert policy[:3] == ["default-src 'none'", "style-src 'unsafe-inline'", "form-action 'self'"]
    assert (headers["X-Content-Type-Options"], headers["Cache-Control"]) == ("nosniff", "no-store")


@pytest.mark.parametrize(
    "document", [SHIP, b'<html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>']
)
def test_a_strangers_document_is_a_file_and_never_a_page(document: bytes, console: Caller) -> None:
    reference = console.file(document).text
    for path in (f"/agencies/harbour/submissions/{reference}", f"/api/agencies/harbour/submissions/{reference}"):
        answer = console.call("GET", f"{path}/document")
        assert answer.content == document
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="document.xml"'
