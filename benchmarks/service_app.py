"""The points service of examples/fastapi_service with one operation more: the same handler, doing one bare INSERT.

What it leaves out is the engine: the token, the reading of the body, the pool and the answer are those of a purchase.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from fastapi import Depends, FastAPI, Request, Response
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from points_service.answers import Earned, Lot
from points_service.app import create_app as create_service
from points_service.bodies import MemberId, PurchaseBody
from points_service.desk import admitted
from points_service.events import Explain
from points_service.problems import report
from points_service.settings import Settings

__all__ = ["INSERT", "TABLE", "create_app"]

#: As a shop without a program would keep its purchases.
TABLE = "CREATE TABLE bare (id text PRIMARY KEY, member text NOT NULL, at timestamptz NOT NULL, body text NOT NULL)"
INSERT = "INSERT INTO bare (id, member, at, body) VALUES (%s, %s, %s, %s)"


def create_app() -> FastAPI:
    """The service and the bare operation."""
    settings = Settings()  # type: ignore[call-arg]  # from the environment
    app = create_service(settings)
    engine: AsyncEngine = create_async_engine(
        settings.database, pool_size=settings.connections, max_overflow=0, isolation_level="AUTOCOMMIT"
    )

    async def at_table(_: Request) -> AsyncEngine:
        return engine

    @app.post(
        "/bare/{member}/purchases",
        status_code=201,
        responses={200: {"model": Earned}, **report(404, 409)},
        dependencies=[Depends(admitted)],
    )
    async def bare(
        member: MemberId,
        body: PurchaseBody,
        response: Response,
        table: AsyncEngine = Depends(at_table),  # noqa: B008  (as the dialect of the closure wants it)
        explain: Explain = None,
    ) -> Earned:
        event = body.event(member)
        kept = json.dumps(body.model_dump(mode="json"))
        async with table.connect() as connection:
            found: sa.CursorResult[tuple[object, ...]] = await connection.exec_driver_sql(
                INSERT, (event.id, member, event.at, kept)
            )
        response.status_code = 201 if found.rowcount else 200
        now = datetime.now(UTC)
        lots = [Lot(wallet="points", points=event.amount.minor // 100, usable_from=now, usable_before=None)]
        return Earned(member=member, at=now, repeated=False, points=lots[0].points, lots=lots, explanation=explain)

    return app
