"""Profiles as they are written: which keys a table has, for which documents it is."""

from __future__ import annotations

import re

import pytest

from govgateway.documents.xml import read_xml
from govgateway.signing.profile import SignatureProfile, read_profiles
from govgateway.signing.references import part_of, places_of
from samples import ROOT

WRITTEN = (ROOT / "schemas/govgateway_schemas/signatures/einvoice.toml").read_text(encoding="utf-8")


def _invoice() -> SignatureProfile:
    return read_profiles(WRITTEN)["einvoice"]


def test_a_table_is_a_profile_by_its_name() -> None:
    profile = _invoice()
    assert (profile.name, profile.title.vi) == ("einvoice", "Hoá đơn điện tử")
    assert profile.signed_node == ("DLHDon",)
    assert profile.places[0] == ("DSCKS", "NBan")
    assert profile.other_nodes == {("DSCKS", "CQT"): ("MCCQT",)}
    assert (profile.verify_only, profile.legacy) == (False, False)
    assert (read_profiles(WRITTEN)["einvoice-legacy"].verify_only, profile.is_general) == (True, False)


@pytest.mark.parametrize("key", ["title", "roots", "signed_node", "places", "default_id", "transforms", "signing_time"])
def test_a_table_that_misses_a_key_is_no_profile(key: str) -> None:
    without = re.sub(rf"^{key} = .*$", "", WRITTEN, count=1, flags=re.MULTILINE)
    assert without != WRITTEN
    with pytest.raises((KeyError, TypeError)):
        read_profiles(without)


def test_a_key_that_is_not_known_is_no_mistake_to_pass_over() -> None:
    with pytest.raises(TypeError):
        read_profiles(WRITTEN.replace("default_id", "sealed = true\ndefault_id", 1))


@pytest.mark.parametrize(("root", "fits"), [("HDon", True), ("{urn:other}HDon", False), ("Hdon", False)])
def test_it_fits_by_the_whole_name_of_the_document_element(root: str, fits: bool) -> None:
    namespace, _, name = root.rpartition("}")
    declared = f' xmlns="{namespace[1:]}"' if namespace else ""
    assert _invoice().fits(read_xml(f"<{name}{declared}/>".encode())) is fits


def test_each_place_has_its_node_as_far_as_the_document_has_it() -> None:
    document = read_xml(b"<HDon><DLHDon/><DSCKS><NBan/><CQT/></DSCKS></HDon>")
    places = places_of(document, _invoice())
    assert [(each.tag, node.tag if node is not None else None) for each, node in places.items()] == [
        ("NBan", "DLHDon"),
        ("CQT", None),
    ]
    assert part_of(document, ()) is document.root
