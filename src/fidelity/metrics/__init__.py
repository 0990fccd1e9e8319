"""What a customer-experience and loyalty analyst needs: exact, fast, with honest uncertainty.

Plain functions of arrays or of columns of any dataframe, which give small frozen results. Every one cites
its source, and says when it misleads.
"""

from fidelity.metrics.results import Estimate, Estimates, Interval, Result

__all__ = ["Estimate", "Estimates", "Interval", "Result"]
