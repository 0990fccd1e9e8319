"""Attribution: how much of what came of many paths is owed to each channel: by chain, by Shapley, by rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.errors import MetricError
from fidelity.journey.chains import chain_of
from fidelity.journey.paths import ChannelPaths
from fidelity.metrics.arguments import Array, Whole, fraction, numbers, one_of, whole
from fidelity.metrics.drivers.subsets import MOST_PLAYERS, shapley
from fidelity.metrics.results import Estimate, Interval, Result, whiskers

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Attribution", "attribute_by_rule", "markov_attribution", "shapley_attribution"]

RULES = ("first", "last", "linear", "position", "decay")
WORTHS = ("conversions", "rate")
_FEWEST = 100
#: A table of paths and channels with more than so many cells a contact is too empty to be filled.
_SPARSE = 50
_ONE, _TWO = 1, 2


@frozen(repr=False)
class Attribution(Result, Mapping[str, Estimate]):
    """
    The conversions that each channel is credited with; a mapping from channel to `Estimate`.

    Attributes:
        of: The conversions by channel; together as many as there were.
        money: What they were worth, divided as the conversions are (by rule: path by path).
        method: How they were divided.
        conversions: How many there were.
        probability: How likely a path leads to a conversion, by the chain; None without one.
        removal: Of a chain: the share of conversions that would be lost if the channel led nowhere; else empty.
    """

    of: Mapping[str, Estimate]
    money: Mapping[str, float]
    method: str
    conversions: float
    probability: float | None = None
    removal: Mapping[str, float] = {}

    def __getitem__(self, channel: str) -> Estimate:
        return self.of[channel]

    def __iter__(self) -> Iterator[str]:
        return iter(self.of)

    def __len__(self) -> int:
        return len(self.of)

    def __repr__(self) -> str:
        return f"<{self.method}: {', '.join(f'{name} {each.value:.4g}' for name, each in self.of.items())}>"

    def _draw(self, ax: Axes) -> None:
        names = sorted(self.of, key=lambda name: -self.of[name].value)
        whiskers(ax, names, [self.of[name] for name in names])
        ax.set_xlabel("conversions")
        ax.set_title(self._title())

    @property
    def shares(self) -> Mapping[str, float]:
        """The share of all conversions that each channel is credited with."""
        total = self.conversions
        return {name: each.value / total if total else float("nan") for name, each in self.of.items()}

    def _title(self) -> str:
        return f"Conversions by channel ({self.method})"

    def _heads(self) -> Sequence[str]:
        return "channel", "interval", "share", "conversions"

    def _rows(self) -> Iterable[Sequence[object]]:
        shares = self.shares
        for name in sorted(self.of, key=lambda name: -self.of[name].value):
            each = self.of[name]
            yield name, str(each.interval or "–"), f"{100 * shares[name]:.1f} %", each.value


@frozen
class _Sampling:
    resamples: int
    level: float
    seed: int

    def __attrs_post_init__(self) -> None:
        whole("resamples", self.resamples, low=_FEWEST if self.resamples else 0)
        fraction("level", self.level)
        whole("seed", self.seed)

    def estimates(self, paths: ChannelPaths, credit: Callable[[Array, Array], Array]) -> dict[str, Estimate]:
        """The conversions by channel, with the percentiles of as many people drawn again."""
        values = credit(paths.conversions, paths.failures)
        n = round(float((paths.conversions + paths.failures).sum()))
        if not self.resamples:
            return {
                name: Estimate(value, n, name=name) for name, value in zip(paths.channels, values.tolist(), strict=True)
            }
        counts = np.concatenate([paths.conversions, paths.failures])
        drawn = np.random.default_rng(self.seed).multinomial(n, counts / counts.sum(), size=self.resamples)
        draws = np.array([credit(each[: len(paths)].astype(float), each[len(paths) :].astype(float)) for each in drawn])
        ends = np.quantile(draws, [(1 - self.level) / 2, (1 + self.level) / 2], axis=0).T.tolist()
        errors = draws.std(axis=0, ddof=1).tolist()
        return {
            name: Estimate(value, n, error, Interval(low, high, self.level), "percentiles of resamples", name)
            for name, value, error, (low, high) in zip(paths.channels, values.tolist(), errors, ends, strict=True)
        }


def markov_attribution(
    paths: ChannelPaths, *, order: int = 1, resamples: int = 0, level: float = 0.95, seed: int = 0
) -> Attribution:
    """
    Conversions divided by removal effects of an absorbing Markov chain, exactly: no random walks.

    With P the probability that a path from the start is absorbed in a conversion, and P₋ᵢ the same where every state
    with channel i leads to failure, the removal effect is 1 − P₋ᵢ / P, and conversions are divided in proportion.

    Args:
        paths: From `channel_paths`, with failures: without them every channel but none can be spared.
        order: How many contacts a state remembers.
        resamples: How many bootstrap samples of people the intervals rest on; 0: no intervals.
        level: How sure each interval is to cover.
        seed: What the random numbers begin with.

    Returns:
        An `Attribution` with `removal` and `probability`.

    Raises:
        MetricError: If no path ended in a conversion, or an option is none.

    Note:
        It misleads as a forecast of what switching a channel off would cost: people who came that way would have come
        another. It says what the paths say, not what the channels caused.

    Source:
        E. Anderl, I. Becker, F. von Wangenheim, J. H. Schumann, Mapping the customer journey, International Journal of
        Research in Marketing 33 (2016) 457–474, section 3. J. G. Kemeny, J. L. Snell, Finite Markov Chains (1960),
        theorem 3.3.7.

    >>> from fidelity.journey import channel_paths
    >>> ways = ["google", "mailing", "google > mailing", "google"]
    >>> found = markov_attribution(channel_paths(ways, [2, 1, 1, 0], [0, 0, 0, 1]))
    >>> found, {name: round(each, 12) for name, each in found.removal.items()}
    (<Markov chain of order 1: google 2.4, mailing 1.6>, {'google': 0.75, 'mailing': 0.5})
    """
    _some(paths)
    chain = chain_of(paths, whole("order", order, low=1))

    def credit(conversions: Array, failures: Array) -> Array:
        lost = chain.removal(conversions, failures)[1]
        total = lost.sum()
        return np.asarray(conversions.sum() * lost / total if total else np.zeros(len(lost)), np.float64)

    probability, removal = chain.removal(paths.conversions, paths.failures)
    return _divided(
        paths, _Sampling(resamples, level, seed), credit, f"Markov chain of order {order}", probability=probability,
        removal=dict(zip(paths.channels, removal.tolist(), strict=True)),
    )  # fmt: skip


def shapley_attribution(
    paths: ChannelPaths, *, worth: str = "conversions", resamples: int = 0, level: float = 0.95, seed: int = 0
) -> Attribution:
    """
    Conversions divided by Shapley's value of the channels, exactly.

    ``"conversions"``: a set of channels is worth the conversions of the paths that need no other channel. Shapley's
    value of that game divides each conversion equally among the different channels of its path. ``"rate"``: it is worth
    the share of such paths that converted, so that failures count; 2 to the number of channels sets are looked at.

    Args:
        paths: From `channel_paths`.
        worth: What a set of channels is worth: ``"conversions"`` (default) or ``"rate"`` (at most 22 channels).
        resamples: How many bootstrap samples of people the intervals rest on; 0: no intervals.
        level: How sure each interval is to cover.
        seed: What the random numbers begin with.

    Returns:
        An `Attribution`. By rate a channel that leads to fewer conversions may be credited less than nothing.

    Raises:
        MetricError: If no path ended in a conversion, there are too many channels, or an option is unknown.

    Note:
        It misleads where order matters: a path counts the same in whatever order it was gone. By ``"rate"``, sets that
        few went alone are rated by those few.

    Source:
        K. Zhao, S. H. Mahboobi, S. R. Bagheri, Shapley Value Methods for Attribution Modeling in Online Advertising,
        arXiv:1804.05327 (2018), equations 5 and 6. L. S. Shapley (1953), equation 12.

    >>> from fidelity.journey import channel_paths
    >>> shapley_attribution(channel_paths(["search > shop > search", "search"], [2, 1]))
    <Shapley of conversions: search 2, shop 1>
    """
    _some(paths)
    one_of("worth", worth, WORTHS)
    k = len(paths.channels)
    rows, codes = _met(paths)
    if worth == "conversions":
        several = np.bincount(rows, minlength=len(paths))

        def credit(conversions: Array, failures: Array) -> Array:
            del failures
            return _summed(codes, (conversions / several)[rows], k)

    else:
        if k > MOST_PLAYERS:
            message = f"paths: have {k} channels, more than {MOST_PLAYERS}; choose worth='conversions'"
            raise MetricError(message, argument="paths", rows=np.empty(0, np.int64))
        sets = np.bincount(rows, 2.0**codes, minlength=len(paths)).astype(np.int64)

        def credit(conversions: Array, failures: Array) -> Array:
            won = _within(_summed(sets, conversions, 1 << k), k)
            all_ = _within(_summed(sets, conversions + failures, 1 << k), k)
            rate = np.divide(won, all_, out=np.zeros(len(won)), where=all_ > 0)
            return np.asarray(shapley(rate[:, None])[:, 0] * all_[-1], np.float64)

    return _divided(paths, _Sampling(resamples, level, seed), credit, f"Shapley of {worth}")


def _met(paths: ChannelPaths) -> tuple[Whole, Whole]:
    """Each path with each of its channels once, path after path."""
    k = len(paths.channels)
    places = paths.rows * k + paths.codes
    size = len(paths) * k
    if size > _SPARSE * len(places):
        return np.divmod(np.unique(places), k)
    there = np.zeros(size, bool)
    there[places] = True
    return np.divmod(np.flatnonzero(there), k)


def _summed(places: Whole, weights: Array, size: int) -> Array:
    """The weights of each place together."""
    return np.asarray(np.bincount(places, weights, minlength=size), np.float64)


def _within(values: Array, players: int) -> Array:
    """The sum over all subsets of each set."""
    for player in range(players):
        parts = values.reshape(-1, 2, 1 << player)
        parts[:, 1] += parts[:, 0]
    return values


def attribute_by_rule(
    paths: ChannelPaths, rule: str = "linear", *, ends: float = 0.4, half_life: float = 1.0,
    resamples: int = 0, level: float = 0.95, seed: int = 0,
) -> Attribution:  # fmt: skip
    """
    Conversions divided by a rule, contact by contact.

    Args:
        paths: From `channel_paths`.
        rule: ``"first"`` or ``"last"`` contact; ``"linear"``: all alike; ``"position"``: *ends* to the first and to the
            last each, the rest to those between (of two contacts half to each); ``"decay"``: each contact half as much
            as one *half_life* contacts later.
        ends: Of ``"position"``, the share of the first, and that of the last; at most ½.
        half_life: Of ``"decay"``, after how many contacts credit has halved.
        resamples: How many bootstrap samples of people the intervals rest on; 0: no intervals.
        level: How sure each interval is to cover.
        seed: What the random numbers begin with.

    Returns:
        An `Attribution`; a channel met twice on a path is credited twice.

    Raises:
        MetricError: If no path ended in a conversion, or an option is unknown.

    Note:
        It misleads by design: who chooses the rule chooses the winner. Compare rules before believing one.

    Source:
        The rules as they are in general use: E. Anderl and others (2016), section 2.

    >>> from fidelity.journey import channel_paths
    >>> attribute_by_rule(channel_paths(["search > shop > call"], [10]), "position")
    <position: call 4, search 4, shop 2>
    """
    _some(paths)
    one_of("rule", rule, RULES)
    if not 0 <= float(numbers("ends", [ends])[0]) <= 0.5:  # noqa: PLR2004 -- a half each
        message = f"ends: is {ends!r}; give a share from 0 to 0.5"
        raise MetricError(message, argument="ends", rows=np.empty(0, np.int64))
    weights = _weights(paths, rule, float(ends), float(numbers("half_life", [half_life], above=0)[0]))
    rows, k = paths.rows, len(paths.channels)

    def credit(conversions: Array, failures: Array) -> Array:
        del failures
        return _summed(paths.codes, weights * conversions[rows], k)

    found = _divided(paths, _Sampling(resamples, level, seed), credit, rule)
    values = credit(paths.values, paths.failures)
    return Attribution(found.of, dict(zip(paths.channels, values.tolist(), strict=True)), rule, found.conversions)


def _weights(paths: ChannelPaths, rule: str, ends: float, half_life: float) -> Array:
    """The credit of each contact, of one conversion of its path."""
    lengths = np.diff(paths.starts)
    length = np.repeat(lengths, lengths)
    place: Whole = np.arange(len(paths.codes)) - np.repeat(paths.starts[:-1], lengths)
    first: NDArray[np.bool_] = place == 0
    last: NDArray[np.bool_] = place == length - 1
    if rule == "first":
        return first.astype(np.float64)
    if rule == "last":
        return last.astype(np.float64)
    if rule == "linear":
        return np.asarray(1 / length, np.float64)
    if rule == "position":
        middle = (1 - 2 * ends) / np.maximum(length - 2, 1)
        of_two = np.where(length == _TWO, 0.5, np.where(first | last, ends, middle))
        return np.where(length == _ONE, 1.0, of_two)
    left = 0.5 ** ((length - 1 - place) / half_life)
    found: Array = left / np.repeat(np.add.reduceat(left, paths.starts[:-1]), lengths)
    return found


def _some(paths: ChannelPaths) -> None:
    if not isinstance(paths, ChannelPaths):
        message = f"paths: is {type(paths).__name__}; make them with channel_paths(...)"
        raise MetricError(message, argument="paths", rows=np.empty(0, np.int64))
    if not paths.conversions.sum() > 0:
        message = "paths: ended in no conversion; there is nothing to divide"
        raise MetricError(message, argument="paths", rows=np.empty(0, np.int64))


def _divided(
    paths: ChannelPaths, sampling: _Sampling, credit: Callable[[Array, Array], Array], method: str,
    *, probability: float | None = None, removal: Mapping[str, float] | None = None,
) -> Attribution:  # fmt: skip
    of = sampling.estimates(paths, credit)
    total, worth = float(paths.conversions.sum()), float(paths.values.sum())
    values = {name: each.value / total * worth for name, each in of.items()}
    return Attribution(of, values, method, total, probability, removal or {})
