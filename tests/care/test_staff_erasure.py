"""An employee is forgotten: their words and the words about them go, the numbers stay."""

import asyncio
from datetime import date, timedelta

from fidelity import AsyncCare, AsyncLoyalty, Member
from fidelity.journals import AsyncSqlJournal
from tests.care.shop import NOON, shop

DAY = timedelta(days=1)
CANARY = "Canario"
APRIL = {"start": date(2026, 1, 10), "end": date(2026, 1, 20)}


def worked(care):
    """Beto was praised under three ids of a member, has a card that he contests, and is thanked by name."""
    care.loyalty.enroll("anita", now=NOON)
    care.meet("p1", source="fair", now=NOON)
    for who in ("ana", "anita", "p1"):
        care.praise(who, "beto", words=f"{CANARY} found my bag", key=f"p {who}", now=NOON)
    care.praise("ana", "nadia", words="she smiled", key="p nadia", now=NOON)
    care.complain("ana", "cold soup", words="the soup was cold", key="C", now=NOON)
    care.loyalty.members.save(Member("staff/beto", name=CANARY))
    care.publish_aspects({"kind greeting": 1}, scale=(1, 5), key="a", now=NOON)
    later = NOON + 20 * DAY
    care.issue_card("beto", scores={"kind greeting": "4"}, answers={"kind greeting": 9}, key="c", **APRIL, now=later)
    care.contest_card("beto", "c", "kind greeting", words=f"I, {CANARY}, was on leave", now=later)
    care.let_name("beto", agreed=True, key="yes", now=later)
    care.recognize("beto", "kind greeting", public=True, key="r", **APRIL, now=later)
    return later


def kept(care):
    members = care.loyalty.members
    ids = ("ana", "anita", "p1", "staff/beto")
    return {each: sorted(members.payloads(each)) for each in ids}, repr([members.get(each) for each in ids])


def test_the_words_go_and_the_numbers_stay(care):
    later = worked(care)
    care.erase_employee("beto", now=later)
    words, people = kept(care)
    assert words == {"ana": ["complaint/C", "praise/p nadia"], "anita": [], "p1": [], "staff/beto": []}
    assert CANARY not in people
    assert len(care.praises("beto", at=later)) == 3
    assert care.praise_report(at=later).by_employee == {"beto": 3, "nadia": 1}
    (card,) = care.score_cards("beto", viewer="beto", at=later).values()
    assert card.id == "c"
    (thanks,) = care.public_thanks(*APRIL.values(), at=later)
    assert (thanks.reason, thanks.employee) == ("kind greeting", "")
    care.erase_employee("beto", now=later)
    assert care.loyalty.verify().sound


def test_words_that_came_along_with_somebody_who_joined_go_too(care):
    later = worked(care)
    care.join("p1", "ana", now=later)
    care.loyalty.merge("anita", into="ana", key="m", now=later)
    assert "praise/p p1" in kept(care)[0]["ana"]
    care.erase_employee("beto", now=later)
    assert kept(care)[0] == {"ana": ["complaint/C", "praise/p nadia"], "anita": [], "p1": [], "staff/beto": []}


def test_somebody_who_was_never_heard_of_is_erased_without_a_trace(care):
    care.erase_employee("nobody", now=NOON)
    assert care.thanks("nobody", at=NOON).given == ()


def test_whoever_agrees_again_is_named_again_until_erased_again(care):
    for day in (0, 2):
        care.let_name("beto", agreed=True, key=f"yes {day}", now=NOON + day * DAY)
        assert care.thanks("beto", at=NOON + day * DAY).may_be_named(NOON + day * DAY)
        care.erase_employee("beto", now=NOON + (day + 1) * DAY)
        assert not care.thanks("beto", at=NOON + (day + 1) * DAY).may_be_named(NOON + (day + 1) * DAY)


def test_awaited_it_is_the_same(tmp_path):
    async def tried():
        journal = AsyncSqlJournal(f"sqlite:///{tmp_path}/care.db")
        care = AsyncCare(AsyncLoyalty(shop(), journal))
        await care.praise("ana", "beto", words=f"{CANARY} found my bag", key="p", now=NOON)
        await care.let_name("beto", agreed=True, key="yes", now=NOON)
        await care.erase_employee("beto", now=NOON)
        kept = care.loyalty.members.payloads("ana")
        kept = await kept if hasattr(kept, "__await__") else kept
        found = kept, len(await care.praises("beto", at=NOON)), (await care.thanks("beto", at=NOON)).may_be_named(NOON)
        await journal.close()
        return found

    assert asyncio.run(tried()) == ({}, 1, False)
