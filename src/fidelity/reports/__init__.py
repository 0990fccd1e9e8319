"""Reports: one page for managers and one for all staff, each a single file that needs nothing else.

A top room: it puts together what other rooms know. Everything that people wrote is text on these pages.
"""

from __future__ import annotations

from fidelity.reports.face import Report, report
from fidelity.reports.promotions import Promotion

__all__ = ["Promotion", "Report", "report"]
