"""Every command about staff applies once under its key, and nothing that somebody said enters the journal."""

from datetime import date
from decimal import Decimal

import attrs
import pytest

from fidelity import Care, CarePolicy
from fidelity.care import staff
from fidelity.care.command import CareCommand
from fidelity.care.staff import (
    Appoint,
    Authority,
    Complain,
    ContestCard,
    Escalate,
    IssueCard,
    LetName,
    PassOn,
    PraiseEmployee,
    PublishAspects,
    Recognize,
    Relieve,
    Reopen,
    Resolve,
    SettleCard,
    StaffPolicy,
)
from fidelity.errors import IdempotencyConflict
from tests.care.shop import NOON, local

ROLES = [Authority("barista", escalates_to="lead"), Authority("lead", escalates_to="owner"), Authority("owner")]
POLICY = CarePolicy(staff=StaffPolicy(authorities=ROLES, point_worth="1 MXN"))
CANARY = "xq7canary"
Q1 = {"start": date(2026, 1, 6), "end": date(2026, 1, 31)}
LATER = local("02-02 12:00")

# One story: each line is a command, and what another under the same key would say.
STORY = [
    (Appoint(employee="beto", role="barista", key="a", now=NOON), {"role": "lead"}),
    (Complain(member="ana", code="cold soup", words=CANARY, key="c", now=NOON), {"code": "long wait", "words": ""}),
    (Escalate(member="ana", complaint="c", by="beto", key="e", now=NOON), {"by": "lucia"}),
    (PassOn(member="ana", complaint="c", key="p", now=LATER), {"complaint": "d"}),
    (
        Resolve(
            member="ana", complaint="c", by="beto", resolution="new soup", grants={"refund": "5 MXN"}, points=3,
            key="r", now=LATER,
        ),
        {"points": 4},
    ),
    (Reopen(member="ana", complaint="c", reason="cold again", words=CANARY, key="o", now=LATER), {"reason": "salt"}),
    (PublishAspects(aspects={"smiles": 2}, scale=(1, 5), key="s", now=NOON), {"aspects": {"smiles": 3}}),
    (IssueCard(employee="beto", scores={"smiles": "4.5"}, key="i", now=LATER, **Q1), {"scores": {"smiles": "4.6"}}),
    (ContestCard(employee="beto", card="i", aspect="smiles", words=CANARY, key="t", now=LATER), {"aspect": "other"}),
    (SettleCard(employee="beto", card="i", aspect="smiles", by="ines", score="5", key="u", now=LATER), {"score": "4"}),
    (PraiseEmployee(member="ana", employee="beto", words=CANARY, key="v", now=LATER), {"touchpoint": "bar"}),
    (LetName(employee="beto", agreed=True, key="n", now=LATER), {"agreed": False}),
    (Recognize(employee="beto", reason="smiles", public=True, key="w", now=LATER, **Q1), {"public": False}),
    (Relieve(employee="beto", key="x", now=LATER), {"employee": "eva"}),
]  # fmt: skip


@pytest.fixture
def care(loyalty):
    return Care(loyalty, POLICY)


def stored(care):
    return care.loyalty.journal.read("Esquina", limit=10_000)


def in_order(care):
    """The story, told in the order of time."""
    for command, other in sorted(STORY, key=lambda line: line[0].now):
        yield command, other, care.execute(command)


def test_each_applies_once_and_its_key_serves_nothing_else(care):
    for command, other, first in in_order(care):
        before = stored(care)
        again = care.execute(command)
        assert (first.repeated, again.repeated) == (False, True)
        assert again == first
        assert type(again) is type(first)
        with pytest.raises(IdempotencyConflict):
            care.execute(attrs.evolve(command, **other))
        assert stored(care) == before
    assert care.loyalty.balance("ana", at=LATER).available == 3
    assert care.score_cards("beto", viewer="beto", at=LATER)["i"].score == Decimal(5)
    assert care.loyalty.verify().sound


def test_no_command_is_left_out():
    exported = {getattr(staff, name) for name in staff.__all__}
    commands = {each for each in exported if isinstance(each, type) and issubclass(each, CareCommand)}
    assert {type(command) for command, _ in STORY} == commands


def test_words_stay_with_members_and_go_with_them(care):
    assert len(list(in_order(care))) == len(STORY)
    members = care.loyalty.members
    kept = {person: sorted(members.payloads(person)) for person in ("ana", "staff/beto")}
    assert kept == {"ana": ["complaint/c", "complaint/o", "praise/v"], "staff/beto": ["contest/t"]}
    for person in kept:
        members.erase(person)
        assert members.payloads(person) == {}
    assert not any(CANARY in repr(line) for line in stored(care))
    assert [len(each.digest) for each in care.complaints("ana", at=LATER).values()] == [64]
    assert care.loyalty.verify().sound
