"""Vouchers at work: once, by their owner, in their time, and back with what they came of."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fidelity import Conversion, EarnRule, Program, Reward, points, purchase
from fidelity.errors import (
    AccountFrozen,
    FidelityError,
    IdempotencyConflict,
    NothingToUndo,
    ProgramError,
    UnknownVoucher,
    ValueRefused,
    VoucherOver,
)
from fidelity.events import Return
from fidelity.journals import JournalInMemory
from fidelity.ledger.snapshots import from_text, to_text
from fidelity.loyalty import Loyalty
from tests.loyalty.aurora import DAY, HOUR, NOON, aurora, sale

MUG = Reward("mug", cost=100, worth="5 EUR", voucher="30 days")
BASE = EarnRule("base", points(1, per="1 EUR"))


def cafe(*rewards, journal=None, members=("ana",), amount="1000 EUR", **more):
    terms = {"rewards": rewards or (MUG,), "earn": [BASE], "tiers": None, **more}
    loyalty = Loyalty(aurora(**terms), journal)
    for member in members:
        loyalty.enroll(member, now=NOON)
        loyalty.record(sale(f"T-{member}", amount, member=member), now=NOON)
    return loyalty


def test_a_reward_that_comes_as_a_voucher_puts_one_into_the_books(journal):
    loyalty = cafe(journal=journal)

    receipt = loyalty.redeem("ana", "mug", key="r", now=NOON)
    (voucher,) = loyalty.vouchers("ana", at=NOON)

    assert (voucher.code, voucher.reward, voucher.worth) == (receipt.voucher, "mug", "5.00 EUR")
    assert voucher.expires == receipt.expires
    assert loyalty.redeem("ana", "mug", key="r", now=NOON).voucher == receipt.voucher
    assert "Valid through 4 February 2026." in receipt.explain()


def test_a_voucher_is_used_once_under_whatever_key(journal):
    loyalty = cafe(journal=journal)
    code = loyalty.redeem("ana", "mug", key="r", now=NOON).voucher

    first = loyalty.use(code, member="ana", key="u", now=NOON)
    again = loyalty.use(code, member="ana", key="u", now=NOON + HOUR)

    assert (first.repeated, again.repeated, again.id) == (False, True, "use/u")
    with pytest.raises(VoucherOver) as refused:
        loyalty.use(code, member="ana", key="v", now=NOON)
    assert refused.value.state == "used"
    with pytest.raises(IdempotencyConflict):
        loyalty.use("another", member="ana", key="u", now=NOON)


def test_a_voucher_is_nobody_elses():
    loyalty = cafe(members=("ana", "bob"))
    code = loyalty.redeem("ana", "mug", key="r", now=NOON).voucher

    with pytest.raises(UnknownVoucher, match="only for the member who got it"):
        loyalty.use(code, member="bob", key="u", now=NOON)
    with pytest.raises(UnknownVoucher):
        loyalty.use("0000-0000-0000", member="ana", key="u", now=NOON)


def test_a_voucher_can_be_used_through_its_last_day():
    loyalty = cafe()
    code = loyalty.redeem("ana", "mug", key="r", now=NOON).voucher
    (voucher,) = loyalty.vouchers("ana", at=NOON)
    tick = timedelta(microseconds=1)

    with pytest.raises(VoucherOver) as refused:
        loyalty.use(code, member="ana", key="u", now=voucher.expires)
    assert refused.value.state == "expired"
    assert cafe().redeem("ana", "mug", key="r", now=NOON).voucher == code
    other = cafe()
    other.redeem("ana", "mug", key="r", now=NOON)
    assert other.use(code, member="ana", key="u", now=voucher.expires - tick).voucher == code


def test_undoing_a_use_gives_the_voucher_back_with_the_life_it_had(journal):
    loyalty = cafe(journal=journal)
    code = loyalty.redeem("ana", "mug", key="r", now=NOON).voucher
    before = loyalty.vouchers("ana", at=NOON)
    used = loyalty.use(code, member="ana", key="u", now=NOON)

    back = loyalty.undo(used.id, key="b", now=NOON + HOUR)

    assert loyalty.vouchers("ana", at=NOON + HOUR) == before
    assert back.explain() == f"Your voucher {code} is yours to use again. Valid through 4 February 2026."
    with pytest.raises(NothingToUndo):
        loyalty.undo(used.id, key="c", now=NOON + HOUR)
    assert not loyalty.verify().breaches


def test_undoing_a_redemption_takes_its_voucher_unless_it_was_used(journal):
    loyalty = cafe(journal=journal)
    receipt = loyalty.redeem("ana", "mug", key="r", now=NOON)
    used = loyalty.use(receipt.voucher, member="ana", key="u", now=NOON)

    with pytest.raises(NothingToUndo, match="was used"):
        loyalty.undo(receipt.id, key="b", now=NOON)
    loyalty.undo(used.id, key="c", now=NOON)
    with pytest.raises(ValueRefused, match="whole"):
        loyalty.undo(receipt.id, points=50, key="d", now=NOON)
    loyalty.undo(receipt.id, key="e", now=NOON)

    assert (loyalty.vouchers("ana", at=NOON), loyalty.balance("ana", at=NOON).available) == ((), 1000)
    with pytest.raises(VoucherOver):
        loyalty.use(receipt.voucher, member="ana", key="v", now=NOON)


def test_a_voucher_comes_with_the_capture_of_what_was_set_aside():
    loyalty = cafe()
    held = loyalty.hold("ana", reward="mug", key="h", now=NOON)
    assert loyalty.vouchers("ana", at=NOON) == ()

    captured = loyalty.capture(held.id, key="c", now=NOON + DAY)

    assert [each.code for each in loyalty.vouchers("ana", at=NOON + DAY)] == [captured.voucher]


def test_what_a_household_gives_for_together_is_of_who_asked():
    loyalty = cafe(members=("ana", "bob"), amount="60 EUR")
    for member in ("ana", "bob"):
        loyalty.join_household(member, "home", key=f"join {member}", now=NOON)

    receipt = loyalty.redeem("bob", "mug", key="r", pooled=True, now=NOON)

    assert [each.code for each in loyalty.vouchers("bob", at=NOON)] == [receipt.voucher]
    loyalty.undo(receipt.id, key="u", now=NOON)
    assert loyalty.vouchers("bob", at=NOON) == ()


def test_a_voucher_keeps_the_terms_under_which_it_was_given():
    journal = JournalInMemory()
    code = cafe(journal=journal).redeem("ana", "mug", key="r", now=NOON).voucher
    strict = Reward("mug", cost=100, worth="5 EUR", voucher="30 days", minimum_basket="5 EUR")
    later = Loyalty(aurora(version="2", rewards=[strict], tiers=None), journal)

    assert later.use(code, member="ana", key="u", now=NOON + DAY).voucher == code


def test_the_basket_is_asked_when_it_is_used_and_not_when_points_are_spent():
    loyalty = cafe(Reward("mug", cost=100, worth="5 EUR", voucher="30 days", minimum_basket="5 EUR"))
    code = loyalty.redeem("ana", "mug", key="r", now=NOON).voucher

    with pytest.raises(FidelityError, match="the basket is less than"):
        loyalty.use(code, member="ana", key="u", fields={"basket": "4.99 EUR"}, now=NOON)
    assert loyalty.use(code, member="ana", key="v", fields={"basket": "5 EUR"}, now=NOON).worth == "5.00 EUR"


def test_while_the_member_is_protected_no_voucher_ends():
    loyalty = cafe()
    code = loyalty.redeem("ana", "mug", key="r", now=NOON).voucher
    loyalty.protect("ana", cause="payment/P-1", key="p", now=NOON + 10 * DAY)

    assert [each.code for each in loyalty.vouchers("ana", at=NOON + 400 * DAY)] == [code]
    loyalty.end_protection("ana", "protection/p", key="e", now=NOON + 400 * DAY)

    (voucher,) = loyalty.vouchers("ana", at=NOON + 400 * DAY)
    assert (voucher.expires - NOON).days in (420, 421)  # 20 days and the rest of the last one
    assert loyalty.vouchers("ana", at=NOON + 421 * DAY) == ()


def test_a_protected_member_uses_a_voucher_whose_day_has_passed_meanwhile():
    loyalty = cafe()
    code = loyalty.redeem("ana", "mug", key="r", now=NOON).voucher
    loyalty.protect("ana", cause="payment/P-1", key="p", now=NOON + 10 * DAY)

    assert loyalty.use(code, member="ana", key="u", now=NOON + 400 * DAY).voucher == code
    assert loyalty.vouchers("ana", at=NOON + 400 * DAY) == ()


def test_nothing_is_used_from_a_frozen_account():
    loyalty = cafe()
    code = loyalty.redeem("ana", "mug", key="r", now=NOON).voucher
    loyalty.freeze("ana", reason="lost card", key="f", now=NOON)

    with pytest.raises(AccountFrozen):
        loyalty.use(code, member="ana", key="u", now=NOON)


def test_a_duplicate_brings_its_vouchers_along(journal):
    loyalty = cafe(journal=journal, members=("old", "ana"))
    kept, used = (loyalty.redeem("old", "mug", key=key, now=NOON).voucher for key in ("a", "b"))
    loyalty.use(used, member="old", key="u", now=NOON)

    loyalty.merge("old", into="ana", key="m", now=NOON + HOUR)

    assert [each.code for each in loyalty.vouchers("ana", at=NOON + HOUR)] == [kept]
    loyalty.undo("use/u", key="x", now=NOON + HOUR)
    assert {each.code for each in loyalty.vouchers("ana", at=NOON + HOUR)} == {kept, used}
    loyalty.undo("redemption/a", key="y", now=NOON + HOUR)
    assert [each.code for each in loyalty.vouchers("ana", at=NOON + HOUR)] == [used]


def test_statement_export_and_snapshot_know_of_vouchers():
    loyalty = cafe()
    code = loyalty.redeem("ana", "mug", key="r", now=NOON).voucher
    at = NOON + 60 * DAY
    account = loyalty.account("ana", at=NOON)

    told = [(line.code, line.parameters.get("voucher")) for line in loyalty.statement("ana", at=at).lines][-2:]
    (exported,) = json.loads(loyalty.export("ana", at=at))["vouchers"]

    assert told == [("voucher issued", code), ("voucher expired", code)]
    assert f"vale {code}, caducado" in str(loyalty.statement("ana", at=at, language="es"))
    assert (exported["code"], exported["state"]) == (code, "expired")
    assert from_text(account.rulebook, "ana", to_text(account)).circumstances == account.circumstances


def test_a_rule_gives_a_voucher_and_a_return_takes_it_back():
    big = EarnRule("next order", voucher="mug", when=purchase.amount >= 50)
    loyalty = cafe(earn=[BASE, big], amount="60 EUR")
    assert len(loyalty.vouchers("ana", at=NOON)) == 1

    loyalty.record(Return("R-1", purchase="T-ana", amount="5 EUR", at=NOON), now=NOON)
    assert len(loyalty.vouchers("ana", at=NOON)) == 1
    loyalty.record(Return("R-2", purchase="T-ana", amount="10 EUR", at=NOON), now=NOON)

    assert loyalty.vouchers("ana", at=NOON) == ()


@pytest.mark.parametrize(("name", "why"), [("mugg", 'no reward "mugg"'), ("cup", "does not come as a voucher")])
def test_a_rule_that_gives_what_is_no_voucher_is_refused(name, why):
    with pytest.raises(ProgramError, match=why):
        aurora(earn=[BASE, EarnRule("next order", voucher=name)], rewards=[MUG, Reward("cup", cost=10)], tiers=None)


# Conversions


def converting(**changed):
    terms = {"every": "calendar quarter", "at_least": 150, "blocks": 50, "worth": "0.50 EUR"}
    return Conversion(**{**terms, "voucher": "2 years, to the end of the month", **changed})


def club(journal=None, *, version="1", expiry="never", **changed):
    return Loyalty(
        aurora(
            version=version, rewards=(), earn=[BASE], tiers=None, expiry=expiry, conversions=[converting(**changed)]
        ),
        journal,
    )


APRIL = NOON + 90 * DAY  # 5 April 2026


def test_every_spelling_of_a_conversion_gives_the_same_program():
    program = club().program

    assert Program.from_json(program.to_json()) == program
    assert program.to_dict()["conversions"][0]["every"] == "calendar quarter"
    assert "150 points give €1.50, and each 50 more give €0.50." in program.explain()
    assert "Al terminar el trimestre natural, los puntos se vuelven un vale" in program.explain("es")


def test_points_are_converted_with_or_without_a_sweep(journal):
    loyalty = club(journal)
    loyalty.enroll("ana", now=NOON)
    loyalty.record(sale(amount="230 EUR"), now=NOON)
    unswept = loyalty.vouchers("ana", at=APRIL), loyalty.balance("ana", at=APRIL).available

    swept = loyalty.settle(APRIL)
    again = loyalty.settle(APRIL + HOUR)

    assert (swept.facts, again.facts) == ({"conversion": 1}, {})
    assert (loyalty.vouchers("ana", at=APRIL), loyalty.balance("ana", at=APRIL).available) == unswept
    assert [each.worth for each in unswept[0]] == ["2.00 EUR"]
    assert unswept[1] == 30
    assert not loyalty.verify().breaches


def test_what_expires_with_the_period_is_not_converted():
    loyalty = club(expiry="to the end of the calendar quarter")
    loyalty.enroll("ana", now=NOON)
    loyalty.record(sale(amount="230 EUR"), now=NOON)

    assert loyalty.vouchers("ana", at=APRIL) == ()
    assert loyalty.balance("ana", at=APRIL).available == 0


def test_while_the_member_is_protected_points_stay_points():
    loyalty = club()
    loyalty.enroll("ana", now=NOON)
    loyalty.record(sale(amount="230 EUR"), now=NOON)
    loyalty.protect("ana", cause="payment/P-1", key="p", now=NOON + DAY)

    assert loyalty.balance("ana", at=APRIL).available == 230
    loyalty.end_protection("ana", "protection/p", key="e", now=APRIL)
    assert [each.worth for each in loyalty.vouchers("ana", at=APRIL + 90 * DAY)] == ["2.00 EUR"]


def test_a_later_version_converts_nothing_of_the_past_and_nothing_earned_before_it():
    journal = JournalInMemory()
    first = Loyalty(aurora(version="0", rewards=(), earn=[BASE], tiers=None), journal)
    first.enroll("ana", now=NOON)
    first.record(sale(amount="500 EUR"), now=NOON)
    later = club(journal)
    later.record(sale("T-2", "200 EUR", at=APRIL), now=APRIL)

    assert later.vouchers("ana", at=APRIL) == ()
    assert [each.worth for each in later.vouchers("ana", at=APRIL + 90 * DAY)] == ["2.00 EUR"]
    assert later.balance("ana", at=APRIL + 90 * DAY).available == 500


def test_what_an_earlier_version_converted_stays_converted_when_the_next_one_does_not():
    journal = JournalInMemory()
    first = club(journal)
    first.enroll("ana", now=NOON)
    first.enroll("bob", now=NOON)
    first.record(sale(amount="200 EUR"), now=NOON)
    before = first.vouchers("ana", at=APRIL)
    later = Loyalty(aurora(version="2", rewards=(), earn=[BASE], tiers=None), journal)
    later.record(sale("T-2", "1 EUR", member="bob", at=APRIL), now=APRIL)

    assert later.vouchers("ana", at=APRIL) == before
    assert later.balance("ana", at=APRIL + 90 * DAY).available == 0


@pytest.mark.parametrize(
    "terms",
    [
        {"every": "month"},
        {"every": "3 months"},
        {"every": "ever"},
        {"every": "calendar quarter", "first": "2026-01-01"},
        {"worth": "0 EUR"},
        {"blocks": 0},
        {"of": "mils"},
        {"worth": "0.50 USD"},
    ],
)
def test_a_conversion_that_cannot_be_is_refused(terms):
    with pytest.raises(FidelityError):
        club(**terms)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 400)), min_size=1, max_size=6), st.integers(0, 700))
def test_nothing_is_lost_between_points_and_vouchers(sales, read):
    loyalty = club(every="calendar month", at_least=100, blocks=10, worth="0.10 EUR", voucher="never")
    loyalty.enroll("ana", now=NOON)
    for place, (day, amount) in enumerate(sorted(sales)):
        when = NOON + day * DAY
        loyalty.record(sale(f"T-{place}", f"{amount} EUR", at=when), now=when)
    at = NOON + (501 + read) * DAY
    vouchers = loyalty.vouchers("ana", at=at)

    left = loyalty.balance("ana", at=at).available

    assert sum(int(each.worth.split(".")[0]) * 100 + int(each.worth[-6:-4]) for each in vouchers) + left == sum(
        amount for _, amount in sales
    )
    loyalty.account("ana", at=at).check()


def test_days_of_a_first_day_are_counted_however_far():
    terms = converting(every="3 months", first=date(2020, 11, 30))
    program = club().program
    (end, *_) = terms.ends(NOON + 3650 * DAY, NOON + 3750 * DAY, program.zone)

    assert end.astimezone(program.zone).date() == date(2036, 2, 29)
