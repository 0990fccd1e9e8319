"""Real purchase histories that travel with the library, for demos, docs and tests.

Knows files of this package and plain columns. Does not know programs, members or journals.
"""

from __future__ import annotations

from fidelity.datasets.purchase_logs import PurchaseLog, cdnow

__all__ = ["PurchaseLog", "cdnow"]
