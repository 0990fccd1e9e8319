"""Deciding an event once more: with what is known by now of what had happened before it, and only when asked."""

import pytest

from fidelity.entries import PointsAdjusted, PointsReversed
from fidelity.errors import UnknownOrigin
from fidelity.ledger import Account, Balance, decisions
from tests.ledger.books import book, decided, enrolled, instant, tiers, wallet
from tests.ledger.test_decisions import returned

BOOK = book(
    wallet(), wallet("stamps", life="never"), counters={"measure.spend": "12 months", "limit.app": "day"},
    tiers=tiers(over="12 months", at=(0, 500)),
)  # fmt: skip


class Story:
    """A member whose events earn 1 point per unit, twice that from Silver on."""

    def __init__(self, under=BOOK):
        self.entries = [enrolled()]
        self.ana = Account.open(under, "ana").post(*self.entries)

    def did(self, decision, *words, **details):
        entries, receipt = decision(self.ana, *words, **details)
        self.entries += entries
        self.ana = self.ana.post(*entries)
        return receipt

    def bought(self, name, on, spend, *, now=None):
        at = instant(on)
        points = self.points({"spend": spend}, self.ana.facts(at))
        said = decided(name, at, points, counts={"measure.spend": spend, "measure.score": spend, "limit.app": 1})
        said = type(said)(**{**{each: getattr(said, each) for each in NAMES}, "event": {"spend": spend}})
        self.did(decisions.record, said, now=instant(now or on))

    def points(self, event, facts):
        return {"points": event["spend"] * (2 if facts.tier == "Silver" else 1)}

    def rerate(self, origin, on, evaluate=None, key="k"):
        return self.did(
            decisions.rerate, tuple(self.entries), origin, evaluate or self.points, key=key, now=instant(on)
        )


NAMES = ("kind", "id", "at", "program", "digest", "event", "facts", "points", "counts", "effects", "anchors")


def late():
    """A purchase of 500 on 10 January that is learned after one of 100 on 20 January."""
    story = Story()
    story.bought("B", "2026-01-20", 100)
    story.bought("A", "2026-01-10", 500, now="2026-01-25")
    return story


class TestRerate:  # D15
    def test_what_was_given_stays_until_somebody_asks(self):
        story = late()

        assert story.ana.balance(instant("2026-01-26")).available == 600
        assert story.ana.standing(instant("2026-01-26")).tier == "Silver"

    def test_more_becomes_a_lot_of_the_same_event_that_lives_from_it_on(self):
        story = late()

        receipt = story.rerate("purchase/B", "2026-02-01")

        lot = story.ana.lot("rerate/k")
        assert (receipt.wallets, lot.available, lot.origin) == ({"points": 100}, 100, "purchase/B")
        assert (lot.earned, lot.expires) == (instant("2026-01-20"), instant("2027-01-20 23:00"))
        assert story.ana.origin("purchase/B").earned == {"points": 200}
        story.ana.check()

    def test_a_return_takes_it_back_with_the_rest(self):
        story = late()
        story.rerate("purchase/B", "2026-02-01")

        ana, receipt = returned(story.ana, "R", on="2026-02-02", origin="purchase/B")

        assert (receipt.points, receipt.owed) == (200, {"points": 0})
        ana.check()

    def test_fewer_are_taken_back_and_what_was_spent_is_owed(self):
        story = Story()
        story.bought("A", "2026-01-10", 500)
        story.bought("B", "2026-01-20", 100)  # as Silver: 200
        story.did(decisions.redeem, reward="cup", points=650, key="cup", now=instant("2026-01-21"))
        story.ana, _ = returned(story.ana, "R", on="2026-01-22", origin="purchase/A", remaining=500)

        receipt = story.rerate("purchase/B", "2026-02-01", lambda event, _: {"points": event["spend"]})

        assert (receipt.wallets, receipt.owed) == ({"points": -100}, {"points": 50})
        assert story.ana.balance(instant("2026-02-01")) == Balance(debt=50)
        assert isinstance(story.entries[-1], PointsReversed)
        story.ana.check()

    def test_asked_again_nothing_changes(self):
        story = late()
        story.rerate("purchase/B", "2026-02-01", key="k1")

        assert story.rerate("purchase/B", "2026-02-02", key="k2").wallets == {}
        assert isinstance(story.entries[-1], PointsAdjusted)

    def test_only_what_took_effect_before_it_counts(self):
        story = Story()
        story.bought("A", "2026-01-10", 100)
        story.bought("B", "2026-01-20", 500)
        seen = []

        receipt = story.rerate(
            "purchase/A", "2026-02-01", lambda event, facts: seen.append(facts) or story.points(event, facts)
        )

        assert receipt.wallets == {}
        assert (seen[0].tier, seen[0].counters["measure.spend"], seen[0].counters["limit.app"]) == ("Bronze", 0, 0)

    def test_of_what_happened_at_one_instant_what_was_recorded_before_counts(self):
        story = Story()
        story.bought("A", "2026-01-10", 500)
        story.bought("B", "2026-01-10", 100)
        assert story.ana.origin("purchase/B").earned == {"points": 200}

        assert story.rerate("purchase/A", "2026-02-01", key="k1").wallets == {}
        assert story.rerate("purchase/B", "2026-02-01", key="k2").wallets == {}

    def test_what_happened_before_the_enrollment_counts_from_then_on(self):
        story = Story()
        story.entries = [enrolled("2026-01-15")]
        story.ana = Account.open(BOOK, "ana").post(*story.entries)
        story.bought("B", "2026-01-12", 100, now="2026-01-20")
        story.bought("A", "2026-01-10", 500, now="2026-01-21")

        assert story.rerate("purchase/B", "2026-02-01").wallets == {"points": 100}

    def test_what_was_learned_late_counts_from_when_it_took_effect(self):
        story = Story()
        story.bought("C", "2026-01-12", 10)
        story.bought("B", "2026-01-20", 100)
        story.bought("A", "2026-01-10", 500, now="2026-01-25")

        assert story.rerate("purchase/B", "2026-02-01").wallets == {"points": 100}

    @pytest.mark.parametrize(("fresh", "change"), [({"points": 101}, 1), ({"points": 99}, -1), ({}, -100)])
    def test_the_difference_is_made_good_to_the_point(self, fresh, change):
        story = Story()
        story.bought("A", "2026-01-10", 100)

        assert story.rerate("purchase/A", "2026-02-01", lambda *_: fresh).wallets == {"points": change}
        assert story.ana.balance(instant("2026-02-01")).available == 100 + change

    def test_of_points_that_expired_meanwhile_fewer_had_been_earned_too(self):
        under = book(wallet(life="5 days"), counters={"measure.spend": "12 months"}, tiers=tiers(at=(0, 500)))
        story = Story(under)
        story.bought("A", "2026-01-10", 100)

        receipt = story.rerate("purchase/A", "2026-02-01", lambda *_: {"points": 40})

        assert (receipt.wallets, receipt.owed) == ({"points": -60}, {"points": 0})
        assert (story.ana.totals().expired, story.ana.totals().reversed) == (40, 60)
        story.ana.check()

    def test_a_return_before_it_counts_too(self):
        story = late()
        story.did(
            decisions.take_back, id="R", origin="purchase/A", at=instant("2026-01-15"), now=instant("2026-01-26"),
            event={}, remains=None, points_of_remaining={}, counts={"measure.spend": -500, "measure.score": -500},
        )  # fmt: skip
        seen = []

        story.rerate("purchase/B", "2026-02-01", lambda _, facts: seen.append(facts) or {"points": 100})

        assert seen[0].counters["measure.spend"] == 0

    def test_of_what_came_back_in_part_what_remained_is_decided(self):
        story = late()
        story.did(
            decisions.take_back, id="R", origin="purchase/B", at=instant("2026-01-26"), now=instant("2026-01-26"),
            event={}, remains={"spend": 40}, points_of_remaining={"points": 40}, counts={},
        )  # fmt: skip

        assert story.rerate("purchase/B", "2026-02-01").wallets == {"points": 40}
        assert story.ana.balance(instant("2026-02-01")).available == 500 + 80

    def test_of_what_came_back_in_full_nothing_is_decided(self):
        story = late()
        story.ana, _ = returned(story.ana, "R", on="2026-01-26", origin="purchase/B")

        assert story.rerate("purchase/B", "2026-02-01").wallets == {}

    def test_a_wallet_that_earned_nothing_before_may_earn_now(self):
        story = late()

        receipt = story.rerate("purchase/B", "2026-02-01", lambda *_: {"points": 100, "stamps": 2})

        assert receipt.wallets == {"stamps": 2}
        assert story.ana.lot("rerate/k/stamps").available == 2

    def test_points_of_a_wallet_that_the_program_no_longer_has_stay(self):
        story = late()

        story.rerate("purchase/B", "2026-02-01", lambda *_: {"points": 100, "old": 2})

        assert story.ana.lot("rerate/k/old").expires is None

    def test_what_waits_waits_from_the_event_on(self):
        under = book(wallet(pending="30 days"), counters={"measure.spend": "12 months"}, tiers=tiers(at=(0, 500)))
        story = Story(under)
        story.bought("A", "2026-01-10", 100)

        story.rerate("purchase/A", "2026-02-01", lambda *_: {"points": 150})

        assert story.ana.lot("rerate/k").starts == instant("2026-02-09")
        assert story.ana.balance(instant("2026-02-01")).pending == 150

    def test_nothing_is_taken_while_the_member_is_protected(self):
        story = late()
        story.did(decisions.protect, cause="payment/P", key="p", now=instant("2026-01-30"))

        assert story.rerate("purchase/B", "2026-02-01", lambda *_: {"points": 0}).wallets == {}

    def test_only_a_recorded_event_can_be_decided_once_more(self):
        with pytest.raises(UnknownOrigin, match="purchase/X"):
            late().rerate("purchase/X", "2026-02-01")


def test_the_way_of_taking_back_is_the_wallets_policy():  # D9
    under = book(wallet(clawback="within balance"), counters={"measure.spend": "12 months"}, tiers=tiers(at=(0, 500)))
    story = Story(under)
    story.bought("A", "2026-01-10", 100)
    story.did(decisions.redeem, reward="cup", points=70, key="cup", now=instant("2026-01-21"))

    receipt = story.rerate("purchase/A", "2026-02-01", lambda *_: {})

    assert (receipt.wallets, receipt.owed) == ({"points": -30}, {"points": 0})
    assert story.ana.balance(instant("2026-02-01")) == Balance()
