"""What the simulated tax office has against a declaration for what it accepted before.

That is asked when the verdict is due, of a declaration that there is nothing else against; refused by a notice 844.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set

from govgateway_mocks.etax.case import Reason, Reasons, first_reasons, written
from govgateway_mocks.etax.obligations import Obligation

Check = Callable[[Obligation, Set[Obligation]], Iterator[Reason]]


def unique(obligation: Obligation, accepted: Set[Obligation]) -> Iterator[Reason]:
    """The office has not accepted the same obligation before."""
    if obligation in accepted:
        which = f"bổ sung lần {obligation.number}" if obligation.supplementary else "chính thức"
        yield Reason(
            "Trùng hồ sơ",
            f"Người nộp thuế đã nộp tờ khai {which} của kỳ tính thuế này",
            "Nộp tờ khai bổ sung nếu cần điều chỉnh.",
            written("TKhaiThue/KyKKhaiThue/kyKKhai"),
        )


def supplementing(obligation: Obligation, accepted: Set[Obligation]) -> Iterator[Reason]:
    """A supplement is of a declaration that the office has accepted (assumption)."""
    if obligation.supplementary and obligation.first not in accepted:
        yield Reason(
            "Hồ sơ bổ sung",
            "Chưa có tờ khai chính thức được chấp nhận của kỳ tính thuế này",
            "Nộp tờ khai chính thức trước.",
            written("TKhaiThue/loaiTKhai"),
        )


HISTORY: tuple[Check, ...] = (unique, supplementing)


def against(obligation: Obligation, accepted: Set[Obligation], *, check_duplicates: bool) -> Reasons:
    """Why ``obligation`` is refused by an office that ``accepted`` those others; nothing when it is not."""
    asked = (check for check in HISTORY if check_duplicates or check is not unique)
    return first_reasons(check(obligation, accepted) for check in asked)
