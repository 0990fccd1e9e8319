"""Two maps of one journey: which touchpoints came onto it, left it, grew or shrank from one period to the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen

from fidelity.journey.checking import Number, a_count, a_mapping, a_name, exact, refused
from fidelity.journey.logs import EventLog
from fidelity.journey.telling import All, Told, Word, heads, word
from fidelity.metrics.arguments import fraction, whole
from fidelity.metrics.proportions import interval_of_share
from fidelity.metrics.results import Estimate, Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["MapChange", "MapChanges", "compare_maps"]

#: What a touchpoint that is new on the map needs from people.
NEEDED = (word("journey.lacks.impact"), word("journey.lacks.owner"))


@frozen
class MapChange(Told):
    """
    What became of one touchpoint.

    Attributes:
        name: What it is called now.
        kind: ``"appeared"``, ``"vanished"``, ``"grew"``, ``"shrank"``, ``"as before"``, or ``"too rare"`` in both.
        before, after: How many contacts it had.
        share: By how many points its share of all contacts changed, with Newcombe's interval.
        reported: Whether it is on a map and its share changed by as much as is reported.
    """

    name: str
    kind: str
    before: int
    after: int
    share: Estimate
    reported: bool

    def _title(self) -> str:
        return self.name

    def _draw(self, ax: Axes) -> None:
        ax.barh([0, 1], [self.before, self.after], color=["#c9d5ea", "#4c72b0"])
        ax.set_yticks([0, 1], ["before", "after"])
        ax.invert_yaxis()
        ax.set_xlabel("contacts")
        ax.set_title(f"{self.name} ({self.kind})")


@frozen(repr=False, eq=False)
class MapChanges(Told, Mapping[str, MapChange]):
    """
    What changed on a map; a mapping from touchpoint to `MapChange`, in the order of their first mention.

    Attributes:
        of: What became of each touchpoint.
        totals: How many contacts there were before and after.
        renamed: The old name of each touchpoint that was renamed, and the new one.
        least: From how many contacts a touchpoint is on a map.
        report: From how many points on a change is reported.
        to_do: What people have to say of touchpoints that are new on the map.
        told: Who keeps the map; empty if nobody does.
        next_review: When it is compared again; None without a review.
    """

    of: Mapping[str, MapChange]
    totals: tuple[int, int]
    renamed: Mapping[str, str]
    least: int
    report: float
    to_do: Mapping[str, tuple[str, ...]]
    told: str = ""
    next_review: date | None = None

    def __getitem__(self, name: str) -> MapChange:
        return self.of[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.of)

    def __len__(self) -> int:
        return len(self.of)

    def _of_kind(self, kind: str) -> tuple[str, ...]:
        return tuple(name for name, each in self.of.items() if each.kind == kind)

    @property
    def appeared(self) -> tuple[str, ...]:
        """What is new on the map."""
        return self._of_kind("appeared")

    @property
    def vanished(self) -> tuple[str, ...]:
        """What is on the map no more."""
        return self._of_kind("vanished")

    @property
    def below(self) -> Mapping[str, int]:
        """What people met too seldom to be on the map now, and how often."""
        return {name: each.after for name, each in self.of.items() if 0 < each.after < self.least}

    @property
    def reported(self) -> tuple[str, ...]:
        """The touchpoints whose share changed as much as is reported, the largest change first."""
        large = [(name, each) for name, each in self.of.items() if each.reported]
        return tuple(name for name, each in sorted(large, key=lambda pair: -abs(pair[1].share.value)))

    def __repr__(self) -> str:
        told = [
            f"{word} {', '.join(names)}"
            for word, names in (("appeared", self.appeared), ("vanished", self.vanished), ("changed", self.reported))
            if names
        ]
        return f"<map: {'; '.join(told) or 'as before'}>"

    def _title(self) -> str:
        return word("journey.map.title", before=self.totals[0], after=self.totals[1])

    def _heads(self) -> Sequence[str]:
        return heads("touchpoint", "change", "before", "after", "points", "interval", "reported", "to do")

    def _rows(self) -> Iterable[Sequence[object]]:
        for name, each in self.of.items():
            away, ends = each.share.value, each.share.interval
            yield name, each.kind, each.before, each.after, away, ends, each.reported, self.to_do.get(name, "")
        for old, new in self.renamed.items():
            yield new, word("journey.map.was", old=old)
        if self.told:
            yield word("journey.map.told"), self.told
        if self.next_review is not None:
            yield word("journey.map.review"), self.next_review

    def _sentences(self) -> Iterable[Word]:
        for way, names in (("new", self.appeared), ("gone", self.vanished)):
            if names:
                yield word(f"journey.map.{way}", names=All(names))
        for name in self.reported:
            share = self.of[name].share
            yield word("journey.map.change", name=name, points=round(share.value, 1), interval=share.interval)
        if not (self.appeared or self.vanished or self.reported):
            yield word("journey.map.nothing")
        for name, missing in self.to_do.items():
            yield word("journey.map.needs", name=name, missing=All(missing))
        if self.next_review is not None:
            yield word("journey.map.next", day=self.next_review)

    def _draw(self, ax: Axes) -> None:
        for row, each in enumerate(self.of.values()):
            ends = 100 * each.before / self.totals[0], 100 * each.after / self.totals[1]
            ax.plot(ends, [row, row], color="#888888", lw=1)
            ax.plot(ends[:1], [row], "o", mfc="white", color="#1f3b6e")
            ax.plot(ends[1:], [row], "o", color="#1f3b6e")
        words = [name if each.kind == "as before" else f"{name}\n({each.kind})" for name, each in self.of.items()]
        ax.set_yticks(range(len(words)), words)
        ax.set_ylim(len(words) - 0.5, -0.5)
        ax.set_xlabel("% of contacts: hollow before, filled after")
        ax.set_title(self._title())


def compare_maps(
    before: EventLog | Mapping[str, int],
    after: EventLog | Mapping[str, int],
    *,
    renamed: Mapping[str, str] | None = None,
    least: int = 20,
    report: Number = 5,
    level: float = 0.95,
) -> MapChanges:
    """
    What changed on a map between two periods, contact by contact.

    A touchpoint is on a map from *least* contacts on; below it is only mentioned. One that was renamed is the same.

    Args:
        before, after: Logs from `event_log`, or how many contacts each touchpoint had.
        renamed: The new name of each touchpoint that was renamed between the two.
        least: From how many contacts a touchpoint is on a map.
        report: From how many points of its share on a change is reported.
        level: How sure each interval is to cover.

    Returns:
        A `MapChanges`. `Journey.compare` also says what the journey knows already, who is told, and the next review.

    Raises:
        JourneyError: If a count is none, there was no contact at all, or a rename leads from what never was.
        MetricError: If an option is none.

    Note:
        It counts contacts, so that one person who calls ten times counts ten. `compare_periods` looks at who met what,
        and where in their journey.

    Source:
        R. G. Newcombe, Statistics in Medicine 17 (1998) 873–890, method 10. Principle O7.

    >>> found = compare_maps({"office": 60, "fax": 40}, {"office": 70, "chat": 30})
    >>> found, found["office"].share.value
    (<map: appeared chat; vanished fax; changed fax, chat, office>, 10.0)
    """
    whole("least", least, low=1)
    level, threshold = fraction("level", level), float(exact("report", report))
    old, new = _counts("before", before), _counts("after", after)
    a_mapping("renamed", renamed, "give {old name: new name}")
    names = dict(renamed or {})
    for one, other in names.items():
        a_name("renamed", other)
        if one not in old:
            raise refused("renamed", f"has {one!r}, which was not on the map before", "give {old name: new name}")
        if one in new or other in old:
            raise refused(
                "renamed", f"says that {one!r} became {other!r}, but both were met in one period", "leave it out"
            )
    merged: dict[str, int] = {}
    for name, count in old.items():
        # Two that became one are counted together.
        merged[names.get(name, name)] = merged.get(names.get(name, name), 0) + count
    old = merged
    totals = sum(old.values()), sum(new.values())
    found = {}
    for name in dict.fromkeys([*old, *new]):
        found[name] = _change(name, (old.get(name, 0), new.get(name, 0)), totals, (least, threshold, level))
    to_do = {name: NEEDED for name, each in found.items() if each.kind == "appeared"}
    return MapChanges(found, totals, names, least, threshold, to_do)


def _counts(argument: str, given: Any) -> dict[str, int]:  # noqa: ANN401 -- checked here
    """How many contacts each touchpoint had."""
    if isinstance(given, EventLog):
        often = np.bincount(given.codes, minlength=len(given.activities)).tolist()
        found = {name: count for name, count in zip(given.activities, often, strict=True) if count}
    elif isinstance(given, Mapping):
        found = {
            a_name(argument, name): a_count(f"{argument}[{name!r}]", each, "give how many contacts there were")
            for name, each in given.items()
        }
    else:
        raise refused(argument, f"is {type(given).__name__}", "give a log from event_log, or {touchpoint: contacts}")
    if not sum(found.values()):
        raise refused(argument, "has no contact", "give a period in which there were some")
    return found


def _change(
    name: str, counts: tuple[int, int], totals: tuple[int, int], how: tuple[int, float, float]
) -> MapChange:  # fmt: skip
    (one, two), (n, m), (least, threshold, level) = counts, totals, how
    p, q = one / n, two / m
    here, there = interval_of_share(p, n, level), interval_of_share(q, m, level)
    low = q - p - sqrt((q - there.low) ** 2 + (here.high - p) ** 2)
    high = q - p + sqrt((there.high - q) ** 2 + (p - here.low) ** 2)
    # Whole counts: 300 of 1,000 less 250 of 1,000 is 5 points, not 4.999999999999999.
    points = 100 * (two * n - one * m) / (n * m)
    error = 100 * sqrt(p * (1 - p) / n + q * (1 - q) / m)
    ends = Interval(100 * low, 100 * high, level)
    share = Estimate(points, n + m, error, ends, "newcombe", f"share of {name}", "points")
    on = one >= least, two >= least
    if on == (False, False):
        kind = "too rare"
    elif on[0] != on[1]:
        kind = "appeared" if on[1] else "vanished"
    else:
        kind = "as before" if 0 in ends else "grew" if points > 0 else "shrank"
    return MapChange(name, word(f"journey.map.{kind}"), one, two, share, any(on) and abs(points) >= threshold)
