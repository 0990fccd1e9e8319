"""Personal data lives with the members alone: it can be shown whole, and erased while the books stand (D19, G18)."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.errors import UnknownMember
from fidelity.journals import JournalInMemory, SqlMembers
from fidelity.loyalty import Loyalty
from fidelity.members import Member, MembersInMemory
from tests.loyalty.aurora import DAY, NOON, aurora, bought, joined, sale

ANA = Member("ana", name="Ana López", language="es-MX", birth_date=date(1990, 2, 28), fields={"city": "Puebla"})


@pytest.fixture(params=["memory", "sqlite"])
def people(request, tmp_path):
    if request.param == "memory":
        yield MembersInMemory()
        return
    made = SqlMembers(f"sqlite:///{tmp_path}/people.db")
    yield made
    made.close()


@pytest.fixture
def desk(journal, people):
    made = Loyalty(aurora(), journal, members=people)
    made.execute([*joined("ana", "eva"), bought("T-1", "600 EUR"), bought("T-2", "30 EUR", member="eva")])
    people.save(ANA)
    people.keep("ana", "feedback/F-1", {"words": "the queue is long", "score": 4})
    return made


def test_all_that_is_known_comes_as_json(desk):
    known = json.loads(desk.export("ana", at=NOON))

    assert known["person"] == {
        "id": "ana",
        "name": "Ana López",
        "language": "es-MX",
        "birth date": "1990-02-28",
        "fields": {"city": "Puebla"},
    }
    assert known["payloads"] == {"feedback/F-1": {"score": 4, "words": "the queue is long"}}
    assert (known["tier"], known["customer since"]) == ("Silver", "2026-01-05")
    assert known["wallets"]["points"]["available"] == 600
    assert known["wallets"]["points"]["next expiry"] == {"day": "2027-01-05", "points": 600}
    assert [entry["kind"] for entry in known["entries"]] == ["enrolled", "event", "earned"]
    assert "eva" not in desk.export("ana", at=NOON)


def test_who_was_erased_is_gone_and_the_books_stand(desk, journal):
    before = [(line.stream, line.line) for line in journal.read(limit=1000)]
    balance = desk.balance("ana", at=NOON)

    desk.erase("ana")

    assert [(line.stream, line.line) for line in journal.read(limit=1000)] == before
    assert desk.balance("ana", at=NOON) == balance
    assert desk.verify().sound
    desk.account("ana", at=NOON).check()
    told = desk.export("ana", at=NOON)
    assert not any(word in told for word in ("López", "1990", "Puebla", "queue"))
    assert json.loads(told)["person"] is None
    desk.execute([bought("T-3", "10 EUR", at=NOON + DAY)])


def test_erasing_twice_or_a_stranger_is_no_error(desk):
    desk.erase("ana")
    desk.erase("ana")
    desk.erase("nobody")


def test_a_stranger_cannot_be_exported(desk):
    with pytest.raises(UnknownMember):
        desk.export("nobody", at=NOON)


@given(name=st.text(min_size=1), words=st.text(min_size=1), day=st.dates(date(1930, 1, 1), date(2010, 12, 31)))
def test_no_personal_data_ever_enters_the_journal(name, words, day):
    """What the books write is the same whoever the member is."""
    written = []
    for person, said in ((Member("m-1"), ""), (Member("m-1", name=name, birth_date=day), words)):
        journal, people = JournalInMemory(), MembersInMemory()
        desk = Loyalty(aurora(), journal, members=people)
        people.save(person)
        people.keep("m-1", "feedback/F-1", {"words": said})
        desk.execute([*joined("m-1"), bought("T-1", "50 EUR", member="m-1")])
        desk.goodwill("m-1", points=5, reason="late", key="g", now=NOON)
        desk.settle(NOON + 400 * DAY)
        written.append([line.line for line in journal.read(limit=1000)])

    assert written[0] == written[1]


def test_an_export_holds_what_is_known_of_the_duplicates_too(desk):
    """Whoever was merged is the same person: what they bought as another is theirs to see, and to have erased."""
    desk.execute(joined("ana", "ana2", "ana3"))
    desk.record(sale("T-7", "40 EUR", member="ana3"), now=NOON)
    for member in ("ana2", "ana3"):
        desk.members.save(Member(member, name=f"{member} Pérez"))
        desk.members.keep(member, "feedback/F", {"text": "Lovely."})
    desk.merge("ana3", into="ana2", key="m-1", now=NOON)
    desk.merge("ana2", into="ana", key="m-2", now=NOON + DAY)

    known = json.loads(desk.export("ana", at=NOON + DAY))

    assert [each["member"] for each in known["duplicates"]] == ["ana2", "ana3"]
    assert [each["person"]["name"] for each in known["duplicates"]] == ["ana2 Pérez", "ana3 Pérez"]
    assert "purchase/T-7" in [entry.get("origin") for entry in known["duplicates"][1]["entries"]]
    assert json.loads(desk.export("ana", at=NOON))["duplicates"] == []

    desk.erase("ana")
    known = json.loads(desk.export("ana", at=NOON + DAY))
    assert [(each["person"], each["payloads"]) for each in known["duplicates"]] == [(None, {}), (None, {})]
