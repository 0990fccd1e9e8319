"""Study: several programs played to the same customers with the same luck, beside no program at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import field, frozen

from fidelity.metrics.arguments import one_of
from fidelity.metrics.program import RollForward, roll_forward
from fidelity.metrics.results import Result, plain
from fidelity.simulation.comparing import Comparison, compared
from fidelity.simulation.doubt import LEVELS, Bands, Doubt, Runs, by_chance
from fidelity.simulation.drawing import Tornado, draw_left
from fidelity.simulation.enjoying import Enjoyment, Friction, enjoyment_of, friction_of
from fidelity.simulation.fairness import Fairness, fairness_of, staying_of
from fidelity.simulation.finance import Money, money_of
from fidelity.simulation.measures import MEASURES, ONLY_WITH_ONE, Figure, figure
from fidelity.simulation.standing import Standing, standing_of
from fidelity.simulation.telling import tell

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from fidelity.metrics.arguments import Array
    from fidelity.metrics.retention import ValueOfStaying
    from fidelity.simulation.assumptions import Effects
    from fidelity.simulation.economics import Economics
    from fidelity.simulation.outcome import Outcome

__all__ = ["NOTHING", "Study"]

#: How the run without a program is called.
NOTHING = "no program"


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


@frozen(eq=False, repr=False)
class Study(Result):
    """
    What several programs come to, on the same draws.

    Attributes:
        outcomes: What came of each program, customer by customer, by its name.
        nothing: What came of the same customers without a program.
        economics: What the host told of money.
        effects: What was assumed of people; None where nothing was.
        doubt: The same study played again and again; None where it was played once.
        seed: Its luck.
        notes: What a reader should know before using it.
    """

    outcomes: Mapping[str, Outcome]
    nothing: Outcome
    economics: Economics
    effects: Effects | None = None
    doubt: Doubt | None = None
    seed: int = 0
    notes: tuple[str, ...] = field(default=(), converter=_texts)
    _kept: dict[Any, Any] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        for each in self.outcomes.values():
            self.economics.worths(each)

    @property
    def names(self) -> tuple[str, ...]:
        """The programs, in the order in which they were given."""
        return tuple(self.outcomes)

    @property
    def customers(self) -> int:
        """How many were played to."""
        return len(self.nothing)

    @property
    def currency(self) -> str:
        """In which all money is."""
        return self.nothing.currency

    def outcome(self, name: str) -> Outcome:
        """
        What came of the program *name*, or of ``"no program"``.

        Raises:
            MetricError: If there is no such program.
        """
        if one_of("name", name, (*self.outcomes, NOTHING)) in self.outcomes:
            return self.outcomes[name]
        return self.nothing

    def _figure(self, measure: str, name: str) -> Figure:
        return figure(measure, self.outcome(name), self.nothing, self.economics)

    def bands(self, name: str, measure: str = "margin") -> Bands:
        """
        One measure of a program, with what it is uncertain by.

        Args:
            name: The program.
            measure: One of `MEASURES`: money in major units, shares in percent, points whole.

        Returns:
            `Bands` at 5, 50 and 95 %: by chance among customers alone, by the parameters that were fitted, by what is
            assumed, and by all of it.

        Raises:
            MetricError: If there is no such program or measure.
        """
        if (name, measure) not in self._kept:
            found = self._figure(measure, name)
            value, error = found.value, found.error
            if self.doubt is not None and name in self.outcomes:
                made = self.doubt.bands(name, measure, value, error)
            else:
                chance = by_chance(value, error)
                made = Bands(value, chance, None, None, chance)
            self._kept[name, measure] = made
        kept: Bands = self._kept[name, measure]
        return kept

    def table(self) -> dict[str, list[Any]]:
        """
        All measures of all programs as plain columns, a row a measure: the figure, and its ends in 90 of 100 cases.

        Any dataframe takes it: ``pl.DataFrame(study.table())``.
        """
        columns: dict[str, list[Any]] = {"measure": list(MEASURES)}
        for name in self.outcomes:
            found = [self.bands(name, measure) for measure in MEASURES]
            columns[name] = [plain(each.value) for each in found]
            for level, place in ((LEVELS[0], "low"), (LEVELS[2], "high")):
                columns[f"{name} {100 * level:g} %"] = [plain(getattr(each.total, place)) for each in found]
        return columns

    def compare(self, first: str | None = None, second: str | None = None, measure: str = "margin") -> Comparison:
        """
        Which of two programs is better, or that nobody can tell.

        One is called better where chance among customers leaves at least 90 in 100 that it is: a true gap of three
        standard errors is decided rightly in more than 95 of 100 studies. The price of deciding so readily: of two
        programs with no true gap at all one or the other is called better in about one study in five, by luck, as
        either may come out more than 1.28 standard errors ahead, one in ten each. Where a wrong verdict costs more
        than none, ask more of `Comparison.chance`: at 0.975 it is one in twenty.

        Of what costs, is owed, waits or dies, the smaller figure is the better one.

        Args:
            first, second: Two of the programs, or ``"no program"``. Unless told, the first two; the only one is
                compared with no program.
            measure: What is compared; what is left after all costs unless told.

        Raises:
            MetricError: If there is no such program or measure.
        """
        names = self.names if len(self.names) > 1 else (NOTHING, *self.names)
        pair = (first or names[0], second or next(each for each in names if each != (first or names[0])))
        figures = self._figure(measure, pair[0]), self._figure(measure, pair[1])
        return compared(pair, measure, figures, self._gaps(pair, measure))

    def _gaps(self, pair: tuple[str, str], measure: str) -> Array | None:
        """The second less the first in each draw of what is assumed or estimated; None where that is not known."""
        if self.doubt is None or (NOTHING in pair and measure not in ONLY_WITH_ONE):
            return None
        # What draws keep of programs they do not keep of none; but of this it is 0.
        gaps = [
            self._of_runs(runs, pair[1], measure) - self._of_runs(runs, pair[0], measure)
            for runs in (self.doubt.assumptions, self.doubt.parameters)
            if runs
        ]
        return np.concatenate(gaps) if gaps else None

    @staticmethod
    def _of_runs(runs: Runs, name: str, measure: str) -> Array:
        return np.zeros(1) if name == NOTHING else runs[name][measure]

    def money(self, name: str) -> Money:
        """What a program brings and costs, month by month: return, payback, break-even, what is owed and deferred."""
        found: Money = self._once("money", name, lambda one: money_of(one, self.nothing, self.economics))
        return found

    def enjoyment(self, name: str, period: str = "quarter") -> Enjoyment:
        """What becomes of the points of those who arrived in the same ``"month"``, ``"quarter"`` or ``"year"``."""
        return enjoyment_of(self.outcome(name), self.economics, period)

    def friction(self, name: str) -> Friction:
        """How long members wait for their first reward."""
        found: Friction = self._once("friction", name, friction_of)
        return found

    def fairness(self, name: str) -> Fairness:
        """What long-standing members get of what they pay, against newcomers."""
        found: Fairness = self._once("fairness", name, lambda one: fairness_of(one, self.economics))
        return found

    def standing(self, name: str) -> Standing | None:
        """Members by tier and how they move, year by year; None where the program has no tiers."""
        found: Standing | None = self._once("standing", name, standing_of)
        return found

    def staying(self, name: str, *, rival: float = 0.0, welcome: float = 0.0) -> ValueOfStaying | None:
        """
        What staying is worth to members for a year.

        Args:
            name: The program.
            rival: What a rival gives of each unit of money paid: 0.01 for one in a hundred.
            welcome: What the rival gives once for coming.
        """
        return staying_of(self.outcome(name), self.economics, rival=rival, welcome=welcome)

    def points(self, name: str, wallet: str | None = None) -> RollForward:
        """
        Points month by month: issued, redeemed, expired, outstanding, and what is owed for them if all are used.

        Args:
            name: The program.
            wallet: Which points; its first wallet unless told.

        Raises:
            MetricError: If there is no such program or wallet.
        """
        found = self.outcome(name)
        called = one_of("wallet", wallet or next(iter(found.points), ""), tuple(found.points))
        each = found.points[called]
        return roll_forward(
            float(each.opening.sum()), each.flows["issued"], each.flows["redeemed"], each.flows["expired"],
            value=self.economics.worths(found)[called], names=found.months.astype(str),
        )  # fmt: skip

    def tornado(self, name: str, measure: str = "margin") -> Tornado | None:
        """
        What each assumption does to a measure, from its least to its most, all others at their likeliest.

        Returns:
            A `Tornado`, the widest first; None where assumptions were not tried.
        """
        swings = () if self.doubt is None else self.doubt.swings.get(name, ())
        if not swings:
            return None
        return Tornado.of(name, one_of("measure", measure, MEASURES), self._figure(measure, name).value, swings)

    def explain(self, language: str = "en", *, sources: bool = False) -> str:
        """
        The study in plain words, for who reads for a minute.

        Args:
            language: ``"en"``, ``"es"``, ``"es-MX"`` and their like.
            sources: Whether each assumption is told with its source in full, in the words in which it was written.

        Raises:
            WordingError: If nobody wrote the phrases of the language.
        """
        return tell(self, language, sources=sources)

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data, ready for JSON; without what came of single customers."""
        return {
            "programs": list(self.names), "customers": self.customers, "currency": self.currency, "seed": self.seed,
            "begins": plain(np.datetime64(self.nothing.begins, "us")),
            "ends": plain(np.datetime64(self.nothing.ends, "us")),
            "economics": {
                "margin": self.economics.margin, "cost": self.economics.cost, "fixed": dict(self.economics.fixed),
                "setup": dict(self.economics.setup),
                "worth": {name: self.economics.worths(each) for name, each in self.outcomes.items()},
            },
            "assumed": {} if self.effects is None else {name: each.to_dict() for name, each in self.effects.items()},
            "measures": {
                name: {measure: self.bands(name, measure).to_dict() | {
                    kind: _band(band) for kind, band in self.bands(name, measure).kinds()
                } for measure in MEASURES}
                for name in self.names
            },
            "details": {name: dict(self._details(name)) for name in self.names},
            "comparison": self.compare().to_dict(),
            "notes": list(self.notes),
        }  # fmt: skip

    def _details(self, name: str) -> Iterator[tuple[str, Any]]:
        found = {
            "money": self.money(name), "cohorts": self.enjoyment(name), "friction": self.friction(name),
            "fairness": self.fairness(name), "tiers": self.standing(name), "tornado": self.tornado(name),
        }  # fmt: skip
        yield from ((called, each.to_dict()) for called, each in found.items() if each is not None)
        yield "points", {wallet: self.points(name, wallet).to_dict() for wallet in self.outcomes[name].points}

    def _once(self, what: str, name: str, work: Any) -> Any:  # noqa: ANN401 -- what each of its callers says
        if (what, name) not in self._kept:
            self._kept[what, name] = work(self.outcome(name))
        return self._kept[what, name]

    def _heads(self) -> Sequence[str]:
        return "", *(each for name in self.outcomes for each in (name, "5 %", "95 %"))

    def _rows(self) -> Iterable[Sequence[object]]:
        yield from zip(*self.table().values(), strict=True)

    def _title(self) -> str:
        return f"{' and '.join(self.names)} for {self.customers:,} customers ({self.currency})"

    def __repr__(self) -> str:
        return f"<Study of {', '.join(self.names)}: {self.customers:,} customers>"

    def _draw(self, ax: Axes) -> None:
        draw_left(ax, {name: self.money(name) for name in self.names}, {} if self.doubt is None else self.doubt.left)


def _band(band: Any) -> dict[str, Any]:  # noqa: ANN401 -- a band
    return {"low": plain(band.low), "middle": plain(band.middle), "high": plain(band.high)}
