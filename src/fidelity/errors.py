"""Everything that `fidelity` raises, in one tree.

FidelityError
├── ValueRefused (ValueError)         a value that cannot be what it claims to be
│   ├── MoneyError                    not an amount of money, or two currencies in one sum
│   ├── ExactnessError                a float, a bool or a numeral where an exact number is needed
│   ├── TimeError                     a naive datetime, an unknown zone, a period nobody can read
│   ├── EventError                    an event that could not have happened as told
│   └── FactsError                    a fact that the program needs and was not given
├── LanguageError (ValueError)        a condition or formula that cannot be read
│   ├── UnknownFieldError             a field nobody declared; says the nearest one
│   ├── OperandError (TypeError)      an operand of the wrong type
│   ├── NoTruthValueError (TypeError) `and`, `not`, `a < x < b` in Python
│   └── TooLargeError                 text too long, too deep, too many nodes or digits
├── ProgramError (ValueError)         a program that cannot stand; `.problems` lists every one
│   ├── PaidAccessError               it asks the member to pay for access to rewards
│   └── ExcessiveFiltersError         a reward has more filters than its budget
├── Refused                           a command the books refuse; `.code` says which, nothing was written
│   ├── UnknownMember, AlreadyEnrolled, UnknownReward, UnknownHold, HoldOver
│   ├── NotEnoughPoints, NotNow       too few points · a filter of the reward says no
│   ├── UnknownOrigin                 a reversal before its earn: retry later
│   ├── UnknownRedemption, NothingToUndo, NothingToExtend, NothingToReinstate, NothingOwed
│   ├── AccountFrozen, NotFrozen      not while it is frozen · it is not
│   ├── AccountClosed, HoldsStand     it takes no more commands · not while points are set aside
│   ├── UnknownProtection             no protection of this id stands
│   ├── NotTransferable               points of this wallet cannot go to another member
│   ├── InHousehold, NotInHousehold   one household at a time
│   ├── IdempotencyConflict           the same key with another payload
│   ├── OutOfTime                     dated in the future, or too far in the past, or the clock went back
│   └── VersionConflict               a changed program under an old version
├── JournalError                      the store failed or is not what it should be
│   ├── StaleStream                   another writer was first: load again
│   ├── DuplicateKey                  a unique key is taken already
│   ├── BooksError                    an entry that the books cannot take, or books that do not add up
│   └── SchemaError                   a schema this release cannot read
├── EngineDisagreement (RuntimeError) two readings of one program differ: a bug here, always worth a report
└── MissingExtra (ImportError)        an optional package is not installed; says the pip command
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "AccountClosed",
    "AccountFrozen",
    "AlreadyEnrolled",
    "BooksError",
    "DuplicateKey",
    "EngineDisagreement",
    "EventError",
    "ExactnessError",
    "ExcessiveFiltersError",
    "FactsError",
    "FidelityError",
    "HoldOver",
    "HoldsStand",
    "IdempotencyConflict",
    "InHousehold",
    "JournalError",
    "LanguageError",
    "MissingExtra",
    "MoneyError",
    "NoTruthValueError",
    "NotEnoughPoints",
    "NotFrozen",
    "NotInHousehold",
    "NotNow",
    "NotTransferable",
    "NothingOwed",
    "NothingToExtend",
    "NothingToReinstate",
    "NothingToUndo",
    "OperandError",
    "OutOfTime",
    "PaidAccessError",
    "Problem",
    "ProgramError",
    "Refused",
    "SchemaError",
    "StaleStream",
    "TimeError",
    "TooLargeError",
    "UnknownFieldError",
    "UnknownHold",
    "UnknownMember",
    "UnknownOrigin",
    "UnknownProtection",
    "UnknownRedemption",
    "UnknownReward",
    "ValueRefused",
    "VersionConflict",
]


class FidelityError(Exception):
    """
    What every error of this library is.

    The message says what is wrong, where, and what to do. The same facts stand as attributes:
    whatever was passed by name when the error was raised.
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts

    def __getattr__(self, name: str) -> object:
        # Only reached when ordinary lookup fails, so `facts` must be looked up without recursion.
        facts: dict[str, object] = self.__dict__.get("facts", {})
        try:
            return facts[name]
        except KeyError:
            raise AttributeError(name) from None

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process borders in tests and workers: keep the facts.
        return (_rebuild, (type(self), self.message, self.facts))


def _rebuild(kind: type[FidelityError], message: str, facts: dict[str, object]) -> FidelityError:
    error = kind.__new__(kind)
    FidelityError.__init__(error, message, **facts)
    return error


class ValueRefused(FidelityError, ValueError):
    """A value that cannot be what it claims to be."""

    code = "value"


class MoneyError(ValueRefused):
    """Not an amount of money, or two currencies in one sum."""

    code = "money"


class ExactnessError(ValueRefused):
    """A float, a bool or a numeral where an exact number is needed."""

    code = "exactness"


class TimeError(ValueRefused):
    """A naive datetime, an unknown zone, a period that cannot be read."""

    code = "time"


class EventError(ValueRefused):
    """An event that could not have happened as told."""

    code = "event"


class FactsError(ValueRefused):
    """A fact that the program needs and was not given."""

    code = "facts"


class LanguageError(FidelityError, ValueError):
    """A condition or a formula that cannot be read."""

    code = "language"


class UnknownFieldError(LanguageError):
    """A field that nobody declared; the message names the nearest one."""

    code = "unknown field"


class OperandError(LanguageError, TypeError):
    """An operand of the wrong type."""

    code = "operand"


class NoTruthValueError(LanguageError, TypeError):
    """A condition was used as if it were true or false already."""

    code = "no truth value"


class TooLargeError(LanguageError):
    """Text too long, too deep, with too many nodes or digits."""

    code = "too large"


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


class Refused(FidelityError):
    """A command that the books refuse. Nothing was written."""

    code = "refused"


class UnknownMember(Refused, LookupError):
    """Nobody is enrolled under this name."""

    code = "unknown member"


class AlreadyEnrolled(Refused):
    """The member is enrolled already, with other particulars."""

    code = "already enrolled"


class UnknownReward(Refused, LookupError):
    """The program has no such reward."""

    code = "unknown reward"


class UnknownHold(Refused, LookupError):
    """No hold has this id."""

    code = "unknown hold"


class HoldOver(Refused):
    """The hold was captured, released or timed out before."""

    code = "hold over"


class NotEnoughPoints(Refused):
    """Fewer points available than asked for; `missing` says how many."""

    code = "not enough points"


class NotNow(Refused):
    """A filter of the reward says no; `reasons` says which."""

    code = "not now"


class UnknownRedemption(Refused, LookupError):
    """Nothing was spent under this id."""

    code = "unknown redemption"


class NothingToUndo(Refused):
    """Fewer points of the redemption are left to give back than asked for; `left` says how many are."""

    code = "nothing to undo"


class NothingToExtend(Refused):
    """No points would end before the new end."""

    code = "nothing to extend"


class NothingToReinstate(Refused):
    """Fewer points have expired lately than asked for; `left` says how many did."""

    code = "nothing to reinstate"


class NothingOwed(Refused):
    """Fewer points are owed than asked to forgive; `left` says how many are."""

    code = "nothing owed"


class AccountFrozen(Refused):
    """Nothing is spent, set aside or given away while the account is frozen; `reason` says why it is."""

    code = "account frozen"


class NotFrozen(Refused):
    """The account is not frozen."""

    code = "not frozen"


class AccountClosed(Refused):
    """The account takes no more commands; `merged_into` says which one took it over, if one did."""

    code = "account closed"


class HoldsStand(Refused):
    """Points are set aside; capture or release them first. `holds` names the holds."""

    code = "holds stand"


class UnknownProtection(Refused, LookupError):
    """No protection of this id stands."""

    code = "unknown protection"


class NotTransferable(Refused):
    """The program does not let points of this wallet go to another member."""

    code = "not transferable"


class InHousehold(Refused):
    """The member is in a household already: one at a time."""

    code = "in household"


class NotInHousehold(Refused):
    """The member is in no household, or not in this one."""

    code = "not in household"


class UnknownOrigin(Refused, LookupError):
    """A return came before its purchase: keep it and retry."""

    code = "unknown origin"


class IdempotencyConflict(Refused):
    """The same key came with another payload; `first` and `second` hold both."""

    code = "idempotency conflict"


class OutOfTime(Refused):
    """Dated in the future, too far in the past, or the clock went back."""

    code = "out of time"


class VersionConflict(Refused):
    """A changed program came under a version that is published already."""

    code = "version conflict"


class JournalError(FidelityError):
    """The store failed, or is not what it should be."""

    code = "journal"


class StaleStream(JournalError):
    """Another writer appended to a stream first: load it again and decide again."""

    code = "stale stream"


class DuplicateKey(JournalError):
    """A key that must be unique is taken already."""

    code = "duplicate key"


class BooksError(JournalError):
    """An entry that the books cannot take, or books that do not add up. Nothing was posted."""

    code = "books"


class SchemaError(JournalError):
    """The store has a schema that this release cannot read."""

    code = "schema"


class EngineDisagreement(FidelityError, RuntimeError):
    """Two readings of one program differ: a bug in this library, always worth a report."""

    code = "engine disagreement"


class MissingExtra(FidelityError, ImportError):
    """An optional package is not installed; the message says the pip command."""

    code = "missing extra"
