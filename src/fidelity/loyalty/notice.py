"""Notice: for a while, points keep the terms of the program under which they were earned.

A higher cost, a lower worth or a reward withdrawn binds only points earned after it; those earned before have the old
terms for six months more. A shorter life never binds them: the end of a lot was written down when it was earned.

Source:
    SEMANTICS D24.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache

from attrs import frozen

from fidelity.ledger import Account
from fidelity.ledger.households import pooled
from fidelity.loyalty.versions import Versions
from fidelity.rules.program import Program
from fidelity.rules.rewards.payments import Payment
from fidelity.rules.rewards.redemption import reward_of
from fidelity.rules.rewards.reward import Reward
from fidelity.values.periods import duration

__all__ = ["NOTICE", "Offer", "offer"]

#: For how long points earned under earlier terms keep them.
NOTICE = duration("6 months")


@frozen
class Offer:
    """
    A reward on the terms on which a member may have it.

    Attributes:
        program: The version whose terms they are.
        earned_before: Only points earned before this instant have them; None if all do.
    """

    program: Program
    reward: Reward | Payment
    earned_before: datetime | None = None

    @property
    def filtered(self) -> bool:
        """Whether anything beside the points stands between the member and the reward."""
        return _filtered(self.reward)

    @property
    def plain(self) -> bool:
        """Whether what it takes is known without asking how much of it is asked for."""
        return isinstance(self.reward, Reward) and not self.reward.varies


@lru_cache(maxsize=1024)
def _filtered(reward: Reward | Payment) -> bool:
    return bool(reward.filters)


def offer(
    versions: Versions,
    program: Program,
    account: Account,
    name: str,
    at: datetime,
    *,
    household: Mapping[str, Account] | None = None,
    points: int | None = None,
) -> Offer:
    """
    The terms on which the owner of *account* may have the reward *name* at *at*: earlier ones where they are better.

    Args:
        versions: What was published before.
        program: The present version.
        account: Whose books.
        name: The reward.
        at: When.
        household: The books of all who would give together; None when the member would give alone.
        points: How many points of a payment are asked for: earlier terms hold if as many have them. None asks for as
            many as go, and earlier terms hold if all have them.

    Raises:
        UnknownReward: If neither the program nor an earlier version that still binds has such a reward.
    """
    if not versions.several:
        return Offer(program, reward_of(program, name))
    best = None
    present = program.rewards_by_name.get(name)
    for each in _earlier(versions, program, name, at):
        if present is not None and not _better(each.reward, present):
            continue
        terms = each.reward
        giving = (account,) if household is None else (*pooled(household, account.member, terms.wallet).values(),)
        usable = sum(one.usable(terms.wallet, at, terms.wait, earned_before=each.earned_before) for one in giving)
        needed = terms.least
        if isinstance(terms, Payment):
            needed = max(needed, points or sum(one.usable(terms.wallet, at, terms.wait) for one in giving))
        if usable >= needed and (best is None or _better(terms, best.reward)):
            best = each
    return best or Offer(program, reward_of(program, name))


def _earlier(versions: Versions, program: Program, name: str, at: datetime) -> Iterator[Offer]:
    for known, replaced in versions.replaced(at):
        if NOTICE.after(replaced, program.zone) > at:
            earlier = versions.pinned(known.version, known.digest)
            reward = earlier.rewards_by_name.get(name)
            if reward is not None:
                yield Offer(earlier, reward, replaced)


def _better(one: Reward | Payment, other: Reward | Payment) -> bool:
    """Whether *one* costs less than *other*, or as much and is worth more. In another wallet nothing compares."""
    if one.wallet != other.wallet or isinstance(one, Payment) is not isinstance(other, Payment):
        return False
    if isinstance(one, Payment) and isinstance(other, Payment):
        if one.worth.currency != other.worth.currency:
            return False
        return one.worth.minor * other.points > other.worth.minor * one.points
    if one.least * _units(other) != other.least * _units(one):
        return one.least * _units(other) < other.least * _units(one)
    if one.worth is None or other.worth is None or one.worth.currency != other.worth.currency:
        return False
    return one.worth.minor > other.worth.minor


def _units(reward: Reward | Payment) -> int:
    return reward.units if isinstance(reward, Reward) else 1
