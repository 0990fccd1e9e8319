"""Customers like those of a history: what it may come in, what is fitted, what is said of it, and what is drawn."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fidelity as fd
from fidelity.datasets import cdnow
from fidelity.errors import FidelityError, FitError, MetricError, SimulationError, TableError
from fidelity.metrics import BetaGeometric, ModifiedBetaGeometric
from fidelity.simulation import simulate
from fidelity.simulation.calibration import calibrate
from fidelity.simulation.calibration.models import by_logarithms

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


def shop(members=120, seed=4, days=400):
    """Members who come at rates of their own, leave at times, and spend around means of their own."""
    random = np.random.default_rng(seed)
    rows = []
    for member in range(members):
        rate, leaves, mean = random.gamma(1.2) / 20, random.beta(1, 4), random.gamma(3) * 10 + 2
        day = random.uniform(0, 100)
        while day < days:
            rows.append((f"m{member}", START + timedelta(days=float(day)), int(100 * random.gamma(4, mean / 4)) + 1))
            if random.random() < leaves:
                break
            day += random.exponential(1 / rate)
    random.shuffle(rows)
    member, at, amount = zip(*rows, strict=True)
    return {"member": list(member), "at": list(at), "amount": list(amount)}


@pytest.fixture(scope="module")
def first_half():
    return calibrate(cdnow(), until="1997-09-30")


def same(one, other):
    assert one.purchases.parameters == pytest.approx(other.purchases.parameters)
    assert one.spend.parameters == pytest.approx(other.spend.parameters)
    assert one.customers.customers.astype(str).tolist() == other.customers.customers.astype(str).tolist()


# -- what is fitted


def test_the_likelier_model_is_taken_and_a_note_says_by_how_much(first_half):
    both = {name: calibrate(cdnow(), until="1997-09-30", model=name) for name in ("BG/NBD", "MBG/NBD")}

    assert isinstance(first_half.purchases, ModifiedBetaGeometric)
    assert isinstance(both["BG/NBD"].purchases, BetaGeometric)
    apart = both["MBG/NBD"].purchases.log_likelihood - both["BG/NBD"].purchases.log_likelihood
    assert apart > 0
    assert (
        f"MBG/NBD is likelier than BG/NBD, by {apart:.2f} in log-likelihood with as many parameters" in first_half.notes
    )
    assert first_half.purchases.parameters == both["MBG/NBD"].purchases.parameters


def test_parameters_are_those_of_days():
    """The fit does not care for the unit: α alone grows by 7 from weeks to days."""
    from fidelity.metrics import purchase_history

    log = cdnow()
    weeks = BetaGeometric.fit(*purchase_history(log.customer, log.day, until="1997-09-30", unit="week").purchases)

    days = calibrate(log, until="1997-09-30", model="BG/NBD").purchases

    assert days.alpha == pytest.approx(7 * weeks.alpha, rel=1e-6)
    assert [days.r, days.a, days.b] == pytest.approx([weeks.r, weeks.a, weeks.b], rel=1e-6)


def test_spend_is_in_major_units_and_close_to_the_published_fit(first_half):
    """Fader and Hardie (2013) give p 6.25, q 3.74, v 15.44 on a tenth of these customers."""
    assert [*first_half.spend.parameters.values()] == pytest.approx([6.25, 3.74, 15.44], rel=0.05)
    assert first_half.currency == "USD"


def test_what_the_models_have_not_seen_changes_nothing():
    log = shop()
    early = [place for place, at in enumerate(log["at"]) if at < START + timedelta(days=200)]
    cut = {name: [column[place] for place in early] for name, column in log.items()}

    told = calibrate(log, until="2026-07-18", currency="EUR")

    same(told, calibrate(cut, until=date(2026, 7, 18), currency="EUR"))
    assert str(told.last) > str(told.until) == "2026-07-18"


def regulars(members=200, seed=3):
    """Members who all come as often as each other, and of whom nobody leaves."""
    random = np.random.default_rng(seed)
    first = random.integers(0, 60, members)
    gaps = random.exponential(14, (members, 60)).cumsum(axis=1) + first[:, None]
    member, visit = np.nonzero(gaps < 300)
    day = gaps[member, visit].astype(int)
    return {"member": member, "at": np.datetime64("2026-01-01") + day, "amount": random.integers(100, 900, len(day))}


@pytest.mark.parametrize("calendar", [None, "month"])
def test_customers_who_are_all_alike_are_held_by_a_weak_prior(calendar):
    """The likeliest parameters are infinite there, and no reason to refuse a history."""
    found = calibrate(regulars(), currency="EUR", model="BG/NBD", until="2026-10-28", calendar=calendar)

    assert found.tried.held
    assert "a weak prior holds how differently customers come and leave" in " ".join(found.notes)
    # One day in 14 without merged days; nearly nobody has left.
    assert found.purchases.r / found.purchases.alpha == pytest.approx(1 / 14.5, rel=0.05)
    assert found.purchases.probability_alive(*found.customers.purchases).mean() > 0.97


# -- what a history may come in


def test_a_history_is_the_same_whatever_it_comes_in():
    import pandas as pd
    import polars as pl

    log = shop()
    plain = calibrate(log, currency="EUR")
    utc = [at.isoformat() for at in log["at"]]
    events = [
        fd.Purchase(f"p{row}", member=member, at=at, amount=fd.Money(amount, "EUR"))
        for row, (member, at, amount) in enumerate(zip(*log.values(), strict=True))
    ]

    for each in (
        pd.DataFrame(log), pl.DataFrame(log), events,
        {"customer": log["member"], "day": utc, "cents": np.array(log["amount"])},
        log | {"amount": [Decimal(each) / 100 for each in log["amount"]], "currency": ["EUR"] * len(utc)},
    ):  # fmt: skip
        same(calibrate(each, currency="EUR"), plain)


def test_columns_beside_are_what_visits_look_like():
    log = shop()
    stores = ["centre" if row % 3 else "station" for row in range(len(log["at"]))]

    found = calibrate(log | {"store": stores}, currency="EUR", until="2026-09-30")

    seen = sum(at < datetime(2026, 10, 1, tzinfo=UTC) for at in log["at"])
    assert len(found.visits) == seen == len(found.past.at)
    told = found.visits.rows(found.past.rows)["store"]
    by_instant = dict(zip((int(at.timestamp() * 1e6) for at in log["at"]), stores, strict=True))
    assert [told.words[code] for code in told.codes] == [by_instant[at] for at in found.past.at.tolist()]


def test_rows_of_other_kinds_are_left_out_and_told():
    log = shop()
    more = {
        "member": [*log["member"], "m0", "m1"], "at": [*log["at"], START, START], "amount": [*log["amount"], 500, 0],
        "kind": ["purchase"] * len(log["at"]) + ["return", "feedback"],
    }  # fmt: skip

    found = calibrate(more, currency="EUR")

    same(found, calibrate(log, currency="EUR"))
    assert 'the kind "return" are left out' in " ".join(found.notes)
    assert 'the kind "feedback" are left out' in " ".join(found.notes)


def test_a_column_that_some_visits_do_not_tell_is_left_out_and_told():
    log = shop()
    half = {"coupon": [None if row % 2 else "ten" for row in range(len(log["at"]))]}

    found = calibrate(log | half, currency="EUR")

    assert not found.visits.columns
    assert 'the column "coupon" is left out: some visits do not tell it' in found.notes


def test_days_are_those_of_the_zone_of_the_program():
    """Two purchases around midnight in Madrid are two days there, and one in UTC."""
    program = fd.Program("Café", version="1", currency="EUR", timezone="Europe/Madrid", earn=[])
    log = shop()
    late = datetime(2026, 7, 1, 21, 30, tzinfo=UTC)
    log = {"member": [*log["member"], "z", "z"], "at": [*log["at"], late, late + timedelta(hours=1)],
           "amount": [*log["amount"], 100, 100]}  # fmt: skip

    here, utc = calibrate(log, program=program), calibrate(log, currency="EUR")

    assert [each.customers.frequency[each.customers.customers == "z"].item() for each in (here, utc)] == [1, 0]


# -- what is said of it


def test_what_a_reader_should_know_is_told(first_half):
    notes = " ".join(first_half.notes)

    assert "59.9 % of customers bought once" in notes
    assert "73 visits cost nothing" in notes
    assert first_half.correlation == pytest.approx(0.080, abs=0.001)


def test_customers_who_come_more_often_and_spend_more_are_told():
    log = shop()
    counts = {name: log["member"].count(name) for name in set(log["member"])}
    log["amount"] = [100 * counts[name] + row % 7 for row, name in enumerate(log["member"])]

    found = calibrate(log, currency="EUR")

    assert found.correlation > 0.9
    assert "who comes more often spends more" in " ".join(found.notes)


def test_a_shop_where_everybody_spends_the_same_has_a_narrow_law():
    log = shop()
    days = {(name, at.date()): row for row, (name, at) in enumerate(zip(log["member"], log["at"], strict=True))}
    log = {name: [column[row] for row in days.values()] for name, column in log.items()} | {"amount": [350] * len(days)}

    found = calibrate(log, currency="EUR")

    assert found.spend.mean == pytest.approx(3.5, rel=1e-3)
    assert found.spend.p == pytest.approx(10_000)
    assert "by the moments of its logarithms, not by likelihood: spend: is the same" in " ".join(found.notes)
    assert np.isnan(found.correlation)


@given(st.floats(2, 60), st.floats(0.7, 15), st.floats(0.5, 500))
@settings(max_examples=8)
def test_the_moments_of_logarithms_give_back_the_law_that_spend_came_from(p, q, v):
    random = np.random.default_rng(7)
    member = np.repeat(np.arange(8_000), random.integers(1, 8, 8_000))
    spent = random.gamma(p, size=len(member)) * v / random.gamma(q, size=8_000)[member]

    found = by_logarithms(member, spent)

    assert found.p == pytest.approx(p, rel=0.1)
    assert found.q == pytest.approx(q, rel=0.2)
    assert np.log(found.v * found.p / found.q) == pytest.approx(np.log(v * p / q), abs=0.2)


def test_a_spend_without_a_finite_mean_is_told():
    random = np.random.default_rng(1)
    log = shop()
    means = {name: 1_000 / random.gamma(0.5) for name in sorted(set(log["member"]))}
    log["amount"] = [int(means[name] * random.gamma(6, 1 / 6)) + 1 for name in log["member"]]

    found = calibrate(log, currency="EUR")

    assert found.spend.q <= 1
    assert "not above 1" in " ".join(found.notes)


def test_it_prints_its_parameters_effects_and_sources(first_half):
    shown = first_half._repr_html_()

    assert "purchases, MBG/NBD: alpha" in shown
    assert "Kivetz" in shown
    assert repr(first_half) == "<Calibration on 23,570 customers until 1997-09-30: MBG/NBD, 0 effects measured>"
    json.dumps(first_half.effects.to_dict())
    assert first_half.plot().get_ylabel() == "customers"


# -- what came after


def test_the_second_half_of_cdnow_beside_what_the_first_half_says(first_half):
    """
    It came higher than either model says, by 14 and by 19 percent.

    The bar of 5 percent is missed by every stationary model: of the published tenth, too, whose second half is 12 percent
    above what the published model says (it tells both halves together, which is 5 percent). The second half has the
    campaigns of November, December and March, of which the first knows nothing.
    """
    other = calibrate(cdnow(), until="1997-09-30", model="BG/NBD")

    assert first_half.holdout().ratio.value == pytest.approx(0.809, abs=0.001)
    assert other.holdout().ratio.value == pytest.approx(0.857, abs=0.001)
    assert first_half.holdout().actual.sum() == 19_684


def test_the_holdout_ends_where_it_is_told(first_half):
    assert first_half.holdout("1997-12-31").actual.sum() < first_half.holdout(date(1998, 3, 31)).actual.sum() < 19_684


def test_without_anything_kept_back_there_is_no_holdout():
    with pytest.raises(SimulationError, match="calibrate with an earlier until="):
        calibrate(shop(), currency="EUR").holdout()


# -- what is drawn


def test_draws_are_spread_as_the_covariance_says(first_half):
    drawn = first_half.draws(400, seed=3)

    for name in ("purchases", "spend"):
        model = getattr(first_half, name)
        logs = np.array([getattr(each, name).logs for each in drawn])
        errors = np.sqrt(np.diag(model.covariance))
        assert (np.abs(logs.mean(axis=0) - model.logs) < 4 * errors / 20).all()
        assert np.cov(logs.T) / np.outer(errors, errors) == pytest.approx(
            model.covariance / np.outer(errors, errors), abs=0.25
        )


def test_each_effect_falls_into_each_part_of_its_range_once(first_half):
    drawn = sorted(each.effects["redemption"] for each in first_half.draws(10, seed=5))

    ends = [first_half.effects.redemption.at(part / 10) for part in range(1, 10)]
    assert np.searchsorted(ends, drawn).tolist() == list(range(10))


def test_the_same_seed_gives_the_same_draws(first_half):
    one, again, other = (first_half.draws(3, seed=seed, method="plain") for seed in (1, 1, 2))

    assert [each.purchases.parameters for each in one] == [each.purchases.parameters for each in again]
    assert [each.effects for each in one] != [each.effects for each in other]


def test_models_or_effects_may_stay_as_they_are(first_half):
    fixed = first_half.draws(2, seed=1, parameters=False)
    likely = first_half.draws(2, seed=1, assumptions=False)

    assert all(each.purchases.parameters == first_half.purchases.parameters for each in fixed)
    assert all(each.effects == first_half.effects.values() for each in likely)
    assert fixed[0].effects != fixed[1].effects


@pytest.mark.parametrize("u", [[0.5] * 6, [0.5] * 6 + [1.0], [[0.5] * 7]])
def test_ranks_of_a_draw_are_seven(first_half, u):
    with pytest.raises(SimulationError, match="seven numbers between 0 and 1"):
        first_half.draw(u)


# -- to be simulated


def test_a_population_has_the_customers_of_the_history_and_new_ones(first_half):
    people = first_half.population(100, joining=10)

    assert people.known == 23_570
    assert first_half.population(100, known=False).known == 0
    past = people.past
    counts = np.bincount(past.member, minlength=people.known)
    assert (counts >= past.frequency + 1).all()
    assert past.amount.sum() == cdnow().cents[cdnow().day <= np.datetime64("1997-09-30")].sum()


# -- bad histories


def table(**columns):
    return {"member": ["a", "a", "b"], "at": ["2026-01-01", "2026-02-01", "2026-01-05"], "amount": [1, 2, 3]} | columns


@pytest.mark.parametrize(
    ("history", "kind", "said"),
    [
        (3, SimulationError, "history: is int; give a dict of columns"),
        ("log.csv", SimulationError, "history: is str; give a dict of columns"),
        ([1, 2], SimulationError, "history: holds int among its events"),
        ({"member": ["a"], "at": ["2026-01-01"]}, TableError, 'a history needs a column "amount"'),
        ({"at": ["2026-01-01"], "amount": [1]}, TableError, 'a history needs a column "member"'),
        (table(at=["2026-01-01", None, "2026-01-05"]), MetricError, "at: is missing"),
        (table(at=[1, 2, 3]), MetricError, "at: holds numbers"),
        (table(at=["2026-01-01T09:00", "2026-02-01T09:00", "2026-01-05T08:00"]), TableError, "without a zone"),
        (table(amount=[1.5, 2.0, 3.0]), TableError, "holds floats, which are not exact"),
        (table(amount=[1, -2, 3]), TableError, 'column "amount" is negative'),
        (table(amount=[1, 2]), TableError, '"amount" has 2'),
        (table(member=["a", None, "b"]), TableError, 'column "member"'),
        (table(kind=["visit"] * 3), SimulationError, 'no rows of the kind "purchase"'),
        (table(currency=["EUR", "USD", "EUR"]), SimulationError, "holds EUR, USD; convert them"),
        (table(currency=["USD"] * 3), SimulationError, "currency: currency= says EUR, the history says USD"),
        ({"member": [], "at": [], "amount": []}, FidelityError, "history: has no rows"),
        (table(member=["a", "b", "c"]), FitError, "nobody bought again"),
    ],
)
def test_a_history_that_is_none_is_refused_with_what_to_do(history, kind, said):
    with pytest.raises(kind) as caught:
        calibrate(history, currency="EUR")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"currency": None}, "currency: nobody says it"),
        ({"currency": "EURO"}, "currency: "),
        ({"until": "2025-01-01"}, "until: 2025-01-01 lies before every purchase"),
        ({"until": "soon"}, "until: "),
        ({"model": "Pareto"}, "model: is 'Pareto'; choose 'best', 'BG/NBD', 'MBG/NBD'"),
        ({"kind": "flight"}, None),
        ({"redemptions": 5}, "redemptions: is int"),
        ({"program": "p.toml"}, "program: is str; give a Program"),
        ({"redemptions": {"member": ["a"]}}, 'needs a column "at"'),
    ],
)
def test_an_option_that_is_none_is_refused(options, said):
    if said is None:
        assert calibrate(shop(), **({"currency": "EUR"} | options)).visits.kind == "flight"
        return
    with pytest.raises(FidelityError) as caught:
        calibrate(shop(), **({"currency": "EUR"} | options))
    assert said in str(caught.value)


# -- seasons


def seasonal(rates, members=3_000, seed=2):
    """Members of a shop whose months have *rates* of their own: rates of r 1.2 and α 25, of whom some leave."""
    random = np.random.default_rng(seed)
    first = np.datetime64("2026-01-01")
    days = first + np.arange(30 * len(rates))
    clock = np.append(0.0, np.cumsum(np.array(rates)[(days.astype("M8[M]") - first.astype("M8[M]")).astype(int)]))
    rows = []
    for member in range(members):
        rate, leaves, day = (
            random.gamma(1.2) / 25,
            random.beta(0.8, 3),
            int(random.integers(0, min(120, len(days) - 2))),
        )
        rows.append((member, day))
        while True:
            until = clock[day] + random.exponential(1 / rate)
            day = max(int(np.searchsorted(clock, until)), day + 1)
            if until >= clock[-1] or day >= len(days):
                break
            rows.append((member, day))
            if random.random() < leaves:
                break
    member, day = (np.array(each) for each in zip(*rows, strict=True))
    return {"member": member, "at": days[day], "amount": random.integers(100, 900, len(day))}


def test_seasons_that_were_played_are_found_and_leaving_is_not_taken_for_one():
    rates = [1.6, 1.2, 0.7, 0.7, 0.5, 0.8, 1.3, 1.0, 0.6, 1.1]
    log = seasonal(rates)

    plain = calibrate(log, currency="EUR", model="BG/NBD", until="2026-10-27")
    found = calibrate(log, currency="EUR", model="BG/NBD", until="2026-10-27", calendar="month")

    days = np.bincount((np.datetime64("2026-01-02") + np.arange(299)).astype("M8[M]").astype(int) - 672)
    average = np.array(rates) / (np.array(rates) @ days / days.sum())
    assert found.seasons.rates == pytest.approx(average, rel=0.12)
    assert found.purchases.log_likelihood > plain.purchases.log_likelihood + 100
    spread = np.sqrt(np.diag(found.purchases.covariance))
    truth = np.log([1.2, 25 / (np.array(rates) @ days / days.sum()), 0.8, 3])
    # Days are whole: a rate of one visit in 20 days loses a few of them.
    assert (np.abs(found.purchases.logs - truth) < 3 * spread + 0.06).all()
    assert "each month has a rate of its own" in " ".join(found.notes)


def test_seasons_of_a_shop_without_any_change_little():
    log = seasonal([1.0] * 10, seed=5)

    plain, found = (calibrate(log, currency="EUR", model="BG/NBD", calendar=each) for each in (None, "quarter"))

    assert found.seasons.rates == pytest.approx(np.ones(4), abs=0.1)
    assert found.purchases.r == pytest.approx(plain.purchases.r, rel=0.1)
    assert 0 <= found.purchases.log_likelihood - plain.purchases.log_likelihood < 10


def test_the_second_half_of_cdnow_is_told_within_five_percent_where_weeks_have_rates_of_their_own():
    """
    MBG/NBD is the likelier model before weeks are looked at, and 2.5 percent below what came; BG/NBD is 5.7 above.

    Without the calendar slack summer weeks count as customers who left, and both fall short by far.
    """
    found = calibrate(cdnow(), until="1997-09-30", calendar="week")
    other = calibrate(cdnow(), until="1997-09-30", calendar="week", model="BG/NBD")

    assert found.tried.chosen == "MBG/NBD"
    assert found.holdout().ratio.value == pytest.approx(0.975, abs=0.001)
    assert other.holdout().ratio.value == pytest.approx(1.057, abs=0.001)
    assert len(found.seasons.rates) == 40
    assert str(found.seasons.starts[0]) == "1997-01-02"


def test_the_gradient_of_the_likelihood_of_seasons_is_that_of_its_value():
    from fidelity.simulation.calibration.seasons import _Likelihood

    log = seasonal([1.5, 0.5, 1.0, 1.2], members=60)
    plain = calibrate(log, currency="EUR", model="MBG/NBD")
    places = plain._log.places_of(plain.customers.customers)
    likelihood = _Likelihood(plain._log.member, plain._log.day, plain.customers, places, "month", 1)
    at = np.append(plain.purchases.logs, [0.1, -0.2, 0.3])

    value, slope = likelihood.slope(at)

    steps = 1e-6 * np.eye(7)
    sides = [(likelihood.slope(at + step)[0] - likelihood.slope(at - step)[0]) / 2e-6 for step in steps]
    assert slope == pytest.approx(sides, rel=1e-4, abs=1e-4)
    flat = _Likelihood(plain._log.member, plain._log.day, plain.customers, places, "month", 1)
    assert flat.slope(np.append(plain.purchases.logs, np.zeros(3)))[0] == pytest.approx(plain.purchases.log_likelihood)
    assert value < plain.purchases.log_likelihood + 200


@pytest.mark.parametrize(
    ("calendar", "kind", "said"),
    [
        ("year", MetricError, "calendar: is 'year'; choose 'week', 'month', 'quarter'"),
        ("quarter", FitError, "calendar: all"),
    ],
)
def test_a_calendar_that_tells_nothing_is_refused(calendar, kind, said):
    with pytest.raises(kind, match=said):
        calibrate(seasonal([1.0] * 3, members=1_500), currency="EUR", calendar=calendar, until="2026-03-31")


# -- played


def test_played_the_second_half_of_cdnow_comes_as_the_closed_form_says():
    """Nine months of visits without a program, from the books of the first half: 273 days, to the end of the log."""
    found = calibrate(cdnow(), until="1997-09-30", calendar="week")
    tracking = found.holdout()

    nothing = simulate(found, _plain(), years=1, draws=0, seed=2).outcome("no program")

    came = nothing.monthly["visits"][:9]
    assert [str(each) for each in nothing.months[[0, 8]]] == ["1997-10", "1998-06"]
    # Of 23,570 customers with as many visits each, the sum varies by about 1.2 percent of it.
    spread = np.sqrt(tracking.actual.var() * len(tracking.actual))
    assert abs(came.sum() - tracking.expected.sum()) < 3 * spread
    assert came.sum() == pytest.approx(tracking.actual.sum(), rel=0.05)


def _plain():
    return fd.Program(
        "Plain", version="1", currency="USD", timezone="UTC",
        earn=[fd.EarnRule("a point a dollar", fd.points(1, per="1 USD"))],
        rewards=[fd.Reward("record", cost=100, worth="5 USD")],
    )  # fmt: skip


def test_what_data_hardly_determine_is_drawn_within_bounds():
    """Errors as wide as a hundred on a logarithm: e to the hundredth is no parameter."""
    found = calibrate(cdnow(), until="1997-09-30")
    loose = attrs.evolve(found.purchases, covariance=np.eye(4) * 1e4)
    for drawn in attrs.evolve(found, purchases=loose).draws(20, seed=1):
        moved = np.abs(drawn.purchases.logs - loose.logs)
        assert moved.max() <= np.log(1_000) * (1 + 1e-9)
