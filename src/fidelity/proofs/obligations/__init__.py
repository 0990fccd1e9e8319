"""Obligations: every promise of a model as a question of the rule language, P1 to P10, under one id each."""

from __future__ import annotations

from fidelity.proofs.model import Model, Unmodelled
from fidelity.proofs.obligation import Obligation
from fidelity.proofs.obligations.asking import Asking
from fidelity.proofs.obligations.base import base
from fidelity.proofs.obligations.most import most
from fidelity.proofs.obligations.opening import counted, opening
from fidelity.proofs.obligations.paying import paying
from fidelity.proofs.obligations.publishing import equivalent, publishing
from fidelity.proofs.obligations.reaching import live_events, reaching
from fidelity.proofs.obligations.rising import rising
from fidelity.proofs.obligations.ruling import ruling
from fidelity.proofs.obligations.splitting import splitting
from fidelity.proofs.obligations.waiting import waiting

__all__ = ["asked_of", "counted", "equivalent", "live_events", "obligations_of", "unmodelled_of"]

_ALL = (paying, opening, reaching, rising, base, waiting, splitting, publishing, ruling, most)


def asked_of(model: Model) -> Asking:
    """Everything that is asked of *model*: its obligations, and the promises that cannot be asked, with the reason."""
    asking = Asking(model, unasked=[*model.unmodelled])
    for each in _ALL:
        each(asking)
    return asking


def obligations_of(model: Model) -> tuple[Obligation, ...]:
    """
    Every obligation of *model*, in the order of the properties.

    Those that begin with ``P2.effective:`` are about one filter each; `counted` makes ``P2.count:REWARD`` of them.
    """
    return tuple(asked_of(model).asked)


def unmodelled_of(model: Model) -> tuple[Unmodelled, ...]:
    """The promises of *model* that cannot be asked, each with the reason; reports show them as unknown."""
    return tuple(asked_of(model).unasked)
