"""What staying is worth, parity, what both sides give, and the strength of a relationship (R3, R5, R6, E5, E6)."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fidelity as fd
from fidelity import AsyncCare, AsyncLoyalty, AsyncSqlJournal, Care, Loyalty
from fidelity.care.worth import (
    Dimension,
    Exchange,
    PointWorth,
    Promotion,
    RelationshipScore,
    Rival,
    parity_standing,
    staying,
)
from fidelity.errors import MoneyError, UnknownMember, ValueRefused
from fidelity.values.money import Money, money
from tests.care.shop import MEXICO, NOON, local, shop
from tests.scenarios import scenario

DAY = timedelta(days=1)
WORTH = PointWorth(100, "5 MXN")
SCORE = RelationshipScore(
    purchases=Dimension(40, 24), tenure=Dimension(30, 10), feedback=Dimension(15, 5), participation=Dimension(15, 5)
)


def units(amount):
    return amount.minor // 100


def test_care_25_what_gloria_gains_by_staying_and_what_she_would_merely_lose(journal):
    expected = scenario("CARE-25")
    program = fd.Program(
        "Bank", version="1", currency="MXN", timezone="America/Mexico_City",
        earn=[fd.EarnRule("base", fd.points(1, per="10 MXN"), wallet="points")],
        wallets=[fd.Wallet("points", pending="30 days")], rewards=[fd.Reward("coffee", cost=50)], expiry="never",
    )  # fmt: skip
    loyalty = Loyalty(program, journal=journal)
    loyalty.enroll("gloria", customer_since=date(2017, 3, 14), now=local("2025-01-01 10:00"))
    care = Care(loyalty)
    care.check_parity(
        ["Banco Sol"], "at par", evidence="prices of 12 services", key="P-1", now=local("2025-05-20 12:00")
    )
    for name, amount, when in (("T-1", "180000 MXN", "05-01 10:00"), ("T-2", "20000 MXN", "06-20 10:00")):
        loyalty.record(fd.Purchase(name, member="gloria", amount=amount, at=local(when)), now=local(when))
    found = care.staying(
        "gloria", {"spending": "960 MXN", "anniversary": "300 MXN", "tier_benefits": "450 MXN"},
        rival=Rival(once="1500 MXN", yearly="1440 MXN"), points=WORTH, at=local("07-01 10:00"),
    )  # fmt: skip
    gained = {name: units(each) for name, each in found.gained.items()} | {"total": units(found.gained_in_all)}
    assert gained == expected["gained_by_staying_mxn"]
    forfeited = {name: units(each) for name, each in found.forfeited.items()}
    assert forfeited | {"total": units(found.forfeited_in_all)} == expected["forfeited_on_leaving_mxn"]
    assert units(found.rival.once + found.rival.yearly) == expected["rival_first_year_mxn"]
    first = {"gains_alone": units(found.first_year), "gains_and_forfeited": units(found.first_year_with_forfeited)}
    assert first == expected["first_year_difference_mxn"]
    assert {"gains_alone": units(found.later_years)} == expected["second_year_difference_mxn"]
    gesture = {"mxn": units(found.gesture), "points": found.gesture_points}
    assert gesture == expected["gesture_that_closes_the_gap_with_forfeited"]
    parity = {"last": str(found.parity.last), "state": found.parity.state, "days_overdue": found.parity.days_overdue}
    assert parity == expected["parity_check"]
    said = found.explain().splitlines()
    shown = said[0] == "The last comparison with competitors, of 20 May 2025, is 42 days out of date. That comes first."
    assert shown == expected["shown_before_any_emotional_argument"]
    assert said[1:] == [
        "Gained by staying, in a year: MX$1,710.00.",
        "Held already, and lost by leaving: MX$1,000.00.",
        "The other offer, in the first year: MX$2,940.00.",
        "In the first year staying gains MX$1,230.00 less.",
        "In each later year staying gains MX$270.00 more.",
        "A gesture of MX$230.00 closes the gap that is left in the first year.",
    ]


def test_care_37_who_has_the_strongest_relationship():
    expected = scenario("CARE-37")
    members = {
        "A": (24, 2, 3, 1, "2024-03-15"), "B": (6, 9, 5, 2, "2017-11-02"), "C": (18, 4, 2, 3, "2022-05-20"),
        "D": (30, 1, 0, 0, "2025-02-10"), "E": (15, 2, 5, 4, "2024-02-01"),
    }  # fmt: skip
    found = SCORE.ranking(
        SCORE.related(
            name,
            dict(zip(("purchases", "tenure", "feedback", "participation"), counts, strict=True)),
            date.fromisoformat(joined),
        )
        for name, (*counts, joined) in members.items()
    )
    assert {each.member: float(each.score) for each in found.members} == expected["scores"]
    assert {each.member: [float(part) for part in each.parts.values()] for each in found.members} == expected["parts"]
    assert [each.member for each in found.members] == expected["ranking"]
    assert found.ties == (("B", "E", "longer relationship"), ("E", "A", "earlier joining date"))
    assert set(expected["ties_decided"].values()) == {decided for *_, decided in found.ties}
    buyers = {each.member: (rank, each.counts["purchases"]) for rank, each in enumerate(found.members, start=1)}
    largest = max(buyers, key=lambda name: buyers[name][1])
    assert {"member": largest, "rank": buyers[largest][0]} == expected["largest_buyer"]
    assert found.members[0].explain().splitlines() == [
        "Relationship: 58.", "6 purchases add 10.", "9 years together add 27.", "5 opinions add 15.",
        "Taking part 2 times adds 6.",
    ]  # fmt: skip
    assert (len(found.members[0].explain().splitlines()) - 1 == 4) == expected["explanation_shows_four_parts"]
    given = Exchange(points={"purchase": 6840, "anniversary": 700, "feedback": 900, "participation": 560})
    assert given.points_in_all == expected["points_2026"]
    assert float(given.transactional_percent) == expected["transactional_share_percent"]


def test_of_equals_the_longer_relationship_comes_first_whoever_joined_earlier():
    # Business began long before the one joined; the other joined first and has been a customer for less time.
    long = SCORE.related("long", {"purchases": 0, "tenure": 4}, date(2025, 6, 1))
    even = SCORE.related("early", {"tenure": 1, "feedback": 3}, date(2024, 1, 1))
    found = SCORE.ranking([even, long])
    assert [each.member for each in found.members] == ["long", "early"]
    assert found.ties == (("long", "early", "longer relationship"),)


def active(journal):
    program = fd.Program(
        "Books", version="1", currency="MXN", timezone="America/Mexico_City",
        earn=[
            fd.EarnRule("base", fd.points(1, per="10 MXN")),
            fd.EarnRule("opinion", fd.points(20), on="feedback"),
            fd.EarnRule("circle", fd.points(10), on="participation"),
        ],
        rewards=[fd.Reward("coffee", cost=50)], expiry="never",
    )  # fmt: skip
    loyalty = Loyalty(program, journal=journal)
    loyalty.enroll("ana", customer_since=date(2016, 1, 1), now=NOON)
    loyalty.enroll("eva", now=NOON)
    loyalty.enroll("gone", now=NOON)
    loyalty.close("gone", reason="asked", key="x", now=NOON)
    for event in (
        fd.Purchase("T-1", member="ana", amount="500 MXN", at=NOON),
        fd.Purchase("T-2", member="ana", amount="300 MXN", at=NOON),
        fd.Purchase("T-3", member="eva", amount="100 MXN", at=NOON),
        fd.Return("R-1", purchase="T-2", amount="300 MXN", at=NOON),
        fd.Feedback("F-1", member="ana", at=NOON),
        fd.Participation("C-1", member="eva", at=NOON),
    ):
        loyalty.record(event, now=NOON)
    loyalty.redeem("ana", "coffee", key="cup", now=NOON)
    return loyalty


def test_both_sides_give_and_get(journal):
    loyalty = active(journal)
    care = Care(loyalty)
    care.promise("ana", "call back", due=NOON + DAY, key="p", now=NOON)
    care.keep_promise("ana", "p", now=NOON)
    loyalty.goodwill("ana", points=5, reason="late", key="g", now=NOON)
    ana, both = care.exchange("ana"), care.exchange()
    assert ana.spent == {"MXN": money("500 MXN")}
    assert ana.events == {"purchase": 1, "feedback": 1}, "one purchase came back whole"
    assert ana.points == {"purchase": 50, "feedback": 20, "goodwill": 5}
    assert (ana.redeemed, ana.rewards, ana.kept) == (50, 1, 1)
    assert both.spent == {"MXN": money("600 MXN")}
    assert both.points == {"purchase": 60, "feedback": 20, "participation": 10, "goodwill": 5}
    assert both.transactional_percent == Decimal("63.2")
    assert care.exchange("ana", since=NOON + DAY).points_in_all == 0
    assert care.exchange(until=NOON).transactional_percent is None


def test_members_by_the_strength_of_the_relationship(journal):
    found = Care(active(journal)).relationships(SCORE, at=NOON + DAY)
    assert [each.member for each in found.members] == ["ana", "eva"]
    assert found.members[0].counts == {"purchases": 1, "tenure": 10, "feedback": 1, "participation": 0}
    assert found.members[1].counts == {"purchases": 1, "tenure": 0, "feedback": 0, "participation": 1}
    later = Care(active_later := active(fd.Loyalty(shop()).journal)).relationships(SCORE, at=NOON + 400 * DAY)
    assert active_later
    assert later.members[0].counts["purchases"] == 0


def test_parity_is_missing_until_somebody_compares(care, journal):
    assert care.parity(at=NOON).state == "missing"
    checked = care.check_parity(["Café Canario"], "worse", evidence="Canario: cup 40, ours 45", key="P", now=NOON)
    assert str(checked.until) == "2027-01-05"
    standing = care.parity(at=NOON + DAY)
    assert (standing.state, standing.holds, standing.rivals) == ("valid", False, ("Café Canario",))
    care.check_parity(["Café Sol"], "at par", evidence="cup 45", key="P-2", now=NOON + DAY)
    assert care.parity(at=NOON + DAY).holds
    assert care.parity(at=NOON).outcome == "worse"
    assert "cup 40" in care.loyalty.members.payloads("organization")["parity/P"]["words"]
    assert not any("cup 40" in each.line.body for each in journal.read())


@pytest.mark.parametrize(
    ("rivals", "outcome", "evidence", "says"),
    [
        ([], "at par", "x", "rivals"),
        (["Sol"], "fine", "x", "comes to"),
        (["Sol"], "at par", "", "evidence"),
        ([" "], "at par", "x", "rivals"),
    ],
)
def test_a_comparison_without_rivals_outcome_or_evidence_is_none(care, rivals, outcome, evidence, says):
    with pytest.raises(ValueRefused, match=says):
        care.check_parity(rivals, outcome, evidence=evidence, key="P", now=NOON)
    assert care.parity(at=NOON).state == "missing"
    assert care.loyalty.members.payloads("organization") == {}


def test_bad_values_are_refused(care):
    rival, parity = Rival(once="1 MXN", yearly="1 MXN"), parity_standing((), date(2026, 1, 1), MEXICO)
    with pytest.raises(ValueRefused, match="not negative"):
        staying({"a": "-1 MXN"}, {}, rival=rival, points=WORTH, parity=parity)
    with pytest.raises(ValueRefused, match="convert"):
        staying({"a": "1 EUR"}, {}, rival=rival, points=WORTH, parity=parity)
    with pytest.raises(MoneyError):
        Rival(once="1", yearly="1 MXN")
    with pytest.raises(ValueRefused, match="points"):
        PointWorth(0, "1 MXN")
    with pytest.raises(UnknownMember):
        care.staying("visitor", {}, rival=rival, points=WORTH, at=NOON)
    with pytest.raises(ValueRefused, match="full"):
        Dimension(1, 0)
    with pytest.raises(ValueRefused, match="weight above 0"):
        RelationshipScore(**dict.fromkeys(("purchases", "tenure", "feedback", "participation"), Dimension(0, 1)))
    with pytest.raises(ValueRefused, match="no dimension"):
        SCORE.related("a", {"likes": 3}, date(2026, 1, 1))


@given(
    st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**7), st.integers(0, 10**7), st.integers(0, 10**6)
)
def test_a_gain_is_never_what_is_held_and_the_gesture_closes_the_gap(gain, held, once, yearly, pending):
    found = staying(
        {"all": Money(gain, "MXN")}, {"available": held, "pending": pending},
        rival=Rival(once=Money(once, "MXN"), yearly=Money(yearly, "MXN")), points=WORTH,
        parity=parity_standing((), date(2026, 1, 1), MEXICO),
    )  # fmt: skip
    assert found.gained_in_all.minor == gain
    assert (found.first_year_with_forfeited + found.gesture).minor >= 0
    assert WORTH.of(found.gesture_points).minor >= found.gesture.minor
    assert found.locked == (gain < once + yearly <= gain + found.forfeited_in_all.minor)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 15), st.integers(0, 9), st.integers(0, 9)), max_size=6))
def test_more_of_anything_never_lowers_a_relationship_and_none_buys_the_first_place(counts):
    names = ("purchases", "tenure", "feedback", "participation")
    related = [
        SCORE.related(str(number), dict(zip(names, each, strict=True)), date(2020, 1, 1))
        for number, each in enumerate(counts)
    ]
    for each in related:
        assert each.score <= 100
        assert each.parts["purchases"] <= 40
        more = SCORE.related("x", {name: count + 1 for name, count in each.counts.items()}, date(2020, 1, 1))
        assert more.score >= each.score
    ranked = SCORE.ranking(related).members
    assert [each.score for each in ranked] == sorted((each.score for each in related), reverse=True)


def test_awaited_it_is_the_same(tmp_path):
    async def told():
        journal = AsyncSqlJournal(f"sqlite:///{tmp_path}/care.db")
        loyalty = AsyncLoyalty(shop(), journal)
        await loyalty.enroll("ana", now=NOON)
        await loyalty.record(fd.Purchase("T-1", member="ana", amount="500 MXN", at=NOON), now=NOON)
        care = AsyncCare(loyalty)
        await care.check_parity(["Sol"], "at par", evidence="cup 45", key="P", now=NOON)
        rival = Rival(once="1 MXN", yearly="1 MXN")
        worth = await care.staying("ana", {"a": "10 MXN"}, rival=rival, points=WORTH, at=NOON)
        ranking = await care.relationships(SCORE, at=NOON)
        exchange = await care.exchange()
        parity = await care.parity(at=NOON)
        await journal.close()
        return str(worth.first_year), ranking.members[0].counts["purchases"], exchange.points, parity.holds

    assert asyncio.run(told()) == ("8.00 MXN", 1, {"purchase": 50}, True)


# --- Years together, and what a promotion brought -----------------------------------------------------------------------


def anniversaries(**parts):
    rule = fd.EarnRule("a year", fd.points(100), on="anniversary", message="a card")
    return fd.Program(
        "Books", version="1", currency="MXN", timezone="America/Mexico_City", expiry="never", earn=[rule], **parts
    )  # fmt: skip


def test_a_relationship_begins_with_the_first_business(care):
    care.loyalty.enroll("gloria", customer_since=date(2017, 3, 14), now=NOON)
    assert care.relationship_since("gloria", at=NOON) == date(2017, 3, 14)
    assert care.relationship_since("ana", at=NOON) is None
    assert care.relationship_since("nobody", at=NOON) is None
    # In Mexico it is still the 9th; a purchase told later that lies before counts from its own day.
    for name, at, now in (("2", "02-09 23:30", "02-09 23:30"), ("1", "02-01 12:00", "02-10 12:00")):
        care.loyalty.record(fd.Purchase(name, member="ana", amount="20 MXN", at=local(at)), now=local(now))
    assert care.relationship_since("ana", at=local("02-09 23:59")) == date(2026, 2, 9)
    assert care.relationship_since("ana", at=local("02-11 12:00")) == date(2026, 2, 1)


def test_each_year_has_its_true_day_whether_or_not_a_sweep_ran(tmp_path):
    loyalty = Loyalty(anniversaries())
    care = Care(loyalty)
    loyalty.enroll("lucia", customer_since=date(2024, 2, 29), now=NOON)
    before = care.years_together("lucia", at=local("2028-03-01 12:00"))
    loyalty.settle(local("2028-03-01 12:00"))
    assert care.years_together("lucia", at=local("2028-03-01 12:00")) == before
    assert [(str(each.day), each.years, each.points, each.gifts) for each in before] == [
        ("2026-02-28", 2, 100, ("a card",)), ("2027-02-28", 3, 100, ("a card",)), ("2028-02-29", 4, 100, ("a card",)),
    ]  # fmt: skip
    assert care.years_together("lucia", at=local("2027-02-27 12:00")) == before[:1]
    assert care.years_together("nobody") == ()


def test_the_card_speaks_as_the_program_does():
    loyalty = Loyalty(anniversaries(address="usted", words={"es": {"a card": "una tarjeta"}}))
    loyalty.enroll("lucia", customer_since=date(2025, 2, 28), now=NOON)
    (year,) = Care(loyalty).years_together("lucia", at=local("03-01 12:00"))
    assert year.explain("es-MX") == (
        "El 28 de febrero de 2026 cumple su primer año con nosotros. Gracias por su confianza. "
        "De nuestra parte recibe 100 puntos y una tarjeta."
    )


def test_years_can_be_awaited(tmp_path):
    async def told():
        journal = AsyncSqlJournal(f"sqlite+aiosqlite:///{tmp_path}/years.db")
        try:
            loyalty = AsyncLoyalty(anniversaries(), journal=journal)
            await loyalty.enroll("lucia", customer_since=date(2024, 2, 29), now=NOON)
            care = AsyncCare(loyalty)
            years = await care.years_together("lucia", at=local("03-01 12:00"))
            return years, await care.relationship_since("lucia", at=local("03-01 12:00"))
        finally:
            await journal.close()

    years, since = asyncio.run(told())
    assert [each.points for each in years] == [100]
    assert since == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("brought", "low", "high", "end"),
    [
        (300, 250, 350, "It pays for itself."),
        (300, 192, 408, "Whether it pays for itself is not certain."),
        (20, -40, 80, "It may have changed nothing. It does not pay for itself."),
        (-50, -90, -10, "It does not pay for itself."),
    ],
)
def test_a_promotion_is_told_with_its_doubt(brought, low, high, end):
    told = Promotion(buyers=2_000, brought=brought, low=low, high=high, margin="60 MXN", cost="13000 MXN")
    assert told.explain().endswith(end)
    assert told.effect_is_certain == (not low <= 0 <= high)
    assert told.profit_is_certain == (told.explain().endswith("pays for itself.") and low * 60 > 13_000)
    assert "120,000" not in told.explain()
    assert told.claim.net == Money(107_000_00, "MXN")


@pytest.mark.parametrize(
    "bad", [{"brought": 500}, {"brought": 1.5}, {"low": True}, {"buyers": -1}, {"margin": "60"}, {"cost": "1 USD"}]
)
def test_a_promotion_of_no_numbers_is_refused(bad):
    good = {"buyers": 2_000, "brought": 300, "low": 192, "high": 408, "margin": "60 MXN", "cost": "13000 MXN"}
    with pytest.raises((ValueRefused, MoneyError)):
        _ = Promotion(**good | bad).net
