"""Keys: which command the lines of a journal come from, and whether its key still stands with what it had come to.

The chain covers the lines. A key that is gone lets a retry apply once more, and one that was changed gives a wrong
answer: so each command is held against its lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256

from attrs import define, evolve

from fidelity.commands import (
    Capture,
    Close,
    Command,
    EndProtection,
    Enroll,
    Extend,
    Forgive,
    Freeze,
    Goodwill,
    Hold,
    JoinHousehold,
    LeaveHousehold,
    Merge,
    Protect,
    Redeem,
    Reinstate,
    Release,
    Rerate,
    Transfer,
    Undo,
    Unfreeze,
    Use,
)
from fidelity.commands_of_all import Refer, Restock, Resume, Suspend, WithholdReferral  # fmt: skip
from fidelity.commands_of_status import CreditTier, MatchStatus
from fidelity.entries import (
    AccountClosed,
    AccountFrozen,
    AccountMerged,
    AccountUnfrozen,
    DebtForgiven,
    Enrolled,
    Entry,
    EventRecorded,
    GoodwillGiven,
    HoldCaptured,
    HoldReleased,
    HouseholdJoined,
    HouseholdLeft,
    PointsAdjusted,
    PointsEarned,
    PointsExtended,
    PointsHeld,
    PointsRedeemed,
    PointsReinstated,
    PointsReversed,
    PointsSent,
    RedemptionUndone,
    ReturnRecorded,
)  # fmt: skip
from fidelity.entries.campaign import CampaignResumed, CampaignSuspended, StockChanged
from fidelity.entries.codec import canonical, instant_text, to_plain
from fidelity.entries.confirming import ConfirmationRecorded
from fidelity.entries.hardship import ProtectionEnded, ProtectionStarted
from fidelity.entries.referral import InvitationMade, ReferralWithheld
from fidelity.entries.status import StatusMatched, TierCredited
from fidelity.entries.vouchers import VoucherRestored, VoucherUsed
from fidelity.journals.port import Applied, Recorded

__all__ = ["Applications", "Made", "signed"]

#: Commands whose entries hold no id that is made of their key: they hold the key itself.
_SIGNED = (
    Capture, Close, CreditTier, EndProtection, Extend, Forgive, Freeze, JoinHousehold, LeaveHousehold, MatchStatus,
    Reinstate, Release, Undo, Unfreeze,
)  # fmt: skip
#: Where the others have an id that is made of the key, and what stands before it there.
_IDS: Mapping[type[Entry], tuple[str, str]] = {
    PointsRedeemed: ("redemption", "redemption/"),
    PointsHeld: ("hold", "hold/"),
    VoucherUsed: ("use", "use/"),
    GoodwillGiven: ("origin", "goodwill/"),
    PointsSent: ("transfer", "transfer/"),
    AccountMerged: ("merge", "merge/"),
    ProtectionStarted: ("protection", "protection/"),
    PointsAdjusted: ("reason", "rerate/"),
    PointsReversed: ("reason", "rerate/"),
}
#: Which command writes what.
_COMMANDS: Mapping[type[Entry], type[Command]] = {
    Enrolled: Enroll, PointsRedeemed: Redeem, PointsHeld: Hold, HoldCaptured: Capture, HoldReleased: Release,
    VoucherUsed: Use, VoucherRestored: Undo,
    RedemptionUndone: Undo, GoodwillGiven: Goodwill, DebtForgiven: Forgive, PointsExtended: Extend,
    PointsReinstated: Reinstate, PointsSent: Transfer, AccountMerged: Merge, HouseholdJoined: JoinHousehold,
    HouseholdLeft: LeaveHousehold, AccountFrozen: Freeze, AccountUnfrozen: Unfreeze, ProtectionStarted: Protect,
    ProtectionEnded: EndProtection, AccountClosed: Close, PointsAdjusted: Rerate, PointsReversed: Rerate,
    TierCredited: CreditTier, StatusMatched: MatchStatus,
    CampaignSuspended: Suspend, CampaignResumed: Resume, StockChanged: Restock,
    InvitationMade: Refer, ReferralWithheld: WithholdReferral,
}  # fmt: skip
#: What means the same in an entry and in the receipt of its command.
_SAME = frozenset({
    "by", "cause", "count", "hold", "household", "into", "lot", "points", "reason", "redemption", "reward", "to",
    "wallet", "worth",
})  # fmt: skip


def signed(entries: tuple[Entry, ...], command: Command) -> tuple[Entry, ...]:
    """The *entries* of *command*, each with its key where nothing else in it tells."""
    if not isinstance(command, _SIGNED):
        return entries
    return tuple(
        evolve(each, key=command.key) if hasattr(type(each), "key") else each  # type: ignore[call-arg]
        for each in entries
    )


@define
class Made:
    """
    A command as its lines tell it.

    Attributes:
        line: The first of them, and `more`, those that follow from it.
        keys: Under which it was applied: two for a purchase that names the shop's order.
    """

    line: Recorded
    keys: tuple[str, ...]
    more: list[Entry]

    def trouble(self, key: str, found: Applied | None) -> str:
        """What is wrong with *found*, which stands under *key*; empty if nothing is."""
        name = key.removeprefix("key/").removeprefix("record/")
        if found is None:
            return f"its command {name!r} is no longer known as applied: asked again, it would be done again"
        of_event = isinstance(self.line.entry, EventRecorded | ReturnRecorded | ConfirmationRecorded)
        kept: object = found.receipt
        if not isinstance(kept, dict) or not (self._same_event(found) if of_event else self._same(found)):
            return f"its command {name!r} is kept with another request or receipt than it had"
        return ""

    def _same_event(self, found: Applied) -> bool:
        entry, receipt = self.line.entry, found.receipt
        assert isinstance(entry, EventRecorded | ReturnRecorded | ConfirmationRecorded)  # noqa: S101  (as asked before)
        if found.digest != sha256(canonical({"command": "record", "event": entry.event})).hexdigest():
            return False
        told: dict[str, object] = {"member": self.line.stream.removeprefix("points/"), "at": instant_text(entry.at)}
        if isinstance(entry, EventRecorded):
            told |= {"event": f"{entry.event_kind}/{entry.event_id}", "program": entry.program}
            told["lots"] = [
                [each.wallet, each.points, instant_text(each.starts), each.expires and instant_text(each.expires)]
                for each in self.more
                if isinstance(each, PointsEarned)
            ]
        elif isinstance(entry, ConfirmationRecorded):
            told |= {"event": f"confirmation/{entry.event_id}", "origin": entry.origin}
            told["lots"] = [[wallet, points, starts, gone or None] for _, wallet, points, starts, gone in entry.lots]
        else:
            back = [each for each in self.more if isinstance(each, PointsReversed)]
            told |= {"event": f"return/{entry.event_id}", "origin": entry.origin, "waived": dict(entry.waived)}
            told["wallets"] = {each.wallet: each.points for each in back}
            told["owed"] = {each.wallet: each.debt for each in back}
        return all(receipt.get(name) == each for name, each in told.items())

    def _same(self, found: Applied) -> bool:
        entry, receipt = self.line.entry, found.receipt
        asked = receipt.get("asked")
        if not isinstance(asked, dict) or found.digest != sha256(canonical(asked)).hexdigest():
            return False
        if asked.get("command") != _COMMANDS[type(entry)].name:
            return False
        if receipt.get("at") not in {instant_text(entry.at), instant_text(entry.now)}:
            return False
        told = to_plain(entry)
        if "id" in receipt and type(entry) in _IDS and receipt["id"] != getattr(entry, _IDS[type(entry)][0]):
            return False
        # Who gave or got together has a part of the points each, and what comes back may go to who took over.
        shared = "shares" in receipt and bool(receipt["shares"])
        of_member = self.line.stream.startswith("points/")
        if of_member and not shared and asked.get("command") != Undo.name:
            owner = self.line.stream.removeprefix("points/")
            if receipt.get("member") != owner or asked.get("member", owner) != owner:
                return False
        same = _SAME - {"points"} if shared else _SAME
        return all(told[name] == receipt[name] for name in same & told.keys() & receipt.keys())


class Applications:
    """The commands that the lines of a journal come from, while they go by."""

    def __init__(self) -> None:
        self._open: dict[str, Made] = {}
        self._fresh: set[str] = set()
        self._doubted: set[str] = set()
        #: The commands whose lines are known in full.
        self.ready: list[Made] = []

    def follow(self, line: Recorded) -> None:
        """Take *line*, in which nothing is wrong."""
        if line.stream in self._doubted:
            return
        entry, known = line.entry, self._open.get(line.stream)
        if known is not None and _follows(entry, known.line.entry):
            known.more.append(entry)
            return
        self._close(line.stream)
        if keys := tuple(_keys_of(entry)):
            self._open[line.stream] = Made(line, keys, [])
            self._fresh.add(line.stream)

    def doubt(self, stream: str) -> None:
        """Let go of *stream*: of lines that were changed nothing can be told."""
        self._doubted.add(stream)
        self._open.pop(stream, None)

    def turn(self, *, last: bool = False) -> None:
        """A page was read: what was open before it is at its end. What was appended at once is read at once."""
        for stream in [each for each in self._open if last or each not in self._fresh]:
            self._close(stream)
        self._fresh.clear()

    def _close(self, stream: str) -> None:
        known = self._open.pop(stream, None)
        if known is not None:
            self.ready.append(known)


def _follows(entry: Entry, first: Entry) -> bool:
    """Whether *entry* was written by the command that had written *first*."""
    if isinstance(first, EventRecorded):
        return isinstance(entry, PointsEarned) and entry.origin == f"{first.event_kind}/{first.event_id}"
    if isinstance(first, ReturnRecorded):
        return isinstance(entry, PointsReversed) and entry.reason == f"return/{first.event_id}"
    return False


def _keys_of(entry: Entry) -> Iterator[str]:
    """Under which keys the command was applied that begins with *entry*."""
    if isinstance(entry, Enrolled):
        yield f"enroll/{entry.member}"
    elif isinstance(entry, EventRecorded):
        yield f"record/{entry.event_kind}/{entry.event_id}"
        order = entry.event.get("order", "") if entry.event_kind == "purchase" else ""
        if order not in ("", entry.event_id):
            yield f"record/purchase/{order}"
    elif isinstance(entry, ReturnRecorded):
        yield f"record/return/{entry.event_id}"
    elif isinstance(entry, ConfirmationRecorded):
        yield f"record/confirmation/{entry.event_id}"
    elif type(entry) in _IDS:
        name, before = _IDS[type(entry)]
        made: str = getattr(entry, name)
        if made.startswith(before):
            yield f"key/{made.removeprefix(before)}"
    elif key := getattr(entry, "key", ""):
        yield f"key/{key}"
