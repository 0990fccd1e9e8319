"""What is wrong with the terms of wallets that are right one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fidelity.errors import Problem

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["wallet_problems"]


def wallet_problems(program: Program) -> Iterator[Problem]:
    """The problems of the wallets of *program*."""
    for place, wallet in enumerate(program.wallets):
        path, life = f"wallets[{place}]", wallet.expiry or program.expiry
        if wallet.decay is not None and life.idle is not None:
            # A wallet with both of its own cannot even be made.
            remedy = f'keep one of the two: give the wallet expiry="{life.aged}", or leave decay= out'
            yield Problem(f"{path}.decay", f'points of "{wallet.name}" fade, and the program ends them {life}', remedy)
        if wallet.activity and wallet.decay is None and life.idle is None:
            message = f'no points of "{wallet.name}" end without activity'
            remedy = 'leave activity= out, or write expiry="after 12 months without activity"'
            yield Problem(f"{path}.activity", message, remedy)
