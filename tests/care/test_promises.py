"""Promises made, kept, late, broken and repaired (principle X4)."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fidelity as fd
from fidelity import AsyncCare, AsyncLoyalty, AsyncSqlJournal, Care, CarePolicy, Loyalty
from fidelity.care.promises import Promise, PromisePolicy, PromiseState, StatePromise
from fidelity.errors import (
    IdempotencyConflict,
    OutOfTime,
    PromiseOver,
    TimeError,
    UnknownMember,
    UnknownPromise,
    ValueRefused,
)
from fidelity.metrics import promise_keeping
from tests.care.shop import NOON, local, shop
from tests.scenarios import scenario

DAY = timedelta(days=1)


def supplier(care):
    """What the packaging supplier of CARE-23 did until 19 April, and what was reported then."""
    for name, area, due in (
        ("P1", "warehouse", "04-10 18:00"),
        ("P2", "transport", "04-12 18:00"),
        ("P3", "warehouse", "04-15 18:00"),
        ("P4", "transport", "04-30 18:00"),
        ("P5", "transport", "04-18 18:00"),
    ):
        care.promise("ana", "goods", due=local(due), area=area, key=name, now=local("04-01 10:00"))
    care.keep_promise("ana", "P1", now=local("04-10 17:20"))
    care.keep_promise("ana", "P2", now=local("04-13 09:00"))
    care.cancel_promise("ana", "P5", now=local("04-16 10:00"))
    care.promise(
        "ana", "goods", due=local("04-20 18:00"), area="transport", repairs="P3", key="R3", now=local("04-17 18:00")
    )


def spelled(states):
    return {name: str(state) for name, state in states.items()}


def test_care_23_a_promise_broken_then_repaired_late(care):
    expected = scenario("CARE-23")
    supplier(care)
    then, asked = expected["2026-04-19 12:00"], local("04-19 12:00")
    early = care.promise_report(at=asked)
    assert spelled(early.states) == then["states"]
    assert (early.overall.counted, early.overall.kept) == (then["counted"], then["kept"])
    assert float(early.overall.rate_percent) == then["rate_percent"]
    made_good = care.keep_promise("ana", "R3", now=local("04-22 11:00"))
    assert made_good.made_good == "P3"
    care.keep_promise("ana", "P4", now=local("04-30 16:00"))
    then, late = expected["2026-04-30 23:59"], care.promise_report(at=local("04-30 23:59"))
    assert spelled(late.states) == then["states"]
    assert (late.overall.counted, late.overall.kept) == (then["counted"], then["kept"])
    assert float(late.overall.rate_percent) == then["rate_percent"]
    for area, rate in then["by_area"].items():
        found = late.by_area[area]
        assert (found.counted, found.kept, float(found.rate_percent)) == (
            *list(rate.values())[:2],
            rate["rate_percent"],
        )
    assert {name: int(hours) for name, hours in late.hours_late.items()} == expected["hours_late"]
    assert (late.states["P3"] is PromiseState.KEPT) == expected["P3_ever_counted_as_kept"]
    assert (care.promise_report(at=asked) == early) == expected["report_of_2026-04-19_unchanged_afterwards"]


def test_the_columns_of_a_report_give_the_same_rate_as_metrics(care):
    supplier(care)
    report = care.promise_report(at=local("04-19 12:00"))
    columns = report.columns()
    found = promise_keeping(columns["due"], columns["kept"], until="2026-04-19T18:00:00")
    assert (found.n, round(found.value, 1)) == (report.overall.counted, float(report.overall.rate_percent))


def test_amends_come_by_themselves_once_a_promise_is_broken(care):
    care.promise("ana", "call back", due=NOON + DAY, key="call", amends=70, now=NOON)
    assert care.settle(NOON + 3 * DAY).broken == ()
    (given,) = care.settle(NOON + 3 * DAY + timedelta(seconds=1)).broken
    assert (given.points, given.state) == (70, "broken")
    assert care.settle(NOON + 9 * DAY).broken == ()
    assert care.loyalty.balance("ana", at=NOON + 9 * DAY).available == 70
    assert care.keep_promise("ana", "call", now=NOON + 10 * DAY).state == "repaired"


def test_asked_again_it_is_the_same_promise(care):
    first = care.promise("ana", "call back", due=NOON + DAY, key="call", now=NOON)
    again = care.promise("ana", "call back", due=NOON + DAY, key="call", now=NOON + timedelta(hours=1))
    assert again == first
    assert (first.repeated, again.repeated) == (False, True)
    assert len(care.promises("ana")) == 1
    with pytest.raises(IdempotencyConflict, match="something else"):
        care.promise("ana", "send a letter", due=NOON + DAY, key="call", now=NOON)


def test_a_key_serves_one_command_whatever_its_kind(care):
    care.loyalty.goodwill("ana", points=5, reason="late", key="K", now=NOON)
    with pytest.raises(IdempotencyConflict):
        care.promise("ana", "call back", due=NOON + DAY, key="K", now=NOON)
    care.promise("ana", "call back", due=NOON + DAY, key="L", now=NOON)
    with pytest.raises(IdempotencyConflict):
        care.loyalty.goodwill("ana", points=5, reason="late", key="L", now=NOON)


def test_prospects_are_promised_things_too(care):
    care.promise("visitor", "brochure", due=NOON + DAY, key="b", now=NOON)
    assert care.keep_promise("visitor", "b", now=NOON + DAY).state == "kept"
    with pytest.raises(UnknownMember):
        care.promise("visitor", "brochure", due=NOON + 2 * DAY, key="c", amends=5, now=NOON + DAY)


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        ({"due": NOON}, OutOfTime, "past"),
        ({"due": datetime(2027, 1, 1)}, TimeError, "zone"),  # noqa: DTZ001  # what is refused
        ({"code": "we will call her back soon"}, ValueRefused, "code of one to three words"),
        ({"repairs": "nothing"}, UnknownPromise, "state it first"),
        ({"amends": -1}, ValueRefused, "amends"),
        ({"late": timedelta(-1)}, ValueRefused, "late"),
        ({"member": " "}, ValueRefused, "member"),
        ({"key": ""}, ValueRefused, "key"),
    ],
)
def test_what_cannot_be_promised_leaves_no_trace(care, wrong, error, says):
    told = {"member": "ana", "code": "call back", "due": NOON + DAY, "key": "p", "now": NOON, **wrong}
    with pytest.raises(error, match=says):
        care.promise(told.pop("member"), told.pop("code"), **told)
    assert len(care.promises("ana")) == 0


def test_what_is_over_is_over(care):
    care.promise("ana", "call back", due=NOON + DAY, key="p", now=NOON)
    with pytest.raises(OutOfTime, match="after"):
        care.keep_promise("ana", "p", at=NOON + DAY, now=NOON)
    with pytest.raises(PromiseOver, match="only before"):
        care.cancel_promise("ana", "p", now=NOON + DAY + timedelta(seconds=1))
    care.keep_promise("ana", "p", now=NOON + 2 * DAY)
    with pytest.raises(PromiseOver, match="late since"):
        care.keep_promise("ana", "p", key="again", now=NOON + 2 * DAY)
    with pytest.raises(UnknownPromise, match="there are p"):
        care.keep_promise("ana", "elsewhere", now=NOON + 2 * DAY)


def test_each_says_to_the_member_what_it_means(care):
    care.promise("ana", "call back", due=NOON + DAY, key="p", amends=20, now=NOON)
    (given,) = care.settle(NOON + 4 * DAY).broken
    assert given.explain() == (
        "We promised you “call back” by 6 January 2026, 12:00 (Mexico City time), and did not do it. We apologize. "
        "You have 20 points from us to make up for it."
    )
    assert given.explain("es-MX").startswith("Te prometimos «call back» a más tardar el 6 de enero de 2026")


@given(
    due=st.integers(0, 100), grace=st.integers(0, 50), done=st.none() | st.integers(0, 200), asked=st.integers(0, 250)
)
def test_a_promise_is_in_one_state_and_a_broken_one_is_never_kept(due, grace, done, asked):
    hour = timedelta(hours=1)
    end = NOON + due * hour
    fields = {"id": "p", "member": "a", "code": "c", "stated": NOON, "due": end, "broken_at": end + grace * hour}
    when = None if done is None else NOON + done * hour
    late = when is not None and when > end + grace * hour
    promise = Promise(**fields, **({"repaired": when} if late else {"fulfilled": when}))
    state = promise.state(NOON + asked * hour)
    in_time = done is not None and done <= min(asked, due)
    assert (state is PromiseState.KEPT) == in_time
    if asked > due + grace and not in_time:
        assert state in {PromiseState.BROKEN, PromiseState.LATE, PromiseState.REPAIRED}
        assert promise.counts(NOON + asked * hour)


def test_the_policy_says_when_a_promise_is_broken():
    loyalty = Loyalty(shop())
    care = Care(loyalty, CarePolicy(promises=PromisePolicy(late=timedelta(0))))
    care.promise("visitor", "call back", due=NOON + DAY, key="p", now=NOON)
    assert care.promise_report(at=NOON + DAY + timedelta(seconds=1)).states["p"] is PromiseState.BROKEN
    assert care.promise_report(at=NOON).overall.rate_percent is None
    with pytest.raises(ValueRefused, match="late"):
        PromisePolicy(late=48)


def test_the_door_takes_commands_of_care_only(care):
    with pytest.raises(ValueRefused, match=r"loyalty\.execute"):
        care.execute("promise")
    with pytest.raises(ValueRefused, match="books of a program"):
        Care("books")
    command = StatePromise(member="ana", code="call back", due=NOON + DAY, key="p", now=NOON)
    assert care.execute(command).promise == "p"


def test_awaited_it_is_the_same(tmp_path):
    async def told():
        journal = AsyncSqlJournal(f"sqlite:///{tmp_path}/care.db")
        loyalty = AsyncLoyalty(shop(), journal)
        await loyalty.enroll("ana", now=NOON)
        care = AsyncCare(loyalty)
        await care.promise("ana", "call back", due=NOON + DAY, key="p", amends=5, now=NOON)
        await care.promise("ana", "letter", due=NOON + DAY, key="q", now=NOON)
        kept = await care.keep_promise("ana", "q", now=NOON)
        settled = await care.settle(NOON + 5 * DAY)
        report = await care.promise_report(at=NOON + 5 * DAY)
        balance = await loyalty.balance("ana", at=NOON + 5 * DAY)
        await journal.close()
        return kept.state, settled.broken[0].points, report.overall.rate_percent, balance.available

    assert asyncio.run(told()) == ("kept", 5, Decimal("50.0"), 5)


def test_the_books_still_verify(care):
    care.promise("ana", "call back", due=NOON + DAY, key="p", amends=5, now=NOON)
    care.settle(datetime(2026, 3, 1, tzinfo=UTC))
    assert care.loyalty.verify().sound


def test_a_published_reward_that_runs_out_is_a_broken_promise(journal):  # SEMANTICS D24
    program = fd.Program(
        "Mugs", version="1", currency="MXN", timezone="America/Mexico_City", expiry="never",
        earn=[fd.EarnRule("base", fd.points(1, per="10 MXN"))], rewards=[fd.Reward("mug", cost=10, stock=1)],
    )  # fmt: skip
    loyalty = Loyalty(program, journal=journal)
    loyalty.enroll("ana", now=NOON)
    loyalty.goodwill("ana", points=50, reason="welcome", key="g", now=NOON)
    care = Care(loyalty)
    assert care.promise_report(at=NOON).promises == ()
    loyalty.redeem("ana", "mug", key="1", now=NOON + DAY)
    gone = care.promise_report(at=NOON + 2 * DAY)
    assert spelled(gone.states) == {"stock/mug/1": "broken"}
    assert (gone.by_area["program"].counted, gone.by_area["program"].kept) == (1, 0)
    loyalty.restock("mug", 1, key="more", now=NOON + 3 * DAY)
    assert spelled(care.promise_report(at=NOON + 4 * DAY).states) == {"stock/mug/1": "repaired"}
    loyalty.redeem("ana", "mug", key="2", now=NOON + 5 * DAY)
    assert spelled(care.promise_report(at=NOON + 6 * DAY).states) == {
        "stock/mug/1": "repaired",
        "stock/mug/2": "broken",
    }
    assert care.promise_report(at=NOON + 2 * DAY) == gone


# --- Promises and staying -----------------------------------------------------------------------------------------------


def test_what_became_of_promises_stands_beside_who_bought_again(care):
    since = NOON + timedelta(days=10)
    for name, days in (("eva", 1), ("ivo", 9), ("leo", 30)):
        care.loyalty.enroll(name, now=NOON)
        care.promise(name, "call back", due=NOON + timedelta(days=1), key=name, now=NOON)
        care.promise(name, "letter", due=NOON + timedelta(days=99), key=f"{name} later", now=NOON)
        care.keep_promise(name, name, now=NOON + timedelta(days=days))
    for name, days in (("eva", 20), ("ivo", 5), ("leo", 40)):
        at = NOON + timedelta(days=days)
        care.loyalty.record(fd.Purchase(name, member=name, amount="50 MXN", at=at), now=at)
    found = care.promised_and_stayed(since, at=NOON + timedelta(days=50))
    assert dict(zip(found["outcomes"], found["stayed"], strict=True)) == {
        "kept": True, "repaired": False, "broken": True,
    }  # fmt: skip
    assert care.promised_and_stayed(since, at=NOON + timedelta(days=15))["stayed"] == [False] * 3
    assert care.promised_and_stayed(NOON)["outcomes"] == []
