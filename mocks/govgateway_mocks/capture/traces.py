"""The last look at a message before it is written: whether anything of what was replaced is still in it."""

from __future__ import annotations

import base64
import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from urllib.parse import unquote_to_bytes

from govgateway_mocks.capture.invented import SHORTEST, folded

_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1258", "latin-1")
_TELLING = 7
"""So many characters of base64 do not stand there by chance."""

_FILLING = (0, 1, 2)
"""How many bytes stand before a value in the group of three that base64 writes together."""


def has_trace(data: bytes, originals: Iterable[str]) -> bool:
    """Whether ``data`` holds one of ``originals``: in some encoding, escaped, URL-encoded or in base64."""
    wanted = {folded(each) for each in originals if len(folded(each)) >= SHORTEST}
    if not wanted:
        return False
    texts = [folded(each) for each in _readings(data)]
    packed = re.sub(rb"\s", b"", data)
    return any(each in text for each in wanted for text in texts) or any(
        form in packed for each in originals if len(folded(each)) >= SHORTEST for form in _in_base64(each)
    )


def _readings(data: bytes) -> Iterator[str]:
    """``data`` as a text, in each way in which it may be meant."""
    for encoding in _ENCODINGS:
        text = data.decode(encoding, "replace")
        yield text
        if "&" in text:
            yield html.unescape(text)
    if b"%" in data:
        yield unquote_to_bytes(data).decode("utf-8", "replace")
    if b"\\u" in data:
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), data.decode("utf-8", "replace"))


def _in_base64(value: str) -> Iterator[bytes]:
    """The middle of what base64 makes of ``value``, wherever it begins; what its neighbours change is left out."""
    for form in {value, unicodedata.normalize("NFC", value), value.upper(), value.lower()}:
        for encoding in ("utf-8", "utf-16-le"):
            for filling in _FILLING:
                padded = bytes(filling) + form.encode(encoding)
                written = base64.b64encode(padded)[-(-filling * 8 // 6) : len(padded) * 8 // 6]
                if len(written) >= _TELLING:
                    yield written
