"""What earns when points pay a part of a purchase, and when an order has a discount of its own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.errors import EventError, ProgramError
from fidelity.language.fields import line, lines, purchase
from fidelity.language.loading import line_bases
from fidelity.rules.earning.amounts import points, rate
from fidelity.rules.earning.measures import Measure, total
from fidelity.rules.earning.rules import EarnRule
from fidelity.rules.program import Program
from tests.rules.programs import item, program, sale

FOOD = EarnRule("food", points(1, per="1 EUR", of=lines(line.category == "food").amount))
BAG = [item("100 EUR", "food"), item("50 EUR", "home")]


def earned(*rules, amount="135 EUR", lines=BAG, policies=None, **parts):
    return program(*(rules or (FOOD,)), **(policies or {})).evaluate(sale(amount, lines=lines, **parts)).points


# -- a discount on the whole order


def test_a_discount_on_the_whole_order_comes_off_each_line_by_its_share():
    assert earned(discount="15 EUR") == 90


def test_with_lines_in_scope_a_line_counts_for_what_it_says():
    assert earned(discount="15 EUR", policies={"order_discount": "lines in scope"}) == 100


def test_a_discount_beyond_what_the_lines_cost_leaves_them_nothing():
    assert earned(amount="0 EUR", discount="160 EUR") == 0


def test_the_shares_of_a_discount_lose_no_cent():
    three = [item("10 EUR", "food"), item("10 EUR", "food"), item("10 EUR", "food")]
    cents = EarnRule("cents", rate(100, of=lines(line.category == "food").amount))

    assert earned(cents, amount="20 EUR", lines=three, discount="10 EUR") == 2_000
    # Of 10.00 over three lines the first has 3.33, the second 3.33 and the third 3.34.
    by_line = line_bases(sale("20 EUR", lines=three, discount="10 EUR"), ("discount",))
    assert by_line == [667, 667, 666]


def test_which_lines_are_meant_is_asked_of_their_price():
    dear = EarnRule("dear", points(1, per="1 EUR", of=lines(line.amount >= 100).amount))

    assert earned(dear, discount="15 EUR") == 90


def test_a_condition_and_a_measure_read_lines_as_they_stand():
    spent = Measure("food", total(lines(line.category == "food").amount), over="ever")
    gift = EarnRule("gift", points(5), when=lines(line.category == "food").amount >= 100)
    told = program(gift, measures=[spent]).evaluate(sale("135 EUR", lines=BAG, discount="15 EUR"))

    assert (told.points, told.counts) == (5, {"measure.food": 10_000})


def test_what_earns_of_a_line_may_be_asked_for():
    gift = EarnRule("gift", points(5), when="lines(line.basis < 95).count == 2")

    assert earned(gift, discount="15 EUR") == 5
    assert earned(gift) == 0


def test_an_order_discount_can_be_a_condition():
    assert earned(EarnRule("full price", points(5), when=purchase.discount == 0), discount="15 EUR") == 0


# -- the part that points pay


def test_what_points_pay_comes_off_each_line_by_its_share():
    assert earned(amount="150 EUR", paid_with_points="150 EUR") == 0
    assert earned(amount="150 EUR", paid_with_points="30 EUR") == 80


def test_after_a_discount_points_pay_for_what_is_left_of_each_line():
    # 100 - 10 of food, 50 - 5 at home; 27 of 135 were paid with points, a fifth of each.
    assert earned(discount="15 EUR", paid_with_points="27 EUR") == 72


def test_points_that_pay_for_shipping_too_leave_the_lines_their_share():
    assert earned(amount="200 EUR", shipping="50 EUR", paid_with_points="100 EUR") == 50


@pytest.mark.parametrize(("policy", "whole", "food"), [("after", 120, 80), ("before", 150, 100), ("nothing", 0, 0)])
def test_what_earns_when_points_pay_a_part_is_a_policy(policy, whole, food):
    rules = {"whole": EarnRule("base", points(1, per="1 EUR")), "food": FOOD}
    policies = {"points_part": policy}

    given = {
        name: earned(rule, amount="150 EUR", paid_with_points="30 EUR", policies=policies)
        for name, rule in rules.items()
    }

    assert given == {"whole": whole, "food": food}
    assert earned(rules["whole"], amount="150 EUR", policies=policies) == 150


def test_nothing_means_no_points_of_any_rule():
    gift = EarnRule("gift", points(5), when=purchase.amount >= 1)
    told = program(gift, points_part="nothing").evaluate(sale("150 EUR", paid_with_points="0.01 EUR"))

    assert (told.points, told.excluded) == (0, True)
    assert "this does not earn points" in told.explain()
    assert earned(gift, policies={"points_part": "nothing"}, paid_with_points="0 EUR") == 5


def test_an_excluded_line_takes_only_what_earns_of_it_from_the_whole():
    base = EarnRule("base", points(1, per="1 EUR"))
    without = {"excludes": [line.category == "home"]}

    assert earned(base, discount="15 EUR", policies=without) == 90
    assert earned(base, discount="15 EUR", paid_with_points="27 EUR", policies=without) == 72
    assert earned(base, FOOD, discount="15 EUR", paid_with_points="27 EUR", policies=without) == 144


# -- laws


@given(
    st.lists(st.integers(0, 10_000), max_size=6),
    st.integers(0, 5_000),
    st.fractions(0, 1),
    st.sampled_from(("after", "before")),
)
def test_lines_that_tell_the_whole_order_earn_what_the_order_earns(costs, off, share, policy):
    whole = sum(costs)
    discount = min(off, whole)
    amount = whole - discount
    paid = int(amount * share)
    cents = program(EarnRule("lines", rate(100, of=lines().amount)), points_part=policy)
    order = program(EarnRule("order", rate(100)), points_part=policy)
    bought = sale(
        f"{amount / 100:.2f} EUR",
        lines=[item(f"{each / 100:.2f} EUR") for each in costs],
        discount=f"{discount / 100:.2f} EUR",
        paid_with_points=f"{paid / 100:.2f} EUR",
    )

    assert cents.evaluate(bought).points == order.evaluate(bought).points
    assert all(0 <= left <= cost for left, cost in zip(line_bases(bought, ("discount",)), costs, strict=True))


# -- spelling


def test_the_policies_are_written_where_they_differ_and_read_again():
    told = program(points_part="before", order_discount="lines in scope")

    assert Program.from_dict(told.to_dict()) == told
    assert (told.to_dict()["points_part"], told.to_dict()["order_discount"]) == ("before", "lines in scope")
    assert not {"points_part", "order_discount"} & set(program().to_dict())


def test_a_policy_that_nobody_knows_is_refused():
    with pytest.raises(ProgramError) as caught:
        program(points_part="befor", order_discount="prorated")

    assert [str(each) for each in caught.value.problems] == [
        "points_part: points part 'befor' is not known; did you mean \"before\"?",
        "order_discount: order discount 'prorated' is not known; did you mean \"prorate\"?",
    ]


def test_a_discount_is_money_of_the_sale_and_not_negative():
    for discount in ("1 USD", "-1 EUR"):
        with pytest.raises(EventError, match="purchase T-1"):
            sale("10 EUR", discount=discount)


def test_the_terms_say_what_earns():
    said = program(FOOD).explain()
    assert "What points pay comes off each item by its share, and does not earn." in said
    assert "A discount on the whole purchase comes off each item by its share." in said

    other = program(FOOD, points_part="before", order_discount="lines in scope")
    assert "What is paid with points earns too." in other.explain()
    assert "Un descuento sobre toda la compra no cambia lo que suma un artículo." in other.explain("es")
    assert "without the part paid with points" not in other.explain()
    assert "by its share" not in program().explain()
    assert "aunque sea en parte, no suma puntos" in program(points_part="nothing").explain("es")
