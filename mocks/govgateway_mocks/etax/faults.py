"""The faults that the simulated tax office plays itself, beside those of the wire and of HTTP that every simulator has.

One fault strikes one call, of those that it means something to; others are not counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from govgateway.errors import Text
from govgateway_mocks.etax.addressing import SERVICES
from govgateway_mocks.faults import Fault, FaultKind, Parameter

UPLOAD = "/upload"
"""What a fault's ``on`` calls the hand-carried route."""

_TEN_YEARS = 315_360_000
_ANY = ("*",)
_FILING = ("nhanHSoThue", "nhanToKhaiThue", "nhanHSoXML", "nhanHSoXMLCoId", UPLOAD)
_NOTICE = ("getTbao", "getxmlTBaoLan2", "traKQuaGDich")
_LIST = ("getDsachTbao", "getTBaoLan2")
_DAY = ("traKQuaPhienGDich",)
_REGISTER = ("traTTinMaSoThue", "traTThaiMaSoThue")
CALLS = (*_FILING, *_NOTICE, *_LIST, *_DAY, *_REGISTER, "/", "/notices/*", SERVICES, f"{SERVICES}/*")
"""Everything that may be called, as a fault's ``on`` names it: operations and paths."""


def _kind(name: str, means: tuple[str, ...], vi: str, en: str, **parameters: Parameter) -> FaultKind:
    return FaultKind(name, "agency", Text(vi, en), MappingProxyType(parameters), means=means)


def _timed(name: str, means: tuple[str, ...], vi: str, en: str, *, seconds: int, least: int = 0) -> FaultKind:
    limits = MappingProxyType({"seconds": (least, _TEN_YEARS)})
    return replace(_kind(name, means, vi, en, seconds=seconds), limits=limits)


FAULTS: Mapping[str, FaultKind] = {
    each.name: each
    for each in (
        _kind(
            "soap-fault",
            _ANY,
            "Mọi thao tác: trả lời bằng SOAP Fault; processed: yêu cầu đã được thực hiện trước đó.",
            "Any operation: answered by a SOAP fault; processed: the request was carried out before.",
            code="ns0:Server",
            text="java.lang.NullPointerException",
            processed=False,
        ),
        _kind(
            "error-in-200",
            _ANY,
            "Mọi thao tác: trả lời HTTP 200 mà nội dung là mã lỗi; processed: yêu cầu đã được thực hiện.",
            "Any operation: answered with HTTP 200 and an error code for a result; processed: it was carried out.",
            text="IHTKK-9999",
            processed=False,
        ),
        _kind(
            "unknown-code",
            _FILING + _NOTICE,
            "Nộp hồ sơ: mã giao dịch không tồn tại; lấy thông báo: thông báo mang mã (code) không ai biết.",
            "Filing: a transaction code that nobody knows; a notice: it bears a maTBao (code) that nobody knows.",
            code="999",
        ),
        _kind(
            "other-filing",
            _FILING + _NOTICE + _DAY,
            "Nộp hồ sơ: mã giao dịch của hồ sơ khác; lấy thông báo: của hồ sơ khác; kết quả ngày: của ngày trước.",
            "Filing: the code of another filing's transaction; a notice: another filing's; a day's result: the day "
            "before's.",
        ),
        _kind(
            "duplicated",
            _LIST,
            "Danh sách thông báo: mỗi thông báo có thêm một bản dưới mã khác.",
            "A list of notices: every notice stands in it twice, under different identifiers, and can be fetched so.",
        ),
        _kind(
            "reordered",
            _FILING,
            "Nộp hồ sơ: thông báo 844 có trước thông báo 843.",
            "Filing: the notice 844 is visible before the notice 843.",
        ),
        _timed(
            "late",
            _FILING,
            "Nộp hồ sơ: các thông báo về hồ sơ đến muộn (giây).",
            "Filing: the notices about it come so many seconds later.",
            seconds=86400,
        ),
        _timed(
            "late-acceptance",
            _FILING,
            "Nộp hồ sơ: chỉ được ghi nhận sau từng ấy giây; trước đó kết quả ngày chưa có hồ sơ.",
            "Filing: it is taken up only so many seconds later; until then the day's result does not have it.",
            seconds=7200,
        ),
        _kind(
            "wrong-key",
            _NOTICE + _DAY,
            "Lấy thông báo, kết quả ngày: ký bằng khoá không phải của cơ quan thuế, do cùng đơn vị cấp.",
            "A notice or a day's result: signed by a key that is not the office's, issued by the same authority.",
        ),
        _kind(
            "altered",
            _NOTICE + _DAY,
            "Lấy thông báo, kết quả ngày: một chữ số bị sửa sau khi ký.",
            "A notice or a day's result: one figure was changed after signing.",
        ),
        _kind(
            "expired-certificate",
            _NOTICE + _DAY,
            "Lấy thông báo, kết quả ngày: ký bằng chứng thư đã hết hạn của cơ quan thuế.",
            "A notice or a day's result: signed with a certificate of the office that has expired.",
        ),
        _timed(
            "clock-skew",
            _FILING + _DAY,
            "Nộp hồ sơ, kết quả ngày: mọi thời điểm cơ quan thuế ghi đều lệch (giây, âm là chậm).",
            "Filing, a day's result: every time that the office writes is off by so many seconds (negative: behind).",
            seconds=900,
            least=-_TEN_YEARS,
        ),
    )
}


def seconds(fault: Fault | None, kind: str) -> float:
    """How many seconds ``fault`` means, when it is one of ``kind``; else none."""
    return float(fault.parameters["seconds"]) if fault is not None and fault.do == kind else 0.0
