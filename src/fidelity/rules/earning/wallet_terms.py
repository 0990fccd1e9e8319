"""What a wallet may say of the life of its points, each from every spelling.

Knows values. Does not know the wallet that says them.
"""

from __future__ import annotations

from collections.abc import Iterable

from fidelity.errors import OperandError, TimeError, ValueRefused
from fidelity.values.decay import Decay
from fidelity.values.periods import Duration, duration
from fidelity.values.spelling import shown, suggest

__all__ = ["ACTIVITIES", "REINSTATEMENT", "activity", "decay", "usual_activity", "window_of_days"]

#: What may count as activity, in the order in which it is written down.
ACTIVITIES = ("earn", "redeem", "event", "goodwill", "transfer", "adjustment", "merge")

#: For how long after they expired points can be reinstated, unless a wallet tells.
REINSTATEMENT = duration("365 days")


def activity(value: str | Iterable[str]) -> tuple[str, ...]:
    """
    Which of `ACTIVITIES` are meant, each once and in their order; empty: the usual ones.

    Raises:
        ValueRefused: If one is unknown.
    """
    words = (value,) if isinstance(value, str) else tuple(value)
    for each in words:
        if not isinstance(each, str) or each not in ACTIVITIES:
            remedy = suggest(each, ACTIVITIES) if isinstance(each, str) else ""
            known = ", ".join(f'"{name}"' for name in ACTIVITIES)
            message = f"{shown(each)} is no activity of a wallet; {remedy or f'there are {known}'}"
            raise ValueRefused(message, value=each)
    return tuple(each for each in ACTIVITIES if each in words)


def usual_activity(*, fades: bool) -> tuple[str, ...]:
    """What counts unless told: earning and spending; for points that fade only earning."""
    return ("earn",) if fades else ("earn", "redeem")


def decay(value: Decay | None) -> Decay | None:
    """
    *value*, if it says how points fade.

    Raises:
        OperandError: If it does not.
    """
    if value is None or isinstance(value, Decay):
        return value
    message = f'decay is written Decay(after="12 weeks", every="week", lose="5 %"), not {shown(value)}'
    raise OperandError(message, value=value)


def window_of_days(value: str | Duration | None) -> Duration | None:
    """
    *value* as a number of whole days, weeks, months or years.

    Raises:
        TimeError: If it is shorter than a day.
    """
    if value is None:
        return None
    found = duration(value)
    if found.unit in {"minutes", "hours"} or not found.count:
        message = f'what staff may put right is counted in whole days, not "{found}"; write at least "1 day"'
        raise TimeError(message, value=found)
    return found
