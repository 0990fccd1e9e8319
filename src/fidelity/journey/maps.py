"""Maps: a journey with its stages and touchpoints, in their order, and the day on which it is looked at again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import attrs
from attrs import field, frozen

from fidelity.journey.budget import Allocation, Improvement, Need, allocate
from fidelity.journey.budget.filling import filled, served_as
from fidelity.journey.checking import Number, a_mapping, a_name, known, names, refused, unique
from fidelity.journey.drawing import JourneyChart, draw, mermaid
from fidelity.journey.feedback import Feedback
from fidelity.journey.impact import Impact, MomentsOfTruth, compared
from fidelity.journey.logs import EventLog
from fidelity.journey.mined import THIRDS, mined_map
from fidelity.journey.plans import Plan
from fidelity.journey.profit import Profit
from fidelity.journey.remapping import MapChanges, compare_maps
from fidelity.journey.reviews import Review
from fidelity.journey.scorecard import Scorecard, scored
from fidelity.journey.touchpoints import Touchpoint

__all__ = ["STAGES", "Journey"]

#: From discovery to after the sale.
STAGES = ("discovery", "consideration", "purchase", "use", "after the sale")


def _touchpoints(given: object) -> tuple[Touchpoint, ...]:
    if isinstance(given, Touchpoint) or not isinstance(given, Iterable):
        raise refused("touchpoints", f"is {type(given).__name__}", "give a list of Touchpoint")
    found = tuple(given)
    for place, each in enumerate(found):
        if not isinstance(each, Touchpoint):
            raise refused(f"touchpoints[{place}]", f"is {type(each).__name__}", "give a Touchpoint")
    return found


def _stages(given: object) -> tuple[str, ...]:
    return names("stages", given)


def _areas(given: object) -> tuple[str, ...]:
    return () if given is None else names("areas", given)


@frozen
class Journey:
    """
    A person's contacts with the company, in their order, from discovery to after the sale.

    >>> shop = Touchpoint(name="visit", stage="purchase", area="sales", loyalty=5)
    >>> path = Journey(
    ...     "telecom", [shop, Touchpoint(name="bill", stage="use", loyalty=2)], persona="Ana, 34"
    ... )
    >>> path.moments_of_truth().stated
    ('visit',)

    Attributes:
        name: What it is called.
        touchpoints: The contacts; they are kept in the order of their stages, within a stage as they were given.
        persona: Whose journey it is, in a few words.
        stages: The stages in their order.
        areas: The areas that take part, in the order of the lanes; those of the touchpoints unless told. An area that
            is not among those told is refused.
        owner: Who keeps the map.
        currency: In what its costs are.
        review: When it is looked at again.
    """

    name: str
    touchpoints: tuple[Touchpoint, ...] = field(converter=_touchpoints)
    persona: str = field(default="", kw_only=True)
    stages: tuple[str, ...] = field(default=STAGES, kw_only=True, converter=_stages)
    areas: tuple[str, ...] = field(default=(), kw_only=True, converter=_areas)
    owner: str = field(default="", kw_only=True)
    currency: str = field(default="", kw_only=True)
    review: Review | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        a_name("journey.name", self.name)
        if not self.stages:
            raise refused("stages", "is empty", "name at least one stage")
        for what, text in (("persona", self.persona), ("owner", self.owner), ("currency", self.currency)):
            if not isinstance(text, str):
                raise refused(f"journey.{what}", f"is {text!r}", "give a text, or leave it out")
        if self.review is not None and not isinstance(self.review, Review):
            raise refused("journey.review", f"is {type(self.review).__name__}", "give a Review, or leave it out")
        unique("touchpoints", [each.name for each in self.touchpoints])
        for each in self.touchpoints:
            known(f"touchpoint {each.name!r}.stage", each.stage, self.stages, "stage")
            if self.areas and each.area:
                known(f"touchpoint {each.name!r}.area", each.area, self.areas, "area")
        order = {stage: place for place, stage in enumerate(self.stages)}
        object.__setattr__(self, "touchpoints", tuple(sorted(self.touchpoints, key=lambda each: order[each.stage])))
        if not self.areas:
            object.__setattr__(self, "areas", tuple(dict.fromkeys(each.area for each in self.touchpoints if each.area)))

    @classmethod
    def from_table(cls, name: str, table: Any, **options: Any) -> Journey:  # noqa: ANN401 -- any dataframe; fields of it
        """
        A journey from a table with one row a touchpoint.

        Args:
            name: What it is called.
            table: A dict of columns or a dataframe; its columns are named as the fields of `Touchpoint`. An empty
                cell (None, NaN) is a field left out. Several owners stand in one cell, apart by semicolons.
            **options: What `Journey` takes beside its touchpoints.

        Raises:
            JourneyError: If a column is no field of a touchpoint, or a row cannot be one.
        """
        return cls(name, [Touchpoint(**row) for row in _rows(table)], **options)

    @classmethod
    def from_log(
        cls,
        name: str,
        log: EventLog,
        *,
        stages: Sequence[str] | Mapping[str, str] = THIRDS,
        by_area: Mapping[str, str] | None = None,
        least: int = 1,
        **options: Any,  # noqa: ANN401 -- fields of a journey
    ) -> Journey:
        """
        The journey that a log shows: what people met, in the order in which they met it.

        Args:
            name: What it is called.
            log: From `event_log`; with channels, each touchpoint stands in its most frequent one.
            stages: The stage of each activity; or the names of stages, which divide the way into equal parts.
            by_area: The area of each activity, as far as known.
            least: From how many events an activity is on the map; see `mined_map` for what is below.
            **options: What `Journey` takes beside its touchpoints and stages.

        Raises:
            JourneyError: If an activity on the map has no stage.
            MetricError: If *log* is none.
        """
        found = mined_map(log, least=least).touchpoints(stages, areas=by_area)
        named = tuple(dict.fromkeys(stages.values())) if isinstance(stages, Mapping) else stages
        return cls(name, found, stages=named, **options)

    def __getitem__(self, name: str) -> Touchpoint:
        for each in self.touchpoints:
            if each.name == name:
                return each
        known("journey", name, self.names, "touchpoint")
        raise AssertionError  # pragma: no cover -- `known` has refused it

    def __iter__(self) -> Iterator[Touchpoint]:
        return iter(self.touchpoints)

    def __len__(self) -> int:
        return len(self.touchpoints)

    def __repr__(self) -> str:
        return f"<journey {self.name!r}: {len(self.stages)} stages, {len(self)} touchpoints>"

    @property
    def names(self) -> tuple[str, ...]:
        """What its touchpoints are called, in order."""
        return tuple(each.name for each in self.touchpoints)

    @property
    def by_area(self) -> Mapping[str, tuple[str, ...]]:
        """The touchpoints of each area."""
        return {
            area: tuple(each.name for each in self.touchpoints if each.area == area)
            for area in self.areas
            if any(each.area == area for each in self.touchpoints)
        }

    @property
    def to_do(self) -> Mapping[str, tuple[str, ...]]:
        """What nobody has said yet, by touchpoint: impact, owner, metric, target, cost to serve."""
        return {each.name: each.missing for each in self.touchpoints if each.missing}

    def replace(self, name: str, **changes: Any) -> Journey:  # noqa: ANN401 -- fields of a touchpoint
        """
        The journey with *changes* to one touchpoint.

        Raises:
            JourneyError: If there is no such touchpoint, or it cannot be so.
        """
        old = self[name]
        return attrs.evolve(
            self, touchpoints=[attrs.evolve(each, **changes) if each is old else each for each in self.touchpoints]
        )

    def moments_of_truth(self, measured: Mapping[str, Impact] | None = None, *, by: str = "either") -> MomentsOfTruth:
        """
        The contacts that decide loyalty: those whose impact is 4 or 5, as stated and as measured, side by side.

        Args:
            measured: The impact of touchpoints as `measured_impact` or `impact_from_counts` found it; None: only what
                was stated is told.
            by: Which stated impact counts: ``"loyalty"``, ``"experience"``, or ``"either"``, the larger of both.

        Raises:
            JourneyError: If *measured* has a touchpoint that the journey has not.
        """
        choices = ("either", "loyalty", "experience")
        known("moments_of_truth(by=)", by, choices, "choice")
        a_mapping("measured", measured, "give what measured_impact or impact_from_counts returned")
        for name in measured or {}:
            known("measured", name, self.names, "touchpoint")
        stated = {each.name: each.stated if by == "either" else getattr(each, by) for each in self.touchpoints}
        return compared(stated, measured)

    def compare(
        self,
        before: EventLog | Mapping[str, int],
        after: EventLog | Mapping[str, int],
        *,
        on: date | None = None,
        **options: Any,  # noqa: ANN401 -- as compare_maps has them
    ) -> MapChanges:
        """
        What changed on the map between two periods, as `compare_maps` does, and what has to be done about it.

        Args:
            before, after: Logs from `event_log`, or how many contacts each touchpoint had.
            on: The day on which they are compared; with a review of the journey, it falls due again from there.
            **options: As `compare_maps` has them: ``renamed``, ``least``, ``report``, ``level``.

        Returns:
            A `MapChanges` with what touchpoints new on the map still need of impact and owner, who is told, and when
            the map is reviewed next.

        Raises:
            JourneyError: As `compare_maps`.
        """
        found = compare_maps(before, after, **options)
        needs = {
            name: tuple(each for each in to_do if name not in self.names or each in self[name].missing)
            for name, to_do in found.to_do.items()
        }
        next_ = None
        if self.review is not None:
            next_ = self.review.next if on is None else self.review.done(on).next
        to_do = {name: each for name, each in needs.items() if each}
        return attrs.evolve(found, to_do=to_do, told=self.owner, next_review=next_)

    def scorecard(
        self,
        feedback: Feedback | None = None,
        *,
        measured: Mapping[str, Impact] | None = None,
        profits: Mapping[str, Profit] | None = None,
        plan: Plan | None = None,
        segments: Mapping[str, str] | None = None,
    ) -> Scorecard:
        """
        Every touchpoint with what was said and measured, what it is judged by, and what is done about it.

        Args:
            feedback: What people said: satisfaction, effort, feeling, what it was about; also by area.
            measured: The measured impact of touchpoints.
            profits: What touchpoints are worth.
            plan: The actions.
            segments: The segment of each respondent: satisfaction is told by segment too.

        Raises:
            JourneyError: If any of them is of a touchpoint that the journey has not.
        """
        return scored(self, feedback, measured, profits, plan, segments=segments)

    def allocate(
        self,
        budget: Number,
        improvements: Sequence[Improvement],
        *,
        measured: Mapping[str, Impact] | None = None,
        profits: Mapping[str, Profit] | None = None,
        needs: Sequence[Need] = (),
        **options: Any,  # noqa: ANN401 -- as allocate has them
    ) -> Allocation:
        """
        A budget, put where it does most on this journey, as the function `allocate` does.

        What an improvement leaves open its touchpoint says: the measured impact, else the larger stated one; the
        potential profit; metric and target. A need on a touchpoint for complaints or hardship is served first.

        Args:
            budget: What there is.
            improvements: The projects; each is for the touchpoint of its name, or of ``touchpoint=``.
            measured: The measured impact of touchpoints.
            profits: What touchpoints are worth.
            needs: Touchpoints held against the minimum standard.
            **options: As `allocate` has them: ``standard``, ``whole``, ``resamples``, ``level``, ``seed``.

        Raises:
            JourneyError: If a project is for no touchpoint of the journey, or lacks what nobody said.
        """
        listed = [filled(each, self[each.of], measured, profits) for each in improvements]
        turns = [served_as(each, self[each.name] if each.name in self.names else None) for each in needs]
        return allocate(budget, listed, needs=turns, **options)

    def draw(
        self,
        feedback: Feedback | None = None,
        measured: Mapping[str, Impact] | None = None,
        *,
        language: str = "en",
        theme: str = "light",
        width: Number = 960,
    ) -> JourneyChart:
        """
        A chart: stages are columns, areas lanes; each touchpoint a card with its impacts, sized; below, satisfaction.

        Moments of truth have a star and a thick edge; loyalty is a circle, experience a square, what was measured a
        diamond: nothing is told by color alone.

        Args:
            feedback: What people said; the curve is the mean satisfaction with its interval.
            measured: The measured impact of touchpoints.
            language: English or Spanish, and their variants.
            theme: ``"light"``, ``"dark"``, or ``"print"``, which needs neither color nor gray.
            width: How wide it is to be, in pixels; wider where its columns need it.

        Returns:
            A `JourneyChart`: ``.svg`` is text, ``.plot(ax)`` draws it with matplotlib, a notebook shows it by itself.

        Raises:
            JourneyError: If feedback or impact is of an unknown touchpoint, or a theme or width is unknown.
            WordingError: If nobody wrote the phrases of the language.
        """
        return draw(self, feedback, measured, language=language, theme=theme, width=width)

    def to_mermaid(self, measured: Mapping[str, Impact] | None = None, *, language: str = "en") -> str:
        """
        The journey as a flowchart of Mermaid: stages are frames, moments of truth have a star and six corners.

        Raises:
            JourneyError: If *measured* has a touchpoint that the journey has not.
            WordingError: If nobody wrote the phrases of the language.
        """
        return mermaid(self, self.moments_of_truth(measured).of_measured, language=language)

    def _repr_svg_(self) -> str:
        return self.draw().svg


def _rows(table: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 -- any dataframe
    """The rows of a table as arguments of a touchpoint."""
    heads, held = _columns(table)
    for cells in zip(*held, strict=True):
        row = {"name": "", "stage": ""}
        row |= {head: _read(head, cell) for head, cell in zip(heads, cells, strict=True) if not _empty(cell)}
        yield row


def _columns(table: Any) -> tuple[list[str], list[Sequence[Any]]]:  # noqa: ANN401 -- any dataframe
    """The heads of a table and its columns."""
    columns = getattr(table, "column_names", None) or getattr(table, "columns", None)
    if isinstance(table, Mapping):
        columns = list(table)
    if columns is None or isinstance(table, str):
        raise refused("table", f"is {type(table).__name__}", "give a dict of columns or a dataframe")
    fields = [each.name for each in attrs.fields(Touchpoint)]
    heads = [known("table", str(column), fields, "field") for column in columns]
    for need in ("name", "stage"):
        if need not in heads:
            raise refused("table", f"has no column {need!r}", f"add {need!r}: each touchpoint needs one")
    held = [_cells(head, table[column]) for head, column in zip(heads, columns, strict=True)]
    if len({len(each) for each in held}) > 1:
        raise refused("table", "has columns of unequal length", "give one value a row")
    return heads, held


def _read(head: str, cell: Any) -> Any:  # noqa: ANN401 -- a cell
    """A cell as the field of a touchpoint that its column is named after."""
    if head in ("loyalty", "experience") and isinstance(cell, float) and cell.is_integer():
        return int(cell)  # a column with an empty cell comes as floats
    if head == "owners" and isinstance(cell, str):
        return tuple(part.strip() for part in cell.split(";") if part.strip())
    return cell


def _cells(head: str, column: Any) -> Sequence[Any]:  # noqa: ANN401 -- any column
    if isinstance(column, str) or not (isinstance(column, Iterable) or hasattr(column, "to_pylist")):
        raise refused(f"table[{head!r}]", f"is {column!r}", "give a column, one value a row")
    for way in ("to_pylist", "to_list", "tolist"):
        if hasattr(column, way):
            found: Sequence[Any] = getattr(column, way)()
            return found
    return list(column)


def _empty(cell: object) -> bool:
    return cell is None or (isinstance(cell, float) and cell != cell)  # noqa: PLR0124 -- NaN
