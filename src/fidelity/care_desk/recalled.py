"""Long streams as they were read last: the next time only what was added to them is read."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import islice

from attrs import define, field, frozen

from fidelity.entries import Entry
from fidelity.journals.port import Stream
from fidelity.loyalty.asks import Load, Work

__all__ = ["Read", "Recalled"]

#: From how many lines on a stream is remembered, and how many streams are.
_LONG, _MOST = 32, 256


@frozen
class Read:
    """
    What was read of one stream.

    Attributes:
        stream: As it was loaded: its version, and at least its last line.
        entries: All that stands in it.
    """

    stream: Stream
    entries: tuple[Entry, ...]


@frozen
class _Known:
    version: int
    link: str
    entries: tuple[Entry, ...]


@define
class Recalled:
    """What is remembered of long streams, those used last. A link that is still there vouches for all before it."""

    _known: OrderedDict[str, _Known] = field(factory=OrderedDict, init=False)

    def load(
        self, names: Iterable[str], books: Mapping[str, int] | None = None, *, lock: bool = False
    ) -> Work[dict[str, Read]]:
        """The streams of *names*; those of *books* are loaded with them, each after its version, and locked if told."""
        wanted, beside = tuple(dict.fromkeys(names)), books or {}
        held = {name: found for name in wanted if (found := self._known.get(name)) is not None}
        # The last line that is known comes once more, so that its link can be compared.
        after = {**beside, **{name: each.version - 1 for name, each in held.items()}}
        every = tuple(sorted({*wanted, *beside})) if lock else (*wanted, *beside)
        loaded: Mapping[str, Stream] = (yield Load(every, after, lock=lock)) if every else {}
        told = {name: _grown(loaded[name], held.get(name)) for name in wanted}
        # A host took back what was written.
        if gone := tuple(name for name, each in told.items() if each is None):
            again: Mapping[str, Stream] = yield Load(gone, lock=lock)
            told |= {name: Read(again[name], again[name].entries) for name in gone}
        whole = {name: each for name, each in told.items() if each is not None}
        self._remember(whole)
        return whole

    def _remember(self, found: Mapping[str, Read]) -> None:
        for name, each in found.items():
            if len(each.entries) >= _LONG:
                self._known.pop(name, None)
                self._known[name] = _Known(each.stream.version, each.stream.link, each.entries)
        with suppress(KeyError):  # another thread may let go of the same
            while len(self._known) > _MOST:
                self._known.popitem(last=False)


def _grown(stream: Stream, known: _Known | None) -> Read | None:
    """What *stream* holds, of which what is *known* comes first; None if it does not go on from there."""
    if known is None:
        return Read(stream, stream.entries)
    if not stream.lines or stream.lines[0].link != known.link:
        return None
    if stream.version == known.version:
        return Read(stream, known.entries)
    return Read(stream, (*known.entries, *islice(stream.one_by_one(), 1, None)))
