"""The same checks on a journal that is awaited: its transactions belong to tasks."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest

from fidelity.errors import JournalError
from fidelity.journals import JournalInMemory
from fidelity.journals.port import AsyncJournal
from fidelity.testing import FAULTS, AsyncJournalSuite, BrokenJournal, JournalSuite
from fidelity.testing.suite import CAPABILITIES
from tests.testing.test_broken import CHECKS


class AwaitedMemory:
    """A journal in memory for many tasks: one transaction at a time, and whoever is not in it waits."""

    def __init__(self, inner=None):
        self.inner = JournalInMemory() if inner is None else inner
        self.lock = asyncio.Lock()
        self.owner = None

    @asynccontextmanager
    async def _turn(self):
        if self.owner is asyncio.current_task():
            yield
            return
        async with self.lock:
            await asyncio.sleep(0)
            self.owner = asyncio.current_task()
            try:
                yield
            finally:
                self.owner = None

    async def load(self, program, streams, *, after=None, lock=False):
        async with self._turn():
            return self.inner.load(program, streams, after=after, lock=lock)

    async def append(self, batch):
        async with self._turn():
            self.inner.append(batch)

    async def find(self, program, keys):
        async with self._turn():
            return self.inner.find(program, keys)

    async def read(self, program=None, *, after=0, limit=1000):
        async with self._turn():
            return self.inner.read(program, after=after, limit=limit)

    async def streams(self, program, *, prefix="", after="", limit=1000):
        async with self._turn():
            return self.inner.streams(program, prefix=prefix, after=after, limit=limit)

    @asynccontextmanager
    async def transaction(self):
        async with self._turn():
            with self.inner.transaction():
                yield

    async def snapshot(self, program, stream):
        return self.inner.snapshot(program, stream)

    async def keep(self, program, snapshot):
        self.inner.keep(program, snapshot)


class Down:
    def __getattr__(self, name):
        raise JournalError("the journal is down")


class TestAwaited(AsyncJournalSuite):
    capabilities = frozenset(CAPABILITIES)

    async def make(self):
        return AwaitedMemory()

    def reopen(self, journal):  # a hook need not be awaited
        return journal

    async def damage(self, journal):
        journal.inner = Down()


def test_it_is_an_async_journal():
    assert isinstance(AwaitedMemory(), AsyncJournal)


def test_both_suites_have_the_same_checks():
    names = {name for name in dir(AsyncJournalSuite) if name.startswith("test_")}

    assert names == set(CHECKS.values())
    assert all(getattr(AsyncJournalSuite, name) is getattr(JournalSuite, name) for name in names)


@pytest.mark.parametrize("fault", [each.name for each in FAULTS.values() if each.check in {2, 24, 33, 56, 61, 77}])
def test_a_broken_journal_that_is_awaited_is_rejected_too(fault):
    suite = TestAwaited()
    suite.make = lambda: AwaitedMemory(BrokenJournal(JournalInMemory(), fault))
    suite.close = lambda journal: journal.inner.close()
    journal = suite.opened()

    with pytest.raises(AssertionError):
        getattr(suite, CHECKS[FAULTS[fault].check])(journal)

    suite.over()


def test_a_task_that_never_ends_does_not_keep_the_suite():
    suite = TestAwaited()
    suite.opened()

    suite.over()

    assert not suite._loop._thread.is_alive()
