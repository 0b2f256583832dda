"""Small mistakes in the outcome logic of the tax office's connector, made on purpose: the contract catches each."""

from __future__ import annotations

from pathlib import Path

import pytest

import govgateway_etax
from samples import ROOT

pytest_plugins = ["pytester"]

FOLDER = Path(govgateway_etax.__file__).parent

MUTATIONS = {
    "a reset is not sent": ("service", "Outcome.UNKNOWN if sent.started else", "Outcome.NOT_SENT if sent.started else"),
    "nothing is known of what never left": (
        "service",
        "if sent.started else Outcome.NOT_SENT",
        "if sent.started else Outcome.UNKNOWN",
    ),
    "an unreadable answer is not sent": (
        "service",
        "SubmitResult(Outcome.UNKNOWN, str(unreadable)",
        "SubmitResult(Outcome.NOT_SENT, str(unreadable)",
    ),
    "every fault is a refusal": (
        "service",
        "Outcome.UNKNOWN if refusal is None else Outcome.NOT_SENT",
        "Outcome.NOT_SENT if refusal is None else Outcome.NOT_SENT",
    ),
    "429 is like any other": ("service", "_OK, _TOO_MANY_REQUESTS = 200, 429", "_OK, _TOO_MANY_REQUESTS = 200, 599"),
    "Retry-After counts in minutes": ("service", "timedelta(seconds=int(value))", "timedelta(minutes=int(value))"),
    "a failed look-up is an absence": (
        "lookup",
        "FindResult(Found.CANNOT_TELL, silent.detail",
        "FindResult(Found.ABSENT, silent.detail",
    ),
    "an unbelieved day is an absence": (
        "lookup",
        "FindResult(Found.CANNOT_TELL, unbelieved.message.en",
        "FindResult(Found.ABSENT, unbelieved.message.en",
    ),
    "another day's result will do": ("lookup", "if made is None or made < day:", "if made is None:"),
    "only the first day is looked at": ("lookup", "range((last - day).days + 1)", "range(1)"),
    "only the last day is looked at": (
        "lookup",
        "range((last - day).days + 1)",
        "range((last - day).days, (last - day).days + 1)",
    ),
    "the first of two will do": ("lookup", "if len(since) > 1:", "if len(since) > 2:"),
    "known transactions count": ("lookup", 'if row.get("maGDC") not in known', "if row"),
    "the seen are fetched again": ("polling", "if is_reference(each) and each not in seen", "if is_reference(each)"),
    "only the oldest notice is listed": ("polling", 'listed.split(";"))', 'listed.split(";")[:1])'),
    "a silent question ends in an error": (
        "polling",
        "except NoAnswer as silent:\n        # What",
        "except ZeroDivisionError as silent:\n        # What",
    ),
    "anybody may sign a notice": ("notices", "if is_office(each.identifiers)", "if each.identifiers"),
    "an untrusted office will do": ("notices", "if each.trusted]", "if each]"),
    "a notice is not looked at by its filer": (
        "connector",
        "if receipt.filer and receipt.filer != header.mst:",
        "if False:",
    ),
}
"""By what it means: the module, what stands there, and what stands there instead."""

SUITE = """
import importlib
from pathlib import Path

from conformance.contract.test_etax import TestETax as Contract

module = importlib.import_module("govgateway_etax.{module}")
text = Path(module.__file__).read_text(encoding="utf-8")
exec(compile(text.replace({old!r}, {new!r}), module.__file__, "exec"), vars(module))


class TestMutant(Contract):
    connector = module.ETax() if hasattr(module, "ETax") else Contract.connector
"""


def test_what_is_mutated_stands_there_once() -> None:
    for module, old, _ in MUTATIONS.values():
        assert (FOLDER / f"{module}.py").read_text(encoding="utf-8").count(old) == 1, old


@pytest.mark.slow
@pytest.mark.usefixtures("project_with_keys")
@pytest.mark.parametrize("meaning", MUTATIONS)
def test_a_mutation_is_caught(pytester: pytest.Pytester, meaning: str) -> None:
    module, old, new = MUTATIONS[meaning]
    suite = pytester.makepyfile(SUITE.format(module=module, old=old, new=new))
    run = pytester.runpytest_subprocess(
        str(suite), "-q", "-x", "-k", "TestMutant", "-p", "no:xdist", "-o", f"pythonpath={ROOT / 'tests'}"
    )
    assert run.parseoutcomes().get("failed") == 1, "\n".join(run.outlines)
