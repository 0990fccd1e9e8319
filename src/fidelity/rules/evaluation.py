"""Evaluations: what a program says about one event, with the reason for each part.

The numbers are computed at once; reasons are put together only when somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, overload

from attrs import frozen

from fidelity.events import Event
from fidelity.facts import Facts
from fidelity.language.quantities import ROUND
from fidelity.language.tree import Node
from fidelity.rules.earning.rules import MAIN_WALLET

if TYPE_CHECKING:
    from typing import Self

    from fidelity.rules.details import Detail
    from fidelity.rules.program import Program

__all__ = ["Applied", "Effect", "Evaluation", "Missed", "Reduced"]

T = TypeVar("T")


class kept(cached_property[T]):  # noqa: N801 -- it is used like its parent
    """
    A property that is worked out once.

    `cached_property` of Python 3.11 takes a lock for it, which costs more than most of what an evaluation works out.
    """

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> Self: ...

    @overload
    def __get__(self, instance: object, owner: type | None = None) -> T: ...

    def __get__(self, instance: object | None, owner: type | None = None) -> Self | T:
        if instance is None:
            return self
        value = self.func(instance)
        instance.__dict__[str(self.attrname)] = value
        return value


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
        because: The first part of it that said no, as it was written: ``when``, ``during``, ``limit``; of its
            campaign ``campaign`` (not then), ``suspended`` or ``budget`` (nothing left); or ``excluded`` when the whole
            event earns nothing.
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
        group: The name of the group; of the rule, if the cap is a rule's; of the program, if it is the program's;
            of the campaign, if it is a budget.
        desired, given: In points, exactly.
        what: Whose cap it is: ``"rule"``, ``"group"``, ``"campaign"`` or ``"program"``.
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

    def __init__(self, program: Program, event: Event, facts: Facts, plan: Detail, numbers: tuple[int, ...]) -> None:
        self.program = program
        self.event = event
        self.facts = facts
        self._plan = plan
        self._numbers = numbers

    def __repr__(self) -> str:
        return f"<Evaluation of {self.event.kind} {self.event.id}: {self.points} points>"

    @property
    def points(self) -> int:
        """Whole points for the main wallet."""
        return self.wallets.get(MAIN_WALLET, 0)

    @kept
    def wallets(self) -> Mapping[str, int]:
        """Whole points by wallet; wallets that get none are left out."""
        values = zip(self._plan.wallets, self._plan.of_wallets(self._numbers), strict=True)
        return {wallet: points for wallet, points in values if points}

    @kept
    def counts(self) -> Mapping[str, int]:
        """What the event adds to the member's counters: measures, limits, caps, tier points."""
        values = zip(self._plan.counters, self._plan.of_counters(self._numbers), strict=True)
        return {name: value for name, value in values if value}

    @property
    def excluded(self) -> bool:
        """Whether the program excludes the whole event."""
        return self._plan.excluded(self._numbers)

    @kept
    def _losers(self) -> frozenset[str]:
        return self._plan.losers(self._numbers, self.tier)

    @kept
    def _fates(self) -> tuple[tuple[Applied, ...], tuple[Missed, ...]]:
        return self._plan.fates(self._numbers, self._losers)

    @property
    def applied(self) -> tuple[Applied, ...]:
        """The rules that applied, with what each gave exactly."""
        return self._fates[0]

    @property
    def missed(self) -> tuple[Missed, ...]:
        """The rules that did not apply, each with the part that said no."""
        return self._fates[1]

    @kept
    def reduced(self) -> tuple[Reduced, ...]:
        """What caps reduced, rules before groups before the program: what would have been given, and what was."""
        if self.excluded:
            return ()
        found = [*self._rules_reduced(), *self._plan.groups_reduced(self._numbers)]
        found += self._plan.campaigns_reduced(self._numbers)
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

    @kept
    def tier_extra(self) -> Fraction:
        """What the member's tier adds to the base group, exactly."""
        if self.excluded:
            return Fraction(0)
        return self._plan.tier_extra(self._numbers)

    @kept
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

    @kept
    def notes(self) -> tuple[tuple[str, str, str], ...]:
        """Effects that are not points: ``(kind, rule, text)``."""
        return self._plan.notes(self._numbers, self._losers)

    @property
    def tier(self) -> str:
        """The member's tier when the event came; empty when the program has none."""
        return self.facts.tier or self.program.first_tier

    @kept
    def reasons(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """By wallet: what each rule gave, exactly, as text."""
        return self._plan.reasons(self._numbers, self.wallets, self._losers, self.tier)

    def explain(self, language: str = "en") -> str:
        """The reasons in the reader's language, also for what did not apply."""
        from fidelity.rules.reasons import explain_evaluation

        return explain_evaluation(self, language)
