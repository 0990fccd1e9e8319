"""Allowances: what limits and caps leave a member, and when there is more."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import fidelity as fd
from fidelity.errors import UnknownMember
from fidelity.loyalty import Loyalty
from tests.loyalty.aurora import DAY, NOON


@pytest.fixture
def loyalty():
    made = fd.Program(
        "Shop", version="1", currency="EUR", timezone="Europe/Madrid",
        earn=[
            fd.Group("base", [fd.EarnRule("each euro", fd.points(1, per="1 EUR"))], cap=fd.Cap(500, per="calendar month")),
            fd.EarnRule("app hello", fd.points(10), when=fd.purchase.channel == "app", limit="2 per calendar week"),
            fd.EarnRule("fuel", fd.points(1, per="1 EUR"), cap=fd.Cap("90 EUR", "spend", per="in any 30 days")),
            fd.EarnRule("welcome", fd.points(5), limit="once"),
        ],
    )  # fmt: skip
    desk = Loyalty(made, clock=lambda: NOON)
    desk.enroll("ana", now=NOON - 60 * DAY)
    return desk


def told(loyalty, at=None):
    return {each.name: (str(each.used), str(each.left)) for each in loyalty.allowances("ana", at=at)}


def test_nothing_used_leaves_everything(loyalty):
    assert told(loyalty) == {
        "base": ("0", "500"), "app hello": ("0", "2"), "fuel": ("0.00 EUR", "90.00 EUR"), "welcome": ("0", "1"),
    }  # fmt: skip
    assert {each.until for each in loyalty.allowances("ana")} == {None}


def test_what_was_used_is_gone_until_its_time_is_over(loyalty):
    loyalty.record(fd.Purchase("T", member="ana", amount="120 EUR", at=NOON, channel="app"))

    found = {each.name: each for each in loyalty.allowances("ana")}

    assert told(loyalty) == {
        "base": ("120", "380"), "app hello": ("1", "1"), "fuel": ("90.00 EUR", "0.00 EUR"), "welcome": ("1", "0"),
    }  # fmt: skip
    assert found["base"].until == datetime(2026, 1, 31, 23, tzinfo=UTC)
    assert found["app hello"].until == datetime(2026, 1, 11, 23, tzinfo=UTC)
    assert found["welcome"].until is None
    assert told(loyalty, at=found["fuel"].until)["fuel"] == ("0.00 EUR", "90.00 EUR")
    assert told(loyalty, at=datetime(2026, 1, 12, 12, tzinfo=UTC))["app hello"] == ("0", "2")


def test_they_say_themselves(loyalty):
    loyalty.record(fd.Purchase("T", member="ana", amount="120 EUR", at=NOON, channel="app"))
    assert [each.explain() for each in loyalty.allowances("ana")] == [
        "Base: 380 points left, 120 used. There is more from 1 February 2026.",
        "App hello: 1 left, 1 used. There is more from 12 January 2026.",
        "Fuel: €0 left, €90 used. There is more from 4 February 2026.",
        "Welcome: 0 left, 1 used.",
    ]
    assert [each.explain("es") for each in loyalty.allowances("ana")][:2] == [
        "Base: quedan 380 puntos; usados: 120. Desde el 1 de febrero de 2026 hay más.",
        "App hello: queda 1; usados: 1. Desde el 12 de enero de 2026 hay más.",
    ]


def test_nobody_has_no_allowances(loyalty):
    with pytest.raises(UnknownMember):
        loyalty.allowances("nobody")


def test_what_was_had_of_a_reward_and_paid_with_points_counts_as_the_quote_has_it():
    made = fd.Program(
        "Shop", version="1", currency="EUR", timezone="Europe/Madrid",
        earn=[fd.EarnRule("each euro", fd.points(1, per="1 EUR"))],
        rewards=[
            fd.Reward("cup", cost=50, limit="1 per calendar month"),
            fd.Payment("pay", points=100, worth="1 EUR", limit=fd.Cap(400, per="calendar month")),
            fd.Payment("once", points=100, worth="1 EUR", limit=fd.Cap(300)),
        ],
    )  # fmt: skip
    loyalty = Loyalty(made, clock=lambda: NOON)
    loyalty.enroll("ana", now=NOON - DAY)
    loyalty.record(fd.Purchase("T", member="ana", amount="1000 EUR", at=NOON))

    loyalty.redeem("ana", "cup", key="k-1", now=NOON)
    loyalty.redeem("ana", "pay", points=200, key="k-2", fields={"basket": "50 EUR"}, now=NOON)
    held = loyalty.hold("ana", reward="pay", points=100, key="k-3", fields={"basket": "50 EUR"}, now=NOON)

    assert told(loyalty) == {"cup": ("1", "0"), "pay": ("300", "100")}
    assert {each.until for each in loyalty.allowances("ana")} == {datetime(2026, 1, 31, 23, tzinfo=UTC)}
    assert loyalty.quote("ana", "cup").reasons
    loyalty.release(held.id, key="k-4", now=NOON)
    assert told(loyalty)["pay"] == ("200", "200")
    assert told(loyalty, at=datetime(2026, 1, 31, 23, tzinfo=UTC)) == {"cup": ("0", "1"), "pay": ("0", "400")}
