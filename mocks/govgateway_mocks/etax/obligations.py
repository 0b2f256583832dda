"""What the simulated tax office takes once: the obligation that a declaration is about."""

from __future__ import annotations

from dataclasses import dataclass, replace

from govgateway_mocks.etax.case import Case
from govgateway_mocks.etax.periods import days_of


@dataclass(frozen=True, slots=True)
class Obligation:
    """The declaration of ``form`` (maTKhai) that ``filer`` owes for ``period``, or its supplement ``number``."""

    filer: str
    form: str
    period: str
    type: str
    number: str

    @property
    def supplementary(self) -> bool:
        """Whether it is a supplement (loaiTKhai B)."""
        return self.type == "B"

    @property
    def first(self) -> Obligation:
        """The declaration that a supplement supplements."""
        return replace(self, type="C", number="0")


def obligation_of(case: Case) -> Obligation | None:
    """The obligation of ``case``; None for what is no declaration.

    A month, a quarter or a year is the same period as that from its first day to its last (assumption); an occurrence
    is a period of its own.
    """
    if not case.key:
        return None
    form, _, type_ = case.form
    return Obligation(case.text("NNT/mst"), form, _period(case), type_, case.number)


def _period(case: Case) -> str:
    days = days_of(case)
    if days is None or case.text("TKhaiThue/KyKKhaiThue/kieuKy") == "D":
        return case.period
    return f"{days[0]:%d/%m/%Y}-{days[1]:%d/%m/%Y}"
