"""What a member reads on the card of an anniversary, and managers of what a promotion brought."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from fidelity.values.money import Money
from fidelity.wording import dates, numbers
from fidelity.wording.phrasebook import listing, phrase
from fidelity.wording.tongue import own

__all__ = ["brought", "together"]


def together(language: str, day: date, years: int, *, points: int = 0, gifts: Iterable[str] = ()) -> str:
    """
    The words of the card for *years* complete on *day*.

    Args:
        points: What they got in points.
        gifts: What came beside points.
    """
    sentences = [phrase(language, "year.complete", day=dates.day(language, day), years=years, one=years == 1)]
    told = [*([numbers.points(language, points)] if points else []), *(own(language, each) for each in gifts)]
    if told:
        sentences.append(phrase(language, "year.gifts", gifts=listing(language, told)))
    return " ".join(sentences)


def brought(
    language: str,
    *,
    sales: tuple[int, int, int],
    buyers: int,
    cost: Money,
    net: tuple[Money, Money, Money],
    level: int,
) -> str:
    """
    What a promotion brought, in one paragraph for whoever decides on the next one.

    Args:
        sales: How many sales it brought, and the ends of the interval.
        buyers: How many bought.
        cost: What it cost.
        net: What is left after its cost, and at the ends of the interval.
        level: How sure the interval is to cover the truth, in percent.
    """
    counts = dict(zip(("sales", "low", "high"), (numbers.number(language, each) for each in sales), strict=True))
    amounts = dict(zip(("net", "low", "high"), (numbers.money(language, each) for each in net), strict=True))
    anyway = numbers.number(language, buyers - sales[0])
    certain = "gains" if net[1].minor > 0 else "costs" if net[2].minor < 0 else "open"
    return " ".join([
        phrase(language, "promotion.brought", counts, level=level),
        phrase(language, "promotion.anyway", buyers=numbers.number(language, buyers), anyway=anyway),
        phrase(language, "promotion.net", amounts, cost=numbers.money(language, cost)),
        *([phrase(language, "promotion.nothing")] if sales[1] <= 0 <= sales[2] else []),
        phrase(language, f"promotion.{certain}"),
    ])  # fmt: skip
