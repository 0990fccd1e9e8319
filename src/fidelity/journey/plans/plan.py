"""A plan: actions and the hours of their owners. It starts when it is realistic, and is held against what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

import attrs
from attrs import field, frozen

from fidelity.journey.checking import Number, a_date, a_name, exact, known, names, refused, unique
from fidelity.journey.plans.actions import Action, Observation
from fidelity.journey.reviews import Review
from fidelity.metrics.results import Result

__all__ = ["Overcommitment", "Plan", "PlanReport", "Standing"]

_WEEK = timedelta(days=7)
_ZERO = Fraction(0)


def monday(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


@frozen
class Overcommitment:
    """
    A week for which an owner promised more hours than there are.

    Attributes:
        owner: Who.
        week: Its Monday.
        hours: Promised.
        capacity: There are.
        actions: Which actions ask for them.
    """

    owner: str
    week: date
    hours: Fraction
    capacity: Fraction
    actions: tuple[str, ...]

    @property
    def over(self) -> Fraction:
        """How many hours are too many."""
        return self.hours - self.capacity


@frozen(repr=False, eq=False)
class PlanReport(Result):
    """
    Whether a plan is realistic, and what keeps it from being so.

    Attributes:
        refused: By action, what is not thought through.
        overcommitted: The weeks for which somebody promised more than they have.
        hours: By owner and week, what is promised.
        weeks: By action, the weeks in which its owner has capacity.
    """

    refused: Mapping[str, tuple[str, ...]]
    overcommitted: tuple[Overcommitment, ...]
    hours: Mapping[str, Mapping[date, Fraction]]
    weeks: Mapping[str, tuple[date, ...]]

    @property
    def accepted(self) -> bool:
        """Whether the plan may start."""
        return not self.refused and not self.overcommitted

    def __repr__(self) -> str:
        if self.accepted:
            return "<plan: realistic>"
        return f"<plan: {len(self.refused)} actions refused, {len(self.overcommitted)} weeks overcommitted>"

    def explain(self) -> str:
        """All that is wrong, a line each; that it is realistic if nothing is."""
        if self.accepted:
            return "The plan is realistic."
        lines = [f"{name}: {', '.join(why)}." for name, why in self.refused.items()]
        lines += [
            f"{each.owner}, week of {each.week}: {float(each.hours):.4g} hours promised by {', '.join(each.actions)}; "
            f"there are {float(each.capacity):.4g}."
            for each in self.overcommitted
        ]
        return "\n".join(lines)

    def _title(self) -> str:
        return "A realistic plan" if self.accepted else "Not a realistic plan"

    def _heads(self) -> Sequence[str]:
        return "what", "when", "hours promised", "hours there are"

    def _rows(self) -> Iterable[Sequence[object]]:
        for name, why in self.refused.items():
            yield name, ", ".join(why), "–", "–"
        for each in self.overcommitted:
            yield each.owner, str(each.week), float(each.hours), float(each.capacity)


@frozen
class Standing:
    """
    An action on a day: what was expected by then, and what happened.

    Attributes:
        action: Its name.
        on: The day.
        expected_done: Which share of its hours lies in weeks gone by; of the present week, by days.
        done: Which share is done, as last observed; 0 if nobody looked.
        expected_hours, hours: The hours that were to be spent by then, and were; None if nobody counted.
        reached: Which share of the effect is there, as last measured; None if nobody measured.
        state: ``"to come"``, ``"on course"``, ``"behind"``, ``"done"``, or ``"overdue"``.
    """

    action: str
    on: date
    expected_done: Fraction
    done: Fraction
    expected_hours: Fraction
    hours: Fraction | None
    reached: Fraction | None
    state: str


def _actions(given: object) -> tuple[Action, ...]:
    if isinstance(given, Action) or not isinstance(given, Iterable):
        raise refused("plan.actions", f"is {type(given).__name__}", "give a list of Action")
    found = tuple(given)
    for place, each in enumerate(found):
        if not isinstance(each, Action):
            raise refused(f"plan.actions[{place}]", f"is {type(each).__name__}", "give an Action")
    unique("plan.actions", [each.name for each in found])
    return found


def _capacity(given: object) -> dict[str, Fraction]:
    if not isinstance(given, Mapping):
        raise refused("plan.capacity", f"is {type(given).__name__}", "give a dict of owner and hours a week")
    return {a_name("plan.capacity", who): exact(f"plan.capacity[{who!r}]", each) for who, each in given.items()}


def _otherwise(given: object) -> dict[str, dict[date, Fraction]]:
    if not isinstance(given, Mapping) or any(not isinstance(each, Mapping) for each in given.values()):
        raise refused("plan.otherwise", "is no dict of dicts", "give {owner: {a day of the week: hours}}")
    return {
        who: {
            monday(a_date(f"plan.otherwise[{who!r}]", day)): exact(f"plan.otherwise[{who!r}][{day}]", hours)
            for day, hours in weeks.items()
        }
        for who, weeks in given.items()
    }


@frozen(eq=False)
class Plan:
    """
    Actions, and the hours that their owners have.

    Weeks begin on Monday. The effort of an action is spread evenly over its weeks in which its owner has capacity.

    Attributes:
        name: What it is called.
        actions: What is to be done.
        capacity: By owner, the hours of a week.
        otherwise: By owner and week (any day of it), the hours of a week that is not like the others: a leave is 0.
        review: When the plan is looked at again.
    """

    name: str
    actions: tuple[Action, ...] = field(converter=_actions)
    capacity: Mapping[str, Number] = field(kw_only=True, converter=_capacity)
    otherwise: Mapping[str, Mapping[date, Number]] = field(factory=dict, kw_only=True, converter=_otherwise)
    review: Review | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        a_name("plan.name", self.name)
        for who in self.otherwise:
            known("plan.otherwise", who, tuple(self.capacity), "owner")
        for each in self.actions:
            if each.owner:
                known(f"action {each.name!r}.owner", each.owner, tuple(self.capacity), "owner")
        if self.review is not None and not isinstance(self.review, Review):
            raise refused("plan.review", f"is {type(self.review).__name__}", "give a Review")

    def __repr__(self) -> str:
        return f"<plan {self.name!r} of {len(self.actions)} actions>"

    def __getitem__(self, name: str) -> Action:
        known("plan", name, [each.name for each in self.actions], "action")
        return next(each for each in self.actions if each.name == name)

    def available(self, owner: str, week: date) -> Fraction:
        """The hours that *owner* has in the week of the day *week*."""
        known("plan.available(owner)", owner, tuple(self.capacity), "owner")
        usual = Fraction(self.capacity[owner])
        return Fraction(self.otherwise.get(owner, {}).get(monday(a_date("plan.available(week)", week)), usual))

    def spread(self, action: str) -> Mapping[date, Fraction]:
        """
        The hours of an action in each week in which its owner has capacity; empty if there is none.

        Raises:
            JourneyError: If there is no such action, or it is not thought through.
        """
        found = self[action]
        if found.problems:
            raise refused(f"action {action!r}", ", ".join(found.problems), "mend the action first")
        return self._spread(found)

    def _spread(self, action: Action) -> dict[date, Fraction]:
        if action.start is None or action.end is None:  # pragma: no cover -- `problems` has said so
            return {}
        first, last = monday(action.start), monday(action.end)
        weeks = [first + place * _WEEK for place in range((last - first).days // 7 + 1)]
        free = [week for week in weeks if self.available(action.owner, week) > 0]
        return {week: exact("hours", action.hours) / len(free) for week in free}

    def check(self) -> PlanReport:
        """Whether the plan is realistic: all actions thought through, and no week with more hours than there are."""
        wrong = {each.name: each.problems for each in self.actions if each.problems}
        hours: dict[str, dict[date, Fraction]] = {who: {} for who in self.capacity}
        asking: dict[tuple[str, date], list[str]] = {}
        weeks = {}
        for each in self.actions:
            if each.name in wrong:
                continue
            spread = self._spread(each)
            if not spread:
                wrong[each.name] = ("its owner has no hours in its weeks",)
            weeks[each.name] = tuple(spread)
            for week, some in spread.items():
                hours[each.owner][week] = hours[each.owner].get(week, _ZERO) + some
                asking.setdefault((each.owner, week), []).append(each.name)
        over = tuple(
            Overcommitment(who, week, some, self.available(who, week), tuple(asking[who, week]))
            for who, of in hours.items()
            for week, some in sorted(of.items())
            if some > self.available(who, week)
        )
        sorted_hours = {who: dict(sorted(of.items())) for who, of in hours.items()}
        return PlanReport(wrong, over, sorted_hours, weeks)

    def start(self) -> Plan:
        """
        The plan itself, if it is realistic.

        Raises:
            JourneyError: If it is not, with all that is wrong.
        """
        report = self.check()
        if not report.accepted:
            raise refused(f"plan {self.name!r}", "is not realistic", "mend this:\n" + report.explain())
        return self

    def observe(self, action: str, observation: Observation) -> Plan:
        """
        The plan with what was seen of an action.

        Raises:
            JourneyError: If there is no such action.
        """
        old = self[action]
        new = attrs.evolve(old, observed=(*old.observed, observation))
        return attrs.evolve(self, actions=[new if each is old else each for each in self.actions])

    def standing(self, on: date) -> dict[str, Standing]:
        """
        Every action that is thought through on the day *on*: what was expected by then, and what happened.

        Observations after that day are not seen.
        """
        a_date("plan.standing(on)", on)
        return {each.name: self._standing(each, on) for each in self.actions if not each.problems}

    def _standing(self, action: Action, on: date) -> Standing:
        spread = self._spread(action)
        total = exact("hours", action.hours)
        expected = sum((some * _gone(week, action, on) for week, some in spread.items()), _ZERO)
        share = expected / total if spread else _ZERO
        seen = [each for each in action.observed if each.on <= on]
        done = exact("done", seen[-1].done) if seen else _ZERO
        hours = [exact("hours", each.hours) for each in seen if each.hours is not None]
        values = [each.value for each in seen if each.value is not None]
        reached = action.effect.reached(values[-1]) if values and action.effect is not None else None
        state = _state(action, on, done, share)
        return Standing(action.name, on, share, done, expected, hours[-1] if hours else None, reached, state)

    def due(self, on: date) -> tuple[str, ...]:
        """What asks to be looked at on the day *on*: ``"review"``, and the actions that are behind or overdue."""
        late = [name for name, each in self.standing(on).items() if each.state in ("behind", "overdue")]
        return (*(["review"] if self.review is not None and self.review.is_due(on) else []), *late)

    def for_touchpoints(self, touchpoints: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """The actions for each of *touchpoints*; those with none have an empty tuple."""
        listed = names("touchpoints", touchpoints)
        return {each: tuple(action.name for action in self.actions if action.touchpoint == each) for each in listed}


def _gone(week: date, action: Action, on: date) -> Fraction:
    """Which share of the days that the action has in a week lies behind, the day *on* included."""
    if action.start is None or action.end is None:  # pragma: no cover -- `problems` has said so
        return _ZERO
    first, last = max(week, action.start), min(week + timedelta(days=6), action.end)
    days = (last - first).days + 1
    return Fraction(min(max((on - first).days + 1, 0), days), days)


def _state(action: Action, on: date, done: Fraction, expected: Fraction) -> str:
    if done >= 1:
        return "done"
    if action.end is not None and on > action.end:
        return "overdue"
    if action.start is not None and on < action.start and not done:
        return "to come"
    return "on course" if done >= expected else "behind"
