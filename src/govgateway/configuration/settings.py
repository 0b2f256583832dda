"""Which settings there are: every key of the file, for the checks, ``config show`` and docs/configuration.md."""

from __future__ import annotations

from enum import Enum, auto
from pathlib import Path
from typing import NamedTuple

from govgateway.errors import Text

PREFIX = "GOVGATEWAY_"


class ValueKind(Enum):
    """What a setting holds."""

    TEXT = auto()
    TEXTS = auto()
    ADDRESS = auto()
    DAY = auto()
    TRUTH = auto()
    TABLE = auto()


class Setting(NamedTuple):
    """One key of the file: what it is for, whether ``config show`` hides it, what it holds."""

    name: str
    about: Text
    secret: bool = False
    kind: ValueKind = ValueKind.TEXT


SETTINGS = (
    Setting("environment", Text("môi trường mặc định", "environment used unless a command names one")),
    Setting("language", Text("ngôn ngữ: vi hoặc en", "language of messages: vi or en")),
    Setting("ledger", Text("tệp sổ cái hoặc địa chỉ PostgreSQL", "ledger file, or address of a PostgreSQL database")),
    Setting(
        "revocation",
        Text("hỏi trạng thái thu hồi: offline hoặc online", "whether authorities are asked: offline or online"),
    ),
)
ENDPOINT_SETTINGS = (
    Setting("address", Text("địa chỉ dịch vụ", "base address of the service"), kind=ValueKind.ADDRESS),
    Setting("username", Text("tài khoản kết nối", "user name for the service")),
    Setting("password", Text("mật khẩu kết nối", "password for the service"), secret=True),
    Setting("trust", Text("chứng thư gốc tin cậy (PEM)", "trusted root certificates of signatures (PEM)")),
    Setting("ca_file", Text("chứng thư gốc TLS (PEM)", "root certificates for TLS instead of the system's (PEM)")),
    Setting(
        "settings",
        Text("thiết lập riêng của cơ quan (bảng)", "the connector's own settings (a table)"),
        kind=ValueKind.TABLE,
    ),
    Setting(
        "plain_http",
        Text("cho phép http không mã hoá (true/false)", "allow http without TLS (true/false)"),
        kind=ValueKind.TRUTH,
    ),
)
PARTICULARS = (
    Setting("tax_office", Text("mã cơ quan thuế nơi nộp", "code of the tax office")),
    Setting("tax_office_name", Text("tên cơ quan thuế nơi nộp", "name of the tax office")),
    Setting("address", Text("địa chỉ", "address")),
    Setting("ward", Text("xã, phường", "ward")),
    Setting("province", Text("tỉnh, thành phố", "province")),
    Setting("phone", Text("điện thoại", "telephone")),
    Setting("fax", Text("fax", "fax")),
    Setting("email", Text("thư điện tử", "e-mail")),
    Setting("signatory", Text("người ký", "signatory")),
)
"""What documents say of a filer besides its name and tax code."""
FILER_SETTINGS = (
    Setting("name", Text("tên đơn vị", "name of the organisation")),
    Setting("key", Text("tệp khoá ký (.p12, .pfx, .pem)", "file with the signing key (.p12, .pfx, .pem)")),
    Setting(
        "obligations", Text("nghĩa vụ kê khai (danh sách)", "what it has to declare (a list)"), kind=ValueKind.TEXTS
    ),
    Setting(
        "since",
        Text("kê khai qua govgateway từ ngày", "first day from which it files with govgateway"),
        kind=ValueKind.DAY,
    ),
    *PARTICULARS,
)


def looks_secret(name: str) -> bool:
    """Whether ``name`` is one that people give to a secret."""
    return any(word in name.lower() for word in ("password", "secret", "token", "key"))


def beside(path: Path, value: object) -> Path | None:
    """The file ``value`` that the settings at ``path`` name, relative to their folder; None for none."""
    return path.parent / str(value) if value else None
