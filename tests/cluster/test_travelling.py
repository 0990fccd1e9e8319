"""A program travels to other processes as a value, whatever was worked out of it before."""

import os
import pickle
import subprocess
import sys

import numpy as np
import pytest

from benchmarks import workload as w
from benchmarks.columns import table_of
from benchmarks.programs import twenty_rules
from fidelity import CustomEvent, EarnRule, Fields, Program, flag, points, whole

ELSEWHERE = """
import pickle, sys

program, tables = pickle.load(sys.stdin.buffer)
found = {name: program.points_for(table, on=name).tolist() for name, table in tables.items()}
sys.stdout.buffer.write(pickle.dumps(found))
"""


def test_a_program_that_was_used_gives_the_same_points_elsewhere():
    program, table = twenty_rules(clock=True), table_of(w.events(500))
    here = program.points_for(table, on="sale")

    there = pickle.loads(pickle.dumps(program))  # noqa: S301 -- our own

    assert there == program
    assert there.to_sql("spark", on="sale") == program.to_sql("spark", on="sale")
    np.testing.assert_array_equal(there.points_for(table, on="sale"), here)


def test_what_is_declared_in_a_function_or_a_notebook_travels_with_its_program():
    cloudpickle = pytest.importorskip(
        "pyspark.cloudpickle", reason="outside: Spark is missing: pip install 'fidelity-loyalty[spark]'"
    )

    class Fuel(Fields, of="purchase"):
        litres = whole(0, 1_000)

    class Washing(Fuel, of="purchase"):
        washed = flag()

    class Flight(CustomEvent, kind="trip"):
        miles = whole(0, 20_000)

    rules = [
        EarnRule("litres", points(2), when=Washing.litres >= 30),
        EarnRule("wash", points(5), when=Washing.washed),
        EarnRule("trip", points(7), on=Flight, when=Flight.miles >= 500),
    ]
    program = Program(
        "Pumps", version="1", currency="EUR", timezone="UTC", fields=[Washing], events=[Flight], earn=rules
    )
    tables = {
        "purchase": {"litres": [29, 30, 31], "washed": [True, False, True]},
        "trip": {"miles": [499, 500, 20_000]},
    }
    here = {name: program.points_for(table, on=name).tolist() for name, table in tables.items()}

    sent = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        input=cloudpickle.dumps((program, tables)),
        env=os.environ | {"PYTHONPATH": os.pathsep.join(each for each in sys.path if each)},
        capture_output=True,
        check=True,
    )

    assert pickle.loads(sent.stdout) == here == {"purchase": [5, 2, 7], "trip": [0, 7, 7]}  # noqa: S301 -- our own
