"""Stock: how many of a reward are left, whoever takes them, sets them aside or gives them back."""

from __future__ import annotations

import pytest

import fidelity as fd
from fidelity.entries.campaign import StockRanOut
from fidelity.errors import ExactnessError, OutOfStock, UnknownReward, ValueRefused
from fidelity.journals import JournalInMemory, SqlJournal
from fidelity.loyalty import Loyalty
from tests.loyalty.aurora import DAY, NOON

BASE = fd.EarnRule("base", fd.points(1, per="1 EUR"))


def program(stock=2, version="1"):
    rewards = [fd.Reward("mug", cost=10, stock=stock), fd.Reward("coffee", cost=5)]
    return fd.Program("Shop", version=version, currency="EUR", timezone="UTC", earn=[BASE], rewards=rewards)


@pytest.fixture(params=["memory", "sqlite"])
def journal(request, tmp_path):
    if request.param == "memory":
        yield JournalInMemory()
        return
    made = SqlJournal(f"sqlite:///{tmp_path}/shop.db")
    yield made
    made.close()


@pytest.fixture
def loyalty(journal):
    made = Loyalty(program(), journal=journal, clock=lambda: NOON)
    for member in ("ana", "eva"):
        made.enroll(member)
        made.record(fd.Purchase(member, member=member, amount="100 EUR", at=NOON))
    return made


def counts(loyalty, at=None):
    found = loyalty.stock("mug", at=at)
    return found.left, found.taken, found.held


def test_a_redemption_takes_one_and_a_hold_sets_one_aside(loyalty):
    assert counts(loyalty) == (2, 0, 0)
    loyalty.redeem("ana", "mug", key="a")
    held = loyalty.hold("eva", reward="mug", key="b")
    assert counts(loyalty) == (0, 1, 1)

    loyalty.capture(held.id, key="c")

    assert counts(loyalty) == (0, 2, 0)
    assert counts(loyalty, NOON + 40 * DAY) == (0, 2, 0)
    assert loyalty.verify().sound


def test_none_left_is_refused_and_told_before(loyalty):
    loyalty.restock("mug", -2, key="s", reason="broken")

    quote = loyalty.quote("ana", "mug")

    assert (quote.affordable, quote.missing, quote.reasons, quote.stock) == (False, 0, (), 0)
    assert quote.explain() == "“Mug”: none is left now."
    assert quote.explain("es-MX") == "«Mug»: ahora no queda."
    with pytest.raises(OutOfStock, match="none of 'mug' left"):
        loyalty.redeem("ana", "mug", key="a")
    with pytest.raises(OutOfStock):
        loyalty.hold("ana", reward="mug", key="b")
    assert loyalty.balance("ana").available == 100
    assert loyalty.quote("ana", "coffee").affordable


def test_what_is_released_or_undone_is_there_again(loyalty):
    held = loyalty.hold("ana", reward="mug", key="a")
    spent = loyalty.redeem("eva", "mug", key="b")

    loyalty.release(held.id, key="c")
    assert counts(loyalty) == (1, 1, 0)
    loyalty.undo(spent.id, points=4, key="d")
    assert counts(loyalty) == (1, 1, 0)
    loyalty.undo(spent.id, key="e")
    assert counts(loyalty) == (2, 0, 0)


def test_a_captured_hold_that_is_undone_gives_its_reward_back_once(loyalty):
    held = loyalty.hold("ana", reward="mug", key="a")
    loyalty.capture(held.id, key="b")
    loyalty.undo(held.id, key="c")
    loyalty.undo(held.id, key="c")
    assert counts(loyalty) == (2, 0, 0)


def test_a_hold_that_times_out_gives_its_reward_back_without_an_entry(journal):
    clock = [NOON]
    loyalty = Loyalty(program(stock=1), journal=journal, clock=lambda: clock[0])
    loyalty.enroll("ana")
    loyalty.record(fd.Purchase("T", member="ana", amount="100 EUR", at=NOON))
    loyalty.hold("ana", reward="mug", key="a", until=NOON + DAY)
    assert not loyalty.quote("ana", "mug").affordable

    clock[0] = NOON + DAY

    assert counts(loyalty) == (1, 0, 0)
    assert loyalty.redeem("ana", "mug", key="b").points == 10
    assert counts(loyalty) == (0, 1, 0)


def test_everything_in_one_batch_comes_to_the_same(loyalty):
    from fidelity.commands import Capture, Hold, Redeem, Release

    loyalty.execute([
        Hold(member="ana", reward="mug", key="a"), Capture(hold="hold/a", key="b"),
        Hold(member="eva", reward="mug", key="c"), Release(hold="hold/c", key="d"),
        Redeem(member="eva", reward="mug", key="e"),
    ])  # fmt: skip
    assert counts(loyalty) == (0, 2, 0)


def test_several_of_one_redemption_are_taken_and_come_back_together(loyalty):
    loyalty.restock("mug", 5, key="s")
    spent = loyalty.redeem("ana", "mug", quantity=3, key="a")
    assert counts(loyalty) == (4, 3, 0)
    with pytest.raises(OutOfStock, match="only 4 of 'mug' left now, and 5 asked for"):
        loyalty.redeem("eva", "mug", quantity=5, key="b")
    loyalty.undo(spent.id, key="c")
    assert counts(loyalty) == (7, 0, 0)


def test_more_can_come_and_some_can_go(loyalty):
    told = loyalty.restock("mug", 10, key="s")
    assert (told.left, loyalty.restock("mug", 10, key="s").repeated, counts(loyalty)[0]) == (12, True, 12)
    assert told.explain("es") == "«Mug»: quedan 12."
    with pytest.raises(OutOfStock, match="only 12 of 'mug' left, so 13 cannot go"):
        loyalty.restock("mug", -13, key="t")
    with pytest.raises(ValueRefused, match="by nothing"):
        loyalty.restock("mug", 0, key="u")
    with pytest.raises(ExactnessError):
        loyalty.restock("mug", 1.5, key="u")
    with pytest.raises(UnknownReward, match="give it stock="):
        loyalty.restock("coffee", 1, key="u")
    with pytest.raises(UnknownReward, match='did you mean "mug"'):
        loyalty.stock("mugg")


def test_the_last_one_that_goes_is_a_broken_promise_in_writing(loyalty, journal):
    """SEMANTICS D24. A refusal leaves no trace; that the last one went does."""
    loyalty.redeem("ana", "mug", key="a")
    loyalty.redeem("ana", "mug", key="b")
    for key in ("c", "d"):
        with pytest.raises(OutOfStock):
            loyalty.redeem("eva", "mug", key=key)
    loyalty.restock("mug", 1, key="s")
    loyalty.hold("eva", reward="mug", key="e")

    entries = journal.load("Shop", ["stock/mug"])["stock/mug"].entries

    assert sum(isinstance(each, StockRanOut) for each in entries) == 2
    assert len(loyalty.stock("mug").ran_out) == 2


def test_a_later_version_counts_on_from_what_is_left(loyalty, journal):
    loyalty.redeem("ana", "mug", key="a")
    later = Loyalty(program(stock=50, version="2"), journal=journal, clock=lambda: NOON)
    assert later.stock("mug").left == 1
    endless = Loyalty(program(stock=None, version="3"), journal=journal, clock=lambda: NOON)
    assert endless.redeem("ana", "mug", key="b").points == 10


def test_a_household_takes_one_together(loyalty):
    for member in ("ana", "eva"):
        loyalty.join_household(member, "h", key=member)
    spent = loyalty.redeem("ana", "mug", pooled=True, key="a")
    assert counts(loyalty) == (1, 1, 0)
    loyalty.undo(spent.id, key="b")
    assert counts(loyalty) == (2, 0, 0)


def test_many_changes_are_kept_as_a_snapshot_and_come_to_the_same(journal):
    from fidelity.commands_of_all import Restock

    Loyalty(program(), journal=journal, clock=lambda: NOON).execute(
        [Restock(reward="mug", count=1, key=f"k{n}") for n in range(600)]
    )
    assert Loyalty(program(), journal=journal, clock=lambda: NOON).stock("mug").left == 602
    assert journal.snapshot("Shop", "stock/mug").version == 601
    assert Loyalty(program(), journal=journal, clock=lambda: NOON).restock("mug", 1, key="more").left == 603


def test_a_stock_is_in_the_terms_in_the_file_and_in_the_audit():
    made = program(stock=40)
    assert made.to_dict()["rewards"][0] == {"name": "mug", "cost": 10, "stock": 40}
    assert fd.Program.from_dict(made.to_dict()) == made
    assert "“Mug”: there are 40 in all." in made.explain()
    assert "«Mug»: hay 40 en total." in made.explain("es")
    assert made.audit().because == ("rewards[0].stock",)
    with pytest.raises(ExactnessError):
        fd.Reward("mug", cost=1, stock=-1)
