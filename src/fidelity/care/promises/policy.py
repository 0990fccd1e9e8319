"""When a promise counts as kept, late and broken."""

from __future__ import annotations

from datetime import timedelta

from attrs import field, frozen

from fidelity.errors import ValueRefused

__all__ = ["PromisePolicy"]


def _grace(_: object, __: object, value: timedelta) -> None:
    if not isinstance(value, timedelta) or value < timedelta(0):
        message = f"late is how long after its due instant a promise is late and not broken, not {value!r:.80}"
        raise ValueRefused(message, field="late", value=value)


@frozen
class PromisePolicy:
    """
    When a promise counts as what.

    Args:
        late: How long after its due instant a promise that was fulfilled is late; after that it is broken, and what is
            done then repairs it.
    """

    late: timedelta = field(default=timedelta(hours=48), validator=_grace)
