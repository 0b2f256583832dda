"""The console's pages: what each agency received and answered, what it is made to do next. They need no script."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from govgateway.errors import GovGatewayError
from govgateway_mocks.agency import State
from govgateway_mocks.armed import POSSIBLE
from govgateway_mocks.console import fault_form
from govgateway_mocks.console.bodies import decision, file, form_fields, reason
from govgateway_mocks.console.readable import readable, visible
from govgateway_mocks.console.station import Handlers, Station, Stations
from govgateway_mocks.faults import Fault
from govgateway_mocks.scenarios import scenarios

VIETNAM = timezone(timedelta(hours=7))
LAST_EXCHANGES = 50
_AGENCY = "/agencies/{agency}"


def routes(stations: Stations) -> Sequence[BaseRoute]:
    """The pages of ``stations``, and what their buttons do."""
    pages, actions = _Pages(stations), _Actions(stations)
    one = _AGENCY + "/submissions/{reference}"
    return (
        Route("/", pages.overview),
        Route(_AGENCY, pages.agency),
        Route(one, pages.submission),
        Route(one + "/document", pages.document),
        Route(one + "/decision", actions.decide, methods=["POST"]),
        Route(_AGENCY + "/answers/{identifier}", pages.answer),
        Route(_AGENCY + "/answers/{identifier}/document", pages.answer_document),
        Route(_AGENCY + "/exchanges/{number:int}", pages.exchange),
        Route(_AGENCY + "/faults", actions.arm, methods=["POST"]),
        Route(_AGENCY + "/faults/{identifier}/disarm", actions.disarm, methods=["POST"]),
        Route(_AGENCY + "/scenario", actions.scenario, methods=["POST"]),
        Route(_AGENCY + "/reset", actions.reset, methods=["POST"]),
    )


def refused(error: GovGatewayError, status: int) -> Response:
    """The page of a mistake."""
    return _page("refused.html", status, error=error)


class _Pages(Handlers):
    """What is only looked at."""

    async def overview(self, request: Request) -> Response:
        """Every agency in short."""
        return _page("overview.html", stations=self._stations.by_name.values())

    async def agency(self, request: Request) -> Response:
        """What came in, what was answered, what is armed, and the forms that change it."""
        station = self._at(request)
        shown = {
            "station": station,
            "submissions": station.agency.submissions()[::-1],
            "exchanges": station.running.exchanges[: -LAST_EXCHANGES - 1 : -1],
            "scenarios": scenarios().values(),
            "possible": POSSIBLE,
            "conditions": {name: said for name, (_, said) in fault_form.CONDITIONS.items()},
            "reloading": "reload" in request.query_params,
        }
        return _page("agency.html", **shown)

    async def submission(self, request: Request) -> Response:
        """One submission, its document readable, and the forms that decide it."""
        station = self._at(request)
        arrived = station.submission(request.path_params["reference"])
        undecided = arrived.state in (State.WAITING, State.RECEIVED)
        document = readable(arrived.document)
        return _page("submission.html", station=station, arrived=arrived, document=document, undecided=undecided)

    async def answer(self, request: Request) -> Response:
        """One answer, readable."""
        station = self._at(request)
        answer = station.answer(request.path_params["identifier"])
        return _page("answer.html", station=station, answer=answer, document=readable(answer.data))

    async def exchange(self, request: Request) -> Response:
        """One request and its answer, as they went over the wire."""
        station = self._at(request)
        passed = station.exchange(request.path_params["number"])
        sides = {"request": readable(passed.request), "answer": readable(passed.answer)}
        return _page("exchange.html", station=station, passed=passed, **sides)

    async def document(self, request: Request) -> Response:
        """The document of a submission as a file."""
        reference = request.path_params["reference"]
        return file(self._at(request).submission(reference).document, "document")

    async def answer_document(self, request: Request) -> Response:
        """An answer as a file."""
        return file(self._at(request).answer(request.path_params["identifier"]).data, "answer")


class _Actions(Handlers):
    """What the buttons do. Each leads back to the page, so that to load it again does nothing again."""

    async def decide(self, request: Request) -> Response:
        """Accept, refuse or keep a filing waiting."""
        station, reference, fields = self._at(request), request.path_params["reference"], await form_fields(request)
        station.submission(reference)
        station.agency.decide(reference, decision(fields.get("decision", "")), reason(fields.get("reason", "")))
        return _back(station, "submissions", reference)

    async def arm(self, request: Request) -> Response:
        """Arm a fault."""
        station = self._at(request)
        station.arm(Fault.of(fault_form.read(await form_fields(request), station.kinds)))
        return _back(station)

    async def disarm(self, request: Request) -> Response:
        """Disarm a fault."""
        station = self._at(request)
        station.disarm(request.path_params["identifier"])
        return _back(station)

    async def scenario(self, request: Request) -> Response:
        """Begin a scenario, or end it where none is named."""
        station, name = self._at(request), (await form_fields(request)).get("name", "")
        if name:
            station.begin(name)
        else:
            station.end()
        return _back(station)

    async def reset(self, request: Request) -> Response:
        """Forget everything."""
        station = self._at(request)
        station.reset()
        return _back(station)


def _back(station: Station, *steps: str) -> Response:
    return RedirectResponse("/".join(["/agencies", *(quote(each, "") for each in (station.agency.name, *steps))]), 303)


def _page(name: str, status: int = 200, /, **shown: Any) -> Response:
    return HTMLResponse(_environment().get_template(name).render(**shown), status)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("govgateway_mocks.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_seen,
    )
    environment.filters["moment"] = _moment
    environment.filters["step"] = lambda text: quote(text, "")
    return environment


def _seen(value: Any) -> Any:
    """Everything that a page shows comes by here: nothing in it stays unseen."""
    return visible(value) if type(value) is str else value


def _moment(at: datetime) -> str:
    """A moment as Vietnam writes it."""
    return at.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S")
