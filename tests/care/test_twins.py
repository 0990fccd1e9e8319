"""`AsyncCare` is `Care`, awaited: the same names, the same arguments, and it gives the same."""

import inspect

import pytest

from fidelity import AsyncCare, Care


def faces(kind):
    return {name: each for name, each in inspect.getmembers(kind, callable) if not name.startswith("_")}


def test_both_have_the_same_methods():
    assert set(faces(Care)) == set(faces(AsyncCare))


@pytest.mark.parametrize("name", sorted(faces(Care)))
def test_each_method_takes_the_same_and_gives_the_same(name):
    one, other = faces(Care)[name], faces(AsyncCare)[name]
    mine, theirs = inspect.signature(one), inspect.signature(other)
    assert list(mine.parameters.values()) == list(theirs.parameters.values())
    assert mine.return_annotation == theirs.return_annotation
    assert inspect.iscoroutinefunction(other)
    assert other.__doc__.startswith(f"As `Care.{name}`")
