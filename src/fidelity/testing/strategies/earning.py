"""Strategies for rules: conditions, gives, caps, and the groups that combine them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any, Literal

from hypothesis import strategies as st

from fidelity.language.fields import line, lines, member, purchase
from fidelity.language.handles import Condition
from fidelity.rules.earning.amounts import points, rate, times
from fidelity.rules.earning.limits import Cap
from fidelity.rules.earning.rules import EarnRule, Group
from fidelity.testing.strategies.vocabulary import Card, Fuel

__all__ = ["CHANNELS", "FACTORS", "MAYBE_CAP", "MAYBE_CONDITION", "WINDOWS", "caps", "conditions", "earnings"]

CHANNELS = ("app", "store", "")
_SMALL = st.integers(1, 20)
WINDOWS = st.sampled_from(
    ("calendar day", "calendar month", "in any 30 days", "calendar year", "membership year", "ever")
)
FACTORS = st.sampled_from(("2", "3/2", "5/4", "3", "2", "3/2", "1"))


@cache
def conditions() -> st.SearchStrategy[Condition]:
    """Conditions on a purchase that small examples often meet."""
    simple: st.SearchStrategy[Condition] = st.one_of(
        st.integers(0, 30).map(lambda n: purchase.amount >= n),
        st.integers(0, 30).map(lambda n: purchase.basis < n),
        st.sampled_from(CHANNELS).map(lambda c: purchase.channel == c),
        st.just(purchase.tags.has("own cup")),
        st.just(purchase.weekday.is_in("saturday", "sunday", "monday")),
        st.integers(0, 4).map(lambda n: member.tenure_years >= n),
        st.just(Card.staff),
        st.just(lines(line.category == "tea").quantity >= 2),
        st.integers(0, 60).map(lambda n: purchase.amount - purchase.tip >= n),
    )
    return st.recursive(
        simple,
        lambda inner: st.one_of(
            st.builds(lambda a, b: a & b, inner, inner),
            st.builds(lambda a, b: a | b, inner, inner),
            inner.map(lambda a: ~a),
        ),
        max_leaves=3,
    )


@cache
def _gives() -> st.SearchStrategy[Any]:
    """What a rule gives, in every spelling."""
    lines_of = lines(line.category == "coffee")
    return st.one_of(
        st.builds(points, st.integers(1, 30)),
        st.builds(lambda n, per: points(n, per=per), _SMALL, st.sampled_from(("1 EUR", "3 EUR", "0.50 EUR"))),
        st.builds(lambda n: points(n, per="3 EUR", each="line"), _SMALL),
        st.builds(lambda n: points(n, per="1 item", of=lines_of.quantity), _SMALL),
        st.builds(lambda n: points(n, per="2 EUR", of=lines_of.amount), _SMALL),
        st.builds(rate, st.sampled_from(("3/100", "1/3", "2", "1.25"))),
        st.builds(lambda r: rate(r, of=lines_of.amount), st.sampled_from(("1/7", "1/2"))),
        st.just(points(member.tenure_years * 5)),
        st.just(points(2, per=10, of=Fuel.litres)),
    )


@cache
def caps(units: tuple[str, ...] = ("points", "spend")) -> st.SearchStrategy[Cap]:
    """Caps that small examples meet."""

    def made(unit: Any, most: int, per: str | None, exceeded: Any) -> Cap:
        return Cap(most if unit == "points" else f"{most}.50 EUR", unit, per=per, exceeded=exceeded)

    per = st.none() | WINDOWS
    return st.builds(
        made, st.sampled_from(units), st.integers(5, 60) | st.integers(0, 5), per, st.sampled_from(("reduce", "reject"))
    )


def _counts_money(gives: Any) -> bool:
    """Whether a cap of spend has something to cap."""
    return gives is not None and (
        type(gives).__name__ == "Rate"
        or (gives.per is not None and not isinstance(gives.per.size, int) and not gives.each)
    )


MAYBE_CONDITION = st.integers(0, 2).flatmap(lambda n: conditions() if n == 2 else st.none())
_MAYBE_GIVES = st.integers(0, 7).flatmap(lambda n: st.none() if n == 7 else _gives())
MAYBE_CAP = st.integers(0, 3).flatmap(lambda n: caps(("points",)) if n == 3 else st.none())


@st.composite
def _rules(draw: st.DrawFn, name: str, *, wallet: str = "points") -> EarnRule:
    gives = draw(_MAYBE_GIVES)
    cap = None
    if gives is not None and draw(st.integers(0, 3)) == 0:
        cap = draw(caps() if _counts_money(gives) else caps(("points",)))
    first = draw(st.sampled_from((None, None, None, None, date(2026, 6, 1), date(2026, 6, 15), date(2026, 7, 1))))
    return EarnRule(
        name,
        gives,
        when=draw(MAYBE_CONDITION),
        limit=draw(
            st.sampled_from((None, None, None, "once a day", "2 per calendar month", "3 in any 30 days", "once"))
        ),
        cap=cap,
        wallet=wallet,
        during=None if first is None else (first, first + timedelta(days=draw(st.integers(0, 40)))),
        message="a card" if gives is None else draw(st.sampled_from(("", "thank you"))),
        recognition=draw(st.sampled_from(("", "friend of the house"))),
    )


@st.composite
def earnings(draw: st.DrawFn) -> list[EarnRule | Group]:
    """Groups and rules with multipliers, in one or two wallets; the first group is called base."""
    earn: list[EarnRule | Group] = []
    for place in range(draw(st.integers(1, 3))):
        wallet = "stamps" if place and draw(st.booleans()) else "points"
        name = "base" if not place else f"group {place}"
        rules = [draw(_rules(f"rule {place}.{each}", wallet=wallet)) for each in range(draw(st.integers(1, 3)))]
        cap = draw(MAYBE_CAP)
        earn.append(Group(name, rules, combine=draw(st.sampled_from(("sum", "best", "first"))), cap=cap))
    for place in range(draw(st.sampled_from((2, 0, 1, 3)))):
        of = draw(st.sampled_from(["base", *(each.name for each in earn if isinstance(each, Group))]))
        limit = draw(st.sampled_from((None, "once a day")))
        earn.append(EarnRule(f"times {place}", times(draw(FACTORS), of=of), when=draw(MAYBE_CONDITION), limit=limit))
    if draw(st.integers(0, 2)) == 0:
        earn.append(draw(_promotions()))
    return earn


@st.composite
def _promotions(draw: st.DrawFn) -> Group:
    """A group in which multipliers of the first one compete with rules, in any order."""
    ranks = st.sampled_from((0, 0, 0, 5, -5))
    rules = [
        EarnRule(f"promotion {place}", points(draw(_SMALL)), when=draw(MAYBE_CONDITION), priority=draw(ranks))
        for place in range(draw(st.integers(0, 2)))
    ]
    for place in range(draw(st.integers(1, 2))):
        limit = draw(st.sampled_from((None, "once a day")))
        more = times(draw(FACTORS), of="base")
        rules.append(EarnRule(f"more {place}", more, when=draw(MAYBE_CONDITION), limit=limit, priority=draw(ranks)))
    ways: tuple[Literal["first", "best", "sum"], ...] = ("first", "best", "sum")
    combine = draw(st.sampled_from(ways))
    return Group("promotions", draw(st.permutations(rules)), combine=combine, priority=draw(ranks))
