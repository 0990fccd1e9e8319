"""A point currency with decimals: numbers stay whole in its smallest unit, words show what members know (D1)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fidelity import Cap, EarnRule, Group, Loyalty, Program, Purchase, Reward, Tier, TierSet, Wallet, points
from fidelity.errors import ValueRefused

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)


def tenths(**more: object) -> Program:
    """One tenth of a point for each ten cents."""
    return Program(
        "Tenths", version="1", currency="EUR", timezone="Europe/Madrid",
        earn=[Group("base", [EarnRule("each euro", points(1, per="0.10 EUR"))], cap=Cap(405, "points"))],
        wallets=[Wallet("points", scale=1)], rewards=[Reward("mug", cost=125)],
        tiers=TierSet([Tier("Bronze"), Tier("Silver", at=1005)], counts="points earned", over="12 months"), **more,
    )  # fmt: skip


def test_terms_show_the_decimals() -> None:
    terms = tenths().explain("en")
    assert "Mug: 12.5 points." in terms
    assert "Silver: from 100.5 points earned." in terms
    assert "t most 40.5 points" in terms
    assert "Mug: 12,5 puntos." in tenths().explain("es-ES")


def test_numbers_stay_whole_and_words_do_not() -> None:
    loyalty = Loyalty(tenths(), clock=lambda: NOON)
    loyalty.enroll("ana")
    receipt = loyalty.record(Purchase("T-1", member="ana", at=NOON, amount="20.55 EUR"))
    assert receipt.points == 205
    assert receipt.explain("en").startswith("You earn 20.5 points.")
    assert loyalty.quote("ana", "mug").explain("en") == "You can use 12.5 points for mug; 8 will be left."
    assert loyalty.redeem("ana", "mug", key="k-1").explain("en") == "Mug: 12.5 points used. You have 8 left."
    assert loyalty.balance("ana").available == 80
    told = str(loyalty.statement("ana")).splitlines()
    assert told[-2].split()[-2:] == ["+20.5", "20.5"]
    assert told[-1].split()[-2:] == ["-12.5", "8.0"]
    capped = loyalty.record(Purchase("T-2", member="ana", at=NOON, amount="90 EUR"))
    assert "40.5 points instead of 90" in capped.explain("en")


def test_a_scale_travels_with_the_program_and_has_its_bounds() -> None:
    assert Program.from_dict(tenths().to_dict()) == tenths()
    assert tenths().to_dict()["wallets"] == [{"name": "points", "scale": 1}]
    for wrong in (-1, 7, True, 1.0):
        with pytest.raises(ValueRefused):
            Wallet("points", scale=wrong)
