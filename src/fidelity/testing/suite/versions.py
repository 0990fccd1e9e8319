"""Checks 19–29: nothing is appended to a stream that has moved, and never a part of a batch."""

from __future__ import annotations

from fidelity.errors import JournalError, StaleStream
from fidelity.journals.port import Batch, Journal, Write
from fidelity.testing.suite.hooks import Hooks
from fidelity.testing.suite.making import ANA, CAFE, EVA, batch, everything, names, one, refused, write

__all__ = ["Versions"]


class Versions(Hooks):
    """Expected versions, and batches that are whole."""

    def test_19_a_version_behind_the_true_one_is_stale(self, journal: Journal) -> None:
        """Who decided on an older account must decide again: this is what keeps points from being spent twice."""
        journal.append(batch(write(ANA, 0, "a", "b")))

        refused(StaleStream, journal, batch(write(ANA, 1, "c")))

    def test_20_a_version_ahead_of_the_true_one_is_stale(self, journal: Journal) -> None:
        """Who knows more than the store must not write on top of what is not there."""
        journal.append(batch(write(ANA, 0, "a", "b")))

        refused(StaleStream, journal, batch(write(ANA, 3, "c")))

    def test_21_a_new_stream_expected_to_exist_is_stale(self, journal: Journal) -> None:
        """After a restore a member may be gone whom a shell remembers."""
        refused(StaleStream, journal, batch(write(ANA, 2, "a")))

    def test_22_a_stream_expected_to_be_new_is_stale(self, journal: Journal) -> None:
        """Two who enroll the same member at once: the second is told."""
        journal.append(batch(write(ANA, 0, "a")))

        refused(StaleStream, journal, batch(write(ANA, 0, "b")))

    def test_23_who_is_stale_is_told_which_stream_and_how(self, journal: Journal) -> None:
        """The shell forgets what it knew of that stream before it tries again."""
        journal.append(batch(write(ANA, 0, "a", "b")))

        told = refused(StaleStream, journal, batch(write(EVA, 0, "x"), write(ANA, 7, "c")))

        assert (told.program, told.stream, told.expected, told.found) == (CAFE, ANA, 7, 2)

    def test_24_a_stale_batch_leaves_nothing_behind(self, journal: Journal) -> None:
        """A gift that left one member and reached nobody would be points lost."""
        journal.append(batch(write(ANA, 0, "a", "b")))
        before = everything(journal)

        refused(
            StaleStream, journal, batch(write(EVA, 0, "x"), write(ANA, 1, "c"), write("points/zoe", 0, "z"), keys=["k"])
        )

        assert everything(journal) == before
        assert not journal.find(CAFE, ["k"])

    def test_25_after_a_stale_append_the_right_version_is_taken(self, journal: Journal) -> None:
        """A shell that was told loads, decides again and appends."""
        journal.append(batch(write(ANA, 0, "a")))
        refused(StaleStream, journal, batch(write(EVA, 0, "x"), write(ANA, 0, "b"), keys=["k"]))

        journal.append(batch(write(EVA, 0, "x"), write(ANA, 1, "b"), keys=["k"]))

        assert (names(one(journal, ANA)), names(one(journal, EVA))) == (["a", "b"], ["x"])
        assert set(journal.find(CAFE, ["k"])) == {"k"}

    def test_26_a_batch_with_a_stream_twice_is_refused(self, journal: Journal) -> None:
        """Which of the two is first would be the store's guess."""
        refused(JournalError, journal, batch(write(ANA, 0, "a"), write(ANA, 1, "b")))

        assert everything(journal) == []

    def test_27_a_batch_with_a_key_twice_is_refused(self, journal: Journal) -> None:
        """One command would be applied twice, or a receipt be lost."""
        refused(JournalError, journal, batch(write(ANA, 0, "a"), keys=["k", "l", "k"]))

        assert everything(journal) == []
        assert not journal.find(CAFE, ["k", "l"])

    def test_28_a_write_without_lines_is_refused(self, journal: Journal) -> None:
        """A stream exists from its first line on; one without lines would be neither new nor old."""
        refused(JournalError, journal, batch(write(EVA, 0, "x"), Write(ANA, 0, ()), keys=["k"]))

        assert everything(journal) == []
        assert not journal.find(CAFE, ["k"])

    def test_29_a_batch_of_nothing_changes_nothing(self, journal: Journal) -> None:
        """When every command of a batch was a repetition, there is nothing to write."""
        journal.append(batch(write(ANA, 0, "a"), keys=["k"]))
        before = everything(journal)

        journal.append(Batch(CAFE))

        assert everything(journal) == before
