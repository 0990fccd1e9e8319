"""Referrals that a person finds to be none: withheld before they count, and nobody's account is touched (R7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import fidelity as fd
from fidelity.errors import ReferralOver, UnknownInvitation, UnknownMember, ValueRefused
from tests.scenarios import scenario

NOON = datetime(2026, 1, 5, 18, tzinfo=UTC)
DAY = timedelta(days=1)


def cafe():
    return fd.Program(
        "Café", version="1", currency="MXN", timezone="America/Mexico_City", expiry="never",
        earn=[
            fd.EarnRule("base", fd.points(1, per="10 MXN")),
            fd.EarnRule("advocate", fd.points(100), on="referral"),
            fd.EarnRule("friend", fd.points(60), on="referred"),
        ],
        referrals=fd.ReferralProgram(at_least="80 MXN", within="31 days"), rewards=[fd.Reward("coffee", cost=50)],
    )  # fmt: skip


@pytest.fixture
def loyalty(journal):
    made = fd.Loyalty(cafe(), journal=journal)
    made.enroll("Ana", now=NOON - 300 * DAY)
    return made


def on(day):
    return datetime.fromisoformat(f"2026-{day}T18:00:00+00:00")


def joins(loyalty, advocate, friend, day):
    invitation = loyalty.refer(advocate, key=f"{advocate} {friend}", now=on(day)).id
    loyalty.enroll(friend, referred_by=invitation, now=on(day))
    return invitation


def buys(loyalty, who, amount, day):
    event = fd.Purchase(f"{who} {day}", member=who, amount=amount, at=on(day))
    return loyalty.record(event, now=on(day)).points


def test_care_15_a_referral_ring_and_a_man_who_invited_himself(loyalty):
    expected = scenario("CARE-15")
    decisions, spent = {}, 0
    for advocate, friend, day, amount, bought in (
        ("Ana", "Beto", "01-06", "95 MXN", "01-10"), ("Beto", "Caro", "01-13", "120 MXN", "01-15"),
    ):  # fmt: skip
        joins(loyalty, advocate, friend, day)
        spent += buys(loyalty, friend, amount, bought)
        (counted,) = [each for each in loyalty.referrals().each if each.friend == friend]
        decisions[f"{advocate}→{friend}"] = f"paid {counted.counted.date()}"
    ring = joins(loyalty, "Caro", "Ana P.", "01-20")
    doubts = loyalty.referral_doubts("Ana P.", same_as="Ana")
    assert doubts == ("same person", "chain leads back")
    decisions["Caro→Ana P."] = "refused: same person, chain leads back to Ana"
    loyalty.withhold_referral(ring, reason="same person", key="w1", by="Julia", now=on("01-20"))
    buys(loyalty, "Ana P.", "90 MXN", "01-20")
    himself = joins(loyalty, "Beto", "Norberto", "01-22")
    (doubt,) = loyalty.referral_doubts("Norberto", same_as="Beto")
    decisions["Beto→Norberto"] = f"refused: {doubt}"
    loyalty.withhold_referral(himself, reason=doubt, key="w2", by="Julia", now=on("01-23"))
    assert buys(loyalty, "Norberto", "100 MXN", "01-23") == 10
    joins(loyalty, "Caro", "Dani", "02-02")
    buys(loyalty, "Dani", "70 MXN", "02-10")
    buys(loyalty, "Dani", "85 MXN", "03-05")
    decisions["Caro→Dani"] = "not paid: purchase too late"
    assert decisions == expected["decisions"]
    found, late = loyalty.referrals(), on("03-06")
    counted = {each.friend for each in found.each if each.counted is not None}
    assert counted == {"Beto", "Caro"}
    points = {}
    for who in expected["referral_points"]:
        account = loyalty.account(who, at=late)
        given = [each for key, each in account.origins.items() if key.startswith(("referral/", "referred/"))]
        points[who] = sum(sum(each.earned.values()) for each in given)
    assert points == expected["referral_points"]
    assert sum(points.values()) == expected["points_issued_for_referrals"]
    assert (found.claims, found.successful) == (expected["claims"], expected["successful"])
    assert float(found.success_share) == expected["success_share"]
    for who, brought in expected["people_brought"].items():
        told = found.brought(who)
        assert {"direct": told.direct, "through_others": told.through_others} == brought
    assert (loyalty.account("Norberto", at=late).closed_at is None) == expected["Norberto_account_open"]


def test_the_last_day_on_which_a_friend_may_buy(journal):
    last = scenario("CARE-15")["last_day_for_Dani"][5:]
    for day, points in ((last, 60), ("03-05", 0)):
        loyalty = fd.Loyalty(cafe())
        loyalty.enroll("Caro", now=NOON)
        joins(loyalty, "Caro", "Dani", "02-02")
        buys(loyalty, "Dani", "85 MXN", day)
        assert loyalty.balance("Dani", at=on("03-06")).available == 8 + points


def test_what_counted_is_over_and_what_was_withheld_never_counts(loyalty):
    invitation = joins(loyalty, "Ana", "Beto", "01-06")
    again = loyalty.withhold_referral(invitation, reason="same person", key="w", by="Julia", now=on("01-06"))
    assert loyalty.withhold_referral(invitation, reason="same person", key="w", by="Julia", now=on("01-08")) == again
    assert (again.friend, again.member) == ("Beto", "Ana")
    with pytest.raises(ReferralOver, match="withheld"):
        loyalty.withhold_referral(invitation, reason="another", key="x", now=on("01-08"))
    buys(loyalty, "Beto", "95 MXN", "01-10")
    assert loyalty.balance("Ana", at=on("01-11")).available == 0
    other = joins(loyalty, "Ana", "Caro", "01-12")
    buys(loyalty, "Caro", "95 MXN", "01-13")
    with pytest.raises(ReferralOver, match="counted with"):
        loyalty.withhold_referral(other, reason="late", key="y", now=on("01-14"))
    assert loyalty.verify().sound


def test_an_invitation_that_nobody_used_can_be_withheld(loyalty):
    invitation = loyalty.refer("Ana", key="r", now=on("01-06")).id
    assert loyalty.withhold_referral(invitation, reason="sold", key="w", now=on("01-06")).friend == ""
    loyalty.enroll("Beto", referred_by=invitation, now=on("01-07"))
    buys(loyalty, "Beto", "95 MXN", "01-10")
    assert loyalty.balance("Ana", at=on("01-11")).available == 0


def test_bad_doors(loyalty):
    with pytest.raises(UnknownInvitation):
        loyalty.withhold_referral("invitation/none", reason="late", key="w", now=NOON)
    with pytest.raises(UnknownInvitation):
        loyalty.withhold_referral("none", reason="late", key="w", now=NOON)
    with pytest.raises(ValueRefused, match="code"):
        loyalty.withhold_referral("invitation/x", reason="she is her own friend", key="w", now=NOON)
    with pytest.raises(UnknownMember):
        loyalty.referral_doubts("Ana", same_as="nobody")
    assert loyalty.referral_doubts("Ana", same_as="Ana") == ()
    assert loyalty.referrals().success_share is None


def test_what_a_member_is_told(loyalty):
    invitation = loyalty.refer("Ana", key="r", now=on("01-06")).id
    told = loyalty.withhold_referral(invitation, reason="same person", key="w", now=on("01-06"))
    assert told.explain() == "This recommendation does not count. Both accounts stay as they are."
    assert told.explain("es-MX") == "Esta recomendación no cuenta. Las dos cuentas siguen como están."
