"""What staff and members ask beside earning and spending, through the shell, on every kind of journal."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fidelity.commands import Enroll, Goodwill, Record, Redeem, Transfer
from fidelity.errors import (
    AccountClosed,
    AccountFrozen,
    HoldsStand,
    IdempotencyConflict,
    InHousehold,
    NotEnoughPoints,
    NothingOwed,
    NothingToUndo,
    NotInHousehold,
    NotTransferable,
    UnknownMember,
    UnknownOrigin,
    UnknownProtection,
    UnknownRedemption,
    ValueRefused,
)
from fidelity.events import Return
from fidelity.ledger.wallet import Totals
from fidelity.loyalty import Loyalty
from fidelity.rules.earning.rules import Wallet
from tests.loyalty.aurora import DAY, HOUR, NOON, aurora, bought, joined, lines, sale

LATER = NOON + DAY


@pytest.fixture
def two(loyalty):
    """Ana with 500 points, Eva with 100."""
    loyalty.execute([*joined("ana", "eva"), bought("T-1", "500 EUR"), bought("T-2", "100 EUR", member="eva")])
    return loyalty


def available(loyalty, *members, at=LATER):
    return [loyalty.balance(member, at=at).available for member in members]


def everything(loyalty, at=LATER):
    """All accounts added up, each of them checked."""
    total = Totals()
    for account in loyalty.accounts(at=at):
        account.check()
        total += account.totals()
    assert loyalty.verify().sound
    return total


def goes_once(loyalty, ask, *, conflict):
    """The receipt of *ask*; asked again it is the same, and asked otherwise under its key a conflict."""
    first = ask()
    before = lines(loyalty.journal)
    again = ask()
    assert again == first
    assert again.repeated
    with pytest.raises(IdempotencyConflict):
        conflict()
    assert lines(loyalty.journal) == before
    return first


# ── undoing ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_redemption_is_undone_once(two):
    spent = two.redeem("ana", "free coffee", key="k", now=NOON)

    receipt = goes_once(
        two,
        lambda: two.undo(spent.id, key="u", now=LATER),
        conflict=lambda: two.undo(spent.id, key="u", points=3, now=LATER),
    )

    assert (receipt.member, receipt.points, receipt.left) == ("ana", 120, 0)
    assert available(two, "ana") == [500]
    with pytest.raises(NothingToUndo):
        two.undo(spent.id, key="u2", now=LATER)


def test_a_captured_hold_is_undone_by_its_own_id(two):
    hold = two.hold("ana", points=100, key="h", now=NOON)
    two.capture(hold.id, key="c", points=80, now=NOON)

    assert two.undo(hold.id, key="u", points=30, now=LATER).left == 50
    assert available(two, "ana") == [450]


def test_what_nobody_spent_cannot_be_undone(two):
    before = lines(two.journal)
    for name in ("redemption/none", "hold/none", "none"):
        with pytest.raises(UnknownRedemption):
            two.undo(name, key="u", now=LATER)

    assert lines(two.journal) == before


# ── between members ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_gift_moves_points_with_their_end(two):
    receipt = goes_once(
        two,
        lambda: two.transfer("ana", to="eva", points=150, key="g", now=LATER),
        conflict=lambda: two.transfer("ana", to="eva", points=151, key="g", now=LATER),
    )

    assert (receipt.to, receipt.points, receipt.left) == ("eva", 150, 350)
    assert available(two, "ana", "eva") == [350, 250]
    assert two.balance("eva", at=LATER).next_expiry == (date(2027, 1, 5), 250)
    assert everything(two).issued == 600


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"points": 501}, NotEnoughPoints),
        ({"to": "nobody"}, UnknownMember),
        ({"to": "ana"}, ValueRefused),
        ({"member": "nobody"}, UnknownMember),
        ({"wallet": "pionts"}, ValueRefused),
    ],
)
def test_a_gift_that_cannot_be_leaves_no_trace(two, wrong, refusal):
    before = lines(two.journal)

    with pytest.raises(refusal):
        two.transfer(**{"member": "ana", "to": "eva", "points": 10, "key": "g", "now": LATER, **wrong})

    assert lines(two.journal) == before


def test_points_that_stay_where_they_are_cannot_be_given(journal):
    loyalty = Loyalty(aurora(wallets=[Wallet("points", transfers="not at all")]), journal=journal)
    loyalty.execute([*joined("ana", "eva"), bought("T-1", "500 EUR")])

    with pytest.raises(NotTransferable):
        loyalty.transfer("ana", to="eva", points=10, key="g", now=LATER)


def test_a_purchase_whose_points_were_given_away_is_owed_by_who_had_earned_them(two):
    two.transfer("ana", to="eva", points=500, key="g", now=LATER)
    two.record(Return("R-1", purchase="T-1", at=LATER), now=LATER)

    assert (two.balance("ana", at=LATER).debt, available(two, "eva")) == (500, [600])


def test_a_duplicate_is_merged_and_takes_no_more_commands(two):
    receipt = goes_once(
        two,
        lambda: two.merge("ana", into="eva", key="m", now=LATER),
        conflict=lambda: two.merge("eva", into="ana", key="m", now=LATER),
    )

    assert (receipt.into, receipt.wallets) == ("eva", {"points": 500})
    assert available(two, "ana", "eva") == [0, 600]
    with pytest.raises(AccountClosed) as caught:
        two.record(sale("T-9", at=LATER), now=LATER)
    assert caught.value.merged_into == "eva"
    assert everything(two).issued == 600


def test_what_a_duplicate_had_bought_still_comes_back(two):
    two.merge("ana", into="eva", key="m", now=LATER)

    part = two.record(Return("R-1", purchase="T-1", amount="200 EUR", at=LATER), now=LATER)
    rest = two.record(Return("R-2", purchase="T-1", member="ana", at=LATER + HOUR), now=LATER + HOUR)

    assert [(part.member, part.points), (rest.member, rest.points)] == [("eva", 200), ("eva", 300)]
    assert available(two, "eva", at=LATER + HOUR) == [100]
    # A retry says the same, whoever asks for it.
    again = two.record(Return("R-1", purchase="T-1", amount="200 EUR", at=LATER), now=LATER + DAY)
    assert again.repeated
    assert again.points == 200
    everything(two, LATER + DAY)


def test_a_merged_account_that_is_merged_again_is_followed(two):
    two.execute(joined("zoe"))
    two.merge("ana", into="eva", key="m1", now=LATER)
    two.merge("eva", into="zoe", key="m2", now=LATER)

    assert two.record(Return("R-1", purchase="T-1", at=LATER), now=LATER).points == 500
    assert available(two, "zoe") == [100]


def test_tenure_and_anniversaries_follow_the_first_business(loyalty):
    loyalty.execute(
        [
            Enroll(member="ana", customer_since=date(2015, 3, 1), now=NOON),
            Enroll(member="eva", customer_since=date(2025, 6, 1), now=NOON),
        ]
    )
    loyalty.merge("ana", into="eva", key="m", now=LATER)

    in_march = NOON.replace(month=3, day=2)
    assert available(loyalty, "eva", "ana", at=in_march) == [100, 0]


# ── households ──────────────────────────────────────────────────────────────────────────────────────────────────


def together(loyalty):
    for member in ("ana", "eva"):
        loyalty.join_household(member, "smiths", key=f"j/{member}", now=NOON)
    return loyalty


def test_a_household_spends_together(two):
    together(two)
    two.execute([bought("T-3", "30 EUR", at=LATER)])

    receipt = goes_once(
        two,
        lambda: two.redeem("eva", "five euros off", key="p", pooled=True, now=LATER),
        conflict=lambda: two.redeem("eva", "five euros off", key="p", now=LATER),
    )

    # All end on the same day but T-3: Eva's own first, then Ana's.
    assert (receipt.member, receipt.shares, receipt.left) == ("eva", {"eva": 100, "ana": 300}, 230)
    assert available(two, "ana", "eva") == [230, 0]
    assert everything(two).redeemed == 400


def test_a_pooled_redemption_is_undone_in_all_books(two):
    together(two)
    spent = two.redeem("eva", "five euros off", key="p", pooled=True, now=LATER)

    receipt = two.undo(spent.id, key="u", points=350, now=LATER)

    assert receipt.shares == {"ana": 300, "eva": 50}
    assert available(two, "ana", "eva") == [500, 50]
    assert two.undo(spent.id, key="u2", now=LATER).shares == {"eva": 50}


def test_who_left_keeps_their_points(two):
    together(two)
    assert two.household("smiths").members == ("ana", "eva")
    two.leave_household("ana", key="l", now=LATER)

    assert two.household("smiths").members == ("eva",)
    with pytest.raises(NotEnoughPoints):
        two.redeem("eva", "free coffee", key="p", pooled=True, now=LATER)
    with pytest.raises(NotInHousehold):
        two.redeem("ana", "free coffee", key="p", pooled=True, now=LATER)
    assert available(two, "ana", "eva") == [500, 100]


def test_one_household_at_a_time(two):
    together(two)
    with pytest.raises(InHousehold):
        two.join_household("ana", "joneses", key="j2", now=LATER)
    with pytest.raises(UnknownMember):
        two.join_household("nobody", "joneses", key="j3", now=LATER)

    assert two.household("joneses").members == ()


def test_who_joins_and_spends_in_one_list_is_seen(two):
    """Each command on several accounts reads what the one before it wrote."""
    together(two)
    two.leave_household("ana", key="l", now=NOON)
    answers = two.execute(
        [
            Redeem(member="eva", reward="five euros off", key="p1", pooled=True, now=LATER),
            Transfer(member="ana", to="eva", points=400, key="g", now=LATER),
            Redeem(member="eva", reward="five euros off", key="p2", pooled=True, now=LATER),
        ],
        on_refusal="return",
    )

    assert isinstance(answers[0], NotEnoughPoints)
    assert answers[2].shares == {"eva": 400}


# ── putting right ───────────────────────────────────────────────────────────────────────────────────────────────


def test_goodwill_counts_for_no_tier(two):
    receipt = goes_once(
        two,
        lambda: two.goodwill("eva", points=900, reason="late delivery", by="staff/7", key="g", now=LATER),
        conflict=lambda: two.goodwill("eva", points=900, reason="other", by="staff/7", key="g", now=LATER),
    )

    assert (receipt.points, receipt.reason, receipt.by) == (900, "late delivery", "staff/7")
    assert available(two, "eva") == [1_000]
    assert two.status("eva", at=LATER).tier == "Bronze"


def test_a_debt_is_forgiven(two):
    two.redeem("ana", "five euros off", key="k", now=NOON)
    two.record(Return("R-1", purchase="T-1", at=LATER), now=LATER)
    assert two.balance("ana", at=LATER).debt == 400

    assert two.forgive("ana", reason="kind", points=150, key="f1", now=LATER).left == 250
    assert two.forgive("ana", reason="kind", key="f2", now=LATER).points == 250
    with pytest.raises(NothingOwed):
        two.forgive("ana", reason="kind", key="f3", now=LATER)
    assert everything(two).forgiven == 400


def test_points_live_longer_until_the_end_of_a_day(two):
    receipt = two.extend("ana", until=date(2027, 6, 30), reason="kind", key="x", now=LATER)

    assert receipt.points == 500
    assert two.balance("ana", at=LATER).next_expiry == (date(2027, 6, 30), 500)


def test_one_event_is_extended_alone(two):
    two.execute([bought("T-3", "30 EUR", at=NOON)])
    two.extend("ana", until=date(2027, 6, 30), event="purchase/T-3", reason="kind", key="x", now=LATER)

    assert two.balance("ana", at=LATER).next_expiry == (date(2027, 1, 5), 500)


def test_expired_points_come_back(two):
    late = NOON + 400 * DAY
    receipt = two.reinstate("ana", points=200, until=date(2027, 12, 31), reason="kind", key="i", now=late)

    assert (receipt.points, receipt.settled) == (200, 0)
    assert two.balance("ana", at=late).next_expiry == (date(2027, 12, 31), 200)


def test_a_backdated_purchase_changes_no_benefit_until_it_is_asked(journal):
    """Ana was Gold since a purchase that is learned late: what she bought after it earned as Bronze (D15)."""
    loyalty = Loyalty(aurora(), journal=journal)
    loyalty.execute([*joined("ana", now=NOON - DAY), bought("T-2", "100 EUR", at=NOON + DAY)])
    loyalty.record(sale("T-1", "3000 EUR", at=NOON), now=NOON + 2 * DAY)
    assert available(loyalty, "ana", at=NOON + 2 * DAY) == [3_100]

    receipt = goes_once(
        loyalty,
        lambda: loyalty.rerate("ana", "purchase/T-2", key="r", now=NOON + 3 * DAY),
        conflict=lambda: loyalty.rerate("ana", "purchase/T-1", key="r", now=NOON + 3 * DAY),
    )

    assert receipt.wallets == {"points": 50}
    assert available(loyalty, "ana", at=NOON + 3 * DAY) == [3_150]
    with pytest.raises(UnknownOrigin):
        loyalty.rerate("ana", "purchase/none", key="r2", now=NOON + 3 * DAY)


# ── standing still ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_frozen_account_earns_but_does_not_spend(two):
    two.freeze("ana", reason="two cards", key="f", now=NOON)

    for refused in (
        lambda: two.redeem("ana", "free coffee", key="k", now=LATER),
        lambda: two.hold("ana", points=5, key="h", now=LATER),
        lambda: two.transfer("ana", to="eva", points=5, key="g", now=LATER),
    ):
        with pytest.raises(AccountFrozen) as caught:
            refused()
        assert caught.value.reason == "two cards"
    assert two.record(sale("T-3", "30 EUR", at=LATER), now=LATER).points == 30
    two.unfreeze("ana", key="u", now=NOON + 10 * DAY)
    assert two.balance("ana", at=NOON + 10 * DAY).next_expiry[0] == date(2027, 1, 15)


def test_hard_times_take_nothing(two):
    """While protected nothing expires and nothing is clawed back; afterwards clocks go on where they stood (D9)."""
    protection = two.protect("ana", cause="payment/P-1", key="p", now=NOON + 360 * DAY).protections[0]
    at = NOON + 390 * DAY
    assert available(two, "ana", at=at) == [600]  # with the anniversary
    with pytest.raises(UnknownProtection):
        two.end_protection("ana", "protection/other", key="e1", now=at)

    two.end_protection("ana", protection, key="e2", now=at)

    left = two.balance("ana", at=at).next_expiry
    assert left == (date(2027, 2, 4), 500)


def test_a_closed_account_is_empty_and_takes_only_returns(two):
    hold = two.hold("ana", points=5, key="h", now=NOON)
    with pytest.raises(HoldsStand):
        two.close("ana", reason="asked", key="c", now=LATER)
    two.release(hold.id, key="r", now=LATER)

    receipt = two.close("ana", reason="asked", key="c", now=LATER)

    assert receipt.expired == {"points": 500}
    with pytest.raises(AccountClosed):
        two.goodwill("ana", points=5, reason="kind", key="g", now=LATER)
    assert two.record(Return("R-1", purchase="T-1", at=LATER), now=LATER).points == 0
    assert (two.balance("ana", at=LATER).debt, available(two, "ana")) == (0, [0])


@pytest.mark.parametrize("reason", ["", "   ", "x" * 81, 5, None])
def test_a_reason_is_a_code(two, reason):
    with pytest.raises(ValueRefused):
        two.execute([Goodwill(member="eva", points=5, reason=reason, key="g", now=LATER)])


# ── all of them ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_account_is_there_at_the_end_of_the_month(two):
    two.execute(joined("zoe", now=LATER))

    assert [account.member for account in two.accounts(at=NOON)] == ["ana", "eva"]
    assert [account.member for account in two.accounts(at=LATER)] == ["ana", "eva", "zoe"]


def test_many_accounts_come_in_pages(loyalty, monkeypatch):
    monkeypatch.setattr("fidelity.loyalty.ledgers._MANY", 7)
    names = [f"m{n:03}" for n in range(40)]
    loyalty.execute(joined(*names))

    assert [account.member for account in loyalty.accounts(at=NOON)] == names
    assert all(account.clock <= NOON + timedelta(0) for account in loyalty.accounts(at=NOON))


# ── what others led to ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_household_follows_its_member_into_a_merge(two):
    """The duplicate leaves the household and who took it over is in it, in the books of both."""
    two.execute([*joined("zoe"), bought("T-3", "50 EUR", member="zoe")])
    together(two)
    two.merge("ana", into="zoe", key="m", now=LATER)

    assert two.household("smiths").members == ("eva", "zoe")
    spent = two.redeem("eva", "five euros off", key="p", pooled=True, now=LATER)
    assert spent.shares == {"eva": 100, "zoe": 300}
    two.leave_household("zoe", key="l", now=LATER)
    assert two.household("smiths").members == ("eva",)


def test_who_is_in_another_household_stays_there_after_a_merge(two):
    two.join_household("ana", "smiths", key="j1", now=NOON)
    two.join_household("eva", "joneses", key="j2", now=NOON)
    two.merge("ana", into="eva", key="m", now=LATER)

    assert (two.household("smiths").members, two.household("joneses").members) == ((), ("eva",))


def test_who_closes_the_account_leaves_the_household(two):
    together(two)
    two.close("ana", reason="asked", key="c", now=LATER)

    assert two.household("smiths").members == ("eva",)


def test_what_a_duplicate_had_spent_comes_back_to_who_took_it_over(two):
    spent = two.redeem("ana", "free coffee", key="k", now=NOON)
    two.execute(joined("zoe"))
    two.merge("ana", into="eva", key="m1", now=LATER)
    two.merge("eva", into="zoe", key="m2", now=LATER)

    receipt = two.undo(spent.id, key="u", points=100, now=LATER)

    assert (receipt.member, receipt.points, receipt.left) == ("zoe", 100, 20)
    assert available(two, "zoe", "eva", "ana") == [580, 0, 0]
    assert two.undo(spent.id, key="u2", now=LATER).points == 20
    with pytest.raises(NothingToUndo):
        two.undo(spent.id, key="u3", now=LATER)
    # A return of the purchase reaches them: they kept their origin.
    assert two.record(Return("R-1", purchase="T-1", at=LATER), now=LATER).points == 500
    assert everything(two).issued == 600


@pytest.mark.parametrize("member", ["", "eva", "ana"])
def test_a_return_finds_its_purchase_whoever_is_named(two, member):
    """The old id, the new one or none: the goods were bought once."""
    two.merge("ana", into="eva", key="m", now=LATER)

    receipt = two.record(Return("R-1", purchase="T-1", member=member, at=LATER), now=LATER)

    assert (receipt.member, receipt.points) == ("eva", 500)


def test_a_return_in_the_name_of_a_stranger_to_the_purchase_is_unknown(two):
    with pytest.raises(UnknownOrigin):
        two.record(Return("R-1", purchase="T-1", member="eva", at=LATER), now=LATER)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "M-1", "order": "O-9"}, {"name": "M-2", "order": "O-9"}),
        ({"name": "O-9"}, {"name": "M-2", "order": "O-9"}),
        ({"name": "M-1", "order": "O-9"}, {"name": "O-9"}),
    ],
)
@pytest.mark.parametrize("at_once", [False, True])
def test_one_order_counts_once_whatever_its_messages_are_called(two, one, other, at_once):
    messages = [sale(**each, amount="50 EUR", at=LATER + n * HOUR) for n, each in enumerate((one, other))]
    commands = [Record(event=each, now=LATER + HOUR) for each in messages]
    told = two.execute(commands) if at_once else [two.execute([each])[0] for each in commands]

    assert [(each.points, each.repeated) for each in told] == [(50, False), (50, True)]
    assert available(two, "ana", at=LATER + HOUR) == [550]
    with pytest.raises(IdempotencyConflict):
        two.record(sale("M-3", "60 EUR", order="O-9", at=LATER), now=LATER + HOUR)
    again = two.execute(commands)
    assert [each.repeated for each in again] == [True, True]
    # The goods come back by the name of the order, and of any message that named it.
    parts = [
        two.record(Return(f"R-{n}", purchase=name, amount="20 EUR", at=LATER + HOUR), now=LATER + HOUR).points
        for n, name in enumerate(dict.fromkeys((one["name"], "O-9")))
    ]
    assert parts == [20] * len(parts)
    if other.get("order"):
        assert two.record(Return("R-9", purchase="M-2", at=LATER + HOUR), now=LATER + HOUR).origin
    everything(two, LATER + HOUR)


def test_a_receipt_says_how_much_paid_what_was_owed(two):
    """ "You earn 60 points" alone would promise what the balance does not show."""
    two.redeem("ana", "five euros off", key="k", now=NOON)
    two.record(Return("R-1", purchase="T-1", at=LATER), now=LATER)

    earned = two.record(sale("T-3", "300 EUR", at=LATER), now=LATER)
    given = two.goodwill("ana", points=150, reason="late", key="g", now=LATER)
    after = two.record(sale("T-4", "30 EUR", at=LATER), now=LATER)

    assert (earned.points, earned.settled, given.settled, after.settled) == (300, {"points": 300}, 100, {})
    assert available(two, "ana") == [80]
    assert earned.explain("en").splitlines()[-1] == "300 points of them go to what was owed."
    again = two.record(sale("T-3", "300 EUR", at=LATER), now=LATER)
    assert (again.settled, again.explain("es")) == (earned.settled, earned.explain("es"))


def test_a_quote_tells_what_the_household_has_together(two):
    together(two)
    alone, shared = (two.quote("eva", "five euros off", at=LATER, pooled=pooled) for pooled in (False, True))

    assert (alone.missing, shared.missing, shared.available, shared.affordable) == (300, 0, 600, True)
    two.freeze("ana", reason="check", key="f", now=LATER)
    assert two.quote("eva", "five euros off", at=LATER, pooled=True).available == 100
    two.leave_household("eva", key="l", now=LATER)
    with pytest.raises(NotInHousehold):
        two.quote("eva", "five euros off", at=LATER, pooled=True)


@pytest.mark.parametrize(("merged", "shares"), [("ana", {"zoe": 300, "eva": 100}), ("eva", {"ana": 300, "zoe": 100})])
def test_a_pooled_redemption_is_undone_whoever_of_them_was_merged_since(two, merged, shares):
    together(two)
    two.execute(joined("zoe"))
    spent = two.redeem("eva", "five euros off", key="p", pooled=True, now=NOON)
    two.merge(merged, into="zoe", key="m", now=LATER)

    receipt = two.undo(spent.id, key="u", now=LATER)

    assert (receipt.points, receipt.left, receipt.shares) == (400, 0, shares)
    assert everything(two).issued == 600
    assert everything(two).available == 600


def test_a_pooled_redemption_is_undone_when_one_giver_was_merged_into_another(two):
    together(two)
    spent = two.redeem("eva", "five euros off", key="p", pooled=True, now=NOON)
    two.merge("eva", into="ana", key="m", now=LATER)

    assert two.undo(spent.id, key="u", points=350, now=LATER).shares == {"ana": 350}
    assert two.undo(spent.id, key="u2", now=LATER).points == 50
    assert available(two, "ana") == [600]
    everything(two)


def test_what_was_given_by_who_has_left_for_good_stays_spent(two):
    together(two)
    spent = two.redeem("eva", "five euros off", key="p", pooled=True, now=NOON)
    two.close("ana", reason="asked", key="c", now=LATER)

    receipt = two.undo(spent.id, key="u", now=LATER)

    assert (receipt.points, receipt.shares) == (100, {"eva": 100})
    with pytest.raises(NothingToUndo):
        two.undo(spent.id, key="u2", now=LATER)


def test_a_hold_for_a_reward_is_captured_whole(two):
    """Or somebody would have the reward for a point."""
    hold = two.hold("ana", reward="free coffee", key="h", now=NOON)

    with pytest.raises(ValueRefused, match="captured whole"):
        two.capture(hold.id, points=1, key="c", now=NOON)
    assert two.capture(hold.id, points=120, key="c", now=NOON).released == 0


def test_who_leaves_with_a_debt_is_asked_for_nothing_and_the_receipt_says_how_much(loyalty):
    """Given away, then the goods came back: the gift stays, what is owed is let go, and both can be read."""
    loyalty.execute([*joined("ana", "luis"), bought("T-1", "100 EUR")])
    loyalty.transfer("ana", to="luis", points=30, key="g", now=NOON)
    loyalty.record(Return("R-1", member="ana", purchase="T-1", at=NOON), now=NOON)

    receipt = loyalty.close("ana", reason="wish", key="x", now=NOON)

    assert (receipt.expired, receipt.forgiven) == ({}, {"points": 30})
    assert loyalty.balance("luis", at=NOON).available == 30
    assert [line.code for line in loyalty.statement("ana", at=NOON).lines[-2:]] == ["closed", "forgiven"]
