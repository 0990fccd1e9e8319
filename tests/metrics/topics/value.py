"""Value: models of purchases and of spend; recency, frequency, monetary value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from reference import Case, Unsupported

from fidelity import metrics

#: What the columns of a summary are called, file by file.
NAMES = {"x": ("x", "frequency"), "t_x": ("t_x", "t.x", "recency"), "age": ("T", "T.cal", "periods")}


def seen(case: Case) -> tuple[list[float], list[float], list[float]]:
    """Frequency, recency and age of the customers in the file."""
    table = case.table()
    names = case.given.get("columns")
    if names is None:
        names = [next(name for name in NAMES[each] if name in table) for each in ("x", "t_x", "age")]
    return tuple([float(each) for each in table[name]] for name in names)  # type: ignore[return-value]


def weights(case: Case) -> list[float] | None:
    """How many customers each row of the file stands for, where it says so."""
    table = case.table()
    return [float(each) for each in table["weights"]] if "weights" in table else None


def made(case: Case, kind: Any) -> Any:
    """The model with the parameters given, or fitted to the file."""
    given = case.given.get("params", "MLE")
    if given == "MLE":
        return kind.fit(*seen(case), weights=weights(case))
    return kind(**given) if isinstance(given, Mapping) else kind(*given)


def answers(case: Case, kind: Any) -> Mapping[str, Any]:
    """Whatever the case asks of a model of purchases."""
    given = case.given
    model = made(case, kind)
    found: dict[str, Any] = {**model.parameters, "LL": model.log_likelihood}
    horizon = given.get("horizon", given.get("n_star"))
    if "t_x" in given:
        several = isinstance(given["x"], list)
        one = [np.atleast_1d(given[name]) for name in ("x", "t_x")] + [np.atleast_1d(case.first("T", "n", "age"))]
        told = {"p_alive": model.probability_alive(*one)}
        if horizon is not None:
            told["cond_expected"] = model.conditional_expected_purchases(horizon, *one)
        discount = case.first("discount_d", "d", "discount")
        if discount is not None:
            told["DERT"] = model.discounted_expected_purchases(discount, *one)
        found |= {name: each if several else each[0] for name, each in told.items()}
    elif "t" in given or "n" in given:
        when = case.first("t", "n")
        if "x" in given:
            chances = model.probability_of(np.atleast_1d(given["x"]), when)
            found["pmf"] = chances if isinstance(given["x"], list) else chances[0]
        else:
            found["E_X"] = model.expected_purchases(np.atleast_1d(when))
            found["E_X"] = found["E_X"] if isinstance(when, list) else found["E_X"][0]
    return found


def bg_nbd(case: Case) -> Mapping[str, Any]:
    return answers(case, metrics.BetaGeometric)


def mbg_nbd(case: Case) -> Mapping[str, Any]:
    return answers(case, metrics.ModifiedBetaGeometric)


def pareto_nbd(case: Case) -> Mapping[str, Any]:
    found = dict(answers(case, metrics.Pareto))
    if "data" in case.given and found["LL"] is None:
        found["LL"] = made(case, metrics.Pareto).log_likelihood_of(*seen(case))
    return found


def bg_bb(case: Case) -> Mapping[str, Any]:
    found = dict(answers(case, metrics.BetaGeometricBetaBinomial))
    if "data" in case.given:
        model = made(case, metrics.BetaGeometricBetaBinomial)
        periods, many = seen(case)[2], weights(case) or [1.0] * len(seen(case)[2])
        most = int(max(periods))
        expected = sum(
            weight * model.probability_of(range(most + 1), int(rounds))
            for rounds, weight in zip(periods, many, strict=True)
            if rounds == most
        )
        found |= {f"expected_n_x{place}": each for place, each in enumerate(np.asarray(expected).tolist())}
    return found


def gamma_gamma(case: Case) -> Mapping[str, Any]:
    given = case.given
    if "params" in given and given["params"] != "MLE":
        model = made(case, metrics.GammaGamma)
    else:
        table = case.table()
        x = [float(each) for each in table.get("x", table.get("frequency", []))]
        spend = [float(each) for each in table.get("zbar", table.get("monetary_value", []))]
        rows = [place for place, each in enumerate(x) if each > 0]
        if "rows" in given and given["rows"] != len(rows):
            raise Unsupported(f"{len(rows)} rows bought again, not {given['rows']}")
        model = metrics.GammaGamma.fit([x[place] for place in rows], [spend[place] for place in rows])
    found: dict[str, Any] = {**model.parameters, "LL": model.log_likelihood, "mean": model.mean}
    spent = case.first("mean_spend", "zbar", "spend", "monetary_value")
    if spent is not None:
        means = model.expected_spend(np.atleast_1d(case.first("x", "frequency")), np.atleast_1d(spent))
        found["expected_spend"] = means if isinstance(spent, list) else means[0]
    return found


def rfm(case: Case) -> Mapping[str, Any]:
    who, at, spent = case.purchases()
    found = metrics.rfm(who, at, spent, until=case.first("asof", "until"))
    table = zip(found.customers.tolist(), found.recency, found.frequency, found.monetary, strict=True)
    return {str(name): [*figures] for name, *figures in table}


TOPICS = {
    "clv.bgnbd": bg_nbd,
    "clv.mbgnbd": mbg_nbd,
    "clv.paretonbd": pareto_nbd,
    "clv.bgbb": bg_bb,
    "clv.gammagamma": gamma_gamma,
    "rfm": rfm,
}
