"""What is played is what the models say, what the books say, and the same however it is cut up."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fidelity import Conversion, EarnRule, Loyalty, Purchase, member, points
from fidelity.errors import NotColumnar, SimulationError, TableError
from fidelity.ledger.columns import Step
from fidelity.ledger.columns.calendar import NEVER
from fidelity.metrics.value import BetaGeometric, GammaGamma, ModifiedBetaGeometric
from fidelity.simulation.assumptions import Assumption, Effects
from fidelity.simulation.people import Past, Population
from fidelity.simulation.running import run
from fidelity.simulation.visits import Visits
from fidelity.testing.examples import airline
from fidelity.values.money import Money
from tests.simulation.world import BUYING, SIMPLE, SPENDING, TIERED, YEARLY, micros, setting

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ALL_JOIN = Effects(enrolment=1.0, never=0.0, redemption=0.5)


def played(program, told, **how):
    return run("it", program, told, currency="USD", **how)


def figures(outcome):
    """All that an outcome holds, as plain numbers."""
    told = {
        name: getattr(outcome, name).tolist()
        for name in ("arrived", "enrolled", "visits", "revenue", "taken", "worth", "first_reward", "last")
    }
    told |= {f"monthly {name}": each.tolist() for name, each in outcome.monthly.items()}
    for wallet, each in outcome.points.items():
        for name, values in attrs.asdict(each, recurse=False).items():
            told[f"{wallet} {name}"] = (
                {what: some.tolist() for what, some in values.items()} if name == "flows" else values.tolist()
            )
    if outcome.tiers is not None:
        told["tiers"] = outcome.tiers.at.tolist()
    return told


# -- what the models say


@pytest.mark.parametrize("model", [BUYING, ModifiedBetaGeometric(0.525, 6.183 * 7, 0.891, 1.614)])
def test_purchases_a_customer_lie_within_three_standard_errors_of_the_closed_form(model):
    told = setting(population=Population(200_000, model, SPENDING, arrive=0.0), years=3)
    for program in (None, SIMPLE):
        found = played(program, attrs.evolve(told, effects=Effects.off().values()))
        repeat = found.visits - 1
        error = repeat.std() / np.sqrt(len(repeat))
        assert abs(repeat.mean() - model.expected_purchases([told.days])[0]) < 3 * error


def test_spending_is_what_the_model_says():
    found = played(None, setting(200_000, years=1))
    mean = found.revenue / np.maximum(found.visits, 1) / 100
    once = found.visits == 1
    # Of who comes once, a single purchase: the mean of all is p v / (q − 1).
    assert abs(mean[once].mean() - SPENDING.mean) < 3 * mean[once].std() / np.sqrt(once.sum())


@pytest.mark.parametrize("model", [BUYING, ModifiedBetaGeometric(0.525, 6.183 * 7, 0.891, 1.614)])
def test_customers_with_a_past_come_as_often_as_the_model_says_of_them(model):
    x, recency, age = np.repeat([0, 2, 9], 30_000), np.repeat([0.0, 200.0, 300.0], 30_000), np.full(90_000, 330.0)
    first = np.full(90_000, micros(2026) - 330 * 86_400_000_000)
    past = Past(
        x.astype(float), recency, age, np.where(x > 0, 30.0, 0.0), first, np.arange(90_000), first, np.full(90_000, 3_000)
    )  # fmt: skip
    told = setting(population=Population(0, model, SPENDING, past=past), years=1, effects=Effects.off())
    found = played(None, told)
    wanted = model.conditional_expected_purchases(365, [0, 2, 9], [0, 200, 300], [330, 330, 330])
    worth = SPENDING.expected_spend([0, 2, 9], [0, 30, 30])
    for number in range(3):
        some = found.visits[number * 30_000 : (number + 1) * 30_000]
        assert abs(some.mean() - wanted[number]) < 3.5 * some.std() / np.sqrt(len(some))
        spent = found.revenue[number * 30_000 : (number + 1) * 30_000] / 100
        each = spent[some > 0] / some[some > 0]
        assert abs(each.mean() - worth[number]) < 5 * each.std() / np.sqrt(len(each))


def test_a_program_without_effects_changes_nothing_in_what_people_do():
    told = setting(20_000, effects=Effects.off())
    alone, beside = played(None, told), played(SIMPLE, told)
    assert alone.visits.tolist() == beside.visits.tolist()
    assert alone.revenue.tolist() == beside.revenue.tolist()


def test_each_effect_moves_what_it_should_and_only_for_members():
    plain = Effects.off()
    base = played(SIMPLE, setting(20_000, effects=plain))
    sure = {"goal_gradient": 0.5, "points_pressure": 0.5, "post_reward_reset": 0.5}
    for name, share in sure.items():
        found = played(SIMPLE, setting(20_000, effects=attrs.evolve(plain, **{name: Assumption.fixed(share)})))
        outside = found.enrolled == NEVER
        assert outside.any()
        assert (found.revenue[outside] == base.revenue[outside]).all()
        up = found.visits.sum() - base.visits.sum()
        more = found.revenue.sum() / found.visits.sum() - base.revenue.sum() / base.visits.sum()
        assert (up > 0) == (name == "goal_gradient")
        assert (up < 0) == (name == "post_reward_reset")
        if name == "points_pressure":
            assert up == 0
            assert more > 0


# -- what the books say


@given(st.integers(0, 10**6), st.sampled_from([SIMPLE, TIERED, YEARLY]))
@settings(max_examples=12)
def test_points_are_conserved_to_the_integer(seed, program):
    """Customer by customer, and as a whole against what the books count month by month."""
    found = played(program, setting(400, seed=seed, effects=ALL_JOIN, zone=program.zone))
    for each in found.points.values():
        assert (each.opening + each.issued == each.redeemed + each.expired + each.outstanding).all()
        assert (each.outstanding >= 0).all()
        for name, flow in each.flows.items():
            assert flow.sum() == getattr(each, name).sum()
    assert found.monthly["visits"].sum() == found.visits.sum()
    assert found.monthly["revenue"].sum() == found.revenue.sum()
    assert found.monthly["joined"].sum() == len(found)
    assert (found.taken > 0).sum() == (found.first_reward != NEVER).sum()


@pytest.mark.parametrize("program", [SIMPLE, TIERED])
def test_the_real_program_decides_as_the_books_do(program):
    """Every visit and every reward that was played, told to `Loyalty`: the same points, rewards and tiers."""
    told = []
    before = Step.step

    def step(self, state, who, kind, events):
        given = before(self, state, who, kind, events)
        who = np.asarray(who)
        for row, place in enumerate(who.tolist()):
            at = int(events["at"][row])
            if kind == "purchase":
                told.append((at, len(told), place, "purchase", int(events["amount"][row])))
            elif given.ok[row]:
                word = events["reward"].words[int(events["reward"].codes[row])]
                told.append((at, len(told), place, "redemption", (word, int(events["quantity"][row]))))
        return given

    told_to = setting(60, years=3, effects=ALL_JOIN, seed=3, zone=ZoneInfo("UTC"))
    with patch.object(Step, "step", step):
        found = played(program, told_to, size=1_000)
    shop, known = Loyalty(program), set()
    # Blocks stand in an order of their own: places are told apart by what they did.
    for at, number, place, kind, what in sorted(told):
        now = EPOCH + timedelta(microseconds=at)
        if place not in known:
            shop.enroll(f"m{place}", now=now)
            known.add(place)
        if kind == "purchase":
            shop.record(Purchase(f"T-{number}", member=f"m{place}", amount=Money(what, "USD"), at=now), now=now)
        else:
            shop.redeem(f"m{place}", what[0], quantity=what[1], key=f"k{number}", now=now)
    edges = [EPOCH + timedelta(microseconds=each) for each in (*told_to.years[:-1], found.ends - 1)]
    balances = sorted(shop.balance(f"m{place}", at=edges[-1]).available for place in known)
    members = found.enrolled != NEVER
    assert balances == sorted(found.points["points"].outstanding[members].tolist())
    rewards = [each for each in told if each[3] == "redemption"]
    assert sum(found.taken) == sum(each[4][1] for each in rewards) > 0
    firsts = {place: at for at, _, place, *_ in sorted(rewards, reverse=True)}
    assert sorted(firsts.values()) == sorted(found.first_reward[found.first_reward != NEVER].tolist())
    came = {
        (place, str(np.datetime64(at, "us").astype("M8[M]"))) for at, _, place, kind, _ in told if kind == "purchase"
    }
    assert found.monthly["active"].sum() == len(came)
    if found.tiers is not None:
        for row, at in enumerate(edges):
            names = [shop.status(f"m{place}", at=at) for place in known if shop.balance(f"m{place}", at=at)]
            there = found.tiers.at[row][members & (found.enrolled <= told_to.years[row])]
            wanted = [each.tier for each in names if each is not None]
            assert sorted(wanted) == sorted(found.tiers.names[each] for each in there)


# -- however it is cut up


@pytest.mark.parametrize("program", [None, SIMPLE, TIERED])
def test_blocks_and_threads_change_no_figure(program):
    told = setting(3_000)
    whole = figures(played(program, told))
    assert figures(played(program, told, size=700)) == whole
    assert figures(played(program, told, size=256, threads=2)) == whole


def test_another_number_of_customers_does_not_change_the_luck_of_the_first():
    few, many = played(SIMPLE, setting(500)), played(SIMPLE, setting(800))
    assert few.revenue.tolist() == many.revenue[:500].tolist()


def test_the_same_seed_gives_the_same_result_on_any_machine():
    found = played(TIERED, setting(1_000, seed=11))
    told = np.concatenate([found.visits, found.revenue, found.points["points"].outstanding, found.last])
    assert hashlib.sha256(told.astype("<i8").tobytes()).hexdigest()[:16] == "61562b8ebc62beb4"


def test_progress_is_told():
    done = []
    played(None, setting(1_000), size=300, progress=done.append)
    assert done == [300, 600, 900, 1_000]


# -- the horizon


def test_a_past_that_is_lived_through_fills_the_books_before_the_horizon_begins():
    day = 86_400_000_000
    begins = micros(2026)
    at = begins - np.array([300, 100, 40]) * day
    past = Past(
        np.array([2.0]), np.array([260.0]), np.array([300.0]), np.array([80.0]), at[:1], np.zeros(3, np.int64), at,
        np.full(3, 8_000),
    )  # fmt: skip
    quiet = attrs.evolve(Effects.off(), enrolment=1.0, never=1.0)
    lived = played(SIMPLE, setting(population=Population(0, BUYING, SPENDING, past=past), effects=quiet))
    empty = played(SIMPLE, setting(population=Population(0, BUYING, SPENDING, past=past), effects=quiet, lived=False))
    assert lived.points["points"].opening.tolist() == [240]
    assert empty.points["points"].opening.tolist() == [0]
    assert lived.visits.tolist() == empty.visits.tolist()
    assert lived.arrived.tolist() == at[:1].tolist()
    assert lived.monthly["joined"].sum() == 0


def bought(*days, amount=8_000, population=None, program=SIMPLE, lived=True, **effects):
    """What comes of one customer who bought so many days before the horizon."""
    at = micros(2026) - np.array(days).astype(np.int64) * 86_400_000_000
    past = Past(
        np.array([len(days) - 1.0]), np.array([float(days[0] - days[-1])]), np.array([float(days[0])]),
        np.array([amount / 100]), at[:1], np.zeros(len(days), np.int64), at, np.full(len(days), amount),
    )  # fmt: skip
    told = attrs.evolve(Effects.off(), **{"enrolment": 1.0, "never": 1.0, **effects})
    known = Population(0, BUYING, SPENDING, past=past, **(population or {}))
    return played(program, setting(population=known, effects=told, lived=lived))


def test_what_died_or_was_had_before_the_horizon_is_not_counted_in_it():
    gone = bought(500, 480, 100)
    assert gone.points["points"].opening.tolist() == [80]
    assert gone.points["points"].expired.sum() <= gone.points["points"].issued.sum() + 80
    had = bought(300, 200, 100, never=0.0, redemption=1.0)
    assert had.first_reward[0] < had.begins
    assert had.taken.sum() * 100 <= had.points["points"].redeemed.sum() + 160
    before = bought(300, 299, 298, 297, never=0.0, redemption=1.0)
    assert before.taken.tolist() == [0] if before.visits[0] == 0 else before.taken[0] <= before.visits[0] * 5


def test_who_never_asks_has_no_reward():
    found = played(SIMPLE, setting(2_000, effects=attrs.evolve(ALL_JOIN, never=1.0)))
    assert found.taken.sum() == found.points["points"].redeemed.sum() == 0


def test_customers_since_long_ago_are_known_as_such():
    loyal = attrs.evolve(
        SIMPLE,
        earn=[EarnRule("base", points(1, per="1 USD")), EarnRule("old", points(7), when=member.tenure_years >= 1)],
    )
    assert bought(800, 390, program=loyal, population={}).points["points"].opening.tolist() == [0]
    assert bought(800, 200, program=loyal).points["points"].opening.tolist() == [87]
    assert bought(300, 200, program=loyal).points["points"].opening.tolist() == [160]


def test_so_are_they_where_everybody_starts_without_points():
    always = attrs.evolve(SIMPLE, earn=[EarnRule("old", points(7), when=member.tenure_years >= 1)])
    busy = [20.0 * day for day in range(30, 0, -1)]
    fresh = bought(*busy, program=always, lived=False)
    assert fresh.visits[0] > 0
    assert fresh.points["points"].issued.tolist() == [7 * fresh.visits[0]]


def test_members_of_a_program_need_not_join_again():
    nobody = {"enrolment": 0.0}
    assert bought(300, 200, **nobody).points["points"].opening.tolist() == [0]
    assert bought(300, 200, population={"enrolled": True}, **nobody).points["points"].opening.tolist() == [160]


def test_who_joins_later_arrives_over_the_whole_horizon():
    told = setting(population=Population(100, BUYING, SPENDING, arrive=10.0, joining=50))
    found = played(SIMPLE, told)
    assert len(found) == 100 + round(50 * told.days / (365.25 / 12))
    later = found.arrived[100:]
    assert found.arrived[:100].max() < told.begins + 10 * 86_400_000_000
    assert later.min() < told.begins + 60 * 86_400_000_000
    assert later.max() > told.ends - 60 * 86_400_000_000


def test_visits_of_another_kind_take_rows_of_what_is_known():
    flights = Visits("flight", {"miles": [600, 9_000], "cabin": ["economy", "business"], "status_points": [3, 40]})
    found = played(airline(), setting(2_000, visits=flights, effects=ALL_JOIN))
    assert found.points["vouchers"].issued.sum() > 0
    assert found.tiers.names == ("Blue", "Silver", "Gold")
    assert (found.tiers.at[0] >= 0).all()
    assert found.tiers.at[1:].max() == 2


# -- bad input


def test_what_cannot_be_simulated_is_refused():
    with pytest.raises(SimulationError, match="customers"):
        Population(0, BUYING, SPENDING)
    for wrong in (-1, 1.5, True, "many"):
        with pytest.raises(SimulationError, match="customers"):
            Population(wrong, BUYING, SPENDING)
    with pytest.raises(SimulationError, match="purchases"):
        Population(10, SPENDING, SPENDING)
    with pytest.raises(SimulationError, match="spend"):
        Population(10, BUYING, BUYING)
    with pytest.raises(SimulationError, match="arrive"):
        Population(10, BUYING, SPENDING, arrive=float("nan"))
    with pytest.raises(SimulationError, match="different lengths"):
        Visits("flight", {"miles": [1, 2], "cabin": ["light"]})
    with pytest.raises(SimulationError, match="leave it out"):
        Visits("purchase", {"amount": [1]})
    with pytest.raises(SimulationError, match="without a row"):
        Visits("purchase", {"channel": []})
    with pytest.raises(TableError, match="cabin"):
        played(
            airline(), setting(10, visits=Visits("flight", {"miles": [600], "status_points": [3]}), effects=ALL_JOIN)
        )
    vouchers = Conversion(every="calendar quarter", blocks=50, worth="1 USD", voucher="1 year")
    paid_out = attrs.evolve(SIMPLE, conversions=[vouchers])
    with pytest.raises(NotColumnar, match="conversions"):
        played(paid_out, setting(10))


def test_laws_at_their_edges():
    """Who comes once in a lifetime, who never leaves, who spends next to nothing or fortunes."""
    for model in (BetaGeometric(0.02, 500.0, 0.05, 5.0), BetaGeometric(20.0, 100.0, 0.01, 50.0)):
        for spend in (GammaGamma(0.2, 1.1, 0.5), GammaGamma(60.0, 2.0, 1e6)):
            found = played(SIMPLE, setting(population=Population(500, model, spend), years=1))
            assert (found.visits >= 1).all()
            assert (found.revenue >= 0).all()
