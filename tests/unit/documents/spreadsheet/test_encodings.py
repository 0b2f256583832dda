"""Text from before Unicode is recognised; Vietnamese in Unicode and foreign names are not taken for it."""

from __future__ import annotations

import unicodedata

import pytest

from govgateway.documents.spreadsheet.encodings import decoded, legacy_encoding


@pytest.mark.parametrize("text", ["Së X©y dùng", "PhÝ thÈm ®Þnh", "lÖ phÝ", "Hµ Néi", "C¬ quan thuÕ", "tØnh An Hoµ"])
def test_tcvn3_is_recognised_by_its_letters(text: str) -> None:
    assert legacy_encoding(text) == "TCVN3 (ABC)"


@pytest.mark.parametrize("text", ["Sôû Xaây döïng", "Leä phí", "thueá", "Tröôøng hoïc", "Ñöôøng boä"])
def test_vni_is_recognised_by_its_letters(text: str) -> None:
    assert legacy_encoding(text) == "VNI"


@pytest.mark.parametrize(("font", "encoding"), [(".VnTime", "TCVN3 (ABC)"), ("VNI-Times", "VNI"), ("Arial", "")])
def test_both_are_recognised_by_their_fonts(font: str, encoding: str) -> None:
    assert legacy_encoding("phí", font) == encoding


@pytest.mark.parametrize(
    "text",
    [
        "Phí sử dụng tạm thời lòng đường, hè phố",
        "hoà, xuân, quý, thuở, khuya, oái oăm, khuỷu, Quốc, uỷ ban, ngoằn ngoèo",
        "SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG",
        "Müller & Söhne, Nestlé, España, Coût naïf, Coca-Cola®, Ångström, São Paulo",
        "m², m³, 10 µm, 25 °C, «phí», ½, § 3",
        "phi thu duoc",
        "",
    ],
)
def test_unicode_is_not_taken_for_them(text: str) -> None:
    assert [word for word in text.split() if legacy_encoding(word)] == []
    assert legacy_encoding(text) == ""


def test_unicode_text_in_an_old_font_is_unicode() -> None:
    assert legacy_encoding("Phí sử dụng", ".VnTime") == ""


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Phí đường bộ".encode(), "Phí đường bộ"),
        ("Phí đường bộ".encode("utf-8-sig"), "Phí đường bộ"),
        ("Phí đường bộ".encode("utf-16"), "Phí đường bộ"),
        (b"Phi\xec \xf0\xfd\xf5\xccng b\xf4\xf2", "Phí đường bộ"),
    ],
)
def test_files_are_read_in_unicode_and_windows_1258(data: bytes, text: str) -> None:
    read, encoding = decoded(data)
    assert (unicodedata.normalize("NFC", read), encoding) == (text, "")


@pytest.mark.parametrize(("text", "encoding"), [("Së X©y dùng", "TCVN3 (ABC)"), ("Sôû Xaây döïng", "VNI")])
def test_files_in_the_old_encodings_are_recognised(text: str, encoding: str) -> None:
    assert decoded(text.encode("latin-1"))[1] == encoding


def test_windows_1258_of_words_that_look_alike_is_no_vni() -> None:
    assert decoded("thuơ".encode("cp1258") + b"\xd2, hu\xf5")[1] == ""  # thuở, huơ


def test_bytes_of_no_known_encoding_are_refused() -> None:
    with pytest.raises(UnicodeDecodeError):
        decoded(b"\xff\x8a\x9d")
