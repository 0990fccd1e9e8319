"""Behavior: who is active, how often they buy, how evenly, and where it is going."""

from fidelity.metrics.behavior.activity import active_rate, frequency
from fidelity.metrics.behavior.pace import Trend, regularity, trend

__all__ = ["Trend", "active_rate", "frequency", "regularity", "trend"]
