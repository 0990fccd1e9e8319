"""How strong the relationship with each member is: more than receipts. Principle R3."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from itertools import pairwise

from attrs import Attribute, field, frozen

from fidelity.errors import ValueRefused
from fidelity.values.whole import whole_number
from fidelity.wording import relationships as said

__all__ = ["Dimension", "Ranking", "Related", "RelationshipScore"]

#: The four dimensions, in the order in which they are told.
DIMENSIONS = ("purchases", "tenure", "feedback", "participation")


def _from(low: int) -> Callable[[object, Attribute[int], int], None]:
    def check(_: object, attribute: Attribute[int], value: int) -> None:
        whole_number(value, what=attribute.name, low=low)

    return check


@frozen
class Dimension:
    """
    What one dimension adds to the score.

    Args:
        weight: What it adds at most.
        full: From how many on it adds all of that; below, its share.
    """

    weight: int = field(validator=_from(0))
    full: int = field(validator=_from(1))

    def of(self, count: int) -> Fraction:
        """What *count* adds."""
        return self.weight * min(Fraction(1), Fraction(count, self.full))


@frozen(kw_only=True)
class RelationshipScore:
    """
    A published score of four dimensions, each capped, so that no one of them buys the first place.

    Args:
        purchases, tenure, feedback, participation: What each adds; tenure in completed years. A feedback counts
            whether it praises or complains.
    """

    purchases: Dimension
    tenure: Dimension
    feedback: Dimension
    participation: Dimension

    def __attrs_post_init__(self) -> None:
        if not any(getattr(self, name).weight for name in DIMENSIONS):
            message = "a relationship score needs a weight above 0: RelationshipScore(purchases=Dimension(40, 24), …)"
            raise ValueRefused(message, field="weight")

    def related(self, member: str, counts: Mapping[str, int], since: date) -> Related:
        """
        The score of *member*.

        Args:
            member: Who.
            counts: How many of each: ``{"purchases": 24, "tenure": 2, "feedback": 3, "participation": 1}``; tenure in
                completed years. What is left out is 0.
            since: When they joined.

        Raises:
            ValueRefused: If a count is no whole number from 0 on, or of no dimension.
        """
        if unknown := sorted(set(counts) - set(DIMENSIONS)):
            message = f"{unknown[0]!r} is no dimension of a relationship; those are {', '.join(DIMENSIONS)}"
            raise ValueRefused(message, field="counts", value=unknown[0])
        found = {name: whole_number(counts.get(name, 0), what=name, low=0) for name in DIMENSIONS}
        parts = {name: getattr(self, name).of(count) for name, count in found.items()}
        return Related(member=member, parts=parts, counts=found, since=since)

    def ranking(self, related: Iterable[Related]) -> Ranking:
        """
        Those who are *related*, the strongest relationship first.

        Of equals the longer relationship in completed years comes first, then the earlier joining date, then the id.
        """
        found = sorted(related, key=lambda each: (-each.score, -each.counts["tenure"], each.since, each.member))
        ties = tuple(
            (one.member, other.member, _decided(one, other))
            for one, other in pairwise(found)
            if one.score == other.score
        )
        return Ranking(members=tuple(found), ties=ties)


@frozen(kw_only=True)
class Related:
    """
    The relationship with one member.

    Attributes:
        member: Who.
        parts: What each dimension adds, exactly.
        counts: How many there are of each.
        since: When they joined.
    """

    member: str
    parts: Mapping[str, Fraction]
    counts: Mapping[str, int]
    since: date

    @property
    def score(self) -> Fraction:
        """All dimensions together, exactly."""
        return sum(self.parts.values(), Fraction(0))

    def explain(self, language: str = "en") -> str:
        """The score, and what each dimension adds to it."""
        return said.related(language, self.score, self.parts, self.counts)


@frozen(kw_only=True)
class Ranking:
    """
    Members by the strength of the relationship.

    Attributes:
        members: The strongest first.
        ties: Of two neighbors with one score: who comes first, who second, and what decided: ``longer relationship``,
            ``earlier joining date``, ``id``.
    """

    members: tuple[Related, ...] = ()
    ties: tuple[tuple[str, str, str], ...] = ()


def _decided(one: Related, other: Related) -> str:
    if one.counts["tenure"] != other.counts["tenure"]:
        return "longer relationship"
    return "earlier joining date" if one.since != other.since else "id"
