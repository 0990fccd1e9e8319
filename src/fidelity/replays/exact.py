"""Exact: a log replayed one event at a time, by the decisions that `Loyalty` makes.

Everything that the books can do has its place here, in the order in which it was learned: what members share, too.
Nothing is written, so nothing is spelled, hashed or explained.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from fidelity.commands import Capture, Command, Enroll, Hold, Record
from fidelity.entries import Entry
from fidelity.errors import FidelityError, IdempotencyConflict, Refused, ValueRefused
from fidelity.events import Confirmation, Return
from fidelity.journals.port import Stream
from fidelity.language.quantities import denominator
from fidelity.ledger import Account
from fidelity.ledger.receipts import EarnReceipt
from fidelity.ledger.spending import hold_id
from fidelity.loyalty.households import Household
from fidelity.loyalty.identity import Asked, alike
from fidelity.loyalty.recorder import Done
from fidelity.replays.commands import Row, Rows
from fidelity.replays.flows import Flows
from fidelity.replays.rapid import Rapid, SharedHere, asked_of

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["Exact", "Refusal"]

#: After how many rows it is told how far it is.
_SOME = 1_024


@frozen
class Refusal:
    """
    A row that changed nothing.

    Attributes:
        row: Its place in the log.
        code: A short stable word for the reason: the `code` of the error, or ``"repeated"`` for what was told before.
        reason: The reason in a sentence.
    """

    row: int
    code: str
    reason: str


class Exact:
    """
    The books of the members of one log.

    Args:
        program: The rules.
        rows: The log.
        flows: Where to count what is issued, redeemed and so on.
        published: From when on the program holds for what counts from then: the first instant of the whole log.
        keyed: Whether two rows may be called alike, or tell of one order.
        explain: Whether to tell what each rule gave.
    """

    def __init__(
        self, program: Program, rows: Rows, flows: Flows, *, published: datetime, keyed: bool, explain: bool = False
    ) -> None:
        self.clerk = Rapid(program)
        self.shared = SharedHere(program.name)
        self.flows = flows
        self.refused: list[Refusal] = []
        self.points: dict[str, NDArray[np.int64]] = {
            name: np.zeros(rows.log.rows, np.int64) for name in self.clerk.books.wallets
        }
        self.by_rule: dict[str, NDArray[Any]] = _by_rule(program, rows) if explain else {}
        if explain:
            self.clerk.explained = {}
        self._rows = rows
        self._members: dict[str, int] = {name: place for place, name in enumerate(rows.names)}
        self.accounts: list[Account | None] = [None] * len(rows.names)
        self._keyed = keyed
        #: Under which keys something applied: where, what was asked, and which event it is in the books.
        self._keys: dict[str, tuple[int, Asked, str]] = {}
        self._meant: dict[str, str] = {}
        publication = self.clerk.versions.publication(published)
        assert publication is not None  # noqa: S101  (nobody published it before)
        self.clerk.versions.learn(Stream(publication.stream, len(publication.lines), lines=publication.lines))

    # What the clerk looks at

    def account(self, member: str) -> Account:
        """The account of *member*."""
        place = self._members.get(member)
        found = None if place is None else self.accounts[place]
        return Account.open(self.clerk.books, member) if found is None else found

    def household(self, name: str) -> Household:
        """Nobody: no row joins a household."""
        return Household(name)

    def entries(self, member: str) -> tuple[Entry, ...]:  # noqa: ARG002  (as of any books)
        """Nothing: no row asks for what was before."""
        return ()

    def meant(self, key: str) -> str:
        """Which event the command *key* gives back; empty if it is the one that it names."""
        return self._meant.get(key, "")

    def gave(self, key: str) -> tuple[str, ...]:  # noqa: ARG002  (as of any books)
        """Nobody: no row is given by several."""
        return ()

    # Running

    def run(
        self, order: NDArray[np.int64], until: datetime, progress: Callable[[int, int], None] | None = None
    ) -> None:
        """Decide the rows at the places of *order*, and what is due until *until*; *progress* is told how far it is."""
        for done, (row, at) in enumerate(self._rows.in_order(order)):
            if progress is not None and not done % _SOME:
                progress(done, len(order))
            if isinstance(row.command, FidelityError):
                self._refuse(row, row.command)
                continue
            try:
                self._one(row, row.command, at)
            except (Refused, ValueRefused) as refusal:
                self._refuse(row, refusal)
        for place, account in enumerate(self.accounts):
            if account is not None:
                self.accounts[place] = self._until(account, until)
        if progress is not None:
            progress(len(order), len(order))

    def _refuse(self, row: Row, error: FidelityError) -> None:
        self.refused.append(Refusal(row.row, error.code, error.message))

    def _one(self, row: Row, command: Command, at: datetime) -> None:
        now = row.now
        asked = asked_of(command, now, self.clerk.program.event_to_plain)
        if self._keyed and self._again(row, asked):
            return
        if self.clerk.explained:
            self.clerk.explained.clear()
        if self.accounts[row.member] is None and asked.key != f"enroll/{self._rows.names[row.member]}":
            enrolment = self._rows.enrolment(row.member, at, now)
            self._decide(row, asked_of(enrolment, now, self.clerk.program.event_to_plain), told=False)
        if isinstance(command, Hold):
            # Points that nothing is known to have been spent on: set aside, and spent at once.
            self._decide(row, asked)
            capture = Capture(hold=hold_id(command.key), key=f"{command.key}/spent", now=now)
            made = asked_of(capture, now, self.clerk.program.event_to_plain)
            self._decide(row, evolve(made, member=command.member))
            return
        if isinstance(command, Enroll) and self._joined(command):
            self.refused.append(Refusal(row.row, "repeated", f"{command.member} is enrolled already, as told here"))
            return
        self._decide(row, asked)

    def _joined(self, command: Enroll) -> bool:
        """Whether the member is enrolled already, with the same particulars."""
        known = self.account(command.member).enrolled
        told = (command.customer_since, command.fields, command.birth_month, command.referred_by)
        return known is not None and told == (
            known.customer_since, known.fields, known.birth_month, known.referred_by,
        )  # fmt: skip

    def _decide(self, row: Row, asked: Asked, *, told: bool = True) -> None:
        done = self.clerk.decide(self, self._rows.names[row.member], asked)
        for each in done:
            self._take(each)
            if each.asked is asked and told:
                self._note(row, asked, each)

    def _take(self, done: Done) -> None:
        """Take what was decided into the books."""
        for member, after, entries in done.posted:
            place = self._members[member]
            if entries:
                self.flows.between(self.account(member), after, entries[-1].now)
            self.accounts[place] = after
        for stream, shared in done.shared:
            self.shared.post(stream, shared)

    def _note(self, row: Row, asked: Asked, done: Done) -> None:
        receipt, event = done.receipt, ""
        if isinstance(receipt, EarnReceipt):
            event = receipt.event
            for wallet, points, _, _ in receipt.lots:
                self.points[wallet][row.row] += points
        if self.clerk.explained is not None:
            evaluation = self.clerk.explained.get(event)
            for each in () if evaluation is None else evaluation.applied:
                self.by_rule[each.rule][row.row] = each.points
            self.clerk.explained.clear()
        if self._keyed:
            for key in asked.keys:
                self._keys[key] = row.row, asked, event

    def _until(self, account: Account, until: datetime) -> Account:
        """*account* at *until*, with what the books find by themselves before."""
        if account.now is None or account.now > until:
            return account
        for each in self.clerk.due(account, until):
            self._take(each)
            account = each.account
        later = account.advance(until)
        self.flows.between(account, later, until)
        return later

    # What was told before

    def _again(self, row: Row, asked: Asked) -> bool:
        """
        Whether what a *row* asks was told before: then it changes nothing.

        Raises:
            IdempotencyConflict: If something else was told under its name.
        """
        if asked.origin and (known := self._keys.get(asked.origin)) is not None:
            self._meant[asked.key] = known[2]
        for key in asked.keys:
            known = self._keys.get(key)
            if known is None:
                continue
            first, before, event = known
            if not _same(before, asked):
                name = key.removeprefix("key/").removeprefix("record/")
                message = f"the key {name!r} was used before for something else; a new command needs a new key"
                raise IdempotencyConflict(message, key=name)
            if asked.order and asked.key not in self._keys:
                self._keys[asked.key] = first, before, event
            name = self._rows.log.ids.text(first)
            self.refused.append(Refusal(row.row, "repeated", f"the row called {name!r} had told it before"))
            return True
        return False


def _by_rule(program: Program, rows: Rows) -> dict[str, NDArray[Any]]:
    """For each rule about what the log tells a column: whole numbers, or floats where a rule gives fractions."""
    plans = [program.plan(kind) for kind in rows.log.kinds if kind in program.declared.events]
    return {
        each.rule.name: np.zeros(rows.log.rows, np.int64 if denominator(each.value) == 1 else np.float64)
        for plan in plans
        for each in plan.rules
    }


def _same(before: Asked, asked: Asked) -> bool:
    """Whether two rows ask one thing; of one order whatever their messages are called and when."""
    one, other = before.command, asked.command
    if isinstance(one, Record) and isinstance(other, Record):
        mine, theirs = asked.payload["event"], before.payload["event"]
        if mine["id"] != theirs["id"] and not isinstance(one.event, Return | Confirmation):
            return alike(mine, theirs)
        return bool(dict(mine) == dict(theirs))
    return type(one) is type(other) and evolve(one, now=None) == evolve(other, now=None)
