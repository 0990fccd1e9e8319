"""Reasons: codes of one to three words, for they stay in the journal for ever."""

import pytest

from fidelity.errors import AccountClosed, ValueRefused
from fidelity.ledger import decisions
from tests.ledger.books import account, instant


@pytest.mark.parametrize(
    "reason", ["late", "late delivery", "late-delivery", "card_lost", "v1.2", "was a día", "R-17/b"]
)
def test_a_reason_is_a_code_of_one_to_three_words(reason):
    entry, receipt = did_for(reason)

    assert (entry.reason, receipt.reason) == (reason, reason)


@pytest.mark.parametrize(
    "reason",
    ["", " ", "Ana called, and she was angry", "the parcel came late.", "she is ill, again", "x" * 81, "line\nbreak",
     " late", "late  delivery", "a b c d", "¡tarde!", 7, None],
)  # fmt: skip
def test_what_somebody_said_is_no_reason(reason):
    """It would stand in the journal for ever."""
    with pytest.raises(ValueRefused, match=r"Members\.keep"):
        did_for(reason)


def did_for(reason):
    member = account()
    (entry,), receipt = decisions.goodwill(member, points=5, reason=reason, key="k", now=instant("2026-01-10"))
    return entry, receipt


def test_who_left_is_told_how_to_begin_again():
    member = account()
    left = member.post(*decisions.close(member, reason="wish", now=instant("2026-01-10"))[0])

    with pytest.raises(AccountClosed, match="enroll them under another id"):
        decisions.close(left, reason="wish", now=instant("2026-01-11"))
