"""The published versions of a program: each stands whole in the journal, and what it decided stays decided by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from fidelity.entries import ProgramPublished
from fidelity.entries.chain import genesis, seal
from fidelity.errors import JournalError, VersionConflict
from fidelity.journals.port import Stream, Write
from fidelity.ledger.terms import wallets_of
from fidelity.rules.program import Program

__all__ = ["Versions"]


class Versions:
    """
    What is known of the program's stream.

    Args:
        program: The version that decides now.
        beside: The versions of which it is one, in the order of the days from which they hold.
    """

    def __init__(self, program: Program, beside: tuple[Program, ...] = ()) -> None:
        self._program = program
        self._beside = beside or (program,)
        place = self._beside.index(program)
        #: What stands in the journal before the present version does, and what may stand there after it.
        self._before = self._beside[:place]
        self._after = frozenset(each.version for each in self._beside[place + 1 :])
        self._published: dict[str, ProgramPublished] = {}
        #: When each version known to be published was: `history` changes when this does.
        self.known: tuple[datetime, ...] = ()
        #: For which of those the scales of wallets were compared.
        self._scaled: tuple[datetime, ...] | None = None
        #: What came into force, by its place in the stream: a version may come back.
        self._order: dict[int, ProgramPublished] = {}
        #: Whether the present version was seen in force: that another host goes on to the next changes nothing then.
        self._began = False
        self._programs: dict[tuple[str, str], Program] = {
            (each.version, each.digest): each for each in (*self._before, program)
        }
        self._last: datetime | None = None
        self.stream = f"program/{program.name}"
        # Both at once: threads share this, and a link of another version would break the chain.
        self._head = (0, genesis(program.name, self.stream))
        self.read = False

    @property
    def version(self) -> int:
        """Up to which version the stream was read."""
        return self._head[0]

    def learn(self, stream: Stream) -> None:
        """Take note of what was read of the stream."""
        for place, line in enumerate(stream.lines, stream.version - len(stream.lines) + 1):
            if isinstance(line.entry, ProgramPublished):
                self._published.setdefault(line.entry.version, line.entry)
                self.known = tuple([each.now for each in self._published.values()])
                self._order[place] = line.entry
            self._last = line.entry.now if self._last is None else max(line.entry.now, self._last)
        version, link = self._head
        if stream.version >= version:
            self._head = (stream.version, stream.link or link)
        self._began = self._began or self._in_force == self._program.version
        self.read = True

    @property
    def _in_force(self) -> str:
        """The version that came into force last; empty if none did."""
        return self._order[max(self._order)].version if self._order else ""

    def check(self) -> None:
        """
        Make sure that the present version may decide.

        Raises:
            VersionConflict: If another program stands in the journal under the same version, or an earlier version
                gave a wallet another scale: what members have would be read as another number.
        """
        for program in (*self._before, self._program):
            known = self._published.get(program.version)
            if known is not None and known.digest != program.digest:
                message = (
                    f"program {program.name!r} was published as version {program.version} with other rules; "
                    "give the changed program a version of its own"
                )
                raise VersionConflict(message, version=program.version, first=known.digest, second=program.digest)
        if self.known is not self._scaled:
            self._check_scales()
            self._scaled = self.known

    def _check_scales(self) -> None:
        wanted = {name: each.scale for name, each in wallets_of(self._program).items()}
        for earlier, _ in self.history():
            for name, each in wallets_of(earlier).items():
                if each.scale != wanted.get(name, each.scale):
                    message = (
                        f"version {self._program.version} of {self._program.name!r} gives the wallet {name!r} "
                        f"scale={wanted[name]}, and version {earlier.version} gave it scale={each.scale}: the points "
                        f"that members have would be read as others; keep the scale, or take a wallet of another name"
                    )
                    raise VersionConflict(message, wallet=name, first=each.scale, second=wanted[name])

    def copy(self) -> Versions:
        """Another one that knows the same; what it learns further is its own."""
        made = Versions(self._program, self._beside)
        made._published, made.known = dict(self._published), self.known
        made._programs = dict(self._programs)
        made._order, made._began = dict(self._order), self._began
        made._last, made._head, made.read = self._last, self._head, self.read
        return made

    def publication(self, now: datetime) -> Write | None:
        """
        What to append so that the present version stands in the journal; None if it does.

        A version that comes back, because a later one was a mistake, is published again: the notice of its terms
        counts from when they end for good. Hosts that have begun already do not answer each other.
        """
        program = self._program
        if self._began or self._in_force == program.version or self._in_force in self._after:
            return None
        now = now if self._last is None else max(now, self._last)
        wanted = (*(each for each in self._before if each.version not in self._published), program)
        entries = tuple(
            ProgramPublished(
                at=now, now=now, program=each.name, version=each.version, digest=each.digest, text=each.to_json()
            )
            for each in wanted
        )
        version, link = self._head
        return Write(self.stream, version, seal(entries, link))

    @property
    def present(self) -> bool:
        """Whether the present version is known to be published."""
        return self._program.version in self._published

    def history(self) -> tuple[tuple[Program, datetime], ...]:
        """The versions published until now, up to the present one, each with the instant from which it holds."""
        found: list[tuple[Program, datetime]] = []
        for each in tuple(self._published.values()):
            found.append((self.pinned(each.version, each.digest), each.now))
            if each.version == self._program.version:
                break
        return tuple(found)

    @property
    def several(self) -> bool:
        """Whether there are versions before the present one."""
        return not self._published.keys() <= {self._program.version}

    def replaced(self, at: datetime) -> Iterator[tuple[ProgramPublished, datetime]]:
        """The versions before the present one, each with the instant at which it ended last; *at* if none came yet."""
        order = [each for _, each in sorted(self._order.items())]
        present = [place for place, each in enumerate(order) if each.version == self._program.version]
        ends: dict[str, datetime] = {}
        for place, each in enumerate(order[: present[-1] if present else None], 1):
            if each.version != self._program.version:
                ends[each.version] = order[place].now if place < len(order) else at
        for version, end in ends.items():
            yield self._published[version], end

    def knows(self, version: str, digest: str) -> bool:
        """Whether `pinned` has an answer."""
        return (version, digest) in self._programs or version in self._published

    def pinned(self, version: str, digest: str) -> Program:
        """
        The program as it was when it decided something.

        Raises:
            JournalError: If it does not stand in the journal.
        """
        found = self._programs.get((version, digest))
        if found is not None:
            return found
        known = self._published.get(version)
        if known is None or known.digest != digest:
            message = f"the journal lacks version {version} of program {self._program.name!r} with digest {digest:.12}"
            raise JournalError(message, version=version, digest=digest)
        found = Program.from_json(known.text)
        self._programs[version, digest] = found
        return found
