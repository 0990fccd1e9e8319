"""Running: a program played to all customers, block by block, on as many threads as there may be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from operator import attrgetter
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve

from fidelity.simulation.engine import Engine
from fidelity.simulation.outcome import Outcome, Points, Tiering
from fidelity.simulation.people import by_frequency

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fidelity.rules.program import Program
    from fidelity.simulation.setting import Setting

    Numbers = NDArray[np.int64]

__all__ = ["SIZE", "run"]

#: How many customers a block has: measured.
SIZE = 1 << 17
_COLUMNS = ("arrived", "enrolled", "visits", "revenue", "taken", "worth", "first_reward", "last")
_POINTS = ("opening", "issued", "redeemed", "expired", "outstanding")


def run(
    name: str,
    program: Program | None,
    setting: Setting,
    *,
    currency: str,
    threads: int = 1,
    progress: Callable[[int], None] | None = None,
    size: int = SIZE,
) -> Outcome:
    """
    What comes of *program*.

    Args:
        name: How the run is called.
        program: The rules; None: there is no program.
        setting: To whom it is played, and when.
        currency: Of what is spent.
        threads: How many blocks are played at once. The figures are the same.
        progress: What is told after each block how many customers are done.
        size: How many customers a block has. The figures are the same.

    Raises:
        NotColumnar: If the program says something that columns do not know; names the clause.
        TableError: If the visits do not tell what the program reads.
    """
    # Who comes often beside who comes often: then few blocks have many rounds.
    order = by_frequency(setting.population, setting.seed, setting.days)
    blocks = [order[first : first + size] for first in range(0, len(order), size)]
    done: list[Outcome] = []
    for each in _played(name, program, setting, blocks, min(threads, len(blocks))):
        done.append(each)
        if progress is not None:
            progress(sum(map(len, done)))
    return evolve(_joined(done, order), currency=currency, expected=_expected(setting))


def _expected(setting: Setting) -> NDArray[np.float64] | None:
    """What each customer was expected to pay, in the smallest unit; None where nobody has a past."""
    people, past, days = setting.population, setting.population.past, setting.days
    if past is None:
        return None
    seen = past.frequency, past.recency, past.age
    visits, each = np.empty(setting.size), np.empty(setting.size)
    visits[: people.known] = people.purchases.conditional_expected_purchases(days, *seen)
    each[: people.known] = people.spend.expected_spend(past.frequency, past.spend)
    later = people.known + people.customers
    # The first visit of a newcomer is one; when it is, is luck.
    left = [max(days - people.arrive / 2, 0.0), days / 2]
    visits[people.known : later], visits[later:] = 1 + people.purchases.expected_purchases(left)
    each[people.known :] = people.spend.mean
    # A mean that is infinite tells nothing of one customer against another.
    each[~np.isfinite(each)] = people.spend.v
    return np.asarray(setting.unit * visits * each, np.float64)


def _played(
    name: str, program: Program | None, setting: Setting, blocks: list[Numbers], threads: int
) -> Iterator[Outcome]:
    if threads == 1:
        engine = Engine(name, program, setting)
        yield from (engine.play(each) for each in blocks)
        return
    idle: SimpleQueue[Engine] = SimpleQueue()
    for _ in range(threads):
        idle.put(Engine(name, program, setting))

    def play(block: Numbers) -> Outcome:
        engine = idle.get()
        try:
            return engine.play(block)
        finally:
            idle.put(engine)

    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(play, blocks)


def _joined(parts: list[Outcome], order: Numbers) -> Outcome:
    """The outcome of all customers, in the order of their numbers, of those of each block."""
    first, back = parts[0], np.empty_like(order)
    back[order] = np.arange(len(order))

    def column(name: str) -> Any:  # noqa: ANN401 -- of any of the kinds of columns
        return np.concatenate([attrgetter(name)(each) for each in parts], axis=-1).take(back, axis=-1)

    columns: dict[str, Any] = {name: column(name) for name in _COLUMNS}
    if first.tiers is not None:
        columns["tiers"] = Tiering(first.tiers.names, column("tiers.at"))
    points = {wallet: _points([each.points[wallet] for each in parts], back) for wallet in first.points}
    return evolve(first, **columns, points=points, monthly=_sums(each.monthly for each in parts))


def _points(parts: list[Points], back: Numbers) -> Points:
    told = {name: np.concatenate([getattr(each, name) for each in parts]).take(back) for name in _POINTS}
    return Points(**told, flows=_sums(each.flows for each in parts))


def _sums(tables: Iterable[Mapping[str, Numbers]]) -> dict[str, Numbers]:
    found: dict[str, Numbers] = {}
    for table in tables:
        for name, values in table.items():
            found[name] = found[name] + values if name in found else values
    return found
