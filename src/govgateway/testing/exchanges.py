"""What went over the wire, as a person reads it below a test that failed. Credentials are cut out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from govgateway.testing.simulators import Exchange, RunningSimulator, SimulatedAgency

if TYPE_CHECKING:
    from govgateway.filing import Filing

CUT = "•••"
_WIDTH, _LINES = 110, 12
_ENDS = 8
"""So many of the first exchanges are told, and of the last."""
_OFTEN, _PERIOD = 3, 3
"""What comes so often, one time after the other, is told once: a call, or a turn of so many calls at most."""
_VARYING = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+|[\d,]+ bytes")
"""What differs between polls that are equal: identifiers of MIME parts, moments, sizes."""
_NOISE = re.compile(r"""<(\w[\w.-]*:|)Header[ >].*?</\1Header>| xmlns(:[\w.-]+)?=("[^"]*"|'[^']*')""", re.DOTALL)
_VIETNAM = timezone(timedelta(hours=7))
_SECRETS = (
    re.compile(rb"(?i)(<(?:\w+:)?\w*(?:password|secret|token|pin)\b[^>]*>)[^<]+"),
    re.compile(rb"(?im)^((?:authorization|proxy-authorization|cookie|set-cookie|x-api-key):).*?(?=\r?$)"),
    re.compile(rb'(?i)((?:password|secret|token|pin)"?\s*[=:]\s*"?)[^"&\s,}]+'),
)


def transcript(simulator: RunningSimulator, filing: Filing | None = None) -> str:
    """The exchanges with ``simulator``: number, moment and call, the request, the answer, the fault that struck.

    With ``filing`` those about other filings are left out. Equal polls are told once, of many exchanges the first and
    the last, and long messages are shortened; all stand whole in ``simulator.exchanges``.
    """
    passed = list(simulator.exchanges)
    shown = [each for each in passed if not _is_of_another(each, filing, simulator.agency)] if filing else passed
    settings = simulator.agency.settings(simulator.address)
    told = list(_told(shown, {value for name, value in settings.items() if name == "password"}))
    return "\n".join([*_left_out(passed, shown), *told] or ["nothing went over the wire"])


def _left_out(passed: Sequence[Exchange], shown: Sequence[Exchange]) -> Iterator[str]:
    """What is not told of, and why."""
    forgotten = passed[0].number - 1 if passed else 0
    if forgotten:
        yield f"(the first {forgotten:,} exchanges are no longer kept)"
    if others := len(passed) - len(shown):
        yield f"({others:,} exchanges about other filings are not shown)"


def _is_of_another(exchange: Exchange, filing: Filing, agency: SimulatedAgency) -> bool:
    """Whether it asks for another filing, or hands one in. What could be about ``filing`` is not."""
    arrived = agency.submissions()
    own = [each for each in arrived if each.digest == filing.document_sha256]
    others = [each for each in arrived if each.digest != filing.document_sha256]
    ours = {filing.reference, *(each.reference for each in own)}
    foreign = [each.reference.encode() for each in others if each.reference not in ours]
    if any(each in exchange.request for each in foreign):
        return True
    if not any(each in exchange.answer for each in foreign):
        return False
    key = agency.key_of(exchange.request.partition(b"\r\n\r\n")[2])
    return key in {each.key for each in others} - {"", *(each.key for each in own)}


def _told(exchanges: Sequence[Exchange], secrets: Collection[str]) -> Iterator[str]:
    """The lines about ``exchanges``: a cycle of polls as one turn of it, and no more than the first and the last."""
    messages = [list(_messages(each, secrets)) for each in exchanges]
    alike = [
        _VARYING.sub("", "\n".join([each.call, each.fault or "", *lines]))
        for each, lines in zip(exchanges, messages, strict=True)
    ]
    blocks = list(_blocks(alike))
    for number, block in enumerate(blocks):
        if number < _ENDS or number >= len(blocks) - _ENDS:
            yield from (_heading(exchanges[block.start], exchanges[block[-1]], len(block)), *messages[block.start])
        elif number == _ENDS:
            yield f"… {sum(map(len, blocks[_ENDS:-_ENDS])):,} more …"


def _blocks(alike: Sequence[str]) -> Iterator[range]:
    """The places in ``alike`` that are told together: those of equal exchanges that come again and again."""
    at = 0
    while at < len(alike):
        turns = {period: _turns(alike, at, period) for period in range(1, _PERIOD + 1)}
        period = max(turns, key=lambda each: each * turns[each] if turns[each] >= _OFTEN else 0)
        times = turns[period] if turns[period] >= _OFTEN else 1
        period = period if times > 1 else 1
        yield from (range(at + each, at + period * times, period) for each in range(period))
        at += period * times


def _turns(alike: Sequence[str], at: int, period: int) -> int:
    """How often what stands ``at`` there comes one time after the other."""
    turn, times = alike[at : at + period], 1
    while alike[at + times * period : at + (times + 1) * period] == turn:
        times += 1
    return times if len(turn) == period else 1


def _heading(first: Exchange, last: Exchange, times: int) -> str:
    """The line about an exchange, or about ``times`` equal ones from ``first`` to ``last``."""
    number, at = f"#{first.number}", in_vietnam(first.at)
    if times > 1:
        number, at = f"{number} … #{last.number}", f"{at} … {_since(first.at, last.at)}"
    often = f"  ×{times:,}" if times > 1 else ""
    struck = f"  fault: {first.fault}" if first.fault else ""
    return f"{number}  {at}  {first.call}{often}{struck}".rstrip()


def _since(first: datetime, moment: datetime) -> str:
    """The time of ``moment``, with its day where that is another than that of ``first``."""
    days = [each.astimezone(_VIETNAM) for each in (first, moment)]
    day = f"{days[1]:%d/%m/%Y} " if days[0].date() != days[1].date() else ""
    return day + in_vietnam(moment)


def in_vietnam(moment: datetime) -> str:
    """The time of day of ``moment`` where agencies are."""
    return f"{moment.astimezone(_VIETNAM):%H:%M:%S}"


def _messages(exchange: Exchange, secrets: Collection[str]) -> Iterator[str]:
    yield from _message("→", exchange.request, secrets)
    yield from _message("←", exchange.answer, secrets)


def _message(arrow: str, data: bytes, secrets: Collection[str]) -> Iterator[str]:
    """The first line of a message, its size, and the first lines of its body."""
    head, _, body = without_secrets(data, secrets).partition(b"\r\n\r\n")
    first = head.partition(b"\r\n")[0].decode("utf-8", "replace")
    yield f"    {arrow} {first}, {len(data):,} bytes" if data else f"    {arrow} nothing"
    shown = list(_shown(body.decode("utf-8", "replace")))
    yield from (f"        {line}" for line in shown[:_LINES])
    if len(shown) > _LINES:
        yield "        …"


def _shown(text: str) -> Iterator[str]:
    """The lines that tell something: elements on lines of their own, none too wide, nothing of MIME, of namespaces and
    of SOAP's header."""
    for line in _NOISE.sub("", text).replace("><", ">\n<").splitlines():
        told = line.strip()
        if told and not told.startswith(("--", "Content-")):
            yield told if len(told) <= _WIDTH else told[: _WIDTH - 1] + "…"


def without_secrets(data: bytes, secrets: Collection[str] = ()) -> bytes:
    """``data`` without passwords and tokens: in elements, headers and fields named so, and ``secrets`` anywhere."""
    for pattern in _SECRETS:
        data = pattern.sub(rb"\1" + CUT.encode(), data)
    for secret in filter(None, secrets):
        data = re.sub(rb"(?<!\w)" + re.escape(secret.encode()) + rb"(?!\w)", CUT.encode(), data)
    return data
