"""Lists of commands: how they are asked for, and how many of them go into one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fidelity.commands import Command
from fidelity.errors import ValueRefused
from fidelity.loyalty.reach import alone

__all__ = ["BATCH", "batches", "checked"]

#: How many commands go into one transaction.
BATCH = 500


def checked(commands: object, on_refusal: str, *, atomic: bool = False) -> bool:
    """
    Whether the first refusal ends it.

    Raises:
        ValueRefused: If *on_refusal* is neither word, or *commands* no list, or what is whole shall go on.
    """
    if atomic and on_refusal != "raise":
        message = 'what is atomic ends with the first refusal; leave on_refusal="return" out, or atomic='
        raise ValueRefused(message, value=on_refusal)
    if on_refusal not in ("raise", "return"):
        message = f'on_refusal is "raise" or "return", not {on_refusal!r}'
        raise ValueRefused(message, value=on_refusal)
    if not isinstance(commands, Iterable):
        message = f"execute takes a list of commands, not {commands!r}; write execute([command])"
        raise ValueRefused(message, value=commands)
    return on_refusal == "raise"


def batches(commands: Iterable[Command]) -> Iterator[tuple[Command, ...]]:
    """*commands* in parts, each of them one transaction."""
    part: list[Command] = []
    for command in commands:
        if part and (len(part) == BATCH or alone(command)):
            yield tuple(part)
            part = []
        part.append(command)
        if alone(command):
            yield tuple(part)
            part = []
    if part:
        yield tuple(part)
