"""Warnings: what a sweep found that a member should be told before it happens, for the host to send."""

from __future__ import annotations

from attrs import field, frozen

from fidelity.ledger.tier_state import FallAhead
from fidelity.rules.program import Program
from fidelity.rules.saying.standing import warning_lines

__all__ = ["FallWarning"]


@frozen(kw_only=True)
class FallWarning:
    """
    A member would lose a tier soon. A sweep finds it once, and never of who is protected.

    Attributes:
        member: Who is to be told.
        tier: The tier that ends.
        ahead: When, to which tier, and what it takes to stay.
    """

    member: str
    tier: str
    ahead: FallAhead
    program: Program = field(eq=False, repr=False)

    def explain(self, language: str = "en") -> str:
        """What to tell the member."""
        return "\n".join(warning_lines(self.program, self.tier, self.ahead, self.program.tongue(language)))
