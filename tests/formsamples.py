"""Declarations of any form package, made for tests: a header that breaks no rule around a body that the test gives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

import govgateway_schemas
from govgateway.documents.findings import Severity
from govgateway.documents.package import FormLibrary, FormVersion
from govgateway.documents.xml import XmlDocument, read_xml

LIBRARY = FormLibrary(Path(govgateway_schemas.__file__).parent / "etax")
_NAMESPACE = "http://kekhaithue.gdt.gov.vn/TKhaiThue"
_XS = "{http://www.w3.org/2001/XMLSchema}"
_F = "{urn:govgateway:form}"


@dataclass(frozen=True)
class Period:
    """A tax period as the header writes it: kind, name, first and last day (dd/MM/yyyy)."""

    kind: str
    name: str
    first: str
    last: str


MONTH = Period("M", "10/2025", "01/10/2025", "31/10/2025")
QUARTER = Period("Q", "4/2025", "01/10/2025", "31/12/2025")
YEAR = Period("Y", "2025", "01/01/2025", "31/12/2025")


Changes = tuple[tuple[str, str], ...]
"""Texts of a document, each with what replaces it once."""


def form(code: str, number: str) -> FormVersion:
    """The version ``number`` of the form ``code``, which must have a package."""
    found = LIBRARY.find(code, number)
    assert found is not None
    return found


SUPPLEMENT = """<PL01_KHBS><Muc_A><Muc_I>
<Muc_1><ChiTiet id="ID_1"><ct2_ma>1701</ct2_ma><ct2_ten>Khoản thu thứ nhất</ct2_ten><ct3>700</ct3></ChiTiet>
<ChiTiet id="ID_2"><ct2_ma>1702</ct2_ma><ct2_ten>Khoản thu thứ hai</ct2_ten><ct3>-200</ct3></ChiTiet>
<tongCong_ct10>500</tongCong_ct10></Muc_1>
<Muc_2><DSachPLuc><BKePLuc><ten_PLuc>Phụ lục phân bổ</ten_PLuc><CTietPLuc><ChiTiet><ct2_ten>Chi nhánh</ct2_ten>
<ct7>40</ct7></ChiTiet></CTietPLuc></BKePLuc><tongCong_ct11>40</tongCong_ct11></DSachPLuc></Muc_2>
<Muc_3><ct3a_1>2026-01-20</ct3a_1><ct3a_2>31</ct3a_2><ct3b>5</ct3b></Muc_3></Muc_I>
<Muc_II><ChiTiet><ct2_ma>1701</ct2_ma><ct3>30</ct3></ChiTiet><tongCong_ct12>30</tongCong_ct12></Muc_II>
<Muc_III><ChiTiet><ct2_ma>1701</ct2_ma><ct3>20</ct3></ChiTiet><tongCong_ct13>20</tongCong_ct13></Muc_III></Muc_A>
</PL01_KHBS><PL01_1_KHBS><Muc_A><DSachHSo><BKeHSo><ten_HSo>Tờ khai</ten_HSo><CTietHSo>
<ChiTiet><ct2_ten>Số phải nộp</ct2_ten><ct3_ma>[30]</ct3_ma><ct04>1000</ct04><ct05>1540</ct05>
<ct06>540</ct06><ct7>540</ct7><ct8>Kê thiếu</ct8></ChiTiet></CTietHSo></BKeHSo>
<TongCong><tongCong_7>540</tongCong_7><tongCong_8>30</tongCong_8><tongCong_9>20</tongCong_9></TongCong></DSachHSo></Muc_A>
<Muc_B><CTietTaiLieu><ten_TLieu>Bảng kê</ten_TLieu></CTietTaiLieu></Muc_B></PL01_1_KHBS>"""
"""01/KHBS and 01-1/KHBS of a form in đồng, every part of them filled."""

SUPPLEMENT_IN_CURRENCIES = """<PL01_KHBS><Muc_A><Muc_I><Muc_1>
<ChiTiet><ct2_ma>2301</ct2_ma><ct3>700</ct3><ma_DonViTien>VND</ma_DonViTien></ChiTiet>
<ChiTiet><ct2_ma>2301</ct2_ma><ct3>10.50</ct3><ma_DonViTien>USD</ma_DonViTien></ChiTiet>
<ChiTiet><ct2_ma>2302</ct2_ma><ct3>-200</ct3><ma_DonViTien>VND</ma_DonViTien></ChiTiet>
<TongCong10><ct10>500</ct10><ma_DonViTien>VND</ma_DonViTien></TongCong10>
<TongCong10><ct10>10.50</ct10><ma_DonViTien>USD</ma_DonViTien></TongCong10></Muc_1>
<Muc_3><ct3a_1>20/01/2026</ct3a_1><ct3a_2>31</ct3a_2>
<ChiTietSoTienChamNop><ma_DonViTien>VND</ma_DonViTien><ct3b>5</ct3b></ChiTietSoTienChamNop></Muc_3></Muc_I></Muc_A>
</PL01_KHBS><PL01_1_KHBS><Muc_A><DSachHSo><BKeHSo><ten_HSo>01/PH</ten_HSo><CTietHSo>
<ChiTiet><ct3_ma>(7)</ct3_ma><ct04>1000</ct04><ct05>1500</ct05><ct06>500</ct06><ct7>500</ct7><ma_DonViTien>VND</ma_DonViTien></ChiTiet>
<ChiTiet><ct3_ma>(7)</ct3_ma><ct04>800.10</ct04><ct05>810.60</ct05><ct06>10.5</ct06><ct7>10.50</ct7><ma_DonViTien>USD</ma_DonViTien></ChiTiet>
</CTietHSo></BKeHSo><TongCong><TongCong_7><ct7>500</ct7><ma_DonViTien>VND</ma_DonViTien></TongCong_7>
<TongCong_7><ct7>10.50</ct7><ma_DonViTien>USD</ma_DonViTien></TongCong_7></TongCong></DSachHSo></Muc_A></PL01_1_KHBS>"""
"""The same appendices of a fee form: a currency in every line, a total for each."""


def declaration(version: FormVersion, period: Period, body: str, *, appendices: str = "") -> XmlDocument:
    """A declaration by ``version`` with ``body`` as its items: supplementary (B) when ``appendices`` say so, else C."""
    kind, supplement = ("B", 1) if "KHBS" in appendices else ("C", 0)
    return read_xml(
        f"""<HSoThueDTu xmlns="{_NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<HSoKhaiThue id="ID_1"><TTinChung><TTinTKhaiThue><TKhaiThue>
<maTKhai>{version.code}</maTKhai><tenTKhai>{version.title.vi}</tenTKhai><pbanTKhaiXML>{version.number}</pbanTKhaiXML>
<loaiTKhai>{kind}</loaiTKhai><soLan>{supplement}</soLan>
<KyKKhaiThue><kieuKy>{period.kind}</kieuKy><kyKKhai>{period.name}</kyKKhai>
<kyKKhaiTuNgay>{period.first}</kyKKhaiTuNgay><kyKKhaiDenNgay>{period.last}</kyKKhaiDenNgay></KyKKhaiThue>
<maCQTNoiNop>99901</maCQTNoiNop><ngayLapTKhai>20/01/2026</ngayLapTKhai><ngayKy>2026-01-20</ngayKy>
</TKhaiThue><NNT><mst>9900000016</mst><tenNNT>Công ty Thí Dụ</tenNNT></NNT></TTinTKhaiThue></TTinChung>
<CTieuTKhaiChinh>{body}</CTieuTKhaiChinh>
{f"<PLuc>{appendices}</PLuc>" if appendices else ""}
</HSoKhaiThue><CKyDTu/></HSoThueDTu>""".encode()
    )


def changed(document: XmlDocument, *changes: tuple[str, str]) -> XmlDocument:
    """``document`` with each ``old`` text, which must occur, replaced once by ``new``."""
    text = document.data.decode()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return read_xml(text.encode())


def assert_only(version: FormVersion, document: XmlDocument, rule: str, severity: Severity) -> None:
    """Checking ``document`` finds ``rule``, nothing else, and tells it in both languages."""
    findings = version.check(document)
    assert [each.rule for each in findings] == [rule]
    finding = findings[0]
    assert finding.severity == severity
    assert finding.message.vi != finding.message.en
    assert finding.remedy.vi != finding.remedy.en
    assert "NaN" not in finding.message.vi


def found(version: FormVersion, document: XmlDocument) -> list[str]:
    """The rule ids that checking gives, in order."""
    return [finding.rule for finding in version.check(document)]


def computed(version: FormVersion, document: XmlDocument) -> XmlDocument:
    """``document`` with all that follows from other values worked out by the package's compute.xsl."""
    compute = etree.XSLT(etree.parse(version.folder / "compute.xsl"))
    return read_xml(etree.tostring(compute(document.root)))


def with_computed(version: FormVersion, document: XmlDocument, value: str) -> XmlDocument:
    """``document`` with ``value`` in everything that ``version`` marks as computed."""
    root = etree.fromstring(document.data)
    paths = set(computed_paths(version))
    for element in root.iter(etree.Element):
        if len(element) == 0 and _names(element) in paths:
            element.text = value
    return read_xml(etree.tostring(root))


def same(one: XmlDocument, other: XmlDocument) -> bool:
    """Whether two documents say the same, white space between elements aside."""
    return _canonical(one) == _canonical(other)


@dataclass(frozen=True)
class Sample:
    """A right declaration of a form, and by rule what breaks that rule alone.

    ``bodies`` are its items by version, the newest first; ``warnings`` are the numbers of the rules that stop nothing,
    and ``unknown`` is the rule by which older versions say that their bodies are not known. ``appendices`` make a
    supplement of it, ``besides`` are always there. Rules broken in a test of their own are named ``elsewhere``.
    """

    code: str
    period: Period
    bodies: Mapping[str, str]
    broken: Mapping[str, Changes]
    warnings: tuple[str, ...] = ()
    appendices: str = SUPPLEMENT
    besides: str = ""
    unknown: str = ""
    elsewhere: tuple[str, ...] = ()
    library: FormLibrary = LIBRARY

    @property
    def form(self) -> FormVersion:
        """The newest version."""
        return self.version(self.newest)

    @property
    def newest(self) -> str:
        """Its number."""
        return next(iter(self.bodies))

    def version(self, number: str) -> FormVersion:
        """The version ``number``, which must have a package."""
        found = self.library.find(self.code, number)
        assert found is not None
        return found

    def declaration(self, number: str = "", appendices: str = "") -> XmlDocument:
        """The declaration, by the newest version unless ``number`` names another."""
        number = number or self.newest
        return declaration(self.version(number), self.period, self.bodies[number], appendices=appendices + self.besides)

    def supplement(self, number: str = "") -> XmlDocument:
        """The same as a supplement."""
        return self.declaration(number, self.appendices)

    def told(self, number: str) -> list[str]:
        """What checking the declaration by the version ``number`` finds."""
        return [self.unknown] if self.unknown and number != self.newest else []

    def severity(self, rule: str) -> Severity:
        """Whether breaking ``rule`` stops a filing."""
        return Severity.WARNING if rule[-2:] in self.warnings else Severity.ERROR


def rule_ids(version: FormVersion) -> list[str]:
    """The ids of the form's own rules, without those of header and appendices that all forms share."""
    own = [path for path in version.rule_files if path.parent.name != "_common"]
    return [rule for path in own for rule in re.findall(r'<sch:assert id="([^"]+)"', path.read_text(encoding="utf-8"))]


def schema_elements(version: FormVersion) -> Iterator[etree._Element]:
    """Every xs:element of the form's schema and of those that it includes."""
    for root in _schemas(version.folder / "form.xsd"):
        yield from root.iter(f"{_XS}element")


def computed_paths(version: FormVersion) -> Iterator[tuple[str, ...]]:
    """The paths of element names that the schema marks with ``f:computed``."""
    roots = list(_schemas(version.folder / "form.xsd"))
    types = {str(each.get("name")): each for root in roots for each in root.iterfind(f"{_XS}complexType")}
    for root in roots:
        for element in root.iterfind(f"{_XS}element"):
            yield from _computed(element, (), types)


def _computed(
    element: etree._Element, above: tuple[str, ...], types: dict[str, etree._Element]
) -> Iterator[tuple[str, ...]]:
    names = (*above, str(element.get("name")))
    if element.find(f"{_XS}annotation/{_XS}appinfo/{_F}computed") is not None:
        yield names
    inside = types.get(str(element.get("type")), element)
    for child in _children(inside):
        yield from _computed(child, names, types)


def _children(node: etree._Element) -> Iterator[etree._Element]:
    for child in node:
        if child.tag == f"{_XS}element":
            yield child
        elif child.tag in {f"{_XS}complexType", f"{_XS}sequence", f"{_XS}all"}:
            yield from _children(child)


def _schemas(path: Path) -> Iterator[etree._Element]:
    root = etree.parse(path).getroot()
    for include in root.iterfind(f"{_XS}include"):
        yield from _schemas((path.parent / str(include.get("schemaLocation"))).resolve())
    yield root


def _names(element: etree._Element) -> tuple[str, ...]:
    return tuple(etree.QName(each).localname for each in (*reversed(list(element.iterancestors())), element))


def _canonical(document: XmlDocument) -> bytes:
    root = etree.fromstring(document.data, etree.XMLParser(remove_blank_text=True))
    return etree.tostring(root, method="c14n")
