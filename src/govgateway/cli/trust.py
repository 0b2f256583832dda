"""``govgateway trust``: whom the installation believes, by domain."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from govgateway.cli.options import AsJson, Language
from govgateway.cli.output import moment, print_json
from govgateway.cli.session import settings
from govgateway.documents.xml import not_read
from govgateway.errors import Text, UsageError
from govgateway.signing.trust import DOMAINS, Domain

if TYPE_CHECKING:
    from cryptography import x509

    from govgateway.configuration.trust import TrustedAuthority

app = typer.Typer()
trust_app = typer.Typer(help="Đơn vị cấp chứng thư được tin cậy · Trusted authorities", no_args_is_help=True)
app.add_typer(trust_app, name="trust")

_LEAST_OF_A_FINGERPRINT = 8


@trust_app.command("add")
def add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Tệp .pem, .crt, .cer, .p7b · Certificate file")],
    domain: Annotated[
        Domain,
        typer.Option("--domain", help="Miền tin cậy: public, government, time-stamps, unassigned · Trust domain"),
    ],
    lang: Language = None,
) -> None:
    """Tin cậy các đơn vị cấp trong một tệp · Trust the authorities in a file.

    So vân tay in ra với vân tay mà đơn vị cấp công bố · Compare the fingerprints with those that they publish.
    """
    configuration = settings(lang)
    certificates = _authorities_in(file)
    folder = configuration.trust_folder
    _ensure_in_no_other(certificates, domain, tuple(folder.authorities()))
    folder.add(certificates, domain)
    language = configuration.language
    print(Text("Đã tin cậy, miền", "Trusted, domain").in_language(language), DOMAINS[domain].in_language(language))
    for each in certificates:
        print("\n".join(_lines(each, language)))
    compare = Text(
        "Hãy so vân tay với bản do đơn vị cấp công bố.", "Compare the fingerprints with those that are published."
    )
    print(compare.in_language(language))


@trust_app.command("list")
def list_authorities(lang: Language = None, json: AsJson = False) -> None:
    """Liệt kê đơn vị cấp được tin cậy · List the trusted authorities."""
    configuration = settings(lang)
    language = configuration.language
    authorities = tuple(configuration.trust_folder.authorities())
    if json:
        print_json({"authorities": [_fields(each) for each in authorities]}, language)
        return
    for domain in Domain:
        within = [each for each in authorities if each.domain is domain]
        if within:
            print(f"{DOMAINS[domain].in_language(language)} ({domain})")
        for each in within:
            print("\n".join(_lines(each.certificate, language)))
    if not authorities:
        none = Text(
            "Chưa tin cậy đơn vị nào. Thêm: govgateway trust add TỆP --domain public",
            "Nobody is trusted yet. Add one: govgateway trust add FILE --domain public",
        )
        print(none.in_language(language))


@trust_app.command("remove")
def remove(
    fingerprint: Annotated[
        str, typer.Argument(metavar="FINGERPRINT", help="Vân tay SHA-256, hoặc phần đầu · Fingerprint or its beginning")
    ],
    lang: Language = None,
) -> None:
    """Thôi tin cậy một đơn vị cấp · Trust an authority no more."""
    from govgateway.configuration.trust import forget
    from govgateway.signing.certificates import display_name

    configuration = settings(lang)
    authority = _named(fingerprint, tuple(configuration.trust_folder.authorities()))
    forget(authority)
    name = display_name(authority.certificate)
    print(Text(f"Thôi tin cậy: {name}", f"Trusted no more: {name}").in_language(configuration.language))


def _authorities_in(file: Path) -> tuple[x509.Certificate, ...]:
    """The certificates in ``file``. Raises UsageError unless every one is an authority's."""
    from govgateway.signing.certificates import certificates_in, display_name, is_authority

    try:
        certificates = certificates_in(file.read_bytes())
    except OSError as error:
        raise not_read(file, error) from None
    except ValueError:
        raise UsageError(
            Text(f"Tệp {file} không có chứng thư nào.", f"The file {file} holds no certificate."),
            Text("Chọn tệp .pem, .crt, .cer hoặc .p7b.", "Choose a .pem, .crt, .cer or .p7b file."),
            where=str(file),
        ) from None
    for each in certificates:
        if not is_authority(each):
            who = display_name(each)
            raise UsageError(
                Text(f"{who} không phải là đơn vị cấp chứng thư.", f"{who} is no authority."),
                Text("Chọn chứng thư của đơn vị cấp, không phải của người ký.", "Choose the issuer's certificate."),
                where=str(file),
            )
    return certificates


def _ensure_in_no_other(
    certificates: Sequence[x509.Certificate], domain: Domain, known: Sequence[TrustedAuthority]
) -> None:
    """Raise UsageError for one that is trusted in another domain: the domains are kept apart."""
    from govgateway.signing.certificates import display_name
    from govgateway.signing.certificates import fingerprint as fingerprint_of

    for each in known:
        if each.certificate in certificates and each.domain is not domain:
            who, where = display_name(each.certificate), DOMAINS[each.domain]
            raise UsageError(
                Text(f"{who} đã được tin cậy ở miền khác: {where.vi}.", f"{who} is in another domain: {where.en}."),
                Text(
                    f"Gỡ trước: govgateway trust remove {fingerprint_of(each.certificate)[:23]}",
                    f"Remove it first: govgateway trust remove {fingerprint_of(each.certificate)[:23]}",
                ),
            )


def _named(fingerprint: str, authorities: Sequence[TrustedAuthority]) -> TrustedAuthority:
    """The one whose fingerprint begins so. Raises UsageError when there is not exactly one, or hardly anything is
    given."""
    from govgateway.signing.certificates import fingerprint as fingerprint_of

    wanted = fingerprint.replace(":", "").replace(" ", "").upper()
    matching = [each for each in authorities if fingerprint_of(each.certificate).replace(":", "").startswith(wanted)]
    if len(wanted) >= _LEAST_OF_A_FINGERPRINT and len(matching) == 1:
        return matching[0]
    raise UsageError(
        Text(f"Không có đúng một chứng thư có vân tay {fingerprint}.", f"Not exactly one has {fingerprint}."),
        Text(
            "Xem vân tay bằng govgateway trust list; cần ít nhất 8 chữ số đầu.",
            "See the fingerprints with govgateway trust list; the first 8 digits are needed at least.",
        ),
    )


def _lines(certificate: x509.Certificate, language: str) -> list[str]:
    """A certificate as a person compares it."""
    from govgateway.signing.certificates import display_name, fingerprint, is_demonstration

    play = Text(" · MÔ PHỎNG", " · SIMULATION").in_language(language) if is_demonstration(certificate) else ""
    since, until = moment(certificate.not_valid_before_utc), moment(certificate.not_valid_after_utc)
    valid = Text(f"có hiệu lực từ {since} đến {until}", f"valid from {since} to {until}")
    return [
        f"  {display_name(certificate)}{play}",
        f"    SHA-256 {fingerprint(certificate)}",
        f"    {valid.in_language(language)}",
    ]


def _fields(authority: TrustedAuthority) -> dict[str, Any]:
    from govgateway.signing.certificates import fingerprint, is_demonstration, subject_text

    certificate = authority.certificate
    return {
        "domain": authority.domain,
        "subject": subject_text(certificate),
        "fingerprint": fingerprint(certificate),
        "valid_from": certificate.not_valid_before_utc,
        "valid_to": certificate.not_valid_after_utc,
        "root": certificate.issuer == certificate.subject,
        "demonstration": is_demonstration(certificate),
        "file": authority.path,
    }
