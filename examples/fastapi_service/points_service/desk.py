"""The desk: the library's shells on one database, opened with the process and given to every request."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from attrs import frozen
from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

import fidelity as fd
from fidelity.errors import ValueRefused
from fidelity.journals import AsyncSqlMembers
from points_service.bodies import CURRENCY
from points_service.settings import Settings

__all__ = ["AtDesk", "Desk", "admitted", "opened"]


@frozen
class Desk:
    """
    What requests work with.

    Attributes:
        loyalty: The books of points.
        care: The human side beside them.
        members: The words of people, which can be erased.
    """

    loyalty: fd.AsyncLoyalty
    care: fd.AsyncCare
    members: AsyncSqlMembers


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Desk]:
    """The desk that *settings* describe, as long as the process serves."""
    program = fd.load(settings.program)
    if program.currency != CURRENCY:
        message = f"{settings.program} is in {program.currency}, the description in {CURRENCY}; change it in bodies.py"
        raise ValueRefused(message)
    engine = _engine(settings.database, settings.connections)
    people = _engine(settings.people, 2) if settings.people else engine
    try:
        members = AsyncSqlMembers(people)
        loyalty = fd.AsyncLoyalty(program, fd.AsyncSqlJournal(engine), members=members)
        yield Desk(loyalty, fd.AsyncCare(loyalty), members)
    finally:
        await engine.dispose()
        await people.dispose()


def _engine(url: str, connections: int) -> AsyncEngine:
    # Autocommit: what is only asked is one trip to the server. Commands open their own transactions.
    return create_async_engine(url, pool_size=connections, max_overflow=0, isolation_level="AUTOCOMMIT")


async def _at_desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


AtDesk = Annotated[Desk, Depends(_at_desk)]

_bearer = HTTPBearer(auto_error=False, description="The token of the service, POINTS_TOKEN")


async def admitted(request: Request, shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> None:
    """Let nobody in who does not show the token."""
    token: str = request.app.state.settings.token.get_secret_value()
    if shown is None or not hmac.compare_digest(shown.credentials.encode(), token.encode()):
        raise HTTPException(401, "this service wants its token", headers={"WWW-Authenticate": "Bearer"})
