"""What the strategies make is legal, stays legal when it shrinks, and leaves nothing of the language out."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from fidelity import (
    Campaign,
    Claims,
    EarnRule,
    Facts,
    Loyalty,
    Program,
    ReferralProgram,
    Reward,
    Tier,
    TierSet,
    Wallet,
    points,
)
from fidelity.commands import Capture, Command, Enroll, Record
from fidelity.entries import Entry
from fidelity.entries.chain import genesis, link
from fidelity.entries.codec import canonical, from_plain, read_json, to_plain
from fidelity.errors import FidelityError
from fidelity.events import Event, Purchase
from fidelity.journals import JournalInMemory
from fidelity.testing.examples import airline, aurora, bank_card, stamp_card, supermarket, supplier
from fidelity.testing.strategies import (
    OPERATIONS,
    batches,
    entries,
    events,
    histories,
    programs,
    purchases,
    share_accepted,
)
from fidelity.testing.strategies.events import told, words
from fidelity.testing.strategies.kept import _kinds

EXAMPLES = [make() for make in (aurora, stamp_card, supermarket, airline, bank_card, supplier)]
#: A generous house, in which everything that can be asked is soon possible.
CORNER = Program(
    "Corner",
    version="1",
    currency="EUR",
    timezone="Europe/Madrid",
    earn=[
        EarnRule("base", points(1, per="1 EUR")),
        EarnRule("hello", points(5), on="visit"),
        EarnRule("thank you", points(5), on="referral"),
        Campaign("week", [EarnRule("one more", points(1))]),
    ],
    rewards=[Reward("smile", cost=1), Reward("mug", cost=1, stock=4), Reward("slip", cost=1, voucher="2 years")],
    tiers=TierSet([Tier("Guest"), Tier("Friend", at=500)], counts="points earned", over="12 months"),
    referrals=ReferralProgram(),
    claims=[Claims("12 months")],
    wallets=[Wallet("points", expiry="6 months"), Wallet("stamps", pending="until confirmed")],
)

quick = settings(max_examples=3_000, phases=[Phase.generate], database=None)
small = settings(max_examples=500, database=None)
slow = settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


# --- Programs and events ----------------------------------------------------------------------------------------------


@given(programs())
def test_a_program_comes_back_from_its_text(program):
    assert Program.from_json(program.to_json()) == program


@given(st.data())
def test_a_program_decides_each_event_that_is_made_for_it(data):
    program = data.draw(st.sampled_from(EXAMPLES) | programs())

    event = data.draw(events(program))

    assert isinstance(event, Event)
    assert program.event_from_plain(program.event_to_plain(event)) == event
    known = Facts(fields=data.draw(told(program.declared.own.get("member", {}), program)))
    assert program.evaluate(event, known).points >= 0


@given(st.data())
def test_a_purchase_is_as_asked(data):
    sale = data.draw(purchases(aurora(), name="T-9", member="leo", most=500))

    assert (sale.id, sale.member, str(sale.amount)[-3:]) == ("T-9", "leo", "EUR")
    assert sale.amount.minor <= 500


def test_events_say_the_words_that_rules_ask_for():
    assert {"own cup", "app", "saturday", ""} <= set(words(aurora()))

    found = find(purchases(aurora()), lambda sale: "own cup" in sale.tags, settings=quick)
    assert aurora().evaluate(found).points >= 50


# --- Histories --------------------------------------------------------------------------------------------------------


@slow
@given(st.data())
def test_nearly_every_command_of_a_history_is_taken(data):
    """Of 2,682 commands on examples and made programs 99.8 % were, when it was measured."""
    program = data.draw(st.sampled_from(EXAMPLES) | programs())
    history = data.draw(histories(program))

    assert share_accepted(program, history) >= 0.95


@slow
@given(histories(CORNER, members=["ana", "eva"]))
def test_a_history_goes_forward_in_time_and_begins_with_somebody(history):
    first = list({id(each): each for each in history}.values())  # without what came twice

    assert isinstance(history[0], Enroll)
    assert [each.now for each in first] == sorted(each.now for each in first)
    assert {each.member for each in history if isinstance(each, Enroll)} <= {"ana", "eva"}


NEEDS = {
    "return": ["purchase"],
    "confirm": ["purchase"],
    "redeem": ["purchase"],
    "hold": ["purchase"],
    "capture": ["goodwill", "hold"],
    "release": ["goodwill", "hold"],
    "again": ["purchase"],
    "undo": ["goodwill", "redeem"],
    "transfer": ["goodwill"],
    "forgive": ["purchase", "hold", "return"],
    "extend": ["goodwill"],
    "reinstate": ["goodwill"],
    "unfreeze": ["freeze"],
    "end protection": ["protect"],
    "leave household": ["join household"],
    "redeem together": ["goodwill", "join household"],
    "rerate": ["purchase"],
    "redeem some": ["goodwill"],
    "hold some": ["goodwill"],
    "use": ["goodwill", "redeem"],
    "undo use": ["goodwill", "redeem", "use"],
    "resume": ["suspend"],
    "enroll a friend": ["refer"],
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_is_possible_and_taken(name, monkeypatch):
    operation, made = OPERATIONS[name], []

    def make(*given):
        made.append(operation.make(*given))
        return made[-1]

    monkeypatch.setitem(OPERATIONS, name, evolve(operation, weight=30, make=make))
    story = histories(CORNER, members=["ana", "eva"], operations=[*NEEDS.get(name, ()), name], max_size=12)

    found = find(story, lambda history: any(each is history[-1] for each in made), settings=quick)

    assert share_accepted(CORNER, found) == 1


def test_what_shrinking_leaves_is_legal():
    story = histories(CORNER, members=["ana"], operations=["goodwill", "hold", "capture"], max_size=6)

    found = find(story, lambda history: any(isinstance(each, Capture) for each in history), settings=small)

    assert share_accepted(CORNER, found) == 1
    kinds = [type(each).__name__ for each in found]
    assert (kinds[0], kinds[-1]) == ("Enroll", "Capture")
    assert set(kinds) == {"Enroll", "Goodwill", "Hold", "Capture"}


def test_an_operation_that_nobody_knows_is_refused():
    with pytest.raises(FidelityError, match='did you mean "redeem"'):
        find(histories(CORNER, operations=["reedem"]), lambda _: True)


def test_the_share_accepted_counts_what_is_refused():
    sale = Record(event=Purchase("T-1", member="nobody", at=_noon(), amount="5 EUR"), now=_noon())

    assert share_accepted(CORNER, [Enroll(member="ana", now=_noon()), sale]) == 0.5
    assert share_accepted(CORNER, []) == 1
    assert isinstance(sale, Command)


def _noon():
    from fidelity.testing.strategies.events import NOON

    return NOON


def streams(journal):
    return journal.load("Café Aurora", journal.streams("Café Aurora"))


@slow
@given(histories(aurora(), max_size=10))
def test_a_history_told_at_once_comes_to_the_same_as_told_one_by_one(history):
    at_once, one_by_one = Loyalty(aurora()), Loyalty(aurora())

    at_once.execute(history, on_refusal="return")
    for each in history:
        one_by_one.execute([each], on_refusal="return")

    assert streams(at_once.journal) == streams(one_by_one.journal)


# --- What a journal keeps ---------------------------------------------------------------------------------------------


@given(entries())
def test_every_entry_comes_back_from_its_text(entry):
    assert isinstance(entry, Entry)
    assert from_plain(read_json(canonical(to_plain(entry)))) == entry


@pytest.mark.parametrize("kind", sorted({each.kind for each in _kinds()}))
def test_there_are_entries_of_each_kind(kind):
    found = find(entries(kind), lambda _: True, settings=quick)

    assert found.kind == kind
    assert from_plain(to_plain(found)) == found


def test_entries_of_a_kind_that_nobody_knows_are_refused():
    with pytest.raises(FidelityError, match='did you mean "earned"'):
        entries("erned")


@given(batches())
def test_batches_are_legal_in_their_order_and_their_links_are_a_chain(given_batches):
    journal = JournalInMemory()
    for each in given_batches:
        journal.append(each)

    for name in journal.streams("Café Aurora"):
        previous = genesis("Café Aurora", name)
        for line in journal.load("Café Aurora", [name])[name].lines:
            assert line.link == link(previous, line.body)
            previous = line.link
