"""The plain spelling: every program comes back the same, has one canonical text and one digest."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from fidelity.errors import FidelityError
from fidelity.events import Anniversary, Feedback, Participation, Purchase, Referral, Return, Visit
from fidelity.facts import Facts
from fidelity.language.declare import CustomEvent, Fields, amount, choice, code, day, flag, instant, tags, whole
from fidelity.language.fields import purchase
from fidelity.language.opaque import opaque
from fidelity.rules.earning.amounts import points, rate, times
from fidelity.rules.earning.limits import Cap
from fidelity.rules.earning.measures import Measure, count, total
from fidelity.rules.earning.rules import EarnRule, Group, Wallet
from fidelity.rules.program import Program
from fidelity.rules.published import Limits, Pace, Published, Waiver
from fidelity.rules.rewards.reward import Legal, Reward, Security
from fidelity.rules.spelling.files import read_json
from fidelity.rules.tiers.tier_set import Tier, TierSet, relationship
from tests.rules.programs import BASE, NOON, Flight, Fuel, happenings, item, plain, program, programs, rule, sale


@given(programs())
def test_every_program_comes_back_from_its_plain_spelling(made):
    again = Program.from_dict(made.to_dict())

    assert again == made
    assert again.digest == made.digest


@given(programs())
def test_every_program_comes_back_from_its_canonical_text(made):
    text = made.to_json()

    again = Program.from_json(text)

    assert again == made
    assert again.to_json() == text
    assert json.loads(text) == made.to_dict()


@given(programs())
@settings(max_examples=20)
def test_the_canonical_text_is_plain_sorted_and_short(made):
    text = made.to_json()

    assert text == json.dumps(read_json(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


#: Each change, one at a time, must be seen in the digest.
CHANGES = {
    "name": {"name": "Café Sol"},
    "version": {"version": "2"},
    "currency": {"currency": "USD", "earn": [rule(1)], "rewards": [], "measures": []},
    "timezone": {"timezone": "Europe/Paris"},
    "a rule more": {"earn": [BASE, rule(1)]},
    "rules in another order": {"earn": [rule(1), BASE]},
    "points": {"earn": [EarnRule("base", points(2, per="1 EUR"))]},
    "step": {"earn": [EarnRule("base", points(1, per="2 EUR"))]},
    "unit of a step": {"earn": [EarnRule("base", points(1, per="1 item", of=Fuel.litres))]},
    "rate": {"earn": [EarnRule("base", rate("1"))]},
    "condition": {"earn": [EarnRule("base", points(1, per="1 EUR"), when=purchase.channel == "app")]},
    "kind": {"earn": [EarnRule("base", points(1), on="visit")]},
    "limit": {"earn": [EarnRule("base", points(1, per="1 EUR"), limit="once a day")]},
    "cap of a rule": {"earn": [EarnRule("base", points(1, per="1 EUR"), cap=Cap(5))]},
    "during": {"earn": [EarnRule("base", points(1, per="1 EUR"), during=("2026-01-01", "2026-01-31"))]},
    "message": {"earn": [EarnRule("base", points(1, per="1 EUR"), message="a card")]},
    "wallet": {"earn": [EarnRule("base", points(1, per="1 EUR"), wallet="stamps")]},
    "each line": {"earn": [EarnRule("base", points(1, per="1 EUR", each="line"))]},
    "group": {"earn": [Group("base", [BASE])]},
    "how a group combines": {"earn": [Group("base", [BASE], combine="best")]},
    "cap of a group": {"earn": [Group("base", [BASE], cap=Cap(5, per="calendar day"))]},
    "exceeded": {"earn": [Group("base", [BASE], cap=Cap(5, per="calendar day", exceeded="reject"))]},
    "multiplier": {"earn": [BASE, EarnRule("x", times(2, of="base"))]},
    "expiry": {"expiry": "12 months"},
    "tiers": {"tiers": TierSet([Tier("A"), Tier("B", at=3)], counts="visits", over="12 months")},
    "threshold": {"tiers": TierSet([Tier("A"), Tier("B", at=4)], counts="visits", over="12 months")},
    "benefit": {"tiers": TierSet([Tier("A"), Tier("B", at=4, benefits=["a table"])], counts="visits", over="12 months")},
    "grace": {"tiers": TierSet([Tier("A"), Tier("B", at=4)], counts="visits", over="12 months", grace=None)},
    "falls": {"tiers": TierSet([Tier("A"), Tier("B", at=4)], counts="visits", over="12 months", falls="never")},
    "weights": {"tiers": TierSet([Tier("A"), Tier("B", at=4)], counts=relationship(tenure=1), over="12 months")},
    "other weights": {"tiers": TierSet([Tier("A"), Tier("B", at=4)], counts=relationship(tenure=2), over="12 months")},
    "reward": {"rewards": [Reward("mug", cost=5)]},
    "cost": {"rewards": [Reward("mug", cost=6)]},
    "worth": {"rewards": [Reward("mug", cost=6, worth="5 EUR")]},
    "announced cost": {"rewards": [Reward("mug", cost=6, published_cost=6)]},
    "channels": {"rewards": [Reward("mug", cost=6, channels=["app"])]},
    "wait": {"rewards": [Reward("mug", cost=6, wait="2 days")]},
    "step of a reward": {"rewards": [Reward("mug", cost=6, steps=["tell us your size"])]},
    "security": {"rewards": [Reward("mug", cost=6, security=["PIN"])]},
    "security above": {"rewards": [Reward("mug", cost=6, security=[Security("PIN", above="5 EUR")])]},
    "legal": {"rewards": [Reward("mug", cost=6, legal=[Legal("age", "18 or older", "1")])]},
    "version of a legal term": {"rewards": [Reward("mug", cost=6, legal=[Legal("age", "18 or older", "2")])]},
    "measure": {"measures": [Measure("m", count(purchase), over="ever")]},
    "window of a measure": {"measures": [Measure("m", count(purchase), over="calendar day")]},
    "what a measure adds": {"measures": [Measure("m", total(purchase.basis), over="ever")]},
    "wallets": {"wallets": [Wallet("stamps")]},
    "life of a wallet": {"wallets": [Wallet("stamps", expiry="6 months")]},
    "events": {"events": [Flight]},
    "excludes": {"excludes": [purchase.category == "x"]},
    "basis": {"basis_without": ["tax"]},
    "cap": {"cap": Cap(500)},
    "rounding": {"rounding": "ceil"},
    "multipliers": {"multipliers": "best"},
    "budget": {"filter_budget": 1},
    "published": {"published": [Published("p", 1)]},
    "pace": {"pace": Pace("2 weeks")},
    "horizon": {"pace": Pace("2 weeks", horizon="12 months")},
    "base benefit": {"base_benefit": 1},
    "limits": {"limits": Limits(split=1)},
    "waiver": {"waivers": [Waiver("P4", reason="r", signed="s", on=date(2026, 1, 1))]},
}  # fmt: skip


def test_each_change_that_matters_gives_another_digest():
    made = {name: evolve(program(fields=[Fuel]), **parts) for name, parts in CHANGES.items()}
    digests = {name: each.digest for name, each in made.items()} | {"as it was": program(fields=[Fuel]).digest}

    assert len(set(digests.values())) == len(digests)


class Wide(Fields, of="purchase"):
    litres = whole(0, 200, obtained="earned", default=0, label={"en": "litres", "es": "litros"})


class Bought(Fields, of="purchase"):
    litres = whole(0, 100, obtained="bought", default=0, label={"en": "litres", "es": "litros"})


def test_bounds_and_origin_of_a_field_matter():
    assert len({program(fields=[each]).digest for each in (Fuel, Wide, Bought)}) == 3


def test_what_does_not_matter_gives_the_same_digest():
    assert program(membership_fee=0).digest == program().digest
    spelled = [
        EarnRule("x", points(1), when=each)
        for each in ("purchase.amount>=5", purchase.amount >= 5, purchase.amount >= "5")
    ]
    assert len({program(each).digest for each in spelled}) == 1
    assert program(rule(limit="once a day")).digest == program(rule(limit="1 per calendar day")).digest


def test_the_canonical_text_is_the_same_in_every_process():
    script = "from tests.rules.test_codec import everything; print(everything().to_json(), everything().digest)"
    told = set()
    for seed in ("0", "1", "4711"):
        root = str(Path(__file__).parents[2])
        words = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join([f"{root}/src", root])}
        run = subprocess.run([sys.executable, "-c", script], cwd=root, env=words, capture_output=True, check=True)
        told.add(run.stdout)

    assert told == {f"{everything().to_json()} {everything().digest}\n".encode()}


def everything():
    """A program with sets, tags and tables in it, whose order could differ."""
    return program(
        BASE,
        EarnRule(
            "many", points(5), when=purchase.channel.is_in({"app", "web", "store"}) & purchase.tags.has_any("a", "b")
        ),
        rewards=[Reward("mug", cost=5, channels=["web", "app"])],
        events=[Everything],
        fields=[Fuel],
    )


class Everything(CustomEvent):
    number = whole(-5, 5, obtained="earned", label="number")
    money = amount("500", obtained="earned", default="1.50 EUR")
    open_code = code(obtained="declared")
    told_code = code(obtained="declared", default=None)
    size = choice("small", "large", ordered=True, default="small")
    kind_of = choice("x", "y", label={"en": "kind", "es": "clase"})
    marks = tags("b", "a")
    free_marks = tags()
    seen = flag(default=True)
    since = day(date(2000, 1, 1), date(2030, 12, 31))
    moment = instant()


def test_every_kind_of_field_comes_back():
    made = program(EarnRule("x", points(1), on=Everything), events=[Everything])

    again = Program.from_dict(made.to_dict())

    assert again == made
    assert again.events[0].declared == Everything.declared


def test_fields_of_one_owner_may_stand_in_several_classes():
    class More(Fields, of="purchase"):
        miles = whole(0, 10, obtained="earned", default=0)

    made = program(fields=[Fuel, More])

    assert Program.from_dict(made.to_dict()) == made
    assert made == program(fields=[More, Fuel])


def test_a_later_format_is_refused():
    with pytest.raises(FidelityError, match="update the library"):
        Program.from_dict(plain(format=2))
    assert program().to_dict()["format"] == 1


def test_an_opaque_function_cannot_be_written_down():
    made = program(rule(when=opaque("secret", lambda _: True)))

    for write in (made.to_dict, made.to_json, lambda: made.digest):
        with pytest.raises(FidelityError, match="opaque function 'secret' exists in Python only"):
            write()


def test_what_holds_by_default_is_not_written():
    assert program().to_dict() == {"format": 1, **plain(earn=[{"name": "base", "points": 1, "per": "1.00 EUR"}])}


def test_equal_programs_have_equal_hashes_and_say_who_they_are():
    assert hash(program()) == hash(program())
    assert program() != program(expiry="12 months")
    assert repr(program()) == "<Program Café Aurora 1: 1 rules, 0 rewards>"


# -- events and facts in the journal


@given(st.data())
@settings(max_examples=50)
def test_every_purchase_and_all_facts_come_back_from_the_journal(data):
    decided = program(fields=[Fuel])
    event, facts = data.draw(happenings(decided))

    assert decided.event_from_plain(json.loads(json.dumps(decided.event_to_plain(event)))) == event
    again = decided.facts_from_plain(json.loads(json.dumps(decided.facts_to_plain(facts))))
    assert again == evolve(facts, counters={name: each for name, each in facts.counters.items() if each})


EVENTS = [
    Visit("E", member="ana", at=NOON, channel="app", store="Sol", tags=["b", "a"]),
    Feedback("E", member="ana", at=NOON, topic="coffee"),
    Participation("E", member="ana", at=NOON, activity="tasting"),
    Referral("E", member="ana", at=NOON, friend="ben"),
    Anniversary("E", member="ana", at=NOON, years=3),
    Return("E", member="ana", at=NOON, purchase="T-1", amount="2.00 EUR"),
    Return("E", member="ana", at=NOON, purchase="T-1", lines=["l-1", item("2.00 EUR", "coffee")]),
    sale(at=datetime(2026, 6, 15, 10, 0, 0, 7, tzinfo=UTC), order="O-1", store="Sol", payment="card"),
    Everything(
        "E", member="ana", at=NOON, number=-5, money="2.50 EUR", told_code="c", size="large", kind_of="y", marks=["a", "b"],
        free_marks=["z"], seen=False, since=date(2001, 2, 3), moment=datetime(2026, 1, 1, 5, tzinfo=UTC),
    ),
]  # fmt: skip


@pytest.mark.parametrize("event", EVENTS, ids=lambda each: each.kind)
def test_every_event_comes_back_from_the_journal(event):
    decided = program(EarnRule("x", points(1), on=Everything), events=[Everything])

    again = decided.event_from_plain(json.loads(json.dumps(decided.event_to_plain(event))))

    assert again == event
    assert type(again) is type(event)


def test_an_event_read_by_a_program_from_a_file_decides_alike():
    decided = program(EarnRule("x", points(3), on=Everything, when=Everything.size == "large"), events=[Everything])
    again = Program.from_dict(decided.to_dict())

    event = again.event_from_plain(decided.event_to_plain(EVENTS[-1]))

    assert again.points_of(event) == decided.points_of(EVENTS[-1]) == 3


def test_facts_of_every_kind_come_back():
    facts = Facts(
        tier="Gold",
        customer_since=date(2020, 2, 29),
        counters={"limit.x": 3, "cap.y": 0},
        fields={"born": date(2000, 1, 1), "vip": True},
    )

    again = program().facts_from_plain(json.loads(json.dumps(program().facts_to_plain(facts))))

    assert again == evolve(facts, counters={"limit.x": 3})


def test_an_event_that_nobody_declares_is_refused():
    with pytest.raises(FidelityError, match=r"this program does not declare; add events="):
        program().event_from_plain(program().event_to_plain(EVENTS[-1]))
    assert Purchase.kind == "purchase"


def test_a_condition_too_long_for_one_line_is_written_as_nested_tables_and_read_back():
    stores = [f"store number {number:03}" for number in range(300)]
    program = Program(
        "Stores",
        version="1",
        currency="EUR",
        timezone="Europe/Madrid",
        earn=[EarnRule("base", points(1, per="1 EUR"), when=purchase.store.is_in(*stores))],
    )

    again = Program.from_json(program.to_json())

    assert again == program
    assert again.digest == program.digest
