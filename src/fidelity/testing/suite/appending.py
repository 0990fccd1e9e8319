"""Checks 1–18: what is appended is loaded again, letter for letter, whole or from a known version on."""

from __future__ import annotations

from fidelity.entries import EventRecorded
from fidelity.journals.port import Journal
from fidelity.testing.suite.hooks import Hooks
from fidelity.testing.suite.making import ANA, CAFE, EVA, NOON, batch, everything, names, of_entries, one, write

__all__ = ["Appending"]

# Spaces at both ends, quotes, a composed and a decomposed é, letters outside of 16 bits, line ends, a NUL.
ODD_TEXTS = (
    "  two  ",
    'it\'s "so"',
    "caf\u00e9",
    "cafe\u0301",
    "𝒜 点 😀",
    "a\r\nb\tc\u2028d",
    "\x00\x1f",
    "\\n %s :x",
    "ß İ",
)


def _event(**parts: object) -> EventRecorded:
    plain = {"event": {}, "facts": {}, "counts": {}, "event_kind": "", "event_id": "", "program": "", "digest": ""}
    return EventRecorded(at=NOON, now=NOON, **{**plain, **parts})  # type: ignore[arg-type]  # the parts of an event


class Appending(Hooks):
    """What is appended is loaded again."""

    def test_01_an_empty_journal_has_nothing(self, journal: Journal) -> None:
        """A program is published only into a journal that does not have it yet."""
        assert isinstance(journal, Journal), "a method of the port is missing"
        assert one(journal, ANA).version == 0
        assert one(journal, ANA).lines == ()
        assert not journal.find(CAFE, ["k"])
        assert not journal.read()
        assert not journal.streams(CAFE)

    def test_02_what_is_appended_is_loaded_in_order(self, journal: Journal) -> None:
        """An account is the fold of its entries in their order."""
        journal.append(batch(write(ANA, 0, "b", "a", "c")))

        ana = one(journal, ANA)

        assert (ana.name, ana.version, names(ana)) == (ANA, 3, ["b", "a", "c"])

    def test_03_a_stream_goes_on_where_it_stood(self, journal: Journal) -> None:
        """Entries are only ever added: nothing that an account was told is lost."""
        journal.append(batch(write(ANA, 0, "a", "b")))
        journal.append(batch(write(ANA, 2, "c")))
        journal.append(batch(write(ANA, 3, "d", "e")))

        assert (one(journal, ANA).version, names(one(journal, ANA))) == (5, ["a", "b", "c", "d", "e"])

    def test_04_texts_come_back_letter_for_letter(self, journal: Journal) -> None:
        """The chain is over the text itself: another spelling of the same would look like a forgery."""
        given = write(ANA, 0, *ODD_TEXTS)
        journal.append(batch(given))

        assert one(journal, ANA).lines == given.lines

    def test_05_empty_fields_come_back_empty(self, journal: Journal) -> None:
        """Nothing, an empty text and an empty list are three things, and each counts in the hash."""
        given = of_entries(ANA, 0, _event(event={"a": "", "b": None, "c": [], "d": {}, "": 0, "e": False}))
        journal.append(batch(given))

        assert one(journal, ANA).lines == given.lines

    def test_06_large_numbers_come_back_exact(self, journal: Journal) -> None:
        """Points are whole numbers, and a number that was a float on the way is another number."""
        given = of_entries(ANA, 0, _event(event={"points": 2**53 + 1, "minor": -(2**63) - 1, "zero": 0}))
        journal.append(batch(given))

        assert one(journal, ANA).lines == given.lines

    def test_07_links_come_back_as_given(self, journal: Journal) -> None:
        """Whoever verifies the books compares links that the store has never made itself."""
        given = write(ANA, 0, "a", "b", "c")
        journal.append(batch(given))

        assert [line.link for line in one(journal, ANA).lines] == [line.link for line in given.lines]

    def test_08_a_text_of_a_megabyte_comes_back_whole(self, journal: Journal) -> None:
        """A published program is one entry, and may be long."""
        given = write(ANA, 0, "é" * 500_000 + "end")
        journal.append(batch(given))

        assert one(journal, ANA).lines == given.lines

    def test_09_thousands_of_lines_in_one_write_come_back(self, journal: Journal) -> None:
        """A shop that imports its history appends years at once, and a member may have ten thousand entries."""
        many = [f"h{n}" for n in range(5_000)]
        journal.append(batch(write(ANA, 0, *many)))

        assert one(journal, ANA).version == 5_000
        assert names(one(journal, ANA)) == many

    def test_10_many_streams_are_written_and_loaded_at_once(self, journal: Journal) -> None:
        """A batch of commands loads the streams of all its members with one call."""
        journal.append(batch(*(write(f"points/{n}", 0, f"h{n}") for n in range(1_300))))

        streams = journal.load(CAFE, [f"points/{n}" for n in range(1_301)])

        assert len(streams) == 1_301
        assert [names(streams[f"points/{n}"]) for n in range(1_300)] == [[f"h{n}"] for n in range(1_300)]

    def test_11_each_write_of_a_batch_goes_to_its_own_stream(self, journal: Journal) -> None:
        """A gift is one batch: it leaves one member and reaches another."""
        journal.append(batch(write(EVA, 0, "x", "y"), write(ANA, 0, "a")))
        journal.append(batch(write(ANA, 1, "b"), write(EVA, 2, "z")))

        assert names(one(journal, ANA)) == ["a", "b"]
        assert names(one(journal, EVA)) == ["x", "y", "z"]

    def test_12_streams_that_do_not_exist_are_answered_too(self, journal: Journal) -> None:
        """A member who is not enrolled is an empty stream, not an error."""
        journal.append(batch(write(ANA, 0, "a")))

        streams = journal.load(CAFE, ["points/nobody", ANA])

        assert set(streams) == {"points/nobody", ANA}
        assert (streams["points/nobody"].version, streams["points/nobody"].lines) == (0, ())

    def test_13_only_lines_after_a_known_version_are_loaded(self, journal: Journal) -> None:
        """An account kept in memory is brought up to date by the lines that it lacks, each once."""
        journal.append(batch(write(ANA, 0, "a", "b", "c"), write(EVA, 0, "x", "y")))

        streams = journal.load(CAFE, [ANA, EVA], after={ANA: 2})

        assert (names(streams[ANA]), streams[ANA].version) == (["c"], 3)
        assert (names(streams[EVA]), streams[EVA].version) == (["x", "y"], 2)

    def test_14_nothing_new_leaves_the_known_version(self, journal: Journal) -> None:
        """The next append expects the version that this load tells."""
        journal.append(batch(write(ANA, 0, "a", "b")))

        ana = journal.load(CAFE, [ANA], after={ANA: 2})[ANA]

        assert (ana.version, ana.lines) == (2, ())

    def test_15_a_known_version_beyond_the_true_one_is_corrected(self, journal: Journal) -> None:
        """A store that was restored from yesterday has fewer entries than a shell remembers, and must say so."""
        journal.append(batch(write(ANA, 0, "a", "b")))

        streams = journal.load(CAFE, [ANA, EVA], after={ANA: 5, EVA: 1})

        assert (streams[ANA].version, streams[ANA].lines) == (2, ())
        assert (streams[EVA].version, streams[EVA].lines) == (0, ())

    def test_16_tails_of_many_streams_are_loaded_at_once(self, journal: Journal) -> None:
        """A batch of commands brings hundreds of accounts up to date, each from a version of its own."""
        several = {f"points/{n}": [f"{n}/{place}" for place in range(n % 3 + 1)] for n in range(350)}
        journal.append(batch(*(write(stream, 0, *lines) for stream, lines in several.items())))

        tails = journal.load(CAFE, list(several), after={stream: len(lines) - 1 for stream, lines in several.items()})

        assert {stream: names(tail) for stream, tail in tails.items()} == {
            stream: lines[-1:] for stream, lines in several.items()
        }

    def test_17_versions_known_of_other_streams_do_not_matter(self, journal: Journal) -> None:
        """A shell may tell all that it knows, whatever it asks for."""
        journal.append(batch(write(ANA, 0, "a"), write(EVA, 0, "x")))

        streams = journal.load(CAFE, [ANA], after={EVA: 1, "points/nobody": 7})

        assert {name: names(stream) for name, stream in streams.items()} == {ANA: ["a"]}

    def test_18_a_lock_outside_of_a_transaction_does_nothing(self, journal: Journal) -> None:
        """Nobody would ever end it."""
        journal.append(batch(write(ANA, 0, "a")))

        assert names(journal.load(CAFE, [ANA, EVA], lock=True)[ANA]) == ["a"]

        journal.append(batch(write(ANA, 1, "b"), write(EVA, 0, "x")))
        assert len(everything(journal)) == 3
