"""Commands about documents alone: check, sign, verify. They need no ledger and no agency."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from govgateway.cli.options import AsJson, KeyFile, Language, PasswordFromStdin, key_password, settings
from govgateway.cli.output import finding_lines, plain, print_error, print_json
from govgateway.configuration import Configuration
from govgateway.connector import connectors
from govgateway.documents.findings import Severity, has_errors
from govgateway.documents.xml import read_xml_file
from govgateway.errors import GovGatewayError, Text, UsageError
from govgateway.pipeline.intake import Examined, ensure_sound, examine, sign_for, slot_for, verify_document

if TYPE_CHECKING:
    from govgateway.signing.verify import Verification, VerifiedSignature

app = typer.Typer()

FINDINGS = 1
NOT_TRUSTED = 3
_MANY = 20

Documents = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Tệp XML · XML files")]
Document = Annotated[Path, typer.Argument(metavar="FILE", help="Tệp XML · XML file")]


@app.command()
def check(files: Documents, lang: Language = None, json: AsJson = False) -> int:
    """Kiểm tra tài liệu theo mẫu · Check documents against their forms.

    Mã thoát · Exit code: 0 không có lỗi · no errors; 1 có lỗi · errors.
    """
    language = settings(lang).language
    results = [_check_one(path, language, json) for path in _counted(files)]
    if json:
        print_json({"files": results}, language)
    return 0 if all(result["ok"] for result in results) else FINDINGS


def _check_one(path: Path, language: str, json: bool) -> dict[str, Any]:
    try:
        examined = examine(read_xml_file(path), connectors())
    except GovGatewayError as error:
        error.where = error.where or path.name
        if not json:
            print_error(error, as_json=False, language=language)
        return {"file": str(path), "ok": False, "error": {"code": error.code, "message": error.message}}
    if not json:
        _print_examined(path, examined, language)
    recognition = examined.recognition
    return {
        "file": str(path),
        "ok": not has_errors(examined.findings),
        "agency": recognition.agency,
        "form": recognition.form,
        "version": recognition.version,
        "title": recognition.title,
        "filer": recognition.filer,
        "period": recognition.period,
        "kind": recognition.kind,
        "findings": plain(examined.findings, language),
    }


def _counted(files: list[Path]) -> Iterable[Path]:
    """``files``, with a progress bar on a terminal when there are many."""
    import sys

    if len(files) <= _MANY or not sys.stderr.isatty():
        return files
    from rich.console import Console
    from rich.progress import track

    return track(files, description="", console=Console(stderr=True))


def _print_examined(path: Path, examined: Examined, language: str) -> None:
    recognition = examined.recognition
    about = (recognition.title.in_language(language), recognition.filer, recognition.filer_name, recognition.period)
    print(f"{path.name}: " + " · ".join(each for each in about if each))
    for finding in examined.findings:
        print("\n".join(finding_lines(finding, language)))
    errors = sum(1 for each in examined.findings if each.severity is Severity.ERROR)
    warnings = len(examined.findings) - errors
    verdict = Text(f"{errors} lỗi, {warnings} cảnh báo", f"{errors} errors, {warnings} warnings")
    good = Text("không có lỗi", "no errors") if not examined.findings else verdict
    print(f"  ⇒ {good.in_language(language)}")


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
    configuration = settings(lang)
    document = read_xml_file(file)
    examined = examine(document, connectors())
    ensure_sound(examined)
    slot = slot_for(examined.connector.plan(examined.recognition), role)
    signer = signer_of(configuration, key, examined.recognition.filer, password_stdin)
    signed = sign_for(slot, document, signer, environment=None, at=datetime.now(UTC))
    target = output or file.with_name(f"{file.stem}-signed.xml")
    write_new(target, signed.data)
    print(Text(f"Đã ký: {target}", f"Signed: {target}").in_language(configuration.language))
    return 0


def signer_of(configuration: Configuration, key: Path | None, filer: str, password_stdin: bool) -> Any:
    """The signer for ``filer``: the key named, else that of the profile. Raises UsageError without either."""
    from govgateway.signing.signer import FileSigner

    profile = configuration.filers.get(filer)
    path = key or (profile.key if profile else None)
    if path is None:
        raise UsageError(
            Text(f"Chưa biết khoá ký của {filer}.", f"No signing key is known for {filer}."),
            Text(
                f"Thêm --key TỆP, hoặc lưu vào hồ sơ: govgateway filer add {filer} --key TỆP",
                f"Add --key FILE, or keep it in the profile: govgateway filer add {filer} --key FILE",
            ),
        )
    return FileSigner.read(path, key_password(path, password_stdin, configuration.language))


def write_new(path: Path, data: bytes) -> None:
    """Write ``data`` to a file that must not exist yet: nothing of the user's is ever overwritten."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError:
        raise UsageError(
            Text(f"Tệp {path} đã có.", f"The file {path} exists."),
            Text("Chọn tên khác bằng --output.", "Choose another name with --output."),
        ) from None


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
    from govgateway.signing.trust import TrustStore

    configuration = settings(lang)
    roots = [path.read_bytes() for path in trust or ()]
    roots += [
        each.trust.read_bytes() for each in configuration.endpoints.values() if each.trust and each.trust.is_file()
    ]
    store = TrustStore.from_pem(b"\n".join(roots)) if roots else TrustStore.empty()
    installed = list(connectors())
    verification = verify_document(
        read_xml_file(file), installed, {each.agency: store for each in installed}, datetime.now(UTC)
    )
    sound = [each.intact and each.well_placed for each in verification.signatures]
    if json:
        print_json(
            {"file": str(file), "signatures": [_described(each) for each in verification.signatures]},
            configuration.language,
        )
    else:
        _print_verification(file, verification, configuration.language)
    if not sound or not all(sound):
        return FINDINGS
    return 0 if all(each.trusted for each in verification.signatures) else NOT_TRUSTED


def _described(signature: VerifiedSignature) -> dict[str, Any]:
    return {
        "intact": signature.intact,
        "well_placed": signature.well_placed,
        "reason": signature.reason,
        "signed_path": signature.signed_path,
        "signer": signature.signer,
        "identifiers": signature.identifiers,
        "signing_time": signature.signing_time,
        "trusted": signature.trusted,
        "trust_reason": signature.trust_reason,
        "not_covered": signature.not_covered,
    }


def _print_verification(file: Path, verification: Verification, language: str) -> None:
    print(file.name)
    if not verification.signatures:
        print("  " + Text("Không có chữ ký nào.", "There is no signature.").in_language(language))
    for number, each in enumerate(verification.signatures, start=1):
        sound = each.intact and each.well_placed
        state = Text("còn nguyên vẹn", "intact") if sound else Text("KHÔNG HỢP LỆ", "NOT VALID")
        print(f"  {number}. {each.signer or '?'} · {' '.join(each.identifiers)} · {state.in_language(language)}")
        if each.signing_time:
            at = each.signing_time.strftime("%d/%m/%Y %H:%M:%S %z")
            print(
                "     "
                + Text(f"ký lúc {at} (theo máy người ký)", f"signed {at} (by the signer's clock)").in_language(language)
            )
        for reason in (each.reason, each.trust_reason):
            if reason.vi:
                print(f"     {reason.in_language(language)}")
        for path in each.not_covered:
            print("     " + Text(f"không được ký: {path}", f"not covered: {path}").in_language(language))
