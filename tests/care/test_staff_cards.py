"""People are judged on what they were told before, see their own card, and may contest it (principle O4)."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity import AsyncCare, AsyncLoyalty, AsyncSqlJournal, Care, Loyalty
from fidelity.care.staff import Aspects, Published
from fidelity.entries.staff import AspectsPublished
from fidelity.errors import (
    ContestOver,
    ExactnessError,
    IdempotencyConflict,
    NotPublished,
    NotYourCard,
    OutOfTime,
    PublishedTooLate,
    UnknownCard,
    ValueRefused,
)
from tests.care.shop import NOON, local, shop
from tests.scenarios import scenario

Q2 = {"start": date(2026, 4, 1), "end": date(2026, 6, 30)}
FIRST = {"kind greeting": 50, "right answer": 50}
LATER = {"kind greeting": 30, "right answer": 30, "sales per customer": 40}


@pytest.fixture
def branch(care):
    """A bank branch that was told two aspects in March, a third in May and another scale in June."""
    care.publish_aspects(FIRST, scale=(1, 5), key="a1", now=local("03-20 09:00"))
    care.publish_aspects(LATER, key="a2", now=local("05-04 09:00"))
    care.publish_aspects(scale=(1, 10), key="a3", now=local("06-15 09:00"))
    return care


def scored(care, employee, greeting, answer, *, at="06-30 20:00", key="", **more):
    scores = {"kind greeting": greeting, "right answer": answer}
    return care.issue_card(employee, **Q2, scores=scores, key=key or f"card {employee}", now=local(at), **more)


def test_care_29_judged_on_what_was_announced_in_the_middle_of_the_quarter(branch):
    expected, sales = scenario("CARE-29"), {"Nadia": 1, "Óscar": 5}
    scored(branch, "Nadia", "4.6", "4.4")
    scored(branch, "Óscar", "4.0", "4.2")
    found, then = branch.period_scores(**Q2, at=local("06-30 20:00")), expected["quarter 2"]
    assert list(found.aspects.weights) == then["aspects"]
    assert list(found.aspects.scale) == then["scale"]
    assert {name: float(score) for name, score in found.scores.items()} == then["scores"]
    assert list(found.ranking) == then["ranking"]
    assert found.refused == expected["refused_for_quarter_2"]

    would = branch.aspects(date(2026, 7, 1))
    turned = {
        each.employee: float(would.score({**each.scores, "sales per customer": Decimal(sales[each.employee])}))
        for each in found.cards
    }
    assert (sorted(turned, key=turned.get, reverse=True) != list(found.ranking)) == expected["would_have_been"].pop(
        "ranking_turned_over"
    )
    assert turned == expected["would_have_been"]

    then = expected["quarter 3"]
    assert (list(would.weights), list(would.scale)) == (then["aspects"], then["scale"])
    assert branch.aspects(date(2026, 4, 1)).published == local("03-20 09:00")

    (card,) = branch.score_cards("Nadia", viewer="Nadia").values()
    sees = {
        "own score per aspect": card.scores == {"kind greeting": Decimal("4.6"), "right answer": Decimal("4.4")},
        "scale": card.aspects.scale == (1, 5),
        "weights": card.aspects.weights == FIRST and set(card.aspects.shares.values()) == {Decimal("0.5")},
        "date of publication": card.aspects.published == local("03-20 09:00"),
    }
    assert [name for name, seen in sees.items() if seen] == expected["each_employee_sees"]
    assert not expected["sees_scores_of_others"]
    with pytest.raises(NotYourCard):
        branch.score_cards("Nadia", viewer="Óscar")
    assert found.first() == (expected["recognition"]["to"],)


def test_what_was_not_published_before_is_refused_with_the_reason(branch):
    scores = {"kind greeting": "4", "right answer": "4", "sales per customer": "1", "smiles": "2"}
    with pytest.raises(NotPublished, match="'sales per customer': published after the period began") as refused:
        branch.issue_card("Nadia", **Q2, scores=scores, key="c", now=local("06-30 20:00"))
    assert refused.value.reasons == {
        "sales per customer": "published after the period began",
        "smiles": "never published",
    }
    early = {"start": date(2026, 1, 1), "end": date(2026, 3, 31)}
    with pytest.raises(NotPublished, match="never published"):
        branch.issue_card("Nadia", **early, scores={"smiles": "2"}, key="c", now=local("06-30 20:00"))
    with pytest.raises(PublishedTooLate, match="counts from 2026-06-17 on") as late:
        branch.publish_aspects(FIRST, start=date(2026, 6, 16), key="a4", now=local("06-16 00:00"))
    assert (late.value.earliest, late.value.reason) == (date(2026, 6, 17), "published after the period began")
    with pytest.raises(PublishedTooLate):
        branch.publish_aspects(FIRST, start=Q2["start"], key="a4", now=local("06-16 00:00"))


def test_what_is_announced_for_a_later_day_counts_from_that_day_on(care):
    care.publish_aspects(FIRST, scale=(1, 5), key="a1", now=NOON)
    care.publish_aspects({"smiles": 1}, start=date(2027, 1, 1), key="a2", now=NOON)
    care.publish_aspects({"right answer": 1}, start=date(2026, 3, 1), key="a3", now=NOON)
    named = [list(care.aspects(date(*day), at=NOON).weights) for day in ((2026, 2, 1), (2026, 3, 1), (2027, 1, 1))]
    assert named == [["kind greeting", "right answer"], ["right answer"], ["smiles"]]
    assert care.aspects(date(2026, 1, 5), at=NOON) is None
    assert care.period_scores(date(2026, 2, 1), date(2026, 2, 28), at=NOON).refused == {}
    weights = care.publish_aspects({"right answer": 7}, start=date(2026, 4, 1), key="a4", now=NOON).weights
    assert weights == {"right answer": 7}
    assert care.period_scores(date(2026, 3, 1), date(2026, 12, 31), at=NOON).refused == {}
    care.publish_aspects({"kind greeting": 1, "right answer": 2}, start=date(2026, 2, 3), key="a5", now=NOON)
    late = care.period_scores(date(2026, 2, 2), date(2026, 2, 28), at=NOON).refused
    assert late == {"weights": "published after the period began"}


def test_of_two_that_count_from_one_day_on_the_later_counts_and_none_is_late(care):
    care.publish_aspects({"smiles": 1}, scale=(1, 5), start=date(2026, 2, 1), key="a1", now=NOON)
    care.publish_aspects({"right answer": 1}, start=date(2026, 2, 1), key="a2", now=NOON)
    assert list(care.aspects(date(2026, 2, 1), at=NOON).weights) == ["right answer"]
    assert care.period_scores(date(2026, 2, 1), date(2026, 2, 28), at=NOON).refused == {}


def test_too_few_answers_do_not_count(branch):
    scored(branch, "Nadia", "4.6", "1", answers={"kind greeting": 5, "right answer": 4})
    (card,) = branch.score_cards("Nadia", viewer="Nadia").values()
    assert (card.score, card.counted) == (Decimal("4.6"), ("kind greeting",))
    assert card.scores["right answer"] == 1
    assert card.answers == {"kind greeting": 5, "right answer": 4}
    with pytest.raises(ValueRefused, match="luck"):
        scored(branch, "Óscar", "4", "4", answers={"kind greeting": 4, "right answer": 0})


def test_a_contested_score_is_settled_by_somebody_else(branch):
    scored(branch, "Nadia", "4.6", "4.4")
    scored(branch, "Óscar", "4.0", "4.2")
    contest = {"words": "I was on leave in May", "now": local("07-01 09:00")}
    assert branch.contest_card("Óscar", "card Óscar", "right answer", **contest).state == "open"
    assert branch.period_scores(**Q2, at=local("07-01 09:00")).first() == ()
    assert branch.loyalty.members.payloads("staff/Óscar")["contest/contested card Óscar right answer"]["words"]
    assert not any("leave" in repr(line) for line in branch.loyalty.journal.read("Esquina"))
    with pytest.raises(ContestOver, match="that is open"):
        branch.contest_card("Óscar", "card Óscar", "right answer", key="again", now=local("07-01 09:00"))
    with pytest.raises(ValueRefused, match="somebody else settles"):
        branch.settle_card("Óscar", "card Óscar", "right answer", by="Óscar", now=local("07-02 09:00"))
    with pytest.raises(ValueRefused, match="scale of 1 to 5"):
        branch.settle_card("Óscar", "card Óscar", "right answer", by="ines", score=6, now=local("07-02 09:00"))
    told = {"by": "ines", "score": "5", "now": local("07-02 09:00")}
    assert branch.settle_card("Óscar", "card Óscar", "right answer", **told).state == "corrected"
    (card,) = branch.score_cards("Óscar", viewer="Óscar").values()
    assert (card.score, card.contests, card.issued) == (
        Decimal("4.5"), {"right answer": "corrected"}, local("07-02 09:00")
    )  # fmt: skip
    assert branch.score_cards("Óscar", viewer="Óscar", at=local("07-01 09:00"))["card Óscar"].contested
    assert branch.period_scores(**Q2, at=local("07-02 09:00")).first() == ("Nadia", "Óscar")
    with pytest.raises(ContestOver, match="corrected"):
        branch.settle_card("Óscar", "card Óscar", "right answer", by="ines", key="k", now=local("07-02 09:00"))
    with pytest.raises(ContestOver, match="corrected"):
        branch.contest_card("Óscar", "card Óscar", "right answer", key="k", now=local("07-02 09:00"))


def test_a_score_may_be_upheld(branch):
    scored(branch, "Nadia", "4.6", "4.4")
    branch.contest_card("Nadia", "card Nadia", "kind greeting", now=local("07-01 09:00"))
    settled = branch.settle_card("Nadia", "card Nadia", "kind greeting", by="ines", now=local("07-01 10:00"))
    assert (settled.state, settled.aspect) == ("upheld", "kind greeting")
    assert branch.score_cards("Nadia", viewer="Nadia")["card Nadia"].score == Decimal("4.5")


@pytest.mark.parametrize(
    ("scores", "first"),
    [
        ({"a": "5"}, ("a",)),
        ({"a": "5", "b": "4"}, ("a",)),
        ({"a": "4", "b": "4"}, ("a", "b")),
        ({"a": "3", "b": "4", "c": "5"}, ("c",)),
        ({"a": "5", "b": "4", "c": "4", "d": "1"}, ("a", "b", "c")),
        ({"a": "5", "b": "4", "c": "3", "d": "2", "e": "1"}, ("a", "b")),
    ],
)
def test_public_lists_have_first_ones_and_no_last_ones(care, scores, first):
    care.publish_aspects({"smiles": 1}, scale=(1, 5), key="a", now=NOON)
    days = {"start": date(2026, 1, 6), "end": date(2026, 1, 6)}
    for name, score in scores.items():
        care.issue_card(name, **days, scores={"smiles": score}, key=f"card {name}", now=local("01-06 20:00"))
    assert care.period_scores(**days, at=local("01-06 20:00")).first(3) == first
    assert care.period_scores(date(2026, 2, 1), date(2026, 2, 2), at=local("01-06 20:00")).first() == ()


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        ({"scores": {"kind greeting": "4"}}, ValueRefused, "none for right answer"),
        ({"scores": {}}, ValueRefused, "by aspect"),
        ({"scores": {"kind greeting": "5.01", "right answer": "4"}}, ValueRefused, "beyond the published scale"),
        ({"scores": {"kind greeting": "4.567", "right answer": "4"}}, ValueRefused, "two decimals"),
        ({"scores": {"kind greeting": 4.5, "right answer": "4"}}, ExactnessError, "float"),
        ({"answers": {"smiles": 3}}, ValueRefused, "answers are told for smiles"),
        ({"answers": {"kind greeting": -1}}, ExactnessError, "answers on"),
        ({"answers": 7}, ValueRefused, "by aspect"),
        ({"start": date(2026, 7, 1)}, ValueRefused, "ends before it begins"),
        ({"start": local("04-01 00:00")}, ValueRefused, "a day"),
        ({"now": local("06-29 23:59")}, OutOfTime, "ends on"),
        ({"employee": ""}, ValueRefused, "employee"),
        ({"key": "other"}, ValueRefused, "has the card 'card Nadia'"),
    ],
)
def test_a_card_that_cannot_be_leaves_no_trace(branch, wrong, error, says):
    if wrong.get("key"):
        scored(branch, "Nadia", "4.6", "4.4")
    before = len(branch.loyalty.journal.read("Esquina"))
    told = {"scores": {"kind greeting": "4", "right answer": 4}, "key": "c", "now": local("06-30 20:00"), **Q2, **wrong}
    with pytest.raises(error, match=says):
        branch.issue_card(told.pop("employee", "Nadia"), **told)
    assert len(branch.loyalty.journal.read("Esquina")) == before


def test_what_cannot_be_published_or_contested(branch):
    with pytest.raises(UnknownCard, match="none was issued"):
        branch.contest_card("Nadia", "c", "kind greeting", words="not so", now=local("07-01 09:00"))
    assert branch.loyalty.members.payloads("staff/Nadia") == {}
    scored(branch, "Nadia", "4.6", "4.4")
    with pytest.raises(ValueRefused, match='did you mean "kind greeting"'):
        branch.contest_card("Nadia", "card Nadia", "greeting kind", now=local("07-01 09:00"))
    with pytest.raises(ContestOver, match="not contested"):
        branch.settle_card("Nadia", "card Nadia", "kind greeting", by="ines", now=local("07-01 09:00"))
    for wrong, says in (
        ({"aspects": {}}, "with their weights"),
        ({"aspects": {"kind greeting": 0}}, "at least 1"),
        ({"aspects": {"who smiles at everybody they meet": 1}}, "code"),
        ({"scale": (5, 1)}, "at least 6"),
        ({"scale": 5}, "lowest and a highest"),
        ({"start": "2026-09-01"}, "a day"),
    ):
        with pytest.raises(ValueRefused, match=says):
            branch.publish_aspects(**wrong, key="k", now=local("07-01 09:00"))
    with pytest.raises(IdempotencyConflict):
        branch.publish_aspects({"smiles": 1}, key="a1", now=local("07-01 09:00"))
    assert branch.publish_aspects(FIRST, scale=(1, 5), key="a1", now=local("07-01 09:00")).repeated


def test_nothing_can_be_left_out_before_anything_was_published():
    with pytest.raises(ValueRefused, match="nothing was published before"):
        Care(Loyalty(shop())).publish_aspects({"smiles": 1}, key="a", now=NOON)


@given(
    weights=st.lists(st.integers(1, 1_000), min_size=1, max_size=5),
    scores=st.lists(st.integers(100, 500), min_size=5, max_size=5),
)
def test_a_score_lies_between_the_lowest_and_the_highest(weights, scores):
    names = [f"a{n}" for n in range(len(weights))]
    aspects = Aspects(
        published=NOON, start=date(2026, 1, 6), weights=dict(zip(names, weights, strict=True)), low=1, high=5
    )
    given_ = {name: Decimal(each) / 100 for name, each in zip(names, scores, strict=False)}
    found = aspects.score(given_)
    assert min(given_.values()) <= found <= max(given_.values())
    exact = sum(each * weights[n] for n, each in enumerate(given_.values())) / Decimal(sum(weights))
    assert abs(found - exact) <= Decimal("0.005")
    assert sum(aspects.shares.values()) == 1


@given(days=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), max_size=6), asked=st.integers(0, 90))
def test_nothing_counts_that_was_not_published_before_the_period(days, asked):
    entries, start = [], NOON.date() + timedelta(days=asked)
    for published, ahead in sorted(days):
        now = NOON + timedelta(days=published)
        first = now.date() + timedelta(days=ahead)
        entries.append(AspectsPublished(at=now, now=now, start=first, aspects=(("smiles", 1),), low=1, high=5))
    found = Published(entries).of(start)
    before = [each for each in entries if each.start <= start]
    assert (found is None) == (not before)
    if found is not None:
        assert found.published.date() < start
        assert found.start == max(each.start for each in before)


def test_awaited_it_is_the_same(tmp_path):
    async def told():
        journal = AsyncSqlJournal(f"sqlite:///{tmp_path}/care.db")
        care = AsyncCare(AsyncLoyalty(shop(), journal))
        await care.publish_aspects(FIRST, scale=(1, 5), key="a1", now=local("03-20 09:00"))
        await scored(care, "Nadia", "4.6", "4.4")
        await care.contest_card("Nadia", "card Nadia", "kind greeting", words="why?", now=local("07-01 09:00"))
        await care.settle_card("Nadia", "card Nadia", "kind greeting", by="ines", score=5, now=local("07-01 09:00"))
        cards = await care.score_cards("Nadia", viewer="Nadia", at=local("07-01 09:00"))
        with pytest.raises(NotYourCard):
            await care.score_cards("Nadia", viewer="Óscar")
        found = await care.period_scores(**Q2, at=local("07-01 09:00"))
        aspects = await care.aspects(Q2["start"])
        await journal.close()
        return cards["card Nadia"].score, found.first(), aspects.weights

    assert asyncio.run(told()) == (Decimal("4.7"), ("Nadia",), FIRST)


@pytest.mark.parametrize(
    ("start", "end", "judged_twice"),
    [
        ((4, 2), (6, 30), True),  # cut by its first day
        ((4, 15), (7, 14), True),  # shifted
        ((6, 30), (7, 31), True),  # one day in common
        ((4, 1), (7, 31), True),  # longer by a month
        ((5, 1), (5, 31), False),  # a month of the quarter
        ((7, 1), (7, 31), False),  # what follows
    ],
)
def test_no_day_is_judged_twice_by_shifting_the_period(care, start, end, judged_twice):
    care.publish_aspects(FIRST, scale=(1, 5), key="a1", now=local("03-20 09:00"))
    scored(care, "nadia", 5, 4)
    period = {"start": date(2026, *start), "end": date(2026, *end)}
    again = {"scores": {"kind greeting": 3, "right answer": 3}, "key": "again", "now": local("08-01 09:00"), **period}
    if judged_twice:
        with pytest.raises(ValueRefused, match="not judged twice; begin the period after it"):
            care.issue_card("nadia", **again)
    else:
        assert care.issue_card("nadia", **again).card == "again"
    assert care.issue_card("oscar", **again | {"key": "other"}).card == "other"
