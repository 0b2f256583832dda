"""Names that a public module offers and loads when they are first used: importing it must cost nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module


def exporter(module: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """The ``__getattr__`` of ``module``: ``homes`` says for each public name in which module it is defined."""

    def load(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        return getattr(import_module(homes[name]), name)

    return load
