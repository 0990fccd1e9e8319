"""Journals: where entries are kept."""

from fidelity.journals.aio import AsyncSqlJournal
from fidelity.journals.memory import JournalInMemory
from fidelity.journals.people import AsyncSqlMembers, SqlMembers
from fidelity.journals.port import (
    Applied,
    AsyncJournal,
    Batch,
    Journal,
    Line,
    Recorded,
    Resuming,
    Snapshot,
    Snapshots,
    Stream,
    Write,
)
from fidelity.journals.sql import SqlJournal

__all__ = [
    "Applied",
    "AsyncJournal",
    "AsyncSqlJournal",
    "AsyncSqlMembers",
    "Batch",
    "Journal",
    "JournalInMemory",
    "Line",
    "Recorded",
    "Resuming",
    "Snapshot",
    "Snapshots",
    "SqlJournal",
    "SqlMembers",
    "Stream",
    "Write",
]
