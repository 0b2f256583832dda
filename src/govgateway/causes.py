"""Why the system did not read or write something: in our words, in both languages; its own are no help to a person."""

from __future__ import annotations

import errno

from govgateway.errors import Text

DISK_FULL = Text("hết dung lượng đĩa", "the disk is full")
NO_PERMISSION = Text("không có quyền", "you have no permission")
NOT_FOUND = Text("không tìm thấy", "it was not found")
BUSY = Text("chương trình khác đang dùng", "another program is using it")
THROUGH_A_FILE = Text("đường dẫn đi qua một tệp", "its path leads through a file")
DEVICE_FAILED = Text("thiết bị lưu trữ báo lỗi", "the storage device failed")

_CAUSES = {
    errno.ENOENT: NOT_FOUND,
    errno.EACCES: NO_PERMISSION,
    errno.EPERM: NO_PERMISSION,
    errno.EROFS: Text("ổ đĩa chỉ cho đọc", "the disk is read-only"),
    errno.ENOSPC: DISK_FULL,
    errno.EDQUOT: DISK_FULL,
    errno.EFBIG: Text("vượt cỡ tệp cho phép", "files may not become so large"),
    errno.EISDIR: Text("đó là một thư mục", "it is a folder"),
    errno.ENOTDIR: THROUGH_A_FILE,
    errno.EEXIST: THROUGH_A_FILE,  # what making a folder meets
    errno.ENAMETOOLONG: Text("tên quá dài", "its name is too long"),
    errno.EBUSY: BUSY,
    errno.EIO: DEVICE_FAILED,
}


def cause_of(error: OSError) -> Text:
    """What stopped the system, as the end of a sentence; by its number where nobody named it here."""
    number = error.errno
    return _CAUSES.get(number or 0, Text(f"hệ thống báo lỗi số {number}", f"the system reports error {number}"))
