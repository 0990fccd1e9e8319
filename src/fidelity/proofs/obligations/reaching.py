"""P3: each reward can be had, and an ordinary member has one within reach before points expire."""

from __future__ import annotations

from fidelity.language.kinds import Choice, Tags
from fidelity.language.tree import Compare, Count, Extreme, Field, Has, IsIn, Literal, Node, multiply, not_
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
    offers = model.rewards if rhythm.offers is None else rhythm.offers
    # Who is asked about a program's own offers holds all that is alive.
    holding = {} if rhythm.offers is None else {model.roles.balance: best}
    reached = []
    for each in offers:
        had = best if not each.wait_days else multiply(Literal(live_events(model, each.wait_days)), given)
        doors = [substitute(when, holding) if holding else when for when in each.conditions]
        reached.append(all_hold([Compare("<=", each.cost, had), *doors]))
    least = list(dict.fromkeys(each.cost for each in offers))
    asking.ask(
        "P3.pace",
        all_hold([*ordinary, not_(any_holds(reached))]),
        shows={
            "points per visit": given,
            "live visits": Literal(live),
            "best balance": best,
            "cheapest": least[0] if len(least) == 1 else Extreme("min", tuple(least)),
        },
        cause=[each.name for each in model.rewards],
    )


def live_events(model: Model, wait: int = 0) -> int:
    """
    How many events of the pace still have their points at the same time.

    Args:
        wait: For how many days points must have been there to count.
    """
    assert model.rhythm is not None  # noqa: S101 -- asked only of a model with a pace
    horizon = model.rhythm.horizon_days
    alive = (horizon if model.expiry_days is None else min(model.expiry_days, horizon)) - wait
    return 0 if alive < 0 else alive // model.rhythm.every_days + 1


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
