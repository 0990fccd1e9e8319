"""P1: nobody pays for access to rewards, neither to join nor to redeem (principle R1)."""

from __future__ import annotations

from fidelity.language.tree import Compare
from fidelity.proofs.model import NOTHING
from fidelity.proofs.obligations.asking import Asking

__all__ = ["paying"]


def paying(asking: Asking) -> None:
    """``P1.membership``: joining is free; ``P1.fee:REWARD``: in no state anything is asked for a reward."""
    model = asking.model
    if model.membership_fee is not None:
        fee = model.membership_fee
        asking.ask("P1.membership", Compare("!=", fee, NOTHING), shows={"fee": fee})
    for each in model.rewards:
        if each.fee is not None:
            query = Compare("!=", each.fee, NOTHING)
            asking.ask(f"P1.fee:{each.name}", query, shows={"fee": each.fee}, cause=(each.name,))
