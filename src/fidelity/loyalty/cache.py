"""A bounded memory of accounts, each with the version of its stream: what makes the next command read only the tail.

Disposable: whatever is not here is folded again from the journal.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable

from attrs import frozen

from fidelity.ledger import Account
from fidelity.loyalty.shared_cache import SharedCache

__all__ = ["AccountCache", "Known"]


@frozen
class Known:
    """
    The books of one member up to a version of their stream.

    Attributes:
        link: The link of that version's line.
        whole: Whether the account knows its whole past, as one that comes from a snapshot does not.
    """

    account: Account
    version: int
    link: str
    whole: bool = True


class AccountCache:
    """
    The accounts used last.

    Args:
        most: How many entries the accounts kept may have together; long accounts weigh more.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[str, Known] = OrderedDict()
        self._weight = 0
        self._lock = threading.Lock()
        #: The streams that all members share.
        self.shared = SharedCache()

    def get(self, stream: str) -> Known | None:
        """What is known of *stream*."""
        with self._lock:
            found = self._kept.get(stream)
            if found is not None:
                self._kept.move_to_end(stream)
            return found

    def keep(self, known: Iterable[tuple[str, Known]]) -> None:
        """Keep these, unless something later is kept already, and let go of what was not used for longest."""
        with self._lock:
            for stream, each in known:
                before = self._kept.get(stream)
                if before is not None:
                    if before.version > each.version:
                        continue
                    self._weight -= before.version
                self._kept[stream] = each
                self._kept.move_to_end(stream)
                self._weight += each.version
            while self._weight > self._most and len(self._kept) > 1:
                _, gone = self._kept.popitem(last=False)
                self._weight -= gone.version

    def forget(self, streams: Iterable[str]) -> None:
        """Fold these anew next time, and what all members share."""
        self.shared.clear()
        with self._lock:
            for stream in streams:
                gone = self._kept.pop(stream, None)
                if gone is not None:
                    self._weight -= gone.version

    def clear(self) -> None:
        """Fold everything anew next time."""
        self.shared.clear()
        with self._lock:
            self._kept.clear()
            self._weight = 0
