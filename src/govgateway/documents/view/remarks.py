"""What a printed form says besides its items: the unit of its amounts, the notes below. Data, ``page.toml`` beside
form.toml, where a form has any:

    unit = { vi = "Đơn vị tiền: Đồng Việt Nam", en = "In Vietnamese đồng" }
    notes = [{ vi = "…", en = "…" }]
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from govgateway.documents.package import FormVersion
from govgateway.documents.view.model import Block, Heading, Paragraph
from govgateway.errors import Text

_NOTES = Text("Ghi chú", "Notes")


@dataclass(frozen=True, slots=True)
class Remarks:
    """What stands ``above`` the items and ``below`` them."""

    above: tuple[Block, ...] = ()
    below: tuple[Block, ...] = ()


def remarks_of(version: FormVersion, language: str) -> Remarks:
    """The remarks of the form ``version``; none where its package has no page.toml."""
    path = version.folder.parent / "page.toml"
    if not path.is_file():
        return Remarks()
    page = tomllib.loads(path.read_text(encoding="utf-8"))
    unit = [Paragraph(Text(**page["unit"]).in_language(language))] if "unit" in page else []
    notes = [Paragraph(Text(**each).in_language(language)) for each in page.get("notes", ())]
    heading = [Heading(_NOTES.in_language(language))] if notes else []
    return Remarks(tuple(unit), (*heading, *notes))
