"""What stands in a capture for persons, organisations and secrets: the same for the same, each time it occurs."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from itertools import count

from govgateway.errors import Text
from govgateway_mocks.capture.recording import REMOVED


class Kind(StrEnum):
    """What is not kept."""

    TAX_CODE = "tax-code"
    NAME = "name"
    ADDRESS = "address"
    PLACE = "place"
    EMAIL = "e-mail"
    PHONE = "phone"
    IDENTITY = "identity"
    ACCOUNT = "account"
    TEXT = "text"
    CREDENTIAL = "credential"
    CERTIFICATE = "certificate"
    UNREADABLE = "unreadable"


TITLES = {
    Kind.TAX_CODE: Text("mã số thuế", "tax codes"),
    Kind.NAME: Text("tên người, tổ chức", "names of persons and organisations"),
    Kind.ADDRESS: Text("địa chỉ", "addresses"),
    Kind.PLACE: Text("địa bàn", "places"),
    Kind.EMAIL: Text("thư điện tử", "e-mail addresses"),
    Kind.PHONE: Text("điện thoại, fax", "phone numbers"),
    Kind.IDENTITY: Text("số giấy tờ", "numbers of identity papers"),
    Kind.ACCOUNT: Text("số tài khoản", "bank accounts"),
    Kind.TEXT: Text("chữ không rõ nội dung", "texts of unknown content"),
    Kind.CREDENTIAL: Text("thông tin đăng nhập", "credentials"),
    Kind.CERTIFICATE: Text("chứng thư, chữ ký", "certificates and signature values"),
    Kind.UNREADABLE: Text("nội dung không đọc được", "contents that cannot be looked into"),
}
_CUT = {Kind.CREDENTIAL, Kind.CERTIFICATE, Kind.UNREADABLE}
SHORTEST = 6
"""What is shorter is not looked for elsewhere: it would be found everywhere."""

_DEMONSTRATION = re.compile(r"99000\d{5}")
_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def folded(value: str) -> str:
    """``value`` for comparing: upper and lower case, white space and the forms of accents make no difference."""
    return " ".join(unicodedata.normalize("NFC", value).casefold().split())


def is_tax_code(value: str) -> bool:
    """Whether ten digits have the check digit of a tax code."""
    return len(value) == 10 and value.isdigit() and _check_digit(value[:9]) == int(value[9])


def _check_digit(nine: str) -> int:
    return 10 - sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, nine, strict=True)) % 11


class Invented:
    """Inventions for what is replaced, and how often each kind was (``counts``).

    ``registered`` are the tax codes that real ones become, in the order in which those are seen; others follow them.
    """

    def __init__(self, registered: Sequence[str]) -> None:
        self.counts: Counter[Kind] = Counter()
        self.secrets: set[str] = set()
        self._instead: dict[str, str] = {}
        self._known: dict[str, Kind] = {}
        self._made = set(registered)
        self._codes = _tax_codes(registered)
        self._numbers: Counter[Kind] = Counter()

    @property
    def originals(self) -> Sequence[str]:
        """What was replaced and can be looked for elsewhere."""
        return tuple(self._known)

    def instead(self, kind: Kind, value: str) -> str:
        """What stands for ``value``. White space around it stays; an invention stays as it is."""
        bare = value.strip()
        if not bare or bare in self._made or bare == REMOVED:
            return value
        if kind is Kind.TAX_CODE and _DEMONSTRATION.fullmatch(bare[:10]):
            return value
        self.counts[kind] += 1
        return value.replace(bare, self._invention(kind, bare))

    def again(self, value: str) -> str:
        """What stands for ``value``, which is one of ``originals`` but for case and white space."""
        key = folded(value)
        if key not in self._known:
            return value
        self.counts[self._known[key]] += 1
        return self._instead[key]

    def _invention(self, kind: Kind, value: str) -> str:
        if kind in _CUT:
            self.secrets.update([value] if kind is Kind.CREDENTIAL else [])
            return REMOVED
        code, dash, branch = value.partition("-")
        if kind is Kind.TAX_CODE and dash and len(code) == 10:
            return self._invention(kind, code) + dash + branch
        key = folded(value)
        if not self._stands_for(kind, self._instead.get(key)):
            made = self._made_of(kind, value)
            self._instead[key] = made
            self._made.add(made)
        if len(key) >= SHORTEST and kind is not Kind.TEXT:
            self._known[key] = kind
        return self._instead[key]

    def _stands_for(self, kind: Kind, made: str | None) -> bool:
        """Whether there is an invention that fits: what was taken for a phone number may turn out as a tax code."""
        return made is not None and (kind is not Kind.TAX_CODE or len(made) != 10 or is_tax_code(made))

    def _made_of(self, kind: Kind, value: str) -> str:
        if kind is Kind.TAX_CODE and len(value) == 10 and value.isdigit():
            return next(self._codes)
        self._numbers[kind] += 1
        number = self._numbers[kind]
        if kind in _WRITTEN and not value.isdigit():
            return _WRITTEN[kind](number)
        return _masked(value, number)


_WRITTEN: dict[Kind, Callable[[int], str]] = {
    Kind.NAME: "Tên-thay-thế {}".format,
    Kind.ADDRESS: "Địa-chỉ-thay-thế {}".format,
    Kind.PLACE: "Nơi-thay-thế {}".format,
    Kind.EMAIL: "thay-the-{}@vidu.example".format,
    Kind.TEXT: "Chữ-thay-thế {}".format,
}


def _masked(value: str, number: int) -> str:
    """``value`` with 9…9 and ``number`` for its digits and Z for its letters."""
    size = sum(each.isdigit() for each in value)
    digits = iter(("9" * size + str(number))[-size:] if size else "")
    return "".join(next(digits) if each.isdigit() else "Z" if each.isalpha() else each for each in value)


def _tax_codes(registered: Sequence[str]) -> Iterator[str]:
    yield from registered
    for number in count(1):
        nine = f"99000{1000 + number:04d}"
        if _check_digit(nine) < 10:
            yield f"{nine}{_check_digit(nine)}"
