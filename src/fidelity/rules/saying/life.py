"""What printed terms say of the life of the points of one wallet, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fidelity.rules.earning.wallet_terms import REINSTATEMENT, usual_activity
from fidelity.values.waiting import UntilConfirmed
from fidelity.wording import life as said
from fidelity.wording import program as said_program

if TYPE_CHECKING:
    from fidelity.rules.earning.rules import Wallet
    from fidelity.rules.program import Program

__all__ = ["life_lines"]


def life_lines(program: Program, wallet: Wallet, language: str, *, formal: bool) -> Iterator[str]:
    """How long the points of *wallet* last, what ends them before, and from when they can be used."""
    life, name, waits = wallet.expiry or program.expiry, wallet.name, wallet.pending is not None
    fades, idles = wallet.decay is not None, life.idle is not None
    activity = wallet.activity or usual_activity(fades=fades)
    if life.ages or not (fades or idles):
        yield said_program.life(language, life, name, waits=waits, formal=formal)
    if idles:
        yield from said.inactive(language, life, activity, name, formal=formal)
    if wallet.decay is not None:
        yield from said.fading(language, wallet.decay, activity, name, formal=formal)
    if isinstance(wallet.pending, UntilConfirmed):
        yield from said.confirmed(language, wallet.pending, name, formal=formal)
    elif wallet.pending is not None:
        yield said_program.pending(language, wallet.pending, name, formal=formal)
    back = None if wallet.reinstatement == REINSTATEMENT else wallet.reinstatement
    yield from said.windows(language, back, wallet.extension, name, formal=formal)
