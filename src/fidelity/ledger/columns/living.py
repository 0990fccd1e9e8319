"""Living: a whole log, lived through block by block, several blocks at once where there are threads for them.

Of each block comes what its events gave and what its members have in the end. Where lots can be folded afterwards (all
points of a wallet live equally long, and nothing that happens asks for them) they are, at half the cost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve, field, frozen

from fidelity.errors import NotColumnar
from fidelity.ledger.columns.blocks import SIZE, Block, Blocks
from fidelity.ledger.columns.lot_fold import Folded, LotFold
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
    """

    member: NDArray[np.int64]
    members: int
    tables: Mapping[str, Mapping[str, Any]]
    rows: Mapping[str, NDArray[np.int64]] = field(factory=dict)
    lines: Mapping[str, Any] | None = None
    order: NDArray[np.int64] | None = None


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
        folded: The lots, by wallet, where they were folded.
        at: When the events were, one member's after the other's, where lots were folded.
        until: The end, in microseconds since 1970.
    """

    block: Block
    state: State
    points: Mapping[str, NDArray[np.int64]]
    ok: NDArray[np.bool_]
    reason: NDArray[np.object_] | None
    spent: Mapping[str, NDArray[np.int64]]
    back: Mapping[str, NDArray[np.int64]]
    folded: Mapping[str, Folded]
    at: NDArray[np.int64]
    until: int

    def balance(self, wallet: str) -> Mapping[str, NDArray[np.int64]]:
        """What each member of the block has in *wallet* at the end: ``available``, ``pending``, ``debt``."""
        who, when = slice(0, len(self.block.members)), np.full(len(self.block.members), self.until)
        if wallet in self.folded:
            found = self.folded[wallet]
            left = np.zeros(len(found.left) + 1, np.int64)
            np.cumsum(found.left, out=left[1:])
            # The lots of one member lie side by side.
            have = np.diff(left.take(np.searchsorted(found.rows, self.block.starts)))
            return {"available": have, "pending": np.zeros_like(have), "debt": np.zeros_like(have)}
        lots = self.state.lots[wallet]
        return {name: getattr(lots, name)(who, when) for name in ("available", "pending", "debt")}

    def open_lots(self, wallet: str) -> Mapping[str, NDArray[np.int64]]:
        """The lots of *wallet* of which something is left, as `Lots.open_lots`; members by their place in the block."""
        if wallet not in self.folded:
            return self.state.lots[wallet].open_lots()
        found = self.folded[wallet]
        lots = np.flatnonzero(found.left)
        rows = found.rows[lots]
        earned = self.at[rows]
        member = np.searchsorted(self.block.starts, rows, "right") - 1
        told = {"member": member, "lot": lots, "earned": earned, "starts": earned, "expires": found.expires[lots]}
        return {**told, "points": found.left[lots]}

    def flows(self, wallet: str) -> Mapping[str, NDArray[np.int64]]:
        """What was issued, redeemed, expired, reversed, settled and owed in each month; see `Flows.by_month`."""
        return self.folded[wallet].flows() if wallet in self.folded else self.state.lots[wallet].flows()


def live(
    program: Program,
    log: Log,
    *,
    until: int,
    facts: Mapping[str, Any] = _NOTHING,
    threads: int = 1,
    size: int = SIZE,
) -> Iterator[Lived]:
    """
    What comes of *log* under *program*, block by block.

    Args:
        program: The rules.
        log: What happened.
        until: The end, up to which clocks run, in microseconds since 1970.
        facts: What is known of the members, as `Step.begin` takes it.
        threads: How many blocks are worked on at once; each takes the memory of its own.
        size: How many members a block has.

    Raises:
        NotColumnar: If program or log say something that columns do not know; names the clause.
        TableError: If a table does not hold what it must.
    """
    kinds = tuple(log.tables)
    step = Step.of(program, kinds)
    # What a table holds is checked once, and for nobody in particular.
    known = step.begin(log.members, facts=facts, lots=False)
    told = _Told(log, {kind: step.prepare(known, kind, log.tables[kind], lines=log.lines) for kind in kinds})
    blocks = Blocks(log.member, log.members, log.order, size=size)
    living = _Living(step, told, facts, until)
    if threads == 1 or program.has_anniversaries:
        # Anniversaries are read as tables of their own while they happen, by what is not made for threads.
        yield from (living.run(blocks.block(number)) for number in range(len(blocks)))
        return
    # Each thread has its own: what they look up in the calendar grows while it is read. So all are idle
    # while somebody looks at what came of their blocks.
    several = [living, *(_Living(Step.of(program, kinds), told, facts, until) for _ in range(threads - 1))]
    with ThreadPoolExecutor(threads) as pool:
        for first in range(0, len(blocks), threads):
            numbers = range(first, min(first + threads, len(blocks)))
            running = [pool.submit(own.run, blocks.block(each)) for own, each in zip(several, numbers, strict=False)]
            yield from [each.result() for each in running]


def _folds(step: Step) -> Mapping[str, LotFold]:
    """How the wallets are folded afterwards; empty if something that happens asks for lots."""
    if RETURN in step.kinds or REDEMPTION in step.kinds or step.program.has_anniversaries:
        return {}
    try:
        return {name: LotFold.of(step.program, name) for name in step.wallets}
    except NotColumnar:
        return {}


class _Told:
    """A log with its tables prepared: what each row says is found by its kind and its place among those."""

    def __init__(self, log: Log, parts: Mapping[str, Part]) -> None:
        self.log = log
        self.kinds = tuple(parts)
        self.parts = {kind: each.pack() for kind, each in parts.items()}
        rows = len(log.member)
        self.kind: NDArray[np.uint8] | None = None
        self.place: NDArray[np.int64] | None = None
        if len(parts) > 1 or log.rows:
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
        folded, at = self._folded(block, state) if self.folds else ({}, self.at)
        return Lived(
            block, state, self.points, self.ok, self.reason, self.spent, self.back, folded, at, self.until
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

    def _folded(self, block: Block, state: State) -> tuple[Mapping[str, Folded], NDArray[np.int64]]:
        """Fold the lots; those that do not fit into one integer a member are taken one by one."""
        order = np.empty(len(block.rows), np.int64)
        stop = 0
        for number, size in enumerate(block.sizes.tolist()):
            start, stop = stop, stop + size
            order[block.places(number)] = np.arange(start, stop)
        at = self.at.take(order)
        now = at if self.now is self.at else self.now.take(order)
        found = {}
        for name, fold in self.folds.items():
            points = self.points[name].take(order)
            try:
                months = self.step.months(state, name)
                found[name] = fold.run(block.starts, at, points, until=self.until, now=now, months=months)
            except NotColumnar:
                self._one_by_one(block, state, name)
        return found, at

    def _one_by_one(self, block: Block, state: State, name: str) -> None:
        lots = state.lots[name] = self.step.empty_lots(state, name, len(block.rows))
        stop = 0
        for size in block.sizes.tolist():
            start, stop = stop, stop + size
            here = slice(start, stop)
            lots.earn(slice(0, size), self.at[here], self.points[name][here], now=self.now[here])
        lots.settle(slice(0, len(block.members)), np.full(len(block.members), self.until))
