"""How a verification is judged and read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from govgateway.causes import cause_of
from govgateway.cli.exits import FINDINGS, NOT_TRUSTED
from govgateway.cli.output import moment
from govgateway.configuration import Configuration
from govgateway.errors import ConfigurationError, Text, UsageError
from govgateway.filing import Environment
from govgateway.signing.certificates import is_demonstration
from govgateway.signing.trust import TrustStore
from govgateway.signing.verify import Verification, VerifiedSignature


def trust_store(configuration: Configuration, agency: str, named: Iterable[Path]) -> TrustStore:
    """The roots ``named`` on the command line and those configured for ``agency`` in any environment.

    Raises UsageError or ConfigurationError, by where it is named, for a file that cannot be read or holds none.
    """
    configured = [configuration.trust(agency, environment) for environment in Environment]
    stores = [_read(path, UsageError) for path in named]
    stores += [_read(path, ConfigurationError) for path in configured if path is not None]
    return TrustStore(
        tuple(root for store in stores for root in store.roots),
        tuple(each for store in stores for each in store.intermediates),
    )


def _read(path: Path, failure: type[UsageError] | type[ConfigurationError]) -> TrustStore:
    try:
        return TrustStore.from_pem(path.read_bytes())
    except ConfigurationError as error:
        raise failure(error.message, error.remedy, where=str(path)) from None
    except OSError as error:
        cause = cause_of(error)
        raise failure(
            Text(
                f"Không đọc được tệp chứng thư gốc {path}: {cause.vi}.",
                f"The file of trusted roots {path} cannot be read: {cause.en}.",
            ),
            Text("Kiểm tra đường dẫn và quyền đọc.", "Check its path and your right to read it."),
            where=str(path),
        ) from None


def exit_code(verification: Verification) -> int:
    """0 when every signature is sound and trusted, 3 when one is sound only, 1 when one is not or there is none."""
    signatures = verification.signatures
    if not signatures or not all(each.intact and each.well_placed for each in signatures):
        return FINDINGS
    return 0 if all(each.trusted for each in signatures) else NOT_TRUSTED


def described(signature: VerifiedSignature) -> dict[str, Any]:
    """A signature for a program: everything but the certificate's bytes."""
    names = (
        "intact", "well_placed", "reason", "signed_path", "signer", "identifiers", "signing_time", "trusted",
        "trust_reason", "not_covered",
    )  # fmt: skip
    return {name: getattr(signature, name) for name in names} | {"demonstration": is_play(signature)}


def print_verification(file: Path, verification: Verification, language: str) -> None:
    """Each signature: whose, whether it holds, when it was made, what it does not cover."""
    print(file.name)
    if not verification.signatures:
        print("  " + Text("Không có chữ ký nào.", "There is no signature.").in_language(language))
    for number, each in enumerate(verification.signatures, start=1):
        print(f"  {number}. {headline(each, language)}")
        for said in (*remarks(each), *_outside(each)):
            print(f"     {said.in_language(language)}")


def headline(signature: VerifiedSignature, language: str) -> str:
    """Whose a signature is and whether it holds."""
    sound = signature.intact and signature.well_placed
    state = Text("còn nguyên vẹn", "intact") if sound else Text("KHÔNG HỢP LỆ", "NOT VALID")
    trusted = Text("tin cậy", "trusted") if signature.trusted else Text("CHƯA XÁC LẬP TIN CẬY", "TRUST NOT ESTABLISHED")
    play = Text("MÔ PHỎNG", "SIMULATION") if is_play(signature) else Text("", "")
    said = [each.in_language(language) for each in ((state, trusted, play) if sound else (state, play))]
    return " · ".join(each for each in (signature.signer or "?", " ".join(signature.identifiers), *said) if each)


def remarks(signature: VerifiedSignature) -> Iterator[Text]:
    """When it was made, and why it is not believed."""
    if signature.signing_time:
        at = moment(signature.signing_time)
        yield Text(f"ký lúc {at} (theo máy người ký)", f"signed {at} (by the signer's clock)")
    yield from (each for each in (signature.reason, signature.trust_reason) if each.vi)


def _outside(signature: VerifiedSignature) -> Iterator[Text]:
    for path in signature.not_covered:
        yield Text(f"không được ký: {path}", f"not covered: {path}")


def is_play(signature: VerifiedSignature) -> bool:
    """Whether a demonstration key made it."""
    return signature.certificate is not None and is_demonstration(signature.certificate)
