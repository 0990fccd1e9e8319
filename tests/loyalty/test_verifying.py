"""Nobody changes, removes, swaps or adds a line unseen; what is cut off at the end, a checkpoint finds (D20, G17)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from fidelity.commands import Record
from fidelity.entries import Checkpointed
from fidelity.entries.chain import Line, link
from fidelity.errors import JournalError
from fidelity.events import Return
from fidelity.journals import Applied, JournalInMemory
from fidelity.loyalty import Loyalty
from fidelity.loyalty.keys import _keys_of
from fidelity.rules.program import Program
from tests.loyalty.aurora import DAY, NOON, aurora, bought, joined, lines, sale

STREAMS = ("points/ana", "points/eva")


def books(journal=None):
    """Two members with nine lines each."""
    loyalty = Loyalty(aurora(), journal=journal)
    loyalty.execute(joined("ana", "eva"))
    for n in range(4):
        loyalty.execute([bought(f"{who}-{n}", "30 EUR", member=who, at=NOON + n * DAY) for who in ("ana", "eva")])
    return loyalty


def kept(journal, stream):
    """The lines of *stream*, to be tampered with."""
    return journal._streams["Café Aurora", stream]


def places(found):
    return [(breach.stream, breach.version) for breach in found.breaches]


def test_books_that_nobody_touched_are_sound():
    found = books().verify()

    assert found.sound
    assert (found.lines, found.streams, found.checkpoints) == (19, 3, 0)


@given(st.sampled_from(STREAMS), st.integers(0, 8), st.data())
def test_any_changed_line_is_found_with_its_place(stream, place, data):
    loyalty = books()
    line = kept(loyalty.journal, stream)[place]
    where = data.draw(st.integers(0, len(line.body) - 1))
    other = data.draw(st.characters(codec="ascii").filter(lambda letter: letter != line.body[where]))
    kept(loyalty.journal, stream)[place] = evolve(line, body=line.body[:where] + other + line.body[where + 1 :])

    found = loyalty.verify()

    assert places(found) == [(stream, place + 1)]
    assert loyalty.journal.read(after=found.breaches[0].sequence - 1, limit=1)[0].stream == stream


@given(st.sampled_from(STREAMS), st.integers(0, 8))
def test_a_line_changed_with_its_link_shows_in_the_next_one(stream, place):
    """Who can make links can forge one line, but not the ones after it, nor what a checkpoint saw."""
    loyalty = books()
    point = loyalty.checkpoint(NOON + 9 * DAY)
    chain = kept(loyalty.journal, stream)
    before = chain[place - 1].link if place else link("", "")
    body = chain[place].body.replace("30", "90")
    chain[place] = Line(chain[place].entry, body, link(before, body))

    found = loyalty.verify(point)

    assert not found.sound
    if place < 8:
        assert (stream, place + 2) in places(found) or (stream, place + 1) in places(found)


@given(st.sampled_from(STREAMS), st.integers(0, 7))
def test_a_removed_line_is_found_with_its_place(stream, place):
    loyalty = books()
    journal = loyalty.journal
    gone = journal._order.index(("Café Aurora", stream, place + 1))
    del journal._order[gone]

    assert places(loyalty.verify()) == [(stream, place + 2)]


@given(st.sampled_from(STREAMS), st.integers(0, 7), st.integers(1, 8))
def test_swapped_lines_are_found(stream, first, apart):
    loyalty = books()
    chain = kept(loyalty.journal, stream)
    second = min(first + apart, 8)
    chain[first], chain[second] = chain[second], chain[first]

    assert places(loyalty.verify())[0] == (stream, first + 1)


@given(st.sampled_from(STREAMS), st.integers(0, 9))
def test_an_inserted_line_is_found(stream, place):
    loyalty = books()
    chain = kept(loyalty.journal, stream)
    chain.insert(place, chain[min(place, 8)])
    loyalty.journal._order.append(("Café Aurora", stream, 10))

    found = loyalty.verify()

    assert places(found)[0] == (stream, min(place + 1, 10)) or (stream, place + 2) in places(found)
    assert not found.sound


def test_a_line_moved_to_another_stream_is_found():
    """Each chain begins with the name of its stream."""
    loyalty = books()
    kept(loyalty.journal, "points/eva")[:] = kept(loyalty.journal, "points/ana")

    assert places(loyalty.verify())[0] == ("points/eva", 1)


def cut_off(journal, count):
    """Take the last *count* lines away, as somebody would who can write everywhere."""
    for program, stream, _ in reversed(journal._order[-count:]):
        journal._streams[program, stream].pop()
    del journal._order[-count:]


def test_lines_cut_off_at_the_end_are_found_by_a_checkpoint_in_the_journal():
    loyalty = books()
    loyalty.checkpoint(NOON + 9 * DAY)
    journal = loyalty.journal
    last = journal._order.pop(-2)
    journal._streams[last[:2]].pop()

    found = loyalty.verify()

    assert not found.sound
    assert found.checkpoints == 1


@pytest.mark.parametrize("count", [1, 2, 5, 20])
def test_lines_cut_off_with_the_checkpoint_are_found_by_one_that_was_kept(count):
    loyalty = books()
    point = loyalty.checkpoint(NOON + 9 * DAY)
    assert loyalty.verify(point).sound
    if count == 1:
        # Only the checkpoint itself is gone: everything that it saw is still there.
        cut_off(loyalty.journal, 1)
        assert loyalty.verify(point).sound
        return
    cut_off(loyalty.journal, count)

    # A purchase without its points is not what its key remembers; whole commands only a checkpoint remembers.
    assert loyalty.verify().sound == (count != 2)
    found = loyalty.verify(point)
    assert found.breaches[-1].sequence == point.sequence
    assert "were 3 streams" in found.breaches[-1].what


def test_a_checkpoint_stays_true_while_the_books_go_on():
    loyalty = books()
    first = loyalty.checkpoint(NOON + 5 * DAY)
    loyalty.execute([bought("late", "10 EUR", at=NOON + 6 * DAY)])
    second = loyalty.checkpoint(NOON + 7 * DAY)
    loyalty.execute([bought("later", "10 EUR", at=NOON + 8 * DAY)])

    found = loyalty.verify(first, second)

    assert found.sound
    assert found.checkpoints == 4  # two in the journal, two kept
    assert first.digest != second.digest


def test_a_checkpoint_says_where_the_streams_stood():
    loyalty = books()
    point = loyalty.checkpoint(NOON + 5 * DAY)

    assert (point.sequence, point.streams) == (19, 3)
    assert lines(loyalty.journal)[-1] == ("program/Café Aurora", "checkpoint")
    entry = loyalty.journal.read(limit=100)[-1].entry
    assert entry == Checkpointed(at=NOON + 5 * DAY, now=NOON + 5 * DAY, sequence=19, streams=3, digest=point.digest)


def test_no_checkpoint_is_made_of_books_that_were_changed():
    loyalty = books()
    chain = kept(loyalty.journal, "points/ana")
    chain[3] = evolve(chain[3], body=chain[3].body.replace("30", "31"))

    with pytest.raises(JournalError, match="line 4 of 'points/ana'"):
        loyalty.checkpoint(NOON + 5 * DAY)

    assert "checkpoint" not in [kind for _, kind in lines(loyalty.journal)]


def test_a_checkpoint_with_a_clock_behind_does_not_go_back():
    loyalty = books()
    loyalty.checkpoint(NOON + 5 * DAY)
    loyalty.checkpoint(NOON + 5 * DAY - timedelta(hours=1))

    stream = loyalty.journal.load("Café Aurora", ["program/Café Aurora"])["program/Café Aurora"]
    assert [entry.now for entry in stream.entries] == sorted(entry.now for entry in stream.entries)


def test_commands_go_on_after_a_checkpoint():
    """The program's own stream has moved: the next version finds its place."""
    loyalty = books()
    loyalty.checkpoint(NOON + 5 * DAY)
    second = Loyalty(aurora(version="2"), journal=loyalty.journal)

    second.execute([bought("new", "10 EUR", at=NOON + 6 * DAY)])
    loyalty.execute([bought("old", "10 EUR", at=NOON + 7 * DAY)])

    assert loyalty.verify().sound


class Unreadable(JournalInMemory):
    """A store in which some lines cannot be read any more."""

    bad: tuple[int, ...] = ()

    def read(self, program=None, *, after=0, limit=1000):
        found = super().read(program, after=after, limit=limit)
        for line in found:
            if line.sequence in self.bad:
                message = f"line {line.sequence} cannot be read"
                raise JournalError(message, stream=line.stream, version=line.version)
        return found


def test_lines_that_cannot_be_read_are_told_with_their_place():
    journal = Unreadable()
    loyalty = books(journal)
    journal.bad = (4, 5, 11)
    wanted = [journal._order[sequence - 1][1:] for sequence in journal.bad]

    found = loyalty.verify()

    assert places(found) == wanted
    assert found.lines == 19 - 3


def test_a_store_that_fails_is_not_called_sound():
    class Down(JournalInMemory):
        down = False

        def read(self, program=None, *, after=0, limit=1000):
            if self.down:
                raise JournalError("the disk is gone")
            return super().read(program, after=after, limit=limit)

    journal = Down()
    loyalty = books(journal)
    journal.down = True

    with pytest.raises(JournalError, match="the disk is gone"):
        loyalty.verify()


def test_a_store_that_fails_once_is_not_called_tampered_with():
    """A line that cannot be read has a place; a server that hung up has none."""

    class Hiccup(JournalInMemory):
        left = 0

        def load(self, program, streams, *, after=None, lock=False):
            if self.left and streams == ("program/Café Aurora",):
                self.left -= 1
                raise JournalError("the server hung up")
            return super().load(program, streams, after=after, lock=lock)

    journal = Hiccup()
    loyalty = books(journal)
    journal.left = 1

    with pytest.raises(JournalError, match="hung up"):
        loyalty.verify()
    assert loyalty.verify().sound


def test_one_program_is_verified_without_the_others():
    journal = JournalInMemory()
    loyalty = books(journal)
    bakery = Loyalty(Program("Bakery", version="1", currency="EUR", timezone="Europe/Madrid", earn=[]), journal=journal)
    bakery.execute(joined("ana"))
    journal._streams["Bakery", "points/ana"][0] = evolve(journal._streams["Bakery", "points/ana"][0], body="{}")

    assert (loyalty.verify().sound, loyalty.verify().lines) == (True, 19)
    assert not bakery.verify().sound


def test_a_line_that_was_taken_out_of_the_order_is_found_in_its_stream():
    """Whoever forges the last line of a stream and hides it from readers: there is no next line to betray it."""
    loyalty = books()
    chain = kept(loyalty.journal, "points/ana")
    chain[-1] = evolve(chain[-1], body=chain[-1].body.replace("30", "90"))
    loyalty.journal._order.remove(("Café Aurora", "points/ana", 9))

    found = places(loyalty.verify())

    assert sorted(found) == [("points/ana", 8), ("points/ana", 9)]  # the line, and the purchase that lacks it


def test_what_is_written_while_the_proof_goes_on_is_no_breach():
    class Busy(JournalInMemory):
        left = 0

        def streams(self, program, *, prefix="", after="", limit=1000):
            if self.left:
                self.left -= 1
                Loyalty(aurora(), journal=self).execute([bought(f"late-{self.left}", "5 EUR", at=NOON + 5 * DAY)])
            return super().streams(program, prefix=prefix, after=after, limit=limit)

    journal = Busy()
    loyalty = books(journal)
    journal.left = 2

    found = loyalty.verify()

    assert (found.sound, found.lines) == (True, 23)


def everything():
    """Books in which every kind of command was asked."""
    loyalty = books()
    at = NOON + 5 * DAY
    loyalty.execute([Record(event=sale("T-9", "600 EUR", at=at, order="O-9"), now=at), *joined("leo", "ana2", now=at)])
    loyalty.record(Return("R-1", member="ana", purchase="T-9", amount="20 EUR", at=at), now=at)
    spent = loyalty.redeem("ana", "free coffee", key="k-1", now=at)
    loyalty.undo(spent.id, key="k-2", points=20, now=at)
    first = loyalty.hold("ana", points=30, key="k-3", now=at)
    loyalty.capture(first.id, key="k-4", points=20, now=at)
    loyalty.release(loyalty.hold("ana", points=10, key="k-5", now=at).id, key="k-6", now=at)
    loyalty.goodwill("ana", points=5, reason="late", key="k-7", by="staff-7", now=at)
    loyalty.extend("ana", until=at + 500 * DAY, reason="shop-closed", key="k-8", now=at)
    loyalty.transfer("ana", to="leo", points=15, key="k-9", now=at)
    for member in ("ana", "leo"):
        loyalty.join_household(member, "olmo", key=f"home-{member}", now=at)
    pooled = loyalty.redeem("leo", "free coffee", key="k-10", pooled=True, now=at)
    loyalty.undo(pooled.id, key="k-11", now=at)
    loyalty.leave_household("leo", key="k-12", now=at)
    loyalty.freeze("leo", reason="card-lost", key="k-13", now=at)
    loyalty.unfreeze("leo", key="k-14", now=at)
    held = loyalty.protect("leo", cause="payment/P-1", key="k-15", now=at)
    loyalty.end_protection("leo", held.protections[0], key="k-16", now=at)
    loyalty.merge("ana2", into="ana", key="k-17", now=at)
    loyalty.record(Return("R-2", member="eva", purchase="eva-3", at=at), now=at)
    loyalty.close("leo", reason="wish", key="k-18", now=at)
    return loyalty


def test_every_command_is_held_against_the_key_under_which_it_was_applied():
    journal = everything().journal
    asked = {line.line.body and each for line in journal.read() for each in _keys_of(line.entry)}

    assert everything().verify().sound
    assert asked == {key for _, key in journal._applied}


@given(st.data())
def test_a_key_that_is_gone_is_found_at_the_line_of_its_command(data):
    loyalty = everything()
    kept = loyalty.journal._applied
    del kept[data.draw(st.sampled_from(sorted(kept)))]

    found = loyalty.verify()

    assert found.breaches
    assert all("asked again, it would be done again" in each.what for each in found.breaches)
    assert all(each.sequence and each.version for each in found.breaches)


@given(st.data())
def test_a_key_that_was_changed_is_found_at_the_line_of_its_command(data):
    loyalty = everything()
    kept = loyalty.journal._applied
    name = data.draw(st.sampled_from(sorted(kept)))
    other = kept[data.draw(st.sampled_from([each for each in sorted(kept) if kept[each].digest != kept[name].digest]))]
    part = data.draw(st.sampled_from(["digest", "receipt", "both"]))
    digest = kept[name].digest if part == "receipt" else other.digest
    kept[name] = Applied(name[1], digest, kept[name].receipt if part == "digest" else other.receipt)

    assert not loyalty.verify().sound


def test_a_receipt_that_cannot_be_read_is_found_at_the_line_of_its_command():
    class Torn(JournalInMemory):
        torn = ""

        def find(self, program, keys):
            if self.torn in keys:
                message = "stored text is not plain data"
                raise JournalError(message, value="{")
            return super().find(program, keys)

    loyalty = books(Torn())
    loyalty.journal.torn = "record/purchase/eva-1"

    (breach,) = loyalty.verify().breaches

    assert (breach.stream, breach.version) == ("points/eva", 4)
    assert "cannot be read" in breach.what
