"""Protection: begun with its cause and ended with it, in the books of points and in what is remembered, at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TypeVar

from attrs import evolve, frozen

from fidelity.care.command import Decision, Known, care_stream
from fidelity.care.dignity.hard_times import HardTimes
from fidelity.care.dignity.state import HardshipCase, MissedPayment
from fidelity.care.keys import fitting
from fidelity.care.receipt import CareReceipt
from fidelity.commands import Command, EndProtection, Protect
from fidelity.entries import Entry
from fidelity.entries.hardship import ContactDropped, ContactPlanned, HardshipClosed, ProtectionEnded, ProtectionStarted
from fidelity.values.zones import local_date

__all__ = ["Steps", "closing", "dropping", "ending", "ending_paid", "hard_times", "proposing", "protecting"]

R = TypeVar("R", bound=CareReceipt)


def hard_times(known: Known, member: str) -> HardTimes:
    """What is known of the hard times of *member*."""
    return HardTimes(member, known.of(member), known.zone)


@frozen
class Steps:
    """
    What a command writes, step by step, and what it does in the books of points.

    Attributes:
        known: What is known.
        member: Whose hard times they are.
        entries, points: So far.
    """

    known: Known
    member: str
    entries: tuple[Entry, ...] = ()
    points: tuple[Command, ...] = ()

    def then(self, entries: Iterable[Entry], points: Iterable[Command] = ()) -> Steps:
        """With these too."""
        return evolve(self, entries=(*self.entries, *entries), points=(*self.points, *points))

    @property
    def after(self) -> HardTimes:
        """The hard times after these steps."""
        return HardTimes(self.member, (*self.known.of(self.member), *self.entries), self.known.zone)

    @property
    def protected(self) -> bool:
        """Whether anything protects the member after these steps, for whatever cause."""
        begun = any(isinstance(each, Protect) for each in self.points)
        ended = {each.protection for each in self.points if isinstance(each, EndProtection)}
        return begun or bool(set(self.known.books[self.member].protections) - ended)

    def decision(self, receipt: CareReceipt) -> Decision:
        """All of it, with *receipt*."""
        return Decision(receipt, {care_stream(self.member): self.entries}, self.points)


def protecting(steps: Steps, cause: str) -> Steps:
    """From now on nothing earned is lost, because of *cause*."""
    now, key = steps.known.now, f"care/{cause}"
    started = ProtectionStarted(at=now, now=now, protection=f"protection/{key}", cause=cause)
    return steps.then((started,), (Protect(member=steps.member, cause=cause, key=key, now=now),))


def ending(steps: Steps, *causes: str, reason: str) -> Steps:
    """What was protected because of *causes* is not any more; clocks go on where they stood."""
    now, books = steps.known.now, steps.known.books[steps.member]
    for protection, cause in steps.after.protections.items():
        if cause in causes:
            ended = ProtectionEnded(at=now, now=now, protection=protection, reason=reason)
            # Ended by hand, merged or closed: then there is nothing to end in these books.
            stands = books.enrolled and protection in books.protections
            end = EndProtection(
                member=steps.member, protection=protection, reason=reason, key=fitting(f"end {protection}"), now=now
            )
            steps = steps.then((ended,), (end,) if stands else ())
    return steps


def ending_paid(steps: Steps, *, reason: str) -> Steps:
    """What was protected because of payments that are over by these steps is not any more."""
    before, after = hard_times(steps.known, steps.member), steps.after
    causes = [each.cause for each in before.open_payments if after.payments[each.id].over is not None]
    return ending(steps, *causes, reason=reason)


def closing(steps: Steps, case: HardshipCase, outcome: str) -> Steps:
    """With *case* closed, and all that it protected; for what it did not cover, one kind contact is to come."""
    known = steps.known
    closed = HardshipClosed(at=known.now, now=known.now, case=case.id, outcome=outcome)
    steps = ending_paid(ending(steps.then((closed,)), case.cause, reason="case closed"), reason="case closed")
    left = steps.after.open_payments[:1]
    return proposing(steps, left[0]) if left and not steps.after.to_come else steps


def proposing(steps: Steps, payment: MissedPayment) -> Steps:
    """With one kind contact about *payment*, unless somebody talks with the member already."""
    known, after = steps.known, steps.after
    if after.case is not None:
        return steps
    today, policy = local_date(known.now, known.zone), known.policy.dignity
    first, own = policy.contacts.contacts[0], sum(each.payment == payment.id for each in after.contacts)
    day = max(payment.due + timedelta(first.day), today, after.earliest(policy.gap_days) or today)
    contact = ContactPlanned(
        at=known.now, now=known.now, contact=f"{payment.id}/{own + 1}", plan="", due=day, tone=first.tone,
        message=str(first.does), payment=payment.id,
    )  # fmt: skip
    return steps.then((contact,))


def dropping(steps: Steps, reason: str) -> Steps:
    """Contacts that were not made yet are not made."""
    now = steps.known.now
    return steps.then(
        ContactDropped(at=now, now=now, contact=each.id, reason=reason) for each in steps.after.to_come
    )  # fmt: skip
