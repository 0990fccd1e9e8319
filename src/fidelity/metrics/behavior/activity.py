"""Activity: who is active, and how often members buy."""

from __future__ import annotations

from typing import Any, TypedDict, Unpack, overload

import numpy as np
from numpy.typing import NDArray

from fidelity.errors import MetricError
from fidelity.metrics.arguments import (
    Array,
    Column,
    Whole,
    coded,
    column,
    days,
    end_of,
    fraction,
    one_of,
    real,
    refuse_rows,
    same_length,
    weights_of,
    whole_days,
)
from fidelity.metrics.grouping import SMALLEST, effective, figures, part_of_weights
from fidelity.metrics.means import mean_with_error, t_interval
from fidelity.metrics.proportions import METHODS, estimate_of_share
from fidelity.metrics.results import Estimate, Estimates

__all__ = ["active_rate", "frequency"]

_DAY = np.timedelta64(1, "D") / np.timedelta64(1, "us")
#: Days of a unit of time; a year of the Gregorian calendar.
_UNITS = {"day": 1.0, "week": 7.0, "month": 365.2425 / 12, "quarter": 365.2425 / 4, "year": 365.2425}
#: Days: as far back as numpy's microseconds reach.
_LONGEST = 1e8


def _each_once(members: Column) -> tuple[NDArray[Any], Whole]:
    """The members in their order, and the place of each row's among them."""
    listed = column("members", members)
    names, codes = coded("members", listed)
    if len(names) < len(listed):
        rows = np.setdiff1d(np.arange(len(listed)), np.unique(codes, return_index=True)[1])
        message = f"members: stands twice in row {rows[0]}; name each member once"
        raise MetricError(message, argument="members", rows=rows)
    return names, codes


class ActiveOptions(TypedDict, total=False):
    """What `active_rate` takes beside members, purchases and groups."""

    until: str | np.datetime64
    within: float
    weights: Column
    method: str
    level: float
    minimum: int


@overload
def active_rate(
    members: Column, customers: Column, at: Column, *, by: None = None, **options: Unpack[ActiveOptions]
) -> Estimate: ...
@overload
def active_rate(
    members: Column, customers: Column, at: Column, *, by: Column, **options: Unpack[ActiveOptions]
) -> Estimates: ...


def active_rate(
    members: Column,
    customers: Column,
    at: Column,
    *,
    until: str | np.datetime64 | None = None,
    within: float = 365,
    weights: Column = None,
    by: Column = None,
    method: str = "wilson",
    level: float = 0.95,
    minimum: int = SMALLEST,
) -> Estimate | Estimates:
    """
    The share of members who did something in the last so many days, in percent.

    Args:
        members: All members, each once.
        customers: Who did something (a purchase, a visit); one row each time, in any order. Others are ignored.
        at: When.
        until: The end of the time looked at, included: a day to its end, or an instant; the last row unless told. What
            came later is ignored.
        within: How many days before its end the time begins.
        weights: How much each member counts.
        by: A column that names a group for each member: one rate a group.
        method: As `proportion` has it.
        level: How sure the interval is to cover the truth.
        minimum: Groups with fewer members are not shown.

    Returns:
        An `Estimate` in percent, or `Estimates` where *by* is given.

    Raises:
        MetricError: If a member stands twice, columns differ in length, or an option is unknown.

    Note:
        It misleads where members joined within the time, and between trades: who buys sofas is not active each year.
        How likely somebody is still there: the models of `value`.

    Source:
        Counting; the interval as `proportion`.

    >>> active_rate(["ann", "bob", "cy"], ["ann", "bob"], ["2026-03-01", "2025-01-01"], until="2026-06-30")
    <active 33.33%, 6.149 to 79.23 (95 %), n=3>
    """
    one_of("method", method, tuple(METHODS))
    level = fraction("level", level)
    within = real("within", within, above=0, high=_LONGEST)
    who, when = column("customers", customers), days("at", at).astype("datetime64[us]")
    same_length(customers=who, at=when)
    names, codes = _each_once(members)
    end = when.max() if until is None else end_of("until", until).last
    inside = (when <= end) & (when > end - np.timedelta64(round(within * _DAY), "us"))
    seen, _ = coded("customers", who)
    seen = np.unique(who[inside].astype(seen.dtype)) if inside.any() else seen[:0]
    if seen.dtype.kind != names.dtype.kind:
        seen, names = seen.astype(str), names.astype(str)
    hits = np.isin(names, seen)[codes].astype(np.float64)
    heavy = weights_of("weights", weights, len(hits))

    def one(part: Whole | slice) -> Estimate:
        mine = part_of_weights(heavy, part)
        share = min(float(mine @ hits[part] / mine.sum()), 1.0)
        return estimate_of_share(
            share, len(mine), effective=effective(mine), level=level, method=method, name="active"
        )  # fmt: skip

    return figures(one, len(hits), name="active", by=by, rewarded=None, minimum=minimum)


class FrequencyOptions(TypedDict, total=False):
    """What `frequency` takes beside the purchases, the members and the groups."""

    start: str | np.datetime64 | None
    until: str | np.datetime64 | None
    per: str | None
    weights: Column
    level: float
    minimum: int


@overload
def frequency(
    customers: Column, at: Column, *, members: Column = None, by: None = None, **options: Unpack[FrequencyOptions]
) -> Estimate: ...
@overload
def frequency(
    customers: Column, at: Column, *, members: Column, by: Column, **options: Unpack[FrequencyOptions]
) -> Estimates: ...


def frequency(
    customers: Column,
    at: Column,
    *,
    members: Column = None,
    start: str | np.datetime64 | None = None,
    until: str | np.datetime64 | None = None,
    per: str | None = None,
    weights: Column = None,
    by: Column = None,
    level: float = 0.95,
    minimum: int = SMALLEST,
) -> Estimate | Estimates:
    """
    How often a member buys: purchases a member, or a member and unit of time.

    Args:
        customers: Who bought; one row a purchase, in any order.
        at: When.
        members: All members, each once, where those who bought nothing count too; those of *customers* unless told.
        start, until: From when to when, both included, a day to its end; the first and the last purchase unless told.
            Purchases beyond are ignored.
        per: ``"day"``, ``"week"``, ``"month"``, ``"quarter"`` or ``"year"``; None: in the whole time.
        weights: How much each of the *members* counts.
        by: A column that names a group for each of the *members*: one figure a group.
        level: How sure the interval is to cover the mean of members like these.
        minimum: Groups with fewer members are not shown.

    Returns:
        An `Estimate` with a t interval, or `Estimates` where *by* is given; its n counts members.

    Raises:
        MetricError: If a customer is no member or a member stands twice, the time has no length, columns differ in
            length, *per* is unknown, or *weights* or *by* stand without *members*.

    Note:
        Members who joined within the time had less of it. A few who buy much carry the mean: see `top_share`.

    Source:
        The mean of counts with Student's interval.

    >>> frequency(["ann", "ann", "bob"], ["2026-01-01", "2026-02-01", "2026-03-01"])
    <purchases a member 1.5, -4.853 to 7.853 (95 %), n=2>
    """
    level = fraction("level", level)
    when = days("at", at).astype("datetime64[us]")
    who = column("customers", customers)
    same_length(customers=who, at=when)
    begin = when.min() if start is None else days("start", [start])[0].astype("datetime64[us]")
    if until is None:
        last = when.max()
        # The last of a column of days is a whole day.
        stop = last + np.timedelta64(1, "D") if whole_days(when) else last
    else:
        last, stop, _ = end_of("until", until)
    time = 1.0
    if per is not None:
        one_of("per", per, tuple(_UNITS))
        time = float((stop - begin).astype(np.int64)) / _DAY / _UNITS[per]
    if last < begin or not time > 0:
        end = "the last purchase" if until is None else until
        message = f"until: {end} is not after start {begin}; give a time with some length"
        raise MetricError(message, argument="until", rows=np.empty(0, np.int64))
    inside = (when >= begin) & (when <= last)
    names, codes = coded("customers", who)
    counts = np.bincount(codes[inside], minlength=len(names)).astype(np.float64)
    if members is not None:
        counts = _of_members(members, names, codes, counts)
    else:
        for argument, given in (("weights", weights), ("by", by)):
            if given is not None:
                message = f"{argument}: stands beside no members; name all members, and give one value for each"
                raise MetricError(message, argument=argument, rows=np.empty(0, np.int64))
    heavy = None if weights is None else weights_of("weights", weights, len(counts))
    unit = "" if per is None else f"a {per}"

    def one(part: Whole | slice) -> Estimate:
        mean, error, worth = mean_with_error(counts[part] / time, part_of_weights(heavy, part))
        ends = t_interval(mean, error, worth, level)
        return Estimate(mean, len(counts[part]), error, ends, "t, by member", "purchases a member", unit)

    return figures(one, len(counts), name="purchases a member", by=by, rewarded=None, minimum=minimum)


def _of_members(members: Column, names: NDArray[Any], codes: Whole, counts: Array) -> Array:
    """How often each member bought, in their order, from how often each customer did."""
    listed, places = _each_once(members)
    if listed.dtype.kind != names.dtype.kind or names.dtype.kind == "O":
        listed, names = listed.astype(str), names.astype(str)
    known = np.isin(names, listed)
    refuse_rows("customers", ~known[codes], "is no member", "add them to members, or leave those rows out")
    found = np.zeros(len(listed))
    place = {name: number for number, name in enumerate(listed.tolist())}
    found[[place[name] for name in names.tolist()]] = counts
    return np.asarray(found[places])
