"""Details: how the numbers of an evaluation are laid out, and what is read from them.

The generated function gives one tuple of whole numbers; each reading takes what it needs and no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property, lru_cache
from math import floor, lcm
from typing import TYPE_CHECKING

from attrs import frozen

from fidelity.rules.earning.amounts import Times
from fidelity.rules.earning.rules import MAIN_WALLET
from fidelity.rules.evaluation import Applied, Missed, Reduced
from fidelity.values.rates import exact_text

if TYPE_CHECKING:
    from fidelity.rules.plan import GroupPlan, RulePlan

__all__ = ["Detail"]


@frozen(slots=False)
class Detail:
    """
    How the numbers of one kind of event are laid out in the tuple that the generated function returns.

    Attributes:
        strongest: Whether of the multipliers that meet only the strongest counts.
        earns: The multipliers of the tiers.
        campaigns: The campaigns with a budget of points.
        rivals: The places of the rules that compete with multipliers in their group.
    """

    rules: tuple[RulePlan, ...]
    groups: tuple[GroupPlan, ...]
    wallets: tuple[str, ...]
    counters: tuple[str, ...]
    has_excluded: bool
    rule_over: tuple[int, ...]
    group_over: tuple[int, ...]
    extra_over: tuple[int, ...]
    strongest: bool = False
    earns: Mapping[str, Fraction] = {}
    campaigns: tuple[str, ...] = ()
    rivals: tuple[int, ...] = ()

    # The tuple: excluded?, wallets, counters, then (failing, value) a rule, (desired, given) a group, extra a group,
    # (desired, given) a campaign, counts? a rival.

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

    def fates(self, numbers: tuple[int, ...], losers: frozenset[str]) -> tuple[tuple[Applied, ...], tuple[Missed, ...]]:
        """The rules that applied with what they gave, and the others with what said no."""
        if self.excluded(numbers):
            return (), tuple(Missed(each.rule.name, "excluded", None) for each in self.rules)
        applied: list[Applied] = []
        missed: list[Missed] = []
        at = self._rules_at
        for name, wallet, over, refusals in self._rows:
            failing = numbers[at]
            if failing < 0:
                applied.append(Applied(name, Fraction(numbers[at + 1], over), wallet, name not in losers))
            else:
                missed.append(refusals[failing])
            at += 2
        return tuple(applied), tuple(missed)

    def reasons(
        self, numbers: tuple[int, ...], wallets: Mapping[str, int], losers: frozenset[str], tier: str
    ) -> dict[str, tuple[tuple[str, str], ...]]:
        """By wallet: what each rule that counts gave, exactly, as text; and the tier, where it added something."""
        found: dict[str, list[tuple[str, str]]] = {wallet: [] for wallet in wallets}
        if not found:
            return {}
        rules, groups = self._rules_at, self._groups_at
        failing, values = numbers[rules:groups:2], numbers[rules + 1 : groups : 2]
        for row, says_no, value in zip(self._rows, failing, values, strict=True):
            if says_no < 0 and value:
                name, wallet, over, _ = row
                if wallet in found and name not in losers:
                    found[wallet].append((name, str(value) if over == 1 else _quotient(value, over)))
        if self.extra_over and self.tier_wallet in found and (extra := numbers[self._extras_at]):
            found[self.tier_wallet].append((tier, _quotient(extra, self.extra_over[0])))
        return {wallet: tuple(each) for wallet, each in found.items()}

    @cached_property
    def _noted(self) -> tuple[tuple[int, str, tuple[tuple[str, str, str], ...]], ...]:
        """The rules that do more than give points: the place, the name, and what it does."""
        return tuple(
            (place, each.rule.name, each.rule.effects) for place, each in enumerate(self.rules) if each.rule.effects
        )

    def notes(self, numbers: tuple[int, ...], losers: frozenset[str]) -> tuple[tuple[str, str, str], ...]:
        """What the rules that count do beside giving points: ``(kind, rule, text)``."""
        if not self._noted or self.excluded(numbers):
            return ()
        at = self._rules_at
        return tuple(
            note
            for place, name, effects in self._noted
            if numbers[at + 2 * place] < 0 and name not in losers
            for note in effects
        )

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

    def campaigns_reduced(self, numbers: tuple[int, ...]) -> Iterator[Reduced]:
        """The campaigns whose budget left less than they would have given."""
        at = self._extras_at + len(self.extra_over)
        for name in self.campaigns:
            desired, given = numbers[at : at + 2]
            if given < desired:
                yield Reduced(name, Fraction(desired), Fraction(given), "campaign")
            at += 2

    def sum_given(self, numbers: tuple[int, ...], wallet: str) -> Fraction:
        """What the groups of *wallet* give together, before rounding."""
        return sum((given for group, _, given in self._given(numbers) if group.wallet == wallet), Fraction(0))

    @cached_property
    def tier_wallet(self) -> str:
        """Where what the tier adds goes."""
        return next((each.wallet for each in self.groups if each.tier_extra is not None), MAIN_WALLET)

    def tier_extra(self, numbers: tuple[int, ...]) -> Fraction:
        """What the member's tier adds, exactly."""
        # A tier multiplies one group: `TierSet.of`.
        return Fraction(numbers[self._extras_at], self.extra_over[0]) if self.extra_over else _NOTHING

    @cached_property
    def _choosing(self) -> tuple[_Choice, ...]:
        """Where only one rule counts."""
        found = [
            _Choice(each.combine, self._comparable(each.rules))
            for each in self.groups
            if each.combine != "sum" and not each.contested
        ]
        if self.strongest:
            factors = {
                each.rule.name: each.rule.gives.factor for each in self.rules if isinstance(each.rule.gives, Times)
            }
            for group in self.groups:
                rivals = tuple(
                    (each.rule.name, place, factors[each.rule.name])
                    for place, each in enumerate(self.rules)
                    if each.rule.name in group.multipliers
                )
                found.append(_Choice("strongest", rivals, self.earns if group.tier_extra is not None else {}))
        return tuple(each for each in found if len(each.rivals) > 1 or (each.rivals and each.earns))

    def _comparable(self, names: tuple[str, ...]) -> tuple[tuple[str, int, Fraction | int], ...]:
        """The rules called *names*, each with what makes their values comparable."""
        inside = [place for place, each in enumerate(self.rules) if each.rule.name in names]
        common = lcm(*(self.rule_over[place] for place in inside))
        return tuple((self.rules[place].rule.name, place, common // self.rule_over[place]) for place in inside)

    def losers(self, numbers: tuple[int, ...], tier: str) -> frozenset[str]:
        """The rules that applied and do not count: of a `best` or `first` group, and of multipliers that compete."""
        if not (self._choosing or self.rivals) or self.excluded(numbers):
            return _NOBODY
        at = self._rules_at
        losers = self._beaten(numbers)
        for choice in self._choosing:
            applied = [each for each in choice.rivals if numbers[at + 2 * each[1]] < 0 and each[0] not in losers]
            if not applied:
                continue
            winner = applied[0]
            if choice.how == "best":
                winner = max(applied, key=lambda each: numbers[at + 2 * each[1] + 1] * each[2])
            elif choice.how == "strongest":
                winner = max(applied, key=lambda each: each[2])
            # Where the tier is stronger than all of them, none counts.
            beaten = choice.earns.get(tier, 0) > winner[2]
            losers.update(each[0] for each in applied if beaten or each is not winner)
        return frozenset(losers)

    def _beaten(self, numbers: tuple[int, ...]) -> set[str]:
        """The rules that applied and lost against others of their group, where multipliers compete in it too."""
        at, after = self._rules_at, self._extras_at + len(self.extra_over) + 2 * len(self.campaigns)
        return {
            self.rules[place].rule.name
            for counts, place in zip(numbers[after:], self.rivals, strict=True)
            if numbers[at + 2 * place] < 0 and not counts
        }


@frozen
class _Choice:
    """
    Rules of which only one counts.

    Attributes:
        how: ``best``, ``first`` or ``strongest``.
        rivals: Of each its name, its place, and what it weighs: a factor.
        earns: The factors of the tiers, where they compete too.
    """

    how: str
    rivals: tuple[tuple[str, int, Fraction | int], ...]
    earns: Mapping[str, Fraction] = {}


_NOTHING = Fraction(0)
_NOBODY: frozenset[str] = frozenset()


@lru_cache(maxsize=4096)
def _quotient(value: int, over: int) -> str:
    return exact_text(Fraction(value, over))
