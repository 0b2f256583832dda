"""What a verification goes by (roots, evidence), how it ends, and what it keeps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from govgateway.causes import cause_of
from govgateway.cli.exits import FINDINGS, NOT_TRUSTED
from govgateway.cli.verdict import headline, is_play, print_verification, remarks
from govgateway.cli.verdict_fields import described
from govgateway.configuration import Configuration
from govgateway.documents.xml import not_read
from govgateway.errors import ConfigurationError, Text, UsageError
from govgateway.filing import Environment
from govgateway.pipeline.files import write_file
from govgateway.signing.asking import Fetch
from govgateway.signing.evidence import Evidence
from govgateway.signing.revocation import RevocationStatus
from govgateway.signing.trust import TrustStore
from govgateway.signing.verify import Verification

__all__ = [
    "described",
    "exit_code",
    "headline",
    "is_play",
    "keep_evidence",
    "print_verification",
    "remarks",
    "trust_store",
]


def trust_store(
    configuration: Configuration,
    agency: str,
    named: Iterable[Path],
    evidence: Iterable[Path] = (),
    *,
    online: bool = False,
) -> TrustStore:
    """The roots ``named`` on the command line, those configured for ``agency`` in any environment, and those that
    ``govgateway trust`` keeps, with the ``evidence`` of revocations (CRLs, OCSP answers) in those files.

    ``online``: authorities are asked, too, as they are where the settings say so. Raises UsageError or
    ConfigurationError, by where it is named, for a file that cannot be read or holds none.
    """
    configured = [configuration.trust(agency, environment) for environment in Environment]
    stores = [_read(path, UsageError) for path in named]
    stores += [_read(path, ConfigurationError) for path in configured if path is not None]
    store = TrustStore.joined((*stores, configuration.trust_folder.store()))
    store = replace(store, evidence=Evidence.joined(_evidence(path) for path in evidence))
    return replace(store, fetch=_fetcher()) if online or configuration.asks_authorities else store


def _fetcher() -> Fetch:
    from govgateway.cli.fetching import Fetcher  # requests takes long to load, and most verdicts ask nobody

    return Fetcher()


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


def _evidence(path: Path) -> Evidence:
    try:
        return Evidence.read(path.read_bytes())
    except OSError as error:
        raise not_read(path, error) from None
    except ValueError:
        raise UsageError(
            Text(
                f"Tệp {path} không phải CRL hay trả lời OCSP.", f"The file {path} is neither a CRL nor an OCSP answer."
            ),
            Text("Chọn tệp CRL (.crl, .pem) hoặc trả lời OCSP (.der).", "Choose a CRL or an OCSP answer (DER)."),
            where=str(path),
        ) from None


def keep_evidence(verification: Verification, folder: Path) -> tuple[Path, ...]:
    """Write every CRL and OCSP answer by which the signatures were judged to ``folder``, each under its SHA-256.

    Read as evidence again, they give the same verdict offline. Raises StorageError.
    """
    judged = (each.revocation for each in verification.signatures)
    stamped = (each.time_stamp.revocation for each in verification.signatures if each.time_stamp)
    kept = Evidence.joined(each.evidence for each in (*judged, *stamped) if each)
    return tuple(write_file(folder / name, data) for name, data in kept.files.items())


def exit_code(verification: Verification, *, asked: bool = False) -> int:
    """0 when every signature is sound and trusted, 3 when one is sound only, 1 when one is not or there is none.

    ``asked``: revocation was to be checked, so that it is not enough when it is not known.
    """
    signatures = verification.signatures
    if not signatures or not all(each.intact and each.well_placed for each in signatures):
        return FINDINGS
    if asked and any(each.revocation and each.revocation.status is RevocationStatus.UNKNOWN for each in signatures):
        return NOT_TRUSTED
    return 0 if all(each.trusted for each in signatures) else NOT_TRUSTED
