"""What a return takes of points that had become a voucher."""

from __future__ import annotations

from fidelity import Conversion, Wallet
from tests.field.shop import at, available, balance, buy, give_back, program, shop

APRIL = "2026-04-02"


def club(**more):
    terms = {"every": "calendar quarter", "blocks": 50, "worth": "0.50 EUR", "voucher": "2 months"}
    return shop(program(conversions=[Conversion(**terms)], **more))


def test_an_unused_voucher_of_the_points_goes_before_anything_is_owed():
    loyalty = club()
    buy(loyalty, "T-1", 100)
    (voucher,) = loyalty.vouchers("ana", at=at(APRIL))

    receipt = give_back(loyalty, "R-1", "T-1", APRIL)

    assert (receipt.points, receipt.owed, receipt.vouchers) == (100, {"points": 0}, (voucher.code,))
    assert f"With the return, your voucher {voucher.code} goes back." in receipt.explain()
    assert (loyalty.vouchers("ana", at=at(APRIL)), available(loyalty, APRIL), balance(loyalty, APRIL).debt) == (
        (),
        0,
        0,
    )
    loyalty.account("ana", at=at(APRIL)).check()
    assert loyalty.verify().sound


def test_what_the_voucher_had_more_stays_as_points():
    loyalty = club()
    buy(loyalty, "T-1", 100)
    buy(loyalty, "T-2", 50)

    receipt = give_back(loyalty, "R-1", "T-1", APRIL)

    assert (receipt.points, receipt.owed) == (100, {"points": 0})
    assert (available(loyalty, APRIL), loyalty.vouchers("ana", at=at(APRIL))) == (50, ())
    loyalty.account("ana", at=at(APRIL)).check()


def test_a_return_that_needs_no_voucher_leaves_it():
    loyalty = club()
    buy(loyalty, "T-1", 149)

    receipt = give_back(loyalty, "R-1", "T-1", APRIL, amount="40 EUR")

    assert (receipt.points, receipt.vouchers, len(loyalty.vouchers("ana", at=at(APRIL)))) == (40, (), 1)


def test_a_used_voucher_is_owed():
    loyalty = club()
    buy(loyalty, "T-1", 100)
    (voucher,) = loyalty.vouchers("ana", at=at(APRIL))
    loyalty.use(voucher.code, member="ana", key="v-1", now=at(APRIL))

    receipt = give_back(loyalty, "R-1", "T-1", APRIL)

    assert (receipt.vouchers, receipt.owed) == ((), {"points": 100})


def test_a_voucher_that_ended_unused_owes_nothing_and_revives_no_points_of_other_purchases():
    alone, shared = club(), club()
    for each in (alone, shared):
        buy(each, "T-1", 100)
    buy(shared, "T-2", 50)

    receipt = give_back(alone, "R-1", "T-1", "2026-07-01")
    assert (receipt.owed, balance(alone, "2026-07-01").debt) == ({"points": 0}, 0)

    assert give_back(shared, "R-1", "T-1", "2026-07-01").owed == {"points": 100}


def test_only_what_waits_leaves_the_voucher():
    loyalty = club(wallets=[Wallet("points", clawback="only pending")])
    buy(loyalty, "T-1", 100)

    receipt = give_back(loyalty, "R-1", "T-1", APRIL)

    assert (receipt.vouchers, receipt.points, len(loyalty.vouchers("ana", at=at(APRIL)))) == ((), 0, 1)
