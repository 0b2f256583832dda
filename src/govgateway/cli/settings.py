"""Commands about the installation: filer profiles and the configuration."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from govgateway.cli.options import AsJson, Language
from govgateway.cli.output import print_json
from govgateway.cli.passwords import ask
from govgateway.cli.session import known_language, settings
from govgateway.configuration import PARTICULARS, Configuration, FilerProfile, default_path, load, store
from govgateway.connector import ObligationLister, connectors
from govgateway.errors import Text, UsageError

app = typer.Typer()
filer_app = typer.Typer(help="Hồ sơ đơn vị nộp · Filer profiles", no_args_is_help=True)
config_app = typer.Typer(help="Cấu hình · Configuration", no_args_is_help=True)
app.add_typer(filer_app, name="filer")
app.add_typer(config_app, name="config")

_DAYS = ["%d/%m/%Y", "%Y-%m-%d"]

TaxCode = Annotated[str, typer.Argument(metavar="TAX_CODE", help="Mã số thuế · Tax code")]


@filer_app.command("add")
def add(
    tax_code: TaxCode,
    name: Annotated[str, typer.Option("--name", help="Tên đơn vị · Name")] = "",
    key: Annotated[Path | None, typer.Option("--key", help="Tệp khoá ký · Key file")] = None,
    obligation: Annotated[
        list[str] | None, typer.Option("--obligation", help='Nghĩa vụ, ví dụ "01/PH monthly" · What it has to declare')
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option("--since", metavar="DD/MM/YYYY", formats=_DAYS, help="Kê khai từ ngày · It files since this day"),
    ] = None,
    tax_office: Annotated[
        str, typer.Option("--tax-office", metavar="CODE", help="Mã cơ quan thuế nơi nộp · Code of the tax office")
    ] = "",
    tax_office_name: Annotated[
        str, typer.Option("--tax-office-name", help="Tên cơ quan thuế nơi nộp · Name of the tax office")
    ] = "",
    address: Annotated[str, typer.Option("--address", help="Địa chỉ · Address")] = "",
    ward: Annotated[str, typer.Option("--ward", help="Xã, phường · Ward")] = "",
    province: Annotated[str, typer.Option("--province", help="Tỉnh, thành phố · Province")] = "",
    phone: Annotated[str, typer.Option("--phone", help="Điện thoại · Telephone")] = "",
    fax: Annotated[str, typer.Option("--fax", help="Fax · Fax")] = "",
    email: Annotated[str, typer.Option("--email", help="Thư điện tử · E-mail")] = "",
    signatory: Annotated[str, typer.Option("--signatory", help="Người ký · Signatory")] = "",
    lang: Language = None,
) -> None:
    """Thêm hoặc sửa hồ sơ đơn vị · Add or change a filer.

    Địa chỉ, cơ quan thuế… được điền vào phần đầu tờ khai · Address, tax office… go into the header of declarations.
    """
    configuration = settings(lang)
    ensure_tax_code(tax_code)
    ensure_tax_office(tax_office)
    path = configuration.path
    if key is not None and not key.is_file():
        raise UsageError(
            Text(f"Không có tệp khoá {key}.", f"There is no key file {key}."),
            Text("Kiểm tra đường dẫn của --key.", "Check the path given with --key."),
        )
    ensure_obligations(obligation or ())
    known = configuration.filers.get(tax_code)
    given: dict[str, str | list[str]] = {"name": name or (known.name if known else "")}
    if key is not None:
        given["key"] = str(key.resolve())
    if obligation:
        given["obligations"] = obligation
    if since is not None:
        given["since"] = since.date().isoformat()
    particulars = (tax_office, tax_office_name, address, ward, province, phone, fax, email, signatory)
    given |= {setting.name: text for setting, text in zip(PARTICULARS, particulars, strict=True) if text}
    store(path, {f"filers.{tax_code}.{setting}": value for setting, value in given.items()})
    print(Text(f"Đã lưu {tax_code} vào {path}", f"Kept {tax_code} in {path}").in_language(configuration.language))


@filer_app.command("list")
def list_filers(lang: Language = None, json: AsJson = False) -> None:
    """Liệt kê hồ sơ đơn vị · List the filers."""
    configuration = settings(lang)
    filers = list(configuration.filers.values())
    if json:
        print_json({"filers": [_fields(profile) for profile in filers]}, configuration.language)
        return
    for profile in filers:
        print(f"{profile.tax_code}  {profile.name}")
    if not filers:
        none = Text("Chưa có hồ sơ nào. Thêm: govgateway filer add MST", "None yet. Add one: govgateway filer add CODE")
        print(none.in_language(configuration.language))


@filer_app.command("show")
def show_filer(tax_code: TaxCode, lang: Language = None, json: AsJson = False) -> None:
    """Xem hồ sơ một đơn vị · Show one filer."""
    configuration = settings(lang)
    profile = _profile(configuration, tax_code)
    if json:
        print_json(_fields(profile), configuration.language)
        return
    for name, value in _fields(profile).items():
        shown = "; ".join(value) if isinstance(value, list) else value
        label = _LABELS[name]
        print(f"{label.in_language(configuration.language)}: {shown or '–'}")


@config_app.command("show")
def show_config(lang: Language = None, json: AsJson = False) -> None:
    """Xem cấu hình đang dùng, che mật khẩu · Show the settings in force, secrets hidden."""
    configuration = settings(lang)
    shown = configuration.shown()
    if json:
        print_json({"path": configuration.path, "settings": shown}, configuration.language)
        return
    print(f"# {configuration.path}")
    for key, value in shown.items():
        print(f"{key} = {value}")


@config_app.command("set")
def set_config(
    key: Annotated[str, typer.Argument(metavar="KEY", help="Khoá, ví dụ etax.simulator.address · Dotted key")],
    value: Annotated[
        str | None, typer.Argument(metavar="[VALUE]", help="Giá trị; bỏ trống để được hỏi · Value; asked when left out")
    ] = None,
    lang: Language = None,
) -> None:
    """Đặt một giá trị cấu hình · Set one value.

    Mật khẩu nên để chương trình hỏi, hoặc đưa qua stdin · Let a password be asked for, or send it on stdin.
    """
    language = known_language(lang) if lang else "vi"  # a file that is wrong can be put right, so it is not read yet
    path = default_path()
    store(path, {key: ask(Text(f"{key}: ", f"{key}: "), language) if value is None else value})
    written = Text(f"Đã ghi {path}", f"Written to {path}")
    print(written.in_language(lang or load().language))


@config_app.command("path")
def config_path() -> None:
    """Tệp cấu hình nằm ở đâu · Where the configuration lies."""
    print(default_path())


def ensure_tax_code(tax_code: str) -> None:
    """Raise UsageError for a code of a wrong shape or with a wrong check digit (of the first ten digits).

    Ten digits, ten with a hyphen and three for a branch, or a personal number of twelve, which has no check digit.
    """
    organisation = re.fullmatch(r"([0-9]{10})(-[0-9]{3})?", tax_code)
    if re.fullmatch(r"[0-9]{12}", tax_code) or (organisation and _check_digit(tax_code) == int(tax_code[9])):
        return
    raise UsageError(
        Text(f"Mã số thuế {tax_code} không đúng.", f"The tax code {tax_code} is wrong."),
        Text(
            "Kiểm tra lại từng chữ số: mã gồm 10 số, 10 số kèm -001 cho đơn vị phụ thuộc, hoặc 12 số.",
            "Check each digit: a code has 10 digits, 10 with -001 for a branch, or 12.",
        ),
    )


def ensure_tax_office(code: str) -> None:
    """Raise UsageError for the code of a tax office that has not five digits; none at all is fine."""
    if code and not re.fullmatch("[0-9]{5}", code):
        raise UsageError(
            Text(f"Mã cơ quan thuế {code} không đúng.", f"The code of the tax office {code} is wrong."),
            Text("Mã gồm 5 chữ số, ghi trên tờ khai đã nộp.", "It has five digits; returns filed before have it."),
            where="--tax-office",
        )


def _check_digit(tax_code: str) -> int:
    """What the tenth digit has to be: 10 − Σ mod 11 over the first nine. Where that gives 10 there is no such code."""
    weights = (31, 29, 23, 19, 17, 13, 7, 5, 3)
    return 10 - sum(weight * int(digit) for weight, digit in zip(weights, tax_code[:9], strict=True)) % 11


def ensure_obligations(names: Collection[str]) -> None:
    """Raise UsageError for a name of an obligation that no connector knows. Connectors are loaded only for a name."""
    if not names:
        return
    known = [name for each in connectors() if isinstance(each, ObligationLister) for name in each.obligations()]
    for name in names:
        if name not in known:
            raise UsageError(
                Text(f"Không có nghĩa vụ '{name}'.", f"There is no obligation '{name}'."),
                Text(f"Các nghĩa vụ: {', '.join(known)}.", f"There are: {', '.join(known)}."),
                where="--obligation",
            )


def _profile(configuration: Configuration, tax_code: str) -> FilerProfile:
    if tax_code not in configuration.filers:
        raise UsageError(
            Text(f"Chưa có hồ sơ {tax_code}.", f"There is no profile {tax_code}."),
            Text(f"Thêm bằng: govgateway filer add {tax_code}", f"Add it: govgateway filer add {tax_code}"),
        )
    return configuration.filers[tax_code]


_LABELS = {
    "tax_code": Text("Mã số thuế", "Tax code"),
    "name": Text("Tên", "Name"),
    "key": Text("Khoá ký", "Key"),
    "obligations": Text("Nghĩa vụ kê khai", "Obligations"),
    "since": Text("Kê khai từ ngày", "Files since"),
}
_LABELS |= {each.name: Text(each.about.vi.capitalize(), each.about.en.capitalize()) for each in PARTICULARS}


def _fields(profile: FilerProfile) -> dict[str, str | list[str]]:
    return {
        "tax_code": profile.tax_code,
        "name": profile.name,
        "key": str(profile.key or ""),
        "obligations": list(profile.obligations),
        "since": str(profile.since or ""),
        **profile.particulars,
    }
