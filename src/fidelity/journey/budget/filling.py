"""Filling in: what a project does not say of itself and its touchpoint, or what was measured there, does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from fidelity.journey.budget.projects import Improvement, Need
from fidelity.journey.impact import Impact
from fidelity.journey.profit import Profit
from fidelity.journey.touchpoints import Touchpoint
from fidelity.metrics.quantiles import two_sided

__all__ = ["filled", "served_as"]


def filled(
    project: Improvement,
    touchpoint: Touchpoint,
    measured: Mapping[str, Impact] | None,
    profits: Mapping[str, Profit] | None,
) -> Improvement:
    """
    The project with the figures of its touchpoint: the measured impact, else the stated one; the potential profit.

    The errors are those of what was measured: an impact that could be 3 to 5 as the 95 % interval says, ± 1.
    """
    more: dict[str, Any] = {}
    impact, profit = (measured or {}).get(touchpoint.name), (profits or {}).get(touchpoint.name)
    if project.impact is None and impact is not None:
        more["impact"] = impact.impact
        if impact.possible is not None and impact.interval is not None:
            low, high = impact.possible
            more["impact_error"] = (high - low) / 2 / two_sided(impact.interval.level)
    elif project.impact is None:
        more["impact"] = touchpoint.stated
    if project.profitability is None and profit is not None:
        more["profitability"] = profit.potential
        more["profitability_error"] = profit.standard_error * profit.dissatisfied
    if not project.metric:
        more["metric"] = touchpoint.metric
    if project.target is None:
        more["target"] = touchpoint.target
    return attrs.evolve(project, **more)


def served_as(need: Need, touchpoint: Touchpoint | None) -> Need:
    """The need in the turn of its touchpoint: complaints and hardship are served first."""
    if touchpoint is None or need.kind != "ordinary":
        return need
    return attrs.evolve(need, kind=touchpoint.kind)
