"""How often people are asked for something, and how far their word goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal, TypeAlias

from attrs import Attribute, field, frozen

from fidelity.errors import ValueRefused
from fidelity.values.money import Money, money
from fidelity.values.naming import code
from fidelity.values.spelling import shown, suggest
from fidelity.values.whole import whole_number

__all__ = ["REMINDER", "REQUESTS", "UNLIMITED", "Frequency", "RequestBudget", "TrustPolicy"]

#: What counts as asking somebody for something. A reminder of any of them counts too.
REQUESTS = ("survey", "referral", "reference", "review", "offer", "profile question")

#: What limits of reminders are called: of whatever they remind.
REMINDER = "reminder"
#: How a form is said to have no limit of its own. The budget over all of them holds all the same.
UNLIMITED: Final = "unlimited"


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
            was taken back stops its requests whatever stands here. Offers are, unless you say ``consented={}``.
    """

    most: int = field(default=3, validator=_whole(1))
    days: int = field(default=90, validator=_whole(1))
    quiet_days: int = field(default=14, validator=_whole(0))
    after_no_days: int = field(default=90, validator=_whole(0))
    reminders: int = field(default=1, validator=_whole(0))
    consented: Mapping[str, str] = field(factory=lambda: {"offer": "offers"})

    def __attrs_post_init__(self) -> None:
        for each in self.consented:
            if each not in REQUESTS:
                message = f"{each!r} is no request; those are {', '.join(REQUESTS)}"
                raise ValueRefused(message, field="consented", value=each)


@frozen
class Frequency:
    """
    How often at most: ``Frequency(2, days=30)``.

    Args:
        most: How many.
        days: In any so many days.
    """

    most: int = field(validator=_whole(1))
    days: int = field(validator=_whole(1), kw_only=True)


Limit: TypeAlias = Frequency | Literal["unlimited"]

_USUAL = Frequency(3, days=90)


def _limits(value: Mapping[str, Limit]) -> Mapping[str, Limit]:
    forms = (*REQUESTS, REMINDER)
    if not isinstance(value, Mapping):
        message = f'limits are told by form, {{"survey": Frequency(2, days=30)}}, not {shown(value)}'
        raise ValueRefused(message, field="limits", value=value)
    for form, limit in value.items():
        if form not in forms:
            message = f"{form!r} is no request; {suggest(form, forms) or 'those are ' + ', '.join(forms)}"
            raise ValueRefused(message, field="limits", value=form)
        if limit != UNLIMITED and not isinstance(limit, Frequency):
            message = f"the limit of {form!r} is Frequency(2, days=30), or {UNLIMITED!r} said so, not {shown(limit)}"
            raise ValueRefused(message, field="limits", value=limit)
    return {form: value.get(form, _USUAL) for form in forms}


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
        limits: How often each form is asked for, within the budget over all of them: ``{"survey": Frequency(2,
            days=30), "offer": "unlimited"}``. The forms are those that `Care.ask` knows, and ``reminder``, of whatever
            it reminds. What is left out is asked for at most 3 times in any 90 days: nothing is unlimited unless said.
    """

    word: Money | None = field(default=None, converter=_word)
    points: int = field(default=100, validator=_whole(0))
    most: int = field(default=3, validator=_whole(1))
    days: int = field(default=365, validator=_whole(1))
    reviewer: str = field(default="reviewer", validator=_reviewer)
    limits: Mapping[str, Limit] = field(factory=dict, converter=_limits)
