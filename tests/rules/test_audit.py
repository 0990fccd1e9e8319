"""The audit: the class of evaluation with the clause that causes it, and what a careful reader would ask about."""

from __future__ import annotations

from datetime import date

import pytest

from fidelity.language.declare import Fields, flag
from fidelity.language.fields import lines, member, purchase, redemption
from fidelity.language.opaque import opaque
from fidelity.rules.earning.amounts import points, times
from fidelity.rules.earning.limits import Cap
from fidelity.rules.earning.measures import Measure, count, total
from fidelity.rules.earning.rules import EarnRule, Group, Wallet
from fidelity.rules.published import Waiver
from fidelity.rules.rewards.discounts import Discount, off
from fidelity.rules.rewards.reward import FilterBudget, Reward
from fidelity.rules.tiers.tier_set import Tier, TierSet, relationship
from tests.rules.programs import BASE, Flight, program, rule

DINING = Measure("dining", total(purchase.amount), over="calendar quarter")
MONTH = "calendar month"


def levels(counts, **parts):
    over = None if isinstance(counts, Measure) else "12 months"
    return TierSet([Tier("Bronze"), Tier("Gold", at=200, **parts)], counts=counts, over=over)


@pytest.mark.parametrize(
    ("letter", "because", "parts"),
    [
        ("A", (), {}),
        ("A", (), {"earn": [rule(when=purchase.amount >= 5)], "rewards": [Reward("mug", cost=5)]}),
        ("A", (), {"earn": [Group("g", [BASE], cap=Cap(5))]}),
        ("A", (), {"earn": [BASE], "tiers": levels("points earned")}),
        ("A", (), {"earn": [BASE], "measures": [DINING]}),
        ("B", ("earn[0].limit",), {"earn": [rule(limit="once a day")]}),
        ("B", ("earn[1].limit",), {"earn": [BASE, EarnRule("x", times(2, of="base"), limit="once")]}),
        ("B", ("earn[0].cap",), {"earn": [rule(cap=Cap(5, per=MONTH))]}),
        ("B", ('group "g".cap',), {"earn": [Group("g", [BASE], cap=Cap(5, per=MONTH))]}),
        ("B", ("cap",), {"earn": [BASE], "cap": Cap(5, per=MONTH)}),
        ("B", ("earn[0].when",), {"earn": [rule(when=DINING < 100)], "measures": [DINING]}),
        ("B", ("tiers.counts",), {"earn": [BASE], "tiers": levels("spend", earns=2)}),
        ("B", ("tiers.counts",), {"earn": [rule(when=member.tier == "Gold")], "tiers": levels("purchases")}),
        ("C", ("earn[0].cap",), {"earn": [rule(cap=Cap(5, per=MONTH, exceeded="reject"), limit="once")]}),
        ("C", ('group "g".cap',), {"earn": [Group("g", [BASE], cap=Cap(5, per=MONTH, exceeded="reject"))]}),
        ("C", ("cap",), {"earn": [BASE], "cap": Cap(5, per=MONTH, exceeded="reject")}),
        ("C", ("tiers.counts (points earned decide the tier that decides points)",),
         {"earn": [BASE], "tiers": levels("points earned", earns=2)}),
    ],
)  # fmt: skip
def test_the_class_of_evaluation_is_told_with_the_clause_that_causes_it(letter, because, parts):
    parts = {"earn": [BASE], **parts}
    audit = program(*parts.pop("earn"), **parts).audit()

    assert (audit.evaluation_class, audit.because) == (letter, because)
    assert f"class {letter} (" in str(audit)


def codes(made):
    return [(each.path, each.code, each.severity) for each in made.audit().findings]


def test_a_plain_program_leaves_little_to_ask():
    made = program(BASE, rewards=[Reward("mug", cost=5)])

    assert made.audit().findings == ()
    assert "nothing else to ask about" in str(made.audit())


@pytest.mark.parametrize(
    ("finding", "parts"),
    [
        (("filter_budget", "raised budget", "warning"),
         {"filter_budget": FilterBudget(3, reason="a rented terrace", signed="E. Roca", on=date(2026, 1, 1))}),
        (("rewards[0]", "idle filter", "note"), {"rewards": [Reward("mug", cost=5, minimum_balance=3)]}),
        (("earn[0].when", "not analysed", "warning"), {"earn": [rule(when=opaque("secret", lambda _: True))]}),
        (("earn[0]", "dead rule", "warning"), {"earn": [rule(when=(purchase.amount >= 5) & (purchase.amount < 5))]}),
        (("earn[0].when", "parity", "warning"), {"earn": [rule(when=member.tenure_days < 30)]}),
        (("discounts[0].when", "parity", "warning"),
         {"discounts": [Discount("d", off("50 %"), when=member.tenure_days < 30)]}),
        (("rewards[0].when", "parity", "warning"), {"rewards": [Reward("mug", cost=5, when=member.tenure_days < 30)]}),
        (("earn[0].when", "parity", "warning"), {"earn": [rule(when=(purchase.amount > 5) & (member.tenure_years == 0))]}),
        (("wallets", "undeclared wallet", "note"), {"earn": [rule(wallet="stamps")]}),
        (("waivers", "waiver", "warning"), {"waivers": [Waiver("P4", reason="r", signed="s", on=date(2026, 1, 1))]}),
        (("rewards", "no rewards", "note"), {"rewards": []}),
        (("tiers", "tier order", "warning"), {"tiers": TierSet([Tier("A", earns=2), Tier("B", at=5)], counts="visits", over="12 months")}),
        (("tiers.counts", "buying alone", "note"), {"tiers": levels("spend")}),
    ],
)  # fmt: skip
def test_a_careful_reader_s_questions_are_findings_with_a_place(finding, parts):
    parts = {"earn": [BASE], **parts}

    assert finding in codes(program(*parts.pop("earn"), **parts))


def test_a_field_that_does_not_say_how_members_come_by_it_is_a_finding():
    class Vague(Fields, of="member"):
        vip = flag(default=False)

    assert ("earn[0].when", "undeclared", "warning") in codes(program(rule(when=Vague.vip), fields=[Vague]))


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("discounts[0].when", lambda vague, _: {"discounts": [Discount("d", off("5 %"), when=vague)]}),
        ("discounts[0].of", lambda _, odd: {"discounts": [Discount("d", off("5 %", of=lines(odd).amount))]}),
        ("rewards[0].of", lambda _, odd: {"rewards": [Reward("d", cost=5, off=off("5 %", of=lines(odd).amount))]}),
    ],
)
def test_a_discount_is_a_door_like_any_other(path, parts):
    class Vague(Fields, of="member"):
        vip = flag(default=False)

    class Odd(Fields, of="line"):
        odd = flag(default=False)

    assert (path, "undeclared", "warning") in codes(program(BASE, fields=[Vague, Odd], **parts(Vague.vip, Odd.odd)))


def test_warnings_come_first_and_each_is_a_line():
    made = program(rule(when=member.tenure_days < 30, wallet="stamps"), tiers=levels("spend"))
    found = made.audit().findings

    assert [each.severity for each in found] == sorted((each.severity for each in found), reverse=True)
    assert all(str(each) in str(made.audit()) for each in found)


def test_what_pays_for_spending_alone_is_told_as_a_share():
    rules = [
        BASE,
        EarnRule("opinion", points(20), on="feedback"),
        rule(when=member.tenure_years >= 1),
        rule(name="card", message="a card"),
    ]

    assert program(*rules).audit().transactional_share == 0.25


def test_a_relationship_score_and_visits_see_the_person():
    for counts in (relationship(purchases=1, tenure=1), "visits", Measure("flown", count(Flight), over="ever")):
        measures = [counts] if isinstance(counts, Measure) else []
        made = program(BASE, tiers=levels(counts), measures=measures, events=[Flight])
        assert "buying alone" not in [each.code for each in made.audit().findings]


def test_a_declared_wallet_is_no_finding():
    made = program(
        rule(wallet="stamps"), wallets=[Wallet("stamps")], rewards=[Reward("mug", cost=5, when=redemption.hour > 5)]
    )

    assert made.audit().findings == ()
