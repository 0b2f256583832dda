"""How the simulated tax office plays the faults of ``faults``: what a call answers instead of the truth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from govgateway_mocks.etax import seal, soap
from govgateway_mocks.etax.case import VIETNAM
from govgateway_mocks.etax.office import TaxOffice
from govgateway_mocks.etax.registry import OFFICE_TAX_CODE, SIGNER_NAME, TAXPAYERS, UNREGISTERED
from govgateway_mocks.etax.soap import Value
from govgateway_mocks.etax.transactions import transaction_code
from govgateway_mocks.faults import Fault
from govgateway_mocks.pki import Holder, Validity
from govgateway_mocks.pki.files import read_holder

_OTHER_TAXPAYER = list(TAXPAYERS.values())[-1]
_OTHER_NUMBER = 99_999
"""Of a transaction that there never is."""


def answered(office: TaxOffice, fault: Fault | None, operate: Callable[[], Value]) -> Value:
    """What the operation ``operate`` answers when ``fault`` strikes it. Raises soap.Fault where that is the fault."""
    if fault is None:
        return operate()
    if fault.do in {"soap-fault", "error-in-200"}:
        if fault.parameters["processed"]:
            operate()
        text = str(fault.parameters["text"])
        if fault.do == "soap-fault":
            raise soap.Fault(str(fault.parameters["code"]), text)
        return text
    value = operate()
    return _spoiled(office, fault, value) if isinstance(value, bytes) else value


def code_told(office: TaxOffice, fault: Fault | None, code: str) -> str:
    """The transaction code that the sender is told of the filing that got ``code``."""
    if fault is None or fault.do not in {"unknown-code", "other-filing"}:
        return code
    others = [each.code for each in office.transactions if each.code != code]
    if fault.do == "other-filing" and others:
        return others[-1]
    return transaction_code(office.clock(), _OTHER_NUMBER)


def day_asked(fault: Fault | None, day: datetime) -> datetime:
    """The day of which the result is given to somebody who asks for that of ``day``."""
    return day - timedelta(days=1) if fault is not None and fault.do == "other-filing" else day


def _spoiled(office: TaxOffice, fault: Fault, notice: bytes) -> bytes:
    """``notice`` as ``fault`` makes it."""
    now, own = office.clock(), office.pki.office(SIGNER_NAME, OFFICE_TAX_CODE)
    if fault.do == "altered":
        return seal.altered(notice)
    if fault.do == "wrong-key":
        return seal.resealed(notice, _stranger(office), now)
    if fault.do == "expired-certificate":
        return seal.resealed(notice, office.pki.office(SIGNER_NAME, OFFICE_TAX_CODE, Validity.EXPIRED), now)
    if fault.do == "unknown-code":
        return seal.resealed(notice, own, now, {"maTBao": str(fault.parameters["code"])})
    if fault.do == "other-filing" and b"<CTietGDich" not in notice:
        return seal.resealed(notice, own, now, _of_another(now))
    return notice


def _of_another(now: datetime) -> dict[str, str]:
    """What a notice about another taxpayer's filing says, by element."""
    return {
        "maNNhan": _OTHER_TAXPAYER.tax_code,
        "tenNNhan": _OTHER_TAXPAYER.name,
        "maGDich": transaction_code(now, _OTHER_NUMBER),
        "maGiaoDichDTu": f"108{now.astimezone(VIETNAM):%Y}{_OTHER_NUMBER:010d}",
    }


def _stranger(office: TaxOffice) -> Holder:
    """A key that the demonstration authority certified, of somebody who is not the office."""
    return read_holder(office.pki.taxpayer(UNREGISTERED.tax_code, UNREGISTERED.name), office.pki.issuing)
