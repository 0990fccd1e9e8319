"""Living: a whole log, lived through block by block, several blocks at once where there are threads for them.

Of each block comes what its events gave and what its members have in the end. Where nothing that happens asks for lots
nobody keeps them meanwhile: each has in the end what it brought, until it ends.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from attrs import evolve, field, frozen

from fidelity.errors import NotColumnar
from fidelity.ledger.columns.blocks import SIZE, Block, Blocks
from fidelity.ledger.columns.lot_fold import Kept, LotFold
from fidelity.ledger.columns.recording import PURCHASE
from fidelity.ledger.columns.redeeming import REDEMPTION
from fidelity.ledger.columns.returning import RETURN
from fidelity.ledger.columns.state import State
from fidelity.ledger.columns.step import Step
from fidelity.rules.row_columns import taken

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fidelity.ledger.columns.deciding import Part
    from fidelity.rules.program import Program

__all__ = ["Lived", "Log", "live"]

Told = TypeVar("Told")
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@frozen(eq=False)
class Log:
    """
    Events of many members as columns.

    Args:
        member: For each row whose event it is, from 0.
        members: How many members there are.
        tables: By kind the columns of its events, as `Step.prepare` takes them. Returns tell in ``purchase`` the row
            of their purchase, -1 if there is none.
        rows: By kind the rows of its events; all rows, if there is one kind and nobody tells.
        lines: The lines of the purchases, if rules read them; ``row`` is the place of the purchase in its table.
        order: The rows in the order in which they were learned; as they stand unless told.
        when: When each row was learned, in microseconds since 1970: what orders them, unless *order* does.
    """

    member: NDArray[np.int64]
    members: int
    tables: Mapping[str, Mapping[str, Any]]
    rows: Mapping[str, NDArray[np.int64]] = field(factory=dict)
    lines: Mapping[str, Any] | None = None
    order: NDArray[np.int64] | None = None
    when: NDArray[np.int64] | None = None

    def blocks(self, size: int) -> Blocks:
        """The blocks of *size* members each."""
        return Blocks(self.member, self.members, self.order, when=self.when, size=size)


@frozen(eq=False)
class Lived:
    """
    What came of the events of a block, and what its members have in the end.

    Attributes:
        block: The block; its `rows` are the rows of the log to which the columns below belong.
        state: The books of its members, brought to the end.
        points: What each event gave, by wallet.
        ok: Which events the books took.
        reason: Why not the others; None if they took all.
        spent, back: What each redemption took and each return took back, by wallet; empty where there are none.
        kept: The lots, by wallet, of which nobody took anything.
        at: When the events were.
        until: The end, in microseconds since 1970.
    """

    block: Block
    state: State
    points: Mapping[str, NDArray[np.int64]]
    ok: NDArray[np.bool_]
    reason: NDArray[np.object_] | None
    spent: Mapping[str, NDArray[np.int64]]
    back: Mapping[str, NDArray[np.int64]]
    kept: Mapping[str, Kept]
    at: NDArray[np.int64]
    until: int

    def balance(self, wallet: str) -> Mapping[str, NDArray[np.int64]]:
        """What each member of the block has in *wallet* at the end: ``available``, ``pending``, ``debt``."""
        who, when = slice(0, len(self.block.members)), np.full(len(self.block.members), self.until)
        if wallet in self.kept:
            found = self.kept[wallet]
            have = np.zeros(len(self.block.members), np.int64)
            left = np.zeros(len(self.block.rows), np.int64)
            left[found.rows] = found.left
            stop = 0
            for size in self.block.sizes.tolist():
                start, stop = stop, stop + size
                have[:size] += left[start:stop]
            return {"available": have, "pending": np.zeros_like(have), "debt": np.zeros_like(have)}
        lots = self.state.lots[wallet]
        return {name: getattr(lots, name)(who, when) for name in ("available", "pending", "debt")}

    def open_lots(self, wallet: str) -> Mapping[str, NDArray[np.int64]]:
        """
        The lots of *wallet* of which something is left, as `Lots.open_lots`; members by their place in the block.

        Those of one member stand in the order in which they end, members in no order.
        """
        if wallet not in self.kept:
            return self.state.lots[wallet].open_lots()
        found = self.kept[wallet]
        lots = np.flatnonzero(found.left)
        rows = found.rows.take(lots)
        # Round by round: the place of a row in its round is that of its member.
        begins = np.cumsum(self.block.sizes) - self.block.sizes
        member = rows - np.repeat(begins, np.diff(np.searchsorted(rows, begins), append=len(rows)))
        earned = self.at.take(rows)
        told = {"member": member, "lot": lots, "earned": earned, "starts": earned, "expires": found.expires.take(lots)}
        return {**told, "points": found.left.take(lots)}

    def flows(self, wallet: str) -> Mapping[str, NDArray[np.int64]]:
        """What was issued, redeemed, expired, reversed, settled and owed in each month; see `Flows.by_month`."""
        return self.kept[wallet].flows() if wallet in self.kept else self.state.lots[wallet].flows()


def live(
    program: Program,
    log: Log,
    then: Callable[[Lived], Told],
    *,
    until: int,
    facts: Mapping[str, Any] = _NOTHING,
    threads: int = 1,
    size: int = SIZE,
) -> Iterator[Told]:
    """
    What comes of *log* under *program*, block by block.

    Args:
        program: The rules.
        log: What happened.
        then: What is to be told of each block. It is asked in the thread that lived through the block, several at once
            where there are several threads: what it writes must be of that block alone.
        until: The end, up to which clocks run, in microseconds since 1970.
        facts: What is known of the members, as `Step.begin` takes it.
        threads: How many blocks are worked on at once; each takes the memory of its own.
        size: How many members a block has.

    Returns:
        What was told, block by block.

    Raises:
        NotColumnar: If program or log say something that columns do not know; names the clause.
        TableError: If a table does not hold what it must.
    """
    kinds = tuple(log.tables)
    step = Step.of(program, kinds)
    if threads == 1 or program.has_anniversaries:
        # Anniversaries are read as tables of their own while they happen, by what is not made for threads.
        told = _Told(log, _prepared(step, log, facts))
        blocks, living = log.blocks(size), _Living(step, told, facts, until)
        yield from (then(living.run(blocks.block(number))) for number in range(len(blocks)))
        return
    with ThreadPoolExecutor(threads) as pool:
        sorting = pool.submit(log.blocks, size)
        told = _Told(log, _prepared(step, log, facts), pool, threads)
        yield from _at_once(
            pool,
            sorting.result(),
            # Each thread has its own: what they look up in the calendar grows while it is read.
            [_Living(Step.of(program, kinds) if number else step, told, facts, until) for number in range(threads)],
            then,
        )


def _prepared(step: Step, log: Log, facts: Mapping[str, Any]) -> dict[str, Part]:
    """The tables, each looked at once, and for nobody in particular."""
    known = step.begin(log.members, facts=facts, lots=False)
    return {kind: step.prepare(known, kind, table, lines=log.lines) for kind, table in log.tables.items()}


def _at_once(
    pool: ThreadPoolExecutor, blocks: Blocks, several: Iterable[_Living], then: Callable[[Lived], Told]
) -> Iterator[Told]:
    """What is told of *blocks*, through which *several* live at once."""
    idle: SimpleQueue[_Living] = SimpleQueue()
    for each in several:
        idle.put(each)

    def lived(number: int) -> Told:
        living = idle.get()
        try:
            return then(living.run(blocks.block(number)))
        finally:
            idle.put(living)

    running = deque(pool.submit(lived, number) for number in range(len(blocks)))
    try:
        while running:
            yield running.popleft().result()
    finally:
        for left in running:
            left.cancel()


def _folds(step: Step) -> Mapping[str, LotFold]:
    """What knows the lots of the wallets afterwards; empty if something that happens asks for them."""
    if RETURN in step.kinds or REDEMPTION in step.kinds or step.program.has_anniversaries:
        return {}
    try:
        return {name: LotFold.of(step.program, name) for name in step.wallets}
    except NotColumnar:
        return {}


class _Told:
    """A log with its tables prepared: what each row says is found by its kind and its place among those."""

    def __init__(
        self, log: Log, parts: Mapping[str, Part], pool: ThreadPoolExecutor | None = None, threads: int = 1
    ) -> None:
        self.log = log
        self.kinds = tuple(parts)
        self.parts = {kind: each.pack(pool, threads) for kind, each in parts.items()}
        rows = len(log.member)
        self.kind: NDArray[np.uint8] | None = None
        self.place: NDArray[np.int64] | None = None
        if len(parts) > 1 or RETURN in parts:
            self.kind, self.place = np.empty(rows, np.uint8), np.empty(rows, np.int64)
            for number, kind in enumerate(self.kinds):
                here = log.rows[kind]
                self.kind[here], self.place[here] = number, np.arange(len(here))
        self.numbers = np.full(rows, -1) if RETURN in parts else None
        if RETURN in parts:
            self.parts[RETURN] = self._own(parts[RETURN])

    def _own(self, part: Part) -> Part:
        """Returns of what somebody else bought, or of what is no purchase, are returns of nothing."""
        bought, rows = part.more["purchase"], self.log.rows[RETURN]
        known = (bought >= 0) & (bought < len(self.log.member))
        here = np.where(known, bought, 0)
        assert self.kind is not None  # noqa: S101 -- there are purchases as well
        known &= (self.log.member[here] == self.log.member[rows]) & (self.kind[here] == self.kinds.index(PURCHASE))
        return evolve(part, more={**part.more, "purchase": np.where(known, bought, -1)}).pack()


class _Living:
    """Lives through blocks, one after the other."""

    def __init__(self, step: Step, told: _Told, facts: Mapping[str, Any], until: int) -> None:
        self.step = step
        self.told = told
        self.facts = facts
        self.until = until
        self.folds = _folds(step)

    def run(self, block: Block) -> Lived:
        """Live through *block*."""
        known = {name: taken(each, block.members) for name, each in self.facts.items()}
        count, kinds = len(block.rows), self.told.kinds
        state = self.step.begin(len(block.members), facts=known, room=count, lots=not self.folds)
        self.points = {name: np.zeros(count, np.int64) for name in self.step.wallets}
        self.spent = {name: np.zeros(count, np.int64) for name in self.points} if REDEMPTION in kinds else {}
        self.back = {name: np.zeros(count, np.int64) for name in self.points} if RETURN in kinds else {}
        self.ok = np.ones(count, bool)
        self.reason: NDArray[np.object_] | None = None
        self.at = self.now = np.empty(count, np.int64)
        if self.told.kind is None:
            self._alone(block, state)
        else:
            self._mixed(block, state)
        self.step.settle(state, self.until)
        kept = self._kept(block, state)
        return Lived(
            block, state, self.points, self.ok, self.reason, self.spent, self.back, kept, self.at, self.until
        )  # fmt: skip

    def _alone(self, block: Block, state: State) -> None:
        """Rounds of one kind: the first so many members each time."""
        (kind,) = self.told.kinds
        part = self.told.parts[kind].take(block.rows)
        self.at, self.now = part.at, part.now
        stop = 0
        for size in block.sizes.tolist():
            start, stop = stop, stop + size
            given = self.step.step(state, slice(0, size), kind, part.slice(start, stop))
            for name, points in given.points.items():
                self.points[name][start:stop] = points
            if not given.ok.all():
                self._refused(slice(start, stop), given.ok, given.reason)

    def _mixed(self, block: Block, state: State) -> None:
        assert self.told.kind is not None  # noqa: S101 -- the caller looked
        assert self.told.place is not None  # noqa: S101
        codes, places = self.told.kind.take(block.rows), self.told.place.take(block.rows)
        self.now = np.empty(len(block.rows), np.int64)
        stop = 0
        for size in block.sizes.tolist():
            start, stop = stop, stop + size
            for code, kind in enumerate(self.told.kinds):
                rows = np.flatnonzero(codes[start:stop] == code)
                if rows.size:
                    self._some(block, state, kind, rows, start, self.told.parts[kind].take(places[start + rows]))

    def _some(  # noqa: PLR0917 -- which of a round, and what they say
        self, block: Block, state: State, kind: str, rows: NDArray[np.int64], start: int, part: Part
    ) -> None:
        here, numbers = start + rows, self.told.numbers
        self.at[here], self.now[here] = part.at, part.now
        if kind == RETURN:
            assert numbers is not None  # noqa: S101 -- goods come back
            bought = part.more["purchase"]
            found = np.where(bought >= 0, numbers[np.maximum(bought, 0)], -1)
            part = evolve(part, more={**part.more, "purchase": found})
        given = self.step.step(state, rows, kind, part)
        if numbers is not None and given.numbers is not None:
            numbers[block.rows[here]] = given.numbers
        for mine, told in ((self.points, given.points), (self.spent, given.spent), (self.back, given.back)):
            for name, values in told.items():
                mine[name][here] = values
        if not given.ok.all():
            self._refused(here, given.ok, given.reason)

    def _refused(self, here: Any, ok: NDArray[np.bool_], reason: NDArray[np.object_] | None) -> None:  # noqa: ANN401 -- rows
        if self.reason is None:
            self.reason = np.full(len(self.ok), "", object)
        self.ok[here] = ok
        self.reason[here] = reason

    # -- lots afterwards

    def _kept(self, block: Block, state: State) -> Mapping[str, Kept]:
        """The lots of wallets of which nobody takes anything."""
        found: dict[str, Kept] = {}
        now = None if self.now is self.at else self.now
        for name, fold in self.folds.items():
            months = self.step.months(state, name)
            told = None if months is None else np.concatenate([months[:size] for size in (0, *block.sizes.tolist())])
            found[name] = fold.untouched(self.at, self.points[name], until=self.until, now=now, months=told)
        return found
