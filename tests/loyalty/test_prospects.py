"""Prospects: people who are known and not enrolled; they become members with what was already known."""

from __future__ import annotations

import json
from datetime import date

import pytest

import fidelity as fd
from fidelity.errors import UnknownMember, UnknownProspect, ValueRefused
from fidelity.journals import JournalInMemory, SqlMembers
from fidelity.loyalty import Loyalty
from fidelity.members import Member, MembersInMemory
from fidelity.prospects import Prospect
from tests.loyalty.aurora import NOON

AGREED = {"contact": date(2026, 1, 2), "newsletter": date(2026, 1, 3)}
IVO = Prospect(
    "p-1", source="fair 2026", name="Ivo Petrov", language="es", birth_date=date(1991, 4, 5),
    fields={"city": "Soria", "shoe": 43}, needs=["step-free"], competitor="the other shop", consent=AGREED,
    first_business=date(2021, 3, 1),
)  # fmt: skip


class Person(fd.Fields, of="member"):
    city = fd.code(obtained="declared", default="")


@pytest.fixture(params=["memory", "sqlite"])
def people(request, tmp_path):
    if request.param == "memory":
        yield MembersInMemory()
        return
    made = SqlMembers(f"sqlite:///{tmp_path}/people.db")
    yield made
    made.close()


@pytest.fixture
def loyalty(people):
    made = fd.Program(
        "Shop", version="1", currency="EUR", timezone="UTC", fields=[Person], referrals=fd.ReferralProgram(),
        earn=[fd.EarnRule("base", fd.points(1, per="1 EUR")), fd.EarnRule("thanks", fd.points(500), on="referral")],
    )  # fmt: skip
    return Loyalty(made, JournalInMemory(), clock=lambda: NOON, members=people)


def everything(loyalty):
    return "".join(each.line.body for each in loyalty.journal.read(limit=1_000))


def test_a_prospect_becomes_a_member_with_what_was_known(loyalty, people):
    loyalty.keep_prospect(IVO)
    assert loyalty.prospect("p-1") == IVO

    receipt = loyalty.enroll("ivo", prospect="p-1")

    assert receipt.customer_since == date(2021, 3, 1)
    account = loyalty.account("ivo")
    # The books know what the program reads, and nothing else.
    assert account.enrolled.fields == {"city": "Soria"}
    assert people.get("ivo") == Member(
        "ivo", name="Ivo Petrov", language="es", birth_date=date(1991, 4, 5), fields={"city": "Soria", "shoe": 43}
    )
    assert loyalty.prospect("p-1") is None
    carried = loyalty.prospect("ivo")
    assert (carried.needs, carried.competitor, carried.source) == (("step-free",), "the other shop", "fair 2026")
    assert [carried.agreed(each, date(2026, 1, 2)) for each in ("contact", "newsletter", "calls")] == [
        True,
        False,
        False,
    ]


def test_the_journal_knows_nothing_of_a_prospect(loyalty):
    loyalty.keep_prospect(IVO)
    assert loyalty.journal.read(limit=10) == () or list(loyalty.journal.read(limit=10)) == []
    loyalty.enroll("ivo", prospect="p-1")
    assert not any(word in everything(loyalty) for word in ("p-1", "Petrov", "other shop", "fair", "step-free", "1991"))


def test_what_is_told_when_joining_counts_more(loyalty, people):
    people.save(Member("ivo", name="Iván"))
    loyalty.keep_prospect(IVO)
    loyalty.enroll("ivo", prospect="p-1", customer_since=date(2020, 1, 1), fields={"city": "Madrid"})

    assert loyalty.account("ivo").customer_since == date(2020, 1, 1)
    assert loyalty.account("ivo").enrolled.fields == {"city": "Madrid"}
    assert people.get("ivo").name == "Iván"


def test_asked_again_it_is_the_same_member(loyalty):
    loyalty.keep_prospect(IVO)
    first = loyalty.enroll("ivo", prospect="p-1")
    again = loyalty.enroll("ivo", prospect="p-1")
    assert (again, again.repeated) == (first, True)
    assert loyalty.prospect("ivo") == IVO


def test_a_failure_between_the_books_and_the_people_is_made_good_by_asking_again(loyalty, people, monkeypatch):
    loyalty.keep_prospect(IVO)

    def broken(_):
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(people, "save", broken)
        with pytest.raises(OSError, match="disk"):
            loyalty.enroll("ivo", prospect="p-1")
    assert loyalty.enroll("ivo", prospect="p-1").repeated
    assert people.get("ivo").name == "Ivo Petrov"


def test_a_prospect_with_an_invitation_brings_it_along(loyalty):
    loyalty.enroll("ana")
    invitation = loyalty.refer("ana", key="i").id
    loyalty.keep_prospect(Prospect("p-2", invitation=invitation))

    loyalty.enroll("eva", prospect="p-2")
    loyalty.record(fd.Purchase("T-1", member="eva", amount="5 EUR", at=NOON))

    assert loyalty.balance("ana").available == 500


def test_a_prospect_can_be_shown_and_erased(loyalty):
    loyalty.keep_prospect(IVO)
    assert json.loads(loyalty.export("p-1"))["payloads"]["prospect"]["name"] == "Ivo Petrov"

    loyalty.erase("p-1")

    assert loyalty.prospect("p-1") is None
    with pytest.raises(UnknownMember):
        loyalty.export("p-1")
    with pytest.raises(UnknownProspect, match="nobody is known as the prospect 'p-1'"):
        loyalty.enroll("ivo", prospect="p-1")


def test_who_is_erased_as_a_member_is_gone_as_a_prospect_too(loyalty):
    loyalty.keep_prospect(IVO)
    loyalty.enroll("ivo", prospect="p-1")
    loyalty.erase("ivo")
    assert (loyalty.prospect("ivo"), loyalty.members.get("ivo")) == (None, None)


@pytest.mark.parametrize(
    "told",
    [
        {"name": "Ivo"}, {"needs": ["vegan"]}, {"competitor": "x"}, {"fields": {"city": "Soria"}},
        {"birth_date": date(1991, 4, 5)}, {"consent": {"": date(2026, 1, 1)}}, {"consent": {"contact": True}},
        {"consent": {"contact": None}}, {"consent": "yes"}, {"needs": "vegan"}, {"source": 7},
        {"first_business": "2021"},
    ],
)  # fmt: skip
def test_nothing_of_a_person_is_kept_that_they_did_not_agree_to(told):
    with pytest.raises(ValueRefused):
        Prospect("p-3", **told)
    with pytest.raises(ValueRefused):
        Prospect("")


def test_a_prospect_comes_back_from_plain_data():
    for each in (IVO, Prospect("p-4")):
        assert Prospect.from_plain(json.loads(json.dumps(each.to_plain()))) == each
