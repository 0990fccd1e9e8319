"""The application: operations, errors and the description of both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import Depends, FastAPI

from points_service import accounts, care, events, rewards
from points_service.answers import Health
from points_service.desk import AtDesk, admitted, opened
from points_service.problems import Problem, problems, report
from points_service.settings import Settings

__all__ = ["create_app"]


def create_app(settings: Settings | None = None) -> FastAPI:
    """The service that *settings* describe, or the environment if None."""
    told = Settings() if settings is None else settings  # type: ignore[call-arg]  # from the environment

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with opened(told) as app.state.desk:
            yield

    app = _Described(title="Points", version="1", summary="A loyalty program as a service", lifespan=lifespan)
    app.state.settings = told
    problems(app)
    for each in (accounts, events, rewards, care):
        app.include_router(each.router, dependencies=[Depends(admitted)])

    @app.get("/health", tags=["service"], responses={503: report()[503]})
    async def health(desk: AtDesk) -> Health:
        """Whether the service and its database answer."""
        program = desk.loyalty.program
        await desk.loyalty.journal.find(program.name, ["health"])
        return Health(program=program.name, version=program.version)

    return app


class _Described(FastAPI):
    """An application whose description has the shape of its problems."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            schema = super().openapi()
            shapes = schema["components"]["schemas"]
            told = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            shapes.update(told.pop("$defs", {}), Problem=told)
        return super().openapi()
