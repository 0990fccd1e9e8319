"""Watching: what stood in the books at each visit of a history, by the program that held: how near a reward was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.errors import SimulationError
from fidelity.ledger.columns import Step, rounds_of
from fidelity.ledger.columns.redeeming import REDEMPTION
from fidelity.rules.admitting import Coded
from fidelity.rules.row_columns import taken
from fidelity.simulation.aims import Aims

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fidelity.rules.program import Program
    from fidelity.simulation.calibration.reading import Log

    Numbers = NDArray[np.int64]
    Reals = NDArray[np.float64]

__all__ = ["Watched", "watch"]

_DAY = 86_400_000_000
_NOBODY = -1


@frozen(eq=False)
class Watched:
    """
    The visits of a history, one member after the other, each in the order of time; those of one instant are one.

    Attributes:
        aims: The rewards that members may save for.
        member: Whose visit; (n,) as what follows.
        at: When, in days since the first visit of all.
        amount: What it came to, in major units.
        before, after, left: What the member had before the visit, after it, and before the next one, of the points with
            which each reward is bought; shape (rewards, n).
        usual: What the visit before brought of them; 0 at the first; shape (rewards, n).
        took: Which reward was taken from the visit until before the next one; −1: none.
        ends: The end of what is known, in the same days.
        members: How many members there are.
        notes: What did not fit.
    """

    aims: Aims
    member: Numbers
    at: Reals
    amount: Reals
    before: Numbers
    after: Numbers
    left: Numbers
    usual: Numbers
    took: Numbers
    ends: float
    members: int
    notes: tuple[str, ...]

    @property
    def first(self) -> NDArray[np.bool_]:
        """Which visits are the first of their member."""
        return np.asarray(np.diff(self.member, prepend=_NOBODY) != 0)

    @property
    def last(self) -> NDArray[np.bool_]:
        """Which visits are the last of their member."""
        return np.asarray(np.diff(self.member, append=_NOBODY) != 0)


def watch(program: Program, log: Log, last: int) -> Watched:
    """
    Replay *log* to the day *last* with *program*, and look at the books at each visit.

    Raises:
        NotColumnar: If the program says something that columns of the books do not know; names the clause.
        SimulationError: If somebody took what no member can save for.
        TableError: If the log does not tell what the program reads.
    """
    aims = Aims.of(program)
    step = Step.of(program, (log.kind, REDEMPTION) if aims.names else (log.kind,))
    visits = int(np.searchsorted(log.day, last, "right"))
    until = (last + 1) * _DAY
    spent_by, spent_at, wanted = _taken(log, aims, until)
    member = np.concatenate([log.member[:visits], spent_by])
    at = np.concatenate([log.at[:visits], spent_at])
    members = len(log.names)
    # What is redeemed at the instant of a visit is redeemed after it.
    order = np.lexsort((np.arange(len(member)) >= visits, at))
    state = step.begin(members)
    wallets = tuple(dict.fromkeys(aims.wallets))
    before, after, left, gained = (np.zeros((len(wallets), visits), np.int64) for _ in range(4))
    took, here = np.full(visits, _NOBODY), np.full(members, _NOBODY)
    refused = 0
    rounds = rounds_of(member, members, order)
    for start, stop in rounds:
        rows = rounds.rows[start:stop]
        shops = rows[rows < visits]
        if shops.size:
            who, when = member[shops], at[shops]
            _look(state.lots, wallets, who, when, before, shops)
            table = {"at": when, "amount": log.amount[shops]}
            given = step.step(
                state, who, log.kind, table | {name: taken(each, shops) for name, each in log.columns.items()}
            )
            _look(state.lots, wallets, who, when, after, shops)
            left[:, shops] = after[:, shops]
            for place, name in enumerate(wallets):
                gained[place, shops] = given.points.get(name, 0)
            here[who] = shops
        asks = rows[rows >= visits]
        asks = asks[here[member[asks]] != _NOBODY]
        if asks.size:
            who, when, reward = member[asks], at[asks], wanted[asks - visits]
            ok = step.step(state, who, REDEMPTION, {"at": when, "reward": Coded(reward, aims.names)}).ok
            refused += int((~ok).sum())
            took[here[who[ok]]] = reward[ok]
            _look(state.lots, wallets, who, when, left, here[who])
    notes = []
    if refused:
        notes.append(f"{refused:,} redemptions of the history are refused by the program: they count for nothing")
    places = np.array([wallets.index(name) for name in aims.wallets], np.int64)
    return _by_member(log, visits, aims, (before, after, left, gained), places, took, until, tuple(notes))


def _look(lots, wallets, who, at, into, rows) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001, PLR0917
    for place, name in enumerate(wallets):
        into[place, rows] = lots[name].available(who, at)


def _taken(log: Log, aims: Aims, until: int) -> tuple[Numbers, Numbers, Numbers]:
    """Who redeemed when, and which of the aims."""
    told = log.redeemed
    if told is None:
        nothing = np.zeros(0, np.int64)
        return nothing, nothing, nothing
    rows = np.flatnonzero(told.at < until)
    place = {name: number for number, name in enumerate(aims.names)}
    by_word = np.array([*(place.get(word, _NOBODY) for word in told.reward.words), _NOBODY])
    wanted = by_word[told.reward.codes[rows]]
    if len(aims.names) == 1:
        # Where there is one reward only, nobody need say which.
        unsaid = np.array([*(not word for word in told.reward.words), False])[told.reward.codes[rows]]
        wanted = np.where(unsaid, 0, wanted)
    if (wanted == _NOBODY).any():
        word = [*told.reward.words, ""][int(told.reward.codes[rows][np.argmax(wanted == _NOBODY)])]
        message = (
            f"redemptions: tell of {word!r}, which nobody can save for; there are {', '.join(aims.names) or 'none'}"
        )
        raise SimulationError(message, argument="redemptions", column="reward")
    return told.member[rows], told.at[rows], wanted.astype(np.int64)


def _by_member(  # noqa: PLR0917 -- parts of one table
    log: Log, visits: int, aims: Aims, seen: tuple[Numbers, Numbers, Numbers, Numbers], places: Numbers, took: Numbers,
    until: int, notes: tuple[str, ...],
) -> Watched:  # fmt: skip
    """The visits one member after the other, those of one instant as one."""
    order = np.lexsort((log.at[:visits], log.member[:visits]))
    member, at = log.member[order], log.at[order]
    new = (np.diff(member, prepend=_NOBODY) != 0) | (np.diff(at, prepend=at[:1] - 1) != 0)
    starts = np.flatnonzero(new)
    stops = np.append(starts[1:], len(order)) - 1
    before, after, left, gained = (each[:, order] for each in seen)
    earned = np.add.reduceat(gained, starts, axis=1) if len(starts) else gained
    usual = np.concatenate([np.zeros((len(earned), 1), np.int64), earned[:, :-1]], axis=1)
    merged = member[starts]
    usual[:, np.diff(merged, prepend=_NOBODY) != 0] = 0
    begins = int(log.at[0]) if visits else 0
    return Watched(
        aims, merged, (at[starts] - begins) / _DAY, np.add.reduceat(log.amount[order], starts) / log.unit,
        before[:, starts][places], after[:, stops][places], left[:, stops][places], usual[places],
        np.maximum.reduceat(took[order], starts), (until - begins) / _DAY, len(log.names), notes,
    )  # fmt: skip
