"""Sweeping: what time alone has done, as one entry that tells and changes nothing (D5, D6)."""

from attrs import evolve

from fidelity.entries import Settled
from fidelity.ledger import decisions, fold
from fidelity.ledger.sweeping import ORDER, settled
from tests.ledger.books import CAFE, book, bought, earned, enrolled, held, instant, redeemed, reversed_, tiers
from tests.ledger.test_moving import member

T = instant("2026-02-01")


def told(entries, on, under=CAFE):
    found = settled(under, "ana", entries, instant(on))
    return None if found is None else found.facts


def fact(what, on, ref, points, wallet="points"):
    return (what, f"{on}Z" if "T" in on else f"{on}T12:00:00Z", wallet, ref, points)


STORY = [
    enrolled(),
    earned(10, "2026-01-02", expires="2026-02-01", name="A"),
    earned(20, "2026-01-03", expires="2026-12-01", name="B", starts="2026-02-01"),
    earned(30, "2026-01-04", expires="2026-12-01", name="C"),
    held(30, "2026-01-05", ("C", 30), until="2026-02-01"),
]


def test_facts_come_in_the_order_of_time_and_at_one_instant_in_the_published_one():
    assert ORDER == ("matured", "timed out", "taken back", "expired", "settled", "rose", "fell", "warned")
    assert told(STORY, "2026-12-02") == (
        fact("matured", "2026-02-01", "B", 20),
        fact("timed out", "2026-02-01", "hold/h", 30),
        fact("expired", "2026-02-01", "A", 10),
        fact("expired", "2026-12-01", "B", 20),
        fact("expired", "2026-12-01", "C", 30),
    )


def test_what_is_due_at_that_very_instant_is_told_and_nothing_later():
    assert told(STORY, "2026-01-31") is None
    assert len(told(STORY, "2026-02-01")) == 3


def test_what_was_told_is_not_told_again_and_what_came_since_the_last_time_is():
    first = settled(CAFE, "ana", STORY, T)
    assert first == Settled(at=T, now=T, facts=told(STORY, "2026-02-01"))
    assert told([*STORY, first], "2026-11-30") is None

    second = settled(CAFE, "ana", [*STORY, first], instant("2026-12-01"))

    assert [(each[0], each[3]) for each in second.facts] == [("expired", "B"), ("expired", "C")]
    assert told([*STORY, first, second], "2027-12-01") is None


def test_facts_of_one_kind_and_instant_stay_as_they_were_derived():
    story = [
        enrolled(),
        earned(10, "2026-01-02", expires="2026-02-01", name="Z"),
        earned(10, "2026-01-03", expires="2026-02-01", name="A"),
    ]

    assert [each[3] for each in told(story, "2026-02-01")] == ["Z", "A"]


def test_what_pays_a_debt_when_it_matures_is_told():
    story = [
        enrolled(),
        earned(10, "2026-01-02", expires=None, name="A", origin="purchase/T"),
        redeemed(10, "2026-01-03", ("A", 10)),
        earned(15, "2026-01-04", expires=None, name="B", starts="2026-02-01"),
        reversed_(10, "2026-01-05", origin="purchase/T", debt=10),
    ]

    assert told(story, "2026-02-01") == (fact("matured", "2026-02-01", "B", 15), fact("settled", "2026-02-01", "B", 10))


def test_what_pays_a_debt_at_an_instant_is_told_after_all_that_expires_then():
    story = [
        enrolled(),
        earned(10, "2026-01-02", expires="2026-12-01", name="A", origin="purchase/T"),
        redeemed(5, "2026-01-03", ("A", 5)),
        earned(10, "2026-01-03", expires="2026-02-01", name="B"),
        held(5, "2026-01-04", ("A", 5), until="2026-02-01"),
        held(10, "2026-01-05", ("B", 10), until="2026-02-01", name="hold/g"),
        reversed_(10, "2026-01-06", origin="purchase/T", debt=10),
    ]

    assert told(story, "2026-02-01") == (
        fact("timed out", "2026-02-01", "hold/h", 5),
        fact("timed out", "2026-02-01", "hold/g", 10),
        fact("expired", "2026-02-01", "B", 5),
        fact("settled", "2026-02-01", "A", 5),
        fact("settled", "2026-02-01", "B", 5),
    )


def test_books_that_were_swept_come_to_the_same():  # G9
    swept = [*STORY, settled(CAFE, "ana", STORY, T)]

    assert fold(CAFE, "ana", swept).wallets == fold(CAFE, "ana", STORY).advance(T).wallets


class TestTiers:
    under = book(tiers=tiers(over="in any 30 days", at=(0, 500, 2000), grace=None))
    story = (enrolled(), bought("T", "2026-01-02", score=2000), bought("U", "2026-01-20", score=500))

    def test_rises_and_falls_are_told_and_the_beginning_is_none(self):
        assert told([enrolled()], "2026-03-01", self.under) is None
        assert told(self.story, "2026-03-01", self.under) == (
            fact("rose", "2026-01-02", "Gold", 0, ""),
            fact("fell", "2026-02-01", "Silver", 0, ""),
            fact("fell", "2026-02-19", "Bronze", 0, ""),
        )

    def test_a_move_is_told_once_also_when_the_sweep_fell_on_it(self):
        first = settled(self.under, "ana", self.story, T)

        assert [(each[0], each[3]) for each in first.facts] == [("rose", "Gold"), ("fell", "Silver")]
        assert told([*self.story, first], "2026-02-19", self.under) == (fact("fell", "2026-02-19", "Bronze", 0, ""),)

    def test_after_a_merge_years_count_from_the_earlier_first_business(self):
        under = book(tiers=tiers(at=(0, 500), tenure=250))
        ana, old = (
            member(name, since=since, under=under) for name, since in (("ana", "2026-01-01"), ("b", "2024-06-01"))
        )
        entries, _ = decisions.merge(old, ana, key="m", now=T)
        story = [enrolled(), *entries["ana"]]

        # The second anniversary of 1 June 2024, in Madrid.
        assert told(story, "2026-05-31", under) is None
        assert told(story, "2026-06-01", under) == (fact("rose", "2026-05-31T22:00:00", "Silver", 0, ""),)
        assert ana.post(*entries["ana"]).standing(instant("2026-06-01")).since == instant("2026-05-31 22:00")


def test_nothing_of_another_member_is_told():
    assert settled(CAFE, "ana", [evolve(STORY[0])], T) is None
