"""Tiers in words: what is counted, where each begins, and how one is kept and lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from fidelity.rules.earning.measures import Measure
from fidelity.rules.saying.gives import tier_gives
from fidelity.rules.tiers.tier_set import Counted, Relationship, Threshold, Tier, TierSet
from fidelity.values.grace import UntilDay
from fidelity.values.money import Money
from fidelity.values.periods import Window
from fidelity.wording import dates, numbers
from fidelity.wording import program as said_program
from fidelity.wording import tiers as said
from fidelity.wording.phrasebook import agreeing, phrase
from fidelity.wording.tongue import own

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["reached", "tier_lines"]


def tier_lines(program: Program, language: str, *, formal: bool) -> list[str]:
    """The lines about the tiers of *program*; none if it has none."""
    tiers = program.tiers
    found = [] if tiers is None else list(_lines(program, tiers, language, formal=formal))
    for each in program.minimum_standard:
        lasts = dates.duration(language, each.most)
        found.append(f"- {phrase(language, 'service.floor', name=own(language, each.name), duration=lasts)}")
    return found


def _lines(program: Program, tiers: TierSet, language: str, *, formal: bool) -> Iterator[str]:
    counts = tiers.counts
    if isinstance(counts, Relationship):
        parts = [
            (phrase(language, f"counted.{name}"), getattr(counts, name))
            for name in ("purchases", "feedback", "participation")
            if getattr(counts, name)
        ]
        yield f"- {said_program.score(language, parts, counts.tenure, formal=formal)}"
    for place, tier in enumerate(tiers.tiers):
        yield f"- {_begins(program, tiers, tier, language, first=not place)}"
        if tier.keep is not None:
            yield f"  {said.keeps(language, tier.name, _either(program, tiers, tier.keep, language), formal=formal)}"
        if tier.earns != 1:
            yield f"  {tier_gives(program, tier, language, formal=formal)}"
        for each in tier.service:
            lasts = dates.duration(language, each.most)
            yield f"  {said.service(language, tier.name, own(language, each.name), lasts, formal=formal)}"
        if tier.benefits:
            yield f"  {said_program.benefits(language, tier.benefits, formal=formal)}"
    if any(each.earns != 1 for each in tiers.tiers) and tiers.crossing != "next event":
        yield f"- {phrase(language, f'tier.crossing.{tiers.crossing}', formal=formal)}"
    yield from (f"- {each}" for each in _clocks(program, tiers, language, formal=formal))


def _begins(program: Program, tiers: TierSet, tier: Tier, language: str, *, first: bool) -> str:
    if first:
        return said_program.tier(language, tier.name, 0)
    if not isinstance(tier.at, Mapping):
        (only,) = tiers.counted
        money = _as_money(program, tiers, only, tier.at)
        if money is not None:
            amount = numbers.money(language, money, short=True)
            return phrase(language, "tier.spend", name=tier.name, amount=amount)
        assert isinstance(tier.at, int)  # noqa: S101 -- money has been said
        return said_program.tier(language, tier.name, tier.at, _word(only, language))
    return phrase(language, "tier.at", name=tier.name, score=_either(program, tiers, tier.at, language))


def _as_money(program: Program, tiers: TierSet, counted: Counted, told: int | Money) -> Money | None:
    if isinstance(told, Money):
        return told
    return Money(told * 10**program.minor_digits, program.currency) if tiers.money_of(counted) else None


def _either(program: Program, tiers: TierSet, told: Threshold, language: str) -> str:
    """What it takes, as part of a sentence: of several things one is enough."""
    names = tiers.several_names or ("",)
    parts = []
    for name, counted in zip(names, tiers.counted, strict=True):
        number = told.get(name) if isinstance(told, Mapping) else told
        if number is not None:
            parts.append(reached(program, tiers, counted, number, language))
    return said.either(language, parts)


def reached(program: Program, tiers: TierSet, counted: Counted, told: int | Money, language: str) -> str:
    """So much of what is counted, in words."""
    money = _as_money(program, tiers, counted, told)
    if money is not None:
        return phrase(language, "score.spend", amount=numbers.money(language, money, short=True))
    assert isinstance(told, int)  # noqa: S101 -- money has been said
    if isinstance(counted, str) and counted in ("points earned", "base points"):
        points = numbers.points(language, told, "points")
        said_so = phrase(language, "score.earned", agreeing(language, "points"), n=points)
        return said_so if counted == "points earned" else phrase(language, "score.base", points=points)
    word = _word(counted, language)
    if word == "score":
        return phrase(language, "score.plain", n=numbers.number(language, told))
    return f"{numbers.number(language, told)} {word}"


def _word(counted: Counted, language: str) -> str:
    """What a number of this count is followed by."""
    if isinstance(counted, Measure):
        return own(language, counted.terms.name)
    if not isinstance(counted, str):
        return "score"
    if counted in ("purchases", "visits"):
        return phrase(language, f"counts.{counted.removesuffix('s')}")
    return {"points earned": "earned", "base points": phrase(language, "counts.base")}.get(counted, "score")


def _clocks(program: Program, tiers: TierSet, language: str, *, formal: bool) -> Iterator[str]:
    over = next((each.terms.over for each in tiers.measures), tiers.over)
    if over is not None:
        yield said_program.tier_window(language, over, formal=formal)
    if tiers.surplus == "carried":
        yield _surplus(program, tiers, language, formal=formal)
    if tiers.falls == "never":
        yield from said_program.tier_falls(language, tiers.falls, formal=formal)
    else:
        yield from _ends(tiers, over, language, formal=formal)
    if tiers.warns is not None:
        yield phrase(language, "tier.warns", formal=formal, duration=dates.duration(language, tiers.warns))


def _ends(tiers: TierSet, over: Window | None, language: str, *, formal: bool) -> Iterator[str]:
    """Until when a tier is kept, and what comes then."""
    grace, until = tiers.grace, tiers.until
    if isinstance(grace, UntilDay):
        grace, until = None, grace
    before = []
    if tiers.lasts is not None:
        before.append(phrase(language, "tier.lasts", formal=formal, duration=dates.duration(language, tiers.lasts)))
    if over is not None and over.kind in ("calendar", "membership"):
        before.append(said.kept(language, tiers.kept, until, formal=formal))
    elif until is not None:
        before.append(said.until(language, until, formal=formal))
    if grace is not None:
        before.append(said.grace(language, grace, formal=formal))
    yield from before
    yield from said_program.tier_falls(language, tiers.falls, alone=not before, formal=formal)


def _surplus(program: Program, tiers: TierSet, language: str, *, formal: bool) -> str:
    most = tiers.carried_at_most
    if most is None:
        return phrase(language, "tier.surplus", formal=formal)
    money = _as_money(program, tiers, tiers.counted[0], most)
    told = numbers.money(language, money, short=True) if money is not None else numbers.number(language, int(str(most)))
    return phrase(language, "tier.surplus.most", formal=formal, most=told)
