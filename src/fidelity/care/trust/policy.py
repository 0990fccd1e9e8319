"""How often people are asked for something, and how far their word goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import Attribute, field, frozen

from fidelity.errors import ValueRefused
from fidelity.values.money import Money, money
from fidelity.values.naming import code
from fidelity.values.whole import whole_number

__all__ = ["REQUESTS", "RequestBudget", "TrustPolicy"]

#: What counts as asking somebody for something. A reminder of any of them counts too.
REQUESTS = ("survey", "referral", "reference", "review", "offer", "profile question")


def _whole(low: int) -> Callable[[object, Attribute[int], int], None]:
    """What sees to it that a field is a whole number from *low* on."""

    def check(_: object, attribute: Attribute[int], value: int) -> None:
        whole_number(value, what=attribute.name, low=low)

    return check


def _word(value: Money | str | None) -> Money | None:
    return None if value is None else money(value)


def _reviewer(_: object, __: object, value: str) -> None:
    code(value, "reviewer")


@frozen(kw_only=True)
class RequestBudget:
    """
    How often a member is asked for something, over surveys, referrals, references, offers and questions together.

    Args:
        most: How many requests, reminders among them, in any *days* days: a request of a day counts on that day and
            on those that follow.
        days: How many days.
        quiet_days: For how many days after a complaint was closed nothing is asked for.
        after_no_days: For how many days after somebody declined, the same is not asked for again.
        reminders: How many reminders of one request.
        consented: Which requests are made only to who consents to a purpose, ``{"offer": "offers"}``. A consent that
            was taken back stops its requests whatever stands here.
    """

    most: int = field(default=3, validator=_whole(1))
    days: int = field(default=90, validator=_whole(1))
    quiet_days: int = field(default=14, validator=_whole(0))
    after_no_days: int = field(default=90, validator=_whole(0))
    reminders: int = field(default=1, validator=_whole(0))
    consented: Mapping[str, str] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        for each in self.consented:
            if each not in REQUESTS:
                message = f"{each!r} is no request; those are {', '.join(REQUESTS)}"
                raise ValueRefused(message, field="consented", value=each)


@frozen(kw_only=True)
class TrustPolicy:
    """
    How far a member's word goes: published, so that everybody knows.

    A claim beyond it goes to a person. It is never refused, and nothing is ever forfeited, by itself.

    Args:
        word: Up to what worth a claim is accepted on the member's word; None: every claim goes to a person.
        points: Up to how many points are given on it at once.
        most: How many such claims of one member in any *days* days.
        days: How many days.
        reviewer: Which role looks at the others, and at findings.
    """

    word: Money | None = field(default=None, converter=_word)
    points: int = field(default=100, validator=_whole(0))
    most: int = field(default=3, validator=_whole(1))
    days: int = field(default=365, validator=_whole(1))
    reviewer: str = field(default="reviewer", validator=_reviewer)
