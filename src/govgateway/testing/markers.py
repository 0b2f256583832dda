"""The markers ``agency_fault`` and ``scenario``: checked before a test, played during it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from govgateway.errors import GovGatewayError
from govgateway.testing.simulators import RunningSimulator, identifier, installed

MARKERS = {
    "agency_fault": 'agency_fault(agency, do, *, on="*", **more): play a fault of the agency\'s simulator in the test',
    "scenario": "scenario(agency, name): play a named scenario of the agency's simulator in the test",
}

_MEANT = frozenset({"nth", "times"})
"""Who gives one of these means calls that there are."""


def ensure_meant(item: pytest.Item) -> None:
    """Fail a test with a marker that would do nothing: of no agency, or of one whose simulator it does not use."""
    marks = _marks(item)
    used = _used_by(item) if marks else set()
    for mark in marks:
        agency = _agency(mark)
        if agency in used or (mark.name == "scenario" and not used):  # other projects have scenarios of their own
            continue
        if agency not in installed().names:
            raise _failure(
                mark, f"{agency!r} is no agency with a simulator; there are: {', '.join(sorted(installed().names))}"
            )
        name = identifier(agency)
        raise _failure(mark, f"the test uses neither {name}_simulator nor {name}_gateway")


def _used_by(item: pytest.Item) -> set[str]:
    """The agencies whose simulators ``item`` uses."""
    names = set(getattr(item, "fixturenames", ()))
    fixtures = {each: {f"{identifier(each)}_simulator", f"{identifier(each)}_gateway"} for each in installed().names}
    return {agency for agency, own in fixtures.items() if own & names}


@contextmanager
def marked(item: pytest.Item, agency: str, simulator: RunningSimulator) -> Iterator[None]:
    """Play what the markers of ``item`` want of ``agency``. One that cannot be played, or that says on which call and
    never struck, fails the test."""
    with ExitStack() as stack:
        own = [mark for mark in _marks(item) if _agency(mark) == agency]
        played = [(mark, _begin(mark, simulator, stack)) for mark in own]
        yield
        for mark, struck in played:
            if _MEANT & set(mark.kwargs) and not struck:
                raise _failure(mark, f"{mark.args[1:]} {mark.kwargs} never struck a call")


def _begin(mark: pytest.Mark, simulator: RunningSimulator, stack: ExitStack) -> object:
    """Play what ``mark`` wants until ``stack`` ends; of a fault the calls that it strikes."""
    play = simulator.scenario if mark.name == "scenario" else simulator.fault
    try:
        return stack.enter_context(play(*mark.args[1:], **mark.kwargs))
    except GovGatewayError as error:
        raise _failure(mark, f"{error.message.en} {error.remedy.en}") from None
    except TypeError:
        raise _failure(mark, f"its arguments do not fit; it is {MARKERS[mark.name].partition(':')[0]}") from None


def _marks(item: pytest.Item) -> list[pytest.Mark]:
    """The markers of ``item``, in the order of its decorators from the top, those of its module and class first."""
    return [each for each in item.iter_markers() if each.name in MARKERS][::-1]


def _agency(mark: pytest.Mark) -> str:
    return str(mark.args[0]) if mark.args else ""


def _failure(mark: pytest.Mark, why: str) -> BaseException:
    """What fails a test with that text alone."""
    return pytest.fail.Exception(f"@pytest.mark.{mark.name}: {why}", pytrace=False)
