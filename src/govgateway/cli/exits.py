"""The exit codes of every command: what a batch job decides by. docs/cli.md lists them."""

from __future__ import annotations

from collections.abc import Mapping

from govgateway.errors import Text

FINDINGS = 1
USAGE = 2
NOT_TRUSTED = 3
IN_DOUBT = 4
CONFIGURATION = 5
STORAGE = 6
DEFECT = 70
INTERRUPTED = 130
READER_GONE = 141

EXIT_CODES: Mapping[int, Text] = {
    0: Text("ổn", "fine"),
    FINDINGS: Text("có lỗi, bị từ chối hoặc cần người xử lý", "findings, a refusal, or a person is needed"),
    USAGE: Text("câu lệnh, tệp hoặc mã hồ sơ không đúng", "wrong command, missing file, unknown filing"),
    NOT_TRUSTED: Text(
        "chữ ký còn nguyên vẹn nhưng chưa xác lập được tin cậy", "signatures are intact, trust is not established"
    ),
    IN_DOUBT: Text(
        "chưa gửi được, hoặc chưa rõ cơ quan đã nhận hay chưa", "not sent yet, or not known whether the agency took it"
    ),
    CONFIGURATION: Text("cấu hình sai hoặc thiếu", "the configuration is wrong or lacks something"),
    STORAGE: Text("không đọc hoặc ghi được đĩa hay sổ cái", "a file or the ledger cannot be read or written"),
    DEFECT: Text("lỗi của chính chương trình", "a defect of the program itself"),
    INTERRUPTED: Text("bị ngắt (Ctrl-C)", "interrupted (Ctrl-C)"),
    READER_GONE: Text("chương trình đọc kết quả đã đóng", "whoever read the output has gone"),
}
