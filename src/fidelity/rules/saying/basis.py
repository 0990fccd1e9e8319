"""What earns, in words: the lines of printed terms about the amount on which points are given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fidelity.language.quantities import denominator
from fidelity.language.tree import Field, walk
from fidelity.rules.basis import BEFORE, NOTHING
from fidelity.rules.earning.amounts import Points, Rate, Times
from fidelity.rules.earning.rules import MAIN_WALLET
from fidelity.wording import program as said_program
from fidelity.wording import terms as said
from fidelity.wording.phrasebook import phrase

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["basis_lines", "whole_lines"]


def basis_lines(program: Program, language: str) -> Iterator[str]:
    """On which amount *program* gives points, and what comes off it: of lines only where a rule counts them."""
    if not any(rule.on == "purchase" for rule in program.rules):
        return
    without = () if program.points_part == BEFORE else ("paid_with_points",)
    by_line = _reads(program, *_OF_LINES)
    if by_line or _by_amount(program):
        yield said.basis(language, phrase(language, "basis.amount"), [*without, *program.basis_without])
    if _by_amount(program):
        yield from said.included(language, program.basis_without)
    if program.points_part in (BEFORE, NOTHING) or by_line:
        yield said_program.shared(language, "points_part", program.points_part)
    if by_line:
        yield said_program.shared(language, "order_discount", program.order_discount)


def whole_lines(program: Program, language: str) -> Iterator[str]:
    """How points become whole in *program*, what a multiplier multiplies, and how several of them meet."""
    yield from (said_program.whole_points(language, program.rounding, program.rounded, each) for each in _told(program))
    factors = _multipliers(program)
    if program.multiplied != "whole points":
        if factors:
            yield said_program.shared(language, "multiplied", program.multiplied)
    elif program.rounded == "once" and any(_in_parts(program, name) for name in factors):
        yield said_program.shared(language, "multiplied", program.multiplied)
    if any(count > 1 for count in factors.values()):
        yield said_program.multipliers(language, program.multipliers)


def _told(program: Program) -> list[str]:
    """The wallets whose points are made whole each in its own way: one of whole numbers, and all with decimals."""
    scales = {each.name: each.scale for each in program.wallets}
    filled = dict.fromkeys(each.wallet for each in program.rules if each.gives is not None)
    # One sentence about points holds for all that have no decimals.
    plain = [MAIN_WALLET] if not filled or any(not scales.get(each, 0) for each in filled) else []
    return [*plain, *(each for each in filled if scales.get(each, 0))]


def _multipliers(program: Program) -> Counter[str]:
    """How many multipliers each group has; those of the tiers are one."""
    found = Counter(each.gives.of for each in program.rules if isinstance(each.gives, Times))
    if program.tiers is not None and any(each.earns != 1 for each in program.tiers.tiers):
        found[program.tiers.of] += 1
    return found


def _in_parts(program: Program, name: str) -> bool:
    """Whether what the rules of a group give may be no whole number."""
    rules = next((each.rules for each in program.groups if each.name == name), ())
    return any(
        isinstance(each.gives, Rate) or (isinstance(each.gives, Points) and denominator(each.gives.number) != 1)
        for each in rules
    )


#: What lines cost, and what the whole purchase does.
_OF_LINES = (Field("line.amount"), Field("line.basis"))
_OF_ALL = (Field("purchase.amount"), Field("purchase.basis"))


def _by_amount(program: Program) -> bool:
    """Whether any rule gives points on what the purchase costs: by steps of it, or in proportion."""
    given = [each.gives for each in program.rules]
    by_steps = any(isinstance(each, Points) and each.per is not None and each.of is None for each in given)
    return by_steps or any(isinstance(each, Rate) and each.of is None for each in given) or _reads(program, *_OF_ALL)


def _reads(program: Program, *costs: Field) -> bool:
    """Whether any rule gives points on what these fields say."""
    given = [each.gives for each in program.rules]
    nodes = [each.of for each in given if isinstance(each, Points | Rate)]
    nodes += [each.number for each in given if isinstance(each, Points)]
    return any(each in costs for node in nodes if node is not None for each in walk(node))
