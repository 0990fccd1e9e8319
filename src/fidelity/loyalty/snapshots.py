"""Snapshots: when an account is kept as text beside the journal, and when such a text is believed."""

from __future__ import annotations

from fidelity.journals.port import Snapshot
from fidelity.ledger.rulebook import Rulebook
from fidelity.ledger.snapshots import from_text, to_text
from fidelity.loyalty.cache import Known

__all__ = ["MANY_LINES", "from_snapshot", "to_snapshot"]

#: Who had to fold as many lines to open an account keeps a snapshot, so that the next one need not.
MANY_LINES = 500


def to_snapshot(stream: str, known: Known) -> Snapshot:
    """What is *known* of *stream*, to be kept."""
    return Snapshot(stream, known.version, known.link, to_text(known.account))


def from_snapshot(rulebook: Rulebook, member: str, snapshot: Snapshot) -> Known | None:
    """What *snapshot* tells of *member*; None if it cannot be believed, and the stream is folded instead."""
    account = from_text(rulebook, member, snapshot.body)
    if account is None or account.posted != snapshot.version:
        return None
    return Known(account, snapshot.version, snapshot.link, whole=False)
