"""What every journal does, whatever it is made of."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from fidelity.entries import HoldReleased
from fidelity.errors import DuplicateKey, JournalError, StaleStream
from fidelity.journals import Applied, Batch, Journal, Write

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def entry(name="h", minute=0):
    at = NOON + timedelta(minutes=minute)
    return HoldReleased(at=at, now=at, hold=name)


def write(stream, expected, *names):
    return Write(stream, expected, tuple(entry(name) for name in names))


def batch(*writes, keys=(), program="café"):
    return Batch(program, tuple(writes), tuple(Applied(key, f"digest of {key}", {"points": 3}) for key in keys))


def names(stream):
    return [line.entry.hold for line in stream.entries]


def everything(journal):
    return [(line.program, line.stream, line.version, line.entry.hold) for line in journal.read(limit=10_000)]


def test_it_is_a_journal(journal):
    assert isinstance(journal, Journal)


def test_an_empty_journal_has_nothing(journal):
    assert journal.read() == ()
    assert journal.find("café", ["k"]) == {}
    assert journal.load("café", ["points/ana"])["points/ana"].version == 0


def test_what_is_appended_is_loaded_in_order(journal):
    journal.append(batch(write("points/ana", 0, "a", "b")))
    journal.append(batch(write("points/ana", 2, "c")))

    ana = journal.load("café", ["points/ana"])["points/ana"]

    assert (ana.name, ana.version, names(ana)) == ("points/ana", 3, ["a", "b", "c"])
    assert [line.version for line in ana.entries] == [1, 2, 3]


def test_append_gives_back_what_stands_in_the_journal(journal):
    journal.append(batch(write("points/ana", 0, "a")))

    stored = journal.append(batch(write("points/eva", 0, "b"), write("points/ana", 1, "c", "d")))

    assert [(line.stream, line.version, line.sequence) for line in stored] == [
        ("points/eva", 1, 2),
        ("points/ana", 2, 3),
        ("points/ana", 3, 4),
    ]
    assert tuple(journal.read(after=1)) == stored


def test_many_streams_are_loaded_at_once(journal):
    journal.append(batch(*(write(f"points/{n}", 0, f"h{n}") for n in range(1_300))))

    streams = journal.load("café", [f"points/{n}" for n in range(1_301)], lock=True)

    assert [names(streams[f"points/{n}"]) for n in (0, 700, 1_299, 1_300)] == [["h0"], ["h700"], ["h1299"], []]


def test_only_what_came_after_a_known_version_is_loaded(journal):
    journal.append(batch(write("points/ana", 0, "a", "b", "c"), write("points/eva", 0, "x", "y")))

    streams = journal.load("café", ["points/ana", "points/eva"], after={"points/ana": 2, "points/zoe": 7})

    assert (names(streams["points/ana"]), streams["points/ana"].version) == (["c"], 3)
    assert names(streams["points/eva"]) == ["x", "y"]


def test_nothing_new_leaves_the_known_version(journal):
    journal.append(batch(write("points/ana", 0, "a", "b")))

    ana = journal.load("café", ["points/ana"], after={"points/ana": 2})["points/ana"]

    assert (ana.version, ana.entries) == (2, ())


def test_tails_of_many_streams_are_loaded_at_once(journal):
    journal.append(batch(*(write(f"points/{n}", 0, "old", f"new {n}") for n in range(130))))
    streams = [f"points/{n}" for n in range(130)]

    tails = journal.load("café", streams, after=dict.fromkeys(streams, 1))

    assert [names(tails[f"points/{n}"]) for n in range(130)] == [[f"new {n}"] for n in range(130)]


@pytest.mark.parametrize("expected", [0, 1, 3, 7])
def test_another_version_than_expected_is_stale_and_leaves_no_trace(journal, expected):
    journal.append(batch(write("points/ana", 0, "a", "b")))
    before = everything(journal)

    with pytest.raises(StaleStream) as caught:
        journal.append(batch(write("points/eva", 0, "x"), write("points/ana", expected, "c"), keys=["k"]))

    assert (caught.value.stream, caught.value.expected, caught.value.found) == ("points/ana", expected, 2)
    assert everything(journal) == before
    assert journal.find("café", ["k"]) == {}


def test_a_new_stream_expected_to_have_entries_is_stale(journal):
    with pytest.raises(StaleStream) as caught:
        journal.append(batch(write("points/ana", 2, "a")))

    assert caught.value.found == 0


def test_a_key_taken_already_is_refused_and_leaves_no_trace(journal):
    journal.append(batch(write("points/ana", 0, "a"), keys=["k1", "k2"]))
    before = everything(journal)

    with pytest.raises(DuplicateKey) as caught:
        journal.append(batch(write("points/ana", 1, "b"), write("points/eva", 0, "x"), keys=["k3", "k2"]))

    assert (caught.value.program, caught.value.key) == ("café", "k2")
    assert everything(journal) == before
    assert journal.find("café", ["k3"]) == {}
    assert journal.append(batch(write("points/ana", 1, "b"), keys=["k3"]))[0].sequence == 2


def test_applied_commands_are_found_by_their_keys(journal):
    journal.append(batch(write("points/ana", 0, "a"), keys=["k1", "k2"]))

    assert journal.find("café", ["k2", "none"]) == {"k2": Applied("k2", "digest of k2", {"points": 3})}


def test_many_keys_are_found_at_once(journal):
    keys = [f"k{n}" for n in range(1_300)]
    journal.append(batch(keys=keys))

    assert sorted(journal.find("café", ["none", *keys])) == sorted(keys)


def test_a_command_without_entries_keeps_its_key(journal):
    assert journal.append(batch(keys=["k"])) == ()
    assert "k" in journal.find("café", ["k"])


def test_one_program_never_sees_anothers_rows(journal):
    journal.append(batch(write("points/ana", 0, "a"), keys=["k"], program="café"))
    journal.append(batch(write("points/ana", 0, "b"), keys=["k"], program="books"))
    journal.append(batch(write("points/ana", 1, "c"), program="café"))

    assert names(journal.load("café", ["points/ana"])["points/ana"]) == ["a", "c"]
    assert names(journal.load("books", ["points/ana"])["points/ana"]) == ["b"]
    assert journal.load("caf%", ["points/ana"])["points/ana"].version == 0
    assert journal.find("bakery", ["k"]) == {}
    assert [line.sequence for line in journal.read("café")] == [1, 3]
    assert [line.entry.hold for line in journal.read("books")] == ["b"]


def test_the_whole_journal_is_read_in_pages(journal):
    for n in range(10):
        journal.append(batch(write(f"points/{n % 3}", n // 3, f"h{n}")))

    pages, after = [], 0
    while page := journal.read(after=after, limit=4):
        pages.append([line.entry.hold for line in page])
        after = page[-1].sequence

    assert pages == [["h0", "h1", "h2", "h3"], ["h4", "h5", "h6", "h7"], ["h8", "h9"]]


def test_sequences_have_no_gaps_though_appends_failed(journal):
    for n in range(4):
        journal.append(batch(write("points/ana", n, f"h{n}"), keys=[f"k{n}"]))
        with pytest.raises(JournalError):
            journal.append(batch(write("points/ana", n, "late")))
        with pytest.raises(JournalError):
            journal.append(batch(write("points/eva", 0, "x"), keys=[f"k{n}"]))

    assert [line.sequence for line in journal.read()] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "twice",
    [
        batch(write("points/ana", 0, "a"), write("points/ana", 1, "b")),
        batch(write("points/ana", 0, "a"), keys=["k", "k"]),
        batch(Write("points/ana", 0, ())),
    ],
)
def test_a_batch_that_contradicts_itself_is_refused(journal, twice):
    with pytest.raises(JournalError):
        journal.append(twice)

    assert everything(journal) == []


def test_a_transaction_keeps_what_happened_inside(journal):
    with journal.transaction():
        journal.append(batch(write("points/ana", 0, "a"), keys=["k"]))
        assert names(journal.load("café", ["points/ana"], lock=True)["points/ana"]) == ["a"]
        journal.append(batch(write("points/ana", 1, "b")))

    assert names(journal.load("café", ["points/ana"])["points/ana"]) == ["a", "b"]


def test_an_error_undoes_the_whole_transaction(journal):
    journal.append(batch(write("points/ana", 0, "a"), keys=["k"]))

    with pytest.raises(ZeroDivisionError), journal.transaction():  # noqa: PT012  # a transaction is several lines
        journal.append(batch(write("points/ana", 1, "b"), write("points/eva", 0, "x"), keys=["l"]))
        journal.append(batch(write("points/eva", 1, "y")))
        raise ZeroDivisionError

    assert everything(journal) == [("café", "points/ana", 1, "a")]
    assert list(journal.find("café", ["k", "l"])) == ["k"]
    assert journal.append(batch(write("points/eva", 0, "x"), keys=["l"]))[0].sequence == 2


def test_a_failed_append_dooms_its_transaction(journal):
    """Half of a transaction must never be written because somebody caught an error inside."""
    with pytest.raises(JournalError, match="nothing of it"), journal.transaction():  # noqa: PT012  # see above
        journal.append(batch(write("points/ana", 0, "a")))
        with pytest.raises(StaleStream):
            journal.append(batch(write("points/ana", 5, "b")))

    assert everything(journal) == []


def test_a_transaction_inside_another_is_part_of_it(journal):
    with pytest.raises(ZeroDivisionError), journal.transaction():  # noqa: PT012  # see above
        with journal.transaction():
            journal.append(batch(write("points/ana", 0, "a")))
        raise ZeroDivisionError

    assert everything(journal) == []


def test_threads_that_append_to_one_stream_lose_nothing(journal):
    failures = []

    def work(name):
        try:
            for n in range(20):
                with journal.transaction():
                    ana = journal.load("café", ["points/ana"], lock=True)["points/ana"]
                    journal.append(batch(write("points/ana", ana.version, f"{name}{n}"), keys=[f"{name}{n}"]))
        except Exception as error:  # noqa: BLE001  # told below
            failures.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    ana = journal.load("café", ["points/ana"])["points/ana"]
    assert ana.version == 80
    assert sorted(names(ana)) == sorted(f"{name}{n}" for name in "abcd" for n in range(20))
    assert [line.sequence for line in ana.entries] == list(range(1, 81))


def test_threads_without_transactions_are_told_that_they_are_stale(journal):
    """Optimistic writers: each append succeeds or says StaleStream, and no version is given twice."""
    outcomes = []

    def work(name):
        for n in range(25):
            ana = journal.load("café", ["points/ana"])["points/ana"]
            try:
                journal.append(batch(write("points/ana", ana.version, f"{name}{n}")))
                outcomes.append("written")
            except StaleStream:
                outcomes.append("stale")

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(outcomes) == 100
    assert journal.load("café", ["points/ana"])["points/ana"].version == outcomes.count("written")
