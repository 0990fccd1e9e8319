"""Referrals: an invitation, a friend who joins with it, and what both get once it counts, together and once."""

from __future__ import annotations

import pytest

import fidelity as fd
from fidelity.commands import Enroll, Record
from fidelity.commands_of_all import Refer
from fidelity.entries.codec import text_of
from fidelity.errors import (
    AlreadyEnrolled,
    EventError,
    InvitationUsed,
    ProgramError,
    SelfReferral,
    TimeError,
    UnknownInvitation,
    UnknownMember,
    ValueRefused,
)
from fidelity.events import Referred
from fidelity.journals import JournalInMemory, SqlJournal
from fidelity.loyalty import Loyalty
from tests.loyalty.aurora import DAY, NOON

BASE = fd.EarnRule("base", fd.points(1, per="1 EUR"))
THANKS = fd.EarnRule("thanks", fd.points(500), on="referral", limit="2 per calendar year")
WELCOME = fd.EarnRule("welcome", fd.points(200), on="referred")


def program(*earn, **terms):
    referrals = fd.ReferralProgram(**({"at_least": "20 EUR", "within": "30 days"} | terms))
    return fd.Program(
        "Shop", version="1", currency="EUR", timezone="UTC", earn=earn or [BASE, THANKS, WELCOME], referrals=referrals
    )


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
    made.enroll("ana")
    return made


def brought(loyalty, friend, by="ana", **more):
    invitation = loyalty.refer(by, key=f"{by} brings {friend}", now=more.get("now"), **more.pop("named", {})).id
    loyalty.enroll(friend, referred_by=invitation, **more)
    return invitation


def bought(name, member, amount="30 EUR", at=NOON):
    return fd.Purchase(name, member=member, amount=amount, at=at)


def available(loyalty, *members, at=NOON):
    return [loyalty.balance(each, at=at).available for each in members]


def test_both_get_their_points_with_the_first_purchase_that_is_large_enough(loyalty):
    brought(loyalty, "eva")

    loyalty.record(bought("T-1", "eva", "19.99 EUR"))
    assert available(loyalty, "ana", "eva") == [0, 19]
    receipt = loyalty.record(bought("T-2", "eva", "20 EUR"))

    assert receipt.points == 20
    assert available(loyalty, "ana", "eva") == [500, 239]
    loyalty.record(bought("T-3", "eva", "20 EUR"))
    loyalty.record(bought("T-2", "eva", "20 EUR"))
    assert available(loyalty, "ana", "eva") == [500, 259]
    assert loyalty.verify().sound


@pytest.mark.parametrize(("days", "points"), [(0, 500), (29, 500), (30, 0), (90, 0)])
def test_it_counts_for_a_while_after_joining(loyalty, days, points):
    brought(loyalty, "eva")
    at = NOON + days * DAY
    loyalty.record(bought("T-1", "eva", at=at), now=at)
    assert available(loyalty, "ana", at=at) == [points]


def test_both_sides_are_written_at_once_or_not_at_all(loyalty, journal):
    brought(loyalty, "eva")
    before = len(journal.read(limit=1_000))
    append = journal.append

    def broken(batch):
        assert {each.stream for each in batch.writes} >= {"points/ana", "points/eva", "invitation/ana brings eva"}
        raise fd.FidelityError("the disk is full")

    journal.append = broken
    with pytest.raises(fd.FidelityError, match="disk"):
        loyalty.record(bought("T-1", "eva"))
    journal.append = append

    assert len(journal.read(limit=1_000)) == before
    loyalty.record(bought("T-1", "eva"))
    assert available(loyalty, "ana", "eva") == [500, 230]


def test_the_limit_of_the_rule_is_how_many_referrals_count_for_the_advocate(loyalty):
    for n in range(4):
        brought(loyalty, f"friend {n}")
        loyalty.record(bought(f"T-{n}", f"friend {n}"))

    assert available(loyalty, "ana", "friend 3") == [1_000, 230]


def test_another_desk_and_one_batch_come_to_the_same(journal):
    one = Loyalty(program(), journal=journal, clock=lambda: NOON)
    one.execute([
        Enroll(member="ana"), Refer(member="ana", key="i"), Enroll(member="eva", referred_by="invitation/i"),
        Record(event=bought("T-1", "eva")), Record(event=bought("T-2", "eva")),
    ])  # fmt: skip
    assert available(one, "ana", "eva") == [500, 260]

    other = Loyalty(program(), journal=journal, clock=lambda: NOON)
    brought(one, "ivo")
    other.record(bought("T-3", "ivo"))
    assert available(other, "ana", "ivo") == [1_000, 230]


def test_nothing_of_the_friend_is_kept_before_they_agree(loyalty, journal):
    with pytest.raises(ValueRefused, match="only if the friend agreed"):
        loyalty.refer("ana", friend_ref="crm/77", key="a")
    with pytest.raises(ValueRefused):
        loyalty.refer("ana", friend_ref="crm/77", consent="yes", key="a")
    loyalty.refer("ana", key="b")
    agreed = loyalty.refer("ana", friend_ref="crm/77", consent=True, key="c")

    texts = [text_of(each.line.entry) for each in journal.read(limit=1_000) if each.stream.startswith("invitation/")]

    assert ["crm/77" in each for each in texts] == [False, True]
    assert agreed.explain("es") == "El código de la invitación es invitation/c."


def test_an_invitation_is_for_one_friend_who_is_new_and_somebody_else(loyalty):
    invitation = brought(loyalty, "eva")

    assert loyalty.enroll("eva", referred_by=invitation).repeated
    with pytest.raises(InvitationUsed):
        loyalty.enroll("ivo", referred_by=invitation)
    with pytest.raises(UnknownInvitation):
        loyalty.enroll("ivo", referred_by="invitation/none")
    with pytest.raises(UnknownInvitation):
        loyalty.enroll("ivo", referred_by="eva")
    second = loyalty.refer("ana", key="second").id
    with pytest.raises(AlreadyEnrolled):
        loyalty.enroll("eva", referred_by=second)
    with pytest.raises(SelfReferral):
        loyalty.refer("ana", friend_ref="ana", consent=True, key="self")
    with pytest.raises(UnknownMember):
        loyalty.refer("nobody", key="x")
    with pytest.raises(EventError, match="found by the books"):
        loyalty.record(Referred("r", member="eva", at=NOON, advocate="ana"))


def test_a_program_without_referrals_says_so():
    plain = Loyalty(fd.Program("Shop", version="1", currency="EUR", timezone="UTC", earn=[BASE]), clock=lambda: NOON)
    plain.enroll("ana")
    with pytest.raises(ValueRefused, match="add referrals=ReferralProgram"):
        plain.refer("ana", key="i")
    with pytest.raises(ValueRefused, match="no referrals"):
        plain.enroll("eva", referred_by="invitation/i")


def test_who_left_gets_nothing_more_and_the_friend_still_does(loyalty):
    brought(loyalty, "eva")
    loyalty.close("ana", reason="asked", key="c")
    loyalty.record(bought("T-1", "eva"))
    assert available(loyalty, "eva") == [230]


def test_whoever_took_the_advocate_over_gets_the_thanks(loyalty):
    brought(loyalty, "eva")
    loyalty.enroll("ana maria")
    loyalty.merge("ana", into="ana maria", key="m")
    loyalty.record(bought("T-1", "eva"))
    assert available(loyalty, "ana maria", "eva") == [500, 230]


# Findings


def kinds(loyalty, at=NOON):
    return [(each.kind, each.members) for each in loyalty.referral_findings(at=at)]


def test_honest_referrals_are_no_finding(loyalty):
    for friend in ("eva", "ivo"):
        brought(loyalty, friend)
        loyalty.record(bought(f"{friend} 1", friend))
    assert kinds(loyalty) == []


def test_a_household_and_a_friend_who_came_twice_are_for_a_person_to_look_at(loyalty):
    named = {"friend_ref": "crm/77", "consent": True}
    brought(loyalty, "eva", named=named)
    brought(loyalty, "eva again", named=named)
    for member in ("ana", "eva"):
        loyalty.join_household(member, "h", key=member)

    found = loyalty.referral_findings(at=NOON)

    assert [(each.kind, each.members) for each in found] == [
        ("household", ("ana", "eva")), ("duplicate", ("eva", "eva again")),
    ]  # fmt: skip
    assert found[0].explain() == "Ana and eva share a household. A person should look at it; nothing is taken back."
    assert found[1].explain("es") == (
        "Eva y eva again llegaron como la misma persona. Conviene que lo mire una persona; no se retira nada."
    )
    assert found[0].invitations == ("invitation/ana brings eva",)


def test_a_ring_shows_once_accounts_turn_out_to_be_one_person(loyalty):
    brought(loyalty, "eva")
    brought(loyalty, "ivo", by="eva")
    brought(loyalty, "ana two", by="ivo")
    assert kinds(loyalty) == []

    loyalty.merge("ana two", into="ana", key="m")

    ((kind, members),) = kinds(loyalty)
    assert (kind, set(members)) == ("ring", {"ana", "eva", "ivo"})


def test_who_brought_themselves_is_found_once_the_accounts_are_one(loyalty):
    brought(loyalty, "ana two")
    loyalty.record(bought("T-1", "ana two"))
    loyalty.merge("ana two", into="ana", key="m")

    assert kinds(loyalty) == [("self", ("ana", "ana two"))]
    assert available(loyalty, "ana") == [730]


def test_friends_who_never_come_back_are_a_star(loyalty):
    for friend in ("eva", "ivo", "leo"):
        brought(loyalty, friend)
        loyalty.record(bought(f"{friend} 1", friend))
    later = NOON + 60 * DAY
    assert kinds(loyalty, later - DAY) == []
    assert kinds(loyalty, later) == [("star", ("ana",))]
    (found,) = loyalty.referral_findings(at=later)
    assert found.explain().startswith("Ana brought 3 friends, and none of them bought again.")

    loyalty.record(bought("eva 2", "eva", at=NOON + DAY), now=NOON + DAY)
    assert kinds(loyalty, later) == []


# As data, and in words


def test_referrals_come_back_from_their_plain_spelling_and_say_themselves():
    made = program()
    assert made.to_dict()["referrals"] == {"at_least": "20.00 EUR", "within": "30 days"}
    assert program(at_least=None, within="90 days").to_dict()["referrals"] == {}
    for each in (made, program(at_least=None)):
        assert fd.Program.from_dict(each.to_dict()) == each
        assert each.audit().evaluation_class == "D"
    assert "A recommendation counts once your friend has bought for €20 or more, within 30 days of joining." in (
        made.explain()
    )
    assert "you earn 200 points when a friend has brought you." in made.explain()
    assert "cuando nos recomiendas" in made.explain("es-MX")


@pytest.mark.parametrize(
    ("earn", "terms", "path"),
    [
        ([BASE], {}, "referrals"),
        ([BASE, THANKS], {"at_least": "20 USD"}, "referrals.at_least"),
        ([BASE, fd.Campaign("c", [THANKS])], {}, "earn[1].rules[0].on"),
    ],
)
def test_referrals_that_cannot_stand_are_told_with_their_path(earn, terms, path):
    with pytest.raises(ProgramError) as error:
        program(*earn, **terms)
    assert path in {each.path for each in error.value.problems}


def test_a_gift_for_friends_without_referrals_is_a_problem():
    with pytest.raises(ProgramError, match="add referrals=ReferralProgram"):
        fd.Program("Shop", version="1", currency="EUR", timezone="UTC", earn=[BASE, WELCOME])
    with pytest.raises(TimeError, match="no time at all"):
        fd.ReferralProgram(within="0 days")
