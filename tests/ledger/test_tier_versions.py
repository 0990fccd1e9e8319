"""A program whose tiers changed: members may rise, and nobody falls before the day they had been told."""

import json
from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from fidelity.entries import AccountFrozen, AccountUnfrozen
from fidelity.entries.status import StatusMatched
from fidelity.ledger.rulebook import Earlier
from fidelity.ledger.snapshots import from_text, to_text
from fidelity.ledger.sweeping import settled
from tests.ledger.books import account, book, bought, enrolled, instant, tiers

CHANGED = "2026-06-01"


def versions(before, after, *, since=CHANGED, named=None):
    """Books of *after*, which came at *since*, and had *before* before it."""
    named = named or {name: name for name, _ in before.score}
    held = Earlier(
        tiers=evolve(before, since=instant("2026-01-01")), counters=dict.fromkeys(named, before.over), named=named
    )
    present = evolve(after, earlier=(held,), since=None if since is None else instant(since))
    return evolve(book(tiers=after), tiers=present)


def ana(*told, under, **other):
    return account(*told, under=under, **other)


def tier(member, on):
    return member.standing(instant(on)).tier


HIGHER = versions(tiers(), tiers(at=(0, 1000, 4000)))
PAID = (bought("A", "2026-01-10", score=600),)


def test_nobody_falls_when_a_threshold_rises():
    member = ana(*PAID, under=HIGHER)

    assert [tier(member, on) for on in ("2026-05-31", "2026-06-01", "2026-12-31")] == ["Silver"] * 3


def test_the_tier_lasts_as_it_had_been_promised():
    promised = ana(*PAID, under=book(tiers=tiers())).standing(instant("2026-05-31")).until
    member = ana(*PAID, under=HIGHER)

    assert promised == instant("2027-04-10 11:00")
    assert member.standing(instant("2026-07-01")).until == promised
    assert [tier(member, "2027-04-10 10:59"), tier(member, "2027-04-10 11:00")] == ["Silver", "Bronze"]


def test_what_it_takes_from_now_on_is_told_by_the_new_version():
    standing = ana(*PAID, under=HIGHER).standing(instant("2026-07-01"))

    assert (standing.to_keep, standing.to_next) == (400, 3400)


def test_who_reaches_the_new_threshold_has_it_by_the_new_version():
    member = ana(*PAID, bought("B", "2026-08-01", score=400), under=HIGHER)

    # The second purchase alone is not enough from 10 January on, and the grace of three months comes to the same day.
    assert member.standing(instant("2026-08-02")).until == instant("2027-04-10 11:00")
    assert tier(ana(*PAID, bought("B", "2026-08-01", score=1000), under=HIGHER), "2027-10-31") == "Silver"


def test_members_rise_on_the_day_when_a_threshold_falls():
    under = versions(tiers(), tiers(at=(0, 100, 500)))
    member = ana(bought("A", "2026-01-10", score=120), under=under)

    assert [tier(member, "2026-05-31"), tier(member, "2026-06-01")] == ["Bronze", "Silver"]
    assert member.standing(instant("2026-07-01")).since == instant("2026-06-01")


def test_who_was_in_grace_falls_when_it_ends_and_not_before():
    under = versions(tiers("in any 30 days"), tiers("in any 30 days", at=(0, 1000, 4000), grace=None))
    member = ana(bought("A", "2026-04-10", score=600), under=under)

    assert member.standing(instant("2026-05-20")).until == instant("2026-08-10")
    assert member.standing(instant("2026-06-20")).until == instant("2026-08-10")
    assert [tier(member, "2026-08-09"), tier(member, "2026-08-10")] == ["Silver", "Bronze"]


def test_who_could_never_fall_never_does():
    under = versions(tiers(falls="never"), tiers(at=(0, 1000, 4000)))

    assert [tier(ana(*PAID, under=under), on) for on in ("2026-06-01", "2036-06-01")] == ["Silver", "Silver"]


def test_a_shorter_grace_takes_nothing_that_was_promised():
    under = versions(tiers(), tiers(grace=None))

    assert ana(*PAID, under=under).standing(instant("2026-07-01")).until == instant("2027-04-10 11:00")


def test_a_window_of_another_kind_keeps_counting_for_what_was_promised():
    yearly = tiers("calendar year", at=(0, 1000, 4000))
    under = versions(tiers(score=(("measure.score@0", 1),)), yearly, named={"measure.score@0": "measure.score"})
    member = ana(*PAID, under=under)

    assert member.standing(instant("2026-07-01")).until == instant("2027-04-10 11:00")
    assert member.standing(instant("2026-07-01")).score == 600


def test_a_tier_that_is_gone_becomes_the_next_one_above():
    after = evolve(tiers(at=(0, 3000)), names=("Bronze", "Gold"))
    member = ana(*PAID, under=versions(tiers(), after))

    assert [tier(member, on) for on in ("2026-05-31", "2026-06-02", "2027-04-11")] == ["Silver", "Gold", "Bronze"]
    assert member.standing(instant("2026-06-02")).until == instant("2027-04-10 11:00")


def test_the_tier_of_the_past_is_told_by_its_present_name():
    member = ana(*PAID, bought("B", "2026-08-01", score=1), under=HIGHER)

    assert member.facts(instant("2026-01-05")).tier == "Bronze"
    assert member.facts(instant("2026-05-01")).tier == "Silver"


def test_a_pause_lengthens_what_was_promised():
    begun, ended = instant("2026-05-01"), instant("2026-07-01")
    member = ana(
        *PAID,
        AccountFrozen(at=begun, now=begun, reason="lost card"),
        AccountUnfrozen(at=ended, now=ended),
        under=HIGHER,
    )

    assert member.standing(instant("2026-07-02")).until == instant("2027-04-10 11:00") + (ended - begun)


def test_a_version_that_was_not_used_yet_holds_from_when_it_is_asked():
    member = ana(*PAID, under=versions(tiers(), tiers(at=(0, 1000, 4000)), since=None))

    assert member.standing(instant("2026-07-01")).until == instant("2027-04-10 11:00")
    assert (
        tier(
            ana(bought("A", "2026-01-10", score=120), under=versions(tiers(), tiers(at=(0, 100, 500)), since=None)),
            "2026-02-01",
        )
        == "Silver"
    )


def test_a_sweep_tells_each_rise_once():
    under = versions(tiers(), tiers(at=(0, 100, 500)))
    entries = [enrolled("2026-01-01"), bought("A", "2026-01-10", score=120)]

    found = settled(under, "ana", entries, instant("2026-07-01"))
    assert found is not None
    assert found.facts == (("rose", "2026-06-01T12:00:00Z", "", "Silver", 0),)
    assert settled(under, "ana", [*entries, found], instant("2026-08-01")) is None


def test_a_snapshot_is_of_the_versions_it_was_made_under():
    member = ana(*PAID, under=HIGHER)
    text = to_text(member)

    assert from_text(HIGHER, "ana", text).standing(instant("2026-07-01")) == member.standing(instant("2026-07-01"))
    assert from_text(book(tiers=HIGHER.tiers), "ana", text) is not None
    assert from_text(versions(tiers(), tiers(at=(0, 1000, 4000)), since="2026-06-02"), "ana", text) is None
    assert json.loads(text.partition("\n")[2])["rules"] != HIGHER.digest


histories = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 900)), max_size=8)
some = st.builds(
    tiers,
    st.sampled_from(["in any 30 days", "12 months", "calendar month", "calendar year"]),
    at=st.sampled_from([(0, 300, 900), (0, 500, 2000), (0, 1000, 1500)]),
    grace=st.sampled_from([None, "1 month", "10 days"]),
    falls=st.sampled_from(["one level at a time", "to what is earned", "never"]),
    kept=st.integers(0, 1),
)


def days(number):
    return instant("2026-01-02") + timedelta(days=number)


@settings(max_examples=150)
@given(some, some, histories)
def test_nobody_falls_before_the_day_they_were_told(before, after, told):
    same = evolve(after, over=before.over)
    entries, day = [], 0
    for number, (wait, score) in enumerate(told):
        day += wait
        if days(day) < instant(CHANGED):
            entries.append(bought(str(number), days(day), score=score))
    old = ana(*entries, under=book(tiers=before)).standing(instant(CHANGED))
    new = ana(*entries, under=versions(before, same))

    names = before.names
    for number in (0, 1, 20, 45, 100, 300, 500):
        at = instant(CHANGED) + (days(number) - days(0))
        if old.until is None or at < old.until:
            assert names.index(tier(new, at)) >= names.index(old.tier)


@pytest.mark.parametrize(
    ("names", "at", "becomes"),
    [
        (("Bronze", "Plata", "Oro"), (0, 500, 2000), ("Bronze", "Plata", "Oro")),
        (("Uno", "Dos", "Tres"), (0, 500, 2000), ("Uno", "Dos", "Tres")),
        (("Uno", "Dos", "Tres"), (0, 450, 1800), ("Uno", "Dos", "Tres")),
        (("Bronze", "Copper", "Plata", "Oro"), (0, 250, 500, 2000), ("Bronze", "Plata", "Oro")),
        (("Bronze", "Plata", "Oro", "Top"), (0, 700, 900, 9000), ("Bronze", "Plata", "Top")),
        (("Bronze", "Gold"), (0, 2000), ("Bronze", "Gold", "Gold")),
    ],
)
def test_a_tier_that_gets_another_name_promotes_nobody(names, at, becomes):
    under = versions(tiers(), evolve(tiers(at=at), names=names))

    for score, name in zip((600, 2000), becomes[1:], strict=True):
        member = ana(bought("A", "2026-05-30", score=score), under=under)
        assert tier(member, "2026-06-02") == name


def test_what_different_scores_ask_is_not_compared():
    after = evolve(tiers(at=(0, 2000, 4000), score=(("measure.visits", 1),)), names=("Uno", "Dos", "Tres"))

    assert tier(ana(*PAID, under=versions(tiers(), after)), "2026-06-02") == "Dos"


def test_a_matched_status_has_an_end_however_many_periods_it_lasts():
    until = instant("2031-05-01")
    matched = StatusMatched(at=instant("2026-05-01"), now=instant("2026-05-01"), tier="Gold", until=until, reason="x")

    member = ana(matched, under=book(tiers=tiers("calendar year")))
    assert member.standing(instant("2026-06-01")).until == until
