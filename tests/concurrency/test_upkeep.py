"""Sweeps, checkpoints and proofs beside the work of others: each fact is written down once, and the chain holds."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from fidelity.commands import Record
from tests.loyalty.aurora import NOON, joined, sale

LONG_AGO = NOON - timedelta(days=500)


def old_customers(many):
    members = [f"m{n}" for n in range(many)]
    yield from joined(*members, now=LONG_AGO)
    for member in members:
        event = sale(f"old-{member}", "10.00 EUR", member=member, at=LONG_AGO)
        yield Record(event=event, now=LONG_AGO)


def test_sweeps_at_once_write_down_each_fact_once(crowd, database, loyalty, sound):
    """Ten points of each member have expired, and each had an anniversary that gave a hundred."""
    loyalty.execute(old_customers(40))

    answers = crowd.together(database, "settle", [{"now": NOON, "times": 2}] * 8)

    facts = sum((Counter(swept) for answer in answers for swept in answer), Counter())
    assert (facts["expired"], facts["anniversary"]) == (40, 40)
    accounts, _, keys = sound()
    assert {account.balance(NOON).available for account in accounts.values()} == {100}
    assert keys == 40 * 3
    assert not loyalty.settle(NOON).facts


def test_beside_sweeps_and_proofs_the_work_of_others_goes_on_and_nothing_is_counted_twice(
    crowd, database, loyalty, sound
):
    """What a sweep derives, a purchase of the same moment derives too."""
    members = [f"m{n}" for n in range(12)]
    loyalty.execute(old_customers(len(members)))

    jobs = []
    for n in range(8):
        buys = {f"{n}/{m}": ("record", [sale(f"{n}/{m}", "5.00 EUR", member=m)], {}) for m in members}
        gifts = {
            f"gift {n}/{m}": ("goodwill", [m], {"points": 1, "reason": "late", "key": f"{n}/{m}"}) for m in members
        }
        jobs.append([
            {"job": "settle", "now": NOON, "times": 3},
            {"job": "prove", "times": 3},
            {"job": "call", "calls": buys | gifts, "seed": n},
            {"job": "call", "calls": buys | gifts, "seed": n},
        ][n % 4])  # fmt: skip
    answers = crowd.together(database, "mixed", jobs)

    for found in answers[1::4]:
        assert [breaches for breaches, _ in found] == [()] * 3
        assert [sequence for _, sequence in found] == sorted(sequence for _, sequence in found)
    told = [each for answer in (*answers[2::4], *answers[3::4]) for each in answer.values()]
    assert {each for each in told if isinstance(each, str)} == set()
    accounts, heads, keys = sound()
    assert {account.balance(NOON).available for account in accounts.values()} == {100 + 4 * 5 + 4 * 1}
    assert keys == len(members) * (3 + 8)
    # A version, and a checkpoint for each proof.
    assert heads["program/Café Aurora"] == 1 + 6
