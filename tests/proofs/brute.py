"""The judge: an obligation decided by trying every declared value. Small bounds only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import chain, combinations, product
from math import prod

from fidelity.language.interpret import interpret
from fidelity.language.kinds import Amount, Choice, Day, Flag, Kind, Tags, Whole
from fidelity.language.quantities import EPOCH_DAY
from fidelity.proofs.obligation import Obligation, Value, Verdict

__all__ = ["brute", "cases", "values_of"]


def values_of(kind: Kind) -> tuple[Value, ...]:
    """Every value that a field of *kind* may have."""
    match kind:
        case Whole(low, high) | Amount(low, high):
            return tuple(range(low, high + 1))
        case Day(low, high):
            return tuple(range(low.toordinal() - EPOCH_DAY, high.toordinal() - EPOCH_DAY + 1))
        case Flag():
            return (False, True)
        case Choice(codes) if codes is not None:
            return codes
        case Tags(codes) if codes is not None:
            sets = chain.from_iterable(combinations(codes, size) for size in range(len(codes) + 1))
            return tuple(frozenset(each) for each in sets)
    message = f"{kind} has no end"
    raise ValueError(message)


def cases(asked: Obligation) -> Iterator[dict[str, Value]]:
    """Every assignment of the fields that *asked* reads."""
    lists = [values_of(asked.kinds[path]) for path in asked.reads]
    for each in product(*lists):
        yield dict(zip(asked.reads, each, strict=True))


def size(asked: Obligation) -> int:
    """How many assignments there are."""
    return prod(len(values_of(asked.kinds[path])) for path in asked.reads)


def brute(asked: Obligation) -> Verdict:
    """What is true of *asked*, with the first witness there is."""
    conditions = (*asked.assuming, asked.query)
    witness = next((each for each in cases(asked) if all(interpret(node, each) for node in conditions)), None)
    return Verdict(
        id=asked.id,
        status="proved" if (witness is None) == (asked.wants == "none") else "refuted",
        how="enumerated",
        witness=witness,
        values=_shown(asked, witness),
    )


def _shown(asked: Obligation, witness: Mapping[str, Value] | None) -> dict[str, Fraction]:
    if witness is None:
        return {}
    return {name: Fraction(interpret(node, witness)) for name, node in asked.shows.items()}
