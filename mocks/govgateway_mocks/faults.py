"""A fault as data: on which call, when, what happens.

    [[fault]]
    on = "nhanHSoXML"          # operation or path; * and ? stand for anything
    do = "reset"
    when = { nth = [1, 3] }
    with = { at = "answer" }

Conditions are counted by request, never by connection: a kept connection hides no fault. Only what happens before there
is a request (``at = "accept"``, half-open, tls-drop) is counted by connection. All conditions given must hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Any

from govgateway.errors import Text
from govgateway_mocks.reading import mapping, number, numbers, only, text, unfit

Parameter = str | int | float | bool


@dataclass(frozen=True, slots=True)
class When:
    """When a fault strikes, among the calls that it watches: those that its ``on`` and ``key`` name, from ``after``
    until ``until``. The first of them is number 1.

    ``nth`` those numbers; ``every`` each n-th; ``probability`` (0 to 1) drawn from a generator seeded by ``seed``;
    ``key`` a business key, * and ? stand for anything; ``times`` at most so often; ``after`` and ``until`` seconds of
    the simulator's clock since it was armed. Nothing given: always. With ``key``, nth, every and times count for each
    key on its own: ``key = "*", nth = 1`` is the first call about each filing.
    """

    nth: tuple[int, ...] = ()
    every: int = 0
    probability: float = 1.0
    seed: int = 0
    key: str = ""
    times: int = 0
    after: float = 0.0
    until: float = 0.0

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> When:
        """The conditions written in ``data``; ``nth`` may be one number. Raises UsageError for what is none."""
        only(data, CONDITIONS)
        read: dict[str, Any] = {name: _READ[name](f"when.{name}", value) for name, value in data.items()}
        return cls(**read)


CONDITIONS = tuple(each.name for each in fields(When))
"""The names of the conditions; a kind's parameters must have others."""

_READ: Mapping[str, Callable[[str, object], object]] = {
    "nth": numbers,
    "every": partial(number, kind=int, least=1),
    "probability": partial(number, kind=float, most=1),
    "seed": partial(number, kind=int),
    "key": text,
    "times": partial(number, kind=int, least=1),
    "after": partial(number, kind=float),
    "until": partial(number, kind=float),
}


class Counted(StrEnum):
    """By what the calls are counted that a fault watches."""

    REQUEST = "request"
    CONNECTION = "connection"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A kind of fault: ``layer`` plays it (wire, http, agency); ``parameters`` by name, with what they are by default.

    ``choices`` are all that a text parameter may be, ``limits`` the lowest and the highest that a number may be. A kind
    ``counted`` by connection strikes before there is a request; one by nothing is a state. ``tls``: only over TLS. One
    with the parameters ``calls`` and ``minutes`` strikes once it has let so many calls pass in the last minutes.
    ``means`` are the calls that it can be played at, * and ? stand for anything; at others it is not counted.
    """

    name: str
    layer: str
    meaning: Text
    parameters: Mapping[str, Parameter] = field(default_factory=lambda: MappingProxyType({}))
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    limits: Mapping[str, tuple[int, int | None]] = field(default_factory=lambda: MappingProxyType({}))
    counted: Counted = Counted.REQUEST
    tls: bool = False
    means: tuple[str, ...] = ("*",)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault to be played. ``do`` names its kind, ``parameters`` are that kind's, those not given at their default."""

    do: str
    on: str = "*"
    when: When = When()
    parameters: Mapping[str, Parameter] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Fault:
        """The fault written in ``data`` (``on``, ``do``, ``when``, ``with``). Raises UsageError for what is none."""
        only(mapping("fault", data), ("on", "do", "when", "with"))
        return cls(
            text("do", data.get("do")),
            text("on", data.get("on", "*")),
            When.of(mapping("when", data.get("when", {}))),
            MappingProxyType({**mapping("with", data.get("with", {}))}),
        )

    @classmethod
    def flat(cls, do: str, *, on: str = "*", **named: Any) -> Fault:
        """The same in one call: ``named`` are conditions by their names, all others parameters. Raises UsageError."""
        when = {name: value for name, value in named.items() if name in CONDITIONS}
        parameters = {name: value for name, value in named.items() if name not in CONDITIONS}
        return cls.of({"do": do, "on": on, "when": when, "with": parameters})

    def told(self) -> dict[str, Any]:
        """As data: ``on``, ``do``, ``when`` and ``with``, only what differs from the default."""
        when = {
            name: getattr(self.when, name) for name in CONDITIONS if getattr(self.when, name) != getattr(_ALWAYS, name)
        }
        if "nth" in when:
            when["nth"] = list(when["nth"])
        parts = {"when": when, "with": dict(self.parameters), "on": self.on if self.on != "*" else None}
        return {"do": self.do} | {name: part for name, part in parts.items() if part}

    def played_as(self, kind: FaultKind) -> Fault:
        """The fault with every parameter of its ``kind``. Raises UsageError for a parameter that the kind has not."""
        only(self.parameters, tuple(kind.parameters))
        given = {name: _parameter(kind, name, value) for name, value in self.parameters.items()}
        return Fault(self.do, self.on, self.when, MappingProxyType({**kind.parameters, **given}))


_ALWAYS = When()


def _parameter(kind: FaultKind, name: str, value: object) -> Parameter:
    """``value`` when it is of the default's type and allowed."""
    where, default = f"with.{name}", kind.parameters[name]
    if isinstance(default, bool):
        if isinstance(value, bool):
            return value
        raise unfit(where, "true, false")
    if isinstance(default, str):
        written, choices = text(where, value, empty=not default), kind.choices.get(name, ())
        if choices and written not in choices:
            raise unfit(where, ", ".join(choices))
        return written
    least, most = kind.limits.get(name, (None, None))
    return number(where, value, type(default), least=least, most=most)
