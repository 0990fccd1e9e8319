"""The desk: the program at work on the host's database, made once for each process."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.db import transaction
from django.utils import timezone

import fidelity as fd
from books.journal import DjangoJournal
from shop.models import Order

__all__ = ["loyalty", "pay", "take_back"]


@cache
def loyalty() -> fd.Loyalty:
    """The program at work. Inside a transaction of yours write ``loyalty().joined("default")``."""
    return fd.Loyalty(fd.load(settings.LOYALTY_PROGRAM), DjangoJournal("default"), clock=timezone.now)


def pay(order: Order) -> int:
    """Save *order* and what it earns: both, or neither. How many points that is; 0 without a member."""
    with transaction.atomic():
        order.save(force_insert=True)
        if not order.member:
            return 0
        receipt = loyalty().joined("default").record(order.purchase())
    assert isinstance(receipt, fd.ledger.receipts.EarnReceipt)  # noqa: S101  (what a purchase gives)
    return receipt.points


def take_back(order: Order, cents: int, slip: str) -> int:
    """Take goods of *order* back, and their points: both, or neither. How many points went."""
    with transaction.atomic():
        held = Order.objects.select_for_update().get(pk=order.pk)
        held.returned_cents += cents
        held.save()
        if not held.member:
            return 0
        back = fd.Return(slip, purchase=held.number, amount=held.money(cents), at=timezone.now())
        receipt = loyalty().joined("default").record(back)
    assert isinstance(receipt, fd.ledger.receipts.ReturnReceipt)  # noqa: S101  (what a return gives)
    return receipt.points
