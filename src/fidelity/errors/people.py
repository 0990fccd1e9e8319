"""Refusals about people: needs that nobody knows, prospects who are known already or gone."""

from __future__ import annotations

from fidelity.errors.refusals import Refused

__all__ = ["AlreadyMet", "ProspectOver", "UnknownNeed"]


class UnknownNeed(Refused, LookupError):
    """No such need of the person is known, or no such solution was offered for it."""

    code = "unknown need"


class AlreadyMet(Refused):
    """The prospect is known already, or is a member."""

    code = "already met"


class ProspectOver(Refused):
    """The prospect joined or was let go before; `member` says as whom they joined."""

    code = "prospect over"
