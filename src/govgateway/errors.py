"""One root error for everything that a person may read.

Every error carries a stable code, a text and a remedy in Vietnamese and English, and the exit code that the command
line turns it into. A subclass is named by its cause, not by the module that raises it.

    try:
        gateway.submit(document)
    except GovGatewayError as error:
        print(error.code, error.message.vi, error.remedy.vi, error.correlation_id)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence for people, in Vietnamese and in English."""

    vi: str
    en: str

    def in_language(self, language: str) -> str:
        """The text in ``language`` ("vi" or "en"; anything else gives Vietnamese)."""
        return self.en if language == "en" else self.vi


class GovGatewayError(Exception):
    """The root of all errors of this project.

    ``message`` says what happened, ``where`` the file, field or cell, ``remedy`` what to do. ``correlation_id`` is set
    by whoever started the work (command, worker) and stands in the log lines of the same run.
    """

    code: ClassVar[str] = "GG-000"
    exit_code: ClassVar[int] = 1
    retryable: ClassVar[bool] = False

    def __init__(self, message: Text, remedy: Text, *, where: str = "", correlation_id: str = "") -> None:
        super().__init__(message.en)
        self.message = message
        self.remedy = remedy
        self.where = where
        self.correlation_id = correlation_id


class UsageError(GovGatewayError):
    """The command or the call cannot be understood: a wrong option, a file that is not there."""

    code = "GG-001"
    exit_code = 2


class ConfigurationError(GovGatewayError):
    """The configuration file or an environment variable is wrong or misses a value."""

    code = "GG-002"
    exit_code = 5


class StorageError(GovGatewayError):
    """The ledger or a file cannot be read or written: disk full, no permission, damaged."""

    code = "GG-003"
    exit_code = 6
    retryable = True


class UnreadableDocument(GovGatewayError):
    """The bytes are no XML that may be read: malformed, a DTD, too large, an encoding that does not decode."""

    code = "GG-100"
    exit_code = 1


class UnknownForm(GovGatewayError):
    """No connector recognises the document."""

    code = "GG-101"
    exit_code = 1


class DocumentRefused(GovGatewayError):
    """The document has findings of severity error; they stand in ``findings``."""

    code = "GG-102"
    exit_code = 1

    def __init__(self, message: Text, remedy: Text, findings: tuple[object, ...], *, where: str = "") -> None:
        super().__init__(message, remedy, where=where)
        self.findings = findings


class KeyUnusable(GovGatewayError):
    """The key or its certificate cannot be used: wrong password, truncated file, no private key."""

    code = "GG-200"
    exit_code = 1


class CertificateUnfit(GovGatewayError):
    """The certificate may not sign this: expired, not yet valid, of another taxpayer."""

    code = "GG-201"
    exit_code = 1


class SignatureBroken(GovGatewayError):
    """A signature is missing, broken, misplaced or of somebody who is not trusted."""

    code = "GG-202"
    exit_code = 1


class AnswerRefused(GovGatewayError):
    """An agency's answer is not believed: unreadable, altered, of another filer, repeated."""

    code = "GG-301"
    exit_code = 1


class DuplicateFiling(GovGatewayError):
    """A filing for the same obligation exists and has other content."""

    code = "GG-400"
    exit_code = 1


class UnknownFiling(GovGatewayError):
    """The ledger has no filing under this id."""

    code = "GG-401"
    exit_code = 2


class TransitionRefused(GovGatewayError):
    """A filing cannot go from its status to the one asked for."""

    code = "GG-402"
    exit_code = 1


class LeaseLost(GovGatewayError):
    """Another worker has taken the filing over; what this one did since is not recorded."""

    code = "GG-403"
    exit_code = 4
    retryable = True
