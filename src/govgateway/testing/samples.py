"""Documents to file: the agencies' samples, for any tax period."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from govgateway.connector import connectors
from govgateway.documents.compose import compose
from govgateway.documents.entries import entry_of
from govgateway.documents.xml import XmlDocument, read_xml
from govgateway.errors import Text, UsageError
from govgateway.pipeline.forms import choose_form, composers, set_header
from govgateway.testing.simulators import SimulatedAgency


def sample_of(form: str, agencies: Iterable[SimulatedAgency], period: str, day: date) -> XmlDocument:
    """A document of ``form`` that the first of ``agencies`` with such a sample accepts, unsigned.

    ``period`` puts it into another tax period, as the form is filed for that on ``day``. Raises UsageError for a form
    without a sample, and for a period in which it is not filed.
    """
    refused: UsageError | None = None
    for agency in agencies:
        try:
            document = read_xml(agency.sample(form))
        except UsageError as error:
            refused = error
        else:
            return _in_period(document, form, period, day) if period else document
    raise refused or _nobody(form)


def _in_period(document: XmlDocument, form: str, period: str, day: date) -> XmlDocument:
    code = form.partition("/")[0]  # the version is the one that is due for the period
    carried = choose_form(composers(connectors()), code, period=period, day=day)
    content = entry_of(document.root)
    set_header(content, carried, {"period": period}, day=None)
    return compose(carried.package, content).document


def _nobody(form: str) -> UsageError:
    return UsageError(
        Text(f"Không có tờ khai mẫu '{form}'.", f"There is no sample of the form '{form}'."),
        Text("Chưa cài bộ mô phỏng nào.", "No simulator is installed."),
    )
