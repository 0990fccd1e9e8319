"""Ladders with a keep, a term, several counts of which one is enough, or a surplus that is carried."""

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from fidelity.ledger.rulebook import Count
from fidelity.ledger.snapshots import from_text, to_text
from fidelity.values.grace import grace, until_day
from fidelity.values.periods import duration, window
from tests.ledger.books import account, book, bought, gave_back, instant, tiers


def ana(*told, under, **other):
    return account(*told, under=under, **other)


def tier(member, on):
    return member.standing(instant(on)).tier


class TestKeep:
    under = book(tiers=tiers(keep=(0, 400, 1500)))

    def test_less_than_it_takes_to_reach_a_tier_may_keep_it(self):
        member = ana(
            bought("A", "2026-01-10", score=500),
            gave_back("R", "2026-02-01", origin="purchase/A", score=-100),
            under=self.under,
        )

        standing = member.standing(instant("2026-12-01"))
        assert (standing.tier, standing.score, standing.to_keep, standing.to_next) == ("Silver", 400, 0, 1600)

    def test_who_has_less_than_that_falls_after_the_grace(self):
        member = ana(
            bought("A", "2026-01-10", score=500),
            bought("R", "2026-02-01", score=-101),
            under=self.under,
        )

        assert member.standing(instant("2026-02-01")).until == instant("2026-05-01 11:00")
        assert [tier(member, "2026-05-01 10:59"), tier(member, "2026-05-01 11:00")] == ["Silver", "Bronze"]

    def test_what_keeps_a_tier_does_not_reach_it(self):
        assert tier(ana(bought("A", "2026-01-10", score=499), under=self.under), "2026-01-11") == "Bronze"

    def test_of_a_higher_tier_what_keeps_the_lower_one_counts(self):
        under = book(tiers=evolve(self.under.tiers, falls="to what is earned"))
        member = ana(
            bought("A", "2026-01-10", score=2000),
            gave_back("R", "2026-02-01", origin="purchase/A", score=-1600),
            under=under,
        )

        assert tier(member, "2026-05-02") == "Silver"


class TestTerm:  # TERM-26
    under = book(tiers=tiers("12 months", lasts=duration("12 months")))

    def test_a_tier_lasts_from_the_day_it_was_reached_whatever_expires(self):
        member = ana(
            bought("A", "2025-04-01", score=499),
            bought("B", "2026-03-01", score=1),
            under=self.under,
            on="2025-01-01",
            since="2025-01-01",
        )

        assert tier(member, "2026-04-02") == "Silver"
        assert member.standing(instant("2026-04-02")).until == instant("2027-03-01")
        assert [tier(member, "2027-03-01 11:59"), tier(member, "2027-03-01 12:00")] == ["Silver", "Bronze"]

    def test_who_reaches_it_at_the_end_has_it_for_as_long_again(self):
        member = ana(bought("A", "2026-01-10", score=500), bought("B", "2026-12-10", score=500), under=self.under)

        assert member.standing(instant("2027-01-11")).until == instant("2028-03-10")
        assert tier(member, "2028-03-11") == "Bronze"

    def test_each_level_down_has_a_term_of_its_own(self):
        member = ana(bought("A", "2026-01-10", score=2000), under=self.under)

        found = [tier(member, on) for on in ("2027-04-09", "2027-04-11", "2028-04-09", "2028-04-11")]
        assert found == ["Gold", "Silver", "Silver", "Bronze"]

    def test_a_grace_that_ends_later_is_kept_too(self):
        member = ana(
            bought("A", "2026-01-10", score=500),
            bought("R", "2027-01-02", score=-1),
            under=self.under,
        )

        assert member.standing(instant("2027-01-03")).until == instant("2027-04-02 11:00")

    def test_without_a_grace_it_ends_with_its_term(self):
        under = book(tiers=tiers("12 months", grace=None, lasts=duration("6 months")))
        member = ana(
            bought("A", "2026-01-10", score=500),
            bought("R", "2026-02-01", score=-1),
            under=under,
        )

        assert member.standing(instant("2026-02-02")).until == instant("2026-07-10 11:00")

    def test_a_grace_may_go_on_to_the_end_of_the_month(self):  # DOC-06
        under = book(tiers=evolve(tiers("in any 30 days"), grace=grace("1 month, to the end of the month")))
        member = ana(bought("A", "2026-06-20", score=500), under=under)

        assert member.standing(instant("2026-06-21")).until == instant("2026-08-31 22:00")


class TestDayOfTheYear:  # TERM-20
    under = book(tiers=evolve(tiers("calendar year", grace=None), grace=until_day("02-29")))

    def test_status_ends_on_its_day_of_the_second_year_after(self):
        member = ana(bought("A", "2018-05-01", score=500), under=self.under, on="2018-01-01", since="2018-01-01")

        assert member.standing(instant("2018-06-01")).until == instant("2020-02-29 23:00")
        assert [tier(member, "2020-02-29"), tier(member, "2020-03-01")] == ["Silver", "Bronze"]


def either(over="calendar year", *, keep=((0, 10, 20), (0, 400, 900)), nights=(0, 10, 30), **other):
    counts = (
        Count(name="nights", counter="measure.nights", thresholds=nights, keep=keep[0]),
        Count(name="base", counter="measure.base", thresholds=(0, 500, 1000), keep=keep[1]),
    )
    return tiers(
        over,
        score=(("measure.nights", 1), ("measure.base", 1)),
        at=(0, 2, 4),
        either=counts,
        **{"keep": (0, 1, 3), **other},
    )


class TestEither:
    under = book(tiers=either())

    def test_any_of_them_is_enough(self):
        assert tier(ana(bought("A", "2026-01-10", nights=30), under=self.under), "2026-01-10") == "Gold"
        assert tier(ana(bought("A", "2026-01-10", base=1000), under=self.under), "2026-01-10") == "Gold"
        assert tier(ana(bought("A", "2026-01-10", nights=29, base=999), under=self.under), "2026-01-10") == "Silver"

    def test_they_do_not_add_up(self):
        assert tier(ana(bought("A", "2026-01-10", nights=9, base=499), under=self.under), "2026-01-10") == "Bronze"

    def test_a_member_is_told_how_far_each_is_and_what_is_nearest(self):
        standing = ana(bought("A", "2026-01-10", nights=8, base=250), under=self.under).standing(instant("2026-01-10"))

        assert [(each.name, each.score, each.next_at, each.to_next) for each in standing.progress] == [
            ("nights", 8, 10, 2),
            ("base", 250, 500, 250),
        ]
        assert (standing.nearest, standing.score, standing.to_next) == ("nights", 8, 2)

    def test_a_count_may_lead_to_the_higher_tiers_alone(self):
        under = book(tiers=either(keep=((0, None, 30), (0, 500, 1000)), nights=(0, None, 30)))
        standing = ana(bought("A", "2026-01-10", nights=29, base=499), under=under).standing(instant("2026-01-10"))

        assert (standing.tier, standing.nearest, standing.to_next) == ("Bronze", "base", 1)

    def test_who_has_the_highest_tier_has_nothing_ahead(self):
        standing = ana(bought("A", "2026-01-10", nights=40), under=self.under).standing(instant("2026-01-10"))

        assert (standing.next_tier, standing.to_next, standing.to_keep) == ("", None, 0)

    def test_any_of_them_keeps_it(self):
        told = [bought("A", "2026-01-10", nights=30), bought("B", "2027-01-10", nights=20)]
        told += [bought("C", "2028-01-10", base=900), bought("D", "2029-01-10", base=899)]

        # Kept in 2027 and in 2028. What 2029 has would not keep it, and what 2028 has lasts until the end of 2029.
        found = [tier(ana(*told[: number + 1], under=self.under), f"{2027 + number}-06-01") for number in range(4)]
        assert found == ["Gold", "Gold", "Gold", "Silver"]

    def test_what_one_of_them_loses_the_other_keeps_in_a_moving_window(self):
        under = book(tiers=either("12 months", keep=((0, None, 30), (0, 500, 1000)), nights=(0, None, 30)))
        member = ana(bought("A", "2026-01-10", nights=30), bought("B", "2026-06-10", base=1000), under=under)

        assert tier(member, "2027-08-01") == "Gold"
        assert member.standing(instant("2026-07-01")).until == instant("2027-09-10")


class TestSurplus:  # TERM-16
    under = book(tiers=tiers("calendar year", at=(0, 100, 180, 300), carried=300))

    def parts(self, member, on):
        return member.standing(instant(on)).parts["carried"]

    def test_what_is_above_the_threshold_counts_in_the_next_period(self):
        member = ana(bought("A", "2026-05-01", score=250), under=self.under)

        assert self.parts(member, "2026-12-31") == 0
        assert self.parts(member, "2027-01-01") == 70
        assert member.standing(instant("2027-01-01")).score == 70

    def test_it_is_carried_up_to_the_most(self):
        assert self.parts(ana(bought("A", "2026-05-01", score=900), under=self.under), "2027-01-01") == 300

    def test_who_reached_no_tier_carries_nothing(self):
        assert self.parts(ana(bought("A", "2026-05-01", score=99), under=self.under), "2027-01-01") == 0

    def test_what_came_over_may_be_carried_again(self):
        member = ana(bought("A", "2026-05-01", score=250), bought("B", "2027-05-01", score=130), under=self.under)

        assert (tier(member, "2027-05-02"), self.parts(member, "2028-01-02")) == ("Gold", 20)

    def test_what_came_over_helps_to_rise(self):
        member = ana(bought("A", "2026-05-01", score=250), bought("B", "2027-05-01", score=230), under=self.under)

        assert tier(member, "2027-05-02") == "Platinum"

    def test_a_purchase_of_the_old_year_that_is_learned_in_the_new_one_is_carried(self):
        member = ana(
            bought("A", "2026-05-01", score=250),
            bought("B", "2026-12-30", score=30, now="2027-01-05"),
            under=self.under,
        )

        assert self.parts(member, "2027-01-06") == 100

    def test_goods_that_come_back_after_the_period_carry_nothing(self):
        back = gave_back("R", "2027-01-10", origin="purchase/A", score=-250)
        member = ana(bought("A", "2026-12-20", score=250), under=self.under)
        assert self.parts(member, "2027-01-09") == 70

        member = member.post(back, bought("B", "2027-01-11", score=150))
        standing = member.standing(instant("2027-01-12"))
        assert (self.parts(member, "2027-01-12"), standing.score) == (0, 150)
        # What the old year had reached is over, and stays as long as it lasts.
        assert standing.tier == "Gold"

    def test_a_part_that_comes_back_after_the_period_carries_nothing(self):
        member = ana(
            bought("A", "2026-12-20", score=250),
            gave_back("R", "2027-01-10", origin="purchase/A", score=-50),
            under=self.under,
        )

        assert self.parts(member, "2027-01-12") == 20
        assert from_text(member.rulebook, "ana", to_text(member)).standing(instant("2027-01-12")).score == 20

    def test_goods_that_come_back_take_it_along(self):
        member = ana(
            bought("A", "2026-05-01", score=250),
            gave_back("R", "2026-12-01", origin="purchase/A", score=-50),
            under=self.under,
        )

        assert self.parts(member, "2027-01-06") == 20


@given(st.lists(st.integers(0, 700), min_size=1, max_size=6), st.integers(1, 400))
def test_a_surplus_is_what_each_year_had_above_its_tier(years, most):
    at = (0, 100, 180, 300)
    under = book(tiers=tiers("calendar year", at=at, carried=most))
    member = ana(
        *(bought(str(year), f"{2026 + year}-05-01", score=score) for year, score in enumerate(years)), under=under
    )

    carried = 0
    for year, score in enumerate(years):
        whole = score + carried
        reached = max(each for each in at if each <= whole)
        carried = min(most, whole - reached) if reached else 0
        if year == len(years) - 1:
            assert member.standing(instant(f"{2027 + year}-01-02")).parts["carried"] == carried


def test_counters_of_tiers_have_their_windows():
    assert TestEither.under.counters["measure.base"] == window("calendar year")
