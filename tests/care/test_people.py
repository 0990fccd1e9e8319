"""Knowing people: profiles lent for a purpose, needs with evidence, propositions, prospects (X1, X2, R9)."""

import asyncio
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity import AsyncCare, AsyncLoyalty, AsyncSqlJournal, Care, CarePolicy, Loyalty, Member, Purchase
from fidelity.care.people import Fact, Proposition, propose
from fidelity.care.trust import RequestBudget
from fidelity.errors import (
    AlreadyMet,
    IdempotencyConflict,
    NoConsent,
    ProspectOver,
    RequestRefused,
    UnknownMember,
    UnknownNeed,
    ValueRefused,
)
from tests.care.shop import NOON, local, shop
from tests.scenarios import scenario

DAY = timedelta(days=1)


def test_care_17_consent_withdrawn_between_building_the_list_and_sending(care):
    expected = scenario("CARE-17")
    care.loyalty.goodwill("ana", points=420, reason="welcome", key="g", now=local("01-10 08:00"))
    for purpose in ("service", "offers", "research"):
        care.consent("ana", purpose, key=purpose, now=local("01-10 09:00"))
    for other in ("pablo", "rocio"):
        care.consent(other, "offers", key=other, now=local("01-10 09:00"))
    for key, kind, what, purposes in (
        ("1", "likes", "unscented products", ("offers",)),
        ("2", "pain", "migraine", ("service", "offers")),
        ("3", "goal", "run 10 km", ("offers",)),
    ):
        care.know("ana", kind, what, purposes=purposes, key=key, now=local("01-10 10:00"))
    first = care.ask("ana", "offer", key="soap", now=local("02-14 09:00"))
    prepared = care.audience("offers", ["ana", "pablo", "rocio"], at=local("03-01 12:00"))
    assert len(prepared.sent_to) == expected["2026-03-06"]["prepared"]
    withdrawn = care.withdraw("ana", "offers", key="w", now=local("03-05 10:00"))
    assert withdrawn.standing == ("research", "service")
    sent = care.audience("offers", ["ana", "pablo", "rocio"], at=local("03-06 09:00"))
    names = {"ana": "Carmen", "pablo": "Pablo", "rocio": "Rocío"}
    assert [names[each] for each in sent.sent_to] == expected["2026-03-06"]["sent_to"]
    assert {names[each]: reason for each, reason in sent.left_out.items()} == expected["2026-03-06"]["left_out"]
    assert len(sent.sent_to) == expected["2026-03-06"]["sent"]
    kept = first.request in care.requests("ana", at=local("03-06 09:00"))
    assert expected["2026-02-14"] == {"sent": bool(first.used), "still_lawful_on_record": kept}
    shown = care.profile("ana", "service", at=local("03-07 11:00"))
    assert [str(each) for each in shown.facts] == expected["2026-03-07"]["shown"]
    hidden = [each for each in care.facts("ana").values() if each not in shown.facts]
    said = {"likes: unscented products": "likes unscented products"}
    assert [said.get(str(each), str(each)) for each in hidden] == expected["2026-03-07"]["not_shown"]
    research = care.profile("ana", "research", at=local("03-08 09:00"))
    assert len(research.facts) == expected["2026-03-08"]["facts_of_Carmen_used"]
    assert research.reason == expected["2026-03-08"]["reason"]
    care.consent("ana", "offers", key="again", now=local("05-01 10:00"))
    again = care.ask("ana", "offer", key="soap 2", now=local("05-02 09:00"))
    assert expected["2026-05-02"] == {"sent": bool(again.used)}
    for day, points in expected["points_of_Carmen"].items():
        assert care.loyalty.balance("ana", at=local(f"{day[5:]} 12:00")).available == points


def test_care_19_what_to_propose_to_a_family_that_arrives_at_midnight(care):
    expected = scenario("CARE-19")
    care.consent("ana", "service", key="c", now=NOON)
    for what, kind, weight in (
        ("pool", "likes", 2),
        ("quiet", "likes", 1),
        ("queues", "pain", 3),
        ("museum", "goal", 2),
    ):
        care.know("ana", kind, what, purposes=("service",), weight=weight, key=what, now=NOON)
    offered = [
        Proposition("P1", price="600 MXN", suits=("pool", "baby"), against="quiet"),
        Proposition("P2", price="0 MXN", suits=("queues", "late arrival"), steps=("send the key before they land",)),
        Proposition("P3", price="0 MXN", suits="late arrival", conflicts="baby"),
        Proposition("P4", price="240 MXN", suits=("queues", "museum")),
        Proposition("P5", price="900 MXN"),
    ]
    found = care.propose("ana", offered, context={"late arrival": 2, "baby": 3}, at=NOON)
    assert [each.name for each in found.proposed] == expected["proposed"]
    scores = {each.name: each.score for each in (*found.proposed, *found.others)}
    assert scores == expected["scores"]
    assert found.left_out == {**expected["excluded"], **expected["not_proposed"]}
    assert [each.name for each in found.excluded] == list(expected["excluded"])
    assert [each.name for each in found.others] == list(expected["not_proposed"])
    assert found.others[0].explain() == "Nothing in the profile or the context speaks for “P5”."
    reasons = {each.name: {"for": list(each.reasons), "against": list(each.against)} for each in found.proposed}
    assert reasons == expected["reasons"]
    ((one, other, decided),) = found.ties
    assert {"between": [one, other], "decided_by": decided} == expected["tie"]
    brief = found.proposed[0].brief()
    assert list(brief.parts) == expected["brief_P2"]["names_for_the_employee"]
    assert list(brief.parts.values()) == [
        "P2", tuple(expected["brief_P2"]["facts_used"]), ("send the key before they land",),
    ]  # fmt: skip
    known = {fact.what for fact in care.facts("ana").values()} - {*brief.facts}
    assert any(fact in brief.explain() for fact in known) == expected["brief_P2"]["other_profile_facts_shown"]
    assert brief.explain() == "Propose “P2”.\nIt suits them: queues and late arrival.\n1. send the key before they land"
    assert "museum" not in brief.explain("es-MX")


def test_care_47_a_prospect_whose_needs_are_known_when_she_joins(journal):
    expected = scenario("CARE-47")
    loyalty = Loyalty(shop(), journal=journal)
    care = Care(loyalty, CarePolicy(requests=RequestBudget(consented={"offer": "offers"})))
    care.meet("karla", source="talk", now=local("01-15 10:00"))
    care.consent("karla", "information", key="k", now=local("01-15 10:00"))
    loyalty.members.save(Member("karla", name="Karla"))
    care.meet("sofia", source="fair", now=local("02-14 10:00"))
    care.consent("sofia", "information", key="s", now=local("02-14 10:00"))
    sofia = {"purposes": ("information",)}
    care.notice_need(
        "sofia", "sleep better", words="I want to sleep better", tangential=True, key="n1", now=local("02-14 11:00"),
        **sofia,
    )  # fmt: skip
    care.meet("hugo", source="raffle", now=local("02-14 12:00"))
    care.consent("hugo", "raffle", key="h", now=local("02-14 12:00"))
    with pytest.raises(NoConsent, match="but to raffle") as refused:
        care.notice_need("hugo", "diet plan", words="a diet", key="n", now=local("02-14 13:00"), **sofia)
    # The sentence names what was consented to instead; the reason is a code.
    assert (refused.value.code, expected["Hugo"]["reason"]) == ("no consent", "no consent for this purpose")
    assert (len(care.needs("hugo")) > 0) == expected["Hugo"]["need_recorded"]
    assert loyalty.members.payloads("hugo") == {}
    care.notice_need("sofia", "milk without lactose", key="n2", now=local("02-20 10:00"), **sofia)
    care.offer_solution("sofia", "sleep better", "sleep workshop", now=local("02-21 10:00"))
    care.solution_outcome("sofia", "sleep better", "sleep workshop", "solved", now=local("03-03 10:00"))
    loyalty.enroll("sofia", now=local("03-10 10:00"))
    joined = care.join("sofia", now=local("03-10 10:00"))
    facts = expected["Sofía"]
    assert joined.needs == facts["needs_carried_over_on_joining"]
    first, second = care.needs("sofia", at=local("03-12 10:00")).values()
    told = [
        {
            "need": first.code, "evidence_dates": [str(each.date()) for each in first.noticed],
            "tangential": first.tangential, "state": first.state, "outcome_date": str(first.solved.date()),
        },
        {
            "need": second.code, "evidence_dates": [str(each.date()) for each in second.noticed],
            "state": second.state,
        },
    ]  # fmt: skip
    assert told == facts["needs"]
    assert [first.state, second.state].count("solved") / 2 == facts["solved_share"]
    consents = care.consents("sofia", at=local("03-10 12:00"))
    assert list(consents.standing(local("03-10 12:00"))) == facts["consents_on_2026-03-10"]
    assert loyalty.balance("sofia", at=local("03-11 10:00")).available == facts["points_for_time_as_prospect"]
    sale = Purchase("T-1", member="sofia", amount="200.00 MXN", at=local("03-12 10:00"))
    assert loyalty.record(sale, now=local("03-12 10:00")).points == facts["points_on_2026-03-12"]
    assert care.relationship_since("sofia", at=local("03-11 10:00")) is None
    assert str(care.relationship_since("sofia", at=local("03-12 10:00"))) == facts["relationship_since"]
    planned = expected["2026-03-15"]
    asks = care.may_ask("sofia", "profile question", topic="sleep better", at=local("03-15 10:00"))
    assert {"allowed": asks.allowed, "reason": asks.reason} == planned["asks_about_sleep"]
    with pytest.raises(RequestRefused, match="already known"):
        care.ask("sofia", "profile question", topic="sleep better", key="q", now=local("03-15 10:00"))
    offer = care.may_ask("sofia", "offer", at=local("03-15 10:00"))
    assert {"allowed": offer.allowed, "reason": f"{offer.reason} for offers"} == planned["price_offer"]
    assert care.settle(local("07-13 23:59")).let_go == ()
    gone = care.settle(local("07-14 00:00")).let_go
    assert [each.prospect for each in gone] == ["karla"]
    assert str(gone[0].until) == expected["Karla"]["erased_on"]
    assert loyalty.members.get("karla") is None
    assert care.settle(local("07-15 00:00")).let_go == ()


def test_a_prospect_joins_under_another_id_with_needs_facts_and_the_same_consents(care, journal):
    care.meet("p-1", source="fair", now=NOON)
    care.consent("p-1", "information", key="c", now=NOON)
    care.know("p-1", "goal", "sleep Canario", purposes=("information",), key="f", now=NOON)
    care.notice_need("p-1", "sleep better", purposes=("information",), words="awake Canario", key="n", now=NOON)
    with pytest.raises(UnknownMember):
        care.join("p-1", "eva", now=NOON + DAY)
    assert care.facts("p-1")
    care.loyalty.enroll("eva", now=NOON + DAY)
    assert care.join("p-1", "eva", now=NOON + DAY).needs == 1
    assert care.needs("eva")["n"].noticed == (NOON,)
    assert care.consents("eva").standing(NOON + DAY) == ("information",)
    assert [str(each) for each in care.profile("eva", "information", at=NOON + DAY).facts] == ["goal: sleep Canario"]
    assert care.loyalty.members.payloads("p-1") == {}
    assert not any("Canario" in each.line.body for each in journal.read())
    with pytest.raises(ProspectOver, match="joined as eva"):
        care.join("p-1", "ana", key="other", now=NOON + 2 * DAY)
    assert care.join("p-1", "eva", now=NOON + 3 * DAY).repeated


def test_who_is_known_is_not_met_again(care):
    with pytest.raises(AlreadyMet):
        care.meet("ana", source="fair", now=NOON)
    care.meet("eva", source="fair", now=NOON)
    with pytest.raises(AlreadyMet):
        care.meet("eva", source="shop", key="other", now=NOON)


def test_what_is_known_is_shown_only_while_consent_stands(care):
    with pytest.raises(NoConsent, match="is not kept"):
        care.know("ana", "likes", "tea", purposes=("offers",), key="1", now=NOON)
    assert care.facts("ana") == {}
    care.consent("ana", "offers", key="c", now=NOON)
    fact = care.know("ana", "likes", "tea", purposes=("offers",), key="1", now=NOON)
    assert care.know("ana", "likes", "tea", purposes=("offers",), key="1", now=NOON + DAY) == fact
    with pytest.raises(IdempotencyConflict):
        care.know("ana", "likes", "coffee", purposes=("offers",), key="1", now=NOON)
    assert care.profile("ana", "offers", at=NOON).facts == (fact,)
    assert care.profile("ana", "service", at=NOON).reason == "no consent"
    care.withdraw("ana", "offers", key="w", now=NOON + DAY)
    assert care.profile("ana", "offers", at=NOON + DAY).reason == "consent withdrawn"
    care.forget("ana", "1")
    assert care.facts("ana") == {}


def test_export_tells_all_and_erasure_leaves_nothing(care, journal):
    care.consent("ana", "service", key="c", now=NOON)
    care.know("ana", "pain", "Canario pain", purposes=("service",), key="1", now=NOON)
    care.notice_need("ana", "sleep better", purposes=("service",), words="Canario words", key="n", now=NOON)
    assert "Canario pain" in care.loyalty.export("ana")
    assert "Canario words" in care.loyalty.export("ana")
    care.loyalty.erase("ana")
    assert "Canario" not in care.loyalty.export("ana")
    assert not any("Canario" in each.line.body for each in journal.read())
    assert care.loyalty.verify().sound


def test_needs_are_found_by_id_or_code_and_unknown_ones_refused(care):
    care.consent("ana", "service", key="c", now=NOON)
    care.notice_need("ana", "sleep better", purposes=("service",), key="n1", now=NOON)
    care.notice_need("ana", "sleep better", purposes=("service",), key="n2", now=NOON + DAY)
    assert care.needs("ana")["n2"].noticed == (NOON, NOON + DAY)
    assert len(care.needs("ana")) == 1
    with pytest.raises(UnknownNeed, match="notice it first"):
        care.offer_solution("ana", "xyz", "tea", now=NOON + DAY)
    with pytest.raises(UnknownNeed, match="offer it first"):
        care.solution_outcome("ana", "n1", "tea", "solved", now=NOON + DAY)
    care.offer_solution("ana", "n1", "tea", now=NOON + DAY)
    with pytest.raises(ValueRefused, match="turned out"):
        care.solution_outcome("ana", "n1", "tea", "perhaps", now=NOON + DAY)
    assert care.solution_outcome("ana", "sleep better", "tea", "not solved", now=NOON + DAY).state == "open"


@pytest.mark.parametrize(
    "make",
    [
        lambda: Fact("dislikes", "tea", purposes=("service",), noted=NOON),
        lambda: Fact("likes", " ", purposes=("service",), noted=NOON),
        lambda: Fact("likes", "tea", purposes=(), noted=NOON),
        lambda: Fact("likes", "tea", purposes=("whatever you may like to do",), noted=NOON),
        lambda: Fact("likes", "tea", purposes=("service",), weight=0, noted=NOON),
        lambda: Proposition(""),
        lambda: propose([Proposition("a"), Proposition("a")], []),
        lambda: propose([Proposition("a", price="1 EUR"), Proposition("b", price="1 MXN")], []),
        lambda: propose([Proposition("a")], [], {"late": 0}),
        lambda: CarePolicy(prospect_days=0),
    ],
)
def test_bad_values_are_refused(make):
    with pytest.raises(ValueRefused):
        make()


WORDS = st.sampled_from("abcdef")
OFFERS = st.lists(
    st.builds(
        lambda number, suits, against, conflicts, delivered: Proposition(
            f"P{number}", suits=suits, against=against, conflicts=conflicts, delivered=delivered
        ),
        st.integers(0, 99), st.sets(WORDS, max_size=3), st.sets(WORDS, max_size=3), st.sets(WORDS, max_size=1),
        st.booleans(),
    ),
    max_size=6, unique_by=lambda each: each.name,
)  # fmt: skip


@given(OFFERS, st.dictionaries(WORDS, st.integers(1, 5)), st.integers(1, 6))
def test_each_proposition_is_in_one_place_and_only_what_fits_is_proposed(offers, context, least):
    found = propose(offers, [], context, least=least)
    names = [each.name for part in (found.proposed, found.excluded, found.others) for each in part]
    assert sorted(names) == sorted(each.name for each in offers)
    for each in found.proposed:
        assert each.score >= least
        assert each.proposition.delivered
        assert not set(each.proposition.conflicts) & set(context)
    scores = [each.score for each in found.proposed]
    assert scores == sorted(scores, reverse=True)


def test_awaited_it_is_the_same(tmp_path):
    async def told():
        journal = AsyncSqlJournal(f"sqlite:///{tmp_path}/care.db")
        loyalty = AsyncLoyalty(shop(), journal)
        care = AsyncCare(loyalty)
        await care.meet("p", source="fair", now=NOON)
        await care.meet("q", source="fair", now=NOON)
        await care.consent("p", "service", key="c", now=NOON)
        await care.know("p", "likes", "tea", purposes=("service",), weight=3, key="1", now=NOON)
        await care.know("p", "likes", "mate", purposes=("service",), key="2", now=NOON)
        await care.forget("p", "2")
        await care.notice_need("p", "sleep better", purposes=("service",), words="awake", key="n", now=NOON)
        await care.offer_solution("p", "n", "tea", now=NOON)
        await care.solution_outcome("p", "n", "tea", "solved", now=NOON)
        await loyalty.enroll("eva", now=NOON)
        await care.join("p", "eva", now=NOON)
        proposals = await care.propose("eva", [Proposition("pot", suits="tea")], at=NOON)
        sent = await care.audience("service", ["eva", "q"], at=NOON)
        gone = (await care.settle(NOON + 180 * DAY)).let_go
        needs = await care.needs("eva")
        await journal.close()
        return (
            [each.name for each in proposals.proposed],
            sent.sent_to,
            [each.prospect for each in gone],
            needs["n"].state,
        )

    assert asyncio.run(told()) == (["pot"], ("eva",), ["q"], "solved")


def test_the_day_of_letting_go_is_told(care):
    assert care.meet("eva", source="fair", now=local("01-15 10:00")).until == date(2026, 7, 14)
