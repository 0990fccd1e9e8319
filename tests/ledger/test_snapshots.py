"""A snapshot: books as text, and back. What is read knows all that is open and nothing of what is over."""

from datetime import date, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from fidelity.ledger import decisions
from fidelity.ledger.shelf import Shelf
from fidelity.ledger.snapshots import from_text, to_text
from tests.ledger.books import (
    account,
    book,
    bought,
    captured,
    earned,
    gave_back,
    held,
    instant,
    redeemed,
    tiers,
    wallet,
)
from tests.ledger.test_clocks import frozen, protected, unfrozen, unprotected
from tests.ledger.test_decisions import did
from tests.ledger.test_moving import member
from tests.ledger.test_standing import happenings, hour, play, some_terms

NOW = instant("2026-02-01")
SILVER = book(
    wallet(), wallet("stamps", life="never"), tiers=tiers(over="in any 30 days", at=(0, 500), grace="10 days"),
    counters={"measure.spend": "in any 30 days", "limit.app": "day"},
)  # fmt: skip


def read(ana):
    return from_text(ana.rulebook, ana.member, to_text(ana))


def of_what_is_open(ana):
    return evolve(ana, closed=Shelf(), over=Shelf(), origins=Shelf(), spent=Shelf())


def busy():
    """Points in every place, holds, a debt, tiers, a return."""
    return account(
        bought("T", "2026-01-02", score=500, spend=40),
        earned(100, "2026-01-02", expires="2026-06-01", name="A", origin="purchase/T"),
        earned(50, "2026-01-03", expires="2026-07-01", name="B", starts="2026-03-01"),
        earned(7, "2026-01-04", expires=None, name="S", wallet="stamps"),
        redeemed(30, "2026-01-05", ("A", 30)),
        held(20, "2026-01-06", ("A", 20), until="2026-02-20"),
        held(5, "2026-01-06", ("A", 5), until="2026-02-21", name="hold/g"),
        captured(5, "2026-01-07", name="hold/g"),
        gave_back("R", "2026-01-08", origin="purchase/T", score=-100, spend=-10),
        under=SILVER,
    )


ACCOUNTS = {
    "busy": busy,
    "new": account,
    "with nothing due": lambda: account(earned(1, "2026-01-10", expires=None)),
    "frozen": lambda: frozen(busy()),
    "frozen once": lambda: unfrozen(frozen(busy()), "2026-02-11"),
    "protected": lambda: protected(protected(busy()), "2026-02-02", key="q"),
    "protected once and again": lambda: protected(unprotected(protected(busy()), "2026-02-11"), "2026-02-12", key="q"),
    "in a household": lambda: did(busy(), decisions.join_household, "H", now=NOW)[0],
    "closed": lambda: did(account(earned(9, "2026-01-10", expires=None)), decisions.close, reason="x", now=NOW)[0],
    "in grace": lambda: busy().post(bought("U", "2026-02-05", spend=1)),
}


def taken_over():
    entries, _ = decisions.merge(member("old", since="2015-05-02"), member("ana"), key="m", now=NOW)
    return member("ana").post(*entries["ana"]), member("old", since="2015-05-02").post(*entries["old"])


@pytest.mark.parametrize("name", ACCOUNTS)
def test_what_is_read_is_what_was_written(name):
    ana = ACCOUNTS[name]()

    again = read(ana)

    assert again == of_what_is_open(ana)
    assert again.due == ana.due
    assert to_text(again) == to_text(ana)
    for day in range(0, 400, 20):
        at = instant("2026-02-12") + timedelta(days=day)
        assert again.standing(at) == ana.standing(at)
        assert [again.balance(at, each) for each in ("points", "stamps")] == [
            ana.balance(at, each) for each in ("points", "stamps")
        ]


def test_accounts_that_became_one_are_read_as_such():
    into, old = taken_over()

    assert (read(into).customer_since, read(old).merged_into) == (date(2015, 5, 2), "ana")
    assert (read(into), read(old)) == (of_what_is_open(into), of_what_is_open(old))


def test_a_pause_that_lasts_ends_as_without_a_snapshot():
    ana = protected(busy())

    ended, again = unprotected(ana, "2026-02-21"), unprotected(read(ana), "2026-02-21")

    assert of_what_is_open(again) == of_what_is_open(ended)
    assert again.standing(instant("2026-05-01")) == ended.standing(instant("2026-05-01"))


@given(some_terms, happenings, st.integers(0, 60), st.integers(1, 60), st.integers(0, 200))
def test_tiers_go_on_from_a_snapshot_whatever_the_pauses(terms, told, wait, lasts, later):
    member, _, now = play(book(tiers=terms), told)
    start = hour(now + wait)
    rested = member.post(*decisions.protect(member, cause="payment/P", key="p", now=start)[0])
    ended = rested.post(*decisions.end_protection(rested, now=start + timedelta(hours=lasts))[0])

    for each in (rested, ended):
        at = each.clock + timedelta(hours=later)
        assert read(each).state == each.state
        assert read(each).standing(at) == each.standing(at)


@pytest.mark.parametrize(
    "text",
    [
        lambda ana: to_text(ana).replace("100", "101"),
        lambda ana: to_text(ana)[:-1],
        lambda ana: to_text(evolve(ana, member="bea")),
        lambda ana: to_text(evolve(ana, rulebook=evolve(ana.rulebook, digest="d2"))),
        lambda _: "",
    ],
    ids=["changed", "cut off", "of another member", "of other rules", "empty"],
)
def test_what_is_not_whole_or_not_ours_is_not_read(text):
    ana = busy()

    assert from_text(ana.rulebook, "ana", text(ana)) is None


def test_what_counted_too_long_ago_to_be_asked_for_is_left_out():
    under = book(counters={"measure.spend": "in any 30 days"})
    ana = account(under=under, on="2025-01-01", since="2025-01-01")
    for number in range(200):
        at = instant("2025-01-01 13:00") + timedelta(days=2 * number)
        ana = ana.post(bought(f"T{number}", at, spend=number))

    again = read(ana)

    # 100 days of 400.
    assert len(to_text(again)) < 3_500
    # Events may be learned 90 days late: limits are asked for from then on.
    for back in range(91):
        at = ana.clock - timedelta(days=back)
        assert again.facts(at) == ana.facts(at)


@pytest.mark.parametrize("over", ["calendar year", "membership year"])
def test_what_a_kept_period_counted_is_not_left_out(over):
    under = book(tiers=tiers(over=over, at=(0, 500), grace=None, kept=2))
    ana = account(bought("T", "2024-03-01", score=450), under=under, on="2024-01-01", since="2024-01-01")
    ana = ana.post(bought("U", "2026-01-20", score=1))

    again = read(ana)

    # Learned late, 90 days at most: it completes no year but this one.
    for each in (ana, again):
        late = each.post(bought("V", "2025-12-30", now="2026-01-21", score=500))
        assert late.standing(instant("2026-01-21")).tier == "Silver"
        assert late.standing(instant("2026-01-21")).until == instant("2027-12-31 23:00")
    assert again.tallies["measure.score"].value(instant("2024-12-31")) == 450
