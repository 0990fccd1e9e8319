"""Channel paths: over which channels people came, and how often each way ended well."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

import numpy as np
from attrs import frozen

from fidelity.errors import MetricError
from fidelity.journey.logs import EventLog, a_log
from fidelity.metrics.arguments import Array, Column, Whole, column, flags, numbers, one_of, refuse_rows

__all__ = ["ChannelPaths", "channel_paths", "paths_of_log"]


@frozen(eq=False, repr=False)
class ChannelPaths:
    """
    Paths over channels, with what came of them; `channel_paths` makes one.

    Attributes:
        channels: The channels, sorted by name.
        codes: The place of each contact's channel, path after path.
        starts: Where each path begins in `codes`, and where the last one ends; shape (paths + 1,).
        conversions: How often each path ended in success.
        failures: How often it did not.
        values: What its successes were worth together.
    """

    channels: tuple[str, ...]
    codes: Whole
    starts: Whole
    conversions: Array
    failures: Array
    values: Array

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __repr__(self) -> str:
        won = f"{self.conversions.sum():,.10g}"
        return f"<{len(self):,} paths over {len(self.channels):,} channels, {won} conversions>"

    @property
    def rows(self) -> Whole:
        """Which path each contact belongs to."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))


def channel_paths(
    paths: Column,
    conversions: Column = None,
    failures: Column = None,
    *,
    values: Column = None,
    separator: str = ">",
) -> ChannelPaths:
    """
    Paths, each with how often it ended in success and how often it did not.

    Args:
        paths: One path a row: a text such as ``"search > shop > search"``, or a list of channels.
        conversions: How many successes each path had, or whether it had one; 1 unless told.
        failures: How many people went that way without success; 0 unless told.
        values: What the successes of each path were worth together; 0 unless told.
        separator: What stands between two channels of a text.

    Raises:
        MetricError: If a path is empty or names no channel somewhere, a count is negative or missing, columns differ in
            length, or nothing came of any path.

    >>> found = channel_paths(["search > shop", ["search"]], [1, 0], [0, 2])
    >>> found.channels, found.codes.tolist(), found.starts.tolist()
    (('search', 'shop'), [0, 1, 0], [0, 2, 3])
    """
    flat, lengths = _flat(_listed(paths), separator)
    refuse_rows("paths", lengths == 0, "is empty", "leave out who met no channel")
    starts = np.concatenate([[0], np.cumsum(lengths)])
    # Names are few, contacts many: what is done for each name is done once.
    named = {raw: raw.strip() for raw in dict.fromkeys(flat)}
    channels = sorted(set(named.values()))
    if not channels[0]:
        nameless = np.fromiter((not named[each] for each in flat), bool, len(flat))
        wrong = np.logical_or.reduceat(nameless, starts[:-1])
        refuse_rows("paths", wrong, "has a channel without a name", "name every channel")
    places = {channel: place for place, channel in enumerate(channels)}
    place_of = {raw: places[name] for raw, name in named.items()}
    codes = np.fromiter(map(place_of.__getitem__, flat), np.int64, len(flat))
    won = _counts("conversions", conversions, len(lengths), 1.0)
    lost = _counts("failures", failures, len(lengths), 0.0)
    if not (won + lost).sum() > 0:
        message = "conversions: are zero in every row, and failures too; give at least one path that somebody went"
        raise MetricError(message, argument="conversions", rows=np.empty(0, np.int64))
    return ChannelPaths(tuple(channels), codes, starts, won, lost, _counts("values", values, len(lengths), 0.0))


def paths_of_log(log: EventLog, *, by: str = "channel") -> ChannelPaths:
    """
    The paths of a log: what each case came by, whether it ended well, and what that was worth.

    Args:
        log: From `event_log`, with outcomes; values of events that say what success was worth.
        by: What a path is made of: the ``"channel"`` of each event, or its ``"activity"``.

    Returns:
        `ChannelPaths`, one a case, for `markov_attribution`, `shapley_attribution` and `attribute_by_rule`. A path that
        ended well ends with the last event that says so: what came afterwards did not lead there. A case that did not
        end well has no value.

    Raises:
        MetricError: If the log has no outcomes, or no channels where they are asked for.

    >>> from fidelity.journey import event_log
    >>> log = event_log(
    ...     ["ana", "ana", "ben"], ["ad", "buy", "ad"], channel=["tv", "shop", "web"], outcome=[0, 1, 0]
    ... )
    >>> paths_of_log(log)
    <2 paths over 3 channels, 1 conversions>
    """
    one_of("by", by, ("channel", "activity"))
    a_log(log)
    codes, names = (log.codes, log.activities) if by == "activity" else (log.channel_codes, log.channels)
    for what, there in (("outcomes", log.outcomes), ("channels", codes)):
        if there is None:
            message = f"log: has no {what}; give {what[:-1]}= to event_log"
            raise MetricError(message, argument="log", rows=np.empty(0, np.int64))
    ended, rows = np.asarray(log.ended), log.rows
    won = np.asarray(log.outcomes)
    last = log.starts[1:] - 1
    at = np.flatnonzero(ended)
    last[rows[at]] = at  # of several the last one stays
    kept = np.arange(len(log)) <= last[rows]
    worth = np.zeros(log.cases)
    if log.values is not None:
        worth = np.add.reduceat(np.nan_to_num(log.values), log.starts[:-1]) * won
    # A part of a log may lack what the whole has.
    used, places = np.unique(np.asarray(codes)[kept], return_inverse=True)
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows[kept], minlength=log.cases))])
    channels = tuple(names[each] for each in used.tolist())
    return ChannelPaths(channels, places.astype(np.int64), starts, won.astype(float), (~won).astype(float), worth)


def _listed(paths: Column) -> list[str | Iterable[object]]:
    found: list[str | Iterable[object]] = (
        list(paths) if isinstance(paths, list | tuple) else column("paths", paths).tolist()
    )
    if not found:
        message = "paths: is empty; give at least one path"
        raise MetricError(message, argument="paths", rows=np.empty(0, np.int64))
    wrong = np.array([not isinstance(each, str | Iterable) for each in found], bool)
    refuse_rows("paths", wrong, "is no path", "give texts, or lists of channels")
    return found


def _flat(listed: list[str | Iterable[object]], separator: str) -> tuple[list[str], Whole]:
    """All contacts one after the other, and how many each path has."""
    texts = [each for each in listed if isinstance(each, str)]
    if len(texts) == len(listed):
        lengths = np.fromiter((each.count(separator) + 1 for each in texts), np.int64, len(texts))
        return separator.join(texts).split(separator), lengths
    parts = [
        each.split(separator) if isinstance(each, str) else ["" if part is None else str(part) for part in each]
        for each in listed
    ]
    return list(chain.from_iterable(parts)), np.fromiter(map(len, parts), np.int64, len(parts))


def _counts(argument: str, given: Column, rows: int, usual: float) -> Array:
    if given is None:
        return np.full(rows, usual)
    found = column(argument, given)
    counted = flags(argument, found, len(found)).astype(float) if found.dtype.kind == "b" else numbers(argument, found)
    refuse_rows(argument, counted < 0, "is negative", "give counts from 0")
    if len(counted) != rows:
        message = f"{argument}: has {len(counted):,} rows, and there are {rows:,} paths; give one for each"
        raise MetricError(message, argument=argument, rows=np.empty(0, np.int64))
    return counted
