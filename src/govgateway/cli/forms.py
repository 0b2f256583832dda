"""``govgateway forms``: which forms are carried, what is in them, what a new version changes and for which filings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer

from govgateway.cli.exits import FINDINGS
from govgateway.cli.options import AsJson, Language, Where
from govgateway.cli.output import findings_lines, print_json
from govgateway.cli.session import now, settings
from govgateway.connector import CarriedForm, connectors
from govgateway.documents.findings import Finding, Severity, has_errors
from govgateway.documents.layout import Layout
from govgateway.documents.outline import Field
from govgateway.documents.package import FormVersion
from govgateway.documents.versions import FieldChange, Rule, Step, field_changes, rule_changes, rules_of
from govgateway.documents.xml import read_xml
from govgateway.errors import Text
from govgateway.filing import Filing
from govgateway.pipeline.forms import choose_form, composers

app = typer.Typer()
forms = typer.Typer(help="Các mẫu tờ khai đang có · The forms that are carried", no_args_is_help=True)
app.add_typer(forms, name="forms")

Form = Annotated[str, typer.Argument(metavar="FORM", help="Mã hoặc tên mẫu: 879, 01/PH · Code or name of a form")]
Version = Annotated[str, typer.Argument(metavar="VERSION", help="Phiên bản, ví dụ 2.7.5 · Version")]

_COLUMNS = (
    Text("Mẫu", "Form"),
    Text("Mã", "Code"),
    Text("Phiên bản", "Version"),
    Text("Loại", "Types"),
    Text("Kỳ tính thuế theo luật", "Tax periods by law"),
    Text("Tên", "Title"),
)
_SIGNS = {Step.ADDED: "+", Step.REMOVED: "-", Step.CHANGED: "~"}
_SEVERITY = {Severity.ERROR: Text("lỗi", "error"), Severity.WARNING: Text("cảnh báo", "warning")}
_FLAGS = {
    "computed": Text("tính ra", "computed"),
    "repeated": Text("lặp lại", "repeated"),
    "hidden": Text("không in", "not printed"),
}
_NOT_REQUIRED = Text("có thể không có", "may be absent")


@forms.command("list")
def list_forms(lang: Language = None, json: AsJson = False) -> None:
    """Liệt kê các mẫu và phiên bản · List the forms and their versions."""
    language = settings(lang).language
    carried = tuple(_carried())
    if json:
        print_json({"forms": [_summary(each) for each in carried]}, language)
        return
    rows = [tuple(each.in_language(language) for each in _COLUMNS), *(_row(each, language) for each in carried)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


@forms.command()
def show(
    form: Form,
    version: Annotated[
        str | None, typer.Argument(metavar="[VERSION]", help="Phiên bản; bỏ trống: bản đầu tiên · Version")
    ] = None,
    lang: Language = None,
    json: AsJson = False,
) -> None:
    """Xem các chỉ tiêu và quy tắc của một mẫu · Show the fields and rules of a form."""
    language = settings(lang).language
    carried = _found(form, version)
    fields, rules = carried.version.outline.fields, rules_of(carried.version).values()
    if json:
        named = [{"path": "/".join(names), "field": field} for names, field in fields.items()]
        print_json(_summary(carried) | {"fields": named, "rules": list(rules)}, language)
        return
    print("  ".join(each for each in _row(carried, language) if each))
    print("\n" + Text("Chỉ tiêu", "Fields").in_language(language))
    for names, field in fields.items():
        print("  " * len(names) + _field_line(names[-1], field, language))
    print("\n" + Text("Quy tắc", "Rules").in_language(language))
    for rule in rules:
        print(f"  {_rule_line(rule, language)}")


@forms.command()
def diff(
    form: Form,
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="Phiên bản trước · The version before")],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="Phiên bản sau · The version after")],
    lang: Language = None,
    json: AsJson = False,
) -> None:
    """So sánh hai phiên bản của một mẫu · Compare two versions of a form."""
    language = settings(lang).language
    old, new = _found(form, before).version, _found(form, after).version
    fields, rules = tuple(field_changes(old, new)), tuple(rule_changes(old, new))
    if json:
        print_json({"fields": fields, "rules": rules}, language)
        return
    for heading, lines in (
        (Text("Chỉ tiêu", "Fields"), [line for each in fields for line in _change_lines(each, old, new, language)]),
        (Text("Quy tắc", "Rules"), [f"{_SIGNS[each.step]} {_rule_line(each.rule, language)}" for each in rules]),
    ):
        print(heading.in_language(language))
        same = Text("không khác", "no difference").in_language(language)
        print("\n".join(f"  {line}" for line in lines or [same]))


@forms.command()
def impact(
    form: Form,
    version: Version,
    last: Annotated[int, typer.Option("--last", min=1, help="Số hồ sơ gần nhất · How many of the last filings")] = 20,
    env: Where = None,
    lang: Language = None,
    json: AsJson = False,
) -> int:
    """Thử các hồ sơ gần nhất theo một phiên bản khác · Check the last filings by another version.

    Không gửi, không sửa gì · Nothing is sent or changed. Mã thoát · Exit code: 1 khi có lỗi · when there are errors.
    """
    from govgateway.pipeline.gateway import Gateway  # the ledger takes longer to load than the other commands take

    configuration = settings(lang)
    carried = _found(form, version)
    with Gateway.open(configuration) as gateway:
        filings = [each for each in gateway.filings(environment=env) if each.key.form == carried.version.code][:last]
        met = [(each, carried.version.check(read_xml(gateway.document(each.id)))) for each in filings]
    if json:
        told = [{"filing": each.id, "period": each.key.period, "findings": found} for each, found in met]
        print_json({"filings": told}, configuration.language)
    else:
        _print_impact(met, configuration.language)
    return FINDINGS if any(has_errors(found) for _, found in met) else 0


def _print_impact(met: Sequence[tuple[Filing, tuple[Finding, ...]]], language: str) -> None:
    for filing, findings in met:
        errors = sum(each.severity is Severity.ERROR for each in findings)
        said = Text(
            f"{errors} lỗi, {len(findings) - errors} cảnh báo", f"errors: {errors}, warnings: {len(findings) - errors}"
        )
        print(f"{filing.id}  {filing.key.filer}  {filing.key.period}: {said.in_language(language)}")
        for line in findings_lines(findings, language):
            print(line)
    if not met:
        print(Text("Chưa có hồ sơ nào của mẫu này.", "There is no filing of this form yet.").in_language(language))


def _carried() -> Iterator[CarriedForm]:
    for composer in composers(connectors()):
        yield from composer.carried_forms()


def _found(form: str, number: str | None) -> CarriedForm:
    """The version ``number`` of ``form`` (code or name), its first one unless given. Raises UsageError for none."""
    return choose_form(composers(connectors()), form, number or "", day=now().date()).form


def _summary(carried: CarriedForm) -> dict[str, Any]:
    version = carried.version
    return {
        "form": version.name,
        "code": version.code,
        "version": carried.number,
        "types": version.kinds,
        "periods": carried.periods,
        "title": version.title,
        "legal_basis": version.legal_basis,
    }


def _row(carried: CarriedForm, language: str) -> tuple[str, ...]:
    version = carried.version
    title = f"{version.title.in_language(language)} ({version.legal_basis})"
    kinds = " ".join(version.kinds)
    return version.name, version.code, carried.number, kinds, carried.periods.in_language(language), title


def _field_line(name: str, field: Field, language: str) -> str:
    flags = [said.in_language(language) for flag, said in _FLAGS.items() if getattr(field, flag)]
    flags += [] if field.required else [_NOT_REQUIRED.in_language(language)]
    number = field.item or field.column
    told = (field.label.in_language(language), number, f"<{name}>", field.expected.in_language(language), *flags)
    return " · ".join(each for each in told if each)


def _rule_line(rule: Rule, language: str) -> str:
    return f"{rule.id} ({_SEVERITY[rule.severity].in_language(language)}): {rule.message.in_language(language)}"


def _change_lines(change: FieldChange, old: FormVersion, new: FormVersion, language: str) -> Iterator[str]:
    """What changed, and in which groups of the form."""
    names = tuple(change.path.split("/"))
    outline = (old if change.step is Step.REMOVED else new).outline
    above = [names[:length] for length in range(len(Layout.of(outline).base) + 1, len(names))]
    within = " › ".join(outline.label(each).in_language(language) for each in above)
    yield " · ".join(filter(None, (f"{_SIGNS[change.step]} {change.label.in_language(language)}", within)))
    for each in change.aspects:
        before, after = each.before.in_language(language) or "–", each.after.in_language(language) or "–"
        yield f"    {each.name.in_language(language)}: {before} → {after}"
