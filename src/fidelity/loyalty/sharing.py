"""Sharing: which shared streams a command touches, and what is to stand in them. Pure, as the clerk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fidelity.commands import Capture, Command, Hold, Record, Redeem, Release, Undo
from fidelity.commands_of_all import Restock, Resume, Suspend, WithholdReferral
from fidelity.entries import Entry, EventRecorded
from fidelity.entries.campaign import (
    CampaignCharged,
    CampaignResumed,
    CampaignSuspended,
    StockChanged,
    StockKept,
    StockOpened,
    StockRanOut,
    StockReturned,
    StockTaken,
)
from fidelity.entries.codec import instant_from_text
from fidelity.errors import (
    AlreadySuspended,
    NotSuspended,
    OutOfStock,
    UnknownCampaign,
    UnknownReward,
    ValueRefused,
)
from fidelity.events import Event, Return
from fidelity.ledger.admission import code
from fidelity.ledger.notices import CampaignReceipt, StockReceipt, UndoReceipt
from fidelity.ledger.receipts import HoldReceipt, Receipt
from fidelity.ledger.stock import StockState
from fidelity.loyalty.shared import Shared, campaign_stream, stock_stream
from fidelity.rules.earning.campaigns import Campaign
from fidelity.rules.program import Program
from fidelity.rules.rewards.reward import Reward
from fidelity.rules.saying.campaigns import wallet_of
from fidelity.values.spelling import suggest

if TYPE_CHECKING:
    from fidelity.loyalty.identity import Asked

__all__ = ["ABOUT_ALL", "Sharing", "spared"]

#: Commands that are about nobody's books.
ABOUT_ALL = (Suspend, Resume, Restock, WithholdReferral)
#: Commands that go back to another, whose receipt tells which reward it was.
_BACK = (Capture, Release, Undo)

#: For each stream what to append.
Posts = tuple[tuple[str, tuple[Entry, ...]], ...]


class Sharing:
    """What all members share in a program: the budgets of its campaigns, and the stock of its rewards."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.campaigns: Mapping[str, tuple[Campaign, ...]] = {
            kind: tuple(each for each in program.campaigns if kind in each.kinds)
            for kind in {kind for each in program.campaigns for kind in each.kinds}
        }
        #: How many there are at first of the rewards that are counted: those of before too, for as long as members
        #: may have them on their old terms.
        self.stocked: Mapping[str, int] = _stock(program)
        #: The rewards that any version counted, and since when each version held.
        self._ever: frozenset[str] = frozenset(self.stocked)
        self._held: tuple[tuple[datetime, Mapping[str, int], frozenset[str]], ...] = ()
        #: Whether there is anything to share at all: most programs have nothing.
        self.any = bool(self.campaigns or self.stocked)

    def learn(self, history: Iterable[tuple[Program, datetime]]) -> None:
        """Take note of the versions that held until now, each since when: what was taken then goes back as it came."""
        held = tuple((since, _stock(each), frozenset(each.rewards_by_name)) for each, since in history)
        before = {name: count for _, stock, _ in held for name, count in stock.items()}
        gone = {name: count for name, count in before.items() if name not in self.program.rewards_by_name}
        self._held, self._ever = held, frozenset(before) | frozenset(_stock(self.program))
        self.stocked = {**gone, **_stock(self.program)}
        self.any = self.any or bool(self._ever)

    def _counted(self, reward: str, at: datetime) -> bool:
        """Whether one of *reward* that somebody had at *at* was counted."""
        counted = reward in self.stocked
        for since, stock, rewards in self._held:
            if since <= at:
                counted = reward in stock if reward in rewards else counted and reward in self._ever
        return counted

    # Reaching

    def written(self, command: Command, origin: Mapping[str, Any]) -> Iterator[str]:
        """The shared streams that *command* may write in; *origin* is the receipt that it goes back to."""
        if isinstance(command, Record):
            if not isinstance(command.event, Return):
                for each in self.campaigns.get(command.event.kind, ()):
                    if each.budget is not None:
                        yield campaign_stream(each.name)
        elif isinstance(command, Suspend | Resume):
            # One that the program does not have is refused later, as every other refusal.
            if any(each.name == command.campaign for each in self.program.campaigns):
                yield campaign_stream(command.campaign)
        elif isinstance(command, Restock):
            if command.reward in self.stocked:
                yield stock_stream(command.reward)
        elif (reward := self._reward(command, origin)) in (self._ever if origin else self.stocked):
            yield stock_stream(reward)

    def read(self, command: Command) -> Iterator[str]:
        """The shared streams that *command* only looks at: whether a campaign is suspended."""
        if isinstance(command, Record) and not isinstance(command.event, Return):
            for each in self.campaigns.get(command.event.kind, ()):
                if each.budget is None:
                    yield campaign_stream(each.name)

    def _reward(self, command: Command, origin: Mapping[str, Any]) -> str:
        if isinstance(command, Redeem | Hold):
            return command.reward
        return str(origin.get("reward", "")) if isinstance(command, _BACK) else ""

    def goes_back(self, command: Command) -> bool:
        """Whether the receipt that *command* goes back to matters here."""
        return bool(self._ever) and isinstance(command, _BACK)

    def posts(self, shared: Shared, member: str, asked: Asked, receipt: Receipt, entries: tuple[Entry, ...]) -> Posts:
        """
        What is to stand in shared streams after *asked*, which came to *receipt* and *entries*.

        Raises:
            OutOfStock: If too few of a reward are left.
        """
        if isinstance(asked.command, Record):
            return self.charged(shared, member, entries) if self.campaigns and entries else ()
        return self.moved(shared, member, asked, receipt) if self._ever else ()

    # Campaigns

    def counters(self, shared: Shared, event: Event) -> dict[str, int]:
        """What the rules read of campaigns when *event* is decided."""
        found: dict[str, int] = {}
        for each in self.campaigns.get(event.kind, ()):
            state = shared.campaign(each.name)
            if state.paused(event.at):
                found[each.suspended_counter] = 1
            if each.budget is not None and (used := state.used(each.unit, wallet_of(self.program, each))):
                found[each.budget_counter] = used
        return found

    def charged(self, shared: Shared, member: str, entries: tuple[Entry, ...]) -> Posts:
        """What the event that *entries* record takes of campaigns."""
        (event, *_) = entries
        if not isinstance(event, EventRecorded):
            return ()
        found = []
        for each in self.campaigns.get(event.event_kind, ()):
            uses = event.counts.get(f"uses.{each.name}", 0)
            spend = event.counts.get(each.budget_counter, 0) if each.unit == "spend" else 0
            before = f"given.{each.name}/"
            points = {
                name.removeprefix(before): number for name, number in event.counts.items() if name.startswith(before)
            }
            if uses or spend or points:
                now = _later(event.now, shared.campaign(each.name).now)
                entry = CampaignCharged(
                    at=event.at, now=now, member=member, event=f"{event.event_kind}/{event.event_id}", uses=uses,
                    points=points, spend=spend,
                )  # fmt: skip
                found.append((campaign_stream(each.name), (entry,)))
        return tuple(found)

    # Stock

    def moved(self, shared: Shared, member: str, asked: Asked, receipt: Receipt) -> Posts:
        """
        What *asked*, which came to *receipt*, does to the stock of a reward.

        Raises:
            OutOfStock: If too few of it are left.
        """
        command, origin = asked.command, shared.told(asked.key)
        reward = self._reward(command, origin)
        back = isinstance(command, _BACK)
        stock = shared.stock(reward) if reward in (self._ever if back else self.stocked) else None
        if stock is None or (back and not self._counted(reward, _told_at(origin, receipt.at))):
            return ()
        now = _later(receipt.at, stock.now)
        told = origin.get("asked", origin)
        count = command.quantity if isinstance(command, Redeem | Hold) else told.get("quantity", 1)
        made: list[Entry] = []
        match command:
            case Redeem() | Hold():
                left = self.left(stock, reward, now)
                if left < count:
                    message = f"{_so_many(left)} of {reward!r} left now, and {count} asked for"
                    raise OutOfStock(f"{message}; restock() adds more", reward=reward, left=left)
                until = receipt.until if isinstance(receipt, HoldReceipt) else None
                taking: str = receipt.id  # type: ignore[attr-defined]  # both have one
                made = [
                    StockTaken(at=now, now=now, reward=reward, member=member, taking=taking, until=until, count=count)
                ]
            case Capture(hold=hold):
                made = [StockKept(at=now, now=now, taking=hold)]
            case Release(hold=hold):
                made = [StockReturned(at=now, now=now, taking=hold, count=count)]
            case Undo(redemption=name) if type(receipt) is UndoReceipt and not receipt.left:
                # A voucher that may be used again brings nothing back: its goods were taken with the points.
                made = [StockReturned(at=now, now=now, taking=name, count=count)]
        return ((stock_stream(reward), self._told(stock, reward, made, now)),) if made else ()

    def left(self, stock: StockState, reward: str, at: datetime) -> int:
        """How many of *reward* are left at *at*: as many as the program says, until anything was written."""
        return stock.left(at) if stock.opened else self.stocked.get(reward, 0)

    def _told(self, stock: StockState, reward: str, made: list[Entry], now: datetime) -> tuple[Entry, ...]:
        """*made*, after how many there were at first, and before the broken promise that the last one went."""
        version = self.program.version
        if not stock.opened:
            made = [
                StockOpened(at=now, now=now, reward=reward, count=self.stocked[reward], version=version), *made,
            ]  # fmt: skip
        # What was never there is no promise that was broken now.
        if (self.left(stock, reward, now) or not stock.opened) and not stock.after(made).left(now):
            made = [*made, StockRanOut(at=now, now=now, reward=reward, version=version)]
        return tuple(made)

    # Commands about nobody's books

    def decided(self, shared: Shared, command: Command, now: datetime) -> tuple[Posts, Receipt]:
        """
        What *command*, which is about nobody's books, comes to.

        Raises:
            AlreadySuspended, NotSuspended: If the campaign is, or is not.
            OutOfStock: If fewer are left than are to go.
            UnknownCampaign, UnknownReward: If the program has none of that name.
        """
        match command:
            case Suspend(campaign=name, reason=reason, key=key, by=by):
                state = shared.campaign(self._campaign(name))
                now = _later(now, state.now)
                if state.suspended:
                    message = f"campaign {name!r} is suspended already, for {state.suspended!r}; resume it first"
                    raise AlreadySuspended(message, campaign=name, reason=state.suspended)
                reason, by = code(reason, "reason"), code(by, "by", optional=True)
                entry: Entry = CampaignSuspended(at=now, now=now, reason=reason, key=key, by=by)
                return ((campaign_stream(name), (entry,)),), CampaignReceipt(
                    member="", at=now, campaign=name, suspended=True, reason=reason
                )
            case Resume(campaign=name, key=key, by=by):
                state = shared.campaign(self._campaign(name))
                now = _later(now, state.now)
                if not state.suspended:
                    message = f"campaign {name!r} is not suspended, so it goes on as it is"
                    raise NotSuspended(message, campaign=name)
                entry = CampaignResumed(at=now, now=now, key=key, by=code(by, "by", optional=True))
                return ((campaign_stream(name), (entry,)),), CampaignReceipt(member="", at=now, campaign=name)
            case Restock(reward=reward, count=count, key=key, reason=reason):
                stock = shared.stock(self._stocked(reward)) or StockState()
                now = _later(now, stock.now)
                left = self.left(stock, reward, now)
                if left + count < 0:
                    message = f"{_so_many(left)} of {reward!r} left, so {-count} cannot go"
                    raise OutOfStock(message, reward=reward, left=left)
                reason = code(reason, "reason", optional=True)
                entries = [StockChanged(at=now, now=now, reward=reward, count=count, key=key, reason=reason)]
                made = self._told(stock, reward, list[Entry](entries), now)
                receipt = StockReceipt(member="", at=now, reward=reward, count=count, left=left + count)
                return ((stock_stream(reward), made),), receipt
        message = f"{command!r} is no command of this shell"
        raise ValueRefused(message, value=command)

    def _campaign(self, name: str) -> str:
        known = [each.name for each in self.program.campaigns]
        if name not in known:
            hint = suggest(name, known) or (f"there are {', '.join(known)}" if known else "it has none at all")
            message = f"the program has no campaign {name!r}; {hint}"
            raise UnknownCampaign(message, campaign=name)
        return name

    def _stocked(self, name: str) -> str:
        if name not in self.stocked:
            if name in self.program.rewards_by_name:
                message = f"there is no end of {name!r}; give it stock= in the program to count what is left"
            else:
                hint = suggest(name, self.stocked) or f"there are {', '.join(self.stocked) or 'none that are counted'}"
                message = f"the program has no reward {name!r} whose stock is counted; {hint}"
            raise UnknownReward(message, reward=name)
        return name

    campaign_named = _campaign
    reward_named = _stocked


def spared(program: Program, counts: Mapping[str, int]) -> dict[str, int]:
    """What budgets of *program* would have used so that they have as much left as the event with *counts* took."""
    found = {}
    for each in program.campaigns:
        if each.budget is not None:
            name = each.budget_counter if each.unit == "spend" else f"uses.{each.name}"
            if each.unit == "points":
                name = f"given.{each.name}/{wallet_of(program, each)}"
            found[each.budget_counter] = each.most - counts.get(name, 0)
    return found


def _stock(program: Program) -> dict[str, int]:
    """How many there are at first of the rewards that *program* counts."""
    return {each.name: each.stock for each in program.rewards if isinstance(each, Reward) and each.stock is not None}


def _told_at(origin: Mapping[str, Any], now: datetime) -> datetime:
    """When somebody got the receipt *origin*; *now* if that is in this very batch."""
    at = origin.get("at")
    return instant_from_text(at) if isinstance(at, str) else now


def _later(now: datetime, last: datetime | None) -> datetime:
    """*now*; never before the last entry of a shared stream, in which others write by clocks of their own."""
    return now if last is None else max(now, last)


def _so_many(left: int) -> str:
    return "none" if not left else f"only {left}"
