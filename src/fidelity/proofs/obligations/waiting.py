"""P6: lateness or hardship within the grace takes no points and no tier (principle E3)."""

from __future__ import annotations

from collections.abc import Mapping

from fidelity.language.kinds import Flag
from fidelity.language.tree import Compare, Field, Literal, Node
from fidelity.proofs.model import NO, NOTHING, Model
from fidelity.proofs.obligation import substitute
from fidelity.proofs.obligations.asking import Asking, all_hold, less

__all__ = ["waiting"]


def waiting(asking: Asking) -> None:
    """
    Whether lateness takes anything.

    ``P6.tier`` and ``P6.points``: who is late within the grace keeps what somebody on time would keep. Where no field
    means lateness, nothing can hang on it, and both hold of themselves.
    """
    model = asking.model
    in_time = _in_time(model)
    graced = [
        Compare("<=", Field(path), Literal(model.promised.grace_days))
        for path in model.roles.late
        if not isinstance(model.kinds.get(path), Flag)
    ]
    if model.next_tier is not None:
        late, good = model.next_tier, substitute(model.next_tier, in_time)
        asking.ask(
            "P6.tier",
            all_hold([*graced, less(late, good)]),
            shows={"tier rank when late": late, "tier rank when on time": good},
            cause=model.order,
        )
    if model.burn is not None:
        late, good = model.burn, substitute(model.burn, in_time)
        asking.ask(
            "P6.points",
            all_hold([*graced, less(good, late)]),
            shows={"burned when late": late, "burned when on time": good},
        )


def _in_time(model: Model) -> Mapping[str, Node]:
    """What the fields of lateness say of somebody on time."""
    return {path: NO if isinstance(model.kinds.get(path), Flag) else NOTHING for path in model.roles.late}
