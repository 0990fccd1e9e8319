"""Points as they flow, tiers, the exchange of value: accounts that add up, oracles, bad input."""

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fidelity import metrics
from fidelity.errors import MetricError

amounts = st.floats(0, 1e6)
TIERS = ("base", "silver", "gold")


@given(amounts, st.lists(st.tuples(amounts, st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=20))
def test_points_carried_from_period_to_period_add_up(
    opening: float, periods: list[tuple[float, float, float]]
) -> None:  # fmt: skip
    issued = [each for each, _, _ in periods]
    held, redeemed, expired = opening, [], []
    for came, one, two in periods:
        redeemed.append(one * max(held + came, 0.0))
        # Rounding may leave a hair less than nothing.
        expired.append(two * max(held + came - redeemed[-1], 0.0))
        held += came - redeemed[-1] - expired[-1]
    found = metrics.roll_forward(opening, issued, redeemed, expired, value=0.01, redemption=0.8)
    assert found.closing[-1] == pytest.approx(held, abs=1e-6 * (opening + sum(issued) + 1))
    assert found.opening[1:].tolist() == found.closing[:-1].tolist()
    assert found.liability == pytest.approx(found.closing * 0.008)
    assert opening * 0.008 + found.change.sum() == pytest.approx(found.liability[-1], abs=1e-6)


def test_a_month_of_points() -> None:
    found = metrics.roll_forward(1_000, [500], [300], [50], adjusted=[-20], names=["May"])
    assert found.closing.tolist() == [1_130]
    assert (found.redemption_rate, found.expiry_rate) == (60.0, 10.0)
    assert found.to_dict()["names"] == ["May"]
    assert np.isnan(metrics.roll_forward(10, [0], [5]).redemption_rate)
    # Nothing expires, is mended or costs less unless told.
    plain = metrics.roll_forward(10, [4, 2], [5, 1])
    assert (plain.closing.tolist(), plain.liability.tolist(), plain.expiry_rate) == ([9, 10], [9, 10], 0)
    assert plain.names == ("1", "2")


pairs = st.lists(st.tuples(st.floats(1, 1000), st.floats(0, 1)), min_size=2, max_size=40)


@given(pairs)
def test_a_redemption_rate_has_the_error_of_a_ratio(members: list[tuple[float, float]]) -> None:
    api = pytest.importorskip("statsmodels.api", reason="outside: statsmodels is the oracle of the error of a ratio")
    issued = np.array([each for each, _ in members])
    redeemed = np.array([each * share for each, share in members])
    assume((issued / issued.sum()).max() < 0.99)
    found = metrics.redemption_rate(issued, redeemed)
    assert found.value == pytest.approx(100 * redeemed.sum() / issued.sum())
    # A ratio of sums is least squares through the origin with weights 1 / x, with errors that are robust (HC3).
    root = np.sqrt(issued)
    fitted = api.OLS(redeemed / root, root).fit(cov_type="HC3")
    assert found.standard_error == pytest.approx(100 * fitted.bse[0], rel=1e-6, abs=1e-7)


@given(pairs, st.floats(0.5, 2))
def test_equal_weights_change_nothing(members: list[tuple[float, float]], weight: float) -> None:
    issued = [each for each, _ in members]
    redeemed = [each * share for each, share in members]
    one = metrics.redemption_rate(issued, redeemed)
    two = metrics.redemption_rate(issued, redeemed, weights=[weight] * len(issued))
    assert two.value == pytest.approx(one.value, abs=1e-9)
    assert two.standard_error == pytest.approx(one.standard_error, abs=1e-7)


def test_redemption_by_group_and_earn_and_burn() -> None:
    by = metrics.redemption_rate([100] * 10, [50] * 5 + [10] * 5, by=["app"] * 5 + ["card"] * 5)
    assert {name: each.value for name, each in by.items()} == {"app": 50, "card": 10}
    assert by.overall is not None
    assert by.overall.value == 30
    found = metrics.earn_and_burn([100, 100, 0, 100], [0, 60, 0, 0])
    assert (found.rate.value, found.balance) == (20.0, 70.0)
    assert found.burners.value == pytest.approx(100 / 3)
    assert found.burners.n == 3
    heavy = metrics.earn_and_burn([100, 100, 0, 100], [0, 60, 0, 0], weights=[1, 2, 1, 0])
    assert heavy.rate.value == pytest.approx(40)
    assert heavy.burners.value == pytest.approx(200 / 3)


def test_what_members_hold_in_the_middle_counts_their_weights() -> None:
    def balance(held: list[float], weights: list[float] | None = None) -> float:
        return metrics.earn_and_burn(held, [0] * len(held), weights=weights).balance

    assert balance([1, 2, 3, 10]) == 2.5
    assert balance([1, 2, 3, 10], [1, 1, 1, 3]) == balance([1, 2, 3, 10, 10, 10]) == 6.5
    assert balance([1, 2, 3, 10], [1, 1, 1, 4]) == 10
    assert balance([1, 2, 900], [1, 1, 0]) == 1.5


@given(st.lists(st.tuples(st.sampled_from(TIERS), st.sampled_from(TIERS)), min_size=1, max_size=60))
def test_tiers_are_counted(moves: list[tuple[str, str]]) -> None:
    before, after = zip(*moves, strict=True)
    found = metrics.tier_migration(before, after, TIERS)
    counts = Counter(moves)
    assert found.counts.tolist() == [[counts[one, two] for two in TIERS] for one in TIERS]
    assert found.up.value + found.stayed.value + found.down.value == pytest.approx(100)
    back = metrics.tier_migration(after, before, TIERS)
    assert back.up.value == found.down.value
    assert back.counts.T.tolist() == found.counts.tolist()
    if counts["base", "gold"]:
        known = metrics.proportion(counts["base", "gold"], before.count("base"), unit="")
        assert known.interval is not None
        assert found.interval("base", "gold") == pytest.approx(known.interval)


def test_weights_of_tiers() -> None:
    found = metrics.tier_migration(["base", "gold"], ["gold", "gold"], TIERS, weights=[3, 1])
    assert found.up.value == 75
    assert found.shares[0].tolist() == [0, 0, 1]
    assert np.isnan(found.shares[1]).all()
    with pytest.raises(MetricError, match="nobody stood in 'silver'"):
        found.interval("silver", "gold")
    with pytest.raises(MetricError, match="choose 'base'"):
        found.interval("platinum", "gold")


def exchange(paid: list[float], goods: list[float], cost: list[float]) -> metrics.ValueExchange:
    return metrics.value_exchange(
        member_gave={"paid": paid}, member_got={"goods": goods}, company_gave={"goods": cost},
        company_got={"revenue": paid}, periods=["2025"] * (len(paid) - 1) + ["2026"],
    )  # fmt: skip


def test_both_sides_of_an_exchange() -> None:
    found = exchange([10, 20, 30], [12, 19, 33], [5, 10, 31])
    assert found.member_net.tolist() == [2, -1, 3]
    assert found.company_net.tolist() == [5, 10, -1]
    assert found.both_gain.value == pytest.approx(100 / 3)
    assert found.periods == {"2025": (1.0, 15.0), "2026": (3.0, -1.0)}
    assert found.one_sided is None
    # Who comes out even does not lose.
    assert exchange([10, 20], [10, 20], [10, 20.5]).both_gain.value == 50
    assert exchange([10, 20], [5, 5], [1, 1]).one_sided == "member"
    assert exchange([10, 20], [50, 50], [15, 25]).one_sided == "company"


def test_rows_that_stand_for_several_weigh_as_much() -> None:
    def both(rows: list[int], weights: list[float] | None = None) -> metrics.ValueExchange:
        paid, goods = np.array([10.0, 20, 30])[rows], np.array([12.0, 19, 33])[rows]
        return metrics.value_exchange(
            member_gave={"paid": paid}, member_got={"goods": goods}, company_gave={"goods": goods / 2},
            company_got={"revenue": paid}, periods=np.array(["a", "b", "b"])[rows], weights=weights,
        )  # fmt: skip

    one, two = both([0, 1, 2], [3, 1, 1]), both([0, 0, 0, 1, 2])
    assert one.member.value == pytest.approx(two.member.value)
    assert one.both_gain.value == pytest.approx(two.both_gain.value)
    assert one.sums == two.sums
    assert one.periods == two.periods
    some = metrics.transactional_share([10, 10, 5], [True, False, True], weights=[2, 1, 0])
    assert some.value == pytest.approx(200 / 3)


@given(st.lists(st.tuples(st.floats(0, 100), st.booleans(), st.integers(0, 3)), min_size=1, max_size=40))
def test_what_only_pays_for_repetition(given_out: list[tuple[float, bool, int]]) -> None:
    values, only, who = (list(each) for each in zip(*given_out, strict=True))
    assume(sum(values) > 1e-6)
    found = metrics.transactional_share(values, only, members=who)
    assert found.value == pytest.approx(
        100 * sum(value for value, each in zip(values, only, strict=True) if each) / sum(values)
    )
    assert found.n == len(set(who))
    other = metrics.transactional_share(values, [not each for each in only], members=who)
    assert found.value + other.value == pytest.approx(100)
    assert (found.standard_error or 0) == pytest.approx(other.standard_error or 0, rel=1e-6, abs=1e-6)


ONE = {"a": [1.0]}


@pytest.mark.parametrize(
    ("call", "argument", "rows"),
    [
        (lambda: metrics.redemption_rate([1, -1], [1, 1]), "issued", [1]),
        (lambda: metrics.redemption_rate([1, 1], [1, None]), "redeemed", [1]),
        (lambda: metrics.redemption_rate([0, 0], [1, 1]), "issued", []),
        (lambda: metrics.redemption_rate([1], [1, 1]), "redeemed", []),
        (lambda: metrics.redemption_rate([1, 1], [1, 1], weights=[0, 0]), "weights", []),
        (lambda: metrics.redemption_rate([1, 1], [1, 1], by=["a"]), "by", []),
        (lambda: metrics.earn_and_burn([1, 1], [1, 2]), "burned", [1]),
        (lambda: metrics.earn_and_burn([0, 0], [0, 0]), "earned", []),
        (lambda: metrics.earn_and_burn([], []), "earned", []),
        (lambda: metrics.roll_forward(-1, [1], [1]), "opening", []),
        (lambda: metrics.roll_forward(1, [1, 1], [1, 3]), "redeemed", [1]),
        (lambda: metrics.roll_forward(1, [1, 1], [1]), "redeemed", []),
        (lambda: metrics.roll_forward(1, [1], [1], redemption=80), "redemption", [0]),
        (lambda: metrics.roll_forward(1, [1], [1], names=["a", "b"]), "names", []),
        (lambda: metrics.tier_migration(["base"], ["iron"], TIERS), "after", [0]),
        (lambda: metrics.tier_migration(["base"], ["base", "gold"], TIERS), "after", []),
        (lambda: metrics.tier_migration(["base"], ["base"], ["base", "base"]), "order", []),
        (lambda: metrics.tier_migration(["base"], ["base"], TIERS, weights=[-1]), "weights", [0]),
        (lambda: metrics.value_exchange(member_gave={}, member_got=ONE, company_gave=ONE, company_got=ONE),
         "member_gave", []),
        (lambda: metrics.value_exchange(member_gave=ONE, member_got={"a": [-1]}, company_gave=ONE, company_got=ONE),
         "member_got", [0]),
        (lambda: metrics.value_exchange(member_gave=ONE, member_got=ONE, company_gave={"a": [1, 2]}, company_got=ONE),
         "company_gave", []),
        (lambda: metrics.transactional_share([0, 0], [True, False]), "values", []),
        (lambda: metrics.transactional_share([1, 1], [True, 2]), "transactional", [1]),
        (lambda: metrics.transactional_share([1, 1], [True, False], members=["a"]), "members", []),
        (lambda: metrics.transactional_share([1, 1], [True, False], level=2), "level", []),
    ],
)  # fmt: skip
def test_bad_input_names_the_argument_the_rows_and_the_remedy(
    call: Callable[[], object], argument: str, rows: list[int]
) -> None:
    with pytest.raises(MetricError) as caught:
        call()
    assert caught.value.argument == argument
    assert caught.value.rows.tolist() == rows
    assert ";" in str(caught.value)
