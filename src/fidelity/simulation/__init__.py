"""Simulation: what a program would do, played over the years on customers like yours.

`calibrate` reads a history, `simulate` plays programs to its customers or to a `Population`, and a `Study` tells what
came of it: with how much doubt, and in plain words.
"""

from fidelity.simulation.assumptions import Assumption, Effects
from fidelity.simulation.calibration import Calibration, calibrate
from fidelity.simulation.economics import Economics
from fidelity.simulation.face import simulate
from fidelity.simulation.outcome import Outcome, Points, Tiering
from fidelity.simulation.people import Past, Population
from fidelity.simulation.study import Study
from fidelity.simulation.visits import Visits

__all__ = [
    "Assumption", "Calibration", "Economics", "Effects", "Outcome", "Past", "Points", "Population", "Study", "Tiering",
    "Visits", "calibrate", "simulate",
]  # fmt: skip
