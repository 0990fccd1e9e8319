"""A client of HTTP/1.1 that costs little: its requests are made before the clock runs, and connections stay open.

It shares the processors with what it measures, so it reads of an answer only its status and its length.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

__all__ = ["Connections", "request"]


def request(path: str, body: dict[str, Any], token: str) -> bytes:
    """A POST of *body* as it goes over the line."""
    text = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
    )
    return head.encode() + text


class Connections:
    """*count* connections to a port, each of which asks again as soon as it is answered."""

    def __init__(self, port: int, count: int) -> None:
        self._port, self._count = port, count
        self._open: list[_Connection] = []

    async def open(self) -> None:
        """Connect."""
        loop = asyncio.get_running_loop()
        for _ in range(self._count):
            _, made = await loop.create_connection(_Connection, "127.0.0.1", self._port)
            self._open.append(made)

    async def send(self, requests: Sequence[bytes], expected: int = 201) -> None:
        """
        Send all of *requests*.

        Raises:
            AssertionError: If one is answered with another status than *expected*.
        """
        waiting = iter(requests)
        status = f"HTTP/1.1 {expected} ".encode()
        await asyncio.gather(*(each.work(waiting, status) for each in self._open))

    def close(self) -> None:
        """Hang up."""
        for each in self._open:
            each.close()


class _Connection(asyncio.Protocol):
    """One connection: the next request goes out when the answer before it is there."""

    def __init__(self) -> None:
        self._line: Any = None
        self._waiting: Any = iter(())
        self._done: asyncio.Future[None] | None = None
        self._status = b""
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._line = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_exception(exc or ConnectionError("the service hung up"))

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, end, rest = self._read.partition(b"\r\n\r\n")
        if not end:
            return
        _, _, length = head.lower().partition(b"content-length: ")
        if len(rest) < int(length.partition(b"\r\n")[0]):
            return
        found, self._read = self._read, b""
        if not found.startswith(self._status):
            assert self._done is not None
            self._done.set_exception(AssertionError(found.decode()))
            return
        self._next()

    def _next(self) -> None:
        following = next(self._waiting, None)
        if following is not None:
            self._line.write(following)
        elif self._done is not None:
            self._done.set_result(None)

    async def work(self, waiting: Any, status: bytes) -> None:  # noqa: ANN401  (an iterator of bytes)
        """Ask what is *waiting*, until nothing is."""
        self._waiting, self._status = waiting, status
        self._done = asyncio.get_running_loop().create_future()
        self._next()
        await self._done

    def close(self) -> None:
        self._line.close()
