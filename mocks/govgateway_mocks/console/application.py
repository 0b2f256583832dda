"""The console as one application: pages, control interface, what stands beside them, and how a mistake is told."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from govgateway.errors import GovGatewayError, Text
from govgateway_mocks.console import api, pages, told
from govgateway_mocks.console.guard import Guard
from govgateway_mocks.console.station import NotThere, Stations
from govgateway_mocks.server import TooLarge


def application(stations: Stations, besides: Sequence[BaseRoute] = ()) -> Starlette:
    """The console of ``stations``, and the routes ``besides``."""
    return Starlette(
        routes=[*api.routes(stations), *pages.routes(stations), *besides],
        middleware=[Middleware(Guard)],
        exception_handlers={
            GovGatewayError: _refused,
            HTTPException: _unknown,
            TooLarge: _ended,
            ClientDisconnect: _ended,
        },
    )


async def _ended(request: Request, error: Exception) -> Response:
    """A body larger than anything that is ever filed, or that its sender broke off: nothing more is read."""
    return Response(status_code=413, headers={"Connection": "close"})


async def _unknown(request: Request, error: Exception) -> Response:
    """An address that there is none of, or not with this method."""
    assert isinstance(error, HTTPException)  # noqa: S101  # what it is registered for
    refused = NotThere(
        Text(f"Không có {request.method} {request.url.path}.", f"There is no {request.method} {request.url.path}."),
        Text("Xem /api/openapi.json.", "Look at /api/openapi.json."),
    )
    return _told(request, refused, error.status_code)


async def _refused(request: Request, error: Exception) -> Response:
    """Why it was refused: data for a program, a page for a person."""
    assert isinstance(error, GovGatewayError)  # noqa: S101  # what it is registered for
    status = 404 if isinstance(error, NotThere) else 400
    return _told(request, error, status)


def _told(request: Request, error: GovGatewayError, status: int) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse(told.error(error), status)
    return pages.refused(error, status)
