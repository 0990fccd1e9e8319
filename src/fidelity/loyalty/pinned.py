"""Pinned: what the version that had decided an event says of taking its points back."""

from __future__ import annotations

from collections.abc import Mapping

from fidelity.ledger import MAIN_WALLET
from fidelity.ledger.desk import Origin
from fidelity.loyalty.versions import Versions

__all__ = ["clawbacks"]


def clawbacks(versions: Versions, origin: Origin | None) -> Mapping[str, str]:
    """
    What a return of *origin* may take, by wallet: what was promised when its points were earned.

    Source:
        SEMANTICS D23, D24.
    """
    if origin is None or origin.event is None:
        return {}
    program = versions.pinned(origin.event.program, origin.event.digest)
    promised = {each.name: each.clawback for each in program.wallets}
    return dict.fromkeys([MAIN_WALLET, *origin.earned], "debt") | promised
