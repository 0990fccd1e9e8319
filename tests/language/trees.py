"""Strategies for trees of the rule language: canonical, well typed, small enough to be resolved.

`conditions(schema)`, `numbers(schema)` and `amounts(schema)` build through the makers of `fidelity.language.tree`,
so that what they give is what the text and the dict spelling give back. `SCHEMA` has a field of every kind.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from functools import partial

from hypothesis import strategies as st

from fidelity.language.kinds import Amount, Choice, Day, Flag, Instant, Tags, Whole
from fidelity.language.schema import BUILT_IN, LINE, MEMBER, Schema, calendar
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
from fidelity.values.money import Money, minor_digits

OPS = ("==", "!=", "<", "<=", ">", ">=")

#: The built-in fields of a purchase, its lines and the member, and hosts' fields of every kind.
SCHEMA = Schema(
    "EUR",
    {
        **{f"purchase.{name}": kind for name, kind in {**BUILT_IN["purchase"], **calendar()}.items()},
        **{f"line.{name}": kind for name, kind in LINE.items()},
        **{f"member.{name}": kind for name, kind in MEMBER.items()},
        "member.tier": Choice(("Bronze", "Silver", "Gold"), ordered=True, label={"en": "tier", "es": "nivel"}),
        "member.newsletter": Flag(),
        "member.birthday": Day(label={"en": "birthday", "es": "cumpleaños"}),
        "member.children": Whole(0, 20, label={"en": "number of children", "es": "número de hijos"}),
        "purchase.litres": Whole(0, 1_000, label={"en": "litres", "es": "litros"}),
        "purchase.size": Choice(("small", "medium", "large"), ordered=True, label={"en": "size", "es": "tamaño"}),
        "purchase.ordered": Instant(label={"en": "order time", "es": "momento del pedido"}),
        "line.organic": Flag(label={"en": "organic", "es": "ecológico"}),
        "measure.dining": Amount(label={"en": "dining", "es": "restaurantes"}),
        "measure.nights": Whole(0, 10_000, label={"en": "nights", "es": "noches"}),
    },
)

_WORDS = ("coffee", "own cup", "app", "card", "o", "and", "", "5", "x; y", 'say "hi"', "(a)", "«b»", "Gold", "saturday")
_CODES = st.sampled_from(_WORDS) | st.text("abñ 1\\'\"", min_size=1, max_size=4)
_SMALL = st.integers(-1_000, 1_000)
_EIGHTHS = st.builds(Fraction, st.integers(-80, 80), st.sampled_from((2, 3, 4, 7, 8)))


def _literal(value):
    if isinstance(value, Fraction) and value.denominator == 1:
        return Literal(value.numerator)
    return Literal(value)


def _paths(schema, kind, *, line):
    """The fields of one kind that may stand here: those of a line only inside of `lines(…)`."""
    return sorted(
        path for path, each in schema.kinds.items() if isinstance(each, kind) and (line or not path.startswith("line."))
    )


def _fields(schema, kind, *, line):
    paths = _paths(schema, kind, line=line)
    return st.sampled_from(paths).map(Field) if paths else st.nothing()


def _number_literals():
    return st.one_of(_SMALL, _EIGHTHS).map(_literal)


def _money_literals(schema):
    """Beside an amount: a number in major units, or money."""
    scale = 10 ** minor_digits(schema.currency)
    minor = st.integers(-100_000, 100_000)
    major = minor.map(lambda each: _literal(Fraction(each, scale)))
    return major | minor.map(lambda each: Literal(Money(each, schema.currency)))


def _not_zero(literals):
    def other(literal):
        value = literal.value
        return (value.minor if isinstance(value, Money) else value) != 0

    return literals.filter(other)


def _codes_of(schema, path):
    values = getattr(schema.kind(path), "values", None)
    return st.sampled_from(values) if values else _CODES


class _Maker:
    """A deeper strategy, made when it is first drawn from, and said in one word when Hypothesis reports."""

    def __init__(self, strategy, schema, how):
        self.strategy, self.schema, self.how = strategy, schema, how
        self.made = None

    def __repr__(self):
        return f"{self.strategy.__name__} at depth {self.how['depth']}"

    def __call__(self):
        if self.made is None:
            self.made = self.strategy(self.schema, **self.how)
        return self.made


@st.composite
def _drawn(draw, maker):
    return draw(maker())


def _later(strategy, schema, **how):
    """A deeper strategy: making all of them at once would grow without bound."""
    return _drawn(_Maker(strategy, schema, how))


# -- numbers and amounts


def numbers(schema, *, depth=2, line=False):
    """Trees that are plain numbers."""
    fields = _fields(schema, Whole, line=line)
    counts = _fields(schema, Tags, line=line).map(Count)
    leaves = fields | counts | _number_literals()
    if depth == 0:
        return leaves
    deeper = _later(numbers, schema, depth=depth - 1, line=line)
    steps = _not_zero(_number_literals())
    money_steps = _not_zero(st.integers(-9_999, 9_999).map(lambda each: Literal(Money(each, schema.currency))))
    whole = fields | counts
    return st.one_of(
        leaves,
        _shared(deeper, schema, depth=depth, line=line),
        st.builds(multiply, _number_literals(), deeper),
        st.builds(multiply, deeper, _tables(schema, _number_literals(), line=line)),
        st.builds(FloorDivide, deeper, steps),
        st.builds(FloorDivide, _later(amounts, schema, depth=depth - 1, line=line).filter(_has_field), money_steps),
        st.builds(Modulo, whole, _not_zero(_SMALL.map(Literal))),
        st.builds(Rounded, st.sampled_from(("floor", "ceil", "half even", "half up")), deeper),
        *(() if line else (_over_lines(schema, numbers, depth=depth),)),
    )


def amounts(schema, *, depth=2, line=False):
    """Trees that are money; at least one part of each is not a bare number."""
    leaves = _fields(schema, Amount, line=line) | st.integers(-9_999, 9_999).map(
        lambda each: Literal(Money(each, schema.currency))
    )
    if depth == 0:
        return leaves
    deeper = _later(amounts, schema, depth=depth - 1, line=line)
    # Bare numbers become money beside money.
    beside = st.builds(add, deeper, _money_literals(schema))
    return st.one_of(
        leaves,
        beside,
        st.builds(lambda a, b: extreme("min", a, b), deeper, _money_literals(schema)),
        _shared(deeper, schema, depth=depth, line=line),
        st.builds(multiply, _number_literals(), deeper),
        *(() if line else (_over_lines(schema, amounts, depth=depth),)),
    )


def _has_field(node):
    return not isinstance(node, Literal)


def _shared(deeper, schema, *, depth, line):
    """What numbers and money have in common."""
    tests = _later(conditions, schema, depth=depth - 1, line=line)
    steps = _not_zero(_number_literals())
    return st.one_of(
        st.lists(deeper, min_size=2, max_size=3).map(lambda terms: add(*terms)),
        st.builds(lambda a, b: add(a, negate(b)), deeper, deeper),
        st.builds(
            lambda which, terms: extreme(which, *terms),
            st.sampled_from(("min", "max")),
            st.lists(deeper, min_size=2, max_size=3),
        ),
        deeper.map(negate),
        deeper.map(Magnitude),
        st.builds(Divide, deeper, steps),
        st.builds(
            lambda arms, otherwise: Case(tuple(arms), otherwise),
            st.lists(st.tuples(tests, deeper), min_size=1, max_size=2),
            deeper,
        ),
        _tables(schema, deeper, line=line),
    )


def _tables(schema, values, *, line):
    def rows(field):
        codes = st.lists(_codes_of(schema, field.path), min_size=1, max_size=3, unique=True)
        listed = codes.flatmap(lambda found: st.tuples(*(st.tuples(st.just(code), values) for code in found)))
        return st.builds(partial(Table, field), listed, values)

    return _fields(schema, Choice, line=line).flatmap(rows)


def _over_lines(schema, kind, *, depth):
    plain = {numbers: [Field("line.quantity"), Literal(1)], amounts: [Field("line.amount")]}[kind]
    values = st.sampled_from(plain) | _later(kind, schema, depth=depth - 1, line=True)
    return st.builds(OverLines, values, st.none() | _later(conditions, schema, depth=depth - 1, line=True))


# -- conditions


def _days():
    return st.dates(date(1950, 1, 1), date(2150, 12, 31)).map(Literal)


def _instants():
    moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds are naive by contract
    return (moments | moments.map(lambda each: each.replace(minute=0, second=0, microsecond=0))).map(Literal)


def _tests(schema, *, line):
    """Single tests: a field against constants, two fields, a tag, a flag."""
    ops = st.sampled_from(OPS)

    def against(field, literals):
        return st.one_of(
            st.builds(Compare, ops, field, literals),
            st.builds(Compare, ops, literals, field),
            st.builds(Compare, ops, field, field),
            st.builds(
                lambda path, low, high: all_of(Compare(">=", path, low), Compare("<=", path, high)),
                field,
                literals,
                literals,
            ),
        )

    def several(field, literals):
        return st.builds(IsIn, field, st.lists(literals, min_size=1, max_size=3, unique=True).map(tuple))

    def coded(field):
        kind, codes = schema.kind(field.path), _codes_of(schema, field.path).map(Literal)
        allowed = ops if kind.ordered and kind.values else st.sampled_from(("==", "!="))
        return st.builds(Compare, allowed, st.just(field), codes) | several(st.just(field), codes)

    wholes, flags = _fields(schema, Whole, line=line), _fields(schema, Flag, line=line)
    near = st.integers(0, 31).map(Literal)
    return st.one_of(
        against(wholes, near | _number_literals()),
        several(wholes, near),
        against(_fields(schema, Amount, line=line), _money_literals(schema)),
        several(_fields(schema, Amount, line=line), _money_literals(schema)),
        against(_fields(schema, Day, line=line), _days()),
        against(_fields(schema, Instant, line=line), _instants()),
        st.builds(
            Compare, ops, st.builds(lambda a, b: add(a, negate(b)), _fields(schema, Day, line=line), _days()), near
        ),
        _fields(schema, Choice, line=line).flatmap(coded),
        st.builds(Has, _fields(schema, Tags, line=line), _CODES),
        flags,
        st.builds(Compare, st.sampled_from(("==", "!=")), flags, st.booleans().map(Literal)),
    )


def conditions(schema, *, depth=2, line=False):
    """Trees that are conditions."""
    tests = _tests(schema, line=line)
    if depth == 0:
        return tests
    deeper = _later(conditions, schema, depth=depth - 1, line=line)
    some = st.lists(deeper, min_size=2, max_size=3)
    ops = st.sampled_from(OPS)
    of_numbers = _later(numbers, schema, depth=depth - 1, line=line)
    of_amounts = _later(amounts, schema, depth=depth - 1, line=line)
    return st.one_of(
        tests,
        some.map(lambda found: all_of(*found)),
        some.map(lambda found: any_of(*found)),
        deeper.map(not_),
        st.builds(Compare, ops, of_numbers, of_numbers | _number_literals()),
        st.builds(Compare, ops, of_amounts, of_amounts | _money_literals(schema)),
        st.builds(
            lambda arms, otherwise: Case(tuple(arms), otherwise),
            st.lists(st.tuples(deeper, deeper), min_size=1, max_size=2),
            deeper,
        ),
    )
