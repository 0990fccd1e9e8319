"""Waiving: which signed exception covers which finding. What a waiver covers stays refuted, and is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeAlias

import attrs
from attrs import evolve

from fidelity.errors import FidelityError
from fidelity.proofs.finding import Finding
from fidelity.rules.earning.campaigns import Campaign
from fidelity.rules.earning.rules import EarnRule, Group

if TYPE_CHECKING:
    from fidelity.rules.program import Program
    from fidelity.rules.published import Waiver

__all__ = ["waived", "without"]

Part: TypeAlias = EarnRule | Group | Campaign

#: Promises about differences between members: left out of the program, a waived rule makes no difference any more.
_DIFFERENCES = ("P4.", "P7.")


def waived(
    program: Program, findings: Iterable[Finding], still_refuted: Callable[[Program, Finding], bool]
) -> tuple[Finding, ...]:
    """
    *findings*, with those waived that a waiver of *program* covers: the same promise, and the rule that it names.

    A waiver of a rule signs for that rule alone: where two members are compared, the promise must hold of the program
    without the rule.

    Args:
        still_refuted: Whether the promise of a finding is refuted of another program.
    """
    return tuple(_under(program, each, still_refuted) for each in findings)


def _under(program: Program, found: Finding, still_refuted: Callable[[Program, Finding], bool]) -> Finding:
    if found.status not in {"refuted", "unknown"}:
        return found
    for waiver in program.waivers:
        if _covers(program, waiver, found, still_refuted):
            return evolve(found, status="waived", waiver=waiver)
    return found


def _covers(
    program: Program, waiver: Waiver, found: Finding, still_refuted: Callable[[Program, Finding], bool]
) -> bool:
    if found.id != waiver.property and not f"{found.property}.".startswith(f"{waiver.property}."):
        return False
    if not waiver.rule or waiver.rule == found.about:
        return True
    about = (*found.cause, *(each.rule for each in found.blamed))
    if about and waiver.rule not in {*about, *_around(program, about)}:
        return False
    if not found.property.startswith(_DIFFERENCES):
        return True
    rest = without(program, waiver.rule)
    return rest is None or not still_refuted(rest, found)


def _around(program: Program, names: Iterable[str]) -> set[str]:
    """The groups and campaigns that hold the rules *names*."""
    wanted = set(names)
    groups = {each.name for each in program.groups if wanted & {rule.name for rule in each.rules}}
    return groups | {each.name for name, each in program.campaign_by_rule.items() if name in wanted}


def without(program: Program, name: str) -> Program | None:
    """*program* without the rule, the group or the campaign *name*; None if it cannot stand without."""
    kept = [each for each in (_without(part, name) for part in program.earn) if each is not None]
    if tuple(kept) == program.earn:
        return None
    told = {each.name: getattr(program, each.name) for each in attrs.fields(type(program))}
    try:
        return type(program)(**{**told, "earn": kept})
    except FidelityError:
        return None


def _without(part: Part, name: str) -> Part | None:
    if part.name == name:
        return None
    if isinstance(part, EarnRule):
        return part
    rules = [each for each in (_without(rule, name) for rule in part.rules) if each is not None]
    if tuple(rules) == tuple(part.rules):
        return part
    return evolve(part, rules=rules) if rules else None  # type: ignore[arg-type]  # a group keeps its rules, a campaign its parts
