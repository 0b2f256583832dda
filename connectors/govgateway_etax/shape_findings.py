"""What is said of a declaration's form and period on the day on which it is filed, by the dated table of shapes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from govgateway.connector import Finding
from govgateway_etax import rules, shapes
from govgateway_etax.declaration import Header
from govgateway_etax.declared_period import declared_period
from govgateway_etax.periods import Period


def shape_findings(header: Header, day: date) -> tuple[Finding, ...]:
    """What the table has to say of a declaration with ``header`` that is filed on ``day``: its shape is not that of its
    period, or the version of its shape is inferred.

    A shape that the portal goes on taking beyond the law's periods, as no other is known to be offered, is let pass.
    """
    period = declared_period(header)
    pair = (header.maTKhai, header.pbanTKhaiXML)
    named = [each for each in shapes.shapes() if (each.code, each.version) == pair]
    used = named or [each for each in shapes.shapes() if each.code == header.maTKhai][:1]
    if period is None or not used:
        return ()
    right = next((each for each in used if each.prescribed_for(period)), None)
    if right is None:
        return _against(used[-1], period, day)
    return (_inferred(right),) if named and right.confirmed is shapes.Confirmed.CODE else ()


def _against(used: shapes.Shape, period: Period, day: date) -> tuple[Finding, ...]:
    """What is said of ``used`` for a ``period`` that the law does not have it for."""
    lawful = shapes.prescribed(used.form, period)
    if lawful is None and not used.refused_by:
        finding = rules.FORM_ENDED.finding(used.form, f"{used.until:%d/%m/%Y}", period.words)
        return (replace(finding, remedy=used.instead),)
    if lawful is not None and lawful.known_on(day):
        return (rules.OTHER_SHAPE.finding(used.form, lawful.code, lawful.version, period.words),)
    return ()


def _inferred(shape: shapes.Shape) -> Finding:
    return rules.VERSION_INFERRED.finding(shape.form, shape.law, shape.code, shape.version, shape.source)


def period_findings(header: Header, day: date) -> tuple[Finding, ...]:
    """A warning where ``header`` declares, on ``day``, a period that has not ended: more may come to its figures."""
    period = declared_period(header)
    if period is None or period.has_ended(day):
        return ()
    return (rules.PERIOD_NOT_ENDED.finding(period.words, f"{period.last:%d/%m/%Y}"),)
