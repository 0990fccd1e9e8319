"""Earning rules and the groups they stand in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from attrs import Attribute, evolve, field, frozen

from fidelity.errors import LanguageError, OperandError, TimeError, ValueRefused
from fidelity.language.handles import Condition
from fidelity.language.text import parse
from fidelity.language.tree import Node
from fidelity.rules.earning.amounts import Gives, Points, Rate, Times
from fidelity.rules.earning.limits import Cap, Limit, limit
from fidelity.rules.earning.measures import event_kind
from fidelity.rules.earning.wallet_terms import REINSTATEMENT, activity, decay, usual_activity, window_of_days
from fidelity.values.billed import Billed, billed
from fidelity.values.decay import Decay
from fidelity.values.expiry import Expiry, expiry
from fidelity.values.periods import Duration
from fidelity.values.spelling import shown, suggest
from fidelity.values.waiting import UntilConfirmed, waiting
from fidelity.values.whole import whole_number

__all__ = [
    "MAIN_WALLET", "POLICIES", "EarnRule", "Group", "Wallet", "a_day", "condition", "days", "groups_by_kind",
    "groups_of", "is_name", "is_text", "named", "policy",
]  # fmt: skip

MAIN_WALLET = "points"

#: What a wallet may say of each policy; the first is what holds when it says nothing.
POLICIES = {
    "order": ("earliest expiry", "earning order"),
    "clawback": ("debt", "within balance", "only pending"),
    "transfers": ("keep expiry", "reset expiry", "not at all"),
}


def condition(value: Condition | Node | str | None) -> Node | None:
    """A condition as a tree: a `Condition`, one line of text, a tree, or None."""
    if value is None:
        return None
    if isinstance(value, Condition):
        return value.node
    if isinstance(value, str):
        return parse(value)
    if isinstance(value, bool):
        message = "a condition in Python was decided before an event came; write it with & | ~ instead of and, or, not"
        raise OperandError(message, value=value)
    if not hasattr(value, "__attrs_attrs__"):
        message = f'{value!r:.60} is not a condition; write purchase.channel == "app", or that as a text'
        raise OperandError(message, value=value)
    return value


def _gives(value: Gives | None) -> Gives | None:
    if value is None or isinstance(value, Points | Rate | Times):
        return value
    message = f"a rule gives points(…), rate(…) or times(…), not {value!r:.60}"
    raise OperandError(message, value=value)


def a_day(value: date | str) -> date:
    """*value* as a day: a date, or its text."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            message = f'{value!r:.60} is not a day; write "2026-06-01"'
            raise TimeError(message, value=value) from None
    if not isinstance(value, date) or isinstance(value, datetime):
        message = f"{value!r:.60} is not a day; write date(2026, 6, 1): a whole local day is meant"
        raise TimeError(message, value=value)
    return value


def days(value: tuple[date | str, date | str], what: str) -> tuple[date, date]:
    """The first and the last day of *what*, both included."""
    if not isinstance(value, list | tuple) or len(value) != 2:  # noqa: PLR2004 -- from and to
        message = f'{what} takes the first and the last day: ("2026-06-01", "2026-08-31"), not {value!r:.60}'
        raise TimeError(message, value=value)
    first, last = (a_day(each) for each in value)
    if last < first:
        message = f"{what} ends on {last}, before it begins on {first}"
        raise TimeError(message, value=value)
    return first, last


def _during(value: tuple[date | str, date | str] | None) -> tuple[date, date] | None:
    return None if value is None else days(value, "during=")


def named(instance: object, _attribute: object, value: str) -> None:
    """Refuse a name that names nothing, is longer than a line, or cannot be written down."""
    if not is_name(value):
        message = f"{type(instance).__name__} needs a name of 1 to 100 characters, not {shown(value)}"
        raise LanguageError(message, value=value)


def is_name(value: object) -> bool:
    """Whether *value* names something, fits a line and can be written down."""
    if not isinstance(value, str) or not value.strip() or len(value) > 100:  # noqa: PLR2004 -- fits a line
        return False
    # What cannot be printed (control characters, marks that turn the line around) would break the printed terms.
    return is_text(value) and value.isprintable()


def is_text(text: str) -> bool:
    """Whether *text* is text: half of a surrogate pair cannot be stored anywhere."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _text(instance: object, attribute: Attribute[str], value: object) -> None:
    if not isinstance(value, str) or not is_text(value):
        message = f"{attribute.name} of {type(instance).__name__} is a text, not {shown(value)}"
        raise LanguageError(message, value=value)


def _cap(value: Cap | None) -> Cap | None:
    if value is None or isinstance(value, Cap):
        return value
    message = f'a cap is written Cap(500, "points", per="calendar month"), not {shown(value)}'
    raise OperandError(message, value=value)


def _billed(value: str | Billed | None) -> Billed | None:
    return None if value is None else billed(value)


def _priority(value: int) -> int:
    return whole_number(value, what="priority", low=-1_000_000, high=1_000_000)


def _limit(value: str | Limit | None) -> Limit | None:
    return None if value is None else limit(value)


@frozen
class EarnRule:
    """
    When something is given, and how much.

    Args:
        name: How the receipt calls it; unique in the program.
        gives: `points`, `rate` or `times`; None for a rule that only says or grants something.
        when: The condition; None means always. A handle, one line of text, or a tree.
        on: The kind of event: ``"purchase"``, ``"feedback"``, ``"anniversary"``, or a custom event's class.
        limit: How often a member may have it: ``"once a day"``, ``"1 per calendar month"``.
        cap: The most it gives, or the most spend it counts.
        wallet: Where the points go.
        during: First and last local day on which it applies.
        priority: In its group, and alone in the program, higher ones come first; equal ones in their order.
        partner: Who pays for the points, and *billed*, what each of them costs: ``"0.008 EUR"``; see `Loyalty.billing`.
        message: What the member is told or sent, such as ``"a card"``.
        benefit: What the member gets that is not points, such as ``"free delivery"``.
        recognition: A recognition, such as ``"founding member"``.
        voucher: The name of a reward that comes as a voucher: the member gets one, in their own name.
    """

    name: str = field(validator=named)
    gives: Gives | None = field(default=None, converter=_gives)
    when: Node | None = field(default=None, kw_only=True, converter=condition)
    on: str = field(default="purchase", kw_only=True, converter=event_kind)
    limit: Limit | None = field(default=None, kw_only=True, converter=_limit)
    cap: Cap | None = field(default=None, kw_only=True, converter=_cap)
    wallet: str = field(default=MAIN_WALLET, kw_only=True, validator=named)
    during: tuple[date, date] | None = field(default=None, kw_only=True, converter=_during)
    priority: int = field(default=0, kw_only=True, converter=_priority)
    partner: str = field(default="", kw_only=True, validator=_text)
    billed: Billed | None = field(default=None, kw_only=True, converter=_billed)
    message: str = field(default="", kw_only=True, validator=_text)
    benefit: str = field(default="", kw_only=True, validator=_text)
    recognition: str = field(default="", kw_only=True, validator=_text)
    voucher: str = field(default="", kw_only=True, validator=_text)

    def __attrs_post_init__(self) -> None:
        if self.gives is None and not self.effects:
            message = f"rule {self.name!r} gives nothing; add points(…), rate(…), times(…), message= or benefit="
            raise LanguageError(message, rule=self.name)
        if bool(self.partner.strip()) != (self.billed is not None) or (self.partner and self.gives is None):
            message = f'rule {self.name!r}: a partner pays for points; write both partner= and billed="0.008 EUR"'
            raise LanguageError(message, rule=self.name)
        if self.cap is not None and isinstance(self.gives, Times):
            message = f"rule {self.name!r} multiplies a group; put the cap on the group"
            raise LanguageError(message, rule=self.name)

    @property
    def effects(self) -> tuple[tuple[str, str, str], ...]:
        """What it gives beside points: ``(kind, rule, text)``."""
        said = (
            ("message", self.message), ("benefit", self.benefit), ("recognition", self.recognition),
            ("voucher", self.voucher),
        )  # fmt: skip
        return tuple((kind, self.name, text) for kind, text in said if text)


def _rules(value: Iterable[EarnRule]) -> tuple[EarnRule, ...]:
    return tuple(value)


@frozen
class Group:
    """
    Rules that meet, and how: their `sum`, the `best` one, or the `first` that applies.

    Args:
        name: Its name; multipliers and tiers refer to it.
        rules: The rules, in order.
        combine: ``"sum"``, ``"best"`` or ``"first"``.
        cap: The most that the group gives, multipliers included.
        priority: Higher groups come first; equal ones in their order.
    """

    name: str = field(validator=named)
    rules: tuple[EarnRule, ...] = field(converter=_rules)
    combine: Literal["sum", "best", "first"] = field(default="sum", kw_only=True)
    cap: Cap | None = field(default=None, kw_only=True, converter=_cap)
    priority: int = field(default=0, kw_only=True, converter=_priority)

    def __attrs_post_init__(self) -> None:
        if self.combine not in ("sum", "best", "first"):
            message = f'group {self.name!r}: combine is "sum", "best" or "first", not {self.combine!r}'
            raise LanguageError(message, group=self.name)
        if not self.rules or not all(isinstance(each, EarnRule) for each in self.rules):
            message = f"group {self.name!r} needs at least one EarnRule, and nothing but EarnRules"
            raise LanguageError(message, group=self.name)
        if self.cap is not None and self.cap.unit == "spend":
            message = (
                f"group {self.name!r}: a cap of spend belongs to a rule; "
                'cap the points of the group, Cap(500, "points")'
            )
            raise LanguageError(message, group=self.name)

    @classmethod
    def alone(cls, rule: EarnRule) -> Group:
        """The group that a rule forms by itself."""
        return cls(rule.name, (rule,), priority=rule.priority)

    @property
    def in_order(self) -> Group:
        """The group with its rules by priority."""
        if not any(each.priority for each in self.rules):
            return self
        return evolve(self, rules=sorted(self.rules, key=lambda each: -each.priority))


def _expiry(value: str | Expiry | None) -> Expiry | None:
    return None if value is None else expiry(value)


def policy(name: str, value: object) -> str:
    """
    *value* as what a wallet says of the policy *name*.

    Raises:
        ValueRefused: If it is none of `POLICIES`; says which there are.
    """
    known = POLICIES[name]
    if isinstance(value, str) and value in known:
        return value
    *most, last = (f'"{each}"' for each in known)
    message = f"{name} of a wallet is {', '.join(most)} or {last}, not {shown(value)}"
    hint = suggest(value, known)
    raise ValueRefused(f"{message}; {hint}" if hint else message, value=value)


def _policy(_: object, attribute: Attribute[str], value: object) -> None:
    policy(attribute.name, value)


def _scale(value: int) -> int:
    return whole_number(value, what="scale", low=0, high=6)


@frozen
class Wallet:
    """
    A point currency: the main one when it is called ``"points"``, else one beside it, with terms of its own.

    Args:
        name: Its name; rules and rewards refer to it.
        expiry: How long its points last; None takes the program's.
        order: What is spent first: ``"earliest expiry"`` or ``"earning order"``.
        pending: How long points wait before they can be used, such as ``"14 days"``; their life starts when they can.
            ``"until confirmed"``: until an event `Confirmation` tells that the purchase stands;
            ``"until confirmed, at most 60 days"``: they count as confirmed after that.
        clawback: What a return may take: ``"debt"``, everything that was earned, and what is not there any more is
            owed; ``"within balance"``, no more than the member has; ``"only pending"``, only points that still wait.
        transfers: Points that go to another member ``"keep expiry"``, ``"reset expiry"`` (their life starts again),
            or cannot go: ``"not at all"``.
        activity: What counts as activity, where points end without it: ``"earn"``, ``"redeem"``, ``"event"`` (whatever
            is recorded), ``"goodwill"``, ``"transfer"``, ``"adjustment"``, ``"merge"``. Earning and spending unless
            told; for points that fade only earning.
        decay: How points fade when nothing is earned.
        reinstatement: For how many days after they expired points can be given back.
        extension: For how much longer than the day of asking staff can extend a life; None: as long as they say.
        scale: How many decimals its points have in words, 0 to 6. Numbers stay whole, in the smallest unit, as cents
            of money do: with a scale of 1 the number 125 is said as 12.5 points.
    """

    name: str = field(validator=named)
    expiry: Expiry | None = field(default=None, kw_only=True, converter=_expiry)
    order: Literal["earliest expiry", "earning order"] = field(
        default="earliest expiry", kw_only=True, validator=_policy
    )
    pending: Duration | UntilConfirmed | None = field(default=None, kw_only=True, converter=waiting)
    clawback: Literal["debt", "within balance", "only pending"] = field(default="debt", kw_only=True, validator=_policy)
    transfers: Literal["keep expiry", "reset expiry", "not at all"] = field(
        default="keep expiry", kw_only=True, validator=_policy
    )
    activity: tuple[str, ...] = field(default=(), kw_only=True, converter=activity)
    decay: Decay | None = field(default=None, kw_only=True, converter=decay)
    reinstatement: Duration = field(default=REINSTATEMENT, kw_only=True, converter=window_of_days)
    extension: Duration | None = field(default=None, kw_only=True, converter=window_of_days)
    scale: int = field(default=0, kw_only=True, converter=_scale)

    def __attrs_post_init__(self) -> None:
        if self.decay is not None and self.expiry is not None and self.expiry.idle is not None:
            message = f"points of {self.name!r} would fade and also end {self.expiry}; keep one of the two"
            raise LanguageError(message, wallet=self.name)
        if self.activity == usual_activity(fades=self.decay is not None):
            # One meaning, one spelling.
            object.__setattr__(self, "activity", ())


def groups_by_kind(groups: Iterable[Group]) -> dict[str, list[str]]:
    """By kind of event the names of the *groups* with rules about it that are no multipliers."""
    found: dict[str, list[str]] = {}
    for group in groups:
        for kind in dict.fromkeys(each.on for each in group.rules if not isinstance(each.gives, Times)):
            found.setdefault(kind, []).append(group.name)
    return found


def groups_of(earn: Iterable[EarnRule | Group]) -> tuple[Group, ...]:
    """The groups of a program by priority, with their rules by priority: a rule outside a group forms its own."""
    groups = (each.in_order if isinstance(each, Group) else Group.alone(each) for each in earn)
    return tuple(sorted(groups, key=lambda each: -each.priority))
