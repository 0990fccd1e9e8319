"""Milestones: what a member is told when a balance or a measure comes to a value from below."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fidelity as fd
from fidelity.errors import ExactnessError, LanguageError, MoneyError, OperandError, ProgramError
from fidelity.language.fields import purchase
from fidelity.rules.earning.measures import Measure, count, total
from fidelity.rules.earning.milestones import Milestone, passed
from fidelity.rules.earning.rules import EarnRule, Wallet
from fidelity.rules.program import Program
from tests.rules.programs import BASE, NOON, program

SPENT = Measure("spent", total(purchase.amount), over="calendar year")
TIMES = Measure("times", count(purchase), over="ever")
HALFWAY = Milestone("halfway", at=50, message="a card")
THERE = Milestone("there", at=100, message="a cake", benefit="a kept table")


def books(*milestones, **parts):
    loyalty = fd.Loyalty(program(milestones=milestones, **parts))
    loyalty.enroll("ana", now=NOON)
    return loyalty


def buy(loyalty, place, amount, **parts):
    event = fd.Purchase(f"T-{place}", member="ana", at=NOON, amount=f"{amount} EUR", **parts)
    return loyalty.record(event, now=NOON)


def told(receipt):
    return [text for _, _, text in receipt.effects]


def test_the_highest_of_those_that_are_passed_at_once():
    loyalty = books(HALFWAY, THERE)

    assert [told(buy(loyalty, place, amount)) for place, amount in enumerate((49, 1, 50, 500))] == [
        [], ["a card"], ["a cake", "a kept table"], [],
    ]  # fmt: skip
    assert told(buy(books(HALFWAY, THERE), 1, 120)) == ["a cake", "a kept table"]


def test_what_waits_and_what_is_set_aside_is_there_and_what_is_owed_is_not():
    waiting = books(HALFWAY, wallets=[Wallet("points", pending="14 days")])
    assert told(buy(waiting, 1, 50)) == ["a card"]

    held = books(HALFWAY)
    buy(held, 1, 40)
    held.hold("ana", points=40, key="hold", now=NOON)
    assert told(buy(held, 2, 10)) == ["a card"]

    owing = books(HALFWAY, rewards=[fd.Reward("coffee", cost=40, worth="5 EUR")])
    buy(owing, 1, 40)
    owing.redeem("ana", "coffee", key="coffee", now=NOON)
    owing.record(fd.Return("R-1", purchase="T-1", at=NOON), now=NOON)
    assert [told(buy(owing, place, 45)) for place in (2, 3)] == [[], ["a card"]]


def test_a_measure_has_milestones_of_its_own():
    loyalty = books(
        Milestone("third", at=3, of=TIMES, recognition="regular"),
        Milestone("hundred", at="100 EUR", of="measure.spent", message="a voucher"),
        measures=[SPENT, TIMES],
    )

    assert [told(buy(loyalty, place, 40)) for place in range(4)] == [[], [], ["regular", "a voucher"], []]


def test_one_message_for_each_of_what_is_counted():
    loyalty = books(HALFWAY, Milestone("first", at=1, of=TIMES, message="hello"), measures=[TIMES])

    assert told(buy(loyalty, 1, 60)) == ["a card", "hello"]


def test_it_is_in_the_receipt_the_retry_and_the_journal_and_is_said():
    loyalty = books(HALFWAY)

    for receipt in (buy(loyalty, 1, 60), buy(loyalty, 1, 60)):
        assert receipt.effects == (("message", "halfway", "a card"),)
        assert receipt.explain().splitlines()[-1] == "- You also receive a card."
        assert receipt.explain("es").splitlines()[-1] == "- Además recibes a card."


def test_it_is_the_same_with_and_without_a_sweep():
    def story(*, sweep):
        loyalty = books(HALFWAY, expiry="30 days")
        buy(loyalty, 1, 40)
        later = NOON + timedelta(days=40)
        if sweep:
            loyalty.settle(now=later)
        event = fd.Purchase("T-2", member="ana", at=later, amount="60 EUR")
        return told(loyalty.record(event, now=later))

    assert story(sweep=True) == story(sweep=False) == ["a card"]


@given(st.lists(st.integers(1, 40), max_size=30), st.sets(st.integers(1, 300), max_size=5))
def test_on_the_way_up_each_is_told_once_unless_a_higher_one_was_passed_with_it(steps, places):
    known = [Milestone(str(at), at=at, message=str(at)) for at in sorted(places)]
    balance, seen = 0, []
    for step in steps:
        seen += [int(name) for _, name, _ in passed(known, {"points": balance}, {"points": step})]
        balance += step

    assert seen == sorted(set(seen))
    assert max(seen, default=0) == max((at for at in places if at <= balance), default=0)


# -- spelling


def test_they_are_written_read_and_said():
    of_measure = Milestone("big year", at="1000 EUR", of=SPENT, benefit="free delivery")
    made = program(BASE, milestones=[HALFWAY, THERE, of_measure], measures=[SPENT])

    assert Program.from_dict(made.to_dict()) == made
    assert made.to_dict()["milestones"][2] == {
        "name": "big year", "at": "1000.00 EUR", "of": "measure.spent", "benefit": "free delivery",
    }  # fmt: skip
    assert "milestones" not in program().to_dict()
    said = made.explain()
    assert "- Halfway: when you come to 50 points, you receive a card." in said
    assert "- Big year: when your total of “spent” comes to €1,000, you have this benefit: free delivery." in said
    assert "- If you come to several of these at once, the highest counts." in said
    assert "- Halfway: cuando llegas a 50 puntos, recibes a card." in made.explain("es")
    assert "several of these" not in program(milestones=[HALFWAY]).explain()


def test_they_are_ordered_and_those_of_measures_windowed():
    assert program(milestones=[HALFWAY]).audit().evaluation_class == "C"
    of_measure = Milestone("third", at=3, of=TIMES, message="x")
    assert program(milestones=[of_measure], measures=[TIMES]).audit().evaluation_class == "B"


@pytest.mark.parametrize(
    ("milestone", "expected"),
    [
        (
            Milestone("x", at=5, of="stamps", message="x"),
            r'milestones\[0\].of: there is no wallet and no measure "stamps"',
        ),
        (
            Milestone("x", at=5, of="measure.spent", message="x"),
            r"milestones\[0\].at: 5 is not what measure.spent counts",
        ),
        (Milestone("x", at="5 EUR", message="x"), r"milestones\[0\].at: 5.00 EUR is not what points counts"),
        (Milestone("x", at="5 USD", of="measure.spent", message="x"), "5.00 USD stands in a program in EUR"),
        (Milestone("base", at=5, message="x"), 'the name "base" stands twice'),
    ],
)
def test_a_milestone_of_nothing_is_refused(milestone, expected):
    with pytest.raises(ProgramError, match=expected):
        program(BASE, milestones=[milestone], measures=[SPENT])


@pytest.mark.parametrize(
    ("parts", "error"),
    [
        ({"at": 0}, ExactnessError),
        ({"at": 1.5}, ExactnessError),
        ({"at": True}, ExactnessError),
        ({"at": "0 EUR"}, OperandError),
        ({"at": "many"}, MoneyError),
        ({"at": 5, "of": 7}, OperandError),
        ({"at": 5, "message": ""}, LanguageError),
        ({"at": 5, "message": 7}, LanguageError),
    ],
)
def test_bad_input_is_refused(parts, error):
    with pytest.raises(error):
        Milestone("x", **({"message": "x"} | parts))


def test_a_milestone_alone_is_no_list():
    with pytest.raises(OperandError, match="milestones is a list"):
        program(milestones=HALFWAY)
    with pytest.raises(ProgramError, match="is not a Milestone"):
        program(milestones=[EarnRule("x", message="x")])
