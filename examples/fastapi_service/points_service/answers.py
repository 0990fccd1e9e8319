"""What goes out: the shape of answers, each made from a value of the library."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from fidelity.care.dignity import PaymentReceipt
from fidelity.care.promises import PromiseReceipt
from fidelity.care.receipt import CareReceipt
from fidelity.ledger import Balance, Standing
from fidelity.ledger.receipts import (
    CaptureReceipt,
    EarnReceipt,
    EnrollReceipt,
    HoldReceipt,
    Receipt,
    RedemptionReceipt,
    ReleaseReceipt,
    ReturnReceipt,
)
from fidelity.ledger.statement import Statement
from fidelity.loyalty import Quote

__all__ = [
    "Account",
    "Captured",
    "Earned",
    "Enrolled",
    "Health",
    "Held",
    "Promised",
    "Protected",
    "Quoted",
    "Redeemed",
    "Released",
    "Returned",
    "Story",
]


class Answer(BaseModel):
    """What came of a command."""

    member: str
    at: datetime
    repeated: bool = Field(description="Whether it was done before, and this is the first answer again")


def _common(receipt: Receipt | CareReceipt) -> dict[str, Any]:
    return {"member": receipt.member, "at": receipt.at, "repeated": receipt.repeated}


class Enrolled(Answer):
    """A member."""

    customer_since: date

    @classmethod
    def of(cls, receipt: EnrollReceipt) -> Enrolled:
        """The answer that *receipt* makes."""
        return cls(customer_since=receipt.customer_since, **_common(receipt))


class Lot(BaseModel):
    """Points that came together and end together."""

    wallet: str
    points: int
    usable_from: datetime
    usable_before: datetime | None


class Earned(Answer):
    """What an event earned."""

    points: int
    lots: list[Lot]
    explanation: str | None = Field(description="Why, rule by rule, in the language that was asked for")

    @classmethod
    def of(cls, receipt: EarnReceipt, language: str | None) -> Earned:
        """The answer that *receipt* makes."""
        lots = [
            Lot(wallet=wallet, points=points, usable_from=start, usable_before=end)
            for wallet, points, start, end in receipt.lots
        ]
        explanation = None if language is None else receipt.explain(language)
        return cls(points=receipt.points, lots=lots, explanation=explanation, **_common(receipt))


class Returned(Answer):
    """What a return took back."""

    points: int
    owed: int = Field(description="How many of them had been spent: settled from points to come")
    explanation: str | None

    @classmethod
    def of(cls, receipt: ReturnReceipt, language: str | None) -> Returned:
        """The answer that *receipt* makes."""
        explanation = None if language is None else receipt.explain(language)
        owed = sum(receipt.owed.values())
        return cls(points=receipt.points, owed=owed, explanation=explanation, **_common(receipt))


class Redeemed(Answer):
    """Points that were spent on a reward."""

    redemption: str
    reward: str
    points: int
    left: int
    worth: str

    @classmethod
    def of(cls, receipt: RedemptionReceipt) -> Redeemed:
        """The answer that *receipt* makes."""
        return cls(
            redemption=receipt.id.partition("/")[2],
            reward=receipt.reward,
            points=receipt.points,
            left=receipt.left,
            worth=receipt.worth,
            **_common(receipt),
        )


class Held(Answer):
    """Points that are set aside."""

    hold: str
    points: int
    until: datetime = Field(description="When they go back by themselves")

    @classmethod
    def of(cls, receipt: HoldReceipt) -> Held:
        """The answer that *receipt* makes."""
        hold = receipt.id.partition("/")[2]
        return cls(hold=hold, points=receipt.points, until=receipt.until, **_common(receipt))


class Captured(Answer):
    """Points of a hold that were spent."""

    hold: str
    points: int
    released: int

    @classmethod
    def of(cls, receipt: CaptureReceipt) -> Captured:
        """The answer that *receipt* makes."""
        hold = receipt.hold.partition("/")[2]
        return cls(hold=hold, points=receipt.points, released=receipt.released, **_common(receipt))


class Released(Answer):
    """Points of a hold that went back."""

    hold: str
    points: int

    @classmethod
    def of(cls, receipt: ReleaseReceipt) -> Released:
        """The answer that *receipt* makes."""
        return cls(hold=receipt.hold.partition("/")[2], points=receipt.points, **_common(receipt))


class Promised(Answer):
    """A promise and its state."""

    promise: str
    code: str
    due: datetime
    state: str

    @classmethod
    def of(cls, receipt: PromiseReceipt) -> Promised:
        """The answer that *receipt* makes."""
        return cls(promise=receipt.promise, code=receipt.code, due=receipt.due, state=receipt.state, **_common(receipt))


class Protected(Answer):
    """A payment that did not come, or came after all."""

    payment: str
    protected: bool = Field(description="Whether the member's points and tier are safe meanwhile")

    @classmethod
    def of(cls, receipt: PaymentReceipt) -> Protected:
        """The answer that *receipt* makes."""
        return cls(payment=receipt.payment, protected=receipt.protected, **_common(receipt))


class NextExpiry(BaseModel):
    """The points that end first."""

    last_day: date
    points: int


class Account(BaseModel):
    """What a member has, and how they stand."""

    member: str
    available: int
    pending: int
    held: int
    debt: int
    next_expiry: NextExpiry | None
    tier: str | None
    to_next_tier: int | None

    @classmethod
    def of(cls, member: str, balance: Balance, standing: Standing | None) -> Account:
        """The answer that *balance* and *standing* make."""
        soon = balance.next_expiry
        return cls(
            member=member,
            available=balance.available,
            pending=balance.pending,
            held=balance.held,
            debt=balance.debt,
            next_expiry=None if soon is None else NextExpiry(last_day=soon[0], points=soon[1]),
            tier=None if standing is None else standing.tier,
            to_next_tier=None if standing is None else standing.to_next,
        )


class Chapter(BaseModel):
    """One line of a statement."""

    at: datetime
    code: str
    wallet: str
    change: int
    balance: int


class Story(BaseModel):
    """The story of an account."""

    member: str
    at: datetime
    lines: list[Chapter]
    text: str = Field(description="The same as a table to be printed, in the language that was asked for")

    @classmethod
    def of(cls, statement: Statement) -> Story:
        """The answer that *statement* makes."""
        lines = [
            Chapter(at=each.at, code=each.code, wallet=each.wallet, change=each.change, balance=each.balance)
            for each in statement.lines
        ]
        return cls(member=statement.member, at=statement.at, lines=lines, text=str(statement))


class Quoted(BaseModel):
    """What it would take to have a reward. Too few points is an answer, not an error."""

    reward: str
    cost: int
    available: int
    missing: int
    affordable: bool
    explanation: str

    @classmethod
    def of(cls, quote: Quote, language: str) -> Quoted:
        """The answer that *quote* makes."""
        return cls(
            reward=quote.reward,
            cost=quote.cost,
            available=quote.available,
            missing=quote.missing,
            affordable=quote.affordable,
            explanation=quote.explain(language),
        )


class Health(BaseModel):
    """The service answers, and so does its database."""

    program: str
    version: str
