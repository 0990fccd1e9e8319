"""Checks 42–54: the journal as a whole is read in one order that never changes, and its streams by name."""

from __future__ import annotations

from fidelity.errors import DuplicateKey, StaleStream
from fidelity.journals.port import Journal
from fidelity.testing.suite.hooks import Hooks, needs
from fidelity.testing.suite.making import ANA, CAFE, EVA, batch, in_pages, names, one, refused, while_open, write

__all__ = ["Reading", "Streams"]


def _fill(journal: Journal, batches: int = 12) -> None:
    """Batches of two programs, several streams and several lines."""
    for n in range(batches):
        program = ("Books", CAFE, CAFE)[n % 3]
        several = [write(f"points/{m}", n // 3 * 2, f"{n}/{m}/1", f"{n}/{m}/2") for m in (n % 3, n % 3 + 3)]
        journal.append(batch(*several, keys=[f"k{n}"], program=program))


class Reading(Hooks):
    """The order of the journal."""

    def test_42_each_line_is_read_once_with_its_place(self, journal: Journal) -> None:
        """Reports and audits are made from what is read: all of it, each line under its stream and version."""
        ana, eva = write(ANA, 0, "a", "b"), write(EVA, 0, "x")
        journal.append(batch(ana))
        journal.append(batch(eva, program="Books"))

        found = {(each.program, each.stream, each.version): each.line for each in in_pages(journal)}

        assert len(journal.read()) == 3
        assert found == {(CAFE, ANA, 1): ana.lines[0], (CAFE, ANA, 2): ana.lines[1], ("Books", EVA, 1): eva.lines[0]}

    def test_43_pages_of_any_size_are_in_the_same_order(self, journal: Journal) -> None:
        """A reader that stops in the middle goes on where it stood."""
        _fill(journal)
        whole = list(journal.read(limit=10_000))

        assert len(whole) == 48
        assert all(in_pages(journal, limit=limit) == whole for limit in (1, 3, 47, 48))

    def test_44_a_page_is_as_long_as_asked(self, journal: Journal) -> None:
        """A reader of a million lines must not be sent them all, and a short page tells that it is the last."""
        _fill(journal)

        assert [len(journal.read(limit=limit)) for limit in (1, 7, 48, 100)] == [1, 7, 48, 48]
        assert [len(journal.read(CAFE, limit=limit)) for limit in (1, 7, 32, 100)] == [1, 7, 32, 32]

    def test_45_after_the_end_there_is_nothing_until_more_is_written(self, journal: Journal) -> None:
        """A report that runs each night reads only what is new."""
        _fill(journal)
        last = journal.read(limit=10_000)[-1].sequence

        assert not journal.read(after=last)
        assert not journal.read(after=last + 1_000)
        journal.append(batch(write("points/new", 0, "n")))
        assert [each.stream for each in journal.read(after=last)] == ["points/new"]

    def test_46_one_program_alone_is_read_under_the_same_numbers(self, journal: Journal) -> None:
        """A checkpoint names a place in the journal, whoever reads it."""
        _fill(journal)
        whole = journal.read(limit=10_000)

        assert list(journal.read(CAFE, limit=10_000)) == [each for each in whole if each.program == CAFE]
        assert in_pages(journal, "Books", limit=3) == [each for each in whole if each.program == "Books"]

    def test_47_numbers_rise_within_each_stream(self, journal: Journal) -> None:
        """Books that are read from the journal fold each account in its own order."""
        _fill(journal)
        places: dict[tuple[str, str], list[int]] = {}
        for each in sorted(journal.read(limit=10_000), key=lambda each: each.sequence):
            places.setdefault((each.program, each.stream), []).append(each.version)

        assert len(places) == 6
        assert all(versions == list(range(1, 9)) for versions in places.values())

    def test_48_a_number_once_read_never_changes(self, journal: Journal) -> None:
        """Whoever kept the last number must not miss lines, nor see one twice."""
        journal.append(batch(write(EVA, 0, "x", "y"), write("points/zoe", 0, "z")))
        before = list(journal.read())

        for n in range(5):
            journal.append(batch(write(ANA, n, f"a{n}"), write(EVA, n + 2, f"e{n}")))
            seen = list(journal.read())
            assert seen[: len(before)] == before
            before = seen

    @needs("consecutive numbers")
    def test_49_numbers_have_no_gaps_though_appends_fail(self, journal: Journal) -> None:
        """A missing number would look like a line that somebody took out."""
        for n in range(4):
            journal.append(batch(write(ANA, n, f"h{n}"), keys=[f"k{n}"]))
            refused(StaleStream, journal, batch(write(ANA, n, "late"), write(EVA, 0, "x")))
            refused(DuplicateKey, journal, batch(write(EVA, 0, "x"), keys=[f"k{n}"]))

        assert [each.sequence for each in journal.read()] == [1, 2, 3, 4]

    @needs("threads")
    def test_50_what_is_written_late_is_not_missed(self, journal: Journal) -> None:
        """A transaction that began first and ended last must not slip in behind a reader's back."""
        journal.append(batch(write(ANA, 0, "a"), write(EVA, 0, "x")))
        seen = in_pages(journal)
        with journal.transaction():
            journal.append(batch(write(ANA, 1, "slow")))
            append = while_open(lambda: journal.append(batch(write(EVA, 1, "quick"))))
            read = while_open(lambda: in_pages(journal, after=seen[-1].sequence))
        append()
        seen += read()  # type: ignore[arg-type]  # a list of lines
        seen += in_pages(journal, after=seen[-1].sequence)

        assert sorted(each.line.body for each in seen) == sorted(
            line.body for stream in (ANA, EVA) for line in one(journal, stream).lines
        )
        assert names(one(journal, EVA)) == ["x", "quick"]


class Streams(Hooks):
    """The names of streams."""

    def test_51_streams_are_told_in_the_order_of_code_points(self, journal: Journal) -> None:
        """A sweep over all members goes on after the last name, so every store must agree on what comes after."""
        several = ["points/b", "points/B", "points/é", "points/a1", "points/a", "points/😀", "points/Z", "points/ｚ"]
        journal.append(batch(*(write(stream, 0, "h") for stream in [*several, "care/a", "points/a/b", "points/_"])))

        assert list(journal.streams(CAFE)) == sorted([*several, "care/a", "points/a/b", "points/_"])

    def test_52_a_prefix_is_plain_text(self, journal: Journal) -> None:
        """The streams of one kind are asked for by how they begin; signs that mean more elsewhere mean themselves."""
        several = ["a_b/1", "axb/1", "a%b/1", "A_b/1", "a*b/1", "a\\b/1", "a_b", "a_bc", "b/a_b/1"]
        journal.append(batch(*(write(stream, 0, "h") for stream in several)))

        for prefix in ("a_b/", "a_b", "a%", "a*", "a\\", "A", "a", "", "nothing"):
            found = list(journal.streams(CAFE, prefix=prefix))
            assert found == sorted(each for each in several if each.startswith(prefix)), f"with the prefix {prefix!r}"

    def test_53_streams_are_told_in_pages(self, journal: Journal) -> None:
        """A house with a million members is swept a page at a time, nobody left out and nobody twice."""
        several = sorted(f"points/{n}" for n in range(25))
        journal.append(batch(*(write(stream, 0, "h") for stream in [*several, "care/0", "staff/0"])))

        pages, after = [], ""
        while page := journal.streams(CAFE, prefix="points/", after=after, limit=10):
            pages.append(list(page))
            after = page[-1]

        assert pages == [several[:10], several[10:20], several[20:]]
        assert list(journal.streams(CAFE, prefix="points/", after="a")) == several
        assert list(journal.streams(CAFE, after="points/~")) == ["staff/0"]

    def test_54_only_streams_with_lines_are_told(self, journal: Journal) -> None:
        """Who was only asked for is no member."""
        journal.append(batch(write(ANA, 0, "a"), keys=["k"]))
        journal.append(batch(write(EVA, 0, "x"), program="Books"))
        journal.load(CAFE, ["points/nobody"], lock=True)
        refused(StaleStream, journal, batch(write("points/late", 3, "h")))

        assert list(journal.streams(CAFE)) == [ANA]
