"""What people can be asked for, by its name."""

from __future__ import annotations

from fidelity.care.trust.policy import REQUESTS
from fidelity.errors import ValueRefused
from fidelity.values.spelling import suggest

__all__ = ["request_named"]


def request_named(about: str) -> str:
    """
    *about*, if it names something that people are asked for.

    Raises:
        ValueRefused: If it does not.
    """
    if about not in REQUESTS:
        remedy = suggest(about, REQUESTS) or f"those are {', '.join(REQUESTS)}"
        message = f"{about!r} is nothing that people are asked for; {remedy}"
        message += "; an answer or a service message is no request, and needs no leave"
        raise ValueRefused(message, field="about", value=about)
    return about
