"""docs/signature-profiles.md lists every installed profile and every key of one."""

from __future__ import annotations

from dataclasses import fields

from govgateway.signing.profile import SignatureProfile
from govgateway.signing.profiles import installed
from unit.docs.pages import Page, rows, spans_of

PAGE = Page("docs/signature-profiles.md")


def test_every_profile_is_listed_with_its_documents_and_whether_it_signs() -> None:
    described = {
        spans_of(name)[0]: (tuple(spans_of(roots)), note == "verify only")
        for name, roots, _, note in rows(PAGE.section("Which there are"))
    }
    there = {
        name: (tuple(root.rpartition("}")[2] for root in each.roots), each.verify_only)
        for name, each in installed().items()
    }
    assert described == there


def test_every_place_is_named() -> None:
    for name, _, signed, _ in rows(PAGE.section("Which there are")):
        profile = installed()[spans_of(name)[0]]
        paths = [*profile.places, *profile.other_nodes, *profile.other_nodes.values()]
        wanted = {"/".join(step.rpartition("}")[2] for step in path) for path in paths if path}
        assert profile.verify_only or wanted <= set(spans_of(signed)), name


def test_every_key_is_described() -> None:
    described = {spans_of(key)[0] for key, _ in rows(PAGE.section("What a profile says"))}
    assert described == {each.name for each in fields(SignatureProfile)} - {"name"}
