"""The one XML reader of the project: no DTD, no entities, no network, limits, errors with line and column.

document = read_xml(path.read_bytes())
document.root          # lxml element
document.data          # the caller's bytes, untouched: what is signed and sent
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from lxml import etree

from govgateway.causes import cause_of
from govgateway.errors import Text, UnreadableDocument, UsageError


@dataclass(frozen=True, slots=True)
class Limits:
    """What a document may measure. ``size`` in bytes, ``text`` in characters of one text or attribute, ``namespaces``
    in scope of one element: canonicalisation takes the square of their number. Elements nest 256 deep at most."""

    size: int = 32 * 1024 * 1024
    attributes: int = 64
    namespaces: int = 64
    text: int = 10_000_000


@dataclass(frozen=True, slots=True)
class XmlDocument:
    """A document that was read: its exact bytes, its root element, its encoding (as libxml2 names it)."""

    data: bytes
    root: etree._Element
    encoding: str


_REMEDY = Text(
    "Xuất lại tệp từ phần mềm kê khai rồi thử lại; không sửa tệp bằng trình soạn thảo văn bản.",
    "Export the file again from the software that made it; do not edit it with a text editor.",
)
_ESCAPE = Text(
    "dấu & hoặc < trong nội dung phải viết là &amp; hoặc &lt;", "an & or < in the text is written &amp; or &lt;"
)

# The libxml2 errors a person meets; all others get the general text. Never libxml2's own English.
_CAUSES: dict[int, Text] = {
    etree.ErrorTypes.ERR_DOCUMENT_EMPTY: Text("tệp rỗng hoặc không phải XML", "the file is empty or is not XML"),
    etree.ErrorTypes.ERR_DOCUMENT_END: Text("có nội dung thừa sau phần tử gốc", "there is content after the root"),
    etree.ErrorTypes.ERR_TAG_NAME_MISMATCH: Text("thẻ mở và thẻ đóng không khớp", "a start and an end tag differ"),
    etree.ErrorTypes.ERR_TAG_NOT_FINISHED: Text(
        "tệp bị cắt: thẻ chưa được đóng", "the file is cut: a tag is not closed"
    ),
    etree.ErrorTypes.ERR_INVALID_CHAR: Text("có ký tự không được phép trong XML", "a character is not allowed in XML"),
    etree.ErrorTypes.ERR_INVALID_ENCODING: Text("ký tự không đúng bảng mã", "characters do not fit the encoding"),
    etree.ErrorTypes.ERR_UNKNOWN_ENCODING: Text("bảng mã khai báo không được biết", "the declared encoding is unknown"),
    etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING: Text("bảng mã không hỗ trợ", "the encoding is not supported"),
    etree.ErrorTypes.ERR_UNDECLARED_ENTITY: Text("dùng thực thể không khai báo", "an entity is not declared"),
    etree.ErrorTypes.ERR_ATTRIBUTE_REDEFINED: Text("thuộc tính lặp lại", "an attribute is repeated"),
    etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE: Text("tiền tố không khai báo", "a prefix is not declared"),
    etree.ErrorTypes.ERR_GT_REQUIRED: Text("tệp bị cắt hoặc thẻ thiếu dấu >", "the file is cut or a tag lacks its >"),
    etree.ErrorTypes.ERR_RESOURCE_LIMIT: Text(
        "chữ quá dài hoặc lồng nhau quá sâu", "a text is too long or the elements are nested too deep"
    ),
    etree.ErrorTypes.ERR_NAME_TOO_LONG: Text("một tên quá dài", "a name is too long"),
    etree.ErrorTypes.ERR_ENTITYREF_SEMICOL_MISSING: _ESCAPE,
    etree.ErrorTypes.ERR_NAME_REQUIRED: _ESCAPE,
    etree.ErrorTypes.ERR_LT_IN_ATTRIBUTE: _ESCAPE,
    etree.ErrorTypes.ERR_LT_REQUIRED: Text(
        "nội dung không bắt đầu bằng thẻ XML", "the content does not start with a tag"
    ),
}
_NOT_SUPPORTED = _CAUSES[etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING]
_MALFORMED = Text("không phải XML đúng cú pháp", "it is not well-formed XML")
_DTD = Text("có khai báo DTD (<!DOCTYPE>), không được chấp nhận", "it declares a DTD (<!DOCTYPE>): refused")
_VERSION = Text("không phải XML phiên bản 1.0", "it is not XML version 1.0")

# A document type declaration behind byte order mark, declaration, instructions and comments, and nowhere else.
_DOCTYPE = re.compile(rb"(?s)(?:\xef\xbb\xbf)?(?>\s+|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE")
_DECLARED = re.compile(rb"(\xef\xbb\xbf)?<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
# In these the marks of XML are bytes of ASCII, in UTF-16 with a zero beside each. In others (UTF-7, UTF-32, JAVA) a
# comment can stand in a document whose bytes show none.
_ENCODINGS = re.compile(r"UTF-?8|UTF-16(LE|BE)?|(US-)?ASCII|ISO-8859-\d{1,2}|WINDOWS-125\d")
_LONGEST_TEXT = 10_000_000  # libxml2's own limit, and with it go its limits of depth and of entities
_TOO_DEEP = etree.XPath("boolean(" + "/*" * 257 + ")")


def read_xml(data: bytes, *, limits: Limits | None = None, name: str = "") -> XmlDocument:
    """Read ``data`` (UTF-8 with or without BOM, UTF-16, ISO-8859 or Windows-125x as declared).

    ``name`` is the file's name for the message. Raises UnreadableDocument with line and column.
    """
    limits = limits or Limits()
    if len(data) > limits.size:
        raise _too_large(len(data), limits.size, name)
    if _DOCTYPE.match(data):
        raise _refused(_DTD, name)
    _ensure_one_encoding(data, name)
    root = _parsed(data, limits, name)
    information = root.getroottree().docinfo
    if cast(object, information.internalDTD) is not None:
        raise _refused(_DTD, name)
    if information.xml_version != "1.0":
        raise _refused(_VERSION, name)
    encoding = (information.encoding or "UTF-8").upper()
    if b"\0" in data and not encoding.startswith("UTF-16"):
        encoding = "UTF-16"  # libxml2 names no encoding that is known by the byte order mark alone
    if not _ENCODINGS.fullmatch(encoding):
        raise _refused(_NOT_SUPPORTED, name)
    _ensure_within(root, data, limits, name)
    return XmlDocument(data=data, root=root, encoding=encoding)


def _parsed(data: bytes, limits: Limits, name: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        # Whether there is a DTD, whose entities could then grow, is known beforehand where no byte is zero.
        huge_tree=len(data) > _LONGEST_TEXT and limits.text > _LONGEST_TEXT and b"\0" not in data,
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _malformed(error, name) from None
    except (LookupError, ValueError):
        raise _refused(_MALFORMED, name) from None


def read_xml_file(path: Path, *, limits: Limits | None = None) -> XmlDocument:
    """Read the file at ``path``; its size is looked at before a byte is read. Raises UsageError if it cannot be."""
    limits = limits or Limits()
    try:
        size = path.stat().st_size
        if size > limits.size:
            raise _too_large(size, limits.size, path.name)
        data = path.read_bytes()
    except OSError as error:
        raise not_read(path, error) from None
    return read_xml(data, limits=limits, name=path.name)


def not_read(path: Path, error: OSError) -> UsageError:
    """The error for a file that a person named and that the system did not read, because of ``error``."""
    cause = cause_of(error)
    return UsageError(
        Text(f"Không đọc được tệp {path}: {cause.vi}.", f"The file {path} cannot be read: {cause.en}."),
        Text("Kiểm tra tên tệp, thư mục và quyền đọc.", "Check its name, its folder and your right to read it."),
        where=str(path),
    )


def _ensure_one_encoding(data: bytes, name: str) -> None:
    """Two readers read in two ways: a byte order mark of UTF-8 before a declaration of something else, and an encoding
    that only some know. UTF-32 needs no declaration."""
    declared = _DECLARED.match(data.replace(b"\0", b"") if b"\0" in data[:4] else data)
    encoding = declared[2].decode().upper() if declared else "UTF-8"
    if b"\0\0" in data[:4] or not _ENCODINGS.fullmatch(encoding):
        raise _refused(_NOT_SUPPORTED, name)
    if declared and declared[1] and encoding not in {"UTF-8", "UTF8"}:
        other = declared[2].decode()
        raise _refused(
            Text(f"tệp là UTF-8 nhưng khai báo bảng mã {other}", f"it is in UTF-8 but declares the encoding {other}"),
            name,
        )


def _ensure_within(root: etree._Element, data: bytes, limits: Limits, name: str) -> None:
    """Raise UnreadableDocument for what is larger than ``limits``. What the bytes alone rule out is not looked for."""
    if _may_have_more_attributes(data, limits.attributes) and root.xpath(f"boolean(//*[@*[{limits.attributes + 1}]])"):
        raise _refused(
            Text(
                f"một phần tử có quá {limits.attributes} thuộc tính",
                f"an element has more than {limits.attributes} attributes",
            ),
            name,
        )
    if _declarations(data) > limits.namespaces and _has_more_namespaces(root, limits.namespaces):
        raise _refused(
            Text(
                f"một phần tử có quá {limits.namespaces} không gian tên",
                f"an element has more than {limits.namespaces} namespaces",
            ),
            name,
        )
    longer = f"[string-length() > {limits.text}]"
    if len(data) > limits.text and root.xpath(f"boolean(//text(){longer} | //@*{longer})"):
        raise _refused(Text("một đoạn chữ quá dài", "a text is too long"), name)
    if len(data) > _LONGEST_TEXT and _TOO_DEEP(root.getroottree()):
        raise _refused(_CAUSES[etree.ErrorTypes.ERR_RESOURCE_LIMIT], name)


def _may_have_more_attributes(data: bytes, most: int) -> bool:
    """Whether a tag may hold more attributes than ``most``: one takes five bytes at least, an equals sign among them,
    and no tag holds a "<" but as half of a character of UTF-16."""
    long = re.finditer(rb"<[^<]{%d,}" % (5 * (most + 1)), data)
    return b"\0" in data or any(found[0].count(b"=") > most for found in long)


def _declarations(data: bytes) -> int:
    """How many namespace declarations there may be, whatever the width of a character."""
    return (data.replace(b"\0", b"") if b"\0" in data else data).count(b"xmlns")


def _has_more_namespaces(root: etree._Element, most: int) -> bool:
    return any(len(each.nsmap) > most for each in root.iter(etree.Element))


def _malformed(error: etree.XMLSyntaxError, name: str) -> UnreadableDocument:
    line, column = error.position
    cause = _CAUSES.get(error.code, _MALFORMED)  # type: ignore[attr-defined]  # lxml-stubs lacks it
    return _refused(Text(f"{cause.vi} (dòng {line}, cột {column})", f"{cause.en} (line {line}, column {column})"), name)


def _too_large(size: int, limit: int, name: str) -> UnreadableDocument:
    mib = 1024 * 1024
    return _refused(
        Text(
            f"dung lượng {size // mib} MB vượt quá giới hạn {limit // mib} MB",
            f"it measures {size // mib} MB, more than the {limit // mib} MB allowed",
        ),
        name,
    )


def _refused(cause: Text, name: str) -> UnreadableDocument:
    return UnreadableDocument(
        Text(f"Không đọc được tài liệu: {cause.vi}.", f"The document cannot be read: {cause.en}."),
        _REMEDY,
        where=name,
    )
