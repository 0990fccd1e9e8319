"""Standings: what is left of what members share, and of what one member may have; readings, as work on a journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, TypeVar

from attrs import field, frozen

from fidelity.journals.port import Stream
from fidelity.ledger import Account
from fidelity.ledger.allowances import used as had
from fidelity.ledger.campaigns import CampaignState
from fidelity.ledger.stock import StockState
from fidelity.loyalty.asks import Keep, Load, Work
from fidelity.loyalty.shared import campaign_stream, opened, stock_stream
from fidelity.rules.earning.campaigns import Campaign, instants
from fidelity.rules.earning.limits import Cap, Limit
from fidelity.rules.lowering import cap_counter
from fidelity.rules.program import Program
from fidelity.rules.saying.campaigns import wallet_of
from fidelity.values.money import Money
from fidelity.values.zones import local_date
from fidelity.wording import allowances as said_left
from fidelity.wording import campaigns as said

if TYPE_CHECKING:
    from fidelity.loyalty.office import Office

__all__ = ["Allowance", "CampaignStanding", "Stock", "allowances_of", "campaign_standing", "stock_of"]

S = TypeVar("S", CampaignState, StockState)


@frozen(kw_only=True)
class CampaignStanding:
    """
    Where a campaign stands.

    Attributes:
        campaign: Its name.
        runs: Whether `at` lies in its window.
        suspended: Why it is suspended; empty if it is not.
        uses: For how many events it gave something; None without a budget, for then nothing is counted.
        given: What it gave to all members together, by wallet.
        spend: The amount on which it gave, where its budget is of spend.
        budget: What it may give away: points, an amount, or how many times; None without a budget.
        left: What is left of that; never less than nothing.
    """

    campaign: str
    at: datetime
    runs: bool
    suspended: str = ""
    uses: int | None = None
    given: Mapping[str, int] = field(factory=dict)
    spend: Money | None = None
    budget: int | Money | None = None
    left: int | Money | None = None
    _program: Program = field(eq=False, repr=False)

    @property
    def available(self) -> bool:
        """Whether it gives anything at `at`."""
        left = self.left.minor if isinstance(self.left, Money) else self.left
        return self.runs and not self.suspended and left != 0

    def explain(self, language: str = "en") -> str:
        """Where it stands, in words."""
        program = self._program
        language = program.tongue(language)
        (terms,) = (each for each in program.campaigns if each.name == self.campaign)
        lines = []
        if terms.during is not None:
            lines.append(said.window(language, self.campaign, *instants(terms.during, program.zone), program.zone))
        if self.suspended:
            lines.append(said.ended(language, self.campaign, self.suspended))
        if self.left is not None:
            used = self.spend if terms.unit == "spend" else self.uses if terms.unit == "times" else self._points(terms)
            lines.append(said_left.left(language, self.campaign, self.left, used or 0, self._wallet(terms)))
        return "\n".join(lines)

    def _points(self, terms: Campaign) -> int:
        return self.given.get(wallet_of(self._program, terms), 0)

    def _wallet(self, terms: Campaign) -> str:
        return wallet_of(self._program, terms) if terms.unit == "points" else ""


@frozen(kw_only=True)
class Stock:
    """
    What is left of a reward.

    Attributes:
        reward: Its name.
        left: How many may be had.
        taken: How many members have for good, and `held`, how many are set aside.
        ran_out: When the last one went, each time: a published reward that is not there is a broken promise.
    """

    reward: str
    at: datetime
    left: int
    taken: int = 0
    held: int = 0
    ran_out: tuple[datetime, ...] = ()


@frozen(kw_only=True)
class Allowance:
    """
    What a limit or a cap leaves one member.

    Attributes:
        name: Of the rule, the group, the reward or the program that it belongs to.
        what: ``"limit"``, ``"cap"`` or ``"reward"``.
        used: How often it was used, how many points it gave or took, or on which amount; of a reward, with what is set
            aside for it.
        left: What is left; never less than nothing.
        most: What there is in all.
        until: The first instant at which something of `used` no longer counts; None if that never comes.
        wallet: The points that a cap is about; empty for everything else.
    """

    name: str
    what: str
    used: int | Money
    left: int | Money
    most: int | Money
    until: datetime | None = None
    wallet: str = ""
    _program: Program = field(eq=False, repr=False)

    def explain(self, language: str = "en") -> str:
        """The allowance in words."""
        program = self._program
        day: date | None = None if self.until is None else local_date(self.until, program.zone)
        return said_left.left(program.tongue(language), self.name, self.left, self.used, self.wallet, again=day)


# -- what members share


def campaign_standing(office: Office, name: str, at: datetime | None) -> Work[CampaignStanding]:
    """
    Where the campaign *name* stands at *at*, now unless told.

    Raises:
        UnknownCampaign: If the program has none of that name.
    """
    program, sharing = office.program, office.clerk.sharing
    sharing.campaign_named(name)
    (terms,) = (each for each in program.campaigns if each.name == name)
    when = office.now(at)
    state = yield from _state(office, CampaignState(), campaign_stream(name), at)
    runs = True
    if terms.during is not None:
        first, after = instants(terms.during, program.zone)
        runs = first <= when < after
    standing = CampaignStanding(
        campaign=name, at=when, runs=runs, suspended=state.paused(when), given=dict(state.points), program=program
    )
    if terms.budget is None:
        return standing
    used = state.used(terms.unit, wallet_of(program, terms))
    money = terms.unit == "spend"
    return CampaignStanding(
        campaign=name, at=when, runs=runs, suspended=standing.suspended, uses=state.uses, given=standing.given,
        spend=Money(state.spend, program.currency) if money else None,
        budget=Money(terms.most, program.currency) if money else terms.most,
        left=Money(max(0, terms.most - used), program.currency) if money else max(0, terms.most - used),
        program=program,
    )  # fmt: skip


def stock_of(office: Office, reward: str, at: datetime | None) -> Work[Stock]:
    """
    What is left of *reward* at *at*, now unless told.

    Raises:
        UnknownReward: If the program has none of that name whose stock is counted.
    """
    sharing = office.clerk.sharing
    sharing.reward_named(reward)
    when = office.now(at)
    state = yield from _state(office, StockState(), stock_stream(reward), at)
    held = sum(count for until, count in state.held.values() if until > when)
    taken = state.taken
    return Stock(
        reward=reward, at=when, left=sharing.left(state, reward, when), taken=taken, held=held, ran_out=state.ran_out
    )


def _state(office: Office, empty: S, stream: str, at: datetime | None) -> Work[S]:
    """What *stream* came to by *at*; by now, None."""
    if at is None:
        found, long = yield from opened(office.program.name, office.cache.shared, (stream,), lock=False)
        office.cache.shared.keep(found.items())
        for each in long:
            yield Keep(found[each].snapshot(each))
        state = found[stream].state
        assert isinstance(state, type(empty))  # noqa: S101  (as its name says)
        return state
    lines: Mapping[str, Stream] = yield Load((stream,))
    until = at.astimezone(UTC)
    return empty.after(entry for entry in lines[stream].entries if entry.now <= until)


# -- what one member has left


def allowances_of(program: Program, account: Account, at: datetime) -> tuple[Allowance, ...]:
    """What each limit and each cap over a time leaves the owner of *account* at *at*, in the order of the program."""
    counters = account.facts(at).counters
    found = []
    for name, what, counter, most, wallet in _counted(program):
        limit = most.minor if isinstance(most, Money) else most
        # Of a reward, with what is set aside for it, as a quote has it.
        used = had((account,), counter, at) if what == "reward" else counters.get(counter, 0)
        tally = account.tallies.get(counter)
        leaving = tally.leaving(at, None) if tally is not None and used else []
        money = isinstance(most, Money)
        found.append(
            Allowance(
                name=name, what=what, most=most, until=leaving[0] if leaving else None, wallet=wallet,
                used=Money(used, program.currency) if money else used,
                left=Money(max(0, limit - used), program.currency) if money else max(0, limit - used),
                program=program,
            )
        )  # fmt: skip
    return tuple(found)


def _counted(program: Program) -> Iterator[tuple[str, str, str, int | Money, str]]:
    """Of each limit and each cap over a time: whose it is, which of both, its counter, the most, and the wallet."""
    for group in program.groups:
        for rule in group.rules:
            if rule.limit is not None:
                yield rule.name, "limit", f"limit.{rule.name}", rule.limit.count, ""
            if rule.cap is not None and rule.cap.per is not None:
                yield rule.name, "cap", cap_counter(rule, group), rule.cap.most, rule.wallet
        if group.cap is not None and group.cap.per is not None:
            yield group.name, "cap", f"cap.{group.name}", group.cap.most, group.rules[0].wallet
    if program.cap is not None and program.cap.per is not None:
        yield program.name, "cap", "cap.program", program.cap.most, "points"
    for reward in program.rewards:
        limit = reward.limit
        if isinstance(limit, Limit) and reward.counter:
            yield reward.name, "reward", reward.counter, limit.count, ""
        elif isinstance(limit, Cap) and reward.counter:
            yield reward.name, "reward", reward.counter, limit.most, reward.wallet
