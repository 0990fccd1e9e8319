"""P5: the base benefit is for everyone (principle R4)."""

from __future__ import annotations

from fidelity.language.tree import add, negate
from fidelity.proofs.obligations.asking import Asking, less

__all__ = ["base"]


def base(asking: Asking) -> None:
    """``P5.base``: no event earns less than the base benefit."""
    model = asking.model
    if model.base is not None:
        asking.ask(
            "P5.base",
            less(model.points, model.base),
            shows={"points": model.points, "base": model.base},
            objective=add(model.base, negate(model.points)),
            cause=[each.name for each in model.rules],
        )
