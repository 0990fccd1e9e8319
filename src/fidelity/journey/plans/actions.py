"""Actions: who does what, from when to when, at what effort, to what effect.

An action that is not thought through is a value too, so that a plan can name all that is wrong with it at once.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from attrs import field, frozen

from fidelity.journey.checking import Number, a_date, a_name, exact, refused
from fidelity.journey.telling import word

__all__ = ["Action", "Effect", "Observation"]


@frozen
class Effect:
    """
    An effect that can be measured: a metric, from where to where.

    >>> Effect("no-shows", 12, 8, "%").reached(9)
    Fraction(3, 4)

    Attributes:
        metric: What is measured.
        before: Where it stands.
        target: Where it is to be.
        unit: In what.
    """

    metric: str
    before: Number
    target: Number
    unit: str = ""

    def __attrs_post_init__(self) -> None:
        a_name("effect.metric", self.metric)
        here = f"effect on {self.metric!r}"
        if exact(f"{here}.before", self.before, low=None) == exact(f"{here}.target", self.target, low=None):
            raise refused(here, f"goes from {self.before} to {self.target}", "give a target that differs")

    def reached(self, value: Number) -> Fraction:
        """Which share of the way *value* is: 0 where it stood, 1 at the target, below 0 if it went the other way."""
        before, target = exact("before", self.before, low=None), exact("target", self.target, low=None)
        return (exact(f"{self.metric!r}", value, low=None) - before) / (target - before)


@frozen
class Observation:
    """
    How an action stands on a day.

    Attributes:
        on: The day.
        done: Which share of the work is done, 0 to 1.
        hours: The hours spent so far; None if nobody counted.
        value: Where the metric stands; None if nobody measured.
    """

    on: date
    done: Number
    hours: Number | None = field(default=None, kw_only=True)
    value: Number | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        a_date("observation.on", self.on)
        if exact("observation.done", self.done) > 1:
            raise refused("observation.done", f"is {self.done}", "give a share from 0 to 1")
        if self.hours is not None:
            exact("observation.hours", self.hours)
        if self.value is not None:
            exact("observation.value", self.value, low=None)


def _observations(given: object) -> tuple[Observation, ...]:
    if not isinstance(given, tuple | list) or any(not isinstance(each, Observation) for each in given):
        raise refused("action.observed", f"is {given!r}", "give a list of Observation")
    return tuple(sorted(given, key=lambda each: each.on))


@frozen(kw_only=True)
class Action:
    """
    What somebody will do.

    Attributes:
        name: What it is called.
        owner: Who answers for it; empty if nobody does, which a plan refuses.
        start: The first day.
        end: The last day, included.
        hours: The effort, of its owner; None if nobody said.
        effect: What is expected of it; None if nothing measurable is, which a plan refuses.
        touchpoint: Which touchpoint it is for.
        about: A sentence on what is done.
        observed: How it stood, day by day.
    """

    name: str
    owner: str = ""
    start: date | None = None
    end: date | None = None
    hours: Number | None = None
    effect: Effect | None = None
    touchpoint: str = ""
    about: str = ""
    observed: tuple[Observation, ...] = field(default=(), converter=_observations)

    def __attrs_post_init__(self) -> None:
        a_name("action.name", self.name)
        here = f"action {self.name!r}"
        for what, text in (("owner", self.owner), ("touchpoint", self.touchpoint), ("about", self.about)):
            if not isinstance(text, str):
                raise refused(f"{here}.{what}", f"is {text!r}", "give a text, or leave it out")
        for what, day in (("start", self.start), ("end", self.end)):
            if day is not None:
                a_date(f"{here}.{what}", day)
        if self.hours is not None:
            exact(f"{here}.hours", self.hours)
        if self.effect is not None and not isinstance(self.effect, Effect):
            raise refused(f"{here}.effect", f"is {type(self.effect).__name__}", "give an Effect, or leave it out")

    @property
    def problems(self) -> tuple[str, ...]:
        """
        What is not thought through, the gravest first; empty if it may be part of a plan.

        One of ``"no owner"``, ``"no dates"``, ``"ends before it starts"``, ``"no measurable effect"``, ``"no hours"``.
        """
        found = []
        if not self.owner.strip():
            found.append(word("journey.problem.no owner"))
        if self.start is None or self.end is None:
            found.append(word("journey.problem.no dates"))
        elif self.end < self.start:
            found.append(word("journey.problem.ends before it starts"))
        if self.effect is None:
            found.append(word("journey.problem.no measurable effect"))
        if not self.hours:
            found.append(word("journey.problem.no hours"))
        return tuple(found)
