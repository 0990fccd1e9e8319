"""Friction: what stands between having points and having something for them, measured over all accounts.

Source:
    SEMANTICS §4, measured friction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from attrs import field, frozen

from fidelity.entries import Enrolled, HoldCaptured, PointsEarned, PointsHeld, PointsRedeemed
from fidelity.errors import UnknownReward
from fidelity.journals.port import Stream
from fidelity.ledger import Account, fold
from fidelity.loyalty.asks import Load, Names, Work
from fidelity.loyalty.books import member_of, read_versions
from fidelity.loyalty.clerk import Clerk
from fidelity.rules.program import Program
from fidelity.rules.rewards.redemption import reward_of
from fidelity.values.spelling import shown
from fidelity.wording import friction as said

__all__ = ["Friction", "Part", "friction_of", "measured", "rewards_asked"]

_MANY = 200


@frozen(kw_only=True)
class Part:
    """
    What some accounts add to the measure; parts are added up.

    Attributes:
        last: The stream after which the next part begins; empty when this was the last.
    """

    members: int = 0
    could: int = 0
    refused: Mapping[tuple[str, str], int] = {}
    first: tuple[int, ...] = ()
    earned: int = 0
    enjoyed: int = 0
    last: str = ""


@frozen(kw_only=True)
class Friction:
    """
    How hard it is to enjoy what was earned.

    Attributes:
        at: When.
        members: How many members there are, those who left not counted.
        could: How many of them could have at least one of the rewards at once.
        refusals: For each reward and each reason how many members it keeps from having it: ``(reward, reason)``;
            the reason is ``"points"`` where points are missing, ``"frozen"``, or the name of a filter.
        first_days: For each member who ever had something, after how many days since enrolling; sorted.
        earned: How many points were ever earned.
        enjoyed: How many of them were spent on something.
    """

    at: datetime
    members: int
    could: int
    refusals: Mapping[tuple[str, str], int]
    first_days: tuple[int, ...]
    earned: int
    enjoyed: int
    _program: Program = field(eq=False, repr=False)

    @property
    def share(self) -> float:
        """The share of members who could have something at once, 0 to 1; 0 when there is nobody."""
        return self.could / self.members if self.members else 0.0

    @property
    def share_enjoyed(self) -> float:
        """The share of earned points that were ever enjoyed, 0 to 1; 0 when none were earned."""
        return self.enjoyed / self.earned if self.earned else 0.0

    @property
    def days_to_first(self) -> int | None:
        """In how many days half of those who ever had something had it; None if nobody did."""
        return self.first_days[(len(self.first_days) - 1) // 2] if self.first_days else None

    def explain(self, language: str = "en") -> str:
        """The measure in words."""
        tongue = self._program.tongue(language)
        lines = [said.could(tongue, self.could, self.members)]
        lines += [said.refused(tongue, reward, reason, count) for (reward, reason), count in self.refusals.items()]
        lines.append(said.first(tongue, self.days_to_first))
        if self.earned:
            lines.append(said.enjoyed(tongue, self.enjoyed, self.earned))
        return "\n".join(lines)


def friction_of(program: Program, at: datetime, parts: Iterable[Part]) -> Friction:
    """The measure that *parts* add up to."""
    listed = list(parts)
    refused: Counter[tuple[str, str]] = Counter()
    for each in listed:
        refused.update(each.refused)
    return Friction(
        at=at, members=sum(each.members for each in listed), could=sum(each.could for each in listed),
        refusals=dict(sorted(refused.items())), first_days=tuple(sorted(day for each in listed for day in each.first)),
        earned=sum(each.earned for each in listed), enjoyed=sum(each.enjoyed for each in listed), program=program,
    )  # fmt: skip


def rewards_asked(program: Program, rewards: Iterable[str] | None) -> tuple[str, ...]:
    """
    The names of the rewards to measure: all of them unless told.

    Raises:
        UnknownReward: If the program has no such reward.
    """
    if rewards is None:
        return tuple(program.rewards_by_name)
    if isinstance(rewards, str):
        message = f"rewards is a list of names; write rewards=[{shown(rewards)}]"
        raise UnknownReward(message, reward=rewards)
    return tuple(reward_of(program, each).name for each in rewards)


def measured(clerk: Clerk, at: datetime, rewards: tuple[str, ...], after: str) -> Work[Part]:
    """The work of measuring the accounts past the stream *after* as they were known at *at*."""
    names = yield Names("points/", after, _MANY)
    if not names:
        return Part()
    if clerk.unread:
        yield from read_versions(clerk.versions)
    clerk.versions.check()
    streams: Mapping[str, Stream] = yield Load(tuple(names))
    members = could = earned = enjoyed = 0
    refused: Counter[tuple[str, str]] = Counter()
    first: list[int] = []
    for name in names:
        entries = [entry for entry in streams[name].entries if entry.now <= at]
        account = fold(clerk.books, member_of(name), entries)
        if account.enrolled is None:
            continue
        due = clerk.due(account, at)
        entries += [entry for each in due for entry in each.entries]
        account = (due[-1].account if due else account).advance(at)
        earned += sum(each.points for each in entries if isinstance(each, PointsEarned))
        enjoyed += sum(each.totals.redeemed for each in account.wallets.values())
        first += _first(entries)
        if account.closed_at is None:
            members += 1
            could += _could(clerk, account, rewards, at, refused)
    return Part(
        members=members,
        could=could,
        refused=refused,
        first=tuple(first),
        earned=earned,
        enjoyed=enjoyed,
        last=names[-1],
    )


def _could(
    clerk: Clerk, account: Account, rewards: tuple[str, ...], at: datetime, refused: Counter[tuple[str, str]]
) -> bool:
    """Whether the owner of *account* could have one of *rewards*; what keeps them from the others is counted."""
    found = False
    for name in rewards:
        told = clerk.quote(account, name, at, {})
        if told.affordable:
            found = True
            continue
        reasons = {each.filter for each in told.reasons}
        reasons |= {"points"} if told.missing else set()
        reasons |= {"frozen"} if told.frozen else set()
        refused.update((name, each) for each in reasons)
    return found


def _first(entries: Iterable[object]) -> list[int]:
    """After how many days the first thing was had; empty if none was."""
    joined: datetime | None = None
    held = {}
    for each in entries:
        if isinstance(each, Enrolled):
            joined = each.at
        elif isinstance(each, PointsHeld) and each.reward:
            held[each.hold] = True
        had = isinstance(each, PointsRedeemed) or (isinstance(each, HoldCaptured) and each.hold in held)
        if had and joined is not None:
            assert isinstance(each, PointsRedeemed | HoldCaptured)  # noqa: S101  (as asked)
            return [(each.at - joined).days]
    return []
