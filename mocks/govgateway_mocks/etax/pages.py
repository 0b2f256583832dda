"""The simulator's pages: what it received and answered, and an upload form for the hand-carried route."""

from __future__ import annotations

from collections.abc import Mapping

from jinja2 import Environment
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from govgateway_mocks.etax import mime, playing
from govgateway_mocks.etax.case import VIETNAM
from govgateway_mocks.etax.faults import UPLOAD
from govgateway_mocks.etax.office import TaxOffice
from govgateway_mocks.etax.soap import Fault

_PAGE = Environment(autoescape=True).from_string("""<!doctype html>
<html lang="vi"><meta charset="utf-8"><title>MÔ PHỎNG · Cơ quan thuế</title>
<style>body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}
.play{background:#b00020;color:#fff;padding:.5rem 1rem;font-weight:bold}table{border-collapse:collapse;width:100%}
td,th{border-bottom:1px solid #ccc;padding:.4rem;text-align:left;vertical-align:top}</style>
<p class="play">MÔ PHỎNG · SIMULATOR: không có gì ở đây được gửi tới cơ quan thuế ·
nothing here reaches the tax office</p>
<h1>Cơ quan thuế mô phỏng <small lang="en">Simulated tax office</small></h1>
<form method="post" action="/upload" enctype="multipart/form-data">
<label>Tệp tờ khai đã ký · Signed declaration <input type="file" name="file" accept=".xml" required></label>
<button>Nộp · Upload</button></form>
<h2>Đã nhận · Received ({{ transactions|length }})</h2>
<table><tr><th>Mã giao dịch</th><th>Lúc</th><th>Hồ sơ</th><th>Kết quả</th><th>Thông báo</th></tr>
{% for each in transactions %}<tr><td>{{ each.code }}</td><td>{{ each.at }}</td>
<td>{{ each.fields.tinCTietGDich }} {{ each.fields.tenNNT }}<br>
{{ each.fields.tenHSo }} {{ each.fields.kyKKhaiHThi }}</td>
<td>{% if each.decided %}{% for reason in each.reasons %}{{ reason.tenLoi }}<br>{% else %}Chấp nhận{% endfor %}
{% else %}…{% endif %}
</td>
<td>{% for notice in each.notices %}<a href="/notices/{{ notice.identifier }}.xml">{{ notice.code }}</a>
{% endfor %}</td>
</tr>{% endfor %}</table></html>""")


def overview(office: TaxOffice) -> Response:
    """The page of what arrived, the newest first. A verdict that is not out yet is not shown."""
    visible = office.notices()
    rows = [
        {
            "code": each.code,
            "at": each.schedule.arrived.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S"),
            "fields": each.fields,
            "reasons": each.reasons,
            "decided": each.decided,
            "notices": [notice for notice in visible if notice.transaction == each.code],
        }
        for each in reversed(office.transactions)
    ]
    return HTMLResponse(_PAGE.render(transactions=rows))


def uploaded(office: TaxOffice, body: bytes, headers: Mapping[str, str]) -> Response:
    """Take an uploaded declaration: a browser's form or the bare file.

    The answer is the page, by redirection (to load it again uploads nothing again), or with
    ``Accept: application/json`` the transaction code.
    """
    content_type = headers.get("content-type", "")
    data = body
    if content_type.startswith("multipart/"):
        try:
            parts = mime.read_parts(content_type, body)
        except Fault as fault:
            return Response(fault.text, 400)
        data = next((each.data for each in parts.values()), b"")
    struck = office.struck(UPLOAD, lambda: office.key_of(data))
    code = playing.code_told(office, struck, office.take(data, None, struck))
    if "application/json" in headers.get("accept", ""):
        return JSONResponse({"maGDich": code})
    return RedirectResponse("/", 303)
