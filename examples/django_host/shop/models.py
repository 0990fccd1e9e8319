"""Orders. What an order earns stands in the books, and is written in the same transaction."""

from __future__ import annotations

from django.db import models

import fidelity as fd

__all__ = ["Order"]


class Order(models.Model):
    """An order that was paid. Amounts are in cents."""

    number = models.CharField(max_length=64, primary_key=True)
    member = models.CharField(max_length=64, blank=True)
    currency = models.CharField(max_length=3)
    cents = models.BigIntegerField()
    returned_cents = models.BigIntegerField(default=0)
    channel = models.CharField(max_length=32, blank=True)
    paid_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.number

    def purchase(self) -> fd.Purchase:
        """The order as an event of the program."""
        paid = self.money(self.cents)
        return fd.Purchase(self.number, member=self.member, amount=paid, at=self.paid_at, channel=self.channel)

    def money(self, cents: int) -> fd.Money:
        """So many *cents* in the currency of the order."""
        return fd.Money(cents, self.currency)
