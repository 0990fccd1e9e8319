"""The second hard line: few filters stand between having the points and getting the reward (principle R2).

What a filter asks is read off its boxes: one that asks several things at once counts for each of them, one that the
others imply counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from fidelity.errors import FidelityError, Problem
from fidelity.language.boxes import boxes, implies, share
from fidelity.language.kinds import Amount, Whole
from fidelity.language.printing import as_text
from fidelity.language.resolve import resolve_condition
from fidelity.language.schema import Schema
from fidelity.language.tree import Compare, Field, Literal, Node, Opaque, fields_of, walk
from fidelity.rules.rewards.payments import Payment
from fidelity.rules.rewards.reward import Filter, Reward

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["EffectiveFilter", "effective_filters", "filter_problems"]


@frozen
class EffectiveFilter:
    """
    A filter that really keeps somebody out.

    Attributes:
        filter: The filter.
        excludes: The share of declared situations that it refuses, 0 to 1; None where nobody can tell.
        weight: How many things it asks at once: one, unless several conditions were packed into it.
    """

    filter: Filter
    excludes: float | None
    weight: int = 1

    def __str__(self) -> str:
        times = f", {self.weight} in one" if self.weight > 1 else ""
        said = self.filter.text or ("" if self.filter.when is None else as_text(self.filter.when))
        return f"{self.filter.name} ({said}{times})"


def effective_filters(reward: Reward | Payment, schema: Schema) -> tuple[EffectiveFilter, ...]:
    """
    The filters of *reward* that count: those which the others, and having the points, do not imply.

    Raises:
        LanguageError: If a filter cannot be read.
    """
    said = [(each, None if each.when is None else resolve_condition(each.when, schema)) for each in reward.filters]
    kept = list(said)
    known = [Compare(">=", Field("redemption.balance"), Literal(reward.least))]
    known += _declared([core for _, core in said if core is not None], schema)
    for each in said:
        others: list[Node] = [core for other, core in kept if other is not each[0] and core is not None]
        if each[1] is not None and implies([*known, *others], each[1]):
            kept.remove(each)
    return tuple(
        EffectiveFilter(each, None)
        if core is None
        else EffectiveFilter(each, 1 - share(core, schema.kinds), weight(core))
        for each, core in kept
    )


def _declared(cores: Iterable[Node], schema: Schema) -> Iterator[Compare]:
    """What the declared bounds of the fields say by themselves."""
    for path in dict.fromkeys(path for core in cores for path in fields_of(core)):
        match schema.kinds.get(path):
            case Whole(low, high) | Amount(low, high):
                yield Compare(">=", Field(path), Literal(low))
                yield Compare("<=", Field(path), Literal(high))


def weight(core: Node) -> int:
    """How many things a core condition asks for by the easiest way through it; at least one."""
    found = boxes(core)
    if not found:
        return max(1, len(fields_of(core)))
    return max(1, min(sum(_asked(name) for name in box) for box in found))


def _asked(name: object) -> int:
    """A field or a tag is one thing; what no box can say counts for each field that it reads."""
    return 1 if isinstance(name, str | tuple) else max(1, len(fields_of(name)))  # type: ignore[arg-type]  # a node


def filter_problems(program: Program, schema: Schema) -> Iterator[Problem]:
    """Rewards with more effective filters than the budget, and filters that nobody can analyse."""
    for place, reward in enumerate(program.rewards):
        path = f"rewards[{place}]"
        unread = list(_unread(path, reward, schema))
        yield from unread
        if not unread:
            yield from _over_budget(path, reward, schema, program.filter_budget.most)


def _unread(path: str, reward: Reward | Payment, schema: Schema) -> Iterator[Problem]:
    for each in reward.filters:
        if each.when is None:
            continue
        if any(isinstance(part, Opaque) for part in walk(each.when)):
            message = f'"{reward.name}" is filtered by an opaque function, and nobody could say what it asks'
            remedy = "write the condition out in the rule language"
            yield Problem(f"{path}.{each.key}", message, remedy, code="opaque filter")
            continue
        try:
            resolve_condition(each.when, schema)
        except FidelityError as error:
            message, _, remedy = error.message.partition("; ")
            yield Problem(f"{path}.{each.key}", message, remedy, code=error.code)


def _over_budget(path: str, reward: Reward | Payment, schema: Schema, most: int) -> Iterator[Problem]:
    found = effective_filters(reward, schema)
    count = sum(each.weight for each in found)
    if count <= most:
        return
    # The cheapest to give up is the one that keeps out the fewest; what cannot be measured comes last.
    remove: list[EffectiveFilter] = []
    for each in sorted(found, key=lambda each: (each.excludes is None, each.excludes or 0.0)):
        if sum(other.weight for other in remove) < count - most:
            remove.append(each)
    listed = ", ".join(str(each) for each in found)
    noun = "filter" if count == 1 else "filters"
    message = f'"{reward.name}" has {count} {noun} where {most} are allowed: {listed}'
    cheapest = ", ".join(str(each) for each in remove)
    yield Problem(path, message, f"cheapest to remove: {cheapest} (principle R2)", code="excessive filters")
