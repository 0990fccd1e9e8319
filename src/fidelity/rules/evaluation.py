"""Evaluations: what a program says about one event, with the reason for each part.

The numbers are computed at once; reasons are put together only when somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from math import floor
from typing import TYPE_CHECKING

from attrs import frozen

from fidelity.events import Event
from fidelity.facts import Facts
from fidelity.language.quantities import ROUND
from fidelity.language.tree import Node
from fidelity.rules.amounts import Times
from fidelity.rules.earning import MAIN_WALLET
from fidelity.values.rates import exact_text

if TYPE_CHECKING:
    from fidelity.rules.plan import GroupPlan, RulePlan
    from fidelity.rules.program import Program

__all__ = ["Applied", "Effect", "Evaluation", "Missed", "Reduced"]


@frozen
class Applied:
    """
    A rule that applied.

    Attributes:
        rule: Its name.
        points: What it gave, exactly, before the one rounding of the event.
        wallet: Where they go.
        counted: Whether it counts in its group: of a `best` group only the best rule does.
    """

    rule: str
    points: Fraction
    wallet: str
    counted: bool = True


@frozen
class Missed:
    """
    A rule that did not apply.

    Attributes:
        rule: Its name.
        because: The first part of it that said no, as it was written: ``when``, ``during``, ``limit``, or
            ``excluded`` when the whole event earns nothing.
        condition: That part, as a tree; None when the event was excluded.
    """

    rule: str
    because: str
    condition: Node | None


@frozen
class Reduced:
    """
    A cap that left less than would have been given.

    Attributes:
        group: The name of the group; of the rule, if the cap is a rule's; of the program, if it is the program's.
        desired, given: In points, exactly.
        what: Whose cap it is: ``"rule"``, ``"group"`` or ``"program"``.
    """

    group: str
    desired: Fraction
    given: Fraction
    what: str = "group"


@frozen
class Effect:
    """
    One thing that should happen.

    Attributes:
        kind: ``points``, ``message``, ``benefit``, ``recognition``, or ``tier`` for what the tier adds.
        rule: The rule (or tier) that is the reason.
        points: Exact points, for points.
        text: What is said or granted, for the others.
        wallet: The wallet, for points.
    """

    kind: str
    rule: str
    points: Fraction = Fraction(0)
    text: str = ""
    wallet: str = ""


class Evaluation:
    """
    What the program says about one event.

    Attributes:
        program, event, facts: What it was made from.
        wallets: Whole points by wallet, wallets with none left out.
    """

    __slots__ = ("__dict__", "_numbers", "_plan", "event", "facts", "program")

    def __init__(self, program: Program, event: Event, facts: Facts, numbers: tuple[int, ...]) -> None:
        self.program = program
        self.event = event
        self.facts = facts
        self._numbers = numbers
        self._plan = program.detail(event.kind)

    def __repr__(self) -> str:
        return f"<Evaluation of {self.event.kind} {self.event.id}: {self.points} points>"

    @property
    def points(self) -> int:
        """Whole points for the main wallet."""
        return self.wallets.get(MAIN_WALLET, 0)

    @cached_property
    def wallets(self) -> Mapping[str, int]:
        """Whole points by wallet; wallets that get none are left out."""
        values = zip(self._plan.wallets, self._plan.of_wallets(self._numbers), strict=True)
        return {wallet: points for wallet, points in values if points}

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """What the event adds to the member's counters: measures, limits, caps, tier points."""
        values = zip(self._plan.counters, self._plan.of_counters(self._numbers), strict=True)
        return {name: value for name, value in values if value}

    @property
    def excluded(self) -> bool:
        """Whether the program excludes the whole event."""
        return self._plan.excluded(self._numbers)

    @cached_property
    def _fates(self) -> tuple[tuple[Applied, ...], tuple[Missed, ...]]:
        return self._plan.fates(self._numbers)

    @property
    def applied(self) -> tuple[Applied, ...]:
        """The rules that applied, with what each gave exactly."""
        return self._fates[0]

    @property
    def missed(self) -> tuple[Missed, ...]:
        """The rules that did not apply, each with the part that said no."""
        return self._fates[1]

    @cached_property
    def reduced(self) -> tuple[Reduced, ...]:
        """What caps reduced, rules before groups before the program: what would have been given, and what was."""
        if self.excluded:
            return ()
        found = [*self._rules_reduced(), *self._plan.groups_reduced(self._numbers)]
        cap = self.program.cap
        if cap is not None:
            desired = Fraction(ROUND[self.program.rounding](self._plan.sum_given(self._numbers, MAIN_WALLET)))
            if self.points < desired:
                found.append(Reduced(self.program.name, desired, Fraction(self.points), "program"))
        return tuple(found)

    def _rules_reduced(self) -> Iterator[Reduced]:
        desired = self.program.desired_by_rule(self.event, self.facts)
        for each in self.applied:
            if each.counted and each.points < desired.get(each.rule, each.points):
                yield Reduced(each.rule, desired[each.rule], each.points, "rule")

    @cached_property
    def tier_extra(self) -> Fraction:
        """What the member's tier adds to the base group, exactly."""
        if self.excluded:
            return Fraction(0)
        return sum((value for _, value in self._plan.tier_extras(self._numbers)), Fraction(0))

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """Everything that should happen, each with the rule that is its reason."""
        found = [
            Effect("points", each.rule, each.points, wallet=each.wallet)
            for each in self.applied
            if each.points and each.counted
        ]
        if self.tier_extra:
            found.append(Effect("tier", self.tier, self.tier_extra, wallet=self._plan.tier_wallet))
        found.extend(Effect(kind, rule, text=text) for kind, rule, text in self.notes)
        return tuple(found)

    @cached_property
    def notes(self) -> tuple[tuple[str, str, str], ...]:
        """Effects that are not points: ``(kind, rule, text)``."""
        names = {each.rule for each in self.applied if each.counted}
        return tuple(
            note
            for plan in self._plan.rules
            if plan.rule.effects and plan.rule.name in names
            for note in plan.rule.effects
        )

    @property
    def tier(self) -> str:
        """The member's tier when the event came; empty when the program has none."""
        return self.facts.tier or self.program.first_tier

    @cached_property
    def reasons(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """By wallet: what each rule gave, exactly, as text."""
        found: dict[str, list[tuple[str, str]]] = {wallet: [] for wallet in self.wallets}
        for effect in self.effects:
            if effect.wallet in found:
                found[effect.wallet].append((effect.rule, exact_text(effect.points)))
        return {wallet: tuple(each) for wallet, each in found.items()}

    def explain(self, language: str = "en") -> str:
        """The reasons in the reader's language, also for what did not apply."""
        from fidelity.rules.saying import explain_evaluation

        return explain_evaluation(self, language)


@frozen(slots=False)
class Detail:
    """How the numbers of one kind of event are laid out in the tuple that the generated function returns."""

    rules: tuple[RulePlan, ...]
    groups: tuple[GroupPlan, ...]
    wallets: tuple[str, ...]
    counters: tuple[str, ...]
    has_excluded: bool
    rule_over: tuple[int, ...]
    group_over: tuple[int, ...]
    extra_over: tuple[int, ...]
    strongest: bool = False

    # The tuple: excluded?, wallets, counters, then (failing, value) a rule, (desired, given) a group, extra a group.

    @cached_property
    def _wallets_at(self) -> int:
        return int(self.has_excluded)

    @cached_property
    def _counters_at(self) -> int:
        return self._wallets_at + len(self.wallets)

    @cached_property
    def _rules_at(self) -> int:
        return self._counters_at + len(self.counters)

    @cached_property
    def _groups_at(self) -> int:
        return self._rules_at + 2 * len(self.rules)

    @cached_property
    def _extras_at(self) -> int:
        return self._groups_at + 2 * len(self.groups)

    def excluded(self, numbers: tuple[int, ...]) -> bool:
        """Whether the whole event is excluded."""
        return self.has_excluded and bool(numbers[0])

    def of_wallets(self, numbers: tuple[int, ...]) -> tuple[int, ...]:
        """Whole points, wallet by wallet."""
        return numbers[self._wallets_at : self._counters_at]

    def of_counters(self, numbers: tuple[int, ...]) -> tuple[int, ...]:
        """What is added, counter by counter."""
        return numbers[self._counters_at : self._rules_at]

    @cached_property
    def _refusals(self) -> tuple[tuple[Missed, ...], ...]:
        """For each rule what it says when the clause at a place says no: made once, they are values."""
        return tuple(
            tuple(Missed(each.rule.name, clause.what, clause.spelled) for clause in each.clauses) for each in self.rules
        )

    @cached_property
    def _rows(self) -> tuple[tuple[str, str, int, tuple[Missed, ...]], ...]:
        """For each rule: its name, its wallet, the denominator of its value, and its refusals."""
        # What a multiplier adds goes where its group goes.
        wallets = {each.name: each.wallet for each in self.groups}
        return tuple(
            (each.rule.name, wallets.get(each.group, each.rule.wallet), over, refusals)
            for each, over, refusals in zip(self.rules, self.rule_over, self._refusals, strict=True)
        )

    def fates(self, numbers: tuple[int, ...]) -> tuple[tuple[Applied, ...], tuple[Missed, ...]]:
        """The rules that applied with what they gave, and the others with what said no."""
        if self.excluded(numbers):
            return (), tuple(Missed(each.rule.name, "excluded", None) for each in self.rules)
        applied: list[Applied] = []
        missed: list[Missed] = []
        at = self._rules_at
        for name, wallet, over, refusals in self._rows:
            failing = numbers[at]
            if failing < 0:
                applied.append(Applied(name, _exact(numbers[at + 1], over), wallet))
            else:
                missed.append(refusals[failing])
            at += 2
        return self._settle(applied, numbers), tuple(missed)

    def _given(self, numbers: tuple[int, ...]) -> Iterator[tuple[GroupPlan, Fraction, Fraction]]:
        """Each group, with what it would give and what it gives."""
        at = self._groups_at
        for group, over in zip(self.groups, self.group_over, strict=True):
            yield group, Fraction(numbers[at], over), Fraction(numbers[at + 1], over)
            at += 2

    def groups_reduced(self, numbers: tuple[int, ...]) -> Iterator[Reduced]:
        """The groups whose cap left less than they would have given."""
        for group, exact, given in self._given(numbers):
            if group.cap is not None:
                # A cap over a time counts whole points: rounding alone is no reduction.
                desired = exact if group.cap.per is None else Fraction(floor(exact))
                if given < desired:
                    yield Reduced(group.name, desired, given)

    def sum_given(self, numbers: tuple[int, ...], wallet: str) -> Fraction:
        """What the groups of *wallet* give together, before rounding."""
        return sum((given for group, _, given in self._given(numbers) if group.wallet == wallet), Fraction(0))

    @cached_property
    def tier_wallet(self) -> str:
        """Where what the tier adds goes."""
        return next((each.wallet for each in self.groups if each.tier_extra is not None), MAIN_WALLET)

    def tier_extras(self, numbers: tuple[int, ...]) -> list[tuple[GroupPlan, Fraction]]:
        """Each group that the tier multiplies, with what it adds."""
        groups = [each for each in self.groups if each.tier_extra is not None]
        at = self._extras_at
        return [(group, Fraction(numbers[at + place], self.extra_over[place])) for place, group in enumerate(groups)]

    @cached_property
    def _choosing(self) -> tuple[tuple[str, Mapping[str, Fraction]], ...]:
        """Of which rules only one counts: how it is chosen, and what each weighs if that stands in the program."""
        found = [(each.combine, dict.fromkeys(each.rules, _NOTHING)) for each in self.groups if each.combine != "sum"]
        if self.strongest:
            factors = {
                each.rule.name: each.rule.gives.factor for each in self.rules if isinstance(each.rule.gives, Times)
            }
            found.extend(("strongest", {name: factors[name] for name in each.multipliers}) for each in self.groups)
        return tuple(found)

    def _settle(self, applied: list[Applied], numbers: tuple[int, ...]) -> tuple[Applied, ...]:
        """Which of the rules that applied count: of a `best` or `first` group one, and of multipliers that compete."""
        losers: set[str] = set()
        for how, rules in self._choosing:
            inside = [each for each in applied if each.rule in rules]
            if len(inside) > 1:
                winner = inside[0]
                if how == "best":
                    winner = max(inside, key=lambda each: each.points)
                elif how == "strongest":
                    winner = max(inside, key=lambda each: rules[each.rule])
                losers |= {each.rule for each in inside if each is not winner}
        if self.strongest:
            # Where the tier is the strongest, no other multiplier of its group counts.
            for group, given in self.tier_extras(numbers):
                losers |= set(group.multipliers) if given else set()
        if not losers:
            return tuple(applied)
        return tuple(Applied(each.rule, each.points, each.wallet, each.rule not in losers) for each in applied)


_NOTHING = Fraction(0)
_WHOLE: dict[int, Fraction] = {}


def _exact(value: int, over: int) -> Fraction:
    # A Fraction costs half a microsecond; small whole ones come from a shelf.
    if over == 1:
        found = _WHOLE.get(value)
        if found is None:
            found = Fraction(value)
            if 0 <= value < 1000:  # noqa: PLR2004 -- the shelf stays small
                _WHOLE[value] = found
        return found
    return Fraction(value, over)
