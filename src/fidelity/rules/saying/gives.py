"""What a rule gives, in words: so many points for each euro, item or year; and what a tier makes of it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

from fidelity.language.quantities import MONEY
from fidelity.language.resolve import resolve_number
from fidelity.language.schema import Schema
from fidelity.language.sentences import amount_phrase
from fidelity.language.tree import Field, Literal, Node, OverLines, Product
from fidelity.rules.earning.amounts import Points, Rate, Step, Times
from fidelity.rules.earning.rules import EarnRule
from fidelity.rules.tiers.tier_set import Tier
from fidelity.values.money import Money
from fidelity.wording import numbers
from fidelity.wording import program as said_program
from fidelity.wording import terms as said
from fidelity.wording.phrasebook import phrase

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["counts_items", "tier_gives", "what_it_gives"]

_YEARS = Field("member.tenure_years")
_QUANTITY = Field("line.quantity")
#: A rate of up to two decimals above one reads best by the unit: 1.5 points for each euro.
_CENTS = 100


def what_it_gives(  # noqa: C901, PLR0911 -- one sentence a form
    rule: EarnRule, schema: Schema, program: Program, language: str, formula: Callable[[Node], str], *, formal: bool
) -> str:
    """
    What *rule* gives, as the first part of its sentence; empty if it gives no points.

    Args:
        formula: Says a formula in one phrase.
    """

    def amount(of: Node) -> str:
        return amount_phrase(of, schema, language, zone=program.zone, formal=formal)

    match rule.gives:
        case Points(Literal(int() as number), None):
            return said.earn_fixed(language, number, rule.wallet, formal=formal)
        case Points(Product((Field() as years, Literal(int() as number))), None) if years == _YEARS:
            points = numbers.points(language, number, rule.wallet)
            return phrase(language, "earn.years", formal=formal, points=points)
        case Points(number, None):
            return said.earn_amount(language, formula(number), rule.wallet, formal=formal)
        case Points(Literal(int() as number), per, of) if per is not None:
            if of is not None and counts_items(rule):
                return _items(language, number, per, amount(of), rule.wallet, formal=formal)
            return said.earn_steps(
                language, number, per.size, "" if of is None else amount(of), rule.wallet, formal=formal
            )
        case Points(number, per, of) if per is not None:
            counted = "" if of is None else amount(of)
            each = said.earn_steps(language, 1, per.size, counted, rule.wallet, formal=formal)
            return phrase(language, "earn.times", each=each, of=formula(number))
        case Rate(rate, None):
            return _by_unit(program, language, rate, rule.wallet, formal=formal)
        case Rate(rate, of) if of is not None:
            currency = program.currency if resolve_number(of, schema).unit == MONEY else ""
            return said.earn_rate(language, rate, formula(of), rule.wallet, currency=currency, formal=formal)
        case Times(factor, name):
            alone = len(program.groups) == 1
            return said.multiplier(language, factor, "" if alone else name, rule.wallet, formal=formal)
    return ""


def counts_items(rule: EarnRule) -> bool:
    """Whether *rule* gives for pieces, of which there are only whole ones."""
    match rule.gives:
        case Points(_, Step(), OverLines(value)):
            return value == _QUANTITY
    return False


def _items(language: str, points: int, per: Step, counted: str, wallet: str, *, formal: bool) -> str:
    which = counted.removeprefix(phrase(language, "lines.quantity", which=""))
    given = numbers.points(language, points, wallet)
    if per.size == 1:
        return phrase(language, "earn.item", formal=formal, points=given, which=which)
    size = numbers.number(language, per.size if isinstance(per.size, int) else per.size.minor)
    return phrase(language, "earn.items", formal=formal, points=given, n=size, which=which)


def _by_unit(program: Program, language: str, rate: Fraction, wallet: str, *, formal: bool) -> str:
    """So many points for each euro; for each so many euros where that gives whole points."""
    points, units = (rate, 1) if rate > 1 and not _CENTS % rate.denominator else (rate.numerator, rate.denominator)
    step = Money(units * 10**program.minor_digits, program.currency)
    return said.earn_steps(language, points, step, "", wallet, formal=formal)


def tier_gives(program: Program, tier: Tier, language: str, *, formal: bool) -> str:
    """What *tier* earns: by the euro where that is what comes out for every amount, as a multiple otherwise."""
    assert program.tiers is not None  # noqa: S101 -- a tier belongs to tiers
    group = next((each for each in program.groups if each.name == program.tiers.of), None)
    rule = group.rules[0] if group is not None and len(group.rules) == 1 and group.cap is None else None
    if rule is not None and program.rounded == "once" and _always(rule):
        what = _by_euro(program, rule, tier.earns, language, formal=formal)
        if what:
            return phrase(language, "tier.multiplies", formal=formal, name=tier.name, what=what)
    if program.tiers.of == "base":
        return said_program.tier_earns(language, tier.name, tier.earns, formal=formal)
    what = said.multiplier(language, tier.earns, program.tiers.of, formal=formal)
    return phrase(language, "tier.multiplies", formal=formal, name=tier.name, what=what)


def _always(rule: EarnRule) -> bool:
    """Whether *rule* gives the same for every purchase of the same amount."""
    return (rule.when, rule.limit, rule.cap, rule.during) == (None, None, None, None)


def _by_euro(program: Program, rule: EarnRule, factor: Fraction, language: str, *, formal: bool) -> str:
    """
    What *factor* makes of *rule* by the euro; empty where no such sentence is true of every amount.

    Whole points are scaled: of 1 point for each 10 euros, 5/4 gives 1 for 10 and 2 for 20, as no rate by the euro does.
    """
    match rule.gives:
        case Points(Literal(int() as number), Step(Money(minor)), None, "") if minor == 10**program.minor_digits:
            each = numbers.points(language, number * factor, rule.wallet)
            euro = said.step(language, Money(minor, program.currency))
            what = phrase(language, "earn.full", formal=formal, points=each, step=euro)
            whole = (number * factor).denominator == 1
            return what if whole else f"{what}, {said.rounding(language, program.rounding)}"
        case Rate(rate, None) if program.multiplied == "exact amount":
            what = _by_unit(program, language, rate * factor, rule.wallet, formal=formal)
            return f"{what}, {phrase(language, 'in proportion')}, {said.rounding(language, program.rounding)}"
    return ""
