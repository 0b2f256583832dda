"""Files for a person: whole or not there at all, and never in the place of others."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from govgateway.errors import ConfigurationError, StorageError, UsageError
from govgateway.pipeline.files import read_file, write_file


def _full_disk(path: Path, data: bytes) -> int:
    """What Path.write_bytes does on a full disk: the file is there, its content is not."""
    path.touch()
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_file_is_written_with_its_folders_and_nothing_beside(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "notice.xml"
    assert write_file(path, b"notice") == path
    assert path.read_bytes() == b"notice"
    assert list(path.parent.iterdir()) == [path]


def test_the_same_again_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "notice.xml"
    write_file(path, b"notice")
    assert write_file(path, b"notice").read_bytes() == b"notice"


def test_other_content_stays_and_the_option_that_leads_elsewhere_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notice.xml"
    path.write_bytes(b"mine")
    with pytest.raises(UsageError) as refused:
        write_file(path, b"notice", "--output")
    assert "--output" in refused.value.remedy.vi
    assert path.read_bytes() == b"mine"


def test_on_a_full_disk_nothing_is_left_and_the_next_try_succeeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "signed.xml"
    with monkeypatch.context() as full:
        full.setattr(Path, "write_bytes", _full_disk)
        with pytest.raises(StorageError) as refused:
            write_file(path, b"signed")
    assert "hết dung lượng đĩa" in refused.value.message.vi
    assert refused.value.where == str(path)
    assert list(tmp_path.iterdir()) == []
    assert write_file(path, b"signed").read_bytes() == b"signed"


def test_what_cannot_be_moved_into_place_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(errno.EACCES, "denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(StorageError):
        write_file(tmp_path / "signed.xml", b"signed")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_comes_meanwhile_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, written = tmp_path / "signed.xml", Path.write_bytes

    def slowly(self: Path, data: bytes) -> int:
        written(path, b"of somebody else")
        return written(self, data)

    monkeypatch.setattr(Path, "write_bytes", slowly)
    with pytest.raises(UsageError):
        write_file(path, b"signed")
    assert path.read_bytes() == b"of somebody else"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_read_is_told_in_our_words(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_file(tmp_path / "none.pem")
    assert "không tìm thấy" in refused.value.message.vi
    assert refused.value.where == str(tmp_path / "none.pem")
