"""Notice: for a while, points keep the terms of the program under which they were earned.

A higher cost, a lower worth, a stricter filter or a reward withdrawn binds only points earned after it; those earned
before have the old terms for six months more. What says no only now is asked of later points: where the present terms
refuse, earlier ones hold if they do not. A shorter life never binds them: the end of a lot was written down when it was
earned.

Source:
    SEMANTICS D24.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache

from attrs import evolve, frozen

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
        instead: Other terms on which the member may have it, in order, should these say no.
    """

    program: Program
    reward: Reward | Payment
    earned_before: datetime | None = None
    instead: tuple[Offer, ...] = ()

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
    present = program.rewards_by_name.get(name)
    best: Offer | None = None
    others: list[Offer] = []
    for each in _earlier(versions, program, name, at):
        better = present is None or _better(each.reward, present)
        if not (better or (present is not None and _else_filtered(each.reward, present))):
            continue
        terms = each.reward
        giving = (account,) if household is None else (*pooled(household, account.member, terms.wallet).values(),)
        usable = sum(one.usable(terms.wallet, at, terms.wait, earned_before=each.earned_before) for one in giving)
        needed = terms.least
        if isinstance(terms, Payment):
            needed = max(needed, points or sum(one.usable(terms.wallet, at, terms.wait) for one in giving))
        if usable < needed:
            continue
        others.append(each)
        if better and (best is None or _better(terms, best.reward)):
            best = each
    if best is None:
        return Offer(program, reward_of(program, name), instead=tuple(reversed(others)))
    if len(others) == 1 and present is None:
        return best
    rest = [each for each in reversed(others) if each is not best]
    return evolve(best, instead=((*rest,) if present is None else (Offer(program, present), *rest)))


def _earlier(versions: Versions, program: Program, name: str, at: datetime) -> Iterator[Offer]:
    for known, replaced in versions.replaced(at):
        if NOTICE.after(replaced, program.zone) > at:
            earlier = versions.pinned(known.version, known.digest)
            reward = earlier.rewards_by_name.get(name)
            if reward is not None:
                yield Offer(earlier, reward, replaced)


def _better(one: Reward | Payment, other: Reward | Payment) -> bool:
    """
    Whether *one* costs less than *other*, or as much and is worth more, or as much and asks for less beside points.

    In another wallet nothing compares.
    """
    if one.wallet != other.wallet or isinstance(one, Payment) is not isinstance(other, Payment):
        return False
    if isinstance(one, Payment) and isinstance(other, Payment):
        if one.worth.currency != other.worth.currency:
            return False
        return one.worth.minor * other.points > other.worth.minor * one.points
    if one.least * _units(other) != other.least * _units(one):
        return one.least * _units(other) < other.least * _units(one)
    mine, theirs = one.worth, other.worth
    if mine is not None and theirs is not None and mine.currency == theirs.currency and mine.minor != theirs.minor:
        return mine.minor > theirs.minor
    return isinstance(one, Reward) and isinstance(other, Reward) and _asks_less(one, other)


def _asks_less(one: Reward, other: Reward) -> bool:
    """Whether *one* asks for less than *other* of what no books refuse: steps, and the end of a voucher."""
    return set(one.steps) < set(other.steps) or (set(one.steps) == set(other.steps) and _lasts(one) > _lasts(other))


def _lasts(reward: Reward) -> tuple[date, date]:
    """Until when a voucher of *reward* lasts, its own and the host's: the last day of all if it has no end."""
    life = reward.voucher
    own = None if life is None else life.last_day(_SOME_DAY, anchors={life.anchor: _SOME_DAY})
    of_host = None if reward.voucher_life is None else reward.voucher_life.later(_SOME_DAY)
    return own or date.max, of_host or date.max


#: Voucher lives are compared from a day in the middle of nothing, so that no end of a month or year is near.
_SOME_DAY = date(2026, 2, 10)


@lru_cache(maxsize=1024)
def _else_filtered(one: Reward | Payment, other: Reward | Payment) -> bool:
    """Whether *other* has a filter that *one* lacks, so that *one* may be had where *other* says no."""
    if one.wallet != other.wallet or isinstance(one, Payment) is not isinstance(other, Payment):
        return False
    return any(each not in one.filters for each in other.filters)


def _units(reward: Reward | Payment) -> int:
    return reward.units if isinstance(reward, Reward) else 1
