"""Lowering: a program's rules become core trees, and everything that cannot stand becomes a problem with its path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import evolve

from fidelity.errors import FidelityError, LanguageError, Problem
from fidelity.language.bounds import bounds
from fidelity.language.kinds import Kind
from fidelity.language.printing import as_text
from fidelity.language.quantities import MONEY, Quantity, is_finite
from fidelity.language.resolve import resolve_condition, resolve_number
from fidelity.language.schema import BUILT_IN, Schema
from fidelity.language.tree import (
    AllOf,
    Case,
    Compare,
    Extreme,
    Field,
    Literal,
    Node,
    OverLines,
    Rounded,
    add,
    all_of,
    multiply,
    not_,
)
from fidelity.rules.assuming import assumed_of
from fidelity.rules.basis import Basis, exclusions
from fidelity.rules.budgets import budgeted, campaign_clauses, charges, counter_kinds, own_cap
from fidelity.rules.combining import (
    ZERO,
    by_tier,
    capped,
    floor_of,
    guarded,
    is_whole,
    made_whole,
    multiplied,
    scaled,
    strongest,
    wins,
)
from fidelity.rules.counting import measured
from fidelity.rules.crossing import crossing_extra, score_kinds
from fidelity.rules.earning.amounts import Points, Rate, Times
from fidelity.rules.earning.campaigns import places
from fidelity.rules.earning.limits import Cap
from fidelity.rules.earning.rules import MAIN_WALLET, EarnRule, Group
from fidelity.rules.plan import Clause, GroupPlan, KindPlan, RulePlan
from fidelity.rules.rivals import Rivals, contested
from fidelity.rules.rounding import by_rule, rate_of, steps_of, told_whole
from fidelity.rules.schemas import Declarations
from fidelity.rules.tiers.score import TIER_POINTS, tier_counters
from fidelity.values.money import Money, minor_digits

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["Lowering", "cap_counter"]


class Lowering:
    """Reads one program, kind by kind, and collects what is wrong with it."""

    def __init__(self, program: Program, declared: Declarations) -> None:
        self.program = program
        self.declared = declared
        self.problems: list[Problem] = []
        self.counter_kinds: dict[str, Kind] = {}
        #: The most that one event may give, by wallet.
        self.highest: dict[str, Fraction] = {}
        #: The rules that multiply a group, by its name and the kind of event.
        self.times: dict[tuple[str, str], list[EarnRule]] = {}
        for rule in program.rules:
            if isinstance(rule.gives, Times):
                self.times.setdefault((rule.gives.of, rule.on), []).append(rule)
        self.places = {name: place for place, name in _paths(program)}

    @contextmanager
    def at(self, path: str) -> Iterator[None]:
        """Whatever is refused inside becomes a problem of *path*."""
        try:
            yield
        except FidelityError as error:
            message, _, remedy = error.message.partition("; ")
            self.problems.append(Problem(path, message, remedy, code=error.code))

    # -- one kind of event

    def kind(self, kind: str) -> KindPlan:
        """The plan for events of *kind*."""
        schema = self._schema(kind)
        excluded, lines_out = exclusions(self.program, kind, schema)
        basis = Basis.of(self.program, kind, lines_out)
        excluded = None if excluded is None else basis.in_condition(excluded)
        plans: dict[str, RulePlan] = {}
        for group in self.program.groups:
            for rule in group.rules:
                if rule.on == kind and not isinstance(rule.gives, Times):
                    plans[rule.name] = self._rule(rule, group, schema, basis)
                elif rule.on == kind:
                    plans[rule.name] = self._multiplier(rule, schema, basis)
        rivals = Rivals(self.program, kind, plans)
        self.problems.extend(rivals.problems)
        groups: list[GroupPlan] = [
            self._group(group, plans, kind, rivals)
            for group in self.program.groups
            if any(each.on == kind and not isinstance(each.gives, Times) for each in group.rules)
        ]
        groups, campaigns = budgeted(self, plans, groups)
        totals = self._totals(groups, schema)
        counters = measured(self, kind, groups, basis, excluded)
        counters |= self._counters(kind, plans, groups, totals, basis) | charges(self, plans, groups, campaigns)
        counters = {name: node for name, node in counters.items() if node != ZERO or name == TIER_POINTS}
        ordered = [plans[rule.name] for group in self.program.groups for rule in group.rules if rule.name in plans]
        if excluded is not None:
            totals = {wallet: Case(((excluded, ZERO),), node) for wallet, node in totals.items()}
            counters = {
                name: node if name.startswith("measure.") else Case(((excluded, ZERO),), node)
                for name, node in counters.items()
            }
        assumed = assumed_of(self.program, kind, schema, basis)
        return KindPlan(kind, schema, excluded, tuple(ordered), tuple(groups), totals, counters, campaigns, assumed)

    def _schema(self, kind: str) -> Schema:
        points, spend = Declarations.points_counter(), Declarations.spend_counter()
        for group in self.program.groups:
            if group.cap is not None and group.cap.per is not None:
                self.counter_kinds[f"cap.{group.name}"] = points
            for rule in group.rules:
                if rule.limit is not None:
                    self.counter_kinds[f"limit.{rule.name}"] = points
                if rule.cap is not None and rule.cap.per is not None:
                    self.counter_kinds[cap_counter(rule, group)] = spend if rule.cap.unit == "spend" else points
        if self.program.cap is not None and self.program.cap.per is not None:
            self.counter_kinds["cap.program"] = points
        self.counter_kinds |= counter_kinds(self.program)
        self.counter_kinds |= score_kinds(self.program.tiers)
        return self.declared.schema(kind, counters=self.counter_kinds)

    # -- one rule

    def _rule(self, rule: EarnRule, group: Group, schema: Schema, basis: Basis) -> RulePlan:
        path = self.places[rule.name]
        clauses = self._clauses(rule, schema, path, basis)
        plan = RulePlan(rule, path, group.name, clauses, ZERO)
        with self.at(f"{path}.gives"):
            value, charges, desired = self._value(rule, group, schema, basis)
            plan = evolve(plan, value=value, charges=charges, desired=desired)
        if rule.on in BUILT_IN and bounds(plan.value, schema.kinds).low < 0:
            message = f'"{rule.name}" can take points away from a {rule.on}'
            remedy = "a rule gives; what a return takes back is computed by the books"
            self.problems.append(Problem(f"{path}.gives", message, remedy))
        return plan

    def _clauses(self, rule: EarnRule, schema: Schema, path: str, basis: Basis) -> tuple[Clause, ...]:
        found = campaign_clauses(self.program, rule, schema)
        if rule.during is not None:
            day = Field(f"{rule.on}.date")
            spelled = all_of(Compare(">=", day, Literal(rule.during[0])), Compare("<=", day, Literal(rule.during[1])))
            found.append(Clause("during", resolve_condition(spelled, schema), spelled))
        if rule.when is not None:
            for each in rule.when.conditions if isinstance(rule.when, AllOf) else (rule.when,):
                with self.at(f"{path}.when"):
                    found.append(Clause("when", basis.in_condition(resolve_condition(each, schema)), each))
        if rule.limit is not None:
            left = Compare("<", Field(f"limit.{rule.name}"), Literal(rule.limit.count))
            found.append(Clause("limit", left, left))
        return tuple(found)

    def _value(
        self, rule: EarnRule, group: Group, schema: Schema, basis: Basis
    ) -> tuple[Node, dict[str, Node], Node | None]:
        """What the rule gives, what its cap is charged, and what it would give without the cap."""
        gives, (cap, name) = rule.gives, own_cap(self.program, rule, group)
        if gives is None:
            return ZERO, {}, None
        assert not isinstance(gives, Times)  # noqa: S101 -- multipliers go with their group
        counted: Quantity | None = None
        if isinstance(gives, Rate) or gives.per is not None:
            counted = self._counted(gives, rule, schema, basis)
        node = by_rule(self.program, self._given(gives, counted, schema, basis))
        if cap is None:
            return node, {}, None
        if cap.unit == "points":
            left = capped(node, cap, name)
            return left, ({} if cap.per is None else {name: left}), node
        if counted is None:
            raise LanguageError('a cap of spend needs an amount; cap the points: Cap(50, "points")')
        spent = self._capped_spend(counted, cap, name)
        left = by_rule(self.program, self._given(gives, spent, schema, basis))
        if self.program.rounded == "per line":
            # Part of the spend is rounded as a whole: never more than all of it, line by line.
            left = Extreme("min", (left, node))
        return left, ({} if cap.per is None else {name: spent.node}), node

    def _given(self, gives: Points | Rate, counted: Quantity | None, schema: Schema, basis: Basis) -> Node:
        if isinstance(gives, Points):
            return self._steps(gives, counted, schema, basis)
        assert counted is not None  # noqa: S101 -- a rate always counts
        unit = 10 ** minor_digits(self.program.currency) if counted.unit == MONEY else 1
        return rate_of(self.program, gives.rate / unit, counted.node, basis)

    def _counted(self, gives: Points | Rate, rule: EarnRule, schema: Schema, basis: Basis) -> Quantity:
        """What is counted in steps or multiplied by a rate."""
        if gives.of is not None:
            found = resolve_number(gives.of, schema)
            node = basis.in_amount(found.node)
            return Quantity(node, found.unit, found.low, found.high, found.over)
        if basis.amount is None:
            message = f"a {rule.on} has no amount; say what is counted: of={rule.on}.…"
            raise FidelityError(message)
        high = resolve_number(Field("purchase.amount"), schema).high
        if isinstance(gives, Points) and gives.each == "line":
            return Quantity(basis.lines, MONEY, Fraction(0), high)
        return Quantity(basis.amount, MONEY, Fraction(0), high)

    def _capped_spend(self, counted: Quantity, cap: Cap, name: str) -> Quantity:
        assert isinstance(cap.most, Money)  # noqa: S101 -- `Cap` saw to it
        if counted.unit != MONEY:
            raise FidelityError('a cap of spend needs an amount of money; cap the points: Cap(50, "points")')
        if cap.most.currency != self.program.currency:
            raise FidelityError(f"the cap is {cap.most} in a program in {self.program.currency}; convert it first")
        node = capped(counted.node, Cap(cap.most.minor, per=cap.per, exceeded=cap.exceeded), name)
        return Quantity(node, MONEY, Fraction(0), min(counted.high, Fraction(cap.most.minor)))

    def _steps(self, gives: Points, counted: Quantity | None, schema: Schema, basis: Basis) -> Node:
        number = resolve_number(gives.number, schema, unit="number")
        number_node = basis.in_amount(number.node)
        if gives.per is None or counted is None:
            return number_node
        size = gives.per.size
        if isinstance(size, Money) != (counted.unit == MONEY):
            what = "money" if counted.unit == MONEY else "a number"
            raise FidelityError(f"what is counted is {what}, and a step is {gives.per}; make them of one kind")
        if isinstance(size, Money) and size.currency != self.program.currency:
            raise FidelityError(f"a step of {size} in a program in {self.program.currency}; convert it first")
        by = size.minor if isinstance(size, Money) else size
        if gives.each == "line":
            if not isinstance(counted.node, OverLines):
                raise FidelityError('each="line" needs lines to count; write of=lines(…).amount')
            steps: Node = OverLines(floor_of(counted.node.value, by), counted.node.when)
            if gives.of is None and basis.amount is not None:
                # What is left out of the whole does not earn line by line either.
                steps = Extreme("min", (steps, floor_of(basis.amount, by)))
        else:
            steps = steps_of(self.program, by, counted.node, basis)
        if not is_finite(number_node):
            message = (
                f"each {gives.per} gives {as_text(gives.number)}; "
                "points for a step are a constant, or a case or table of constants"
            )
            raise LanguageError(message)
        return steps if number_node == Literal(1) else multiply(number_node, steps)

    # -- one group

    def _group(self, group: Group, plans: dict[str, RulePlan], kind: str, rivals: Rivals) -> GroupPlan:
        own = [plans[each.name] for each in group.rules if each.on == kind and not isinstance(each.gives, Times)]
        combined = rivals.together(group)
        whole = told_whole(self.program, combined)
        found = [
            evolve(plans[rule.name], value=scaled(rule.gives.factor - 1, whole))
            for rule in self.times.get((group.name, kind), ())
            if isinstance(rule.gives, Times)
        ]
        multipliers = [
            evolve(each, value=by_rule(self.program, each.value))
            for each in multiplied(self.program.multipliers, found)
        ]
        plans.update({each.rule.name: each for each in multipliers})
        earns = self._tier_factors(group.name)
        extras = [
            guarded(self._counts(multipliers, place, earns), each.value) for place, each in enumerate(multipliers)
        ]
        tier_extra = None
        if earns:
            tier_extra = by_rule(self.program, self._tier_extra(kind, combined, found, earns, whole))
        desired = add(combined, *extras, *([tier_extra] if tier_extra is not None else []))
        given = desired if group.cap is None else capped(desired, group.cap, f"cap.{group.name}")
        return GroupPlan(
            group.name, group.combine, own[0].rule.wallet, tuple(each.rule.name for each in own),
            tuple(each.rule.name for each in multipliers), tier_extra, group.cap, desired, given,
            made_whole(combined), contested(group, kind),
        )  # fmt: skip

    def counts(self, group: GroupPlan, plans: Mapping[str, RulePlan], name: str) -> Node:
        """Whether the multiplier *name* of *group* counts."""
        found = [plans[each] for each in group.multipliers]
        return self._counts(found, group.multipliers.index(name), self._tier_factors(group.name))

    def gave(self, plan: RulePlan, counts: Node) -> Node:
        """Whether a rule gave something that counts."""
        return _gave(plan, counts)

    def _tier_extra(
        self, kind: str, combined: Node, multipliers: Sequence[RulePlan], earns: Mapping[str, Fraction], whole: Node
    ) -> Node:
        """What the tiers add: by the tier that the member has, or by the score that the event reaches."""
        tiers = self.program.tiers
        if tiers is None or tiers.crossing == "next event":
            return by_tier(self.program.multipliers, multipliers, earns, whole)
        basis = Basis.of(self.program, kind, exclusions(self.program, kind, self._schema(kind))[1])
        return crossing_extra(self.program, kind, combined, multipliers, earns, basis)

    def _counts(self, multipliers: Sequence[RulePlan], place: int, earns: Mapping[str, Fraction]) -> Node:
        """Whether the multiplier at *place* counts."""
        return strongest(multipliers, place, earns) if self.program.multipliers == "best" else multipliers[place].counts

    def _multiplier(self, rule: EarnRule, schema: Schema, basis: Basis) -> RulePlan:
        """The plan of a multiplier; what it adds is known when its group is."""
        assert isinstance(rule.gives, Times)  # noqa: S101 -- the caller saw to it
        path = self.places[rule.name]
        return RulePlan(rule, path, rule.gives.of, self._clauses(rule, schema, path, basis), ZERO)

    def _tier_factors(self, group: str) -> dict[str, Fraction]:
        """By tier what it multiplies the group by; empty if tiers do not."""
        tiers = self.program.tiers
        if tiers is None or tiers.of != group or all(each.earns == 1 for each in tiers.tiers):
            return {}
        return {each.name: each.earns for each in tiers.tiers}

    def _totals(self, groups: Sequence[GroupPlan], schema: Schema) -> dict[str, Node]:
        totals: dict[str, Node] = {}
        for wallet in dict.fromkeys(each.wallet for each in groups):
            node = add(*(each.given for each in groups if each.wallet == wallet))
            node = node if is_whole(node) else Rounded(self.program.rounding, node)
            cap = self.program.cap
            if wallet == MAIN_WALLET and cap is not None:
                node = capped(node, cap, "cap.program")
            found = bounds(node, schema.kinds)
            self.highest[wallet] = max(found.high, self.highest.get(wallet, found.high))
            # Only custom events may take points away, and never more than there are.
            totals[wallet] = Extreme("max", (node, ZERO)) if found.low < 0 else node
        return totals

    # -- counters

    def _counters(
        self,
        kind: str,
        plans: Mapping[str, RulePlan],
        groups: Sequence[GroupPlan],
        totals: Mapping[str, Node],
        basis: Basis,
    ) -> dict[str, Node]:
        found: dict[str, Node] = {}
        tiers = self.program.tiers
        for group in groups:
            own = [plans[name] for name in group.rules]
            for place, each in enumerate(own):
                counts = wins(group.combine, own, place)
                if each.rule.limit is not None:
                    found[f"limit.{each.rule.name}"] = guarded(_gave(each, counts), Literal(1))
                for name, charge in each.charges.items():
                    found[name] = guarded(counts, charge)
            multipliers = [plans[name] for name in group.multipliers]
            for place, each in enumerate(multipliers):
                if each.rule.limit is not None:
                    counts = self._counts(multipliers, place, self._tier_factors(group.name))
                    found[f"limit.{each.rule.name}"] = guarded(_gave(each, counts), Literal(1))
            if group.cap is not None and group.cap.per is not None:
                found[f"cap.{group.name}"] = group.given
        if self.program.cap is not None and self.program.cap.per is not None:
            found["cap.program"] = totals.get(MAIN_WALLET, ZERO)
        base = next((each.base for each in groups if tiers is not None and each.name == tiers.of), None)
        found |= tier_counters(tiers, kind, totals.get(MAIN_WALLET), basis.amount, base)
        return found


def _gave(plan: RulePlan, counts: Node) -> Node:
    """Whether a rule gave something: what gives nothing uses up no limit."""
    if plan.rule.effects or (isinstance(plan.value, Literal) and plan.value != ZERO):
        return counts
    return all_of(counts, not_(Compare("==", plan.value, ZERO)))


def cap_counter(rule: EarnRule, group: Group) -> str:
    """The counter of a rule's own cap; apart from that of the group it stands in."""
    return f"cap.{rule.name}" if rule.name == group.name else f"cap.{group.name}/{rule.name}"


def _paths(program: Program) -> Iterator[tuple[str, str]]:
    for path, each in places(program.earn):
        if isinstance(each, Group):
            yield from ((f"{path}.rules[{inner}]", rule.name) for inner, rule in enumerate(each.rules))
        else:
            yield path, each.name
