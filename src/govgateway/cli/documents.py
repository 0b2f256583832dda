"""Commands about documents alone: check, sign, verify. They need no ledger and no agency."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from govgateway.cli import session
from govgateway.cli.checking import check_files
from govgateway.cli.options import AsJson, Document, KeyFile, Language, PasswordFromStdin
from govgateway.cli.output import print_json
from govgateway.cli.passwords import signer_of
from govgateway.connector import connectors
from govgateway.documents.xml import read_xml_file
from govgateway.errors import Text, UsageError
from govgateway.pipeline.files import write_file
from govgateway.pipeline.intake import ensure_sound, examine, sign_for, slot_for, verify_document

app = typer.Typer()

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
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Tệp kết quả · Signed file")] = None,
    password_stdin: PasswordFromStdin = False,
    lang: Language = None,
) -> int:
    """Ký một tài liệu · Sign a document.

    Tệp gốc giữ nguyên; chữ ký được thêm vào bản sao · The file stays as it is; a signed copy is written.
    """
    configuration = session.settings(lang)
    document = read_xml_file(file)
    examined = examine(document, connectors())
    ensure_sound(examined)
    slot = slot_for(examined.connector.plan(examined.recognition), role)
    target = output or file.with_name(f"{file.stem}-signed.xml")
    ensure_absent(target)
    signer = signer_of(configuration, key, examined.recognition.filer, password_stdin)
    signed = sign_for(slot, document, signer, environment=None, at=session.now())
    write_new(target, signed.data)
    print(Text(f"Đã ký: {target}", f"Signed: {target}").in_language(configuration.language))
    return 0


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
    lang: Language = None,
    json: AsJson = False,
) -> int:
    """Kiểm tra chữ ký của tờ khai hoặc thông báo · Verify the signatures of a declaration or a notice.

    Mã thoát · Exit code: 0 hợp lệ và tin cậy · valid and trusted; 1 bị hỏng, sai chỗ hoặc không có · broken, misplaced
    or none; 3 còn nguyên vẹn nhưng chưa xác lập được tin cậy · intact, trust not established.
    """
    from govgateway.cli.verification import described, exit_code, print_verification, trust_store

    configuration = session.settings(lang)
    installed = tuple(connectors())
    stores = {each.agency: trust_store(configuration, each.agency, trust or ()) for each in installed}
    verification = verify_document(read_xml_file(file), installed, stores, session.now())
    if json:
        signatures = [described(each) for each in verification.signatures]
        print_json({"file": str(file), "signatures": signatures}, configuration.language)
    else:
        print_verification(file, verification, configuration.language)
    return exit_code(verification)
