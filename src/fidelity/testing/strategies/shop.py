"""The shop of a history: what its commands came to so far, so that the next one can be legal.

It asks books in memory what is there. It keeps every command that was drawn, whatever the books said to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import define, field

from fidelity.commands import (
    Capture,
    Close,
    Command,
    EndProtection,
    Enroll,
    Freeze,
    Hold,
    JoinHousehold,
    LeaveHousehold,
    Merge,
    Protect,
    Record,
    Redeem,
    Release,
    Undo,
    Unfreeze,
    Use,
)
from fidelity.commands_of_all import Refer, Resume, Suspend
from fidelity.errors import FidelityError
from fidelity.events import Purchase, Return
from fidelity.ledger import Balance
from fidelity.ledger.receipts import (
    CaptureReceipt,
    HoldReceipt,
    ProtectionReceipt,
    Receipt,
    RedemptionReceipt,
    ReturnReceipt,
    VoucherBackReceipt,
    VoucherReceipt,
)
from fidelity.loyalty import Loyalty
from fidelity.rules.program import Program
from fidelity.values.money import Money

__all__ = ["OPENS", "Shop", "share_accepted"]

#: When the shop opens: a Monday.
OPENS = datetime(2026, 1, 5, 9, tzinfo=UTC)


@define
class Shop:
    """
    A program at work on a history.

    Attributes:
        program: The program.
        members: Who may come, enrolled or not.
        now: What its clock says.
        told: The commands so far.
        accepted: How many of them the books took.
        enrolled: Since when each member is one.
        left: What remains of each purchase, in minor units, and when and whose it was.
        holds: The holds that stand, and until when.
        spent: What can be undone: how many points of each redemption.
        frozen, gone: Who may not spend, and who takes no commands any more.
        uses, invitations: Whose each use of a voucher, and each invitation that nobody took, is.
        suspended: The campaigns that give nothing now.
        households, protections, holders: The household of each member; whose each protection, and each hold, is.
    """

    program: Program
    members: tuple[str, ...]
    now: datetime = OPENS
    told: list[Command] = field(factory=list)
    accepted: int = 0
    enrolled: dict[str, datetime] = field(factory=dict)
    left: dict[str, tuple[int, datetime, str]] = field(factory=dict)
    holds: dict[str, tuple[datetime, int]] = field(factory=dict)
    spent: dict[str, int] = field(factory=dict)
    frozen: set[str] = field(factory=set)
    gone: set[str] = field(factory=set)
    households: dict[str, str] = field(factory=dict)
    protections: dict[str, str] = field(factory=dict)
    holders: dict[str, str] = field(factory=dict)
    uses: dict[str, str] = field(factory=dict)
    invitations: dict[str, str] = field(factory=dict)
    suspended: set[str] = field(factory=set)
    books: Loyalty = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.books = Loyalty(self.program, clock=lambda: self.now)

    # What there is

    def key(self, what: str) -> str:
        """A key that no command has had."""
        return f"{what}-{len(self.told)}"

    def open(self) -> list[str]:
        """The members whose books are open."""
        return [each for each in self.enrolled if each not in self.gone]

    def spenders(self) -> list[str]:
        """The members who may spend."""
        return [each for each in self.open() if each not in self.frozen]

    def wallets(self) -> list[str]:
        """The names of the program's wallets."""
        return list({"points": None, **{each.name: None for each in self.program.wallets}})

    def balance(self, member: str, wallet: str = "points") -> Balance:
        """What *member* has."""
        return self.books.balance(member, at=self.now, wallet=wallet)

    def standing_holds(self) -> list[str]:
        """The holds that have not timed out."""
        return [name for name, (until, _) in self.holds.items() if until > self.now]

    def affords(self, member: str, reward: str, points: int | None, quantity: int) -> bool:
        """Whether *member* may have so much of *reward*."""
        fields: dict[str, Any] = {"channel": "app", "basket": Money(100_000, self.program.currency)}
        quote = self.books.quote(member, reward, at=self.now, points=points, quantity=quantity, fields=fields)
        return quote.affordable

    def wait(self, step: timedelta) -> None:
        """Let time pass."""
        self.now += step

    # What happens

    def tell(self, command: Command) -> None:
        """Give *command* to the books and note what it came to, the first time."""
        repeated = command in self.told
        self.told.append(command)
        (outcome,) = self.books.execute([command], on_refusal="return")
        if isinstance(outcome, FidelityError):
            return
        self.accepted += 1
        if repeated:
            return
        self._note_event(command)
        self._note_member(command)
        self._note_shared(command)
        self._note_points(command, outcome)

    def _note_points(self, command: Command, outcome: Receipt) -> None:
        match command, outcome:
            case Protect(member=member), ProtectionReceipt(protections=names):
                self.protections |= dict.fromkeys(names, member)
            case Redeem(), RedemptionReceipt(id=name, points=points):
                self.spent[name] = points
            case Hold(member=member), HoldReceipt(id=name, until=until, points=points):
                self.holds[name] = (until, points)
                self.holders[name] = member
            case Capture(hold=name), CaptureReceipt(points=points):
                del self.holds[name]
                self.spent[name] = points
            case Release(hold=name), _:
                del self.holds[name]
            case Use(member=member), VoucherReceipt(id=name):
                self.uses[name] = member
            case Undo(redemption=name), VoucherBackReceipt():
                del self.uses[name]
            case Undo(redemption=name, points=points), _:
                self.spent[name] -= self.spent[name] if points is None else points
            case Record(), ReturnReceipt(given_back=back) if back:
                self._ask_what_is_spent()

    def _ask_what_is_spent(self) -> None:
        """What a return gave back cannot be undone any more; whose it was is for the books to say."""
        for member in self.open():
            account = self.books.account(member, at=self.now)
            for name in self.spent:
                if (spent := account.spending(name)) is not None:
                    self.spent[name] = spent.left

    def _note_event(self, command: Command) -> None:
        match command:
            case Record(event=Purchase(id=name, amount=amount, at=at, member=member)):
                self.left[name] = (amount.minor, at, member)
            case Record(event=Return(purchase=name, amount=amount)):
                minor, at, member = self.left[name]
                self.left[name] = (0 if amount is None else minor - amount.minor, at, member)

    def _note_member(self, command: Command) -> None:
        match command:
            case Enroll(member=member, referred_by=invitation):
                self.enrolled[member] = self.now
                self.invitations.pop(invitation, None)
            case Freeze(member=member):
                self.frozen.add(member)
            case Unfreeze(member=member):
                self.frozen.discard(member)
            case Merge(member=member, into=into):
                self.gone.add(member)
                self._inherit(member, into)
            case Close(member=member):
                self.gone.add(member)
            case JoinHousehold(member=member, household=household):
                self.households[member] = household
            case LeaveHousehold(member=member):
                del self.households[member]
            case EndProtection(protection=protection):
                del self.protections[protection]

    def _note_shared(self, command: Command) -> None:
        match command:
            case Refer(member=member, key=key):
                self.invitations[f"invitation/{key}"] = member
            case Suspend(campaign=campaign):
                self.suspended.add(campaign)
            case Resume(campaign=campaign):
                self.suspended.discard(campaign)

    def _inherit(self, old: str, into: str) -> None:
        if old in self.frozen:
            self.frozen.add(into)
        if old in self.households:
            self.households.setdefault(into, self.households[old])
        self.protections = {name: into if each == old else each for name, each in self.protections.items()}
        self.uses = {name: into if each == old else each for name, each in self.uses.items()}


def share_accepted(program: Program, commands: Iterable[Command]) -> float:
    """The share of *commands* that the books of *program* take; 1 if there are none."""
    outcomes = Loyalty(program).execute(commands, on_refusal="return")
    return 1 - sum(isinstance(each, FidelityError) for each in outcomes) / max(1, len(outcomes))
