"""The terms that all rewards share: filters, security steps and legal terms, each told apart.

Filters are counted (principle R2); security and legal terms are typed apart and are not filters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from attrs import field, frozen

from fidelity.errors import LanguageError, OperandError
from fidelity.language.handles import Condition
from fidelity.language.tree import AllOf, Compare, Field, IsIn, Literal, Node, all_of, fields_of, not_
from fidelity.rules.earning.rules import condition, days
from fidelity.values.money import Money, money
from fidelity.values.periods import Duration, duration
from fidelity.values.spelling import shown
from fidelity.values.whole import whole_number

__all__ = [
    "LEGAL_KINDS", "SECURITY_STEPS", "Filter", "FilterBudget", "Legal", "Security", "as_conditions", "closed_days",
    "conditions_of", "efforts", "legal_terms", "maybe_days", "maybe_duration", "maybe_money", "moments",
    "security_steps", "some_texts", "whole_from",
]  # fmt: skip

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
    "share": "share",
    "at least": "at_least",
    "blocks": "blocks",
    "limit": "limit",
    "during": "during",
    "voucher": "voucher",
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


def as_conditions(value: Condition | Node | str | Iterable[Condition | Node | str] | None) -> tuple[Node, ...]:
    """Conditions as trees; one may stand alone."""
    if value is None:
        return ()
    listed = value if isinstance(value, list | tuple) else (value,)
    return tuple(node for each in listed if (node := condition(each)) is not None)


def closed_days(value: Iterable[tuple[date | str, date | str]]) -> tuple[tuple[date, date], ...]:
    """First and last day of each time in which a reward is closed."""
    return tuple(days(each, "a blackout") for each in value)


def whole_from(what: str, low: int) -> Callable[[object, object, int | None], None]:
    """A validator: None, or a whole number from *low* on."""

    def check(_instance: object, _attribute: object, value: int | None) -> None:
        if value is not None:
            whole_number(value, what=what, low=low)

    return check


def security_steps(value: Iterable[Security | str]) -> tuple[Security, ...]:
    """Security steps; a text alone names one."""
    return tuple(Security(each) if isinstance(each, str) else each for each in value)


def maybe_money(value: Money | str | None) -> Money | None:
    """Money, if there is any."""
    return None if value is None else money(value)


def maybe_duration(value: str | Duration | None) -> Duration | None:
    """A duration, if there is one."""
    return None if value is None else duration(value)


def some_texts(value: Iterable[str]) -> tuple[str, ...]:
    """A list of texts; one text alone is none."""
    if isinstance(value, str):
        message = f"a list of texts is needed, not one text; write [{value!r}]"
        raise OperandError(message, value=value)
    return tuple(value)


def legal_terms(value: Iterable[Legal]) -> tuple[Legal, ...]:
    """Legal terms."""
    found = tuple(value)
    for each in found:
        if not isinstance(each, Legal):
            message = f'{shown(each)} is not a legal term; write Legal("age", "You must be 18 or older.", "2026-01")'
            raise OperandError(message, value=each)
    return found


def maybe_days(value: tuple[date | str, date | str] | None) -> tuple[date, date] | None:
    """First and last day, if they are told."""
    return None if value is None else days(value, "during=")


def moments(
    channels: tuple[str, ...], blackouts: tuple[tuple[date, date], ...], during: tuple[date, date] | None
) -> Iterator[Filter]:
    """The filters that ask where and when."""
    if channels:
        channel = IsIn(Field("redemption.channel"), tuple(Literal(each) for each in channels))
        yield Filter("channels", channel, ", ".join(channels))
    for first, last in blackouts:
        yield Filter("blackout", not_(_between(first, last)), f"{first} to {last}")
    if during is not None:
        yield Filter("during", _between(*during), f"{during[0]} to {during[1]}")


def _between(first: date, last: date) -> Node:
    day = Field("redemption.date")
    return all_of(Compare(">=", day, Literal(first)), Compare("<=", day, Literal(last)))


def conditions_of(when: tuple[Node, ...]) -> Iterator[Filter]:
    """The filters that a reward's own conditions are."""
    return (Filter("when", node, "") for each in when for node in _conjuncts(each))


def efforts(steps: tuple[str, ...], security: tuple[Security, ...]) -> Iterator[Filter]:
    """The filters that ask the member to do something."""
    yield from (Filter("step", None, each) for each in steps)
    yield from (Filter("second security step", None, each.step) for each in _extra_security(security))


def _extra_security(security: tuple[Security, ...]) -> tuple[Security, ...]:
    """Steps beyond the account, the first one, and one more that is asked above a published value only."""
    beyond = [each for each in security if each.step != "account"]
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
