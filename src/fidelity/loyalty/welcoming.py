"""Welcoming: how a prospect becomes a member with what was already known. Pure; stores are asked by the shell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from fidelity.commands import Enroll
from fidelity.errors import UnknownProspect
from fidelity.prospects import PAYLOAD, Prospect
from fidelity.rules.program import Program

__all__ = ["prospect_in", "welcomed", "with_known"]

Payloads = Mapping[str, Mapping[str, Any]]


def prospect_in(payloads: Payloads) -> Prospect | None:
    """The prospect among the *payloads* of somebody; None if there is none."""
    plain = payloads.get(PAYLOAD)
    return None if plain is None else Prospect.from_plain(plain)


def welcomed(prospect: str, of_prospect: Payloads, of_member: Payloads) -> Prospect:
    """
    The prospect *prospect*, also if it became the member before: a retry finds what was carried over.

    Raises:
        UnknownProspect: If nothing is known under this id.
    """
    for payloads in (of_prospect, of_member):
        found = prospect_in(payloads)
        if found is not None and found.id == prospect:
            return found
    message = f"nobody is known as the prospect {prospect!r}; keep_prospect() first, or enroll without"
    raise UnknownProspect(message, prospect=prospect)


def with_known(program: Program, known: Prospect, command: Enroll) -> Enroll:
    """*command* with what the books may know of the prospect; what it says itself counts more."""
    declared = program.declared.own.get("member", {})
    carried = {name: value for name, value in known.fields.items() if name in declared}
    return evolve(
        command,
        fields={**carried, **command.fields},
        customer_since=command.customer_since or known.first_business,
        referred_by=command.referred_by or known.invitation,
    )
