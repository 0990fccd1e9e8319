"""Pack the CDNOW purchase log into the small file that ships in the package.

    python scripts/pack_cdnow.py CDNOW_master.txt [--to cdnow.npz]

Reads the text file of lifetimes/datasets (a header, then customer, yyyymmdd, CDs, dollars, one purchase a line,
ordered by customer and day) and writes the columns that `fidelity.datasets.purchase_logs` unfolds. The same input
gives the same bytes on one release of numpy and zlib. Stops at the first line it does not understand.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

DATASETS = Path(__file__).resolve().parents[1] / "src" / "fidelity" / "datasets"
PURCHASE = re.compile(r"\s*(\d{5})\s+(\d{4})(\d\d)(\d\d)\s+(\d+)\s+(\d+)\.(\d\d)\s*")


def read(source: Path) -> tuple[NDArray[np.int64], NDArray[np.datetime64], NDArray[np.int64], NDArray[np.int64]]:
    """The columns customer, day, quantity and cents of the text file, in its order."""
    rows = []
    for number, text in enumerate(source.read_text("ascii").splitlines()[1:], start=2):
        found = PURCHASE.fullmatch(text)
        if found is None:
            message = f"{source}:{number}: not a purchase: {text!r}"
            raise SystemExit(message)
        customer, year, month, date, quantity, dollars, cents = found.groups()
        rows.append((int(customer), f"{year}-{month}-{date}", int(quantity), 100 * int(dollars) + int(cents)))
    customers, days, quantities, amounts = zip(*rows, strict=True)
    return (
        np.array(customers, np.int64),
        np.array(days, "datetime64[D]"),
        np.array(quantities, np.int64),
        np.array(amounts, np.int64),
    )


def pack(
    customer: NDArray[np.int64], day: NDArray[np.datetime64], quantity: NDArray[np.int64], cents: NDArray[np.int64]
) -> dict[str, NDArray[np.generic]]:
    """The packed columns, by name: see `fidelity.datasets.purchase_logs` for what each holds."""
    start = day.min()
    since = (day - start).astype(np.int64)
    steps = np.diff(since, prepend=0)
    first = np.diff(customer, prepend=0) == 1
    steps[first] = since[first]
    if not np.isin(np.diff(customer, prepend=0), (0, 1)).all() or (steps < 0).any():
        message = "purchases must be ordered by customer (1, 2, 3 …, none missing), then by day"
        raise SystemExit(message)

    amounts, place, times = np.unique(cents, return_inverse=True, return_counts=True)
    often = np.argsort(-times, kind="stable")  # the commonest amounts first, so that most high bytes are 0
    rank = np.empty_like(often)
    rank[often] = np.arange(len(often))
    return {
        "start": np.array([start]),
        "purchases": _narrow(np.bincount(customer)[1:], np.uint8),
        "steps": _halves(steps),
        "quantity": _narrow(quantity, np.uint8),
        "prices": _narrow(amounts[often], np.uint32),
        "price": _halves(rank[place]),
    }


def _narrow(column: NDArray[np.int64], kind: type[np.unsignedinteger]) -> NDArray[np.generic]:
    narrow = column.astype(kind)
    if (narrow != column).any():
        message = f"a value from {column.min()} to {column.max()} does not fit {np.dtype(kind)}"
        raise SystemExit(message)
    return narrow


def _halves(column: NDArray[np.int64]) -> NDArray[np.generic]:
    return np.stack([_narrow(column % 256, np.uint8), _narrow(column // 256, np.uint8)])


def main() -> None:
    """Read, pack, write, say how large it became."""
    arguments = argparse.ArgumentParser(description="Pack the CDNOW purchase log.")
    arguments.add_argument("source", type=Path, help="CDNOW_master.txt")
    arguments.add_argument("--to", type=Path, default=DATASETS / "cdnow.npz", help="where to write")
    given = arguments.parse_args()
    columns = read(given.source)
    np.savez_compressed(given.to, allow_pickle=False, **pack(*columns))
    print(f"{len(columns[0]):,} purchases in {given.to.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
