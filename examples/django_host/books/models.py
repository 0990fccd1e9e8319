"""The tables of the journal. Lines are only ever added; their number is all that is filled in later."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

__all__ = ["Counter", "Key", "Line", "Snapshot", "Stream"]


class Name(models.TextField):  # type: ignore[type-arg]  # Django's own classes take no types
    """A text in the order of its code points, whatever the language of the database is."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:  # noqa: ANN401  (as Django has it)
        """As any text, but with PostgreSQL's plainest collation; SQLite has no other."""
        found = super().db_parameters(connection)
        return {**found, "collation": "C"} if connection.vendor == "postgresql" else found


class Stream(models.Model):
    """A stream and its version. Who locks this row is the only one who may add to the stream."""

    program = Name()
    name = Name()
    version = models.BigIntegerField(default=0)

    class Meta:
        """A stream has one row."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["program", "name"], name="books_one_stream")]

    def __str__(self) -> str:
        return f"{self.program}: {self.name}, version {self.version}"


class Line(models.Model):
    """An entry, as the text that was hashed."""

    program = Name()
    stream = Name()
    version = models.BigIntegerField()
    body = models.TextField()
    link = models.TextField()
    #: Its place in the order of all lines; given when somebody reads them in order.
    sequence = models.BigIntegerField(null=True, unique=True)

    class Meta:
        """A version has one line."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "stream", "version"], name="books_one_version")
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=models.Q(sequence=None), name="books_without_number")
        ]

    def __str__(self) -> str:
        return f"{self.program}: {self.stream}, {self.version}"


class Key(models.Model):
    """A command that was applied, and what a retry of it gets back."""

    program = Name()
    key = Name()
    digest = models.TextField()
    receipt = models.TextField()

    class Meta:
        """A key is used once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["program", "key"], name="books_one_use")]

    def __str__(self) -> str:
        return f"{self.program}: {self.key}"


class Snapshot(models.Model):
    """What a stream came to at a version: a cache."""

    program = Name()
    stream = Name()
    version = models.BigIntegerField()
    link = models.TextField()
    body = models.TextField()

    class Meta:
        """A stream has one."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["program", "stream"], name="books_one_snapshot")]

    def __str__(self) -> str:
        return f"{self.program}: {self.stream}, version {self.version}"


class Counter(models.Model):
    """The last number given to a line. One row; who locks it gives numbers."""

    last = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.last)
