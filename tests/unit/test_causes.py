"""What the system says, in our words."""

from __future__ import annotations

import errno

import pytest

from govgateway.causes import cause_of


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, ("hết dung lượng đĩa", "the disk is full")),
        (errno.EACCES, ("không có quyền", "you have no permission")),
        (errno.ENOENT, ("không tìm thấy", "it was not found")),
        (errno.EISDIR, ("đó là một thư mục", "it is a folder")),
        (9999, ("hệ thống báo lỗi số 9999", "the system reports error 9999")),
    ],
)
def test_a_cause_is_told_in_both_languages(number: int, said: tuple[str, str]) -> None:
    cause = cause_of(OSError(number, "the system's own words", "file"))
    assert (cause.vi, cause.en) == said
