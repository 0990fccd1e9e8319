"""Checking tiers: names, thresholds, what is counted and over which time, what they multiply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from fidelity.errors import Problem
from fidelity.rules.earning.measures import Measure
from fidelity.rules.tiers.tier_set import COUNTABLE, CROSSINGS, FALLS, SURPLUS, Relationship, Threshold, Tier, TierSet
from fidelity.values.money import Money, minor_digits
from fidelity.values.spelling import suggest

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["tier_problems"]

_POLICIES = (("falls", FALLS), ("crossing", CROSSINGS), ("surplus", SURPLUS))
#: What one event adds can be told apart at a threshold.
_DIVISIBLE = ("spend", "points earned", "base points")


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
    for name, known in _POLICIES:
        told = getattr(tiers, name)
        if told not in known:
            yield Problem(
                f"tiers.{name}", f"{told!r} is not known", suggest(told, known) or f"write {', '.join(known)}"
            )
    yield from _clocks(tiers)
    yield from _warned(tiers)
    yield from _surplus(program, tiers)
    yield from _crossed(tiers)
    yield from _multiplied(program, tiers)


def _thresholds(program: Program, tiers: TierSet) -> Iterator[Problem]:
    first = tiers.tiers[0]
    if first.at not in (0, Money(0, program.currency)):
        message = f"the first tier, {first.name}, starts at {first.at}"
        yield Problem("tiers.tiers[0].at", message, "it is where everybody begins: leave at= out")
    if first.keep is not None:
        yield Problem("tiers.tiers[0].keep", f"nobody can lose {first.name}, the first tier", "leave keep= out")
    found = list(_names_told(tiers))
    if found:
        yield from found
        return
    for name, counted in zip(tiers.several_names or ("",), tiers.counted, strict=True):
        yield from _one_ladder(program, tiers, name, money=tiers.money_of(counted))


def _names_told(tiers: TierSet) -> Iterator[Problem]:
    """Whether thresholds tell several things exactly where several are counted."""
    known = tiers.several_names
    for place, tier in enumerate(tiers.tiers):
        for what, told in (("at", tier.at), ("keep", tier.keep)):
            path = f"tiers.tiers[{place}].{what}"
            if isinstance(told, Mapping) and not known:
                yield Problem(path, f"{tier.name} tells several things, and one is counted", "write one number")
            elif isinstance(told, Mapping):
                for each in told:
                    if each not in known:
                        remedy = suggest(each, known) or f"write {', '.join(known)}"
                        yield Problem(path, f'"{each}" is not counted', remedy)
            elif known and place and told is not None:
                remedy = f'name them: {what}={{"{known[0]}": {told}}}'
                yield Problem(path, f"{tier.name} does not say of which count {told} is", remedy)


def _of(told: Threshold | None, name: str) -> int | Money | None:
    return told.get(name) if isinstance(told, Mapping) else told


def _one_ladder(program: Program, tiers: TierSet, name: str, *, money: bool) -> Iterator[Problem]:
    """The thresholds of one thing that is counted: each above the one below, `keep` between the two."""
    scale = 10 ** minor_digits(program.currency)
    last, below = -1, tiers.names[0]
    for place, tier in enumerate(tiers.tiers):
        values: dict[str, int] = {}
        for what, told in (("at", _of(tier.at, name)), ("keep", _of(tier.keep, name))):
            if told is None:
                continue
            problem = _unit(program, tier, told, f"tiers.tiers[{place}].{what}", money=money)
            if problem is not None:
                yield problem
                return
            values[what] = told.minor if isinstance(told, Money) else told * scale if money else told
        at, keep, path = values.get("at"), values.get("keep"), f"tiers.tiers[{place}]"
        if at is None:
            if keep is not None:
                message = f"{tier.name} cannot be reached by {name}, so it cannot be kept by it"
                yield Problem(f"{path}.keep", message, f'say from when: at={{…, "{name}": …}}')
            continue
        if keep is not None and (
            gap := next((each for each in tiers.tiers[1:place] if _of(each.at, name) is None), None)
        ):
            message = f"{tier.name} is kept by {name}, and {gap.name} below it cannot be reached by that"
            yield Problem(f"{path}.keep", message, f"say from when {gap.name} begins by {name} too")
        if place and at <= last:
            yield Problem(f"{path}.at", f"{tier.name} does not start above {below}", "order tiers from low to high")
        elif place and keep is not None and not last < keep <= at:
            message = (
                f"{tier.name} would be kept with {_of(tier.keep, name)}, which is not between {below} and its own start"
            )
            yield Problem(f"{path}.keep", message, f"write more than it takes for {below}, and at most {tier.at}")
        last, below = at, tier.name


def _unit(program: Program, tier: Tier, told: int | Money, path: str, *, money: bool) -> Problem | None:
    if isinstance(told, Money) and not money:
        message = f"{tier.name} starts at {told}, and money is not what is counted"
        return Problem(path, message, "write a whole number")
    if isinstance(told, Money) and told.currency != program.currency:
        return Problem(path, f"{tier.name} starts at {told} in a program in {program.currency}", "convert it first")
    return None


def _counted(program: Program, tiers: TierSet) -> Iterator[Problem]:
    for counted in tiers.counted:
        if isinstance(counted, str) and counted not in COUNTABLE:
            remedy = suggest(counted, COUNTABLE) or f"write {', '.join(COUNTABLE)}, a measure or relationship(…)"
            if "balance" in counted:
                remedy = 'count "points earned": redeeming must not demote'
            yield Problem("tiers.counts", f'"{counted}" cannot be counted', remedy)
        if isinstance(counted, Measure) and counted.terms not in program.measure_terms:
            name = counted.terms.name
            message = f'the measure "{name}" is not declared'
            yield Problem("tiers.counts", message, f"add it: measures=[{name}]", code="reference")
        if isinstance(counted, Measure) and counted.terms.streak:
            message = "a streak decides no tier: it would be lost with one period missed"
            yield Problem("tiers.counts", message, "count visits, or a measure over a time")
        if isinstance(counted, Relationship) and tiers.several:
            remedy = "count it alone, or measures"
            yield Problem("tiers.counts", "a relationship score is not one of several counts", remedy)
    names = tiers.several_names
    for place, name in enumerate(names):
        if name in names[:place]:
            yield Problem("tiers.counts", f'"{name}" stands twice', "list it once")
    if "base points" in tiers.by_name and tiers.of not in [each.name for each in program.groups]:
        message = f'base points are those of the group "{tiers.of}", and there is none'
        yield Problem("tiers.of", message, "say which: TierSet(…, of=…)", code="reference")


def _window(tiers: TierSet) -> Iterator[Problem]:
    windows = {each.terms.over for each in tiers.measures}
    only = len(tiers.measures) == len(tiers.counted)
    if only and tiers.over is not None:
        yield Problem("tiers.over", "the measure has its own window already", "leave over= out")
    if not only and tiers.over is None:
        remedy = 'write over="12 months" or over="calendar year"'
        yield Problem("tiers.over", "it is not said over which time is counted", remedy)
    elif len(windows | ({tiers.over} if tiers.over is not None and not only else set())) > 1:
        told = ", ".join(sorted(str(each) for each in windows | {tiers.over or next(iter(windows))}))
        yield Problem(
            "tiers.counts", f"what is counted has several windows: {told}", "one clock: give them the same one"
        )


def _kind(tiers: TierSet) -> str:
    over = next((each.terms.over for each in tiers.measures), tiers.over)
    return "" if over is None else over.kind if over.kind != "calendar" else f"calendar {over.unit}"


def _clocks(tiers: TierSet) -> Iterator[Problem]:
    kind = _kind(tiers)
    if tiers.until is not None:
        if kind != "calendar year":
            message = "status can end on a day of the year only if calendar years are counted"
            yield Problem("tiers.until", message, 'write over="calendar year", or grace= instead of until=')
        if tiers.grace is not None:
            yield Problem("tiers.grace", f"until= says already when status ends: {tiers.until}", "leave grace= out")
    if tiers.lasts is not None:
        if not tiers.lasts.count:
            yield Problem("tiers.lasts", f"a tier that lasts {tiers.lasts} is none", "leave lasts= out")
        if kind.startswith("calendar") or kind == "membership":
            message = "with periods a tier lasts by them, not from the day it was reached"
            yield Problem("tiers.lasts", message, 'leave lasts= out, or write over="12 months" or over="ever"')


def _warned(tiers: TierSet) -> Iterator[Problem]:
    if tiers.warns is None:
        return
    if not tiers.warns.count:
        yield Problem("tiers.warns", f"{tiers.warns} before a fall is too late", 'write warns="30 days"')
    if tiers.falls == "never":
        yield Problem("tiers.warns", "nobody falls, so there is nothing to warn of", "leave warns= out")


def _surplus(program: Program, tiers: TierSet) -> Iterator[Problem]:
    most = tiers.carried_at_most
    if tiers.surplus != "carried":
        if most is not None:
            yield Problem("tiers.carried_at_most", "nothing is carried", 'write surplus="carried", or leave it out')
        return
    kind = _kind(tiers)
    if not kind.startswith("calendar") and kind != "membership":
        message = f"a surplus is carried from one period to the next, and {kind or 'this'} has none"
        yield Problem("tiers.surplus", message, 'write over="calendar year" or over="membership year"')
    if tiers.several:
        message = "of several counts it is not said of which there is a surplus"
        yield Problem("tiers.surplus", message, "count one thing, or leave surplus= out")
    if isinstance(most, Money):
        if not tiers.counts_money:
            yield Problem("tiers.carried_at_most", f"{most} of what is no money", "write a whole number")
        elif most.currency != program.currency:
            message = f"{most} in a program in {program.currency}"
            yield Problem("tiers.carried_at_most", message, "convert it first")
    if most == 0:
        yield Problem("tiers.carried_at_most", "at most 0 is nothing", "leave surplus= and carried_at_most= out")


def _crossed(tiers: TierSet) -> Iterator[Problem]:
    if tiers.crossing == "marginal" and (tiers.several or tiers.named not in _DIVISIBLE):
        message = "the event that crosses a threshold cannot be told apart there"
        remedy = f'count {", ".join(_DIVISIBLE)}, or write crossing="whole event"'
        yield Problem("tiers.crossing", message, remedy)


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
