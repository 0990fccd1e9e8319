"""What the books read of the tiers of a program, and of those of the versions before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from attrs import evolve

from fidelity.ledger.rulebook import Count, Earlier, TierTerms
from fidelity.rules.program import Program
from fidelity.rules.tiers.score import counter_of, score_parts, tenure_weight
from fidelity.rules.tiers.tier_set import Tier, TierSet
from fidelity.values.money import Money
from fidelity.values.periods import Window, window
from fidelity.values.whole import LARGEST

__all__ = ["tier_counters", "tier_terms"]

_EVER = window("ever")


def tier_counters(program: Program) -> dict[str, Window]:
    """The counters that are kept for the tiers alone, with their windows."""
    tiers = program.tiers
    if tiers is None:
        return {}
    return {name: tiers.over or _EVER for name, _ in score_parts(tiers) if not name.startswith("measure.")}


def tier_terms(program: Program, history: Sequence[tuple[Program, datetime]] = ()) -> TierTerms | None:
    """
    The tiers of *program* as the books read them.

    Args:
        program: The present version.
        history: The versions before it, in the order in which they held, each with the instant from which it did;
            the present one is the last of them, if it was used yet.

    Returns:
        None if there are none, and never were any. If earlier versions had some, what is left of them: promises.
    """
    present = _own(program)
    if present is None:
        return _ended(history)
    used = bool(history) and history[-1][0].digest == program.digest
    since, earlier = (history[-1][1], history[:-1]) if used else (None, history)
    return _after(present, _windows(program, present), since, earlier)


def _ended(history: Sequence[tuple[Program, datetime]]) -> TierTerms | None:
    """What is left of the last tiers that there were: a ladder on which nobody rises, and promises end."""
    place = max((each for each, (version, _) in enumerate(history) if version.tiers is not None), default=None)
    if place is None:
        return None
    last = _own(history[place][0])
    assert last is not None  # noqa: S101  (it was looked for)
    thresholds = (0, *(LARGEST for _ in last.names[1:]))
    left = TierTerms(
        names=last.names, thresholds=thresholds, score=(), over=_EVER, falls="to what is earned", kept=0, ended=True
    )
    since = history[place + 1][1] if place + 1 < len(history) else None
    return _after(left, {}, since, history[: place + 1])


def _after(
    present: TierTerms,
    mine: Mapping[str, Window],
    since: datetime | None,
    earlier: Sequence[tuple[Program, datetime]],
) -> TierTerms:
    """*present*, of which *mine* is counted, after the tiers of *earlier* versions."""
    held: list[tuple[TierTerms, Mapping[str, Window], datetime | None]] = []
    for version, began in earlier:
        before = _own(version)
        # A version without tiers, or with the same ones, changes nothing for who has one.
        if before is not None and not (held and held[-1][:2] == (before, _windows(version, before))):
            held.append((before, _windows(version, before), began))
    if held and held[-1][:2] == (present, mine):
        since = held.pop()[2]
    if not held:
        return present
    return evolve(present, since=since, earlier=tuple(_earlier(place, *each, mine) for place, each in enumerate(held)))


def _earlier(
    place: int, terms: TierTerms, windows: Mapping[str, Window], since: datetime | None, present: Mapping[str, Window]
) -> Earlier:
    """What an earlier version counted in another window keeps a counter of its own."""
    names = {name: name if present.get(name) == over else f"{name}@{place}" for name, over in windows.items()}
    return Earlier(
        tiers=evolve(
            terms,
            score=tuple((names[name], weight) for name, weight in terms.score),
            either=tuple(evolve(each, counter=names[each.counter]) for each in terms.either),
            since=since,
        ),
        counters={names[name]: over for name, over in windows.items()},
        named={names[name]: name for name in windows},
    )


def _windows(program: Program, terms: TierTerms) -> dict[str, Window]:
    measured = {each.path: each.over for each in program.measure_terms}
    return {name: measured.get(name, terms.over) for name, _ in terms.score}


def _own(program: Program) -> TierTerms | None:
    """The tiers of one version by itself."""
    tiers = program.tiers
    if tiers is None:
        return None
    over = next((each.terms.over for each in tiers.measures), tiers.over) or _EVER
    digits = program.minor_digits
    either = tuple(_count(tiers, place, digits) for place in range(len(tiers.several)))
    softer = any(each.keep is not None for each in tiers.tiers)
    scale = 10**digits if tiers.counts_money else 1
    if either:
        thresholds = tuple(2 * tier for tier in range(len(tiers.tiers)))
        keep = tuple(max(0, 2 * tier - 1) for tier in range(len(tiers.tiers))) if softer else ()
    else:
        thresholds = tuple(_minor(each.at, scale) for each in tiers.tiers)
        keep = tuple(_minor(_keep(each), scale) for each in tiers.tiers) if softer else ()
    return TierTerms(
        names=tiers.names,
        thresholds=thresholds,
        score=score_parts(tiers),
        over=over,
        tenure=tenure_weight(tiers),
        grace=tiers.until or tiers.grace,
        falls=tiers.falls,
        kept=tiers.kept,
        keep=keep,
        lasts=tiers.lasts,
        either=either,
        carried=_carried(tiers, scale),
        told=tiers.crossing != "next event",
        warns=tiers.warns,
    )


def _keep(tier: Tier) -> object:
    return tier.at if tier.keep is None else tier.keep


def _carried(tiers: TierSet, scale: int) -> int:
    if tiers.surplus != "carried":
        return 0
    return LARGEST if tiers.carried_at_most is None else _minor(tiers.carried_at_most, scale)


def _count(tiers: TierSet, place: int, digits: int) -> Count:
    counted = tiers.several[place]
    name, money = tiers.several_names[place], tiers.money_of(counted)
    scale = 10**digits if money else 1
    return Count(
        name=name,
        counter=counter_of(counted),
        thresholds=tuple(_of(each.at, name, scale) for each in tiers.tiers),
        keep=tuple(_of(_keep(each), name, scale) for each in tiers.tiers),
        money=money,
    )


def _of(told: object, name: str, scale: int) -> int | None:
    """What one count takes of a threshold that tells several; the first tier takes nothing of any."""
    if isinstance(told, Mapping):
        return None if name not in told else _minor(told[name], scale)
    return _minor(told, scale)


def _minor(value: object, scale: int) -> int:
    if isinstance(value, Money):
        return value.minor
    assert isinstance(value, int)  # noqa: S101  (the program was checked)
    return value * scale
