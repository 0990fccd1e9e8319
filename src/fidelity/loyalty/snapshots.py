"""Snapshots: when an account is kept as text beside the journal, and when such a text is believed."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from fidelity.journals.port import Snapshot, Stream
from fidelity.ledger.rulebook import Rulebook
from fidelity.ledger.snapshots import from_text, to_text
from fidelity.loyalty.asks import Load, Recall, Resume, Work
from fidelity.loyalty.cache import Known

__all__ = ["MANY_LINES", "from_snapshot", "resumed", "to_snapshot"]

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


def resumed(names: tuple[str, ...], after: Mapping[str, int], *, lock: bool = False) -> Work[Mapping[str, Stream]]:
    """The work of loading streams; those that *after* does not name go on from their snapshots, if there are any."""
    if after.keys() >= set(names):
        return (yield Load(names, after, lock))  # type: ignore[no-any-return]  # as it answers
    found: Mapping[str, Stream] | None = yield Resume(names, after, lock)
    if found is not None:
        return found
    kept: dict[str, Snapshot] = {}
    for name in names:
        if name not in after and (snapshot := (yield Recall(name))):
            kept[name] = snapshot
    found = yield Load(names, {**after, **{name: each.version for name, each in kept.items()}}, lock)
    return {**found, **{name: evolve(found[name], snapshot=each) for name, each in kept.items()}}
