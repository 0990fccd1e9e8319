"""Money off a sale: what a discount takes off, from which lines, and when it applies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from attrs import field, frozen

from fidelity.errors import LanguageError, OperandError
from fidelity.language.numbers import AmountHandle, NumberHandle
from fidelity.language.tree import Field, Node, OverLines
from fidelity.rules.earning.rules import condition, days, named
from fidelity.values.money import Money, money
from fidelity.values.rates import exact
from fidelity.values.spelling import shown
from fidelity.values.whole import whole_number

__all__ = ["Discount", "Off", "discounts", "maybe_off", "most_off", "off"]

_SHARE = re.compile(r"\s*([0-9]+(?:[./][0-9]+)?)\s*%\s*")


@frozen
class Off:
    """
    So much money off.

    Attributes:
        share: A part of what is in scope, above 0 and at most 1; None for an amount.
        amount: An amount; None for a share.
        of: The lines in scope, as the condition on one of them; None for all of them.
        whole: Whether it is off the whole sale, with what stands beside its lines.
        most: The most that it takes off.
        units: Off so many units only, the cheapest ones in scope; None for all.
        per: So many units for each *per* in scope; 0 for once.
    """

    share: Fraction | None = None
    amount: Money | None = None
    of: Node | None = None
    whole: bool = True
    most: Money | None = None
    units: int | None = None
    per: int = 0


def off(
    value: str | Money,
    *,
    of: NumberHandle | AmountHandle | None = None,
    most: str | Money | None = None,
    units: int | None = None,
    per: int = 0,
) -> Off:
    """
    Money off: ``off("10 %")``, ``off("3 EUR", of=lines(line.category == "coffee").amount, most="9 EUR")``.

    Args:
        value: A share such as ``"10 %"``, or an amount. Never more than what is in scope costs.
        of: The lines in scope: ``lines(…).amount``. Without it the whole sale.
        most: The most that it takes off.
        units: Off so many units only, the cheapest in scope.
        per: With *units*: so many of them for each so many in scope, as in "one of each three".

    Raises:
        OperandError, MoneyError: If it is no share and no amount.

    >>> off("10 %", most="9 EUR").share, off("3 EUR").amount
    (Fraction(1, 10), Money("3.00 EUR"))
    """
    share, amount = _taken(value)
    limited = None if most is None else money(most)
    if limited is not None and limited.minor <= 0:
        message = f"most= is the most that is taken off, above zero, not {limited}"
        raise OperandError(message, value=most)
    if units is not None:
        whole_number(units, what="units", low=1)
    if per and units is None:
        message = "per= says for how many units some are reduced; say how many: units=1, per=3"
        raise OperandError(message, value=per)
    whole_number(per, what="per", low=0)
    if of is None:
        return Off(share, amount, None, True, limited, units, per)  # noqa: FBT003 -- the whole sale
    node = getattr(of, "node", None)
    if not isinstance(node, OverLines) or node.value != Field("line.amount"):
        message = f"of= takes the amount of some lines: lines(line.category == …).amount, not {shown(of)}"
        raise OperandError(message, value=of)
    return Off(share, amount, node.when, False, limited, units, per)  # noqa: FBT003 -- some lines


def _taken(value: object) -> tuple[Fraction | None, Money | None]:
    if isinstance(value, str) and (found := _SHARE.fullmatch(value)):
        share = exact(found[1], what="share") / 100
        if not 0 < share <= 1:
            message = f"{value!r} is no share of a price; it is above 0 % and at most 100 %"
            raise OperandError(message, value=value)
        return share, None
    if isinstance(value, str | Money):
        amount = money(value)
        if amount.minor <= 0:
            message = f"{amount} off takes nothing off; write an amount above zero"
            raise OperandError(message, value=value)
        return None, amount
    message = f'money off is a share ("10 %") or an amount ("3 EUR"), not {shown(value)}'
    raise OperandError(message, value=value)


def _off(value: object) -> Off:
    if isinstance(value, Off):
        return value
    message = f'a discount takes off off("10 %") or off("3 EUR"), not {shown(value)}'
    raise OperandError(message, value=value)


def maybe_off(value: Off | None) -> Off | None:
    """Money off, or none."""
    return None if value is None else _off(value)


def most_off(value: Off | None) -> Money | None:
    """The most that it can take off, whatever the sale; None where only the sale tells."""
    told = () if value is None else tuple(each for each in (value.amount, value.most) if each is not None)
    same = len({each.currency for each in told}) == 1
    return min(told, key=lambda each: each.minor) if same else None


def _during(value: tuple[date | str, date | str] | None) -> tuple[date, date] | None:
    return None if value is None else days(value, "during=")


@frozen
class Discount:
    """
    A promotion that takes money off a sale. Discounts apply in the order of the program, each on what remains.

    Args:
        name: How the receipt calls it; unique among the discounts.
        off: How much, from which lines.
        when: The condition; None means always.
        during: First and last local day on which it applies.
        one_of: Of the discounts that share this word only the one counts that takes off most.
    """

    name: str = field(validator=named)
    off: Off = field(converter=_off)
    when: Node | None = field(default=None, kw_only=True, converter=condition)
    during: tuple[date, date] | None = field(default=None, kw_only=True, converter=_during)
    one_of: str = field(default="", kw_only=True)


def discounts(value: Iterable[Discount]) -> tuple[Discount, ...]:
    """Discounts, in order."""
    found = (value,) if isinstance(value, Discount) else tuple(value)
    for each in found:
        if not isinstance(each, Discount):
            message = f'{shown(each)} is not a discount; write Discount("autumn", off("10 %"))'
            raise LanguageError(message, value=each)
    return found
