"""Effects out of a history: a truth that was played is found again, and what cannot be told is said."""

from datetime import UTC

import attrs
import numpy as np
import pytest

import fidelity as fd
from fidelity.errors import MetricError, SimulationError, TableError
from fidelity.metrics import BetaGeometric
from fidelity.simulation.assumptions import Effects
from fidelity.simulation.calibration import calibrate
from fidelity.simulation.calibration.asking import ask
from fidelity.simulation.calibration.watching import watch
from tests.simulation.played import TRUTH, card, played


@pytest.fixture(scope="module")
def found():
    visits, taken = played(60)
    return calibrate(visits, program=card(60), redemptions=taken, model="BG/NBD")


def errors_apart(calibration, **effects):
    """By how many standard errors each effect is off what was played."""
    truth = TRUTH | effects
    told = {name: calibration.effects[name] for name in calibration.measured}
    return {name: (each.likely - truth[name]) / each.error for name, each in told.items()}


@pytest.mark.parametrize(
    ("costs", "effects"),
    [
        ((60,), {}),
        ((40, 90), {"seed": 2}),
        ((50,), {"goal_gradient": 0, "post_reward_reset": 0, "points_pressure": 0, "seed": 3}),
        ((30, 60, 120), {"goal_gradient": 0.8, "redemption": 0.9, "never": 0.4, "seed": 4}),
    ],
)
def test_a_truth_that_was_played_is_found_within_three_standard_errors(costs, effects):
    visits, taken = played(*costs, **effects)

    found = calibrate(visits, program=card(*costs), redemptions=taken, model="BG/NBD")

    apart = errors_apart(found, **{name: each for name, each in effects.items() if name != "seed"})
    assert set(apart) == {"goal_gradient", "post_reward_reset", "points_pressure", "redemption", "never"}
    assert all(abs(each) < 3 for each in apart.values()), apart


def test_who_never_asks_is_told_by_chances_and_by_hastening_together():
    """Who asks comes sooner near a reward and has more chances: by chances alone too few would never ask."""
    visits, taken = played(60, members=4_000, goal_gradient=1.5, never=0.4, redemption=0.3)
    found = calibrate(visits, program=card(60), redemptions=taken, model="BG/NBD")

    alone = ask(watch(card(60), found._log, int(found.last.astype(int)))).never

    assert alone.likely < found.effects.never.likely
    assert abs(found.effects.never.likely - 0.4) < abs(alone.likely - 0.4)
    assert abs(found.effects.never.likely - 0.4) < 3 * found.effects.never.error


def test_without_what_was_measured_the_models_are_those_that_were_played(found):
    """Played with r 1.5, α 18, a 1, b 6 for purchases and p 6, q 5, v 8 for spend."""
    for model, truth in ((found.purchases, (1.5, 18, 1, 6)), (found.spend, (6, 5, 8))):
        apart = (model.logs - np.log(truth)) / np.sqrt(np.diag(model.covariance))
        assert (np.abs(apart) < 3).all()
    assert "purchases are told as they would be without the hastening" in " ".join(found.notes)


def test_ignoring_the_program_finds_customers_who_come_more_often_and_spend_more():
    """Else what a program changed would count twice when it is played again."""
    visits, taken = played(60, goal_gradient=1.5, post_reward_reset=0, points_pressure=0.6)
    told = calibrate(visits, program=card(60), redemptions=taken, model="BG/NBD")
    plain = calibrate(visits, currency="EUR", model="BG/NBD")

    rates = [each.purchases.r / each.purchases.alpha for each in (plain, told)]
    assert rates[0] > 1.2 * rates[1]
    assert plain.spend.mean > 1.05 * told.spend.mean


def test_days_are_weighed_by_the_hastening_that_was_measured(found):
    visits, _ = played(60)
    plain = calibrate(visits, currency="EUR", model="BG/NBD").customers

    assert found.customers.customers.tolist() == plain.customers.tolist()
    # A gap with all of the progress counts 1.4 days a day, one after a reward 0.7.
    assert (found.customers.age <= 1.6 * plain.age + 1).all()
    assert (found.customers.age >= 0.6 * plain.age - 1).all()
    assert found.customers.age.mean() > 1.05 * plain.age.mean()
    assert (found.customers.recency <= found.customers.age).all()


def test_the_holdout_is_told_of_customers_as_they_came():
    visits, taken = played(60, days=500)
    told = calibrate(visits, program=card(60), redemptions=taken, until="2025-12-31", model="BG/NBD")
    plain = calibrate(visits, currency="EUR", until="2025-12-31", model="BG/NBD")

    assert told.measured
    assert told.holdout().ratio.value == plain.holdout().ratio.value
    assert told.holdout().ratio.value == pytest.approx(1, abs=0.1)


def test_what_was_measured_says_on_what_it_rests(found):
    assert "gaps of 1,200 members" in found.effects.goal_gradient.source
    assert "rewards taken in" in found.effects.redemption.source
    assert found.effects.enrolment == Effects.published().enrolment
    low, high = found.effects.redemption.between(0.95)
    assert low < 0.5 < high
    assert found.draws(5, seed=1)[0].purchases.r != found.purchases.r


def test_redemptions_may_be_rows_of_the_history():
    visits, taken = played(60, members=300)
    both = {name: np.concatenate([visits[name], taken[name]]) for name in ("member", "at")}
    both["amount"] = np.concatenate([visits["amount"], np.zeros(len(taken["at"]), int)])
    both["kind"] = ["purchase"] * len(visits["at"]) + ["redemption"] * len(taken["at"])
    both["reward"] = [""] * len(visits["at"]) + taken["reward"]

    one = calibrate(both, program=card(60), model="BG/NBD")
    other = calibrate(visits, program=card(60), redemptions=taken, model="BG/NBD")

    assert one.effects.values() == pytest.approx(dict(other.effects.values()))
    assert one.measured == other.measured


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_dataframe_may_leave_open_what_rows_of_another_kind_tell(library):
    frames = pytest.importorskip(library)
    visits, taken = played(60, members=150)
    rows = len(visits["at"])
    frame = frames.DataFrame({
        "member": [*visits["member"].tolist(), *taken["member"].tolist()],
        "at": [each.replace(tzinfo=UTC) for name in (visits, taken) for each in name["at"].tolist()],
        "kind": ["purchase"] * rows + ["redemption"] * len(taken["at"]),
        "amount": [*visits["amount"].tolist(), *[None] * len(taken["at"])],
        "reward": [*[None] * rows, *taken["reward"]],
    })  # fmt: skip

    found = calibrate(frame, program=card(60))

    other = calibrate(visits, program=card(60), redemptions=taken)
    assert found.effects.redemption == other.effects.redemption
    assert found.spend.parameters == pytest.approx(other.spend.parameters)


def test_where_there_is_one_reward_redemptions_need_not_name_it():
    visits, taken = played(60, members=300)
    unnamed = {name: taken[name] for name in ("member", "at")}

    both = [calibrate(visits, program=card(60), redemptions=each, model="BG/NBD") for each in (taken, unnamed)]

    assert both[0].effects.redemption.likely == both[1].effects.redemption.likely


# -- what cannot be told


def test_a_small_history_keeps_what_is_published_and_says_so():
    visits, taken = played(60, members=60, days=200)

    found = calibrate(visits, program=card(60), redemptions=taken)

    assert found.effects.goal_gradient == Effects.published().goal_gradient
    assert any("goal gradient is the published one" in each for each in found.notes)
    assert "goal_gradient" not in found.measured


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (lambda taken: {"redemptions": taken, "currency": "EUR"}, "redemptions tell something with program="),
        (lambda _: {"program": card(60)}, "without redemptions nobody knows what members had left"),
        (lambda taken: {"program": card(60), "redemptions": {k: v[:5] for k, v in taken.items()}}, "too few rewards"),
    ],
)
def test_what_keeps_effects_from_being_measured_is_said(options, said):
    visits, taken = played(60, members=200)

    found = calibrate(visits, **options(taken))

    assert found.measured == ()
    assert found.effects == Effects.published()
    assert any(said in each for each in found.notes)


def test_a_program_that_columns_do_not_know_is_said():
    points = fd.Conversion(every="calendar quarter", blocks=10, worth="1 EUR", voucher="2 years")
    visits, taken = played(60, members=100)

    found = calibrate(visits, program=attrs.evolve(card(60), conversions=[points]), redemptions=taken)

    assert any("the books of this program cannot be followed in columns" in each for each in found.notes)


def test_a_program_without_rewards_is_said():
    visits, _ = played(60, members=100)

    found = calibrate(visits, program=card(), redemptions={"member": [], "at": [], "reward": []})

    assert any("no reward at a price in points" in each for each in found.notes)


def test_a_reward_that_nobody_can_save_for_is_refused():
    visits, taken = played(60, members=100)
    strange = taken | {"reward": ["cake"] * len(taken["at"])}

    with pytest.raises(
        SimulationError, match="redemptions: tell of 'cake', which nobody can save for; there are reward 60"
    ):
        calibrate(visits, program=card(60), redemptions=strange)


def test_a_field_that_the_program_reads_must_be_told():
    program = fd.Program(
        "Café", version="1", currency="EUR", timezone="UTC",
        earn=[fd.EarnRule("a point a euro", fd.points(1, per="1 EUR"), when=fd.purchase.channel == "app")],
        rewards=[fd.Reward("reward 60", cost=60)],
    )  # fmt: skip
    visits, taken = played(60, members=100)

    with pytest.raises(TableError, match='reads "channel"'):
        calibrate(visits, program=program, redemptions=taken)


def test_redemptions_that_the_program_refuses_are_told_and_count_for_nothing():
    visits, taken = played(60, members=300)

    found = calibrate(visits, program=card(61), redemptions=taken | {"reward": ["reward 61"] * len(taken["at"])})

    assert any("redemptions of the history are refused by the program" in each for each in found.notes)


def test_a_bad_date_of_a_redemption_is_refused():
    visits, taken = played(60, members=100)
    with pytest.raises(MetricError, match="is missing"):
        calibrate(visits, program=card(60), redemptions=taken | {"at": [None] * len(taken["at"])})


def test_played_without_effects_the_calibrated_model_is_the_plain_one():
    """Where nobody redeems and nothing hastens, both ways find the same customers."""
    visits, taken = played(60, goal_gradient=0, post_reward_reset=0, seed=8)
    one = calibrate(visits, program=card(60), redemptions=taken, model="BG/NBD")
    plain = calibrate(visits, currency="EUR", model="BG/NBD")

    assert isinstance(one.purchases, BetaGeometric)
    rates = [each.purchases.r / each.purchases.alpha for each in (one, plain)]
    assert rates[0] == pytest.approx(rates[1], rel=0.1)
