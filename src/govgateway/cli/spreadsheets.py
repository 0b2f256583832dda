"""Commands from figures to a declaration: template, build. They need no ledger and no agency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta, timezone
from pathlib import Path
from typing import Annotated

import typer

from govgateway.cli import session
from govgateway.cli.documents import ensure_absent, write_new
from govgateway.cli.exits import FINDINGS
from govgateway.cli.options import AsJson, Language
from govgateway.cli.output import finding_lines, print_json
from govgateway.configuration import Configuration
from govgateway.connector import connectors
from govgateway.documents.findings import has_errors
from govgateway.documents.xml import read_xml_file
from govgateway.errors import Text, UsageError
from govgateway.pipeline.drafting import Drafted, Source, draft
from govgateway.pipeline.forms import choose_form, composers, make_template

app = typer.Typer()

_VIETNAM = timezone(timedelta(hours=7))
_LARGEST = 32 * 1024 * 1024

Version = Annotated[
    str, typer.Option("--version", help="Phiên bản của mẫu; bỏ trống: bản đang dùng · Version of the form")
]
Filer = Annotated[str, typer.Option("--filer", help="Mã số thuế, có trong hồ sơ đơn vị · Tax code of a filer profile")]
Period = Annotated[str, typer.Option("--period", help="Kỳ tính thuế: 10/2026, Q3/2026, 2026 · Tax period")]
Kind = Annotated[str, typer.Option("--kind", help="Loại tờ khai: C chính thức, B bổ sung · Kind of declaration")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Tệp kết quả · File to write")]


@app.command()
def template(
    form: Annotated[str, typer.Argument(metavar="FORM", help="Mẫu: 01/PH hoặc 879 · Form, by name or code")],
    output: Output = None,
    version: Version = "",
    filer: Filer = "",
    period: Period = "",
    kind: Kind = "",
    from_document: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="Tờ khai XML để điền sẵn · Document to fill in")
    ] = None,
    lang: Language = None,
) -> int:
    """Tạo bảng tính để điền một mẫu · Make a spreadsheet to fill a form in.

    Ô xám được tính lại khi lập tờ khai · Grey cells are computed anew by build.
    """
    configuration = session.settings(lang)
    today = session.now().astimezone(_VIETNAM).date()
    about = _about(configuration, filer, period, kind)
    carried = choose_form(composers(connectors()), form, version, period=period, day=today)
    target = output or Path(f"{carried.package.name.replace('/', '')}.xlsx")
    ensure_absent(target)
    filled = read_xml_file(from_document) if from_document else None
    # An empty template is dated when it is built.
    write_new(target, make_template(carried, about, day=today if filled else None, filled=filled))
    title = carried.package.title.in_language(configuration.language)
    print(f"{carried.package.name} {title}, {carried.form.number}")
    print(Text(f"Đã tạo: {target}", f"Made: {target}").in_language(configuration.language))
    return 0


@app.command()
def build(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Tệp .xlsx, .json hoặc .csv · File with the figures")],
    output: Output = None,
    form: Annotated[str, typer.Option("--form", help="Mẫu của tệp CSV, JSON · Form of a CSV or JSON file")] = "",
    version: Version = "",
    table: Annotated[str, typer.Option("--table", help="Bảng của tệp CSV · Table of a CSV file")] = "",
    values: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Đặt một chỉ tiêu · Set a single field")
    ] = None,
    filer: Filer = "",
    period: Period = "",
    kind: Kind = "",
    lang: Language = None,
    json: AsJson = False,
) -> int:
    """Lập tờ khai XML từ bảng tính đã điền · Make a declaration from a filled spreadsheet.

    Có lỗi thì không ghi tệp; lỗi chỉ rõ trang và ô · Nothing is written while there are errors; they name sheet and
    cell. Mã thoát · Exit code: 1 khi có lỗi · when there are errors.
    """
    configuration = session.settings(lang)
    target = output or file.with_suffix(".xml")
    ensure_absent(target)
    source = Source(file.name, _data(file), form, version, table, _assignments(values or ()))
    about, today = _about(configuration, filer, period, kind), session.now().astimezone(_VIETNAM).date()
    drafted = draft(source, composers(connectors()), about, day=today)
    _ensure_filer(drafted, filer, file)
    wrong = has_errors(drafted.findings)
    if not wrong:
        write_new(target, drafted.document.data)
    if json:
        about_document = {"file": file, "ok": not wrong, "output": None if wrong else target}
        print_json(about_document | {"findings": drafted.findings}, configuration.language)
    else:
        _print(drafted, None if wrong else target, configuration.language)
    return FINDINGS if wrong else 0


def _print(drafted: Drafted, target: Path | None, language: str) -> None:
    about = drafted.recognition
    print(" · ".join(each for each in (about.title.in_language(language), about.filer, about.period) if each))
    for finding in drafted.findings:
        print("\n".join(finding_lines(finding, language)))
    ended = Text("Chưa lập được tờ khai: còn lỗi.", "No declaration was made: there are errors.")
    if target is not None:
        ended = Text(f"Đã lập: {target}", f"Made: {target}")
    print(ended.in_language(language))


def _about(configuration: Configuration, filer: str, period: str, kind: str) -> Mapping[str, str]:
    """What the header is to tell. Without ``filer`` the only profile there is counts, where nothing else is given."""
    profiles = configuration.filers
    if filer and filer not in profiles:
        raise UsageError(
            Text(f"Chưa có hồ sơ đơn vị {filer}.", f"There is no filer profile {filer}."),
            Text(
                f'Thêm bằng: govgateway filer add {filer} --name "TÊN"',
                f'Add it: govgateway filer add {filer} --name "NAME"',
            ),
        )
    own = profiles[filer] if filer else next(iter(profiles.values())) if len(profiles) == 1 else None
    who = {"filer": own.tax_code, "filer_name": own.name} if own else {}
    return {**who, "period": period, "kind": kind.upper()}


def _assignments(values: Sequence[str]) -> Mapping[str, str]:
    for each in values:
        if "=" not in each:
            raise UsageError(
                Text(f"Không hiểu --set {each}.", f"--set {each} is not understood."),
                Text("Ghi TÊN=GIÁ_TRỊ, ví dụ maCQTNoiNop=99901.", "Write NAME=VALUE, such as maCQTNoiNop=99901."),
            )
    return dict(each.split("=", 1) for each in values)


def _data(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= _LARGEST else b""
    except OSError as error:
        raise UsageError(
            Text(f"Không đọc được tệp {path}.", f"The file {path} cannot be read."),
            Text("Kiểm tra tên tệp, thư mục và quyền đọc.", "Check its name, its folder and your right to read it."),
            where=f"{path} ({type(error).__name__})",
        ) from None
    if size > _LARGEST:
        mib = 1024 * 1024
        raise UsageError(
            Text(f"Tệp {path} lớn hơn {_LARGEST // mib} MB.", f"The file {path} is larger than {_LARGEST // mib} MB."),
            Text("Chép số liệu sang một mẫu mới.", "Copy the figures to a new template."),
        )
    return data


def _ensure_filer(drafted: Drafted, filer: str, file: Path) -> None:
    """Raise UsageError when the figures are another filer's than the one asked for."""
    if filer and drafted.recognition.filer != filer:
        raise UsageError(
            Text(
                f"Tệp ghi mã số thuế {drafted.recognition.filer}, không phải {filer}.",
                f"The file has the tax code {drafted.recognition.filer}, not {filer}.",
            ),
            Text("Chọn đúng tệp hoặc sửa mã số thuế trong tệp.", "Choose the right file, or correct its tax code."),
            where=file.name,
        )
