"""A journal over Django's ORM: the six methods that the library asks of a store, in the host's tables and transaction.

Knows tables, versions and keys. Knows nothing of points.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.db import DatabaseError, IntegrityError, InterfaceError, connections, transaction
from django.db.models import Q
from django.db.models.functions import Left

from books import models
from fidelity.errors import JournalError, StaleStream, ValueRefused
from fidelity.journals import port

__all__ = ["DjangoJournal"]

_DOOMED = "something inside this transaction failed, so nothing of it is written; leave it and begin again"
_JOIN = "there is a transaction of the host around this; write loyalty.joined(alias), so that both end together"
#: So many streams are asked for at once, and so many lines get their numbers at once.
_PAGE = 200


class _Under(threading.local):
    """The transaction that this thread has under way here."""

    open = False
    doomed = False


class DjangoJournal:
    """
    The books of programs in one of Django's databases.

    Each command is a transaction of its own. Inside a transaction of the host, `joined` makes it a part of that one.

    Args:
        alias: Which of `settings.DATABASES`.
        joined: Whether the host has a transaction open; then nothing is committed here.
    """

    def __init__(self, alias: str = "default", *, joined: bool = False) -> None:
        self._alias, self._joined = alias, joined
        self._under = _Under()

    def __repr__(self) -> str:
        return f"<DjangoJournal on {self._alias!r}{', joined' if self._joined else ''}>"

    def joined(self, session: object) -> DjangoJournal:
        """The journal inside the transaction that the host has open on the database with the alias *session*."""
        if session != self._alias:
            message = f"the journal is on {self._alias!r}, not on {session!r}; join a transaction of its own database"
            raise JournalError(message)
        return DjangoJournal(self._alias, joined=True)

    def close(self) -> None:
        """Close this thread's connection."""
        connections[self._alias].close()

    # Reading

    def load(
        self, program: str, streams: Sequence[str], *, after: Mapping[str, int] | None = None, lock: bool = False
    ) -> Mapping[str, port.Stream]:
        """Each of the *streams*; one that does not exist has version 0 and no lines."""
        known, names = after or {}, sorted(set(streams))
        with self._faults():
            if lock and connections[self._alias].in_atomic_block:
                heads = self._locked(program, names)
            else:
                rows = models.Stream.objects.using(self._alias).filter(program=program, name__in=names)
                heads = dict(rows.values_list("name", "version"))
            lines: dict[str, list[port.Line]] = {name: [] for name in names}
            # Lines that come after the version read above belong to the next answer.
            wanted = [
                Q(stream=name, version__gt=known.get(name, 0), version__lte=heads[name])
                for name in names
                if heads.get(name, 0) > known.get(name, 0)
            ]
            for first in range(0, len(wanted), _PAGE):
                any_of = Q(*wanted[first : first + _PAGE], _connector=Q.OR)
                found = models.Line.objects.using(self._alias).filter(any_of, program=program)
                for stream, body, link in found.order_by("stream", "version").values_list("stream", "body", "link"):
                    lines[stream].append(port.Line.read(body, link))
        return {name: port.Stream(name, heads.get(name, 0), tuple(lines[name])) for name in streams}

    def find(self, program: str, keys: Sequence[str]) -> Mapping[str, port.Applied]:
        """The commands applied under *keys*; keys that are free are left out."""
        with self._faults():
            rows = models.Key.objects.using(self._alias).filter(program=program, key__in=list(keys))
            return {
                key: port.Applied(key, digest, json.loads(receipt))
                for key, digest, receipt in rows.values_list("key", "digest", "receipt")
            }

    def read(self, program: str | None = None, *, after: int = 0, limit: int = 1000) -> Sequence[port.Recorded]:
        """Up to *limit* lines in the order of the journal, with a sequence above *after*."""
        with self._faults():
            self._number()
            rows = models.Line.objects.using(self._alias).filter(sequence__gt=after).order_by("sequence")
            if program is not None:
                rows = rows.filter(program=program)
            return tuple(
                port.Recorded(owner, stream, version, sequence or 0, port.Line.read(body, link))
                for owner, stream, version, sequence, body, link in rows.values_list(
                    "program", "stream", "version", "sequence", "body", "link"
                )[:limit]
            )

    def streams(self, program: str, *, prefix: str = "", after: str = "", limit: int = 1000) -> Sequence[str]:
        """Up to *limit* names of streams that begin with *prefix*, in the order of their code points, past *after*."""
        with self._faults():
            rows = models.Stream.objects.using(self._alias).filter(program=program, version__gt=0, name__gt=after)
            if prefix:
                # Not startswith: in SQLite it takes capitals for small letters.
                rows = rows.filter(name__gte=prefix).annotate(start=Left("name", len(prefix))).filter(start=prefix)
            return tuple(rows.order_by("name").values_list("name", flat=True)[:limit])

    # Writing

    def append(self, batch: port.Batch) -> None:
        """Append everything in *batch*, or nothing of it."""
        program = port.whole_batch(batch).program
        keys = [each.key for each in batch.applied]
        with self.transaction():
            heads = self._locked(program, sorted(write.stream for write in batch.writes))
            for write in batch.writes:
                if heads[write.stream] != write.expected:
                    raise port.stale(program, write, heads[write.stream])
            try:
                with transaction.atomic(using=self._alias):
                    self._write(program, batch)
            except IntegrityError as error:
                # Versions are ours alone, for their streams are locked: it is a key, or nothing that we know of.
                for key in self.find(program, keys):
                    raise port.key_taken(program, key) from error
                raise

    def _write(self, program: str, batch: port.Batch) -> None:
        models.Key.objects.using(self._alias).bulk_create(
            models.Key(
                program=program,
                key=each.key,
                digest=each.digest,
                receipt=json.dumps(each.receipt, ensure_ascii=False),
            )
            for each in batch.applied
        )
        models.Line.objects.using(self._alias).bulk_create(
            models.Line(program=program, stream=write.stream, version=version, body=line.body, link=line.link)
            for write in batch.writes
            for version, line in enumerate(write.lines, write.expected + 1)
        )
        for write in batch.writes:
            row = models.Stream.objects.using(self._alias).filter(program=program, name=write.stream)
            row.update(version=write.expected + len(write.lines))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that this thread does inside happens at once, or, if an error leaves it, not at all."""
        under = self._under
        if under.open:
            try:
                yield
            except BaseException:
                under.doomed = True
                raise
            return
        if not self._joined and connections[self._alias].in_atomic_block:
            raise JournalError(_JOIN)
        # Within a transaction of the host this is a savepoint: what fails here leaves the host's own work as it was.
        with self._faults(), transaction.atomic(using=self._alias):
            under.open, under.doomed = True, False
            try:
                yield
                if under.doomed:
                    raise JournalError(_DOOMED)
            finally:
                under.open = False

    def _locked(self, program: str, names: Sequence[str]) -> dict[str, int]:
        """The versions of *names*, which nobody else may change until the transaction ends."""
        rows = models.Stream.objects.using(self._alias)
        # What is to be locked must be there. Two who make the same row wait for each other, in the order of names.
        rows.bulk_create([models.Stream(program=program, name=name) for name in names], ignore_conflicts=True)
        mine = rows.select_for_update().filter(program=program, name__in=names).order_by("name")
        return dict(mine.values_list("name", "version"))

    def _number(self) -> None:
        """Give numbers to the lines that have none, one reader at a time: what is committed later comes later."""
        lines = models.Line.objects.using(self._alias)
        while lines.filter(sequence=None).exists():
            with transaction.atomic(using=self._alias):
                counters = models.Counter.objects.using(self._alias)
                counters.bulk_create([models.Counter(id=1)], ignore_conflicts=True)
                counter = counters.select_for_update().get(id=1)
                due = list(lines.filter(sequence=None).order_by("id").only("id")[:_PAGE])
                for number, line in enumerate(due, counter.last + 1):
                    line.sequence = number
                lines.bulk_update(due, ["sequence"])
                counter.last += len(due)
                counter.save(using=self._alias)

    # Snapshots: a long account opens from one

    def snapshot(self, program: str, stream: str) -> port.Snapshot | None:
        """The snapshot of *stream*, if there is one."""
        with self._faults():
            row = models.Snapshot.objects.using(self._alias).filter(program=program, stream=stream).first()
        return None if row is None else port.Snapshot(stream, row.version, row.link, row.body)

    def keep(self, program: str, snapshot: port.Snapshot) -> None:
        """Keep *snapshot* in place of an older one."""
        told = {"version": snapshot.version, "link": snapshot.link, "body": snapshot.body}
        with self._faults():
            rows = models.Snapshot.objects.using(self._alias)
            rows.bulk_create([models.Snapshot(program=program, stream=snapshot.stream, **told)], ignore_conflicts=True)
            rows.filter(program=program, stream=snapshot.stream, version__lt=snapshot.version).update(**told)

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """Whatever the database raises becomes an error of the library, with its cause."""
        try:
            yield
        except (DatabaseError, InterfaceError) as error:
            # PostgreSQL would answer the commit of what failed as if it had kept it.
            self._under.doomed = True
            # A deadlock that PostgreSQL broke, or a row that changed under a stricter isolation.
            if getattr(error.__cause__, "sqlstate", None) in ("40P01", "40001"):
                raise StaleStream(f"another writer was in the way; decide again: {error}") from error
            raise JournalError(f"the journal's database failed: {error}") from error
        except UnicodeEncodeError as error:
            message = f"a text holds half a character, which cannot be stored: {error.object!r:.80}"
            raise ValueRefused(message, value=error.object) from error
