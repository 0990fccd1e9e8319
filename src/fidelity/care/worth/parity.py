"""Whether price and product are at par with competitors: checked, dated, with evidence. Principle E5."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from attrs import field, frozen

from fidelity.care.command import ORGANIZATION, CareCommand, Decision, Known
from fidelity.care.receipt import CareReceipt
from fidelity.entries import Entry
from fidelity.entries.staff import ParityChecked
from fidelity.errors import ValueRefused
from fidelity.values.naming import code
from fidelity.values.zones import local_date

__all__ = ["OUTCOMES", "CheckParity", "ParityReceipt", "ParityStanding", "parity_standing"]

#: What a comparison can come to.
OUTCOMES = ("better", "at par", "worse")


@frozen(kw_only=True)
class ParityStanding:
    """
    Where the comparison with competitors stands on a day.

    Attributes:
        state: ``valid``, ``out of date``, or ``missing`` if none was ever made.
        outcome: What the last one came to: ``better``, ``at par``, ``worse``; empty if there is none.
        last: The day of the last one.
        until: The last day on which it is valid.
        days_overdue: For how many days it has been out of date.
        rivals: Whom it compared with.
    """

    state: str = "missing"
    outcome: str = ""
    last: date | None = None
    until: date | None = None
    days_overdue: int = 0
    rivals: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether it may be said that price and product are at par: a valid comparison says so."""
        return self.state == "valid" and self.outcome in ("better", "at par")


def parity_standing(entries: Iterable[Entry], today: date, zone: ZoneInfo) -> ParityStanding:
    """Where the comparison with competitors stands on the day *today*."""
    last = None
    for each in entries:
        if isinstance(each, ParityChecked):
            last = each
    if last is None:
        return ParityStanding()
    return ParityStanding(
        state="valid" if today <= last.until else "out of date", outcome=last.outcome,
        last=local_date(last.at, zone), until=last.until, days_overdue=max(0, (today - last.until).days),
        rivals=last.rivals,
    )  # fmt: skip


@frozen(kw_only=True)
class ParityReceipt(CareReceipt):
    """
    A comparison with competitors, taken note of.

    Attributes:
        check: Its id.
        outcome: ``better``, ``at par`` or ``worse``.
        until: The last day on which it is valid.
    """

    kind: ClassVar[str] = "parity"

    check: str
    outcome: str
    until: date


def _rivals(value: Iterable[str]) -> tuple[str, ...]:
    found = (value,) if isinstance(value, str) else tuple(value)
    if not found:
        message = "tell with whom price and product were compared: rivals=('Hotel Sol', …)"
        raise ValueRefused(message, field="rivals", value=found)
    return tuple(code(each, "rivals") for each in found)


@frozen(kw_only=True)
class CheckParity(CareCommand):
    """Take note that price and product were compared with *rivals*; the words are the evidence."""

    name: ClassVar[str] = "check parity"
    words_name: ClassVar[str] = "parity"

    rivals: tuple[str, ...] = field(converter=_rivals)
    outcome: str

    @property
    def publishes(self) -> bool:
        """It is about the organization."""
        return True

    def decide(self, known: Known) -> Decision:
        """The comparison, valid for as long as the policy says."""
        code(self.outcome, "outcome")
        if self.outcome not in OUTCOMES:
            message = f"a comparison comes to {', '.join(map(repr, OUTCOMES))}, not {self.outcome!r:.80}"
            raise ValueRefused(message, field="outcome", value=self.outcome)
        if not self.words:
            message = "a comparison has its evidence: tell in words what was compared, and where it can be seen"
            raise ValueRefused(message, field="evidence")
        until = local_date(known.now, known.zone) + timedelta(days=known.policy.parity_days)
        checked = ParityChecked(
            at=known.now, now=known.now, check=self.key, rivals=self.rivals, outcome=self.outcome,
            digest=known.digest, until=until,
        )  # fmt: skip
        receipt = ParityReceipt(at=known.now, check=self.key, outcome=self.outcome, until=until)
        return Decision(receipt, {ORGANIZATION: (checked,)})
