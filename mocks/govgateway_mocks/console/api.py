"""The control interface: what the pages do, for programs, in the shapes of openapi.json."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from govgateway_mocks.console import told
from govgateway_mocks.console.bodies import decision, file, json_object, reason
from govgateway_mocks.console.station import Handlers, Station, Stations
from govgateway_mocks.faults import Fault
from govgateway_mocks.reading import text
from govgateway_mocks.scenarios import scenarios
from govgateway_mocks.server import body_of

_AGENCY = "/api/agencies/{agency}"


@cache
def description() -> bytes:
    """The OpenAPI document."""
    return files("govgateway_mocks.console").joinpath("openapi.json").read_bytes()


def routes(stations: Stations) -> Sequence[BaseRoute]:
    """The control interface of ``stations``."""
    api = _Api(stations)
    one = _AGENCY + "/submissions/{reference}"
    return (
        Route("/api/openapi.json", api.describe),
        Route("/api/agencies", api.agencies),
        Route(_AGENCY, api.agency),
        Route(_AGENCY + "/submissions", api.submissions),
        Route(one, api.submission),
        Route(one + "/document", api.document),
        Route(one + "/decision", api.decide, methods=["POST"]),
        Route(_AGENCY + "/answers/{identifier}", api.answer),
        Route(_AGENCY + "/faults", api.faults),
        Route(_AGENCY + "/faults", api.arm, methods=["POST"]),
        Route(_AGENCY + "/faults", api.clear, methods=["DELETE"]),
        Route(_AGENCY + "/faults/{identifier}", api.disarm, methods=["DELETE"]),
        Route(_AGENCY + "/scenario", api.begin, methods=["POST"]),
        Route(_AGENCY + "/scenario", api.end, methods=["DELETE"]),
        Route(_AGENCY + "/reset", api.reset, methods=["POST"]),
        Route(_AGENCY + "/arrivals", api.arrivals),
        Route(_AGENCY + "/exchanges", api.exchanges),
        Route(_AGENCY + "/settings", api.settings),
        Route(_AGENCY + "/settings", api.configure, methods=["PATCH"]),
        Route(_AGENCY + "/forms", api.forms),
        Route(_AGENCY + "/forms/{form:path}/sample", api.sample),
        Route(_AGENCY + "/key", api.key, methods=["POST"]),
    )


class _Api(Handlers):
    """The handlers. What they refuse is raised, and told by the application."""

    async def describe(self, request: Request) -> Response:
        """The OpenAPI document."""
        return Response(description(), media_type="application/json")

    async def agencies(self, request: Request) -> Response:
        """Every agency in short."""
        return JSONResponse({"agencies": [_summary(each) for each in self._stations.by_name.values()]})

    async def agency(self, request: Request) -> Response:
        """One agency, with what it can be made to do."""
        station = self._at(request)
        able = {
            "faults": [told.kind(each) for each in station.kinds.values()],
            "scenarios": [told.scenario(each) for each in scenarios().values()],
            "scenario": station.scenario,
        }
        return JSONResponse(_summary(station) | able)

    async def submissions(self, request: Request) -> Response:
        """What arrived, the oldest first."""
        arrived = self._at(request).agency.submissions()
        return JSONResponse({"submissions": [told.submission(each) for each in arrived]})

    async def submission(self, request: Request) -> Response:
        """One submission."""
        return JSONResponse(told.submission(self._at(request).submission(request.path_params["reference"])))

    async def document(self, request: Request) -> Response:
        """The document of one submission, byte for byte."""
        return file(self._at(request).submission(request.path_params["reference"]).document, "document")

    async def answer(self, request: Request) -> Response:
        """An answer of the agency, byte for byte."""
        return file(self._at(request).answer(request.path_params["identifier"]).data, "answer")

    async def decide(self, request: Request) -> Response:
        """Make the agency decide; the submission as it is then."""
        station, reference = self._at(request), request.path_params["reference"]
        station.submission(reference)
        said = await json_object(request, "decision", "reason")
        because = reason(text("reason", said.get("reason", ""), empty=True))
        station.agency.decide(reference, decision(text("decision", said.get("decision"))), because)
        return JSONResponse(told.submission(station.submission(reference)))

    async def faults(self, request: Request) -> Response:
        """What is armed, and what was played."""
        script = self._at(request).script
        armed = [{"id": identifier, "fault": fault.told()} for identifier, fault in script.armed().items()]
        struck = [{"id": identifier, "call": call} for identifier, call in script.struck()]
        return JSONResponse({"armed": armed, "struck": struck})

    async def arm(self, request: Request) -> Response:
        """Arm a fault; its id."""
        station = self._at(request)
        fault = Fault.of(await json_object(request, "on", "do", "when", "with"))
        return JSONResponse({"id": station.arm(fault)}, 201)

    async def clear(self, request: Request) -> Response:
        """Disarm every fault."""
        self._at(request).clear()
        return Response(status_code=204)

    async def disarm(self, request: Request) -> Response:
        """Disarm one fault."""
        self._at(request).disarm(request.path_params["identifier"])
        return Response(status_code=204)

    async def begin(self, request: Request) -> Response:
        """Begin a scenario; the one before it ends."""
        station = self._at(request)
        station.begin(text("name", (await json_object(request, "name")).get("name")))
        return Response(status_code=204)

    async def end(self, request: Request) -> Response:
        """End the scenario."""
        self._at(request).end()
        return Response(status_code=204)

    async def reset(self, request: Request) -> Response:
        """Forget everything that arrived, and disarm every fault."""
        self._at(request).reset()
        return Response(status_code=204)

    async def arrivals(self, request: Request) -> Response:
        """How often each document arrived."""
        return JSONResponse({"arrivals": told.arrivals(self._at(request).agency.arrivals)})

    async def exchanges(self, request: Request) -> Response:
        """What went over the wire."""
        return JSONResponse({"exchanges": [told.exchange(each) for each in self._at(request).running.exchanges]})

    async def settings(self, request: Request) -> Response:
        """What a gateway needs to reach the agency, at another address where one is asked for."""
        station = self._at(request)
        address = request.query_params.get("address", station.running.address)
        return JSONResponse({"settings": dict(station.agency.settings(address))})

    async def configure(self, request: Request) -> Response:
        """Change how the agency behaves."""
        station = self._at(request)
        station.agency.configure(await json_object(request))
        return Response(status_code=204)

    async def forms(self, request: Request) -> Response:
        """The forms of which there is a sample."""
        return JSONResponse({"forms": list(self._at(request).agency.forms())})

    async def sample(self, request: Request) -> Response:
        """A document that the agency would accept, unsigned."""
        return file(self._at(request).sample(request.path_params["form"]), "sample")

    async def key(self, request: Request) -> Response:
        """The business key of the document that was sent."""
        return JSONResponse({"key": self._at(request).agency.key_of(await body_of(request))})


def _summary(station: Station) -> dict[str, Any]:
    running, agency = station.running, station.agency
    return {
        "name": agency.name,
        "title": told.text(agency.title),
        "address": running.address,
        "service_address": running.service_address,
        "direct_address": running.direct_address,
        "trust_roots": str(running.trust_roots) if running.trust_roots else None,
        "check_duplicates": agency.check_duplicates,
    }
