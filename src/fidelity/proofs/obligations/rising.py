"""P4: more spend, a higher tier, a longer relationship never earn less, cost more or close a door (principle E2)."""

from __future__ import annotations

from fidelity.language.kinds import Choice
from fidelity.language.tree import Compare, Field, Literal, Node, add, fields_of, negate, not_
from fidelity.proofs.model import YES
from fidelity.proofs.obligation import second, substitute, twin
from fidelity.proofs.obligations.asking import Asking, all_hold, any_holds, highest, less, rank

__all__ = ["rising"]


def rising(asking: Asking) -> None:
    """
    Whether more of something is ever less of another.

    ``P4.amount``: one minor unit more never earns less; ``P4.tier`` and ``P4.tenure``: of two events that differ in
    that alone the higher never earns less; ``P4.access.tier:REWARD`` and ``P4.access.tenure:REWARD``: nor is it kept
    from a reward that the lower may have, or asked for more points.
    """
    model = asking.model
    if model.roles.amount and model.earns:
        _amount(asking)
    if model.roles.tier:
        _along(asking, "tier", (model.roles.tier,))
    if model.roles.tenure:
        _along(asking, "tenure", model.roles.tenure)


def _amount(asking: Asking) -> None:
    model, path = asking.model, asking.model.roles.amount
    more = substitute(model.points, {path: add(Field(path), Literal(1))})
    most = highest(model.kinds.get(path))
    room = [] if most is None else [Compare("<", Field(path), Literal(most))]
    asking.ask(
        "P4.amount",
        all_hold([*room, less(more, model.points)]),
        shows={"points": model.points, "points for 1 more": more},
        objective=add(model.points, negate(more)),
        cause=asking.rules_reading(path),
    )


def _along(asking: Asking, role: str, paths: tuple[str, ...]) -> None:
    model = asking.model
    read = _read(paths, model.points)
    if read and model.earns:
        higher = twin(model.points, *read)
        asking.ask(
            f"P4.{role}",
            all_hold([_above(asking, read), less(higher, model.points)]),
            shows={f"points (lower {role})": model.points, f"points (higher {role})": higher},
            objective=add(model.points, negate(higher)),
            cause=asking.rules_reading(*read),
            pairs={second(path): path for path in read},
        )
    for each in model.rewards:
        door = all_hold(each.conditions)
        read = tuple(dict.fromkeys((*_read(paths, door), *_read(paths, each.cost))))
        if read:
            shut, dearer = not_(twin(door, *read)), less(each.cost, twin(each.cost, *read))
            costs = {"cost (lower)": each.cost, "cost (higher)": twin(each.cost, *read)}
            doors = {} if door == YES else {"door (lower)": door, "door (higher)": twin(door, *read)}
            asking.ask(
                f"P4.access.{role}:{each.name}",
                all_hold([_above(asking, read), door, any_holds([shut, dearer])]),
                shows=costs | doors,
                cause=(each.name,),
                pairs={second(path): path for path in read},
            )


def _read(paths: tuple[str, ...], node: Node) -> tuple[str, ...]:
    found = fields_of(node)
    return tuple(path for path in paths if path in found)


def _above(asking: Asking, paths: tuple[str, ...]) -> Node:
    """That the second copy of *paths* is higher: in no way lower, and in one way above."""
    sides = [(_height(asking, path, path), _height(asking, path, second(path))) for path in paths]
    if len(sides) == 1:
        return less(*sides[0])
    nowhere_lower = [Compare("<=", low, high) for low, high in sides]
    return all_hold([*nowhere_lower, any_holds(less(low, high) for low, high in sides)])


def _height(asking: Asking, path: str, copy: str) -> Node:
    """How high the field *copy* of the kind of *path* is: a number, or the place of a code among those declared."""
    kind = asking.model.kinds.get(path)
    if isinstance(kind, Choice) and kind.values is not None:
        return rank(copy, kind.values)
    return Field(copy)
