"""Checks 66–73: several writers at once, in threads of one process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from fidelity.errors import DuplicateKey, StaleStream
from fidelity.journals.port import Journal
from fidelity.testing.suite.hooks import Hooks, needs
from fidelity.testing.suite.making import (
    ANA,
    CAFE,
    EVA,
    batch,
    errors_of,
    everything,
    in_pages,
    names,
    one,
    together,
    write,
)

__all__ = ["Writers"]

TRIES = 200


def _until_done(attempt: Callable[[], None]) -> None:
    """Try again as long as another writer was first."""
    for _ in range(TRIES - 1):
        with suppress(StaleStream):
            attempt()
            return
    attempt()


def _add(journal: Journal, name: str, *, lock: bool = False) -> None:
    with journal.transaction():
        version = journal.load(CAFE, [ANA], lock=lock)[ANA].version
        journal.append(batch(write(ANA, version, name), keys=[name]))


class Writers(Hooks):
    """Several writers at once."""

    @needs("threads")
    def test_66_writers_of_one_stream_lose_nothing(self, journal: Journal) -> None:
        """Two tills book for one member in the same second: both purchases count."""

        def work(writer: str) -> None:
            for n in range(12):
                _until_done(partial(_add, journal, f"{writer}{n}"))

        outcomes = together(*(partial(work, writer) for writer in "abcd"))

        assert errors_of(outcomes) == []
        assert sorted(names(one(journal, ANA))) == sorted(f"{writer}{n}" for writer in "abcd" for n in range(12))
        assert one(journal, ANA).version == 48

    @needs("threads")
    def test_67_of_many_who_know_the_same_version_one_writes(self, journal: Journal) -> None:
        """The version is all that stands between a member's last 100 points and two rewards for them."""
        for version in range(8):
            outcomes = together(
                *(partial(journal.append, batch(write(ANA, version, f"{version}{writer}"))) for writer in "abcdef")
            )

            assert [type(error) for error in errors_of(outcomes)] == [StaleStream] * 5
            assert one(journal, ANA).version == version + 1

    @needs("threads")
    def test_68_of_many_with_the_same_key_one_applies(self, journal: Journal) -> None:
        """A message that a queue delivers to six workers at once earns once, whatever stream it goes to."""
        for n in range(8):
            outcomes = together(
                *(partial(journal.append, batch(write(f"points/{n}{w}", 0, "h"), keys=[f"k{n}"])) for w in "abcdef")
            )

            assert [type(error) for error in errors_of(outcomes)] == [DuplicateKey] * 5
            assert len(journal.streams(CAFE, prefix=f"points/{n}")) == 1

    @needs("threads")
    def test_69_an_error_in_one_thread_undoes_nothing_of_another(self, journal: Journal) -> None:
        """A refusal to one member is no other member's business."""

        def work(writer: int) -> None:
            for n in range(10):
                with suppress(ZeroDivisionError), journal.transaction():
                    journal.append(batch(write(f"points/{writer}", n, f"{writer}/{n}")))
                    journal.append(batch(write(f"points/undone {writer}/{n}", 0, "h")))
                    if writer % 2:
                        raise ZeroDivisionError
                if writer % 2:
                    journal.append(batch(write(f"points/{writer}", n, f"{writer}/{n}")))

        outcomes = together(*(partial(work, writer) for writer in range(4)))

        assert errors_of(outcomes) == []
        for writer in range(4):
            assert names(one(journal, f"points/{writer}")) == [f"{writer}/{n}" for n in range(10)]
        assert len(journal.streams(CAFE, prefix="points/undone")) == 20

    @needs("threads", "locks")
    def test_70_who_locks_a_stream_is_never_stale(self, journal: Journal) -> None:
        """A member at two tills is served twice, without deciding anything again."""
        journal.append(batch(write(ANA, 0, "enrolled")))

        def work(writer: str) -> None:
            for n in range(12):
                _add(journal, f"{writer}{n}", lock=True)

        outcomes = together(*(partial(work, writer) for writer in "abcd"))

        assert errors_of(outcomes) == []
        assert one(journal, ANA).version == 49

    @needs("threads", "locks new streams")
    def test_71_a_stream_that_does_not_exist_yet_is_locked_too(self, journal: Journal) -> None:
        """A member enrolled at two tills at once is enrolled once, and the other till is told so."""
        for n in range(6):

            def enroll(member: str = f"points/{n}") -> bool:
                with journal.transaction():
                    if journal.load(CAFE, [member], lock=True)[member].version:
                        return False
                    journal.append(batch(write(member, 0, "enrolled")))
                    return True

            outcomes = together(enroll, enroll, enroll, enroll)

            assert errors_of(outcomes) == []
            assert sorted(bool(said) for said, _ in outcomes) == [False, False, False, True]

    @needs("threads", "locks")
    def test_72_two_who_lock_the_same_streams_never_wait_for_each_other_for_ever(self, journal: Journal) -> None:
        """Ana gives to Eva while Eva gives to Ana."""
        journal.append(batch(write(ANA, 0, "enrolled"), write(EVA, 0, "enrolled")))

        def give(giver: str, taker: str) -> None:
            for n in range(12):
                with journal.transaction():
                    streams = journal.load(CAFE, [giver, taker], lock=True)
                    journal.append(batch(*(write(each.name, each.version, f"{giver}{n}") for each in streams.values())))

        outcomes = together(
            partial(give, ANA, EVA), partial(give, EVA, ANA), partial(give, ANA, EVA), partial(give, EVA, ANA)
        )

        assert errors_of(outcomes) == []
        assert names(one(journal, ANA)) == names(one(journal, EVA))
        assert one(journal, ANA).version == 49

    @needs("threads")
    def test_73_a_reader_that_follows_the_writers_misses_nothing(self, journal: Journal) -> None:
        """A copy of the books that is kept up to date while the shop is open is the books."""
        done = threading.Event()
        followed: list[tuple[str, str, int, str]] = []

        def work(writer: int) -> None:
            for n in range(15):
                with journal.transaction():
                    several = [write(f"points/{writer}/{part}", n, f"{writer}/{n}/{part}") for part in range(2)]
                    journal.append(batch(several[0]))
                    journal.append(batch(several[1]))

        def follow() -> None:
            after, last = 0, False
            while True:
                page = in_pages(journal, limit=7, after=after)
                followed.extend((each.program, each.stream, each.version, each.line.body) for each in page)
                after = page[-1].sequence if page else after
                if last and not page:
                    return
                last = done.is_set()

        def all_work() -> None:
            try:
                assert errors_of(together(*(partial(work, writer) for writer in range(3)))) == []
            finally:
                done.set()

        assert errors_of(together(all_work, follow)) == []
        numbers = [each.sequence for each in in_pages(journal)]
        assert numbers == sorted(set(numbers))
        assert followed == everything(journal)
        assert len(followed) == 90
