"""Problems: every error of the library as an answer of RFC 9457, with its code and what to do about it.

The sentences are the library's own. What it refuses has changed nothing; what the database failed may be asked again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from fidelity.errors import FidelityError, JournalError, Refused

__all__ = ["PROBLEM", "Problem", "problems", "report"]

#: The media type of RFC 9457.
PROBLEM = "application/problem+json"

#: What to do where the library's sentence does not say.
_REMEDIES = {
    401: "send the token of the service as Authorization: Bearer …",
    404: "check the name; what comes before its origin may be sent again later",
    409: "nothing was written; asking again changes nothing",
    422: "correct the request",
    503: "ask again with the same id or key; it is done once",
}


class Fault(BaseModel):
    """One thing that is wrong with a request."""

    pointer: str = Field(description="Where, as a JSON pointer", examples=["#/body/amount"])
    detail: str


class Problem(BaseModel):
    """What went wrong, as RFC 9457 has it."""

    type: str = Field(description="The kind of problem", examples=["urn:fidelity:not-enough-points"])
    title: str
    status: int
    detail: str = Field(description="What is wrong")
    code: str = Field(description="The library's stable word for it", examples=["not enough points"])
    remedy: str = Field(description="What to do about it")
    missing: int | None = Field(None, description="How many points are missing, where that is the problem")
    errors: list[Fault] | None = Field(None, description="What is wrong with the request, place by place")


def report(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The *statuses* as problems, for the description of an operation; besides those that each may have."""
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    described = {
        400: "The request cannot be read",
        401: "No token, or another",
        404: "Not known",
        409: "Refused: nothing was written",
        422: "Not as described here",
        503: "The database failed: ask again, it is done once",
    }
    return {each: {"description": described[each], "content": content} for each in (400, 401, *statuses, 422, 503)}


def problems(app: FastAPI) -> None:
    """Let *app* answer errors as problems."""
    app.add_exception_handler(FidelityError, _of_library)
    app.add_exception_handler(RequestValidationError, _of_request)
    app.add_exception_handler(HTTPException, _of_http)


async def _of_library(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, FidelityError)  # noqa: S101  (as it was registered)
    status = _status(error)
    # A sentence of the library says what is wrong and then, after a semicolon, what to do.
    detail, _sep, remedy = error.message.partition("; ")
    more = {"missing": error.facts["missing"]} if "missing" in error.facts else {}
    headers = {"Retry-After": "1"} if status == 503 else None  # noqa: PLR2004  (its own name)
    return _answer(status, error.code, detail, remedy, headers=headers, **more)


def _status(error: FidelityError) -> int:
    match error:
        case JournalError():
            return 503
        case LookupError():
            return 404
        case Refused() | ValueError():
            # As it is described it was: it is the books, or the program, that it does not fit.
            return 409
    return 500


async def _of_request(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101  (as it was registered)
    faults = [{"pointer": _pointer(each["loc"]), "detail": str(each["msg"])} for each in error.errors()]
    return _answer(422, "request", "the request is not as it is described", "", errors=faults)


def _pointer(place: Sequence[str | int]) -> str:
    return "#" + "".join(f"/{str(each).replace('~', '~0').replace('/', '~1')}" for each in place)


async def _of_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101  (as it was registered)
    status = HTTPStatus(error.status_code)
    headers = dict(error.headers or {})
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(sorted(_methods(request)))
    return _answer(status, status.phrase.lower(), str(error.detail), "", headers=headers)


def _methods(request: Request) -> set[str]:
    """All methods of the path asked for: a route knows only its own."""
    found: set[str] = set()
    for path, operations in request.app.openapi()["paths"].items():
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))
        if re.fullmatch(pattern, request.url.path):
            found |= {each.upper() for each in operations}
    return found


def _answer(
    status: int, code: str, detail: str, remedy: str, *, headers: dict[str, str] | None = None, **more: object
) -> JSONResponse:
    problem = {
        "type": f"urn:fidelity:{code.replace(' ', '-')}",
        "title": code.capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
        "remedy": remedy or _REMEDIES.get(status, "see the description of the service at /docs"),
    }
    return JSONResponse(problem | more, status, headers=headers, media_type=PROBLEM)
