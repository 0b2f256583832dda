"""What a template carries unseen, so that a filled one is read whatever was moved in it.

Each sheet has an anchor, the cell that says what the sheet is. The anchor's row names the columns, its column the rows:
they move with the rows and columns that people insert, delete, sort or drag elsewhere.

    anchor   #    ten_LoaiPhi   tyLe         (row hidden)
    -        STT  Loại phí      Tỷ lệ        a heading is no line
    {…}      1    Phí …         10           {…}: what cells cannot show of the document that was filled in (kept.py)
"""

from __future__ import annotations

from dataclasses import dataclass

from govgateway.documents.layout import Names

NUMBER = "#"
"""The column with the number of a line, by which lines of other sheets name it."""
ABOVE = "^"
"""The column with the number of the line, on another sheet, that a line belongs to."""
VALUE = "="
"""On the sheet of single fields: the column of their values."""
KEPT = "~"
"""On the sheet of single fields: the column of what cells cannot show."""
HEADING = "-"
"""In the anchor's column: a row that is no line."""
_ITSELF = "."

_PRODUCT, _REVISION = "govgateway", "1"


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a sheet is: the form and its version, and the path of the rows that it lists; empty for single fields."""

    form: str
    version: str
    row: Names = ()

    def __str__(self) -> str:
        return " ".join((_PRODUCT, _REVISION, self.form, self.version, "/".join(self.row))).rstrip()

    @classmethod
    def read(cls, text: object) -> Anchor | None:
        """The anchor that ``text`` is; None when it is none, or one of another revision of the template."""
        words = text.split() if isinstance(text, str) else []
        if words[:2] != [_PRODUCT, _REVISION] or len(words) not in (4, 5):
            return None
        return cls(words[2], words[3], tuple(words[4].split("/")) if len(words) > 4 else ())


def key_of(names: Names) -> str:
    """The name of the column for the value at ``names`` below a row; a row may be a value itself."""
    return "/".join(names) or _ITSELF
