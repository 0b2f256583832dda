"""Whom to believe: the roots of a trust store, and whether a certificate's chain ends in one of them.

Nothing is fetched and no revocation is looked at yet; the reason says so.
"""

from __future__ import annotations

from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from govgateway.errors import ConfigurationError, Text


@dataclass(frozen=True, slots=True)
class Trust:
    """Whether a certificate is trusted, and why (not)."""

    trusted: bool
    reason: Text


@dataclass(frozen=True, slots=True)
class TrustStore:
    """Trusted roots (self-issued certificates) and the intermediate ones that came with them."""

    roots: tuple[x509.Certificate, ...]
    intermediates: tuple[x509.Certificate, ...]

    @classmethod
    def empty(cls) -> TrustStore:
        """A store that trusts nobody."""
        return cls((), ())

    @classmethod
    def from_pem(cls, data: bytes) -> TrustStore:
        """The certificates in ``data``, PEM. Raises ConfigurationError when it holds none."""
        try:
            certificates = x509.load_pem_x509_certificates(data)
        except ValueError:
            raise ConfigurationError(
                Text("Tệp chứng thư gốc không có chứng thư PEM nào.", "The file of roots holds no PEM certificate."),
                Text("Chọn đúng tệp .pem hoặc .crt.", "Choose the right .pem or .crt file."),
            ) from None
        return cls(
            tuple(each for each in certificates if each.issuer == each.subject),
            tuple(each for each in certificates if each.issuer != each.subject),
        )

    def judge(self, certificate: x509.Certificate, others: Iterable[x509.Certificate], at: datetime) -> Trust:
        """Whether ``certificate`` chains to a root of this store, every link valid ``at`` that moment and fit to sign.

        ``others`` are certificates that came with the signature; they help to build the chain and are not believed.
        Never raises for what a certificate holds.
        """
        if not self.roots:
            return Trust(False, Text("chưa cấu hình chứng thư gốc tin cậy", "no trusted root is configured"))
        wrong = self._wrong_with_chain(certificate, others, at)
        if wrong is not None:
            return Trust(False, wrong)
        if not _may_sign(certificate):
            return Trust(False, Text("chứng thư không dùng để ký", "the certificate is not for signing"))
        return Trust(True, Text("chưa kiểm tra thu hồi", "revocation was not checked"))

    def _wrong_with_chain(
        self, certificate: x509.Certificate, others: Iterable[x509.Certificate], at: datetime
    ) -> Text | None:
        from pyhanko_certvalidator import CertificateValidator, ValidationContext, errors

        try:
            context = ValidationContext(
                trust_roots=[_asn1(each) for each in self.roots],
                other_certs=[_asn1(each) for each in (*self.intermediates, *others)],
                moment=at,
                allow_fetching=False,
                revocation_mode="soft-fail",
            )
            validator = CertificateValidator(_asn1(certificate), validation_context=context)
            _finish(validator.async_validate_path())
        except errors.ExpiredError:
            return Text("chứng thư đã hết hạn tại thời điểm đó", "a certificate was expired at that time")
        except errors.NotYetValidError:
            return Text("chứng thư chưa có hiệu lực tại thời điểm đó", "a certificate was not valid yet")
        except errors.PathBuildingError:
            return Text("không rõ đơn vị cấp chứng thư", "the issuer of the certificate is not known")
        except Exception:
            # A certificate that was made to break its reader breaks it in ways of its own: it is not believed.
            return Text("chuỗi chứng thư không hợp lệ", "the chain of certificates is not valid")
        return None


def _finish(validation: Coroutine[None, None, object]) -> None:
    """Run a validation that waits for nothing, since nothing is fetched: inside an event loop as well as outside."""
    try:
        validation.send(None)
    except StopIteration:
        return
    raise RuntimeError("a validation without fetching waits for something")


def _may_sign(certificate: x509.Certificate) -> bool:
    """Signing certificates have digitalSignature or nonRepudiation, some only one of them, old ones neither said."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return False
    return usage.digital_signature or usage.content_commitment


def _asn1(certificate: x509.Certificate) -> object:
    from asn1crypto.x509 import Certificate

    return Certificate.load(certificate.public_bytes(Encoding.DER))
