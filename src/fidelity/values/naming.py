"""Naming: what may name a member, an event or a key, and how long it may be; and what is a code."""

from __future__ import annotations

import re
from unicodedata import combining, normalize

from fidelity.errors import ValueRefused
from fidelity.values.spelling import shown

__all__ = ["LONGEST_NAME", "code", "name_trouble", "named", "spelled_alike"]

#: Names are kept for ever, and stand in the keys of every store.
LONGEST_NAME = 200
_LONGEST = 80
#: One to three words of letters, digits and what codes are joined with. A sentence is none.
#: What the words of a code are joined with.
_JOINTS = re.compile(r"[-_./:\s]+")
_CODE = re.compile(r"[^\W_]+(?:[-_./:]+[^\W_]+)*(?: [^\W_]+(?:[-_./:]+[^\W_]+)*){0,2}")


def name_trouble(value: object, what: str, *, longest: int = LONGEST_NAME) -> str:
    """
    Why *value* cannot name *what*; empty if it can.

    >>> name_trouble("T-1001", "purchase.id"), name_trouble(" ", "member")
    ('', "member must be a text that names something, not ' '")
    """
    if not isinstance(value, str) or not value.strip():
        return f"{what} must be a text that names something, not {value!r:.80}"
    if len(value) > longest:
        return f"{what} has {len(value)} characters, more than {longest}; name it shorter, such as by its hash"
    if not value.isprintable():
        return f"{what} holds a character that cannot be printed: {value!r:.80}"
    return ""


def named(value: str, what: str, *, optional: bool = False) -> str:
    """
    *value*, if it names somebody or something: who decided, a household.

    Raises:
        ValueRefused: If it does not.
    """
    if not isinstance(value, str) or len(value) > _LONGEST or not (value.strip() or (optional and not value)):
        message = f"{what} is a name of 1 to {_LONGEST} characters, such as 'staff 7', not {shown(value)}"
        raise ValueRefused(message, what=what, value=value)
    return value


def code(value: str, what: str, *, optional: bool = False) -> str:
    """
    *value*, if it is a code: one to three short words that name a reason, a cause or who decided.

    It stays in the journal for ever, so what somebody said or what is true of a person has no place in it.

    >>> code("late-delivery", "reason"), code("payment/P-1", "cause")
    ('late-delivery', 'payment/P-1')

    Raises:
        ValueRefused: If it is none.
    """
    if optional and value == "":
        return value
    if not isinstance(value, str) or len(value) > _LONGEST or _CODE.fullmatch(value) is None:
        message = f"{what} is a code of one to three words, such as 'late-delivery', not {shown(value)}"
        message += "; what somebody said is kept with Members.keep, where it can be erased"
        raise ValueRefused(message, what=what, value=value)
    return value


def spelled_alike(value: str) -> str:
    """
    A spelling that codes share which differ only in case, accents, width, or in what joins their words.

    Two of them name one thing where something is limited by its name: nobody has more of it by another spelling.

    >>> {
    ...     spelled_alike(each)
    ...     for each in ("front desk", "Front-Desk", "front_desk", "Fróntdesk", "ｆront desk")
    ... }
    {'frontdesk'}
    """
    letters = (each for each in normalize("NFKD", value).casefold() if not combining(each))
    return _JOINTS.sub("", "".join(letters))
