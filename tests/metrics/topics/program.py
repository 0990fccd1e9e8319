"""Program: what is owed for points, how they flow, what a campaign changes, how members hasten to a reward."""

from __future__ import annotations

from collections.abc import Mapping
from math import nan
from typing import Any

import numpy as np
from reference import Case, Unsupported

from fidelity import metrics

#: Published set-ups that cases refer to by name where they do not give them: KPMG's handbook, examples 10A and 10B.
EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "kpmg_10A": {
        "sales": 100_000, "points": 10_000, "expected": 9_700, "round_ratio": True, "y2_redeemed": 4_500,
        "y3_redeemed": 4_000, "expected_y3": 9_900,
    },
}  # fmt: skip


def first_of(given: Mapping[str, Any], *names: str, default: Any = None) -> Any:
    """What the first of the names that is given holds."""
    return next((given[name] for name in names if name in given), default)


#: What other programs call our rules for a sigma that one cohort alone has passed.
SIGMAS = {"log-linear": "log-linear", "loglinear": "log-linear", "log linear": "log-linear", "mack": "mack"}


def chain_ladder(case: Case) -> Mapping[str, Any]:
    given = case.given
    rows = given.get("triangle")
    if rows is None:
        table = case.table()
        columns = [[nan if each in {"NA", ""} else float(each) for each in table[name]] for name in [*table][1:]]
        rows = np.array(columns).T
    sigma = str(first_of(given, "sigma", "sigma_rule", "est_sigma", "sigma_interpolation", default="mack"))
    found = metrics.chain_ladder(
        rows, average=given.get("average", "volume"), sigma=SIGMAS.get(sigma.lower(), sigma.lower()),
        tail=given.get("tail", 1.0),
    )  # fmt: skip
    total = found.total
    answers: dict[str, Any] = {
        "ldf": found.factors, "f": found.factors, "factors": found.factors, "cdf": found.cumulative_factors,
        "sigma": found.sigma, "sigma2": found.sigma**2, "f_se": found.factor_errors, "std_err": found.factor_errors,
        "latest": found.latest, "ultimate": found.ultimate, "ibnr": found.reserve, "reserve": found.reserve,
        "mack_se": found.standard_errors, "se": found.standard_errors, "mack_std_err": found.standard_errors,
        "total_ultimate": found.ultimate.sum(), "ultimate_total": found.ultimate.sum(),
        "total_ibnr": total.value, "ibnr_total": total.value, "total_reserve": total.value,
        "reserve_total": total.value, "total_latest": found.latest.sum(), "latest_total": found.latest.sum(),
        "total_se": total.standard_error, "se_total": total.standard_error, "total_mack_se": total.standard_error,
        "mack_total_se": total.standard_error, "mack_se_total": total.standard_error,
        "total_mack_std_err": total.standard_error,
    }  # fmt: skip
    if any(name in given for name in ("apriori", "expected", "prior", "exposure")):
        prior = first_of(given, "expected", "prior")
        if prior is None:
            prior = np.array(given.get("exposure", 1.0), float) * given.get("apriori", 1.0)
        other = metrics.bornhuetter_ferguson(rows, prior, average=given.get("average", "volume"))
        answers |= {"bf_ultimate": other.ultimate, "bf_ibnr": other.reserve, "bf_total_ibnr": other.reserve.sum()}
    return answers


def referred(case: Case) -> dict[str, Any]:
    """The input of a case, with that of the case it says it is "as"."""
    given = dict(case.given)
    while "as" in given:
        name = given.pop("as")
        before = case.others.get(name, EXAMPLES.get(name))
        if before is None:
            message = f"the case {name!r} that it refers to is not there"
            raise Unsupported(message)
        given = {**before, **given}
    return given


def ifrs15(case: Case) -> Mapping[str, Any]:
    given = referred(case)
    points = given["points"]
    worth = first_of(given, "ssp_point_value", "ssp", "point_value", "value", default=1.0)
    expected = first_of(given, "expected", "expected_points", "yr1_expected_total", "expected_y1", "expected_y2")
    share = first_of(given, "expected_redemption", "redemption", "redemption_rate")
    if share is None:
        share = (expected[0] if isinstance(expected, list) else expected) / points
    decimals = given.get("decimals", 2 if named(given, "round") else None)
    sold = metrics.allocate_price(given["sales"], points, value=worth, redemption=share, decimals=decimals)
    answers: dict[str, Any] = {
        "alloc_product": sold.goods, "alloc_products": sold.goods, "alloc_goods": sold.goods,
        "alloc_points": sold.points, "points_ssp": sold.standalone_points,
    }  # fmt: skip
    taken = first_of(given, "redeemed", "redemptions")
    if isinstance(taken, list):
        foreseen = first_of(given, "expected_total", "expected_totals", "expected", default=share * points)
        earned = metrics.points_revenue(sold.points, taken, foreseen)
        return answers | {"revenue": earned.revenue, "liability": earned.liability, "catch_up": earned.catch_up}
    years, taken, foreseen, before = [], [], [], 0.0
    for year in range(1, 11):
        spellings = [f"yr{year}", f"y{year}", f"year{year}"]
        within = [f"{each}_redeemed" for each in spellings] + [f"redeemed_{each}" for each in spellings]
        so_far = [f"{each}_cum_redeemed" for each in spellings] + [f"cum_redeemed_{each}" for each in spellings]
        count, total = first_of(given, *within), first_of(given, *so_far)
        if count is None and total is None:
            continue
        count = total - before if count is None else count
        before += count
        estimate = [f"{each}_expected_total" for each in spellings] + [f"{each}_expected" for each in spellings]
        estimate += [f"expected_{each}" for each in spellings]
        years.append(year)
        taken.append(count)
        foreseen.append(first_of(given, *estimate, default=foreseen[-1] if foreseen else share * points))
    if years:
        earned = metrics.points_revenue(sold.points, taken, foreseen)
        for place, year in enumerate(years):
            for name, figure in (("revenue", earned.revenue), ("liability", earned.liability)):
                for spelling in (f"yr{year}_{name}", f"{name}_y{year}", f"y{year}_{name}", f"{name}_yr{year}"):
                    answers[spelling] = figure[place]
    return answers


def named(given: Mapping[str, Any], part: str) -> bool:
    """Whether an input of that name is set."""
    return any(part in name and bool(each) for name, each in given.items())


def points_flow(case: Case) -> Mapping[str, Any]:
    given = case.given
    if "earned" in given:
        both = metrics.earn_and_burn(given["earned"], given["burned"], level=case.level)
        return {
            "burn_rate_pct": both.rate.value, "redemption_rate_pct": both.rate.value, "burners_pct": both.burners.value,
            "earned": both.earned, "burned": both.burned, "balance": both.balance,
        }  # fmt: skip
    listed = {name: np.atleast_1d(given.get(name, 0.0)) for name in ("issued", "redeemed", "expired", "adjusted")}
    found = metrics.roll_forward(
        given.get("opening", 0.0), listed["issued"], np.resize(listed["redeemed"], len(listed["issued"])),
        np.resize(listed["expired"], len(listed["issued"])),
        adjusted=np.resize(listed["adjusted"], len(listed["issued"])),
        value=first_of(given, "value", "point_value", "cost_per_point", default=1.0),
        redemption=first_of(given, "redemption", "ultimate_redemption", "urr", default=1.0),
    )  # fmt: skip
    single = len(found.closing) == 1
    return {
        "closing": found.closing[-1] if single else found.closing,
        "opening": found.opening[-1] if single else found.opening,
        "liability": found.liability[-1] if single else found.liability,
        "outstanding": found.closing[-1], "change": found.change[-1] if single else found.change,
        "redemption_rate_pct": found.redemption_rate, "expiry_rate_pct": found.expiry_rate,
        "burn_rate_pct": found.redemption_rate, "breakage_rate_pct": found.expiry_rate,
        "redemption_rate": found.redemption_rate / 100, "expiry_rate": found.expiry_rate / 100,
    }  # fmt: skip


def means(case: Case) -> Mapping[str, Any]:
    """The effect on a mean: with what was known before (CUPED), or of changes, matched or not."""
    given, level = case.given, case.level
    treated, before = given["treated"], case.first("before", "pre", "covariate")
    after = case.first("values", "after", "post", "y")
    if before is None or after is None:
        raise Unsupported("no figures before and after")
    if "after" in given or "did" in str(given.get("method", "")).lower() or "match" in given:
        options = {name: given[name] for name in ("match", "neighbors", "caliper") if name in given}
        found = metrics.difference_in_differences(before, after, treated, level=level, **options)
    else:
        found = metrics.cuped(after, treated, before, level=level)
    return {
        **dict.fromkeys(("effect", "uplift", "att", "value", "did"), found.value), "se": found.standard_error,
        "p": found.p_value, "p_value": found.p_value, "t": found.z, "z": found.z, "reduction": found.reduction,
        "total": found.total.value, "ci95": found.interval[:2], "ci": found.interval[:2],
    }  # fmt: skip


def counted(group: Any) -> list[int]:
    """How many did it, of how many: two numbers, or the same by name."""
    if isinstance(group, Mapping):
        names = ("conversions", "successes", "hits", "converted"), ("n", "size", "total", "members")
        group = [first_of(group, *each) for each in names]
    if not isinstance(group, list) or len(group) != 2 or None in group:
        raise Unsupported("no counts of two groups")
    return group


def incrementality(case: Case) -> Mapping[str, Any]:
    given = case.given
    if "treated" not in given or "control" not in given:
        if "treated" in given:
            return means(case)
        raise Unsupported("no counts of two groups")
    counts = [*counted(given["treated"]), *counted(given["control"])]
    level = case.level
    found, wald = (metrics.uplift_from_counts(*counts, level=level, method=method) for method in ("newcombe", "wald"))
    return {
        "uplift_abs": found.value / 100, "uplift_pp": found.value, "z": found.z, "p": found.p_value,
        "p_value": found.p_value, "p_two_sided": found.p_value, "se": found.standard_error / 100,
        "rate_treated": found.treated / 100, "rate_control": found.control / 100,
        "uplift_rel": found.relative and found.relative.value / 100,
        "uplift_rel_pct": found.relative and found.relative.value,
        "incremental": found.total.value, "incremental_conversions": found.total.value,
        **{name: [each / 100 for each in wald.interval[:2]] for name in ("wald", "ci95", "ci")},
        "newcombe": [each / 100 for each in found.interval[:2]],
    }  # fmt: skip


def customers(case: Case) -> Mapping[str, Any]:
    """A log of purchases."""
    who, at, spent = case.purchases()
    amounts = np.array(spent, float)
    names, codes = np.unique(np.array(who), return_inverse=True)
    orders = metrics.frequency(codes, at)
    by_customer = np.bincount(codes, amounts)
    return {
        "transactions": len(amounts), "customers": orders.n, "revenue": amounts.sum(),
        "repeat_rate_pct": metrics.repeat_rate(codes).value, "orders_per_customer": orders.value,
        "average_order_value": amounts.mean(), "aov": amounts.mean(), "revenue_per_customer": by_customer.mean(),
        "gini_spend": metrics.gini(by_customer).value, "gini_orders": metrics.gini(np.bincount(codes)).value,
        "top20pct_share": metrics.top_share(by_customer, share=0.2).value, "names": len(names),
        "top10pct_share": metrics.top_share(by_customer, share=0.1).value,
    }  # fmt: skip


def gradient(case: Case) -> Mapping[str, Any]:
    """A published study, a law with parameters, or stamps that were given."""
    given = case.given
    if "study" in given:
        model = metrics.GoalGradient.published(given["study"])
    elif "cards" in given:
        found = metrics.goal_gradient(given["cards"], given["at"], given["stamps"], level=case.level)
        return {
            "acceleration_first_to_last_pct": found.acceleration.value, "slope": found.slope.value, "gaps": found.gaps,
            "card_time_days": found.days.value, "no_accel_days": found.days_without, "saving_pct": 100 * found.saving,
        }  # fmt: skip
    elif "first" in given:
        model = metrics.GoalGradient(given["stamps"], given["first"], given["acceleration"], given.get("shape", 1.0))
    else:
        raise Unsupported("neither a study nor parameters")
    return {
        "acceleration_first_to_last_pct": 100 * model.acceleration, "card_time_days": model.days,
        "no_accel_days": model.days_without, "saving_pct": 100 * model.saving, "gaps": model.gaps,
    }  # fmt: skip


TOPICS = {
    "behaviour.kpi": customers,
    "liability.chainladder": chain_ladder,
    "liability.ifrs15": ifrs15,
    "programme.incrementality": incrementality,
    "programme.kpi": points_flow,
    "sim.goalgradient": gradient,
}
