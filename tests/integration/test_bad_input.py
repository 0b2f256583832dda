"""Bad input, one thing wrong at a time, typed as a person types it: what is said, and that nothing was lost or sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

import simulated
from govgateway_mocks.etax.office import TaxOffice
from govgateway_mocks.etax.registry import PASSWORD, TAXPAYERS
from govgateway_mocks.etax.simulator import SimulatedTaxOffice
from govgateway_mocks.server import RunningSimulator
from rawserver import Peer, RawServer
from samples import EXAMPLE
from unit.cli import conftest as desk
from unit.cli.command_line import CommandLine, Ended, key_file

govgateway, key, office = desk.govgateway, desk.key, desk.office

BOMB = '<!ENTITY b0 "bbbbbbbbbb">' + "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 12))
LOST, SENT = [], [1]


def changed(old: str, new: str) -> bytes:
    assert old.encode() in EXAMPLE.read_bytes()
    return EXAMPLE.read_bytes().replace(old.encode(), new.encode(), 1)


@dataclass(frozen=True)
class Bad:
    """A file that is wrong, the error or rule that it is told by, and words that say what and where."""

    data: bytes
    code: str
    words: tuple[str, ...]


FILES = {
    "not XML": Bad(b"%PDF-1.7 \xe2\xe3\xcf\xd3", "GG-100", ("không phải XML", "dòng 1", "bad.xml")),
    "empty": Bad(b"", "GG-100", ("tệp rỗng", "bad.xml")),
    "cut": Bad(EXAMPLE.read_bytes()[:-200], "GG-100", ("tệp bị cắt", "dòng 9")),
    "DTD": Bad(changed("<HSoThueDTu ", "<!DOCTYPE HSoThueDTu><HSoThueDTu "), "GG-100", ("DTD",)),
    "entity bomb": Bad(
        changed("<HSoThueDTu ", f"<!DOCTYPE HSoThueDTu [{BOMB}]><HSoThueDTu ").replace(b"<tyLe>10<", b"<tyLe>&b11;<"),
        "GG-100",
        ("DTD",),
    ),
    "wrong root": Bad(b"<HoaDon><a/></HoaDon>", "GG-101", ("<HoaDon>",)),
    "unknown code": Bad(changed("<maTKhai>879<", "<maTKhai>8790<"), "ETAX-C01", ('"8790"', "Mã tờ khai")),
    "unknown version": Bad(
        changed("<pbanTKhaiXML>2.7.5<", "<pbanTKhaiXML>9.9.9<"), "ETAX-C02", ('"9.9.9"', "2.5.1, 2.7.5")
    ),
    "wrong arithmetic": Bad(
        changed("<soTienPHPhaiNop>850.10<", "<soTienPHPhaiNop>851.10<"),
        "ETAX-879-R01",
        ("(7) là 851,1, nhưng (4) − (6) = 850,1", "mục 3", "dòng 80"),
    ),
    "wrong total of a currency": Bad(
        changed("<tongCong>122043050<", "<tongCong>122043051<"),
        "ETAX-879-R06",
        ("Tổng cộng VND ghi 122.043.051, nhưng các dòng cộng lại là 122.043.050", "dòng 86"),
    ),
    "bad tax code": Bad(
        changed("<mst>9900000016<", "<mst>9900000017<"), "ETAX-H01", ("Mã số thuế 9900000017", "dòng 39")
    ),
    "comment inside an amount": Bad(
        changed("<tyLe>10<", "<tyLe>1<!-- -->0<"), "SCHEMA-HIDDEN", ("chú thích", "mục 1", "dòng 60")
    ),
}


def _said(ended: Ended, code: str, *words: str) -> None:
    """A refusal that a person understands: exit code 1, ``code``, every one of ``words``, no traceback."""
    told = ended.out + ended.err
    assert ended.code == 1, told
    for word in (code, *words):
        assert word in told
    assert "Traceback" not in told


def _filings(govgateway: CommandLine) -> list[str]:
    return [each["status"] for each in govgateway("status", "--json").json["filings"]]


def _arrived(office: SimulatedTaxOffice) -> list[int]:
    return sorted(office.agency.arrivals.values())


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_told_by_check(govgateway: CommandLine, name: str) -> None:
    bad, path = FILES[name], govgateway.folder / "bad.xml"
    path.write_bytes(bad.data)
    _said(govgateway("check", path), bad.code, *bad.words)
    english = govgateway("check", path, "--lang", "en")
    assert bad.code in english.out + english.err


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_neither_signed_nor_sent(
    govgateway: CommandLine, office: SimulatedTaxOffice, key: Path, name: str
) -> None:
    bad, path = FILES[name], govgateway.folder / "bad.xml"
    path.write_bytes(bad.data)
    _said(govgateway("sign", path, "--key", key), bad.code)
    _said(govgateway("submit", path, "--key", key), bad.code)
    assert not path.with_name("bad-signed.xml").exists()
    assert path.read_bytes() == bad.data
    assert (_filings(govgateway), _arrived(office)) == ([], LOST)


@pytest.mark.parametrize("command", ["check", "sign", "submit", "verify", "import-answer"])
def test_a_file_of_100_mb(govgateway: CommandLine, office: SimulatedTaxOffice, key: Path, command: str) -> None:
    path = govgateway.folder / "huge.xml"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    options = ("--key", key) if command in {"sign", "submit"} else ()
    _said(govgateway(command, path, *options), "GG-100", "100 MB", "32 MB", "huge.xml")
    assert _filings(govgateway) == []


def _cut(path: Path, folder: Path) -> Path:
    cut = folder / "cut.p12"
    cut.write_bytes(path.read_bytes()[:-300])
    return cut


KEYS: dict[str, tuple[Callable[[Path], Path], str, str, tuple[str, ...]]] = {
    "wrong password": (lambda _: key_file(), "bí mật sai", "GG-200", ("mật khẩu sai", f"{simulated.DEPARTMENT}.p12")),
    "truncated .p12": (lambda folder: _cut(key_file(), folder), PASSWORD, "GG-200", ("bị cắt", "cut.p12")),
    "expired certificate": (
        lambda _: simulated.pki().taxpayer(simulated.DEPARTMENT, TAXPAYERS[simulated.DEPARTMENT].name, expired=True),
        PASSWORD,
        "GG-201",
        ("đã hết hạn ngày 15/11/2026", "Sở Xây dựng tỉnh An Hoà"),
    ),
    "another taxpayer's certificate": (
        lambda _: key_file(simulated.OTHER),
        PASSWORD,
        "GG-201",
        ("MST:9900000023", "không phải của MST:9900000016"),
    ),
}


@pytest.mark.parametrize("name", KEYS)
def test_a_bad_key_signs_nothing(
    govgateway: CommandLine, office: SimulatedTaxOffice, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    make, password, code, words = KEYS[name]
    monkeypatch.setenv("GOVGATEWAY_KEY_PASSWORD", password)
    path, bad_key = govgateway.declaration(), make(govgateway.folder)
    for command in ("sign", "submit"):
        ended = govgateway(command, path, "--key", bad_key)
        _said(ended, code, *words)
        assert "bí mật sai" not in ended.out + ended.err
    assert not path.with_name("01PH-signed.xml").exists()
    assert (_filings(govgateway), _arrived(office)) == ([], LOST)


def test_what_was_tampered_with_after_signing(govgateway: CommandLine, office: SimulatedTaxOffice, key: Path) -> None:
    govgateway("sign", govgateway.declaration(), "--key", key)
    signed = govgateway.folder / "01PH-signed.xml"
    assert govgateway("verify", signed, "--trust", office.pki.trust).code == 0
    signed.write_bytes(signed.read_bytes().replace("Trần Thị Mẫu".encode(), "Lê Văn Mẫu".encode()))
    assert govgateway("check", signed).code == 0, "only the signature is wrong"
    _said(govgateway("verify", signed, "--trust", office.pki.trust), "KHÔNG HỢP LỆ", "đã bị sửa sau khi ký")
    _said(govgateway("submit", signed, "--key", key), "GG-202", "đã bị sửa sau khi ký")
    assert (_filings(govgateway), _arrived(office)) == ([], LOST)


def test_a_period_that_was_filed_with_other_figures(
    govgateway: CommandLine, office: SimulatedTaxOffice, key: Path
) -> None:
    assert govgateway("submit", govgateway.declaration(), "--key", key, "--wait").code == 0
    other = govgateway.declaration("other.xml", ("<nguoiKy>Trần Thị Mẫu<", "<nguoiKy>Lê Văn Mẫu<"))
    _said(govgateway("submit", other, "--key", key), "GG-400", "Người ký: Trần Thị Mẫu → Lê Văn Mẫu")
    assert (_filings(govgateway), _arrived(office)) == (["ACCEPTED"], SENT)


def test_a_period_that_the_tax_office_has_already(
    govgateway: CommandLine, office: SimulatedTaxOffice, key: Path
) -> None:
    office.agency.take(simulated.filed())
    ended = govgateway("submit", govgateway.declaration(), "--key", key, "--wait")
    _said(ended, "REJECTED", "đã nộp tờ khai chính thức của kỳ tính thuế này")
    assert _filings(govgateway) == ["REJECTED"]


def test_a_simulator_that_is_down_gets_it_once_it_is_up(
    govgateway: CommandLine, office: SimulatedTaxOffice, key: Path
) -> None:
    office.stop()
    ended = govgateway("submit", govgateway.declaration(), "--key", key)
    assert ended.code == 4
    assert "chưa gửi được, sẽ gửi lại" in ended.out
    assert "Traceback" not in ended.out + ended.err
    assert (_filings(govgateway), _arrived(office)) == (["READY"], LOST)
    port = int(office.address.rpartition(":")[2])
    govgateway.clock.move(minutes=10)
    with RunningSimulator(office.agency, "127.0.0.1", port):
        assert govgateway("worker", "--until-idle").code == 0
        (filing,) = govgateway("status", "--json").json["filings"]
        assert govgateway("status", filing["id"], "--wait").code == 0
    assert (_filings(govgateway), _arrived(office)) == (["ACCEPTED"], SENT)


def _http(body: bytes, content_type: str = "text/xml; charset=utf-8", *, missing: int = 0) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {len(body) + missing}\r\n\r\n"
    return head.encode() + body


def _soap(operation: str) -> bytes:
    return (
        '<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>'
        f'<n:{operation}Response xmlns:n="http://nhanhsothue.van.gdt.gov.vn/">'
        f"<n:return>00010-0002-16112026100000000-42001</n:return></n:{operation}Response></S:Body></S:Envelope>"
    ).encode()


ANSWERS = {
    "HTML": _http(b"<html><body>Xin cho</body></html>", "text/html"),
    "short": _http(_soap("nhanHSoXML")[:-40]),
    "cut on the wire": _http(_soap("nhanHSoXML")[:-40], missing=40),
    "a multipart without its end": _http(
        b"--b\r\nContent-Type: text/xml\r\n\r\n" + _soap("nhanHSoXML"), 'multipart/related; boundary="b"'
    ),
    "of another operation": _http(_soap("nhanToKhaiThue")),
    "empty": _http(b""),
}


def _answering(answer: bytes) -> Callable[[Peer], None]:
    def play(peer: Peer) -> None:
        peer.receive_request()
        peer.send(answer)
        peer.fin()

    return play


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_that_proves_nothing_leaves_the_filing_in_doubt_and_is_asked_about(
    govgateway: CommandLine, office: SimulatedTaxOffice, key: Path, name: str
) -> None:
    settings = govgateway.settings.read_text(encoding="utf-8")
    with RawServer(_answering(ANSWERS[name])) as strange:
        elsewhere = settings.replace(office.service_address, f"http://{strange.authority}/ihtkk_van")
        govgateway.settings.write_text(elsewhere, encoding="utf-8")
        ended = govgateway("submit", govgateway.declaration(), "--key", key)
        assert ended.code == 4, ended
        assert "IN_DOUBT (" in ended.out
        assert "Traceback" not in ended.out + ended.err
        govgateway.clock.move(hours=2)
        assert govgateway("worker", "--until-idle").code == 0
        assert _filings(govgateway) == ["IN_DOUBT"]
        sent = [each for each in strange.streams if b"nhanHSoXML>" in each or b":nhanHSoXML " in each]
        assert len(sent) == 1, "it is asked about, and not sent again"
    govgateway.settings.write_text(settings, encoding="utf-8")
    (filing,) = govgateway("status", "--json").json["filings"]
    assert govgateway("status", filing["id"], "--wait", "--timeout", "36000").code == 0
    assert (_filings(govgateway), _arrived(office)) == (["ACCEPTED"], SENT), "absent, twice: then it is sent again"


@pytest.fixture
def stranger(govgateway: CommandLine, office: SimulatedTaxOffice) -> Iterator[SimulatedTaxOffice]:
    """Somebody who plays the tax office with keys of his own; the settings lead to him, and trust the true one."""
    playing = TaxOffice(simulated.strange_pki(), govgateway.clock, timedelta(0), timedelta(0))
    with RunningSimulator(playing, "127.0.0.1", 0) as running:
        settings = govgateway.settings.read_text(encoding="utf-8")
        elsewhere = settings.replace(office.service_address, running.service_address)
        govgateway.settings.write_text(elsewhere, encoding="utf-8")
        yield running


def test_notices_signed_by_a_stranger_decide_nothing(
    govgateway: CommandLine, stranger: SimulatedTaxOffice, key: Path
) -> None:
    ended = govgateway("submit", govgateway.declaration(), "--key", key, "--wait", "--timeout", "60")
    assert "không do cơ quan thuế ký" in ended.out
    assert "SUBMITTED" in ended.out
    assert "Traceback" not in ended.out + ended.err
    assert (_filings(govgateway), _arrived(stranger)) == (["SUBMITTED"], SENT)


def _notice(playing: TaxOffice, folder: Path, signed: bytes) -> Path:
    code = playing.take(signed)
    path = folder / "notice.xml"
    path.write_bytes(next(each.data for each in playing.notices() if each.transaction == code))
    return path


def test_a_notice_that_a_stranger_signed_is_not_taken_in(
    govgateway: CommandLine, office: SimulatedTaxOffice, key: Path
) -> None:
    filing = govgateway("submit", govgateway.declaration(), "--key", key, "--hold", "--json").json["filing"]["id"]
    exported = Path(govgateway("export", filing, "--json").json["file"])
    playing = TaxOffice(simulated.strange_pki(), govgateway.clock, timedelta(0), timedelta(0))
    path = _notice(playing, govgateway.folder, exported.read_bytes())
    _said(govgateway("import-answer", path), "GG-301", "không do cơ quan thuế ký")
    assert _filings(govgateway) == ["HANDED_OVER"]


def test_a_notice_that_was_altered_is_not_taken_in(
    govgateway: CommandLine, office: SimulatedTaxOffice, key: Path
) -> None:
    filing = govgateway("submit", govgateway.declaration(), "--key", key, "--hold", "--json").json["filing"]["id"]
    exported = Path(govgateway("export", filing, "--json").json["file"])
    path = _notice(office.agency, govgateway.folder, exported.read_bytes())
    true = path.read_bytes()
    path.write_bytes(true.replace(b"<trangThai>Y<", b"<trangThai>N<"))
    assert path.read_bytes() != true
    _said(govgateway("import-answer", path), "GG-301", "đã bị sửa sau khi ký")
    assert _filings(govgateway) == ["HANDED_OVER"]
    path.write_bytes(true)
    assert govgateway("import-answer", path).code == 0
