"""What a program assumes of every event: stated once, used by proofs, and checked when an event is evaluated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from fidelity.errors import AssumptionError, FidelityError, NotColumnar, Problem
from fidelity.events import Event
from fidelity.facts import NOTHING_KNOWN, Facts
from fidelity.language.boxes import is_never
from fidelity.language.loading import Loader
from fidelity.language.printing import as_text
from fidelity.language.resolve import resolve_condition
from fidelity.language.scalar import compile_outputs
from fidelity.language.schema import Schema
from fidelity.language.tree import Case, Literal, Node, Opaque, OverLines, walk
from fidelity.rules.basis import Basis
from fidelity.rules.combining import owners
from fidelity.rules.plan import Clause, KindPlan

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["assumed_of", "assumption_problems", "broken", "checker", "refuse_assumptions"]


def assumed_of(program: Program, kind: str, schema: Schema, basis: Basis) -> tuple[Clause, ...]:
    """What *program* assumes of events of *kind*: what it says of them, and what it says of members alone."""
    found = []
    for node in program.assume:
        about = owners(node)
        if kind not in about and about & set(program.declared.events):
            continue
        try:
            found.append(Clause("assume", basis.in_condition(resolve_condition(node, schema)), node))
        except FidelityError:
            # What cannot be read is told once, by `assumption_problems`.
            continue
    return tuple(found)


def assumption_problems(program: Program) -> Iterator[Problem]:
    """Assumptions that cannot be read, that nothing can check, or that no event can meet."""
    declared = program.declared
    for place, node in enumerate(program.assume):
        path = f"assume[{place}]"
        about = owners(node)
        kind = next((each for each in declared.events if each in about), "purchase")
        if any(isinstance(each, Opaque) for each in walk(node)):
            message = "a Python function cannot be assumed of every event"
            yield Problem(path, message, "write it as a condition")
            continue
        if "line" in about and not any(isinstance(each, OverLines) for each in walk(node)):
            message = "an assumption is about a whole event, not about one line of it"
            yield Problem(path, message, "write lines(…) of it")
            continue
        try:
            core = resolve_condition(node, declared.schema(kind))
        except FidelityError as error:
            message, _, remedy = error.message.partition("; ")
            yield Problem(path, message, remedy, code=error.code)
            continue
        if is_never(core, declared.schema(kind).kinds):
            yield Problem(path, "no event can be as this assumes", "mend the condition, or leave it out")


def broken(plan: KindPlan) -> Node:
    """Which assumption an event does not meet, counted from 1; 0 if it meets all."""
    says: Node = Literal(0)
    for place, each in reversed(tuple(enumerate(plan.assumed))):
        says = Case(((each.core, says),), Literal(place + 1))
    return says


def checker(plan: KindPlan, loader: Loader) -> Callable[[Event, Facts], None]:
    """
    Looks whether an event is as the program assumes.

    Raises, when it is called:
        AssumptionError: If it is not.
    """
    look = compile_outputs([(broken(plan), 1)], loader, default=NOTHING_KNOWN)

    def check(event: Event, facts: Facts) -> None:
        (place,) = look(event, facts)
        if place:
            spelled = as_text(plan.assumed[place - 1].spelled)
            message = (
                f'{plan.kind} {getattr(event, "id", "")} is not as the program assumes of every event, "{spelled}"; '
                "correct the event, or what is assumed"
            )
            raise AssumptionError(message, event=getattr(event, "id", ""), assumption=spelled)

    return check


def refuse_assumptions(program: Program, plan: KindPlan) -> None:
    """
    Refuse where nothing can be raised for one event.

    Raises:
        NotColumnar: If *program* assumes something of such events.
    """
    if plan.assumed:
        spelled = as_text(plan.assumed[0].spelled)
        message = (
            f'{program.name} assumes "{spelled}" of every event, which a query cannot refuse; '
            "decide tables with points_for, or leave the assumption out here"
        )
        raise NotColumnar(message, clause="assume", kind=plan.kind)
