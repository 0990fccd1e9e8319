"""The operations of a history: each knows what it may be about at this moment, and how to draw one command.

One more is one more function below with ``@operation``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from attrs import frozen
from hypothesis import strategies as st

from fidelity import commands as ask
from fidelity.events import Confirmation, Return
from fidelity.ledger import REINSTATEMENT_WINDOW
from fidelity.testing.strategies.events import events, purchases, told
from fidelity.testing.strategies.shop import Shop
from fidelity.values.money import Money
from fidelity.values.waiting import UntilConfirmed
from fidelity.values.zones import local_date

__all__ = ["OPERATIONS", "Operation", "circumstances", "operation"]


@frozen
class Operation:
    """
    Something that can be asked.

    Attributes:
        name: How it is called.
        weight: How often it is drawn beside the others that are possible.
        among: What it may be about now; not possible if there is nothing.
        make: Draws the command about one of them.
    """

    name: str
    weight: int
    among: Callable[[Shop], Sequence[Any]]
    make: Callable[[st.DrawFn, Shop, Any], ask.Command]


#: Every operation by its name.
OPERATIONS: dict[str, Operation] = {}

Make = Callable[[st.DrawFn, Shop, Any], ask.Command]


def operation(name: str, weight: int, among: Callable[[Shop], Sequence[Any]]) -> Callable[[Make], Make]:
    """Add the function below to the operations; it is given one of what *among* gives."""

    def add(make: Make) -> Make:
        OPERATIONS[name] = Operation(name, weight, among, make)
        return make

    return add


def _some(draw: st.DrawFn, most: int) -> int:
    """Up to *most* points, often few, often all."""
    return draw(st.integers(1, min(most, 10)) | st.just(most) | st.integers(1, most))


# --- Every day --------------------------------------------------------------------------------------------------------


@operation("enroll", 6, lambda shop: [each for each in shop.members if each not in shop.enrolled])
def _enroll(draw: st.DrawFn, shop: Shop, member: str) -> ask.Command:
    years = draw(st.none() | st.integers(0, 12))
    since = None if years is None else local_date(shop.now, shop.program.zone) - timedelta(days=365 * years)
    fields = draw(told(shop.program.declared.own.get("member", {}), shop.program))
    return ask.Enroll(member=member, customer_since=since, fields=fields, now=shop.now)


def _happened(draw: st.DrawFn, shop: Shop, member: str) -> datetime:
    """At once, or up to two days ago, but not before the member was one."""
    ago = timedelta(hours=draw(st.just(0) | st.integers(0, 48)))
    return max(shop.now - ago, shop.enrolled[member])


@operation("purchase", 10, Shop.open)
def _purchase(draw: st.DrawFn, shop: Shop, member: str) -> ask.Command:
    at = _happened(draw, shop, member)
    sale = draw(purchases(shop.program, name=shop.key("T"), member=member, at=at))
    return ask.Record(event=sale, now=shop.now)


@operation("event", 4, Shop.open)
def _event(draw: st.DrawFn, shop: Shop, member: str) -> ask.Command:
    event = draw(events(shop.program, name=shop.key("E"), member=member, at=_happened(draw, shop, member)))
    return ask.Record(event=event, now=shop.now)


@operation("return", 8, lambda shop: [name for name, (minor, _, _) in shop.left.items() if minor])
def _return(draw: st.DrawFn, shop: Shop, purchase: str) -> ask.Command:
    minor, at, _ = shop.left[purchase]
    part = draw(st.none() | st.integers(1, minor))
    amount = None if part is None else Money(part, shop.program.currency)
    at = max(at, shop.now - timedelta(hours=draw(st.just(0) | st.integers(0, 48))))
    return ask.Record(event=Return(shop.key("R"), purchase=purchase, at=at, amount=amount), now=shop.now)


def _unconfirmed(shop: Shop) -> list[str]:
    """The purchases of which points may wait."""
    waits = any(isinstance(each.pending, UntilConfirmed) for each in shop.program.wallets)
    open_to = set(shop.open()) if waits else set()
    return [name for name, (_, _, member) in shop.left.items() if member in open_to]


@operation("confirm", 4, _unconfirmed)
def _confirm(draw: st.DrawFn, shop: Shop, purchase: str) -> ask.Command:
    _, at, _ = shop.left[purchase]
    at = max(at, shop.now - timedelta(hours=draw(st.just(0) | st.integers(0, 48))))
    return ask.Record(event=Confirmation(shop.key("C"), purchase=purchase, at=at), now=shop.now)


def circumstances(shop: Shop) -> dict[str, Any]:
    """What rewards may ask for, so that they say yes."""
    return {"channel": "app", "basket": Money(100_000, shop.program.currency)}


def _affordable(shop: Shop) -> list[tuple[str, str]]:
    return [
        (member, reward.name)
        for member in shop.spenders()
        for reward in shop.program.rewards
        if shop.books.quote(member, reward.name, at=shop.now, fields=circumstances(shop)).affordable
    ]


@operation("redeem", 6, _affordable)
def _redeem(draw: st.DrawFn, shop: Shop, about: tuple[str, str]) -> ask.Command:  # noqa: ARG001  # nothing to draw
    member, reward = about
    key = shop.key("redeem")
    return ask.Redeem(member=member, reward=reward, key=key, fields=circumstances(shop), now=shop.now)


def _filled(shop: Shop) -> list[tuple[str, str, int]]:
    """The wallets with points to spend: member, wallet, how many."""
    found = [(member, wallet, shop.balance(member, wallet)) for member in shop.spenders() for wallet in shop.wallets()]
    return [(member, wallet, balance.available) for member, wallet, balance in found if balance.available]


@operation("hold", 4, _filled)
def _hold(draw: st.DrawFn, shop: Shop, about: tuple[str, str, int]) -> ask.Command:
    member, wallet, available = about
    days = draw(st.none() | st.integers(1, 30))
    until = None if days is None else shop.now + timedelta(days=days)
    points = _some(draw, available)
    return ask.Hold(member=member, key=shop.key("hold"), points=points, wallet=wallet, until=until, now=shop.now)


def _endable(shop: Shop) -> list[str]:
    return [name for name in shop.standing_holds() if shop.holders[name] not in shop.frozen]


@operation("capture", 3, _endable)
def _capture(draw: st.DrawFn, shop: Shop, hold: str) -> ask.Command:
    points = draw(st.none() | st.integers(1, shop.holds[hold][1]))
    return ask.Capture(hold=hold, key=shop.key("capture"), points=points, now=shop.now)


@operation("release", 2, _endable)
def _release(draw: st.DrawFn, shop: Shop, hold: str) -> ask.Command:  # noqa: ARG001  # nothing to draw
    return ask.Release(hold=hold, key=shop.key("release"), now=shop.now)


@operation("again", 1, lambda shop: shop.told)
def _again(draw: st.DrawFn, shop: Shop, command: ask.Command) -> ask.Command:  # noqa: ARG001  # the very same
    """What a queue delivers twice."""
    return command


# --- At the desk ------------------------------------------------------------------------------------------------------


@operation("undo", 3, lambda shop: [name for name, points in shop.spent.items() if points])
def _undo(draw: st.DrawFn, shop: Shop, redemption: str) -> ask.Command:
    points = draw(st.none() | st.integers(1, shop.spent[redemption]))
    return ask.Undo(redemption=redemption, key=shop.key("undo"), points=points, now=shop.now)


def _givable(shop: Shop) -> list[tuple[str, str, int, str]]:
    stay = {each.name for each in shop.program.wallets if each.transfers == "not at all"}
    return [
        (member, wallet, points, other)
        for member, wallet, points in _filled(shop)
        for other in shop.open()
        if other != member and wallet not in stay
    ]


@operation("transfer", 2, _givable)
def _transfer(draw: st.DrawFn, shop: Shop, about: tuple[str, str, int, str]) -> ask.Command:
    member, wallet, available, other = about
    points = _some(draw, available)
    key = shop.key("transfer")
    return ask.Transfer(member=member, to=other, points=points, key=key, wallet=wallet, now=shop.now)


@operation("goodwill", 2, Shop.open)
def _goodwill(draw: st.DrawFn, shop: Shop, member: str) -> ask.Command:
    wallet = draw(st.sampled_from(shop.wallets()))
    points, key = draw(st.integers(1, 200)), shop.key("goodwill")
    return ask.Goodwill(member=member, points=points, reason="late", key=key, wallet=wallet, now=shop.now)


def _owing(shop: Shop) -> list[tuple[str, str, int]]:
    found = [(member, wallet, shop.balance(member, wallet).debt) for member in shop.open() for wallet in shop.wallets()]
    return [each for each in found if each[2]]


@operation("forgive", 3, _owing)
def _forgive(draw: st.DrawFn, shop: Shop, about: tuple[str, str, int]) -> ask.Command:
    member, wallet, debt = about
    points, key = draw(st.none() | st.integers(1, debt)), shop.key("forgive")
    return ask.Forgive(member=member, key=key, reason="mistake", points=points, wallet=wallet, now=shop.now)


def _ending(shop: Shop) -> list[tuple[str, str, Any]]:
    found = [(member, wallet, shop.balance(member, wallet)) for member in shop.open() for wallet in shop.wallets()]
    return [(member, wallet, each.next_expiry[0]) for member, wallet, each in found if each.next_expiry]


@operation("extend", 2, _ending)
def _extend(draw: st.DrawFn, shop: Shop, about: tuple[str, str, Any]) -> ask.Command:
    member, wallet, last = about
    # Of who is frozen, points may stand beyond their last day.
    last = max(last, local_date(shop.now, shop.program.zone))
    until, key = last + timedelta(days=draw(st.integers(1, 90))), shop.key("extend")
    return ask.Extend(member=member, until=until, key=key, reason="kind", wallet=wallet, now=shop.now)


def _expired(shop: Shop) -> list[tuple[str, str]]:
    """The wallets of which something expired lately."""
    found: dict[tuple[str, str], None] = {}
    for member in shop.open():
        account = shop.books.account(member, at=shop.now)
        lots = [lot for wallet in shop.wallets() for lot in account.lots(wallet)]
        for lot in (*lots, *(lot for _, lot in account.closed.items())):
            if lot.expired and lot.expires is not None and shop.now - lot.expires <= REINSTATEMENT_WINDOW:
                found[member, lot.wallet] = None
    return list(found)


@operation("reinstate", 2, _expired)
def _reinstate(draw: st.DrawFn, shop: Shop, about: tuple[str, str]) -> ask.Command:
    points, key = draw(st.none() | st.none() | st.just(1)), shop.key("reinstate")
    return ask.Reinstate(member=about[0], wallet=about[1], points=points, key=key, reason="kind", now=shop.now)


@operation("freeze", 1, Shop.spenders)
def _freeze(draw: st.DrawFn, shop: Shop, member: str) -> ask.Command:  # noqa: ARG001  # nothing to draw
    return ask.Freeze(member=member, reason="card lost", key=shop.key("freeze"), now=shop.now)


@operation("unfreeze", 4, lambda shop: sorted(shop.frozen - shop.gone))
def _unfreeze(draw: st.DrawFn, shop: Shop, member: str) -> ask.Command:  # noqa: ARG001  # nothing to draw
    return ask.Unfreeze(member=member, key=shop.key("unfreeze"), now=shop.now)


@operation("protect", 1, Shop.open)
def _protect(draw: st.DrawFn, shop: Shop, member: str) -> ask.Command:  # noqa: ARG001  # nothing to draw
    return ask.Protect(member=member, cause="payment/P-1", key=shop.key("protect"), now=shop.now)


@operation("end protection", 3, lambda shop: [n for n, member in shop.protections.items() if member not in shop.gone])
def _end_protection(draw: st.DrawFn, shop: Shop, protection: str) -> ask.Command:  # noqa: ARG001  # nothing to draw
    member, key = shop.protections[protection], shop.key("end")
    return ask.EndProtection(member=member, protection=protection, key=key, now=shop.now)


# --- Together, and the end --------------------------------------------------------------------------------------------


@operation("join household", 2, lambda shop: [each for each in shop.open() if each not in shop.households])
def _join(draw: st.DrawFn, shop: Shop, member: str) -> ask.Command:
    household = draw(st.sampled_from(("home", "office")))
    return ask.JoinHousehold(member=member, household=household, key=shop.key("join"), now=shop.now)


@operation("leave household", 1, lambda shop: [each for each in shop.open() if each in shop.households])
def _leave(draw: st.DrawFn, shop: Shop, member: str) -> ask.Command:  # noqa: ARG001  # nothing to draw
    return ask.LeaveHousehold(member=member, key=shop.key("leave"), now=shop.now)


@operation("redeem together", 3, lambda shop: [each for each in _affordable(shop) if each[0] in shop.households])
def _together(draw: st.DrawFn, shop: Shop, about: tuple[str, str]) -> ask.Command:  # noqa: ARG001  # nothing to draw
    member, reward = about
    key = shop.key("together")
    return ask.Redeem(member=member, reward=reward, key=key, fields=circumstances(shop), pooled=True, now=shop.now)


def _without_holds(shop: Shop) -> list[str]:
    holding = {shop.holders[name] for name in shop.standing_holds()}
    return [each for each in shop.open() if each not in holding]


@operation("merge", 1, lambda shop: [(a, b) for a in _without_holds(shop) for b in shop.open() if a != b])
def _merge(draw: st.DrawFn, shop: Shop, about: tuple[str, str]) -> ask.Command:  # noqa: ARG001  # nothing to draw
    return ask.Merge(member=about[0], into=about[1], key=shop.key("merge"), now=shop.now)


@operation("close", 1, lambda shop: _without_holds(shop) if len(shop.open()) > 1 else [])
def _close(draw: st.DrawFn, shop: Shop, member: str) -> ask.Command:  # noqa: ARG001  # nothing to draw
    return ask.Close(member=member, reason="moved away", key=shop.key("close"), now=shop.now)


@operation("rerate", 1, lambda shop: [(n, m) for n, (_, _, m) in shop.left.items() if m not in shop.gone])
def _rerate(draw: st.DrawFn, shop: Shop, about: tuple[str, str]) -> ask.Command:  # noqa: ARG001  # nothing to draw
    return ask.Rerate(member=about[1], event=f"purchase/{about[0]}", key=shop.key("rerate"), now=shop.now)
