"""What a program states beside its rules, put into its models: what it assumes of every event, and its limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import evolve

from fidelity.language.quantities import denominator
from fidelity.language.tree import Field, Literal, Node, OverLines, add, fields_of, multiply, rebuild, walk
from fidelity.proofs.model import Model
from fidelity.proofs.modelling import models_of
from fidelity.proofs.obligation import Obligation, second, substitute
from fidelity.proofs.obligations.asking import Asking, all_hold

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["assumptions_met", "narrowed", "stated_models"]


def stated_models(program: Program) -> tuple[Model, ...]:
    """The models of *program*, each with what is assumed of its events."""
    worth = program.limits.point_value
    models = models_of(program, point_value=None if worth is None else Fraction(worth.minor))
    return tuple(_stated(program, each) for each in models)


def _stated(program: Program, model: Model) -> Model:
    promised = evolve(model.promised, period_events=program.limits.period_events)
    sums = {node: path for path, node in model.lines.items()}
    found = [_numbered(each.core, sums) for each in program.plan(model.on).assumed]
    # A sum over lines that no promise reads ties nothing that is asked.
    kept = [each for each in found if not any(isinstance(part, OverLines) for part in walk(each))]
    return evolve(model, promised=promised, assuming=(*model.assuming, *kept))


def _numbered(node: Node, sums: Mapping[Node, str]) -> Node:
    """*node*, with the fields of the model for its sums over lines."""
    if isinstance(node, OverLines):
        path, over = sums.get(node), denominator(node.value)
        if path is None:
            return node
        return Field(path) if over == 1 else multiply(Literal(Fraction(1, over)), Field(path))
    return rebuild(node, lambda inner: _numbered(inner, sums))


def narrowed(model: Model, asked: Iterable[Obligation]) -> Iterable[Obligation]:
    """*asked*, where a purchase that is another one than the declared copies is as the program assumes as well."""
    for each in asked:
        name, others = each.id.removesuffix(model.mark) if model.mark else each.id, []
        path = model.roles.amount
        if name == "P4.amount":
            others = [substitute(node, {path: add(Field(path), Literal(1))}) for node in _about(model, [path])]
        elif name == "P7.split":
            whole = {of: add(Field(of), Field(second(of))) for of in each.pairs.values()}
            others = [substitute(node, whole) for node in _about(model, whole)]
        yield evolve(each, query=all_hold([each.query, *others])) if others else each


def _about(model: Model, paths: Iterable[str]) -> list[Node]:
    wanted = set(paths)
    return [each for each in model.assuming if not wanted.isdisjoint(fields_of(each))]


def assumptions_met(model: Model) -> Asking:
    """``P9.assume``: some event is as the program assumes; otherwise every promise would hold of nothing."""
    asking = Asking(evolve(model, assuming=(), links=()))
    if model.assuming:
        asking.ask("P9.assume", all_hold((*model.assuming, *_tied(model))), wants="some")
    return asking


def _tied(model: Model) -> list[Node]:
    """What ties the fields that the assumptions read."""
    read = {path for each in model.assuming for path in fields_of(each)}
    return [each for each in model.links if read.issuperset(fields_of(each))]
