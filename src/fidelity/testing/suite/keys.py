"""Checks 30–41: a command applies once under its key, and one program never sees another's rows."""

from __future__ import annotations

from fidelity.errors import DuplicateKey
from fidelity.journals.port import Applied, Batch, Journal
from fidelity.testing.suite.hooks import Hooks
from fidelity.testing.suite.making import ANA, CAFE, EVA, applied, batch, everything, names, one, refused, write

__all__ = ["Apart", "Keys"]

# Names that a database with a kind collation, or one that takes a name for a pattern, would mistake for each other.
ALIKE = (
    "cafe", "Cafe", "CAFE", "caf\u00e9", "cafe\u0301", "cafe ", " cafe", "caf%", "caf_", "caf", "cafe1", "cafe/",
    "caf*", "ca'fe", 'ca"fe', "ca\\fe", "straße", "strasse", "ı", "i", "I", "01", "1", "1.0", "null", "点",
)  # fmt: skip


class Keys(Hooks):
    """Applied commands."""

    def test_30_applied_commands_are_found_by_their_keys(self, journal: Journal) -> None:
        """A retry gets the receipt of the first time; another command under the same key is told by its digest."""
        journal.append(batch(write(ANA, 0, "a"), keys=["k1", "k2"]))

        assert dict(journal.find(CAFE, ["k2"])) == {"k2": applied("k2")}

    def test_31_receipts_come_back_as_they_were(self, journal: Journal) -> None:
        """A retry after years must say the very same."""
        receipt = {"points": 2**53 + 1, "words": "é 点 \x00", "lots": [["a", 1], []], "none": None, "yes": True, "": {}}
        given = Applied("k", "d", receipt)
        journal.append(Batch(CAFE, (), (given,)))

        assert dict(journal.find(CAFE, ["k"])) == {"k": given}

    def test_32_free_keys_are_left_out(self, journal: Journal) -> None:
        """What is found was applied: a free key must not look like a command that was."""
        journal.append(batch(keys=["k"]))

        assert list(journal.find(CAFE, ["free", "k", "other"])) == ["k"]
        assert not journal.find(CAFE, [])

    def test_33_a_taken_key_is_refused_and_named(self, journal: Journal) -> None:
        """Of two who apply one command at once, the second is told, and finds the receipt of the first."""
        journal.append(batch(write(ANA, 0, "a"), keys=["k1"]))

        told = refused(DuplicateKey, journal, batch(write(ANA, 1, "b"), keys=["k2", "k1"]))

        assert (told.program, told.key) == (CAFE, "k1")
        assert journal.find(CAFE, ["k1"])["k1"] == applied("k1")

    def test_34_a_batch_with_a_taken_key_leaves_nothing_behind(self, journal: Journal) -> None:
        """Its points would be given a second time."""
        journal.append(batch(write(ANA, 0, "a"), keys=["k1"]))
        before = everything(journal)

        refused(DuplicateKey, journal, batch(write(ANA, 1, "b"), write(EVA, 0, "x"), keys=["k2", "k1"]))

        assert everything(journal) == before
        assert not journal.find(CAFE, ["k2"])

    def test_35_a_command_without_lines_keeps_its_key(self, journal: Journal) -> None:
        """An event that earns nothing was heard all the same."""
        journal.append(batch(keys=["k"]))

        assert set(journal.find(CAFE, ["k"])) == {"k"}
        refused(DuplicateKey, journal, batch(write(ANA, 0, "a"), keys=["k"]))

    def test_36_many_keys_are_kept_and_found_at_once(self, journal: Journal) -> None:
        """A batch of commands asks for all its keys with one call."""
        keys = [f"purchase/T-{n}" for n in range(1_300)]
        journal.append(batch(keys=keys))

        assert set(journal.find(CAFE, ["free", *keys])) == set(keys)

    def test_37_keys_that_look_alike_are_different(self, journal: Journal) -> None:
        """Case, accents and blanks belong to a host's order number."""
        for key in ALIKE:
            assert not journal.find(CAFE, [key]), f"{key!r} is taken for another key"
            journal.append(batch(keys=[key]))

        assert dict(journal.find(CAFE, ALIKE)) == {key: applied(key) for key in ALIKE}


class Apart(Hooks):
    """Programs and streams that only look alike."""

    def test_38_one_program_never_sees_anothers_streams(self, journal: Journal) -> None:
        """A house with two programs has two books, though they lie in one store."""
        journal.append(batch(write(ANA, 0, "a")))
        journal.append(batch(write(ANA, 0, "b", "c"), program="Books"))
        journal.append(batch(write(ANA, 1, "d")))

        assert names(one(journal, ANA)) == ["a", "d"]
        assert names(one(journal, ANA, "Books")) == ["b", "c"]
        assert one(journal, ANA, "Bakery").version == 0

    def test_39_programs_may_use_the_same_key(self, journal: Journal) -> None:
        """One sale may earn in two programs under the same order number."""
        journal.append(batch(write(ANA, 0, "a"), keys=["k", "l"]))
        journal.append(batch(write(ANA, 0, "b"), keys=["k"], program="Books"))

        assert set(journal.find("Books", ["k", "l"])) == {"k"}
        assert not journal.find("Bakery", ["k", "l"])

    def test_40_programs_that_look_alike_are_apart(self, journal: Journal) -> None:
        """Nothing may pass from one program to another because a database finds their names equal."""
        for place, program in enumerate(ALIKE):
            journal.append(batch(write(ANA, 0, f"h{place}"), keys=["k"], program=program))

        assert [names(one(journal, ANA, program)) for program in ALIKE] == [[f"h{n}"] for n in range(len(ALIKE))]
        assert [len(journal.read(program)) for program in ALIKE] == [1] * len(ALIKE)
        assert [list(journal.streams(program)) for program in ALIKE] == [[ANA]] * len(ALIKE)

    def test_41_streams_that_look_alike_are_apart(self, journal: Journal) -> None:
        """Ana's points are not ANA's."""
        journal.append(batch(*(write(f"points/{member}", 0, member) for member in ALIKE)))
        for member in ALIKE:
            journal.append(batch(write(f"points/{member}", 1, "more")))

        streams = journal.load(CAFE, [f"points/{member}" for member in ALIKE])

        assert [names(streams[f"points/{member}"]) for member in ALIKE] == [[member, "more"] for member in ALIKE]
        assert len(journal.streams(CAFE)) == len(ALIKE)
