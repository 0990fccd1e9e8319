"""What can be wrong with the discounts of a program, and with rewards that take money off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fidelity.errors import FidelityError, Problem
from fidelity.language.resolve import resolve_condition
from fidelity.language.tree import fields_of
from fidelity.rules.rewards.discounting import scope_of
from fidelity.rules.rewards.discounts import Off, most_off

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["discount_problems"]


def discount_problems(program: Program) -> Iterator[Problem]:
    """What is wrong with whatever takes money off in *program*."""
    schema = program.declared.schema("purchase")
    seen: set[str] = set()
    for place, each in enumerate(program.discounts):
        path = f"discounts[{place}]"
        if each.name in seen:
            yield Problem(path, f'two discounts are called "{each.name}"', "give each a name of its own")
        seen.add(each.name)
        if each.when is not None:
            try:
                resolve_condition(each.when, schema)
            except FidelityError as error:
                message, _, remedy = error.message.partition("; ")
                yield Problem(f"{path}.when", message, remedy, code=error.code)
        yield from _off_problems(program, each.off, path)
    for place, reward in enumerate(program.rewards):
        money_off = getattr(reward, "off", None)
        if money_off is not None:
            yield from _off_problems(program, money_off, f"rewards[{place}]")
            most, worth = most_off(money_off), getattr(reward, "worth", None)
            if most is not None and worth is not None and worth.currency == most.currency and worth > most:
                message = f'"{reward.name}" is said to be worth {worth}, and takes {most} off at most'
                yield Problem(f"rewards[{place}].worth", message, f'write worth="{most}", or leave it out')


def _off_problems(program: Program, each: Off, path: str) -> Iterator[Problem]:
    for amount in (each.amount, each.most):
        if amount is not None and amount.currency != program.currency:
            message = f"it takes off {amount} in a program in {program.currency}"
            yield Problem(f"{path}.off", message, "convert it first", code="money")
    try:
        scope = scope_of(program, each)
    except FidelityError as error:
        message, _, remedy = error.message.partition("; ")
        yield Problem(f"{path}.of", message, remedy, code=error.code)
        return
    strange = sorted(path for path in (fields_of(scope) if scope is not None else ()) if not path.startswith("line."))
    if strange:
        yield Problem(f"{path}.of", f"the lines in scope cannot depend on {strange[0]}", "put that into when=")
