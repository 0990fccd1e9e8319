"""A plan: actions and the hours of their owners. It starts when it is realistic, and is held against what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

import attrs
from attrs import field, frozen

from fidelity.journey.checking import Number, a_date, a_name, exact, known, names, refused, unique
from fidelity.journey.plans.actions import Action, Observation
from fidelity.journey.plans.report import Overcommitment, PlanReport, Standing
from fidelity.journey.reviews import Review
from fidelity.journey.telling import Table, Word, figure, heads, word

__all__ = ["Plan"]

_WEEK = timedelta(days=7)
_ZERO = Fraction(0)


def monday(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


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
                wrong[each.name] = (word("journey.problem.no free weeks"),)
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
        capacity = {(who, week): self.available(who, week) for who, of in hours.items() for week in of}
        return PlanReport(wrong, over, sorted_hours, weeks, capacity)

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

    def explain(self, language: str = "en", *, on: date | None = None) -> str:
        """
        In sentences: whether it is realistic; on the day *on*, how each action stands, and whether to review it.

        Raises:
            WordingError: If nobody wrote the phrases of the language.
        """
        if on is None:
            return self.check().explain(language)
        return "\n".join(each.said(language) for each in self._told(on))

    def _told(self, on: date) -> Iterable[Word]:
        for name, each in self.standing(on).items():
            done, expected = (round(100 * part) for part in (each.done, each.expected_done))
            told = {"owner": self[name].owner, "state": each.state, "done": done, "expected": expected, "on": on}
            yield word("journey.plan.standing", name=name, **told)
            if each.reached is not None:
                yield word("journey.plan.reached", name=name, share=round(100 * each.reached))
        if self.review is not None and self.review.is_due(on):
            yield word("journey.plan.review", day=self.review.next)

    def table(self, language: str = "en", *, on: date | None = None) -> Table:
        """
        Its actions as a table in *language*; with how they stand on the day *on*.

        Raises:
            WordingError: If nobody wrote the phrases of the language.
        """
        standing = {} if on is None else self.standing(on)
        columns = ("action", "owner", "start", "end", "hours", "effect", "state")
        rows = []
        for each in self.actions:
            effect: object = None
            if each.effect is not None:
                unit = f" {each.effect.unit}" if each.effect.unit else ""
                ends = {"before": each.effect.before, "target": each.effect.target}
                effect = word("journey.plan.effect", metric=each.effect.metric, unit=unit, **ends)
            state: object = standing[each.name].state if each.name in standing else each.problems or None
            cells = (each.name, each.owner or None, each.start, each.end, each.hours, effect, state)
            rows.append(tuple(figure(language, cell) for cell in cells))
        title = word("journey.plan.title", name=self.name).said(language)
        return Table(title, tuple(head.said(language) for head in heads(*columns)), tuple(rows))

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()

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
        return word("journey.state.done")
    if action.end is not None and on > action.end:
        return word("journey.state.overdue")
    if action.start is not None and on < action.start and not done:
        return word("journey.state.to come")
    return word("journey.state.on course" if done >= expected else "journey.state.behind")
