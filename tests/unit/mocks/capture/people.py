"""Invented persons and organisations that nobody may find in a scrubbed capture, and how somebody would look."""

from __future__ import annotations

import base64
import gzip
import html
import json
import re
import unicodedata
from urllib.parse import quote, unquote_to_bytes

TAX_CODE, BRANCH, SUPPLIER = "0109998883", "0109998883-003", "0312345673"
COMPANY, SIGNATORY, AGENT = "Công ty TNHH Hoa Ban Trắng", "Quách Thị Mộng Điệp", "Đại lý thuế Bằng Lăng Tím"
CLERK, DIRECTOR, DRIVER = "Nguyễn Hữu Phước Lành", "Trương Đình Quốc Bảo", "Lò Văn Ếch"
STREET, WARD, PROVINCE = "Số 47 ngõ Bàng Lá Đỏ", "Phường Suối Mơ", "Tỉnh Rừng Thông"
EMAIL, OTHER_EMAIL = "ketoan@hoabantrang.vn", "quach.diep@hoabantrang.vn"
PHONE, MOBILE, WRITTEN_PHONE = "02438887766", "0987123456", "+84 (0)912 345 678"
CITIZEN, OLD_IDENTITY, PASSPORT = "001188009977", "168345677", "B7654321"
ACCOUNT = "19034567890123"
PASSWORD, USERNAME, TOKEN, COOKIE = "mat-khau-that-0!", "hoaban-tvan", "tok-5f0e9d8c7b6a", "phien=9f8e7d6c5b4a"
KEY = "ski-7d6c5b4a3f2e"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJob2FiYW4ifQ.c2lnbmF0dXJl"
SUBJECT = "UID=MST:0109998883,CN=CÔNG TY TNHH HOA BAN TRẮNG"
CERTIFICATE = base64.b64encode(b"\x30\x82" + SUBJECT.encode() * 4).decode()

ALL = (
    TAX_CODE, SUPPLIER, COMPANY, SIGNATORY, AGENT, CLERK, DIRECTOR, DRIVER, STREET, WARD, PROVINCE, EMAIL, OTHER_EMAIL,
    PHONE, MOBILE, WRITTEN_PHONE, CITIZEN, OLD_IDENTITY, PASSPORT, ACCOUNT, PASSWORD, USERNAME, TOKEN, COOKIE, KEY, JWT,
    SUBJECT, CERTIFICATE,
)  # fmt: skip

DECLARATION = f"""<HSoThueDTu xmlns="http://kekhaithue.gdt.gov.vn/TKhaiThue"><!-- soạn bởi {CLERK} -->
<HSoKhaiThue id="NODETOSIGN" nguoiLap="{CLERK}"><TTinChung><TTinDVu><maDVu>HTKK</maDVu></TTinDVu><TTinTKhaiThue>
<TKhaiThue><maTKhai>879</maTKhai><tenTKhai>Tờ khai phí (01/PH)</tenTKhai><ngayKy>2026-11-16</ngayKy>
<GiaHan><lyDoGiaHan>{DRIVER} bị tai nạn</lyDoGiaHan></GiaHan><nguoiKy>{SIGNATORY}</nguoiKy></TKhaiThue>
<NNT><mst>{TAX_CODE}</mst><tenNNT>{COMPANY}</tenNNT><dchiNNT>{STREET}</dchiNNT><phuongXa>{WARD}</phuongXa>
<tenTinhNNT>{PROVINCE}</tenTinhNNT><dthoaiNNT>{PHONE}</dthoaiNNT><emailNNT>{EMAIL}</emailNNT></NNT>
<DLyThue><tenDLyThue>{AGENT}</tenDLyThue><mstDLyThue>{BRANCH}</mstDLyThue><NVienDLy><cchiHNghe>{OLD_IDENTITY}</cchiHNghe></NVienDLy></DLyThue></TTinTKhaiThue></TTinChung>
<CTieuTKhaiChinh><soTienPHThuDuoc>1283340006</soTienPHThuDuoc>
<ghiChuLa>liên hệ {DIRECTOR}, CCCD {CITIZEN}, CMND số {OLD_IDENTITY}, hộ chiếu {PASSPORT}, {WRITTEN_PHONE}</ghiChuLa>
<hoTenLa>{DIRECTOR}</hoTenLa><stk>{ACCOUNT}</stk><STK_THU>{ACCOUNT}</STK_THU><dienThoaiLa>{MOBILE}</dienThoaiLa>
</CTieuTKhaiChinh></HSoKhaiThue><CKyDTu><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo>
<Reference URI="#NODETOSIGN"><DigestValue>q83vEjRWeJA=</DigestValue></Reference></SignedInfo>
<SignatureValue>{CERTIFICATE}</SignatureValue><KeyInfo><X509Data><X509SubjectName>{SUBJECT}</X509SubjectName>
<X509Certificate>{CERTIFICATE}</X509Certificate></X509Data></KeyInfo></Signature></CKyDTu></HSoThueDTu>"""

NOTICE = f"""<TBaoThueDTu xmlns="http://kekhaithue.gdt.gov.vn/TBaoThue"><TBaoThue id="NODETOSIGN"><TTinChung>
<NNhanTBaoThue><maNNhan>{TAX_CODE}</maNNhan><tenNNhan>{COMPANY.upper()}</tenNNhan></NNhanTBaoThue></TTinChung>
<NDungTBao><tenLoi>Người ký {DIRECTOR} của {COMPANY} (MST {TAX_CODE}, {OTHER_EMAIL}) không khớp; gọi {MOBILE}.</tenLoi>
<huongDanXuLy>Kính gửi ông {CLERK}, {STREET}, {WARD}: bên bán {SUPPLIER}</huongDanXuLy></NDungTBao></TBaoThue>
</TBaoThueDTu>"""

WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
ENVELOPE = f"""<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Header><w:Security xmlns:w="{WSSE}">
<w:UsernameToken><w:Username>{USERNAME}</w:Username><w:Password>{PASSWORD}</w:Password><w:Nonce>{TOKEN}</w:Nonce>
</w:UsernameToken><w:KeyIdentifier>{KEY}</w:KeyIdentifier></w:Security></S:Header><S:Body><n:nhanHSoXML xmlns:n="http://nhanhsothue.van.gdt.gov.vn/">
<n:tIN>{TAX_CODE}</n:tIN><n:dlieuHSo>cid:khai-{TAX_CODE}.xml</n:dlieuHSo></n:nhanHSoXML></S:Body></S:Envelope>"""


def related(document: bytes, encoding: str = "binary") -> bytes:
    """A multipart body of the envelope and ``document``, whose ids and file name tell of the company, too."""
    return (
        f"--{TAX_CODE}\r\nContent-Type: text/xml; charset=utf-8\r\nContent-ID: <root@{TAX_CODE}>\r\n\r\n{ENVELOPE}"
        f"\r\n--{TAX_CODE}\r\nContent-Type: text/xml; name={TAX_CODE}.xml\r\nContent-Transfer-Encoding: {encoding}\r\n"
        f"Content-Disposition: attachment; filename={TAX_CODE}.xml\r\nContent-ID: <khai-{TAX_CODE}.xml>\r\n\r\n"
    ).encode() + document + f"\r\n--{TAX_CODE}--\r\n".encode()  # fmt: skip


RELATED = f'Multipart/Related; boundary="{TAX_CODE}"; type="text/xml"; start="<root@{TAX_CODE}>"'
JSON = json.dumps(
    {
        "hoTen": DIRECTOR,
        "mst": TAX_CODE,
        "access_token": TOKEN,
        "xml": NOTICE,
        "tep": base64.b64encode(NOTICE.encode()).decode(),
    }
)
FORM = f"username={USERNAME}&password={quote(PASSWORD)}&nguoi={quote(DIRECTOR)}&mst={TAX_CODE}"
PAGE = (
    f"<!DOCTYPE html><html><body>Xin chào bà {SIGNATORY} ({html.escape(COMPANY)})<br>{EMAIL} · {MOBILE}</body></html>"
)
BODIES: dict[str, tuple[str, bytes]] = {
    "with an attachment": (RELATED, related(DECLARATION.encode())),
    "with an attachment in base64": (RELATED, related(base64.encodebytes(DECLARATION.encode()), "base64")),
    "with an attachment in UTF-16": (RELATED, related(DECLARATION.encode("utf-16"))),
    "with other accents": ("text/xml", unicodedata.normalize("NFD", NOTICE).encode()),
    "with a document as a text": ("text/xml", f"<a><b>{html.escape(DECLARATION)}</b></a>".encode()),
    "with a document in base64": (
        "text/xml", b"<a><return>" + base64.b64encode(DECLARATION.encode()) + b"</return></a>"
    ),
    "with a document, URL-encoded": ("text/xml", f"<a><return>{quote(NOTICE)}</return></a>".encode()),
    "as JSON": ("application/json", JSON.encode()),
    "as a form": ("application/x-www-form-urlencoded", FORM.encode()),
    "as a page": ("text/html; charset=utf-8", PAGE.encode()),
    "as a page with references": ("text/html", PAGE.encode("ascii", "xmlcharrefreplace")),
    "as a text": ("text/plain", f"{COMPANY}\nMST: {TAX_CODE}\nông {CLERK}\n{JWT}".encode()),
    "that is broken": ("text/xml", DECLARATION.encode()[:-30]),
    "of an unknown kind": ("application/octet-stream", b"\x00" + DECLARATION.encode()),
    "of a broken multipart": (RELATED, related(DECLARATION.encode())[:-20]),
}  # fmt: skip


def found_in(data: bytes) -> set[str]:
    """Which of them somebody finds who looks into everything that can be decoded."""
    texts = list(_texts(data))
    return {each for each in ALL for text in texts if _plain(each) in text}


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _texts(data: bytes, depth: int = 3) -> list[str]:
    """``data`` as texts: in each encoding, and what is in it in base64, URL-encoded or escaped."""
    found = [_plain(data.decode(encoding, "ignore")) for encoding in ("utf-8", "utf-16-le", "utf-16-be", "cp1258")]
    found += [_plain(html.unescape(html.unescape(data.decode("utf-8", "ignore"))))]
    found += [_plain(unquote_to_bytes(data).decode("utf-8", "ignore"))]
    if depth:
        for run in re.findall(rb"[A-Za-z0-9+/\r\n]{12,}={0,2}", data):
            packed = b"".join(run.split())
            for start in range(4):
                inner = base64.b64decode(packed[start : start + (len(packed) - start) // 4 * 4], validate=False)
                found += _texts(inner, depth - 1) if len(inner) < len(data) else []
    return found


def packed(data: bytes) -> bytes:
    return gzip.compress(data)
