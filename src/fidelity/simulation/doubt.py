"""Doubt: the same study played again with other parameters, other assumptions and other luck, and how far it strays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from attrs import frozen

from fidelity.metrics.arguments import Array, whole
from fidelity.metrics.quantiles import normal_quantile
from fidelity.metrics.results import Result
from fidelity.simulation.finance import by_month
from fidelity.simulation.measures import MEASURES, figure

if TYPE_CHECKING:
    from fidelity.simulation.assumptions import Effects
    from fidelity.simulation.economics import Economics
    from fidelity.simulation.outcome import Outcome

__all__ = ["KINDS", "LEVELS", "Band", "Bands", "Doubt", "Play", "Runs", "Swing", "of_runs"]

#: What a figure is uncertain by, and all of it together.
KINDS = ("parameters", "assumptions", "process", "total")
#: The ends and the middle of a band.
LEVELS = (0.05, 0.5, 0.95)
_REACH = normal_quantile(LEVELS[2])
#: Sets this luck apart from that of the customers.
_PURPOSE = 15

#: Plays all programs once: values of the effects by name, the number of a draw of the fitted parameters (None: as they
#: were fitted) and a seed; gives the outcomes by name and that without a program.
Play: TypeAlias = "Callable[[Mapping[str, float], int | None, int], tuple[Mapping[str, Outcome], Outcome]]"
#: What was measured in each run, by program and measure; shape (k,) each.
Runs: TypeAlias = "Mapping[str, Mapping[str, Array]]"
#: One run: of each program its measures, and what is left by the end of each month.
_Run: TypeAlias = "Mapping[str, tuple[Mapping[str, float], Array]]"


@frozen
class Band:
    """Where a figure lies: below *low* in 5 of 100 cases, below *middle* in half of them, below *high* in 95."""

    low: float
    middle: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


@frozen(repr=False)
class Bands(Result):
    """
    A figure with what it is uncertain by.

    Attributes:
        value: The figure as it was played with what is likeliest.
        process: What chance among customers alone leaves open.
        parameters: What is open because the fitted parameters are estimates; None where they were not drawn.
        assumptions: What is open because effects are assumed; None where they were not drawn.
        total: All of it together.
    """

    value: float
    process: Band
    parameters: Band | None
    assumptions: Band | None
    total: Band

    def kinds(self) -> Iterator[tuple[str, Band]]:
        """Each kind that is known, with its band."""
        for kind in KINDS:
            band = getattr(self, kind)
            if band is not None:
                yield kind, band

    def _heads(self) -> Sequence[str]:
        return "", "5 %", "50 %", "95 %"

    def _rows(self) -> Iterable[Sequence[object]]:
        for kind, band in self.kinds():
            yield kind, band.low, band.middle, band.high


@frozen
class Swing:
    """
    What one assumption does to the measures of a program, all others at their likeliest.

    Attributes:
        effect: Which.
        low, high: The least and the most that it may be.
        at_low, at_high: Each measure there.
    """

    effect: str
    low: float
    high: float
    at_low: Mapping[str, float]
    at_high: Mapping[str, float]


@frozen(eq=False)
class Doubt:
    """
    How far a study strays when it is played again.

    Attributes:
        draws: How often each kind was played.
        parameters, assumptions, total: What was measured then, by program and measure; empty where not played.
        swings: For each program what each assumption alone does.
        left: What each program has left by the end of each month in the runs of all together; shape (draws, m).
    """

    draws: int
    parameters: Runs
    assumptions: Runs
    total: Runs
    swings: Mapping[str, tuple[Swing, ...]]
    left: Mapping[str, Array]

    @classmethod
    def of(
        cls,
        play: Play,
        *,
        effects: Effects,
        economics: Economics,
        seed: int,
        draws: int = 20,
        fitted: bool = True,
        tornado: bool = True,
        progress: Callable[[int, int], object] | None = None,
    ) -> Doubt:
        """
        Play a study again and again.

        Args:
            play: Plays all programs once.
            effects: What is assumed; drawn from their ranges, each evenly by its own ranks.
            economics: What the host tells of money.
            seed: That of the study. Parameters and assumptions are drawn on its luck, so that nothing else moves; all
                together on other luck each time.
            draws: How often each kind is played: 2 or more.
            fitted: Whether there are parameters to be drawn.
            tornado: Whether each assumption is tried at its least and its most.
            progress: Told after each run how many are done, and of how many.
        """
        draws = whole("draws", draws, low=2)
        likely = effects.values()
        open_ones = [name for name, each in effects.items() if not each.is_fixed]
        ranks = _ranks(seed, draws, open_ones)
        drawn = [effects.values(each) for each in ranks]
        tried = open_ones if tornado else []
        runs = draws * (bool(open_ones) + fitted + 1) + 2 * len(tried)
        done = 0

        def measured(values: Mapping[str, float], number: int | None, luck: int) -> _Run:
            nonlocal done
            found, nothing = play(values, number, luck)
            done += 1
            if progress is not None:
                progress(done, runs)
            return {
                name: (
                    {measure: figure(measure, each, nothing, economics).value for measure in MEASURES},
                    _left(each, nothing, economics),
                )
                for name, each in found.items()
            }

        parameters = [measured(likely, number, seed) for number in range(draws)] if fitted else []
        assumptions = [measured(values, None, seed) for values in drawn] if open_ones else []
        total = [measured(values, number if fitted else None, seed + 1 + number) for number, values in enumerate(drawn)]
        ends = {
            name: [measured({**likely, name: end}, None, seed) for end in (effects[name].low, effects[name].high)]
            for name in tried
        }
        return cls(
            draws, _runs(parameters), _runs(assumptions), _runs(total),
            {
                program: tuple(
                    Swing(name, effects[name].low, effects[name].high, low[program][0], high[program][0])
                    for name, (low, high) in ends.items()
                )
                for program in total[0]
            },
            {program: np.array([each[program][1] for each in total]) for program in total[0]},
        )  # fmt: skip

    def bands(self, program: str, measure: str, value: float, error: float) -> Bands:
        """The bands of one measure of a program, whose value was played with a standard error by chance."""
        parts = [
            of_runs(runs.get(program, {}).get(measure), value)
            for runs in (self.parameters, self.assumptions, self.total)
        ]
        chance = by_chance(value, error)
        return Bands(value, chance, parts[0], parts[1], parts[2] or chance)


def by_chance(value: float, error: float) -> Band:
    """The band of a figure that only chance moves."""
    return Band(value - _REACH * error, value, value + _REACH * error)


def of_runs(values: Array | None, value: float) -> Band | None:
    """
    The band of what some runs came to; None where there were none, or none told a number.

    The study itself is one more run: where few others miss its *value*, the band is widened to hold it.
    """
    if values is None or not np.isfinite(values).any():
        return None
    # Unbiased for the median of the quantile whatever the law, which matters with twenty runs.
    low, middle, high = np.quantile(values[np.isfinite(values)], LEVELS, method="median_unbiased").tolist()
    return Band(min(low, value), middle, max(high, value)) if np.isfinite(value) else Band(low, middle, high)


def _left(outcome: Outcome, nothing: Outcome, economics: Economics) -> Array:
    kept, given, running = by_month(outcome, nothing, economics)
    return np.asarray((kept - given - running).cumsum())


def _runs(found: Sequence[_Run]) -> Runs:
    if not found:
        return {}
    return {
        program: {measure: np.array([each[program][0][measure] for each in found]) for measure in MEASURES}
        for program in found[0]
    }


def _ranks(seed: int, draws: int, names: Sequence[str]) -> list[dict[str, float]]:
    """Ranks of each effect in each draw: one in each of so many equal parts, in an order of its own."""
    # The bare stream of the generator is the same in every release of numpy, which its laws are not.
    luck = np.random.PCG64(np.random.SeedSequence([seed, _PURPOSE]))
    columns = {}
    for name in names:
        order = np.argsort(np.argsort(luck.random_raw(draws), kind="stable"), kind="stable")
        within = ((luck.random_raw(draws) >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
        columns[name] = (order + within) / draws
    return [{name: float(ranks[number]) for name, ranks in columns.items()} for number in range(draws)]
