"""The catalogue of errors: every one has a code of its own, an exit code that is known, and texts in both languages."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module

import pytest

import govgateway
from govgateway.cli.exits import EXIT_CODES
from govgateway.errors import DocumentRefused, GovGatewayError, StorageError, Text


def _with_subclasses(error: type[GovGatewayError]) -> Iterator[type[GovGatewayError]]:
    yield error
    for each in error.__subclasses__():
        yield from _with_subclasses(each)


def _load_every_module() -> None:
    for each in pkgutil.walk_packages(govgateway.__path__, "govgateway."):
        if not each.name.endswith(("__main__", "migrations.env")):
            import_module(each.name)


@pytest.fixture(scope="module")
def catalogue() -> list[type[GovGatewayError]]:
    """Every error that the core defines, wherever it is defined."""
    _load_every_module()
    return [each for each in _with_subclasses(GovGatewayError) if each.__module__.startswith("govgateway.")]


def test_codes_are_well_formed_and_unique(catalogue: list[type[GovGatewayError]]) -> None:
    codes = [each.code for each in catalogue]
    assert [code for code in codes if not re.fullmatch(r"GG-[0-9]{3}", code)] == []
    assert sorted(set(codes)) == sorted(codes)


def test_every_error_says_its_own_code_and_exit_code(catalogue: list[type[GovGatewayError]]) -> None:
    assert all({"code", "exit_code"} <= vars(each).keys() for each in catalogue)


def test_codes_are_stable() -> None:
    stable = {
        "GG-000": "GovGatewayError", "GG-001": "UsageError", "GG-002": "ConfigurationError", "GG-003": "StorageError",
        "GG-100": "UnreadableDocument", "GG-101": "UnknownForm", "GG-102": "DocumentRefused",
        "GG-200": "KeyUnusable", "GG-201": "CertificateUnfit", "GG-202": "SignatureBroken",
        "GG-301": "AnswerRefused",
        "GG-400": "DuplicateFiling", "GG-401": "UnknownFiling", "GG-402": "TransitionRefused", "GG-403": "LeaseLost",
    }  # fmt: skip
    assert {code: name for code, name in _catalogued().items() if code in stable} == stable


def _catalogued() -> dict[str, str]:
    own = [each for each in _with_subclasses(GovGatewayError) if each.__module__ == "govgateway.errors"]
    return {each.code: each.__name__ for each in own}


def test_exit_codes_are_known_and_none_means_success(catalogue: list[type[GovGatewayError]]) -> None:
    assert {each.exit_code for each in catalogue} <= EXIT_CODES.keys() - {0}


def test_exit_codes_are_told_in_both_languages() -> None:
    assert all(said.vi and said.en and said.vi != said.en for said in EXIT_CODES.values())


def test_what_an_error_carries() -> None:
    error = StorageError(Text("Hỏng.", "Broken."), Text("Sửa.", "Mend it."), where="a.db", correlation_id="0123")
    assert str(error) == "Broken."
    assert (error.where, error.correlation_id, error.retryable, error.exit_code) == ("a.db", "0123", True, 6)
    assert (error.message.in_language("vi"), error.remedy.in_language("en")) == ("Hỏng.", "Mend it.")


def test_a_language_that_is_not_known_is_vietnamese() -> None:
    assert Text("vâng", "yes").in_language("fr") == "vâng"


def test_a_refused_document_carries_its_findings() -> None:
    said = Text("Có lỗi.", "It has errors.")
    assert DocumentRefused(said, said, ("finding",)).findings == ("finding",)
