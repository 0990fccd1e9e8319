"""Loyalty: the shell around the books. It loads, decides and appends; each command applies once."""

from fidelity.loyalty.quotes import Quote
from fidelity.loyalty.shell import Loyalty

__all__ = ["Loyalty", "Quote"]
