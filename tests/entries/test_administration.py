"""Entries that staff or the member asked for: each comes back from its bytes, and no two kinds share a name."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from fidelity import entries as all_entries
from fidelity.entries import Entry, PointsRedeemed, ReturnRecorded, administration, hardship
from fidelity.entries.codec import canonical, from_plain, read_json, to_plain

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
LATER = datetime(2026, 2, 5, 12, tzinfo=UTC)
WHEN = {"at": NOON, "now": NOON}
LOT = {"wallet": "points", "points": 5, "lot": "goodwill/k", "origin": "goodwill/k", "starts": NOON, "expires": LATER}

ENTRIES = [
    administration.RedemptionUndone(
        **WHEN, redemption="redemption/k", wallet="points", points=3, lots=(("A", "undo/k/1", 3),), expires=LATER
    ),
    administration.PointsAdjusted(**WHEN, **LOT, reason="rerate/k"),
    administration.GoodwillGiven(**WHEN, **{**LOT, "expires": None}, reason="late delivery", by="adviser-7"),
    administration.DebtForgiven(**WHEN, wallet="points", points=3, reason="first time"),
    administration.PointsExtended(**WHEN, wallet="points", until=LATER, lots=(("A", 3),), reason="storm"),
    administration.PointsReinstated(**WHEN, wallet="points", points=3, lots=(("A", 3),), until=LATER, reason="storm"),
    administration.PointsSent(**WHEN, transfer="transfer/k", to="bea", wallet="points", points=3, lots=(("A", 3),)),
    administration.PointsReceived(
        **WHEN, transfer="transfer/k", sender="ana", wallet="points", points=3,
        lots=(("transfer/k/1", "purchase/T", 3, "2026-01-05T12:00:00Z", "2026-01-05T12:00:00Z", ""),),
    ),
    administration.AccountMerged(**WHEN, merge="merge/k", into="ana", lots=(("A", 3),), debts={"points": 2}),
    administration.AccountAbsorbed(
        **WHEN, merge="merge/k", old="ana2", customer_since=date(2019, 5, 2), debts={"points": 2},
        lots=(("merge/k/1", "points", "purchase/T", 3, "2026-01-05T12:00:00Z", "2026-01-05T12:00:00Z", ""),),
        counted=(("measure.score", "2026-01-05T12:00:00Z", 5),), leaving=(("measure.score", "2027-01-05T12:00:00Z", 5),),
        tier="Gold", frozen="doubt", protections=(("protection/k", "payment/P-1"),), household="H",
    ),
    administration.EventAdopted(
        **WHEN, old="ana2", event_kind="purchase", event_id="T", event={"id": "T"}, program="1", digest="d", facts={},
        counts={"measure.score": 5}, effects=(("message", "hello", "a card"),), earned={"points": 5}, reversed={},
        gone={"points": 1}, returned="R", remains={"id": "T"},
    ),
    administration.HouseholdJoined(**WHEN, household="H"),
    administration.HouseholdLeft(**WHEN, household="H"),
    administration.AccountFrozen(**WHEN, reason="doubt"),
    administration.AccountUnfrozen(**WHEN, lots=(("A", "2026-02-05T12:00:00Z"),)),
    administration.AccountClosed(**WHEN, reason="asked"),
    hardship.ProtectionStarted(**WHEN, protection="protection/k", cause="payment/P-1"),
    hardship.ProtectionEnded(**WHEN, protection="protection/k", lots=(("A", "2026-02-05T12:00:00Z"),)),
    PointsRedeemed(
        **WHEN, redemption="redemption/k", reward="cup", wallet="points", points=3, lots=(("A", 3),), by="ana",
        turns=((2,),),
    ),
    ReturnRecorded(
        **WHEN, event_id="R", origin="purchase/T", event={}, remains=None, counts={}, waived={"points": 3}
    ),
]  # fmt: skip


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.kind)
def test_an_entry_comes_back_from_its_bytes_as_it_went(entry):
    assert from_plain(read_json(canonical(to_plain(entry)))) == entry


def test_every_entry_of_the_room_is_tried_here():
    assert {type(entry).__name__ for entry in ENTRIES} >= set(administration.__all__)


def test_no_two_kinds_of_entry_share_a_name():
    found = [
        each
        for room in (all_entries, all_entries.care, all_entries.staff, hardship, administration)
        for each in vars(room).values()
        if isinstance(each, type) and issubclass(each, Entry)
    ]

    kinds = Counter(each.kind for each in set(found))

    assert {kind for kind, times in kinds.items() if times > 1} == set()


def test_what_was_added_later_leaves_no_bytes_while_it_is_not_used():
    """The hashes of entries written before must stay as they are."""
    back = ReturnRecorded(**WHEN, event_id="R", origin="purchase/T", event={}, remains=None, counts={})
    spent = PointsRedeemed(**WHEN, redemption="r", reward="cup", wallet="points", points=5, lots=())
    ended = hardship.ProtectionEnded(**WHEN, protection="p")

    assert "waived" not in to_plain(back)
    assert not {"by", "turns"} & set(to_plain(spent))
    assert "lots" not in to_plain(ended)
