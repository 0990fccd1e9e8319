"""A shop whose truth is known: members who hasten, slump, spend more and redeem by laws that a test chooses."""

import numpy as np

import fidelity as fd

DAY = 86_400_000_000
#: The effects that are played unless a test says otherwise.
TRUTH = {"goal_gradient": 0.4, "post_reward_reset": 0.3, "points_pressure": 0.25, "redemption": 0.5, "never": 0.2}


def card(*costs):
    """A point a euro, and a reward at each of *costs*."""
    return fd.Program(
        "Café", version="1", currency="EUR", timezone="UTC",
        earn=[fd.EarnRule("a point a euro", fd.points(1, per="1 EUR"))],
        rewards=[fd.Reward(f"reward {cost}", cost=cost) for cost in costs],
    )  # fmt: skip


def played(*costs, members=1200, days=450, seed=1, **effects):
    """Visits and redemptions of members who aim at one of *costs* each, as two tables."""
    truth = TRUTH | effects
    random = np.random.default_rng(seed)
    rate, leaves = random.gamma(1.5, 1 / 18, members), random.beta(1, 6, members)
    scale = 8 / random.gamma(5, size=members)
    asks = random.random(members) >= truth["never"]
    cost = np.array(costs)[random.integers(len(costs), size=members)]
    now, balance, usual = random.uniform(0, 60, members), np.zeros(members, int), np.zeros(members, int)
    who, visits, redemptions, first = np.arange(members), [], [], True
    while who.size:
        missing = cost[who] - balance[who]
        near = asks[who] & (missing > 0) & (missing <= usual[who])
        spent = random.gamma(6, size=who.size) * scale[who] * (1 + truth["points_pressure"] * near)
        amount = np.floor(100 * spent + 0.5).astype(int)
        usual[who] = amount // 100
        balance[who] += usual[who]
        visits.append((who, now[who], amount))
        takes = asks[who] & (balance[who] >= cost[who]) & (random.random(who.size) < truth["redemption"])
        balance[who[takes]] -= cost[who[takes]]
        redemptions.append((who[takes], now[who[takes]], cost[who[takes]]))
        progress = asks[who] * np.clip(balance[who] / cost[who], 0, 1)
        hastens = (1 + truth["goal_gradient"] * progress) * (1 - truth["post_reward_reset"] * takes)
        stays = random.random(who.size) >= leaves[who]
        now[who] += random.exponential(1 / (rate[who] * hastens))
        who, first = who[(stays | first) & (now[who] < days)], False
    member, at, amount = (np.concatenate(each) for each in zip(*visits, strict=True))
    by, when, which = (np.concatenate(each) for each in zip(*redemptions, strict=True))
    begins = np.datetime64("2025-01-01", "us").astype(int)
    instants = [(begins + each * DAY).astype(np.int64).view("M8[us]") for each in (at, when)]
    taken = {"member": by, "at": instants[1], "reward": [f"reward {each}" for each in which]}
    return {"member": member, "at": instants[0], "amount": amount}, taken
