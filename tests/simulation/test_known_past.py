"""Customers with a past: what is known of them beforehand is no luck, and the error that is told is that of other luck."""

from __future__ import annotations

from datetime import date

import attrs
import numpy as np
import pytest

import fidelity as fd
from fidelity.metrics.value import BetaGeometric
from fidelity.simulation import Population, simulate
from fidelity.simulation.comparing import compared
from fidelity.simulation.measures import Figure, error_of
from fidelity.simulation.people import DAY, Past
from fidelity.simulation.running import run
from tests.simulation.world import SIMPLE, SPENDING, setting

FIRST, DAYS = date(2026, 1, 1), 600
BUYING = BetaGeometric(0.4, 40.0, 0.5, 60.0)
#: What it costs more is known of each by what they will pay.
RICHER = attrs.evolve(SIMPLE, version="2", earn=[fd.EarnRule("base", fd.points(3, per="1 USD"))])


def past_of(count, seed=1):
    """Customers who have come by the laws of `BUYING` and `SPENDING` for so many days."""
    chance = np.random.default_rng(seed)
    began = int(np.datetime64(FIRST, "us").astype(np.int64)) - DAYS * DAY
    rate, leaves = chance.gamma(BUYING.r, 1 / BUYING.alpha, count), chance.beta(BUYING.a, BUYING.b, count)
    scale = SPENDING.v / chance.gamma(SPENDING.q, size=count)
    rows, seen = [], np.zeros((3, count))
    for who in range(count):
        at, left = 0.0, False
        while at < DAYS and not left:
            paid = chance.gamma(SPENDING.p) * scale[who]
            rows.append((who, began + int(at * DAY), round(100 * paid)))
            if at:
                seen[:, who] += 1, at - seen[1, who], paid
                left = chance.random() < leaves[who]
            at += chance.exponential(1 / rate[who])
    frequency, recency, total = seen
    member, at, amount = np.array(sorted(rows, key=lambda row: row[1])).T
    mean = np.divide(total, frequency, out=np.zeros(count), where=frequency > 0)
    return Past(
        frequency, recency, np.full(count, float(DAYS)), mean, np.full(count, began), member, at, amount
    )  # fmt: skip


@pytest.fixture(scope="module")
def crowd():
    return Population(100, BUYING, SPENDING, past=past_of(400))


@pytest.fixture(scope="module")
def studies(crowd):
    return [
        simulate(
            crowd, {"today": SIMPLE, "richer": RICHER}, years=1, seed=seed, margin=0.5, cost=0.4, begins=FIRST, draws=0
        )
        for seed in range(40)
    ]


@pytest.mark.parametrize("measure", ["sales", "margin"])
def test_the_error_that_is_told_is_that_of_the_same_customers_with_other_luck(studies, measure):
    found = [each.bands("today", measure).process for each in studies]

    told = np.sqrt(np.mean([((each.high - each.middle) / 1.6449) ** 2 for each in found]))
    assert told == pytest.approx(np.std([each.middle for each in found], ddof=1), rel=0.25)


@pytest.mark.parametrize("measure", ["margin", "rewards"])
def test_so_is_that_of_the_gap_between_two_programs(studies, measure):
    gaps = [each.compare(measure=measure).gap for each in studies]

    told = np.sqrt(np.mean([each.standard_error**2 for each in gaps]))
    assert told == pytest.approx(np.std([each.value for each in gaps], ddof=1), rel=0.25)


def test_what_was_expected_is_what_comes_on_average(crowd, studies):
    where = setting(population=crowd, years=1, seed=3)
    expected = run("no program", None, where, currency="USD").expected

    assert expected.shape == (500,)
    assert np.ptp(expected[400:]) == 0
    paid = np.mean([each.nothing.revenue for each in studies], axis=0)
    for some in (slice(400), slice(400, None), expected > np.quantile(expected[:400], 0.9)):
        assert paid[some].sum() == pytest.approx(expected[some].sum(), rel=0.15)


def test_without_a_past_all_differences_are_luck():
    assert run("today", SIMPLE, setting(50, years=1), currency="USD").expected is None

    parts = np.array([1.0, 4.0, 2.0, 9.0])
    assert error_of(parts) == pytest.approx(np.sqrt(4 * parts.var(ddof=1)))
    assert error_of(parts, np.full(4, 7.0)) == error_of(parts)


def test_only_what_strays_from_the_line_is_luck():
    known = np.arange(200.0)
    luck = np.random.default_rng(3).normal(0, 5, 200)

    assert error_of(3 * known + luck, known) == pytest.approx(error_of(luck), rel=0.05)
    assert error_of(3 * known, known) == pytest.approx(0, abs=1e-9)
    figures = Figure(known, expected=known), Figure(4 * known, expected=known)
    gap = compared(("one", "two"), "sales", figures, None).gap
    assert (gap.value, gap.standard_error) == (3 * known.sum(), pytest.approx(0, abs=1e-9))
    # One alone who makes the line leaves nothing to see, and no number that is none.
    assert error_of(np.array([0.0, 0.0, 8.0]), np.array([1.0, 1.0, 5.0])) == pytest.approx(0, abs=1e-9)
