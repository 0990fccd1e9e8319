"""Receipts: what came of a command, as plain values.

The journal keeps them as plain data, so that a retry years later gets the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any, ClassVar

import cattrs
from attrs import fields, frozen

from fidelity.entries.plain import SCALARS, instant_text
from fidelity.ledger.notices import (
    CampaignReceipt,
    ClosingReceipt,
    ConfirmationReceipt,
    ExtensionReceipt,
    ForgivenessReceipt,
    FreezeReceipt,
    GoodwillReceipt,
    HouseholdReceipt,
    InvitationReceipt,
    MergeReceipt,
    ProtectionReceipt,
    ReinstatementReceipt,
    RerateReceipt,
    StockReceipt,
    TransferReceipt,
    UndoReceipt,
    WithheldReceipt,
)
from fidelity.ledger.receipt import Receipt
from fidelity.ledger.rulebook import MAIN_WALLET
from fidelity.ledger.status_receipts import StatusReceipt, TierCreditReceipt
from fidelity.ledger.vouching import ConversionReceipt, VoucherBackReceipt, VoucherReceipt

__all__ = [
    "CampaignReceipt",
    "CaptureReceipt",
    "ClosingReceipt",
    "ConfirmationReceipt",
    "ConversionReceipt",
    "EarnReceipt",
    "EnrollReceipt",
    "ExtensionReceipt",
    "ForgivenessReceipt",
    "FreezeReceipt",
    "GoodwillReceipt",
    "HoldReceipt",
    "HouseholdReceipt",
    "InvitationReceipt",
    "MergeReceipt",
    "ProtectionReceipt",
    "Receipt",
    "RedemptionReceipt",
    "ReinstatementReceipt",
    "ReleaseReceipt",
    "RerateReceipt",
    "ReturnReceipt",
    "StatusReceipt",
    "StockReceipt",
    "TierCreditReceipt",
    "TransferReceipt",
    "UndoReceipt",
    "VoucherBackReceipt",
    "VoucherReceipt",
    "from_plain",
    "to_plain",
]


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
        settled: How many of them paid at once what was owed, by wallet.
    """

    kind: ClassVar[str] = "earn"

    event: str
    program: str
    lots: tuple[tuple[str, int, datetime, datetime | None], ...] = ()
    reasons: tuple[tuple[str, str, str], ...] = ()
    effects: tuple[tuple[str, str, str], ...] = ()
    settled: Mapping[str, int] = {}

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
        waived: What was let go for good, by wallet: the member is protected, or the clawback of the wallet takes no
            more. What of it had been spent or set aside goes if it comes back.
        given_back: What came back of the points that were spent on the purchase, or had become a voucher, by wallet.
        vouchers: The codes of the vouchers that went with it, which nobody had used.
    """

    kind: ClassVar[str] = "return"

    event: str
    origin: str
    wallets: Mapping[str, int] = {}
    expired: Mapping[str, int] = {}
    owed: Mapping[str, int] = {}
    waived: Mapping[str, int] = {}
    given_back: Mapping[str, int] = {}
    vouchers: tuple[str, ...] = ()

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
        left: What is available in the wallet afterwards; to the whole household if it gave together.
        worth: What the reward is worth as text; empty when not told.
        shares: Who gave how many when a household gave together; empty when the member gave alone.
        voucher: The code of the voucher as which it came, and `expires`, its end; empty and None without one.
    """

    kind: ClassVar[str] = "redemption"

    id: str
    reward: str
    wallet: str
    points: int
    left: int
    worth: str = ""
    shares: Mapping[str, int] = {}
    voucher: str = ""
    expires: datetime | None = None


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
    """What was set aside was spent: `points` of it; `released` went back. `voucher` and `expires`: see a redemption."""

    kind: ClassVar[str] = "capture"

    hold: str
    wallet: str
    points: int
    released: int
    reward: str = ""
    worth: str = ""
    voucher: str = ""
    expires: datetime | None = None

    @property
    def id(self) -> str:
        """The id under which `undo` knows what was spent: that of the hold."""
        return self.hold


@frozen(kw_only=True)
class ReleaseReceipt(Receipt):
    """
    What was set aside went back; what had expired meanwhile is gone.

    Attributes:
        taken: How many of them went at once, because what had earned them had come back meanwhile.
    """

    kind: ClassVar[str] = "release"

    hold: str
    wallet: str
    points: int
    taken: int = 0


_KINDS: Mapping[str, type[Receipt]] = {
    each.kind: each
    for each in (
        EnrollReceipt, EarnReceipt, ReturnReceipt, RedemptionReceipt, HoldReceipt, CaptureReceipt, ReleaseReceipt,
        UndoReceipt, TransferReceipt, MergeReceipt, HouseholdReceipt, ExtensionReceipt, ReinstatementReceipt,
        GoodwillReceipt, ForgivenessReceipt, FreezeReceipt, ProtectionReceipt, ClosingReceipt, RerateReceipt,
        VoucherReceipt, VoucherBackReceipt, ConversionReceipt,
        TierCreditReceipt, StatusReceipt, CampaignReceipt, InvitationReceipt, StockReceipt, ConfirmationReceipt,
        WithheldReceipt,
    )
}  # fmt: skip


def _scalar(kind: object) -> bool:
    """Whether fields of *kind*, as they are annotated, are plain as they are."""
    return kind in ("str", "int", "bool", "int | None")


_converter = cattrs.Converter()
_converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
_converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))


#: Of each kind of receipt its fields, what reads them all, and those that are not plain as they are.
_COLUMNS = {
    kind: (names, attrgetter(*names), tuple(each.name for each in fields(kind) if each.init and not _scalar(each.type)))
    for kind in _KINDS.values()
    if (names := tuple(each.name for each in fields(kind) if each.init))
}


def _listed(values: tuple[object, ...]) -> list[object]:
    return [each if type(each) in SCALARS else _plain(each) for each in values]


def _instant(at: datetime) -> str:
    # The very text that the entries have, which need not be made twice.
    return instant_text(at) if at.tzinfo is UTC else at.isoformat()


#: How what is not plain as it is becomes so.
_WRITERS: Mapping[type, Callable[[Any], object]] = {
    datetime: _instant, date: date.isoformat, tuple: _listed, dict: dict,
}  # fmt: skip


def _plain(value: object) -> object:
    write = _WRITERS.get(type(value))
    if write is not None:
        return write(value)
    return dict(value) if isinstance(value, Mapping) else value


def to_plain(receipt: Receipt) -> dict[str, Any]:
    """*receipt* as data that JSON can hold."""
    # By hand, because each command pays for it: a third of the time of a general converter.
    names, read, odd = _COLUMNS[type(receipt)]
    plain: dict[str, Any] = dict(zip(names, read(receipt), strict=True))
    for name in odd:
        plain[name] = _plain(plain[name])
    plain["receipt"] = receipt.kind
    return plain


def from_plain(plain: Mapping[str, Any]) -> Receipt:
    """The receipt that `to_plain` had made *plain* of."""
    rest = {name: value for name, value in plain.items() if name != "receipt"}
    return _converter.structure(rest, _KINDS[plain["receipt"]])
