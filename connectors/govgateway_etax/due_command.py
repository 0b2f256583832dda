"""``govgateway due``: what each filer still has to file, until when, what was filed, and how late."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated

import typer

from govgateway import Configuration, ConfigurationError, Environment, Gateway, Text, UsageError
from govgateway_etax.connector import ETax
from govgateway_etax.deadlines import Deadlines, read_outages
from govgateway_etax.due import Desk
from govgateway_etax.due_listing import Filed, Listing
from govgateway_etax.obligations import returns_of
from govgateway_etax.shapes import today

app = typer.Typer(add_completion=False)

_AHEAD = timedelta(days=31)
_FARTHEST = timedelta(days=3660)


class Language(StrEnum):
    """The languages that are spoken here."""

    VI = "vi"
    EN = "en"


@app.command()
def due(
    filer: Annotated[str | None, typer.Option("--filer", help="Mã số thuế · Tax code")] = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            "--until",
            metavar="DD/MM/YYYY",
            formats=["%d/%m/%Y", "%Y-%m-%d"],
            help="Hạn nộp tới ngày · Deadlines up to this day",
        ),
    ] = None,
    env: Annotated[
        Environment | None, typer.Option("--env", help="Môi trường: simulator, sandbox, production · Environment")
    ] = None,
    lang: Annotated[Language | None, typer.Option("--lang", help="Ngôn ngữ: vi hoặc en · Language: vi or en")] = None,
    json: Annotated[bool, typer.Option("--json", help="Kết quả dạng JSON · Output as JSON")] = False,
) -> int:
    """Còn phải nộp những tờ khai nào, hạn tới bao giờ · What is still to file, and until when.

    Mã thoát · Exit code: 1 khi có tờ khai quá hạn chưa nộp · when a return is overdue.
    """
    day = today()
    last = _last_day(until, day)
    with Gateway.open() as gateway:
        configuration = gateway.configuration
        where, language = env or configuration.environment, lang or configuration.language
        filings = [each for each in gateway.filings(environment=where) if each.key.agency == ETax.agency]
        desk = Desk(_deadlines(configuration, where), filings, lambda each: gateway.history(each).receipts, day)
        listed = [_listed(desk, configuration, code, last) for code in _filers(configuration, filer)]
    listing = Listing(where, day, last, listed)
    print(listing.as_json(language) if json else listing.as_text(language))
    return int(any(each.overdue for filed in listed for each in filed.dues))


def _last_day(until: datetime | None, day: date) -> date:
    """``until``, a month ahead of ``day`` unless given. Raises UsageError when it is too far ahead to mean anything."""
    if until is not None and until.date() > day + _FARTHEST:
        raise UsageError(
            Text(f"Ngày {until:%d/%m/%Y} quá xa.", f"The day {until:%d/%m/%Y} is too far ahead."),
            Text("Chọn ngày trong vòng mười năm tới.", "Choose a day within the next ten years."),
        )
    return until.date() if until else day + _AHEAD


def _filers(configuration: Configuration, chosen: str | None) -> list[str]:
    """The filers that have obligations; only the one that is ``chosen``, which must be known."""
    if chosen is not None and chosen not in configuration.filers:
        raise UsageError(
            Text(f"Chưa có hồ sơ {chosen}.", f"There is no profile {chosen}."),
            Text(f"Thêm bằng: govgateway filer add {chosen}", f"Add it: govgateway filer add {chosen}"),
        )
    profiles = configuration.filers.items()
    return [code for code, profile in profiles if profile.obligations and chosen in (None, code)]


def _listed(desk: Desk, configuration: Configuration, code: str, until: date) -> Filed:
    """What ``code`` has to file. Raises ConfigurationError for an unknown obligation, or when no first day is set."""
    profile = configuration.filers[code]
    returns = returns_of(profile.obligations, f"{configuration.path}: filers.{code}.obligations")
    if profile.since is None:
        raise ConfigurationError(
            Text(f"Chưa biết {code} khai từ ngày nào.", f"It is not set since when {code} files."),
            Text(
                f"Đặt: govgateway filer add {code} --since 01/07/2026",
                f"Set it: govgateway filer add {code} --since 01/07/2026",
            ),
            where=f"{configuration.path}: filers.{code}.since",
        )
    return Filed(code, profile.name, desk.dues(code, returns, profile.since, until))


def _deadlines(configuration: Configuration, environment: Environment) -> Deadlines:
    """The deadlines, with the outages that the settings name; they count without an address, too."""
    settings = configuration.values.get(ETax.agency, {}).get(environment.value, {}).get("settings", {})
    where = f"{configuration.path}: {ETax.agency}.{environment}.settings.outages"
    return Deadlines(read_outages(str(settings.get("outages", "")), where))
