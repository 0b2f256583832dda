"""The pages of the documentation as tests look at them: sections, tables, code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from samples import ROOT

_FENCE = re.compile(r"^(?:<!-- file: (?P<file>\S+) -->\n)?```(?P<language>\w*)\n(?P<code>.*?)^```$", re.M | re.S)
_SPAN = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class Page:
    """One page by its path below the repository's root."""

    name: str

    @property
    def text(self) -> str:
        return (ROOT / self.name).read_text(encoding="utf-8")

    @property
    def prose(self) -> str:
        """The text without its code blocks."""
        return _FENCE.sub("", self.text)

    def blocks(self, *languages: str) -> list[str]:
        """The code blocks of these languages, in order."""
        return [each["code"] for each in _FENCE.finditer(self.text) if each["language"] in languages]

    def files(self) -> dict[str, str]:
        """The code blocks that are whole files, by the name in the comment above them."""
        return {each["file"]: each["code"] for each in _FENCE.finditer(self.text) if each["file"]}

    def headings(self) -> list[str]:
        return re.findall(r"^#+ (.*)$", self.prose, re.M)

    def section(self, heading: str) -> str:
        """The prose under a heading, until the next one of any level."""
        return re.split(r"^#+ .*$", self.prose.split(f"# {heading}\n", 1)[1], maxsplit=1, flags=re.M)[0]

    def spans(self) -> list[str]:
        """Everything that stands between back-quotes in the prose."""
        return _SPAN.findall(self.prose)


def all_pages() -> list[Page]:
    names = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
    names += sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))
    return [Page(name) for name in names]


def rows(text: str) -> list[list[str]]:
    """The cells of every table row in ``text``, without heads and rulers."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    found = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return [cells for number, cells in enumerate(found) if not _is_head(found, number)]


def _is_head(found: list[list[str]], number: int) -> bool:
    rulers = [set("".join(cells)) <= set("-: ") for cells in found]
    return rulers[number] or (number + 1 < len(found) and rulers[number + 1])


def spans_of(text: str) -> list[str]:
    return _SPAN.findall(text)


def commands() -> Iterator[tuple[str, str]]:
    """Every command line in a code block, with the page that it stands on."""
    for page in all_pages():
        for block in page.blocks("", "sh", "powershell"):
            yield from ((page.name, line) for line in block.splitlines() if line.startswith("govgateway "))
