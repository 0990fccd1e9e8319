"""The report: its figures are the library's, its words are in two languages, and what people wrote is never markup."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

import attrs
import numpy as np
import pandas as pd
import polars as pl
import pytest

import fidelity as fd
from fidelity.care.worth import PointWorth
from fidelity.errors import MetricError, ValueRefused
from fidelity.journals import JournalInMemory
from fidelity.journey import Journey, Touchpoint
from fidelity.metrics import active_rate, ces, csat, nps, repeat_rate
from fidelity.reports import Promotion
from fidelity.reports.words_en import WORDS as EN
from fidelity.reports.words_es import MEXICO
from fidelity.reports.words_es import WORDS as ES
from fidelity.wording.phrasebook import LANGUAGES, WordingError
from tests.reports.pages import START, Page, answers, cafe, log
from tests.scenarios import scenario

EVIL = "<script>alert(1)</script>"
LETTER = Promotion(
    name="letter", buyers=2_000, invited=10_000, others=1_700, uninvited=10_000, margin="60 MXN", cost="13000 MXN"
)
MAP = Journey("café", [Touchpoint(name="counter", stage="purchase", area="bar", loyalty=5, experience=4)])


@pytest.fixture(scope="module")
def made():
    return fd.report(cafe(), log(), feedback=answers(), journey=MAP, promotions=[LETTER], before=cafe(version="0"))


def test_the_figures_of_points_and_members_are_those_of_the_replay(made):
    page, books = Page(made.html), fd.replay(cafe(), log())

    for name in ("issued", "redeemed", "expired", "reversed", "settled"):
        assert int(page.figures[f"points.points.{name}"]) == books.totals["points"][name]
    left = sum(books.totals["points"][name] for name in ("available", "pending", "held"))
    assert int(page.figures["points.outstanding"]) == left == books.liability["outstanding"][-1]
    assert int(page.figures["members.count"]) == books.members == 3
    for row, month in enumerate(books.liability["month"].astype("M8[M]").astype(str)):
        for name in ("issued", "redeemed", "expired", "outstanding"):
            assert int(page.figures[f"month.points.{month}.{name}"]) == books.liability[name][row]
    tiers = books.standing["tier"].tolist()
    assert {name: int(page.figures[f"members.tier.{name}"]) for name in ("Friend", "Family")} == {
        name: tiers.count(name) for name in ("Friend", "Family")
    }
    ends = {name: int(each) for name, each in page.figures.items() if name.startswith("points.ends.")}
    assert sum(ends.values()) == books.lots["left"].sum() == left
    # 20 points are worth 2 euros as coffee, 50 are worth 6 as cake.
    assert int(page.figures["points.worth"]) == left * 600 // 50
    assert int(page.figures["points.ready"]) == (books.balances["available"] >= 20).sum()


def test_the_figures_of_people_and_answers_are_those_of_the_metrics(made):
    page, told, said = Page(made.html), log(), answers()
    bought = np.array(told["kind"]) == "purchase"
    who, at = np.array(told["member"])[bought], told["at"][bought]
    last = fd.replay(cafe(), told).until.replace(tzinfo=None)

    assert float(page.figures["members.repeat"]) == repeat_rate(who).value
    assert float(page.figures["members.active"]) == active_rate(sorted(set(who)), who, at, until=last, within=90).value
    assert float(page.figures["experience.nps"]) == nps(said["nps"]).value
    assert float(page.figures["experience.csat"]) == csat(said["csat"]).value
    assert float(page.figures["experience.ces"]) == ces([each for each in said["ces"] if each is not None]).value
    by = csat(said["csat"], by=said["contact"])
    assert {name: float(page.figures[f"experience.csat.{name}"]) for name in by} == {
        name: each.value for name, each in by.items()
    }
    assert made.figures["experience.nps"] == nps(said["nps"]).value


def test_the_share_for_purchases_alone_is_what_purchases_gave_of_what_was_issued(made):
    books = fd.replay(cafe(), log())
    bought = books.points[np.array(log()["kind"]) == "purchase"].sum()

    assert made.figures["share.points"] == bought / books.totals["points"]["issued"]
    assert made.figures["share.purchase"] == bought


def test_every_promise_of_the_program_is_on_the_page():
    program = fd.Program(
        "Fair?", version="1", currency="EUR", timezone="Europe/Madrid",
        earn=[fd.EarnRule("new", fd.points(10), when=fd.member.tenure_days < 30), fd.EarnRule("x", fd.points(1, per="1 EUR"))],
    )  # fmt: skip
    page, proofs = Page(fd.report(program).html), fd.prove(program)

    assert proofs.refuted
    for status in ("proved", "refuted", "unknown", "waived"):
        assert int(page.figures[f"proofs.{status}"]) == len(proofs.having(status))
    assert EN["tone.bad"] in page.said
    assert "Not kept" in page.said


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_words_are_there_in_each_language(language):
    made = fd.report(
        cafe(), log(), feedback=answers(), journey=MAP, promotions=[LETTER], before=cafe(version="0", points=2),
        language=language,
    )  # fmt: skip
    page = Page(made.html)

    assert page.having("html")[0]["lang"] == language == made.language
    assert not set("{}") & set(page.said)
    if language.startswith("es"):
        for word in ("report for", "members", "Promises", "The program"):
            assert word not in page.said


def test_both_languages_say_the_same_things():
    parts = re.compile(r"{(\w+)}")
    assert set(EN) == set(ES)
    assert {key: set(parts.findall(each)) for key, each in EN.items()} == {
        key: set(parts.findall(ES[key])) for key in EN
    }
    assert all(set(parts.findall(each)) == set(parts.findall(ES[key])) for key, each in MEXICO.items())


def test_what_people_wrote_is_text_and_never_markup():
    program = cafe(EVIL, rule=f"rule {EVIL}", reward=f"reward {EVIL}", tier=f"tier {EVIL}", version=EVIL)
    old = cafe(EVIL, rule=f"rule {EVIL}", reward=f"reward {EVIL}", tier=f"tier {EVIL}", version="0", points=2)
    touchpoint = Touchpoint(
        name=EVIL, stage=f"stage {EVIL}", area=EVIL, channel=EVIL, owners=EVIL, loyalty=5, metric=EVIL, target=EVIL
    )
    evil_map = Journey(EVIL, [touchpoint], stages=[f"stage {EVIL}"], persona=EVIL, owner=EVIL)

    class Study:
        def table(self):
            return {EVIL: [EVIL], "points": [3]}

        def explain(self, language="en"):  # noqa: ARG002
            return EVIL

    made = fd.report(
        program, log(reward=f"reward {EVIL}", members=(EVIL, "eva")), feedback=answers((EVIL, "app")), journey=evil_map,
        promotions=[attrs.evolve(LETTER, name=EVIL)], before=old, study=Study(), data=[EVIL],
    )  # fmt: skip

    for html in (made.html, made.staff):
        assert "<script" not in html.lower()
        assert not Page(html).having("script")
    assert "&lt;script&gt;" in made.html


def test_nothing_is_loaded_and_the_page_is_small(made):
    for html in (made.html, made.staff):
        page = Page(html)
        assert "http" not in re.sub(r'xmlns="http://www.w3.org/2000/svg"', "", html).replace("http-equiv", "")
        assert not [each for tag in ("script", "img", "iframe", "object") for each in page.having(tag)]
        assert len(html) < 500_000
        assert "default-src 'none'" in html


def test_charts_speak_to_those_who_do_not_see_them(made):
    page = Page(made.html)
    charts = [each for each in page.having("svg") if each.get("role") == "img"]
    ids = {found["id"] for _, found in page.tags if "id" in found}

    assert len(charts) >= 8
    assert all(set(each["aria-labelledby"].split()) <= ids for each in charts)
    assert made.html.count("<figure") == made.html.count("<details><summary>The numbers behind it")


def test_headings_are_in_order_tables_have_captions_and_ids_stand_once(made):
    for html in (made.html, made.staff):
        page = Page(html)
        levels = [int(tag[1]) for tag, _ in page.headings]
        assert levels[0] == levels.count(1) == 1
        assert all(below - above <= 1 for above, below in pairwise(levels))
        assert len(page.having("caption")) == len(page.having("table"))
        assert all(each["scope"] in {"row", "col"} for each in page.having("th"))
        ids = [found["id"] for _, found in page.tags if "id" in found]
        assert len(ids) == len(set(ids))
        links = [each["href"][1:] for each in page.having("a")]
        assert set(links) <= set(ids)


def test_what_is_not_given_is_said_with_what_would_fill_it():
    page = Page(fd.report(cafe()).html)

    for each in ("--purchases", "--feedback", "care="):
        assert each in page.said
    assert not [name for name in page.figures if name.startswith("points.")]


def test_a_missing_comparison_with_competitors_is_said_at_the_top(made):
    assert EN["parity.missing"] in Page(made.html).said.partition(EN["program.lead"])[0]


def test_a_manager_reads_what_a_promotion_brought_and_not_what_was_sold():
    """CARE-41."""
    for language, money in (("en", "MX$5,000.00"), ("es-MX", "$5,000.00")):
        said = Page(fd.report(cafe(), promotions=[LETTER], language=language).html).said
        for figure in ("300", "192", "408", "1,700", money, "1,480.00", "11,480.00"):
            assert figure in said
        assert "107,000" not in said
    assert LETTER.whole_sales == (300, 192, 408)
    assert [each.minor for each in LETTER.net] == [500_000, -148_000, 1_148_000]
    assert "that it paid for itself is not" in Page(fd.report(cafe(), promotions=[LETTER]).html).said


def test_a_promotion_in_two_currencies_is_refused():
    with pytest.raises(ValueRefused, match="give both in one currency"):
        attrs.evolve(LETTER, cost="5 EUR")
    with pytest.raises(MetricError):
        attrs.evolve(LETTER, buyers=20_000)


def test_a_point_is_worth_what_the_owner_says(made):
    told = fd.report(cafe(), log(), point_worth=PointWorth(100, "5 EUR"))

    assert told.figures["points.worth"] == made.figures["points.outstanding"] * 500 // 100


def test_one_worth_is_no_range(made):
    program = attrs.evolve(cafe(), rewards=[fd.Reward("free coffee", cost=20, worth="2 EUR")])
    found = fd.report(program, log())

    assert EN["points.worth.same"] in Page(found.html).said
    assert EN["points.worth.same"] not in Page(made.html).text
    assert found.figures["points.worth"] == found.figures["points.outstanding"] * 200 // 20


def test_what_the_change_brings_is_told(made):
    same, less = Page(made.html), Page(fd.report(cafe(version="2"), before=cafe(points=2)).html)

    assert "both versions give the same" in same.said
    assert int(less.figures["diff.loses"]) > 0


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame], ids=["pandas", "polars"])
def test_dataframes_give_the_same_figures(frame, made):
    told = log() | {"at": log()["at"].astype("M8[us]")}
    table = frame(told)
    if frame is pd.DataFrame:
        table["at"] = table["at"].dt.tz_localize("UTC")
    else:
        table = table.with_columns(pl.col("at").dt.replace_time_zone("UTC"))

    found = fd.report(cafe(), table, feedback=frame(answers()))

    assert {name: each for name, each in found.figures.items() if name in made.figures} == {
        name: each for name, each in made.figures.items() if name in found.figures
    }
    assert found.figures["points.outstanding"] == made.figures["points.outstanding"]


def test_an_empty_log_is_no_history():
    empty = {"member": [], "at": np.array([], "M8[us]"), "amount": []}

    assert "--purchases" in Page(fd.report(cafe(), empty).html).said


def test_what_cannot_be_is_refused(tmp_path):
    with pytest.raises(ValueRefused, match="is no program"):
        fd.report("cafe.toml")
    with pytest.raises(WordingError):
        fd.report(cafe(), language="fr")
    with pytest.raises(MetricError, match="nps, csat, ces"):
        fd.report(cafe(), feedback={"score": [1]})
    with pytest.raises(MetricError):
        fd.report(cafe(), feedback={"nps": [11]})
    with pytest.raises(ValueRefused, match="cannot be written"):
        fd.report(cafe()).save(tmp_path / "nowhere" / "r.html")


def test_both_pages_are_saved(tmp_path, made):
    files = made.save(tmp_path / "r.html", staff=tmp_path / "s.html")

    assert [each.read_text("utf-8") for each in files] == [made.html, made.staff]
    assert "kB" in repr(made)


def test_a_simulation_stands_there_with_its_figures_and_where_they_lie():
    class Study:
        currency = "EUR"

        def table(self):
            return {
                "measure": ["margin", "uplift", "issued", "liability"],
                "today": [1_000.0, 3.0, 5_000.0, None], "today 5 %": [-200.0, 1.0, 4_000.0, None],
                "today 95 %": [2_000.0, 5.0, 6_000.0, None],
            }  # fmt: skip

        def explain(self, language="en"):
            return {"en": "One year.\n\nToday\nIt pays.\n\nAssumed:\n- nothing.", "es": "Un año."}[language[:2]]

    found = fd.report(cafe(), study=Study())
    page = Page(found.html)

    assert float(page.figures["study.today.margin"]) == found.figures["study.today.margin"] == 1_000
    for said in (
        "One year.",
        "It pays.",
        "nothing.",
        "€1,000 (\u2212\u2060€200.00 to €2,000)",
        "3% (1% to 5%)",
        "owed at the end –",
    ):
        assert said in page.said
    assert "Un año." in Page(fd.report(cafe(), study=Study(), language="es").html).said


@pytest.mark.parametrize(("names", "better", "list_"), [(("now", "new"), "now", "well"), (("now",), None, "look")])
def test_the_verdict_of_a_simulation_stands_at_the_top(names, better, list_):
    class Verdict:
        def __init__(self):
            self.better = better

    class Study:
        def __init__(self):
            self.names = names

        def table(self):
            return {}

        def explain(self, _language="en"):
            return "One leaves -€5 more.\n\nOne year."

        def compare(self, *_pair):
            return Verdict()

    top = fd.report(cafe(), study=Study()).html.split('<section id="glance"')[1].split("</section>")[0]

    assert "One leaves \u2212\u2060€5 more." in top.split("<h3>What goes well")[list_ == "well"]
    assert "One year." not in top


def test_one_member_is_told_of_as_one():
    told = {"kind": ["purchase"], "member": ["ana"], "at": [START], "id": ["1"], "purchase.amount": [500]}
    page = Page(fd.report(cafe(), told).html).said

    assert "One member bought or took part" in page
    assert "1 members" not in page


def test_rules_are_called_fair_only_where_all_are_proved():
    english, spanish = (Page(fd.report(cafe(), language=each).html).said for each in ("en", "es"))

    assert "Every rule of the program is proved fair." in english
    assert "Está demostrado que toda regla del programa es justa." in spanish
    assert "holds" not in english.split("What goes well")[1].split("The program in")[0]


@pytest.mark.parametrize("language", ["en", "es-MX"])
def test_the_paragraph_of_care_41_holds_what_was_written_down(language):
    expected = scenario("CARE-41")
    said = Page(fd.report(cafe(), promotions=[LETTER], language=language).html).said

    assert [each for each in expected["paragraph_contains"] if each not in said] == []
    assert f"{expected['would_have_bought_anyway']:,}" in said
    assert f"{expected['naive_claim']['net_mxn']:,}" not in said


def _desk():
    care = fd.Care(fd.Loyalty(cafe(), JournalInMemory()))
    care.loyalty.enroll("ana", customer_since=date(2025, 1, 1), now=START)
    return care


def test_nobody_in_hard_times_can_be_recognized():
    care = _desk()
    care.payment_missed("ana", payment="bill", due=date(2025, 12, 31), amount="100 EUR", now=START)
    made = fd.report(cafe(), care=care, until=START + timedelta(days=1))

    assert EN["hardship.few"] in Page(made.html).said
    assert "people.protected" not in made.figures
    assert "ana" not in Page(made.html).said.split()


def test_staff_are_told_how_they_are_judged_or_that_nobody_is():
    care = _desk()
    before = fd.report(cafe(), care=care, until=START + timedelta(days=1))
    care.publish_aspects({"kindness": 3, "speed": 1}, scale=(1, 5), start=date(2026, 2, 1), key="A", now=START)
    after = fd.report(cafe(), care=care, until=START + timedelta(days=60))

    assert EN["staff.judged.none"] in Page(before.staff).said
    assert "On a scale of 1 to 5" in Page(after.staff).said
    assert Page(after.staff).figures == {"aspect.kindness": "0.75", "aspect.speed": "0.25"}


@pytest.mark.parametrize(("outcome", "tone"), [("better", "good"), ("at par", "good"), ("worse", "bad")])
def test_the_comparison_with_competitors_is_told_as_it_came_out(outcome, tone):
    care = _desk()
    care.check_parity(["Café Sol"], outcome, evidence="a cup: 45 here, 46 there", key="P", now=START)
    fresh = fd.report(cafe(), care=care, until=START + timedelta(days=1))
    stale = fd.report(cafe(), care=care, until=START + timedelta(days=900))

    assert f'class="note {tone}"><p>' in fresh.html
    assert "Café Sol" in Page(fresh.html).said
    assert "is out of date by" in Page(stale.html).said
