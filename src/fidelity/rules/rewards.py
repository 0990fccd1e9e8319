"""Rewards: what points buy, and each condition that stands between having the points and getting it.

Filters are counted (principle R2); security and legal terms are typed apart and are not filters.
A reward that asks for money cannot be made (principle R1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from attrs import field, frozen

from fidelity.errors import LanguageError, OperandError
from fidelity.language.handles import Condition
from fidelity.language.tree import AllOf, Compare, Field, IsIn, Literal, Node, all_of, fields_of, not_
from fidelity.rules.earning import MAIN_WALLET, condition, days, named
from fidelity.values.money import Money, money
from fidelity.values.periods import Duration, duration
from fidelity.values.spelling import shown
from fidelity.values.whole import points_amount, whole_number

__all__ = ["LEGAL_KINDS", "SECURITY_STEPS", "Filter", "FilterBudget", "Legal", "Reward", "Security"]

SECURITY_STEPS = ("account", "two-step", "PIN", "card present")
LEGAL_KINDS = ("age", "jurisdiction", "identity", "regulated product")


@frozen
class Filter:
    """
    One condition between the points and the reward.

    Attributes:
        name: What it is: ``"when"``, ``"minimum balance"``, ``"channels"``, ``"blackout"``, ``"waiting time"``, …
        when: What must hold, as a tree; None where no tree can say it (a waiting time, an expiring voucher, a step).
        text: How it was written.
    """

    name: str
    when: Node | None
    text: str

    @property
    def key(self) -> str:
        """The clause of the reward that it comes from."""
        return _KEYS.get(self.name, "when")


_KEYS = {
    "minimum balance": "minimum_balance",
    "minimum basket": "minimum_basket",
    "channels": "channels",
    "blackout": "blackouts",
    "block": "block",
    "waiting time": "wait",
    "expiring voucher": "voucher_life",
    "step": "steps",
    "second security step": "security",
}


def _step(_instance: object, _attribute: object, value: str) -> None:
    if value not in SECURITY_STEPS:
        message = f"security is one of {', '.join(SECURITY_STEPS)}, not {value!r}; anything else is a filter"
        raise LanguageError(message, value=value)


def _above(value: Money | str | None) -> Money | None:
    return None if value is None else money(value)


@frozen
class Security:
    """
    A step that protects the member's points. The account is always one; one more is free, a second needs a value.

    Args:
        step: ``"account"``, ``"two-step"``, ``"PIN"`` or ``"card present"``.
        above: Only for rewards worth more than this; published.
    """

    step: str = field(validator=_step)
    above: Money | None = field(default=None, kw_only=True, converter=_above)


def _legal(_instance: object, _attribute: object, value: str) -> None:
    if value not in LEGAL_KINDS:
        message = (
            f"a legal term is one of {', '.join(LEGAL_KINDS)}, not {value!r}; a day, a product, an amount or a channel "
            "is a filter, and counts"
        )
        raise LanguageError(message, value=value)


@frozen
class Legal:
    """
    A term that the law asks for, in clear words.

    Args:
        kind: ``"age"``, ``"jurisdiction"``, ``"identity"`` or ``"regulated product"``.
        text: The term as the member reads it.
        version: The version of that text.
    """

    kind: str = field(validator=_legal)
    text: str
    version: str


def _most(value: int) -> int:
    return whole_number(value, what="filter budget", low=0, high=4)


@frozen
class FilterBudget:
    """
    How many effective filters a reward may have. Raised to at most 4, only signed, dated and with a reason.

    Args:
        most: 0 to 4.
        reason, signed, on: Why, by whom, when; needed above 2.
    """

    most: int = field(default=2, converter=_most)
    reason: str = field(default="", kw_only=True)
    signed: str = field(default="", kw_only=True)
    on: date | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.most > 2 and not (self.reason.strip() and self.signed.strip() and self.on):  # noqa: PLR2004 -- the default
            message = (
                f"a filter budget of {self.most} is above 2; say why, who and when: "
                f'FilterBudget({self.most}, reason="…", signed="…", on=date(…))'
            )
            raise LanguageError(message, most=self.most)


def _conditions(value: Condition | Node | str | Iterable[Condition | Node | str] | None) -> tuple[Node, ...]:
    if value is None:
        return ()
    listed = value if isinstance(value, list | tuple) else (value,)
    return tuple(node for each in listed if (node := condition(each)) is not None)


def _days(value: Iterable[tuple[date | str, date | str]]) -> tuple[tuple[date, date], ...]:
    return tuple(days(each, "a blackout") for each in value)


def _whole(what: str, low: int) -> Callable[[object, object, int | None], None]:
    def check(_instance: object, _attribute: object, value: int | None) -> None:
        if value is not None:
            whole_number(value, what=what, low=low)

    return check


def _cost(value: int) -> int:
    return points_amount(value)


def _security(value: Iterable[Security | str]) -> tuple[Security, ...]:
    return tuple(Security(each) if isinstance(each, str) else each for each in value)


def _money(value: Money | str | None) -> Money | None:
    return None if value is None else money(value)


def _maybe_duration(value: str | Duration | None) -> Duration | None:
    return None if value is None else duration(value)


def _texts(value: Iterable[str]) -> tuple[str, ...]:
    if isinstance(value, str):
        message = f"a list of texts is needed, not one text; write [{value!r}]"
        raise OperandError(message, value=value)
    return tuple(value)


def _legal_terms(value: Iterable[Legal]) -> tuple[Legal, ...]:
    found = tuple(value)
    for each in found:
        if not isinstance(each, Legal):
            message = f'{shown(each)} is not a legal term; write Legal("age", "You must be 18 or older.", "2026-01")'
            raise OperandError(message, value=each)
    return found


@frozen
class Reward:
    """
    Something that points buy.

    Args:
        name: How it is called; unique in the program.
        cost: Whole points.
        worth: What it is worth, for quotes, liability and the check against paid access.
        wallet: Which points it takes.
        when: Further eligibility; each condition is one filter.
        minimum_balance: Points that must be there beside the cost.
        minimum_basket: For money off a purchase: what the basket must reach; at most *worth*, or it is paid access.
        channels: Where it may be asked for; empty means everywhere.
        blackouts: First and last day of each time in which it is closed.
        wait: How long after earning the points wait.
        voucher_life: How long the voucher lasts, if it comes as one.
        steps: Further steps that the member must take, each in words.
        block: Only multiples of this many points.
        security, legal: Typed apart; not filters.
        published_cost: What was announced, for the proof that it is what is charged.
        fee, co_payment, surcharge, shipping: What the member is asked to pay. There so that a program that asks is
            refused by name; nothing but None or zero is ever accepted.
    """

    name: str = field(validator=named)
    cost: int = field(kw_only=True, converter=_cost)
    worth: Money | None = field(default=None, kw_only=True, converter=_money)
    wallet: str = field(default=MAIN_WALLET, kw_only=True, validator=named)
    when: tuple[Node, ...] = field(default=(), kw_only=True, converter=_conditions)
    minimum_balance: int | None = field(default=None, kw_only=True, validator=_whole("minimum balance", 0))
    minimum_basket: Money | None = field(default=None, kw_only=True, converter=_money)
    channels: tuple[str, ...] = field(default=(), kw_only=True, converter=_texts)
    blackouts: tuple[tuple[date, date], ...] = field(default=(), kw_only=True, converter=_days)
    wait: Duration | None = field(default=None, kw_only=True, converter=_maybe_duration)
    voucher_life: Duration | None = field(default=None, kw_only=True, converter=_maybe_duration)
    steps: tuple[str, ...] = field(default=(), kw_only=True, converter=_texts)
    block: int | None = field(default=None, kw_only=True, validator=_whole("block", 1))
    security: tuple[Security, ...] = field(default=(), kw_only=True, converter=_security)
    legal: tuple[Legal, ...] = field(default=(), kw_only=True, converter=_legal_terms)
    published_cost: int | None = field(default=None, kw_only=True, validator=_whole("published cost", 1))
    fee: Money | str | int | None = field(default=None, kw_only=True, eq=False, repr=False)
    co_payment: Money | str | int | None = field(default=None, kw_only=True, eq=False, repr=False)
    surcharge: Money | str | int | None = field(default=None, kw_only=True, eq=False, repr=False)
    shipping: Money | str | int | None = field(default=None, kw_only=True, eq=False, repr=False)

    @property
    def filters(self) -> tuple[Filter, ...]:
        """Every condition between the points and the reward, in the order of the terms."""
        found = [Filter("when", node, "") for each in self.when for node in _conjuncts(each)]
        if self.minimum_balance is not None:
            least = Compare(">=", Field("redemption.balance"), Literal(self.minimum_balance))
            found.append(Filter("minimum balance", least, f"{self.minimum_balance} points"))
        if self.minimum_basket is not None:
            basket = Compare(">=", Field("redemption.basket"), Literal(self.minimum_basket))
            found.append(Filter("minimum basket", basket, str(self.minimum_basket)))
        if self.channels:
            channel = IsIn(Field("redemption.channel"), tuple(Literal(each) for each in self.channels))
            found.append(Filter("channels", channel, ", ".join(self.channels)))
        for first, last in self.blackouts:
            day = Field("redemption.date")
            closed = all_of(Compare(">=", day, Literal(first)), Compare("<=", day, Literal(last)))
            found.append(Filter("blackout", not_(closed), f"{first} to {last}"))
        if self.block is not None and self.cost % self.block:
            found.append(Filter("block", None, f"multiples of {self.block}"))
        if self.wait is not None:
            found.append(Filter("waiting time", None, str(self.wait)))
        if self.voucher_life is not None:
            found.append(Filter("expiring voucher", None, str(self.voucher_life)))
        found.extend(Filter("step", None, each) for each in self.steps)
        found.extend(Filter("second security step", None, each.step) for each in self._extra_security)
        return tuple(found)

    @property
    def charges(self) -> tuple[tuple[str, Any], ...]:
        """What the member is asked to pay: ``(clause, amount)``; empty in every program that exists."""
        asked = (
            ("fee", self.fee),
            ("co_payment", self.co_payment),
            ("surcharge", self.surcharge),
            ("shipping", self.shipping),
        )
        return tuple((clause, value) for clause, value in asked if value is not None)

    @property
    def _extra_security(self) -> tuple[Security, ...]:
        """Steps beyond the account, the first one, and one more that is asked above a published value only."""
        beyond = [each for each in self.security if each.step != "account"]
        always = [each for each in beyond if each.above is None or each.above.minor <= 0]
        above = [each for each in beyond if each not in always]
        return (*always[1:], *above[1 if always else 2 :])


def _conjuncts(node: Node) -> tuple[Node, ...]:
    """The conditions that *node* joins; those about the same one field are one: from nine to five."""
    joined: dict[object, list[Node]] = {}
    for place, each in enumerate(node.conditions if isinstance(node, AllOf) else (node,)):
        about = fields_of(each)
        joined.setdefault(about if len(about) == 1 else place, []).append(each)
    return tuple(all_of(*each) for each in joined.values())
