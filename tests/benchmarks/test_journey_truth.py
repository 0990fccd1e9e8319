import numpy as np
import pytest

from benchmarks.journey_truth import PLANTED, RIGHT, journey, made, shares


def test_a_set_is_the_same_each_time():
    one, other = made(7, 50), made(7, 50)

    assert one[1:3] == other[1:3]
    np.testing.assert_array_equal(one[0]["satisfaction"], other[0]["satisfaction"])
    np.testing.assert_array_equal(one[3]["margin"], other[3]["margin"])


def test_what_is_planted_can_be():
    assert all(sum(each[0]) == pytest.approx(1) for each in PLANTED.values())
    assert 0 < sum(shares().values()) < 1
    assert RIGHT <= set(PLANTED) == set(journey().names)
