"""A file with figures becomes a declaration with the header that the settings tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from govgateway.configuration import Configuration, load
from govgateway.errors import UsageError
from govgateway.pipeline.figures import draft_file, header_of
from workbooks import DAY, field, filled, told

ONE = """
[filers.9900000016]
name = "Sở Xây dựng tỉnh An Hoà"
tax_office = "99901"
email = "so@anhoa.example"
"""
TWO = (
    ONE
    + """
[filers.9900000023]
name = "Sở Y tế tỉnh An Hoà"
"""
)


def settings(folder: Path, text: str) -> Configuration:
    path = folder / "govgateway.toml"
    path.write_text(text, encoding="utf-8")
    return load(path, {})


def test_the_only_profile_counts_with_all_that_it_tells(tmp_path: Path) -> None:
    assert header_of(settings(tmp_path, ONE), "", "10/2026", "b") == {
        "filer": "9900000016",
        "filer_name": "Sở Xây dựng tỉnh An Hoà",
        "filer_tax_office": "99901",
        "filer_email": "so@anhoa.example",
        "period": "10/2026",
        "kind": "B",
    }


def test_of_several_profiles_the_one_that_is_named_counts_and_none_is_guessed(tmp_path: Path) -> None:
    both = settings(tmp_path, TWO)
    assert header_of(both, "9900000023", "", "")["filer_name"] == "Sở Y tế tỉnh An Hoà"
    assert header_of(both, "", "", "") == {"period": "", "kind": ""}
    with pytest.raises(UsageError, match="no filer profile 9900000030"):
        header_of(both, "9900000030", "", "")


def test_all_profiles_are_known_by_name(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    path.write_bytes(filled(field("tenNNT", "Sở Y tế tỉnh An Hoà")))
    drafted = draft_file(path, settings(tmp_path, TWO), day=DAY)
    ((rule, cell),) = told(drafted.findings)
    assert rule == "SHEET-NAME"
    assert cell.startswith("Tờ khai!")


def test_a_file_that_is_not_there_or_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        draft_file(tmp_path / "f.xlsx", settings(tmp_path, ONE), day=DAY)
    assert refused.value.message.vi.endswith("f.xlsx: không tìm thấy.")
    with (tmp_path / "f.csv").open("wb") as file:
        file.truncate(32 * 1024 * 1024 + 1)
    with pytest.raises(UsageError, match="larger than 32 MB"):
        draft_file(tmp_path / "f.csv", settings(tmp_path, ONE), day=DAY)
