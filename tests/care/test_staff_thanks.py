"""Praise from members and thanks to employees: in public, by name only as they agree, never last ones (principle O5)."""

import asyncio
from datetime import date, timedelta

import pytest

from fidelity import AsyncCare, AsyncLoyalty, AsyncSqlJournal
from fidelity.errors import IdempotencyConflict, NotYourCard, ValueRefused
from tests.care.shop import NOON, local, shop
from tests.scenarios import scenario

DAY = timedelta(days=1)
Q2 = {"start": date(2026, 4, 1), "end": date(2026, 6, 30)}


def test_care_29_whoever_is_first_is_thanked_by_name_as_they_agreed(care):
    expected = scenario("CARE-29")["recognition"]
    care.publish_aspects({"kind greeting": 50, "right answer": 50}, scale=(1, 5), key="a1", now=local("03-20 09:00"))
    for name, greeting, answer in (("Nadia", "4.6", "4.4"), ("Óscar", "4.0", "4.2")):
        scores = {"kind greeting": greeting, "right answer": answer}
        care.issue_card(name, **Q2, scores=scores, key=f"card {name}", now=local("06-30 20:00"))
    care.let_name("Nadia", agreed=True, key="yes", now=local("06-30 20:00"))
    (first,) = care.period_scores(**Q2, at=local("07-01 09:00")).first()
    given = care.recognize(first, "first", **Q2, public=True, key="thanks", now=local("07-01 09:00"))
    assert {"to": given.employee, "public": given.public, "named": given.named} == expected
    (public,) = care.public_thanks(**Q2, at=local("07-01 09:00"))
    assert public.employee == "Nadia"
    assert "Óscar" not in public.explain(name="Nadia")


def test_a_name_is_public_only_while_its_owner_agrees(care):
    care.recognize("nadia", "kind greeting", **Q2, public=True, reward="day off", key="t1", now=local("07-01 09:00"))
    care.recognize("oscar", "right answer", **Q2, public=False, key="t2", now=local("07-01 09:00"))
    care.let_name("nadia", agreed=True, key="yes", now=local("07-02 09:00"))
    care.let_name("nadia", agreed=False, key="no", now=local("07-03 09:00"))
    shown = [
        [(each.reason, each.employee) for each in care.public_thanks(**Q2, at=local(f"07-0{day} 09:00"))]
        for day in (1, 2, 3)
    ]
    assert shown == [[("kind greeting", "")], [("kind greeting", "nadia")], [("kind greeting", "")]]
    assert care.public_thanks(date(2026, 7, 1), date(2026, 9, 30)) == ()
    assert [each.reward for each in care.thanks("nadia").given] == ["day off"]
    assert [each.public for each in care.thanks("oscar").given] == [False]


def test_praise_reaches_the_employee_and_its_words_live_with_members(care):
    before = care.loyalty.balance("ana", at=NOON).available
    told = care.praise("ana", "nadia", words="she found my bag", touchpoint="desk", key="p1", now=NOON)
    assert care.praise("ana", "nadia", words="she found my bag", touchpoint="desk", key="p1", now=NOON) == told
    care.praise("ana", "nadia", key="p2", now=NOON + DAY)
    care.praise("visitor", "oscar", touchpoint="desk", key="p3", now=NOON + DAY)
    assert [each.id for each in care.praises("nadia")] == ["p1", "p2"]
    assert care.praises("nadia", at=NOON)[0].touchpoint == "desk"
    assert care.loyalty.balance("ana", at=NOON + DAY).available == before
    assert care.loyalty.members.payloads("ana")["praise/p1"]["words"] == "she found my bag"
    assert not any("bag" in repr(line) for line in care.loyalty.journal.read("Esquina"))
    report = care.praise_report(at=NOON + DAY)
    assert report.by_employee == {"nadia": 1, "oscar": 1}
    assert report.by_touchpoint == {"desk": 2}
    assert report.columns()["employee"] == ["nadia", "nadia", "oscar"]
    assert [each.id for each in care.praise_report(since=NOON + DAY, at=NOON + DAY).praises] == ["p2", "p3"]
    with pytest.raises(IdempotencyConflict, match="other words"):
        care.praise("ana", "nadia", words="no", key="p1", now=NOON)


def test_whoever_serves_few_is_compared_fairly(care):
    for number in range(30):
        care.praise(f"m{number}", "nadia", key=f"n{number}", now=NOON)
    care.praise("m1", "luis", key="l", now=NOON)
    found = care.praise_report(at=NOON).fair({"nadia": 300, "luis": 4, "oscar": 200})
    assert (found.first(), found.hidden, list(found)) == (("nadia",), ("luis",), ["nadia", "oscar"])


def test_what_the_employee_and_all_are_told(care):
    first = care.recognize("nadia", "kind greeting", **Q2, key="t1", now=local("07-01 09:00"))
    assert first.explain() == "Thank you for your work from 1 April 2026 to 30 June 2026: “kind greeting”."
    second = care.recognize(
        "nadia", "kind greeting", **Q2, public=True, reward="day off", key="t2", now=local("07-01 09:00")
    )
    assert second.explain("es-MX") == (
        "Gracias por tu trabajo del 1 de abril de 2026 al 30 de junio de 2026: «kind greeting». Además recibes: "
        "«day off». Lo decimos en público, sin tu nombre."
    )
    (public,) = care.public_thanks(**Q2, at=local("07-01 09:00"))
    assert public.explain("en", name="Nadia") == (
        "Thank you to one of us, for “kind greeting”, from 1 April 2026 to 30 June 2026."
    )
    care.let_name("nadia", agreed=True, key="yes", now=local("07-01 10:00"))
    (public,) = care.public_thanks(**Q2, at=local("07-01 10:00"))
    assert public.explain("es", name="Nadia") == (
        "Gracias, Nadia, por «kind greeting», del 1 de abril de 2026 al 30 de junio de 2026."
    )
    assert care.praise("ana", "nadia", key="p", now=local("07-01 10:00")).explain() == (
        "Thank you. We pass it on to whom it is for."
    )


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"employee": ""}, "employee"),
        ({"reason": "she was kind to everybody"}, "code of one to three words"),
        ({"reward": "a day off whenever she likes"}, "code of one to three words"),
        ({"start": date(2026, 7, 1)}, "ends before it begins"),
        ({"end": "2026-06-30"}, "a day"),
        ({"public": "yes"}, "True or False"),
        ({"key": " "}, "key"),
    ],
)
def test_thanks_that_cannot_be_leave_no_trace(care, wrong, says):
    told = {"employee": "nadia", "reason": "kind greeting", "key": "k", "now": NOON, **Q2, **wrong}
    before = len(care.loyalty.journal.read("Esquina"))
    with pytest.raises(ValueRefused, match=says):
        care.recognize(told.pop("employee"), told.pop("reason"), **told)
    with pytest.raises(ValueRefused, match="True or False"):
        care.let_name("nadia", agreed=1, key="k", now=NOON)
    with pytest.raises(ValueRefused, match="touchpoint"):
        care.praise("ana", "nadia", words="kind", touchpoint="at the desk by the door", key="k", now=NOON)
    assert care.loyalty.members.payloads("ana") == {}
    assert len(care.loyalty.journal.read("Esquina")) == before


def test_awaited_it_is_the_same(tmp_path):
    async def told():
        journal = AsyncSqlJournal(f"sqlite:///{tmp_path}/care.db")
        care = AsyncCare(AsyncLoyalty(shop(), journal))
        await care.praise("ana", "nadia", words="kind", key="p", now=NOON)
        await care.let_name("nadia", agreed=True, key="yes", now=NOON)
        await care.recognize("nadia", "kind greeting", **Q2, public=True, key="t", now=NOON)
        thanks = await care.thanks("nadia", at=NOON)
        public = await care.public_thanks(**Q2, at=NOON)
        report = await care.praise_report(at=NOON)
        praises = await care.praises("nadia", at=NOON)
        await journal.close()
        return thanks.may_be_named(NOON), public[0].employee, report.by_employee, len(praises)

    assert asyncio.run(told()) == (True, "nadia", {"nadia": 1}, 1)


# --- Praise, handed to whom it is for -----------------------------------------------------------------------------------


def test_praise_is_read_by_whom_it_is_for_and_by_nobody_else(care):
    care.praise("ana", "beto", words="so kind", touchpoint="bar", key="p1", now=NOON)
    care.praise("ana", "beto", key="p2", now=NOON)
    own = care.own_praise("beto", viewer="beto", at=NOON)
    assert [(each.id, each.words, each.touchpoint, each.employee) for each in own] == [
        ("p1", "so kind", "bar", "beto"), ("p2", "", "", "beto"),
    ]  # fmt: skip
    assert not any("ana" in repr(each) for each in own)
    with pytest.raises(NotYourCard, match="their own"):
        care.own_praise("beto", viewer="lucia", at=NOON)
    care.loyalty.erase("ana")
    assert [each.words for each in care.own_praise("beto", viewer="beto", at=NOON)] == ["", ""]


def test_praise_is_published_only_while_the_member_consents_and_names_only_who_agrees(care):
    care.praise("ana", "beto", words="so kind", key="p1", now=NOON)
    care.praise("ana", "beto", key="p2", now=NOON)
    assert care.published_praise(at=NOON) == ()
    care.consent("ana", "publication", key="c", now=NOON)
    assert [(each.words, each.employee) for each in care.published_praise(at=NOON)] == [("so kind", "")]
    care.let_name("beto", agreed=True, key="n", now=NOON)
    assert [each.employee for each in care.published_praise(at=NOON)] == ["beto"]
    later = NOON + timedelta(hours=1)
    care.loyalty.enroll("eva", now=NOON)
    care.loyalty.merge("ana", into="eva", key="m", now=NOON)
    assert [each.words for each in care.published_praise(at=NOON)] == ["so kind"]
    care.withdraw("eva", "publication", key="w", now=later)
    assert care.published_praise(at=later) == ()
    assert care.published_praise(since=later, at=later) == ()


def test_praise_can_be_read_and_published_awaited(tmp_path):
    async def told():
        journal = AsyncSqlJournal(f"sqlite+aiosqlite:///{tmp_path}/praise.db")
        care = AsyncCare(AsyncLoyalty(shop(), journal))
        await care.praise("ana", "beto", words="so kind", key="p", now=NOON)
        await care.consent("ana", "publication", key="c", now=NOON)
        own, all_read = await care.own_praise("beto", viewer="beto", at=NOON), await care.published_praise(at=NOON)
        await journal.close()
        return own[0].words, all_read[0].words, all_read[0].employee

    assert asyncio.run(told()) == ("so kind", "so kind", "")
