"""What is said of the cells of a spreadsheet, by rule id. docs/spreadsheets.md lists them."""

from __future__ import annotations

from dataclasses import dataclass

from govgateway.documents.findings import Finding, Severity
from govgateway.errors import Text

_NOTHING = Text("", "")
SINGLE_FIELDS = Text("Tờ khai", "Single fields")
"""What the sheet of what stands once in a document is called."""


@dataclass(frozen=True, slots=True)
class SheetRule:
    """A rule about a cell; ``{0}``, ``{1}``… in its texts are filled for each finding."""

    rule: str
    severity: Severity
    message: Text
    remedy: Text

    def finding(self, cell: str, *values: object, label: Text = _NOTHING, path: str = "") -> Finding:
        """The finding of this rule at ``cell``, with ``values`` in its texts, each Text in the text's own language."""
        vi, en = (
            [each.in_language(in_) if isinstance(each, Text) else each for each in values] for in_ in ("vi", "en")
        )
        message = Text(self.message.vi.format(*vi), self.message.en.format(*en))
        remedy = Text(self.remedy.vi.format(*vi), self.remedy.en.format(*en))
        return Finding(self.rule, self.severity, message, remedy, path=path, label=label, cell=cell)


FORMULA = SheetRule(
    "SHEET-FORMULA",
    Severity.WARNING,
    Text(
        "Ô chứa công thức; lấy kết quả tính lần cuối: {0}.", "The cell holds a formula; its last result is taken: {0}."
    ),
    Text("Kiểm tra kết quả, hoặc dán giá trị thay cho công thức.", "Check the result, or paste it as a value."),
)
UNCALCULATED = SheetRule(
    "SHEET-UNCALCULATED",
    Severity.ERROR,
    Text("Ô chứa công thức chưa được tính.", "The cell holds a formula that was never calculated."),
    Text("Mở tệp bằng Excel, để Excel tính rồi lưu lại.", "Open the file in Excel, let it calculate, and save it."),
)
BROKEN = SheetRule(
    "SHEET-BROKEN",
    Severity.ERROR,
    Text("Ô báo lỗi {0}.", "The cell shows the error {0}."),
    Text("Sửa công thức hoặc ghi giá trị.", "Correct the formula, or write the value."),
)
ENCODING = SheetRule(
    "SHEET-ENCODING",
    Severity.ERROR,
    Text("Chữ gõ bằng bảng mã {0}, không phải Unicode: “{1}”.", "The text is typed in {0}, not in Unicode: “{1}”."),
    Text(
        "Chuyển sang Unicode (ví dụ bằng UniKey: Ctrl+Shift+F6) rồi đổi phông chữ.",
        "Convert it to Unicode (UniKey does: Ctrl+Shift+F6), then change the font.",
    ),
)
AMBIGUOUS = SheetRule(
    "SHEET-AMBIGUOUS",
    Severity.ERROR,
    Text("“{0}” có thể hiểu là {1}.", "“{0}” may mean {1}."),
    Text("Ghi lại cho rõ: {2}.", "Write it so that it is one of them: {2}."),
)
KIND = SheetRule(
    "SHEET-KIND",
    Severity.ERROR,
    Text(
        "Ô hiện {0}, là ngày, giờ hoặc đúng/sai; ở đây cần: {1}.",
        "The cell shows {0}, a day, a time or a truth; expected here: {1}.",
    ),
    Text(
        "Đổi định dạng ô (Number format) sang General hoặc Text rồi ghi lại giá trị.",
        "Format the cell as General or as text, then write the value again.",
    ),
)
ZEROS = SheetRule(
    "SHEET-ZEROS",
    Severity.WARNING,
    Text("Mã {0} đã mất số 0 ở đầu; hiểu là {1}.", "The code {0} has lost its leading zeros; read as {1}."),
    Text("Kiểm tra mã; định dạng ô là văn bản (Text).", "Check the code; format the cell as text."),
)
NUMBER = SheetRule(
    "SHEET-NUMBER",
    Severity.WARNING,
    Text("Ô là số {0} trong khi cần chữ: {1}.", "The cell holds the number {0} where text belongs: {1}."),
    Text("Kiểm tra; định dạng ô là văn bản (Text).", "Check it; format the cell as text."),
)
DAY = SheetRule(
    "SHEET-NUMBER",
    Severity.WARNING,
    Text(
        "Ô là số {0} trong khi cần chữ; nếu là ngày thì đó là ngày {1}.",
        "The cell holds the number {0} where text belongs; as a day it is {1}.",
    ),
    Text("Kiểm tra; định dạng ô là văn bản (Text).", "Check it; format the cell as text."),
)
DAY = SheetRule(
    "SHEET-DAY",
    Severity.WARNING,
    Text("Số {0} được hiểu là ngày {1}.", "The number {0} is read as the day {1}."),
    Text("Kiểm tra ngày.", "Check the day."),
)
PERCENT = SheetRule(
    "SHEET-PERCENT",
    Severity.WARNING,
    Text("{0} được hiểu là {0} %, không phải {1} %.", "{0} is read as {0} %, not as {1} %."),
    Text("Nếu là {1} % thì ghi {1}.", "For {1} % write {1}."),
)
MERGED = SheetRule(
    "SHEET-MERGED",
    Severity.WARNING,
    Text(
        "Các ô {0} bị trộn; giá trị chỉ tính cho ô đầu tiên.",
        "The cells {0} are merged; the value counts for the first of them only.",
    ),
    Text("Bỏ trộn ô và ghi giá trị vào từng ô.", "Unmerge them and write the value into each."),
)
HIDDEN = SheetRule(
    "SHEET-HIDDEN",
    Severity.WARNING,
    Text("Số liệu ở chỗ bị ẩn ({0}) vẫn được lấy.", "Figures in a hidden place ({0}) are taken all the same."),
    Text("Hiện lại để kiểm tra; xoá nếu không kê khai.", "Unhide and check them; delete what is not declared."),
)
COMPUTED = SheetRule(
    "SHEET-COMPUTED",
    Severity.WARNING,
    Text("Ô ghi {0}, tính lại là {1}; lấy số tính lại.", "The cell says {0}, computed anew it is {1}, which is taken."),
    Text("Kiểm tra các số dùng để tính.", "Check the figures that it follows from."),
)
NO_LINE = SheetRule(
    "SHEET-NO-LINE",
    Severity.ERROR,
    Text("Không có dòng “{0}” trong bảng “{1}”.", "There is no line “{0}” in the table “{1}”."),
    Text("Ghi số thứ tự của dòng mà dòng này thuộc về.", "Write the number of the line that this one belongs to."),
)
TWICE = SheetRule(
    "SHEET-TWICE",
    Severity.ERROR,
    Text("“{0}” có ở cả hai trang {1} và {2}.", "“{0}” stands in both sheets {1} and {2}."),
    Text("Xoá trang thừa.", "Delete the one that is too many."),
)
UNMARKED = SheetRule(
    "SHEET-UNMARKED",
    Severity.ERROR,
    Text(
        "Trang “{0}” giống bảng “{1}” của mẫu nhưng đã mất dòng 1 hoặc cột A (bị ẩn), nên không đọc được.",
        "The sheet “{0}” looks like “{1}” of the form but has lost row 1 or column A (hidden), and cannot be read.",
    ),
    Text(
        "Tạo mẫu mới (govgateway template) rồi chép số liệu vào; trang không dùng thì xoá.",
        "Make a new template (govgateway template) and copy the figures; delete the sheet if it is not needed.",
    ),
)
NO_COLUMN = SheetRule(
    "SHEET-NO-COLUMN",
    Severity.ERROR,
    Text("Trang “{0}” thiếu cột “{1}”.", "The sheet “{0}” lacks the column “{1}”."),
    Text(
        "Tạo mẫu mới (govgateway template) rồi chép số liệu vào.",
        "Make a new template (govgateway template) and copy the figures.",
    ),
)
NAME = SheetRule(
    "SHEET-NAME",
    Severity.WARNING,
    Text(
        "“{0}” là tên trong hồ sơ của {1}, còn tờ khai ghi mã số thuế {2}.",
        "“{0}” is the name in the profile of {1}, but the declaration has the tax code {2}.",
    ),
    Text("Sửa tên hoặc mã số thuế.", "Correct the name or the tax code."),
)
COLUMN = SheetRule(
    "SHEET-COLUMN",
    Severity.WARNING,
    Text("Cột “{0}” không thuộc bảng này, bị bỏ qua.", "The column “{0}” is not of this table and is left out."),
    Text("Đặt tên cột như trên mẫu.", "Name the column as the form does."),
)
UNKNOWN = SheetRule(
    "SHEET-UNKNOWN",
    Severity.ERROR,
    Text("Mẫu không có “{0}” ở đây.", "The form has no “{0}” here."),
    Text("Các tên dùng được: {1}.", "Names that may be used: {1}."),
)
