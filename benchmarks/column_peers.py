"""Who else decides whole columns: Polars, DuckDB, numba and numpy, each written as its own expert would write it.

All get the same columns: codes as small whole numbers, instants as seconds. All work out weekday, hour and month from
the instant, as this library does; all give the points of each row as whole numbers, in order (DuckDB, which hands rows
back out of order, gives the place of each row with them, and need not sort them). What is read prepared
(a Polars frame, a DuckDB table) is prepared before the clock runs. Spellings that turned out slower were left out.
"""

# ruff: noqa: ANN001, ANN202, PLR0917 - numba reads no annotations, and takes columns one by one

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks import workload as w

if TYPE_CHECKING:
    from collections.abc import Callable


def _code(field: str, *words: str) -> list[int]:
    return [w.CHOICES[field].index(each) for each in words]


CATEGORY = {name: place for place, name in enumerate(w.CATEGORIES)}
CHANNEL = {name: place for place, name in enumerate(w.CHANNELS)}
CURRENCY = {name: place for place, name in enumerate(w.CURRENCIES)}
TIER = {name: place for place, name in enumerate(w.TIERS)}


@dataclass(frozen=True)
class Peer:
    """
    One way to decide columns.

    Attributes:
        name: As the table shows it.
        make: Takes the columns of the workload and gives the function that is timed: points of all rows.
        distribution: The package to name with its version.
        points: Takes what that function gives, and puts the points in the order of rows; not timed.
    """

    name: str
    make: Callable[[w.Columns], Callable[[], Any]]
    distribution: str
    points: Callable[[Any], Any] = np.asarray


# --- Polars: one lazy expression, streaming engine ------------------------------------------------------------------


def _polars(columns: w.Columns) -> Callable[[], Any]:
    import polars as pl

    frame = pl.DataFrame({name: column for name, column in columns.items() if name != "member_id"})
    amount, base = pl.col("amount").cast(pl.Int32), pl.col("base")
    instant, category, tier, channel = (pl.col(name) for name in ("ts", "category", "tier", "channel"))
    store, basket, weekend = pl.col("store_id"), pl.col("basket_size"), pl.col("is_weekend")

    def only(when: Any, gives: Any) -> Any:  # noqa: ANN401 - Polars expressions
        return pl.when(when).then(gives).otherwise(0)

    percent = tier.replace_strict({0: 0, 1: 25, 2: 50, 3: 100}, return_dtype=pl.Int32)
    rate = pl.col("currency").replace_strict({0: 0, 1: 9, 2: 17, 3: 4, 4: 0}, return_dtype=pl.Int32)
    hour = instant % 86_400
    terms = [
        base,
        only(category <= CATEGORY["fuel"], 2 * base),
        only((pl.col("amount") >= 10_000) & ((instant // w.DAY + 3) % 7 == 1), 50),
        base * percent // 100,
        (pl.col("tenure_days") // 365).clip(upper_bound=10) * 5,
        only(pl.col("is_first"), 500),
        only(
            (category == CATEGORY["electronics"])
            & instant.is_between(w.ELECTRONICS_FROM, w.ELECTRONICS_UNTIL, closed="left"),
            base,
        ),
        only(weekend & (basket >= 5), 25),
        only((instant < w.NEW_STORES_UNTIL) & store.is_in(sorted(w.NEW_STORES)), 100),
        only(pl.col("sku").is_in(sorted(w.PROMOTED_SKUS)), 75),
        only(hour.is_between(14 * 3_600, 16 * 3_600, closed="left"), base // 2),
        amount * rate // 10_000,
        only(pl.col("amount") >= 25_000, 200),
        only(channel == CHANNEL["app"], (base // 10).clip(upper_bound=30)),
        only((category == CATEGORY["travel"]) & (tier >= TIER["gold"]), (2 * base).clip(upper_bound=2_000)),
        only((category == CATEGORY["alcohol"]) | (category == CATEGORY["tobacco"]), -3 * base),
        only((tier != 0) & (pl.from_epoch(instant, "s").dt.month() >= 11), base * 15 // 100),
        only((tier == TIER["silver"]) & (pl.col("tenure_days") >= 730), 20),
        only((channel == CHANNEL["online"]) & basket.is_between(2, 4) & ~weekend, 10),
        pl.max_horizontal(only(store % 10 == 3, base // 5), only(category == CATEGORY["toys"], 15)),
    ]
    total = terms[0]
    for each in terms[1:]:
        total = total + each
    points = pl.when(channel < CHANNEL["giftcard"]).then(total.clip(0, w.MOST_POINTS)).otherwise(0)
    query = frame.lazy().with_columns(base=amount // 100).select(points=points.cast(pl.Int64))

    def run() -> Any:  # noqa: ANN401 - an array
        return query.collect(engine="streaming")["points"].to_numpy()

    return run


# --- DuckDB: one query over a table of its own ----------------------------------------------------------------------

_SQL = f"""
with events as (select *, amount // 100 as base, rowid as place from purchases)
select place, case when channel >= {CHANNEL["giftcard"]} then 0 else least({w.MOST_POINTS}, greatest(0,
    base
    + case when category <= {CATEGORY["fuel"]} then 2 * base else 0 end
    + case when amount >= 10000 and (ts // 86400 + 3) % 7 = 1 then 50 else 0 end
    + base * (case tier when 1 then 25 when 2 then 50 when 3 then 100 else 0 end) // 100
    + least(tenure_days // 365, 10) * 5
    + case when is_first then 500 else 0 end
    + case when category = {CATEGORY["electronics"]} and ts >= {w.ELECTRONICS_FROM} and ts < {w.ELECTRONICS_UNTIL}
        then base else 0 end
    + case when is_weekend and basket_size >= 5 then 25 else 0 end
    + case when ts < {w.NEW_STORES_UNTIL} and store_id in ({", ".join(map(str, sorted(w.NEW_STORES)))})
        then 100 else 0 end
    + case when sku in ({", ".join(map(str, sorted(w.PROMOTED_SKUS)))}) then 75 else 0 end
    + case when ts % 86400 between 50400 and 57599 then base // 2 else 0 end
    + amount * (case currency when 1 then 9 when 2 then 17 when 3 then 4 else 0 end) // 10000
    + case when amount >= 25000 then 200 else 0 end
    + case when channel = {CHANNEL["app"]} then least(base // 10, 30) else 0 end
    + case when category = {CATEGORY["travel"]} and tier >= 2 then least(2 * base, 2000) else 0 end
    - case when category in ({CATEGORY["alcohol"]}, {CATEGORY["tobacco"]}) then 3 * base else 0 end
    + case when tier <> 0 and month(make_timestamp(ts * 1000000)) >= 11 then base * 15 // 100 else 0 end
    + case when tier = 1 and tenure_days >= 730 then 20 else 0 end
    + case when channel = {CHANNEL["online"]} and basket_size between 2 and 4 and not is_weekend then 10 else 0 end
    + greatest(case when store_id % 10 = 3 then base // 5 else 0 end,
               case when category = {CATEGORY["toys"]} then 15 else 0 end)
)) end::bigint as points
from events
"""  # noqa: S608 - made of our own numbers


def _duckdb(columns: w.Columns) -> Callable[[], Any]:
    import duckdb
    import pyarrow as pa

    connection = duckdb.connect()
    connection.execute("set threads = 2")
    given = pa.table({name: column for name, column in columns.items() if name != "member_id"})
    connection.register("given", given)
    # 32 bits are enough for amounts, and DuckDB is quicker with them.
    connection.execute("create table purchases as select * replace (amount::integer as amount) from given")
    return lambda: connection.execute(_SQL).fetchnumpy()


def _in_order(found: Any) -> Any:  # noqa: ANN401 - columns of numpy
    return np.asarray(found["points"])[np.argsort(found["place"])]


# --- numba: one loop, one thread, branches where they skip work ------------------------------------------------------


def _numba(columns: w.Columns) -> Callable[[], Any]:  # noqa: PLR0915 - one flat loop
    import numba

    stores, skus = np.zeros(500, np.int32), np.zeros(5_000, np.int32)
    stores[sorted(w.NEW_STORES)], skus[sorted(w.PROMOTED_SKUS)] = 100, 75
    # What the category alone gives, as so many times the base.
    times = np.ones(len(w.CATEGORIES), np.int32)
    times[_code("category", "grocery", "pharmacy", "fuel")] = 3
    times[_code("category", "alcohol", "tobacco")] = -2
    percent, rate = np.array([0, 25, 50, 100], np.int32), np.array([0, 9, 17, 4, 0], np.int32)
    days = np.arange(w.START // w.DAY, w.START // w.DAY + 731).astype("datetime64[D]")
    months = (days.astype("datetime64[M]").astype(np.int64) % 12 + 1).astype(np.int8)
    first, most = w.START, w.MOST_POINTS
    march, april, new_until = (each - w.START for each in (w.ELECTRONICS_FROM, w.ELECTRONICS_UNTIL, w.NEW_STORES_UNTIL))
    electronics, toys, travel = (CATEGORY[each] for each in ("electronics", "toys", "travel"))
    gift, app, online = (CHANNEL[each] for each in ("giftcard", "app", "online"))

    @numba.njit(boundscheck=False, error_model="numpy", fastmath=True)
    def decide(
        amounts, currencies, channels, store_ids, categories, sku_ids, instants, tiers, tenures, weekends, baskets,
        firsts, out,
    ):  # fmt: skip
        for row in range(len(amounts)):
            channel = channels[row]
            if channel >= gift:
                out[row] = 0
                continue
            amount = np.uint32(amounts[row])
            base = np.int32(amount // np.uint32(100))
            category, tier, store, basket = categories[row], tiers[row], store_ids[row], baskets[row]
            since = np.uint32(instants[row] - first)
            day = since // np.uint32(86_400)
            second = since - day * np.uint32(86_400)
            tenure = np.uint32(tenures[row])
            weekend = weekends[row]
            total = base * times[category]
            total += base * percent[tier] // np.int32(100)
            total += np.int32(min(tenure // np.uint32(365), np.uint32(10))) * 5
            total += 500 * firsts[row] + skus[sku_ids[row]] + 200 * (amount >= 25_000)
            total += 50 * ((amount >= 10_000) & (day % np.uint32(7) == 1))
            total += 25 * (weekend & (basket >= 5))
            total += stores[store] * (since < new_until)
            total += np.int32(np.uint32(amount * np.uint32(rate[currencies[row]])) // np.uint32(10_000))
            if category == electronics and march <= since < april:
                total += base
            if 50_400 <= second < 57_600:
                total += base // 2
            if channel == app:
                total += min(base // 10, 30)
            if category == travel and tier >= 2:
                total += min(2 * base, 2_000)
            if tier != 0 and months[day] >= 11:
                total += base * 15 // 100
            total += 20 * ((tier == 1) & (tenure >= 730))
            total += 10 * ((channel == online) & (basket >= 2) & (basket <= 4) & (not weekend))
            total += max(base // 5 if store % 10 == 3 else 0, 15 if category == toys else 0)
            out[row] = min(max(total, 0), most)

    names = ("amount", "currency", "channel", "store_id", "category", "sku", "ts", "tier", "tenure_days")
    given = [columns[name] for name in (*names, "is_weekend", "basket_size", "is_first")]
    decide(*(each[:10] for each in given), np.empty(10, np.int64))  # compiled before the clock runs

    def run() -> Any:  # noqa: ANN401 - an array
        out = np.empty(len(given[0]), np.int64)
        decide(*given, out)
        return out

    return run


# --- numpy, whole columns: how most people would write it -----------------------------------------------------------


def _numpy(columns: w.Columns) -> Callable[[], Any]:
    stores, skus = np.zeros(500, np.int64), np.zeros(5_000, np.int64)
    stores[sorted(w.NEW_STORES)], skus[sorted(w.PROMOTED_SKUS)] = 100, 75
    percent, rate = np.array([0, 25, 50, 100]), np.array([0, 9, 17, 4, 0])

    def run() -> Any:  # noqa: ANN401 - an array
        amount, category, channel, tier = (columns[name] for name in ("amount", "category", "channel", "tier"))
        store, basket, weekend = columns["store_id"], columns["basket_size"], columns["is_weekend"]
        instant, tenure = columns["ts"], columns["tenure_days"]
        base = amount // 100
        days = instant // w.DAY
        second = instant - days * w.DAY
        month = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1
        total = base + 2 * base * (category <= CATEGORY["fuel"])
        total += 50 * ((amount >= 10_000) & ((days + 3) % 7 == 1))
        total += base * percent[tier] // 100
        total += np.minimum(tenure // 365, 10) * 5
        total += 500 * columns["is_first"]
        march = (instant >= w.ELECTRONICS_FROM) & (instant < w.ELECTRONICS_UNTIL)
        total += base * ((category == CATEGORY["electronics"]) & march)
        total += 25 * (weekend & (basket >= 5))
        total += stores[store] * (instant < w.NEW_STORES_UNTIL)
        total += skus[columns["sku"]]
        total += base // 2 * ((second >= 50_400) & (second < 57_600))
        total += amount * rate[columns["currency"]] // 10_000
        total += 200 * (amount >= 25_000)
        total += np.minimum(base // 10, 30) * (channel == CHANNEL["app"])
        total += np.minimum(2 * base, 2_000) * ((category == CATEGORY["travel"]) & (tier >= 2))
        total -= 3 * base * ((category == CATEGORY["alcohol"]) | (category == CATEGORY["tobacco"]))
        total += base * 15 // 100 * ((month >= 11) & (tier != 0))
        total += 20 * ((tier == 1) & (tenure >= 730))
        total += 10 * ((channel == CHANNEL["online"]) & (basket >= 2) & (basket <= 4) & ~weekend)
        total += np.maximum(base // 5 * (store % 10 == 3), 15 * (category == CATEGORY["toys"]))
        return np.clip(total, 0, w.MOST_POINTS) * (channel < CHANNEL["giftcard"])

    return run


NUMBA = Peer("numba, hand-tuned, 1 thread", _numba, "numba")
POLARS = Peer("Polars streaming, 2 threads", _polars, "polars")
DUCKDB = Peer("DuckDB, 2 threads", _duckdb, "duckdb", _in_order)
NUMPY = Peer("numpy by hand, 1 thread", _numpy, "numpy")
PEERS = [NUMBA, POLARS, DUCKDB, NUMPY]
