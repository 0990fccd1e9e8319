"""The fields that come declared: `purchase`, `line`, `member`, `redemption` and the other events."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, TypeVar

from fidelity.errors import OperandError, UnknownFieldError
from fidelity.language.codes import ChoiceHandle, DayHandle, InstantHandle, TagsHandle
from fidelity.language.handles import Condition
from fidelity.language.numbers import AmountHandle, NumberHandle
from fidelity.language.printing import as_text
from fidelity.language.schema import BUILT_IN, LINE, MEMBER, REDEMPTION, calendar
from fidelity.language.tree import Field, Literal, Node, OverLines
from fidelity.values.spelling import shown, suggest

__all__ = [
    "anniversary",
    "birthday",
    "feedback",
    "line",
    "lines",
    "member",
    "participation",
    "purchase",
    "redemption",
    "referral",
    "referred",
    "visit",
]


class UnknownAttribute(UnknownFieldError, AttributeError):
    """A misspelt field in Python; also an `AttributeError`, so that `hasattr` and tools keep working."""


class _Owner:
    """Somebody who has fields. A field nobody declared is refused with the nearest name."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name

    def _choice(self, name: str) -> ChoiceHandle:
        return ChoiceHandle(Field(f"{self._name}.{name}"))

    def _number(self, name: str) -> NumberHandle:
        return NumberHandle(Field(f"{self._name}.{name}"))

    def _amount(self, name: str) -> AmountHandle:
        return AmountHandle(Field(f"{self._name}.{name}"))

    def _tags(self, name: str) -> TagsHandle:
        return TagsHandle(Field(f"{self._name}.{name}"))

    if not TYPE_CHECKING:  # a type checker must keep calling a misspelt field an error

        def __getattr__(self, name: str) -> NoReturn:
            if name.startswith("_"):
                raise AttributeError(name)
            known = _KNOWN.get(self._name, ())
            hint = suggest(name, known) or f"it has {', '.join(known)}; declare your own in a Fields class"
            message = f'{self._name} has no field "{name}"; {hint}'
            raise UnknownAttribute(message, path=f"{self._name}.{name}")


class _Dated(_Owner):
    """The parts of the local date and time, in the program's zone."""

    @property
    def weekday(self) -> ChoiceHandle:
        """``"monday"`` … ``"sunday"``."""
        return self._choice("weekday")

    @property
    def date(self) -> DayHandle:
        """The local day."""
        return DayHandle(Field(f"{self._name}.date"))

    @property
    def month(self) -> NumberHandle:
        """1–12."""
        return self._number("month")

    @property
    def day(self) -> NumberHandle:
        """The day of the month, 1–31."""
        return self._number("day")

    @property
    def hour(self) -> NumberHandle:
        """0–23."""
        return self._number("hour")

    @property
    def at(self) -> InstantHandle:
        """The moment itself."""
        return InstantHandle(Field(f"{self._name}.at"))


class _Purchase(_Dated):
    """Fields of a purchase."""

    @property
    def amount(self) -> AmountHandle:
        """What was paid, points part included."""
        return self._amount("amount")

    @property
    def basis(self) -> AmountHandle:
        """The amount that earns: *amount* less what was paid with points and less excluded lines."""
        return self._amount("basis")

    @property
    def discount(self) -> AmountHandle:
        """What was taken off the order as a whole."""
        return self._amount("discount")

    @property
    def paid_with_points(self) -> AmountHandle:
        """The part settled with points."""
        return self._amount("paid_with_points")

    @property
    def tax(self) -> AmountHandle:
        """The tax in the amount."""
        return self._amount("tax")

    @property
    def shipping(self) -> AmountHandle:
        """The shipping in the amount."""
        return self._amount("shipping")

    @property
    def tip(self) -> AmountHandle:
        """The tip in the amount."""
        return self._amount("tip")

    @property
    def channel(self) -> ChoiceHandle:
        """Where it was made."""
        return self._choice("channel")

    @property
    def category(self) -> ChoiceHandle:
        """The category of the sale."""
        return self._choice("category")

    @property
    def store(self) -> ChoiceHandle:
        """The shop or branch."""
        return self._choice("store")

    @property
    def payment(self) -> ChoiceHandle:
        """How it was paid."""
        return self._choice("payment")

    @property
    def tags(self) -> TagsHandle:
        """Further marks."""
        return self._tags("tags")


class _Line(_Owner):
    """Fields of one line; they stand inside ``lines(…)``."""

    @property
    def amount(self) -> AmountHandle:
        """What the line cost."""
        return self._amount("amount")

    @property
    def basis(self) -> AmountHandle:
        """What earns of it: *amount* less its share of an order discount and of what was paid with points."""
        return self._amount("basis")

    @property
    def quantity(self) -> NumberHandle:
        """How many units."""
        return self._number("quantity")

    @property
    def category(self) -> ChoiceHandle:
        """The item's category."""
        return self._choice("category")

    @property
    def sku(self) -> ChoiceHandle:
        """The article."""
        return self._choice("sku")

    @property
    def tags(self) -> TagsHandle:
        """Further marks of the item."""
        return self._tags("tags")


class _Member(_Owner):
    """What is known of the member."""

    @property
    def tier(self) -> ChoiceHandle:
        """The tier at the time of the event, before it counts."""
        return self._choice("tier")

    @property
    def tenure_days(self) -> NumberHandle:
        """Whole days since the first business."""
        return self._number("tenure_days")

    @property
    def tenure_months(self) -> NumberHandle:
        """Whole months since the first business."""
        return self._number("tenure_months")

    @property
    def tenure_years(self) -> NumberHandle:
        """Whole years since the first business."""
        return self._number("tenure_years")


class _Redemption(_Dated):
    """What a filter of a reward may read of the moment of redeeming."""

    @property
    def channel(self) -> ChoiceHandle:
        """Where the reward is asked for."""
        return self._choice("channel")

    @property
    def store(self) -> ChoiceHandle:
        """The shop or branch."""
        return self._choice("store")

    @property
    def basket(self) -> AmountHandle:
        """The basket that the reward is used on."""
        return self._amount("basket")

    @property
    def balance(self) -> NumberHandle:
        """The points available."""
        return self._number("balance")

    @property
    def quantity(self) -> NumberHandle:
        """How many of the reward are asked for."""
        return self._number("quantity")


class _Tagged(_Dated):
    """A visit, feedback or participation."""

    @property
    def channel(self) -> ChoiceHandle:
        """Where it happened."""
        return self._choice("channel")

    @property
    def tags(self) -> TagsHandle:
        """Further marks."""
        return self._tags("tags")


class _Visit(_Tagged):
    @property
    def store(self) -> ChoiceHandle:
        """The shop or branch."""
        return self._choice("store")


class _Feedback(_Tagged):
    @property
    def topic(self) -> ChoiceHandle:
        """What it was about; never what was answered."""
        return self._choice("topic")


class _Participation(_Tagged):
    @property
    def activity(self) -> ChoiceHandle:
        """What the member took part in."""
        return self._choice("activity")


class _Referral(_Dated):
    @property
    def channel(self) -> ChoiceHandle:
        """Where it happened."""
        return self._choice("channel")


class _Referred(_Dated):
    """That a friend came has a day, and nothing else that a rule may read."""


class _Birthday(_Dated):
    """A birthday has a day, and nothing else that anybody may ask for."""


class _Anniversary(_Dated):
    @property
    def years(self) -> NumberHandle:
        """Whole years since the first business."""
        return self._number("years")


N = TypeVar("N", NumberHandle, AmountHandle)


class LinesHandle:
    """The lines of a purchase for which a condition holds; what they add up to stands in rules and conditions."""

    __slots__ = ("_when",)

    def __init__(self, when: Node | None) -> None:
        self._when = when

    def __repr__(self) -> str:
        return "lines" if self._when is None else f"lines({as_text(self._when)})"

    if not TYPE_CHECKING:  # a type checker must keep calling these errors

        def _say_what(self, *_other: object) -> NoReturn:
            message = (
                f"`{self!r}` are lines, neither a number nor a condition; write .quantity, .amount, .count or .sum(…)"
            )
            raise OperandError(message)

        __bool__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __len__ = __iter__ = _say_what
        __hash__ = None

    @property
    def quantity(self) -> NumberHandle:
        """How many units, all lines together."""
        return NumberHandle(OverLines(Field("line.quantity"), self._when))

    @property
    def amount(self) -> AmountHandle:
        """What they cost together."""
        return AmountHandle(OverLines(Field("line.amount"), self._when))

    @property
    def count(self) -> NumberHandle:
        """How many lines."""
        return NumberHandle(OverLines(Literal(1), self._when))

    def sum(self, value: N) -> N:
        """The sum of *value* over the lines, such as ``line.amount // "1 EUR"``."""
        if not isinstance(value, NumberHandle | AmountHandle):
            message = f"only numbers and amounts are added up, and {shown(value)} is neither"
            raise OperandError(message, value=value)
        return type(value)(OverLines(value.node, self._when))


def lines(when: Condition | None = None) -> LinesHandle:
    """The lines for which *when* holds: ``lines(line.category == "coffee").quantity``."""
    if when is not None and not isinstance(when, Condition):
        message = f'lines() takes a condition on a line, such as line.category == "coffee", not {shown(when)}'
        raise OperandError(message, value=when)
    return LinesHandle(None if when is None else when.node)


_KNOWN: dict[str, tuple[str, ...]] = {
    **{kind: (*kinds, *calendar()) for kind, kinds in BUILT_IN.items()},
    "line": tuple(LINE),
    "member": ("tier", *MEMBER),
    "redemption": tuple(REDEMPTION),
}


purchase = _Purchase("purchase")
line = _Line("line")
member = _Member("member")
redemption = _Redemption("redemption")
visit = _Visit("visit")
feedback = _Feedback("feedback")
participation = _Participation("participation")
referral = _Referral("referral")
anniversary = _Anniversary("anniversary")
birthday = _Birthday("birthday")
referred = _Referred("referred")
