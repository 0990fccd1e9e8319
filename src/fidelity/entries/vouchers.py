"""Entries of vouchers in a member's points stream: given, used, given back, withdrawn.

A voucher is a member's own. It holds a code, a reward's name and whose terms it keeps; that it ends needs no entry.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from attrs import frozen

from fidelity.entries.base import Entry

__all__ = ["VoucherIssued", "VoucherRestored", "VoucherUsed", "VoucherWithdrawn"]


@frozen(kw_only=True)
class VoucherIssued(Entry):
    """
    The member got a voucher.

    Attributes:
        voucher: Its code, derived from the member and from what it came of.
        reward: What it is for.
        origin: The id of the redemption, the captured hold or the conversion, or ``"kind/id"`` of the event.
        expires: The first instant at which it can no longer be used; None means never.
        program, digest: The version of the program whose terms it keeps.
        worth: What it is worth as text, such as ``"5.00 EUR"``; empty when not told.
        quantity: How many of the reward it is for.
    """

    kind: ClassVar[str] = "voucher issued"

    voucher: str
    reward: str
    origin: str
    expires: datetime | None
    program: str
    digest: str
    worth: str = ""
    quantity: int = 1


@frozen(kw_only=True)
class VoucherUsed(Entry):
    """A voucher was used; `use` is the id under which, derived from the command's key."""

    kind: ClassVar[str] = "voucher used"

    voucher: str
    use: str


@frozen(kw_only=True)
class VoucherRestored(Entry):
    """What was used under the id `use` can be used again. `key` is that of the command."""

    kind: ClassVar[str] = "voucher restored"

    voucher: str
    use: str
    key: str = ""


@frozen(kw_only=True)
class VoucherWithdrawn(Entry):
    """A voucher that nobody had used is gone with what it came of: `reason` is ``"return/id"`` or an id undone."""

    kind: ClassVar[str] = "voucher withdrawn"

    voucher: str
    reason: str
