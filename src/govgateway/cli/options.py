"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from govgateway.filing import Environment

Document = Annotated[Path, typer.Argument(metavar="FILE", help="Tệp XML · XML file")]
FilingId = Annotated[str, typer.Argument(metavar="ID", help="Mã hồ sơ · Filing id")]
Language = Annotated[str | None, typer.Option("--lang", help="Ngôn ngữ: vi hoặc en · Language: vi or en")]
AsJson = Annotated[bool, typer.Option("--json", help="Kết quả dạng JSON · Output as JSON")]
Where = Annotated[
    Environment | None, typer.Option("--env", help="Môi trường: simulator, sandbox, production · Environment")
]
Folder = Annotated[Path, typer.Option("--to", help="Thư mục đích · Target folder")]
KeyFile = Annotated[Path | None, typer.Option("--key", help="Tệp khoá ký .p12/.pfx/.pem · Key file")]
PasswordFromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Đọc mật khẩu khoá từ stdin · Read the key's password from stdin")
]
