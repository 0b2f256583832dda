"""What runs until it is stopped, for use in a with block."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class Stopping(ABC):
    """Stopped at the end of a with block."""

    @abstractmethod
    def stop(self) -> None:
        """Stop; nothing is left running."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
