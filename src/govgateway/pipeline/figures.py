"""From a file with figures to a declaration, with the header that the settings tell: what ``govgateway build`` does.

drafted = draft_file(Path("f.xlsx"), configuration, period="10/2026", day=today)
drafted.document.data, drafted.findings
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

from govgateway.configuration import Configuration
from govgateway.connector import connectors
from govgateway.documents.xml import not_read
from govgateway.errors import Text, UsageError
from govgateway.pipeline.drafting import Drafted, Source, draft
from govgateway.pipeline.forms import composers

_LARGEST = 32 * 1024 * 1024


def draft_file(
    path: Path,
    configuration: Configuration,
    *,
    day: date,
    form: str = "",
    version: str = "",
    table: str = "",
    values: Mapping[str, str] = MappingProxyType({}),
    filer: str = "",
    period: str = "",
    kind: str = "",
) -> Drafted:
    """The document with the figures in the file at ``path`` (.xlsx, .json, .csv), made on ``day``, not yet signed.

    ``form``, ``version``, ``table`` and ``values`` are those of Source; ``filer``, ``period`` and ``kind`` go into the
    header, as ``header_of`` tells. Raises UnreadableDocument, UsageError when the figures are another filer's too.
    """
    source = Source(path.name, _data(path), form, version, table, values)
    about = header_of(configuration, filer, period, kind)
    names = {code: profile.name for code, profile in configuration.filers.items()}
    drafted = draft(source, composers(connectors()), about, day=day, names=names)
    if filer and drafted.recognition.filer != filer:
        raise _another_filer(path, drafted.recognition.filer, filer)
    return drafted


def header_of(configuration: Configuration, filer: str, period: str, kind: str) -> Mapping[str, str]:
    """What a header is to tell (FormComposer). Without ``filer`` the only profile there is counts; of several none.

    Raises UsageError when ``filer`` has no profile.
    """
    profiles = configuration.filers
    if filer and filer not in profiles:
        raise UsageError(
            Text(f"Chưa có hồ sơ đơn vị {filer}.", f"There is no filer profile {filer}."),
            Text(
                f'Thêm bằng: govgateway filer add {filer} --name "TÊN"',
                f'Add it: govgateway filer add {filer} --name "NAME"',
            ),
        )
    own = profiles[filer] if filer else next(iter(profiles.values())) if len(profiles) == 1 else None
    return {**(own.about if own else {}), "period": period, "kind": kind.upper()}


def _data(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= _LARGEST else b""
    except OSError as error:
        raise not_read(path, error) from None
    if size > _LARGEST:
        mib = 1024 * 1024
        raise UsageError(
            Text(f"Tệp {path} lớn hơn {_LARGEST // mib} MB.", f"The file {path} is larger than {_LARGEST // mib} MB."),
            Text("Chép số liệu sang một mẫu mới.", "Copy the figures to a new template."),
        )
    return data


def _another_filer(path: Path, found: str, wanted: str) -> UsageError:
    return UsageError(
        Text(f"Tệp ghi mã số thuế {found}, không phải {wanted}.", f"The file has the tax code {found}, not {wanted}."),
        Text("Chọn đúng tệp hoặc sửa mã số thuế trong tệp.", "Choose the right file, or correct its tax code."),
        where=path.name,
    )
