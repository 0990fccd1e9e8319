"""Many threads and many tasks in one process, with a desk for all of them or a desk for each."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from contextlib import nullcontext, suppress

import pytest

from fidelity.entries.chain import genesis, link
from fidelity.errors import NotEnoughPoints, Refused, StaleStream
from fidelity.journals import JournalInMemory, SqlJournal
from fidelity.journals.aio import AsyncSqlJournal
from fidelity.ledger.receipts import Receipt
from fidelity.loyalty import Loyalty
from fidelity.loyalty.awaited import AsyncLoyalty
from fidelity.loyalty.versions import Versions
from tests.concurrency.jobs import cafe
from tests.loyalty.aurora import NOON, bought, joined, sale
from tests.loyalty.faults import AsyncFaulty, Plan


class Optimistic(JournalInMemory):
    """A store without locks: between what a writer loads and what it appends others may write."""

    def transaction(self):
        return super().transaction() if self._open else nullcontext()

    def append(self, batch):
        with super().transaction():
            return super().append(batch)


@pytest.fixture(params=["memory", "optimistic", "sqlite", "postgresql"])
def store(request, tmp_path):
    """Any journal that threads share."""
    if request.param in ("memory", "optimistic"):
        yield JournalInMemory() if request.param == "memory" else Optimistic()
        return
    url = f"sqlite:///{tmp_path}/cafe.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    made = SqlJournal(url)
    yield made
    made.close()


def in_threads(work, names):
    """Whatever goes wrong in a thread that does *work* with one of *names*, all at once."""
    start, failures = threading.Barrier(len(names)), []

    def begin(name):
        start.wait()
        try:
            work(name)
        except Exception as error:  # noqa: BLE001  # told to the test
            failures.append(error)

    threads = [threading.Thread(target=begin, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


@pytest.mark.parametrize("desks", ["one desk", "a desk each"])
def test_threads_never_spend_a_point_twice(store, desks):
    """1,000 points, 7 at a time, four threads: 142 times, however they meet."""
    shared = Loyalty(cafe(), journal=store)
    shared.execute([*joined("ana"), bought("T-1", "1000.00 EUR")])
    before = store.load("Café Aurora", ["points/ana"])["points/ana"].version
    outcomes = []

    def spend(name):
        desk = shared if desks == "one desk" else Loyalty(cafe(), journal=store)
        for n in range(40):
            try:
                outcomes.append(desk.hold("ana", points=7, key=f"{name}/{n}", now=NOON))
            except NotEnoughPoints as refusal:
                outcomes.append(refusal)

    failures = in_threads(spend, "abcd")

    # An optimistic store may wear a writer out, but only with an error that says so.
    assert all(isinstance(store, Optimistic) and isinstance(failure, StaleStream) for failure in failures)
    spent = sum(isinstance(each, Receipt) for each in outcomes)
    account = Loyalty(cafe(), journal=store).account("ana", at=NOON)
    account.check()
    assert account.balance(NOON).available == 1_000 - 7 * spent
    assert store.load("Café Aurora", ["points/ana"])["points/ana"].version == before + spent
    assert shared.balance("ana", at=NOON).available == account.balance(NOON).available
    assert failures or spent == 142


@pytest.mark.parametrize("desks", ["one desk", "a desk each"])
def test_threads_that_publish_enroll_and_buy_at_once_lose_nothing(store, desks):
    shared = Loyalty(cafe(), journal=store)

    def buy(name):
        desk = shared if desks == "one desk" else Loyalty(cafe(), journal=store)
        for n in range(10):
            desk.enroll(f"m{n}", now=NOON)
            desk.record(sale(f"{name}/{n}", "5.00 EUR", member=f"m{n}"), now=NOON)
            desk.record(sale(f"all/{n}", "7.00 EUR", member=f"m{n}"), now=NOON)

    failures = in_threads(buy, "abcd")

    assert all(isinstance(store, Optimistic) and isinstance(failure, StaleStream) for failure in failures)
    fresh = Loyalty(cafe(), journal=store)
    assert fresh.verify().sound
    if not failures:
        assert {fresh.balance(f"m{n}", at=NOON).available for n in range(10)} == {4 * 5 + 7}
        assert {shared.balance(f"m{n}", at=NOON).available for n in range(10)} == {4 * 5 + 7}


def test_the_place_of_a_new_version_and_the_link_before_it_never_come_apart():
    """Another thread may publish at any moment: here in the middle of what this one learns."""
    store = JournalInMemory()
    Loyalty(cafe("1"), journal=store).enroll("ana", now=NOON)
    name = "program/Café Aurora"
    found, versions, written = store.load("Café Aurora", [name])[name], Versions(cafe("2")), []

    class Interrupted:
        lines, version = found.lines, found.version

        @property
        def link(self):
            written.append(versions.publication(NOON))
            return found.link

    versions.learn(Interrupted())
    written.append(versions.publication(NOON))

    before = {0: genesis("Café Aurora", name), 1: found.link}
    for write in written:
        assert write.lines[0].link == link(before[write.expected], write.lines[0].body)
    assert [write.expected for write in written] == [0, 1]


# ── tasks ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def awaited(database, work):
    """What *work* comes to, with an awaited journal on *database*."""

    async def begin():
        journal = AsyncSqlJournal(database)
        try:
            return await work(journal)
        finally:
            await journal.close()

    return asyncio.run(begin())


async def tried(asked):
    try:
        return await asked
    except Refused as refusal:
        return refusal.code


@pytest.mark.parametrize("desks", ["one desk", "a desk each"])
def test_tasks_never_spend_a_point_twice(database, loyalty, sound, desks):
    loyalty.execute([*joined("ana"), bought("T-1", "1000.00 EUR")])
    _, before, _ = sound()

    async def spend(journal):
        shared = AsyncLoyalty(cafe(), journal)

        async def one(name):
            desk = shared if desks == "one desk" else AsyncLoyalty(cafe(), journal)
            return [await tried(desk.hold("ana", points=7, key=f"{name}/{n}", now=NOON)) for n in range(20)]

        return await asyncio.gather(*(one(name) for name in "abcdefgh"))

    outcomes = [each for task in awaited(database, spend) for each in task]

    spent = [each for each in outcomes if isinstance(each, Receipt)]
    assert Counter(each for each in outcomes if isinstance(each, str)) == {"not enough points": 18}
    accounts, heads, _ = sound()
    assert (len(spent), accounts["ana"].balance(NOON).available) == (142, 6)
    assert heads["points/ana"] == before["points/ana"] + len(spent)


def test_tasks_that_ask_for_the_same_under_the_same_key_are_told_the_same(database, loyalty, sound):
    loyalty.execute([*joined("ana", "eva"), bought("T-1", "100.00 EUR")])

    async def ask(journal):
        desk = AsyncLoyalty(cafe(), journal)
        gifts = (tried(desk.transfer("ana", to="eva", points=100, key="k", now=NOON)) for _ in range(20))
        return await asyncio.gather(*gifts)

    answers = awaited(database, ask)

    assert Counter(answer.repeated for answer in answers) == {False: 1, True: 19}
    assert all(answer == answers[0] for answer in answers)
    accounts, _, _ = sound()
    assert [accounts[member].balance(NOON).available for member in ("ana", "eva")] == [0, 100]


def test_a_task_that_is_cancelled_leaves_a_whole_command_or_nothing(database, loyalty, sound):
    """A web server cancels whatever its visitor does not wait for any more."""
    loyalty.execute([*joined("ana", "eva"), bought("T-1", "1000.00 EUR")])
    times = 60

    async def give(journal):
        desk = AsyncLoyalty(cafe(), journal)
        cancelled = 0
        for n in range(times):
            gift = asyncio.create_task(desk.transfer("ana", to="eva", points=3, key=f"k{n}", now=NOON))
            # At every step that it takes, one after the other.
            await asyncio.sleep((n % 30) * 0.0003)
            gift.cancel()
            try:
                await gift
            except asyncio.CancelledError:
                cancelled += 1
        again = [await desk.transfer("ana", to="eva", points=3, key=f"k{n}", now=NOON) for n in range(times)]
        return cancelled, again

    cancelled, again = awaited(database, give)

    assert cancelled
    accounts, _, keys = sound()
    assert accounts["eva"].balance(NOON).available == 3 * times
    assert keys == 3 + times
    assert len(again) == times


class Cancelling(Plan):
    """At one call of the journal, whoever waits for it waits no more."""

    def _fail(self, place, when):
        if (place, when) == (self.at, self.when):
            self.hit = self.calls[place]
            asyncio.current_task().cancel()


def test_a_task_is_cancelled_at_each_call_of_the_journal_and_the_next_one_finds_it_in_order(database, loyalty, sound):
    loyalty.execute([*joined("ana", "eva"), bought("T-1", "1000.00 EUR")])

    async def give(journal):
        async def one(plan):
            desk = AsyncLoyalty(cafe(), AsyncFaulty(journal, plan))
            key = f"{plan.at} {plan.when}"
            gift = asyncio.create_task(desk.transfer("ana", to="eva", points=3, key=key, now=NOON))
            with suppress(asyncio.CancelledError):
                await gift
            again = await desk.transfer("ana", to="eva", points=3, key=key, now=NOON)
            return plan.hit, gift.cancelled(), again.repeated

        plan = Plan()
        await AsyncLoyalty(cafe(), AsyncFaulty(journal, plan)).transfer("ana", to="eva", points=3, key="k", now=NOON)
        places = [(place, when) for place in range(len(plan.calls)) for when in ("before", "after")]
        return plan.calls, [await one(Cancelling(*each)) for each in places]

    calls, told = awaited(database, give)

    assert [hit for hit, _, _ in told] == [call for call in calls for _ in range(2)]
    assert all(cancelled for _, cancelled, _ in told)
    # Written, if it was cancelled after the commit; and not written at first, if before.
    assert [repeated for _, _, repeated in told][:2] == [False, False]
    assert told[-1][2]
    accounts, _, keys = sound()
    assert accounts["eva"].balance(NOON).available == 3 * (1 + len(told))
    assert keys == 3 + 1 + len(told)
