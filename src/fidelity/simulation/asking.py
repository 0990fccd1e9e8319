"""Asking: what `simulate` may be asked, checked before anything is played; and what a reader should know of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from fidelity.errors import SimulationError
from fidelity.ledger.columns.lives import micros
from fidelity.ledger.terms import wallets_of
from fidelity.rules.admitting import Coded
from fidelity.rules.program import Program
from fidelity.simulation.aims import Aims
from fidelity.simulation.study import NOTHING
from fidelity.values.zones import add_months, start_of_day

if TYPE_CHECKING:
    from fidelity.simulation.calibration import Calibration
    from fidelity.simulation.economics import Economics

__all__ = [
    "USUAL_MARGIN",
    "draws_of",
    "edges_of",
    "facts_of",
    "first_day",
    "lives",
    "names_of",
    "notes_of",
    "one_of_ours",
    "programs_of",
    "same_currency",
    "seed_of",
    "threads_of",
]

_MOST_YEARS = 30
#: The share of sales that is taken as margin where the host tells none.
USUAL_MARGIN = 0.3


def _wrong(argument: str, message: str) -> SimulationError:
    return SimulationError(f"{argument}: {message}", argument=argument, column="")


def programs_of(programs: object) -> dict[str, Program]:
    """The programs by name, if they can be compared."""
    told = {programs.name: programs} if isinstance(programs, Program) else programs
    if not isinstance(told, Mapping) or not told:
        raise _wrong("programs", 'are none; give a program, or {"today": one, "candidate": another}')
    found: dict[str, Program] = {}
    for name, each in told.items():
        if not isinstance(each, Program):
            raise _wrong("programs", f'"{name}" is {type(each).__name__}; give a Program')
        if name == NOTHING or not isinstance(name, str) or not name:
            raise _wrong("programs", f"{name!r} is no name for a program; choose another")
        aims = Aims.of(each)
        if aims.left_out and not aims.names:
            shown = ", ".join(f'"{reward}" ({clause}=)' for reward, clause in aims.left_out)
            raise _wrong("programs", f'"{name}" has only rewards that cannot be played: {shown}; add one with a price')
        found[name] = each
    (first, one), *others = found.items()
    for name, each in others:
        if each.currency != one.currency:
            why = f'"{first}" counts in {one.currency} and "{name}" in {each.currency}'
            raise _wrong("programs", f"{why}; compare programs of one currency")
    return found


def same_currency(history: str, program: str) -> None:
    """Refuse a history that counts in other money than the programs."""
    if history != program:
        raise _wrong("customers", f"the history counts in {history} and the programs in {program}; convert it first")


def first_day(begins: date | None, calibration: Calibration | None) -> date:
    """The first day that is played."""
    after: date | None = None
    if calibration is not None:
        last: date = calibration.until.astype(object)
        after = last + timedelta(days=1)
    if begins is None:
        if after is None:
            why = "is not told, and a population has no history to follow"
            raise _wrong("begins", f"{why}; give begins=date(2026, 1, 1)")
        return after
    if isinstance(begins, datetime) or not isinstance(begins, date):
        raise _wrong("begins", f"is {begins!r}; give a date")
    if after is not None and begins != after:
        why = f"is {begins}, but the history ends on {after - timedelta(days=1)}"
        raise _wrong("begins", f"{why}; leave begins= out, or calibrate with until=")
    return begins


def edges_of(begins: date, years: int, program: Program) -> tuple[int, ...]:
    """The instants at which the years begin, and at which the last one ends, in microseconds since 1970."""
    if isinstance(years, bool) or not isinstance(years, int) or not 1 <= years <= _MOST_YEARS:
        raise _wrong("years", f"is {years!r}; give a whole number from 1 to {_MOST_YEARS}")
    days = (add_months(begins, 12 * each) for each in range(years + 1))
    return tuple(micros(start_of_day(each, program.zone)) for each in days)


def seed_of(seed: int) -> int:
    """The seed, if it is one."""
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise _wrong("seed", f"is {seed!r}; give a whole number from 0 on")
    return seed


def lives(opening: str) -> bool:
    """Whether the past is lived through."""
    if opening not in ("lived", "empty"):
        raise _wrong("opening", f'is {opening!r}; choose "lived" or "empty"')
    return opening == "lived"


def threads_of(threads: int) -> None:
    """Refuse what is no number of threads."""
    if isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        raise _wrong("threads", f"is {threads!r}; give a whole number from 1 on")


def facts_of(facts: object, size: int) -> dict[str, Any]:
    """What is known of the customers, if it is a value for each of them."""
    if facts is None:
        return {}
    if not isinstance(facts, Mapping):
        raise _wrong("facts", f"are {type(facts).__name__}; give columns by name")
    for name, column in facts.items():
        rows = len(column.codes) if isinstance(column, Coded) else len(column) if hasattr(column, "__len__") else 0
        if rows != size:
            raise _wrong("facts", f'"{name}" has {rows:,} values for {size:,} customers; give one for each')
    return dict(facts)


def names_of(economics: Economics, programs: Mapping[str, Program]) -> None:
    """Refuse money that is told of no program, or of no wallet of one."""
    wallets = {wallet for each in programs.values() for wallet in wallets_of(each)}
    for argument, told, known in (
        ("fixed", economics.fixed, set(programs)),
        ("setup", economics.setup, set(programs)),
        ("worth", economics.worth or {}, wallets),
    ):
        for name in told:
            if name and name not in known:
                raise _wrong(argument, f'names "{name}", which is none of {", ".join(sorted(known))}')


def one_of_ours(argument: str, value: object, kind: type) -> None:
    """Refuse what is told and is no *kind*."""
    if value is not None and not isinstance(value, kind):
        raise _wrong(argument, f"is {type(value).__name__}; give {kind.__name__}(…)")


def draws_of(draws: object) -> None:
    """Refuse what is no number of draws."""
    if isinstance(draws, bool) or not isinstance(draws, int) or draws < 0 or draws == 1:
        raise _wrong("draws", f"is {draws!r}; give 2 or more, or 0 to play once")


def notes_of(programs: Mapping[str, Program], calibration: Calibration | None, margin: float | None) -> tuple[str, ...]:
    """What a reader of the study should know before using it."""
    found = list(() if calibration is None else calibration.notes)
    for name, each in programs.items():
        found += [
            f'nobody saves for "{reward}" of "{name}": its {clause}= is not played'
            for reward, clause in Aims.of(each).left_out
        ]
    if margin is None:
        found.append(f"a margin of {USUAL_MARGIN:.0%} of sales is assumed; tell yours with margin=")
    return tuple(found)
