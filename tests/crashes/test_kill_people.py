"""A clerk is killed with SIGKILL amid promises, claims, requests, consents, joining and merging, on each database.

Amends are given with the promise that was broken, points with the claim that was accepted, and whoever joins or is
merged is remembered under both ids or under neither: all of it, or nothing.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from functools import partial
from itertools import cycle, islice

from fidelity.care import CareCommand, CarePolicy
from fidelity.care.command import care_stream
from fidelity.care.people import GiveConsent, JoinProspect, MeetProspect, NoticeNeed, WithdrawConsent
from fidelity.care.promises import BreakPromise, KeepPromise, StatePromise
from fidelity.care.trust import (
    AnswerRequest,
    AskFor,
    ClaimOnWord,
    ReportFinding,
    RequestBudget,
    SettleClaim,
    SettleFinding,
    TrustPolicy,
)
from fidelity.care_desk import Care
from fidelity.commands import Enroll, Goodwill, Merge
from fidelity.entries import AccountAbsorbed, AccountMerged, GoodwillGiven
from fidelity.entries.care import (
    ClaimAccepted,
    ClaimReferred,
    ClaimSettled,
    PromiseBroken,
    PromiseStated,
    ProspectCame,
    ProspectJoined,
)
from fidelity.loyalty import Loyalty
from tests.concurrency.jobs import cafe
from tests.loyalty.aurora import NOON

PROGRAM = "Café Aurora"
#: Promises are broken to some, and others are asked: nobody is asked whose promise is broken.
PROMISED, ASKED = ("ana", "eva"), ("ivo", "leo")
KILLS = 20
AIMS = ("load", "", "append", "", "commit", "", "append", "after", "commit", "find")
POLICY = CarePolicy(
    trust=TrustPolicy(word="5 EUR", most=100_000), requests=RequestBudget(most=100_000, quiet_days=0, after_no_days=0)
)
AT_ONCE = timedelta(0)


def promised(key, told, later, turns, *, kept):
    member, due = turns.choice(PROMISED), told["now"] + timedelta(seconds=10)
    yield StatePromise(
        member=member, code="call back", due=due, late=AT_ONCE, amends=turns.randint(1, 99), key=f"P-{key}", **told
    )
    if kept:
        yield KeepPromise(member=member, promise=f"P-{key}", at=told["now"], key=f"K-{key}", **later)
    else:
        yield BreakPromise(member=member, promise=f"P-{key}", key=f"B-{key}", **later)


def claimed(key, told, later, turns, *, worth):
    member, points = turns.choice(ASKED), turns.randint(1, 99)
    yield ClaimOnWord(member=member, code="lost receipt", points=points, worth=worth, key=f"W-{key}", **told)
    if worth != "5 EUR":
        yield SettleClaim(member=member, claim=f"W-{key}", outcome="accepted", by="rosa", key=f"S-{key}", **later)


def asked(key, told, later, turns):
    member = turns.choice(ASKED)
    yield AskFor(member=member, about="survey", key=f"Q-{key}", **told)
    yield AnswerRequest(member=member, request=f"Q-{key}", answer="given", key=f"A-{key}", **later)


def doubted(key, told, later, _):
    yield ReportFinding(member="ivo", code="two phones", key=f"F-{key}", **told)
    yield SettleFinding(member="ivo", finding=f"F-{key}", outcome="cleared", by="rosa", key=f"L-{key}", **later)


def agreed(key, told, later, turns):
    consent = {"member": turns.choice(PROMISED), "purpose": f"offers-{key}"}
    yield GiveConsent(**consent, key=f"C-{key}", **told)
    yield WithdrawConsent(**consent, key=f"D-{key}", **later)


def joins(key, told, later, _):
    who = f"x-{key}"
    yield MeetProspect(prospect=who, source="fair", key=f"M-{key}", **told)
    yield GiveConsent(member=who, purpose="information", key=f"G-{key}", **told)
    yield NoticeNeed(member=who, code="step free", purposes=("information",), key=f"N-{key}", **told)
    yield JoinProspect(prospect=who, member="leo", key=f"J-{key}", **later)


def merged(key, told, later, _):
    who = f"m-{key}"
    yield Enroll(member=who, **told)
    yield Goodwill(member=who, points=7, reason="welcome", key=f"Y-{key}", **told)
    yield GiveConsent(member=who, purpose=f"service-{key}", key=f"T-{key}", **told)
    yield Merge(member=who, into="eva", key=f"Z-{key}", **later)


KINDS = [
    joins, partial(promised, kept=False), partial(claimed, worth="5 EUR"), merged, partial(claimed, worth="6 EUR"), asked,
    partial(promised, kept=True), doubted, agreed,
]  # fmt: skip


def workload(seed, many):
    """What is told of people, none of which is ever refused; whatever it begins, it has begun itself."""
    turns, now = random.Random(seed), NOON + seed * timedelta(hours=6)  # noqa: S311  (a seeded day is no secret)
    commands = []
    # Each turn begins with another kind, so that each is among those that are struck.
    for kind in islice(cycle(KINDS), seed % len(KINDS), None):
        if len(commands) >= many:
            return commands[:many]
        now += timedelta(seconds=30)
        commands += kind(f"{seed}-{len(commands)}", {"now": now}, {"now": now + timedelta(seconds=20)}, turns)
    return commands


def key_of(command):
    return command.key if isinstance(command, Enroll) else f"key/{command.key}"


def told_to(care, command):
    return care.execute(command) if isinstance(command, CareCommand) else care.loyalty.execute([command])[0]


def test_a_clerk_who_is_killed_amid_what_people_are_owed_leaves_it_whole(nursery, database, journal, record_property):
    desk = Loyalty(cafe(tiers=None), journal=journal)
    desk.execute([Enroll(member=member, now=NOON) for member in (*PROMISED, *ASKED)])
    phases, told, kinds, turn = Counter(), Counter(), Counter(), 0
    while phases.total() < KILLS:
        turn += 1
        commands = workload(turn, 40)
        end = nursery.killed(database, turn, commands, AIMS[turn % len(AIMS)], POLICY)
        phases[end["phase"]] += end["killed"]
        assert turn <= 2 * KILLS
        assert [outcome for _, outcome in end["acknowledged"]] == ["done"] * len(end["acknowledged"])

        # Nothing acknowledged is lost.
        acknowledged = commands[: len(end["acknowledged"])]
        keys = list(map(key_of, acknowledged))
        assert set(journal.find(PROGRAM, keys)) == set(keys)

        # What nobody knows the end of is tried again, by somebody else: it happens once.
        care = Care(Loyalty(cafe(tiers=None), journal=journal), POLICY)
        unknown = commands[len(acknowledged) : end["began"]]
        assert len(unknown) <= 1
        for command in unknown:
            first, again = told_to(care, command), told_to(care, command)
            assert again.repeated
            assert first == again
            told["written, not acknowledged" if first.repeated else "not written"] += 1
        kinds.update(type(each).__name__ for each in (*acknowledged, *unknown))
        assert not journal.find(PROGRAM, list(map(key_of, commands[end["began"] :])))
        the_books_agree(care, commands[: end["began"]])

    assert desk.verify().breaches == ()
    landed = KILLS - phases["between"]
    record_property("kills", dict(phases))
    record_property("tried again", dict(told))
    print(f"{KILLS} kills, {landed} inside of a command: {dict(phases)}; of these {dict(told)}; {dict(kinds)}")  # noqa: T201
    assert landed >= 0.8 * KILLS
    assert {"BreakPromise", "ClaimOnWord", "AskFor", "WithdrawConsent", "JoinProspect", "Merge"} <= kinds.keys()


def the_books_agree(care, commands):
    """What was promised, claimed and joined is the same in every stream that tells of it."""
    journal = care.loyalty.journal

    def entries(name):
        return journal.load(PROGRAM, [name])[name].entries

    for member in (*PROMISED, *ASKED):
        here, given = entries(care_stream(member)), Counter()
        amends = {each.promise: each.amends_points for each in here if isinstance(each, PromiseStated)}
        broken = {f"amends/{each.promise}": amends[each.promise] for each in here if isinstance(each, PromiseBroken)}
        worth = {each.claim: each.points for each in here if isinstance(each, ClaimAccepted | ClaimReferred)}
        taken = [each.claim for each in here if isinstance(each, ClaimAccepted | ClaimSettled)]
        claimed = {f"claim/{claim}": worth[claim] for claim in taken}
        for each in entries(f"points/{member}"):
            if isinstance(each, GoodwillGiven):
                given[each.origin.removeprefix("goodwill/")] += each.points
        assert {name: points for name, points in given.items() if "/" in name} == {**broken, **claimed}

    came = {each.prospect for each in entries(care_stream("leo")) if isinstance(each, ProspectCame)}
    for command in commands:
        if isinstance(command, JoinProspect):
            joined = any(isinstance(each, ProspectJoined) for each in entries(care_stream(command.prospect)))
            assert joined == (command.prospect in came)
            assert command.prospect in came
            assert f"N-{command.key.removeprefix('J-')}" in care.needs("leo", at=command.now)
        if isinstance(command, Merge):
            left = [each.into for each in entries(f"points/{command.member}") if isinstance(each, AccountMerged)]
            took = [each.old for each in entries("points/eva") if isinstance(each, AccountAbsorbed)]
            assert left == ["eva"]
            assert took.count(command.member) == 1
            purpose = f"service-{command.key.removeprefix('Z-')}"
            assert care.consents("eva", at=command.now).to(purpose, command.now)
