"""Checks 74–84: what the store keeps for the next process, what it shares with another one, and how it fails."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import cast

from fidelity.errors import DuplicateKey, JournalError, StaleStream
from fidelity.journals.port import Journal, Snapshot, Snapshots
from fidelity.testing.suite.hooks import Hooks, needs
from fidelity.testing.suite.making import (
    ANA,
    CAFE,
    EVA,
    applied,
    batch,
    everything,
    in_pages,
    names,
    one,
    refused,
    while_open,
    write,
)

__all__ = ["Failing", "Keeping", "Sharing", "Snapshotting"]


class Keeping(Hooks):
    """What was acknowledged is there when the store is opened again."""

    @needs("durable")
    def test_74_lines_are_there_when_the_store_is_opened_again(self, journal: Journal) -> None:
        """A receipt was given: the points must outlive the process."""
        given = [write(ANA, 0, "a", "é 点"), write(EVA, 0, "x")]
        journal.append(batch(*given))
        with journal.transaction():
            journal.append(batch(write(ANA, 2, "b")))

        again = self._opened_again(journal)

        assert one(again, ANA).lines[:2] == given[0].lines
        assert (names(one(again, ANA))[2:], one(again, EVA).lines) == (["b"], given[1].lines)
        assert list(again.streams(CAFE)) == [ANA, EVA]
        again.append(batch(write(ANA, 3, "c")))
        self.closed(again)

    @needs("durable")
    def test_75_keys_are_there_when_the_store_is_opened_again(self, journal: Journal) -> None:
        """A retry may come after the restart that made it necessary."""
        journal.append(batch(write(ANA, 0, "a"), keys=["k"]))

        again = self._opened_again(journal)

        assert dict(again.find(CAFE, ["k", "l"])) == {"k": applied("k")}
        refused(DuplicateKey, again, batch(write(ANA, 1, "b"), keys=["k"]))
        self.closed(again)

    @needs("durable")
    def test_76_numbers_are_the_same_when_the_store_is_opened_again(self, journal: Journal) -> None:
        """A reader that kept its place goes on there after a restart."""
        journal.append(batch(write(EVA, 0, "x", "y")))
        journal.append(batch(write(ANA, 0, "a"), write(EVA, 2, "z")))
        before = in_pages(journal)

        again = self._opened_again(journal)

        assert in_pages(again) == before
        again.append(batch(write(ANA, 1, "b")))
        assert [each.line.body for each in again.read(after=before[-1].sequence)] == [one(again, ANA).lines[1].body]
        self.closed(again)

    @needs("durable")
    def test_77_what_was_undone_is_not_there_when_the_store_is_opened_again(self, journal: Journal) -> None:
        """Nothing of a command that was not acknowledged may come back to life."""
        journal.append(batch(write(ANA, 0, "a")))
        with suppress(ZeroDivisionError), journal.transaction():
            journal.append(batch(write(ANA, 1, "b"), write(EVA, 0, "x"), keys=["k"]))
            raise ZeroDivisionError

        again = self._opened_again(journal)

        assert [(stream, version) for _, stream, version, _ in everything(again)] == [(ANA, 1)]
        assert not again.find(CAFE, ["k"])
        self.closed(again)

    def _opened_again(self, journal: Journal) -> Journal:
        self.closed(journal)
        return self.again(journal)


class Sharing(Hooks):
    """Two processes with one store."""

    @needs("shared")
    def test_78_another_journal_sees_at_once_what_was_written(self, journal: Journal) -> None:
        """What the till booked, the app shows."""
        other = self.again(journal)
        for n in range(3):
            journal.append(batch(write(ANA, n, f"h{n}"), keys=[f"k{n}"]))

            assert one(other, ANA) == one(journal, ANA)
            assert len(other.load(CAFE, [ANA], after={ANA: n})[ANA].lines) == 1
            assert dict(other.find(CAFE, [f"k{n}"])) == {f"k{n}": applied(f"k{n}")}
            assert in_pages(other) == in_pages(journal)
        self.closed(other)

    @needs("shared")
    def test_79_another_journal_is_told_when_it_is_late(self, journal: Journal) -> None:
        """Two processes are as safe as two threads."""
        other = self.again(journal)
        assert one(other, ANA).version == 0
        journal.append(batch(write(ANA, 0, "a"), keys=["k"]))

        refused(StaleStream, other, batch(write(ANA, 0, "b")))
        refused(DuplicateKey, other, batch(write(ANA, 1, "b"), keys=["k"]))
        other.append(batch(write(ANA, 1, "b")))

        assert names(one(journal, ANA)) == ["a", "b"]
        self.closed(other)

    @needs("shared", "threads")
    def test_80_another_journal_sees_nothing_of_a_transaction_that_is_undone(self, journal: Journal) -> None:
        """What a process shows must not depend on how another one's command ends."""
        other = self.again(journal)
        with suppress(ZeroDivisionError), journal.transaction():
            journal.append(batch(write(ANA, 0, "a"), keys=["k"]))
            seen = while_open(lambda: (one(other, ANA).version, len(other.find(CAFE, ["k"]))))
            raise ZeroDivisionError

        assert seen() == (0, 0)
        self.closed(other)


def _snapshot(version: int, stream: str = ANA) -> Snapshot:
    return Snapshot(stream, version, f"{version:064x}", f'{{"points": {version}, "who": "é 点"}}')


class Snapshotting(Hooks):
    """A cache beside the books."""

    @needs("snapshots")
    def test_81_a_snapshot_comes_back_as_it_was_kept(self, journal: Journal) -> None:
        """A long account opens from its snapshot; each member of each program has one."""
        shelf = cast("Snapshots", journal)
        journal.append(batch(write(ANA, 0, "a", "b")))
        assert shelf.snapshot(CAFE, ANA) is None

        shelf.keep(CAFE, _snapshot(2))
        shelf.keep("Books", _snapshot(1))
        shelf.keep(CAFE, _snapshot(1, EVA))

        assert shelf.snapshot(CAFE, ANA) == _snapshot(2)
        assert shelf.snapshot("Books", ANA) == _snapshot(1)
        assert shelf.snapshot(CAFE, EVA) == _snapshot(1, EVA)
        assert shelf.snapshot("Books", EVA) is None

    @needs("snapshots")
    def test_82_the_newest_snapshot_stays(self, journal: Journal) -> None:
        """A slow process must not put its older one in place of a newer one."""
        shelf = cast("Snapshots", journal)
        journal.append(batch(write(ANA, 0, "a", "b", "c")))
        for version in (1, 3, 2):
            shelf.keep(CAFE, _snapshot(version))

        assert shelf.snapshot(CAFE, ANA) == _snapshot(3)
        assert one(journal, ANA).version == 3


class Failing(Hooks):
    """A store that fails says so in the words of the port."""

    @needs("breakable")
    def test_83_readings_that_fail_are_journal_errors(self, journal: Journal) -> None:
        """A shell tells "the store is down" from "you have too few points" by the error's family."""
        journal.append(batch(write(ANA, 0, "a"), keys=["k"]))
        self.broken(journal)

        _fails(lambda: one(journal, ANA))
        _fails(lambda: journal.find(CAFE, ["k"]))
        _fails(lambda: journal.read())  # noqa: PLW0108  # finding the method may fail too
        _fails(lambda: journal.streams(CAFE))

    @needs("breakable")
    def test_84_writings_that_fail_are_journal_errors(self, journal: Journal) -> None:
        """A command is retried after a fault, and reported after a refusal; neither "stale" nor "taken" is a fault."""
        journal.append(batch(write(ANA, 0, "a"), keys=["k"]))
        self.broken(journal)

        _fails(lambda: journal.append(batch(write(ANA, 1, "b"), keys=["l"])))
        _fails(lambda: _in_transaction(journal))


def _in_transaction(journal: Journal) -> None:
    with journal.transaction():
        journal.append(batch(write(ANA, 1, "b"), keys=["l"]))


def _fails(ask: Callable[[], object]) -> None:
    try:
        ask()
    except (StaleStream, DuplicateKey) as error:
        message = "a fault of the store was told as another writer's"
        raise AssertionError(message) from error
    except JournalError:
        return
    message = "the store was broken, and nothing was said"
    raise AssertionError(message)
