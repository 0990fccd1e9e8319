"""More operations of a history: how much of a reward, vouchers, what members share, friends, tiers, late news."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from fidelity import commands as ask
from fidelity import commands_of_all as ask_all
from fidelity import commands_of_status as ask_status
from fidelity.rules.rewards.payments import Payment
from fidelity.rules.rewards.reward import Reward
from fidelity.testing.strategies.events import purchases, told
from fidelity.testing.strategies.operations import circumstances, operation
from fidelity.testing.strategies.shop import Shop

__all__ = ["LATE"]

#: For how long news may be late.
LATE = timedelta(days=89)

# --- Rewards ----------------------------------------------------------------------------------------------------------


def _several(shop: Shop) -> list[tuple[str, str, int | None, int]]:
    """Who may have how much of what: member, reward, points of a payment, quantity."""
    found: list[tuple[str, str, int | None, int]] = []
    for member in shop.spenders():
        for reward in shop.program.rewards:
            asked: list[tuple[int | None, int]] = [(None, 1), (None, 2), (None, 3)]
            if isinstance(reward, Payment):
                asked = [(None, 1), (reward.least, 1), (2 * reward.least, 1)]
            found += [(member, reward.name, *each) for each in asked if shop.affords(member, reward.name, *each)]
    return found


@operation("redeem some", 3, _several)
def _redeem_some(draw: st.DrawFn, shop: Shop, about: tuple[str, str, int | None, int]) -> ask.Command:
    member, reward, points, quantity = about
    return ask.Redeem(
        member=member,
        reward=reward,
        key=shop.key("some"),
        points=points,
        quantity=quantity,
        fields=circumstances(shop),
        purchase=draw(_on_a_purchase(shop, member)),
        now=shop.now,
    )


@operation("hold some", 2, _several)
def _hold_some(draw: st.DrawFn, shop: Shop, about: tuple[str, str, int | None, int]) -> ask.Command:
    member, reward, points, quantity = about
    return ask.Hold(
        member=member,
        reward=reward,
        key=shop.key("hold"),
        points=points,
        quantity=quantity,
        fields=circumstances(shop),
        purchase=draw(_on_a_purchase(shop, member)),
        now=shop.now,
    )


def _on_a_purchase(shop: Shop, member: str) -> st.SearchStrategy[str]:
    """Often one that is there, sometimes the next one that will be."""
    theirs = [name for name, (minor, _, whose) in shop.left.items() if minor and whose == member]
    return st.sampled_from([*theirs, "", f"T-{len(shop.told) + 1}"])


def _vouchers(shop: Shop) -> list[tuple[str, str]]:
    return [(who, each.code) for who in shop.spenders() for each in shop.books.vouchers(who, at=shop.now)]


@operation("use", 5, _vouchers)
def _use(draw: st.DrawFn, shop: Shop, about: tuple[str, str]) -> ask.Command:  # noqa: ARG001  # nothing to draw
    member, voucher = about
    return ask.Use(member=member, voucher=voucher, key=shop.key("use"), fields=circumstances(shop), now=shop.now)


@operation("undo use", 2, lambda shop: [use for use, member in shop.uses.items() if member not in shop.gone])
def _undo_use(draw: st.DrawFn, shop: Shop, use: str) -> ask.Command:  # noqa: ARG001  # nothing to draw
    return ask.Undo(redemption=use, key=shop.key("unuse"), now=shop.now)


# --- What members share -----------------------------------------------------------------------------------------------


def _campaigns(shop: Shop) -> list[str]:
    return [each.name for each in shop.program.campaigns] if shop.enrolled else []


@operation("suspend", 1, lambda shop: [each for each in _campaigns(shop) if each not in shop.suspended])
def _suspend(draw: st.DrawFn, shop: Shop, campaign: str) -> ask.Command:  # noqa: ARG001  # nothing to draw
    return ask_all.Suspend(campaign=campaign, reason="wrong price", key=shop.key("suspend"), now=shop.now)


@operation("resume", 3, lambda shop: [each for each in _campaigns(shop) if each in shop.suspended])
def _resume(draw: st.DrawFn, shop: Shop, campaign: str) -> ask.Command:  # noqa: ARG001  # nothing to draw
    return ask_all.Resume(campaign=campaign, key=shop.key("resume"), now=shop.now)


def _stocked(shop: Shop) -> list[str]:
    stocked = [each.name for each in shop.program.rewards if isinstance(each, Reward) and each.stock is not None]
    return stocked if shop.enrolled else []


@operation("restock", 1, _stocked)
def _restock(draw: st.DrawFn, shop: Shop, reward: str) -> ask.Command:
    left = shop.books.stock(reward, at=shop.now).left
    count = draw(st.integers(1, 3) | st.integers(-left, -1) if left else st.integers(1, 3))
    return ask_all.Restock(reward=reward, count=count, key=shop.key("restock"), now=shop.now)


# --- Friends ----------------------------------------------------------------------------------------------------------


@operation("refer", 2, lambda shop: shop.open() if shop.program.referrals else [])
def _refer(draw: st.DrawFn, shop: Shop, member: str) -> ask.Command:  # noqa: ARG001  # nothing to draw
    return ask_all.Refer(member=member, key=shop.key("refer"), now=shop.now)


def _invited(shop: Shop) -> list[tuple[str, str]]:
    new = [each for each in shop.members if each not in shop.enrolled]
    return [(each, name) for each in new for name, advocate in shop.invitations.items() if advocate != each]


@operation("enroll a friend", 6, _invited)
def _enroll_a_friend(draw: st.DrawFn, shop: Shop, about: tuple[str, str]) -> ask.Command:
    member, invitation = about
    fields = draw(told(shop.program.declared.own.get("member", {}), shop.program))
    return ask.Enroll(member=member, referred_by=invitation, fields=fields, now=shop.now)


# --- Tiers ------------------------------------------------------------------------------------------------------------


def _counting(shop: Shop) -> list[str]:
    tiers = shop.program.tiers
    return [] if tiers is None or tiers.several else shop.open()


@operation("credit tier", 1, _counting)
def _credit_tier(draw: st.DrawFn, shop: Shop, member: str) -> ask.Command:
    points, key = draw(st.integers(1, 300)), shop.key("credit")
    return ask_status.CreditTier(member=member, points=points, reason="hardship", key=key, now=shop.now)


def _falling(shop: Shop) -> list[str]:
    tiers = shop.program.tiers
    return [] if tiers is None or tiers.falls == "never" or len(tiers.names) == 1 else shop.open()


@operation("match status", 1, _falling)
def _match_status(draw: st.DrawFn, shop: Shop, member: str) -> ask.Command:
    assert shop.program.tiers is not None  # noqa: S101  (nobody is asked otherwise)
    tier = draw(st.sampled_from(shop.program.tiers.names[1:]))
    until, key = shop.now + timedelta(days=draw(st.integers(1, 200))), shop.key("match")
    return ask_status.MatchStatus(member=member, tier=tier, until=until, reason="elsewhere", key=key, now=shop.now)


# --- Late news --------------------------------------------------------------------------------------------------------


@operation("late purchase", 2, Shop.open)
def _late_purchase(draw: st.DrawFn, shop: Shop, member: str) -> ask.Command:
    at = max(shop.now - timedelta(days=draw(st.integers(1, LATE.days))), shop.enrolled[member])
    sale = draw(purchases(shop.program, name=shop.key("T"), member=member, at=at))
    return ask.Record(event=sale, now=shop.now)


def _claimable(shop: Shop) -> list[str]:
    return [each for each in shop.open() if shop.now - shop.enrolled[each] > timedelta(days=92)]


@operation("claim", 2, lambda shop: _claimable(shop) if any(not e.partner for e in shop.program.claims) else [])
def _claim(draw: st.DrawFn, shop: Shop, member: str) -> ask.Command:
    at = max(shop.now - timedelta(days=draw(st.integers(80, 150))), shop.enrolled[member])
    sale = draw(purchases(shop.program, name=shop.key("T"), member=member, at=at))
    return ask.Record(event=sale, claim=True, now=shop.now)
