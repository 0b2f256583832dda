"""The sample declarations: one of every form version that can be filed, right for the gateway and for the office."""

from __future__ import annotations

from datetime import date

import pytest

from govgateway.documents.xml import read_xml
from govgateway.errors import UsageError
from govgateway_etax.connector import ETax
from govgateway_mocks.agency import State
from govgateway_mocks.etax import samples
from signed import signed_by
from simulated import VERDICT_DELAY, Clock, holder, office, signed_by_xmlsec

VERSION_NOT_KNOWN = {"879/2.5.1", "880/2.5.1", "893/2.5.1", "920/2.5.1", "920/2.6.9"}
"""Of these versions the gateway warns that their own body is not known: whatever the document says."""


def test_every_form_version_that_can_be_filed_has_a_sample() -> None:
    carried = {f"{each.code}/{each.number}" for each in ETax().forms.all()}
    assert set(samples.forms()) == carried
    assert len(samples.forms()) == len(carried)


@pytest.mark.parametrize("form", samples.forms())
def test_a_sample_is_free_of_findings(form: str) -> None:
    code, number = form.split("/")
    document = read_xml(samples.sample(form))
    recognised = ETax(lambda: date(2026, 11, 16)).recognise(document)
    assert recognised is not None
    assert recognised.package is not None
    told = [each.message.en for each in (*recognised.findings, *recognised.package.check(document))]
    if form in VERSION_NOT_KNOWN:
        assert [each for each in told if not each.startswith(f"Version {number} was checked by")] == []
    else:
        assert told == []
    assert f"<maTKhai>{code}</maTKhai>".encode() in document.data


@pytest.mark.parametrize("form", samples.forms())
def test_the_office_accepts_a_sample_once_it_is_signed(form: str) -> None:
    clock = Clock()
    taxes = office(clock)
    taxes.take(signed_by(read_xml(taxes.sample(form)), holder()))
    clock.advance(2 * VERDICT_DELAY)
    (submission,) = taxes.submissions()
    assert (submission.state, submission.reasons, submission.filer) == (State.ACCEPTED, (), "9900000016")


@pytest.mark.parametrize("form", samples.forms())
def test_a_client_that_signs_the_id_of_a_sample_as_it_is_is_accepted(form: str) -> None:
    clock = Clock()
    taxes = office(clock)
    document = read_xml(taxes.sample(form))
    taxes.take(signed_by_xmlsec(document, (document.root[0].get("id") or "",)))
    clock.advance(2 * VERDICT_DELAY)
    assert [(each.state, each.reasons) for each in taxes.submissions()] == [(State.ACCEPTED, ())]


def test_a_sample_as_it_is_lacks_nothing_but_a_signature() -> None:
    clock = Clock()
    taxes = office(clock)
    taxes.take(taxes.sample("879"))
    clock.advance(2 * VERDICT_DELAY)
    assert taxes.submissions()[0].reasons == ("Hồ sơ chưa được ký điện tử hoặc chữ ký không đúng vị trí",)


def test_a_code_means_its_newest_version() -> None:
    taxes = office()
    assert taxes.sample("824") == taxes.sample("824/2.8.3") != taxes.sample("824/2.7.2")
    assert "879/2.7.5" in taxes.forms()


@pytest.mark.parametrize("form", ["", "99", "879/2.7.4", "../879", "87"])
def test_a_form_without_a_sample_is_told_with_those_that_have_one(form: str) -> None:
    with pytest.raises(UsageError) as refused:
        office().sample(form)
    assert "879/2.7.5" in refused.value.remedy.vi
