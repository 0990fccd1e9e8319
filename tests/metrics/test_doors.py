"""Every door of the metrics: each argument of each function, wrong in every way, gives one typed error or a result."""

from __future__ import annotations

import inspect
import json
import warnings
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from fidelity import metrics
from fidelity.errors import MetricError

R = np.random.default_rng(3)
N = 20
START = np.datetime64("2026-01-01")
DAYS = [str(START + int(each)) for each in R.integers(0, 200, N)]
LATER = [str(np.datetime64(day) + int(each)) for day, each in zip(DAYS, R.integers(0, 60, N), strict=True)]
WHO = [*range(8), *R.integers(0, 8, N - 8).tolist()]
AMOUNTS = (R.gamma(2, 10, N) + 0.1).tolist()
HALF = [each / 2 for each in AMOUNTS]
RATINGS = {"one": R.integers(1, 6, N).astype(float).tolist(), "two": R.integers(1, 6, N).astype(float).tolist()}
FELT = (np.array(RATINGS["one"]) + R.normal(size=N)).tolist()
FLAGS = [1, 0, 0, 1] * 5
GROUPS = ["a", "b"] * 10
WEIGHTS = (0.5 + R.random(N)).tolist()
UNITS = list("abcde") * 4
TRIANGLE = [[100, 150, 165], [110, 170, None], [120, None, None]]
MODEL = metrics.BetaGeometric(0.243, 4.4, 0.79, 2.4)
HISTORY = metrics.purchase_history(WHO, DAYS, AMOUNTS, unit="day")
SIDE = {"worth": AMOUNTS}

#: Arguments that are right, of every public function.
CALLS: Mapping[str, Mapping[str, Any]] = {
    "active_rate": {"members": [*range(10)], "customers": WHO, "at": DAYS, "until": "2026-08-01", "within": 100,
                    "weights": WEIGHTS[:10], "by": GROUPS[:10], "method": "wilson", "level": 0.9, "minimum": 5},
    "allocate_price": {"sales": 100.0, "points": 10.0, "value": 1.0, "redemption": 0.9, "standalone": 100.0,
                       "decimals": 2},
    "bornhuetter_ferguson": {"triangle": TRIANGLE, "expected": [180, 180, 180], "average": "volume", "tail": 1.1,
                             "rounds": 1, "names": ["a", "b", "c"]},
    "campaign_return": {"sales": 1_000.0, "margin": 0.3, "cost": 8_000.0, "rewards": 0.05, "basket": 40.0},
    "chain_ladder": {"triangle": TRIANGLE, "average": "volume", "sigma": "mack", "tail": 1.1,
                     "names": ["a", "b", "c"], "level": 0.9},
    "churn": {"left": FLAGS, "exposure": None, "weights": WEIGHTS, "by": GROUPS, "method": "wilson", "level": 0.9,
              "minimum": 5},
    "cohorts": {"customers": WHO, "at": DAYS, "values": AMOUNTS, "period": "month", "level": 0.9},
    "cuped": {"values": FELT, "treated": FLAGS, "before": RATINGS["one"], "by": GROUPS, "level": 0.9, "minimum": 5},
    "difference_in_differences": {"before": RATINGS["one"], "after": FELT, "treated": FLAGS,
                                  "match": {"spent": AMOUNTS}, "neighbors": 1, "caliper": 3.0, "by": None,
                                  "level": 0.9, "minimum": 5},
    "earn_and_burn": {"earned": AMOUNTS, "burned": HALF, "weights": WEIGHTS, "level": 0.9},
    "employee_link": {"employee_scores": FELT, "employee_units": UNITS, "customer_scores": AMOUNTS,
                      "customer_units": UNITS, "minimum": 4, "level": 0.9},
    "experience_link": {"experience": RATINGS["one"], "outcomes": {"spend": FELT}, "by": GROUPS, "weights": WEIGHTS,
                        "level": 0.9, "minimum": 5, "seed": 1},
    "frequency": {"customers": WHO, "at": DAYS, "members": [*range(10)], "start": "2026-01-01",
                  "until": "2026-12-31", "per": "month", "weights": WEIGHTS[:10], "by": GROUPS[:10], "level": 0.9,
                  "minimum": 5},
    "gini": {"values": AMOUNTS, "by": GROUPS, "level": 0.9, "minimum": 5},
    "goal_gradient": {"cards": ["a"] * 4 + ["b"] * 4 + ["c"] * 4, "at": [0, 4, 7, 9, 0, 5, 9, 12, 0, 5, 8, 10],
                      "stamps": 4, "members": ["m"] * 8 + ["k"] * 4, "level": 0.9},
    "holdout_tracking": {"model": MODEL, "history": HISTORY, "customers": WHO, "at": DAYS, "until": "2027-01-31",
                         "level": 0.9},
    "impact_asymmetry": {"penalty": [-0.5, 0], "reward": [0.5, 0.4]},
    "importance_performance": {"importance": {"one": 0.4, "two": 0.6}, "ratings": RATINGS, "scale": (1, 5),
                               "lines": "mean", "weights": WEIGHTS, "missing": "refuse", "level": 0.9},
    "interpurchase_times": {"customers": WHO, "at": DAYS, "until": "2026-12-31", "level": 0.9},
    "lifetime_value": {"model": MODEL, "spend": 20.0, "history": HISTORY, "horizon": 10.0, "discount": 0.01,
                       "margin": 0.3, "method": "delta", "resamples": 10, "seed": 0, "level": 0.9},
    "log_rank": {"durations": AMOUNTS, "left": FLAGS, "by": GROUPS, "weights": WEIGHTS, "entry": [0.0] * N,
                 "method": "log-rank"},
    "penalty_reward": {"outcome": FELT, "drivers": RATINGS, "by": GROUPS, "minimum": 5, "low": 2, "high": 4, "scale": (1, 5), "weights": WEIGHTS,
                       "missing": "refuse", "errors": "robust", "level": 0.9},
    "points_revenue": {"deferred": 8_676.0, "redeemed": [4_500, 4_000], "expected": [9_500, 9_700]},
    "promise_keeping": {"due": DAYS, "kept": LATER, "until": "2026-09-30", "by": GROUPS, "period": None,
                        "weights": WEIGHTS, "method": "wilson", "level": 0.9, "minimum": 5},
    "promises_and_retention": {"outcomes": ["kept", "late"] * 10, "stayed": FLAGS, "reference": "kept", "level": 0.9},
    "proportion": {"successes": 4, "n": 10, "method": "wilson", "level": 0.9},
    "purchase_history": {"customers": WHO, "at": DAYS, "values": AMOUNTS, "until": "2026-12-31", "unit": "week"},
    "purchase_rounds": {"customers": WHO, "at": DAYS, "values": AMOUNTS, "period": "week", "until": "2026-12-31"},
    "redemption_rate": {"issued": AMOUNTS, "redeemed": HALF, "weights": WEIGHTS, "by": GROUPS, "level": 0.9,
                        "minimum": 5},
    "redemption_triangle": {"earned": DAYS, "redeemed": LATER, "points": AMOUNTS, "period": "month",
                            "until": "2026-12-31"},
    "regularity": {"customers": WHO, "at": DAYS, "level": 0.9},
    "relative_importance": {"outcome": FELT, "drivers": RATINGS, "by": GROUPS, "method": "lmg", "areas": None,
                            "weights": WEIGHTS, "missing": "refuse", "resamples": 0, "level": 0.9, "seed": 1,
                            "minimum": 5},
    "repaired_promises": {"due": DAYS, "kept": [None] * N, "repaired": LATER, "until": "2026-09-30", "by": GROUPS,
                          "weights": WEIGHTS, "method": "wilson", "level": 0.9, "minimum": 5},
    "repeat_rate": {"customers": WHO, "method": "wilson", "level": 0.9},
    "rfm": {"customers": WHO, "at": DAYS, "values": AMOUNTS, "until": "2026-12-31"},
    "roll_forward": {"opening": 1_000.0, "issued": [500, 100], "redeemed": [300, 50], "expired": [50, 20],
                     "adjusted": [1, -2], "value": 0.01, "redemption": 0.8, "names": ["a", "b"]},
    "survival": {"durations": AMOUNTS, "left": FLAGS, "weights": WEIGHTS, "entry": [0.0] * N, "by": GROUPS,
                 "ties": "rounded", "method": "log", "level": 0.9},
    "tier_migration": {"before": ["x", "y"] * 10, "after": ["y", "y"] * 10, "order": ["x", "y"], "weights": WEIGHTS,
                       "level": 0.9},
    "top_share": {"values": AMOUNTS, "share": 0.2, "by": GROUPS, "level": 0.9, "minimum": 5},
    "transactional_share": {"values": AMOUNTS, "transactional": FLAGS, "members": WHO, "weights": WEIGHTS,
                            "by": GROUPS, "level": 0.9, "minimum": 5},
    "trend": {"values": AMOUNTS, "times": [*range(N)], "method": "theil-sen", "level": 0.9},
    "ultimate_redemption": {"issued": [200, 220, 240], "triangle": TRIANGLE, "method": "bornhuetter-ferguson",
                            "expected": 0.8, "average": "volume", "sigma": "mack", "tail": 1.0,
                            "names": ["a", "b", "c"], "level": 0.9},
    "uplift": {"did": FLAGS, "treated": [1, 1, 0, 0] * 5, "by": GROUPS, "method": "newcombe", "level": 0.9,
               "minimum": 5},
    "uplift_from_counts": {"treated_hits": 5, "treated": 10, "control_hits": 3, "control": 10, "method": "newcombe",
                           "level": 0.9},
    "value_exchange": {"member_gave": SIDE, "member_got": SIDE, "company_gave": SIDE, "company_got": SIDE,
                       "periods": GROUPS, "weights": WEIGHTS, "level": 0.9},
    "value_of_staying": {"benefits": AMOUNTS, "rival": 8, "welcome": 5, "balance": 3, "progress": 1, "effort": 1,
                         "periods": 12, "discount": 0.01, "level": 0.9},
}  # fmt: skip

BOUGHT, LAST, KNOWN = [0, 1, 2, 3] * 5, [0.0, 2, 4, 5] * 5, [6.0] * N
SEEN = {"frequency": BOUGHT, "recency": LAST, "age": KNOWN}
PARETO, ROUNDS = metrics.Pareto(0.55, 10.6, 0.6, 11.7), metrics.BetaGeometricBetaBinomial(1.2, 0.75, 0.66, 2.8)
SPEND, STAYING = metrics.GammaGamma(6.25, 3.74, 15.4), metrics.ShiftedBetaGeometric(0.67, 3.8)
FITTED = metrics.ShiftedBetaGeometric.fit([1000, 869, 743, 653, 593, 551])
CARD = metrics.GoalGradient(10, 4.0, 0.3)

#: Arguments that are right, of what models and results are asked.
ASKED: Mapping[str, tuple[Callable[..., Any], Mapping[str, Any]]] = {
    "BetaGeometric": (metrics.BetaGeometric, MODEL.parameters),
    "BetaGeometric.probability_alive": (MODEL.probability_alive, SEEN),
    "BetaGeometric.conditional": (MODEL.conditional_expected_purchases, {"horizon": 5.0} | SEEN),
    "BetaGeometric.probability_of": (MODEL.probability_of, {"purchases": [0, 1, 2], "t": 5.0}),
    "Pareto.probability_of": (PARETO.probability_of, {"purchases": [0, 1, 2], "t": 5.0}),
    "Pareto.discounted": (PARETO.discounted_expected_purchases, {"discount": 0.01} | SEEN),
    "BetaGeometricBetaBinomial.conditional": (ROUNDS.conditional_expected_purchases, {"horizon": 5} | SEEN),
    "BetaGeometricBetaBinomial.expected": (ROUNDS.expected_purchases, {"rounds": [1, 2, 3]}),
    "BetaGeometricBetaBinomial.probability_of": (ROUNDS.probability_of, {"purchases": [0, 1, 2], "rounds": 5}),
    "BetaGeometricBetaBinomial.discounted": (ROUNDS.discounted_expected_purchases, {"discount": 0.1} | SEEN),
    "GammaGamma.expected_spend": (SPEND.expected_spend, {"frequency": BOUGHT, "spend": AMOUNTS}),
    "ShiftedBetaGeometric.fit": (metrics.ShiftedBetaGeometric.fit, {"survivors": [1000, 869, 743, 653, 593]}),
    "ShiftedBetaGeometric.survival": (STAYING.survival, {"renewals": [0, 1, 2]}),
    "ShiftedBetaGeometric.retention": (STAYING.retention, {"renewals": [1, 2, 3]}),
    "ShiftedBetaGeometric.expected": (STAYING.expected_renewals, {"discount": 0.1, "after": 2}),
    "ShiftedBetaGeometric.interval": (FITTED.survival_interval, {"renewals": 3, "level": 0.9}),
    "GoalGradient": (metrics.GoalGradient, {"stamps": 10, "first": 4.0, "acceleration": 0.3, "shape": 1.0}),
    "GoalGradient.of_total": (metrics.GoalGradient.of_total,
                              {"stamps": 10, "first": 3.0, "acceleration": 0.2, "total": 25.0}),
    "GoalGradient.simulate": (CARD.simulate, {"cards": 5, "seed": 1, "regularity": 2.0}),
    "SurvivalCurve.at": (metrics.survival(AMOUNTS, FLAGS).at, {"times": [1.0, 2, 3]}),
    "SurvivalCurve.quantile": (metrics.survival(AMOUNTS, FLAGS).quantile, {"share": 0.3}),
    "SurvivalCurve.restricted_mean": (metrics.survival(AMOUNTS, FLAGS).restricted_mean, {"horizon": 5.0}),
    "RFM.scores": (metrics.rfm(WHO, DAYS, AMOUNTS).scores, {"parts": 5}),
    "Cohorts.interval": (metrics.cohorts(WHO, DAYS).interval, {"cohort": 0, "age": 0}),
    "TierMigration.interval": (metrics.tier_migration(["x", "y"], ["y", "y"], ["x", "y"]).interval,
                               {"before": "x", "after": "y"}),
    "ChainLadder.interval": (metrics.chain_ladder(TRIANGLE).interval, {"cohort": 1}),
    "RelativeImportance.certainty": (metrics.relative_importance(FELT, RATINGS, resamples=100).certainty,
                                     {"one": "one", "other": "two"}),
    "InterpurchaseTimes.within": (metrics.interpurchase_times(WHO, DAYS).within, {"span": 3.0}),
}  # fmt: skip
EVERY = {name: (getattr(metrics, name), given) for name, given in CALLS.items()} | ASKED

SINGLE: Mapping[str, Any] = {
    "none": None, "NaN": float("nan"), "infinite": float("inf"), "below": -1.0, "zero": 0, "word": "zz", "empty": "",
    "flag": True, "huge": 1e308, "tiny": 5e-324, "long": 10**30, "imaginary": 1j, "list": [1], "dict": {},
    "array": np.array([1.0, 2.0]), "day": np.datetime64("2026-01-01"), "no day": np.datetime64("NaT"),
    "length of time": np.timedelta64(1, "D"), "no decimal": Decimal("NaN"), "signalling": Decimal("sNaN"),
    "object": object(), "pair": (5, 1),
}  # fmt: skip


def columns(right: list[Any]) -> Iterator[tuple[str, Any]]:
    """A column wrong in one row, in all of them, or no column at all."""
    yield from {"empty": [], "short": right[:-1], "long": [*right, right[0]], "a set": set(map(str, right)),
                "no column": 3, "a text": "abc", "rows of rows": [[1, 2]] * len(right), "an object": object(),
                "masked": np.ma.masked_array(np.arange(float(len(right))), [True] + [False] * (len(right) - 1)),
                "dict": {}}.items()  # fmt: skip
    for name, value in SINGLE.items():
        yield f"{name} in row 1", [right[0], value, *right[2:]]
        yield f"{name} in every row", [value] * len(right)


def wrong(right: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(right, list):
        yield from columns(right)
    elif isinstance(right, dict):
        yield from {"no columns": {}, "a list": [1, 2], "a number": 3, "nothing": None, "a word": "x"}.items()
        first, inner = next(iter(right.items()))
        yield from ((name, right | {first: each}) for name, each in wrong(inner))
    else:
        yield from SINGLE.items()


def test_every_function_and_argument_is_tried() -> None:
    surveys = set(dir(metrics.surveys)) | {"emotions", "themes", "nonresponse_weights"}
    public = {name for name in metrics.__all__ if inspect.isfunction(getattr(metrics, name))} - surveys
    assert public == set(CALLS)
    for name, given in CALLS.items():
        unknown = set(inspect.signature(getattr(metrics, name)).parameters) - set(given) - {"name", "unit"}
        assert not unknown, name


@pytest.mark.parametrize("name", EVERY)
def test_what_is_right_gives_a_result_that_prints(name: str) -> None:
    function, given = EVERY[name]
    tell(function(**given))


@pytest.mark.parametrize("name", EVERY)
def test_what_is_wrong_is_refused_by_name_with_a_remedy(name: str) -> None:
    function, given = EVERY[name]
    for argument, right in given.items():
        for label, each in wrong(right):
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                try:
                    found = function(**(given | {argument: each}))
                except MetricError as refused:
                    wanting = speaks(refused)
                    if wanting:
                        pytest.fail(f"{name}({argument}={label}): {wanting}: {refused}")
                except Exception as error:  # noqa: BLE001 -- whatever else it is, it is told with its argument
                    pytest.fail(f"{name}({argument}={label}): {type(error).__name__}: {error}")
                else:
                    tell(found)


WEIGHTLESS = {"by": ["a"] * 6 + ["b"] * 6, "weights": [1] * 6 + [0] * 6}
TWELVE = ["2026-01-01"] * 12


@pytest.mark.parametrize(
    "call",
    [
        lambda: metrics.active_rate(range(12), [1], ["2026-01-01"], **WEIGHTLESS),
        lambda: metrics.frequency([1], ["2026-01-01"], members=range(12), **WEIGHTLESS),
        lambda: metrics.redemption_rate([1] * 12, [1] * 12, **WEIGHTLESS),
        lambda: metrics.transactional_share([1] * 12, [1] * 12, **WEIGHTLESS),
        lambda: metrics.promise_keeping(TWELVE, TWELVE, until="2026-02-01", **WEIGHTLESS),
        lambda: metrics.repaired_promises(TWELVE, [None] * 12, TWELVE, until="2026-02-01", **WEIGHTLESS),
        lambda: metrics.churn([1, 0] * 6, **WEIGHTLESS),
        lambda: metrics.csat([1, 5] * 6, **WEIGHTLESS),
    ],
)
def test_a_group_that_weighs_nothing_is_told(call: Callable[[], object]) -> None:
    with pytest.raises(MetricError, match="weights: are all zero in one group; leave that group out"):
        call()


def test_groups_without_anybody_hide_no_others() -> None:
    given = {"by": ["a"] * 20 + ["b"] * 20, "weights": [1] * 20 + [0] * 20}
    felt, asked = FELT * 2, {name: [*each, *each] for name, each in RATINGS.items()}
    for found in (metrics.relative_importance(felt, asked, resamples=0, **given),
                  metrics.penalty_reward(felt, asked, **given)):  # fmt: skip
        assert (list(found), found.hidden) == (["a"], ("b",))


def speaks(error: MetricError) -> str:
    """What an error lacks; nothing where it names an argument, begins with it, has a remedy and is short."""
    said = str(error)
    if not error.argument or not said.startswith(error.argument.partition("[")[0]):
        return "does not begin with its argument"
    return "has no remedy" if ";" not in said else "is too long" if len(said) > 400 else ""


def tell(found: Any) -> None:
    """A result in print, in a notebook and as JSON."""
    if isinstance(found, metrics.Result):
        assert len(repr(found)) < 500
        assert found._repr_html_().startswith("<table>")
        json.dumps(found.to_dict(), allow_nan=False)
