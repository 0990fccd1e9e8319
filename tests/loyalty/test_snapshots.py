"""A snapshot opens a long account at once; whatever is wrong with it, the stream is folded instead (D21, G7)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from fidelity.errors import HoldOver, JournalError
from fidelity.events import Return
from fidelity.journals import JournalInMemory
from fidelity.journals.port import Snapshot
from fidelity.ledger import fold
from fidelity.ledger.snapshots import LOOKING_BACK as ABOUT_THE_PAST
from fidelity.ledger.snapshots import from_text, to_text
from fidelity.ledger.terms import terms_of
from fidelity.loyalty import Loyalty
from fidelity.rules.rewards.reward import Reward
from fidelity.rules.tiers.tier_set import Tier, TierSet
from tests.loyalty.aurora import DAY, NOON, aurora, bought, joined
from tests.loyalty.test_settling import command, histories

STREAM = "points/ana"


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    """Ten lines are many."""
    for room in ("books", "reading"):
        monkeypatch.setattr(f"fidelity.loyalty.{room}.MANY_LINES", 10)


def long(journal, **more):
    """Twenty-one lines of ana."""
    loyalty = Loyalty(aurora(**more), journal=journal)
    loyalty.execute([*joined("ana"), *(bought(f"T-{n}", "30 EUR", at=NOON + n * DAY) for n in range(10))])
    return loyalty


class Watched(JournalInMemory):
    """A store that counts the lines it hands out."""

    def __init__(self):
        super().__init__()
        self.lines = 0

    def load(self, program, streams, *, after=None, lock=False):
        found = super().load(program, streams, after=after, lock=lock)
        self.lines += sum(len(each.lines) for each in found.values() if each.name == STREAM)
        return found


def opened(journal, **more):
    """Another host, that knows nothing yet."""
    journal.lines = 0
    return Loyalty(aurora(**more), journal=journal)


def test_who_had_to_fold_many_lines_spares_the_next_one():
    journal = Watched()
    long(journal)
    assert opened(journal).balance("ana", at=NOON + 20 * DAY).available == 360
    assert journal.lines == 21
    assert journal.snapshot("Café Aurora", STREAM).version == 21

    assert opened(journal).balance("ana", at=NOON + 20 * DAY).available == 360
    assert journal.lines == 0


class Twice:
    """A store of one's own, which is asked for the snapshot first and for the lines then."""

    def __init__(self, journal):
        self._journal = journal

    def __getattr__(self, name):
        if name == "resume":
            raise AttributeError(name)
        return getattr(self._journal, name)


def test_a_store_that_does_not_resume_is_asked_twice():
    journal = Watched()
    long(journal)
    opened(journal).balance("ana", at=NOON + 20 * DAY)
    journal.lines = 0

    other = Loyalty(aurora(), journal=Twice(journal))
    other.redeem("ana", "free coffee", key="k", now=NOON + 20 * DAY)

    assert journal.lines == 0
    assert other.verify().sound
    assert other.balance("ana", at=NOON + 20 * DAY) == opened(journal).balance("ana", at=NOON + 20 * DAY)


def test_what_came_after_the_snapshot_is_read(journal):
    long(journal)
    Loyalty(aurora(), journal=journal).balance("ana", at=NOON + 20 * DAY)
    Loyalty(aurora(), journal=journal).execute([bought("T-x", "50 EUR", at=NOON + 21 * DAY)])

    other = Loyalty(aurora(), journal=journal)

    assert other.balance("ana", at=NOON + 22 * DAY).available == 410
    assert other.verify().sound


def test_commands_go_on_from_a_snapshot_with_the_chain(journal):
    long(journal)
    Loyalty(aurora(), journal=journal).balance("ana", at=NOON + 20 * DAY)

    other = Loyalty(aurora(), journal=journal)
    other.redeem("ana", "free coffee", key="k", now=NOON + 20 * DAY)

    assert other.verify().sound
    other.account("ana", at=NOON + 20 * DAY).check()


LOOKING_BACK = {
    "return": lambda desk, at: desk.record(Return("R-1", purchase="T-3", member="ana", at=at), now=at).points,
    "undo": lambda desk, at: desk.undo("redemption/k", key="u", now=at).points,
    "hold over": lambda desk, at: desk.release("hold/h", key="r", now=at),
    "reinstate": lambda desk, at: desk.reinstate("ana", reason="kind", key="i", now=at + 380 * DAY).points,
    "rerate": lambda desk, at: desk.rerate("ana", "purchase/T-3", key="a", now=at).event,
    "merge": lambda desk, at: desk.merge("ana", into="eva", key="m", now=at).wallets,
    "again": lambda desk, at: desk.record(bought("T-3", "30 EUR", at=NOON + 3 * DAY).event, now=at).explain(),
}


@pytest.mark.parametrize("look", LOOKING_BACK)
def test_who_looks_back_gets_the_same_answer_as_without(look):
    answers = []
    for keep in (False, True):
        journal = Watched()
        loyalty = long(journal)
        loyalty.execute(joined("eva"))
        loyalty.redeem("ana", "free coffee", key="k", now=NOON + 11 * DAY)
        loyalty.hold("ana", points=10, key="h", now=NOON + 11 * DAY)
        loyalty.release("hold/h", key="l", now=NOON + 11 * DAY)
        if keep:
            opened(journal).balance("ana", at=NOON + 12 * DAY)
            assert journal.snapshot("Café Aurora", STREAM) is not None
        other = opened(journal)
        try:
            answers.append(LOOKING_BACK[look](other, NOON + 12 * DAY))
        except HoldOver as refusal:
            answers.append(str(refusal))
        assert other.verify().sound
        other.account("ana", at=NOON + 500 * DAY).check()

    assert answers[0] == answers[1]
    assert answers[0]


def test_an_account_that_is_asked_for_knows_its_past():
    journal = Watched()
    long(journal)
    opened(journal).balance("ana", at=NOON + 20 * DAY)

    account = opened(journal).account("ana", at=NOON + 20 * DAY)

    assert account.origin("purchase/T-0") is not None
    account.check()


SPOILT = {
    "a letter changed": lambda kept: evolve(kept, body=kept.body.replace('"posted"', '"posted"').replace("30", "31")),
    "cut short": lambda kept: evolve(kept, body=kept.body[:-20]),
    "empty": lambda kept: evolve(kept, body=""),
    "not text of ours": lambda kept: evolve(kept, body="{}"),
    "another version": lambda kept: evolve(kept, version=kept.version - 2),
}


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_snapshot_that_is_not_whole_is_not_believed(spoil):
    journal = Watched()
    long(journal)
    opened(journal).balance("ana", at=NOON + 20 * DAY)
    kept = journal.snapshot("Café Aurora", STREAM)
    journal._kept["Café Aurora", STREAM] = SPOILT[spoil](kept)

    assert opened(journal).balance("ana", at=NOON + 20 * DAY).available == 360
    assert journal.lines >= 21


def test_a_snapshot_of_other_rules_or_another_release_or_member_is_not_believed(monkeypatch):
    account = long(Watched()).account("ana", at=NOON + 20 * DAY)
    text = to_text(account)

    assert from_text(account.rulebook, "ana", text) is not None
    assert from_text(account.rulebook, "eva", text) is None
    assert from_text(terms_of(aurora(version="2")), "ana", text) is None
    monkeypatch.setattr("fidelity.ledger.snapshots.SNAPSHOT_SCHEMA", 99)
    assert from_text(account.rulebook, "ana", text) is None


def test_a_snapshot_that_cannot_be_kept_harms_nobody():
    class Full(Watched):
        def keep(self, program, snapshot):  # noqa: ARG002  # as the port has it
            raise JournalError("the disk is full")

    journal = Full()
    long(journal)

    assert opened(journal).balance("ana", at=NOON + 20 * DAY).available == 360
    assert opened(journal).redeem("ana", "free coffee", key="k", now=NOON + 20 * DAY).left == 240


def test_as_of_the_past_a_snapshot_is_no_answer(journal):
    long(journal)
    Loyalty(aurora(), journal=journal).balance("ana", at=NOON + 20 * DAY)

    assert Loyalty(aurora(), journal=journal).balance("ana", at=NOON + 4 * DAY).available == 150


TIERS = {
    "rolling": {"over": "12 months"},
    "calendar year": {"over": "calendar year"},
    "membership year": {"over": "membership year", "grace": None},
    "calendar quarter": {"over": "calendar quarter", "grace": None},
    "ever": {"over": "ever", "grace": None},
}


@pytest.mark.parametrize("window", TIERS)
@given(history=histories, cut=st.integers(0, 14), wait=st.integers(0, 24 * 800))
def test_a_snapshot_and_its_tail_come_to_the_fold(window, history, cut, wait):
    """Balances, tiers, counters and what comes next are those of the whole fold, whenever the snapshot was taken."""
    tiers = TierSet(
        [Tier("Bronze"), Tier("Silver", at=500), Tier("Gold", at=2_000, earns="3/2")],
        **{"counts": "points earned", "grace": "3 months", **TIERS[window]},
    )
    program = aurora(tiers=tiers, rewards=[Reward("free coffee", cost=120)])
    journal = JournalInMemory()
    loyalty = Loyalty(program, journal=journal)
    loyalty.execute(joined("ana", "eva"))
    at, where = NOON, 1
    for n, (step, hours, _) in enumerate(history):
        at += timedelta(hours=hours)
        loyalty.execute([command(step, n, at)], on_refusal="return")
        if n == cut:
            where = journal.load("Café Aurora", [STREAM])[STREAM].version
    entries = journal.load("Café Aurora", [STREAM])[STREAM].entries
    rulebook = terms_of(program)
    whole = fold(rulebook, "ana", entries)

    kept = from_text(rulebook, "ana", to_text(fold(rulebook, "ana", entries[:where])))
    # A line that looks back folds the whole stream: see below.
    assume(all(type(entry) not in ABOUT_THE_PAST for entry in entries[where:]))
    found = kept.post(*entries[where:])
    at += timedelta(hours=wait)
    assert found.balance(at) == whole.balance(at)
    assert found.standing(at) == whole.standing(at)
    assert found.facts(at) == whole.facts(at)
    assert found.lots() == whole.lots()
    assert found.advance(at).totals() == whole.advance(at).totals()
    # And for what happened up to ninety days before and is learned only now.
    early = max(whole.clock - 89 * DAY, whole.enrolled.at)
    assert found.facts(early) == whole.facts(early)


def test_the_snapshot_of_another_account_is_never_taken():
    journal = Watched()
    long(journal)
    opened(journal).balance("ana", at=NOON + 20 * DAY)
    kept = journal.snapshot("Café Aurora", STREAM)
    opened(journal).execute([*joined("eva"), *(bought(f"E-{n}", "10 EUR", member="eva") for n in range(10))])
    journal._kept["Café Aurora", "points/eva"] = Snapshot("points/eva", 21, kept.link, kept.body)

    assert opened(journal).balance("eva", at=NOON + 20 * DAY).available == 100


LATE = {
    "return": lambda desk, at: desk.record(Return("R-1", purchase="T-3", member="ana", at=at), now=at),
    "undo": lambda desk, at: desk.undo("redemption/k", key="u", now=at),
    "reinstate": lambda desk, at: desk.reinstate("ana", reason="kind", key="i", now=at + 380 * DAY),
    "merge": lambda desk, at: desk.merge("eva", into="ana", key="m", now=at),
    "merged away": lambda desk, at: desk.merge("ana", into="eva", key="m", now=at),
}


@pytest.mark.parametrize("late", LATE)
@pytest.mark.parametrize("cached", [False, True])
def test_what_looks_back_after_a_snapshot_was_kept_is_read_by_everybody(late, cached):
    """Who begins with the snapshot, and who began with it before, comes to the books of who never did."""
    journal = Watched()
    loyalty = long(journal)
    loyalty.execute([*joined("eva"), bought("E-1", "5 EUR", member="eva")])
    loyalty.redeem("ana", "free coffee", key="k", now=NOON + 11 * DAY)
    opened(journal).balance("ana", at=NOON + 12 * DAY)
    kept = journal.snapshot("Café Aurora", STREAM)
    other = opened(journal)
    if cached:
        other.balance("ana", at=NOON + 12 * DAY)
    at = NOON + 13 * DAY
    LATE[late](Loyalty(aurora(), journal=journal), at)
    journal._kept["Café Aurora", STREAM] = kept
    end = NOON + 400 * DAY

    found = other.balance("ana", at=end)

    del journal._kept["Café Aurora", STREAM]
    assert found == opened(journal).balance("ana", at=end)
    if late != "merged away":
        other.goodwill("ana", points=5, reason="kind", key="g", now=end)
    assert other.verify().sound
