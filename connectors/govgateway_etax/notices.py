"""The tax office's notices (TBaoThueDTu): whose they are, and which kinds there are.

What a notice is called and what it proves is data (schemas/etax/notices.toml). Its content is read in receipts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from govgateway import AnswerRefused
from govgateway.connector import SignatureProfile, Status, Text, TrustStore, read_xml, verify
from govgateway_etax.catalogue import FOLDER

NAMESPACE = "http://kekhaithue.gdt.gov.vn/TBaoThue"
ROOT = f"{{{NAMESPACE}}}TBaoThueDTu"
LONGEST_REFERENCE = 255


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """One kind of notice: its title, where its answer stands, what each answer proves."""

    title: Text
    answer_element: str
    answers: Mapping[str, Status]


def read_kinds(toml: str) -> Mapping[str, NoticeKind]:
    """The kinds of notice in ``toml``, one table per maTBao."""
    return {
        code: NoticeKind(
            title=Text(**table["title"]),
            answer_element=table["answer_element"],
            answers={value: Status(status) for value, status in table["answers"].items()},
        )
        for code, table in tomllib.loads(toml).items()
    }


@cache
def notice_kinds() -> Mapping[str, NoticeKind]:
    """The kinds of notice that are known, by maTBao."""
    return read_kinds((FOLDER / "notices.toml").read_text(encoding="utf-8"))


@cache
def offices() -> tuple[str, ...]:
    """What certificates of the tax office, real or simulated, name it (offices.toml)."""
    return tuple(tomllib.loads((FOLDER / "offices.toml").read_text(encoding="utf-8"))["notice_signers"])


def is_office(identifiers: Iterable[str]) -> bool:
    """Whether a certificate that names ``identifiers`` is the tax office's."""
    return not set(offices()).isdisjoint(identifiers)


def is_reference(text: str) -> bool:
    """Whether ``text`` can be what the tax office calls a transaction or a notice: printable, one line, not endless."""
    return 0 < len(text) <= LONGEST_REFERENCE and text.isprintable()


def opened(data: bytes, profile: SignatureProfile, trust: TrustStore, at: datetime) -> tuple[bytes, str]:
    """What the tax office signed in the notice ``data`` (canonical bytes), and the name of the signer.

    Raises AnswerRefused unless every signature is intact and well placed and one is the tax office's own, trusted;
    UnreadableDocument when it is no XML.
    """
    document = read_xml(data)
    if document.root.tag != ROOT:
        raise refused("không phải thông báo của cơ quan thuế", "it is no notice of the tax office")
    verification = verify(document, profile, trust, at)
    for each in verification.signatures:
        if not (each.intact and each.well_placed):
            raise refused(f"chữ ký không hợp lệ ({each.reason.vi})", f"a signature is broken ({each.reason.en})")
    offices = [each for each in verification.signatures if is_office(each.identifiers)]
    signed = [each for each in offices if each.trusted]
    if not signed or verification.content is None:
        others = ", ".join(each.signer for each in verification.signatures)
        raise _not_the_office(offices[0].trust_reason if offices else None, others)
    return verification.content, signed[0].signer


def _not_the_office(distrust: Text | None, others: str) -> AnswerRefused:
    """Why a notice is not the tax office's: its certificate is not trusted, or ``others`` signed, or nobody did."""
    why = distrust or (Text(f"người ký: {others}", f"signed by {others}") if others else Text("chưa ký", "not signed"))
    return refused(f"không do cơ quan thuế ký ({why.vi})", f"it is not signed by the tax office ({why.en})")


def refused(vi: str, en: str) -> AnswerRefused:
    """The error for a notice that is not believed."""
    return AnswerRefused(
        Text(f"Không chấp nhận tệp trả lời: {vi}.", f"The answer is refused: {en}."),
        Text(
            "Tải lại thông báo từ cổng thuế; nếu vẫn vậy, liên hệ cơ quan thuế.",
            "Download the notice from the portal again; if it stays so, ask the tax office.",
        ),
    )
