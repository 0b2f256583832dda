"""The whole set of demonstration keys, written out for people and programs outside: ``govgateway mocks pki DIR``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from govgateway.errors import Text
from govgateway_mocks.pki.crl import LIFETIME
from govgateway_mocks.pki.demonstration import DemonstrationPki
from govgateway_mocks.pki.domain import TrustDomain
from govgateway_mocks.pki.files import PASSWORD, read_holder, write_private
from govgateway_mocks.pki.holder import Holder
from govgateway_mocks.pki.subjects import GOVERNMENT_ROLES, PUBLIC_ROLES, Role

_SCRIPTS = {
    "import-softhsm.sh": Text(
        "Nạp các khoá vào SoftHSM (Linux, macOS).", "Imports the keys into SoftHSM (Linux, macOS)."
    ),
    "import-softhsm.ps1": Text("Như trên, cho Windows.", "The same for Windows."),
}
_README = """\
# Bộ khoá MÔ PHỎNG · DEMONSTRATION keys

Chỉ dùng với các bộ mô phỏng của govgateway. Mọi người, mọi tổ chức và mọi mã số đều là bịa đặt; ai cũng biết mật khẩu
(`{password}`), nên chữ ký bằng các khoá này không có giá trị gì. Hệ thống thật không tin các đơn vị cấp ở đây.

For the simulators of govgateway only. Every person, organisation and code is invented; everybody knows the password
(`{password}`), so a signature by these keys is worth nothing. No real system trusts the authorities here.

Khi bộ mô phỏng đang chạy · While the simulators run, at <{address}>:

- `/crl/public-ca.crl` (`.pem`): danh sách thu hồi của từng đơn vị cấp · the revocation list of each authority
- `/ca/public-ca.cer`: chứng thư của đơn vị cấp · the authority's certificate
- `/ocsp`: trạng thái chứng thư · the status of a certificate (RFC 6960)
- `/tsa`: dấu thời gian · time stamps (RFC 3161)

| Tệp · File | Dùng để | For |
|---|---|---|
{rows}
"""


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written, and what it is for."""

    path: Path
    meaning: Text


def write_out(pki: DemonstrationPki) -> list[Written]:
    """Complete the PKI's own folder: a ``.p12`` for every role, certificates as PEM, trust bundles, CRLs, scripts that
    import the keys into SoftHSM, and a README. Keys that are there are kept, all else is made anew.

    Returns every file, one entry for a folder of files of a kind, the README first. An agency's key is among them
    when it was asked for before, as its simulator does.
    """
    keys = {**_keys(pki.public, PUBLIC_ROLES), **_keys(pki.government, GOVERNMENT_ROLES)}
    holders = {path: read_holder(path, _domain(pki, path).issuing) for path in keys}
    written = [
        *(Written(path, meaning) for path, meaning in keys.items()),
        *_agencies(pki),
        *_bundles(pki),
        _certificates(pki, holders),
        _crls(pki),
        *_for_softhsm(pki.folder, holders),
        *_authorities(pki),
    ]
    return [_readme(pki, written), *written]


def _readme(pki: DemonstrationPki, written: Iterable[Written]) -> Written:
    rows = []
    for each in written:
        name = each.path.relative_to(pki.folder).as_posix() + ("/" if each.path.is_dir() else "")
        rows.append(f"| `{name}` | {each.meaning.vi} | {each.meaning.en} |")
    text = _README.format(password=PASSWORD, address=pki.revocation_address, rows="\n".join(rows))
    _write(pki.folder / "README.md", text.encode())
    return Written(pki.folder / "README.md", Text("Mọi tệp, và dùng để làm gì.", "Every file, and what it is for."))


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)


def _domain(pki: DemonstrationPki, path: Path) -> TrustDomain:
    return pki.government if path.parent == pki.government.folder else pki.public


def _keys(domain: TrustDomain, roles: Iterable[Role]) -> dict[Path, Text]:
    """The key files, each with what it is for."""
    return {
        domain.signatory(role.subject, role.validity): Text(
            f"{_who(role)}. {role.meaning.vi}", f"{_who(role)}. {role.meaning.en}"
        )
        for role in roles
    }


def _who(role: Role) -> str:
    return f"{role.subject.name}, {', '.join(role.subject.uids)}"


def _agencies(pki: DemonstrationPki) -> Iterator[Written]:
    for domain in (pki.public, pki.government):
        for pattern in ("office*.pem", "agency-*.pem"):
            for path in sorted(domain.folder.glob(pattern)):
                yield Written(path, Text("Khoá của một cơ quan mô phỏng.", "The key of a simulated agency."))


def _bundles(pki: DemonstrationPki) -> Iterator[Written]:
    yield Written(pki.public.trust, Text("Tin cậy: miền công cộng.", "To trust: the public domain."))
    yield Written(
        pki.government.trust, Text("Tin cậy: miền chuyên dùng Chính phủ.", "To trust: the government domain.")
    )
    yield Written(pki.time_stamps.trust, Text("Tin cậy: dấu thời gian.", "To trust: time stamps."))
    yield Written(pki.tls.trust, Text("Tin cậy: máy chủ TLS mô phỏng.", "To trust: the simulators' TLS servers."))


def _certificates(pki: DemonstrationPki, holders: Mapping[Path, Holder]) -> Written:
    folder = pki.folder / "certificates"
    for path, holder in holders.items():
        _write(folder / f"{path.stem}.pem", holder.certificate_pem)
    for domain in pki.domains:
        for each in domain.authorities:
            _write(folder / f"{each.identifier}.pem", each.certificate_pem)
    return Written(
        folder,
        Text("Chứng thư của từng tệp khoá và từng đơn vị cấp.", "The certificate of each key file and authority."),
    )


def _crls(pki: DemonstrationPki) -> Written:
    folder = pki.folder / "crl"
    for domain in pki.domains:
        for each in domain.authorities:
            crl = pki.crl(each)
            _write(folder / f"{each.identifier}.crl", crl.public_bytes(Encoding.DER))
            _write(folder / f"{each.identifier}.pem", crl.public_bytes(Encoding.PEM))
    until = pki.clock() + LIFETIME
    return Written(
        folder,
        Text(
            f"Danh sách thu hồi của từng đơn vị cấp (.crl: DER), dùng đến {until:%d/%m/%Y}.",
            f"The revocation list of each authority (.crl: DER), good until {until:%d/%m/%Y}.",
        ),
    )


def _for_softhsm(folder: Path, holders: Mapping[Path, Holder]) -> Iterator[Written]:
    """What the scripts read: keys and certificates, and the id (hex) and name of each in ``objects.txt``."""
    objects = folder / "softhsm"
    encryption = BestAvailableEncryption(PASSWORD.encode())
    for path, holder in holders.items():
        key = holder.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
        write_private(objects / f"{path.stem}.key.pem", key)
        _write(objects / f"{path.stem}.cer", holder.certificate_der)
    lines = "".join(f"{number:02x} {path.stem}\n" for number, path in enumerate(holders, start=1))
    _write(objects / "objects.txt", lines.encode())
    yield Written(
        objects, Text("Các khoá như hai chương trình dưới đây cần.", "The keys as the two scripts need them.")
    )
    for name, meaning in _SCRIPTS.items():
        _write(folder / name, files("govgateway_mocks.pki").joinpath("softhsm", name).read_bytes())
        yield Written(folder / name, meaning)


def _authorities(pki: DemonstrationPki) -> Iterator[Written]:
    keys = Text("Khoá của các đơn vị cấp: giữ nguyên.", "The authorities' keys: leave them alone.")
    for domain in (pki.public, pki.government):
        yield Written(domain.folder / "root.pem", keys)
        yield Written(domain.folder / "issuing.pem", keys)
    yield Written(pki.time_stamps.folder, keys)
    yield Written(pki.tls.folder, keys)
    noted = Text("Chứng thư đã cấp, đã thu hồi: giữ nguyên.", "What was issued and revoked: leave it alone.")
    yield Written(pki.folder / "register.json", noted)
