"""Payments that a plan names before their day: what was told of them already is not told again when they are missed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from attrs import evolve, frozen

from fidelity.values.money import Money

__all__ = ["Ahead"]


@frozen
class Ahead:
    """
    What plans name before it is missed.

    Attributes:
        names: The payments.
        owed: By currency, in minor units: what the plans hold for them together.
        came: By currency: what came of it.
    """

    names: frozenset[str] = frozenset()
    owed: Mapping[str, int] = {}
    came: Mapping[str, int] = {}

    def open(self, code: str) -> int:
        """What has not come yet of what is owed for them, in minor units of the currency *code*."""
        return self.owed.get(code, 0) - self.came.get(code, 0)

    def naming(self, names: Collection[str], amount: Money) -> Ahead:
        """With *names*, for which a plan holds *amount*; what it takes over of a plan before is the same money."""
        if not names:
            return self
        code, before = amount.currency, self.open(amount.currency)
        now = max(before, amount.minor) if self.names & {*names} else before + amount.minor
        return evolve(self, names=self.names | {*names}, owed={**self.owed, code: self.came.get(code, 0) + max(now, 0)})

    def received(self, amount: Money) -> Ahead:
        """After *amount* came for what a plan names ahead."""
        code = amount.currency
        part = min(amount.minor, self.open(code))
        return evolve(self, came={**self.came, code: self.came.get(code, 0) + part})

    def missing(self, payment: str, amount: Money) -> tuple[Ahead, Money, Money]:
        """After *payment* of *amount* was missed: how much of it was told as owed before, and how much of it came."""
        code = amount.currency
        if payment not in self.names:
            return self, Money.zero(code), Money.zero(code)
        told, came = min(amount.minor, self.owed.get(code, 0)), min(amount.minor, self.came.get(code, 0))
        names = self.names - {payment}
        after = Ahead(
            names,
            {**self.owed, code: self.owed.get(code, 0) - told} if names else {},
            {**self.came, code: self.came.get(code, 0) - came} if names else {},
        )
        return after, Money(told, code), Money(came, code)
