"""Fitting: what is known of each customer's purchases, as the models of them take it."""

from __future__ import annotations

from attrs import frozen

from fidelity.metrics.arguments import Array, Column, numbers, refuse_rows, same_length
from fidelity.metrics.models import Model, positive

__all__ = ["Model", "Seen", "positive", "seen_of"]


@frozen(eq=False)
class Seen:
    """
    What is known of each customer's purchases.

    Attributes:
        x: How many repeat purchases there were.
        t_x: When the last one was, since the first purchase; 0 where there was none.
        age: How long ago the first purchase was.
    """

    x: Array
    t_x: Array
    age: Array


def seen_of(frequency: Column, recency: Column, age: Column) -> Seen:
    """
    Repeat purchases, checked.

    Raises:
        MetricError: If columns differ in length, a number is missing or negative, a frequency is not whole, the last
            purchase lies after the end, or there is a last purchase without a repeat one.
    """
    x = numbers("frequency", frequency, low=0, whole=True)
    t_x = numbers("recency", recency, low=0)
    total = numbers("age", age, low=0)
    same_length(frequency=x, recency=t_x, age=total)
    refuse_rows("recency", t_x > total * (1 + 1e-12), "lies after the age", "measure both from the first purchase")
    refuse_rows("recency", (x == 0) & (t_x > 0), "is above 0 without repeat purchases", "give 0 there")
    refuse_rows("age", total == 0, "is 0", "leave out who came at the very end")
    return Seen(x, t_x, total)
