"""P10: the most that one event and one period may give, so that what may be owed is known beforehand."""

from __future__ import annotations

from fidelity.language.tree import Compare, Extreme, Literal, Node, multiply
from fidelity.proofs.obligations.asking import Asking

__all__ = ["most"]


def most(asking: Asking) -> None:
    """``P10.event`` and ``P10.period``: neither gives more than was stated."""
    model, promised = asking.model, asking.model.promised
    rules = [each.name for each in model.rules]
    if promised.event_points is not None and model.earns:
        query = Compare(">", model.points, Literal(promised.event_points))
        shown: dict[str, Node] = {"points": model.points, "stated": Literal(promised.event_points)}
        asking.ask("P10.event", query, shows=shown, objective=model.points, cause=rules)
    if promised.period_points is None or not model.earns:
        return
    whole: Node
    shown = {}
    if promised.period_events is not None:
        whole = multiply(Literal(promised.period_events), model.points)
        shown = {"points each time": model.points, "events in period": Literal(promised.period_events)}
        if promised.period_cap is not None:
            whole = Extreme("min", (Literal(promised.period_cap), whole))
    elif promised.period_cap is not None:
        whole = Literal(promised.period_cap)
    else:
        asking.cannot("P10.period", "nothing limits how many events a period has, nor what they give together")
        return
    query = Compare(">", whole, Literal(promised.period_points))
    shown |= {"points in period": whole, "stated": Literal(promised.period_points)}
    asking.ask("P10.period", query, shows=shown, objective=whole, cause=rules)
