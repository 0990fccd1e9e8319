"""Who else folds the lots of a log: Polars, with windows over members and without, as its own expert would write it.

It gets the same columns, prepared before the clock runs: the member of each row, in order, when it is, what it brings
or spends, and when what it brings is gone. It tells what is available after each row, in a log in which nobody spends
more than there is: whether something is refused depends on what was refused before, which no window tells. A join by
member (`by=`) to the last lot that has ended took many times as long as one by a key of member and second, and was left
out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import NDArray

__all__ = ["Log", "polars_sums", "polars_windows"]

_SECOND = 1_000_000


class Log(NamedTuple):
    """
    A log, the rows of one member after those of another.

    Attributes:
        starts: The first row of each member, and at the end how many rows there are.
        at: When each row is, in microseconds since 1970.
        points: What it brings; what it spends, below zero.
        expires: When what it brings is gone, on a full second, for each row that brings something.
    """

    starts: NDArray[np.int64]
    at: NDArray[np.int64]
    points: NDArray[np.int64]
    expires: NDArray[np.int64]

    @property
    def member(self) -> NDArray[np.int32]:
        """Whose each row is."""
        return np.repeat(np.arange(len(self.starts) - 1, dtype=np.int32), np.diff(self.starts))


def polars_windows(log: Log) -> Callable[[], NDArray[np.int64]]:
    """Sums and the highest so far as windows over the member."""
    return _polars(log, lambda expression: expression.over("member"))


def polars_sums(log: Log) -> Callable[[], NDArray[np.int64]]:
    """
    Sums and the highest so far through all members, as this library does it.

    What one member has spent or lost is never more than what came, so that the next begins where nothing is left.
    """
    return _polars(log, lambda expression: expression)


def _polars(log: Log, each: Callable[[pl.Expr], pl.Expr]) -> Callable[[], NDArray[np.int64]]:
    import polars as pl

    frame = pl.DataFrame({"member": log.member, "at": log.at, "points": log.points})
    ends = pl.LazyFrame({"expires": log.expires})
    first = int(log.at.min()) // _SECOND
    span = int(log.at.max()) // _SECOND - first + 2
    points, debit = pl.col("points"), -pl.col("points").clip(upper_bound=0)
    member = pl.col("member").cast(pl.Int64) * span

    def run() -> NDArray[np.int64]:
        rows = frame.lazy().select(
            "member",
            key=(member + pl.col("at") // _SECOND - first).set_sorted(),
            debit=debit,
            spent=each(debit.cum_sum()),
            earned=each(points.clip(lower_bound=0).cum_sum()),
        )
        came = rows.select("member", "earned").filter(frame.get_column("points") > 0)
        lots = pl.concat([came, ends], how="horizontal").select(
            pl.col("member").alias("whose"),
            end=(member + (pl.col("expires") // _SECOND - first).clip(upper_bound=span - 1)).set_sorted(),
            over="earned",
        )
        # The last lot that has ended may be of an earlier member, whose sum means nothing in a window.
        ended = rows.join_asof(lots, left_on="key", right_on="end", check_sortedness=False)
        windowed = each(pl.col("spent")).meta.ne(pl.col("spent"))
        mine = pl.col("whose") == pl.col("member") if windowed else pl.col("over").is_not_null()
        over = pl.when(mine).then("over").otherwise(0)
        highest = each((over - pl.col("spent") + pl.col("debit")).cum_max())
        found: NDArray[np.int64] = (
            ended.select(pl.col("earned") - pl.col("spent") - highest).collect().to_series().to_numpy()
        )
        return found

    return run
