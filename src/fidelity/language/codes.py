"""Codes, tags, days and moments in a condition."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NoReturn

from fidelity.errors import OperandError, TimeError
from fidelity.language.handles import Condition, Handle, Ordered, some
from fidelity.language.numbers import NumberHandle, NumberLike, number_literal
from fidelity.language.tree import Count, Field, Has, IsIn, Literal, Node, Table, add, any_of, negate
from fidelity.values.spelling import shown

__all__ = ["ChoiceHandle", "DayHandle", "InstantHandle", "TagsHandle"]


class ChoiceHandle(Ordered):
    """A code, such as a channel, a category or a tier."""

    __slots__ = ()

    def operand(self, other: object) -> Node:
        """A code."""
        if not isinstance(other, str):
            message = f"`{self!r}` is a code; compare it with a text, not with {shown(other)}"
            raise OperandError(message, value=other)
        return Literal(_code(other))

    def __eq__(self, other: str) -> Condition:  # type: ignore[override]
        return self.compare("==", other)

    def __ne__(self, other: str) -> Condition:  # type: ignore[override]
        return self.compare("!=", other)

    def __lt__(self, other: str) -> Condition:
        return self.compare("<", other)

    def __le__(self, other: str) -> Condition:
        return self.compare("<=", other)

    def __gt__(self, other: str) -> Condition:
        return self.compare(">", other)

    def __ge__(self, other: str) -> Condition:
        return self.compare(">=", other)

    def is_in(self, *codes: str) -> Condition:
        """One of *codes*."""
        return Condition(IsIn(self.node, tuple(Literal(_code(each)) for each in some(codes))))

    def table(self, rows: Mapping[str, NumberLike], otherwise: NumberLike | None = None) -> NumberHandle:
        """The number beside the code: ``member.tier.table({"Silver": "5/4", "Gold": "3/2"}, 1)``."""
        if not _has_rows(rows):
            message = 'a table needs at least one row: member.tier.table({"Gold": 2}, 1)'
            raise OperandError(message, rows=rows)
        listed = tuple((_code(code), _number_node(value)) for code, value in rows.items())
        return NumberHandle(Table(self.node, listed, None if otherwise is None else _number_node(otherwise)))

    __hash__ = Handle.__hash__


def _code(value: object) -> str:
    if not isinstance(value, str):
        message = f"a code is a text, not {shown(value)}"
        raise OperandError(message, value=value)
    # A member of an enumeration of texts stands for its text.
    return str.__str__(value)


def _has_rows(value: object) -> bool:
    return isinstance(value, Mapping) and len(value) > 0


def _number_node(value: object) -> Node:
    if isinstance(value, Handle) and not isinstance(value, NumberHandle):
        message = f"a table holds numbers, and `{value!r}` is none"
        raise OperandError(message, value=value)
    return value.node if isinstance(value, NumberHandle) else number_literal(value)


class TagsHandle(Handle):
    """A set of marks."""

    __slots__ = ()

    def has(self, tag: str) -> Condition:
        """Whether it contains *tag*."""
        assert isinstance(self.node, Field)  # noqa: S101 -- tags are fields, never formulas
        return Condition(Has(self.node, _code(tag)))

    def has_any(self, *tags: str) -> Condition:
        """Whether it contains at least one of *tags*."""
        return Condition(any_of(*(self.has(each).node for each in some(tags))))

    @property
    def count(self) -> NumberHandle:
        """How many there are."""
        assert isinstance(self.node, Field)  # noqa: S101 -- tags are fields, never formulas
        return NumberHandle(Count(self.node))

    if not TYPE_CHECKING:  # a type checker must keep calling this an error

        def __eq__(self, other: object) -> NoReturn:
            message = f"`{self!r}` is a set of tags; write {self!r}.has({shown(other)})"
            raise OperandError(message, value=other)

        __ne__ = __eq__

    __hash__ = Handle.__hash__


class DayHandle(Ordered):
    """A calendar day."""

    __slots__ = ()

    def operand(self, other: object) -> Node:
        """The tree of a day."""
        if isinstance(other, DayHandle):
            return other.node
        if isinstance(other, str):
            try:
                other = date.fromisoformat(other)
            except ValueError:
                message = f'{shown(other)} is not a day; write "2026-06-01"'
                raise TimeError(message, value=other) from None
        if not isinstance(other, date) or isinstance(other, datetime):
            message = f"`{self!r}` is a day; compare it with a date, not with {shown(other)}"
            raise OperandError(message, value=other)
        return Literal(other)

    def __eq__(self, other: date | str | DayHandle) -> Condition:  # type: ignore[override]
        return self.compare("==", other)

    def __ne__(self, other: date | str | DayHandle) -> Condition:  # type: ignore[override]
        return self.compare("!=", other)

    def __lt__(self, other: date | str | DayHandle) -> Condition:
        return self.compare("<", other)

    def __le__(self, other: date | str | DayHandle) -> Condition:
        return self.compare("<=", other)

    def __gt__(self, other: date | str | DayHandle) -> Condition:
        return self.compare(">", other)

    def __ge__(self, other: date | str | DayHandle) -> Condition:
        return self.compare(">=", other)

    def between(self, first: date | str, last: date | str) -> Condition:
        """From *first* to *last*, both days included."""
        return (self >= first) & (self <= last)

    def is_in(self, *days: date | str) -> Condition:
        """One of *days*."""
        listed: list[Literal] = []
        for each in some(days):
            node = self.operand(each)
            if not isinstance(node, Literal):
                message = f"is_in() lists days, and `{each!r}` is none"
                raise OperandError(message, value=each)
            listed.append(node)
        return Condition(IsIn(self.node, tuple(listed)))

    def __add__(self, days: int | NumberHandle) -> DayHandle:
        return DayHandle(add(self.node, _number_node(days)))

    def __sub__(self, other: date | str | DayHandle) -> NumberHandle:
        """How many days lie between: ``purchase.date - member.birthday``."""
        return NumberHandle(add(self.node, negate(self.operand(other))))

    __hash__ = Handle.__hash__


class InstantHandle(Ordered):
    """A moment in time."""

    __slots__ = ()

    def operand(self, other: object) -> Node:
        """The tree of a moment."""
        if isinstance(other, InstantHandle):
            return other.node
        if isinstance(other, str):
            try:
                other = datetime.fromisoformat(other)
            except ValueError:
                message = f'{shown(other)} is not an instant; write "2026-06-01T12:00:00+02:00"'
                raise TimeError(message, value=other) from None
        if not isinstance(other, datetime):
            message = f"`{self!r}` is a moment; compare it with an aware datetime, not with {shown(other)}"
            raise OperandError(message, value=other)
        if other.utcoffset() is None:
            message = (
                f"{other.isoformat()} has no zone; write 2026-06-01T12:00:00+02:00, "
                'or attach one: value.replace(tzinfo=ZoneInfo("Europe/Madrid"))'
            )
            raise TimeError(message, value=other)
        try:
            return Literal(other.astimezone(UTC))
        except OverflowError:
            message = f"{other.isoformat()} lies outside of the calendar"
            raise TimeError(message, value=other) from None

    def __eq__(self, other: datetime | str | InstantHandle) -> Condition:  # type: ignore[override]
        return self.compare("==", other)

    def __ne__(self, other: datetime | str | InstantHandle) -> Condition:  # type: ignore[override]
        return self.compare("!=", other)

    def __lt__(self, other: datetime | str | InstantHandle) -> Condition:
        return self.compare("<", other)

    def __le__(self, other: datetime | str | InstantHandle) -> Condition:
        return self.compare("<=", other)

    def __gt__(self, other: datetime | str | InstantHandle) -> Condition:
        return self.compare(">", other)

    def __ge__(self, other: datetime | str | InstantHandle) -> Condition:
        return self.compare(">=", other)

    __hash__ = Handle.__hash__
