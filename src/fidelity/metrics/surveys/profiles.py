"""Profiles: how many answers named each word, of all of them or group by group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.metrics.results import Estimate, Result, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Profile", "Profiles"]

_FIRST = 5


@frozen(repr=False)
class Profile(Result, Mapping[str, Estimate]):
    """
    How many answers named each word; a mapping from the word to its share in percent.

    Attributes:
        of: The share of answers that named it; they may add up to more than 100, as an answer may name several.
        counts: How many answers named it, unweighted.
        n: How many answers there are, with those that named nothing.
        silent: How many named nothing.
        net: Pleasant words less unpleasant ones, the mean over the answers that named any, −1 to 1; None where nobody
            said which are pleasant.
        name: What the words are.
    """

    of: Mapping[str, Estimate]
    counts: Mapping[str, int]
    n: int
    silent: int
    net: Estimate | None = None
    name: str = "words"

    def __getitem__(self, word: str) -> Estimate:
        return self.of[word]

    def __iter__(self) -> Iterator[str]:
        return iter(self.of)

    def __len__(self) -> int:
        return len(self.of)

    def __repr__(self) -> str:
        said = ", ".join(f"{word} {shown(each.value)}%" for word, each in [*self.of.items()][:_FIRST])
        return f"<{self.name}: {said}{', …' if len(self.of) > _FIRST else ''}, n={self.n:,}>"

    def _title(self) -> str:
        return f"{self.name}, share of {self.n:,} answers"

    def _heads(self) -> Sequence[str]:
        return self.name, "answers", "%", "interval"

    def _rows(self) -> Iterable[Sequence[object]]:
        for word, each in self.of.items():
            yield word, self.counts[word], each.value, str(each.interval)
        if self.net is not None:
            yield "net", self.net.n, self.net.value, str(self.net.interval or "–")

    def _draw(self, ax: Axes) -> None:
        for place, each in enumerate(self.of.values()):
            ax.barh(place, each.value, color="#4c72b0", alpha=0.6)
            if each.interval is not None:
                ax.plot([each.interval.low, each.interval.high], [place, place], color="#1f3b6e", lw=2)
        ax.set_yticks(range(len(self.of)), list(self.of))
        ax.invert_yaxis()
        ax.set_xlabel("% of answers")
        ax.set_title(self._title())


@frozen(repr=False)
class Profiles(Result, Mapping[str, Profile]):
    """
    One profile for each group.

    Attributes:
        of: The profiles by group.
        overall: The profile of all.
        hidden: Groups too small to be shown.
    """

    of: Mapping[str, Profile]
    overall: Profile
    hidden: tuple[str, ...] = ()

    def __getitem__(self, group: str) -> Profile:
        return self.of[group]

    def __iter__(self) -> Iterator[str]:
        return iter(self.of)

    def __len__(self) -> int:
        return len(self.of)

    def __repr__(self) -> str:
        hidden = f", {len(self.hidden):,} too few to show" if self.hidden else ""
        return f"<{self.overall.name} of {len(self.of):,} groups{hidden}>"

    def _title(self) -> str:
        return f"{self.overall.name} by group, % of answers"

    def _heads(self) -> Sequence[str]:
        return self.overall.name, *self.of, "all"

    def _rows(self) -> Iterable[Sequence[object]]:
        for word, each in self.overall.of.items():
            yield word, *(profile.of[word].value for profile in self.of.values()), each.value
        yield "n", *(profile.n for profile in self.of.values()), self.overall.n
        for group in self.hidden:
            yield group, *("too few to show" for _ in range(len(self.of) + 1))

    def _draw(self, ax: Axes) -> None:
        ax.set_title(self._title())
        if not self.of:
            ax.text(0.5, 0.5, "every group is too small to show", ha="center", transform=ax.transAxes)
            return
        words, every = list(self.overall.of), [*self.of.items()]
        thick = 0.8 / max(len(every), 1)
        for place, (group, profile) in enumerate(every):
            values = [profile.of[word].value for word in words]
            ax.barh(np.arange(len(words)) - 0.4 + (place + 0.5) * thick, values, thick, label=group)
        ax.set_yticks(range(len(words)), words)
        ax.invert_yaxis()
        ax.set_xlabel("% of answers")
        ax.legend(title=f"too few to show: {', '.join(self.hidden)}" if self.hidden else None)
