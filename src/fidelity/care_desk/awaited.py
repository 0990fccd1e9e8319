"""The shell of care for hosts that await: `Care` with the same names over the same work."""

from __future__ import annotations

from datetime import datetime

from fidelity.care.people import ProspectReceipt
from fidelity.care.promises import PromiseReceipt
from fidelity.care.staff import ResolutionReceipt
from fidelity.care_desk.awaited_consenting import AsyncConsenting
from fidelity.care_desk.awaited_helping import AsyncHelping
from fidelity.care_desk.awaited_judging import AsyncJudging
from fidelity.care_desk.awaited_knowing import AsyncKnowing
from fidelity.care_desk.awaited_promising import AsyncPromising
from fidelity.care_desk.awaited_resolving import AsyncResolving
from fidelity.care_desk.awaited_thanking import AsyncThanking
from fidelity.care_desk.awaited_trusting import AsyncTrusting
from fidelity.care_desk.awaited_valuing import AsyncValuing
from fidelity.care_desk.missed import Missed
from fidelity.care_desk.shell import CareSettlement

__all__ = ["AsyncCare"]


class AsyncCare(
    AsyncPromising,
    AsyncHelping,
    AsyncResolving,
    AsyncJudging,
    AsyncThanking,
    AsyncConsenting,
    AsyncTrusting,
    AsyncKnowing,
    AsyncValuing,
):
    """
    The human side of a program at work, awaited. Every method is the one of `Care` of the same name.

    Args:
        loyalty: The books of points, an `AsyncLoyalty`, whose journal, members and clock it shares.
        policy: What the organization does for people, and what it never does; the default keeps the hard lines.
        salt: Makes what keeps digests from being guessed; random unless told.
    """

    async def settle(self, now: datetime | None = None) -> CareSettlement:
        """As `Care.settle`."""
        at = self.loyalty._office.learned(now)  # noqa: SLF001  # the shell beside it
        refused = list[Missed]()
        broken, gone, passed = list[PromiseReceipt](), list[ProspectReceipt](), list[ResolutionReceipt]()
        async for each, known in self._each(at):
            broken += await self._break_promises(each, known, refused)
            gone += await self._let_go(each, known, refused)
            await self._forget_left(each, known)
            passed += await self._pass_on(each, known, refused)
        return CareSettlement(
            at=at, broken=tuple(broken), let_go=tuple(gone), passed_on=tuple(passed), refused=tuple(refused)
        )
