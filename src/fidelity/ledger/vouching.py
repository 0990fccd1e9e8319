"""The receipts of vouchers: points spent on one, one that was used, one that may be used again, points converted."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from attrs import frozen

from fidelity.ledger.notices import UndoReceipt
from fidelity.ledger.receipt import Receipt

__all__ = ["ConversionReceipt", "VoucherBackReceipt", "VoucherReceipt"]


@frozen(kw_only=True)
class VoucherReceipt(Receipt):
    """
    A voucher was used.

    Attributes:
        id: The id of the use, derived from the key: undoing it gives the voucher back.
        voucher: Its code.
        reward, worth, quantity: What it was for.
    """

    kind: ClassVar[str] = "voucher"

    id: str
    voucher: str
    reward: str
    worth: str = ""
    quantity: int = 1


@frozen(kw_only=True)
class VoucherBackReceipt(UndoReceipt):
    """A voucher that was used can be used again, until `expires`. No points come back with it."""

    kind: ClassVar[str] = "voucher back"

    voucher: str
    reward: str
    expires: datetime | None = None


@frozen(kw_only=True)
class ConversionReceipt(Receipt):
    """
    Points became a voucher at the end of a period.

    Attributes:
        id: The id of the conversion.
        voucher: The code of the voucher, `worth`, what it is worth, and `expires`, its end.
    """

    kind: ClassVar[str] = "conversion"

    id: str
    wallet: str
    points: int
    voucher: str
    worth: str
    expires: datetime | None = None
