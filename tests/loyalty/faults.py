"""A journal that fails at one call, before or after it did its work, and a scene for each thing that can be asked."""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta

from attrs import define, field

from fidelity import (
    Campaign,
    Claims,
    EarnRule,
    Payment,
    Program,
    ReferralProgram,
    Reward,
    Tier,
    TierSet,
    Wallet,
    points,
    purchase,
)
from fidelity.commands import (
    Capture,
    Close,
    EndProtection,
    Enroll,
    Extend,
    Forgive,
    Freeze,
    Goodwill,
    Hold,
    JoinHousehold,
    LeaveHousehold,
    Merge,
    Protect,
    Record,
    Redeem,
    Reinstate,
    Release,
    Rerate,
    Transfer,
    Undo,
    Unfreeze,
    Use,
)
from fidelity.commands_of_all import Refer, Restock, Resume, Suspend, WithholdReferral
from fidelity.commands_of_status import CreditTier, MatchStatus
from fidelity.errors import JournalError
from fidelity.events import Confirmation, Purchase, Return
from tests.loyalty.aurora import DAY, NOON, bought, joined

CALLS = ("begin", "commit", "find", "load", "append", "read", "streams", "resume", "keep")


def shop(name):
    """A small program, so that each fault can have one of its own."""
    return Program(
        name,
        version="1",
        currency="EUR",
        timezone="Europe/Madrid",
        earn=[
            EarnRule("base", points(1, per="1 EUR")),
            EarnRule("anniversary", points(100), on="anniversary"),
            EarnRule("thanks", points(5), on="referral"),
            EarnRule("welcome", points(3), on="referred"),
            Campaign("open days", [EarnRule("two more", points(2), when=purchase.channel == "app")], budget="3 times"),
        ],
        rewards=[
            Reward("tea", cost=10, voucher="30 days"),
            Reward("sugar", cost=7),
            Reward("mug", cost=20, stock=3),
            Payment("at the till", points=10, worth="1 EUR", blocks=10),
        ],
        wallets=[Wallet("stamps", pending="until confirmed")],
        tiers=TierSet([Tier("Guest"), Tier("Friend", at=5_000)], counts="points earned", over="12 months"),
        referrals=ReferralProgram(),
        claims=[Claims("12 months")],
        expiry="12 months",
    )


@define
class Plan:
    """At which call the journal fails; and what it was asked."""

    at: int = -1
    when: str = ""
    error: BaseException = field(factory=lambda: JournalError("the disk is full"))
    calls: list[str] = field(factory=list)
    hit: str = ""
    commits: int = 0
    committed: object = None

    def before(self, name):
        self.calls.append(name)
        self._fail(len(self.calls) - 1, "before")
        return len(self.calls) - 1

    def after(self, place):
        if self.calls[place] == "commit":
            self.commits += 1
            if self.committed is not None:
                self.committed()
        self._fail(place, "after")

    def _fail(self, place, when):
        if (place, when) == (self.at, self.when):
            self.hit = self.calls[place]
            raise self.error


class Faulty:
    """The *journal*, which fails as *plan* says."""

    def __init__(self, journal, plan):
        self._journal, self._plan = journal, plan

    def _ask(self, name, *words, **named):
        place = self._plan.before(name)
        answer = getattr(self._journal, name)(*words, **named)
        self._plan.after(place)
        return answer

    def load(self, *words, **named):
        return self._ask("load", *words, **named)

    def append(self, batch):
        return self._ask("append", batch)

    def find(self, *words):
        return self._ask("find", *words)

    def read(self, *words, **named):
        return self._ask("read", *words, **named)

    def streams(self, *words, **named):
        return self._ask("streams", *words, **named)

    def snapshot(self, *words):
        return self._ask("snapshot", *words)

    def resume(self, *words, **named):
        return self._ask("resume", *words, **named)

    def keep(self, *words):
        return self._ask("keep", *words)

    @contextmanager
    def transaction(self):
        begin = self._plan.before("begin")
        with self._journal.transaction():
            self._plan.after(begin)
            yield
            commit = self._plan.before("commit")
        self._plan.after(commit)


class AsyncFaulty:
    """The same, awaited."""

    def __init__(self, journal, plan):
        self._journal, self._plan = journal, plan

    async def _ask(self, name, *words, **named):
        place = self._plan.before(name)
        answer = await getattr(self._journal, name)(*words, **named)
        self._plan.after(place)
        return answer

    async def load(self, *words, **named):
        return await self._ask("load", *words, **named)

    async def append(self, batch):
        return await self._ask("append", batch)

    async def find(self, *words):
        return await self._ask("find", *words)

    async def read(self, *words, **named):
        return await self._ask("read", *words, **named)

    async def streams(self, *words, **named):
        return await self._ask("streams", *words, **named)

    async def snapshot(self, *words):
        return await self._ask("snapshot", *words)

    async def resume(self, *words, **named):
        return await self._ask("resume", *words, **named)

    async def keep(self, *words):
        return await self._ask("keep", *words)

    @asynccontextmanager
    async def transaction(self):
        begin = self._plan.before("begin")
        async with self._journal.transaction():
            self._plan.after(begin)
            yield
            commit = self._plan.before("commit")
        self._plan.after(commit)


class Awaited:
    """A journal in memory that is awaited."""

    def __init__(self, journal):
        self._journal = journal

    def __getattr__(self, name):
        asked = getattr(self._journal, name)

        async def answered(*words, **named):
            return asked(*words, **named)

        return answered

    async def snapshot(self, *words):
        return self._journal.snapshot(*words)

    async def keep(self, *words):
        return self._journal.keep(*words)

    @asynccontextmanager
    async def transaction(self):
        with self._journal.transaction():
            yield


# ── Scenes: what stands in the books before, and what is asked then ───────────────────────────────────────────────

LATER = NOON + timedelta(days=500)


def _back(amount, now=NOON):
    return Record(event=Return("R-1", purchase="T-1", member="ana", amount=amount, at=now), now=now)


def _in_the_app(name):
    return Record(event=Purchase(name, member="ana", amount="9 EUR", channel="app", at=NOON), now=NOON)


def _home(member):
    return JoinHousehold(member=member, household="h", key=member, now=NOON)


#: For each scene, what happened before and what is asked. Two members have a hundred points each, or there is nobody.
SCENES = {
    "the first command of all": (None, [*joined("ana"), bought("T-1", "100.00 EUR")]),
    "enroll": ([], [Enroll(member="ivo", now=NOON)]),
    "record": ([], [bought("T-2", "10.00 EUR")]),
    "record after an anniversary": ([], [bought("T-2", "10.00 EUR", at=NOON + 400 * DAY)]),
    "return": ([], [_back("10.00 EUR")]),
    "redeem": ([], [Redeem(member="ana", reward="sugar", key="k", now=NOON)]),
    "redeem together": (
        [_home("ana"), _home("eva"), Redeem(member="ana", reward="sugar", key="first", now=NOON)],
        [Redeem(member="ana", reward="sugar", key="k", pooled=True, now=NOON)],
    ),
    "hold": ([], [Hold(member="ana", points=30, key="k", now=NOON)]),
    "capture": ([Hold(member="ana", points=30, key="h", now=NOON)], [Capture(hold="hold/h", key="k", now=NOON)]),
    "release": ([Hold(member="ana", points=30, key="h", now=NOON)], [Release(hold="hold/h", key="k", now=NOON)]),
    "use": (
        [Redeem(member="ana", reward="tea", key="r", now=NOON)],
        [Use(member="ana", voucher="redemption/r", key="k", now=NOON)],
    ),
    "undo the use of a voucher": (
        [
            Redeem(member="ana", reward="tea", key="r", now=NOON),
            Use(member="ana", voucher="redemption/r", key="u", now=NOON),
        ],
        [Undo(redemption="use/u", key="k", now=NOON)],
    ),
    "pay a part": (
        [],
        [Redeem(member="ana", reward="at the till", key="k", fields={"basket": "5 EUR"}, purchase="T-1", now=NOON)],
    ),
    "return what points paid": (
        [Redeem(member="ana", reward="tea", key="r", purchase="T-1", now=NOON)],
        [_back("100.00 EUR")],
    ),
    "redeem of a stock": ([], [Redeem(member="ana", reward="mug", quantity=2, key="k", now=NOON)]),
    "capture of a stock": (
        [Hold(member="ana", reward="mug", key="h", now=NOON)],
        [Capture(hold="hold/h", key="k", now=NOON)],
    ),
    "restock": ([], [Restock(reward="mug", count=5, key="k", now=NOON)]),
    "record in a campaign": ([], [_in_the_app("T-2")]),
    "suspend": ([], [Suspend(campaign="open days", reason="wrong price", key="k", now=NOON)]),
    "resume": (
        [Suspend(campaign="open days", reason="wrong price", key="s", now=NOON)],
        [Resume(campaign="open days", key="k", now=NOON)],
    ),
    "refer": ([], [Refer(member="ana", key="k", now=NOON)]),
    "withhold a referral": (
        [Refer(member="ana", key="i", now=NOON)],
        [WithholdReferral(invitation="invitation/i", reason="same person", key="k", now=NOON)],
    ),
    "enroll a friend": (
        [Refer(member="ana", key="i", now=NOON)],
        [Enroll(member="ivo", referred_by="invitation/i", now=NOON)],
    ),
    "a friend buys": (
        [Refer(member="ana", key="i", now=NOON), Enroll(member="ivo", referred_by="invitation/i", now=NOON)],
        [bought("T-2", "10.00 EUR", member="ivo")],
    ),
    "credit tier": ([], [CreditTier(member="ana", points=5, reason="kind", key="k", now=NOON)]),
    "match status": (
        [],
        [MatchStatus(member="ana", tier="Friend", until=LATER, reason="elsewhere", key="k", now=NOON)],
    ),
    "confirm": ([], [Record(event=Confirmation("C-1", purchase="T-1", at=NOON), now=NOON)]),
    "claim": (
        [],
        [Record(event=Purchase("T-2", member="ana", amount="9 EUR", at=NOON), claim=True, now=NOON + 200 * DAY)],
    ),
    "undo": (
        [Redeem(member="ana", reward="sugar", key="r", now=NOON)],
        [Undo(redemption="redemption/r", key="k", now=NOON)],
    ),
    "transfer": ([], [Transfer(member="ana", to="eva", points=40, key="k", now=NOON)]),
    "merge": ([], [Merge(member="ana", into="eva", key="k", now=NOON)]),
    "return after a merge": ([Merge(member="ana", into="eva", key="m", now=NOON)], [_back("10.00 EUR")]),
    "join a household": ([_home("eva")], [_home("ana")]),
    "leave a household": ([_home("eva"), _home("ana")], [LeaveHousehold(member="ana", key="k", now=NOON)]),
    "extend": ([], [Extend(member="ana", until=LATER, reason="late", key="k", now=NOON)]),
    "reinstate": ([], [Reinstate(member="ana", reason="late", key="k", now=LATER)]),
    "goodwill": ([], [Goodwill(member="ana", points=5, reason="late", key="k", now=NOON)]),
    "forgive": (
        [Transfer(member="ana", to="eva", points=90, key="t", now=NOON), _back("100.00 EUR")],
        [Forgive(member="ana", reason="kind", key="k", now=NOON)],
    ),
    "freeze": ([], [Freeze(member="ana", reason="odd", key="k", now=NOON)]),
    "unfreeze": ([Freeze(member="ana", reason="odd", key="f", now=NOON)], [Unfreeze(member="ana", key="k", now=NOON)]),
    "protect": ([], [Protect(member="ana", cause="payment/P-1", key="k", now=NOON)]),
    "end a protection": (
        [Protect(member="ana", cause="payment/P-1", key="p", now=NOON)],
        [EndProtection(member="ana", protection="protection/p", key="k", now=NOON)],
    ),
    "close": ([], [Close(member="ana", reason="asked", key="k", now=NOON)]),
    "rerate": ([], [Rerate(member="ana", event="purchase/T-1", key="k", now=NOON)]),
    "several at once": (
        [],
        [
            bought("T-2", "10.00 EUR"),
            Hold(member="ana", points=30, key="h", now=NOON),
            Capture(hold="hold/h", key="c", now=NOON),
            Transfer(member="ana", to="eva", points=40, key="t", now=NOON),
            Redeem(member="eva", reward="sugar", key="r", now=NOON),
        ],
    ),
}


def opening():
    return [
        *joined("ana", "eva"), bought("T-1", "100.00 EUR"), bought("T-9", "100.00 EUR", member="eva"),
    ]  # fmt: skip
