"""Settings: what is read from the file and the environment, what is refused and how, what is never shown."""

from __future__ import annotations

import os
import stat
from datetime import date
from pathlib import Path

import pytest

from govgateway.configuration import Configuration, default_path, load, looks_secret, store
from govgateway.errors import ConfigurationError, StorageError
from govgateway.filing import Environment

WHOLE = """
# của phòng kế toán
environment = "sandbox"
language = "en"
ledger = "books/ledger.db"

[filers.9900000016]
name = "Sở Xây dựng tỉnh An Hoà"
key = "9900000016.p12"
obligations = ["01/PH monthly", "01/LP monthly"]
since = "2026-07-01"
tax_office = "99901"
address = "1 Trần Phú"

[etax.simulator]
address = "http://127.0.0.1:8700/ihtkk_van/"
username = "tvan"
password = "hunter2"
trust = "trust.pem"
plain_http = true

[etax.simulator.settings]
provider = "0002"
api_token = "hunter2"
retries = 3
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "govgateway.toml"


def _loaded(path: Path, text: str = "", **environ: str) -> Configuration:
    path.write_text(text, encoding="utf-8")
    return load(path, environ)


def _refused(path: Path, text: str, **environ: str) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        _loaded(path, text, **environ)
    assert str(path) in caught.value.where
    return caught.value


def test_without_a_file_there_are_safe_defaults(path: Path) -> None:
    configuration = load(path, {})
    assert (configuration.environment, configuration.language) == (Environment.SIMULATOR, "vi")
    assert (dict(configuration.filers), dict(configuration.endpoints)) == ({}, {})
    assert not path.exists()


def test_a_whole_file(path: Path) -> None:
    configuration = _loaded(path, WHOLE)
    assert (configuration.environment, configuration.language) == (Environment.SANDBOX, "en")
    assert configuration.ledger == str(path.parent / "books" / "ledger.db")
    filer = configuration.filers["9900000016"]
    assert filer.key == path.parent / "9900000016.p12"
    assert (filer.obligations, filer.since) == (("01/PH monthly", "01/LP monthly"), date(2026, 7, 1))
    assert filer.particulars == {"tax_office": "99901", "address": "1 Trần Phú"}
    assert filer.about["filer_address"] == "1 Trần Phú"
    endpoint = configuration.endpoint("etax", Environment.SIMULATOR)
    assert endpoint.address == "http://127.0.0.1:8700/ihtkk_van"
    assert (endpoint.username, endpoint.password.value, endpoint.plain_http) == ("tvan", "hunter2", True)
    assert endpoint.trust == path.parent / "trust.pem"
    assert endpoint.settings == {"provider": "0002", "api_token": "hunter2", "retries": "3"}


def test_a_day_may_be_written_as_toml_has_days(path: Path) -> None:
    assert _loaded(path, "[filers.9900000016]\nsince = 2026-07-01").filers["9900000016"].since == date(2026, 7, 1)


def test_a_byte_order_mark_is_no_mistake(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbflanguage = 'en'\r\n")
    assert load(path, {}).language == "en"


def test_the_environment_stands_above_the_file(path: Path) -> None:
    configuration = _loaded(
        path,
        WHOLE,
        GOVGATEWAY_LANGUAGE="vi",
        GOVGATEWAY_ENVIRONMENT="production",
        GOVGATEWAY_LEDGER="postgresql://db.example/ledger",
        GOVGATEWAY_ETAX_SIMULATOR_PASSWORD="other",
        GOVGATEWAY_ETAX_PRODUCTION_ADDRESS="https://agency.example",
        GOVGATEWAY_SOCIAL_INSURANCE_SANDBOX_ADDRESS="https://other.example",
    )
    assert (configuration.language, configuration.environment) == ("vi", Environment.PRODUCTION)
    assert configuration.ledger == "postgresql://db.example/ledger"
    assert configuration.endpoint("etax", Environment.SIMULATOR).password.value == "other"
    assert configuration.endpoint("etax", Environment.PRODUCTION).address == "https://agency.example"
    assert configuration.endpoint("social_insurance", Environment.SANDBOX).address == "https://other.example"


def test_other_variables_are_left_alone(path: Path) -> None:
    configuration = _loaded(
        path, GOVGATEWAY_KEY_PASSWORD="hunter2", GOVGATEWAY_CONFIG="x", SIMULATOR_PASSWORD="hunter2"
    )
    assert "hunter2" not in str(dict(configuration.values))


def test_a_variable_with_a_mistake_in_its_name_is_refused(path: Path) -> None:
    error = _refused(path, "", GOVGATEWAY_ETAX_SIMULATOR_PASWORD="x")
    assert "etax.simulator.pasword" in error.message.vi
    assert "password" in error.remedy.vi


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("languag = 'vi'", "languag"),
        ("language = 'fr'", "language"),
        ("language = 5", "language"),
        ("language = ['vi']", "language"),
        ("environment = 'moon'", "environment"),
        ("environment = false", "environment"),
        ("ledger = 5", "ledger"),
        ("ledger = ''", "ledger"),
        ("filers = 'x'", "filers"),
        ("[filers]\n9900000016 = 'x'", "filers.9900000016"),
        ("[filers.9900000016]\nnam = 'x'", "filers.9900000016.nam"),
        ("[filers.9900000016]\nkey = 5", "filers.9900000016.key"),
        ("[filers.9900000016]\nobligations = '01/PH monthly'", "filers.9900000016.obligations"),
        ("[filers.9900000016]\nobligations = [5]", "filers.9900000016.obligations"),
        ("[filers.9900000016]\nsince = '01/07/2026'", "filers.9900000016.since"),
        ("[language]\nname = 'vi'", "language"),
        ("[etax]\naddress = 'https://a.example'", "etax.address"),
        ("[etax.moon]\naddress = 'https://a.example'", "etax.moon"),
        ("[etax.simulator]\nadress = 'https://a.example'", "etax.simulator.adress"),
        ("[etax.simulator]\naddress = 'a.example:80'", "etax.simulator.address"),
        ("[etax.simulator]\naddress = 'ftp://a.example'", "etax.simulator.address"),
        ("[etax.simulator]\naddress = 5", "etax.simulator.address"),
        ("[etax.simulator]\npassword = 5", "etax.simulator.password"),
        ("[etax.simulator]\nplain_http = 'ture'", "etax.simulator.plain_http"),
        ("[etax.simulator]\nsettings = 'x'", "etax.simulator.settings"),
        ("[etax.simulator.settings]\nproviders = ['a']", "etax.simulator.settings"),
    ],
)
def test_what_is_wrong_is_named_by_its_key(path: Path, text: str, key: str) -> None:
    error = _refused(path, text)
    assert f"'{key}'" in error.message.vi
    assert f"'{key}'" in error.message.en
    assert error.message.vi != error.message.en


def test_the_nearest_name_is_offered(path: Path) -> None:
    assert _refused(path, "languag = 'vi'").remedy.vi == "Có phải là 'language'?"


def test_a_file_that_is_no_toml_is_refused_with_its_line(path: Path) -> None:
    error = _refused(path, "language = 'vi'\nledger =\n")
    assert "dòng 2, cột" in error.message.vi
    assert "line 2, column" in error.message.en


def test_a_file_that_ends_too_soon_is_told_so(path: Path) -> None:
    assert "ở cuối tệp" in _refused(path, "ledger = [").message.vi


def test_a_file_that_is_a_folder_is_told_in_our_words(path: Path) -> None:
    path.mkdir()
    with pytest.raises(ConfigurationError) as caught:
        load(path, {})
    assert caught.value.where == str(path)
    assert "Error" not in caught.value.message.vi


def test_a_named_file_that_is_not_there_gives_no_ledger(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVGATEWAY_CONFIG", str(path))
    with pytest.raises(ConfigurationError) as caught:
        _ = load().ledger
    assert str(path) in caught.value.message.vi
    for remedy in (caught.value.remedy.vi, caught.value.remedy.en):
        assert "govgateway config set language" in remedy
    monkeypatch.setenv("GOVGATEWAY_LEDGER", "elsewhere.db")
    assert load().ledger == str(path.parent / "elsewhere.db")


def test_a_file_that_is_no_text(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError):
        load(path, {})


def test_an_address_that_is_not_set_is_asked_for_by_its_command(path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(path, {}).endpoint("etax", Environment.PRODUCTION)
    assert "govgateway config set etax.production.address" in caught.value.remedy.vi


def test_trusted_roots_need_no_address(path: Path) -> None:
    configuration = _loaded(path, "[etax.production]\ntrust = 'roots.pem'")
    assert configuration.trust("etax", Environment.PRODUCTION) == path.parent / "roots.pem"
    assert configuration.trust("etax", Environment.SANDBOX) is None
    assert configuration.trust("treasury", Environment.PRODUCTION) is None


def test_no_secret_is_shown(path: Path) -> None:
    configuration = _loaded(
        path, WHOLE, GOVGATEWAY_LEDGER="postgresql://me:hunter2@host@db.example/l?sslmode=require&password=hunter2"
    )
    shown = configuration.shown()
    assert "hunter2" not in str(shown)
    assert shown["etax.simulator.password"] == "•••"
    assert shown["etax.simulator.settings.api_token"] == "•••"
    assert shown["etax.simulator.settings.provider"] == "0002"
    assert shown["ledger"] == "postgresql://me:•••@db.example/l?sslmode=require&password=•••"
    assert shown["etax.simulator.address"] == "http://127.0.0.1:8700/ihtkk_van/"
    assert shown["filers.9900000016.key"] == "9900000016.p12"


def test_an_empty_password_is_shown_to_be_empty(path: Path) -> None:
    assert _loaded(path, "[etax.simulator]\npassword = ''").shown()["etax.simulator.password"] == ""


def test_no_secret_is_in_the_representation(path: Path) -> None:
    configuration = _loaded(path, WHOLE, GOVGATEWAY_LEDGER="postgresql://me:hunter2@db.example/ledger")
    assert "hunter2" not in repr(configuration)
    assert "hunter2" not in str(configuration.endpoint("etax", Environment.SIMULATOR))


@pytest.mark.parametrize("name", ["password", "clientSecret", "API_TOKEN", "signing_key"])
def test_names_of_secrets(name: str) -> None:
    assert looks_secret(name)


def test_a_value_is_stored_beside_what_is_there(path: Path) -> None:
    path.write_text(WHOLE, encoding="utf-8")
    store(path, {"etax.simulator.username": "other"})
    assert path.read_text(encoding="utf-8") == WHOLE.replace('"tvan"', '"other"')


def test_tables_are_made_where_they_are_missing(path: Path) -> None:
    store(path, {"etax.production.address": "https://agency.example"})
    store(path, {"filers.9900000016-001.name": "Chi cục"})
    store(path, {"etax.sandbox.username": "u"})
    text = path.read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("[")] == [
        "[etax.production]", "[etax.sandbox]", "[filers.9900000016-001]"
    ]  # fmt: skip
    assert load(path, {}).filers["9900000016-001"].name == "Chi cục"


def test_what_would_be_wrong_is_not_written(path: Path) -> None:
    path.write_text(WHOLE, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        store(path, {"language": "fr"})
    assert caught.value.where == str(path)
    assert path.read_text(encoding="utf-8") == WHOLE
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way")
def test_only_the_owner_may_read_the_file(path: Path) -> None:
    store(path, {"language": "vi"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_replaced(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(13, "denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(StorageError) as caught:
        store(path, {"language": "vi"})
    assert str(path) in caught.value.message.vi
    assert list(path.parent.iterdir()) == []


def test_where_the_file_lies(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVGATEWAY_CONFIG", str(path))
    path.touch()
    assert default_path() == path
    assert load().ledger == str(path.parent / "ledger.db")
    monkeypatch.delenv("GOVGATEWAY_CONFIG")
    assert default_path().name == "govgateway.toml"
    assert load(path, {}).ledger != str(path.parent / "ledger.db")
