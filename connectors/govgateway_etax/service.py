"""The tax office's two SOAP services, as one route reaches them. docs/agencies/etax.md says what of it is fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from govgateway.connector import (
    Attachment,
    Exchange,
    Outcome,
    Route,
    SoapAnswer,
    SoapFault,
    SoapRequest,
    SoapService,
    SubmitResult,
    Text,
    UnreadableAnswer,
    read_answer,
)
from govgateway_etax.catalogue import FOLDER
from govgateway_etax.declaration import Header
from govgateway_etax.notices import is_reference


@dataclass(frozen=True, slots=True)
class Port:
    """One service: the name of its port below the route's address, and its description."""

    name: str
    wsdl: Path


FILING = Port("NhanHSoThueServicePort", FOLDER / "wsdl" / "NhanHSoThueService.wsdl")
RESULTS = Port("KQuaGDichServicePort", FOLDER / "wsdl" / "KQuaGDichService.wsdl")

ASK_DEADLINE = timedelta(seconds=60)
_OK, _TOO_MANY_REQUESTS = 200, 429
_CONTENT_ID = "tkhai.xml"

# Faults that say the declaration was not taken: no attachment found (observed), credentials refused, a body that the
# service's own schema refuses (both assumed). Of any other fault nobody knows at which point it was raised.
_NOT_TAKEN = {
    "FailedAuthentication": Text(
        "Cơ quan thuế không chấp nhận tài khoản kết nối.", "The tax office refused the account of the connection."
    ),
    "Client": Text("Cơ quan thuế không chấp nhận yêu cầu gửi.", "The tax office refused the request."),
}
_NO_ATTACHMENT = "no attachment for the content ID"


class NoAnswer(Exception):
    """A question got no believable answer: ``detail`` says why, for the log; ``retry_at`` is the tax office's wish.

    ``spoke``: the service itself answered this question, so it may answer others.
    """

    def __init__(self, detail: str, retry_at: datetime | None = None, *, spoke: bool = False) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_at = retry_at
        self.spoke = spoke


@dataclass(frozen=True, slots=True)
class Taxpayer:
    """What the tax office's register says of a taxpayer, by its own names (viewTin); empty where it says nothing."""

    fullName: str
    tin: str
    payTaxOfficeId: str
    payTaxOfficeName: str
    payTaxOfficeAbbreviation: str
    depaId: str
    email: str
    tel: str
    fax: str
    prov: str
    dist: str
    addr: str
    certSerialNumber: str
    finaStartDate: str


class TaxOffice:
    """The services over one route. No method raises for what the wire or the tax office does, except NoAnswer."""

    def __init__(self, route: Route) -> None:
        self._route = route

    def submit(self, document: bytes, header: Header, deadline: timedelta) -> SubmitResult:
        """Send ``document`` once within ``deadline``; ACKNOWLEDGED carries the transaction code (maGDich)."""
        operation, arguments = self._submission(header)
        request = self._request(FILING, operation, arguments, Attachment(_CONTENT_ID, document))
        sent = self._route.transport.send(request.http, deadline)
        if sent.answer is None:
            outcome = Outcome.UNKNOWN if sent.started else Outcome.NOT_SENT
            return SubmitResult(outcome, sent.failure, exchange=Exchange(operation, request.redacted, b""))
        exchange = Exchange(operation, request.redacted, sent.answer.body, sent.answer.status)
        if sent.answer.status == _TOO_MANY_REQUESTS:
            retry_at = self._retry_at(sent.answer.headers)
            return SubmitResult(Outcome.NOT_SENT, "HTTP 429", retry_at=retry_at, exchange=exchange)
        try:
            code = read_answer(sent.answer, FILING.wsdl, operation).text or ""
        except SoapFault as fault:
            return _faulted(fault, exchange)
        except UnreadableAnswer as unreadable:
            return SubmitResult(Outcome.UNKNOWN, str(unreadable), exchange=exchange)
        if not is_reference(code):
            return SubmitResult(Outcome.UNKNOWN, "no transaction code", exchange=exchange)
        return SubmitResult(Outcome.ACKNOWLEDGED, "", reference=code, exchange=exchange)

    def _submission(self, header: Header) -> tuple[str, Mapping[str, str]]:
        attachment = f"cid:{_CONTENT_ID}"
        if self._route.settings.get("operation") == "nhanToKhaiThue":
            return "nhanToKhaiThue", {"lanNop": header.soLan, "dlieuHSo": attachment}
        return "nhanHSoXML", {
            "tIN": header.mst,
            "maTKhai": header.maTKhai,
            "loaiTKhai": header.loaiTKhai,
            "kyKKhai": header.kyKKhai,
            "dlieuHSo": attachment,
        }

    def day_result(self, day: str) -> bytes:
        """The signed result (a notice 211) of ``day`` (dd/MM/yyyy). Raises NoAnswer, also when there is none: a day
        without transactions has a result without rows."""
        result = self.ask(RESULTS, "traKQuaPhienGDich", {"ngayGDich": day}).attachment
        if result is None:
            raise NoAnswer("traKQuaPhienGDich: no result")
        return result

    def taxpayer(self, tax_code: str) -> Taxpayer | None:
        """What the register says of ``tax_code`` (traTTinMaSoThue); None when it does not know it. Raises NoAnswer."""
        known = self.ask(RESULTS, "traTTinMaSoThue", {"maSoThue": tax_code}).element
        if known is None:
            return None
        return Taxpayer(**{each.name: (known.findtext(f"{{*}}{each.name}") or "").strip() for each in fields(Taxpayer)})

    def ask(self, port: Port, operation: str, arguments: Mapping[str, str]) -> SoapAnswer:
        """Ask a question that changes nothing at the tax office. Raises NoAnswer."""
        sent = self._route.transport.send(self._request(port, operation, arguments, None).http, ASK_DEADLINE)
        if sent.answer is None:
            raise NoAnswer(f"{operation}: {sent.failure}")
        retry_at = self._retry_at(sent.answer.headers)
        if sent.answer.status == _TOO_MANY_REQUESTS:
            raise NoAnswer(f"{operation}: HTTP 429", retry_at)
        try:
            return read_answer(sent.answer, port.wsdl, operation)
        except SoapFault as fault:
            raise NoAnswer(f"{operation}: {fault}", retry_at, spoke=True) from None
        except UnreadableAnswer as unreadable:
            raise NoAnswer(f"{operation}: {unreadable}", retry_at, spoke=sent.answer.status == _OK) from None

    def _request(
        self, port: Port, operation: str, arguments: Mapping[str, str], attachment: Attachment | None
    ) -> SoapRequest:
        return SoapService(port.wsdl, f"{self._route.address}/{port.name}").request(
            operation,
            arguments,
            username=self._route.username,
            password=self._route.password.value,
            attachment=attachment,
        )

    def _retry_at(self, headers: Mapping[str, str]) -> datetime | None:
        """When the tax office wants to be asked again: Retry-After in seconds or as a date, GMT where it names no zone.
        None when it says nothing that can be read, or a moment that is past."""
        now, value = self._route.clock(), headers.get("retry-after", "").strip()
        try:
            in_seconds = value.isascii() and value.isdigit()
            moment = now + timedelta(seconds=int(value)) if in_seconds else parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware if aware > now else None


def _faulted(fault: SoapFault, exchange: Exchange) -> SubmitResult:
    refusal = _NOT_TAKEN.get(fault.code)
    if _NO_ATTACHMENT in fault.text:
        refusal = Text("Cơ quan thuế không nhận được tệp đính kèm.", "The tax office did not get the attachment.")
    outcome = Outcome.UNKNOWN if refusal is None else Outcome.NOT_SENT
    return SubmitResult(outcome, f"fault {fault.code}: {fault.text}", refusal=refusal, exchange=exchange)
