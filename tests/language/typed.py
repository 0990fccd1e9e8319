"""Strategies beside `trees`: every canonical tree whatever its types, and events with facts to read them on.

`spelled()` keeps to the shapes that the makers of `fidelity.language.tree` give; names, codes and constants are as odd
as a host may have them. `moments()` gives a purchase and facts; `base_values` says what their fields are, in base
units, without a line of the library.
"""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from fidelity.events import Line, Purchase
from fidelity.facts import Facts
from fidelity.language.schema import Schema
from fidelity.language.tree import (
    Case,
    Compare,
    Count,
    Divide,
    Field,
    FloorDivide,
    Has,
    IsIn,
    Literal,
    Magnitude,
    Modulo,
    OverLines,
    Rounded,
    Table,
    add,
    all_of,
    any_of,
    extreme,
    multiply,
    negate,
    not_,
)
from fidelity.values.money import Money
from tests.language.trees import SCHEMA

MADRID = ZoneInfo("Europe/Madrid")

#: What can be read of an event: what earns of it, and of its lines, is what the rulebook makes of it.
READABLE = Schema("EUR", {path: kind for path, kind in SCHEMA.kinds.items() if not path.endswith(".basis")})


# -- any canonical tree

ODD = (
    "own cup",
    'say "hi"',
    "it's",
    "back\\slash",
    "\\",
    '\\"',
    "día",
    "点",
    "e\u0301",
    "℘",
    "a·b",
    "x\ny",
    "a.b",
    "",
    ".",
    " ",
)
_names = st.sampled_from(("amount", "tags", "and", "else", "min", "lines", "_x", "ñandú", "x1", *ODD)) | st.text(
    max_size=6
)
_owners = st.sampled_from(("purchase", "line", "member", "measure", "flight", "vuelo_año", "min", "case"))
fields = st.builds("{}.{}".format, _owners, _names).map(Field)
codes = st.sampled_from((*ODD, "true", "else", "10 EUR", "2026-01-01", "1/2")) | st.text(max_size=6)
_digits = st.integers(-(10**18) + 1, 10**18 - 1)
_parts = st.integers(1, 10**18 - 1)
_fractions = st.builds(Fraction, _digits, _parts | st.sampled_from((2, 3, 7, 8, 100, 2**50, 5**20))).filter(
    lambda each: each.denominator != 1
)
_money = st.builds(Money, st.integers(-(10**12), 10**12), st.sampled_from(("EUR", "JPY", "KWD")))
_days = st.dates()
# A zone west of Greenwich must not push the last day of the calendar out of it.
_instants = st.datetimes(timezones=st.just(UTC))
plain_numbers = st.one_of(st.integers(-20, 20), _digits, _fractions).map(Literal)
constants = plain_numbers | st.one_of(codes, st.booleans(), _money, _days, _instants).map(Literal)
_ops = st.sampled_from(("==", "!=", "<", "<=", ">", ">="))


def _several(parts, most=3):
    return st.lists(parts, min_size=2, max_size=most)


def _larger(parts):
    steps = plain_numbers | _money.map(Literal)
    arms = st.lists(st.tuples(parts, parts), min_size=1, max_size=2).map(tuple)
    rows = st.lists(st.tuples(codes, parts), min_size=1, max_size=3, unique_by=lambda row: row[0]).map(tuple)
    return st.one_of(
        _several(parts).map(lambda found: add(*found)),
        st.builds(lambda a, b: add(a, negate(b)), parts, parts),
        _several(parts).map(lambda found: multiply(*found)),
        parts.map(negate),
        st.builds(Divide, parts, steps),
        st.builds(FloorDivide, parts, steps),
        st.builds(Modulo, parts, steps),
        st.builds(lambda which, found: extreme(which, *found), st.sampled_from(("min", "max")), _several(parts)),
        st.builds(Rounded, st.sampled_from(("floor", "ceil", "half even", "half up")), parts),
        parts.map(Magnitude),
        fields.map(Count),
        st.builds(Compare, _ops, parts, parts),
        st.builds(IsIn, parts, st.lists(constants, min_size=1, max_size=3).map(tuple)),
        st.builds(Has, fields, codes),
        _several(parts).map(lambda found: all_of(*found)),
        _several(parts).map(lambda found: any_of(*found)),
        parts.map(not_),
        st.builds(Case, arms, parts),
        st.builds(Table, parts, rows, st.none() | parts),
        st.builds(OverLines, parts | st.sampled_from((Literal(1), Field("line.amount"))), st.none() | parts),
    )


def spelled():
    """Every canonical tree: what the three spellings must agree on, whether or not it resolves."""
    return st.recursive(fields | constants, _larger, max_leaves=12)


# -- events and facts

_INSTANTS = [
    "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z",
    "2024-02-28T23:30:00Z", "2024-02-29T12:00:00Z", "2025-12-31T23:30:00Z", "1999-12-31T23:59:59Z",
]  # fmt: skip
instants = st.sampled_from([datetime.fromisoformat(each) for each in _INSTANTS]) | st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001 -- bounds are naive by contract
    datetime(2100, 1, 1),  # noqa: DTZ001 -- bounds are naive by contract
    timezones=st.just(UTC),
)
_TOP = 10**11
_minor = st.sampled_from((0, 1, 99, 100, 9_999, _TOP - 1, _TOP)) | st.integers(0, 100_000) | st.integers(0, _TOP)
_eur = _minor.map(lambda minor: Money(minor, "EUR"))
_maybe = st.none() | _minor.map(lambda minor: Money(minor % 10_000, "EUR"))
_words = st.sampled_from(("coffee", "own cup", "app", "card", "o", "and", "", "5", 'say "hi"', "Gold", "saturday"))
_some_tags = st.frozensets(_words, max_size=3)
_lines = st.builds(
    Line,
    amount=_eur,
    quantity=st.sampled_from((0, 1, 2, 1_000_000)),
    category=_words,
    sku=_words,
    tags=_some_tags,
    fields=st.fixed_dictionaries({"organic": st.booleans()}),
)
_purchases = st.builds(
    lambda whole, **rest: Purchase("T-1", member="ana", amount=whole, **rest),
    _eur,
    at=instants,
    channel=_words,
    category=_words,
    store=_words,
    payment=_words,
    tags=_some_tags,
    lines=st.lists(_lines, max_size=3),
    tax=_maybe,
    shipping=_maybe,
    tip=_maybe,
    fields=st.fixed_dictionaries(
        {
            "litres": st.sampled_from((0, 1, 1_000)) | st.integers(0, 1_000),
            "size": st.sampled_from(("small", "medium", "large")),
            "ordered": instants,
        }
    ),
)
_facts = st.builds(
    Facts,
    tier=st.sampled_from(("", "Bronze", "Silver", "Gold")),
    customer_since=st.none() | st.dates(date(1980, 1, 1), date(2099, 1, 1)) | st.just(date(2024, 2, 29)),
    counters=st.fixed_dictionaries(
        {}, optional={"measure.dining": _minor, "measure.nights": st.integers(0, 10_000)}
    ),
    fields=st.fixed_dictionaries(
        {
            "newsletter": st.booleans(),
            "birthday": st.dates(date(1900, 1, 1), date(2199, 12, 31)),
            "children": st.integers(0, 20),
        }
    ),
)  # fmt: skip


def moments():
    """A purchase and what is known of the member, such as the doors let in."""
    return st.tuples(_purchases, _facts)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _day(value):
    return (value - date(1970, 1, 1)).days


def _later(since, months):
    year, month = divmod(since.year * 12 + since.month - 1 + months, 12)
    return date(year, month + 1, min(since.day, calendar.monthrange(year, month + 1)[1]))


def _whole(since, today, months):
    """How many whole steps of *months* fit between the two days, counted one by one."""
    steps = 0
    while since is not None and _later(since, months * (steps + 1)) <= today:
        steps += 1
    return steps


def base(value):
    """A value of an event in base units."""
    if isinstance(value, Money):
        return value.minor
    if isinstance(value, datetime):
        return (value - _EPOCH) // timedelta(microseconds=1)
    return _day(value) if isinstance(value, date) else value


def base_values(purchase, facts, zone=MADRID):
    """The fields by path, and those of each line: what the interpreter is given."""
    local = purchase.at.astimezone(zone)
    own = {"amount": purchase.amount, "at": purchase.at, **purchase.fields}
    for name in ("channel", "category", "store", "payment", "tags"):
        own[name] = getattr(purchase, name)
    for name in ("discount", "paid_with_points", "tax", "shipping", "tip"):
        own[name] = getattr(purchase, name) or 0
    own["weekday"] = calendar.day_name[calendar.weekday(local.year, local.month, local.day)].lower()
    own |= {"date": local.date(), "month": local.month, "day": local.day, "hour": local.hour}
    since, today = facts.customer_since, local.date()
    known = {
        "tier": facts.tier or "Bronze",
        "tenure_days": 0 if since is None else max(0, (today - since).days),
        "tenure_months": _whole(since, today, 1),
        "tenure_years": _whole(since, today, 12),
        **facts.fields,
    }
    values = {f"purchase.{name}": base(value) for name, value in own.items()}
    values |= {f"member.{name}": base(value) for name, value in known.items()}
    values |= {name: facts.counters.get(name, 0) for name in ("measure.dining", "measure.nights")}
    names = ("amount", "quantity", "category", "sku", "tags")
    lines = [
        # Nothing comes off a line where no program says so.
        {
            f"line.{name}": base(value)
            for name, value in ({n: getattr(each, n) for n in names} | {"basis": each.amount} | each.fields).items()
        }
        for each in purchase.lines
    ]
    return values, lines
