"""Commands about documents alone: check, sign, verify. They need no ledger and no agency."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govgateway.cli import session
from govgateway.cli.checking import check_files
from govgateway.cli.options import AsJson, Document, KeyFile, Language, PasswordFromStdin
from govgateway.cli.output import print_json
from govgateway.cli.passwords import signer_of
from govgateway.cli.signing_by_profile import countersigned, slot_by_profile
from govgateway.connector import connectors
from govgateway.documents.xml import read_xml_file
from govgateway.errors import Text, UsageError
from govgateway.pipeline.files import write_file
from govgateway.pipeline.intake import ensure_sound, examine, sign_for, slot_for, verify_document

if TYPE_CHECKING:
    from govgateway.documents.xml import XmlDocument
    from govgateway.signing.profile import SignatureSlot

app = typer.Typer()

Profile = Annotated[
    str | None, typer.Option("--profile", help="Mẫu chữ ký cho tài liệu khác · Signature profile of other documents")
]
Documents = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Tệp XML · XML files")]


@app.command()
def check(files: Documents, lang: Language = None, json: AsJson = False) -> int:
    """Kiểm tra tài liệu theo mẫu · Check documents against their forms.

    Mã thoát · Exit code: 0 không có lỗi · no errors; 1 có lỗi · errors; 2 không có tệp · no such file.
    """
    return check_files(files, lang, json)


@app.command()
def sign(
    file: Document,
    key: KeyFile = None,
    role: Annotated[str, typer.Option("--role", help="Vai trò ký · Signatory: taxpayer, tax-agent…")] = "taxpayer",
    profile: Profile = None,
    countersign: Annotated[
        int | None, typer.Option("--countersign", help="Xác nhận chữ ký số N · Confirm signature number N")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Tệp kết quả · Signed file")] = None,
    password_stdin: PasswordFromStdin = False,
    lang: Language = None,
) -> int:
    """Ký một tài liệu · Sign a document.

    Tệp gốc giữ nguyên; chữ ký được thêm vào bản sao · The file stays as it is; a signed copy is written.
    """
    configuration = session.settings(lang)
    document = read_xml_file(file)
    if profile is None and countersign is None:
        slot, filer = _slot_by_form(document, role)
    else:
        slot, filer = slot_by_profile(document, profile, key), ""
    target = output or file.with_name(f"{file.stem}-signed.xml")
    ensure_absent(target)
    signer = signer_of(configuration, key, filer, password_stdin)
    if countersign is None:
        signed = sign_for(slot, document, signer, environment=None, at=session.now()).data
    else:
        signed = countersigned(document, slot.profile, countersign, signer, session.now())
    write_new(target, signed)
    print(Text(f"Đã ký: {target}", f"Signed: {target}").in_language(configuration.language))
    return 0


def _slot_by_form(document: XmlDocument, role: str) -> tuple[SignatureSlot, str]:
    """(Who signs how, for whom), as the form of ``document`` has it, by which it is checked first."""
    examined = examine(document, connectors())
    ensure_sound(examined)
    return slot_for(examined.connector.plan(examined.recognition), role), examined.recognition.filer


def ensure_absent(path: Path, option: str = "--output") -> None:
    """Raise UsageError when there is a file at ``path``, the value of ``option``: nothing is ever overwritten."""
    if path.exists():
        raise UsageError(
            Text(f"Tệp {path} đã có.", f"The file {path} exists."),
            Text(f"Chọn tên khác bằng {option}.", f"Choose another name with {option}."),
        )


def write_new(path: Path, data: bytes) -> None:
    """Write ``data`` to a new file, whole or not at all. Raises UsageError when there is one by now, StorageError."""
    write_file(path, data, "--output")


@app.command()
def verify(
    file: Document,
    trust: Annotated[
        list[Path] | None, typer.Option("--trust", help="Chứng thư gốc tin cậy (PEM) · Trusted roots (PEM)")
    ] = None,
    profile: Profile = None,
    evidence: Annotated[
        list[Path] | None, typer.Option("--evidence", help="CRL hoặc trả lời OCSP đã lưu · Kept CRL or OCSP answer")
    ] = None,
    online: Annotated[bool, typer.Option("--online", help="Hỏi đơn vị cấp về thu hồi · Ask the authorities")] = False,
    keep_evidence: Annotated[
        Path | None, typer.Option("--keep-evidence", metavar="FOLDER", help="Lưu CRL, OCSP · Keep the answers")
    ] = None,
    lang: Language = None,
    json: AsJson = False,
) -> int:
    """Kiểm tra chữ ký của tài liệu · Verify the signatures of a document.

    Mã thoát · Exit code: 0 hợp lệ và tin cậy · valid and trusted; 1 bị hỏng, sai chỗ hoặc không có · broken, misplaced
    or none; 3 còn nguyên vẹn nhưng chưa xác lập được tin cậy · intact, trust not established.
    """
    from govgateway.cli.verification import described, exit_code, print_verification, trust_store
    from govgateway.cli.verification import keep_evidence as keep
    from govgateway.signing import profiles
    from govgateway.signing.verify import verify as verify_by

    configuration = session.settings(lang)
    document, now = read_xml_file(file), session.now()
    installed = tuple(connectors())
    stores = {
        agency: trust_store(configuration, agency, trust or (), evidence or (), online=online)
        for agency in ("", *(each.agency for each in installed))
    }
    if profile is None:
        verification = verify_document(document, installed, stores, now, profiles.fitting(document))
    else:
        verification = verify_by(document, profiles.named(profile, document), stores[""], now)
    if keep_evidence is not None:
        keep(verification, keep_evidence)
    if json:
        signatures = [described(each) for each in verification.signatures]
        said = {"file": str(file), "profile": verification.profile.name, "signatures": signatures}
        print_json(said, configuration.language)
    else:
        print_verification(file, verification, configuration.language)
    return exit_code(verification, asked=online or bool(evidence) or configuration.asks_authorities)
