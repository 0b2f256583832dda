"""Every signature profile that is installed for documents that no connector knows.

A distribution offers them by the entry-point group ``govgateway.profiles``, which names a package of TOML files with
one table per profile (docs/signature-profiles.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from govgateway.documents.xml import XmlDocument
from govgateway.errors import Text, UsageError
from govgateway.signing.profile import SignatureProfile, read_profiles


@cache
def installed() -> Mapping[str, SignatureProfile]:
    """The installed profiles by name, read once."""
    from importlib.metadata import entry_points
    from importlib.resources import files

    folders = [files(entry.value) for entry in entry_points(group="govgateway.profiles")]
    tables = [each for folder in folders for each in folder.iterdir() if each.name.endswith(".toml")]
    written = (each.read_text(encoding="utf-8") for each in sorted(tables, key=lambda each: each.name))
    return {name: profile for each in written for name, profile in read_profiles(each).items()}


def named(name: str, document: XmlDocument) -> SignatureProfile:
    """The profile ``name`` for ``document``. Raises UsageError when there is none or it is for other documents."""
    profile = installed().get(name)
    if profile is None:
        known = ", ".join(sorted(installed()))
        raise UsageError(
            Text(f"Không có mẫu chữ ký '{name}'.", f"There is no signature profile '{name}'."),
            Text(f"Chọn một trong: {known}.", f"Choose one of: {known}."),
        )
    if not profile.fits(document):
        roots = ", ".join(f"<{each}>" for each in profile.roots)
        raise UsageError(
            Text(f"Mẫu chữ ký '{name}' không dùng cho <{document.root.tag}>.",
                 f"The signature profile '{name}' is not for <{document.root.tag}>."),
            Text(f"Mẫu này dùng cho {roots}.", f"It is for {roots}."),
        )  # fmt: skip
    return profile


def fitting(document: XmlDocument) -> Iterator[SignatureProfile]:
    """The installed profiles for documents such as ``document``, those for any document last."""
    return iter(sorted((each for each in installed().values() if each.fits(document)), key=_is_general))


def _is_general(profile: SignatureProfile) -> bool:
    return profile.is_general
