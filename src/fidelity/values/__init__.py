"""Values: money, exact rates, whole numbers, periods, expiry and zones. The ground floor: knows nothing of the rest."""

from fidelity.values.expiry import Expiry, expiry
from fidelity.values.money import Money, minor_digits, money
from fidelity.values.periods import Duration, Window, duration, window
from fidelity.values.rates import exact, exact_text
from fidelity.values.spelling import suggest
from fidelity.values.whole import LARGEST, points_amount, whole_number
from fidelity.values.zones import (
    UTC,
    add_months,
    anniversary,
    end_of_day,
    local_date,
    start_of_day,
    utc,
    whole_years,
    zone,
)

__all__ = [
    "LARGEST",
    "UTC",
    "Duration",
    "Expiry",
    "Money",
    "Window",
    "add_months",
    "anniversary",
    "duration",
    "end_of_day",
    "exact",
    "exact_text",
    "expiry",
    "local_date",
    "minor_digits",
    "money",
    "points_amount",
    "start_of_day",
    "suggest",
    "utc",
    "whole_number",
    "whole_years",
    "window",
    "zone",
]
