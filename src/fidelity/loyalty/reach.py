"""Reach: whose books a command touches besides its owner's, and whether it must know their whole past."""

from __future__ import annotations

from collections.abc import Iterator

from fidelity.commands import (
    Capture,
    Close,
    Enroll,
    JoinHousehold,
    LeaveHousehold,
    Merge,
    Record,
    Redeem,
    Reinstate,
    Release,
    Rerate,
    Transfer,
    Undo,
)
from fidelity.commands_of_all import Refer
from fidelity.events import Confirmation, Return
from fidelity.journals.port import Applied
from fidelity.ledger import Account
from fidelity.loyalty.asks import Work
from fidelity.loyalty.books import Books
from fidelity.loyalty.identity import Asked

__all__ = ["alone", "members_of", "needs_past", "reach"]

#: Commands on several accounts: each is a batch of its own, so that what one changes the next one reads.
_FAR = (Close, JoinHousehold, LeaveHousehold, Merge, Rerate, Transfer, Undo)
#: Commands that look at what is over: closed lots, old events, holds that ended.
_BACK = (Capture, Merge, Reinstate, Release, Rerate, Undo)


def alone(command: object) -> bool:
    """Whether *command* must be a batch of its own."""
    if isinstance(command, Refer) or (isinstance(command, Enroll) and command.referred_by):
        # Whoever buys after it in one batch must find the invitation.
        return True
    return isinstance(command, _FAR) or (isinstance(command, Redeem) and command.pooled)


def needs_past(asked: Asked) -> bool:
    """Whether *asked* looks at what is over."""
    command = asked.command
    if isinstance(command, Record):
        return command.claim or isinstance(command.event, Return | Confirmation)
    return isinstance(command, _BACK)


def members_of(asked: Asked, owner: str, origin: Applied | None) -> Iterator[str]:
    """Whose books *asked* is about, as far as it says so itself or what it goes back to does."""
    yield owner
    if asked.other:
        yield asked.other
    if origin is None:
        return
    if isinstance(asked.command, Undo):
        yield from origin.receipt.get("shares", ())
    elif isinstance(asked.command, Record):
        yield origin.receipt["member"]


def reach(books: Books, asked: Asked, owner: str, origin: Applied | None) -> Work[None]:
    """Open what the account of *owner* leads to: the household it shares with, the account it was merged into."""
    command, account = asked.command, books.account(owner)
    match command:
        case JoinHousehold():
            yield from books.open_house(command.household)
        case LeaveHousehold() | Redeem(pooled=True) | Close() if account.household:
            yield from books.open_house(account.household)
        case Merge(into=into):
            for each in {account.household, books.account(into).household} - {""}:
                yield from books.open_house(each)
        case Rerate():
            yield from books.open_entries(owner)
        case Undo() if origin is not None:
            shares = origin.receipt.get("shares", ())
            books.together(asked.key, shares)
            for each in (owner, *shares):
                yield from _follow(books, books.account(each))
        case Record(event=Return() | Confirmation()):
            yield from _follow(books, account if origin is None else books.account(origin.receipt["member"]))


def _follow(books: Books, account: Account) -> Work[None]:
    """Open the accounts that took *account* over, one after the other."""
    while account.merged_into:
        into = account.merged_into
        yield from books.open((into,), whole=(into,))
        account = books.account(into)
