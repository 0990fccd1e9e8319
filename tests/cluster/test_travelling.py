"""A program travels to other processes as a value, whatever was worked out of it before."""

import pickle

import numpy as np

from benchmarks import workload as w
from benchmarks.columns import table_of
from benchmarks.programs import twenty_rules


def test_a_program_that_was_used_gives_the_same_points_elsewhere():
    program, table = twenty_rules(clock=True), table_of(w.events(500))
    here = program.points_for(table, on="sale")

    there = pickle.loads(pickle.dumps(program))  # noqa: S301 -- our own

    assert there == program
    assert there.to_sql("spark", on="sale") == program.to_sql("spark", on="sale")
    np.testing.assert_array_equal(there.points_for(table, on="sale"), here)
