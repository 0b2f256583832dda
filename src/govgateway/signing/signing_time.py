"""When a signature says it was made."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from lxml import etree

from govgateway.calendar import VIETNAM

_FORMATS = ("%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d%m%Y%H%M%S")


def signing_time(covered: Iterable[etree._Element]) -> datetime | None:
    """The first signing time that the ``covered`` parts say, in any namespace; Vietnam's time where no zone is written.
    The formats are those that the tax office's viewer reads. In each part the first of its name counts: a hostile one
    has a million."""
    for part in covered:
        for name in ("SigningTime", "DateTimeStamp"):
            element = next(part.iter(f"{{*}}{name}"), None)
            moment = _parsed((element.text or element.get("DateTime") or "").strip()) if element is not None else None
            if moment is not None:
                return moment
    return None


def _parsed(text: str) -> datetime | None:
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=VIETNAM)
        except ValueError:
            continue
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
