"""The face: `simulate`, which takes a history or a population, plays programs to it, and hands over the study."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from attrs import evolve

from fidelity.errors import SimulationError
from fidelity.simulation.asking import (
    USUAL_MARGIN,
    draws_of,
    edges_of,
    facts_of,
    first_day,
    lives,
    names_of,
    notes_of,
    one_of_ours,
    programs_of,
    same_currency,
    seed_of,
    threads_of,
)
from fidelity.simulation.assumptions import Effects
from fidelity.simulation.calibration import Calibration, calibrate
from fidelity.simulation.doubt import Doubt
from fidelity.simulation.economics import Economics
from fidelity.simulation.people import Population
from fidelity.simulation.running import run
from fidelity.simulation.setting import Setting
from fidelity.simulation.study import NOTHING, Study
from fidelity.simulation.visits import Visits
from fidelity.values.money import minor_digits

if TYPE_CHECKING:
    from fidelity.rules.program import Program
    from fidelity.simulation.calibration import Drawn
    from fidelity.simulation.calibration.seasons import Period
    from fidelity.simulation.outcome import Outcome

__all__ = ["simulate"]


def simulate(
    customers: object,
    programs: Mapping[str, Program] | Program,
    *,
    years: int = 3,
    seed: int = 0,
    margin: float | None = None,
    cost: float = 1.0,
    fixed: float | Mapping[str, float] = 0.0,
    setup: float | Mapping[str, float] = 0.0,
    worth: float | Mapping[str, float] | None = None,
    effects: Effects | None = None,
    begins: date | None = None,
    opening: Literal["lived", "empty"] = "lived",
    joining: int = 0,
    calendar: Period | None = None,
    visits: Visits | None = None,
    facts: Mapping[str, Any] | None = None,
    draws: int = 20,
    threads: int = 1,
    progress: Callable[[int, int], object] | None = None,
) -> Study:
    """
    What programs would bring and cost, played to the same customers with the same luck, beside no program at all.

    Args:
        customers: A purchase history as `calibrate` takes it, a `Calibration`, or a `Population` of models. What
            redemptions in it tell of members is measured, under the first program.
        programs: The programs by name, or one; the first is the one to compare with.
        years: How many years are played: 1 to 30.
        seed: The luck, a whole number from 0 on: the same seed gives the same study on any machine.
        margin: The share of sales that is kept before rewards and costs; 0.3 is taken, and said, unless told.
        cost: What a reward costs the company of what it is worth to the member.
        fixed, setup: What a program costs a year, and once: one number in major units, or one by program.
        worth: What a point is worth in major units, or by wallet; the rewards' ``worth=`` tells it unless told.
        effects: What a program changes in people; those of the calibration unless told.
        begins: The first day; the day after the history unless told, and then it cannot be another.
        opening: ``"lived"``: what those of the history did is lived through with each program first, so that their
            books are as if it had always been there; ``"empty"``: everybody starts without points.
        joining: How many new customers come for the first time in each month.
        calendar: ``"week"``, ``"month"`` or ``"quarter"``: slack seasons of the history are told from customers who
            left; see `calibrate`.
        visits: What visits look like; as in the history unless told.
        facts: Columns with a value for each customer, for programs that declare fields of members.
        draws: How often the study is played again to tell how uncertain it is: 2 or more, or 0 not to.
        threads: How many may work on it at once. The figures are the same.
        progress: Told how many runs are done, and of how many; a run plays all programs once.

    Returns:
        A `Study`.

    Raises:
        SimulationError: If somebody cannot be played to, programs differ in currency, or an option is none.
        NotColumnar: If a program says something that columns do not know; names the clause.
        TableError: If the history does not hold what it must, or the visits not what the program reads.
        MetricError: If a figure of money is none, or points buy something whose worth nobody told.
        FitError: If the history determines no model.

    Note:
        Rates stay as they are while a customer stays: seasons, competitors and growth are not played. What members do
        because of the program is assumed where the history does not tell it, and `Study.explain` says so.

    >>> from fidelity import EarnRule, Program, Reward, points
    >>> from fidelity.datasets import cdnow
    >>> told = {"currency": "USD", "timezone": "America/New_York", "expiry": "12 months", "version": "1"}
    >>> coffee = [Reward("coffee", cost=100, worth="5 USD")]
    >>> plain = Program("Plain", earn=[EarnRule("base", points(1, per="1 USD"))], rewards=coffee, **told)
    >>> study = simulate(cdnow(), plain, years=1, seed=7, draws=0)
    >>> study.customers
    23570
    """
    by_name = programs_of(programs)
    luck, lived = seed_of(seed), lives(opening)
    threads_of(threads)
    draws_of(draws)
    one_of_ours("effects", effects, Effects)
    one_of_ours("visits", visits, Visits)
    usual = USUAL_MARGIN if margin is None else margin
    economics = Economics(usual, cost, fixed, setup, worth, assumed=margin is None)
    first = next(iter(by_name.values()))
    calibration: Calibration | None = None
    if isinstance(customers, Population):
        population, seen = customers, Visits() if visits is None else visits
    else:
        calibration = (
            customers
            if isinstance(customers, Calibration)
            else calibrate(customers, program=first, currency=first.currency, calendar=calendar)
        )
        same_currency(calibration.currency, first.currency)
        population, seen = calibration.population(joining=joining), calibration.visits if visits is None else visits
    if calendar is not None and (calibration is None or calibration is customers):
        message = "calendar: only a history can be read with one; write calibrate(…, calendar=…)"
        raise SimulationError(message, argument="calendar", column="")
    if joining and calibration is None:
        message = "joining: a population says itself how many join; write Population(…, joining=…)"
        raise SimulationError(message, argument="joining", column="")
    assumed = effects or (Effects.published() if calibration is None else calibration.effects)
    edges = edges_of(first_day(begins, calibration), years, first)
    setting = Setting(
        population=population, visits=seen, effects=assumed.values(), begins=edges[0], ends=edges[-1], years=edges,
        seed=luck, zone=first.zone, unit=10 ** minor_digits(first.currency), lived=lived,
    )  # fmt: skip
    setting = evolve(setting, facts=facts_of(facts, setting.size))
    names_of(economics, by_name)
    playing = _Playing(by_name, setting, first.currency, threads, progress, calibration, draws)
    found, nothing = playing.play(setting.effects, None, setting.seed)
    # What money cannot be told of is refused before the study is played again and again.
    study = Study(found, nothing, economics, assumed, None, seed, notes_of(by_name, calibration, margin))
    if not draws:
        playing.count(0, 0)
        return study
    doubt = Doubt.of(
        playing.play, effects=assumed, economics=economics, seed=seed, draws=draws, fitted=calibration is not None,
        progress=playing.count,
    )  # fmt: skip
    return evolve(study, doubt=doubt)


class _Playing:
    """Plays all programs, once or with other parameters, effects and luck."""

    def __init__(  # noqa: PLR0917 -- what, to whom and how
        self, programs: Mapping[str, Program], setting: Setting, currency: str, threads: int,
        progress: Callable[[int, int], object] | None, calibration: Calibration | None, draws: int,
    ) -> None:  # fmt: skip
        self.programs, self.setting, self.currency, self.threads = programs, setting, currency, threads
        self.progress = progress
        self.drawn: tuple[Drawn, ...] = ()
        if calibration is not None and draws:
            self.drawn = calibration.draws(draws, seed=setting.seed, assumptions=False)
        # Without a program no effect changes anything: most runs have it in common.
        self.nothing = lru_cache(maxsize=2)(self._nothing)

    def _where(self, number: int | None, seed: int) -> Setting:
        if number is None:
            return evolve(self.setting, seed=seed)
        drawn = self.drawn[number]
        population = evolve(self.setting.population, purchases=drawn.purchases, spend=drawn.spend)
        return evolve(self.setting, population=population, seed=seed)

    def _nothing(self, number: int | None, seed: int) -> Outcome:
        return run(NOTHING, None, self._where(number, seed), currency=self.currency, threads=self.threads)

    def play(
        self, effects: Mapping[str, float], number: int | None, seed: int
    ) -> tuple[Mapping[str, Outcome], Outcome]:
        """The outcomes by program, and that without one."""
        setting = evolve(self._where(number, seed), effects=effects)
        found = {
            name: run(name, each, setting, currency=self.currency, threads=self.threads)
            for name, each in self.programs.items()
        }
        return found, self.nothing(number, seed)

    def count(self, done: int, whole: int) -> None:
        """Tell how many runs are done; the first one is."""
        if self.progress is not None:
            self.progress(done + 1, whole + 1)
