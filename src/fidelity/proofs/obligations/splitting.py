"""P7: splitting, refunding and spending gain nothing: what is earned twice is what is earned once, but for rounding."""

from __future__ import annotations

from fractions import Fraction

from fidelity.language.tree import Compare, Field, Literal, Magnitude, Node, add, multiply, negate
from fidelity.proofs.model import NOTHING
from fidelity.proofs.obligation import second, substitute
from fidelity.proofs.obligations.asking import Asking, all_hold, any_holds, highest, less

__all__ = ["splitting"]


def splitting(asking: Asking) -> None:
    """
    Whether points can be had for nothing.

    ``P7.split``: buying in two parts changes points by no more than was stated; ``P7.refund``: what is taken back is
    what was earned; ``P7.loop``: nobody gains by buying, spending the points and giving back; ``P7.yield``: no purchase
    pays for itself in points.
    """
    model = asking.model
    if not model.earns:
        return
    if model.promised.split is not None and model.roles.amount:
        _split(asking, model.promised.split)
    if model.claw is not None:
        _refund(asking, model.claw)
    if model.promised.point_value is not None and model.promised.yields and model.roles.amount:
        _yield(asking, model.promised.point_value)


def _split(asking: Asking, bound: int) -> None:
    model, path = asking.model, asking.model.roles.amount
    split = (path, *model.parts)
    plain: dict[str, Node] = dict.fromkeys(model.plain, NOTHING)
    one = substitute(model.points, plain)
    between = {each: substitute(node, plain) for each, node in model.between_parts.items()}
    other = substitute(one, {**between, **{each: Field(second(each)) for each in split}})
    both = substitute(one, {each: add(Field(each), Field(second(each))) for each in split})
    gain = add(one, other, negate(both))
    most = highest(model.kinds.get(path))
    amounts = [Compare(">=", Field(path), Literal(1)), Compare(">=", Field(second(path)), Literal(1))]
    if not model.between_parts and not model.parts:
        # Which part comes first makes no difference then.
        amounts[1] = Compare("<=", Field(path), Field(second(path)))
    if most is not None:
        amounts.append(Compare("<=", add(Field(path), Field(second(path))), Literal(most)))
    asking.ask(
        "P7.split",
        all_hold([*amounts, any_holds([Compare(">", gain, Literal(bound)), less(gain, Literal(-bound))])]),
        shows={"points a": one, "points b": other, "points a+b": both},
        objective=Magnitude(gain),
        cause=asking.rules_reading(path, *model.parts, *model.between_parts),
        pairs={second(each): each for each in split},
    )


def _refund(asking: Asking, claw: Node) -> None:
    model = asking.model
    asking.ask(
        "P7.refund",
        Compare("!=", claw, model.points),
        shows={"earned": model.points, "clawed back": claw},
        objective=Magnitude(add(claw, negate(model.points))),
    )
    left = claw if model.claw_after_spending is None else model.claw_after_spending
    value = Fraction(1) if model.promised.point_value is None else model.promised.point_value
    gains = less(left, model.points) if value > 0 else less(model.points, left) if value < 0 else less(claw, claw)
    asking.ask(
        "P7.loop",
        gains,
        shows={"earned": model.points, "clawed back after spending them": left},
        objective=add(model.points, negate(left)),
    )


def _yield(asking: Asking, value: Fraction) -> None:
    model, amount = asking.model, Field(asking.model.roles.amount)
    worth = multiply(Literal(value.numerator if value.denominator == 1 else value), model.points)
    asking.ask(
        "P7.yield",
        all_hold([Compare(">=", amount, Literal(1)), Compare(">=", worth, amount)]),
        shows={"points": model.points, "worth": worth, "paid": amount},
        cause=[each.name for each in model.rules],
    )
