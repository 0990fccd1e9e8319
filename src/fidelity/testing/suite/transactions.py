"""Checks 55–65: all that happens inside a transaction happens at once, or not at all."""

from __future__ import annotations

from contextlib import suppress

from fidelity.errors import DuplicateKey, JournalError, StaleStream
from fidelity.journals.port import Journal
from fidelity.testing.suite.hooks import Hooks, needs
from fidelity.testing.suite.making import ANA, CAFE, EVA, batch, everything, names, one, refused, while_open, write

__all__ = ["Transactions"]


class _Stop(Exception):
    """What the checks raise inside of a transaction."""


class Transactions(Hooks):
    """Whole or not at all."""

    def test_55_what_happens_in_a_transaction_is_kept(self, journal: Journal) -> None:
        """A command loads, decides and appends in one transaction."""
        with journal.transaction():
            journal.append(batch(write(ANA, 0, "a"), keys=["k"]))
            journal.append(batch(write(ANA, 1, "b"), write(EVA, 0, "x")))

        assert (names(one(journal, ANA)), names(one(journal, EVA))) == (["a", "b"], ["x"])
        assert set(journal.find(CAFE, ["k"])) == {"k"}

    def test_56_an_error_undoes_the_whole_transaction(self, journal: Journal) -> None:
        """A host's error after two of three commands leaves none of them."""
        journal.append(batch(write(ANA, 0, "a"), keys=["k"]))
        before = everything(journal)

        with suppress(_Stop), journal.transaction():
            journal.append(batch(write(ANA, 1, "b"), write(EVA, 0, "x"), keys=["l"]))
            journal.append(batch(write(EVA, 1, "y")))
            raise _Stop

        assert everything(journal) == before
        assert set(journal.find(CAFE, ["k", "l"])) == {"k"}
        assert list(journal.streams(CAFE)) == [ANA]

    def test_57_what_was_undone_may_be_done_again(self, journal: Journal) -> None:
        """A retry meets neither a version nor a key that was never kept."""
        with suppress(_Stop), journal.transaction():
            journal.append(batch(write(ANA, 0, "a"), keys=["k"]))
            raise _Stop

        with journal.transaction():
            journal.append(batch(write(ANA, 0, "again"), keys=["k"]))

        assert names(one(journal, ANA)) == ["again"]

    def test_58_a_transaction_sees_what_it_wrote(self, journal: Journal) -> None:
        """The second command of a batch is decided on what the first one left."""
        journal.append(batch(write(ANA, 0, "a")))

        with journal.transaction():
            journal.append(batch(write(ANA, 1, "b"), write(EVA, 0, "x"), keys=["k"]))

            assert names(one(journal, ANA)) == ["a", "b"]
            assert names(journal.load(CAFE, [ANA], after={ANA: 1}, lock=True)[ANA]) == ["b"]
            assert one(journal, EVA).version == 1
            assert set(journal.find(CAFE, ["k", "l"])) == {"k"}

    def test_59_a_transaction_inside_another_is_part_of_it(self, journal: Journal) -> None:
        """A host that opens a transaction around several commands decides about all of them."""
        with suppress(_Stop), journal.transaction():
            with journal.transaction():
                journal.append(batch(write(ANA, 0, "a"), keys=["k"]))
            raise _Stop
        assert everything(journal) == []

        with journal.transaction():
            with journal.transaction():
                journal.append(batch(write(ANA, 0, "a")))
            journal.append(batch(write(ANA, 1, "b")))
        assert names(one(journal, ANA)) == ["a", "b"]

    def test_60_what_an_error_undid_inside_stays_undone(self, journal: Journal) -> None:
        """A caught error must not keep half of what was undone."""
        with suppress(JournalError), journal.transaction(), suppress(_Stop), journal.transaction():
            journal.append(batch(write(ANA, 0, "a"), keys=["k"]))
            raise _Stop

        assert everything(journal) == []
        assert not journal.find(CAFE, ["k"])

    def test_61_a_stale_append_dooms_its_transaction(self, journal: Journal) -> None:
        """Half of a command must never be written because somebody caught an error inside."""
        self._doomed(journal, StaleStream)

    def test_62_a_taken_key_dooms_its_transaction(self, journal: Journal) -> None:
        """The same as for a stream that moved: nothing of it, and a word about it."""
        self._doomed(journal, DuplicateKey)

    def _doomed(self, journal: Journal, kind: type[JournalError]) -> None:
        journal.append(batch(write(ANA, 0, "a"), keys=["k"]))
        before = everything(journal)
        wrong = batch(write(ANA, 0, "b")) if kind is StaleStream else batch(write("points/zoe", 0, "z"), keys=["k"])

        try:
            with journal.transaction():
                journal.append(batch(write(EVA, 0, "x")))
                refused(kind, journal, wrong)
        except JournalError:
            told = True
        else:
            told = False

        assert everything(journal) == before
        assert told, "the transaction ended as if it had been written"

    def test_63_errors_come_out_as_they_went_in(self, journal: Journal) -> None:
        """A refusal is decided inside of a transaction, and the host catches it by its type."""
        stop = _Stop("as it is")
        caught: BaseException | None = None
        try:
            with journal.transaction(), journal.transaction():
                journal.append(batch(write(ANA, 0, "a")))
                raise stop  # noqa: TRY301  # that it passes through is what is checked
        except BaseException as error:  # noqa: BLE001  # whatever came out
            caught = error

        assert caught is stop

    def test_64_after_a_transaction_that_failed_the_next_one_works(self, journal: Journal) -> None:
        """A shell lives for months, and tries again after each failure."""
        for n in range(3):
            with suppress(_Stop), journal.transaction():
                journal.append(batch(write(EVA, 0, "x")))
                raise _Stop
            with suppress(JournalError), journal.transaction():
                refused(StaleStream, journal, batch(write(ANA, n + 5, "b")))
            with journal.transaction():
                journal.append(batch(write(ANA, n, f"a{n}")))
            journal.append(batch(write("points/zoe", n, f"z{n}")))

        assert names(one(journal, ANA)) == ["a0", "a1", "a2"]
        assert one(journal, "points/zoe").version == 3
        assert one(journal, EVA).version == 0

    @needs("threads")
    def test_65_nobody_outside_sees_what_is_undone(self, journal: Journal) -> None:
        """Who looks at a balance must not be shown points that never came."""
        with suppress(_Stop), journal.transaction():
            journal.append(batch(write(ANA, 0, "a"), keys=["k"]))
            seen = while_open(
                lambda: (one(journal, ANA).version, len(journal.find(CAFE, ["k"])), len(journal.streams(CAFE)))
            )
            raise _Stop

        assert seen() == (0, 0, 0)
