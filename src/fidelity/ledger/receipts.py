"""Receipts: what came of a command, as plain values.

The journal keeps them as plain data, so that a retry years later gets the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from datetime import date, datetime
from typing import Any, ClassVar, Self

import cattrs
from attrs import field, fields, frozen

from fidelity.ledger.rulebook import MAIN_WALLET

__all__ = [
    "CaptureReceipt",
    "EarnReceipt",
    "EnrollReceipt",
    "HoldReceipt",
    "Receipt",
    "RedemptionReceipt",
    "ReleaseReceipt",
    "ReturnReceipt",
    "from_plain",
    "to_plain",
]


@frozen(kw_only=True)
class Receipt:
    """
    What came of a command.

    Attributes:
        member: Whose books.
        at: When it took effect, UTC.
    """

    kind: ClassVar[str] = "receipt"

    member: str
    at: datetime
    #: Whether this is what an earlier command under the same key came to, given again. Not kept: a retry knows.
    repeated: bool = field(default=False, init=False, eq=False)
    #: What says the reasons in a language. Not kept: it is made anew from the pinned program.
    _teller: Callable[[str], str] | None = field(default=None, init=False, eq=False, repr=False)

    def told_by(self, teller: Callable[[str], str] | None = None, *, repeated: bool = False) -> Self:
        """The receipt with what explains it."""
        found = copy(self)
        object.__setattr__(found, "_teller", teller)
        object.__setattr__(found, "repeated", repeated)
        return found

    def explain(self, language: str = "en") -> str:
        """The reasons, in *language*; empty where there is nothing to explain."""
        return "" if self._teller is None else self._teller(language)


@frozen(kw_only=True)
class EnrollReceipt(Receipt):
    """Somebody became a member."""

    kind: ClassVar[str] = "enroll"

    customer_since: date


@frozen(kw_only=True)
class EarnReceipt(Receipt):
    """
    An event was recorded.

    Attributes:
        event: ``"kind/id"``.
        program: The version of the program that decided.
        lots: What came in: ``(wallet, points, usable from, usable before)``; None for the last means for ever.
        reasons: What each rule gave: ``(wallet, rule, exact amount as text)``.
        effects: Effects that are not points: ``(kind, rule, text)``.
    """

    kind: ClassVar[str] = "earn"

    event: str
    program: str
    lots: tuple[tuple[str, int, datetime, datetime | None], ...] = ()
    reasons: tuple[tuple[str, str, str], ...] = ()
    effects: tuple[tuple[str, str, str], ...] = ()

    @property
    def points(self) -> int:
        """The points that came into the main wallet."""
        return self.wallets.get(MAIN_WALLET, 0)

    @property
    def wallets(self) -> Mapping[str, int]:
        """The points that came in, by wallet."""
        found: dict[str, int] = {}
        for wallet, points, _, _ in self.lots:
            found[wallet] = found.get(wallet, 0) + points
        return found


@frozen(kw_only=True)
class ReturnReceipt(Receipt):
    """
    Goods came back.

    Attributes:
        event: ``"return/id"``, and `origin`, ``"purchase/id"``.
        wallets: The points taken back, by wallet; with those that had expired.
        expired: How many of them had expired already, by wallet: they cost the member nothing.
        owed: How many of them had been spent or were held, by wallet: they are settled from points to come.
    """

    kind: ClassVar[str] = "return"

    event: str
    origin: str
    wallets: Mapping[str, int] = {}
    expired: Mapping[str, int] = {}
    owed: Mapping[str, int] = {}

    @property
    def points(self) -> int:
        """The points taken back from the main wallet."""
        return self.wallets.get(MAIN_WALLET, 0)


@frozen(kw_only=True)
class RedemptionReceipt(Receipt):
    """
    Points were spent.

    Attributes:
        id: The redemption's id, derived from the key.
        left: What is available in the wallet afterwards.
        worth: What the reward is worth as text; empty when not told.
    """

    kind: ClassVar[str] = "redemption"

    id: str
    reward: str
    wallet: str
    points: int
    left: int
    worth: str = ""


@frozen(kw_only=True)
class HoldReceipt(Receipt):
    """
    Points were set aside.

    Attributes:
        id: The hold's id, derived from the key: capture and release name it.
        until: When it times out.
    """

    kind: ClassVar[str] = "hold"

    id: str
    wallet: str
    points: int
    until: datetime
    reward: str = ""
    worth: str = ""


@frozen(kw_only=True)
class CaptureReceipt(Receipt):
    """What was set aside was spent: `points` of it; `released` went back."""

    kind: ClassVar[str] = "capture"

    hold: str
    wallet: str
    points: int
    released: int
    reward: str = ""
    worth: str = ""


@frozen(kw_only=True)
class ReleaseReceipt(Receipt):
    """What was set aside went back; what had expired meanwhile is gone."""

    kind: ClassVar[str] = "release"

    hold: str
    wallet: str
    points: int


_KINDS: Mapping[str, type[Receipt]] = {
    each.kind: each
    for each in (
        EnrollReceipt, EarnReceipt, ReturnReceipt, RedemptionReceipt, HoldReceipt, CaptureReceipt, ReleaseReceipt,
    )
}  # fmt: skip

_converter = cattrs.Converter()
_converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
_converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))


_NAMES = {kind: tuple(each.name for each in fields(kind) if each.init) for kind in _KINDS.values()}


def _plain(value: object) -> object:
    kind = type(value)
    if kind is str or kind is int:
        return value
    if kind is tuple:
        return [_plain(each) for each in value]  # type: ignore[attr-defined]
    if kind is datetime or kind is date:
        return value.isoformat()  # type: ignore[attr-defined]
    return dict(value) if isinstance(value, Mapping) else value


def to_plain(receipt: Receipt) -> dict[str, Any]:
    """*receipt* as data that JSON can hold."""
    # By hand, because each command pays for it: half the time of a general converter.
    plain: dict[str, Any] = {"receipt": receipt.kind}
    for name in _NAMES[type(receipt)]:
        plain[name] = _plain(getattr(receipt, name))
    return plain


def from_plain(plain: Mapping[str, Any]) -> Receipt:
    """The receipt that `to_plain` had made *plain* of."""
    rest = {name: value for name, value in plain.items() if name != "receipt"}
    return _converter.structure(rest, _KINDS[plain["receipt"]])
