"""Converting: what becomes of points at the end of a period, derived when it is due and written once it is known.

Each conversion is learned when it happens, so books read as of any instant have it whether or not anybody swept. It
comes after what expires at that instant, and before what the new period brings.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import ClassVar

from attrs import frozen

from fidelity.commands import Command
from fidelity.entries import Entry, PointsRedeemed
from fidelity.entries.codec import canonical
from fidelity.ledger import Account
from fidelity.ledger.receipts import ConversionReceipt
from fidelity.ledger.using import give_voucher
from fidelity.loyalty.identity import Asked
from fidelity.loyalty.versions import Versions
from fidelity.rules.program import Program
from fidelity.rules.rewards.vouchers import Conversion
from fidelity.values.zones import local_date

__all__ = ["Conversions", "Due", "converted"]


@frozen(kw_only=True)
class Convert(Command):
    """Points of *member* become a voucher. Nobody asks for it: it is derived."""

    name: ClassVar[str] = "convert"

    member: str
    key: str


@frozen
class Due:
    """
    A conversion that is due.

    Attributes:
        at: When.
        program: Whose terms.
        terms: What becomes of the points.
        since: Only points that took effect from then on; None: all of them. What was earned before a program began to
            convert keeps the terms under which it was earned (SEMANTICS D24).
    """

    at: datetime
    program: Program
    terms: Conversion
    since: datetime | None


class Conversions:
    """The conversions of a program's versions, each while it held."""

    def __init__(self, versions: Versions) -> None:
        self.versions = versions
        self._known: tuple[datetime, ...] | None = None
        self._terms: tuple[tuple[datetime, datetime | None, Program, Conversion, datetime | None], ...] = ()

    @property
    def any(self) -> bool:
        """Whether any version converts."""
        known = self.versions.known
        if known is not self._known:
            self._terms, self._known = tuple(self._made()), known
        return bool(self._terms)

    def due(self, account: Account, until: datetime) -> Iterator[Due]:
        """What is due after the last entry of *account*, until *until*, in order."""
        if not self.any or account.now is None or account.closed_at is not None:
            return iter(())
        found: list[Due] = []
        for begins, ends, program, terms, since in self._terms:
            last = until if ends is None else min(until, ends)
            after = max(account.now, begins)
            if after < last:
                found += [Due(at, program, terms, since) for at in terms.ends(after, last, program.zone)]
        return iter(sorted(found, key=lambda each: (each.at, each.terms.of)))

    def _made(self) -> Iterator[tuple[datetime, datetime | None, Program, Conversion, datetime | None]]:
        history = self.versions.history()
        began: dict[str, datetime | None] = {}
        for place, (program, begins) in enumerate(history):
            ends = history[place + 1][1] if place + 1 < len(history) else None
            began = {each.of: began.get(each.of, begins if place else None) for each in program.conversions}
            for each in program.conversions:
                yield begins, ends, program, each, began[each.of]


def converted(account: Account, due: Due) -> tuple[Asked, tuple[Entry, ...], ConversionReceipt] | None:
    """What *due* comes to on *account*; None if there is too little for a voucher, or the member's clocks stand."""
    terms, at = due.terms, due.at
    account = account.advance(at)
    if account.circumstances.rests_since is not None:
        return None
    lots = [lot for lot in account.lots(terms.of) if lot.available and (due.since is None or lot.earned >= due.since)]
    wallet = account.rulebook.wallets.get(terms.of)
    if wallet is not None and wallet.order == "earning order":
        lots.sort(key=lambda lot: lot.number)
    points = terms.converted(sum(lot.available for lot in lots))
    if not points:
        return None
    rows, left = [], points
    for lot in lots:
        part = min(left, lot.available)
        left -= part
        if part:
            rows.append((lot.id, part))
    day = local_date(at, account.rulebook.zone).isoformat()
    name, worth = f"conversion/{terms.of}/{day}", str(terms.value(points))
    spent = PointsRedeemed(
        at=at, now=at, redemption=name, reward=terms.name, wallet=terms.of, points=points, lots=tuple(rows), worth=worth
    )
    issued = give_voucher(
        account, at, at, terms.voucher, reward=terms.name, origin=name, program=due.program.version,
        digest=due.program.digest, worth=worth,
    )  # fmt: skip
    receipt = ConversionReceipt(
        member=account.member, at=at, id=name, wallet=terms.of, points=points, voucher=issued.voucher, worth=worth,
        expires=issued.expires,
    )  # fmt: skip
    key = f"{name}/{account.member}"
    payload = {"command": Convert.name, "member": account.member, "wallet": terms.of, "day": day}
    asked = Asked(
        Convert(member=account.member, key=key, now=at), at, key, payload, sha256(canonical(payload)).hexdigest(),
        account.member,
    )  # fmt: skip
    return asked, (spent, issued), receipt
