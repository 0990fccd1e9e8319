"""Funnels: how many people go from step to step in order, how sure that is, and how long it takes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.errors import MetricError
from fidelity.journey.logs import EventLog, a_log
from fidelity.journey.percent import percent
from fidelity.metrics.arguments import fraction, numbers
from fidelity.metrics.results import Estimate, Result, whiskers

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Funnel", "Step", "funnel"]


@frozen
class Step(Result):
    """
    One step of a funnel.

    Attributes:
        name: The activity.
        cases: How many came so far.
        of_all: The share of all cases of the log, in percent.
        of_previous: The share of those who came to the step before, in percent; of the first, of all cases.
        median_time: How long those took from the step before, half of them less; None without times or for the first.
    """

    name: str
    cases: int
    of_all: Estimate
    of_previous: Estimate
    median_time: float | None

    def _title(self) -> str:
        return self.name

    def _draw(self, ax: Axes) -> None:
        whiskers(ax, ["of all", "of the step before"], [self.of_all, self.of_previous])
        ax.set_xlim(0, 100)
        ax.set_title(f"{self.name}: {self.cases:,} cases")


@frozen(repr=False)
class Funnel(Result, Mapping[str, Step]):
    """
    An ordered funnel; a mapping from activity to `Step`, in the order of the steps.

    Attributes:
        of: The steps.
        cases: How many cases there were.
        unit: What the times are in.
    """

    of: Mapping[str, Step]
    cases: int
    unit: str = ""

    def __getitem__(self, step: str) -> Step:
        return self.of[step]

    def __iter__(self) -> Iterator[str]:
        return iter(self.of)

    def __len__(self) -> int:
        return len(self.of)

    def __repr__(self) -> str:
        return f"<funnel of {self.cases:,}: {', '.join(f'{name} {each.cases:,}' for name, each in self.of.items())}>"

    def _title(self) -> str:
        return f"Funnel of {self.cases:,} cases"

    def _heads(self) -> Sequence[str]:
        return "step", "of all", "of the step before", "interval", f"median {self.unit or 'time'}", "cases"

    def _rows(self) -> Iterable[Sequence[object]]:
        for name, each in self.of.items():
            shares = f"{each.of_all.value:.1f} %", f"{each.of_previous.value:.1f} %"
            yield name, *shares, str(each.of_previous.interval or "–"), each.median_time, each.cases

    def _draw(self, ax: Axes) -> None:
        for place, each in enumerate(self.of.values()):
            ax.barh(place, each.of_all.value, color="#8da9d4", edgecolor="#1f3b6e", lw=0.8)
            if each.of_all.interval is not None:
                ax.plot(each.of_all.interval[:2], [place, place], color="#1f3b6e", lw=2, solid_capstyle="butt")
            words = (
                f" {each.cases:,} ({each.of_previous.value:.0f} % of the step before)" if place else f" {each.cases:,}"
            )
            right = each.of_all.interval.high if each.of_all.interval is not None else each.of_all.value
            ax.text(right + 1, place, words, va="center", fontsize="small")
        ax.set_yticks(range(len(self.of)), list(self.of))
        ax.set_xlim(0, 145)
        ax.set_xticks(range(0, 101, 20))
        ax.invert_yaxis()
        ax.set_xlabel("% of all cases")
        ax.set_title(self._title())


def funnel(log: EventLog, steps: Sequence[str], *, within: float | None = None, level: float = 0.95) -> Funnel:
    """
    How many cases went from step to step in this order, whatever they did between.

    A case is at a step when its activity happened after the step before, the first time that it did.

    Args:
        log: From `event_log`.
        steps: Activities in their order, each once.
        within: How long after the first step the others count: seconds for dates, else in the unit of the times.
        level: How sure each interval is to cover.

    Returns:
        A `Funnel` with Wilson's intervals, of all cases and of the step before.

    Raises:
        MetricError: If a step never happened or is named twice, or *within* is given and the log has no times.

    Note:
        It misleads where the order is not theirs: who paid first and looked afterwards is lost at the second step. The
        first time is taken, and who came back later with more time counts from then.

    Source:
        E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209–212.

    >>> from fidelity.journey import event_log
    >>> log = event_log(["ana", "ana", "ben", "ben", "eva"], ["ad", "buy", "buy", "ad", "ad"])
    >>> funnel(log, ["ad", "buy"])
    <funnel of 3: ad 3, buy 1>
    """
    level = fraction("level", level)
    a_log(log)
    if not isinstance(steps, Sequence) or isinstance(steps, str) or not steps or len(set(steps)) != len(steps):
        message = f"steps: is {steps!r}; give different activities in their order"
        raise MetricError(message, argument="steps", rows=np.empty(0, np.int64))
    places = [log.place("steps", each) for each in steps]
    if within is not None:
        within = float(numbers("within", [within], above=0)[0])
        if log.times is None:
            message = "within: the log has no times; give time= to event_log"
            raise MetricError(message, argument="within", rows=np.empty(0, np.int64))
    rows, events = log.rows, np.arange(len(log))
    # Where each case was last, by its event; nobody is before the first step.
    never = len(log)
    at = np.full(log.cases, -1)
    begun = np.full(log.cases, np.inf)
    found: dict[str, Step] = {}
    before = log.cases
    for number, (name, place) in enumerate(zip(steps, places, strict=True)):
        good = (log.codes == place) & (events > at[rows])
        if within is not None and number and log.times is not None:
            good &= log.times <= (begun + within)[rows]
        hits = np.flatnonzero(good)[::-1]
        now = np.full(log.cases, never)
        now[rows[hits]] = hits
        came = now < never
        if not number and log.times is not None:
            begun[came] = log.times[now[came]]
        median = None
        if number and log.times is not None and came.any():
            median = float(np.median(log.times[now[came]] - log.times[at[came]]))
        count = int(came.sum())
        found[name] = Step(
            name, count, percent(name, count, log.cases, level), percent(name, count, before, level), median
        )
        at, before = now, count
    return Funnel(found, log.cases, log.unit)
