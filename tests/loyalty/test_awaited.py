"""`AsyncLoyalty` is `Loyalty`, awaited: the same names, the same arguments, the same books."""

from __future__ import annotations

import asyncio
import inspect
from datetime import date

import pytest

from fidelity.errors import JournalError, NotEnoughPoints, UnknownMember, ValueRefused
from fidelity.events import Feedback, Return
from fidelity.journals import AsyncSqlJournal, AsyncSqlMembers, JournalInMemory, SqlJournal
from fidelity.ledger.vouchers import voucher_code
from fidelity.loyalty import AsyncLoyalty, Loyalty
from fidelity.members import Member
from fidelity.prospects import Prospect
from fidelity.rules.earning.amounts import points
from fidelity.rules.earning.campaigns import Campaign
from fidelity.rules.earning.referrals import ReferralProgram
from fidelity.rules.earning.rules import EarnRule
from fidelity.rules.rewards.reward import Reward
from tests.loyalty.aurora import DAY, NOON, aurora, bought, joined, sale


def faces(kind):
    return {name: each for name, each in inspect.getmembers(kind, callable) if not name.startswith("_")}


def test_both_have_the_same_methods():
    assert set(faces(Loyalty)) == set(faces(AsyncLoyalty))


@pytest.mark.parametrize("name", sorted(faces(Loyalty)))
def test_each_method_takes_the_same_and_gives_the_same(name):
    one, other = faces(Loyalty)[name], faces(AsyncLoyalty)[name]
    mine, theirs = inspect.signature(one), inspect.signature(other)

    assert list(mine.parameters.values()) == list(theirs.parameters.values())
    gives = (
        mine.return_annotation.replace("Iterator", "AsyncIterator") if name == "accounts" else mine.return_annotation
    )
    assert theirs.return_annotation == ("AsyncLoyalty" if name == "joined" else gives)
    awaited = inspect.iscoroutinefunction(other) or inspect.isasyncgenfunction(other)
    assert awaited == (name != "joined")
    assert other.__doc__.startswith(f"As `Loyalty.{name}`")


@pytest.fixture(params=["sqlite", "postgresql"])
def awaited_database(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/cafe.db"
    return request.getfixturevalue("postgres_url")


def awaiting(database, work, **more):
    """What *work* comes to, given a desk on *database*."""

    async def whole():
        journal = AsyncSqlJournal(database)
        try:
            return await work(AsyncLoyalty(aurora(**more), journal))
        finally:
            await journal.close()

    return asyncio.run(whole())


TEA = voucher_code("ana", "redemption/v1")

# One story, told to either desk: each line is a method and its arguments; {n} stands for the id of the n-th receipt.
STORY = [
    ("enroll", ("ana",), {"customer_since": date(2019, 5, 2), "now": NOON}),
    ("enroll", ("eva",), {"now": NOON}),
    ("enroll", ("old",), {"now": NOON}),
    ("record", (sale("T-1", "600 EUR"),), {"now": NOON}),
    ("record", (sale("T-2", "80 EUR", member="old"),), {"now": NOON}),
    ("record", (Feedback("F-1", member="ana", at=NOON),), {"now": NOON}),
    ("redeem", ("ana", "free coffee"), {"key": "k1", "now": NOON}),
    ("redeem", ("ana", "tea"), {"key": "v1", "now": NOON}),
    ("use", (TEA,), {"member": "ana", "key": "v2", "now": NOON}),
    ("undo", ("use/v2",), {"key": "v3", "now": NOON}),
    ("undo", ("redemption/k1",), {"key": "u1", "points": 20, "now": NOON}),
    ("hold", ("ana",), {"points": 30, "key": "h1", "now": NOON}),
    ("capture", ("hold/h1",), {"points": 10, "key": "c1", "now": NOON}),
    ("hold", ("ana",), {"points": 30, "key": "h2", "now": NOON}),
    ("release", ("hold/h2",), {"key": "r1", "now": NOON}),
    ("transfer", ("ana",), {"to": "eva", "points": 50, "key": "t1", "now": NOON}),
    ("merge", ("old",), {"into": "eva", "key": "m1", "now": NOON}),
    ("record", (Return("R-2", purchase="T-2", at=NOON),), {"now": NOON}),
    ("join_household", ("ana", "smiths"), {"key": "j1", "now": NOON}),
    ("join_household", ("eva", "smiths"), {"key": "j2", "now": NOON}),
    ("redeem", ("eva", "five euros off"), {"key": "k2", "pooled": True, "now": NOON}),
    ("leave_household", ("eva",), {"key": "l1", "now": NOON}),
    ("goodwill", ("eva",), {"points": 40, "reason": "late", "key": "g1", "now": NOON}),
    ("credit_tier", ("eva",), {"points": 40, "reason": "late", "key": "ct1", "now": NOON}),
    ("match_status", ("eva",), {"tier": "Gold", "until": NOON + 9 * DAY, "reason": "met", "key": "ms1", "now": NOON}),
    ("extend", ("eva",), {"until": date(2028, 1, 1), "reason": "kind", "key": "x1", "now": NOON}),
    ("record", (Return("R-1", purchase="T-1", at=NOON),), {"now": NOON}),
    ("forgive", ("ana",), {"reason": "kind", "points": 5, "key": "f1", "now": NOON}),
    ("rerate", ("ana", "feedback/F-1"), {"key": "a1", "now": NOON}),
    ("refer", ("ana",), {"key": "bring", "now": NOON}),
    ("enroll", ("leo",), {"referred_by": "invitation/bring", "now": NOON}),
    ("record", (sale("T-9", "40 EUR", member="leo"),), {"now": NOON}),
    ("refer", ("ana",), {"key": "doubted", "now": NOON}),
    ("withhold_referral", ("invitation/doubted",), {"reason": "same person", "key": "wh", "now": NOON}),
    ("referral_doubts", ("leo",), {"same_as": "ana", "at": NOON}),
    ("referrals", (), {"at": NOON}),
    ("keep_prospect", (Prospect("p-1", source="fair", name="Ivo", consent={"contact": date(2026, 1, 2)}),), {}),
    ("enroll", ("ivo",), {"prospect": "p-1", "now": NOON}),
    ("prospect", ("ivo",), {}),
    ("suspend", ("autumn",), {"reason": "wrong price", "key": "s1", "now": NOON}),
    ("resume", ("autumn",), {"key": "s2", "now": NOON + DAY}),
    ("restock", ("mug", 3), {"key": "s3", "now": NOON}),
    ("freeze", ("ana",), {"reason": "check", "key": "z1", "now": NOON}),
    ("unfreeze", ("ana",), {"key": "z2", "now": NOON + DAY}),
    ("protect", ("ana",), {"cause": "payment/P-1", "key": "p1", "now": NOON + DAY}),
    ("end_protection", ("ana", "protection/p1"), {"key": "p2", "now": NOON + 2 * DAY}),
    ("execute", ([bought("T-3", "10 EUR", member="eva", at=NOON + 2 * DAY)],), {}),
    ("reinstate", ("eva",), {"reason": "kind", "key": "i1", "points": 10, "now": NOON + 750 * DAY}),
    ("close", ("eva",), {"reason": "asked", "key": "c9", "now": NOON + 751 * DAY}),
    ("settle", (NOON + 752 * DAY,), {}),
    ("checkpoint", (NOON + 752 * DAY,), {}),
    ("billing", (), {"until": NOON + 752 * DAY}),
    ("verify", (), {}),
    ("balance", ("ana",), {"at": NOON + 3 * DAY}),
    ("status", ("ana",), {"at": NOON + 3 * DAY}),
    ("quote", ("ana", "free coffee"), {"at": NOON + 3 * DAY}),
    ("statement", ("ana",), {"at": NOON + 752 * DAY, "language": "es"}),
    ("account", ("ana",), {"at": NOON + 3 * DAY}),
    ("offers", ("ana",), {"at": NOON + 3 * DAY}),
    ("friction", (), {"at": NOON + 3 * DAY, "rewards": ["free coffee", "tasting"]}),
    ("vouchers", ("ana",), {"at": NOON + 3 * DAY}),
    ("household", ("smiths",), {}),
    ("referral_findings", (), {"at": NOON + 3 * DAY}),
    ("campaign", ("autumn",), {"at": NOON + 3 * DAY}),
    ("stock", ("mug",), {"at": NOON + 3 * DAY}),
    ("allowances", ("ana",), {"at": NOON + 3 * DAY}),
    ("most_valuable", (), {"by": "value", "at": NOON + 3 * DAY}),
    ("export", ("ana",), {"at": NOON + 3 * DAY}),
    ("erase", ("ana",), {}),
]


#: What the story needs beside the café: something that all members share.
SHARED = {
    "earn": [
        *aurora().earn,
        EarnRule("thanks", points(9), on="referral"),
        Campaign("autumn", [EarnRule("on top", points(1))], budget="9 times"),
    ],
    "rewards": [*aurora().rewards, Reward("mug", cost=10, stock=2), Reward("tea", cost=10, voucher="never")],
    "referrals": ReferralProgram(),
}


def test_the_story_asks_every_method():
    assert {name for name, _, _ in STORY} == set(faces(Loyalty)) - {"accounts", "joined"}


def test_both_come_to_the_same(awaited_database):
    """Every answer of the story, and every line that it leaves behind."""
    plain = Loyalty(aurora(**SHARED), JournalInMemory())
    expected = [getattr(plain, name)(*given, **more) for name, given, more in STORY]
    accounts = list(plain.accounts(at=NOON + 3 * DAY))

    async def work(desk):
        answers = [await getattr(desk, name)(*given, **more) for name, given, more in STORY]
        return answers, [each async for each in desk.accounts(at=NOON + 3 * DAY)], await desk.journal.read(limit=1000)

    answers, others, recorded = awaiting(awaited_database, work, **SHARED)

    for (name, _, _), mine, theirs in zip(STORY, expected, answers, strict=True):
        assert (str(theirs) if name in ("statement", "quote", "offers") else theirs) == (
            str(mine) if name in ("statement", "quote", "offers") else mine
        ), name
    assert others == accounts
    assert recorded == plain.journal.read(limit=1000)


def test_refusals_and_retries_are_the_same(awaited_database):
    async def work(desk):
        await desk.execute([*joined("ana"), bought("T-1", "50 EUR")])
        with pytest.raises(NotEnoughPoints) as caught:
            await desk.redeem("ana", "free coffee", key="k", now=NOON)
        with pytest.raises(UnknownMember):
            await desk.balance("nobody", at=NOON)
        with pytest.raises(ValueRefused):
            await desk.execute("no command", on_refusal="shrug")
        again = await desk.record(sale("T-1", "50 EUR"), now=NOON)
        return caught.value.missing, again.repeated

    assert awaiting(awaited_database, work) == (70, True)


def test_tasks_never_spend_a_point_twice(awaited_database):
    async def spend(desk, name):
        spent = 0
        for n in range(20):
            try:
                await desk.hold("ana", points=7, key=f"{name}/{n}", now=NOON)
                spent += 1
            except NotEnoughPoints:
                continue
        return spent

    async def work(desk):
        await desk.execute([*joined("ana"), bought("T-1", "300 EUR")])
        other = AsyncLoyalty(aurora(), desk.journal)
        spent = await asyncio.gather(*(spend(each, f"{n}") for n, each in enumerate((desk, other, desk, other))))
        return sum(spent), (await desk.balance("ana", at=NOON)).available

    assert awaiting(awaited_database, work) == (42, 300 - 42 * 7)


def test_what_is_known_of_people_may_be_awaited_too(tmp_path):
    async def whole():
        journal = AsyncSqlJournal(f"sqlite+aiosqlite:///{tmp_path}/cafe.db")
        members = AsyncSqlMembers(f"sqlite+aiosqlite:///{tmp_path}/people.db")
        desk = AsyncLoyalty(aurora(), journal, members=members)
        await desk.enroll("ana", now=NOON)
        await members.save(Member("ana", name="Ana López"))
        before = await desk.export("ana", at=NOON)
        await desk.erase("ana")
        after = await desk.export("ana", at=NOON)
        await journal.close()
        await members.close()
        return "Ana López" in before, "Ana López" in after

    assert asyncio.run(whole()) == (True, False)


def test_a_journal_that_waits_is_no_journal_to_await(tmp_path):
    """The other way round it says so, before anything is written."""
    with pytest.raises(ValueRefused, match="AsyncSqlJournal"):
        AsyncLoyalty(aurora(), SqlJournal(f"sqlite:///{tmp_path}/cafe.db"))
    with pytest.raises(ValueRefused, match="AsyncLoyalty"):
        Loyalty(aurora(), AsyncSqlJournal(f"sqlite+aiosqlite:///{tmp_path}/cafe.db"))


def test_a_journal_in_memory_cannot_join():
    with pytest.raises(JournalError, match="cannot join"):
        Loyalty(aurora()).joined(object())
