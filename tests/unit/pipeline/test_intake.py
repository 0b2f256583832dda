"""Whose signature a document must bear to be trusted."""

from __future__ import annotations

import keys
from govgateway.documents.xml import read_xml
from govgateway.pipeline.intake import verify_document
from govgateway_etax.connector import ETax
from samples import declaration
from signed import signed_by

AGENT = keys.leaf("MST:9900000023", common="Đại lý thuế Mẫu")


def trusted(data: bytes) -> list[tuple[bool, str]]:
    found = verify_document(read_xml(data), [ETax()], {"etax": keys.trust()}, keys.NOW)
    return [(each.trusted, each.trust_reason.en) for each in found.signatures]


def test_a_declaration_that_only_a_stranger_signed_is_not_trusted() -> None:
    assert trusted(signed_by(declaration(), AGENT)) == [(False, "the signature of MST:9900000016 is missing")]


def test_the_taxpayer_s_own_signature_lets_the_agent_s_be_trusted() -> None:
    signatures = trusted(signed_by(declaration(), keys.leaf(), AGENT))
    assert [each for each, _ in signatures] == [True, True]


def test_a_notice_that_a_taxpayer_signed_is_not_trusted() -> None:
    forged = declaration().data.replace(b"<HSoThueDTu", b"<TBaoThueDTu").replace(b"</HSoThueDTu", b"</TBaoThueDTu")
    forged = forged.replace(b"HSoKhaiThue", b"TBaoThue").replace(b'/TKhaiThue"', b'/TBaoThue"')
    document = read_xml(forged)
    profile = ETax().profile_of(document)
    assert profile is not None
    assert trusted(signed_by(document, keys.leaf(), profile=profile)) == [
        (False, "the signature of MST:0100231226, MST:9900000055 is missing")
    ]


def test_a_certificate_that_somebody_made_himself_proves_no_owner_beside_a_trusted_signature() -> None:
    self_made = keys.leaf("MST:9900000016", organisation="Tự làm")
    signatures = trusted(signed_by(declaration(), self_made, AGENT))
    assert signatures == [(False, "the signature of MST:9900000016 is missing")] * 2
