"""Campaigns at work: what all members share of a budget, and what it means to suspend one."""

from __future__ import annotations

import pytest

import fidelity as fd
from fidelity.commands import Enroll, Record
from fidelity.commands_of_all import Suspend
from fidelity.entries.campaign import CampaignCharged
from fidelity.errors import AlreadySuspended, IdempotencyConflict, NotSuspended, UnknownCampaign
from fidelity.journals import JournalInMemory, SqlJournal
from fidelity.loyalty import Loyalty
from tests.loyalty.aurora import DAY, HOUR, NOON

BASE = fd.EarnRule("base", fd.points(1, per="1 EUR"))
EXTRA = fd.EarnRule("extra", fd.points(10))


def program(*rules, version="1", **terms):
    campaign = fd.Campaign("autumn", rules or [EXTRA], **terms)
    return fd.Program("Shop", version=version, currency="EUR", timezone="Europe/Madrid", earn=[BASE, campaign])


@pytest.fixture(params=["memory", "sqlite"])
def journal(request, tmp_path):
    if request.param == "memory":
        yield JournalInMemory()
        return
    made = SqlJournal(f"sqlite:///{tmp_path}/shop.db")
    yield made
    made.close()


def desk(journal, *members, clock=lambda: NOON, **terms):
    made = Loyalty(program(**terms), journal=journal, clock=clock)
    for member in members:
        made.enroll(member, now=NOON - 30 * DAY)
    return made


def bought(name, member="ana", amount="30 EUR", at=NOON):
    return fd.Purchase(name, member=member, amount=amount, at=at)


def test_a_budget_is_shared_by_all_members(journal):
    loyalty = desk(journal, "ana", "eva", budget=fd.Cap(25))

    points = [loyalty.record(bought(f"T-{n}", member)).points for n, member in enumerate(("ana", "eva", "ana", "eva"))]

    assert points == [40, 40, 35, 30]
    standing = loyalty.campaign("autumn")
    assert (standing.uses, standing.given, standing.left, standing.available) == (3, {"points": 25}, 0, False)
    assert [type(each) for each in journal.load("Shop", ["campaign/autumn"])["campaign/autumn"].entries] == [
        CampaignCharged
    ] * 3
    assert loyalty.verify().sound


def test_commands_of_one_batch_see_what_those_before_them_took(journal):
    loyalty = desk(journal, budget=fd.Cap(25))
    found = loyalty.execute(
        [Enroll(member="ana", now=NOON), *(Record(event=bought(f"T-{n}"), now=NOON) for n in range(4))]
    )
    assert [each.points for each in found[1:]] == [40, 40, 35, 30]


def test_a_retry_takes_nothing(journal):
    loyalty = desk(journal, "ana", budget="2 times")
    first, again = (loyalty.record(bought("T-1")) for _ in range(2))
    assert (again.points, again.repeated, loyalty.campaign("autumn").left) == (first.points, True, 1)


def test_two_desks_that_know_different_parts_of_it_never_give_too_much(journal):
    one, other = desk(journal, "ana", "eva", budget="3 times"), desk(journal, budget="3 times")

    points = [(one, other)[n % 2].record(bought(f"T-{n}", ("ana", "eva")[n % 2])).points for n in range(6)]

    assert points == [40, 40, 40, 30, 30, 30]


def test_what_a_return_takes_back_is_not_given_again(journal):
    """SEMANTICS D27: returns do not restore allowance used; and what remains is decided by what was left then."""
    loyalty = desk(journal, "ana", budget=fd.Cap(15))
    loyalty.record(bought("T-1"))
    assert loyalty.record(bought("T-2")).points == 35

    part = loyalty.record(fd.Return("R-1", purchase="T-2", at=NOON, amount="10 EUR"))
    rest = loyalty.record(fd.Return("R-2", purchase="T-2", at=NOON))

    assert (part.points, rest.points) == (10, 25)
    returned = [each for each in journal.load("Shop", ["points/ana"])["points/ana"].entries if each.kind == "return"]
    assert [each.counts for each in returned] == [{}, {}]
    assert (loyalty.campaign("autumn").left, loyalty.balance("ana").available) == (0, 40)
    assert loyalty.record(bought("T-3")).points == 30


def test_what_was_decided_stays_when_the_budget_is_gone(journal):
    """The receipt given again, and what is decided once more, read the budget as it stood."""
    loyalty = desk(journal, "ana", budget=fd.Cap(15))
    first = loyalty.record(bought("T-1"))
    loyalty.record(bought("T-2"))

    again = loyalty.record(bought("T-1"))

    assert again.explain() == first.explain()
    assert loyalty.rerate("ana", "purchase/T-2", key="r").wallets == {}
    assert loyalty.campaign("autumn").given == {"points": 15}


def test_a_campaign_is_suspended_and_resumed(journal):
    loyalty = desk(journal, "ana", budget="5 times")
    loyalty.record(bought("T-1", at=NOON - HOUR))

    told = loyalty.suspend("autumn", reason="wrong price", key="s", by="mia", now=NOON)
    before, after = loyalty.record(bought("T-2", at=NOON - HOUR)), loyalty.record(bought("T-3"))
    loyalty.resume("autumn", key="r", now=NOON + HOUR)
    late = loyalty.record(bought("T-4", at=NOON + HOUR), now=NOON + HOUR)
    inside = loyalty.record(bought("T-5", at=NOON + HOUR / 2), now=NOON + HOUR)

    assert told.explain("es") == "Autumn está en pausa: wrong price."
    # What had happened before counts whenever it is learned.
    assert [each.points for each in (before, after, late, inside)] == [40, 30, 40, 30]
    assert "is paused" in after.explain()
    assert [loyalty.campaign("autumn", at=at).suspended for at in (NOON - HOUR, NOON, NOON + HOUR)] == [
        "", "wrong price", "",
    ]  # fmt: skip
    assert loyalty.verify().sound


def test_a_campaign_without_a_budget_can_be_suspended_and_makes_nobody_wait(journal):
    loyalty = desk(journal, "ana")
    loyalty.record(bought("T-1"))
    assert journal.load("Shop", ["campaign/autumn"])["campaign/autumn"].version == 0

    loyalty.suspend("autumn", reason="wrong price", key="s")

    assert desk(journal).record(bought("T-2")).points == 30
    standing = loyalty.campaign("autumn")
    assert (standing.uses, standing.left, standing.available) == (None, None, False)


def test_what_cannot_be_suspended_says_why(journal):
    loyalty = desk(journal)
    first = loyalty.suspend("autumn", reason="wrong price", key="s")

    with pytest.raises(AlreadySuspended, match="suspended already, for 'wrong price'"):
        loyalty.suspend("autumn", reason="again", key="t")
    assert loyalty.suspend("autumn", reason="wrong price", key="s") == first
    with pytest.raises(IdempotencyConflict):
        loyalty.suspend("autumn", reason="other", key="s")
    loyalty.resume("autumn", key="r")
    with pytest.raises(NotSuspended):
        loyalty.resume("autumn", key="r2")
    with pytest.raises(UnknownCampaign, match='did you mean "autumn"'):
        loyalty.suspend("autum", reason="x", key="k")
    with pytest.raises(UnknownCampaign):
        loyalty.campaign("spring")
    (refused,) = loyalty.execute([Suspend(campaign="spring", reason="x", key="k")], on_refusal="return")
    assert isinstance(refused, UnknownCampaign)


def test_a_key_that_was_taken_from_a_suspension_is_found(journal):
    loyalty = desk(journal)
    loyalty.suspend("autumn", reason="wrong price", key="s")
    if isinstance(journal, JournalInMemory):
        del journal._applied["Shop", "key/s"]
        assert [each.stream for each in loyalty.verify().breaches] == ["campaign/autumn"]


def test_where_it_stands_is_known_as_of_any_time(journal):
    more = fd.EarnRule("more", fd.points(1, per="1 EUR"))
    made = fd.Program(
        "Shop", version="1", currency="EUR", timezone="Europe/Madrid",
        earn=[fd.Campaign("autumn", [more], budget=fd.Cap("70 EUR", "spend"))],
    )  # fmt: skip
    loyalty = Loyalty(made, journal=journal, clock=lambda: NOON + 3 * HOUR)
    loyalty.enroll("ana", now=NOON)
    for n in range(3):
        loyalty.record(bought(f"T-{n}", at=NOON + n * HOUR), now=NOON + n * HOUR)

    standings = [loyalty.campaign("autumn", at=NOON + n * HOUR) for n in range(3)]

    assert [str(each.left) for each in standings] == ["40.00 EUR", "10.00 EUR", "0.00 EUR"]
    assert [str(each.spend) for each in standings] == ["30.00 EUR", "60.00 EUR", "70.00 EUR"]
    assert [each.given for each in standings] == [{"points": 30}, {"points": 60}, {"points": 70}]


def test_many_lines_are_kept_as_a_snapshot_and_come_to_the_same(journal):
    loyalty = desk(journal, "ana", budget="900 times")
    loyalty.execute([Record(event=bought(f"T-{n}"), now=NOON) for n in range(600)])

    fresh = desk(journal, budget="900 times")
    assert fresh.campaign("autumn").left == 300
    assert journal.snapshot("Shop", "campaign/autumn").version == 600
    other = desk(journal, budget="900 times")
    other.record(bought("T-last"))

    assert (other.campaign("autumn").left, loyalty.campaign("autumn").left) == (299, 299)


def test_a_host_that_rolls_back_has_taken_nothing(tmp_path):
    sa = pytest.importorskip("sqlalchemy")
    journal = SqlJournal(f"sqlite:///{tmp_path}/shop.db")
    loyalty = desk(journal, "ana", budget="1 time")
    engine = sa.create_engine(f"sqlite:///{tmp_path}/shop.db")
    with engine.connect() as connection:
        assert loyalty.joined(connection).record(bought("T-1")).points == 40
        connection.rollback()

    assert loyalty.campaign("autumn").left == 1
    assert loyalty.record(bought("T-2")).points == 40
    engine.dispose()
    journal.close()


def test_another_version_goes_on_with_what_was_given(journal):
    desk(journal, "ana", budget="4 times").execute([Record(event=bought(f"T-{n}"), now=NOON) for n in range(4)])

    lower = desk(journal, budget="3 times", version="2").campaign("autumn")
    higher = desk(journal, budget=fd.Cap(100), version="3").campaign("autumn")

    assert (lower.left, lower.available, higher.left) == (0, False, 60)


def test_a_standing_says_whether_the_campaign_runs_and_what_is_left(journal):
    loyalty = desk(journal, during=("2026-01-05", "2026-01-06"), budget=fd.Cap(50))
    standing = loyalty.campaign("autumn", at=NOON)
    assert (standing.runs, loyalty.campaign("autumn", at=NOON + 2 * DAY).runs) == (True, False)
    assert standing.explain("es") == (
        "La campaña «autumn» dura desde el 5 de enero de 2026 hasta el 6 de enero de 2026, ese día incluido.\n"
        "Autumn: quedan 50 puntos; usados: 0."
    )
