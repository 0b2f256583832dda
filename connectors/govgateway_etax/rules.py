"""What is said against a header as a whole, by rule id. What stops a filing is law or was observed; the rest warns."""

from __future__ import annotations

from dataclasses import dataclass

from govgateway.connector import Finding, Severity, Text
from govgateway_etax.declaration import HEADER


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule about a header as a whole; ``{0}``, ``{1}``… in its texts are filled for each finding."""

    rule: str
    path: str
    label: Text
    message: Text
    remedy: Text
    severity: Severity = Severity.ERROR

    def finding(self, *values: str | Text) -> Finding:
        """The finding of this rule with ``values`` in its texts, each in the text's own language."""
        texts = [each if isinstance(each, Text) else Text(each, each) for each in values]
        vi, en = [each.vi for each in texts], [each.en for each in texts]
        return Finding(
            rule=self.rule,
            severity=self.severity,
            message=Text(self.message.vi.format(*vi), self.message.en.format(*en)),
            remedy=Text(self.remedy.vi.format(*vi), self.remedy.en.format(*en)),
            path=f"HSoThueDTu/{HEADER}/{self.path}".rstrip("/"),
            label=self.label,
        )


_EXPORT_AGAIN = Text(
    "Cập nhật phần mềm kê khai rồi lập và xuất lại tờ khai.",
    "Update the software that made the declaration, then make and export it again.",
)
UNKNOWN_CODE = Rule(
    "ETAX-C01",
    "TKhaiThue/maTKhai",
    Text("Mã tờ khai", "Form code"),
    Text('Mã tờ khai "{0}" không có trong danh mục của cơ quan thuế.', 'The tax office knows no form code "{0}".'),
    _EXPORT_AGAIN,
)
UNKNOWN_VERSION = Rule(
    "ETAX-C02",
    "TKhaiThue/pbanTKhaiXML",
    Text("Phiên bản XML", "XML version"),
    Text(
        'Phiên bản "{0}" của tờ khai {1} không có trong danh mục; có: {2}.',
        'The tax office knows no version "{0}" of form {1}; it knows {2}.',
    ),
    _EXPORT_AGAIN,
)
UNANNOUNCED_VERSION = Rule(
    "ETAX-C02",
    "TKhaiThue/pbanTKhaiXML",
    Text("Phiên bản XML", "XML version"),
    Text(
        "Cơ quan thuế chưa công bố phiên bản XML của mẫu {1} này: tờ khai chỉ lập thử, chưa nộp được; có: {2}.",
        "The XML version of this form {1} is not announced yet: this is a trial that cannot be filed; there are {2}.",
    ),
    Text(
        "Lập theo mẫu cổng đang nhận: govgateway template {3}, không ghi --version; hoặc khai trên cổng.",
        "Make what the portal takes: govgateway template {3}, without --version; or use the portal.",
    ),
)
UNKNOWN_TYPE = Rule(
    "ETAX-C03",
    "TKhaiThue/loaiTKhai",
    Text("Loại tờ khai", "Type of declaration"),
    Text(
        'Loại tờ khai "{0}" không dùng cho tờ khai {1}; dùng: {2}.',
        'The type "{0}" is not used with form {1}; used are {2}.',
    ),
    Text("C là chính thức, B là bổ sung.", "C is official, B supplementary."),
)
_KIND_OF_PERIOD = Text("Kiểu kỳ", "Kind of period")
_PERIOD_KIND_LETTERS = Text(
    "M là tháng, Q là quý, Y là năm, D là từng lần phát sinh, K là từ ngày đến ngày.",
    "M is month, Q quarter, Y year, D each occurrence, K from day to day.",
)
NO_PERIOD = Rule(
    "ETAX-C04",
    "TKhaiThue/KyKKhaiThue/kieuKy",
    _KIND_OF_PERIOD,
    Text("Thiếu kỳ tính thuế.", "There is no tax period."),
    Text(
        "Ghi kiểu kỳ và kỳ tính thuế, hoặc thêm --period vào lệnh build: 10/2026, Q3/2026, 2026.",
        "Write the kind of period and the period, or add --period to build: 10/2026, Q3/2026, 2026.",
    ),
)
UNKNOWN_PERIOD_KIND = Rule(
    "ETAX-C04",
    "TKhaiThue/KyKKhaiThue/kieuKy",
    _KIND_OF_PERIOD,
    Text('Cơ quan thuế không dùng kiểu kỳ "{0}".', 'The tax office knows no kind of period "{0}".'),
    _PERIOD_KIND_LETTERS,
)
UNLISTED_PERIOD_KIND = Rule(
    "ETAX-C08",
    "TKhaiThue/KyKKhaiThue/kieuKy",
    _KIND_OF_PERIOD,
    Text(
        'Danh mục ghi kiểu kỳ "{2}" cho tờ khai {1}; tờ khai này khai theo kiểu kỳ "{0}".',
        'The catalogue lists form {1} with the kind of period "{2}"; this one has "{0}".',
    ),
    _PERIOD_KIND_LETTERS,
    Severity.WARNING,
)
BODY_NOT_CHECKED = Rule(
    "ETAX-C05",
    "TKhaiThue/maTKhai",
    Text("Mã tờ khai", "Form code"),
    Text(
        "Chưa có bộ quy tắc cho tờ khai {0} phiên bản {1}, loại {2}: nội dung chưa được kiểm tra.",
        "There are no rules for form {0}, version {1}, type {2}: its content was not checked.",
    ),
    Text("Tự kiểm tra số liệu trước khi nộp.", "Check the figures yourself before filing."),
    Severity.WARNING,
)
NOT_UTF8 = Rule(
    "ETAX-C06",
    "",
    Text("Bảng mã", "Encoding"),
    Text("Tệp dùng bảng mã {0}; cơ quan thuế dùng UTF-8.", "The file is in {0}; the tax office uses UTF-8."),
    Text("Lưu lại tệp bằng UTF-8.", "Save the file as UTF-8."),
)
BROKEN_KEY = Rule(
    "ETAX-C07",
    "",
    Text("Phần đầu tờ khai", "Header"),
    Text("Phần đầu tờ khai thiếu hoặc sai: {0}.", "The header lacks a value or has a wrong one: {0}."),
    _EXPORT_AGAIN,
)
_TAX_PERIOD = "TKhaiThue/KyKKhaiThue/kyKKhai"
_PERIOD = Text("Kỳ tính thuế", "Tax period")
FORM_ENDED = Rule(
    "ETAX-C09",
    _TAX_PERIOD,
    _PERIOD,
    Text(
        "Mẫu {0} chỉ dùng cho các kỳ đến ngày {1}; tờ khai này khai cho {2}.",
        "The form {0} is for periods until {1}; this declaration is for {2}.",
    ),
    _EXPORT_AGAIN,
    Severity.WARNING,
)
OTHER_SHAPE = Rule(
    "ETAX-C10",
    _TAX_PERIOD,
    _PERIOD,
    Text(
        "Kỳ tính thuế {3} khai theo mẫu {0} có mã {1}, phiên bản {2}; tờ khai này theo mẫu khác.",
        "The tax period {3} is declared by {0} with code {1}, version {2}; this declaration has another shape.",
    ),
    _EXPORT_AGAIN,
    Severity.WARNING,
)
PERIOD_NOT_ENDED = Rule(
    "ETAX-C11",
    _TAX_PERIOD,
    _PERIOD,
    Text(
        "Kỳ tính thuế {0} chưa kết thúc: kỳ này hết ngày {1}.",
        "The tax period {0} has not ended: its last day is {1}.",
    ),
    Text(
        "Kiểm tra lại kỳ tính thuế; nếu đúng thì nộp sau khi kỳ kết thúc, trừ khi đơn vị đã chấm dứt hoạt động.",
        "Check the tax period; if it is right, file once it has ended, unless the organisation has ceased before.",
    ),
    Severity.WARNING,
)
VERSION_INFERRED = Rule(
    "ETAX-C12",
    "TKhaiThue/pbanTKhaiXML",
    Text("Phiên bản XML", "XML version"),
    Text(
        "Mẫu {0} của {1}: mã {2} đã được xác nhận, phiên bản {3} chưa được xác nhận ({4}).",
        "{0} of {1}: the code {2} is confirmed, the version {3} is not ({4}).",
    ),
    Text(
        "Vẫn nộp được; nếu cơ quan thuế không nhận vì phiên bản thì khai trực tiếp trên cổng.",
        "It can be filed; should the tax office refuse its version, declare it in the portal itself.",
    ),
    Severity.WARNING,
)
