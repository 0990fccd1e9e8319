"""How a member stands, in words: the tier, every part of the score, what is missing, and until when it lasts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from fidelity.rules.saying.tiers import reached
from fidelity.rules.tiers.tier_set import Counted, Relationship, TierSet
from fidelity.values.money import Money
from fidelity.wording import numbers
from fidelity.wording import tiers as said
from fidelity.wording.phrasebook import phrase
from fidelity.wording.reasons import tier_now
from fidelity.wording.tongue import own

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["Ahead", "Stands", "explain_standing", "warning_lines"]

#: What the parts of a score are that stand in no rule.
_OTHERS = {"carried": "tier.part.carried", "tiers.credited": "tier.part.credited"}


class Ahead(Protocol):
    """A fall that comes."""

    @property
    def until(self) -> datetime: ...  # noqa: D102
    @property
    def falls_to(self) -> str: ...  # noqa: D102
    @property
    def to_stay(self) -> int: ...  # noqa: D102
    @property
    def count(self) -> str: ...  # noqa: D102


class Step(Protocol):
    """How far one of several counts is."""

    @property
    def name(self) -> str: ...
    @property
    def score(self) -> int: ...
    @property
    def to_next(self) -> int | None: ...


class Stands(Protocol):
    """How a member stands, as the books tell it."""

    @property
    def tier(self) -> str: ...  # noqa: D102
    @property
    def next_tier(self) -> str: ...  # noqa: D102
    @property
    def to_next(self) -> int | None: ...  # noqa: D102
    @property
    def until(self) -> datetime | None: ...  # noqa: D102
    @property
    def score(self) -> int: ...  # noqa: D102
    @property
    def parts(self) -> Mapping[str, int]: ...  # noqa: D102
    @property
    def progress(self) -> tuple[Step, ...]: ...  # noqa: D102
    @property
    def warning(self) -> Ahead | None: ...  # noqa: D102


def explain_standing(program: Program, standing: Stands, language: str) -> str:
    """How a member stands: the tier, each part of the score, what is missing to the next, and until when it lasts."""
    tiers, tongue = program.tiers, program.tongue(language)
    return "\n".join(
        _promised(program, standing, tongue) if tiers is None else _lines(program, tiers, standing, tongue)
    )


def _promised(program: Program, standing: Stands, language: str) -> Iterator[str]:
    """What is left of a tier in a program that has none any more."""
    yield tier_now(language, own(language, standing.tier))
    if standing.until is not None:
        yield said.lasts(language, standing.until, program.zone)


def _lines(program: Program, tiers: TierSet, standing: Stands, language: str) -> Iterator[str]:
    yield tier_now(language, own(language, standing.tier))
    if standing.progress:
        for counted, each in zip(tiers.several, standing.progress, strict=True):
            yield f"- {phrase(language, 'tier.have', what=_amount(program, tiers, counted, each.score, language))}"
    else:
        yield from _score(program, tiers, standing, language)
    if standing.next_tier:
        yield from _next(program, tiers, standing, language)
    if standing.warning is not None:
        yield from warning_lines(program, standing.tier, standing.warning, language)
    elif standing.until is not None:
        yield said.lasts(language, standing.until, program.zone)


def _score(program: Program, tiers: TierSet, standing: Stands, language: str) -> Iterator[str]:
    counted = tiers.counted[0]
    yield f"- {phrase(language, 'tier.have', what=_amount(program, tiers, counted, standing.score, language))}"
    weights = isinstance(counted, Relationship)
    if not weights and not set(standing.parts) & set(_OTHERS):
        return
    for name, value in standing.parts.items():
        key = _OTHERS.get(name) or (f"tier.part.{name.removeprefix('tiers.')}" if weights else "tier.part.earned")
        amount = numbers.number(language, value) if weights else _amount(program, tiers, counted, value, language)
        yield f"  - {phrase(language, key, amount=amount)}"


def _next(program: Program, tiers: TierSet, standing: Stands, language: str) -> Iterator[str]:
    parts = [
        _amount(program, tiers, counted, each.to_next, language)
        for counted, each in zip(tiers.several, standing.progress, strict=False)
        if each.to_next is not None
    ]
    if not standing.progress and standing.to_next is not None:
        parts = [_amount(program, tiers, tiers.counted[0], standing.to_next, language)]
    if parts:
        tier = own(language, standing.next_tier)
        yield phrase(language, "tier.next", tier=tier, what=said.either(language, parts))


def warning_lines(program: Program, tier: str, ahead: Ahead, language: str) -> Iterator[str]:
    """That the member would lose *tier*, and what it takes to keep it."""
    tiers = program.tiers
    assert tiers is not None  # noqa: S101 -- there is a tier to lose
    yield said.ends(language, own(language, tier), own(language, ahead.falls_to), ahead.until, program.zone)
    if ahead.to_stay:
        names = tiers.several_names or ("",)
        counted = tiers.counted[names.index(ahead.count)]
        what = _amount(program, tiers, counted, ahead.to_stay, language)
        yield phrase(language, "tier.stay", what=what)


def _amount(program: Program, tiers: TierSet, counted: Counted, value: int, language: str) -> str:
    """So much of what is counted; of money *value* is in minor units."""
    told = Money(value, program.currency) if tiers.money_of(counted) else value
    return reached(program, tiers, counted, told, language)
