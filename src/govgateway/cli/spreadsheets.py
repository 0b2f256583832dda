"""Commands from figures to a declaration: template, build. They need no ledger and no agency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from govgateway.calendar import VIETNAM
from govgateway.cli import session
from govgateway.cli.documents import ensure_absent, write_new
from govgateway.cli.exits import FINDINGS
from govgateway.cli.options import AsJson, Language
from govgateway.cli.output import findings_lines, print_json
from govgateway.connector import connectors
from govgateway.documents.findings import has_errors
from govgateway.documents.xml import read_xml_file
from govgateway.errors import Text, UsageError
from govgateway.pipeline.drafting import Drafted
from govgateway.pipeline.figures import draft_file, header_of
from govgateway.pipeline.forms import choose_form, composers, make_template

app = typer.Typer()


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
    today = session.now().astimezone(VIETNAM).date()
    about = header_of(configuration, filer, period, kind)
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
    drafted = draft_file(
        file,
        configuration,
        day=session.now().astimezone(VIETNAM).date(),
        form=form,
        version=version,
        table=table,
        values=_assignments(values or ()),
        filer=filer,
        period=period,
        kind=kind,
    )
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
    period = about.period_words.in_language(language) or about.period
    print(" · ".join(each for each in (about.title.in_language(language), about.filer, period) if each))
    for line in findings_lines(drafted.findings, language):
        print(line)
    ended = Text("Chưa lập được tờ khai: còn lỗi.", "No declaration was made: there are errors.")
    if target is not None:
        ended = Text(f"Đã lập: {target}", f"Made: {target}")
    print(ended.in_language(language))


def _assignments(values: Sequence[str]) -> Mapping[str, str]:
    for each in values:
        if "=" not in each:
            raise UsageError(
                Text(f"Không hiểu --set {each}.", f"--set {each} is not understood."),
                Text("Ghi TÊN=GIÁ_TRỊ, ví dụ maCQTNoiNop=99901.", "Write NAME=VALUE, such as maCQTNoiNop=99901."),
            )
    return dict(each.split("=", 1) for each in values)
