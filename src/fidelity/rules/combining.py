"""Combining: how the rules of a group meet, how multipliers meet, and what a cap leaves.

Core trees in, core trees out. Knows nothing of programs and where their parts stand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from attrs import evolve

from fidelity.language.quantities import denominator
from fidelity.language.tree import (
    Case,
    Compare,
    Extreme,
    Field,
    IsIn,
    Literal,
    Negate,
    Node,
    OverLines,
    Rounded,
    Table,
    add,
    all_of,
    any_of,
    extreme,
    fields_of,
    multiply,
    not_,
    rebuild,
    walk,
)
from fidelity.rules.earning.amounts import Times
from fidelity.rules.earning.limits import Cap
from fidelity.rules.plan import ALWAYS, RulePlan
from fidelity.values.money import Money

__all__ = [
    "ZERO",
    "by_tier",
    "capped",
    "combine",
    "exact_literal",
    "floor_of",
    "guarded",
    "is_whole",
    "made_whole",
    "multiplied",
    "owners",
    "scaled",
    "strongest",
    "wins",
    "with_basis",
    "without_lines",
]

ZERO = Literal(0)


def combine(how: str, own: Sequence[RulePlan]) -> Node:
    """What the rules of a group give together, by ``sum``, ``best`` or ``first``."""
    if how == "first":
        return Case(tuple((each.fires, each.value) for each in own), ZERO)
    values = [guarded(each.fires, each.value) for each in own]
    return extreme("max", *values) if how == "best" and len(own) > 1 else add(*values)


def wins(how: str, own: Sequence[RulePlan], place: int) -> Node:
    """Whether the rule at *place* is one whose value counts in its group; of equals the earlier one does."""
    here = own[place]
    if here.stands is not None:
        return here.stands
    if how == "sum" or len(own) == 1:
        return here.fires
    before, after = own[:place], own[place + 1 :]
    if how == "first":
        return all_of(here.fires, *(not_(each.fires) for each in before))
    beaten = [any_of(not_(each.fires), Compare("<", each.value, here.value)) for each in before]
    beaten += [any_of(not_(each.fires), Compare("<=", each.value, here.value)) for each in after]
    return all_of(here.fires, *beaten)


def multiplied(how: str, multipliers: Sequence[RulePlan]) -> list[RulePlan]:
    """The multipliers of one group, each with what it adds when it applies, as the policy says they meet."""
    if how != "compound":
        return list(multipliers)
    found: list[RulePlan] = []
    before: list[Node] = []
    for plan in multipliers:
        # 2× and 3/2× are 3×: the first adds 1 of the base, the second 1/2 of what then is 2.
        found.append(evolve(plan, value=multiply(*before, plan.value)))
        before.append(guarded(plan.counts, exact_literal(_factor(plan)), Literal(1)))
    return found


def strongest(multipliers: Sequence[RulePlan], place: int, earns: Mapping[str, Fraction]) -> Node:
    """Whether the multiplier at *place* applies and nothing stronger does; of equals the earlier counts."""
    here = multipliers[place]
    own = _factor(here)
    rivals = [
        each
        for other, each in enumerate(multipliers)
        if _factor(each) > own or (_factor(each) == own and other < place)
    ]
    weaker = [name for name, factor in earns.items() if factor <= own]
    tier = [] if len(weaker) == len(earns) else [_is_one_of(weaker)]
    return all_of(here.counts, *tier, *(not_(each.counts) for each in rivals)) if rivals or tier else here.counts


def by_tier(how: str, multipliers: Sequence[RulePlan], earns: Mapping[str, Fraction], whole: Node) -> Node:
    """What the member's tier adds to a group that gave *whole* points."""
    rows: list[tuple[str, Node]] = []
    for name, factor in earns.items():
        extra: Node = exact_literal(factor - 1)
        rivals = [each.counts for each in multipliers if _factor(each) >= factor]
        if how == "best" and rivals and factor > 1:
            extra = ZERO if ALWAYS in rivals else Case(((any_of(*rivals), ZERO),), extra)
        rows.append((name, extra))
    before = [guarded(each.counts, exact_literal(_factor(each)), Literal(1)) for each in multipliers]
    return multiply(*(before if how == "compound" else []), whole, Table(Field("member.tier"), tuple(rows)))


def _is_one_of(tiers: Sequence[str]) -> Node:
    return IsIn(Field("member.tier"), tuple(Literal(each) for each in tiers)) if tiers else Literal(value=False)


def _factor(plan: RulePlan) -> Fraction:
    assert isinstance(plan.rule.gives, Times)  # noqa: S101 -- only multipliers come here
    return plan.rule.gives.factor


def capped(node: Node, cap: Cap, counter: str) -> Node:
    """What *cap* leaves of *node*; a cap over a time counts whole points, so they are rounded down first."""
    assert not isinstance(cap.most, Money)  # noqa: S101 -- spend is capped in minor units
    if cap.per is None:
        left: Node = Literal(cap.most)
    else:
        node = made_whole(node)
        left = Extreme("max", (add(Literal(cap.most), Negate(Field(counter))), ZERO))
    if cap.exceeded == "reject":
        return Case(((Compare("<=", node, left), node),), ZERO)
    return Extreme("min", (node, left))


def guarded(fires: Node, value: Node, otherwise: Node = ZERO) -> Node:
    """*value* when *fires* holds."""
    return value if fires == ALWAYS else Case(((fires, value),), otherwise)


def exact_literal(value: Fraction) -> Literal:
    """A constant, as a whole number if it is one."""
    return Literal(value.numerator if value.denominator == 1 else value)


def scaled(factor: Fraction, node: Node) -> Node:
    """*factor* times *node*."""
    return node if factor == 1 else multiply(exact_literal(factor), node)


def floor_of(node: Node, by: int) -> Node:
    """How many whole times *by* goes into *node*."""
    return node if by == 1 and is_whole(node) else Rounded("floor", multiply(Literal(Fraction(1, by)), node))


def is_whole(node: Node) -> bool:
    """Whether every value of *node* is a whole number."""
    return denominator(node) == 1


def made_whole(node: Node) -> Node:
    """*node*, rounded down unless it is whole."""
    return node if is_whole(node) else Rounded("floor", node)


def without_lines(node: Node, lines_out: Node | None) -> Node:
    """*node* with the lines that never earn left out of its sums over lines."""
    if lines_out is None:
        return node
    if isinstance(node, OverLines):
        kept = not_(lines_out)
        return OverLines(node.value, kept if node.when is None else all_of(node.when, kept))
    return rebuild(node, lambda each: without_lines(each, lines_out))


def owners(node: Node) -> set[str]:
    """What a condition is about: ``purchase``, ``member``, …; ``line`` only if it is about one line by itself."""
    found = {path.partition(".")[0] for path in fields_of(node)}
    return (found - {"line"}) | {"purchase"} if any(isinstance(each, OverLines) for each in walk(node)) else found


def with_basis(node: Node, basis: Node | None) -> Node:
    """*node* with the amount that earns written out."""
    if basis is None or "purchase.basis" not in fields_of(node):
        return node

    def change(each: Node) -> Node:
        return basis if each == Field("purchase.basis") else rebuild(each, change)

    return change(node)
