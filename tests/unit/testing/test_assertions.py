"""What the assertions hold, and what their failures say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from govgateway.connector import Status, Text
from govgateway.testing import assert_accepted, assert_arrived_once, assert_never_arrived
from unit.testing.fakes import KEY, Arrived, Sent, filing, simulator

ONE, TWO = "1" * 64, "2" * 64
WIRE = (Sent(1, "nhanHSoXML", b"POST / HTTP/1.1\r\n\r\n<a>b</a>", fault="reset"),)


def test_a_document_that_arrived_once_is_right() -> None:
    assert_arrived_once(filing(ONE), simulator(Arrived(ONE), Arrived(TWO, key="9900000016/879/M 09/2026/C/0")))


def test_a_document_that_arrived_twice_is_told_with_the_wire() -> None:
    with pytest.raises(AssertionError) as failed:
        assert_arrived_once(filing(ONE), simulator(Arrived(ONE), Arrived(ONE, "refused"), exchanges=WIRE))
    assert str(failed.value).splitlines() == [
        "the document of filing 261116-ABCDEF (879 M 10/2026, 111111111111…) arrived 2 times at etax",
        "",
        "what went over the wire:",
        "#1  10:00:00  nhanHSoXML  fault: reset",
        "    → POST / HTTP/1.1, 27 bytes",
        "        <a>b</a>",
        "    ← nothing",
    ]


def test_a_document_that_never_arrived_is_told() -> None:
    with pytest.raises(AssertionError, match=r"(?s)never arrived at etax\n.*nothing went over the wire"):
        assert_arrived_once(filing(ONE), simulator())


def test_an_obligation_that_was_signed_anew_and_sent_again_arrived_twice() -> None:
    for own, other in ((ONE, TWO), (TWO, ONE)):
        with pytest.raises(AssertionError) as failed:
            assert_arrived_once(filing(own), simulator(Arrived(ONE), Arrived(TWO, "refused", reference="00010-2")))
        assert f"its obligation {KEY} arrived in another document, too: {other[:12]}… as 00010-" in str(failed.value)


def test_a_corrected_document_takes_the_place_of_the_refused_one() -> None:
    arrived = simulator(Arrived(ONE, "refused"), Arrived(TWO))
    assert_arrived_once(filing(ONE), arrived)
    assert_arrived_once(filing(TWO), arrived)


def test_documents_that_could_not_be_read_have_no_obligation_in_common() -> None:
    assert_arrived_once(filing(ONE), simulator(Arrived(ONE, key=""), Arrived(TWO, key="")))


def test_a_document_that_should_not_have_arrived_is_told_with_the_wire() -> None:
    assert_never_arrived(filing(ONE), simulator(Arrived(TWO)))
    with pytest.raises(AssertionError, match=r"(?s)\) arrived at etax\n.*fault: reset"):
        assert_never_arrived(filing(ONE), simulator(Arrived(ONE), exchanges=WIRE))


def test_a_filing_that_was_accepted_is_right() -> None:
    assert_accepted(replace(filing(ONE), status=Status.ACCEPTED), simulator(Arrived(ONE)))


def test_a_filing_that_is_not_accepted_is_told_with_what_the_agency_says_and_the_wire() -> None:
    refused = simulator(Arrived(ONE, "refused", reasons=("Sai kỳ",)), Arrived(TWO, key="x"), exchanges=WIRE)
    with pytest.raises(AssertionError) as failed:
        assert_accepted(replace(filing(ONE), attention=Text("Xem", "Look")), refused)
    assert str(failed.value).splitlines()[:5] == [
        "filing 261116-ABCDEF (879 M 10/2026, 111111111111…) is SUBMITTED, not ACCEPTED: Look",
        "etax has it as 00010-1 (refused); Sai kỳ",
        "",
        "what went over the wire:",
        "#1  10:00:00  nhanHSoXML  fault: reset",
    ]
