"""Quotes: what it would take to have a reward. Too few points is not an error but an answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from attrs import field, frozen

from fidelity.errors import ValueRefused
from fidelity.events import FieldValue
from fidelity.ledger import Account
from fidelity.ledger.households import pooled
from fidelity.loyalty.notice import NOTICE, Offer
from fidelity.loyalty.telling import tell_filter
from fidelity.rules.program import Program
from fidelity.rules.redemption import Unmet
from fidelity.values.money import money
from fidelity.values.spelling import suggest
from fidelity.values.zones import local_date
from fidelity.wording import notices
from fidelity.wording import receipts as said

__all__ = ["Quote", "quote"]

#: What may be told of the moment in which a reward is asked for.
_CIRCUMSTANCES = ("channel", "basket")


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
    _program: Program = field(eq=False, repr=False)
    #: What is available in the wallet, also of points that cannot pay this.
    _balance: int = field(eq=False, repr=False)
    #: Before which instant the points were earned that have these terms; None if all have.
    _earned_before: datetime | None = field(default=None, eq=False, repr=False)

    @property
    def missing(self) -> int:
        """How many points are missing; 0 if none."""
        return max(0, self.cost - self.available)

    @property
    def affordable(self) -> bool:
        """Whether the member could have it at once."""
        return not self.missing and not self.reasons and not self.frozen

    def explain(self, language: str = "en") -> str:
        """The answer in words: what is missing, what says no, and whether earlier terms hold."""
        language = self._program.tongue(language)
        lines = [tell_filter(self._program, self.reward, each, language) for each in self.reasons]
        if self.missing:
            lines.insert(0, said.quote_missing(language, self.reward, self.cost, self.available, self.wallet))
            if self.ready is not None:
                lines.insert(1, said.quote_ready(language, self.ready, self.wallet))
        elif not lines and not self.frozen:
            left = self._balance - self.cost
            lines.append(said.quote_yes(language, self.reward, self.cost, left, self.wallet))
        if self.frozen:
            lines.append(notices.frozen(language, still=True))
        if self._earned_before is not None:
            lines.append(self._earlier(language, self._earned_before))
        return "\n".join(lines)

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
) -> Quote:
    """
    What it would take for the owner of *account* to have what *offer* says at *at*, in these circumstances.

    Args:
        account: The member's books.
        offer: The reward and its terms.
        at: When.
        fields: Where and on what the reward would be used.
        household: The books of all who would give together; None when the member would give alone.

    Raises:
        ValueRefused: If *fields* tells something that no reward reads.
    """
    for name in fields:
        if name not in _CIRCUMSTANCES:
            hint = suggest(name, _CIRCUMSTANCES) or f"it takes {', '.join(_CIRCUMSTANCES)}"
            message = f"a redemption has no field {name!r}; {hint}"
            raise ValueRefused(message, field=name)
    program, reward = offer.program, offer.reward
    giving = (account,) if household is None else tuple(pooled(household, account.member, reward.wallet).values())
    available = sum(each.usable(reward.wallet, at, reward.wait, earned_before=offer.earned_before) for each in giving)
    balance = sum(each.balance(at, reward.wallet).available for each in giving)
    reasons: tuple[Unmet, ...] = ()
    if reward.filters:
        basket = fields.get("basket")
        reasons = program.unmet(
            reward.name,
            account.facts(at),
            at=at,
            balance=account.balance(at, reward.wallet).available,
            channel=str(fields.get("channel", "")),
            basket=None if basket is None else money(basket, program.currency),  # type: ignore[arg-type]  # it refuses
        )
    return Quote(
        reward=reward.name,
        wallet=reward.wallet,
        cost=reward.cost,
        available=available,
        at=at,
        worth="" if reward.worth is None else str(reward.worth),
        reasons=reasons,
        ready=_ready(account, offer, at) if household is None and available < reward.cost else None,
        version=program.version,
        frozen=bool(account.frozen),
        program=program,
        balance=balance,
        earned_before=offer.earned_before,
    )


def _ready(account: Account, offer: Offer, at: datetime) -> date | None:
    """The first day on which points that wait make it enough."""
    reward, zone = offer.reward, offer.program.zone
    starts = (each.starts for each in account.lots(reward.wallet) if each.pending or each.available)
    waited = {each if reward.wait is None else reward.wait.after(each, zone) for each in starts}
    for each in sorted(when for when in waited if when > at):
        if account.usable(reward.wallet, each, reward.wait, earned_before=offer.earned_before) >= reward.cost:
            return local_date(each, zone)
    return None
