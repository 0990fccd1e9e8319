"""What a program promises is proved or refuted with the two members who show it, waived by a signature, and kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import fidelity as fd
from fidelity import Cap, EarnRule, Program, ProgramError, Reward, Tier, TierSet, member, points, purchase
from fidelity.errors import LanguageError, ProofError, TimeError
from fidelity.proofs.digests import Digests
from fidelity.proofs.modelling import model_of
from fidelity.proofs.obligations import obligations_of
from fidelity.proofs.proving import proved
from fidelity.proofs.report import ProofReport
from fidelity.rules import Limits, Pace, Published, Waiver
from fidelity.testing.examples import aurora, supermarket
from fidelity.wording.problems import sentence_in, untranslated

WELCOME = EarnRule("welcome", points(100), when=member.tenure_days <= 30)
BASE = EarnRule("base", points(1, per="1 EUR"))


def cafe(*rules: EarnRule, **more: object) -> Program:
    """A café with these rules."""
    told: dict[str, object] = {
        "version": "1", "currency": "EUR", "timezone": "Europe/Madrid", "earn": rules or (BASE,), "rewards": [Reward("coffee", cost=100)],
    }  # fmt: skip
    return Program("Café", **{**told, **more})  # type: ignore[arg-type]  # parts of a program


def quick(program: Program, **more: object) -> ProofReport:
    """What is known without a solver."""
    return proved(program, engines=("structure", "regions"), **more)  # type: ignore[arg-type]  # of `proved`


def waiver(rule: str = "", what: str = "P4.tenure") -> Waiver:
    """A signature."""
    return Waiver(what, rule=rule, reason="A first hello.", signed="M. Sanz", on=date(2026, 1, 7))


def test_a_welcome_gift_wrongs_the_member_of_longer_standing() -> None:
    found = quick(cafe(BASE, WELCOME))["P4.tenure"]

    assert found.status == "refuted"
    assert found.smallest
    less, more = found.cases
    assert (less.values["member.tenure_days"], more.values) == (31, {"member.tenure_days": 0})
    assert (less.comes_to, more.comes_to) == ({"points": Fraction(0)}, {"points": Fraction(100)})
    assert [(each.rule, each.less, each.more) for each in found.blamed] == [("welcome", 0, 100)]


def test_a_minor_unit_more_that_earns_less_names_the_rule_and_both_amounts() -> None:
    small = EarnRule("small basket", points(5), when=purchase.amount < "50 EUR")
    found = quick(cafe(BASE, small))["P4.amount"]

    less, more = found.cases
    assert (less.values["purchase.amount"], more.values["purchase.amount"]) == (5000, 4999)
    assert (less.comes_to, more.comes_to) == ({"points": Fraction(50)}, {"points": Fraction(54)})
    # The base rule gives more for more, so it is not to blame.
    assert [each.rule for each in found.blamed] == ["small basket"]


def test_of_a_split_purchase_both_parts_are_counted() -> None:
    every = EarnRule("each time", points(10))
    found = quick(cafe(BASE, every, limits=Limits(split=1)))["P7.split"]

    parts, whole = found.cases
    assert (parts.name, whole.name) == ("parts", "whole")
    assert parts.comes_to["points"] - whole.comes_to["points"] == 10
    assert [(each.rule, each.less, each.more) for each in found.blamed] == [("each time", 20, 10)]


def test_what_is_published_is_held_against_what_is_computed() -> None:
    found = quick(cafe(published=[Published("two a euro", "purchase.amount // 1 EUR * 2")]))["P8.promise:two a euro"]

    assert found.status == "refuted"
    assert found.about == "two a euro"
    assert found.cases[0].comes_to == {"computed": 1, "published": 2}


def test_a_waiver_covers_its_rule_and_no_other() -> None:
    second = EarnRule("early days", points(7), when=member.tenure_days <= 5)

    alone = quick(cafe(BASE, WELCOME, waivers=[waiver("welcome")]))
    both = quick(cafe(BASE, WELCOME, second, waivers=[waiver("welcome")]))

    assert alone["P4.tenure"].status == "waived"
    assert alone["P4.tenure"].witness is not None
    assert alone.holds
    assert both["P4.tenure"].status == "refuted"
    assert not both.holds


def test_a_waiver_of_the_property_covers_every_rule() -> None:
    second = EarnRule("early days", points(7), when=member.tenure_days <= 5)

    assert quick(cafe(BASE, WELCOME, second, waivers=[waiver()]))["P4.tenure"].status == "waived"


def test_a_waiver_of_what_holds_is_told_as_not_needed() -> None:
    report = quick(cafe(waivers=[waiver("base", "P4.amount")]))

    assert report["P4.amount"].status == "proved"
    assert [each.property for each in report.idle_waivers] == ["P4.amount"]
    assert "The waiver of P4.amount is not needed" in report.explain()


@pytest.mark.parametrize("what", ["P1", "P1.membership", "P1.fee:coffee"])
def test_paid_access_cannot_be_waived(what: str) -> None:
    with pytest.raises((LanguageError, ProgramError), match="cannot be waived"):
        waiver(what=what)


def test_the_examples_hold_whatever_engines_are_asked() -> None:
    assert quick(aurora()).holds
    assert [each.id for each in quick(supermarket()).waived] == ["P8.promise:one point a euro"]


def test_exit_codes_say_what_was_found() -> None:
    refuted, held = quick(cafe(BASE, WELCOME)), quick(cafe())
    nobody = proved(cafe(BASE, WELCOME), engines=())

    assert (held.exit_code(), refuted.exit_code(), nobody.exit_code()) == (0, 1, 2)
    assert (refuted.exit_code(["unknown"]), nobody.exit_code(["refuted"])) == (0, 0)
    assert all(each.status != "proved" or each.how == "constant" for each in nobody.findings)


# -- what is known before


def test_what_has_not_changed_is_not_proved_again() -> None:
    first = quick(cafe(BASE, WELCOME))
    again = quick(cafe(BASE, WELCOME), known=json.loads(first.to_json())["decided"])

    assert all(each.kept for each in again.findings)
    assert [(each.id, each.status, each.cases) for each in again.findings] == [
        (each.id, each.status, each.cases) for each in first.findings
    ]


def test_only_what_reads_the_changed_rule_is_proved_again() -> None:
    tiers = TierSet([Tier("green", at=0), Tier("gold", at=500)], counts="points earned", over="12 months")
    old = quick(cafe(BASE, tiers=tiers))
    new = quick(cafe(EarnRule("base", points(2, per="1 EUR")), tiers=tiers), known=old.decided)

    kept = {each.id: each.kept for each in new.findings}
    assert kept["P9.tier_reach:gold"]
    assert kept["P1.fee:coffee"]
    assert not kept["P4.amount"]
    assert new["P4.amount"].status == "proved"


def test_a_false_witness_in_a_baseline_is_not_believed() -> None:
    first = json.loads(quick(cafe(BASE, WELCOME)).to_json())
    for each in first["decided"].values():
        if each["status"] == "refuted":
            each["witness"] = dict.fromkeys(each["witness"], 0)

    again = quick(cafe(BASE, WELCOME), known=first["decided"])

    assert not again["P4.tenure"].kept
    assert again["P4.tenure"].status == "refuted"


def test_what_another_release_decided_is_asked_again() -> None:
    first = quick(cafe(), release="1")

    assert not any(each.kept for each in quick(cafe(), release="2", known=first.decided).findings)


def test_a_digest_says_what_is_asked_and_not_what_it_is_called() -> None:
    one, other = (obligations_of(model_of(cafe(EarnRule(name, points(1, per="1 EUR"))))) for name in ("a", "b"))
    digests, fresh = Digests(), Digests()

    assert [digests.of(each) for each in one] == [fresh.of(each) for each in other]
    changed = obligations_of(model_of(cafe(EarnRule("a", points(1, per="2 EUR")))))
    amounts = [next(each for each in asked if each.id == "P4.amount") for asked in (one, changed)]
    assert digests.of(amounts[0]) != digests.of(amounts[1])


def test_a_file_that_is_no_report_is_refused(tmp_path) -> None:
    file = tmp_path / "proofs.json"
    file.write_text("{", encoding="utf-8")
    with pytest.raises(ProofError, match="no JSON"):
        fd.prove(cafe(), baseline=file)
    with pytest.raises(ProofError, match="no report of proofs"):
        fd.prove(cafe(), baseline={"format": "else"})


def test_a_baseline_is_a_report_a_dict_or_a_file_that_may_not_be_there_yet(tmp_path) -> None:
    engines, file = ("structure",), tmp_path / "proofs.json"
    first = fd.prove(cafe(), engines=engines, baseline=file)
    file.write_text(first.to_json(), encoding="utf-8")

    assert not any(each.kept for each in first.findings)
    for baseline in (first, first.to_dict(), file, str(file)):
        again = fd.prove(cafe(), engines=engines, baseline=baseline)
        assert [each.kept for each in again.findings] == [each.status != "unknown" for each in first.findings]


# -- what is said


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "en",
            (
                "✗ Refuted: P4.tenure. A longer relationship never earns less for the same.",
                "Who loses: the member of longer standing. Here it is 100 points.",
                "Ana: days as a customer 31",
                "Luis: the same, but days as a customer 0 → 100 points",
                "Cause: the rule “welcome” gives 0 points to Ana and 100 points to Luis (it applies if",
                "30 days",
                "This is the smallest case.",
                "What to do: give members of longer standing the same gift",
            ),
        ),
        (
            "es",
            (
                "✗ Refutada: P4.tenure. Una relación más larga nunca gana menos por lo mismo.",
                "Quién pierde: el miembro más antiguo. Aquí la diferencia es de 100 puntos.",
                "Ana: días como cliente 31",
                "Luis: lo mismo, pero días como cliente 0 → 100 puntos",
                "Causa: la regla «welcome» da 0 puntos a Ana y 100 puntos a Luis (vale si",
                "30 días",
                "Este es el caso más pequeño.",
                "Qué hacer: dar el mismo regalo a los miembros antiguos",
            ),
        ),
    ],
)
def test_a_refutation_tells_who_loses_why_and_what_to_do(language: str, sentences: tuple[str, ...]) -> None:
    said = quick(cafe(BASE, WELCOME)).explain(language)

    assert [each for each in sentences if each not in said] == []


def test_money_is_told_as_money() -> None:
    small = EarnRule("small basket", points(5), when=purchase.amount < "50 EUR")
    said = quick(cafe(BASE, small)).explain()

    assert "Luis: the same, but amount €49.99 → 54 points" in said
    assert "Who loses: who pays €0.01 more. Here it is 4 points." in said


def test_a_door_that_shuts_is_told_as_one_and_no_earning_rule_is_blamed() -> None:
    cake = Reward("cake", cost=50, when=[member.tenure_days < 100])
    report = quick(cafe(BASE, WELCOME, rewards=[cake]))
    found = report["P4.access.tenure:cake"]

    assert [each.comes_to for each in found.cases] == [{"door": 0}, {"cost": 50}]
    assert found.blamed == ()
    said = report.explain()
    assert "Ana: days as a customer 100 → can have it: no" in said
    assert "Cause: “cake” can be had only if you have been a customer for less than 100 days." in said
    assert "Causa: «cake» solo se puede tener si llevas menos de 100 días como cliente." in report.explain("es")


def test_what_was_stated_stands_beside_what_is() -> None:
    limits = Limits(split=1, event_points=60, period_points=90, period_events=2)
    told = {"limits": limits, "pace": Pace("30 days", event={"purchase.amount": "10 EUR"}), "expiry": "30 days"}
    said = quick(cafe(EarnRule("base", points(1, per="1 EUR")), EarnRule("each", points(10)), **told)).explain()

    assert "→ 61 points, stated at most: 60 points" in said
    assert "each time: 46 points, times in the period: 2, points in the period: 92 points, stated at most: 90" in said
    assert "highest balance: 40 points, cheapest reward: 100 points" in said
    assert "who buys at once: in two parts the same goods give more." in said
    assert "Here the difference is 10 points; at most 1 point was stated." in said


def test_what_a_period_is_is_told_where_a_cap_bounds_it() -> None:
    capped = quick(cafe(cap=Cap(100, per="calendar day"), limits=Limits(period_points=200)))

    assert capped["P10.period"].status == "proved"
    assert "- A period is the time over which the cap of the program counts." in capped.explain()
    assert "Un periodo es el tiempo en que cuenta el tope del programa." in capped.explain("es")
    assert "A period is" not in quick(cafe()).explain()


def test_who_loses_by_a_split_is_who_gets_less() -> None:
    big = EarnRule("big basket", points(10), when=purchase.amount >= "100 EUR")

    assert (
        "who buys in two parts: at once the same goods give more." in quick(cafe(big, limits=Limits(split=1))).explain()
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"engines": "structure"}, "engines are a list of names"),
        ({"engines": None}, "engines are a list of names"),
        ({"engines": ("oracle",)}, "there is no engine 'oracle'"),
        ({"seconds": 0}, "seconds= is a number of seconds above 0"),
        ({"seconds": float("nan")}, "seconds= is a number of seconds above 0"),
        ({"seconds": float("inf")}, "seconds= is a number of seconds above 0"),
        ({"seconds": "1"}, "seconds= is a number of seconds above 0"),
        ({"seconds": True}, "seconds= is a number of seconds above 0"),
    ],
)
def test_what_cannot_be_asked_is_refused(asked: dict[str, Any], said: str) -> None:
    for ask in (lambda: fd.prove(cafe(), **asked), lambda: fd.diff(cafe(), cafe(), **asked)):
        with pytest.raises(ProofError, match=said) as caught:
            ask()
        assert untranslated("es", caught.value.message) == ()


@pytest.mark.parametrize("strange", ["program.toml", None, {"name": "Café"}])
def test_what_is_no_program_is_refused(strange: Any) -> None:
    for ask in (fd.prove, partial(fd.diff, cafe()), lambda each: fd.diff(each, cafe())):
        with pytest.raises(ProofError, match="is no program; give a Program"):
            ask(strange)


SPOILED: list[Callable[[dict[str, Any]], object]] = [
    lambda kept: kept.pop("status"),
    lambda kept: kept.update(status="banana"),
    lambda kept: kept.update(status="unknown"),
    lambda kept: kept.update(status="refuted" if kept["status"] == "proved" else "proved"),
    lambda kept: kept.update(how="by magic"),
    lambda kept: kept.update(witness=[1], values={}),
    lambda kept: kept.update(witness={}),
    lambda kept: kept.update(witness=dict.fromkeys(kept["witness"] or {"": 0}, "zz")),
    lambda kept: kept.update(witness=kept["witness"] and dict.fromkeys(kept["witness"], -1)),
    lambda kept: kept.update(values={"points": "zz"}),
    lambda kept: kept.update(values={"points (lower tenure)": 7}),
]


@pytest.mark.parametrize("spoil", SPOILED)
def test_a_spoiled_baseline_makes_nothing_otherwise(spoil: Callable[[dict[str, Any]], object]) -> None:
    program = cafe(BASE, WELCOME)
    fresh = quick(program)
    kept = json.loads(fresh.to_json())["decided"]
    for each in kept.values():
        spoil(each)

    again = quick(program, known=kept)

    assert [(each.id, each.status, each.witness, each.cases) for each in again.findings] == [
        (each.id, each.status, each.witness, each.cases) for each in fresh.findings
    ]


def test_a_baseline_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProofError, match="cannot be read"):
        fd.prove(cafe(), baseline=tmp_path)


def test_a_waiver_of_a_rule_that_is_not_behind_it_covers_nothing_and_says_so() -> None:
    report = quick(cafe(BASE, WELCOME, waivers=[waiver("base")]))

    assert report["P4.tenure"].status == "refuted"
    assert "The waiver of P4.tenure for “base” covers nothing" in report.explain()
    assert "no cubre nada" in report.explain("es")
    assert "covers nothing" in report.to_html()
    assert "Every promise that was asked about holds" not in report.to_html()
    assert "Every promise that was asked about holds" in quick(cafe()).to_html()


def test_a_check_fails_on_what_is_refuted_or_unknown_and_on_nothing_else() -> None:
    report = quick(cafe(BASE, WELCOME))

    assert [report.exit_code(each) for each in (("refuted",), ("unknown",), ())] == [1, 0, 0]  # type: ignore[arg-type]  # of two
    with pytest.raises(ProofError, match='"banana" is nothing to fail on'):
        report.exit_code(("banana",))  # type: ignore[arg-type]  # that is the point


def test_the_day_of_a_waiver_is_a_day() -> None:
    signed = Waiver("P4.tenure", reason="A first hello.", signed="M. Sanz", on="2026-01-07")  # type: ignore[arg-type]  # read

    assert signed.on == date(2026, 1, 7)
    with pytest.raises(TimeError, match="is not a day"):
        Waiver("P4.tenure", reason="A first hello.", signed="M. Sanz", on="2026-13-01")  # type: ignore[arg-type]  # read


@pytest.mark.parametrize("given", [points(1, per="1 EUR"), fd.rate(1)])
def test_what_is_promised_is_a_formula_and_not_what_a_rule_gives(given: Any) -> None:
    for state in (lambda: Published("a rate", given), lambda: cafe(base_benefit=given)):
        with pytest.raises(LanguageError, match="is what a rule gives; say what is promised as a formula") as caught:
            state()
        assert untranslated("es", caught.value.message) == ()


def test_one_point_is_one_point_in_every_language() -> None:
    said = quick(cafe(base_benefit="purchase.amount // 1 EUR + 1")).explain("es-MX")

    assert "Aquí la diferencia es de 1 punto." in said


def test_mexico_says_costo() -> None:
    announced = quick(cafe(rewards=[Reward("coffee", cost=100, published_cost=90)]))

    assert "El costo publicado de «coffee» es el costo." in announced.explain("es-MX")
    assert "El coste publicado de «coffee» es el coste." in announced.explain("es")


REASONS = [
    "not decided after 12 cells", "several variables are tied together over many periods", "bounds do not tell",
    "the work that one question may cost is done", "the numbers are too large for regions",
    "4097 remainders are more than 4096", "z3: no answer within 10 seconds", "z3: timeout",
    "z3: its process died, of memory perhaps", 'the function "odd" is Python, and nothing can be proved of it',
    "a sum over lines stands where it cannot be taken for one number", "cap.base is not declared",
    "no engine multiplies two numbers that are both open", "no engine reasons about Opaque as a condition",
    "nothing limits how many events a period has, nor what they give together",
    "some points fade between two events of the pace, and nobody counts what is left of them",
    "3 of 4 filters keep somebody out whom the others let in, and 1 may; of 1 more nobody can tell",
    "member.at is read beside the local date, and no engine knows the place",
]  # fmt: skip


@pytest.mark.parametrize("why", REASONS)
def test_why_nobody_knows_is_said_in_spanish_too(why: str) -> None:
    assert sentence_in("es", why) != why or why.startswith("z3: timeout")
    assert untranslated("es-MX", why) == ()


def test_an_unknown_gives_its_reason_in_the_language_of_the_report() -> None:
    said = quick(cafe(limits=Limits(period_points=10))).explain("es")

    assert "nada limita cuántos eventos tiene un periodo ni lo que dan juntos" in said


@pytest.mark.parametrize("language", ["en", "es", "es-MX"])
@pytest.mark.parametrize("make", [aurora, supermarket, lambda: cafe(BASE, WELCOME, waivers=[waiver("welcome")])])
def test_the_page_holds_what_the_text_says(make: Callable[[], Program], language: str) -> None:
    report = quick(make())
    page = report.to_html(language)

    assert page.startswith("<!DOCTYPE html>")
    assert all(each.id.replace("'", "&#x27;") in page for each in report.findings)
    assert "http" not in page


def test_a_page_escapes_what_the_program_says() -> None:
    page = quick(cafe(EarnRule("<script>x</script>", points(1)))).to_html()

    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_waiver_is_shown_with_who_signed_when_and_why() -> None:
    said = quick(cafe(BASE, WELCOME, waivers=[waiver("welcome")])).explain()

    assert "~ Waived: P4.tenure" in said
    assert "Signed by M. Sanz on 7 January 2026: “A first hello.”" in said


def test_json_holds_the_whole_report() -> None:
    told = json.loads(quick(cafe(BASE, WELCOME)).to_json())

    assert told["format"] == "fidelity proofs 1"
    assert told["counts"]["refuted"] == 1
    assert not told["holds"]
    (refuted,) = [each for each in told["findings"] if each["status"] == "refuted"]
    assert refuted["witness"] == {"member.tenure_days": 31, "member.tenure_days'": 0} or refuted["witness"]
    assert refuted["digest"] in told["decided"]


# -- what is assumed


def test_what_is_assumed_is_counted_on_and_told() -> None:
    small = EarnRule("small basket", points(5), when=purchase.amount < "50 EUR")
    free, bound = quick(cafe(BASE, small)), quick(cafe(BASE, small, assume=[purchase.amount < "50 EUR"]))

    # One cent more than the last amount that is assumed is no purchase of this program.
    assert (free["P4.amount"].status, bound["P4.amount"].status) == ("refuted", "proved")
    assert bound["P9.assume"].status == "proved"
    assert "The program states of every event: the purchase comes to less than €50.00." in bound.explain()
    assert "la compra es de menos de 50,00 €" in bound.explain("es")


def test_a_whole_purchase_is_as_assumed_when_it_is_split() -> None:
    first = EarnRule("large", points(500), when=purchase.amount >= "60 EUR")
    limits = Limits(split=1)

    assert quick(cafe(BASE, first, limits=limits))["P7.split"].status == "refuted"
    bound = quick(cafe(BASE, first, limits=limits, assume=[purchase.amount < "60 EUR"]))
    assert bound["P7.split"].status == "proved"


def test_assumptions_that_contradict_each_other_are_refuted_and_prove_nothing_in_silence() -> None:
    # No single box sees that these exclude each other.
    odd = [purchase.amount // "1 EUR" == 3, purchase.amount // "2 EUR" == 3]
    report = quick(cafe(assume=odd))

    assert report["P9.assume"].status == "refuted"
    assert not report.holds


def test_the_worth_of_a_point_and_the_events_of_a_period_are_stated_in_the_limits() -> None:
    limits = Limits(point_value="0.01 EUR", event_points=900, period_points=1_000, period_events=3)
    report = quick(cafe(BASE, assume=[purchase.amount <= "400 EUR"], limits=limits))

    assert report["P7.yield"].status == "proved"
    assert report["P10.event"].status == "proved"
    assert report["P10.period"].cases[0].comes_to["points in period"] == 1_002
