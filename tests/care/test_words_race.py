"""Two commands with one key and different words at once: one wins, and no words are swapped or lost."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest

from fidelity import AsyncCare, AsyncLoyalty, Care, Loyalty
from fidelity.entries.care import ComplaintOpened
from fidelity.errors import ComplaintOpen, IdempotencyConflict
from fidelity.journals import AsyncSqlJournal, JournalInMemory, SqlJournal
from fidelity.members import MembersInMemory
from tests.care.shop import NOON, shop


class Interrupted(MembersInMemory):
    """People at whose door something else happens before or after the *turn*-th call of a method."""

    def __init__(self, method, turn, *, after):
        super().__init__()
        self.method, self.turn, self.after, self.meanwhile, self.calls = method, turn, after, None, 0

    def _call(self, name, *told):
        real = getattr(super(), name)
        if name != self.method or self.meanwhile is None:
            return real(*told)
        self.calls += 1
        if self.calls != self.turn:
            return real(*told)
        meanwhile, self.meanwhile = self.meanwhile, None
        if not self.after:
            meanwhile()
        found = real(*told)
        if self.after:
            meanwhile()
        return found

    def keep(self, *told):
        return self._call("keep", *told)

    def payloads(self, *told):
        return self._call("payloads", *told)

    def forget(self, *told):
        return self._call("forget", *told)


def complains(care, words, **more):
    return care.complain("ana", "cold soup", words=words, key="C", now=NOON, **more)


def the_words(care):
    """The words that are kept, which the journal stands for."""
    (opened,) = (each for each in care._known(NOON, "ana").of("ana") if isinstance(each, ComplaintOpened))
    kept = care.loyalty.members.payloads("ana")
    assert list(kept) == ["complaint/C"]
    payload = kept["complaint/C"]
    assert sha256(f"{payload['salt']}\n{payload['words']}".encode()).hexdigest() == opened.digest
    return payload["words"]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("method", "turn"), [("payloads", 1), ("keep", 1)])
def test_whoever_is_first_in_the_journal_stands(method, turn, after):
    members = Interrupted(method, turn, after=after)
    care = Care(Loyalty(shop(), journal=JournalInMemory(), members=members))
    members.meanwhile = lambda: complains(care, "of the first")
    with pytest.raises(IdempotencyConflict, match="other words"):
        complains(care, "of the second")
    assert the_words(care) == "of the first"
    assert complains(care, "of the first").repeated


@pytest.mark.parametrize(("method", "turn"), [("keep", 2), ("forget", 1)])
def test_whoever_comes_while_the_first_tidies_up_changes_nothing(method, turn):
    members = Interrupted(method, turn, after=False)
    care, refused = Care(Loyalty(shop(), journal=JournalInMemory(), members=members)), []

    def second():
        with pytest.raises(IdempotencyConflict) as raised:
            complains(care, "of the second")
        refused.append(raised)

    members.meanwhile = second
    assert not complains(care, "of the first").repeated
    assert (len(refused), the_words(care)) == (1, "of the first")


@pytest.mark.parametrize(("method", "turn"), [("payloads", 1), ("keep", 1), ("keep", 2), ("forget", 1)])
def test_the_same_words_at_once_are_one_command(method, turn):
    members = Interrupted(method, turn, after=True)
    care = Care(Loyalty(shop(), journal=JournalInMemory(), members=members))
    members.meanwhile = lambda: complains(care, "of both")
    complains(care, "of both")
    assert the_words(care) == "of both"


@pytest.mark.parametrize(("method", "turn"), [("keep", 1), ("keep", 2), ("forget", 1)])
@pytest.mark.parametrize("after", [False, True])
def test_whoever_is_killed_on_the_way_ends_it_by_a_retry(method, turn, after):
    members = Interrupted(method, turn, after=after)
    care = Care(Loyalty(shop(), journal=JournalInMemory(), members=members))

    def killed():
        raise ConnectionError

    members.meanwhile = killed
    with pytest.raises(ConnectionError):
        complains(care, "of the first")
    complains(care, "of the first")
    assert the_words(care) == "of the first"


def test_a_refusal_leaves_the_words_of_others_alone(care):
    complains(care, "of the first")
    with pytest.raises(ComplaintOpen):
        care.reopen("ana", "C", words="of the second", key="D", now=NOON)
    assert the_words(care) == "of the first"


def test_threads_with_one_key_and_words_of_their_own(tmp_path):
    journal = SqlJournal(f"sqlite:///{tmp_path}/care.db")
    people = MembersInMemory()
    desks = [Care(Loyalty(shop(), journal=journal, members=people)) for _ in range(6)]

    def told(number):
        try:
            return complains(desks[number], f"of {number}").repeated
        except IdempotencyConflict:
            return "refused"

    with ThreadPoolExecutor(6) as pool:
        found = [*pool.map(told, range(6))]
    assert sorted(map(str, found)) == ["False", *["refused"] * 5]
    assert the_words(desks[0]) == f"of {found.index(False)}"
    journal.close()


def test_awaited_it_is_the_same(tmp_path):
    async def tried():
        journal = AsyncSqlJournal(f"sqlite:///{tmp_path}/care.db")
        care = AsyncCare(AsyncLoyalty(shop(), journal))

        async def told(number):
            try:
                return (await complains(care, f"of {number}")).repeated
            except IdempotencyConflict:
                return "refused"

        found = await asyncio.gather(*map(told, range(4)))
        kept = care.loyalty.members.payloads("ana")
        kept = await kept if hasattr(kept, "__await__") else kept
        await journal.close()
        return found, {name: each["words"] for name, each in kept.items()}

    found, kept = asyncio.run(tried())
    assert sorted(map(str, found)) == ["False", *["refused"] * 3]
    assert kept == {"complaint/C": f"of {found.index(False)}"}
