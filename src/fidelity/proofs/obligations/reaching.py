"""P3: each reward can be had, and an ordinary member has one within reach before points expire."""

from __future__ import annotations

from fidelity.language.kinds import Choice, Tags
from fidelity.language.tree import Compare, Count, Field, Has, IsIn, Literal, Node, multiply, not_
from fidelity.proofs.model import Model, Rhythm
from fidelity.proofs.obligation import Value, substitute
from fidelity.proofs.obligations.asking import Asking, all_hold, any_holds

__all__ = ["live_events", "reaching"]


def reaching(asking: Asking) -> None:
    """
    Whether rewards can be had, and in time.

    ``P3.reach:REWARD``: somebody with enough points passes its filters; ``P3.pace``: whatever the ordinary event leaves
    open, what is alive of the points of such events is enough for some reward whose filters hold.
    """
    model = asking.model
    for each in model.rewards:
        conditions = [*each.conditions]
        if model.roles.balance:
            conditions.append(Compare("<=", each.cost, Field(model.roles.balance)))
        asking.ask(
            f"P3.reach:{each.name}",
            all_hold(conditions),
            wants="some",
            shows={"cost": each.cost},
            cause=(each.name,),
        )
    if model.rhythm is not None and model.rewards:
        _pace(asking, model.rhythm)


def _pace(asking: Asking, rhythm: Rhythm) -> None:
    model, live = asking.model, live_events(asking.model)
    given = model.points if rhythm.points is None else rhythm.points
    best = multiply(Literal(live), given)
    ordinary = [_says(model, path, value) for path, value in rhythm.event.items()]
    reached = [all_hold([Compare("<=", each.cost, best), *each.conditions]) for each in model.rewards]
    if rhythm.offers is not None:
        holding = {model.roles.balance: best}
        reached = [
            all_hold([Compare("<=", each.cost, best), *(substitute(when, holding) for when in each.conditions)])
            for each in rhythm.offers
        ]
    asking.ask(
        "P3.pace",
        all_hold([*ordinary, not_(any_holds(reached))]),
        shows={"points per visit": given, "live visits": Literal(live), "best balance": best},
        cause=[each.name for each in model.rewards],
    )


def live_events(model: Model) -> int:
    """How many events of the pace still have their points at the same time."""
    assert model.rhythm is not None  # noqa: S101 -- asked only of a model with a pace
    horizon = model.rhythm.horizon_days
    alive = horizon if model.expiry_days is None else min(model.expiry_days, horizon)
    return alive // model.rhythm.every_days + 1


def _says(model: Model, path: str, value: Value) -> Node:
    """That the field at *path* has this value."""
    kind = model.kinds.get(path)
    if isinstance(value, bool):
        return Field(path) if value else not_(Field(path))
    if isinstance(value, str) or isinstance(kind, Choice):
        return IsIn(Field(path), (Literal(str(value)),))
    if isinstance(value, frozenset) or isinstance(kind, Tags):
        tags = value if isinstance(value, frozenset) else frozenset()
        every = [Has(Field(path), each) for each in sorted(tags)]
        return all_hold([*every, Compare("==", Count(Field(path)), Literal(len(tags)))])
    return Compare("==", Field(path), Literal(value))
