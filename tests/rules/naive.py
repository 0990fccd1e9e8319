"""What a program gives for one purchase, written another way: plain Python over the rules, money in whole euros.

Slow and obvious. Takes nothing of the library but the values that programs, events and facts are made of.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from zoneinfo import ZoneInfo

from fidelity.events import Purchase
from fidelity.language.tree import (
    AllOf,
    AnyOf,
    Compare,
    Field,
    FloorDivide,
    Has,
    IsIn,
    Literal,
    Negate,
    Not,
    OverLines,
    Product,
    Sum,
)
from fidelity.rules.earning.amounts import Rate, Times
from fidelity.rules.earning.measures import Measure
from fidelity.rules.earning.rules import Group
from fidelity.values.money import Money

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
COMPARED = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def euros(amount):
    return Fraction(0) if amount is None else Fraction(amount.minor, 100)


def half_even(value):
    below = floor(value)
    if value - below == Fraction(1, 2):
        return below if below % 2 == 0 else below + 1
    return floor(value + Fraction(1, 2))


ROUNDED = {"floor": floor, "ceil": ceil, "half up": lambda value: floor(value + Fraction(1, 2)), "half even": half_even}


class Naive:
    """One program, one purchase, one member."""

    def __init__(self, program, event, facts):
        self.program = program
        self.event = event
        self.facts = facts
        self.local = event.at.astimezone(ZoneInfo(program.timezone))
        self.lines = getattr(event, "lines", ())
        self.earning = self.after_shares()
        lines_out = [each for each in program.excludes if _is_about_lines(each)]
        self.out = any(self.holds(each) for each in program.excludes if each not in lines_out)
        if program.points_part == "nothing" and getattr(event, "paid_with_points", None):
            self.out = self.out or event.paid_with_points.minor > 0
        self.kept = [each for each in self.lines if not any(self.holds(node, each) for node in lines_out)]
        alone = [
            each if isinstance(each, Group) else Group(each.name, (each,), priority=each.priority)
            for each in program.earn
        ]
        self.groups = sorted(alone, key=lambda each: -each.priority)
        self.rules = {each.name: sorted(each.rules, key=lambda rule: -rule.priority) for each in self.groups}
        self.wallets = {}
        self.counts = {}
        self.fates = {}
        self.decide()

    # -- reading

    def field(self, path, line):
        owner, name = path.split(".")
        if owner == "line":
            place = next(place for place, each in enumerate(self.lines) if each is line)
            paid = Fraction(self.earning[place], 100) if self.giving else euros(line.amount)
            return {
                "amount": paid,
                "quantity": line.quantity,
                "category": line.category,
                "tags": line.tags,
            }[name]
        if owner == "measure":
            found = self.facts.counters.get(path, 0)
            kind = next(each for each in self.program.measures if each.terms.name == name)
            return Fraction(found, 100) if kind.terms.aggregate.money else found
        if owner == "member":
            if name == "tenure_years":
                return self.years()
            return self.tier() if name == "tier" else self.facts.fields.get(name, False)
        if name == "basis":
            return self.basis()
        if name == "weekday":
            return DAYS[self.local.weekday()]
        if name in ("amount", "tax", "shipping", "tip", "paid_with_points"):
            return euros(getattr(self.event, name))
        return self.event.fields.get(name, 0) if name == "litres" else getattr(self.event, name)

    def after_shares(self):
        """What of each line earns, in cents: every line after the one before it, with exact running totals."""
        costs = [each.amount.minor for each in self.lines]
        left = [self.left_of_first(costs, many) for many in range(len(costs) + 1)]
        return [after - before for before, after in pairwise(left)]

    def left_of_first(self, costs, many):
        """What is left of the first lines together, when each thing that comes off them took its share."""
        here, whole = sum(costs[:many]), sum(costs)
        if self.program.order_discount == "prorate" and self.event.discount is not None and whole:
            off = min(self.event.discount.minor, whole)
            here -= floor(Fraction(off * here, whole))
        points, amount = getattr(self.event, "paid_with_points", None), self.event.amount.minor if self.lines else 0
        if self.program.points_part != "before" and points is not None and amount:
            here -= floor(Fraction(points.minor * here, amount))
        return here

    def years(self):
        since = self.facts.customer_since
        if since is None:
            return 0
        years = 0
        while True:
            day = 28 if (since.month, since.day) == (2, 29) else since.day
            if since.replace(year=since.year + years + 1, day=day) > self.local.date():
                return years
            years += 1

    def tier(self):
        return self.facts.tier or self.program.tiers.tiers[0].name

    def number(self, node, line=None):
        match node:
            case Literal(Money() as value):
                return euros(value)
            case Literal(value):
                return value
            case Field(path):
                return self.field(path, line)
            case Sum(terms):
                return sum(self.number(each, line) for each in terms)
            case Negate(term):
                return -self.number(term, line)
            case Product(factors):
                found = 1
                for each in factors:
                    found *= self.number(each, line)
                return found
            case FloorDivide(term, by):
                return floor(Fraction(self.number(term, line)) / self.number(by))
            case OverLines(value, when):
                return sum(self.number(value, each) for each in self.scope if when is None or self.holds(when, each))
        raise AssertionError(node)

    scope = ()
    giving = False

    def holds(self, node, line=None):
        self.scope = self.lines  # a condition sees every line as it stands, an amount only what earns of those that do
        giving, self.giving = self.giving, False
        found = self._holds(node, line)
        self.giving = giving
        return found

    def _holds(self, node, line):
        match node:
            case AllOf(conditions):
                return all(self._holds(each, line) for each in conditions)
            case AnyOf(conditions):
                return any(self._holds(each, line) for each in conditions)
            case Not(condition):
                return not self._holds(condition, line)
            case Compare(op, left, right):
                return COMPARED[op](self.number(left, line), self.number(right, line))
            case IsIn(term, choices):
                return self.number(term, line) in [each.value for each in choices]
            case Has(tags, tag):
                return tag in self.number(tags, line)
            case Field():
                return self.number(node, line) is True
        raise AssertionError(node)

    # -- amounts

    def basis(self):
        if not isinstance(self.event, Purchase):
            return Fraction(0)
        found = euros(self.event.amount)
        if self.program.points_part != "before":
            found -= euros(self.event.paid_with_points)
        found -= sum(euros(getattr(self.event, name)) for name in self.program.basis_without)
        kept = [id(each) for each in self.kept]
        found -= sum(
            Fraction(self.earning[place], 100) for place, each in enumerate(self.lines) if id(each) not in kept
        )
        return max(found, Fraction(0))

    def refusal(self, rule):
        """Why a rule does not apply; an empty text if it does."""
        if self.out:
            return "excluded"
        if rule.during is not None and not rule.during[0] <= self.local.date() <= rule.during[1]:
            return "during"
        if rule.when is not None and not self.holds(rule.when):
            return "when"
        if rule.limit is not None and self.facts.counters.get(f"limit.{rule.name}", 0) >= rule.limit.count:
            return "limit"
        return ""

    def value(self, rule, group):
        """What a rule gives exactly, what it would give without its cap, and what its cap is charged."""
        gives, cap = rule.gives, rule.cap
        if gives is None:
            return Fraction(0), Fraction(0), 0
        self.scope, self.giving = self.kept, True
        counted = None
        if isinstance(gives, Rate) or gives.per is not None:
            counted = self.basis() if gives.of is None else Fraction(self.number(gives.of))
        self.scope = self.kept
        desired = self.given(gives, counted)
        self.giving = False
        # What a tree gives beside rates and steps may have a fraction too.
        desired = self.whole(desired)
        if cap is None:
            return desired, desired, 0
        used = self.facts.counters.get(
            f"cap.{group.name}/{rule.name}" if group.name != rule.name else f"cap.{rule.name}", 0
        )
        if cap.unit == "points":
            value = left_of(desired, cap, cap.most, used)
            return value, desired, value
        spent = left_of(counted * 100, cap, cap.most.minor, used)
        left = self.whole(self.given(gives, Fraction(spent, 100), [Fraction(spent, 100)]))
        return min(left, desired) if self.program.rounded == "per line" else left, desired, spent

    def one_by_one(self, of, counted):
        """What is rounded by itself: each line and the rest, or all of it."""
        if self.program.rounded == "per line" and of is None and isinstance(self.event, Purchase):
            kept = [id(each) for each in self.kept]
            by_line = [Fraction(self.earning[place], 100) for place, each in enumerate(self.lines) if id(each) in kept]
            return [*by_line, counted - sum(by_line)]
        if self.program.rounded == "per line" and isinstance(of, OverLines):
            return [self.number(of.value, each) for each in self.kept if of.when is None or self.holds(of.when, each)]
        return [counted]

    def whole(self, value):
        return value if self.program.rounded == "once" else ROUNDED[self.program.rounding](value)

    def given(self, gives, counted, parts=None):
        parts = self.one_by_one(gives.of, counted) if parts is None and counted is not None else parts
        if isinstance(gives, Rate):
            return max(sum(self.whole(gives.rate * each) for each in parts), Fraction(0))
        number = Fraction(self.number(gives.number))
        if gives.per is None:
            return number
        size = euros(gives.per.size) if isinstance(gives.per.size, Money) else gives.per.size
        if gives.each == "line":
            by_line = sum(floor(euros(each.amount) / size) for each in self.kept)
            return number * min(by_line, floor(counted / size))
        return number * max(sum(floor(each / size) for each in parts), 0)

    # -- deciding

    def decide(self):
        kind = self.event.kind
        exact = {}
        self.barred = {name for group in self.groups for name in self.beaten(group)}
        for group in self.groups:
            own = [each for each in self.rules[group.name] if each.on == kind and not isinstance(each.gives, Times)]
            if own:
                wallet = own[0].wallet
                exact[wallet] = exact.get(wallet, 0) + self.group(group, own)
        for wallet, total in exact.items():
            points = ROUNDED[self.program.rounding](total)
            if wallet == "points" and self.program.cap is not None:
                used = self.facts.counters.get("cap.program", 0)
                points = left_of(points, self.program.cap, self.program.cap.most, used)
                if self.program.cap.per is not None:
                    self.count("cap.program", points)
            self.wallets[wallet] = max(points, 0)
        self.counters()
        self.wallets = {name: int(value) for name, value in self.wallets.items() if value}
        self.counts = {name: int(value) for name, value in self.counts.items() if value}

    def beaten(self, group):
        """Who loses in *group*, if multipliers of other groups compete in it."""
        rules = [each for each in self.rules[group.name] if each.on == self.event.kind]
        members = [each for each in rules if not isinstance(each.gives, Times) or each.gives.of != group.name]
        if group.combine == "sum" or not any(isinstance(each.gives, Times) for each in members):
            return []
        fit = [each for each in members if not self.refusal(each)]
        if group.combine == "best":
            worth = [self.alone(each, group) for each in fit]
            fit = sorted(fit, key=lambda each: -worth[fit.index(each)])
        return [each.name for each in fit[1:]]

    def alone(self, rule, group):
        """What a rule gives by itself; a multiplier what it adds to what its group gives."""
        if not isinstance(rule.gives, Times):
            return self.value(rule, group)[0]
        target = next(each for each in self.groups if each.name == rule.gives.of)
        own = [each for each in self.rules[target.name] if not isinstance(each.gives, Times)]
        values = [self.value(each, target)[0] for each in own if each.on == self.event.kind and not self.refusal(each)]
        given = sum(values)
        if target.combine != "sum" and values:
            given = max(values) if target.combine == "best" else values[0]
        return (rule.gives.factor - 1) * (given if self.program.multiplied == "exact amount" else floor(given))

    def count(self, name, value):
        self.counts[name] = self.counts.get(name, 0) + value

    def group(self, group, own):  # noqa: C901 -- one branch a policy
        found = {}
        for rule in own:
            no = self.refusal(rule)
            self.fates[rule.name] = no or "applied"
            if not no and rule.name in self.barred:
                self.fates[rule.name] = "overtaken"
            elif not no:
                found[rule.name] = (rule, *self.value(rule, group))
        if group.combine != "sum" and found:
            best = max(value for _, value, _, _ in found.values())
            winner = next(name for name, (_, value, _, _) in found.items() if group.combine == "first" or value == best)
            for name in set(found) - {winner}:
                self.fates[name] = "overtaken"
                del found[name]
        for rule, value, _, charge in found.values():
            # What gives nothing uses up no limit.
            if rule.limit is not None and (value or rule.effects):
                self.count(f"limit.{rule.name}", 1)
            if rule.cap is not None and rule.cap.per is not None:
                self.count(f"cap.{group.name}/{rule.name}" if group.name != rule.name else f"cap.{rule.name}", charge)
        combined = sum((value for _, value, _, _ in found.values()), Fraction(0))
        scaled = combined if self.program.multiplied == "exact amount" else floor(combined)
        desired = combined + self.multiples(group, scaled)
        if self.out or group.cap is None:
            return Fraction(0) if self.out else desired
        given = left_of(desired, group.cap, group.cap.most, self.facts.counters.get(f"cap.{group.name}", 0))
        if group.cap.per is not None:
            self.count(f"cap.{group.name}", given)
        return given

    def multiples(self, group, whole):  # noqa: C901 -- one branch a policy
        fired = []
        for rule in (each for other in self.groups for each in self.rules[other.name]):
            if isinstance(rule.gives, Times) and rule.gives.of == group.name and rule.on == self.event.kind:
                no = self.refusal(rule)
                beaten = rule.name in self.barred
                self.fates[rule.name] = no or ("overtaken" if beaten else "applied")
                fired.extend([] if no or beaten else [rule])
        tiers = self.program.tiers
        tier = Fraction(1)
        if tiers is not None and tiers.of == group.name:
            tier = next(each.earns for each in tiers.tiers if each.name == self.tier())
        factors = [each.gives.factor for each in fired]
        if self.program.multipliers == "best":
            best = max([*factors, tier])
            winner = next((each for each in fired if each.gives.factor == best), None)
            for each in fired:
                if each is not winner:
                    self.fates[each.name] = "overtaken"
            fired = [] if winner is None else [winner]
            extras = [best - 1]
        elif self.program.multipliers == "compound":
            extras, so_far = [], Fraction(1)
            for each in [*factors, tier]:
                extras.append(so_far * (each - 1))
                so_far *= each
        else:
            extras = [each - 1 for each in [*factors, tier]]
        for each, extra in zip(fired, extras, strict=False):
            if each.limit is not None and (self.whole(whole * extra) or each.effects):
                self.count(f"limit.{each.name}", 1)
        return sum(self.whole(whole * each) for each in extras)

    def counters(self):
        if self.out:
            self.wallets, self.counts = {}, {}
        for measure in self.program.measures:
            aggregate = measure.terms.aggregate
            if aggregate.on == self.event.kind and (aggregate.when is None or self.holds(aggregate.when)):
                self.scope = self.lines
                value = self.number(aggregate.value)
                self.count(measure.terms.path, value * 100 if aggregate.money else value)
        tiers = self.program.tiers
        if tiers is None or self.out or isinstance(tiers.counts, Measure):
            return
        if tiers.counts == "points earned":
            self.count("tiers.points", self.wallets.get("points", 0))
        elif self.event.kind == "purchase" and tiers.counts in ("spend", "purchases"):
            self.count(f"tiers.{tiers.counts}", self.basis() * 100 if tiers.counts == "spend" else 1)


def left_of(value, cap, most, used):
    """What a cap leaves of *value*; over a time it counts whole points."""
    if cap.per is not None:
        value, most = floor(value), max(most - used, 0)
    if cap.exceeded == "reject":
        return value if value <= most else 0
    return min(value, most)


def _is_about_lines(node):
    match node:
        case Compare(_, Field(path), _) | Has(Field(path), _):
            return path.startswith("line.")
    return False
