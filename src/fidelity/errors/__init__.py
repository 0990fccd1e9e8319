"""Everything that `fidelity` raises, in one tree.

FidelityError
├── ValueRefused (ValueError)         a value that cannot be what it claims to be
│   ├── MoneyError                    not an amount of money, or two currencies in one sum
│   ├── ExactnessError                a float, a bool or a numeral where an exact number is needed
│   ├── TimeError                     a naive datetime, an unknown zone, a period nobody can read
│   ├── EventError                    an event that could not have happened as told
│   │   └── AssumptionError           an event that is otherwise than the program assumes of every event
│   ├── FactsError                    a fact that the program needs and was not given
│   └── GrowingPressureError          contacts that grow more frequent or harsher; `.reasons` says how
├── LanguageError (ValueError)        a condition or formula that cannot be read
│   ├── UnknownFieldError             a field nobody declared; says the nearest one
│   ├── OperandError (TypeError)      an operand of the wrong type
│   ├── NoTruthValueError (TypeError) `and`, `not`, `a < x < b` in Python
│   └── TooLargeError                 text too long, too deep, too many nodes or digits
├── ProgramError (ValueError)         a program that cannot stand; `.problems` lists every one
│   ├── PaidAccessError               it asks the member to pay for access to rewards
│   └── ExcessiveFiltersError         a reward has more filters than its budget
├── TableError (ValueError)           a table that does not hold what it must
├── SpreadsheetError (ValueError)     a spreadsheet that cannot be read, with file, sheet, row and column
├── MetricError (ValueError)          data or an option that a metric cannot work with
│   └── FitError                      data that determine no model; says what would
├── JourneyError (ValueError)         a journey, a budget or a plan that cannot be as told
├── SimulationError (ValueError)      a population, a history or an option that cannot be simulated
├── NotColumnar (ValueError)          a clause that the rows of a table alone cannot decide
├── Refused                           a command the books refuse; `.code` says which, nothing was written
│   ├── UnknownMember, AlreadyEnrolled, UnknownReward, UnknownHold, HoldOver
│   ├── NotEnoughPoints, NotNow       too few points · a filter of the reward says no
│   ├── UnknownOrigin                 a reversal before its earn: retry later
│   ├── UnknownRedemption, NothingToUndo, NothingToExtend, NothingToReinstate, NothingOwed
│   ├── AccountFrozen, NotFrozen      not while it is frozen · it is not
│   ├── AccountClosed, HoldsStand     it takes no more commands · not while points are set aside
│   ├── UnknownProtection             no protection of this id stands
│   ├── NotTransferable               points of this wallet cannot go to another member
│   ├── OutOfStock                    none of the reward is left
│   ├── UnknownCampaign, AlreadySuspended, NotSuspended
│   ├── UnknownInvitation, InvitationUsed, SelfReferral, ReferralOver
│   ├── InHousehold, NotInHousehold   one household at a time
│   ├── UnknownPromise, PromiseOver   no promise of this id stands · it is over
│   ├── NoConsent                     the person does not consent to this purpose
│   ├── RequestRefused                the member is not asked for this now
│   ├── UnknownRequest, RequestOver   nothing was asked under this id · it was answered
│   ├── UnknownClaim, ClaimSettledBefore
│   ├── UnknownNeed, AlreadyMet, ProspectOver
│   ├── UnknownPayment, PaymentOver    no missed payment of this id · nothing of it is open
│   ├── UnknownContact, ContactOver, ContactsStand
│   ├── UnknownHardship, HardshipStands, HardshipOver
│   ├── UnknownPaymentPlan, PaymentPlanOver
│   ├── UnknownComplaint, ComplaintOpen, NothingLate
│   ├── NoAuthority, BeyondAuthority  no role that may grant anything · more than anybody may grant
│   ├── PublishedTooLate, NotPublished, UnknownCard, NotYourCard, ContestOver
│   ├── IdempotencyConflict           the same key with another payload
│   ├── OutOfTime                     dated in the future, or too far in the past, or the clock went back
│   │   └── ClaimRefused              claimed too late, or too long before joining
│   └── VersionConflict               a changed program under an old version
├── UnknownProspect (LookupError)     nothing is known of a prospect under this id
├── JournalError                      the store failed or is not what it should be
│   ├── StaleStream                   another writer was first: load again
│   ├── DuplicateKey                  a unique key is taken already
│   ├── BooksError                    an entry that the books cannot take, or books that do not add up
│   └── SchemaError                   a schema this release cannot read
├── ProofError (ValueError)           proofs that cannot be read or asked for: a file that is no report, another kind
├── EngineDisagreement (RuntimeError) two readings of one program differ: a bug here, always worth a report
└── MissingExtra (ImportError)        an optional package is not installed; says the pip command
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from fidelity.errors.base import FidelityError
from fidelity.errors.hardship import (
    ContactOver,
    ContactsStand,
    HardshipOver,
    HardshipStands,
    PaymentOver,
    PaymentPlanOver,
    UnknownContact,
    UnknownHardship,
    UnknownPayment,
    UnknownPaymentPlan,
)
from fidelity.errors.journals import BooksError, DuplicateKey, JournalError, SchemaError, StaleStream
from fidelity.errors.journeys import JourneyError
from fidelity.errors.language import LanguageError, NoTruthValueError, OperandError, TooLargeError, UnknownFieldError
from fidelity.errors.metrics import FitError, MetricError
from fidelity.errors.people import AlreadyMet, ProspectOver, UnknownNeed
from fidelity.errors.refusals import (
    AccountClosed,
    AccountFrozen,
    AlreadyEnrolled,
    AlreadySuspended,
    ClaimRefused,
    ClaimSettledBefore,
    HoldOver,
    HoldsStand,
    IdempotencyConflict,
    InHousehold,
    InvitationUsed,
    NoConsent,
    NotEnoughPoints,
    NotFrozen,
    NothingOwed,
    NothingToExtend,
    NothingToReinstate,
    NothingToUndo,
    NotInHousehold,
    NotNow,
    NotSuspended,
    NotTransferable,
    OutOfStock,
    OutOfTime,
    PromiseOver,
    ReferralOver,
    Refused,
    RequestOver,
    RequestRefused,
    SelfReferral,
    UnknownCampaign,
    UnknownClaim,
    UnknownHold,
    UnknownInvitation,
    UnknownMember,
    UnknownOrigin,
    UnknownPromise,
    UnknownProspect,
    UnknownProtection,
    UnknownRedemption,
    UnknownRequest,
    UnknownReward,
    UnknownVoucher,
    VersionConflict,
    VoucherOver,
)
from fidelity.errors.simulations import SimulationError
from fidelity.errors.staff import (
    BeyondAuthority,
    ComplaintOpen,
    ContestOver,
    NoAuthority,
    NothingLate,
    NotPublished,
    NotYourCard,
    PublishedTooLate,
    UnknownCard,
    UnknownComplaint,
)
from fidelity.errors.tables import NotColumnar, SpreadsheetError, TableError
from fidelity.errors.values import (
    AssumptionError,
    EventError,
    ExactnessError,
    FactsError,
    GrowingPressureError,
    MoneyError,
    TimeError,
    ValueRefused,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "AccountClosed",
    "AccountFrozen",
    "AlreadyEnrolled",
    "AlreadyMet",
    "AlreadySuspended",
    "AssumptionError",
    "BeyondAuthority",
    "BooksError",
    "ClaimRefused",
    "ClaimSettledBefore",
    "ComplaintOpen",
    "ContactOver",
    "ContactsStand",
    "ContestOver",
    "DuplicateKey",
    "EngineDisagreement",
    "EventError",
    "ExactnessError",
    "ExcessiveFiltersError",
    "FactsError",
    "FidelityError",
    "FitError",
    "GrowingPressureError",
    "HardshipOver",
    "HardshipStands",
    "HoldOver",
    "HoldsStand",
    "IdempotencyConflict",
    "InHousehold",
    "InvitationUsed",
    "JournalError",
    "JourneyError",
    "LanguageError",
    "MetricError",
    "MissingExtra",
    "MoneyError",
    "NoAuthority",
    "NoConsent",
    "NoTruthValueError",
    "NotColumnar",
    "NotEnoughPoints",
    "NotFrozen",
    "NotInHousehold",
    "NotNow",
    "NotPublished",
    "NotSuspended",
    "NotTransferable",
    "NotYourCard",
    "NothingLate",
    "NothingOwed",
    "NothingToExtend",
    "NothingToReinstate",
    "NothingToUndo",
    "OperandError",
    "OutOfStock",
    "OutOfTime",
    "PaidAccessError",
    "PaymentOver",
    "PaymentPlanOver",
    "Problem",
    "ProgramError",
    "PromiseOver",
    "ProofError",
    "ProspectOver",
    "PublishedTooLate",
    "ReferralOver",
    "Refused",
    "RequestOver",
    "RequestRefused",
    "SchemaError",
    "SelfReferral",
    "SimulationError",
    "SpreadsheetError",
    "StaleStream",
    "TableError",
    "TimeError",
    "TooLargeError",
    "UnknownCampaign",
    "UnknownCard",
    "UnknownClaim",
    "UnknownComplaint",
    "UnknownContact",
    "UnknownFieldError",
    "UnknownHardship",
    "UnknownHold",
    "UnknownInvitation",
    "UnknownMember",
    "UnknownNeed",
    "UnknownOrigin",
    "UnknownPayment",
    "UnknownPaymentPlan",
    "UnknownPromise",
    "UnknownProspect",
    "UnknownProtection",
    "UnknownRedemption",
    "UnknownRequest",
    "UnknownReward",
    "UnknownVoucher",
    "ValueRefused",
    "VersionConflict",
    "VoucherOver",
]


@frozen
class Problem:
    """
    One thing wrong with a program: where, what, and what to do about it.

    Attributes:
        path: Where it stands, such as ``earn[1].when``.
        message: What is wrong.
        remedy: What to do, or an empty string.
        code: A short stable word for the kind of problem.
    """

    path: str
    message: str
    remedy: str = ""
    code: str = field(default="program", kw_only=True)

    def __str__(self) -> str:
        place = f"{self.path}: " if self.path else ""
        return f"{place}{self.message}" + (f"; {self.remedy}" if self.remedy else "")


class ProgramError(FidelityError, ValueError):
    """
    A program that cannot stand.

    Attributes:
        problems: Every problem found, in the order of the program.
    """

    code = "program"

    def __init__(self, problems: Iterable[Problem], *, title: str = "program") -> None:
        found = tuple(problems)
        if len(found) == 1:
            message = str(found[0])
        else:
            message = f"{title}: {len(found)} problems\n" + "\n".join(f"  {each}" for each in found)
        super().__init__(message, problems=found, title=title)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem found, in the order of the program."""
        return self.facts["problems"]  # type: ignore[return-value]  # put there by __init__


class PaidAccessError(ProgramError):
    """The program asks the member to pay for access to rewards (principle R1). No waiver exists."""

    code = "paid access"


class ExcessiveFiltersError(ProgramError):
    """A reward has more filters than its budget (principle R2); the message lists the cheapest removals."""

    code = "excessive filters"


class ProofError(FidelityError, ValueError):
    """Proofs that cannot be read, or that cannot be asked for."""

    code = "proof"


class EngineDisagreement(FidelityError, RuntimeError):
    """Two readings of one program differ: a bug in this library, always worth a report."""

    code = "engine disagreement"


class MissingExtra(FidelityError, ImportError):
    """An optional package is not installed; the message says the pip command."""

    code = "missing extra"
