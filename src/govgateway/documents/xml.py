"""The one XML reader of the project: no DTD, no entities, no network, limits, errors with line and column.

document = read_xml(path.read_bytes())
document.root          # lxml element
document.data          # the caller's bytes, untouched: what is signed and sent
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from govgateway.errors import Text, UnreadableDocument, UsageError


@dataclass(frozen=True, slots=True)
class Limits:
    """What a document may measure. ``size`` in bytes, ``text`` in characters of one text node."""

    size: int = 32 * 1024 * 1024
    depth: int = 64
    attributes: int = 64
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
    etree.ErrorTypes.ERR_LT_REQUIRED: Text(
        "nội dung không bắt đầu bằng thẻ XML", "the content does not start with a tag"
    ),
}
_MALFORMED = Text("không phải XML đúng cú pháp", "it is not well-formed XML")


def read_xml(data: bytes, *, limits: Limits | None = None, name: str = "") -> XmlDocument:
    """Read ``data`` (UTF-8 with or without BOM, UTF-16 with BOM, or another declared encoding).

    ``name`` is the file's name for the message. Raises UnreadableDocument with line and column.
    """
    limits = limits or Limits()
    if len(data) > limits.size:
        raise _too_large(len(data), limits.size, name)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, attribute_defaults=False
    )
    if b"<!DOCTYPE" in data[:4096] or b"<!DOCTYPE".decode().encode("utf-16-le") in data[:8192]:
        raise _refused(
            Text("có khai báo DTD (<!DOCTYPE>), không được chấp nhận", "it declares a DTD (<!DOCTYPE>): refused"), name
        )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _malformed(error, name) from None
    except (LookupError, ValueError):
        raise _refused(_MALFORMED, name) from None
    tree = root.getroottree()
    if tree.docinfo.internalDTD is not None or tree.docinfo.externalDTD is not None:
        raise _refused(
            Text("có khai báo DTD (<!DOCTYPE>), không được chấp nhận", "it declares a DTD (<!DOCTYPE>): refused"), name
        )
    _ensure_within(root, limits, name)
    return XmlDocument(data=data, root=root, encoding=(tree.docinfo.encoding or "UTF-8").upper())


def read_xml_file(path: Path, *, limits: Limits | None = None) -> XmlDocument:
    """Read the file at ``path``; its size is looked at before a byte is read. Raises UsageError if it cannot be."""
    limits = limits or Limits()
    try:
        size = path.stat().st_size
        if size > limits.size:
            raise _too_large(size, limits.size, path.name)
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(
            Text(f"Không đọc được tệp {path}.", f"The file {path} cannot be read."),
            Text("Kiểm tra tên tệp, thư mục và quyền đọc.", "Check its name, its folder and your right to read it."),
            where=f"{path} ({type(error).__name__})",
        ) from None
    return read_xml(data, limits=limits, name=path.name)


def _ensure_within(root: etree._Element, limits: Limits, name: str) -> None:
    too_deep = "boolean(" + "/*" * (limits.depth + 1) + ")"
    if root.getroottree().xpath(too_deep):
        raise _refused(
            Text(f"lồng nhau quá {limits.depth} cấp", f"it is nested deeper than {limits.depth} levels"), name
        )
    if root.xpath(f"boolean(//*[@*[{limits.attributes + 1}]])"):
        raise _refused(
            Text(
                f"một phần tử có quá {limits.attributes} thuộc tính",
                f"an element has more than {limits.attributes} attributes",
            ),
            name,
        )
    if root.xpath(f"boolean(//text()[string-length() > {limits.text}])"):
        raise _refused(Text("một đoạn chữ quá dài", "a text is too long"), name)


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
