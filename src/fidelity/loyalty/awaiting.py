"""Awaiting: the work of the shell, carried out on a journal that is awaited."""

from __future__ import annotations

from collections.abc import Awaitable
from contextlib import suppress
from inspect import isawaitable
from typing import Any, TypeVar

from fidelity.errors import JournalError
from fidelity.journals.port import AsyncJournal
from fidelity.loyalty.asks import Ask, Keep, Within, Work

__all__ = ["await_out", "awaited"]

T = TypeVar("T")


async def await_out(work: Work[T], journal: AsyncJournal, program: str) -> T:
    """What *work* comes to, with *journal* answering what it asks."""
    try:
        ask = work.send(None)
        while True:
            try:
                answer = await _answer(ask, journal, program)
            except Exception as error:  # noqa: BLE001  # the work decides what it means
                ask = work.throw(error)
            else:
                ask = work.send(answer)
    except StopIteration as stop:
        result: T = stop.value
        return result


async def _answer(ask: Ask, journal: AsyncJournal, program: str) -> Any:  # noqa: ANN401  # whatever was asked
    if isinstance(ask, Within):
        async with journal.transaction():
            return await await_out(ask.begin(), journal, program)
    if isinstance(ask, Keep):
        with suppress(JournalError):
            await awaited(ask.of(journal, program))  # type: ignore[arg-type]  # the same names, awaited
        return None
    return await awaited(ask.of(journal, program))  # type: ignore[arg-type]  # the same names, awaited


async def awaited(found: Awaitable[T] | T) -> T:
    """What *found* comes to, awaited if it must be."""
    return await found if isawaitable(found) else found
