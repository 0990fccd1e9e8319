"""How many promises were kept: by area, touchpoint, what was promised, and member, as known at an instant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from attrs import frozen

from fidelity.care.promises.state import Promise, PromiseState

__all__ = ["KeepingRate", "PromiseReport", "promise_report"]


@frozen
class KeepingRate:
    """
    How many promises were kept in time, of those that count.

    Attributes:
        counted: How many have fallen due; those cancelled are left out.
        kept: How many of them were kept in time.
    """

    counted: int
    kept: int

    @property
    def rate_percent(self) -> Decimal | None:
        """The share kept in time, in percent with one decimal; None where none counts."""
        if not self.counted:
            return None
        return (Decimal(100 * self.kept) / self.counted).quantize(Decimal("0.1"), ROUND_HALF_UP)


@frozen
class PromiseReport:
    """
    What became of promises.

    Attributes:
        at: As known then.
        promises: Each promise, in the order in which they were stated.
        overall: How many were kept.
        by_area, by_touchpoint, by_code: The same, apart.
    """

    at: datetime
    promises: tuple[Promise, ...]
    overall: KeepingRate
    by_area: Mapping[str, KeepingRate]
    by_touchpoint: Mapping[str, KeepingRate]
    by_code: Mapping[str, KeepingRate]

    @property
    def states(self) -> Mapping[str, PromiseState]:
        """The state of each promise, by id."""
        return {each.id: each.state(self.at) for each in self.promises}

    @property
    def hours_late(self) -> Mapping[str, Decimal]:
        """By how many hours each late promise was late, with one decimal."""
        found = {}
        for each in self.promises:
            if each.fulfilled is not None and each.state(self.at) is PromiseState.LATE:
                hours = Decimal((each.fulfilled - each.due) / timedelta(seconds=1)) / 3600
                found[each.id] = hours.quantize(Decimal("0.1"), ROUND_HALF_UP)
        return found

    @property
    def outcomes(self) -> Mapping[str, str]:
        """
        The worst that became of the promises to each member that count, in a word.

        ``broken``, then ``overdue``, ``repaired``, ``late``, and ``kept`` where all were.
        """
        found: dict[str, str] = {}
        for each in self.promises:
            if each.member and each.counts(self.at):
                state = str(each.state(self.at))
                found[each.member] = min(state, found.get(each.member, state), key=_WORST.index)
        return found

    def columns(self) -> dict[str, list[Any]]:
        """
        The promises as columns, for `fidelity.metrics.promise_keeping` and a dataframe.

        Returns:
            ``member``, ``promise``, ``code``, ``area``, ``touchpoint``, ``due``, ``kept`` (None where not) and
            ``state``. Those cancelled are left out.
        """
        rows = [each for each in self.promises if each.state(self.at) is not PromiseState.CANCELLED]
        return {
            "member": [each.member for each in rows],
            "promise": [each.id for each in rows],
            "code": [each.code for each in rows],
            "area": [each.area for each in rows],
            "touchpoint": [each.touchpoint for each in rows],
            "due": [each.due for each in rows],
            "kept": [None if each.fulfilled is None or each.fulfilled > self.at else each.fulfilled for each in rows],
            "state": [str(each.state(self.at)) for each in rows],
        }


#: What weighs most of what became of a member's promises comes first.
_WORST = ("broken", "overdue", "repaired", "late", "kept")


def promise_report(promises: Iterable[Promise], at: datetime) -> PromiseReport:
    """What became of *promises* by *at*."""
    known = tuple(sorted(promises, key=lambda each: (each.stated, each.id)))
    return PromiseReport(
        at,
        known,
        _rate(known, at),
        _apart(known, at, "area"),
        _apart(known, at, "touchpoint"),
        _apart(known, at, "code"),
    )


def _rate(promises: Iterable[Promise], at: datetime) -> KeepingRate:
    counted = [each.state(at) for each in promises if each.counts(at)]
    return KeepingRate(len(counted), sum(each is PromiseState.KEPT for each in counted))


def _apart(promises: tuple[Promise, ...], at: datetime, by: str) -> Mapping[str, KeepingRate]:
    names = dict.fromkeys(getattr(each, by) for each in promises if getattr(each, by))
    return {name: _rate((each for each in promises if getattr(each, by) == name), at) for name in names}
