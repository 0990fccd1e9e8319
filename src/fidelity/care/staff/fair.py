"""Fair comparison: a handful of answers says little, so what few answers say is drawn toward the mean of all.

Empirical Bayes, toward the team's own mean; what rests on too few answers is not shown at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import isfinite

from attrs import frozen

from fidelity.errors import ValueRefused
from fidelity.values.whole import whole_number

__all__ = ["Fair", "FairScores", "fair_means", "fair_rates"]


@frozen
class Fair:
    """
    What may fairly be said of somebody, or of a team.

    Attributes:
        n: How many answers, or members served, it rests on.
        raw: What they say by themselves.
        credibility: How much of that counts, 0–1; the rest is the mean of all.
        fair: What is fair to compare.
    """

    n: int
    raw: float
    credibility: float
    fair: float


@frozen
class FairScores(Mapping[str, Fair]):
    """
    Fair scores by name, from the highest on.

    Attributes:
        mean: The mean that all are drawn toward.
        within: How much single answers vary; for rates, the mean rate.
        between: How much the names vary beyond what chance does; 0 where they do not.
        hidden: The names with too few answers to show.
    """

    mean: float
    within: float
    between: float
    hidden: tuple[str, ...]
    _known: Mapping[str, Fair]

    def __getitem__(self, name: str) -> Fair:
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def first(self, most: int = 1) -> tuple[str, ...]:
        """
        The *most* highest, and whoever scores the same: those to thank, at most half unless they score the same.

        Where chance alone explains the differences nobody is first.
        """
        if not self._known or not self.between:
            return ()
        scores = [each.fair for each in self._known.values()]
        least = scores[: max(1, min(most, len(scores) // 2))][-1]
        return tuple(name for name, each in self._known.items() if each.fair >= least)


def fair_means(ratings: Mapping[str, Iterable[float]], *, minimum: int = 5) -> FairScores:
    """
    The mean rating of each name, drawn toward the mean of all the more, the fewer ratings it rests on.

    Args:
        ratings: The ratings of each employee or team: ``{"nadia": [5, 4, 5], …}``.
        minimum: Whoever has fewer ratings is not shown; their ratings still count in the mean of all.

    Raises:
        ValueRefused: If there are fewer than two names, no name has two ratings, or something is no number.

    Source:
        Bühlmann and Straub, "Glaubwürdigkeit für Schadensätze", 1970, with the estimators of Bühlmann and Gisler, "A
        Course in Credibility Theory and its Applications", 2005, chapter 4: the credibility is n ÷ (n + within ÷
        between).

    >>> found = fair_means({"ana": [3, 5, 7], "ivo": [6, 12, 9]}, minimum=3)
    >>> [(name, round(each.fair, 4)) for name, each in found.items()]
    [('ivo', 8.4583), ('ana', 5.5417)]
    """
    least = whole_number(minimum, what="minimum", low=1)
    known = {name: _numbers(name, each) for name, each in _named(ratings, "ratings").items()}
    known = {name: each for name, each in known.items() if each}
    counts = {name: len(each) for name, each in known.items()}
    total, groups = sum(counts.values()), len(known)
    if groups < 2 or total <= groups:  # noqa: PLR2004  # one alone is compared with nobody
        message = "ratings: comparing takes two names with ratings, one of them with two; add more"
        raise ValueRefused(message, field="ratings", names=tuple(known))
    raw = {name: sum(each) / len(each) for name, each in known.items()}
    overall = sum(counts[name] * raw[name] for name in known) / total
    within = sum((value - raw[name]) ** 2 for name, each in known.items() for value in each) / (total - groups)
    spread = sum(counts[name] * (raw[name] - overall) ** 2 for name in known) - (groups - 1) * within
    between = max(0.0, spread / (total - sum(each**2 for each in counts.values()) / total))
    weights = {name: 0.0 if not between else between / (between + within / counts[name]) for name in known}
    mean = overall if not between else sum(weights[name] * raw[name] for name in known) / sum(weights.values())
    return _scores(counts, raw, weights, (mean, within, between), least)


def fair_rates(praised: Mapping[str, int], served: Mapping[str, int], *, minimum: int = 30) -> FairScores:
    """
    How many praised each name, of so many served, drawn toward the rate of all the more, the fewer were served.

    Args:
        praised: How many members praised each employee or team; 0 for names that are not in it.
        served: How many members each of them served.
        minimum: Whoever served fewer is not shown; they still count in the rate of all.

    Raises:
        ValueRefused: If there are fewer than two names, somebody was praised who served nobody, or something is no
            whole number.

    Source:
        Marshall, "Mapping Disease and Mortality Rates Using Empirical Bayes Estimators", Journal of the Royal
        Statistical Society C 40 (1991), 283–294: the global estimator.

    >>> found = fair_rates({"ana": 30, "ivo": 4, "eva": 1}, {"ana": 300, "ivo": 200, "eva": 5}, minimum=5)
    >>> [(name, round(each.raw, 3), round(each.fair, 3)) for name, each in found.items()]
    [('ana', 0.1, 0.095), ('eva', 0.2, 0.08), ('ivo', 0.02, 0.031)]
    """
    least = whole_number(minimum, what="minimum", low=1)
    counts = {name: whole_number(each, what=name, low=1) for name, each in _named(served, "served").items()}
    given = {name: whole_number(each, what=name, low=0) for name, each in _named(praised, "praised").items()}
    if unknown := [name for name, each in given.items() if each and name not in counts]:
        message = f"served says nothing of {', '.join(unknown)}, who were praised; add how many they served"
        raise ValueRefused(message, field="served", names=tuple(unknown))
    if len(counts) < 2:  # noqa: PLR2004  # one alone is compared with nobody
        message = "served: comparing takes two names; add more"
        raise ValueRefused(message, field="served", names=tuple(counts))
    total = sum(counts.values())
    raw = {name: given.get(name, 0) / each for name, each in counts.items()}
    mean = sum(given.values()) / total
    spread = sum(each * (raw[name] - mean) ** 2 for name, each in counts.items()) / total
    between = max(0.0, spread - mean * len(counts) / total)
    weights = {name: 0.0 if not between else between / (between + mean / each) for name, each in counts.items()}
    return _scores(counts, raw, weights, (mean, mean, between), least)


def _scores(
    counts: Mapping[str, int],
    raw: Mapping[str, float],
    weights: Mapping[str, float],
    figures: tuple[float, float, float],
    minimum: int,
) -> FairScores:
    mean = figures[0]
    found = {
        name: Fair(n, raw[name], weights[name], mean + weights[name] * (raw[name] - mean))
        for name, n in counts.items()
        if n >= minimum
    }
    ordered = dict(sorted(found.items(), key=lambda pair: (-pair[1].fair, pair[0])))
    return FairScores(*figures, tuple(sorted(name for name, n in counts.items() if n < minimum)), ordered)


def _named(value: object, what: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        message = f"{what} are told by name, {{'nadia': …}}, not {value!r:.80}"
        raise ValueRefused(message, field=what, value=value)
    return value


def _numbers(name: str, values: object) -> list[float]:
    found: list[float] = []
    for each in values if isinstance(values, Iterable) and not isinstance(values, str) else [values]:
        if isinstance(each, bool) or not isinstance(each, int | float) or not isfinite(each):
            message = f"a rating of {name!r} is {each!r:.80}; ratings are numbers, and those not given are left out"
            raise ValueRefused(message, name=name, value=each)
        found.append(float(each))
    return found
