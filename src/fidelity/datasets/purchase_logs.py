"""Purchase logs: who bought how much, for how much money, on which day.

Knows the packed files beside it and how to unfold them into columns. numpy is imported when a log is loaded,
so that importing this module costs nothing.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["PurchaseLog", "cdnow"]

_PLACE = "fidelity.datasets"


@attrs.frozen(repr=False, eq=False)
class PurchaseLog:
    """
    A log of purchases as columns: row *i* of each column tells of the same purchase.

    The columns are read-only arrays of one length; ``.copy()`` one before changing it.

    Attributes:
        name: What the log is called.
        currency: ISO 4217 code of the money column.
        customer: Customer numbers, int64, shape (n,).
        day: Calendar day of each purchase, datetime64[D], shape (n,). The log has no time of day and no zone.
        quantity: Items bought, int64, shape (n,).
        cents: Amount paid in hundredths of the currency, int64, shape (n,). Zero happens: gifts and vouchers.
    """

    name: str
    currency: str
    customer: NDArray[np.int64]
    day: NDArray[np.datetime64]
    quantity: NDArray[np.int64]
    cents: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.customer)

    def __repr__(self) -> str:
        if not len(self):
            return f"PurchaseLog({self.name!r}, no purchases)"
        customers = _distinct(self.customer)
        return (
            f"PurchaseLog({self.name!r}, {len(self):,} purchases of {customers:,} customers, "
            f"{self.day.min()} to {self.day.max()}, {_money(self.cents)} {self.currency})"
        )

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{customer}</td><td>{day}</td><td>{quantity}</td><td>{cents / 100:,.2f}</td></tr>"
            for customer, day, quantity, cents in zip(
                self.customer[:5], self.day[:5], self.quantity[:5], self.cents[:5], strict=True
            )
        )
        head = f"<tr><th>customer</th><th>day</th><th>quantity</th><th>{self.currency}</th></tr>"
        return f"<table><caption>{self.name}: {len(self):,} purchases</caption>{head}{rows}</table>"


def cdnow() -> PurchaseLog:
    """
    The CDNOW purchase log: what 23,570 people bought at an online music shop in 1997 and 1998.

    They are all who first bought there in the first quarter of 1997, followed until the middle of 1998.

    Returns:
        69,659 purchases ordered by customer (1 to 23,570, none missing), then by day (1997-01-01 to 1998-06-30);
        purchases of one customer on one day stand as in the original file. ``quantity`` counts CDs (1 to 99),
        ``cents`` is in US cents (0 to 128,601; 80 purchases cost nothing and are kept).

    Source:
        Fader and Hardie, "Forecasting Repeat Sales at CDNOW: A Case Study", Interfaces 31(3), 2001; the full log
        as released by them for research and shipped in the package lifetimes 0.11.3 (MIT).
        The licence stands beside the data, in ``cdnow.LICENSE.txt``.

    >>> log = cdnow()
    >>> len(log)
    69659
    >>> int(log.customer[0]), str(log.day[0]), int(log.quantity[0]), int(log.cents[0])
    (1, '1997-01-01', 1, 1177)
    """
    import numpy as np

    with files(_PLACE).joinpath("cdnow.npz").open("rb") as file, np.load(file, allow_pickle=False) as packed:
        customer, day, quantity, cents = _unpack(packed)
    return PurchaseLog("CDNOW", "USD", customer=customer, day=day, quantity=quantity, cents=cents)


def _unpack(
    packed: Mapping[str, NDArray[np.generic]],
) -> tuple[NDArray[np.int64], NDArray[np.datetime64], NDArray[np.int64], NDArray[np.int64]]:
    """
    The columns customer, day, quantity and cents of a packed log.

    A packed log is ordered by customer, then day, and holds:
        start: The first day of all, datetime64[D], shape (1,).
        purchases: How many purchases customer 1, 2, 3 … made, shape (customers,).
        steps: Days since the customer's purchase before, or since `start` for the first one, in two bytes.
        quantity: As it is.
        prices: The distinct amounts in cents.
        price: For each purchase the place of its amount in `prices`, in two bytes.

    Two bytes means shape (2, n): all the low bytes, then all the high ones, which compresses far better.
    """
    import numpy as np

    purchases = packed["purchases"].astype(np.int64)
    customer = np.repeat(np.arange(1, len(purchases) + 1, dtype=np.int64), purchases)
    # Steps count within a customer: one running sum over all, less what had run up before the customer's first.
    elapsed = np.cumsum(_joined(packed["steps"]))
    before = np.concatenate(([0], elapsed))[np.cumsum(purchases) - purchases]
    day = packed["start"].astype("datetime64[D]") + (elapsed - np.repeat(before, purchases))
    quantity = packed["quantity"].astype(np.int64)
    cents = packed["prices"].astype(np.int64)[_joined(packed["price"])]
    for column in (customer, day, quantity, cents):
        column.setflags(write=False)
    return customer, day, quantity, cents


def _joined(halves: NDArray[np.generic]) -> NDArray[np.int64]:
    low, high = halves.astype("int64")
    joined: NDArray[np.int64] = low + 256 * high
    return joined


def _distinct(column: NDArray[np.int64]) -> int:
    return len(set(column.tolist()))


def _money(cents: NDArray[np.int64]) -> str:
    units, rest = divmod(int(cents.sum()), 100)
    return f"{units:,}.{rest:02d}"
