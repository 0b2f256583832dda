"""The words that every page has, whatever it is written to."""

from __future__ import annotations

from govgateway.errors import Text

SIMULATION = Text(
    "MÔ PHỎNG: ký bằng khoá thử nghiệm, không có giá trị pháp lý",
    "SIMULATION: signed with a demonstration key, of no legal effect",
)
SIGNATURES = Text("Chữ ký điện tử", "Electronic signatures")
UNSIGNED = Text("Chưa có chữ ký", "Not signed")
EMPTY = Text("Không có số liệu", "No figures")
