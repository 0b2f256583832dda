"""Writes the appendices of a supplement: 01/KHBS and 01-1/KHBS."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import cast

from lxml import etree

from govgateway.connector import FormVersion, XmlDocument, read_xml
from govgateway_etax.changes import ITEMS, Change
from govgateway_etax.declaration import HEADER, NAMESPACE, Header
from govgateway_etax.heading import OF_SUPPLEMENTS
from govgateway_etax.late_payment import LatePayment


class SupplementWriter:
    """Writes both appendices into a corrected return. What adds up in them is left to the form's compute.xsl."""

    def __init__(self, corrected: XmlDocument, package: FormVersion, header: Header) -> None:
        self._root = read_xml(corrected.data).root
        self._package = package
        self._header = header

    def written(self, found: tuple[Change, ...], late: LatePayment | None, transaction: str, reason: str) -> bytes:
        """The document with the appendices that tell of ``found``, and of the interest ``late`` on it."""
        self._declare()
        appendices = self._appendices()
        self._return(_add(appendices, "PL01_KHBS"), found, late, transaction)
        self._explanation(_add(appendices, "PL01_1_KHBS"), found, transaction, reason)
        computed = read_xml(self._package.compute(etree.tostring(self._root))).root
        # The return itself stays as it was made: what is rounded one way or the other is not for us to decide.
        self._node(self._root, "HSoKhaiThue").replace(appendices, self._node(computed, "HSoKhaiThue/PLuc"))
        etree.indent(self._root)
        return etree.tostring(self._root, xml_declaration=True, encoding="UTF-8")

    @staticmethod
    def _node(root: etree._Element, path: str) -> etree._Element:
        return cast(etree._Element, root.find("/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/"))))

    def _declare(self) -> None:
        """Kind B with its number, and no signature: those that are there signed something else."""
        self._node(self._root, f"{HEADER}/TKhaiThue/loaiTKhai").text = "B"
        self._node(self._root, f"{HEADER}/TKhaiThue/soLan").text = self._header.soLan
        for signatures in self._root.iterchildren(f"{{{NAMESPACE}}}CKyDTu"):
            signatures.clear()

    def _appendices(self) -> etree._Element:
        """PLuc behind the items, with what it held but for 01/KHBS and 01-1/KHBS."""
        declared = self._node(self._root, "HSoKhaiThue")
        present = declared.find(f"{{{NAMESPACE}}}PLuc")
        appendices = _add(declared, "PLuc") if present is None else present
        for name in OF_SUPPLEMENTS:
            for old in list(appendices.iterchildren(f"{{{NAMESPACE}}}{name}")):
                appendices.remove(old)
        return appendices

    def _return(
        self, appendix: etree._Element, found: tuple[Change, ...], late: LatePayment | None, transaction: str
    ) -> None:
        """01/KHBS: differences by sub-item and currency, and the interest on them."""
        self._head(appendix, transaction)
        part = _add(appendix, "Muc_A")
        payable = _add(part, "Muc_I")
        _add_sums(_add(payable, "Muc_1"), [each for each in found if each.effect == "payable"])
        if late is not None:
            _add_interest(_add(payable, "Muc_3"), late)
        for section, effect in (("Muc_II", "deductible"), ("Muc_III", "refund")):
            affected = [each for each in found if each.effect == effect]
            if affected:
                _add_sums(_add(part, section), affected)

    def _explanation(self, appendix: etree._Element, found: tuple[Change, ...], transaction: str, reason: str) -> None:
        """01-1/KHBS: every figure that differs, and what is attached to it."""
        self._head(appendix, transaction)
        forms = _add(_add(appendix, "Muc_A"), "DSachHSo")
        form = _add(forms, "BKeHSo")
        _add(form, "ten_HSo", f"{self._package.name} {self._package.title.vi}")
        lines = _add(form, "CTietHSo")
        for each in found:
            _add_explanation(_add(lines, "ChiTiet"), each, reason)
        _add(forms, "TongCong")

    def _head(self, appendix: etree._Element, transaction: str) -> None:
        """What Circular 89/2026 prints above both appendices; in the forms before it nobody has seen its names."""
        if (*ITEMS[:2], "PLuc", "PL01_KHBS", "Header", "ct02") in self._package.outline.fields:
            head = _add(appendix, "Header")
            period = self._header.period.partition(" ")[2]
            for name, text in zip(
                ("ct01", "ct02", "ct03", "ct04"),
                (self._package.name, transaction, period, self._header.soLan),
                strict=True,
            ):
                _add(head, name, text)


def _add_sums(parent: etree._Element, found: Iterable[Change]) -> None:
    """One line for each sub-item and currency whose sum changes; without a sub-item, for what the form calls it."""
    sums: dict[tuple[str, str, str], Decimal] = {}
    for each in found:
        key = (each.sub_item, "" if each.sub_item else each.line, each.currency)
        sums[key] = sums.get(key, Decimal(0)) + each.difference
    for (sub_item, name, currency), amount in sums.items():
        if amount:
            line = _add(parent, "ChiTiet")
            _add(line, "ct2_ma", sub_item)
            if name:
                _add(line, "ct2_ten", name)
            _add(line, "ct3", f"{amount:f}")
            if currency:
                _add(line, "ma_DonViTien", currency)


def _add_interest(parent: etree._Element, late: LatePayment) -> None:
    """A.I.3: the day that is counted to, the days, and the interest by currency."""
    _add(parent, "ct3a_1", late.until.isoformat())
    _add(parent, "ct3a_2", f"{late.days}")
    for currency, amount in late.amounts.items():
        line = _add(parent, "ChiTietSoTienChamNop") if currency else parent
        if currency:
            _add(line, "ma_DonViTien", currency)
        _add(line, "ct3b", f"{amount:f}")


def _add_explanation(line: etree._Element, change: Change, reason: str) -> None:
    _add(line, "ct2_ten", change.line or change.label)
    _add(line, "ct3_ma", change.item)
    _add(line, "ct3_ten", change.label)
    _add(line, "ct04", f"{change.before:f}")
    _add(line, "ct05", f"{change.after:f}")
    _add(line, "ct06", f"{change.difference:f}")
    _add(line, "ct7", f"{change.difference:f}" if change.effect else "")
    if change.currency:
        _add(line, "ma_DonViTien", change.currency)
    _add(line, "ct8", reason)


def _add(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    child.text = text or None
    return child
