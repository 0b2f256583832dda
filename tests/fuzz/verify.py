"""Fuzzes reading and verifying: `python tests/fuzz/verify.py [options of libFuzzer]`, which `make fuzz` calls.

An input is a document, or a zero byte and numbers by which the parts of a signed document are rearranged. Whatever
comes, nothing is raised but what a person can read, and what verifies says what was signed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from govgateway.signing.profile import SignatureProfile

HERE = Path(__file__).resolve().parent
CORPUS = HERE / "corpus"
_MOST_CHANGES = 4  # each may copy the whole document
AT = datetime(2026, 11, 16, 3, 0, tzinfo=UTC)
HOW = (
    "atheris is not installed: pip install -r tests/fuzz/requirements.txt (Linux on x86-64, Python 3.12 or newer); "
    "make fuzz does it in an environment of its own"
)


@cache
def signed() -> Mapping[str, bytes]:
    """The signed documents of the corpus by the names of their profiles."""
    return {path.stem: path.read_bytes() for path in sorted(CORPUS.glob("*.xml"))}


@cache
def originals() -> frozenset[bytes]:
    """What was signed in them."""
    from govgateway.documents.xml import read_xml
    from govgateway.signing.trust import TrustStore
    from govgateway.signing.verify import verify

    found = (verify(read_xml(data), _profiles()[name], TrustStore.empty(), AT) for name, data in signed().items())
    return frozenset(each.content for each in found if each.content is not None)


def examine(data: bytes) -> int:
    """Read ``data`` and verify it by every profile that fits; how many found it sound. Raises for what must not be."""
    from govgateway.documents.xml import read_xml
    from govgateway.errors import UnreadableDocument
    from govgateway.signing.trust import TrustStore
    from govgateway.signing.verify import verify

    try:
        document = read_xml(_rearranged(data[1:]) if data.startswith(b"\0") else data)
    except UnreadableDocument:
        return 0
    fitting = [each for each in _profiles().values() if each.fits(document)]
    contents = [verify(document, each, TrustStore.empty(), AT).content for each in fitting]
    sound = [each for each in contents if each is not None]
    if not originals().issuperset(sound):
        raise AssertionError("a document verifies that nobody signed")
    return len(sound)


@cache
def _profiles() -> Mapping[str, SignatureProfile]:
    import govgateway_schemas
    from govgateway.signing.profile import read_profiles

    folder = Path(govgateway_schemas.__file__).parent
    files = (*folder.glob("signatures/*.toml"), folder / "etax" / "signatures.toml")
    return {name: each for path in files for name, each in read_profiles(path.read_text(encoding="utf-8")).items()}


def _rearranged(numbers: bytes) -> bytes:
    from lxml import etree

    from forging import rearranged

    left = list(numbers)

    def choose(below: int) -> int:
        return (left.pop(0) * 256 + left.pop(0)) % below if len(left) > 1 else 0

    names = sorted(signed())
    root = etree.fromstring(signed()[names[choose(len(names))]])
    for _ in range(min(len(left) // 8, _MOST_CHANGES)):
        root = rearranged(root, choose)
    return etree.tostring(root, encoding="UTF-8")


def main(arguments: list[str]) -> int:
    """Fuzz until libFuzzer ends it; without atheris say how to install it."""
    try:
        import atheris
    except ImportError:
        print(HOW)
        return int("GOVGATEWAY_NO_SKIPS" in os.environ)
    sys.path.insert(0, str(HERE.parent))
    with atheris.instrument_imports(include=["govgateway.signing", "govgateway.documents"]):
        originals()
    target: Callable[[bytes], None] = lambda data: [None, examine(data)][0]  # noqa: E731
    atheris.Setup([arguments[0], *arguments[1:], f"-dict={HERE / 'xml.dict'}"], target)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
