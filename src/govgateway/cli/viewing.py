"""``govgateway view``: a declaration or a notice as the printed form, on the terminal or as an HTML page."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer
from lxml import etree
from rich.console import Console

from govgateway.cli.documents import ensure_absent, write_new
from govgateway.cli.options import Document, Language
from govgateway.cli.session import now, settings
from govgateway.cli.verification import headline, is_play, remarks, trust_store
from govgateway.connector import Connector, PagePrinter, Recognition, connectors
from govgateway.documents.findings import Severity
from govgateway.documents.view.html import html_page
from govgateway.documents.view.model import Page, PageLayout, Stamp
from govgateway.documents.view.page import page_of
from govgateway.documents.view.terminal import print_page
from govgateway.documents.xml import XmlDocument, read_xml, read_xml_file
from govgateway.errors import Text
from govgateway.pipeline.intake import examine, unknown_form, verify_document
from govgateway.signing.references import signed_node_of
from govgateway.signing.trust import TrustStore
from govgateway.signing.verify import Verification, VerifiedSignature

app = typer.Typer()

_WITHOUT_TERMINAL = 120
"""Columns of a page that goes to a file or another program."""

_BROKEN = Text(
    "CHỮ KÝ KHÔNG HỢP LỆ: nội dung dưới đây có thể không phải là nội dung đã ký.",
    "A SIGNATURE IS NOT VALID: what follows may not be what was signed.",
)
_OUTSIDE = Text("có phần của tệp nằm ngoài chữ ký, không in ở đây", "parts of the file are not covered, nor printed")


@app.command()
def view(
    file: Document,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE.html", help="Ghi trang HTML, in được trên giấy A4 · HTML file"),
    ] = None,
    trust: Annotated[
        list[Path] | None, typer.Option("--trust", help="Chứng thư gốc tin cậy (PEM) · Trusted roots (PEM)")
    ] = None,
    lang: Language = None,
) -> int:
    """Xem tờ khai hoặc thông báo như mẫu in · Read a declaration or a notice as the printed form.

    In đúng thứ tự, số chỉ tiêu và nhãn của mẫu, kèm trạng thái chữ ký · Order, numbers and labels are the form's; the
    state of the signatures is told.
    """
    configuration = settings(lang)
    installed = tuple(connectors())
    stores = {each.agency: trust_store(configuration, each.agency, trust or ()) for each in installed}
    document = read_xml_file(file)
    if html is None:
        page = page_for(document, installed, stores, configuration.language)
        print_page(page, Console(width=None if sys.stdout.isatty() else _WITHOUT_TERMINAL))
        return 0
    ensure_absent(html, "--html")
    page = page_for(document, installed, stores, configuration.language)
    write_new(html, html_page(page).encode())
    print(Text(f"Đã ghi: {html}", f"Written: {html}").in_language(configuration.language))
    return 0


def page_for(
    document: XmlDocument, installed: Iterable[Connector], stores: Mapping[str, TrustStore], language: str
) -> Page:
    """The page of ``document``, a filing or an agency's message. Raises UnknownForm when no connector knows it.

    Where its signatures are good, what is printed is what they cover, parsed anew.
    """
    installed = tuple(installed)
    verification = verify_document(document, installed, stores, now())
    connector = next(each for each in installed if each.profile_of(document) is not None)
    recognition = connector.recognise(document)
    node = _signed_node(document, connector, verification)
    package = recognition.package if recognition else None
    printed = connector.layout_of(node, package, language) if isinstance(connector, PagePrinter) else None
    return page_of(
        node,
        etree.QName(document.root).localname,
        printed or _plain_layout(node, recognition, language),
        package,
        stamps=(_stamp(each, language) for each in verification.signatures),
        warnings=(each.in_language(language) for each in _warnings(document, connector, recognition, verification)),
        simulated=any(map(is_play, verification.signatures)),
        language=language,
    )


def _signed_node(document: XmlDocument, connector: Connector, verification: Verification) -> etree._Element:
    if verification.content is not None:
        return read_xml(verification.content).root
    profile = connector.profile_of(document)
    node = signed_node_of(document, profile) if profile else None
    if node is None:
        raise unknown_form(document)
    return node


def _plain_layout(node: etree._Element, recognition: Recognition | None, language: str) -> PageLayout:
    """All of ``node``, for an agency whose layout is not known."""
    title = recognition.title.in_language(language) if recognition else ""
    names = (etree.QName(each).localname for each in node.iterchildren(etree.Element))
    return PageLayout(title=title, parts=tuple(dict.fromkeys(names)))


def _warnings(
    document: XmlDocument, connector: Connector, recognition: Recognition | None, verification: Verification
) -> Iterator[Text]:
    if not all(each.intact and each.well_placed for each in verification.signatures):
        yield _BROKEN
    severities = [each.severity for each in examine(document, [connector]).findings] if recognition else []
    counted = (
        (severities.count(Severity.ERROR), Text("lỗi", "error(s)")),
        (severities.count(Severity.WARNING), Text("cảnh báo", "warning(s)")),
    )
    for number, word in counted:
        if number:
            yield Text(
                f"Tài liệu có {number} {word.vi}: xem bằng govgateway check.",
                f"The document has {number} {word.en}: see govgateway check.",
            )


def _stamp(signature: VerifiedSignature, language: str) -> Stamp:
    said = [*remarks(signature), *([_OUTSIDE] if signature.not_covered else [])]
    return Stamp(
        headline=headline(signature, language),
        remarks=tuple(each.in_language(language) for each in said),
        sound=signature.intact and signature.well_placed,
    )
