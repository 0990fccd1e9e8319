"""The shelf: a map that grows by sharing its past."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.ledger.shelf import Shelf

additions = st.lists(st.dictionaries(st.sampled_from("abcdefghijklmnop"), st.integers(), max_size=4), max_size=20)


@given(additions)
def test_a_shelf_answers_like_a_dict_and_earlier_shelves_stay(told):
    shelf, plain, past = Shelf(), {}, []
    for more in told:
        past.append((shelf, dict(plain)))
        shelf = shelf.adding(more)
        plain |= more

    for each, known in [*past, (shelf, plain)]:
        assert {name: each.get(name) for name in "abcdefghijklmnopq"} == {
            name: known.get(name) for name in "abcdefghijklmnopq"
        }
        assert len(each) == len(known)


def test_shelves_are_equal_when_the_same_is_on_them():
    assert Shelf().adding({"a": 1}).adding({"b": 2}) == Shelf().adding({"b": 3}).adding({"b": 2, "a": 1})
    assert Shelf() != {}
    with pytest.raises(TypeError, match="is not a key"):
        hash(Shelf())


def test_a_long_history_is_kept_in_few_generations():
    shelf = Shelf()
    for number in range(10_000):
        shelf = shelf.adding({str(number): number})

    assert len(shelf._generations) <= 8
    assert shelf.get("77") == 77
