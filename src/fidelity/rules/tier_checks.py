"""Checking tiers: names, thresholds, what is counted and over which time, what they multiply."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fidelity.errors import Problem
from fidelity.rules.measures import Measure
from fidelity.rules.tiers import COUNTABLE, TierSet
from fidelity.values.money import Money, minor_digits
from fidelity.values.spelling import suggest

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["tier_problems"]

_FALLS = ("one level at a time", "to what is earned", "never")


def tier_problems(program: Program) -> Iterator[Problem]:
    """What is wrong with the tiers of *program*."""
    tiers = program.tiers
    if tiers is None:
        return
    if len(tiers.tiers) < 2:  # noqa: PLR2004 -- one level is no levels
        yield Problem("tiers", "one tier is no tiers", "list at least two, from low to high, or leave tiers out")
        return
    for place, name in enumerate(tiers.names):
        if name in tiers.names[:place]:
            yield Problem(f"tiers.tiers[{place}].name", f'the tier "{name}" stands twice', "give each one its own name")
    yield from _thresholds(program, tiers)
    yield from _counted(program, tiers)
    yield from _window(tiers)
    if tiers.falls not in _FALLS:
        remedy = suggest(tiers.falls, _FALLS) or f"write {', '.join(_FALLS)}"
        yield Problem("tiers.falls", f"{tiers.falls!r} is not known", remedy)
    yield from _multiplied(program, tiers)


def _thresholds(program: Program, tiers: TierSet) -> Iterator[Problem]:
    if tiers.tiers[0].at not in (0, Money(0, program.currency)):
        message = f"the first tier, {tiers.names[0]}, starts at {tiers.tiers[0].at}"
        yield Problem("tiers.tiers[0].at", message, "it is where everybody begins: leave at= out")
    money = tiers.counts_money
    scale = 10 ** minor_digits(program.currency)
    last = -1
    for place, tier in enumerate(tiers.tiers):
        at, path = tier.at, f"tiers.tiers[{place}].at"
        if isinstance(at, Money) and not money:
            message = f"{tier.name} starts at {at}, and money is not what is counted"
            yield Problem(path, message, "write a whole number")
            return
        if isinstance(at, Money) and at.currency != program.currency:
            yield Problem(path, f"{tier.name} starts at {at} in a program in {program.currency}", "convert it first")
            return
        value = at.minor if isinstance(at, Money) else at * scale if money else at
        if value <= last and place:
            message = f"{tier.name} does not start above {tiers.names[place - 1]}"
            yield Problem(path, message, "order tiers from low to high")
        last = value


def _counted(program: Program, tiers: TierSet) -> Iterator[Problem]:
    if isinstance(tiers.counts, str) and tiers.counts not in COUNTABLE:
        remedy = suggest(tiers.counts, COUNTABLE) or f"write {', '.join(COUNTABLE)}, a measure or relationship(…)"
        if "balance" in tiers.counts:
            remedy = 'count "points earned": redeeming must not demote'
        yield Problem("tiers.counts", f'"{tiers.counts}" cannot be counted', remedy)
    if isinstance(tiers.counts, Measure) and tiers.counts.terms not in program.measure_terms:
        name = tiers.counts.terms.name
        message = f'the measure "{name}" is not declared'
        yield Problem("tiers.counts", message, f"add it: measures=[{name}]", code="reference")


def _window(tiers: TierSet) -> Iterator[Problem]:
    measured = isinstance(tiers.counts, Measure)
    if measured and tiers.over is not None:
        yield Problem("tiers.over", "the measure has its own window already", "leave over= out")
    if not measured and tiers.over is None:
        remedy = 'write over="12 months" or over="calendar year"'
        yield Problem("tiers.over", "it is not said over which time is counted", remedy)


def _multiplied(program: Program, tiers: TierSet) -> Iterator[Problem]:
    names = [each.name for each in program.groups]
    if any(each.earns != 1 for each in tiers.tiers) and tiers.of not in names:
        remedy = suggest(tiers.of, names) or (
            f'say which it multiplies: TierSet(…, of="{names[0]}")' if names else "add a rule for it to multiply"
        )
        yield Problem("tiers.of", f'there is no group "{tiers.of}" for a tier to multiply', remedy, code="reference")
    for place, tier in enumerate(tiers.tiers):
        if tier.earns < 1:
            yield Problem(
                f"tiers.tiers[{place}].earns", f"{tier.name} would earn less than the base", "write 1 or more"
            )
