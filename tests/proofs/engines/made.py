"""Obligations made at random from a seed, small enough that every value can be tried, and a judge that tries them.

The judge is a third reading of core trees, over a whole grid of values at once; it shares nothing with the engines.
"""

from __future__ import annotations

import random
from fractions import Fraction
from math import lcm

import numpy as np

from fidelity.language.kinds import Amount, Choice, Flag, Tags, Whole
from fidelity.language.tree import (
    AllOf,
    AnyOf,
    Case,
    Compare,
    Count,
    Extreme,
    Field,
    Has,
    IsIn,
    Literal,
    Magnitude,
    Modulo,
    Negate,
    Not,
    Product,
    Rounded,
    Sum,
    Table,
)
from fidelity.proofs.obligation import Obligation, second, substitute, twin

A, N, TIER, FLAG, TAGS = Field("p.amount"), Field("m.tenure"), Field("m.tier"), Field("m.student"), Field("p.tags")
TIERS = ("bronze", "silver", "gold")
NAMES = ("eco", "new")


class Maker:
    """One obligation from a seed; *scale* multiplies every bound of a number."""

    def __init__(self, seed, scale=1):
        self.random = random.Random(seed)  # noqa: S311 -- no secret
        self.high = {"p.amount": self.random.randint(6, 40) * scale, "m.tenure": self.random.randint(2, 7) * scale}
        self.scale = scale
        self.seed = seed
        draw = self.random.random()
        # Few fields at a time, so that the grid stays small and engines have to think in numbers.
        self.terms = [A, *([N] if draw < 0.4 else [])]
        self.codes = [TIER] if self.random.random() < 0.6 else []
        self.flags = [FLAG] if self.random.random() < 0.25 else []
        self.tags = [TAGS] if self.random.random() < 0.2 else []

    def constant(self, low=-4, high=12):
        return Literal(self.random.randint(low, high))

    def ratio(self):
        value = Fraction(self.random.randint(1, 9), self.random.choice((1, 2, 3, 4, 5, 7, 10)))
        return Literal(value.numerator if value.denominator == 1 else value)

    def cut(self, term):
        return Literal(self.random.randint(0, min(self.high[term.path] + 1, 45)))

    def condition(self, depth=2):
        pick = self.random.random()
        if depth and pick < 0.3:
            parts = tuple(self.condition(depth - 1) for _ in range(self.random.randint(2, 3)))
            return (AllOf if self.random.random() < 0.5 else AnyOf)(parts)
        if depth and pick < 0.38:
            return Not(self.condition(depth - 1))
        if depth and pick < 0.5:
            return Compare(self.op(), self.number(depth - 1), self.number(depth - 1))
        if self.codes and pick < 0.65:
            codes = self.random.sample(TIERS, self.random.randint(1, 2))
            return IsIn(TIER, tuple(Literal(each) for each in codes))
        if self.flags and pick < 0.72:
            return FLAG
        if self.tags and pick < 0.8:
            return Has(TAGS, self.random.choice(NAMES))
        term = self.random.choice(self.terms)
        return Compare(self.op(), term, self.cut(term))

    def op(self):
        return self.random.choice(("<", "<=", ">", ">=", ">=", "<", "==", "!="))

    def factor(self):
        if self.codes and self.random.random() < 0.4:
            return Table(TIER, tuple((code, self.ratio()) for code in TIERS))
        if self.random.random() < 0.2:
            return Case(((self.condition(0), self.ratio()),), self.ratio())
        return self.ratio()

    def number(self, depth=2):  # noqa: PLR0911 -- one line a form
        pick = self.random.random()
        if not depth or pick < 0.15:
            if self.tags and self.random.random() < 0.3:
                return Count(TAGS)
            return self.random.choice(self.terms) if self.random.random() < 0.7 else self.constant()
        if pick < 0.35:
            return Rounded(self.how(), Product((self.factor(), self.number(depth - 1))))
        if pick < 0.45:
            return Product((self.factor(), self.number(depth - 1)))
        if pick < 0.6:
            return Sum(tuple(self.number(depth - 1) for _ in range(self.random.randint(2, 3))))
        if pick < 0.66:
            return Negate(self.number(depth - 1))
        if pick < 0.75:
            terms = tuple(self.number(depth - 1) for _ in range(self.random.randint(2, 3)))
            return Extreme(self.random.choice(("min", "max")), terms)
        if pick < 0.8:
            return Magnitude(self.number(depth - 1))
        if pick < 0.85:
            by = Literal(self.random.choice((2, 3, 5, 7)))
            return Modulo(Sum((self.random.choice(self.terms), self.constant())), by)
        arms = tuple((self.condition(1), self.number(depth - 1)) for _ in range(self.random.randint(1, 2)))
        return Case(arms, self.number(depth - 1))

    def how(self):
        return self.random.choice(("floor", "floor", "floor", "ceil", "half even", "half up"))

    def rule(self):
        """What one rule gives: a rate, a bonus or a step, often under a condition."""
        pick = self.random.random()
        if pick < 0.5:
            points = Product((self.factor(), A))
        elif pick < 0.75:
            points = self.constant(1, 9)
        else:
            points = Rounded("floor", Product((self.ratio(), self.random.choice(self.terms))))
        return points if self.random.random() < 0.4 else Case(((self.condition(1), points),), Literal(0))

    def points(self):
        """What a program of one to four rules gives."""
        rules = tuple(self.rule() for _ in range(self.random.randint(1, 4)))
        pick = self.random.random()
        if len(rules) == 1:
            points = rules[0]
        elif pick < 0.7:
            points = Sum(rules)
        elif pick < 0.85:
            points = Extreme("max", rules)
        else:
            arms = tuple((self.condition(0), each) for each in rules[:-1])
            points = Case(arms, rules[-1])
        if self.random.random() < 0.25:
            points = Extreme("min", (points, self.constant(3, 30)))
        return Rounded(self.how(), points) if self.random.random() < 0.8 else points

    def obligation(self):
        pick = self.random.random()
        kinds = {
            "p.amount": Amount(0, self.high["p.amount"]),
            "m.tenure": Whole(0, self.high["m.tenure"]),
            "m.tier": Choice(TIERS, ordered=True),
            "m.student": Flag(),
            "p.tags": Tags(NAMES),
        }
        pairs = {}
        wants = "none"
        points = self.points()
        objective = points
        if pick < 0.25:
            more = substitute(points, {A.path: Sum((A, Literal(1)))})
            query = AllOf((Compare("<", A, Literal(self.high["p.amount"])), Compare("<", more, points)))
            objective = Sum((points, Negate(more)))
        elif pick < 0.4:
            path = self.random.choice(
                [A.path, *(each.path for each in self.codes), *(each.path for each in self.terms)]
            )
            pairs = {second(path): path}
            kinds[second(path)] = kinds[path]
            rank = (
                (lambda term: Table(term, tuple((c, Literal(i)) for i, c in enumerate(TIERS))))
                if path == "m.tier"
                else (lambda term: term)
            )
            lower, higher = rank(Field(path)), rank(Field(second(path)))
            query = AllOf((Compare("<", lower, higher), Compare("<", twin(points, path), points)))
        elif pick < 0.55:
            other = Field(second(A.path))
            kinds[other.path], pairs = kinds[A.path], {other.path: A.path}
            whole = substitute(points, {A.path: Sum((A, other))})
            apart = Sum((points, twin(points, A.path), Negate(whole)))
            bound = self.random.randint(0, 6)
            query = AllOf(
                (
                    Compare(">=", A, Literal(1)),
                    Compare("<=", A, other),
                    Compare("<=", Sum((A, other)), Literal(self.high["p.amount"])),
                    AnyOf((Compare(">", apart, Literal(bound)), Compare("<", apart, Literal(-bound)))),
                )
            )
            objective = Magnitude(apart)
        elif pick < 0.7:
            query = Compare(self.random.choice(("<", "!=", ">")), points, self.points())
        elif pick < 0.8:
            query = Compare(">", points, Literal(self.random.randint(5, 40 * min(self.scale, 50))))
        else:
            query = AllOf((self.condition(2), self.condition(2)))
            wants = self.random.choice(("none", "some"))
            objective = self.number(2)
        return Obligation(
            id=f"made {self.seed}", kinds=kinds, query=query, wants=wants, objective=objective, pairs=pairs
        )


def made(seed, scale=1):
    return Maker(seed, scale).obligation()


class Judge:
    """Every value of the fields that an obligation reads, and what its query and objective are at each."""

    def __init__(self, obligation):
        self.obligation = obligation
        self.values = {}
        axes = {}
        for path in obligation.reads:
            kind = obligation.kinds[path]
            match kind:
                case Whole(low, high) | Amount(low, high):
                    axes[path] = list(range(low, high + 1))
                case Choice(values):
                    axes[path] = list(values)
                case Flag():
                    axes[path] = [False, True]
                case Tags(values):
                    # A set as a number; without the first tag comes before with it.
                    axes[path] = [
                        frozenset(tag for at, tag in enumerate(values) if bits >> at & 1)
                        for bits in range(2 ** len(values))
                    ]
        self.axes = axes
        grid = np.indices([len(each) for each in axes.values()])
        self.places = {path: each.reshape(-1) for path, each in zip(axes, grid, strict=True)}
        self.size = grid[0].size if axes else 1
        self.holds = np.broadcast_to(self.condition(obligation.query), self.size)

    def witness(self, place):
        return {path: axis[self.places[path][place]] for path, axis in self.axes.items()}

    def first(self):
        """The smallest values that satisfy the query, if some do."""
        return self.witness(int(self.holds.argmax())) if self.holds.any() else None

    def most(self):
        """The most that the objective comes to where the query holds."""
        value, over = self.number(self.obligation.objective)
        return Fraction(int(np.broadcast_to(value, self.size)[self.holds].max()), over)

    def condition(self, node):
        match node:
            case Literal(value):
                return np.bool_(value)
            case Field(path):
                return self.places[path] == 1
            case AllOf(parts):
                return np.logical_and.reduce([np.broadcast_to(self.condition(each), self.size) for each in parts])
            case AnyOf(parts):
                return np.logical_or.reduce([np.broadcast_to(self.condition(each), self.size) for each in parts])
            case Not(part):
                return ~self.condition(part)
            case IsIn(Field(path), choices):
                codes = [self.axes[path].index(each.value) for each in choices]
                return np.isin(self.places[path], codes)
            case Has(Field(path), tag):
                return np.array([tag in each for each in self.axes[path]])[self.places[path]]
            case Compare(op, left, right):
                (one, over), (other, under) = self.number(left), self.number(right)
                difference = one * under - other * over
                return {
                    "<": difference < 0, "<=": difference <= 0, ">": difference > 0,
                    ">=": difference >= 0, "==": difference == 0, "!=": difference != 0,
                }[op]  # fmt: skip
        raise TypeError(node)

    def number(self, node):  # noqa: C901, PLR0911, PLR0912 -- one case a form
        """Numerators and their denominator."""
        match node:
            case Literal(value):
                value = Fraction(value)
                return np.int64(value.numerator), value.denominator
            case Field(path):
                return np.array(self.axes[path], np.int64)[self.places[path]], 1
            case Count(Field(path)):
                return np.array([len(each) for each in self.axes[path]])[self.places[path]], 1
            case Sum(parts):
                listed, over = self.alike([self.number(each) for each in parts])
                return sum(listed), over
            case Negate(term):
                value, over = self.number(term)
                return -value, over
            case Product(factors):
                value, over = np.int64(1), 1
                for each in factors:
                    more, under = self.number(each)
                    value, over = value * more, over * under
                return value, over
            case Modulo(term, Literal(by)):
                value, over = self.number(term)
                return value - by * over * (value // (by * over)), over
            case Extreme(which, parts):
                listed, over = self.alike([self.number(each) for each in parts])
                return (np.minimum if which == "min" else np.maximum).reduce(np.broadcast_arrays(*listed)), over
            case Magnitude(term):
                value, over = self.number(term)
                return np.abs(value), over
            case Rounded(how, term):
                return self.rounded(how, *self.number(term)), 1
            case Case(arms, otherwise):
                listed, over = self.alike([self.number(value) for value in (*(value for _, value in arms), otherwise)])
                found = listed[-1]
                for (when, _), value in zip(reversed(arms), reversed(listed[:-1]), strict=True):
                    found = np.where(self.condition(when), value, found)
                return found, over
            case Table(Field(path), rows, _):
                listed, over = self.alike([self.number(value) for _, value in rows])
                codes = {code: value for (code, _), value in zip(rows, listed, strict=True)}
                places = self.places[path]
                return np.select(
                    [places == at for at in range(len(self.axes[path]))], [codes[c] for c in self.axes[path]]
                ), over
        raise TypeError(node)

    @staticmethod
    def alike(numbers):
        over = lcm(*(each for _, each in numbers))
        return [value * (over // each) for value, each in numbers], over

    @staticmethod
    def rounded(how, value, over):
        match how:
            case "floor":
                return value // over
            case "ceil":
                return -(-value // over)
            case "half up":
                return (2 * value + over) // (2 * over)
        down, left = np.divmod(value, over)
        return down + np.where(2 * left == over, down % 2, 2 * left > over)
