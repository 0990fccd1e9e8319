"""Commands about what members share: campaigns, stock, invitations. Frozen values as those of `commands`."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen

from fidelity.commands import Command
from fidelity.errors import ValueRefused
from fidelity.values.whole import whole_number

__all__ = ["Refer", "Restock", "Resume", "Suspend", "WithholdReferral"]


def _text(value: str) -> str:
    if isinstance(value, str):
        return value
    message = f"a campaign, a reward or a friend is told by a name, not {value!r:.80}"
    raise ValueRefused(message, value=value)


def _count(value: int) -> int:
    if whole_number(value, what="count", low=-(10**9), high=10**9) == 0:
        message = "a stock that changes by nothing stays as it is; count is how many came, or -3 for three that went"
        raise ValueRefused(message, field="count", value=value)
    return value


@frozen(kw_only=True)
class Suspend(Command):
    """Let *campaign* give nothing until it is resumed, for *reason*; *by* is who decided it."""

    name: ClassVar[str] = "suspend"

    campaign: str = field(converter=_text)
    reason: str
    key: str
    by: str = ""


@frozen(kw_only=True)
class Resume(Command):
    """Let *campaign* give again."""

    name: ClassVar[str] = "resume"

    campaign: str = field(converter=_text)
    key: str
    by: str = ""


@frozen(kw_only=True)
class Restock(Command):
    """So many of *reward* came, or went if *count* is negative, for *reason*."""

    name: ClassVar[str] = "restock"

    reward: str = field(converter=_text)
    count: int = field(converter=_count)
    key: str
    reason: str = ""


@frozen(kw_only=True)
class Refer(Command):
    """Let *member* invite a friend; *friend_ref* is what the host calls the friend, who gave *consent* to that."""

    name: ClassVar[str] = "refer"

    member: str
    key: str
    friend_ref: str = field(default="", converter=_text)
    consent: bool = False


@frozen(kw_only=True)
class WithholdReferral(Command):
    """Let the referral that *invitation* began not count, for *reason*; *by* is the person who decided it."""

    name: ClassVar[str] = "withhold referral"

    invitation: str
    reason: str
    key: str
    by: str = ""
