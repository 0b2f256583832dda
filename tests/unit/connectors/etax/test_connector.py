"""The tax office's connector as the core asks it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

import keys
from govgateway.connector import Environment, Receipt, Severity, Text
from govgateway.documents.xml import read_xml
from govgateway.errors import AnswerRefused
from govgateway_etax import connector, shapes
from samples import declaration, fee_form
from signed import signed_declaration
from taxoffice import REGISTRATION, notice, receipt, row, rows_content, unsigned


def rules(*changes: tuple[str, str]) -> list[str]:
    found = connector.recognise(declaration(*changes))
    assert found is not None
    return [each.rule for each in found.findings]


def test_the_example_is_recognised() -> None:
    found = connector.recognise(declaration())
    assert found is not None
    assert (found.agency, found.form, found.version, found.kind, found.sequence) == ("etax", "879", "2.7.5", "C", 0)
    assert (found.filer, found.filer_name, found.period) == ("9900000016", "Sở Xây dựng tỉnh An Hoà", "M 10/2026")
    assert found.title.vi == "01/PH Tờ khai phí"
    assert found.package is not None
    assert found.findings == ()


@pytest.mark.parametrize(
    "other", ["<a/>", "<HSoThueDTu/>", '<TBaoThueDTu xmlns="http://kekhaithue.gdt.gov.vn/TBaoThue"/>']
)
def test_another_document_is_not(other: str) -> None:
    assert connector.recognise(read_xml(other.encode())) is None


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("<maTKhai>879<", "<maTKhai>8790<", "ETAX-C01"),
        ("<pbanTKhaiXML>2.7.5<", "<pbanTKhaiXML>2.7.6<", "ETAX-C02"),
        ("<loaiTKhai>C<", "<loaiTKhai>X<", "ETAX-C03"),
        ("<kieuKy>M<", "<kieuKy>Z<", "ETAX-C04"),
    ],
)
def test_what_the_catalogue_does_not_list_is_an_error(old: str, new: str, rule: str) -> None:
    assert rules((old, new)) == [rule]


def test_a_form_without_rules_is_recognised_with_a_warning() -> None:
    found = connector.recognise(declaration(("<maTKhai>879<", "<maTKhai>859<"), ("2.7.5", "2.8.3")))
    assert found is not None
    assert (found.form, found.package) == ("859", None)
    (finding,) = found.findings
    assert (finding.rule, finding.severity) == ("ETAX-C05", Severity.WARNING)
    assert "859 phiên bản 2.8.3, loại C" in finding.message.vi


def test_a_type_that_the_package_does_not_serve_is_not_checked_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "package_of", lambda header: replace(fee_form(), kinds=("C",)))
    found = connector.recognise(declaration(("<loaiTKhai>C<", "<loaiTKhai>B<"), ("<soLan>0<", "<soLan>1<")))
    assert found is not None
    assert (found.package, found.kind, found.sequence) == (None, "B", 1)
    assert [each.rule for each in found.findings] == ["ETAX-C05"]


def test_a_form_without_rules_must_tell_whose_it_is() -> None:
    other = (("<maTKhai>879<", "<maTKhai>859<"), ("2.7.5", "2.8.3"))
    assert rules(*other, ("<mst>9900000016<", "<mst>99<")) == ["ETAX-C07", "ETAX-C05"]
    assert rules(*other, ("<kieuKy>M<", "<kieuKy>Z<")) == ["ETAX-C04"]


def test_a_warning_of_the_catalogue_does_not_hide_that_the_content_is_unchecked() -> None:
    changes = (("<maTKhai>879<", "<maTKhai>892<"), ("2.7.5", "2.9.4"))
    assert rules(*changes) == ["ETAX-C08", "ETAX-C05"]


def test_a_registration_form_is_recognised() -> None:
    found = connector.recognise(read_xml(REGISTRATION.encode()))
    assert found is not None
    assert (found.form, found.kind, found.period, found.filer) == ("905", "", "", "9900000016")
    assert found.title.vi == "Tờ khai đăng ký thuế"
    assert [each.rule for each in found.findings] == ["ETAX-C05"]


def test_another_encoding_than_utf_8_is_refused() -> None:
    text = declaration().data.decode("utf-8-sig").replace('encoding="UTF-8"', 'encoding="UTF-16"', 1)
    found = connector.recognise(read_xml(text.encode("utf-16")))
    assert found is not None
    assert [each.rule for each in found.findings] == ["ETAX-C06"]
    assert found.findings[0].severity is Severity.ERROR


def test_the_business_key_is_what_the_tax_office_takes_once() -> None:
    found = connector.recognise(declaration(("<loaiTKhai>C<", "<loaiTKhai>B<"), ("<soLan>0<", "<soLan>2<")))
    assert found is not None
    key = connector.business_key(found, Environment.SIMULATOR)
    assert str(key) == "etax|simulator|9900000016|879|M 10/2026|B|2"
    assert connector.business_key(found, Environment.PRODUCTION) != key


def test_the_plan_is_the_forms_own() -> None:
    found = connector.recognise(declaration())
    assert found is not None
    taxpayer, agent = connector.plan(found).slots
    assert (taxpayer.role, taxpayer.required, taxpayer.owner) == ("taxpayer", True, "MST:9900000016")
    assert (agent.role, agent.required, agent.owner) == ("tax-agent", False, "")
    assert taxpayer.profile.name == agent.profile.name == "etax-2026"


def test_a_form_without_a_package_is_signed_by_the_taxpayer() -> None:
    found = connector.recognise(declaration(("<maTKhai>879<", "<maTKhai>859<"), ("2.7.5", "2.8.3")))
    assert found is not None
    (slot,) = connector.plan(found).slots
    assert (slot.role, slot.required, slot.owner) == ("taxpayer", True, "MST:9900000016")
    assert slot.profile.name == "etax-2026"


def test_every_kind_of_document_has_its_profile() -> None:
    profiles = [
        connector.profile_of(each) for each in (declaration(), read_xml(unsigned("843", "")), read_xml(b"<a/>"))
    ]
    assert [each and each.name for each in profiles] == ["etax-2026", "etax-notice-2026", None]


@pytest.mark.parametrize(
    ("kind", "period", "name"),
    [
        ("M", "10/2026", "9900000016-01_PH_TT80-M102026-L00.xml"),
        ("Q", "4/2026", "9900000016-01_PH_TT80-Q42026-L00.xml"),
        ("Y", "2026", "9900000016-01_PH_TT80-Y2026-L00.xml"),
        ("D", "16/11/2026", "9900000016-01_PH_TT80-D16112026-L00.xml"),
        ("K", "", "9900000016-01_PH_TT80-K0110202631102026-L00.xml"),
    ],
)
def test_the_exported_file_bears_the_period(kind: str, period: str, name: str) -> None:
    found = connector.recognise(
        declaration(("<kieuKy>M<", f"<kieuKy>{kind}<"), ("<kyKKhai>10/2026<", f"<kyKKhai>{period}<"))
    )
    assert found is not None
    assert connector.export_name(found, keys.NOW) == name


def test_a_registration_form_is_exported_without_a_period() -> None:
    text = REGISTRATION.replace(">905<", ">1135<").replace(">1.0.1<", ">2.8.3<")
    found = connector.recognise(read_xml(text.encode()))
    assert found is not None
    assert connector.export_name(found, keys.NOW) == "9900000016-05_DK_TH_TCT_TT86-L00.xml"


def test_polling_begins_at_once_and_grows_patient() -> None:
    waits = connector.capabilities.polling
    assert waits == tuple(timedelta(seconds=each) for each in (2, 10, 30, 120, 600, 1800))
    assert not connector.capabilities.payment
    assert connector.capabilities.can_find


def test_a_message_is_verified_and_read() -> None:
    found = connector.read_message(notice("843", "<trangThai>Y</trangThai>"), keys.trust(), keys.NOW)
    assert (found.code, found.signer) == ("843", "CƠ QUAN THUẾ MÔ PHỎNG")
    with pytest.raises(AnswerRefused):
        connector.read_message(unsigned("843", "<trangThai>Y</trangThai>"), keys.trust(), keys.NOW)


SUBJECT = (
    "<trangThai>Y</trangThai><HoSoThue><CTietHoSoThue><tokhai-phuluc>Tờ khai phí (01/PH)</tokhai-phuluc>"
    "<loaiToKhai>Chính thức</loaiToKhai><kyTinhThue>10/2026</kyTinhThue><lanNop>1</lanNop></CTietHoSoThue></HoSoThue>"
    "<maGiaoDichDTu>10820260000000001</maGiaoDichDTu>"
)
DOCUMENT = signed_declaration()


def test_a_notice_matches_by_what_it_prints() -> None:
    assert connector.matches(receipt("843", SUBJECT), DOCUMENT, ())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("10/2026", "09/2026"),
        ("10/2026", ""),
        ("Chính thức", "Bổ sung"),
        ("Chính thức", ""),
        ("Tờ khai phí (01/PH)", "Tờ khai phí, lệ phí (01/PHLP)"),
        ("Tờ khai phí (01/PH)", ""),
    ],
)
def test_a_notice_about_another_filing_does_not(old: str, new: str) -> None:
    assert old in SUBJECT
    assert not connector.matches(receipt("843", SUBJECT.replace(old, new)), DOCUMENT, ())


def test_one_of_several_printed_forms_is_enough() -> None:
    annex = "<CTietHoSoThue><tokhai-phuluc>PL 01</tokhai-phuluc></CTietHoSoThue>"
    found = receipt("843", SUBJECT.replace("<HoSoThue>", f"<HoSoThue>{annex}"))
    assert len(found.subjects) == 2
    assert connector.matches(found, DOCUMENT, ())


def test_a_reference_that_both_know_matches_whatever_is_printed() -> None:
    bare = receipt("844", "<trangThai>Y</trangThai><maGiaoDichDTu>10820260000000001</maGiaoDichDTu>")
    assert connector.matches(bare, DOCUMENT, ("x", "10820260000000001"))
    assert not connector.matches(bare, DOCUMENT, ("x",))
    assert not connector.matches(bare, DOCUMENT, ())


def test_another_filers_notice_never_matches() -> None:
    others = receipt("843", SUBJECT, to="9900000023")
    assert not connector.matches(others, DOCUMENT, ())
    assert not connector.matches(others, DOCUMENT, ("10820260000000001",))


def test_a_result_matches_by_its_row_not_by_whom_it_was_sent_to() -> None:
    """A T-VAN's result goes to the T-VAN; the row says whose filing it is."""
    ours = receipt("211", rows_content(row()), to="9900000055")
    assert connector.matches(ours, DOCUMENT, ())
    assert not connector.matches(receipt("211", rows_content(row(tinCTietGDich="9900000023"))), DOCUMENT, ())
    assert not connector.matches(receipt("211", rows_content(row(maHSo="842", tenHSo=""))), DOCUMENT, ())


def test_a_list_of_results_matches_nothing() -> None:
    found = receipt("211", rows_content(row(), row("00010-0002-16112026110000123-42002", maHSo="842")))
    assert (found.leads_to, found.references, found.subjects) == (None, (), ())
    assert not connector.matches(found, DOCUMENT, ("00010-0002-16112026100000123-42001",))


def test_an_empty_receipt_matches_nothing() -> None:
    nothing = Receipt(code="999", title=Text("", ""), leads_to=None, references=())
    assert not connector.matches(nothing, DOCUMENT, ("",))
    assert not connector.matches(replace(nothing, references=("x",)), DOCUMENT, ("y",))
