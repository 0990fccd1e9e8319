"""Commands of hard times are whole or not there, wherever the store fails; whoever tries again counts once."""

from __future__ import annotations

from collections import Counter
from itertools import count

import pytest

import fidelity as fd
from fidelity import Care, Loyalty
from fidelity.errors import JournalError
from fidelity.journals import JournalInMemory, SqlJournal
from tests.care.shop import NOON, local, shop
from tests.care.test_dignity import STORY
from tests.loyalty.faults import Faulty, Plan

NUMBERS = count(1)
WRITES = [place for place, (method, _, _) in enumerate(STORY) if method != "advise"]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request, tmp_path):
    if request.param == "memory":
        yield JournalInMemory()
        return
    url = f"sqlite:///{tmp_path}/faults.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    made = SqlJournal(url)
    yield made
    made.close()


def program():
    """A program of its own for each fault."""
    told = shop().to_dict() | {"name": f"Esquina {next(NUMBERS)}"}
    return fd.Program.from_dict(told)


def opened(store, steps):
    """A program with Ana in it, after the first *steps* of her story."""
    made = program()
    loyalty = Loyalty(made, journal=store)
    loyalty.enroll("ana", now=NOON)
    care = Care(loyalty, salt=lambda: "salt")
    for method, words, named in STORY[:steps]:
        getattr(care, method)(*words, **named)
    return made, loyalty.members


def told(care, step):
    method, words, named = STORY[step]
    return getattr(care, method)(*words, **named)


def lines(store, name):
    """What stands in the streams of people: each stream with its entries, in the order of the streams' names."""
    names = [each for each in store.streams(name, limit=1_000) if each.startswith(("care/", "member/", "points/"))]
    return {each: tuple(store.load(name, [each])[each].entries) for each in names}


@pytest.mark.parametrize("step", WRITES, ids=[f"{place}-{STORY[place][0]}" for place in WRITES])
def test_a_command_of_hard_times_is_whole_or_not_there_wherever_the_store_fails(store, step):
    made, members = opened(store, step)
    plan, before = Plan(), lines(store, made.name)
    care = Care(Loyalty(made, journal=Faulty(store, plan), members=members), salt=lambda: "salt")
    first = told(care, step)
    after = lines(store, made.name)
    assert after != before
    landed = Counter()
    for place in range(len(plan.calls)):
        for when in ("before", "after"):
            again_made, members = opened(store, step)
            fault = Plan(place, when)
            hit = Care(Loyalty(again_made, journal=Faulty(store, fault), members=members), salt=lambda: "salt")
            if plan.calls[place] == "keep":
                told(hit, step)
            else:
                with pytest.raises(JournalError, match="disk is full"):
                    told(hit, step)
                # All of it, in both streams, or none of it.
                assert lines(store, again_made.name) == (after if fault.commits else before)
            landed[fault.hit] += 1
            care = Care(Loyalty(again_made, journal=store, members=members), salt=lambda: "salt")
            again = told(care, step)
            assert (again, again.repeated) == (first, bool(fault.commits))
            assert lines(store, again_made.name) == after
            assert care.loyalty.verify().sound
            books = care._known(local("12-01 12:00"), "ana").books["ana"]
            assert set(care.hard_times("ana", at=local("12-01 12:00")).protections) == set(books.protections)
    assert landed == Counter({call: 2 * calls for call, calls in Counter(plan.calls).items()})
    assert {"begin", "load", "find", "append", "commit"} <= set(landed)
