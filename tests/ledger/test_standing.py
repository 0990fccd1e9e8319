"""Tiers: how members rise at once, fall late and softly, and what they are told about it."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from fidelity.entries.status import StatusMatched
from fidelity.errors import OutOfTime
from fidelity.ledger import decisions
from fidelity.values.periods import duration
from tests.ledger.books import account, book, bought, counted, gave_back, instant, tiers

# On a calendar of 2026: grace of 3 months, window of 12 months, in Madrid.
ROLLING = book(tiers=tiers())


def ana(*told, under=ROLLING, **other):
    return account(*told, under=under, **other)


def tier(account, on):
    return account.standing(instant(on)).tier


class TestRising:
    def test_everybody_has_the_first_tier(self):  # BUG-03: a first threshold of 0 was skipped
        assert tier(ana(), "2026-01-01") == "Bronze"

    def test_a_member_rises_at_once_when_the_score_reaches_a_threshold(self):
        member = ana(bought("A", "2026-01-10", score=499), bought("B", "2026-01-11", score=1))

        assert [tier(member, "2026-01-11"), tier(member, "2026-01-12")] == ["Silver", "Silver"]
        assert member.standing(instant("2026-01-12")).since == instant("2026-01-11")

    def test_the_event_that_crosses_a_threshold_is_decided_under_the_old_tier(self):
        before = ana(bought("A", "2026-01-10", score=499))

        assert before.facts(instant("2026-01-11")).tier == "Bronze"
        assert before.post(bought("B", "2026-01-11", score=1)).facts(instant("2026-01-12")).tier == "Silver"

    def test_a_member_may_rise_several_levels_at_once(self):
        assert tier(ana(bought("A", "2026-01-10", score=2000)), "2026-01-10") == "Gold"

    def test_redeeming_never_touches_the_tier(self):  # D26: the score has its own counter
        member = ana(bought("A", "2026-01-10", score=500))

        assert member.standing(instant("2026-02-01")).score == 500

    def test_counters_may_weigh_differently(self):
        under = book(tiers=tiers(score=(("measure.visits", 100), ("measure.spend", 1))))
        member = ana(bought("A", "2026-01-10", visits=4, spend=150), under=under)

        standing = member.standing(instant("2026-01-10"))
        assert (standing.tier, standing.score) == ("Silver", 550)
        assert standing.parts == {"measure.visits": 400, "measure.spend": 150}

    def test_a_program_without_tiers_has_no_standing(self):
        assert account().standing(instant("2026-02-01")) is None
        assert account().facts(instant("2026-02-01")).tier == ""


class TestTenure:  # R3, E1
    under = book(tiers=tiers(score=(("measure.score", 1),), tenure=250))

    def test_years_since_the_first_business_count_from_the_start(self):
        member = ana(under=self.under, since="2023-06-01")

        standing = member.standing(instant("2026-01-01"))
        assert (standing.tier, standing.parts) == ("Silver", {"measure.score": 0, "tenure": 500})

    def test_a_member_rises_on_the_anniversary_itself(self):
        member = ana(under=self.under, since="2024-06-01")

        # The day begins at 22:00 UTC of the day before.
        assert [tier(member, "2026-05-31 21:59"), tier(member, "2026-05-31 22:00")] == ["Bronze", "Silver"]
        assert member.standing(instant("2027-01-01")).since == instant("2026-05-31 22:00")

    def test_what_an_anniversary_adds_does_not_hide_what_left_before(self):
        under = book(tiers=tiers("in any 30 days", tenure=250, grace="1 day"))
        member = ana(bought("A", "2026-05-01", score=250), under=under, since="2025-06-01", on="2026-04-01")
        assert tier(member, "2026-05-02") == "Bronze"

        member = ana(bought("A", "2026-05-02", score=500), under=under, since="2025-06-01", on="2026-04-01")
        # It leaves on 1 June at noon, after the anniversary; one day of grace.
        assert [tier(member, on) for on in ("2026-06-01 11:59", "2026-06-02 11:59", "2026-06-02")] == [
            "Silver",
            "Silver",
            "Bronze",
        ]

    def test_who_falls_before_the_anniversary_rises_anew_on_it(self):
        under = book(tiers=tiers("in any 30 days", tenure=250, grace=None))
        member = ana(
            bought("A", "2026-05-01", score=500),
            bought("B", "2026-05-20", score=250),
            under=under,
            since="2025-06-01",
            on="2026-04-01",
        )

        # What was bought on 1 May leaves on the 31st at noon, ten hours before the anniversary.
        standing = member.standing(instant("2026-06-02"))
        assert (standing.tier, standing.since) == ("Silver", instant("2026-05-31 22:00"))


class TestFalling:
    def test_a_fall_waits_for_the_grace(self):
        member = ana(bought("A", "2026-01-10", score=500))

        # It leaves after 12 months; the grace lasts until 10 April 2027, 12:00 in winter being 13:00 in Madrid.
        assert [tier(member, on) for on in ("2027-01-10", "2027-04-10 10:59", "2027-04-10 11:00")] == [
            "Silver",
            "Silver",
            "Bronze",
        ]

    def test_who_regains_the_threshold_in_the_grace_stays(self):
        member = ana(bought("A", "2026-01-10", score=500), bought("B", "2027-02-01", score=500))

        assert tier(member, "2027-12-31") == "Silver"
        assert member.standing(instant("2027-12-31")).since == instant("2026-01-10")

    def test_a_fall_is_one_level_at_a_time_each_with_its_own_grace(self):
        member = ana(bought("A", "2026-01-10", score=2000))

        assert [tier(member, on) for on in ("2027-04-09", "2027-04-11", "2027-07-09", "2027-07-11")] == [
            "Gold",
            "Silver",
            "Silver",
            "Bronze",
        ]

    def test_a_program_may_let_members_fall_to_what_they_earn(self):
        member = ana(bought("A", "2026-01-10", score=2000), under=book(tiers=tiers(falls="to what is earned")))

        assert [tier(member, on) for on in ("2027-04-09", "2027-04-11")] == ["Gold", "Bronze"]

    def test_a_program_may_let_nobody_fall(self):
        member = ana(bought("A", "2026-01-10", score=2000), under=book(tiers=tiers(falls="never")))

        assert tier(member, "2036-01-01") == "Gold"
        assert member.standing(instant("2026-02-01")).until is None

    def test_without_grace_a_member_falls_when_the_score_does(self):
        member = ana(bought("A", "2026-01-10", score=500), under=book(tiers=tiers(grace=None)))

        assert [tier(member, on) for on in ("2027-01-10 11:59", "2027-01-10")] == ["Silver", "Bronze"]

    def test_a_return_starts_the_grace_of_what_was_reached_without_it(self):
        member = ana(
            bought("A", "2026-01-10", score=500),
            bought("B", "2026-01-20", score=300),
            gave_back("R", "2026-02-01", origin="purchase/B", score=-300),
            bought("C", "2026-02-01", score=-1),
        )

        assert [tier(member, on) for on in ("2026-02-01", "2026-05-01 10:59", "2026-05-01 11:00")] == [
            "Silver",
            "Silver",
            "Bronze",
        ]

    @pytest.mark.parametrize("later", [timedelta(0), timedelta(minutes=1), timedelta(days=20)])
    @pytest.mark.parametrize(
        "terms",
        [
            tiers(),
            tiers(falls="never"),
            tiers("ever"),
            tiers(lasts=duration("12 months")),
            tiers(grace=None),
            tiers("calendar year"),
            tiers("calendar year", carried=300),
        ],
    )
    def test_what_was_reached_by_nothing_but_what_came_back_is_no_gift(self, terms, later):
        at = instant("2026-01-10")
        member = ana(bought("A", at, score=2500), under=book(tiers=terms))
        assert member.standing(at).tier == "Gold"

        back = gave_back("R", at + later, origin="purchase/A", score=-2500)
        assert member.post(back).standing(at + later).tier == "Bronze"

    def test_who_had_the_tier_below_by_something_else_has_it_again(self):
        member = ana(
            bought("A", "2026-01-10", score=500),
            bought("B", "2026-01-20", score=1500),
            gave_back("R", "2026-02-01", origin="purchase/B", score=-1500),
        )

        assert [tier(member, on) for on in ("2026-02-01", "2026-12-31")] == ["Silver", "Silver"]

    def test_two_purchases_that_both_come_back_are_no_gift_either(self):
        member = ana(
            bought("A", "2026-01-10", score=600),
            bought("B", "2026-01-20", score=600),
            gave_back("R", "2026-02-01", origin="purchase/A", score=-600),
        )
        assert tier(member, "2026-02-01") == "Silver"

        back = gave_back("S", "2026-02-02", origin="purchase/B", score=-600)
        assert tier(member.post(back), "2026-02-02") == "Bronze"

    def test_nobody_loses_a_tier_by_a_return_in_hard_times(self):
        member = ana(bought("A", "2026-01-10", score=500))
        member = member.post(*decisions.protect(member, cause="payment/P", key="p", now=instant("2026-01-11"))[0])

        member = member.post(gave_back("R", "2026-01-12", origin="purchase/A", score=-500))
        assert tier(member, "2026-06-01") == "Silver"

    def test_a_status_that_was_matched_outlives_a_return(self):
        until = instant("2026-07-01")
        matched = StatusMatched(
            at=instant("2026-01-05"), now=instant("2026-01-05"), tier="Gold", until=until, reason="x"
        )
        member = ana(
            matched,
            bought("A", "2026-01-10", score=100),
            gave_back("R", "2026-02-01", origin="purchase/A", score=-100),
        )

        assert [tier(member, "2026-02-01"), tier(member, "2026-06-30")] == ["Gold", "Gold"]

    def test_a_member_rises_when_what_counted_against_them_leaves(self):
        under = book(tiers=tiers("in any 30 days"))
        member = ana(
            bought("A", "2026-01-10", score=-300), bought("B", "2026-01-20", score=600), under=under, on="2026-01-01"
        )

        assert [tier(member, on) for on in ("2026-02-09 11:59", "2026-02-09")] == ["Bronze", "Silver"]
        assert member.standing(instant("2026-02-15")).since == instant("2026-02-09")


class TestPeriods:
    under = book(tiers=tiers("calendar year", grace=None))

    def test_a_status_is_kept_to_the_end_of_the_next_year(self):
        member = ana(bought("A", "2026-05-10", score=2000), under=self.under)

        # Midnight of Madrid is 23:00 UTC.
        assert [tier(member, on) for on in ("2027-12-31 22:59", "2027-12-31 23:00", "2028-12-31 23:00")] == [
            "Gold",
            "Silver",
            "Bronze",
        ]

    def test_who_earns_it_again_keeps_it_for_another_year(self):
        member = ana(bought("A", "2026-05-10", score=2000), bought("B", "2027-05-10", score=2000), under=self.under)

        assert [tier(member, on) for on in ("2028-06-01", "2029-06-01")] == ["Gold", "Silver"]

    def test_who_earns_less_falls_to_it(self):
        member = ana(
            bought("A", "2026-05-10", score=2000),
            bought("B", "2027-05-10", score=500),
            under=book(tiers=tiers("calendar year", grace=None, falls="to what is earned")),
        )

        assert [tier(member, on) for on in ("2027-06-01", "2028-06-01", "2029-06-01")] == ["Gold", "Silver", "Bronze"]

    def test_who_earns_nothing_falls_to_the_first_at_once_if_the_program_says_so(self):
        member = ana(
            bought("A", "2026-05-10", score=2000),
            under=book(tiers=tiers("calendar year", grace=None, falls="to what is earned")),
        )

        assert [tier(member, on) for on in ("2027-12-31 22:59", "2027-12-31 23:00")] == ["Gold", "Bronze"]

    def test_status_may_last_two_months_longer(self):  # TERM-20: to the end of February of the second year after
        member = ana(
            bought("A", "2018-05-10", score=500),
            under=book(tiers=tiers("calendar year", grace="2 months")),
            on="2018-01-01",
        )

        assert [tier(member, on) for on in ("2020-02-29 22:59", "2020-02-29 23:00")] == ["Silver", "Bronze"]

    def test_status_may_end_with_its_own_period(self):
        member = ana(bought("A", "2026-05-10", score=500), under=book(tiers=tiers("calendar year", grace=None, kept=0)))

        assert [tier(member, on) for on in ("2026-12-31 22:59", "2026-12-31 23:00")] == ["Silver", "Bronze"]

    def test_membership_years_count_from_the_first_business(self):
        member = ana(
            bought("A", "2026-05-10", score=500),
            under=book(tiers=tiers("membership year", grace=None)),
            since="2020-06-15",
        )

        assert [tier(member, on) for on in ("2027-06-14 21:59", "2027-06-14 22:00")] == ["Silver", "Bronze"]

    def test_a_purchase_learned_in_the_new_year_completes_the_old_one(self):
        member = ana(
            bought("A", "2026-12-20", score=400),
            bought("B", "2027-01-02", score=1),
            bought("C", "2026-12-30", now="2027-01-03", score=100),
            under=self.under,
        )

        assert tier(member, "2027-01-04") == "Silver"
        assert tier(member, "2028-01-04") == "Bronze"


class TestLateNews:  # D12, D15
    def test_what_is_learned_late_is_looked_at_now(self):
        member = ana(
            bought("A", "2026-01-10", score=400),
            bought("B", "2026-03-10", score=1),
            bought("C", "2026-02-10", now="2026-03-20", score=100),
        )

        assert member.standing(instant("2026-03-20")).since == instant("2026-03-10")

    def test_the_tier_of_the_past_is_the_one_that_was_had(self):
        member = ana(bought("A", "2026-01-10", score=400), bought("B", "2026-03-10", score=100))

        assert [member.facts(instant(on)).tier for on in ("2026-02-01", "2026-03-10")] == ["Bronze", "Silver"]

    def test_who_rose_since_had_the_new_tier_from_that_very_instant_on(self):
        member = ana(bought("A", "2026-01-10", score=500), bought("B", "2026-03-10", score=1))

        tiers_then = [member.facts(instant(on)).tier for on in ("2025-12-01", "2026-01-10 11:59", "2026-01-10 12:00")]
        assert tiers_then == ["Bronze", "Bronze", "Silver"]

    def test_who_has_the_first_tier_needs_nothing_to_keep_it(self):
        assert ana().standing(instant("2026-02-01")).to_keep == 0

    def test_a_standing_in_the_past_is_refused(self):
        with pytest.raises(OutOfTime, match="as_of"):
            ana(bought("A", "2026-01-10", score=400)).standing(instant("2026-01-09"))


class TestTold:
    def test_a_member_is_told_what_is_missing_and_what_will_happen(self):
        standing = ana(bought("A", "2026-01-10", score=600)).standing(instant("2026-02-01"))

        assert (standing.tier, standing.next_tier, standing.to_next, standing.to_keep) == ("Silver", "Gold", 1400, 0)
        assert (standing.until, standing.projected) == (instant("2027-04-10 11:00"), "Bronze")

    def test_of_several_counters_the_last_to_leave_tells_until_when(self):
        parts = (("measure.visits", 1), ("measure.spend", 1))
        under = book(tiers=tiers("in any 30 days", grace=None, score=parts))
        member = ana(bought("A", "2026-01-10", visits=100), bought("B", "2026-01-20", spend=500), under=under)

        assert member.standing(instant("2026-01-21")).until == instant("2026-02-19")

    def test_a_member_in_grace_is_told_what_it_takes_to_stay(self):
        standing = ana(bought("A", "2026-01-10", score=600)).standing(instant("2027-02-01"))

        assert (standing.tier, standing.to_keep, standing.until) == ("Silver", 500, instant("2027-04-10 11:00"))

    def test_who_stands_highest_needs_nothing_more(self):
        standing = ana(bought("A", "2026-01-10", score=2500)).standing(instant("2026-02-01"))

        assert (standing.next_tier, standing.to_next) == ("", None)

    def test_with_periods_the_next_review_is_the_end_of_this_one(self):
        member = ana(bought("A", "2026-05-10", score=2000), under=TestPeriods.under)

        first, second = (member.standing(instant(on)) for on in ("2026-06-01", "2027-06-01"))
        assert (first.until, first.projected) == (instant("2027-12-31 23:00"), "Gold")
        assert (second.until, second.projected) == (instant("2027-12-31 23:00"), "Silver")

    def test_who_can_keep_a_tier_for_ever_has_no_end(self):
        under = book(tiers=tiers("ever"))
        standing = ana(bought("A", "2026-05-10", score=500), under=under).standing(instant("2026-06-01"))

        assert (standing.until, standing.projected) == (None, "Silver")

    def test_tenure_that_carries_a_tier_has_no_end_either(self):
        under = book(tiers=tiers("calendar year", tenure=250, grace=None))
        standing = ana(under=under, since="2020-01-01").standing(instant("2026-06-01"))

        assert (standing.tier, standing.until, standing.projected) == ("Silver", None, "Silver")


# Against a member who is looked at every hour

START = instant("2026-03-10 00:00")
HOURS = 24 * 40
SINCE = date(2025, 4, 1)


def hour(number):
    return START + timedelta(hours=number)


class Watcher:
    """Looks at one member every hour and applies the terms as they are written, with a list of what counts."""

    def __init__(self, under):
        self.under, self.terms, self.zone = under, under.tiers, under.zone
        self.counts, self.undone, self.ranks = [], [], [(START, 0)]
        self.tier, self.since, self.grace_ends, self.clock = 0, START, None, START
        self.tier = self.earned(START)
        self.ranks = [(START, self.tier)]

    def score(self, at):
        found = sum(amount for begun, amount, ends in self.counts if begun <= at and (ends is None or at < ends))
        if self.terms.tenure:
            here = at.astimezone(self.zone).date()
            found += self.terms.tenure * (here.year - SINCE.year - ((here.month, here.day) < (SINCE.month, SINCE.day)))
        return found

    def earned(self, at):
        return max(tier for tier, least in enumerate(self.terms.thresholds) if not tier or self.score(at) >= least)

    def holding(self, at):
        """The highest tier that is earned, or that is kept of the present one."""
        score, keep = self.score(at), self.terms.keep or self.terms.thresholds
        return max(self.earned(at), *(tier for tier in range(self.tier + 1) if not tier or score >= keep[tier]))

    def move(self, tier, at):
        self.tier, self.since, self.grace_ends = tier, at, None
        self.ranks.append((at, tier))

    def by_period(self):
        return self.terms.over.kind == "calendar"

    def kept(self, at):
        """The best of this period and of those whose status is kept."""
        best, when = self.holding(at), at
        for _ in range(self.terms.kept):
            when = self.terms.over.period(when, self.zone)[0] - timedelta(hours=1)
            best = max(best, self.holding(when))
        return best

    def reviewed(self, at):
        """Is this hour the end of a period, or a grace after it?"""
        grace = self.terms.grace
        for back in range(24 * 4):
            end = at - timedelta(hours=back)
            begins = self.terms.over.period(end, self.zone)[0] == end
            if begins and (grace.after(end, self.zone) if grace else end) == at:
                return True
        return False

    def look(self, at):  # noqa: C901  (the terms, one after the other)
        self.clock = at
        if self.by_period():
            if not self.reviewed(at):
                if self.earned(at) > self.tier:
                    self.move(self.earned(at), at)
            elif self.kept(at) > self.tier:
                self.move(self.kept(at), at)
            elif self.kept(at) < self.tier and self.terms.falls != "never":
                self.move(self.tier - 1 if self.terms.falls == "one level at a time" else self.kept(at), at)
            return
        earned = self.holding(at)
        if earned > self.tier:
            self.move(earned, at)
        elif earned == self.tier or self.terms.falls == "never":
            self.grace_ends = None
        elif self.terms.grace is None:
            self.move(earned, at)
        elif self.grace_ends is None:
            self.grace_ends = self.terms.grace.after(at, self.zone)
        elif at >= self.grace_ends:
            self.move(self.tier - 1 if self.terms.falls == "one level at a time" else earned, at)
            if earned < self.tier:
                self.grace_ends = self.terms.grace.after(at, self.zone)

    def came_back(self, begun, at, amount, ends):
        """Take back what nothing but what came back had reached, hour by hour since the tier is had."""
        if ends is not None and at >= ends:
            return
        self.undone.append((begun, amount, at))
        now, score, keep = self.clock, self.score(self.clock), self.terms.keep or self.terms.thresholds
        tier = self.tier
        while tier and score < keep[tier]:
            had = now
            for since, rank in reversed(self.ranks):
                if rank < tier:
                    break
                had = since
            hours = [had + timedelta(hours=each) for each in range((now - had) // timedelta(hours=1) + 1)]
            threshold = self.terms.thresholds[tier]
            if any(self.rest(each) >= threshold for each in hours):
                break
            if had != at and all(self.score(each) < threshold for each in hours):
                break
            tier -= 1
        if tier != self.tier:
            self.move(tier, now)
            if not self.by_period():
                self.look(now)

    def rest(self, at):
        """The score at *at* of what did not come back."""
        return self.score(at) + sum(amount for begun, amount, back in self.undone if begun <= at < back)

    def watch(self, until):
        while self.clock < until:
            self.look(self.clock + timedelta(hours=1))

    def count(self, at, amount, ends):
        self.watch(at)
        if ends is None or at < ends:
            self.counts.append((at, amount, ends))
        if self.by_period() and at < self.clock:
            if self.kept(self.clock) > self.tier:
                self.move(self.kept(self.clock), self.clock)
        elif self.by_period():
            if self.earned(self.clock) > self.tier:
                self.move(self.earned(self.clock), self.clock)
        else:
            self.look(self.clock)


def softened(terms, keep):
    """The same terms, with a keep that is so far below the threshold as half the way to the tier below."""
    halves = (at - (at - below) // 2 for below, at in pairwise(terms.thresholds))
    return evolve(terms, keep=(0, *halves)) if keep else terms


some_terms = st.builds(
    softened,
    st.builds(
        tiers,
        st.sampled_from(["in any 3 days", "in any 36 hours", "calendar week", "day"]),
        grace=st.sampled_from([None, "1 day", "30 hours", "3 days"]),
        at=st.sampled_from([(0, 5, 12), (0, 3, 4, 9), (0, 10)]),
        tenure=st.sampled_from([0, 0, 3]),
        falls=st.sampled_from(["one level at a time", "to what is earned", "never"]),
        kept=st.integers(0, 2),
    ),
    st.booleans(),
)
happenings = st.lists(
    st.tuples(
        st.sampled_from(["buy", "buy", "buy", "back"]),
        st.integers(0, 40),  # hours since the one before
        st.integers(0, 80),  # hours that it is late
        st.integers(-4, 8),
    ),
    max_size=14,
)


def play(under, told):
    """The same happenings for the books and for the watcher."""
    member, watcher = account(under=under, since=str(SINCE), on=START), Watcher(under)
    now, bought_at = 0, []
    for number, (what, waited, late, amount) in enumerate(told):
        now += waited
        at = max(0, now - late)
        if what == "back" and bought_at:
            begun = bought_at[amount % len(bought_at)]
            origin = f"purchase/{bought_at.index(begun)}"
            at = max(at, begun)
            change = -abs(amount)
            entry = gave_back(f"R{number}", hour(at), now=hour(now), origin=origin, score=change)
        else:
            begun, change = at, amount
            entry = counted(f"{len(bought_at)}", hour(at), {"measure.score": amount}, now=hour(now))
            bought_at.append(at)
        member = member.post(entry)
        leaves = under.tiers.over.leaves(hour(begun), under.zone)
        watcher.count(hour(at), change, leaves)
        if entry.kind == "return":
            watcher.came_back(hour(begun), hour(at), change, leaves)
    return member, watcher, now


@given(some_terms, happenings, st.lists(st.integers(0, 100), max_size=4))
def test_tiers_are_those_of_somebody_who_looks_every_hour(terms, told, later):
    under = book(tiers=terms)
    member, watcher, now = play(under, told)

    for wait in [0, *later]:
        now += wait
        watcher.watch(hour(now))
        standing = member.standing(hour(now))
        assert (standing.tier, standing.since) == (terms.names[watcher.tier], watcher.since)
        assert standing.score == watcher.score(hour(now))


@given(some_terms, happenings)
def test_until_is_when_somebody_who_looks_every_hour_sees_the_fall(terms, told):
    under = book(tiers=terms)
    member, watcher, now = play(under, told)
    watcher.watch(hour(now))
    standing = member.standing(hour(now))
    here = watcher.tier

    while watcher.tier >= here and watcher.clock < hour(now + 24 * 30):
        watcher.watch(watcher.clock + timedelta(hours=1))

    if watcher.tier < here:
        assert standing.until == watcher.since
    else:
        assert standing.until is None or standing.until > watcher.clock


@given(some_terms, happenings, st.lists(st.integers(0, 400), max_size=6))
def test_a_tier_does_not_depend_on_when_it_was_asked_for(terms, told, asked):
    under = book(tiers=terms)
    member, _, now = play(under, told)
    answer = member.standing(hour(now + 400))

    for when in asked:
        member.standing(hour(now + when))
        member = member.advance(hour(now + when)) if when == max(asked) else member
    assert member.standing(hour(now + 400)) == answer
