"""A member is told before a tier ends: once, with what it takes to stay, and never while protected."""

from __future__ import annotations

import fidelity as fd
from tests.field.shop import at, buy, give_back, program, shop

LEVELS = (fd.Tier("Bronze"), fd.Tier("Silver", at=100), fd.Tier("Gold", at=300))


def warned_shop(**told):
    terms = {"counts": "points earned", "over": "12 months", "warns": "30 days"} | told
    loyalty = shop(program(tiers=fd.TierSet(LEVELS, **terms)))
    buy(loyalty, "T-1", 350)
    return loyalty


def ahead(loyalty, on):
    return loyalty.status("ana", at=at(on)).warning


def test_the_fall_is_told_from_so_long_before_it():
    loyalty = warned_shop()

    assert ahead(loyalty, "2027-03-15") is None
    found = ahead(loyalty, "2027-03-17")
    assert (found.until, found.falls_to, found.to_stay) == (at("2027-04-15"), "Silver", 300)


def test_what_counts_still_then_need_not_be_earned_again():
    loyalty = warned_shop()
    buy(loyalty, "T-2", 120, "2026-10-01")

    assert ahead(loyalty, "2027-03-17").to_stay == 180


def test_with_periods_what_counts_in_this_one_does():
    loyalty = warned_shop(over="calendar year")
    buy(loyalty, "T-2", 120, "2028-02-01")

    found = ahead(loyalty, "2028-03-17")
    assert (found.until, found.falls_to, found.to_stay) == (at("2028-04-01 00:00:00"), "Silver", 180)


def test_of_several_counts_the_nearest_tells_what_it_takes():
    levels = (fd.Tier("A"), fd.Tier("B", at={"purchases": 10, "spend": "100 EUR"}))
    tiers = fd.TierSet(levels, counts=["purchases", "spend"], over="12 months", warns="30 days")
    loyalty = shop(program(tiers=tiers))
    buy(loyalty, "T-1", 100)
    for number in range(6):
        buy(loyalty, f"S-{number}", 1, "2026-06-01")

    found = ahead(loyalty, "2027-04-01")
    assert (found.count, found.to_stay) == ("purchases", 4)
    said = program(tiers=tiers).explain_standing(loyalty.status("ana", at=at("2027-04-01")))
    assert said.endswith("Still needed to keep it: 4 purchases.")


def test_a_sweep_tells_it_once():
    loyalty = warned_shop()

    sweeps = [loyalty.settle(at(on)) for on in ("2027-03-01", "2027-03-17", "2027-03-18", "2027-04-14")]

    assert [each.facts.get("warned", 0) for each in sweeps] == [0, 1, 0, 0]
    (warning,) = sweeps[1].warnings
    assert (warning.member, warning.tier, warning.ahead) == ("ana", "Gold", ahead(loyalty, "2027-03-17"))
    assert warning.explain() == (
        "You have Gold until 15 April 2027, 12:00 (UTC). After that you have Silver.\n"
        "Still needed to keep it: 300 points earned."
    )
    assert warning.explain("es-MX").startswith("Tienes el nivel Gold hasta el 15 de abril de 2027")


def test_a_sweep_that_comes_late_tells_what_still_stands():
    assert warned_shop().settle(at("2027-04-14")).facts["warned"] == 1
    assert "warned" not in warned_shop().settle(at("2027-04-16")).facts


def test_another_day_is_told_again():
    loyalty = warned_shop()
    assert loyalty.settle(at("2027-03-20")).facts["warned"] == 1
    buy(loyalty, "T-2", 310, "2027-03-21")
    assert loyalty.settle(at("2027-03-22")).warnings == ()
    give_back(loyalty, "R-1", "T-2", "2027-03-25")

    # It fell below anew, so the grace begins anew.
    assert loyalty.settle(at("2027-05-01")).warnings == ()
    assert loyalty.settle(at("2027-05-30")).warnings[0].ahead.until == at("2027-06-25")


def test_nobody_who_is_protected_is_told():
    loyalty = warned_shop()
    loyalty.protect("ana", cause="payment/P-1", key="P-1", now=at("2027-03-01"))

    assert ahead(loyalty, "2027-04-10") is None
    assert loyalty.settle(at("2027-04-10")).warnings == ()


def test_nobody_is_told_who_has_left():
    loyalty = warned_shop()
    loyalty.close("ana", reason="asked", key="C-1", now=at("2027-02-01"))

    assert loyalty.settle(at("2027-03-20")).warnings == ()


def test_a_program_that_does_not_warn_tells_nobody():
    loyalty = warned_shop(warns=None)

    assert ahead(loyalty, "2027-04-10") is None
    assert "warned" not in loyalty.settle(at("2027-04-10")).facts


class TestWords:
    def test_each_part_of_a_relationship_score_is_told(self):
        score = fd.relationship(purchases=10, tenure=50, feedback=5)
        loyalty = shop(program(tiers=fd.TierSet(LEVELS, counts=score, over="12 months")), since="2024-01-01")
        buy(loyalty, "T-1", 20)

        standing = loyalty.status("ana", at=at("2026-02-01"))
        assert loyalty.program.explain_standing(standing) == (
            "Your tier is now Silver.\n"
            "- You have a score of 110.\n"
            "  - for your purchases: 10\n"
            "  - for what you told us: 0\n"
            "  - for your years with us: 100\n"
            "Missing for Gold: a score of 190."
        )
        assert "por tus años con nosotros: 100" in loyalty.program.explain_standing(standing, "es")

    def test_what_came_over_and_what_was_added_are_told_apart(self):
        tiers = fd.TierSet(LEVELS, counts="points earned", over="calendar year", surplus="carried")
        loyalty = shop(program(tiers=tiers))
        buy(loyalty, "T-1", 350, "2025-05-01")
        loyalty.credit_tier("ana", points=20, reason="hardship", key="C-1", now=at("2026-02-01"))

        said = loyalty.program.explain_standing(loyalty.status("ana", at=at("2026-02-01")))
        assert "- You have 70 points earned." in said
        assert "from the period before: 50 points earned" in said
        assert "added by us: 20 points earned" in said
        assert "If nothing more happens, you have it until 31 March 2027, that day included." in said

    def test_without_tiers_only_what_was_promised_is_said(self):
        standing = warned_shop().status("ana", at=at("2026-02-01"))

        first, *more = program().explain_standing(standing).splitlines()
        assert standing.tier in first
        assert len(more) == (standing.until is not None)
