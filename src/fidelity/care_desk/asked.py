"""What a command of care asks, as plain data: the journal keeps it beside the key, to tell a retry from another one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

import attrs

from fidelity.care.command import CareCommand
from fidelity.entries.codec import instant_text
from fidelity.errors import ValueRefused
from fidelity.values.money import Money

__all__ = ["asked_by"]


def asked_by(command: CareCommand) -> dict[str, Any]:
    """What *command* asks, as plain data: not when, and none of its words."""
    told = {
        each.name: _plain(getattr(command, each.name))
        for each in attrs.fields(type(command))
        if each.name not in ("key", "now", "words") and getattr(command, each.name) != each.default
    }
    return {"command": command.name, **told}


_PLAIN: Mapping[type, Callable[[Any], object]] = {
    datetime: lambda at: {"instant": instant_text(at)},
    date: lambda day: {"date": day.isoformat()},
    timedelta: lambda span: {"seconds": str(span.total_seconds())},
    Decimal: lambda number: {"number": str(number.normalize())},
    Money: lambda money: {"minor": money.minor, "currency": money.currency},
}


def _plain(value: Any) -> object:  # noqa: ANN401  # whatever a command holds
    """*value*, as JSON can hold it."""
    if isinstance(value, StrEnum):
        return str(value)
    if value is None or isinstance(value, str | int):
        return value
    if type(value) in _PLAIN:
        return _PLAIN[type(value)](value)
    if isinstance(value, tuple | list | frozenset):
        items = sorted(value) if isinstance(value, frozenset) else value
        return [_plain(each) for each in items]
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if attrs.has(type(value)):
        return {each.name: _plain(getattr(value, each.name)) for each in attrs.fields(type(value))}
    message = f"{value!r:.80} cannot be part of a command"
    raise ValueRefused(message, value=value)
