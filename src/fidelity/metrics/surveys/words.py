"""Words: what people felt, out of a set that was declared, and what they wrote about, as it was coded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TypedDict, Unpack, overload

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.errors import MetricError
from fidelity.metrics.arguments import Array, Column, Whole, fraction, groups_of, one_of, weights_of
from fidelity.metrics.grouping import SMALLEST, part_of_weights, too_small
from fidelity.metrics.means import mean_with_error, t_interval
from fidelity.metrics.proportions import METHODS, estimate_of_share
from fidelity.metrics.results import Estimate
from fidelity.metrics.surveys.profiles import Profile, Profiles

__all__ = ["emotions", "themes"]


class Options(TypedDict, total=False):
    """What `emotions` takes beside the answers, the set and the groups."""

    weights: Column
    method: str
    level: float
    minimum: int


class ThemeOptions(Options, total=False):
    """What `themes` takes beside the answers and the groups."""

    codebook: Iterable[str] | None


@overload
def emotions(
    answers: Column, among: Iterable[str] | Mapping[str, float], *, by: None = None, **options: Unpack[Options]
) -> Profile: ...
@overload
def emotions(
    answers: Column, among: Iterable[str] | Mapping[str, float], *, by: Column, **options: Unpack[Options]
) -> Profiles: ...


def emotions(
    answers: Column,
    among: Iterable[str] | Mapping[str, float],
    *,
    weights: Column = None,
    by: Column = None,
    method: str = "wilson",
    level: float = 0.95,
    minimum: int = SMALLEST,
) -> Profile | Profiles:
    """
    What people felt: the share of answers that named each emotion of a declared set, with intervals.

    Args:
        answers: One text, one list of texts, or None (nothing named) for each answer.
        among: The emotions that could be named, in the order to show them. As a mapping it says how pleasant each is,
            from −1 to 1; the result then has the net emotion: the mean over answers of the mean of what they named.
        weights: How much each answer counts.
        by: A column that names a group for each answer: one profile a group.
        method: The interval of the shares, as `proportion` has it.
        level: How sure the intervals are to cover the truth.
        minimum: Groups with fewer answers are not shown.

    Returns:
        A `Profile` in percent of answers, or `Profiles` where *by* is given.

    Raises:
        MetricError: If an answer names what was not declared, columns differ in length, or an option is unknown.

    Note:
        It misleads where the set leaves out what people felt: let them name others, code these, and widen the set.

    Source:
        Shares: as `proportion`. Asking for a declared set: M. L. Richins, Journal of Consumer Research 24 (1997)
        127–146.

    >>> felt = [["calm", "grateful"], ["angry"], ["calm"], None]
    >>> profile = emotions(felt, {"calm": 1, "grateful": 1, "angry": -1})
    >>> profile.counts, profile.silent, round(profile.net.value, 3)
    ({'calm': 2, 'grateful': 1, 'angry': 1}, 1, 0.333)
    """
    words = tuple(among)
    signs = None
    if isinstance(among, Mapping):
        signs = np.array([float(each) for each in among.values()])
        if (np.abs(signs) > 1).any() or np.isnan(signs).any():
            message = "among: says how pleasant each is with numbers from -1 to 1; give such"
            raise MetricError(message, argument="among", rows=np.empty(0, np.int64))
    named = _named("answers", answers, words, "among", weights)
    return named.profiles(_How("emotions", method, level, signs), by, minimum)


@overload
def themes(coded: Column, *, by: None = None, **options: Unpack[ThemeOptions]) -> Profile: ...
@overload
def themes(coded: Column, *, by: Column, **options: Unpack[ThemeOptions]) -> Profiles: ...


def themes(
    coded: Column,
    *,
    codebook: Iterable[str] | None = None,
    weights: Column = None,
    by: Column = None,
    method: str = "wilson",
    level: float = 0.95,
    minimum: int = SMALLEST,
) -> Profile | Profiles:
    """
    What people spoke of: the share of answers that each coded word was given to, the most frequent first.

    Args:
        coded: One word, one list of words, or None for each answer, as somebody coded them.
        codebook: The words that may be used; unless told, those that were.
        weights: How much each answer counts.
        by: A column that names a group for each answer: one profile a group.
        method: The interval of the shares, as `proportion` has it.
        level: How sure the intervals are to cover the truth.
        minimum: Groups with fewer answers are not shown.

    Returns:
        A `Profile` in percent of answers, or `Profiles` where *by* is given.

    Raises:
        MetricError: If a word is not in the codebook, columns differ in length, or an option is unknown.

    Note:
        The intervals know of chance, not of the coder: let two people code a part, and compare.

    Source:
        Shares: as `proportion`.

    >>> themes([["price", "waiting"], "waiting", None, ["waiting"]])
    <themes: waiting 75%, price 25%, n=4>
    """
    told = _words_of("coded", coded)
    if codebook is None:
        seen: dict[str, int] = {}
        for word in (word for each in told for word in each):
            seen[word] = seen.get(word, 0) + 1
        codebook = sorted(seen, key=lambda word: (-seen[word], word))
        if not codebook:
            message = "coded: has no word in any row; give a codebook= if nobody used it"
            raise MetricError(message, argument="coded", rows=np.empty(0, np.int64))
    named = _named("coded", told, tuple(codebook), "codebook", weights)
    return named.profiles(_How("themes", method, level, None, falling=True), by, minimum)


@frozen(eq=False)
class _How:
    """How a profile is made: its name, the interval of the shares, how pleasant each word is, the order."""

    name: str
    method: str
    level: float
    signs: Array | None
    falling: bool = False

    def __attrs_post_init__(self) -> None:
        one_of("method", self.method, tuple(METHODS))
        fraction("level", self.level)


@frozen(eq=False)
class _Named:
    """Which words each answer named: one place for each, sorted by answer, no answer naming a word twice."""

    words: tuple[str, ...]
    answers: Whole
    places: Whole
    rows: int
    weights: Array | None

    def profiles(self, how: _How, by: Column, minimum: int) -> Profile | Profiles:
        """The profile of all answers, or one for each group."""
        overall = self.profile(None, how)
        if by is None:
            return overall
        groups = groups_of("by", by, self.rows)
        small = too_small(np.bincount(groups.codes, minlength=len(groups.names)), minimum)
        of = {
            group: self.profile(groups.codes == code, how) for code, group in enumerate(groups.names) if not small[code]
        }
        return Profiles(of, overall, tuple(group for group in groups.names if group not in of))

    def profile(self, rows: NDArray[np.bool_] | None, how: _How) -> Profile:
        """The profile of some answers."""
        inside = slice(None) if rows is None else rows[self.answers]
        answers, places = self.answers[inside], self.places[inside]
        n = self.rows if rows is None else int(rows.sum())
        heavy = np.ones(self.rows) if self.weights is None else self.weights
        part = part_of_weights(heavy, slice(None) if rows is None else np.flatnonzero(rows))
        mine = heavy if part is None else part
        total, squares = float(mine.sum()), float((mine**2).sum())
        many = len(self.words)
        counts = np.bincount(places, minlength=many)
        shares = np.minimum(np.bincount(places, heavy[answers], minlength=many) / total, 1.0)
        # The linearized variance of each share, and how many equal answers it is worth.
        variance = np.bincount(places, heavy[answers] ** 2, minlength=many) * (1 - 2 * shares) + squares * shares**2
        spread = shares * (1 - shares) * total**2
        worth = np.divide(spread, variance, out=np.full(many, total**2 / squares), where=(variance > 0) & (spread > 0))
        order = np.argsort(-shares, kind="stable").tolist() if how.falling and rows is None else range(len(self.words))
        of = {
            self.words[place]: estimate_of_share(
                float(shares[place]),
                n,
                effective=float(worth[place]),
                level=how.level,
                method=how.method,
                name=self.words[place],
            )
            for place in order
        }
        net = None
        if how.signs is not None and len(answers):
            told, where = np.unique(answers, return_inverse=True)
            scores = np.bincount(where, how.signs[places]) / np.bincount(where)
            mean, error, ground = mean_with_error(scores, None if self.weights is None else heavy[told])
            net = Estimate(mean, len(told), error, t_interval(mean, error, ground, how.level), "t", "net emotion")
        silent = n - len(np.unique(answers))
        return Profile(of, dict(zip(self.words, counts.tolist(), strict=True)), n, silent, net, how.name)


def _words_of(argument: str, answers: Column) -> list[tuple[str, ...]]:
    """The words of each answer: a text is one word, None and missing are none."""
    if isinstance(answers, str | bytes | Mapping) or not (isinstance(answers, Iterable) or hasattr(answers, "to_list")):
        message = f"{argument}: is {type(answers).__name__}; give one text, or one list of texts, for each answer"
        raise MetricError(message, argument=argument, rows=np.empty(0, np.int64))
    listed = answers.tolist() if hasattr(answers, "tolist") else list(answers)
    if not listed:
        message = f"{argument}: is empty; give at least one answer"
        raise MetricError(message, argument=argument, rows=np.empty(0, np.int64))
    made: list[tuple[str, ...]] = []
    for row, each in enumerate(listed):
        if each is None or (isinstance(each, float) and each != each):  # noqa: PLR0124 -- NaN
            made.append(())
        elif isinstance(each, str):
            made.append((each,) if each else ())
        elif isinstance(each, Collection) and all(isinstance(word, str) for word in each):
            made.append(tuple(dict.fromkeys(each)))
        else:
            message = f"{argument}: is no text in row {row}; give one text, or one list of texts, for each answer"
            raise MetricError(message, argument=argument, rows=np.array([row]))
    return made


def _named(argument: str, answers: Column, words: tuple[str, ...], among: str, weights: Column) -> _Named:
    """
    Which words each answer named.

    Raises:
        MetricError: If one was not among them.
    """
    told = _words_of(argument, answers)
    place = {word: number for number, word in enumerate(words)}
    unknown = [row for row, each in enumerate(told) if any(word not in place for word in each)]
    if unknown:
        word = next(word for word in told[unknown[0]] if word not in place)
        message = f"{argument}: {word!r} in row {unknown[0]} is not declared; add it to {among}, or mend the row"
        raise MetricError(message, argument=argument, rows=np.array(unknown))
    rows = np.repeat(np.arange(len(told)), [len(each) for each in told])
    places = np.array([place[word] for each in told for word in each], np.int64)
    return _Named(
        words, rows, places, len(told), None if weights is None else weights_of("weights", weights, len(told))
    )
