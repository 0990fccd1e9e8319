"""What is told of the end of points while their clocks stand."""

from __future__ import annotations

from datetime import timedelta

from tests.field.shop import at, balance, buy, day, program, shop


def resting(stop, go):
    loyalty = shop(program(expiry="1 month"))
    buy(loyalty, "T-1", 100)  # to the end of 15 February
    stop(loyalty)
    assert balance(loyalty, "2026-01-20").next_expiry == (day("2026-02-15"), 100)
    buy(loyalty, "T-2", 50, "2026-05-10")

    known = balance(loyalty, "2026-06-01")
    go(loyalty)

    assert known.next_expiry == (day("2026-06-27"), 100)
    assert (known.expiring(day("2026-06-01")), known.expiring(day("2026-06-27"))) == (0, 100)
    after = balance(loyalty, "2026-06-01")
    assert (after.next_expiry, after.expiring(day("2026-07-02"))) == (known.next_expiry, 150)
    assert balance(loyalty, at("2026-06-28 00:00:00")).available == 50


def test_while_a_member_is_protected_the_next_expiry_is_the_earliest_that_can_be():
    resting(
        lambda loyalty: loyalty.protect("ana", cause="payment/P-1", key="p-1", now=at("2026-01-20")),
        lambda loyalty: loyalty.end_protection("ana", "protection/p-1", key="p-2", now=at("2026-06-01")),
    )


def test_and_while_an_account_is_frozen():
    resting(
        lambda loyalty: loyalty.freeze("ana", reason="lost card", key="f-1", now=at("2026-01-20")),
        lambda loyalty: loyalty.unfreeze("ana", key="f-2", now=at("2026-06-01")),
    )


def test_it_is_never_a_day_of_the_past():
    loyalty = shop(program(expiry="1 month"))
    buy(loyalty, "T-1", 100)
    loyalty.protect("ana", cause="payment/P-1", key="p-1", now=at("2026-02-15 23:00:00"))

    for days in range(400):
        now = at("2026-02-16") + timedelta(days=days)
        (last, points) = balance(loyalty, now).next_expiry
        assert (last >= now.date(), points) == (True, 100)
