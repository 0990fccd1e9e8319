"""Vouchers: what a member may use once, with a life of its own, and how the books take what happens to it.

Knows codes, instants and whose terms it keeps. Does not know what those terms ask.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from attrs import evolve

from fidelity.entries import Entry
from fidelity.entries.vouchers import VoucherIssued, VoucherRestored, VoucherUsed, VoucherWithdrawn

if TYPE_CHECKING:
    from fidelity.ledger.posting import Pen

__all__ = ["VOUCHING", "Voucher", "voucher_code"]

#: Digits and letters that nobody takes for one another.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Voucher(NamedTuple):
    """
    Something that a member may use once. A named tuple, as a lot is.

    Attributes:
        code: What the member shows; personal: it is nobody else's.
        reward: What it is for, and `worth`, what that is worth as text; empty when not told.
        issued: When it was given.
        expires: The first instant at which it can no longer be used; None means never.
        origin: Of what it came: a redemption, a conversion or an event.
        program, digest: The version of the program whose terms it keeps.
        quantity: How many of the reward it is for.
        used: The id under which it was used; empty while it was not.
        withdrawn: Whether it went back with what it came of.
    """

    code: str
    reward: str
    worth: str
    issued: datetime
    expires: datetime | None
    origin: str
    program: str
    digest: str
    quantity: int = 1
    used: str = ""
    withdrawn: bool = False

    def state(self, at: datetime) -> str:
        """``usable``, ``used``, ``withdrawn`` or ``expired`` at *at*."""
        if self.withdrawn:
            return "withdrawn"
        if self.used:
            return "used"
        return "expired" if self.expires is not None and self.expires <= at else "usable"


def voucher_code(member: str, origin: str) -> str:
    """
    The code of the voucher that *member* gets for *origin*: the same whenever it is asked for again.

    >>> voucher_code("ana", "redemption/order-1")
    '16ZF-67HY-PSAP'
    """
    number = int.from_bytes(sha256(f"{member}\n{origin}".encode()).digest()[:8], "big")
    letters = "".join(_LETTERS[number >> 5 * place & 31] for place in range(12))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def _found(pen: Pen, code: str) -> Voucher | None:
    return next((each for each in pen.circumstances.vouchers if each.code == code), None)


def _known(pen: Pen, code: str, entry: Entry) -> Voucher:
    found = _found(pen, code)
    if found is None:
        raise pen.bad(entry, f"{pen.member} has no voucher {code}", voucher=code)
    return found


def _change(pen: Pen, voucher: Voucher) -> None:
    rest = tuple(voucher if each.code == voucher.code else each for each in pen.circumstances.vouchers)
    pen.circumstances = evolve(pen.circumstances, vouchers=rest)


def _issued(pen: Pen, entry: VoucherIssued) -> None:
    if _found(pen, entry.voucher) is not None:
        raise pen.bad(entry, f"voucher {entry.voucher} is in the books already", voucher=entry.voucher)
    made = Voucher(
        entry.voucher, entry.reward, entry.worth, entry.at, entry.expires, entry.origin, entry.program, entry.digest,
        entry.quantity,
    )  # fmt: skip
    pen.circumstances = evolve(pen.circumstances, vouchers=(*pen.circumstances.vouchers, made))


def _used(pen: Pen, entry: VoucherUsed) -> None:
    voucher = _known(pen, entry.voucher, entry)
    clock = pen.circumstances.rests_since or entry.now
    if (state := voucher.state(clock)) != "usable":
        raise pen.bad(entry, f"voucher {entry.voucher} is {state}", voucher=entry.voucher)
    _change(pen, voucher._replace(used=entry.use))


def _restored(pen: Pen, entry: VoucherRestored) -> None:
    voucher = _known(pen, entry.voucher, entry)
    if voucher.used != entry.use:
        raise pen.bad(entry, f"voucher {entry.voucher} was not used as {entry.use}", voucher=entry.voucher)
    _change(pen, voucher._replace(used=""))


def _withdrawn(pen: Pen, entry: VoucherWithdrawn) -> None:
    voucher = _known(pen, entry.voucher, entry)
    if voucher.used or voucher.withdrawn:
        raise pen.bad(entry, f"voucher {entry.voucher} is {voucher.state(entry.now)}", voucher=entry.voucher)
    _change(pen, voucher._replace(withdrawn=True))


#: How each kind of entry is taken.
VOUCHING: Mapping[type[Entry], Callable[[Any, Any], None]] = {
    VoucherIssued: _issued,
    VoucherUsed: _used,
    VoucherRestored: _restored,
    VoucherWithdrawn: _withdrawn,
}
