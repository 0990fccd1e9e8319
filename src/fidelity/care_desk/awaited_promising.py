"""Promises, awaited: the methods of `AsyncCare` that state, keep and count them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from fidelity.care.command import Known
from fidelity.care.keys import fitting, swept
from fidelity.care.promises import (
    BreakPromise,
    CancelPromise,
    KeepPromise,
    Promise,
    PromiseReceipt,
    PromiseReport,
    Promises,
    StatePromise,
    promise_report,
)
from fidelity.care_desk.awaited_desk import AsyncDesk
from fidelity.care_desk.missed import Missed
from fidelity.care_desk.stories import bought_since, story

__all__ = ["AsyncPromising"]


class AsyncPromising(AsyncDesk):
    """As `Promising`, awaited."""

    async def promise(
        self,
        member: str,
        code: str,
        *,
        due: datetime,
        key: str,
        touchpoint: str = "",
        area: str = "",
        by: str = "",
        repairs: str = "",
        amends: int = 0,
        late: timedelta | None = None,
        now: datetime | None = None,
    ) -> PromiseReceipt:
        """As `Care.promise`."""
        command = StatePromise(
            member=member, code=code, due=due, key=key, touchpoint=touchpoint, area=area, by=by, repairs=repairs,
            amends=amends, late=late, now=now,
        )  # fmt: skip
        return await self._one(PromiseReceipt, command)

    async def keep_promise(
        self, member: str, promise: str, *, at: datetime | None = None, key: str = "", now: datetime | None = None
    ) -> PromiseReceipt:
        """As `Care.keep_promise`."""
        key = key or fitting(f"kept {promise}")
        return await self._one(PromiseReceipt, KeepPromise(member=member, promise=promise, at=at, key=key, now=now))

    async def cancel_promise(
        self, member: str, promise: str, *, key: str = "", now: datetime | None = None
    ) -> PromiseReceipt:
        """As `Care.cancel_promise`."""
        key = key or fitting(f"cancelled {promise}")
        return await self._one(PromiseReceipt, CancelPromise(member=member, promise=promise, key=key, now=now))

    async def promises(self, member: str, *, at: datetime | None = None) -> Promises:
        """As `Care.promises`."""
        return Promises(member, (await self._known(at, member)).of(member))

    async def promise_report(self, *, at: datetime | None = None) -> PromiseReport:
        """As `Care.promise_report`."""
        when = self.loyalty._office.now(at)  # noqa: SLF001  # the shell beside it
        found: list[Promise] = [*(await self._run(self._office.own_promises(when)))]
        async for each, known in self._each(when):
            found += Promises(each, known.of(each)).values()
        return promise_report(found, when)

    async def promised_and_stayed(self, until: datetime, *, at: datetime | None = None) -> dict[str, list[Any]]:
        """As `Care.promised_and_stayed`."""
        outcomes, office = (await self.promise_report(at=until)).outcomes, self._office.office
        stayed = [bought_since(await self._run(story(office, member, at)), until) for member in outcomes]
        return {"outcomes": list(outcomes.values()), "stayed": stayed}

    async def _break_promises(self, member: str, known: Known, refused: list[Missed]) -> list[PromiseReceipt]:
        given, now = [], known.now
        for each in Promises(member, known.of(member)).unrepaired(now):
            if each.amended is None:
                command = BreakPromise(member=member, promise=each.id, key=swept(f"broken {each.id}"), now=now)
                # What one person's books refuse keeps nothing from the others; the next sweep tries again.
                given += await self._swept(PromiseReceipt, command, refused)
        return given
