"""Shapes: how each part of a program is spelled as plain data, key by key.

One table a part, read and written by `codec`. What a key holds when it is left out is never written, so the
canonical spelling of a program is short and unique.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import field, frozen

from fidelity.errors import FidelityError, LanguageError
from fidelity.language.limits import MAX_TEXT
from fidelity.language.plain import from_plain, to_plain
from fidelity.language.printing import as_text
from fidelity.language.text import parse
from fidelity.language.tree import Literal, Node, Opaque, walk
from fidelity.rules.earning.rules import is_text
from fidelity.values.money import Money, money
from fidelity.values.rates import exact, exact_text
from fidelity.values.spelling import shown

__all__ = [
    "REQUIRED",
    "Inexact",
    "Key",
    "Part",
    "a_day",
    "a_flag",
    "a_list",
    "a_mapping",
    "a_node",
    "a_number_node",
    "a_rate",
    "a_text",
    "a_whole",
    "days_pair",
    "holding",
    "iso_pair",
    "money_or_whole",
    "node_text",
    "plain_money",
    "rate_text",
    "texts",
    "write_part",
]

REQUIRED = object()


@frozen
class Key:
    """
    One key of a part.

    Attributes:
        name: The key, and the attribute behind it.
        read: From plain data to the attribute; raises what it refuses.
        write: From the attribute to plain data.
        default: What it is when left out; `REQUIRED` when it may not be.
        part: For a key that holds a part: which one, seen from the value; *many* when it holds a list of them.
    """

    name: str
    read: Callable[[Any], Any] = lambda value: value
    write: Callable[[Any], Any] = lambda value: value
    default: Any = None
    part: Callable[[Any], Part] | None = None
    many: bool = False


@frozen
class Part:
    """
    One kind of part.

    Attributes:
        what: How errors call it.
        make: What makes it from its values.
        keys: Its keys.
        level: Which clauses of paid access it could hold: ``program``, ``reward``, ``tier``.
        stand_in: Values for what could not be read, so that the rest of the part is judged all the same.
        own_keys, own, beside: Keys that are read together, how they are read, and how they are written.
    """

    what: str
    make: Callable[..., Any]
    keys: tuple[Key, ...]
    level: str = ""
    own_keys: tuple[str, ...] = ()
    own: Callable[[Mapping[str, Any]], dict[str, Any]] | None = None
    beside: Callable[[Any], dict[str, Any]] | None = None
    stand_in: Mapping[str, Any] = field(factory=dict)


def holding(name: str, part: Part | Callable[[Any], Part], *, default: Any = None, many: bool = False) -> Key:
    """A key that holds a part, or a list of parts."""
    choose = (lambda _: part) if isinstance(part, Part) else part
    return Key(name, a_list if many else (lambda value: value), default=default, part=choose, many=many)


def write_part(value: Any, shape: Part) -> dict[str, Any]:
    """One part as plain data; what a key holds by default is left out."""
    plain: dict[str, Any] = dict(shape.beside(value)) if shape.beside is not None else {}
    for key in shape.keys:
        held = getattr(value, key.name)
        if key.default is not REQUIRED and held == key.default:
            continue
        if key.part is None:
            plain[key.name] = key.write(held)
        elif key.many:
            plain[key.name] = [write_part(each, key.part(each)) for each in held]
        else:
            plain[key.name] = write_part(held, key.part(held))
    return plain


@frozen(repr=False)
class Inexact:
    """A decimal number as a file wrote it: no reader takes it, so that it is refused where it stands."""

    text: str

    def __repr__(self) -> str:
        return self.text


def _refusal(value: object, wanted: str) -> LanguageError:
    if isinstance(value, Inexact):
        return LanguageError(f'{value} is not exact here; write it as text: "{value}"', value=value.text, wanted=wanted)
    return LanguageError(f"{wanted} is needed here, not {_shown(value)}", value=value, wanted=wanted)


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "a table"
    return "a list" if isinstance(value, list) else shown(value)


def a_text(value: Any) -> str:
    """A text of at most 4 KB."""
    if not isinstance(value, str):
        raise _refusal(value, "a text")
    if len(value) > MAX_TEXT:
        raise LanguageError(f"this text has {len(value):,} characters; {MAX_TEXT:,} are allowed")
    if not is_text(value):
        raise LanguageError(f"{shown(value)} holds half a character (a lone surrogate); write it again")
    return value


def a_whole(value: Any) -> int:
    """A whole number that JSON keeps exactly."""
    if type(value) is not int or abs(value) >= 2**53:
        raise _refusal(value, "a whole number")
    return value


def a_flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise _refusal(value, "true or false")
    return value


def a_day(value: Any) -> date:
    """A day, as text or as TOML's own date."""
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(a_text(value))
    except ValueError:
        raise _refusal(value, 'a day such as "2026-06-01"') from None


def a_rate(value: Any) -> Fraction:
    """An exact number: whole, or as text."""
    if isinstance(value, float):
        raise LanguageError(f'{value!r} is a float; write "{value!r}" (text is exact)', value=value)
    return exact(a_text(value) if isinstance(value, str) else a_whole(value))


def a_list(value: Any) -> Sequence[Any]:
    """A list."""
    if not isinstance(value, list | tuple):
        raise _refusal(value, "a list")
    return value


def a_mapping(value: Any) -> Mapping[str, Any]:
    """A table of named values."""
    if not isinstance(value, Mapping) or not all(isinstance(each, str) for each in value):
        raise _refusal(value, "a table of named values")
    return value


def texts(value: Any) -> tuple[str, ...]:
    """A list of texts."""
    return tuple(a_text(each) for each in a_list(value))


def days_pair(value: Any) -> tuple[date, date]:
    """The first and the last day."""
    listed = a_list(value)
    if len(listed) != 2:  # noqa: PLR2004 -- from and to
        raise _refusal(value, "a list of two days")
    return a_day(listed[0]), a_day(listed[1])


def money_or_whole(value: Any) -> int | Money:
    """A whole number, or money as text."""
    return money(a_text(value)) if isinstance(value, str) else a_whole(value)


def plain_money(value: Any) -> Any:
    """A whole number as it is, money as text."""
    return value if isinstance(value, int) else str(value)


def iso_pair(value: Any) -> list[str]:
    """Two days as texts."""
    return [each.isoformat() for each in value]


def a_node(value: Any) -> Node:
    """A condition: one line of text, or nested dicts."""
    if isinstance(value, str):
        return parse(value)
    if isinstance(value, Mapping):
        return from_plain(value)
    raise _refusal(value, "a condition (one line of text, or nested tables)")


def a_number_node(value: Any) -> Node:
    """A number of points: whole, or a formula."""
    if isinstance(value, str | Mapping):
        return a_node(value)
    return Literal(a_whole(value))


def node_text(node: Node) -> Any:
    """A condition or formula in the canonical spelling; whole constants stay numbers."""
    if isinstance(node, Literal) and type(node.value) is int:
        return node.value
    for each in walk(node):
        if isinstance(each, Opaque):
            message = (
                f"opaque function {each.name!r} exists in Python only; write the condition out in the rule language"
            )
            raise FidelityError(message, name=each.name)
    text = as_text(node)
    # A long list of codes is legal as a tree; as one line nobody could read it back.
    return text if len(text) <= MAX_TEXT else to_plain(node)


def rate_text(value: Fraction) -> Any:
    """An exact number: whole if it is, else as text."""
    return value.numerator if value.denominator == 1 else exact_text(value)
