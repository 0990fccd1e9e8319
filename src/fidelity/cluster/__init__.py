"""The same program where one machine, or its memory, is not enough: on Spark, and in DuckDB out of core.

The front door. Points come as generated SQL; books come from the library's own replay, one bucket of members at a time.
"""

from fidelity.cluster.awarding import award
from fidelity.cluster.replaying import ClusterBooks, replay

__all__ = ["ClusterBooks", "award", "replay"]
