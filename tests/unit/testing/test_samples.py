"""Samples are documents that their agency accepts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from govgateway import FileSigner, Gateway, Status, UsageError, XmlDocument

Samples = Callable[..., XmlDocument]


@pytest.mark.parametrize("period", ["", "08/2026"])
def test_a_sample_is_accepted_as_it_is(
    etax_gateway: Gateway, demonstration_signer: FileSigner, sample: Samples, period: str
) -> None:
    document = sample("879", period=period)
    assert etax_gateway.examine(document).findings == ()
    filing = etax_gateway.submit(document, demonstration_signer)
    assert filing.key.period.endswith(period or "10/2026")
    assert etax_gateway.wait(filing.id).status is Status.ACCEPTED


def test_a_form_without_a_sample_is_refused_with_those_that_have_one(sample: Samples) -> None:
    with pytest.raises(UsageError) as refused:
        sample("000")
    assert "879/2.7.5" in refused.value.remedy.en
