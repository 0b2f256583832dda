"""The demonstration keys are made once, whole, for all who need them."""

from __future__ import annotations

from pathlib import Path

import pytest

from govgateway.testing import (
    DEPARTMENT,
    make_keys,
)


def test_the_keys_are_made_once_and_whole(demonstration_keys: Path, tmp_path: Path) -> None:
    made = {path.name: path.read_bytes() for path in demonstration_keys.iterdir() if path.is_file()}
    assert {"trust.pem", f"{DEPARTMENT}.p12"} <= set(made)
    assert make_keys(demonstration_keys) == demonstration_keys
    assert {path.name: path.read_bytes() for path in demonstration_keys.iterdir() if path.is_file()} == made


def test_of_two_that_make_the_keys_at_once_both_use_those_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, demonstration_keys: Path
) -> None:
    folder = tmp_path / "keys"
    began: list[Path] = []

    class Started:
        def stop(self) -> None:
            """Somebody else is done meanwhile."""
            if not folder.exists():
                (folder / "of the first").mkdir(parents=True)

    def begin(agency: str, keys: Path, **options: object) -> Started:
        began.append(keys)
        return Started()

    monkeypatch.setattr("govgateway.testing.keys.start", begin)
    assert make_keys(folder) == folder
    assert [path.name for path in folder.iterdir()] == ["of the first"]
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]
    assert began
    assert began[0].parent == tmp_path
