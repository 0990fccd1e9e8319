"""Strategies for events that a program could be told, its host's own ones too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
from hypothesis import strategies as st

from fidelity.events import Event, Feedback, Line, Participation, Purchase, Referral, Visit
from fidelity.facts import Facts
from fidelity.language.kinds import Amount, Choice, Day, Flag, Instant, Kind, Tags, Whole
from fidelity.language.tree import Has, Literal
from fidelity.rules.doors import conditions
from fidelity.rules.program import Program
from fidelity.testing.strategies.earning import CHANNELS
from fidelity.values.money import Money

__all__ = ["NOON", "events", "happenings", "purchases", "told", "words"]

#: A Monday, noon in Madrid.
NOON = datetime(2026, 6, 15, 10, tzinfo=UTC)

_MOMENTS = st.integers(0, 120).map(lambda hours: NOON + timedelta(hours=hours))
_MEMBERS = ("ana", "eva", "leo")


def words(program: Program) -> list[str]:
    """The codes that conditions of *program* ask for, and the empty one: what events are likely to say."""
    found: dict[str, None] = {"": None}
    for _, node, _ in conditions(program):
        found.update(dict.fromkeys(_texts(node)))
    return list(found)


def _texts(node: Any) -> Iterator[str]:  # any node of the tree, and what it holds
    if isinstance(node, Literal):
        if isinstance(node.value, str):
            yield node.value
    elif isinstance(node, Has):
        yield node.tag
    elif isinstance(node, tuple):
        for each in node:
            yield from _texts(each)
    elif attrs.has(type(node)):
        for each in attrs.fields(type(node)):
            yield from _texts(getattr(node, each.name))


def told(kinds: Mapping[str, Kind], program: Program) -> st.SearchStrategy[dict[str, Any]]:
    """Values for a host's own fields of these *kinds*; one with a default may be left out."""
    known = words(program)
    required = {name: _value(kind, program, known) for name, kind in kinds.items() if kind.default is None}
    optional = {name: _value(kind, program, known) for name, kind in kinds.items() if kind.default is not None}
    return st.fixed_dictionaries(required, optional=optional)


def _value(kind: Kind, program: Program, known: Sequence[str]) -> st.SearchStrategy[Any]:
    match kind:
        case Whole(low=low, high=high):
            near = st.integers(max(low, 0), min(high, 100)) if low <= 100 and high >= 0 else st.nothing()
            return near | st.integers(low, high)
        case Amount(high=high):
            return st.integers(0, min(high, 10_000)).map(lambda minor: Money(minor, program.currency))
        case Choice(values=values):
            return st.sampled_from(values or known)
        case Tags(values=values):
            return st.frozensets(st.sampled_from(values or known), max_size=3)
        case Flag():
            return st.booleans()
        case Day(low=low, high=high):
            return st.dates(low, high)
        case Instant():
            return _MOMENTS
    message = f"no event has a field of the kind {kind!r}"
    raise TypeError(message)


@st.composite
def purchases(
    draw: st.DrawFn,
    program: Program,
    *,
    name: str = "T-1",
    member: str | None = None,
    at: datetime | None = None,
    most: int = 20_000,
) -> Purchase:
    """
    Purchases in the currency of *program*, with its host's own fields.

    Args:
        program: Whose currency, codes and fields.
        name: Their id.
        member: Whose they are; one of three if None.
        at: When they happened; within five days if None.
        most: The largest amount, in minor units.
    """
    known = st.sampled_from(words(program))
    own = program.declared.own

    def money(most: int) -> st.SearchStrategy[Money]:
        return st.integers(0, most).map(lambda minor: Money(minor, program.currency))

    tags = st.frozensets(known, max_size=2)
    one = st.builds(
        Line,
        amount=money(most // 2),
        quantity=st.integers(1, 3) | st.integers(0, 30),
        category=known,
        tags=tags,
        fields=told(own.get("line", {}), program),
    )
    amount = draw(st.integers(min(100, most), most) | st.integers(0, most))
    part = st.none() | st.none() | money(amount // 4)
    return Purchase(
        name,
        member=member or draw(st.sampled_from(_MEMBERS)),
        at=at or draw(_MOMENTS),
        amount=Money(amount, program.currency),
        channel=draw(known),
        category=draw(known),
        store=draw(known),
        payment=draw(known),
        tags=draw(tags),
        lines=draw(st.lists(one, max_size=3)),
        discount=draw(part),
        paid_with_points=draw(part),
        tax=draw(part),
        shipping=draw(part),
        tip=draw(part),
        fields=draw(told(own.get("purchase", {}), program)),
    )


@st.composite
def events(
    draw: st.DrawFn,
    program: Program,
    *,
    name: str = "E-1",
    member: str | None = None,
    at: datetime | None = None,
) -> Event:
    """
    Events of any kind that *program* could be told, purchases first: built in, or declared by the host.

    They say the words that the program's conditions ask for, so that rules apply more often than chance would let them.

    Args:
        program: Whose kinds, currency, codes and fields.
        name: Their id.
        member: Whose they are; one of three if None.
        at: When they happened; within five days if None.
    """
    kinds: tuple[Any, ...] = (Purchase, Purchase, Visit, Feedback, Participation, Referral, *program.events)
    kind = draw(st.sampled_from(kinds))
    member = member or draw(st.sampled_from(_MEMBERS))
    at = at or draw(_MOMENTS)
    if kind is Purchase:
        return draw(purchases(program, name=name, member=member, at=at))
    known = st.sampled_from(words(program))
    if kind in program.events:
        fields = draw(told(kind.declared, program))
        own: Event = kind(name, member=member, at=at, **fields)
        return own
    parts: dict[str, Any] = {"channel": draw(known)}
    if kind is Referral:
        parts["friend"] = draw(st.sampled_from([each for each in _MEMBERS if each != member]))
    else:
        parts["tags"] = draw(st.frozensets(known, max_size=2))
        parts[{"visit": "store", "feedback": "topic", "participation": "activity"}[kind.kind]] = draw(known)
    fields = draw(told(program.declared.own.get(kind.kind, {}), program))
    built_in: Event = kind(name, member=member, at=at, fields=fields, **parts)
    return built_in


@st.composite
def happenings(draw: st.DrawFn, decided: Program) -> tuple[Purchase, Facts]:
    """A purchase and facts that fit a program of `deciding()`, for comparing ways to evaluate it."""
    cents = st.integers(0, 4_000)
    kinds = st.sampled_from(("coffee", "tea", "tobacco", ""))

    def bought(minor: int, category: str, quantity: int, promo: bool) -> Line:  # noqa: FBT001  # drawn
        tags = ["promo"] if promo else []
        return Line(amount=Money(minor, "EUR"), category=category, quantity=quantity, tags=tags)

    bag = draw(st.lists(st.builds(bought, cents, kinds, st.integers(0, 4), st.booleans()), max_size=3))
    minor = draw(st.integers(1_000, 4_000) | cents)
    paid = draw(st.integers(0, 3).flatmap(lambda n: st.none() if n else st.integers(0, minor)))
    cut = st.none() | st.integers(0, 300).map(lambda minor: Money(minor, "EUR"))
    event = Purchase(
        "T-1",
        member="ana",
        amount=Money(minor, "EUR"),
        at=draw(
            st.sampled_from((NOON, NOON + timedelta(days=5), NOON + timedelta(hours=12), NOON + timedelta(days=30)))
        ),
        channel=draw(st.sampled_from(CHANNELS)),
        category=draw(st.sampled_from(("", "", "", "gift card"))),
        tags=draw(st.sampled_from(([], ["own cup"]))),
        lines=bag,
        discount=draw(cut),
        paid_with_points=None if paid is None else Money(paid, "EUR"),
        fields={"litres": draw(st.integers(0, 100))},
        tax=draw(cut),
        shipping=draw(cut),
        tip=draw(cut),
    )
    names = [*(decided.lowering.counter_kinds), "measure.tea", "measure.often"]
    used = draw(st.lists(st.sampled_from(names), unique=True, max_size=4))
    counters = {name: draw(st.integers(0, 3) | st.integers(0, 6_000)) for name in used}
    tier = draw(st.sampled_from((*decided.tiers.names[::-1], ""))) if decided.tiers else ""
    since = draw(st.none() | st.sampled_from((date(2020, 2, 29), date(2024, 6, 15), date(2026, 6, 1))))
    staff = draw(st.sampled_from((False, False, False, True)))
    return event, Facts(tier=tier, customer_since=since, counters=counters, fields={"staff": staff, "city": "Vigo"})
