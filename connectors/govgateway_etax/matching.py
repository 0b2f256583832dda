"""Whether the words in which the tax office speaks of a filing mean this declaration: «Q1/2026» is period 1/2026.

Each comparison says True, False, or None where the words cannot be told: a look-up must not take those for another's.
"""

from __future__ import annotations

import re
import unicodedata

from govgateway.connector import Subject
from govgateway_etax import catalogue
from govgateway_etax.declaration import Header

_TYPES = {"c": "chính thức", "b": "bổ sung"}
_PERIOD = re.compile(r"(\D*)((?:[0-9]{1,2}/){0,2}[0-9]{4})")
_QUARTER = {"q", "quý"}


def same_filing(subject: Subject, header: Header) -> bool | None:
    """Whether ``subject`` is the filing of ``header``'s obligation; its taxpayer is the caller's to compare."""
    told = (
        same_form(subject.form, header),
        same_type(subject.kind, header),
        same_period(subject.period, header),
        same_number(subject.sequence, header),
    )
    if False in told:
        return False
    return None if None in told else True


def same_form(printed: str, header: Header) -> bool | None:
    """By code, by title, or by the form's number standing apart in a title: «Tờ khai phí (01/PH)», not 01/PHLP."""
    entry = catalogue.catalogue().get(header.catalogue_key)
    number = entry.form if entry else ""
    names = {header.maTKhai, header.tenTKhai, number, entry.title if entry else ""} - {""}
    if printed in names or (number and re.search(rf"(?<![\w/.-]){re.escape(number)}(?![\w/-])", printed)):
        return True
    return False if printed in catalogue.codes() else None


def same_type(printed: str, header: Header) -> bool | None:
    """By letter or word: C or «Chính thức», B or «Bổ sung» (observed). A registration form has no type."""
    word, letter = unicodedata.normalize("NFC", printed).casefold(), header.loaiTKhai.casefold()
    if header.flat or word in {letter, _TYPES.get(letter)}:
        return True
    return False if word in {*_TYPES, *_TYPES.values()} else None


def same_period(printed: str, header: Header) -> bool | None:
    """By the figures; a word before them tells a quarter from the rest. How a period from day to day is printed is not
    known: it is this one when both of its days stand in it."""
    if header.kieuKy == "K":
        return True if header.kyKKhaiTuNgay in printed and header.kyKKhaiDenNgay in printed else None
    found = _PERIOD.fullmatch(printed)
    if found is None or not header.kyKKhai:
        return None
    word = unicodedata.normalize("NFC", found[1]).strip().casefold()
    return found[2] == header.kyKKhai and (word not in _QUARTER or header.kieuKy == "Q")


def same_number(printed: str, header: Header) -> bool | None:
    """By soLan. An official declaration is the only one of its period: what is printed for it (the form says "number of
    filing or of supplement") tells nothing more."""
    if header.loaiTKhai != "B":
        return True
    return int(printed) == header.sequence if re.fullmatch("[0-9]{1,3}", printed) else None
