"""Verifying: checkpoints, and the proof that nobody changed, removed or added a line; work on a whole journal.

The keys of the commands that wrote the lines are held against them as well.

Source:
    SEMANTICS D20, G17.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from attrs import frozen

from fidelity.entries import Checkpointed
from fidelity.entries.chain import genesis, link, seal
from fidelity.errors import JournalError
from fidelity.journals.port import Applied, Batch, Recorded, Stream, Write
from fidelity.loyalty.asks import Append, Find, Load, Names, Read, Within, Work
from fidelity.loyalty.keys import Applications

__all__ = ["Breach", "Checkpoint", "Verification", "checkpoint", "verify"]

#: How many lines are read at once.
_PAGE = 1000
#: The heads of how many streams are asked for at once.
_STREAMS = 200
#: How many lines of other programs may stand beside one that cannot be read.
_AROUND = 100_000


@frozen(kw_only=True)
class Checkpoint:
    """
    Where every stream of a program stood. Kept elsewhere, it proves that nothing was cut off since.

    Attributes:
        sequence: Up to which line of the journal.
        streams: How many streams there were.
        digest: The hash over the name, version and link of each.
    """

    sequence: int
    streams: int
    digest: str


@frozen(kw_only=True)
class Breach:
    """
    A place where the journal is not what it was.

    Attributes:
        stream: In which stream; empty where that is not known.
        version: At which line of it, and `sequence`, at which line of the journal; 0 where that is not known.
        what: What is wrong with it.
    """

    stream: str
    version: int
    sequence: int
    what: str


@frozen(kw_only=True)
class Verification:
    """
    What reading the whole journal came to.

    Attributes:
        lines, streams: How many were read.
        checkpoints: How many of them it was held against.
        breaches: Where it is not what it was, in the order in which they were found.
    """

    lines: int
    streams: int
    checkpoints: int
    breaches: tuple[Breach, ...]

    @property
    def sound(self) -> bool:
        """Whether every line is what it was."""
        return not self.breaches


class _Reader:
    """What is known of the streams of a program while its lines go by."""

    def __init__(self, program: str) -> None:
        self._program = program
        #: The version and the link of the last line of each stream; an empty link is not known.
        self.heads: dict[str, tuple[int, str]] = {}
        self.lines = 0
        self.last = 0
        self.commands = Applications()

    def follow(self, line: Recorded) -> Iterator[Breach]:
        """Take *line*, and say what is wrong with it."""
        self.lines += 1
        self.last = line.sequence
        version, before = self.heads.get(line.stream) or (0, genesis(self._program, line.stream))
        what = ""
        if line.version != version + 1:
            what = f"version {line.version} follows version {version}"
        elif before and link(before, line.line.body) != line.line.link:
            what = "this is not the text that was written, or it does not follow the line before"
        if what:
            self.commands.doubt(line.stream)
            yield Breach(stream=line.stream, version=line.version, sequence=line.sequence, what=what)
        else:
            self.commands.follow(line)
        self.heads[line.stream] = (line.version, line.line.link)

    def skip(self, sequence: int, error: JournalError) -> Breach:
        """Take note of a line that cannot be read."""
        self.last = sequence
        breach = _unreadable(error, sequence)
        self.commands.doubt(breach.stream)
        self.heads[breach.stream] = (breach.version, "")
        return breach

    def stand(self) -> Checkpoint:
        """Where all streams stand."""
        whole = sha256()
        for name in sorted(self.heads):
            version, head = self.heads[name]
            whole.update(f"{name}\n{version}\n{head}\n".encode())
        return Checkpoint(sequence=self.last, streams=len(self.heads), digest=whole.hexdigest())


def checkpoint(program: str, now: datetime) -> Work[Checkpoint]:
    """
    The work of reading every line of *program*, and of writing down where all its streams stand.

    Raises:
        JournalError: If a line is not what it was; nothing is written then.
    """
    reader = _Reader(program)
    while page := (yield Read(reader.last, _PAGE)):
        for line in page:
            for breach in reader.follow(line):
                message = f"line {breach.version} of {breach.stream!r}: {breach.what}; verify() tells all"
                raise JournalError(message, stream=breach.stream, version=breach.version)
    made = reader.stand()
    yield Within(lambda: _write(program, made, now))
    return made


def _write(program: str, made: Checkpoint, now: datetime) -> Work[None]:
    stream = f"program/{program}"
    found: Stream = (yield Load((stream,), lock=True))[stream]
    # A clock that runs behind the last line of this stream must not go back in it.
    at = max([now, *(entry.now for entry in found.entries[-1:])])
    entry = Checkpointed(at=at, now=at, sequence=made.sequence, streams=made.streams, digest=made.digest)
    lines = seal((entry,), found.link or genesis(program, stream))
    yield Append(Batch(program, (Write(stream, found.version, lines),)))


def verify(program: str, kept: Sequence[Checkpoint]) -> Work[Verification]:
    """
    The work of reading every line of *program* and holding it against the chain and against checkpoints.

    Args:
        program: Whose lines.
        kept: Checkpoints that were kept elsewhere; those in the journal itself are used as well.
    """
    breaches: list[Breach] = []
    reader = _Reader(program)
    promised = [*kept, *(yield from _written(program))]
    left = sorted(promised, key=lambda each: each.sequence)
    yield from _read_on(reader, left, breaches)
    heads = yield from _heads(reader, breaches)
    # What came while the heads were read stands in the order by now.
    yield from _read_on(reader, left, breaches)
    for stream, version in heads.items():
        known = reader.heads.get(stream, (0, ""))[0]
        if version > known:
            what = f"it stands in its stream, which has {version} lines, but not in the order of the journal"
            breaches.append(Breach(stream=stream, version=known + 1, sequence=0, what=what))
    breaches += [_broken(each, reader) for each in left if each.sequence > reader.last or each != _at(reader, each)]
    found = {(each.stream, each.version, each.sequence, each.what): each for each in breaches}
    return Verification(
        lines=reader.lines, streams=len(reader.heads), checkpoints=len(promised), breaches=tuple(found.values())
    )


def _read_on(reader: _Reader, left: list[Checkpoint], breaches: list[Breach]) -> Work[None]:
    """Read every line that there is by now."""
    while True:
        try:
            page = yield Read(reader.last, _PAGE)
            for line in page:
                _hold(reader, left, line.sequence, breaches)
                breaches += reader.follow(line)
        except JournalError as error:
            if not _of_a_line(error):
                raise
            yield from _one_by_one(reader, left, breaches)
        else:
            reader.commands.turn(last=not page)
            yield from _keys(reader.commands, breaches)
            if not page:
                return


def _keys(commands: Applications, breaches: list[Breach]) -> Work[None]:
    """Hold the commands whose lines were read against the keys under which they were applied."""
    made, commands.ready = commands.ready, []
    keys = tuple(dict.fromkeys(key for each in made for key in each.keys))
    if not keys:
        return
    found: dict[str, Applied] = {}
    unreadable: set[str] = set()
    try:
        found |= yield Find(keys)
    except JournalError as error:
        if not _of_a_receipt(error):
            raise
        for key in keys:
            try:
                found |= yield Find((key,))
            except JournalError as one:
                if not _of_a_receipt(one):
                    raise
                unreadable.add(key)
    breaches += [
        Breach(stream=each.line.stream, version=each.line.version, sequence=each.line.sequence, what=what)
        for each in made
        for key in each.keys
        if (what := _UNREADABLE if key in unreadable else each.trouble(key, found.get(key)))
    ]


_UNREADABLE = "what is kept of its command cannot be read"


def _of_a_receipt(error: JournalError) -> bool:
    """Whether *error* is about a receipt that cannot be read, and not about a store that cannot be asked."""
    return "value" in error.facts


def _heads(reader: _Reader, breaches: list[Breach]) -> Work[dict[str, int]]:
    """The version of each stream of the program, as the stream itself has it."""
    found: dict[str, int] = {}
    last = ""
    while names := (yield Names("", last, _STREAMS)):
        known = {name: reader.heads[name][0] for name in names if name in reader.heads}
        try:
            streams: Mapping[str, Stream] = yield Load(tuple(names), known)
        except JournalError as error:
            if not _of_a_line(error):
                raise
            breaches.append(_unreadable(error, 0))
        else:
            found |= {name: stream.version for name, stream in streams.items()}
        last = names[-1]
    return found


def _unreadable(error: JournalError, sequence: int) -> Breach:
    version = error.facts.get("version", 0)
    assert isinstance(version, int)  # noqa: S101  (as journals tell it)
    return Breach(stream=str(error.facts.get("stream", "")), version=version, sequence=sequence, what=error.message)


def _of_a_line(error: JournalError) -> bool:
    """Whether *error* is about a line that cannot be read, and not about a store that cannot be asked."""
    return "stream" in error.facts


def _written(program: str) -> Work[list[Checkpoint]]:
    """The checkpoints in the journal itself."""
    stream = f"program/{program}"
    try:
        found: Stream = (yield Load((stream,)))[stream]
    except JournalError as error:
        if not _of_a_line(error):
            raise
        # The reading line by line will come to it.
        return []
    return [
        Checkpoint(sequence=entry.sequence, streams=entry.streams, digest=entry.digest)
        for entry in found.entries
        if isinstance(entry, Checkpointed)
    ]


def _hold(reader: _Reader, left: list[Checkpoint], sequence: int, breaches: list[Breach]) -> None:
    """Hold what was read against the checkpoints that lie before the line *sequence*."""
    while left and left[0].sequence < sequence:
        each = left.pop(0)
        if _at(reader, each) != each:
            breaches.append(_broken(each, reader))


def _at(reader: _Reader, each: Checkpoint) -> Checkpoint:
    found = reader.stand()
    return Checkpoint(sequence=each.sequence, streams=found.streams, digest=found.digest)


def _broken(each: Checkpoint, reader: _Reader) -> Breach:
    found = len(reader.heads)
    what = f"up to here there were {each.streams} streams with other ends; now there are {found}"
    return Breach(stream="", version=0, sequence=each.sequence, what=what)


def _one_by_one(reader: _Reader, left: list[Checkpoint], breaches: list[Breach]) -> Work[None]:
    """Read on line by line, past those that cannot be read."""
    start = reader.last
    failed: dict[str, tuple[int, JournalError]] = {}
    for sequence in range(start, start + _AROUND):
        try:
            page = yield Read(sequence, 1)
        except JournalError as error:
            if not _of_a_line(error):
                raise
            # One line stops every reading that begins before it: the last such reading tells where it stands.
            failed[error.message] = (sequence + 1, error)
            continue
        breaches += [reader.skip(place, each) for place, each in failed.values()]
        if page and not failed:
            _hold(reader, left, page[0].sequence, breaches)
            breaches += reader.follow(page[0])
        return
    message = "the journal cannot be read at all"
    raise JournalError(message, after=start)
