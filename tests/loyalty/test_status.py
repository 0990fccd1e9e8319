"""A tier's score that is credited, and a status that is matched: entries with a reason, told, never for sale."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

import fidelity as fd
from fidelity.commands_of_status import CreditTier, MatchStatus
from fidelity.errors import IdempotencyConflict, OutOfTime, UnknownMember, ValueRefused
from fidelity.journals.memory import JournalInMemory
from fidelity.ledger.snapshots import from_text, to_text
from tests.field.shop import at, buy, give_back, program, shop

LEVELS = (fd.Tier("Bronze"), fd.Tier("Silver", at=100), fd.Tier("Gold", at=300))


def points_shop(**told):
    return shop(program(tiers=fd.TierSet(LEVELS, **({"counts": "points earned", "over": "12 months"} | told))))


def credit(loyalty, points, on="2026-02-01", key="C-1", **more):
    return loyalty.credit_tier("ana", points=points, reason="hardship-2020", key=key, now=at(on), **more)


def match(loyalty, tier="Gold", until="2026-07-01", on="2026-02-01", key="M-1", **more):
    return loyalty.match_status(
        "ana", tier=tier, until=at(until), reason="status elsewhere", key=key, now=at(on), **more
    )


def tier(loyalty, on):
    return loyalty.status("ana", at=at(on)).tier


class TestCredit:
    def test_what_is_credited_counts_for_the_tier_and_cannot_be_spent(self):
        loyalty = points_shop()
        buy(loyalty, "T-1", 40)

        receipt = credit(loyalty, 60)

        standing = loyalty.status("ana", at=at("2026-02-01"))
        assert (receipt.tier, receipt.rose, receipt.score) == ("Silver", True, 100)
        assert (standing.tier, standing.parts) == ("Silver", {"tiers.points": 40, "tiers.credited": 60})
        assert loyalty.balance("ana", at=at("2026-02-01")).available == 40

    def test_it_counts_as_long_as_what_is_earned_then(self):
        loyalty = points_shop()
        credit(loyalty, 100)

        assert loyalty.status("ana", at=at("2027-01-31")).score == 100
        assert loyalty.status("ana", at=at("2027-02-01")).score == 0
        assert loyalty.status("ana", at=at("2026-06-01")).until == at("2027-05-01")

    def test_it_is_told(self):
        loyalty = points_shop()

        receipt = credit(loyalty, 100, by="staff/7")

        assert receipt.explain() == "We have added to what counts for your tier.\nYour tier is now Silver."
        assert (
            receipt.explain("es-MX") == "Hemos añadido algo a lo que cuenta para tu nivel.\nTu nivel es ahora Silver."
        )
        assert "counts for the tier: 100 (hardship 2020)" in str(loyalty.statement("ana", at=at("2026-02-02")))
        assert "cuenta para el nivel: 100" in str(loyalty.statement("ana", at=at("2026-02-02"), language="es"))

    def test_the_same_key_credits_once(self):
        loyalty = points_shop()
        first, again = credit(loyalty, 50), credit(loyalty, 50, "2026-03-01")

        assert (again.repeated, again.score) == (True, first.score)
        with pytest.raises(IdempotencyConflict):
            credit(loyalty, 51)

    def test_of_several_counts_it_says_which(self):
        loyalty = shop(
            program(
                tiers=fd.TierSet(
                    (fd.Tier("A"), fd.Tier("B", at={"purchases": 3, "spend": "100 EUR"})),
                    counts=["purchases", "spend"],
                    over="12 months",
                )
            )
        )
        buy(loyalty, "T-1", 40)

        assert not credit(loyalty, 1, count="purchases").rose
        assert credit(loyalty, 1, count="purchases", key="C-2").rose
        assert [each.score for each in loyalty.status("ana", at=at("2026-02-02")).progress] == [3, 4000]
        with pytest.raises(ValueRefused, match="count= purchases, spend"):
            credit(loyalty, 1, key="C-3")
        with pytest.raises(ValueRefused, match="purchases"):
            credit(loyalty, 1, key="C-3", count="purchase")

    def test_where_nothing_is_counted_nothing_is_credited(self):
        with pytest.raises(ValueRefused, match="has no tiers"):
            credit(shop(), 10)
        with pytest.raises(UnknownMember):
            points_shop().credit_tier("eva", points=1, reason="x", key="k", now=at("2026-02-01"))
        with pytest.raises(ValueRefused, match="leave count= out"):
            credit(points_shop(), 10, count="nights")

    @pytest.mark.parametrize("points", [0, -1, 1.5, True])
    def test_only_whole_points_are_credited(self, points):
        with pytest.raises((ValueRefused, fd.FidelityError)):
            credit(points_shop(), points)


class TestMatch:
    def test_a_status_is_had_at_once_and_until_then(self):
        loyalty = points_shop()

        receipt = match(loyalty)

        assert (receipt.now_tier, receipt.until) == ("Gold", at("2026-07-01"))
        standing = loyalty.status("ana", at=at("2026-03-01"))
        assert (standing.tier, standing.until, standing.to_keep) == ("Gold", at("2026-07-01"), 300)
        # Then one level at a time.
        assert [tier(loyalty, on) for on in ("2026-06-30", "2026-07-02", "2026-10-02")] == ["Gold", "Silver", "Bronze"]

    def test_who_earns_it_meanwhile_keeps_it(self):
        loyalty = points_shop()
        match(loyalty)
        buy(loyalty, "T-1", 300, "2026-05-01")

        assert [tier(loyalty, on) for on in ("2026-07-02", "2027-04-30")] == ["Gold", "Gold"]

    def test_with_periods_it_ends_on_its_day_too(self):
        loyalty = points_shop(over="calendar year")
        match(loyalty, until="2026-07-01")

        assert loyalty.status("ana", at=at("2026-03-01")).until == at("2026-07-01")
        assert [tier(loyalty, on) for on in ("2026-06-30", "2026-07-02")] == ["Gold", "Silver"]

    def test_a_day_is_included(self):
        loyalty = points_shop()
        receipt = loyalty.match_status(
            "ana", tier="Gold", until=date(2026, 6, 30), reason="status elsewhere", key="M-1", now=at("2026-02-01")
        )

        assert receipt.until == at("2026-07-01 00:00:00")
        assert receipt.explain() == "You have Gold until 30 June 2026, that day included."
        assert receipt.explain("es") == "Tienes el nivel Gold hasta el 30 de junio de 2026, ese día incluido."

    def test_it_is_told_with_its_reason(self):
        loyalty = points_shop()
        match(loyalty)

        told = str(loyalty.statement("ana", at=at("2026-02-02")))
        assert "Gold for now (status elsewhere)" in told
        assert "welcome to Gold" in told

    def test_a_lower_one_takes_nothing(self):
        loyalty = points_shop()
        buy(loyalty, "T-1", 300, "2026-01-15")
        match(loyalty, "Silver", until="2028-01-01")

        assert tier(loyalty, "2026-03-01") == "Gold"
        # It falls to Silver, and not below while that is matched.
        assert [tier(loyalty, on) for on in ("2027-05-01", "2027-12-31", "2028-01-02")] == [
            "Silver",
            "Silver",
            "Bronze",
        ]

    def test_what_comes_back_does_not_end_it(self):
        loyalty = points_shop()
        buy(loyalty, "T-1", 300, "2026-01-15")
        match(loyalty, until="2028-01-01")
        give_back(loyalty, "R-1", "T-1", "2026-02-10")

        assert tier(loyalty, "2027-12-31") == "Gold"

    def test_protection_stops_its_clock(self):
        loyalty = points_shop()
        match(loyalty)
        began = loyalty.protect("ana", cause="payment/P-1", key="P-1", now=at("2026-05-01"))
        assert tier(loyalty, "2026-12-01") == "Gold"
        loyalty.end_protection("ana", protection=began.protections[0], key="P-2", reason="paid", now=at("2027-01-01"))

        assert loyalty.status("ana", at=at("2027-01-02")).until == at("2027-01-01") + (
            at("2026-07-01") - at("2026-05-01")
        )

    def test_it_goes_along_when_a_duplicate_is_merged(self):
        loyalty = points_shop()
        match(loyalty)
        credit(loyalty, 20)
        loyalty.enroll("eva", now=at("2026-02-01"))
        loyalty.merge("ana", into="eva", key="J-1", now=at("2026-03-01"))

        standing = loyalty.status("eva", at=at("2026-03-02"))
        assert (standing.tier, standing.until) == ("Gold", at("2026-07-01"))
        assert standing.parts["tiers.credited"] == 20

    @pytest.mark.parametrize(
        ("tier", "message"), [("Bronze", "everybody's; write one of Silver, Gold"), ("Golf", 'did you mean "Gold"')]
    )
    def test_only_a_tier_that_not_everybody_has_can_be_matched(self, tier, message):
        with pytest.raises(ValueRefused, match=message):
            match(points_shop(), tier)

    def test_what_never_ends_is_no_match(self):
        with pytest.raises(ValueRefused, match="credit the score instead"):
            match(points_shop(falls="never"))
        with pytest.raises(OutOfTime, match="not after now"):
            match(points_shop(), until="2026-02-01")
        with pytest.raises(ValueRefused, match="until is a day"):
            points_shop().match_status("ana", tier="Gold", until="2026", reason="x", key="k")

    def test_a_status_is_matched_for_three_years_at_most(self):
        with pytest.raises(OutOfTime, match="three years at most, until 2029-02-02T00:00:00") as caught:
            match(points_shop(), until="2150-01-01")
        assert caught.value.latest == at("2029-02-02 00:00:00")
        with pytest.raises(OutOfTime):
            match(points_shop(), until="2029-02-02 00:00:01")

        assert match(points_shop(), until="2029-02-02 00:00:00").until == at("2029-02-02 00:00:00")
        receipt = points_shop().match_status(
            "ana", tier="Gold", until=date(2029, 2, 1), reason="match", key="M-1", now=at("2026-02-01")
        )
        assert receipt.until == at("2029-02-02 00:00:00")

    @pytest.mark.parametrize("price", ["price", "fee", "cost", "amount"])
    def test_a_status_is_never_sold(self, price):
        with pytest.raises(TypeError):
            match(points_shop(), **{price: "99 EUR"})


def test_books_are_the_same_with_and_without_a_sweep_and_after_a_new_start():
    journal = JournalInMemory()
    loyalty = fd.Loyalty(program(tiers=fd.TierSet(LEVELS, counts="points earned", over="12 months")), journal=journal)
    loyalty.enroll("ana", now=at("2026-01-01"))
    loyalty.execute([
        CreditTier(member="ana", points=120, reason="hardship", key="C-1", now=at("2026-02-01")),
        MatchStatus(member="ana", tier="Gold", until=date(2026, 6, 30), reason="match", key="M-1", now=at("2026-02-01")),
    ])  # fmt: skip
    before = loyalty.status("ana", at=at("2027-01-01"))
    loyalty.settle(now=at("2027-01-01"))

    again = fd.Loyalty(loyalty.program, journal=journal)
    assert again.status("ana", at=at("2027-01-01")) == loyalty.status("ana", at=at("2027-01-01")) == before
    assert again.verify().sound


def test_a_snapshot_knows_what_was_credited_and_matched():
    loyalty = points_shop()
    credit(loyalty, 120)
    match(loyalty)
    account = loyalty.account("ana", at=at("2026-03-01"))

    read = from_text(account.rulebook, "ana", to_text(account))

    for on in ("2026-03-02", "2026-07-02", "2027-06-01"):
        assert read.standing(at(on)) == account.standing(at(on))


@pytest.mark.parametrize(
    ("over", "more"),
    [
        ("12 months", {}),
        ("calendar year", {}),
        ("12 months", {"lasts": "24 months"}),
        ("12 months", {"falls": "never"}),
    ],
)
def test_a_version_without_tiers_takes_nobody_their_status(over, more):
    journal = JournalInMemory()
    tiers = fd.TierSet(LEVELS, counts="points earned", over=over, **more)
    loyalty = fd.Loyalty(program(tiers=tiers), journal=journal)
    for member in ("ana", "eva"):
        loyalty.enroll(member, now=at("2026-01-01"))
    buy(loyalty, "T-1", "3000", "2026-01-10")
    told = loyalty.status("ana", at=at("2026-06-01"))

    without = fd.Loyalty(program(version="2"), journal=journal)
    for turn in range(2):
        kept = without.status("ana", at=at("2026-06-02"))
        assert (kept.tier, kept.until, kept.to_next, kept.to_keep) == (told.tier, told.until, None, 0)
        assert told.tier in without.program.explain_standing(kept)
        assert without.status("eva", at=at("2026-06-02")) is None
        without.enroll(f"new-{turn}", now=at("2026-06-01"))  # from now on it is used
    if told.until is not None:
        assert without.status("ana", at=told.until - timedelta(seconds=1)).tier == told.tier
        assert without.status("ana", at=told.until) is None
    with pytest.raises(ValueRefused, match="no tiers"):
        credit(without, 10, on="2026-06-03")
    without.settle(now=at("2032-01-01"))
    assert without.verify().sound
