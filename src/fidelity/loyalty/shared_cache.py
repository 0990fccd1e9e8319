"""What the streams that all members share came to last. Disposable: whatever is not here is read from the journal."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TypeAlias

from attrs import frozen

from fidelity.journals.port import Snapshot
from fidelity.ledger.campaigns import CampaignState
from fidelity.ledger.invitations import InvitationState
from fidelity.ledger.stock import StockState

__all__ = ["KnownShared", "SharedCache", "State"]

State: TypeAlias = CampaignState | InvitationState | StockState


@frozen
class KnownShared:
    """What a stream comes to, up to a version of it."""

    state: State
    version: int
    link: str

    def snapshot(self, stream: str) -> Snapshot:
        """What is to be kept of it beside the journal."""
        return Snapshot(stream, self.version, self.link, self.state.to_text())


class SharedCache:
    """What shared streams came to last: there are few of them, and each is long. Disposable."""

    def __init__(self) -> None:
        self._kept: dict[str, KnownShared] = {}
        self._lock = threading.Lock()

    def get(self, stream: str) -> KnownShared | None:
        """What is known of *stream*."""
        return self._kept.get(stream)

    def keep(self, known: Iterable[tuple[str, KnownShared]]) -> None:
        """Keep these, unless something later is kept already."""
        with self._lock:
            for stream, each in known:
                before = self._kept.get(stream)
                if before is None or before.version <= each.version:
                    self._kept[stream] = each

    def clear(self) -> None:
        """Read everything anew next time."""
        with self._lock:
            self._kept.clear()
