"""Playing a capture back: the same question gets the same answers, in their order."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable

from govgateway.errors import Text
from govgateway_mocks.capture.listening import listening, told
from govgateway_mocks.capture.questions import Question, question
from govgateway_mocks.capture.recording import Answer, Recording, Request
from govgateway_mocks.console.listening import ConsoleServer

NO_ANSWER = 501
"""The status of what is not in the capture."""


class Replay:
    """Answers from ``recording``. The last answer to a question is given again and again, as a poll wants it.

    ``tell`` hears of each question, and whether there was an answer.
    """

    def __init__(
        self, recording: Recording, tell: Callable[[Question, bool], object] = lambda question, answered: None
    ) -> None:
        self._answers: dict[Question, list[Answer | None]] = defaultdict(list)
        for each in recording.exchanges:
            self._answers[question(each.request)].append(each.answer)
        self._lock = threading.Lock()
        self._tell = tell

    def answered(self, request: Request) -> Answer:
        """The answer to ``request``; one that says so when there is none."""
        asked = question(request)
        with self._lock:
            answers = self._answers.get(asked, [])
            found = answers.pop(0) if len(answers) > 1 else next(iter(answers), None)
        self._tell(asked, found is not None)
        return found or self._none(asked)

    def _none(self, asked: Question) -> Answer:
        if asked in self._answers:
            return told(NO_ANSWER, _unanswered(asked.operation))
        recorded = [each.arguments for each in self._answers if each.operation == asked.operation]
        return told(NO_ANSWER, _other(asked, recorded) if recorded else _unknown(asked.operation))


def replayed(replay: Replay, port: int = 0) -> ConsoleServer:
    """``replay`` on a port of this machine, 0: a free one. Raises UsageError when it is taken."""
    return listening(replay.answered, port)


def _unanswered(operation: str) -> Text:
    return Text(
        f"Khi ghi, {operation} không nhận được câu trả lời.", f"When it was recorded, {operation} got no answer."
    )


def _unknown(operation: str) -> Text:
    return Text(f"Bản ghi không có {operation}.", f"The capture has no {operation}.")


def _other(asked: Question, recorded: list[tuple[tuple[str, str], ...]]) -> Text:
    """What was asked is not there, but the same operation with other arguments."""
    given, known = _listed(asked.arguments), " | ".join(dict.fromkeys(map(_listed, recorded)))
    return Text(
        f"Bản ghi không có {asked.operation} với {given}; chỉ có: {known}.",
        f"The capture has no {asked.operation} with {given}; it has: {known}.",
    )


def _listed(arguments: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{path.rpartition('/')[2]}={value}" for path, value in arguments) or "–"
