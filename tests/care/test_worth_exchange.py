"""What both sides gave, after something was undone or two accounts were merged; and read from where it was."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fidelity as fd
from fidelity import Care, Loyalty
from fidelity.care.worth import Exchanging
from fidelity.journals import JournalInMemory
from fidelity.values.money import money
from tests.care.shop import NOON, shop

DAY = timedelta(days=1)


def bought(loyalty, name, amount, member="ana", at=NOON):
    loyalty.record(fd.Purchase(name, member=member, amount=amount, at=at), now=at)


def came_back(loyalty, name, purchase, at, **what):
    loyalty.record(fd.Return(name, purchase=purchase, at=at, **what), now=at)


def plain(found):
    return {name: str(each) for name, each in found.spent.items()}, found.events, found.points


def test_a_purchase_that_came_back_leaves_the_exchange(care):
    for name in ("T-1", "T-2"):
        bought(care.loyalty, name, "500 MXN")
    came_back(care.loyalty, "R-1", "T-1", NOON + DAY, amount="200 MXN")
    assert plain(care.exchange("ana")) == ({"MXN": "800.00 MXN"}, {"purchase": 2}, {"purchase": 80})
    came_back(care.loyalty, "R-2", "T-1", NOON + 2 * DAY)
    came_back(care.loyalty, "R-3", "T-2", NOON + 2 * DAY)
    assert plain(care.exchange("ana")) == ({"MXN": "0.00 MXN"}, {}, {})
    assert care.exchange() == care.exchange("ana")
    before = care.exchange("ana", until=NOON + DAY)
    assert plain(before) == ({"MXN": "1000.00 MXN"}, {"purchase": 2}, {"purchase": 100})
    assert plain(care.exchange("ana", since=NOON + DAY)) == (
        {"MXN": "-1000.00 MXN"},
        {"purchase": -2},
        {"purchase": -100},
    )


def test_a_reward_that_was_undone_leaves_the_exchange(care):
    bought(care.loyalty, "T-1", "2000 MXN")
    for key in ("cup", "mug"):
        redeemed = care.loyalty.redeem("ana", "coffee", key=key, now=NOON)
    assert (care.exchange("ana").rewards, care.exchange("ana").redeemed) == (2, 100)
    care.loyalty.undo(redeemed.id, key="u", now=NOON + DAY)
    assert (care.exchange("ana").rewards, care.exchange("ana").redeemed) == (1, 50)
    assert care.exchange("ana", until=NOON + DAY).rewards == 2


def test_what_was_set_aside_and_taken_is_a_reward_too(care):
    bought(care.loyalty, "T-1", "2000 MXN")
    held = care.loyalty.hold("ana", points=50, key="h", now=NOON)
    assert care.exchange("ana").rewards == 0
    care.loyalty.capture(held.id, key="c", now=NOON)
    assert (care.exchange("ana").rewards, care.exchange("ana").redeemed) == (1, 50)


def test_what_a_duplicate_or_a_prospect_gave_is_the_members(care):
    care.meet("p1", source="fair", now=NOON)
    care.complain("p1", "long wait", key="C", now=NOON)
    care.loyalty.enroll("anita", now=NOON)
    for member, name in (("ana", "T-1"), ("anita", "T-2")):
        bought(care.loyalty, name, "500 MXN", member)
    care.praise("anita", "beto", key="p", now=NOON)
    care.join("p1", "ana", now=NOON + DAY)
    care.loyalty.merge("anita", into="ana", key="m", now=NOON + DAY)
    came_back(care.loyalty, "R-1", "T-2", NOON + 2 * DAY)
    ana = care.exchange("ana")
    assert plain(ana) == ({"MXN": "500.00 MXN"}, {"purchase": 1}, {"purchase": 50})
    assert (ana.praised, ana.complained) == (1, 1)
    assert care.exchange() == ana


def test_the_whole_journal_is_read_once_and_then_what_was_added(care, monkeypatch):
    followed = []
    monkeypatch.setattr(
        Exchanging, "follow", lambda _, entry, real=Exchanging.follow: (followed.append(entry), real(_, entry))
    )
    bought(care.loyalty, "T-1", "500 MXN")
    first = care.exchange()
    lines = len(followed)
    assert care.exchange() == first
    assert len(followed) == lines
    bought(care.loyalty, "T-2", "500 MXN")
    assert care.exchange().spent == {"MXN": money("1000 MXN")}
    assert len(followed) == lines + 2
    assert care.exchange(until=NOON).events == {}
    assert care.exchange() == Care(care.loyalty).exchange()


def test_what_a_host_took_back_is_not_told(care):
    class TakenBackError(Exception):
        pass

    def tried():
        with care.loyalty.journal.transaction():
            bought(care.loyalty, "T-1", "500 MXN")
            assert care.exchange().events == {"purchase": 1}
            raise TakenBackError

    with pytest.raises(TakenBackError):
        tried()
    bought(care.loyalty, "T-2", "300 MXN")
    assert plain(care.exchange()) == ({"MXN": "300.00 MXN"}, {"purchase": 1}, {"purchase": 30})


STEPS = st.lists(st.tuples(st.sampled_from(["buy", "back", "part", "cup", "undo"]), st.integers(0, 3)), max_size=14)


@given(STEPS, st.integers(0, 14))
def test_law_two_parts_of_a_time_sum_to_the_whole(steps, cut):
    loyalty = Loyalty(shop(), journal=JournalInMemory())
    loyalty.enroll("ana", now=NOON)
    care, now, cups = Care(loyalty), NOON, []
    for number, (what, which) in enumerate(steps):
        now += DAY
        try:
            if what == "buy":
                bought(loyalty, f"T-{which}", "600 MXN", at=now)
            elif what in ("back", "part"):
                more = {"amount": "100 MXN"} if what == "part" else {}
                came_back(loyalty, f"R-{number}", f"T-{which}", now, **more)
            elif what == "cup":
                cups.append(loyalty.redeem("ana", "coffee", key=f"c{number}", now=now).id)
            elif cups:
                loyalty.undo(cups.pop(), key=f"u{number}", now=now)
        except (fd.errors.Refused, fd.errors.ValueRefused, fd.errors.EventError):
            continue
    middle = NOON + cut * DAY
    whole, parts = care.exchange("ana"), (care.exchange("ana", until=middle), care.exchange("ana", since=middle))
    assert whole.rewards == sum(each.rewards for each in parts) == len(cups)
    assert whole.redeemed == sum(each.redeemed for each in parts) == 50 * len(cups)
    for kind in ("purchase",):
        assert whole.events.get(kind, 0) == sum(each.events.get(kind, 0) for each in parts) >= 0
        assert whole.points.get(kind, 0) == sum(each.points.get(kind, 0) for each in parts) >= 0
    zero = money("0 MXN")
    assert whole.spent.get("MXN", zero) == sum((each.spent.get("MXN", zero) for each in parts), zero)
    assert care.exchange() == whole
