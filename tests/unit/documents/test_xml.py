"""The reader refuses what is no safe XML, says where, and keeps the caller's bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from govgateway.documents.xml import Limits, read_xml, read_xml_file
from govgateway.errors import UnreadableDocument, UsageError

COMMENT = b"<!-- " + b"x" * 9000 + b" -->"
ENTITIES = b'<!ENTITY b0 "bbbbbbbbbb">' + b"".join(
    b'<!ENTITY b%d "%s">' % (level, b"&b%d;" % (level - 1) * 10) for level in range(1, 12)
)
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
        b"<?xml version='1.0'?>" + COMMENT + b"<!DOCTYPE a><a/>",
        b"\xef\xbb\xbf<?xml version='1.0'?>\r\n<?x y?>" + COMMENT + b"\n<!DOCTYPE a><a/>",
        COMMENT + b"<!DOCTYPE a [" + ENTITIES + b"]><a>&b11;</a>",
        COMMENT + b"<!DOCTYPE a [" + ENTITIES + b"]><a b='&b11;'/>",
        COMMENT + b'<!DOCTYPE a [<!ENTITY % e SYSTEM "http://127.0.0.1:9/e.dtd"> %e;]><a/>',
        COMMENT + b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"),
    ],
)
def test_a_dtd_is_refused_wherever_it_stands(data: bytes) -> None:
    assert "DTD" in _refused(data)


def test_an_entity_bomb_in_another_encoding_is_refused_too() -> None:
    for body in (b"<a>&b11;</a>", b"<a b='&b11;'/>"):
        data = (b"<!DOCTYPE a [" + ENTITIES + b"]>" + body).decode().encode("utf-16")
        with pytest.raises(UnreadableDocument):
            read_xml(data)


@pytest.mark.parametrize("data", [b"<!-- <!DOCTYPE a> --><a/>", b"<a><![CDATA[<!DOCTYPE a>]]></a>"])
def test_the_word_alone_is_no_dtd(data: bytes) -> None:
    assert read_xml(data).root.tag == "a"


def test_many_comments_before_a_mistake_take_no_longer_than_few() -> None:
    assert "cắt" in _refused(b"<!---->" * 20_000 + b"<a")


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail("it was read"))
    path = tmp_path / "huge.xml"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    with pytest.raises(UnreadableDocument) as caught:
        read_xml_file(path)
    assert "100 MB" in caught.value.message.vi


def test_attributes_and_texts_have_limits() -> None:
    limits = Limits(attributes=2, text=10)
    read_xml(b"<a><b><c/></b></a>", limits=limits)
    assert "thuộc tính" in _refused(b'<a x="1" y="2" z="3"/>', limits)
    assert "quá dài" in _refused(b"<a>12345678901</a>", limits)


def test_namespaces_in_scope_of_one_element_have_a_limit() -> None:
    many = b"".join(b' xmlns:p%d="urn:p%d"' % (number, number) for number in range(65))
    assert "64 không gian tên" in _refused(b"<a" + many + b"/>")
    assert "64 không gian tên" in _refused((b"<a><b" + many + b"/></a>").decode().encode("utf-16"))
    one_each = b"".join(b'<b xmlns:p%d="urn:p%d"/>' % (number, number) for number in range(65))
    read_xml(b"<a>" + one_each + b"</a>")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"<a>" * 5000 + b"</a>" * 5000, "sâu"),
        (b"<a>" * 257 + b"</a>" * 257, "quá sâu"),
        (b"<a" + b"".join(b' p%d=""' % number for number in range(65_000)) + b"/>", "64 thuộc tính"),
        (b"<a>" + b"x" * 10_000_001 + b"</a>", "quá dài"),
        (b"<" + b"a" * 60_000 + b"/>", "tên quá dài"),
    ],
)
def test_what_is_too_large_for_any_parser(data: bytes, word: str) -> None:
    assert word in _refused(data)


@pytest.mark.parametrize(
    ("encoding", "declared", "said"),
    [
        ("utf-16", "UTF-16", "UTF-16"),
        ("utf-16", "UTF-8", "UTF-16LE"),
        ("utf-8", "UTF-8", "UTF-8"),
        ("utf-8-sig", "utf-8", "UTF-8"),
        ("cp1258", "windows-1258", "WINDOWS-1258"),
    ],
)
def test_declared_encodings(encoding: str, declared: str, said: str) -> None:
    document = read_xml(f'<?xml version="1.0" encoding="{declared}"?><a>đê</a>'.encode(encoding))
    assert (document.root.text, document.encoding) == ("đê", said)


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


@pytest.mark.parametrize("declared", ["UTF-16", "windows-1258", "us-ascii"])
def test_a_byte_order_mark_against_the_declaration(declared: str) -> None:
    data = f'<?xml version="1.0" encoding="{declared}"?><a>Sở</a>'.encode("utf-8-sig")
    assert declared in _refused(data)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0" encoding="UTF-16"?>'])
def test_utf_16_without_a_mark_is_read_as_what_it_is_or_not_at_all(encoding: str, declaration: str) -> None:
    data = f"{declaration}<a>Sở</a>".encode(encoding)
    if declaration:
        assert (read_xml(data).root.text, read_xml(data).encoding[:6]) == ("Sở", "UTF-16")
    else:
        _refused(data)


@pytest.mark.parametrize("data", [b"<a>x\0y</a>", b"<a>x</a>\0", b"<a b='\0'/>", b"<a>&#0;</a>", b"\0<a/>"])
def test_nul_bytes(data: bytes) -> None:
    assert _refused(data)


def test_another_version_of_xml() -> None:
    assert "1.0" in _refused(b'<?xml version="1.1"?><a/>')


@pytest.mark.parametrize("data", [b"<a>A & B</a>", b"<a>A &B C</a>", b"<a>1 < 2</a>", b'<a b="<"/>'])
def test_what_has_to_be_escaped_is_said(data: bytes) -> None:
    assert "&amp;" in _refused(data)


def test_an_undeclared_entity() -> None:
    assert "thực thể" in _refused(b"<a>&nbsp;</a>")


@pytest.mark.parametrize("name", ["none.xml", "."])
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    with pytest.raises((UsageError, UnreadableDocument)):
        read_xml_file(tmp_path / name)
