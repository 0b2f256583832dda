"""Documents that tests start from: the example file, and what a test changes in it."""

from __future__ import annotations

from pathlib import Path

import govgateway_schemas
from govgateway.documents.package import FormLibrary, FormVersion
from govgateway.documents.xml import XmlDocument, read_xml

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "01PH-2026-10.xml"
WRONG = ROOT / "examples" / "01PH-2026-10-wrong.xml"


def declaration(*changes: tuple[str, str]) -> XmlDocument:
    """The example declaration with each ``old`` text replaced by ``new``, which must occur."""
    text = EXAMPLE.read_bytes().decode("utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return read_xml(text.encode("utf-8"))


def fee_form() -> FormVersion:
    """The form package of 879 01/PH 2.7.5."""
    found = FormLibrary(Path(govgateway_schemas.__file__).parent / "etax").find("879", "2.7.5")
    assert found is not None
    return found


def rules_found(document: XmlDocument) -> list[str]:
    """The rule ids that checking ``document`` as 01/PH gives, in order."""
    return [finding.rule for finding in fee_form().check(document)]
