"""Loyalty: the shell around the books. It loads, decides and appends; each command applies once."""

from fidelity.loyalty.awaited import AsyncLoyalty
from fidelity.loyalty.billing import Bill
from fidelity.loyalty.households import Household
from fidelity.loyalty.quotes import Quote
from fidelity.loyalty.settling import Settlement
from fidelity.loyalty.shell import Loyalty
from fidelity.loyalty.verifying import Breach, Checkpoint, Verification

__all__ = [
    "AsyncLoyalty", "Bill", "Breach", "Checkpoint", "Household", "Loyalty", "Quote", "Settlement", "Verification",
]  # fmt: skip
