"""Vietnamese typed in the encodings from before Unicode: TCVN3 (ABC), VNI and Windows-1258.

TCVN3 and VNI show right only in fonts of their own; in any other the letters are others. They are recognised by such a
font, or by letters that no Vietnamese word has side by side, and refused: a name guessed right is no proof that the
next one is.
"""

from __future__ import annotations

import re
import unicodedata

_LETTER = "A-Za-zÀ-ÖØ-öø-ÿ"
# đ, ă, â, ê, ô, ơ, ư of TCVN3 before a letter (® © ¨ ª « ¬ ­), and its accented vowels after one (à is µ, á is ¸ …).
_TCVN3 = re.compile(f"[®©¨ª«¬\u00ad§][{_LETTER}]|[{_LETTER}][µ¸¶·¹¨©ª«¬\u00ad¾»¼½Æ]")
_QUOTED = re.compile(f"(?<![{_LETTER}])«([^«»]*)»(?![{_LETTER}])")
_PLAIN = re.compile("[\u0000-\u00ff\u2010-\u2026]*")
# A vowel and its accent side by side, as no Vietnamese word has them.
_VNI = re.compile("[aA][âÂêÊ]|[eE][âÂáÁàÀåÅãÃäÄ]|[oO][âÂ]|[aeuyôöAEUYÔÖ][ùøÙØ]|[ôöuyÔÖUY][ûõïÛÕÏ]|[oO][øØõÕ]|[öÖ]ô")
# The same, but for what French names have too: naïf, août.
_VNI_OR_FRENCH = re.compile("[aA][ûõÛÕ]|[eE][ûõïÛÕÏ]|[oO][ïÏ]|[aA][áàåãäÁÀÅÃÄ]")
_FRENCH_WORDS = 2
# TCVN3 has its accented vowels where Unicode has capitals: "lÖ phÝ" is "lệ phí".
_CAPITAL_INSIDE = re.compile("[a-zà-öø-ÿ][À-ÖØ-Þ]")


def legacy_encoding(text: str, font: str = "") -> str:
    """The old encoding that ``text`` is typed in, by its ``font`` or its letters; empty for none."""
    if text.isascii():
        return ""
    if font.lower().startswith(".vn") and _PLAIN.fullmatch(text):
        return "TCVN3 (ABC)"
    if font.lower().startswith("vni") and _PLAIN.fullmatch(text):
        return "VNI"
    return _by_letters(text) if _PLAIN.fullmatch(text) else ""


def _by_letters(text: str) -> str:
    text = _QUOTED.sub(r"\1", text)
    if _TCVN3.search(text) or _CAPITAL_INSIDE.search(text):
        return "TCVN3 (ABC)"
    if _VNI.search(text) or len(_VNI_OR_FRENCH.findall(text)) >= _FRENCH_WORDS:
        return "VNI"
    return ""


def decoded(data: bytes) -> tuple[str, str]:
    """The text of a file in UTF-8, in UTF-16 with a byte order mark, or in Windows-1258; and the old encoding that it
    is typed in, empty for none. Raises UnicodeDecodeError for bytes that are none of these."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16"), ""
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        text = data.decode("cp1258")
    # Letters of TCVN3 are symbols in Windows-1258 too; its accents are capitals in the alphabet looked at here.
    if _TCVN3.search(data.decode("latin-1")):
        return text, "TCVN3 (ABC)"
    return text, "VNI" if _VNI.search(unicodedata.normalize("NFC", text)) else ""
