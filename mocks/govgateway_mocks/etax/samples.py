"""Declarations that the simulated tax office would accept once they are signed: one of each form version it knows."""

from __future__ import annotations

from functools import cache

from govgateway.errors import Text, UsageError
from govgateway_mocks.etax.schema import FOLDER


@cache
def forms() -> tuple[str, ...]:
    """Every form version with a sample, such as ``879/2.7.5``, the older versions of a form first."""
    found = [(path.parent.parent.name, path.parent.name) for path in FOLDER.glob("[0-9]*/*/sample.xml")]
    return tuple("/".join(each) for each in sorted(found, key=_age))


def sample(form: str) -> bytes:
    """The sample of ``form``: a version as ``forms`` names it, or a code for its newest. Raises UsageError."""
    known = [each for each in forms() if form in {each, each.partition("/")[0]}]
    if not known:
        raise UsageError(
            Text(f"Không có tờ khai mẫu của biểu {form}.", f"There is no sample of the form {form}."),
            Text(f"Các biểu có mẫu: {', '.join(forms())}.", f"Forms with a sample: {', '.join(forms())}."),
            where=form,
        )
    return (FOLDER / known[-1] / "sample.xml").read_bytes()


def _age(form: tuple[str, str]) -> tuple[str, list[int]]:
    return form[0], [int(each) for each in form[1].split(".")]
