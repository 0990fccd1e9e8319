"""The books of what members share: folds of a campaign's, a reward's and an invitation's own stream."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.entries import HoldReleased
from fidelity.entries.campaign import (
    CampaignCharged,
    CampaignResumed,
    CampaignSuspended,
    StockChanged,
    StockKept,
    StockOpened,
    StockRanOut,
    StockReturned,
    StockTaken,
)
from fidelity.entries.referral import InvitationAccepted, InvitationMade, ReferralCounted
from fidelity.errors import BooksError
from fidelity.ledger.campaigns import CampaignState
from fidelity.ledger.invitations import InvitationState
from fidelity.ledger.stock import StockState

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def when(hours=0):
    return {"at": NOON + hours * HOUR, "now": NOON + hours * HOUR}


def charged(hours=0, points=10, wallet="points", spend=0):
    return CampaignCharged(
        **when(hours), member="ana", event="purchase/T", uses=1, points={wallet: points}, spend=spend
    )


def test_what_a_campaign_gave_adds_up_by_wallet():
    state = CampaignState().after([charged(), charged(1, 5, "stars", 300), charged(2, 7)])
    assert (state.uses, state.points, state.spend) == (3, {"points": 17, "stars": 5}, 300)
    assert [state.used(unit, "points") for unit in ("points", "spend", "times", "")] == [17, 300, 3, 0]


def test_a_pause_holds_from_its_instant_until_before_its_end():
    pauses = [CampaignSuspended(**when(1), reason="odd", key="s"), CampaignResumed(**when(3), key="r")]
    state = CampaignState().after(pauses)
    assert [state.paused(NOON + hours * HOUR) for hours in range(5)] == ["", "odd", "odd", "", ""]
    assert (CampaignState().after(pauses[:1]).suspended, state.suspended) == ("odd", "")


@given(st.lists(st.sampled_from(["charge", "suspend", "resume"]), max_size=12), st.integers(0, 12))
def test_a_campaign_comes_back_from_its_text_at_any_point(told, cut):
    entries, suspended = [], False
    for hours, each in enumerate(told):
        if each == "charge":
            entries.append(charged(hours, hours))
        elif (each == "suspend") != suspended:
            suspended = each == "suspend"
            entries.append(
                CampaignSuspended(**when(hours), reason="odd", key="s")
                if suspended
                else CampaignResumed(**when(hours), key="r")
            )
    whole = CampaignState().after(entries)
    half = CampaignState.from_text(CampaignState().after(entries[:cut]).to_text())
    assert half.after(entries[cut:]) == whole


def held(taking, hours, until, count=1):
    return StockTaken(**when(hours), reward="mug", member="ana", taking=taking, until=NOON + until * HOUR, count=count)


def test_what_is_held_is_there_again_when_its_time_is_over():
    state = StockState().after([StockOpened(**when(), reward="mug", count=5, version="1"), held("hold/a", 0, 2, 3)])
    assert [state.left(NOON + hours * HOUR) for hours in (0, 1, 2, 3)] == [2, 2, 5, 5]


def test_each_taking_ends_in_one_way():
    opened = StockOpened(**when(), reward="mug", count=5, version="1")
    for end, left in ((StockKept, (4, 4)), (StockReturned, (5, 5))):
        state = StockState().after([opened, held("hold/a", 0, 2), end(**when(1), taking="hold/a")])
        assert (state.left(NOON + HOUR), state.left(NOON + 9 * HOUR)) == left
    taken = StockTaken(**when(), reward="mug", member="ana", taking="redemption/b", count=2)
    back = StockReturned(**when(1), taking="redemption/b", count=2)
    assert StockState().after([opened, taken, back]).left(NOON) == 5


def test_a_hold_whose_own_books_know_it_a_moment_longer_is_counted_once():
    opened = StockOpened(**when(), reward="mug", count=5, version="1")
    for end, left in ((StockKept, 3), (StockReturned, 5)):
        state = StockState().after([opened, held("hold/a", 0, 1, 2), end(**when(1), taking="hold/a")])
        assert state.left(NOON + HOUR) == left


def test_a_stock_comes_back_from_its_text():
    state = StockState().after([
        StockOpened(**when(), reward="mug", count=2, version="1"), held("hold/a", 0, 5),
        StockChanged(**when(1), reward="mug", count=-1, key="k"), StockRanOut(**when(1), reward="mug", version="1"),
    ])  # fmt: skip
    assert StockState.from_text(state.to_text()) == state


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema":0}', '{"schema":1}', "no json"])
def test_a_text_that_is_none_is_not_believed(text):
    assert CampaignState.from_text(text) is StockState.from_text(text) is None


def test_an_invitation_is_made_accepted_and_counted_once_each():
    made = InvitationMade(**when(), member="ana", key="i")
    joined, counted = InvitationAccepted(**when(1), friend="eva"), ReferralCounted(**when(2), event="purchase/T")
    state = InvitationState().after([made, joined, counted])
    assert (state.advocate, state.friend, state.joined, state.event) == ("ana", "eva", NOON + HOUR, "purchase/T")
    for some in ([joined], [made, made], [made, counted], [made, joined, joined], [made, joined, counted, counted]):
        with pytest.raises(BooksError, match="does not fit"):
            InvitationState().after(some)


@pytest.mark.parametrize("state", [CampaignState(), StockState(), InvitationState()])
def test_an_entry_of_another_stream_does_not_fit(state):
    with pytest.raises(BooksError, match="does not fit"):
        state.after([HoldReleased(**when(), hold="hold/a")])


def test_a_campaign_is_suspended_and_resumed_by_turns():
    twice = [CampaignSuspended(**when(), reason="odd", key="s")] * 2
    for some in (twice, [CampaignResumed(**when(), key="r")]):
        with pytest.raises(BooksError, match="does not fit"):
            CampaignState().after(some)
