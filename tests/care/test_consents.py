"""Consent per purpose, honored from the instant it changes (principle X1)."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.care.people import Consents
from fidelity.entries.care import ConsentGiven, ConsentWithdrawn
from fidelity.errors import NoConsent, ValueRefused
from tests.care.shop import NOON

HOUR = timedelta(hours=1)


def test_it_stands_from_the_instant_it_is_given_until_the_instant_it_is_taken_back(care):
    care.consent("ana", "offers", wording="2026-01", key="1", now=NOON)
    withdrawn = care.withdraw("ana", "offers", key="2", now=NOON + HOUR)
    assert (withdrawn.given, withdrawn.standing) == (False, ())
    consents = care.consents("ana", at=NOON + HOUR)
    just_before = NOON + HOUR - timedelta(microseconds=1)
    assert [consents.to("offers", at) for at in (NOON, just_before, NOON + HOUR)] == [True, True, False]
    assert consents.wording("offers", NOON) == "2026-01"
    assert consents.withdrawn("offers", NOON + HOUR)
    assert not consents.withdrawn("research", NOON + HOUR)
    care.consent("ana", "offers", key="3", now=NOON + 2 * HOUR)
    assert care.consents("ana", at=NOON + 2 * HOUR).standing(NOON + 2 * HOUR) == ("offers",)


def test_what_was_known_then_does_not_change(care):
    care.consent("ana", "offers", key="1", now=NOON)
    care.withdraw("ana", "offers", key="2", now=NOON + HOUR)
    assert care.consents("ana", at=NOON).to("offers", NOON + 9 * HOUR)


def test_nobody_takes_back_what_they_never_gave(care):
    care.consent("visitor", "service", key="1", now=NOON)
    with pytest.raises(NoConsent, match="they consent to service") as refused:
        care.withdraw("visitor", "offers", key="2", now=NOON)
    assert refused.value.purpose == "offers"
    with pytest.raises(ValueRefused, match="code of one to three words"):
        care.consent("visitor", "whatever you may like to do", key="3", now=NOON)


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=8), st.integers(0, 25))
def test_the_last_change_counts(changes, asked):
    changes.sort(key=lambda each: each[0])
    entries = [
        (ConsentGiven if given else ConsentWithdrawn)(at=NOON + hour * HOUR, now=NOON + hour * HOUR, purpose="offers")
        for hour, given in changes
    ]
    before = [given for hour, given in changes if hour <= asked]
    assert Consents(entries).to("offers", NOON + asked * HOUR) == (bool(before) and before[-1])
