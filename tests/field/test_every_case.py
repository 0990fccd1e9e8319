"""No case is forgotten, and none stands in two places."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from tests.field.cases import DECIDED, MISSING, OUTSIDE, REFUSED, WAITING, case


def shown_by_tests():
    """The ids of every test function in this folder, as its decorators tell them."""
    found = []
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for each in node.decorator_list:
                    if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == "case":
                        found += [argument.value for argument in each.args if isinstance(argument, ast.Constant)]
    return found


def test_each_of_the_150_cases_stands_in_one_place():
    places = Counter([*DECIDED, *REFUSED, *OUTSIDE, *WAITING, *MISSING])

    assert places.total() == 150
    assert set(places.values()) == {1}


def test_each_case_that_is_decided_or_refused_has_a_test():
    assert set(shown_by_tests()) == DECIDED | REFUSED


def test_what_stands_outside_is_little_and_says_why():
    assert len(OUTSIDE) <= 30
    assert all(OUTSIDE.values())


def test_what_waits_names_the_room_that_it_waits_for():
    assert {reason.partition(":")[0] for reason in WAITING.values()} <= {"accounting", "experience"}


def test_a_test_cannot_claim_a_case_that_is_not_settled():
    with pytest.raises(ValueError, match="ODOO-999 is not among the cases"):
        case("ODOO-999")
