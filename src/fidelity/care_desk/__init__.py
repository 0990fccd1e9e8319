"""The desk of care: `Care`, the shell of the human side, in streams of its own beside the books of points."""

from fidelity.care_desk.awaited import AsyncCare
from fidelity.care_desk.shell import Care, CareSettlement

__all__ = ["AsyncCare", "Care", "CareSettlement"]
