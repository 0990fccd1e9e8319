"""Drivers: what in the experience determines satisfaction and loyalty, and where improving it pays most."""

from fidelity.metrics.drivers.contributions import RelativeImportance, RelativeImportances
from fidelity.metrics.drivers.importance import relative_importance

__all__ = ["RelativeImportance", "RelativeImportances", "relative_importance"]
