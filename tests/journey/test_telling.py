"""Every result of a journey says itself in English and Spanish, turns into plain data, and has a picture."""

import json
import pickle
from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from fidelity import journey
from fidelity.journey import (
    Action,
    Effect,
    Feedback,
    Improvement,
    Journey,
    JourneyError,
    Need,
    Observation,
    Plan,
    Process,
    Review,
    Touchpoint,
    compare_effort,
    compare_maps,
    compare_periods,
    directly_follows,
    drivers,
    event_log,
    funnel,
    impact_from_counts,
    markov_attribution,
    measured_impact,
    mined_map,
    paths_of_log,
    profit_from_figures,
)
from fidelity.journey.telling import All, Told, figure, word
from fidelity.metrics import MetricError
from fidelity.metrics.results import Interval, Result
from fidelity.wording.phrasebook import WordingError

NAMES = ("advertisement", "first bill", "support")


def power():
    return Journey(
        "Luz",
        [
            Touchpoint(name="advertisement", stage="discovery", area="marketing", owners="Iker", loyalty=5, metric="recall", target="50 %", cost_to_serve=0.2),
            Touchpoint(name="first bill", stage="use", area="billing", loyalty=2, metric="mistakes", target="1 %", cost_to_serve=0.5),
            Touchpoint(name="support", stage="use", area="service", owners="Ana", loyalty=4, metric="solved", target=0.8, cost_to_serve=4, kind="complaint"),
        ],
        owner="Julia",
    )  # fmt: skip


def heard():
    random = np.random.default_rng(3)
    people = [f"c{place}" for place in range(60)]
    said = {name: random.integers(1, 6, 60) for name in NAMES}
    answers = Feedback(np.repeat(NAMES, 60), np.concatenate([*said.values()]), respondents=people * 3)
    stayed = dict(zip(people, (said["first bill"] >= 4).tolist(), strict=True))
    return answers, stayed, {who: float(place % 7) + 2 * each for place, (who, each) in enumerate(stayed.items())}


MEASURED = impact_from_counts(
    {"advertisement": (80, 100, 79, 100), "first bill": (86, 100, 68, 100), "support": (85, 100, 70, 100)}
)
CALL = Action(
    name="call", owner="Ana", start=date(2026, 7, 6), end=date(2026, 8, 2), hours=Fraction(125, 2),
    effect=Effect("no-shows", 12, 8, "%"), touchpoint="support",
)  # fmt: skip
PLAN = Plan("otoño", [CALL, Action(name="coffee")], capacity={"Ana": 12.5}, review=Review("quarter", date(2026, 7, 1)))
LOG = event_log(
    ["a", "a", "b", "b", "c", "c", "d", "d"], ["ad", "buy", "ad", "call", "ad", "chat", "ad", "buy"], range(8),
    channel=["tv", "web", "tv", "phone", "radio", "web", "tv", "web"], value=[0, 9.5, 0, 0, 0, 0, 0, 2], outcome=[0, 1, 0, 0, 0, 0, 0, 1],
)  # fmt: skip


def money(budget=Fraction(12_000), **options):
    projects = [
        Improvement(name="clear bill", cost=5_000, impact=5, profitability=6_000, profitability_error=500, metric="mistakes", target=1.5),
        Improvement(name="campaign", cost=4_000, impact=1, profitability=1_234.5, profitability_error=5_000, metric="recall", target="50 %"),
        Improvement(name="gift", cost=9_000, impact=2, profitability=-10, metric="joy", target=1),
    ]  # fmt: skip
    needs = [Need(name="support", satisfaction=3.2, cost=1_500, kind="complaint")]
    return power().allocate(
        budget,
        [Improvement(name=each.name, touchpoint="first bill", cost=each.cost, impact=each.impact, profitability=each.profitability,
                     profitability_error=each.profitability_error, metric=each.metric, target=each.target) for each in projects],
        needs=needs, standard=3.5, resamples=200, **options,
    )  # fmt: skip


def results():
    answers, stayed, outcome = heard()
    profits = profit_from_figures({"first bill": (1300, 600, 2, 700, 30), "support": (480.5, 100, 12, 2, 400)})
    effort = compare_effort(
        Process(name="today", steps=9, contacts=3, points=50, answers=[3, 2.5]), Process(name="new", steps=6, contacts=1, answers=[6])
    )  # fmt: skip
    way = funnel(LOG, ["ad", "buy"])
    changes = compare_periods(*LOG.split(3))
    maps = compare_maps(
        {"office": 400, "web": 250, "fax": 50}, {"office": 390, "site": 301, "fax": 5}, renamed={"web": "site"}
    )
    return [
        power().scorecard(answers, measured=MEASURED, profits=profits, plan=PLAN, segments=dict.fromkeys([f"c{n}" for n in range(50)], "new")),
        power().moments_of_truth(MEASURED), measured_impact(answers, stayed), drivers(answers, outcome, resamples=100),
        profits, money(), PLAN.check(), effort, maps, maps["fax"], mined_map(LOG), way, way["buy"], changes, changes["call"],
        directly_follows(LOG), markov_attribution(paths_of_log(LOG)), MEASURED["first bill"],
    ]  # fmt: skip


RESULTS = results()
named = pytest.mark.parametrize("found", RESULTS, ids=lambda each: type(each).__name__)


@named
def test_every_result_is_plain_data_through_and_through(found):
    told = json.loads(json.dumps(found.to_dict()))

    assert "(name=" not in json.dumps(told), "a value inside is data, and no text of its fields"


@named
def test_every_result_has_a_picture_whose_names_are_whole(found):
    pyplot = pytest.importorskip("matplotlib.pyplot", reason="outside: matplotlib, which the group test brings")

    ax = found.plot()
    ax.figure.canvas.draw()
    edges = ax.figure.bbox

    assert ax.get_title()
    for label in [*ax.get_yticklabels(), ax.title, ax.xaxis.label]:
        if not label.get_text():
            continue
        box = label.get_window_extent()
        assert box.x0 >= -1, label.get_text()
        assert box.y0 >= -1, label.get_text()
        assert box.x1 <= edges.x1 + 1, label.get_text()
    pyplot.close(ax.figure)


def test_no_result_of_the_room_is_left_without_a_picture():
    offered = [each for each in vars(journey).values() if isinstance(each, type) and issubclass(each, Result)]

    assert [each.__name__ for each in offered if each._draw is Result._draw] == []
    assert {type(each) for each in RESULTS} >= {each for each in offered if issubclass(each, Told)}


@pytest.mark.parametrize(
    "found", [each for each in RESULTS if isinstance(each, Told)], ids=lambda each: type(each).__name__
)
@pytest.mark.parametrize("language", ["en", "en-US", "es", "es-ES", "es-MX"])
def test_every_table_has_its_words_in_every_language(found, language):
    table, english = found.table(language), found.table()

    assert len(table.rows) == len(english.rows)
    assert "<table>" in table._repr_html_()
    assert table.title in str(table)
    if language.startswith("es"):
        assert table.title != english.title or table.title == "fax"
        same = {head for head in table.heads if head in english.heads}
        assert same <= {"n", "today", "new"}


def test_a_scorecard_tells_itself_in_spanish():
    answers, _, _ = heard()
    card = power().scorecard(answers, measured=MEASURED, plan=PLAN)

    assert card.explain("es-ES").splitlines()[:2] == [
        "3 puntos de contacto, 3 momentos de la verdad.",
        "Ninguna acción atiende estos momentos de la verdad: advertisement y first bill.",
    ]
    assert card.explain("es-ES").splitlines()[-2:] == [
        "A first bill todavía le falta: responsable.",
        "asociación, no causa",
    ]
    assert card.explain().splitlines()[0] == "3 touchpoints, 3 moments of truth."
    low = min(card[name].satisfaction.value for name in NAMES)
    assert f"{figure('es-ES', low)} de 5" in card.explain("es-ES")
    assert "," in figure("es-ES", low)
    assert figure("es-ES", low).replace(",", ".") in card.explain("es-MX")


def test_moments_of_truth_tell_where_the_workshop_was_wrong():
    found = power().moments_of_truth(MEASURED)

    assert found.explain("es") == (
        "Momentos de la verdad según lo declarado y lo medido: support.\n"
        "Momentos de la verdad según lo declarado: advertisement.\n"
        "Momentos de la verdad según lo medido: first bill.\n"
        "first bill importa a los clientes más de lo que se creía: 2 declarado, 5 medido.\n"
        "support importa a los clientes más de lo que se creía: 4 declarado, 5 medido.\n"
        "advertisement importa a los clientes menos de lo que se creía: 5 declarado, 1 medido.\n"
        "Lo medido es asociación, no causa."
    )
    assert Journey("x", []).moments_of_truth().explain() == "There is no moment of truth: no impact is 4 or 5."


def test_drivers_tell_shares_and_what_is_explained_with_its_interval():
    answers, _, outcome = heard()
    found = drivers(answers, outcome, resamples=200)

    heads = found._heads()
    for row in found._rows():
        told = dict(zip(heads, row, strict=False))
        if told["touchpoint"] in NAMES:
            assert told["explains"] in told["interval"]
            total = sum(each.value for each in found.contributions.values())
            assert told["importance"] == pytest.approx(told["explains"] / total)


def test_an_allocation_says_what_where_why_and_what_would_change_it():
    found = money()

    spain, mexico = found.explain("es-ES"), found.explain("es-MX")

    assert spain.splitlines()[:3] == [
        "1500 para support: primero se lleva al estándar mínimo de 3,5.",
        "5000 para clear bill: impacto × ganancia ÷ coste es 6; se juzga por mistakes, meta 1,5.",
        "clear bill recibe dinero en el 100 % de los sorteos de impacto y ganancia.",
    ]
    assert mexico.splitlines()[:2] == [
        "1,500 para support: primero se lleva al estándar mínimo de 3.5.",
        "5,000 para clear bill: impacto × ganancia ÷ costo es 6; se juzga por mistakes, meta 1.5.",
    ]
    assert "Nada para gift: no traería nada o traería menos." in spain
    assert "clear bill dejaría de recibir dinero si su ganancia bajara a 0." in spain
    assert "No se ofrece: quedarían por debajo support." in spain
    assert "Quedan 1.500 de 12.000." not in spain
    assert "Quedan 1500 de 12.000." in spain
    assert money(1_000).explain("es").splitlines()[0] == (
        "No alcanza para llevar support al estándar mínimo; no se mejora nada hasta lograrlo."
    )


def test_weeks_with_too_many_hours_are_hatched():
    pyplot = pytest.importorskip("matplotlib.pyplot", reason="outside: matplotlib, which the group test brings")

    ax = PLAN.check().plot()
    fine = Plan("p", [CALL], capacity={"Ana": 20}).check().plot()

    assert [each.get_hatch() for each in ax.patches] == ["//"] * 4
    assert [each.get_hatch() for each in fine.patches] == [None] * 4
    pyplot.close("all")


def test_a_plan_tells_what_is_wrong_and_how_it_stands():
    plan = PLAN.observe("call", Observation(date(2026, 7, 20), 0.25, value=11))

    assert plan.explain("es-MX") == (
        "coffee: sin responsable, sin fechas, sin efecto medible, sin horas.\n"
        "Ana, semana del 6 de julio de 2026: 15.62 horas prometidas para call; hay 12.5.\n"
        "Ana, semana del 13 de julio de 2026: 15.62 horas prometidas para call; hay 12.5.\n"
        "Ana, semana del 20 de julio de 2026: 15.62 horas prometidas para call; hay 12.5.\n"
        "Ana, semana del 27 de julio de 2026: 15.62 horas prometidas para call; hay 12.5."
    )
    assert plan.explain("es", on=date(2026, 10, 2)) == (
        "call (Ana): vencida; hecho el 25 %, se esperaba el 100 % al 2 de octubre de 2026.\n"
        "call lleva el 25 % del camino a su efecto.\n"
        "Hay que revisar el plan: tocaba el 1 de octubre de 2026."
    )
    table = plan.table("es", on=date(2026, 7, 26))
    assert table.rows[0] == (
        "call", "Ana", "6 de julio de 2026", "2 de agosto de 2026", "62,5", "no-shows: de 12 a 8 %", "con retraso",
    )  # fmt: skip
    assert table.rows[1][-1] == "sin responsable, sin fechas, sin efecto medible, sin horas"
    assert "no-shows" in plan._repr_html_()


@pytest.mark.parametrize(
    ("on", "language", "said"),
    [
        (date(2026, 9, 30), "es", "La próxima revisión toca el 1 de octubre de 2026."),
        (date(2026, 10, 1), "es-MX", "La revisión toca hoy."),
        (date(2026, 10, 2), "es", "La revisión tocaba el 1 de octubre de 2026, ayer."),
        (date(2026, 10, 9), "en-US", "The review fell due on October 1, 2026, 8 days ago."),
    ],
)
def test_a_review_tells_when_it_falls_due(on, language, said):
    assert Review("quarter", date(2026, 7, 1)).explain(on, language) == said


def test_maps_and_effort_tell_themselves():
    *_, effort, maps = (each for each in RESULTS if type(each).__name__ in ("EffortComparison", "MapChanges"))

    assert effort.explain("es").splitlines()[0] == "new pide un 50 % menos de esfuerzo: 9 en lugar de 18."
    assert maps.explain("es").splitlines()[0] == "Ya no está en el mapa: fax."
    assert "site: 7,5 puntos de todos los contactos" in maps.explain("es-ES")


def test_satisfaction_by_segment_stands_beside_the_whole():
    answers, _, _ = heard()
    where = {f"c{place}": "new" if place < 20 else "old" for place in range(50)}

    card = power().scorecard(answers, segments=where)

    assert [*card.by_segment] == ["new", "old"]
    told = answers.satisfaction[
        (answers.touchpoints == "support") & np.isin(answers.respondents, [f"c{n}" for n in range(20)])
    ]
    assert card.by_segment["new"]["support"].value == pytest.approx(told.mean())
    assert card.notes == ("10 respondents are in no segment and are counted in the whole alone",)
    assert any(row[0] == "support, new" for row in card.table().rows)
    with pytest.raises(JourneyError, match="segments: are named, and there is no feedback"):
        power().scorecard(segments=where)
    with pytest.raises(MetricError, match="segments: hold no respondent"):
        power().scorecard(answers, segments={"nobody": "new"})
    with pytest.raises(MetricError, match="segments: is list; give a dict"):
        power().scorecard(answers, segments=["new"])


def test_spain_and_mexico_have_their_own_words():
    card = power().scorecard()

    assert card.table("es").title == "Cuadro de mando de Luz"
    assert card.table("es-MX").title == "Tablero de Luz"
    assert "coste de servir" in Journey("x", [Touchpoint(name="a", stage="use")]).scorecard().explain("es-ES")
    assert "costo de servir" in Journey("x", [Touchpoint(name="a", stage="use")]).scorecard().explain("es-MX")


def test_each_segment_can_be_measured_by_itself():
    answers, stayed, _ = heard()
    parts, lost = answers.by_segment({who: "even" if int(who[1:]) % 2 == 0 else "odd" for who in stayed})

    assert lost == 0
    assert sum(len(each) for each in parts.values()) == len(answers)
    assert measured_impact(parts["odd"], stayed)["first bill"].n == 30


def test_words_are_texts_that_can_be_kept_and_said():
    said = word("journey.left out.answers", away=1_234, all=56_789)

    again = pickle.loads(pickle.dumps(said))  # noqa: S301 -- pickled here

    assert again == said == "1,234 of 56,789 respondents are left out: answers are missing"
    assert again.said("es-ES") == "quedan fuera 1234 de 56.789 personas: faltan respuestas"


@pytest.mark.parametrize(
    ("value", "spain", "mexico"),
    [
        (None, "–", "–"), (True, "sí", "sí"), (12_345.6, "12.346", "12,346"), (0.000_012, "1.2e-05", "1.2e-05"), (float("nan"), "–", "–"),
        (Fraction(7, 2), "3,5", "3.5"), (date(2026, 5, 1), "1 de mayo de 2026", "1 de mayo de 2026"), (("a", "b"), "a, b", "a, b"),
        (All(["Ana", "Iker"]), "Ana e Iker", "Ana e Iker"), (Interval(1.5, 2, 0.95), "de 1,5 a 2 (95 %)", "de 1.5 a 2 (95 %)"),
        ("1.5", "1.5", "1.5"), (-1.25, "-1,25", "-1.25"), (np.int64(10_000), "10.000", "10,000"), (float("inf"), "∞", "∞"),
    ],
)  # fmt: skip
def test_figures_are_written_as_the_place_writes_them(value, spain, mexico):
    assert (figure("es-ES", value), figure("es-MX", value)) == (spain, mexico)


def test_a_language_that_nobody_wrote_is_refused():
    with pytest.raises(WordingError, match="there are no phrases in 'fr'"):
        power().moments_of_truth().explain("fr")
    with pytest.raises(WordingError, match="there are no phrases in 'fr'"):
        power().scorecard().table("fr")
