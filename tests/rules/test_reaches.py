"""The event with which a measure comes to a value: what challenges and achievements are made of."""

from __future__ import annotations

import pytest

import fidelity as fd
from fidelity.errors import LanguageError, OperandError, ProgramError
from fidelity.facts import Facts
from fidelity.language.fields import line, lines, purchase
from fidelity.language.plain import from_plain, to_plain
from fidelity.language.printing import as_text
from fidelity.language.text import parse
from fidelity.rules.earning.amounts import points
from fidelity.rules.earning.measures import Measure, count, total
from fidelity.rules.earning.rules import EarnRule
from fidelity.rules.program import Program
from fidelity.rules.rewards.reward import Reward
from tests.rules.programs import NOON, item, program, sale

SPENT = Measure("spent", total(purchase.amount), over="calendar year")
TEAS = Measure("teas", total(lines(line.category == "tea").quantity), over="ever")
APPS = Measure("apps", count(purchase, when=purchase.channel == "app"), over="ever")


def earned(when, *measures, before, event=None, **parts):
    facts = Facts(counters={f"measure.{measures[0].terms.name}": before})
    return (
        program(EarnRule("badge", points(5), when=when, **parts), measures=measures)
        .evaluate(event or sale("30.00 EUR"), facts)
        .points
    )


@pytest.mark.parametrize(("before", "expected"), [(6_999, 0), (7_000, 5), (9_999, 5), (10_000, 0), (50_000, 0)])
def test_it_holds_for_the_one_event_that_comes_there_or_passes_it(before, expected):
    assert earned(SPENT.reaches(100), SPENT, before=before) == expected
    assert earned(SPENT.reaches("100 EUR"), SPENT, before=before) == expected
    assert earned("measure.spent reaches 100", SPENT, before=before) == expected


def test_only_what_the_measure_counts_brings_it_on():
    assert earned(APPS.reaches(3), APPS, before=2) == 0
    assert earned(APPS.reaches(3), APPS, before=2, event=sale(channel="app")) == 5
    tea = sale(lines=[item("3 EUR", "tea", 3), item("1 EUR", "cake", 9)])
    assert [earned(TEAS.reaches(10), TEAS, before=each, event=tea) for each in (6, 7, 9, 10)] == [0, 5, 5, 0]


def test_its_opposite_holds_for_all_others():
    assert [earned(~SPENT.reaches(100), SPENT, before=each) for each in (0, 7_000, 10_000)] == [5, 0, 5]


def test_a_badge_is_given_once_in_the_books_too():
    badge = EarnRule("tenth tea", points(5), when=TEAS.reaches(10), limit="once", recognition="friend of tea")
    loyalty = fd.Loyalty(program(badge, measures=[TEAS]))
    loyalty.enroll("ana", now=NOON)

    got = [
        loyalty.record(
            fd.Purchase(f"T-{place}", member="ana", at=NOON, amount="9 EUR", lines=[item("9 EUR", "tea", 4)]), now=NOON
        )
        for place in range(4)
    ]

    assert [each.points for each in got] == [0, 0, 5, 0]
    assert [each.effects for each in got][2] == (("recognition", "tenth tea", "friend of tea"),)


# -- spelling


@pytest.mark.parametrize(
    "text", ["measure.spent reaches 100", "measure.spent reaches 99.9", "not measure.spent reaches 5.00 EUR"]
)
def test_every_spelling_is_one_tree(text):
    node = parse(text)

    assert as_text(node) == text
    assert from_plain(to_plain(node)) == node


def test_python_and_text_are_one_tree():
    assert SPENT.reaches(100).node == parse("measure.spent reaches 100")
    assert repr(SPENT.reaches("100 EUR")) == "measure.spent reaches 100.00 EUR"


def test_a_program_with_it_is_read_back():
    told = program(EarnRule("badge", points(5), when=SPENT.reaches(100)), measures=[SPENT])

    assert Program.from_dict(told.to_dict()) == told
    assert told.audit().evaluation_class == "B"


def test_it_is_said_in_both_languages():
    told = program(EarnRule("badge", points(5), when=SPENT.reaches(100)), measures=[SPENT])

    assert "if your total of “spent” reaches €100.00 with it" in told.explain()
    assert "si tu total de «spent» llega a 100,00 € con ello" in told.explain("es")
    missed = told.evaluate(sale()).explain()
    assert "because your total of “spent” did not reach €100.00 with it" in missed


@pytest.mark.parametrize("text", ["purchase.amount reaches 5", "measure.spent reaches purchase.amount", "5 reaches 5"])
def test_it_stands_between_a_measure_and_a_number(text):
    with pytest.raises(LanguageError):
        parse(text)
    with pytest.raises(OperandError, match="reaches a number, not"):
        SPENT.reaches(purchase.amount)


@pytest.mark.parametrize(
    "plain", [{"reaches": [{"field": "purchase.amount"}, 5]}, {"reaches": [5, 5]}, {"reaches": []}]
)
def test_so_it_does_in_dicts(plain):
    with pytest.raises(LanguageError):
        from_plain(plain)


def test_a_rule_on_another_event_never_brings_it_there():
    with pytest.raises(ProgramError, match=r"nothing here adds to measure\.spent"):
        program(EarnRule("badge", points(5), when=SPENT.reaches(100), on="visit"), measures=[SPENT])
    with pytest.raises(ProgramError, match=r"nothing here adds to measure\.spent"):
        program(measures=[SPENT], rewards=[Reward("coffee", cost=5, worth="5 EUR", when=SPENT.reaches(100))])
    with pytest.raises(ProgramError, match=r"mixes|money"):
        program(EarnRule("badge", points(5), when="measure.apps reaches 100 EUR"), measures=[APPS])
