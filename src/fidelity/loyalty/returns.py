"""What remains of a purchase after goods came back. Pure: a purchase and a return in, a purchase out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import evolve

from fidelity.errors import EventError
from fidelity.events import Line, Purchase, Return
from fidelity.values.money import Money
from fidelity.values.shares import shares

__all__ = ["remaining"]


def remaining(purchase: Purchase, back: Return) -> Purchase | None:
    """
    What remains of *purchase* after *back*; None when nothing does.

    An amount takes the same share of every line and part, to the cent; lines take their own amount, less their share
    of a discount on the whole order.

    Raises:
        EventError: If more came back than there was, or a line that was not bought.
    """
    discount = purchase.discount
    if back.lines:
        lines, amount, discount = _without(purchase, back)
        if not lines and purchase.lines:
            return None
    elif back.amount is None:
        return None
    else:
        amount = back.amount
        lines = None
    if amount.currency != purchase.amount.currency:
        message = f"return {back.id} pays back {amount}, but {purchase.id} was paid in {purchase.amount.currency}"
        raise EventError(message, value=amount)
    left = purchase.amount - amount
    if left.minor < 0:
        message = f"return {back.id} pays back {amount} of {purchase.amount} that remain of purchase {purchase.id}"
        raise EventError(f"{message}; pay back at most that", value=amount)
    if not left.minor:
        return None
    # An order that lost lines keeps the discount of the lines that stay; one that lost an amount, its share of it.
    names = ["discount"] if discount is not None and lines is None else []
    names += [name for name in ("paid_with_points", "tax", "shipping", "tip") if getattr(purchase, name) is not None]
    shrunk = _shrunk([getattr(purchase, name) for name in names], purchase.amount, left)
    parts: dict[str, Any] = {"discount": discount, **dict(zip(names, shrunk, strict=True))}
    if lines is None:
        amounts = _shrunk([line.amount for line in purchase.lines], purchase.amount, left)
        lines = tuple(evolve(line, amount=part) for line, part in zip(purchase.lines, amounts, strict=True))
    return evolve(purchase, amount=left, lines=lines, **parts)


def _shrunk(parts: Sequence[Money], whole: Money, left: Money) -> list[Money]:
    """Each part times left/whole, rounded so that their sum is the rounded sum: what is cut off goes to the largest."""
    if not whole.minor:
        return list(parts)
    cut = [divmod(part.minor * left.minor, whole.minor) for part in parts]
    total = sum(part.minor for part in parts) * left.minor // whole.minor
    spare = total - sum(units for units, _ in cut)
    first = sorted(range(len(cut)), key=lambda place: (-cut[place][1], place))[:spare]
    return [Money(units + (place in first), whole.currency) for place, (units, _) in enumerate(cut)]


def _without(purchase: Purchase, back: Return) -> tuple[tuple[Line, ...], Money, Money | None]:
    """The lines that stay, what was paid for the others, and what of the order's discount stays."""
    if not purchase.lines:
        message = f"return {back.id} names lines, but none are known of purchase {purchase.id}; tell the amount"
        raise EventError(message, value=back.lines)
    lines = list(purchase.lines)
    amount = off = Money(0, purchase.amount.currency)
    given = _discounts(purchase)
    for each in back.lines:
        place = _place(lines, each)
        if place < 0:
            message = f"return {back.id} gives back {_name(each)}, which does not remain of purchase {purchase.id}"
            raise EventError(message, value=each)
        line = lines[place]
        if isinstance(each, str) or (each.quantity, each.amount) == (line.quantity, line.amount):
            amount += line.amount
            off += given.pop(place)
            del lines[place]
            continue
        part = Money(shares(given[place].minor, [each.amount.minor], line.amount.minor)[0], off.currency)
        amount, off = amount + each.amount, off + part
        given[place] -= part
        lines[place] = evolve(line, quantity=line.quantity - each.quantity, amount=line.amount - each.amount)
    return tuple(lines), amount - off, None if purchase.discount is None else purchase.discount - off


def _discounts(purchase: Purchase) -> list[Money]:
    """The share that each line has of a discount on the whole order."""
    costs = [each.amount.minor for each in purchase.lines]
    whole = sum(costs)
    told = 0 if purchase.discount is None else min(purchase.discount.minor, whole)
    return [Money(share, purchase.amount.currency) for share in shares(told, costs, whole)]


def _place(lines: Sequence[Line], wanted: Line | str) -> int:
    for place, line in enumerate(lines):
        if isinstance(wanted, str):
            if line.id == wanted:
                return place
        elif (
            evolve(wanted, quantity=line.quantity, amount=line.amount) == line
            and wanted.quantity <= line.quantity
            and wanted.amount <= line.amount
        ):
            return place
    return -1


def _name(line: Line | str) -> str:
    return (
        f"line {line!r}" if isinstance(line, str) else f"{line.quantity} × {line.sku or line.category or line.amount}"
    )
