"""Journals: where entries are kept."""

from fidelity.journals.memory import JournalInMemory
from fidelity.journals.port import Applied, Batch, Journal, Recorded, Stream, Write
from fidelity.journals.sql import SqlJournal

__all__ = ["Applied", "Batch", "Journal", "JournalInMemory", "Recorded", "SqlJournal", "Stream", "Write"]
