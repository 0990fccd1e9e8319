"""What the processes of a crowd do: each is given an open journal and gives back what it saw, as plain data."""

from __future__ import annotations

import random
import threading

from fidelity.errors import Refused
from fidelity.events import Purchase
from fidelity.ledger.receipts import to_plain
from fidelity.loyalty import Loyalty
from fidelity.rules.earning.amounts import points
from fidelity.rules.earning.campaigns import Campaign
from fidelity.rules.earning.referrals import ReferralProgram
from fidelity.rules.earning.rules import EarnRule
from fidelity.rules.program import Program
from fidelity.rules.rewards.reward import Reward
from tests.loyalty.aurora import NOON, aurora

SUGAR = Reward("sugar", cost=7)


def cafe(version="2026-01", **changed):
    """The café, which also has a reward of seven points."""
    return aurora(version, **({"rewards": [SUGAR]} | changed))


def answered(ask, *words, **named):
    """The receipt as plain data, or the code of the refusal."""
    try:
        receipt = ask(*words, now=NOON, **named)
    except Refused as refusal:
        return refusal.code
    return to_plain(receipt) | {"repeated": receipt.repeated}


def spend(journal, *, name, times, what):
    """Seven points of ana at a time."""
    desk = Loyalty(cafe(), journal=journal)
    if what == "hold":
        return [answered(desk.hold, "ana", points=7, key=f"{name}/{n}") for n in range(times)]
    return [answered(desk.redeem, "ana", "sugar", key=f"{name}/{n}") for n in range(times)]


def give(journal, *, gifts):
    """Gifts of (giver, taker, points, key), each in a thread of its own, all of them through one desk."""
    desk = Loyalty(cafe(), journal=journal)
    start, answers, failures = threading.Barrier(len(gifts)), {}, []

    def hand_over(giver, taker, points, key):
        start.wait()
        try:
            answers[key] = answered(desk.transfer, giver, to=taker, points=points, key=key)
        except Exception as failure:  # noqa: BLE001  # told to the test
            failures.append(failure)

    threads = [threading.Thread(target=hand_over, args=gift) for gift in gifts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return answers


def call(journal, *, calls, seed=None, version="2026-01", changed=None):
    """The answers to *calls*: ``{name: (method, words, named)}``, shuffled by *seed*."""
    desk = Loyalty(cafe(version, **(changed or {})), journal=journal)
    names = list(calls)
    if seed is not None:
        random.Random(seed).shuffle(names)  # noqa: S311  (a seeded order is no secret)
    answers = {}
    for name in names:
        method, words, named = calls[name]
        answers[name] = answered(getattr(desk, method), *words, **named)
    return answers


def settle(journal, *, now, times):
    """How often each thing was written down by *times* sweeps."""
    desk = Loyalty(cafe(), journal=journal)
    return [dict(desk.settle(now).facts) for _ in range(times)]


def prove(journal, *, times):
    """Whether the journal was sound each time somebody looked, while others were writing; and the checkpoints made."""
    desk = Loyalty(cafe(), journal=journal)
    found = []
    for _ in range(times):
        kept = desk.checkpoint(NOON)
        found.append((desk.verify(kept).breaches, kept.sequence))
    return found


def mixed(journal, *, job, **given):
    """One of these."""
    return {"settle": settle, "prove": prove, "call": call}[job](journal, **given)


def autumn(budget):
    """A shop whose campaign gives ten points a purchase, and whose mugs are few."""
    extra = EarnRule("extra", points(10))
    return Program(
        "Shop", version="1", currency="EUR", timezone="UTC",
        earn=[EarnRule("base", points(1, per="1 EUR")), Campaign("autumn", [extra], budget=budget)],
        rewards=[Reward("mug", cost=1, stock=20)],
    )  # fmt: skip


def draw(journal, *, name, budget, times, threads):
    """What each of *times* purchases got out of the campaign, in several threads of one desk."""
    desk, answers, failures = Loyalty(autumn(budget), journal=journal), [], []

    def buy(thread):
        try:
            for n in range(times):
                event = Purchase(f"{name}/{thread}/{n}", member=f"m{(thread + n) % 4}", amount="1 EUR", at=NOON)
                answers.append(desk.record(event, now=NOON).points - 1)
        except Exception as failure:  # noqa: BLE001  # told to the test
            failures.append(failure)

    crew = [threading.Thread(target=buy, args=(thread,)) for thread in range(threads)]
    for each in crew:
        each.start()
    for each in crew:
        each.join()
    if failures:
        raise failures[0]
    return answers


def grab(journal, *, name, times):
    """Mugs, redeemed and set aside by turns; each second hold is released again."""
    desk, answers = Loyalty(autumn("1 time"), journal=journal), []
    for n in range(times):
        if n % 2:
            answers.append(answered(desk.redeem, "m0", "mug", key=f"{name}/{n}"))
            continue
        answers.append(answered(desk.hold, "m1", reward="mug", key=f"{name}/{n}"))
        if n % 4 == 0 and isinstance(answers[-1], dict):
            answered(desk.release, answers[-1]["id"], key=f"{name}/{n}/back")
            answers[-1] = "given back"
    return answers


def bringing():
    """A shop that thanks whoever brings a friend."""
    thanks, welcome = EarnRule("thanks", points(500), on="referral"), EarnRule("welcome", points(200), on="referred")
    earn = [EarnRule("base", points(1, per="1 EUR")), thanks, welcome]
    terms = ReferralProgram(at_least="20 EUR")
    return Program("Shop", version="1", currency="EUR", timezone="UTC", earn=earn, referrals=terms)


def shop_around(journal, *, name, friends):
    """Each friend buys, while others of their purchases and gifts between them are under way."""
    desk, answers = Loyalty(bringing(), journal=journal), []
    for friend in friends:
        event = Purchase(f"{name}/{friend}", member=friend, amount="20 EUR", at=NOON)
        answers.append(answered(desk.record, event))
        answers.append(answered(desk.transfer, friend, to="ana", points=1, key=f"{name}/{friend}"))
        answers.append(answered(desk.transfer, "ana", to=friend, points=1, key=f"back/{name}/{friend}"))
    return answers
