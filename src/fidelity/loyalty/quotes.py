"""Quotes: what it would take to have a reward. Too few points is not an error but an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from attrs import evolve, field, frozen

from fidelity.events import FieldValue
from fidelity.ledger import Account
from fidelity.ledger.allowances import room_from, used
from fidelity.ledger.households import pooled
from fidelity.loyalty.notice import NOTICE, Offer
from fidelity.loyalty.telling import tell_filter
from fidelity.rules.earning.limits import Cap
from fidelity.rules.program import Program
from fidelity.rules.rewards.payments import Payment
from fidelity.rules.rewards.pricing import Wish, price
from fidelity.rules.rewards.redemption import Unmet, circumstances, moment
from fidelity.rules.rewards.reward import Reward
from fidelity.values.money import Money, money
from fidelity.values.zones import local_date
from fidelity.wording import allowances, notices, rewards
from fidelity.wording import receipts as said

__all__ = ["ONE", "Quote", "quote"]

#: One of a reward; of a payment, as many points as go.
ONE = Wish()


@frozen(kw_only=True)
class Quote:
    """
    What it would take to have a reward at an instant.

    Attributes:
        reward: Its name.
        wallet: Which points it takes, `cost`, how many, and `worth`, what it is worth as text.
        available: How many the member has for it; points that must wait for it are not among them.
        reasons: The filters of the reward that say no.
        at: For which instant this holds.
        ready: From which day points that still wait make it enough; None if they do not.
        version: The version of the program whose terms these are: an earlier one, where it binds and is better.
        frozen: Whether the account is frozen, so that nothing can be spent whatever there is.
        asked: How many points were asked for, of a payment; None: as many as go.
        quantity: How many were asked for, of a reward.
        stock: How many of it are left for all members together; None if there is no end of it.
    """

    reward: str
    wallet: str
    cost: int
    available: int
    at: datetime
    worth: str = ""
    reasons: tuple[Unmet, ...] = ()
    ready: date | None = None
    version: str = ""
    frozen: bool = False
    asked: int | None = None
    quantity: int = 1
    stock: int | None = None
    #: What it adds to the counters of what a member has had.
    _counts: Mapping[str, int] = field(factory=dict, eq=False, repr=False)
    _program: Program = field(eq=False, repr=False)
    #: What is available in the wallet, also of points that cannot pay this.
    _balance: int = field(eq=False, repr=False)
    #: Before which instant the points were earned that have these terms; None if all have.
    _earned_before: datetime | None = field(default=None, eq=False, repr=False)
    _offer: Offer | None = field(default=None, eq=False, repr=False)

    @property
    def terms(self) -> Offer:
        """The terms that hold: of all on which the member may have it, those that do not say no."""
        assert self._offer is not None  # noqa: S101  (told by whoever quotes)
        return self._offer

    @property
    def counts(self) -> Mapping[str, int]:
        """What having it adds to the counters of what the member has had."""
        return self._counts

    @property
    def missing(self) -> int:
        """How many points are missing; 0 if none."""
        return max(0, self.cost - self.available)

    @property
    def affordable(self) -> bool:
        """Whether the member could have it at once."""
        return not self.missing and not self.reasons and not self.frozen and not self.out_of_stock

    @property
    def out_of_stock(self) -> bool:
        """Whether too few of it are left, whatever the member has."""
        return self.stock is not None and self.stock < self.quantity

    def explain(self, language: str = "en") -> str:
        """The answer in words: what is missing, what says no, and whether earlier terms hold."""
        language = self._program.tongue(language)
        lines = [tell_filter(self._program, self.reward, each, language, self.wallet) for each in self.reasons]
        if self.out_of_stock:
            lines.append(allowances.none_left(language, self.reward))
        if self.missing:
            lines.insert(0, said.quote_missing(language, self.reward, self.cost, self.available, self.wallet))
            if self.ready is not None:
                lines.insert(1, said.quote_ready(language, self.ready, self.wallet))
        elif not lines and not self.frozen:
            left = self._balance - self.cost
            if self.asked is not None and self.asked != self.cost:
                lines.append(rewards.asked_more(language, self.asked, self.cost, self.wallet))
            lines.append(said.quote_yes(language, self.reward, self.cost, left, self.wallet))
            if self._pays is not None:
                lines.append(rewards.pays(language, self._pays))
        if self.frozen:
            lines.append(notices.frozen(language, still=True))
        if self._earned_before is not None:
            lines.append(self._earlier(language, self._earned_before))
        return "\n".join(lines)

    @property
    def _pays(self) -> Money | None:
        """What it would pay, if it is a payment."""
        terms = self._program.rewards_by_name.get(self.reward)
        return money(self.worth) if isinstance(terms, Payment) else None

    def _earlier(self, language: str, before: datetime) -> str:
        """That earlier terms of the program hold, for which points and how long."""
        zone = self._program.zone
        end = NOTICE.after(before, zone)
        return said.quote_earlier(language, self.available, zone, self.wallet, before=before, until=end)


def quote(
    account: Account,
    offer: Offer,
    at: datetime,
    fields: Mapping[str, FieldValue],
    *,
    household: Mapping[str, Account] | None = None,
    wish: Wish = ONE,
) -> Quote:
    """
    What it would take for the owner of *account* to have what *offer* says at *at*, in these circumstances.

    Args:
        account: The member's books.
        offer: The reward and its terms.
        at: When.
        fields: Where and on what the reward would be used.
        household: The books of all who would give together; None when the member would give alone.
        wish: How much of it is asked for.

    Raises:
        ValueRefused: If *fields* tells something that no reward reads, or *wish* asks what cannot be asked of it.
    """
    found = _quoted(account, offer, at, fields, household, wish)
    if found.reasons or found.missing:
        for each in offer.instead:
            other = _quoted(account, each, at, _read_by(each, fields), household, wish)
            if not (other.reasons or other.missing):
                return other
    return found


def _read_by(offer: Offer, fields: Mapping[str, FieldValue]) -> Mapping[str, FieldValue]:
    """Those of *fields* that the version of *offer* knows: what another one asks for is nothing to it."""
    known = offer.program.declared.redeemed
    return {name: value for name, value in fields.items() if name in known}


def _quoted(  # noqa: PLR0917  (as `quote`)
    account: Account,
    offer: Offer,
    at: datetime,
    fields: Mapping[str, FieldValue],
    household: Mapping[str, Account] | None,
    wish: Wish,
) -> Quote:
    """What *offer* itself says, and nothing instead of it."""
    program, reward = offer.program, offer.reward
    told = circumstances(program, fields)
    giving = (account,) if household is None else tuple(pooled(household, account.member, reward.wallet).values())
    available = sum(each.usable(reward.wallet, at, reward.wait, earned_before=offer.earned_before) for each in giving)
    balance = sum(each.balance(at, reward.wallet).available for each in giving)
    facts, own = account.facts(at), account.balance(at, reward.wallet).available
    reasons: tuple[Unmet, ...] = ()
    if reward.filters:
        reasons = program.unmet(reward.name, facts, at=at, balance=own, fields=told, quantity=wish.quantity)
    counter, basket = reward.counter, told.get("basket")
    found = price(
        program,
        reward,
        wish,
        available=available,
        basket=basket if isinstance(basket, Money) else None,
        used=used(giving, counter, at) if counter else 0,
        values=moment(program, facts, at, told, balance=own, quantity=wish.quantity) if _reads(reward) else {},
    )
    reasons += tuple(_opening(each, reward, wish, giving, at, program) for each in found.reasons)
    return Quote(
        reward=reward.name,
        wallet=reward.wallet,
        cost=found.points,
        available=available,
        at=at,
        worth="" if found.worth is None else str(found.worth),
        reasons=reasons,
        ready=_ready(account, offer, at, found.points) if household is None and available < found.points else None,
        version=program.version,
        frozen=bool(account.frozen),
        asked=wish.points,
        quantity=wish.quantity,
        counts={counter: found.counts} if counter and found.counts else {},
        program=program,
        balance=balance,
        earned_before=offer.earned_before,
        offer=offer,
    )


def _reads(reward: Reward | Payment) -> bool:
    """Whether what *reward* costs reads the moment."""
    return isinstance(reward, Reward) and not isinstance(reward.cost, int)


def _opening(  # noqa: PLR0917  (a part of `quote`)
    reason: Unmet, reward: Reward | Payment, wish: Wish, giving: Sequence[Account], at: datetime, program: Program
) -> Unmet:
    """*reason* with the first day on which there is room again, if it is a limit of a time."""
    limit = reward.limit
    if reason.filter != "limit" or not reward.counter or limit is None:
        return reason
    if isinstance(limit, Cap):
        most, needs = limit.most, reward.least if wish.points is None else wish.points
    else:
        most, needs = limit.count, wish.quantity
    assert isinstance(most, int)  # noqa: S101  (the limit of a payment is of points)
    opens = room_from(giving, reward.counter, max(0, most - needs), at)
    return evolve(reason, opens=None if opens is None else local_date(opens, program.zone))


def _ready(account: Account, offer: Offer, at: datetime, cost: int) -> date | None:
    """The first day on which points that wait make it enough."""
    reward, zone = offer.reward, offer.program.zone
    starts = (each.starts for each in account.lots(reward.wallet) if each.pending or each.available)
    waited = {each if reward.wait is None else reward.wait.after(each, zone) for each in starts}
    for each in sorted(when for when in waited if when > at):
        if account.usable(reward.wallet, each, reward.wait, earned_before=offer.earned_before) >= cost:
            return local_date(each, zone)
    return None
