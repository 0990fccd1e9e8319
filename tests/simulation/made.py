"""Outcomes made by hand or by a small law, for tests of what is worked out from them."""

from __future__ import annotations

import attrs
import numpy as np

import fidelity as fd
from fidelity.ledger.columns.calendar import NEVER
from fidelity.simulation.outcome import Outcome, Points, Tiering

BEGINS = int(np.datetime64("2026-01-01", "us").astype(np.int64))
ENDS = int(np.datetime64("2029-01-01", "us").astype(np.int64))
DAY = 86_400_000_000
MONTHS = np.arange(np.datetime64("2026-01"), np.datetime64("2029-01"))

CAFE = fd.Program(
    "Café Aurora",
    version="2026-01",
    currency="EUR",
    timezone="Europe/Madrid",
    earn=[fd.EarnRule("base", fd.points(1, per="1 EUR"))],
    rewards=[fd.Reward("free coffee", cost=20, worth="2 EUR")],
    expiry="12 months",
)


def spread(total, shape=MONTHS.shape[0]):
    """*total* over the months, to the integer."""
    found = np.full(shape, total // shape, np.int64)
    found[: total % shape] += 1
    return found


def outcome(
    name="today",
    *,
    program=CAFE,
    revenue=(10_000, 20_000, 0),
    issued=(100, 200, 0),
    redeemed=(60, 0, 0),
    expired=(0, 50, 0),
    opening=None,
    arrived=None,
    enrolled=None,
    first_reward=None,
    tiers=None,
):
    """An outcome of a few customers; money in cents."""
    revenue, issued, redeemed, expired = (np.array(each, np.int64) for each in (revenue, issued, redeemed, expired))
    without = program is None
    if without:
        issued = redeemed = expired = revenue * 0
    n = len(revenue)
    opening = np.zeros(n, np.int64) if opening is None else np.array(opening, np.int64)
    arrived = np.full(n, BEGINS, np.int64) if arrived is None else np.array(arrived, np.int64)
    points = {} if without else {
        "points": Points(
            opening, issued, redeemed, expired, opening + issued - redeemed - expired,
            {each: spread(int(many.sum())) for each, many in
             (("issued", issued), ("redeemed", redeemed), ("expired", expired))},
        )
    }  # fmt: skip
    nobody = np.full(n, NEVER, np.int64)
    return Outcome(
        name=name, program=program, currency="EUR", begins=BEGINS, ends=ENDS, arrived=arrived,
        enrolled=nobody if without else arrived if enrolled is None else np.array(enrolled, np.int64),
        visits=(revenue > 0).astype(np.int64) * 3, revenue=revenue,
        taken=redeemed // 20, worth=redeemed // 20 * 200,
        first_reward=np.where(redeemed > 0, arrived + 100 * DAY, nobody) if first_reward is None
        else np.array(first_reward, np.int64),
        last=np.full(n, ENDS - 10 * DAY, np.int64), points=points, tiers=tiers, months=MONTHS,
        monthly={"visits": spread(3 * n), "revenue": spread(int(revenue.sum())), "active": spread(n),
                 "joined": spread(n)},
    )  # fmt: skip


def nothing(**told):
    """What came of the same customers without a program."""
    return outcome("no program", program=None, **told)


def crowd(name, *, count=1_000, seed=1, uplift=0.1, rate=1.0, dying=0.2, tiers=True):
    """An outcome of many customers whose luck is that of *seed*, whatever the program gives."""
    chance = np.random.default_rng(seed)
    base = np.round(chance.gamma(1.2, 12_000, count)).astype(np.int64)
    react, use = chance.random(count), chance.random(count)
    since = BEGINS + np.round(chance.uniform(-2, 2.9, count) * 365 * DAY).astype(np.int64)
    if name is None:
        return nothing(revenue=base, arrived=since)
    revenue = base + np.round(base * uplift * 2 * react).astype(np.int64)
    issued = np.floor(revenue * rate / 100).astype(np.int64)
    redeemed = np.where(use > 0.3, issued * 3 // 5 // 20 * 20, 0)
    expired = np.floor((issued - redeemed) * dying).astype(np.int64)
    waits = np.where(redeemed > 0, since + np.round(chance.exponential(150, count)).astype(np.int64) * DAY, NEVER)
    at = np.minimum(np.arange(4)[:, None] + (base > 15_000), 2 + (base > 30_000) * 0).astype(np.int8)
    at[0] = -1
    found = outcome(
        name, revenue=revenue, issued=issued, redeemed=redeemed, expired=expired, arrived=since, first_reward=waits,
        tiers=Tiering(("base", "silver", "gold"), at) if tiers else None,
    )  # fmt: skip
    # What is sold and given grows over the months.
    weights = np.linspace(0.5, 1.5, len(MONTHS)) / len(MONTHS)
    monthly = {**found.monthly, "revenue": np.round(weights * revenue.sum()).astype(np.int64)}
    return attrs.evolve(found, monthly=monthly)


def play(effects, fitted, seed, count=300):
    """Sales grow by the goal gradient, a little otherwise with each draw of the parameters."""
    more = effects["goal_gradient"] + (0.0 if fitted is None else 0.002 * (fitted % 5 - 2))
    made = {
        name: crowd(name, count=count, seed=seed, uplift=more * factor, dying=effects["never"])
        for name, factor in (("today", 1.0), ("candidate", 1.2))
    }
    return made, crowd(None, count=count, seed=seed)
