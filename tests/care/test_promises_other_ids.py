"""Whoever goes on under another id has stayed: what they buy is read under all their ids."""

from datetime import timedelta

import pytest

import fidelity as fd
from tests.care.shop import NOON

DAY = timedelta(days=1)
BOUGHT = NOON + 4 * DAY


def stayed(care, until):
    return care.promised_and_stayed(until, at=NOON + 9 * DAY)["stayed"]


def buys(care, member):
    care.loyalty.record(fd.Purchase("T", member=member, amount="90 MXN", at=BOUGHT), now=BOUGHT)


@pytest.mark.parametrize("merged", [3, 5])
def test_who_was_merged_and_bought_before_or_after_has_stayed(care, merged):
    loyalty = care.loyalty
    loyalty.enroll("anita", now=NOON)
    care.promise("anita", "call back", due=NOON + DAY, key="P", now=NOON)
    care.keep_promise("anita", "P", now=NOON)
    if merged == 5:
        buys(care, "anita")
    loyalty.merge("anita", into="ana", key="m", now=NOON + merged * DAY)
    if merged == 3:
        buys(care, "ana")
    assert stayed(care, NOON + 2 * DAY) == [True]
    assert stayed(care, NOON + 8 * DAY) == [False]
    assert care.promised_and_stayed(NOON + 2 * DAY, at=NOON + 3 * DAY)["stayed"] == [False]


def test_a_prospect_who_joined_under_another_id_has_stayed(care):
    care.meet("walk-in", source="fair", now=NOON)
    care.promise("walk-in", "call back", due=NOON + DAY, key="P", now=NOON)
    care.keep_promise("walk-in", "P", now=NOON)
    care.loyalty.enroll("sofia", now=NOON + 3 * DAY)
    care.join("walk-in", "sofia", now=NOON + 3 * DAY)
    assert stayed(care, NOON + 2 * DAY) == [False]
    buys(care, "sofia")
    assert stayed(care, NOON + 2 * DAY) == [True]
