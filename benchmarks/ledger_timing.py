"""Timing in rounds: what is compared takes turns, so that a slow minute of a shared machine hits all alike."""

from __future__ import annotations

import gc
from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time
from typing import Literal

from attrs import field, frozen

__all__ = ["Line", "Runner", "Times", "race", "ratio"]

#: What one round does: prepares (untimed) and gives the function to be timed, which says how many it did.
Prepare = Callable[[], Callable[[], int]]
Clock = Literal["wall", "cpu"]


@frozen
class Runner:
    """Something that is timed: *prepare* is called before each round, what it gives is timed."""

    name: str
    prepare: Prepare


@frozen
class Times:
    """Seconds for one of what a runner does, a figure for each round; `cpu` is the processor time of this process."""

    name: str
    wall: list[float] = field(factory=list)
    cpu: list[float] = field(factory=list)

    def rate(self, clock: Clock = "wall") -> float:
        """How many a second, by the median."""
        return 1 / median(self.rounds(clock))

    def each(self, clock: Clock = "wall") -> float:
        """Seconds for one, by the median."""
        return median(self.rounds(clock))

    def rounds(self, clock: Clock) -> list[float]:
        """The figures of all rounds by *clock*."""
        return self.wall if clock == "wall" else self.cpu


def ratio(one: Times, other: Times, clock: Clock = "wall") -> float:
    """How many of *other* go into one of *one*: the median of the ratios within the rounds."""
    return median(a / b for a, b in zip(one.rounds(clock), other.rounds(clock), strict=True))


def race(runners: list[Runner], rounds: int) -> dict[str, Times]:
    """Time every runner once a round, each round beginning with the next one, after one that does not count."""
    found = {each.name: Times(each.name) for each in runners}
    for number in range(-1, rounds):
        turn = number % len(runners)
        for runner in runners[turn:] + runners[:turn]:
            run = runner.prepare()
            gc.collect()
            cpu, wall = process_time(), perf_counter()
            count = run()
            wall, cpu = perf_counter() - wall, process_time() - cpu
            if number >= 0:
                found[runner.name].wall.append(wall / count)
                found[runner.name].cpu.append(cpu / count)
    return found


@frozen
class Line:
    """
    One line of the table.

    Attributes:
        figure: The median; None where it could not be measured, and then `note` says what is missing.
        bar: What it should reach; None for what is only told.
        most: Whether the bar is the most it may be, not the least.
    """

    part: str
    what: str
    figure: float | None
    unit: str
    bar: float | None = None
    most: bool = False
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether it reaches its bar; None without one."""
        if self.bar is None or self.figure is None:
            return None
        return self.figure <= self.bar if self.most else self.figure >= self.bar
