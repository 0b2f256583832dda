"""Keeps strangers out of the portal: pages of other sites that a browser shows on the machine that runs the simulator.

Whoever can reach the portal may use it, a web page from elsewhere may not: neither what it sends (cross-site request
forgery) nor a name of its own for the simulator's address (DNS rebinding) is taken. The services are left alone: a
browser sends no text/xml to another site unasked, and their clients may call the simulator by any name.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

Page = Callable[[Request], Awaitable[Response]]


def guarded(page: Page) -> Page:
    """``page``, which answers 403 to what comes from elsewhere."""

    async def guard(request: Request) -> Response:
        if _from_here(request.headers.get("host", ""), request.headers.get("origin")):
            return await page(request)
        return PlainTextResponse("Không nhận từ trang web khác · Not from another site", 403)

    return guard


def _from_here(host: str, origin: str | None) -> bool:
    """Whether a request to ``host`` is for an address or a name of the local network, and no other site's page sent it.
    Programs send no Origin."""
    return _is_local(host) and (origin is None or origin.partition("://")[2] == host)


def _is_local(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or "."
        return "." not in name or bool(ip_address(name))
    except ValueError:
        return False
