"""What is wrong with a store. The tree that it belongs to is drawn beside."""

from __future__ import annotations

from fidelity.errors.base import FidelityError

__all__ = [
    "BooksError",
    "DuplicateKey",
    "JournalError",
    "SchemaError",
    "StaleStream",
]


class JournalError(FidelityError):
    """The store failed, or is not what it should be."""

    code = "journal"


class StaleStream(JournalError):
    """Another writer appended to a stream first: load it again and decide again."""

    code = "stale stream"


class DuplicateKey(JournalError):
    """A key that must be unique is taken already."""

    code = "duplicate key"


class BooksError(JournalError):
    """An entry that the books cannot take, or books that do not add up. Nothing was posted."""

    code = "books"


class SchemaError(JournalError):
    """The store has a schema that this release cannot read."""

    code = "schema"
