"""Commands about the installation: filer profiles and the configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from govgateway.cli.options import AsJson, Language, settings
from govgateway.cli.output import print_json
from govgateway.configuration import Configuration, FilerProfile, default_path, store
from govgateway.errors import Text, UsageError

app = typer.Typer()
filer_app = typer.Typer(help="Hồ sơ đơn vị nộp · Filer profiles", no_args_is_help=True)
config_app = typer.Typer(help="Cấu hình · Configuration", no_args_is_help=True)
app.add_typer(filer_app, name="filer")
app.add_typer(config_app, name="config")

TaxCode = Annotated[str, typer.Argument(metavar="TAX_CODE", help="Mã số thuế · Tax code")]


@filer_app.command("add")
def add(
    tax_code: TaxCode,
    name: Annotated[str, typer.Option("--name", help="Tên đơn vị · Name")] = "",
    key: Annotated[Path | None, typer.Option("--key", help="Tệp khoá ký · Key file")] = None,
    lang: Language = None,
) -> None:
    """Thêm hoặc sửa hồ sơ đơn vị · Add or change a filer."""
    configuration = settings(lang)
    ensure_tax_code(tax_code)
    path = configuration.path
    known = configuration.filers.get(tax_code)
    store(path, f"filers.{tax_code}.name", name or (known.name if known else ""))
    if key is not None:
        store(path, f"filers.{tax_code}.key", str(key.resolve()))
    print(Text(f"Đã lưu {tax_code} vào {path}", f"Kept {tax_code} in {path}").in_language(configuration.language))


@filer_app.command("list")
def list_filers(lang: Language = None, json: AsJson = False) -> None:
    """Liệt kê hồ sơ đơn vị · List the filers."""
    configuration = settings(lang)
    if json:
        print_json({"filers": list(configuration.filers.values())}, configuration.language)
    for profile in () if json else configuration.filers.values():
        print(f"{profile.tax_code}  {profile.name}")


@filer_app.command("show")
def show_filer(tax_code: TaxCode, lang: Language = None, json: AsJson = False) -> None:
    """Xem hồ sơ một đơn vị · Show one filer."""
    configuration = settings(lang)
    profile = _profile(configuration, tax_code)
    if json:
        print_json({**_fields(profile)}, configuration.language)
        return
    for name, value in _fields(profile).items():
        print(f"{name}: {value}")


@config_app.command("show")
def show_config(lang: Language = None, json: AsJson = False) -> None:
    """Xem cấu hình đang dùng, che mật khẩu · Show the settings in force, secrets hidden."""
    configuration = settings(lang)
    shown = configuration.shown()
    if json:
        print_json({"path": str(configuration.path), "settings": shown}, configuration.language)
        return
    print(f"# {configuration.path}")
    for key, value in shown.items():
        print(f"{key} = {value}")


@config_app.command("set")
def set_config(
    key: Annotated[str, typer.Argument(metavar="KEY", help="Khoá, ví dụ etax.simulator.address · Dotted key")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="Giá trị · Value")],
    lang: Language = None,
) -> None:
    """Đặt một giá trị cấu hình · Set one value."""
    configuration = settings(lang)
    store(configuration.path, key, value)
    print(Text(f"Đã ghi {configuration.path}", f"Written to {configuration.path}").in_language(configuration.language))


@config_app.command("path")
def config_path() -> None:
    """Tệp cấu hình nằm ở đâu · Where the configuration lies."""
    print(default_path())


def ensure_tax_code(tax_code: str) -> None:
    """Raise UsageError for a code of a wrong shape or with a wrong check digit (of the first ten digits).

    Ten digits, ten with a hyphen and three for a branch, or a personal number of twelve, which has no check digit.
    """
    root, _, branch = tax_code.partition("-")
    shaped = tax_code.isascii() and root.isdecimal() and (not branch or (len(branch) == 3 and branch.isdecimal()))
    personal = shaped and len(root) == 12 and not branch
    if personal or (shaped and len(root) == 10 and _check_digit(root) == int(root[9])):
        return
    raise UsageError(
        Text(f"Mã số thuế {tax_code} không đúng.", f"The tax code {tax_code} is wrong."),
        Text("Kiểm tra lại từng chữ số.", "Check each digit."),
    )


def _check_digit(root: str) -> int:
    weights = (31, 29, 23, 19, 17, 13, 7, 5, 3)
    return 10 - sum(weight * int(digit) for weight, digit in zip(weights, root, strict=False)) % 11


def _profile(configuration: Configuration, tax_code: str) -> FilerProfile:
    if tax_code not in configuration.filers:
        raise UsageError(
            Text(f"Chưa có hồ sơ {tax_code}.", f"There is no profile {tax_code}."),
            Text(f"Thêm bằng: govgateway filer add {tax_code}", f"Add it: govgateway filer add {tax_code}"),
        )
    return configuration.filers[tax_code]


def _fields(profile: FilerProfile) -> dict[str, str]:
    return {"tax_code": profile.tax_code, "name": profile.name, "key": str(profile.key or "")}
