"""The second net: persons and organisations in a running text, known by how they are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from govgateway_mocks.capture.invented import Invented, Kind, is_tax_code

_UPPER = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
_WORD = rf"[{_UPPER}][^\W\d_]*"
_SURNAMES = (
    "Nguyễn|Nguyen|Trần|Tran|Lê|Phạm|Pham|Huỳnh|Huynh|Hoàng|Hoang|Phan|Vũ|Võ|Vu|Vo|Đặng|Dang|Bùi|Bui|Đỗ|Do|Hồ|Ngô|Ngo|"
    "Dương|Duong|Lý|Đinh|Dinh|Đoàn|Doan|Lâm|Trịnh|Trinh|Mai|Đào|Dao|Cao|Hà|Tạ|Châu|Tô|Lương|Luong|Vương|Thái|Lưu|Chu|Kiều"
)
_ORGANISATIONS = (
    "công ty|cty|doanh nghiệp|hợp tác xã|trường|sở|ubnd|uỷ ban nhân dân|ủy ban nhân dân|ban quản lý|trung tâm|"
    "bệnh viện|chi nhánh|văn phòng|phòng|viện|cục|hộ kinh doanh|ngân hàng"
)
_STREETS = "đường|phố|ngõ|ngách|hẻm|thôn|ấp|tổ dân phố|phường|xã|thị trấn"
_PLACES = rf"{_STREETS}|quận|huyện|thị xã|tỉnh|thành phố|tp"
_UNTIL = r"[^,.;:()<>\"\n\r]"

Found = Callable[[re.Match[str]], str]

TOKEN = re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*|(?i:\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_TEN_DIGITS = re.compile(r"(?<![\w.])\d{10}(?:-\d{3})?(?![\w])")
_TWELVE_DIGITS = re.compile(r"(?<![\w.])0\d{11}(?![\w])")
_PASSPORT = re.compile(r"\b[A-Z]\d{7,8}\b")
_PAPER = re.compile(
    r"(?i)\b(?:cccd|cmnd|cmt|căn cước|hộ chiếu|số tài khoản|stk)\W{0,3}(?:số\W{0,3})?([A-Z]?\d{6,19})\b"
)
_PHONE = re.compile(r"(?<![\w.-])\(?(?:\+?84|0)\)?[ .-]?[1-9](?:[ .-]?\d){7,9}(?![\w-])")
_ORGANISATION = re.compile(rf"(?i:\b(?:{_ORGANISATIONS}))\s+(?=[{_UPPER}]|(?i:tnhh|cổ phần)){_UNTIL}{{2,120}}")
_SURNAME = re.compile(rf"\b(?:{_SURNAMES}|{_SURNAMES.upper()})(?:\s+{_WORD}){{1,5}}")
_CALLED = re.compile(
    rf"\b(?i:ông|bà|anh|chị|người ký|kính gửi|họ tên|họ và tên)\W{{1,3}}({_WORD}(?:\s+{_WORD}){{1,5}})"
)
_ADDRESS = re.compile(
    rf"(?:(?i:\bsố(?:\s+nhà)?)\s+\d[\w/]*,?\s+(?=(?i:{_STREETS})\b))?(?i:\b(?:{_STREETS}))\s+(?:\d+\w*|{_WORD}){_UNTIL}{{0,60}}"
    rf"(?:,\s*(?i:{_PLACES})\b\.?{_UNTIL}{{0,60}})*"
)


def in_text(text: str, invented: Invented) -> str:
    """``text`` with everything replaced that looks like a person, an organisation or how to reach them."""
    text = known(text, invented)
    text = credentials(text, invented)
    text = EMAIL.sub(_as(Kind.EMAIL, invented), text)
    text = in_digits(text, invented)
    text = _ORGANISATION.sub(_as(Kind.NAME, invented), text)
    text = _CALLED.sub(_group(Kind.NAME, invented), text)
    text = _SURNAME.sub(_as(Kind.NAME, invented), text)
    return _ADDRESS.sub(_as(Kind.ADDRESS, invented), text)


def in_digits(text: str, invented: Invented) -> str:
    """``text`` with the numbers replaced by which persons and organisations are known."""
    text = _TEN_DIGITS.sub(lambda found: _tax_code(found[0], invented), text)
    text = _TWELVE_DIGITS.sub(_as(Kind.IDENTITY, invented), text)
    text = _PAPER.sub(_group(Kind.IDENTITY, invented), text)
    text = _PASSPORT.sub(_as(Kind.IDENTITY, invented), text)
    return _PHONE.sub(_as(Kind.PHONE, invented), text)


def credentials(text: str, invented: Invented) -> str:
    """``text`` without tokens."""
    return TOKEN.sub(_as(Kind.CREDENTIAL, invented), text)


def known(text: str, invented: Invented) -> str:
    """``text`` with everything replaced that was replaced elsewhere."""
    text = unicodedata.normalize("NFC", text)
    originals = sorted(invented.originals, key=len, reverse=True)
    if not originals:
        return text
    either = "|".join(r"\s+".join(re.escape(word) for word in each.split()) for each in originals)
    return re.sub(rf"(?<!\w)(?:{either})(?!\w)", lambda found: invented.again(found[0]), text, flags=re.IGNORECASE)


def _as(kind: Kind, invented: Invented) -> Found:
    return lambda found: invented.instead(kind, found[0])


def _group(kind: Kind, invented: Invented) -> Found:
    return lambda found: found[0].replace(found[1], invented.instead(kind, found[1]))


def _tax_code(found: str, invented: Invented) -> str:
    return invented.instead(Kind.TAX_CODE, found) if is_tax_code(found[:10]) else found
