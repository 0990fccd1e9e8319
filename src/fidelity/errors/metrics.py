"""What can be wrong with what a metric is given, and what keeps a model from being fitted."""

from __future__ import annotations

from fidelity.errors.base import FidelityError

__all__ = ["FitError", "MetricError"]


class MetricError(FidelityError, ValueError):
    """
    Data or an option that a metric cannot work with: names the argument, the first rows and what to do.

    `argument` is the name of the parameter; `rows` the places of the values that are wrong, where there are any.
    """

    code = "metric"


class FitError(MetricError):
    """Data that determine no model: says what about them, and which simpler model or what more data would do."""

    code = "fit"
