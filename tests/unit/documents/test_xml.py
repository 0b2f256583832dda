"""The reader refuses what is no safe XML, says where, and keeps the caller's bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from govgateway.documents.xml import Limits, read_xml, read_xml_file
from govgateway.errors import UnreadableDocument, UsageError

BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'


def _refused(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        read_xml(data, limits=limits, name="tờ khai.xml")
    assert caught.value.where == "tờ khai.xml"
    assert caught.value.message.vi != caught.value.message.en
    return caught.value.message.vi


def test_good_bytes_are_kept_as_they_are() -> None:
    data = b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>\r\n<a>\r\n</a>\r\n'
    document = read_xml(data)
    assert document.data == data
    assert document.encoding == "UTF-8"


@pytest.mark.parametrize("data", [b"", b"   ", b"%PDF-1.7 not xml", b"PK\x03\x04zip", b"\x00\x01\x02"])
def test_not_xml(data: bytes) -> None:
    assert "XML" in _refused(data)


def test_the_place_of_a_mistake_is_named() -> None:
    assert "dòng 2, cột" in _refused(b"<a>\n<b></c>\n</a>")


@pytest.mark.parametrize(
    "data",
    [
        BOMB,
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<!DOCTYPE a><a/>",
        b"<?xml version='1.0'?>" + b"<!-- " + b"x" * 9000 + b" -->" + b"<!DOCTYPE a><a/>",
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"),
    ],
)
def test_a_dtd_is_refused_wherever_it_stands(data: bytes) -> None:
    assert "DTD" in _refused(data)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.xml"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    with pytest.raises(UnreadableDocument) as caught:
        read_xml_file(path)
    assert "100 MB" in caught.value.message.vi


def test_depth_attributes_and_text_have_limits() -> None:
    limits = Limits(depth=3, attributes=2, text=10)
    read_xml(b"<a><b><c/></b></a>", limits=limits)
    assert "3 cấp" in _refused(b"<a><b><c><d/></c></b></a>", limits)
    assert "thuộc tính" in _refused(b'<a x="1" y="2" z="3"/>', limits)
    assert "quá dài" in _refused(b"<a>12345678901</a>", limits)


def test_depth_beyond_the_parser_itself() -> None:
    _refused(b"<a>" * 5000 + b"</a>" * 5000)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-16", "UTF-16"), ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("cp1258", "windows-1258")],
)
def test_declared_encodings(encoding: str, declared: str) -> None:
    data = f'<?xml version="1.0" encoding="{declared}"?><a>Sở</a>'.replace("Sở", "So").encode(encoding)
    assert read_xml(data).root.text == "So"


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0" encoding="UTF-8"?><a>\xff\xfe</a>',
        b'<?xml version="1.0" encoding="no-such-code"?><a/>',
        "<?xml version='1.0' encoding='UTF-8'?><a>\u00e9</a>".encode("latin-1"),
    ],
)
def test_a_wrong_encoding_is_named(data: bytes) -> None:
    assert "bảng mã" in _refused(data)


def test_an_undeclared_entity() -> None:
    assert "thực thể" in _refused(b"<a>&nbsp;</a>")


@pytest.mark.parametrize("name", ["none.xml", "."])
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    with pytest.raises((UsageError, UnreadableDocument)):
        read_xml_file(tmp_path / name)
