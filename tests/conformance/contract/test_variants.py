"""The contract itself is tested: a broken connector fails it at the promise that it breaks, and at no other."""

from __future__ import annotations

import pytest

from conformance.contract.variants import VARIANTS

pytest_plugins = ["pytester"]

QUICK = ("TreatsAResetAsNotSent",)
"""Those that every run tries; each takes seconds."""

ONE_EACH = (
    "ClaimsEveryNamespace", "ForgetsTheSequence", "TakesFiveHundredForARefusal", "FollowsRedirects", "TriesAgain",
    "TakesSilenceForAbsence", "FetchesAgain", "BelievesAnUnsignedNotice", "LogsThePassword", "Sleeps",
    "ReadsInTheMachinesZone", "TidiesTheDocument",
)  # fmt: skip
"""At least one for each promise: the slow run tries these, the thorough one all."""


def _marks(name: str) -> tuple[pytest.MarkDecorator, ...]:
    if name in QUICK:
        return ()
    return (pytest.mark.slow if name in ONE_EACH else pytest.mark.thorough,)


SUITE = """
from conformance.contract.variants import contract

TestVariant = contract({name!r}, deaf={deaf})
"""


def failed(pytester: pytest.Pytester, name: str, *, deaf: bool = False) -> set[str]:
    """The tests of the contract that the variant ``name`` fails; of those with parameters, the name."""
    suite = pytester.makepyfile(SUITE.format(name=name, deaf=deaf))
    run = pytester.inline_run(str(suite), "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "error")
    reports = [each for each in run.getreports("pytest_runtest_logreport") if each.when == "call" or each.failed]
    assert len(reports) > 40
    return {each.nodeid.rpartition("::")[2].partition("[")[0] for each in reports if each.failed}


@pytest.mark.usefixtures("project_with_keys")
@pytest.mark.parametrize("name", [pytest.param(each, marks=_marks(each)) for each in VARIANTS])
def test_a_variant_breaks_its_promise_and_no_other(pytester: pytest.Pytester, name: str) -> None:
    assert failed(pytester, name) == VARIANTS[name].breaks  # type: ignore[attr-defined]


@pytest.mark.slow
@pytest.mark.usefixtures("project_with_keys")
def test_a_simulator_that_plays_nothing_proves_nothing(pytester: pytest.Pytester) -> None:
    assert "test_every_fault_of_the_simulator_was_tried" in failed(pytester, "Right", deaf=True)
