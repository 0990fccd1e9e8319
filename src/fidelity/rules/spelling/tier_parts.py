"""Tiers in a program file: their keys, what makes them, and how they are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from fidelity.errors import LanguageError, Problem
from fidelity.rules.earning.measures import Measure
from fidelity.rules.spelling.shapes import (
    REQUIRED,
    Key,
    Part,
    a_list,
    a_mapping,
    a_rate,
    a_text,
    a_whole,
    holding,
    money_or_whole,
    plain_money,
    rate_text,
    texts,
)
from fidelity.rules.tiers.service import Service
from fidelity.rules.tiers.tier_set import Relationship, Tier, TierSet, relationship
from fidelity.values.grace import grace, until_day
from fidelity.values.periods import duration, window
from fidelity.values.spelling import shown, suggest

__all__ = ["SERVICE", "TIERS", "with_measures"]

_DIMENSIONS = ("purchases", "tenure", "feedback", "participation")


class _NamedMeasure(str):
    """The name of a measure that the tiers count; the program puts the measure in its place."""

    __slots__ = ()


def _counts(plain: Any) -> Any:
    if isinstance(plain, list):
        return tuple(_count(each) for each in a_list(plain))
    return _count(plain)


def _count(plain: Any) -> Any:
    if isinstance(plain, str):
        return plain
    table = a_mapping(plain)
    if set(table) == {"measure"}:
        return _NamedMeasure(a_text(table["measure"]))
    if set(table) == {"relationship"}:
        weights = a_mapping(table["relationship"])
        unknown = set(weights) - set(_DIMENSIONS)
        if unknown:
            hint = suggest(min(unknown), _DIMENSIONS) or f"it has {', '.join(_DIMENSIONS)}"
            message = f"a relationship score has no part {shown(min(unknown))}; {hint}"
            raise LanguageError(message)
        return relationship(**{name: a_whole(each) for name, each in weights.items()})
    message = 'counts is "points earned", {measure = "…"}, {relationship = {purchases = 10, …}} or a list of them'
    raise LanguageError(message)


def _counts_plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_counts_plain(each) for each in value]
    if isinstance(value, Measure):
        return {"measure": value.terms.name}
    if isinstance(value, Relationship):
        return {"relationship": {name: getattr(value, name) for name in _DIMENSIONS if getattr(value, name)}}
    return value


def with_measures(tiers: TierSet, measures: Mapping[str, Measure]) -> tuple[TierSet | None, list[Problem]]:
    """*tiers* with the measures themselves where a file names them, or what is wrong with the names."""
    problems: list[Problem] = []
    found: list[Any] = []
    for each in tiers.counted:
        if not isinstance(each, _NamedMeasure):
            found.append(each)
        elif each in measures:
            found.append(measures[each])
        else:
            remedy = suggest(each, measures) or f"there are {', '.join(measures) or 'none'}"
            problems.append(Problem("tiers.counts", f'there is no measure "{each}"', remedy))
    if problems:
        return None, problems
    return evolve(tiers, counts=tuple(found) if tiers.several else found[0]), problems


def _threshold(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: money_or_whole(each) for name, each in value.items()}
    return money_or_whole(value)


def _threshold_plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: plain_money(each) for name, each in value.items()}
    return plain_money(value)


SERVICE = Part(
    "a service",
    Service,
    (
        Key("name", a_text, default=REQUIRED),
        Key("most", lambda value: duration(a_text(value)), str, REQUIRED),
    ),
)

TIER = Part(
    "a tier",
    Tier,
    (
        Key("name", a_text, default=REQUIRED),
        Key("at", _threshold, _threshold_plain, 0),
        Key("keep", _threshold, _threshold_plain),
        Key("earns", a_rate, rate_text, 1),
        Key("benefits", texts, list, ()),
        holding("service", SERVICE, default=(), many=True),
    ),
    level="tier",
)

TIERS = Part(
    "tiers",
    TierSet,
    (
        holding("tiers", TIER, default=REQUIRED, many=True),
        Key("counts", _counts, _counts_plain, REQUIRED),
        Key("over", lambda value: window(a_text(value)), str),
        Key("until", lambda value: until_day(a_text(value)), str),
        Key("grace", lambda value: None if value == "none" else grace(a_text(value)),
            lambda value: "none" if value is None else str(value), duration("3 months")),
        Key("falls", a_text, default="one level at a time"),
        Key("kept", a_whole, default=1),
        Key("lasts", lambda value: duration(a_text(value)), str),
        Key("crossing", a_text, default="next event"),
        Key("surplus", a_text, default="lost"),
        Key("carried_at_most", money_or_whole, plain_money),
        Key("warns", lambda value: duration(a_text(value)), str),
        Key("of", a_text, default="base"),
    ),
)  # fmt: skip
